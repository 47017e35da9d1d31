"""From riders' traces to cells that may be shown: nobody can be picked out.

What is published are *regions*: an H3 cell at an hour of a kind of day, or over a quarter of the
day. A region is published when at least `K` different riders were in it during the month, none of
them makes up more than `SHARE` of it, and it comes to at least `ROUND_TO` rider-hours. What is too
little joins its parent: a cell the next coarser cell, an hour its quarter. A parent with published
parts takes them back in only if the remainder holds enough riders by itself, and more than
`WORTH_MERGING` of the parent would be lost otherwise; so that a lone rider changes nothing. What is
too little even at the coarsest is unknown.

Two months can be subtracted from each other. So a month keeps the regions of the month before
(``earlier``): each is published again or withheld, none is split, merged or overlapped. What one
file shows and the other does not is then made of whole regions, and holds `K` riders or more.
Counts are rounded to `ROUND_TO` rider-hours of the month, where they are added up, so that the
totals are those of what is shown.

What this does not give: differential privacy. Who knows all other riders of a region to the hour
can still tell the last one's hours, to within the rounding; so can who knows that all others were
there in two months for the same hours. And riders who share a telephone or a
number count as one, one rider with two numbers as two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import h3
import numpy as np
from numpy.typing import NDArray

#: Different riders in a region over the whole month, at least.
K = 10
#: No rider makes up more than this of a region's rider-hours.
SHARE = 0.3
#: A parent takes its published parts back in where more than this of it would be lost.
WORTH_MERGING = 0.1
#: Rider-hours of a month are rounded to a multiple of this.
ROUND_TO = 5
#: From the finest published cell (0.74 km²) to the coarsest (36 km²).
LEVELS = (8, 7, 6)
#: Hours in a quarter of the day.
QUARTER = 6

#: Of whatever width: rows are millions, and their columns as narrow as they can be.
Ints = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True)
class Presence:
    """Rider-hours of one month, a row for each rider, cell and slot that occur.

    ``cells`` are H3 cells of resolution 8, ``cell`` their numbers; ``rider`` numbers the riders.
    """

    cells: list[str]
    rider: Ints
    cell: Ints
    slot: Ints
    hours: NDArray[np.float64]


@dataclass(frozen=True)
class Region:
    """A published cell and slots of it (one hour, or a quarter of a day), with the rider-hours of
    the month, rounded; None where they are withheld."""

    cell: str
    slots: tuple[int, ...]
    rider_hours: int | None


@dataclass(frozen=True)
class Published:
    """The regions, and which rows of the presence they hold.

    ``place`` is the level of each row's cell, as a position in `LEVELS`, ``time`` 0 for an hour and
    1 for a quarter of the day; both -1 where the row is not published.
    """

    regions: list[Region]
    place: Ints
    time: Ints


def publish(there: Presence, earlier: Iterable[tuple[str, Sequence[int]]] = ()) -> Published:
    """The regions of ``there`` that may be shown.

    ``earlier`` are the cells and slots of the month before, those withheld too.
    """
    kept = [(cell, tuple(slots)) for cell, slots in earlier]
    keys, names = _places(there, {cell for cell, _ in kept})
    place = merged(keys, there.rider, there.hours)
    number = _chosen(keys, place)
    del keys
    times = _times(there, number, names, kept)
    time = merged(times, there.rider, there.hours)
    region = _chosen(times, time)
    del times

    found: list[Region] = []
    shown = region >= 0
    unique, first, inverse = np.unique(region[shown], return_index=True, return_inverse=True)
    sums = np.bincount(inverse, weights=there.hours[shown], minlength=len(unique))
    rows = np.flatnonzero(shown)[first]
    for row, hours in zip(rows.tolist(), sums.tolist(), strict=True):
        slots = _slots(int(there.slot[row]), int(time[row]))
        found.append(Region(names[int(number[row])], slots, rounded(hours)))
    has = {(one.cell, one.slots) for one in found}
    found += [Region(cell, slots, None) for cell, slots in kept if (cell, slots) not in has]
    found.sort(key=lambda one: (one.cell, one.slots))
    return Published(found, np.where(shown, place, -1), time)


def rounded(hours: float) -> int:
    """Rider-hours to the nearest multiple of `ROUND_TO`."""
    return ROUND_TO * int(hours / ROUND_TO + 0.5)


def merged(keys: Ints, rider: Ints, hours: NDArray[np.float64]) -> Ints:
    """At which level each row is published, -1 for none.

    ``keys`` is levels × rows, from the finest to the coarsest: the region of the row at each level,
    -1 where it may have none.
    """
    level_of = np.full(keys.shape[1], -1, dtype=np.int8)
    for level, key in enumerate(keys):
        left = (level_of < 0) & (key >= 0)
        regions, lost = enough(key[left], rider[left], hours[left])
        if not len(regions):
            continue
        inside = np.isin(key, regions)
        whole = np.bincount(np.searchsorted(regions, key[inside]), weights=hours[inside])
        worth = regions[lost > WORTH_MERGING * whole]
        level_of[np.isin(key, worth)] = level
    return level_of


def _chosen(keys: Ints, level_of: Ints) -> Ints:
    """The key of each row at its level, -1 where it has none."""
    found: Ints = np.full(keys.shape[1], -1, dtype=keys.dtype)
    for level, key in enumerate(keys):
        at = level_of == level
        found[at] = key[at]
    return found


def enough(key: Ints, rider: Ints, hours: NDArray[np.float64]) -> tuple[Ints, NDArray[np.float64]]:
    """The keys that hold at least `K` riders and nobody with too large a share, and their hours.

    Of less than one step of the rounding nothing is said: it might read as nobody at all.
    """
    order = np.lexsort((rider, key))
    key, rider, hours = key[order], rider[order], hours[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1) | np.diff(rider, prepend=-1))
    if not len(starts):
        return key[:0], hours[:0]
    of_rider = np.add.reduceat(hours, starts)  # one sum for each rider in each region
    regions, first, riders = np.unique(key[starts], return_index=True, return_counts=True)
    total = np.add.reduceat(of_rider, first)
    most = np.maximum.reduceat(of_rider, first)
    passes = (riders >= K) & (most <= SHARE * total) & (total >= ROUND_TO)
    return regions[passes], total[passes]


def _places(there: Presence, kept: set[str]) -> tuple[Ints, list[str]]:
    """The keys of each row's cell at each level, as numbers of the names that come with them.

    A row in a cell of the month before belongs to that cell or to none; a row beside it to no
    parent that holds such a cell.
    """
    taken = {h3.cell_to_parent(cell, level) for cell in kept for level in LEVELS
             if level < h3.get_resolution(cell)}  # fmt: skip
    number: dict[str, int] = {}
    table = np.full((len(LEVELS), len(there.cells)), -1, dtype=np.int32)
    for at, cell in enumerate(there.cells):
        parents = [str(h3.cell_to_parent(cell, level)) for level in LEVELS]
        own = [parent for parent in parents if parent in kept]
        for level, parent in enumerate(parents):
            if parent in own or (not own and parent not in taken):
                table[level, at] = number.setdefault(parent, len(number))
    return table[:, there.cell], list(number)


def _times(
    there: Presence, place: Ints, names: list[str], kept: list[tuple[str, tuple[int, ...]]]
) -> Ints:
    """The keys of each row's hour and quarter of the day within its published cell."""
    keys = np.stack([place * 64 + there.slot, place * 64 + 48 + there.slot // QUARTER])
    keys[:, place < 0] = -1
    number = {name: at for at, name in enumerate(names)}
    for cell, slots in kept:
        if cell in number:
            quarter = number[cell] * 64 + 48 + slots[0] // QUARTER
            # By quarters before: by quarters again, and by the hour likewise.
            keys[int(len(slots) == 1), keys[1] == quarter] = -1
    return keys


def _slots(slot: int, level: int) -> tuple[int, ...]:
    if level == 0:
        return (slot,)
    first = slot - slot % QUARTER
    return tuple(range(first, first + QUARTER))
