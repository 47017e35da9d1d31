"""Rules on positions pasted from a map app: a link without its point, two datums for one point."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from locator.checks.rule import Context, Hit, places, rule

#: What clerks call a datum.
_SOURCE_ZH = {
    "gcj02": "高德、腾讯（gcj02）",
    "bd09": "百度（bd09）",
    "wgs84": "GPS（wgs84）",
    "cgcs2000": "天地图（cgcs2000）",
}
_VOICE = {
    "link": ("链接", "the link"),
    "heading": ("表头", "the heading"),
    "row": ("「坐标来源」", "source_datum"),
    "file": ("整个文件（文件本身、county.toml 或 --datum）", "the file, county.toml or --datum"),
}


@rule("error")
def short_link(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """链接里没有点 | A link that hides its point

    坐标一格贴的是地图 App 的短链接，或只有地图画面中心的链接。短链接里没有坐标，要联网才查得到，
    程序不联网；画面中心是看图的人停下的地方，不一定是驿站。没有准确的点，就不能导航。
    请在电脑浏览器里打开链接，等地图出来后复制地址栏里的长链接；长链接里还没有坐标的，在地图上长按驿站
    入口，把看到的坐标贴进「坐标」。

    The cell holds a map app's short link, or one that has only the middle of the map on the screen.
    A short link gives its point away only over the network, which the check does not use; the
    middle of a screen is where somebody looked. Open the link in a browser and copy the long link
    of the address bar; if that has no point either, long-press the entrance on the map and copy
    the coordinates.

    例：坐标写「【驿站】示意路 https://surl.amap.com/…」。 |
    Example: the cell says https://surl.amap.com/… and nothing else.
    """
    for place in places(rows, rows["position_fault"] == "hidden"):
        given = place.row.x_text
        zh, en = place.row.hidden_in
        yield Hit(
            place.index,
            f"{place.zh}「{_cut(given)}」是{zh}地图的链接，里面没有驿站的坐标。请在电脑浏览器里打开它，"
            "复制地址栏里的长链接；还没有坐标的，长按驿站入口，复制坐标。",
            f"{place.en}: {_cut(given)!r} is a link of {en} that does not show its point; open it "
            "in a browser and copy the long link, or long-press the entrance and copy the "
            "coordinates.",
            "coordinate" if given == place.row.coordinate else "lon",
            given,
        )


@rule("error")
def datum_contradicted(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """坐标来源自相矛盾 | Two sources for one coordinate

    链接或表头说坐标是一种地图的，「坐标来源」说是另一种，或表头和整个文件各说各的。高德、百度、GPS
    的坐标互相差几百米到一公里，信错一个，驿站就偏到别的街上；信哪个，电脑不该替人决定。链接说的多半对：请核对后把
    「坐标来源」改成链接的地图，或重新复制坐标。整张表都矛盾的，先不发布，请改表头，或改 --datum、
    county.toml。

    The link or the heading says one map and the column source_datum another, or the heading and
    the whole file differ. They are some hundred metres to a kilometre apart, and which to believe
    is for a person. A link is right most often: correct source_datum, or copy the point again.
    Where heading and file differ nothing is published until one of them is corrected.

    例：坐标贴的是百度链接，「坐标来源」填的是高德。 |
    Example: a link of Baidu beside the source 高德 (Amap).
    """
    clashes = rows["contradiction"].dropna()
    whole = clashes.map(
        lambda clash: clash.voice == "heading" and clash.other_voice == "file"
    ).astype(bool)
    for file, alike in clashes[whole].groupby(rows["file"], sort=False):
        clash = alike.iloc[0]
        yield Hit(
            None,
            f"{file} 的表头说坐标是{_SOURCE_ZH[clash.datum]}的，{_VOICE['file'][0]}却说是"
            f"{_SOURCE_ZH[clash.other]}，先不发布。请改成一样的。",
            f"{file}: the heading of the coordinates says {clash.datum}, {_VOICE['file'][1]} says "
            f"{clash.other}; make them the same.",
            "source_datum",
            file=str(file),
        )
    for place in places(rows, (~whole).reindex(rows.index, fill_value=False)):
        clash = place.row.contradiction
        if clash.voice == "source":
            yield Hit(
                place.index,
                f"{place.zh}的经度、纬度不是由「原始经度」「原始纬度」换算来的，「坐标来源」又是"
                f"{_SOURCE_ZH[clash.other]}：看不出新坐标从哪抄的。重新抄过的，请清空「原始经度」「原始纬"
                "度」；没有改过的，请改回去。",
                f"{place.en}: the position does not follow from source_x and source_y, and "
                f"source_datum says {clash.other}, so nobody can tell which datum the new one is "
                "in. Empty source_x and source_y if it was copied anew, or put it back.",
                "lon",
                f"{place.row.x_text},{place.row.y_text}",
            )
            continue
        one, other = _VOICE[clash.voice], _VOICE[clash.other_voice]
        yield Hit(
            place.index,
            f"{place.zh}的坐标，{one[0]}说是{_SOURCE_ZH[clash.datum]}的，{other[0]}却说是"
            f"{_SOURCE_ZH[clash.other]}。请核对后改成一样的。",
            f"{place.en}: {one[1]} says {clash.datum}, {other[1]} says {clash.other}; check which "
            "is right and make them the same.",
            "source_datum",
            place.row.source_datum,
        )


def _cut(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[:most] + "…"
