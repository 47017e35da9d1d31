"""Where and when riders are in need of rest, from whatever a county has.

``table`` says what demand is, ``read`` finds the reader for a county's file; one module a sort of
file: ``headcount`` a sheet of places.
"""

from locator.coverage.demand.read import read_demand
from locator.coverage.demand.table import DAYS, RESOLUTION, SLOTS, Demand, unknown_demand

__all__ = ["DAYS", "RESOLUTION", "SLOTS", "Demand", "read_demand", "unknown_demand"]
