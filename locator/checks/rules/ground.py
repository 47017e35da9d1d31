"""Rules on the ground that a station stands on: water, and the way to a street."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

import pandas as pd

from locator.checks.ground import FAR_M
from locator.checks.rule import Context, Hit, Place, places, rule
from locator.checks.townships import TownshipNames


def _faulty(rows: pd.DataFrame, *faults: str) -> Iterator[Place]:
    return places(rows, rows["ground_fault"].isin(faults) & ~rows["datum_explained"])


def _nor(row: Any) -> tuple[str, str]:
    """What the township adds to a point in the wrong place: one finding tells of both."""
    if row.township_fault != "outline":
        return "", ""
    return f"，也不在填的{row.township_read}", f", and not in {row.township_read} as stated"


@rule("warning")
def in_water(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """点落在水里 | The point lies in water

    点在水面以内 5 米以上，15 米内没有桥、码头或岸边的路，也不在水上的房子里。骑手会被导航到岸边，
    找不到门。多半是点选偏了，或「坐标来源」选错了，整片都偏几百米。请在地图上核对入口；真在船上的，
    不用改。列支敦士登和赫尔辛基的 12,394 处房屋、店铺和设施里只报一处，是湖中的喷泉。

    The point lies more than 5 m within water, with no bridge, pier or quay within 15 m and no house
    over it. Riders are led to the bank and find no door. Most likely the point was picked wrong, or
    the datum is not the one given, which moves all points by hundreds of metres. Check the entrance
    on a map; a boat may stay. Of 12,394 houses, shops and facilities of Liechtenstein and Helsinki
    one is told of: a fountain in its lake.

    例：点在河中间，离岸 40 米。 |
    Example: a point in the middle of a river, 40 m from the bank.
    """
    for place in _faulty(rows, "in_water"):
        row = place.row
        zh, en = _nor(row)
        yield Hit(
            place.index,
            f"{place.zh}「{row.name}」的位置在水里，离岸 {row.water_m:.0f} 米{zh}。"
            "请在地图上核对入口，以及「坐标来源」选得对不对。",
            f"{place.en}: {row.name!r} lies in water, {row.water_m:.0f} m from the bank{en}; check "
            "the entrance on a map, and source_datum.",
            "lon",
            f"{row.x_text},{row.y_text}",
            detail={"water_m": round(float(row.water_m), 1)},
        )


@rule("warning")
def unreachable_by_ebike(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """电动车到不了 | Out of reach by e-bike

    附近没有电动车能走的街：county.toml 的 snap_max_m（默认 300 米）以内一条也没有，或只有骑进去
    就出不来的街（街道图在那里断了，或单行道没有回头路）。这样的驿站照常发布，但不计入覆盖。
    请先核对位置；位置对的话，是街道文件缺了那一带，请换一份范围更大、更新的。
    列支敦士登 9,569 处房屋、店铺和设施里报三处，都是离路一公里以上的山屋，确实到不了。

    No street that an e-bike may take is within snap_max_m (county.toml, default 300 m), or only
    streets from which one cannot ride back: the street map ends there, or a one-way street leads
    nowhere. Such a station is published but covers nobody. Check the position first; if it is
    right, the street file lacks that part: take a newer one, or one that reaches farther. Of 9,569
    houses, shops and facilities of Liechtenstein three are told of, huts on a mountain more than a
    kilometre from any road.

    例：驿站标在山坡上，最近的村路在 800 米外。 |
    Example: a station on a hillside, the nearest village road 800 m away.
    """
    max_m = context.county.streets.snap_max_m
    for place in _faulty(rows, "no_street", "no_way_out"):
        row = place.row
        if row.ground_fault == "no_way_out":
            zh = f"{max_m:.0f} 米内只有骑进去就出不来的街"
            en = f"within {max_m:.0f} m there are only streets from which one cannot ride back"
        else:
            zh, en = (
                f"离最近的街 {_zh(row.street_m)}",
                f"the nearest street is {_en(row.street_m)} off",
            )
        nor_zh, nor_en = _nor(row)
        yield Hit(
            place.index,
            f"{place.zh}「{row.name}」{zh}{nor_zh}，电动车到不了，不计入覆盖。"
            "请核对坐标；坐标没错的话，是街道文件缺了那一带。",
            f"{place.en}: {row.name!r} cannot be reached by e-bike ({en}{nor_en}) and "
            "covers nobody; check the position, else the street file lacks that part.",
            "lon",
            f"{row.x_text},{row.y_text}",
            detail={"street_m": round(float(row.street_m), 1)},
        )


@rule("warning")
def far_from_street(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """离街太远 | Far from every street

    点离最近的街超过 150 米。驿站的门都在街边：300 米见方的大街区，正中间到街也只有 150 米；
    列支敦士登和赫尔辛基的 1,515 家店铺，没有一家离街超过 82 米。多半是点选在了田里、山上，
    或「坐标来源」选错了。请把点移到入口；入口真在那里的，可能是街道图缺了一条路，不用改。列支敦士登的
    9,569 处房屋、店铺和设施里报十处，九处是没有路的屋子，一处是山口，位置都没有错。

    The point is more than 150 m from the nearest street. Stations have their door on a street: even
    the middle of a block of 300 m by 300 m is no farther, and of 1,515 shops of Liechtenstein and
    Helsinki none is more than 82 m off. Most likely the point was picked in a field, or the datum
    is not the one given. Move it to the entrance; if that is right, the street map lacks a road. Of
    9,569 houses, shops and facilities of Liechtenstein ten are told of, nine houses without a road
    and a pass, all of them where they are said to be.

    例：驿站标在村外的田里，离路 220 米。 |
    Example: a station in a field outside its village, 220 m from the road.
    """
    for place in _faulty(rows, "far"):
        row = place.row
        zh, en = _nor(row)
        yield Hit(
            place.index,
            f"{place.zh}「{row.name}」离最近的街 {row.street_m:.0f} 米{zh}。"
            f"门一般离街不超过 {FAR_M:.0f} 米，请核对坐标，把点移到入口。",
            f"{place.en}: {row.name!r} is {row.street_m:.0f} m from the nearest street (usually "
            f"{FAR_M:.0f} m at most){en}; check the position and move it to the entrance.",
            "lon",
            f"{row.x_text},{row.y_text}",
            detail={"street_m": round(float(row.street_m), 1)},
        )


@rule("warning")
def township_mismatch(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """乡镇对不上 | The township does not fit

    「乡镇」一列说的和点实际落在的乡镇不是一个（按乡镇界，界外 300 米以内不算）；没有乡镇界的县，
    看地址写的是不是另一个乡镇；或者县里没有这个乡镇。按乡镇统计的覆盖会算错，也可能是坐标抄错了。
    请先核对是乡镇写错了，还是点标错了；乡镇改过名、并过的，请改 county.toml 的 townships。
    列支敦士登的 241 个地址里报 25 处，都不是乡镇名（邻国的城、村名、错字）；
    把 216 个改成邻乡镇，99% 查得出来。

    The township that is stated is not the one in which the point lies (by the outlines, with 300 m
    of tolerance); where a county has no outlines, not the one that the address names; or the county
    has no township of that name. Coverage by township comes out wrong, or the coordinates are.
    See which of the two is wrong; where a township was renamed or merged, correct townships in
    county.toml. Of 241 addresses of Liechtenstein 25 are told of, none of them a township's name (a
    town across the border, a village, a misspelling); of 216 moved to the next township 99 % are.

    例：「乡镇」填城关镇，地址写的是桃溪镇。 |
    Example: 乡镇 says 城关镇, the address 桃溪镇.
    """
    county, around = context.county, context.known.surroundings
    names = TownshipNames(county, around.township_names if around is not None else ()).names
    # A point in the wrong place is told of once: see _nor.
    told = (rows["township_fault"] == "outline") & (rows["ground_fault"] != "")
    asked = (rows["township_fault"] != "") & ~told & ~rows["datum_explained"]
    for place in places(rows, asked):
        row = place.row
        mine, other = row.township_read, row.township_other
        if row.township_fault == "unknown":
            shown = row.township if len(row.township) <= 20 else row.township[:20] + "…"
            like = _like(row.township, names)
            zh = f"的乡镇「{shown}」不在{county.name_zh}的乡镇里。请写全名，比如「{like}」"
            en = f"{county.name_en} has no township {shown!r}; write it out, such as {like!r}"
        elif row.township_fault == "address":
            zh = f"的乡镇填的是{mine}，地址写的是{other}。请核对哪个对，改掉另一个"
            en = f"the township is {mine}, but the address names {other}; correct the wrong one"
        else:
            where_zh = f"落在{other}" if other else "不在那里"
            where_en = f"lies in {other}" if other else "lies elsewhere"
            zh = f"的乡镇填的是{mine}，位置却{where_zh}。请核对是乡镇写错了，还是点标错了"
            en = f"the township is {mine}, but the point {where_en}; correct the one that is wrong"
        yield Hit(
            place.index,
            f"{place.zh}「{row.name}」{zh}。",
            f"{place.en}: {en}.",
            "township",
            row.township,
            detail={"stated": mine or None, "found": other or None},
        )


@rule("warning")
def surroundings_unread(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """没能拿周围来核对 | Not checked against the surroundings

    县里的街道、底图、乡镇界或已发布的版本读不进来，靠它们的几条规则这次没有查；别的照常查了。
    请按提示修好那个文件，再查一遍。县里的街道是示意的，就只说明一声：不能拿编的街道核对真的驿站。

    The county's streets, base map, outlines of townships or published release could not be read,
    so that the rules that need them were left out; all else was checked. Mend the file that is
    named and check again. Where the county's streets are made up, that is only remarked: real
    stations can't be checked against them.

    例：street.osm 冻结以后被改过，县里没有人接受过新的。 |
    Example: the street file has changed since it was frozen, and nobody has accepted the new one.
    """
    files = rows["file"].drop_duplicates()
    if files.empty:
        return
    for zh, en in context.known.unread:
        yield Hit(None, zh, en, file=str(files.iloc[0]))
    county = context.county
    invented = county.streets.provenance == "illustrative"
    if context.known.surroundings is not None and invented and not rows["grounded"].any():
        yield Hit(
            None,
            f"{county.name_zh}的街道是示意的，没有拿来核对真实驿站的位置。",
            f"the streets of {county.name_en} are made up, so real stations were not checked "
            "against them.",
            file=str(files.iloc[0]),
            severity="info",
        )


def _like(text: str, names: Sequence[str]) -> str:
    """The township that was likely meant, else the county's first."""
    near = get_close_matches(text, names, n=1, cutoff=0.4)
    return near[0] if near else names[0]


def _zh(metres: float) -> str:
    return f"{metres / 1000:.1f} 公里" if metres >= 1000 else f"{metres:.0f} 米"


def _en(metres: float) -> str:
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"
