"""Headings as clerks write them: which column each one means, and which map its coordinates are of.

Three tiers. The names of `COLUMNS` and their aliases mean their column, and two of them for one
column are refused. The looser ones below count only where nothing stricter is there: 联系方式 is
the telephone, unless a column 电话 stands beside it. All else is not understood, and told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from locator.stations.readers import fold_heading, known_heading, remarks
from locator.stations.table import COLUMNS, DATUM_ANSWERS

#: What clerks also write, by column.
_LOOSE_WORDS: dict[str, str] = {
    "id": "编码 驿站编码 站点编码 驿站代码 站点代码 驿站id 站点id",
    "county": "所在县 所在县区 所在区县 所属县区 所属区县 县名",
    "kind": "种类 驿站类别 站点类别 阵地类型 驿站种类",
    "name": "驿站名字 站点名字 名字 驿站名 阵地名称 服务站名称 服务点名称 点位名称",
    "lon": "东经 经度值 经度坐标 坐标经度 位置经度 驿站经度 站点经度",
    "lat": "北纬 纬度值 纬度坐标 坐标纬度 位置纬度 驿站纬度 站点纬度",
    "coordinate": (
        "经纬度坐标 坐标位置 坐标点 地图坐标 定位坐标 点位坐标 驿站坐标 站点坐标 地理坐标 "
        "地图链接 定位链接 位置链接 导航链接 地图分享 地图定位"
    ),
    "township": (
        "所在乡镇 所属镇街 所在镇街 乡镇名称 镇街名称 所在街道 所属街道 街镇 乡镇街 乡镇或街道 镇"
    ),
    "address": "具体地址 驿站地址 站点地址 所在地址 所在位置 具体位置 详细位置 驿站位置 地点",
    "host": "依托 依托场所 依托阵地 依托单位名称 运营单位 管理单位 承建单位 责任单位",
    "phone": "电话号码 联系方式 联系号码 驿站电话 站点电话 服务电话 值班电话 咨询电话 座机",
    "services": (
        "提供的服务 可提供的服务 可提供服务 服务事项 服务功能 服务清单 配套服务 基本服务 "
        "服务设施 配套设施 设施设备 功能"
    ),
    "hours": "开门时间 营业时段 对外开放时间 开放时间段 运营时间 开馆时间 工作时间",
    "service_hours": "各项服务时间 分项服务时间",
    "entry": "入门方式 开门方式 进站方式",
    "seats": "座位数量 座位个数 座椅数 座椅数量 座席数",
    "sockets": "插座数量 插座个数",
    "status": "运营状态 开放状态 使用状态 当前状态 驿站状态",
    "verified_on": "核查日期 核对日期 最近核实日期 上次核实日期 核实日",
    "awards": "荣誉称号 所获荣誉 获得荣誉",
    "provenance": "信息来源",
    "source_datum": "坐标出处 坐标类型 坐标系类型 坐标取自 所用地图 地图来源",
}
LOOSE: dict[str, tuple[str, ...]] = {
    name: tuple(words.split()) for name, words in _LOOSE_WORDS.items()
}
_STRICT: dict[str, str] = {
    fold_heading(heading): column.name
    for column in COLUMNS
    for heading in (column.name, column.zh, *column.aliases)
}
_LOOSE: dict[str, str] = {
    fold_heading(heading): name for name, headings in LOOSE.items() for heading in headings
}
_ZH = {column.name: column.zh for column in COLUMNS}
_COORDINATES = ("lon", "lat", "coordinate")
#: What the name of a map is put before or behind: 百度经度, lng_bd09.
_BARE = ("经度", "纬度", "坐标", "经纬度", "lon", "lat", "lng", "longitude", "latitude")


def _with_maps() -> dict[str, tuple[str, str]]:
    """``高德经度``, ``经度_gcj02`` …: folded heading → column, datum."""
    combined = {
        fold_heading(text): (_STRICT[heading], datum)
        for heading in _BARE
        for source, datum in DATUM_ANSWERS.items()
        for joint in ("", "_", "-")
        for text in (f"{source}{joint}{heading}", f"{heading}{joint}{source}")
    }
    return {**combined, "火星坐标": ("coordinate", "gcj02")}


_OF_MAPS = _with_maps()
#: Folded heading → column; what the readers look for when they seek the header.
HEADINGS: dict[str, str] = {
    **{text: name for text, (name, _) in _OF_MAPS.items()}, **_LOOSE, **_STRICT
}  # fmt: skip
_KNOWN = frozenset(HEADINGS)
#: The folded headings of coordinates that name a map: 高德经度.
OF_MAPS = frozenset(_OF_MAPS)
#: Alike from here on (0-100): three characters of four.
_CLOSE = 72
_OTHER_TIMES = re.compile("建|投用|启用|成立|核|更新|填|验收|日期|报送|登记")


@dataclass(frozen=True, slots=True)
class Understood:
    """What a row of headings means.

    ``columns`` maps a column to the place of its heading. ``twice`` are two places of headings that
    both plainly mean one column. ``beside`` are places whose column a stricter heading has taken.
    ``datum`` is what the headings of the coordinates say, with ``datums`` all that they say.
    """

    columns: dict[str, int]
    twice: tuple[int, int] | None
    beside: tuple[int, ...]
    datums: tuple[str, ...]


def map_heading(heading: str) -> tuple[str, str] | None:
    """Column and datum of a heading that names a map (高德经度); None for any other."""
    return _OF_MAPS.get(fold_heading(heading))


def column_of(heading: str) -> str | None:
    """The column that a heading means, whatever stands beside it; None where it is not known."""
    known = known_heading(heading, _KNOWN)
    return None if known is None else HEADINGS[known]


def understand(headings: Sequence[str]) -> Understood:
    """Which column each of the headings of a sheet means, strict ones first."""
    columns: dict[str, int] = {}
    twice: tuple[int, int] | None = None
    beside: list[int] = []
    for strict in (True, False):
        taken = dict(columns)
        for at, heading in enumerate(headings):
            known = known_heading(heading, _KNOWN)
            if known is None or (known in _STRICT) != strict:
                continue
            name = HEADINGS[known]
            if name in taken:
                beside.append(at)
            elif name in columns:
                twice = twice or (columns[name], at)
            else:
                columns[name] = at
    said = [datum_of(headings[columns[name]]) for name in _COORDINATES if name in columns]
    return Understood(columns, twice, tuple(beside), tuple(dict.fromkeys(filter(None, said))))


def datum_of(heading: str) -> str | None:
    """The datum that a heading declares (``百度经度``, ``经度（高德）``); None if it says none."""
    known = known_heading(heading, _KNOWN)
    if known in _OF_MAPS and known not in _STRICT:
        return _OF_MAPS[known][1]
    for remark in remarks(heading):
        answer = DATUM_ANSWERS.get(remark) or DATUM_ANSWERS.get(
            re.sub("(?:地图)?(?:坐标系?|拾取|上抄的)$", "", remark)
        )
        if answer:
            return answer
    return None


def near(heading: str, missing: Sequence[str]) -> str | None:
    """The standard heading (of the columns ``missing``) that a strange one may be meant for."""
    folded = fold_heading(heading)
    wanted = {text: name for text, name in {**_LOOSE, **_STRICT}.items() if name in missing}
    best = process.extractOne(folded[:40], wanted.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE)
    if best is not None and len(folded) > 1:
        return _ZH[wanted[best[0]]]
    if (
        "hours" in missing
        and re.search("时间|时段|几点", folded)
        and not _OTHER_TIMES.search(folded)
    ):
        return _ZH["hours"]
    if "services" in missing and re.search("服务|功能|设施", folded) and "服务对象" not in folded:
        return _ZH["services"]
    return None
