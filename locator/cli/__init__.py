"""The command line: results to stdout, progress to stderr."""

from locator.cli import (
    access,
    coverage,
    demand,
    ledgers,
    outputs,
    places,
    reconcile,
    releases,
    serving,
    signs,
    siting,
    taking_away,
)
from locator.cli.group import main

__all__ = [
    "access",
    "coverage",
    "demand",
    "ledgers",
    "main",
    "outputs",
    "places",
    "reconcile",
    "releases",
    "serving",
    "signs",
    "siting",
    "taking_away",
]
