"""Where and when riders are in need of rest, from whatever a county has.

``table`` says what demand is; ``read`` finds the reader for the file that ``county.toml`` names:
``headcount`` (a sheet of places), ``cells`` (H3 cells), ``grid`` (polygons or points). Riders'
traces are no file of a county: ``points`` reads them, ``traces`` makes rider-hours of them,
``privacy`` decides what may be shown, ``publish`` writes the cells file. ``hexes`` finds the H3
cells of millions of points.
"""

from locator.coverage.demand.read import read_demand
from locator.coverage.demand.table import DAYS, RESOLUTION, SLOTS, Demand, unknown_demand

__all__ = ["DAYS", "RESOLUTION", "SLOTS", "Demand", "read_demand", "unknown_demand"]
