"""Riders' demand, the coverage clock, and the gaps in it."""
