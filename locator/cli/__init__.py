"""The command line: results to stdout, progress to stderr."""

from locator.cli import ledgers, outputs, places, reconcile, releases, serving
from locator.cli.group import main

__all__ = ["ledgers", "main", "outputs", "places", "reconcile", "releases", "serving"]
