"""Rules that hold what would be published against the release before.

They run last, on the rows that are fit to be published, and are silent where there was no release.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from locator.checks.datum_doctor import Diagnosis
from locator.checks.datum_doctor.shifts import TRUTH_EN, TRUTH_ZH, step_from
from locator.checks.datum_doctor.words import (
    COMPASS_EN,
    COMPASS_ZH,
    REMEDIES,
    compass,
    likely,
    proposal,
    rows_of_source,
)
from locator.checks.rule import Context, Hit, places, rule
from locator.county import County
from locator.geo.crs import haversine_m
from locator.geo.datum import convert_datum

#: Another reading of the same door is no move.
MOVED_M = 50.0
#: All together farther than this is no coincidence.
TOGETHER_M = 100.0
_FEWEST_TOGETHER = 3
_SHARE_TOGETHER = 0.8
#: More of the stations gone than this is rather a lost half of the sheet.
MAX_DROP = 0.2
#: What stands in until a county has its own list, and leaves when it has.
_STAND_INS = ("illustrative", "osm")
#: Ways to read coordinates wrongly: (what they are, what they were taken for), in words.
_MISREAD = {
    ("gcj02", "wgs84"): ("高德、腾讯的坐标当成了 WGS-84", "GCJ-02 read as WGS-84"),
    ("bd09", "gcj02"): ("百度的坐标当成了高德的", "BD-09 read as GCJ-02"),
    ("bd09", "wgs84"): ("百度的坐标当成了 WGS-84", "BD-09 read as WGS-84"),
    ("wgs84", "gcj02"): ("WGS-84 的坐标当成了高德、腾讯的", "WGS-84 read as GCJ-02"),
    ("gcj02", "bd09"): ("高德、腾讯的坐标当成了百度的", "GCJ-02 read as BD-09"),
    ("wgs84", "bd09"): ("WGS-84 的坐标当成了百度的", "WGS-84 read as BD-09"),
}


@rule("warning", last=True)
def moved_since_last_release(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """比上一版挪了位置 | Moved since the last release

    编号没变，位置比上一版挪了 50 米以上。也许真搬了，也许抄错了、编号给了别家；门牌和收藏都会把骑
    手带到新的点。请核对入口；真搬了的不用改，另开一家的请用新编号。换一种坐标系算正好还在原处的，会
    写明是哪种：多半只有这一行是从别的软件抄的。整张表一起挪的，见 moved_as_a_whole；坐标来源选错了
    的，见 datum_suspect。

    The same id lies more than 50 m from where the last release has it. It may have moved, or the
    point was miscopied, or the id was given to another station; the code on the door leads to the
    new point. Check the entrance; leave it if it has moved, and give another station an id of its
    own. Where a row read in another datum stands where it was, that datum is named: it may be the
    one row copied from another app. Where all have moved together see moved_as_a_whole; where the
    datum is wrong, datum_suspect.

    例：341523-017 向东挪了 320 米。 |
    Example: 341523-017 lies 320 m farther east.
    """
    moves = _moves(rows, context)
    if moves.empty:
        return
    whole = _whole_files(rows, moves)
    far = moves[(moves["metres"] > MOVED_M) & ~moves["file"].isin(whole)]
    far = far[~rows.loc[far.index, "datum_explained"]]
    for place in places(rows.loc[far.index]):
        metres = cast("float", moves.at[place.index, "metres"])
        bearing = cast("float", moves.at[place.index, "bearing"])
        zh, en = _direction(bearing)
        detail: dict[str, Any] = {"metres": round(metres), "bearing": round(bearing)}
        declared = str(place.row.kept_datum)
        was = cast("tuple[float, float]", tuple(moves.loc[place.index, ["lon0", "lat0"]]))
        step = step_from(was, (place.row.lon, place.row.lat), declared, MOVED_M)
        if step is None:
            cause_zh = "请核对入口，真搬了就不用改。"
            cause_en = "check the entrance, and leave it if it has moved."
        else:
            detail |= {"from": step, "as": declared}
            cause_zh = (
                f"说是 {TRUTH_ZH[declared]}，照 {TRUTH_ZH[step]}算正好还在原处：请先核对"
                "「坐标来源」，再核对入口；真搬了、或上一版错了这次改对的，不用改。"
            )
            cause_en = (
                f"declared as {TRUTH_EN[declared]}, but read as {TRUTH_EN[step]} it stands where "
                "it was: check source_datum first, then the entrance; leave it if it has moved, or "
                "was wrong before."
            )
        yield Hit(
            place.index,
            f"{place.zh_named}比上一版向{zh}挪了 {_far(metres)[0]}。{cause_zh}",
            f"{place.en}: {place.row.name!r} lies {_far(metres)[1]} {en} of where the last release "
            f"has it; {cause_en}",
            "source_datum" if step else "lon",
            f"{place.row.x_text},{place.row.y_text}",
            detail=detail,
        )


@rule("error", last=True)
def moved_as_a_whole(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """整张表一起挪了 | The whole table has moved together

    和上一版都有的驿站，差不多全朝一个方向挪了同样的一百米以上。驿站不会一起搬家：多半是「坐标来源」
    选错了，或上一版选错、这次改对了。先不发布。地名、乡镇、街道也说选错了的，这里写明更像哪种、往哪
    移多少，不再另报 datum_suspect。请核对「坐标来源」（或表头），在地图上看一两个熟悉的门；确实是改
    对了的，用 --accept moved_as_a_whole 发布。

    Nearly all stations that the last release has as well lie the same distance, more than 100 m,
    away in the same direction. Stations don't move house together: the datum is wrong, or was wrong
    last time. Nothing is published until somebody has looked. Where names, townships and streets
    speak against the datum too, this says which it is and which way to move, and datum_suspect is
    not told beside it. Check source_datum (or the heading), and one or two doors on a map; if it is
    right now, publish with --accept moved_as_a_whole.

    例：32 个驿站一起向东南挪了约 540 米：高德坐标当成了 WGS-84。 |
    Example: 32 stations lie 540 m to the south-east: Amap's coordinates read as WGS-84.
    """
    moves = _moves(rows, context)
    for file, (count, common, metres, bearing) in _whole_files(rows, moves).items():
        zh, en = _direction(bearing)
        moved_zh = (
            f"{file} 里 {common} 个原有的驿站，{count} 个一起向{zh}挪了约 {_far(metres)[0]}。"
        )
        moved_en = (
            f"{file}: {count} of {common} known stations lie about {_far(metres)[1]} {en} of where "
            "the last release has them. "
        )
        way: dict[str, Any] = {"metres": round(metres), "bearing": round(bearing)}
        own = rows.loc[moves.index[moves["file"] == file]]
        for diagnosis in _explaining(own) or (None,):
            cause_zh, cause_en = _cause(diagnosis, context.county, metres, bearing)
            sure = diagnosis and diagnosis.verdict == "suspect"
            yield Hit(
                None,
                f"{moved_zh}{cause_zh}",
                f"{moved_en}{cause_en}",
                "source_datum",
                (diagnosis.source or None) if diagnosis else None,
                file=file,
                detail=way | proposal(diagnosis) if diagnosis and sure else way,
                instead_of=f"datum_{diagnosis.verdict}" if diagnosis else None,
            )


@rule("error", last=True)
def count_dropped(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """可发布的驿站比上一版少了两成以上 | Over a fifth of the stations are gone

    这次能发布的驿站比上一版少两成以上。多半是表没贴全、筛选后另存、或许多行退回了；发布出去，骑手
    会以为那些驿站没了。先不发布。请核对行数，先改退回的行；真撤了这么多的，用 --accept
    count_dropped 发布。示意的和来自开放街图的让位给台账不算少。

    Over a fifth fewer stations could be published than the last release has: half a sheet was
    pasted, a filter was saved, or many rows are held back. Riders would take them for gone. Nothing
    is published until somebody has looked. Count the rows, and mend those held back; if so many are
    truly closed, publish with --accept count_dropped. Illustrative stations and those from OSM that
    made way for a ledger don't count.

    例：上一版 35 个，这次只有 20 个。 |
    Example: 35 stations in the last release, and 20 now.
    """
    before = context.known.before
    if before is None or rows.empty:
        return
    now = set(rows["provenance_code"])
    gone = [one for one in _STAND_INS if one not in now]
    earlier = int((~before["provenance"].isin(gone)).sum())
    if len(rows) >= earlier * (1 - MAX_DROP):
        return
    share = round(100 * (1 - len(rows) / earlier))
    yield Hit(
        None,
        f"能发布的驿站只有 {len(rows)} 个，上一版有 {earlier} 个，少了 {share}%。"
        "请核对是不是漏了行；真撤了这么多的，确认后放行。",
        f"{len(rows)} stations could be published, {share} % fewer than the {earlier} of the last "
        "release; look for lost rows. If so many are truly closed, accept it.",
        file=str(rows["file"].iloc[0]),
        detail={"before": earlier, "now": len(rows)},
    )


def _moves(rows: pd.DataFrame, context: Context) -> pd.DataFrame:
    """For the rows that the release before has: how far they lie from there, and which way.

    Columns ``file``, ``east`` and ``north`` and ``metres`` (of the way from the old to the new
    position), ``bearing`` (degrees from north, clockwise), ``lon0`` and ``lat0`` (where it was).
    """
    empty = pd.DataFrame(
        columns=["file", "east", "north", "metres", "bearing", "lon0", "lat0"], dtype=float
    )
    before = context.known.before
    if before is None or before.empty or rows.empty:
        return empty
    old = _positions_by_id(before)
    both = rows[rows["station_id"].isin(old.index)]
    was = old.loc[both["station_id"]]
    lon, lat = both["lon"].to_numpy(float), both["lat"].to_numpy(float)
    lon0, lat0 = was["lon"].to_numpy(float), was["lat"].to_numpy(float)
    metres = haversine_m(lon0, lat0, lon, lat)
    east, north = _components(lon0, lat0, lon, lat)
    return pd.DataFrame(
        {
            "file": both["file"], "east": east, "north": north, "metres": metres,
            "bearing": np.degrees(np.arctan2(east, north)) % 360, "lon0": lon0, "lat0": lat0,
        },
        index=both.index,
    )  # fmt: skip


def _positions_by_id(stations: gpd.GeoDataFrame) -> pd.DataFrame:
    points = stations.geometry
    return pd.DataFrame({"lon": points.x.to_numpy(), "lat": points.y.to_numpy()},
                        index=stations["id"].to_numpy())  # fmt: skip


def _components(
    lon0: NDArray[np.float64], lat0: NDArray[np.float64],
    lon: NDArray[np.float64], lat: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """The way from the first to the second points, in metres east and north."""
    middle = (lat0 + lat) / 2
    east = haversine_m(lon0, middle, lon, middle) * np.sign(lon - lon0)
    north = haversine_m(lon0, lat0, lon0, lat) * np.sign(lat - lat0)
    return east, north


def _whole_files(
    rows: pd.DataFrame, moves: pd.DataFrame
) -> dict[str, tuple[int, int, float, float]]:
    """The files whose stations moved together: how many, of how many known, how far, which way.

    Together means: at least three, and four in five, lie within a fifth of the common way (the
    median) of where that way would take them.
    """
    found: dict[str, tuple[int, int, float, float]] = {}
    for file, own in moves.groupby("file", sort=False):
        east, north = float(own["east"].median()), float(own["north"].median())
        metres = float(np.hypot(east, north))
        off = np.hypot(own["east"] - east, own["north"] - north)
        together = int((off <= max(metres / 5, 1.0)).sum())
        if (
            metres > TOGETHER_M
            and together >= _FEWEST_TOGETHER
            and together >= _SHARE_TOGETHER * len(own)
        ):
            bearing = float(np.degrees(np.arctan2(east, north)) % 360)
            found[str(file)] = together, len(own), metres, bearing
    return found


def _explaining(rows: pd.DataFrame) -> list[Diagnosis]:
    """What the datum doctor says of a table that moved, where it speaks of nearly all rows."""
    if rows["datum_diagnosis"].notna().mean() < _SHARE_TOGETHER:
        return []
    found = {id(each): each for each in rows["datum_diagnosis"] if each is not None}
    return [each for each in found.values() if len(each.rows) > 1]


def _cause(
    diagnosis: Diagnosis | None, county: County, metres: float, bearing: float
) -> tuple[str, str]:
    """Why a table has moved, and what to do: by what the doctor is sure of, else by the move."""
    if diagnosis is None or diagnosis.verdict == "undecided":
        zh, en = _likely(county, metres, bearing)
        return (
            f"{zh}请核对「坐标来源」；确实是改对了的，确认后放行。",
            f"{en} Check source_datum; if it is right now, accept it.",
        )
    (who_zh, who_en), (likely_zh, likely_en) = rows_of_source(diagnosis), likely(diagnosis)
    mend_zh, mend_en = REMEDIES[diagnosis.voice]
    return (
        f"其中{who_zh}{likely_zh}请在地图上核对，是的话{mend_zh}；没有选错的，确认后放行。",
        f"Among them {who_en}{likely_en}Check on a map and {mend_en}; if it is right, accept it.",
    )


def _likely(county: County, metres: float, bearing: float) -> tuple[str, str]:
    """Which mistake moves a whole table this way, in words; "" where none known here does."""
    lon0, lat0 = (np.array([degrees]) for degrees in county.centre)
    way = metres * np.exp(1j * np.radians(bearing))
    for (true, taken), (zh, en) in _MISREAD.items():
        as_given = convert_datum(lon0, lat0, source="wgs84", target=true)
        shown = convert_datum(*as_given, source=taken, target="wgs84")
        east, north = _components(lon0, lat0, *shown)
        if abs(complex(north[0], east[0]) - way) <= 0.15 * metres:
            undone_zh, undone_en = _MISREAD[taken, true]
            return (
                f"像是把{zh}；也可能上一版把{undone_zh}，这次改对了。",
                f"It looks like {en}, or like {undone_en} in the last release, mended now.",
            )
    return "", ""


def _direction(bearing: float) -> tuple[str, str]:
    turn = compass(bearing)
    return COMPASS_ZH[turn], COMPASS_EN[turn]


def _far(metres: float) -> tuple[str, str]:
    if metres >= 1000:
        return f"{metres / 1000:.1f} 公里", f"{metres / 1000:.1f} km"
    return f"{metres:.0f} 米", f"{metres:.0f} m"
