"""The command line: results to stdout, progress to stderr."""

from locator.cli import (
    coverage,
    demand,
    ledgers,
    outputs,
    places,
    reconcile,
    releases,
    serving,
    taking_away,
)
from locator.cli.group import main

__all__ = [
    "coverage",
    "demand",
    "ledgers",
    "main",
    "outputs",
    "places",
    "reconcile",
    "releases",
    "serving",
    "taking_away",
]
