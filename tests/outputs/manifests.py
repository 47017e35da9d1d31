"""Manifests of mixed lineage, as far as the words on it need them."""

from __future__ import annotations

from typing import Any


def manifest(
    stations: dict[str, int], origin: str, demand: str | None, **more: Any
) -> dict[str, Any]:
    """A manifest of so many stations by provenance, with streets and demand of an origin."""
    of = {"stations": max(stations, key=["ledger", "osm", "illustrative"].index),
          "streets": origin, **({"demand": demand} if demand else {})}  # fmt: skip
    return {
        "provenance": {**of, "weakest": "proxy"},
        "stations": {"provenance": stations,
                     "township": {"ledger": 3, "outline": 0, "neither": 0}},
        "counts": {"published": sum(stations.values()), "quarantined": 0, "duplicates": 0},
        **more,
    }  # fmt: skip
