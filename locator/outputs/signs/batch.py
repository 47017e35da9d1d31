"""What a run of signs made, and what it could not make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MadeSign:
    """A sign, its file, and the ids of the stations that it sends people to."""

    id: str
    name: str
    path: Path
    stations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignFailure:
    """A station or site that got no sign, and why."""

    id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignBatch:
    """What a run made, in the order of stations or sites, and those without a sign.

    ``contact_sheet`` shows all that was made on one file. ``remarks`` are signs that were made, but
    of which somebody should know something. ``from_osm`` counts the places of OSM, which get no
    sign: they are nobody's station.
    """

    made: tuple[MadeSign, ...]
    failed: tuple[SignFailure, ...]
    contact_sheet: Path | None = None
    remarks: tuple[SignFailure, ...] = ()
    from_osm: int = 0

    @property
    def written(self) -> tuple[Path, ...]:
        """The files of the signs."""
        return tuple(sign.path for sign in self.made)
