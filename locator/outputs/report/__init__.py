"""The monthly report of a county: one HTML page and one PDF, made from a release."""
