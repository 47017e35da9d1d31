"""The command line: results to stdout, progress to stderr."""

from locator.cli import demand, ledgers, outputs, places, reconcile, releases, serving
from locator.cli.group import main

__all__ = ["demand", "ledgers", "main", "outputs", "places", "reconcile", "releases", "serving"]
