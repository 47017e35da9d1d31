"""Rules on where a station is: the numbers, the county, the neighbours, the datum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from locator.checks.position import outside_m, projection_of
from locator.checks.rule import Context, Hit, Place, places, rule
from locator.geo.datum import convert_datum
from locator.geo.outline import OUTLINE_TOLERANCE_M
from locator.stations.pasted import is_pair


def _faulty(rows: pd.DataFrame, *faults: str) -> Iterator[Place]:
    return places(rows, rows["position_fault"].isin(faults))


@rule("error")
def coordinate_not_number(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """坐标不是数字 | A coordinate is no number of degrees

    经度或纬度里有文字，或数字超出范围（纬度超过 90，多半漏了小数点）。没有准确位置，就不能导航。
    请在高德地图长按驿站入口，复制「116.95,31.46」这样的坐标，贴进「坐标」或「经度」「纬度」。

    The longitude or latitude holds text, or is out of range (a latitude past 90: the decimal point
    was lost, most likely). Without a position nobody can be led there. Copy the entrance's
    coordinates from a map app, such as 116.95,31.46.

    例：经度写「东门口」，应是 116.95。 |
    Example: 东门口 (at the east gate), for 116.95.
    """
    lon0, lat0 = context.county.centre
    example = f"{lon0:.2f},{lat0:.2f}"
    for place in _faulty(rows, "not_number", "out_of_range"):
        row = place.row
        if row.position_fault == "out_of_range":
            field, value = ("lat", row.y_text) if abs(row.y) > 90 else ("lon", row.x_text)
            zh, en = "超出了经纬度的范围，是不是漏了小数点", "is out of range; was the point lost"
            yield Hit(
                place.index,
                f"{place.zh}「{value}」{zh}？请写成「{example}」这样的坐标。",
                f"{place.en}: {value} {en}? Write it like {example}.",
                field,
                value,
            )
            continue
        in_lon = pd.isna(row.x) and row.x_text
        field, value = ("lon", row.x_text) if in_lon else ("lat", row.y_text)
        if row.x_text == row.coordinate and not row.y_text:
            field = "coordinate"
        shown = value if len(value) <= 40 else value[:40] + "…"
        if field != "coordinate" and is_pair(value):
            yield Hit(
                place.index,
                f"{place.zh}「{shown}」是两个数挤在一格。请分开填「经度」「纬度」，或放进「坐标」一列。",
                f"{place.en}: {shown!r} are two numbers in one cell; split them, or use the column "
                "coordinate.",
                field,
                value,
            )
            continue
        yield Hit(
            place.index,
            f"{place.zh}「{shown}」不是数字坐标。请在高德地图长按该点，复制「{example}」这样的坐标。",
            f"{place.en}: {shown!r} is no coordinate; copy one like {example} from a map app.",
            field,
            value,
        )


@rule("error")
def coordinate_swapped(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """经纬度写反了 | Longitude and latitude are swapped

    照写的坐标离本县很远，对调之后就在本县。腾讯地图和不少手机先写纬度，抄进表里就反了。
    请核对提示里对调后的坐标，对的话就照着改。程序不会悄悄替人对调：也可能是抄了别处的点。

    As written the point is far away; exchanged it lies in the county. Tencent and many phones write
    latitude first. Check the exchange that is proposed and write it down if it is right; nothing is
    exchanged silently, for the point may also have been copied from elsewhere.

    例：经度 31.46、纬度 116.95，舒城在东经 116 度。 |
    Example: longitude 31.46, latitude 116.95; 舒城 lies at 116° east.
    """
    for place in _faulty(rows, "swapped"):
        x, y = place.row.x_text, place.row.y_text
        one_cell = x in place.row.coordinate and y in place.row.coordinate
        wanted_zh = f"「{y},{x}」，经度在前" if one_cell else f"经度 {y}、纬度 {x}"
        wanted_en = f"{y},{x}" if one_cell else f"longitude {y} and latitude {x}"
        yield Hit(
            place.index,
            f"{place.zh}的经度「{x}」和纬度「{y}」像是写反了。核对后请改成{wanted_zh}。",
            f"{place.en}: longitude {x} and latitude {y} look swapped; if so, write {wanted_en}.",
            "lon",
            f"{x},{y}",
            detail=_exchanged(place.row),
        )


def _exchanged(row: Any) -> dict[str, float] | None:
    """Where the row would lie if exchanged, WGS-84; None where its datum is not known."""
    if not row.datum:
        return None
    lon, lat = convert_datum(row.y, row.x, source=row.datum, target="wgs84")
    return {"lon": round(float(lon), 7), "lat": round(float(lat), 7)}


@rule("error")
def null_island(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """坐标是 0 | The coordinates are zero

    经度或纬度是 0，多半是空格子被软件填成了 0。照着导航会到几内亚湾的海里。
    请填上驿站入口的坐标；还不知道就空着，不要填 0。

    The longitude or the latitude is 0: an empty cell that some program filled. Navigation would
    lead into the sea. Give the entrance's position, or leave the cell empty, but no zero.

    例：经度 0、纬度 0。 |
    Example: longitude 0, latitude 0.
    """
    for place in _faulty(rows, "null_island"):
        x, y = place.row.x_text, place.row.y_text
        yield Hit(
            place.index,
            f"{place.zh}的坐标「{x},{y}」是 0，多半是空格被填成了 0。请填驿站入口的坐标。",
            f"{place.en}: the coordinates {x}, {y} are zero, an empty cell most likely; give the "
            "position of the entrance.",
            "lon",
            f"{x},{y}",
        )


@rule("error")
def projected_coordinates(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """坐标是米，不是度 | Coordinates in metres instead of degrees

    数字大于 180，是投影坐标（米）。测绘和规划部门、百度的米制坐标都这样。差一个投影带就差几百公里，
    程序只说像哪一种，不替人换算。请让给坐标的单位导出经纬度，或在地图上重新点选。

    The numbers are past 180: projected coordinates in metres, as surveyors and Baidu's metric
    system have them. A wrong zone is hundreds of kilometres off, so the system is only named, not
    converted. Ask for longitude and latitude, or pick the points on a map again.

    例：经度 13018968.6、纬度 3693456.7，是 Web 墨卡托的米。 |
    Example: 13018968.6, 3693456.7: Web Mercator metres.
    """
    for place in _faulty(rows, "projected"):
        row = place.row
        guess = projection_of(row.x, row.y, context.county)
        zh = f"像是{guess[0]}" if guess else "认不出是哪种投影，也可能漏了小数点"
        en = f"{guess[1]}, it seems" if guess else "of no system known here; lost decimal points?"
        yield Hit(
            place.index,
            f"{place.zh}的坐标「{row.x_text},{row.y_text}」是米，不是经纬度（{zh}）。"
            "请向提供单位要经纬度，或在高德地图重新点选。",
            f"{place.en}: {row.x_text}, {row.y_text} are metres, not degrees ({en}); ask for "
            "longitude and latitude.",
            "lon",
            f"{row.x_text},{row.y_text}",
        )


@rule("error")
def outside_county(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """在县界之外 | Outside the county

    换算成 WGS-84 后，位置在县界外 300 米以上（县界数据本身有这么粗）。多半是抄错了点、抄错了数字，
    或「坐标来源」选错了。请在地图上核对入口；驿站真在邻县的，请改「县」一列。没有县界的县不查。

    Converted to WGS-84, the point is more than 300 m outside the county (the outlines are that
    coarse): a wrong point, a wrong figure, or a wrong datum. Check the entrance on a map. Counties
    without an outline are not checked.

    例：经度 117.28、纬度 31.86 在合肥，离舒城县界五十公里。 |
    Example: 117.28, 31.86 is in 合肥, some 50 km from 舒城.
    """
    out = rows["position_fault"] == "outside"
    if not out.any():
        return
    metres = outside_m(rows[out], context.county) + OUTLINE_TOLERANCE_M
    name_zh, name_en = context.county.name_zh, context.county.name_en
    for place, distance in zip(places(rows, out), metres, strict=True):
        x, y = place.row.x_text, place.row.y_text
        zh = f"{distance / 1000:.1f} 公里" if distance >= 1000 else f"{distance:.0f} 米"
        far = f"{distance / 1000:.1f} km" if distance >= 1000 else f"{distance:.0f} m"
        cause_zh, cause_en = "", ""
        if place.row.datum_explained:
            cause_zh = "多半是「坐标来源」选错了（见 datum_suspect）。"
            cause_en = " Most likely its datum is not the declared one (see datum_suspect)."
        yield Hit(
            place.index,
            f"{place.zh}的位置「{x},{y}」在{name_zh}界外 {zh}。"
            f"{cause_zh}请核对坐标，以及「坐标来源」选得对不对。",
            f"{place.en}: {x}, {y} is {far} outside {name_en}; check the point and its datum."
            f"{cause_en}",
            "lon",
            f"{x},{y}",
        )


@rule("warning")
def shared_coordinate(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """两个驿站在同一点 | Two stations at one point

    两行编号、名称都不同，坐标却一样，多半是复制时忘了改，其中一个会把骑手带错地方。
    请核对后面那一行的入口；真在同一处（一楼、二楼）就不用改。

    Two rows with different ids and names have the very same position: copied and not changed, most
    likely, and one of them leads riders astray. Check the later row; if both truly share a door,
    leave it.

    例：「梅河驿站」和上一行「桥头食堂」都在 116.948,31.462。 |
    Example: 梅河驿站 and 桥头食堂 above it are both at 116.948, 31.462.
    """
    for place in places(rows, rows["same_point"] >= 0):
        zh, en = _other(rows, place.row.same_point, place.row.file)
        yield Hit(
            place.index,
            f"{place.zh_named}和{zh}在同一点（{place.row.x_text},{place.row.y_text}）。"
            "请核对是不是抄漏了。",
            f"{place.en}: {place.row.name!r} is at the same point as {en}; check whether it was "
            "copied.",
            "lon",
            f"{place.row.x_text},{place.row.y_text}",
        )


@rule("warning")
def possible_duplicate(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """可能重复登记 | Probably one station entered twice

    两行相距不到 30 米，名称也相近，编号却不同：同一个驿站可能登记了两次，覆盖和数量都会算多。
    请核对，真是一个就删去一行。

    Two rows lie within 30 m and have much the same name under different ids: one station may have
    been entered twice, and would count twice. Remove one if so.

    例：「桥头驿站」和「桥头」相距 10 米，编号不同。 |
    Example: 桥头驿站 and 桥头 lie 10 m apart under two ids.
    """
    for place in places(rows, rows["same_station"] >= 0):
        zh, en = _other(rows, place.row.same_station, place.row.file)
        metres = f"{place.row.distance_m:.0f}"
        yield Hit(
            place.index,
            f"{place.zh_named}和{zh}相距 {metres} 米，像是同一个驿站登记了两次。"
            "请核对，是的话删去一行。",
            f"{place.en}: {place.row.name!r} and {en} are {metres} m apart and may be one station; "
            "remove one if so.",
            "name",
            place.row.name,
        )


def _other(rows: pd.DataFrame, index: int, file: str) -> tuple[str, str]:
    other = next(places(rows.loc[[index]]))
    prefix = "" if other.row.file == file else f"{other.row.file} "
    return f"{prefix}{other.zh}「{other.row.name}」", f"{prefix}{other.en} ({other.row.name!r})"


@rule("error")
def datum_undeclared(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """没说坐标从哪抄的 | Nobody has said which datum the coordinates are in

    高德、腾讯的坐标比真实位置偏五百米，百度偏一公里多；不知道从哪抄的，就没法换算，猜错了整张表都
    偏。整个文件都没说的，先不发布，请回答「坐标从哪抄的」：加一列「坐标来源」，或用 --datum。只有
    几行没说的，退回那几行。GeoJSON 按标准算 WGS-84，只提醒一声。

    Amap and Tencent are off by 500 m, Baidu by a kilometre; without knowing where coordinates were
    copied from they can't be converted, and a wrong guess moves the whole table. A sheet that does
    not say is stopped: add the column 坐标来源, or give --datum. Where only some rows don't say,
    those are held back. GeoJSON counts as WGS-84 (RFC 7946), with a warning.

    例：表里有经度、纬度，没有一列说是高德的还是百度的。 |
    Example: a sheet with 经度 and 纬度, and nothing that says whether they are from Amap or Baidu.
    """
    answers = "高德、腾讯、百度、手机GPS、天地图"
    silent = rows["datum_voice"] == ""
    pointless = (rows["x_text"] == "") & (rows["y_text"] == "")  # told already: there is no point
    first = rows.loc[silent, ["file", "format", "file_declares"]].drop_duplicates("file")
    for file, form, declares in first.itertuples(index=False):
        if form == "geojson":
            yield Hit(
                None,
                f"{file} 没有写坐标从哪抄的，按 GeoJSON 标准算作 WGS-84。"
                f"如果是从高德、腾讯或百度抄的，请加上「坐标来源」（{answers}），否则会偏几百米。",
                f"{file} does not say its datum and counts as WGS-84 (RFC 7946); if it was copied "
                "from a Chinese map app, say so in source_datum.",
                "source_datum",
                file=str(file),
                severity="warning",
            )
        elif not declares:
            yield Hit(
                None,
                f"{file} 没有说坐标从哪抄的，先不发布。请加一列「坐标来源」，填：{answers}；"
                "整个文件都一样的话，也可以用 --datum gcj02（高德、腾讯）、bd09（百度）、"
                "wgs84（手机 GPS）、cgcs2000（天地图）。",
                f"{file} does not say where its coordinates were copied from, and is stopped. Add "
                "the column source_datum, or give --datum gcj02 (Amap, Tencent), bd09 (Baidu), "
                "wgs84 (GPS), cgcs2000 (Tianditu).",
                "source_datum",
                file=str(file),
            )
        else:
            for place in places(rows, silent & ~pointless & (rows["file"] == file)):
                yield Hit(
                    place.index,
                    f"{place.zh}没有填「坐标来源」，没法换算；别的行说了坐标从哪抄的。"
                    f"请填：{answers}。",
                    f"{place.en}: source_datum is empty, while other rows say where they were "
                    "copied from; fill it in.",
                    "source_datum",
                    "",
                )
    for place in places(rows, (rows["datum"] == "") & (rows["datum_voice"] != "")):
        given = place.row.source_datum
        yield Hit(
            place.index,
            f"{place.zh}的坐标来源「{given[:40]}」不认识，没法换算。请填：{answers}。",
            f"{place.en}: {given[:40]!r} is no datum known here; use gcj02, bd09, wgs84, cgcs2000.",
            "source_datum",
            given,
        )
