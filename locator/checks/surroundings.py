"""What lies around a county's stations: streets, water, buildings, landmarks, townships.

The checks are handed it (`locator.release.surroundings.read_surroundings` reads it from a county's
files); a rule that needs what is not known stays silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from locator.streets.graph import StreetGraph


@dataclass(frozen=True)
class Landmarks:
    """Named places that a ledger's names and addresses may mention; WGS-84 degrees.

    ``kinds`` are the classes of the base map (``school``, ``hospital``, ``village`` …).
    ``extent_m`` is how far a place reaches from its point: 0 for a shop, some hundreds of metres
    for a village; what is matched to it by name cannot be expected any nearer.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    extent_m: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        lon: ArrayLike,
        lat: ArrayLike,
        *,
        kinds: Sequence[str] | None = None,
        extent_m: ArrayLike = 0.0,
    ) -> Landmarks:
        """Landmarks from plain sequences of one length."""
        size = len(names)
        return cls(
            tuple(names),
            tuple(kinds) if kinds is not None else ("",) * size,
            np.asarray(lon, dtype=np.float64).reshape(size),
            np.asarray(lat, dtype=np.float64).reshape(size),
            np.broadcast_to(np.asarray(extent_m, dtype=np.float64), (size,)),
        )


@dataclass(frozen=True)
class Surroundings:
    """The ground around a county's stations, all in WGS-84 degrees.

    ``water`` and ``buildings`` are arrays of polygons; ``township_names`` and ``township_shapes``
    the outlines of townships, the smallest first (both empty where the county has none).
    """

    streets: StreetGraph
    water: NDArray[np.object_]
    buildings: NDArray[np.object_]
    landmarks: Landmarks
    township_names: tuple[str, ...]
    township_shapes: NDArray[np.object_]
