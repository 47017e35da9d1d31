"""What became of the gaps since the release before, and why, as far as it can be told.

A reason is a fact about the neighbourhood in the right direction: a stop that opened, closed, moved
or changed its hours so near that a rider could have reached it, more or fewer riders, another
reach. Where there is none, none is made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import h3
import numpy as np
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.clock import Coverage
from locator.coverage.demand import SLOTS
from locator.coverage.gap_report import gap_records
from locator.coverage.gap_succession import Before
from locator.coverage.supply import ANY_STOP, Supply, supply_of
from locator.coverage.week import WEEK
from locator.geo.crs import haversine_m

#: A gap has grown or shrunk, and riders are more or fewer, from this share on.
CHANGED_SHARE = 0.01
CHANGES = ("closed", "new", "grown", "shrunk")
#: Metres a minute as the crow flies, at 15 km/h: no rider comes farther.
_M_PER_MIN = 250.0
_SHOWN_STATIONS = 3
#: What a station did, in Chinese and English.
_WORDS = {
    "opened": ("「{name}」开放了", "{name} opened"),
    "longer": ("「{name}」延长了开放时间", "{name} has longer hours"),
    "known": ("「{name}」的开放时间补上了", "the hours of {name} are known now"),
    "moved": ("「{name}」换了位置", "{name} moved"),
    "gone": ("「{name}」不再开放", "{name} is no longer open"),
    "shorter": ("「{name}」缩短了开放时间", "{name} has shorter hours"),
    "unknown": ("「{name}」的开放时间不再清楚", "the hours of {name} are no longer known"),
}
_Reason = tuple[str, str]


@dataclass(frozen=True)
class _Then:
    """The stops of a release: position, name, whether the hours are known, and the slots in which
    each is open (48)."""

    at: Mapping[str, tuple[float, float]]
    name: Mapping[str, str]
    known: Mapping[str, bool]
    open: Mapping[str, NDArray[np.bool_]]

    def same(self, other: _Then, id_: str) -> bool:
        """Whether a stop stands where it stood, and is open when it was."""
        if id_ not in self.at or self.at[id_] != other.at.get(id_):
            return False
        return bool((self.open[id_] == other.open[id_]).all())


def gap_changes(
    gaps: gpd.GeoDataFrame,
    before: Before,
    stations: gpd.GeoDataFrame,
    coverage: Coverage,
    county: County,
) -> list[dict[str, Any]]:
    """The gaps (of any stop) that closed, are new, have grown or shrunk since ``before``.

    ``gaps`` bear the ids of those that they follow (`inherited`). One dict each: ``change``,
    ``id``, ``name``, ``name_en``, ``rider_hours_before`` and ``rider_hours`` (a week; None where
    there was, or is, no gap), ``reason_zh`` and ``reason_en`` (None where it cannot be told); of a
    closed gap also its ``hours`` and its ``geometry`` (GeoJSON) of then. In the order of `CHANGES`,
    the largest difference first. A gap that differs by less than 1 % is not told.
    """
    sides = (
        _stops(before.stations, before.dates, county),
        _stops(stations, coverage.dates, county),
    )
    now = dict(zip(coverage.demand.cells, coverage.demand.riders.tolist(), strict=True))
    one_grid = len({h3.get_resolution(cell) for cell in (*before.riders, *now)}) == 1
    old = {gap["id"]: gap for gap in before.gaps.get(ANY_STOP, ())}
    new = {gap["id"]: gap for gap in gap_records(gaps)}
    found = []
    for id_ in sorted({*old, *new}):
        was, is_ = old.get(id_), new.get(id_)
        change = _change(was, is_)
        if change is None:
            continue
        better = change in ("closed", "shrunk")
        reasons = [
            *_reach_changed(before.reach_min, coverage.reach_min, better),
            *_stations_changed(was if better else is_, *sides, coverage.reach_min, better),
        ]
        cells = sorted({cell for gap in (was, is_) if gap is not None for cell in gap["cells"]})
        if one_grid or all(cell in before.riders and cell in now for cell in cells):
            reasons += _riders_changed(cells, before.riders, now, better)
        said = is_ or was or {}
        found.append(
            {
                "change": change,
                "id": id_,
                "name": said["name"],
                "name_en": said.get("name_en", said["name"]),
                "rider_hours_before": was["rider_hours"] if was else None,
                "rider_hours": is_["rider_hours"] if is_ else None,
                "reason_zh": "；".join(zh for zh, _ in reasons) or None,
                "reason_en": "; ".join(en for _, en in reasons) or None,
                **({"hours": was["hours"], "geometry": was["geometry"]} if was and not is_ else {}),
            }
        )
    found.sort(key=lambda row: (CHANGES.index(row["change"]), -_difference(row), row["id"]))
    return found


def _change(was: Mapping[str, Any] | None, is_: Mapping[str, Any] | None) -> str | None:
    if was is None:
        return "new"
    if is_ is None:
        return "closed"
    difference = is_["rider_hours"] - was["rider_hours"]
    if abs(difference) < CHANGED_SHARE * was["rider_hours"]:
        return None
    return "grown" if difference > 0 else "shrunk"


def _difference(row: Mapping[str, Any]) -> float:
    return float(abs((row["rider_hours"] or 0.0) - (row["rider_hours_before"] or 0.0)))


def _reach_changed(was: float, is_: float, better: bool) -> list[_Reason]:
    if was == is_ or (is_ > was) != better:
        return []
    return [
        (
            f"时限从 {was:g} 分钟改为 {is_:g} 分钟",
            f"the reach changed from {was:g} to {is_:g} minutes",
        )
    ]


def _riders_changed(
    cells: Sequence[str],
    then: Mapping[str, Sequence[float]],
    now: Mapping[str, Sequence[float]],
    better: bool,
) -> list[_Reason]:
    """More or fewer riders in these cells; nothing of a county whose riders nobody had counted."""
    if not then or not now:
        return []
    before, after = (
        sum(float(WEEK @ riders[cell]) for cell in cells if cell in riders)
        for riders in (then, now)
    )
    if (after < before) != better or abs(after - before) < CHANGED_SHARE * max(before, after):
        return []
    return [
        (
            f"这里的骑手从每周 {before:.0f} 骑手时变为 {after:.0f} 骑手时",
            f"riders here went from {before:.0f} to {after:.0f} rider-hours a week",
        )
    ]


def _stations_changed(
    gap: Mapping[str, Any] | None, then: _Then, now: _Then, reach_min: float, better: bool
) -> list[_Reason]:
    """The stops near a gap that are open at more of its hours than then (or at fewer)."""
    if gap is None:
        return []
    hours = np.isin([f"{day} {hour}" for day, hour in SLOTS], gap["hours"])
    centres = np.array([h3.cell_to_latlng(cell)[::-1] for cell in gap["cells"]])
    far_m = reach_min * _M_PER_MIN
    reasons = []
    sides = (then, now)
    for id_ in sorted({*then.at, *now.at}):
        if then.same(now, id_):
            continue
        near = [id_ in side.at and _near(centres, side.at[id_], far_m) for side in sides]
        none = np.zeros(len(SLOTS), dtype=bool)
        open_ = [side.open.get(id_, none) for side in sides]
        served = [here & mine & hours for here, mine in zip(near, open_, strict=True)]
        was, is_ = (0, 1) if better else (1, 0)
        if not (served[is_] & ~served[was]).any():
            continue
        what = _what_happened(
            open_[was], near[was], id_ in sides[was].at and not sides[was].known[id_], better
        )
        name = (now if id_ in now.name else then).name[id_]
        zh, en = _WORDS[what]
        reasons.append((zh.format(name=name), en.format(name=name)))
    more = len(reasons) - _SHOWN_STATIONS
    if more > 0:
        reasons = [*reasons[:_SHOWN_STATIONS], (f"另有 {more} 处", f"and {more} more")]
    return reasons


def _what_happened(
    other_open: NDArray[np.bool_], other_near: bool, other_unknown: bool, better: bool
) -> str:
    """What a stop did, by what it is on the other side of the change."""
    if other_unknown:
        return "known" if better else "unknown"
    if not other_open.any():
        return "opened" if better else "gone"
    if not other_near:
        return "moved"
    return "longer" if better else "shorter"


def _near(centres: NDArray[np.float64], at: tuple[float, float], far_m: float) -> bool:
    return bool((haversine_m(centres[:, 0], centres[:, 1], *at) <= far_m).any())


def _stops(stations: gpd.GeoDataFrame, dates: Mapping[str, Any], county: County) -> _Then:
    supply = supply_of(stations, county, dates)
    ids = stations["id"].tolist()
    is_open = _open_slots(supply)
    known = [
        not offer.in_service or all(hours is not None for hours in offer.hours.values())
        for offer in supply.offers
    ]
    return _Then(
        dict(zip(ids, zip(stations.geometry.x, stations.geometry.y, strict=True), strict=True)),
        dict(zip(ids, stations["name"], strict=True)),
        dict(zip(ids, known, strict=True)),
        dict(zip(ids, is_open, strict=True)),
    )


def _open_slots(supply: Supply) -> NDArray[np.bool_]:
    """Stations × 48: in which slots a rider at the door finds the stop open."""
    is_open = np.zeros((len(supply.offers), len(SLOTS)), dtype=bool)
    at_the_door = supply.windows[(supply.windows[:, 1] == 0) & (supply.windows[:, 3] == 0)]
    is_open[at_the_door[:, 0], at_the_door[:, 2]] = True
    return is_open
