"""What a run of signs made, and what it could not make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SignFailure:
    """A station or site that got no sign, and why."""

    id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignBatch:
    """What a run made: the files, in the order of stations or sites, and those without one.

    ``remarks`` are signs that were made, but of which somebody should know something. ``from_osm``
    counts the places of OSM, which get no sign: they are nobody's station.
    """

    written: tuple[Path, ...]
    failed: tuple[SignFailure, ...]
    remarks: tuple[SignFailure, ...] = ()
    from_osm: int = 0
