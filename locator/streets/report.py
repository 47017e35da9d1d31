"""The load report of a county's street file: where it comes from, and what was made of its ways."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from locator.county import PROVENANCE_ZH, County
from locator.streets.frozen import file_sha256
from locator.streets.graph import StreetGraph

#: Why a way is closed to an e-bike; OSM's own words stand for themselves where they are not here.
CLOSED_ZH = {
    "no access": "不准通行",
    "mountain path": "山路",
    "ferry": "渡轮",
    "motorroad": "汽车专用路",
    "escalator": "自动扶梯",
    "bicycle=use_sidepath": "须走旁边的自行车道",
    "fewer than two nodes": "只有一个点",
    "fewer than two known nodes": "缺少点的坐标",
    "proposed": "规划中",
    "construction": "在建",
    "abandoned": "已荒废",
    "razed": "已拆除",
    "demolished": "已拆除",
    "disused": "已停用",
    "highway=motorway": "高速公路",
    "highway=motorway_link": "高速匝道",
    "highway=construction": "在建",
    "highway=proposed": "规划中",
    "highway=bridleway": "马道",
    "highway=platform": "站台",
    "highway=rest_area": "停车区",
    "highway=services": "服务区",
    "highway=elevator": "电梯",
    "highway=corridor": "室内走廊",
}
CLASS_ZH = {
    "trunk": "干线公路", "trunk_link": "干线公路匝道", "primary": "主干路",
    "primary_link": "主干路匝道", "secondary": "次干路",
    "secondary_link": "次干路匝道", "tertiary": "支路",
    "tertiary_link": "支路连接线", "unclassified": "乡村道路", "residential": "小区道路",
    "living_street": "生活街", "service": "内部道路", "road": "未分类", "cycleway": "自行车道",
    "track": "机耕路", "path": "小路", "footway": "人行道", "pedestrian": "步行街", "steps": "台阶",
    "busway": "公交专用道", "bridleway": "马道",
}  # fmt: skip
#: What is worth a look, where its count is not 0.
_NOTES = {
    "ways_cut": ("条路在数据边缘或缺点处断开", "ways that break off at the edge of the data"),
    "nodes_missing": ("个点没有坐标", "nodes without a position"),
    "nodes_blocked": ("处路障，电动车过不去", "barriers that no e-bike passes"),
    "nodes_joined": ("处路口由重合的点接上", "junctions joined from nodes on one spot"),
    "nodes_doubled": ("个点与别的点重合，没有接上", "nodes on another's spot, not joined"),
    "areas": ("块面状的路，按边线走", "areas, passed along their outline"),
    "squares_left_out": ("处多面广场没有算", "squares drawn as relations, left out"),
    "turns_left_out": ("条转弯限制没有算（为汽车而设）", "turn restrictions (for cars), left out"),
    "traps": ("段单行路进得去出不来", "one-way pieces that nobody gets out of"),
    "components": ("片互不相连的路网", "networks that do not touch"),
}
#: Said in other lines.
_TOLD = frozenset(
    {"ways_read", "ways_open", "ways_used", "ways_closed", "km_read", "km", "km_closed",
     "km_by_class", "islets", "islets_ways", "islets_km", "km_unnamed", "pieces", "pieces_joined",
     "nodes", "edges", "traps_km", "ways_conditional"}
)  # fmt: skip


def streets_report(county: County, graph: StreetGraph) -> dict[str, Any]:
    """The street file of ``county``, from which ``graph`` was read, as JSON can hold it.

    ``whole`` says whether the file is the one that was frozen; None where no hash is given. The
    text also tells of a key ``downloaded``: the fields of a ``Downloaded``, just now.
    """
    said = county.streets
    path = county.path(said.file)
    sha256 = file_sha256(path)
    return {
        "county": county.slug,
        "name_zh": county.name_zh,
        "name_en": county.name_en,
        "file": said.file,
        "bytes": path.stat().st_size,
        "sha256": sha256,
        "whole": None if said.sha256 is None else sha256 == said.sha256,
        "provenance": said.provenance,
        "source": said.source,
        "query": said.query,
        "frozen_on": said.frozen_on.isoformat() if said.frozen_on else None,
        "basemap": said.basemap,
        "streets": graph.report,
    }


def streets_text(report: Mapping[str, Any], *, lang: str = "zh") -> str:
    """A report of :func:`streets_report` as a person reads it, in Chinese (``zh``) or English."""
    zh = lang == "zh"
    name = report["name_zh"] if zh else report["name_en"]
    rows = [*_file_rows(report, zh=zh), ("", ""), *_way_rows(report["streets"], zh=zh)]
    wide = max(_width(head) for head, _ in rows) + 2
    lines = [f"{name}的街道" if zh else f"The streets of {name}"]
    lines += [f"  {_pad(head, wide)}{text}".rstrip() for head, text in rows]
    classes = report["streets"].get("km_by_class", {})
    if classes:
        lines += ["", "  各类道路（公里）" if zh else "  Kilometres by class"]
        lines += _class_lines(classes, zh=zh)
    notes = list(_notes(report["streets"], zh=zh))
    if notes:
        lines += ["", "  留意" if zh else "  Worth a look", *(f"    {note}" for note in notes)]
    return "\n".join(lines)


def _file_rows(report: Mapping[str, Any], *, zh: bool) -> Iterator[tuple[str, str]]:
    size = f"{report['bytes'] / 1e6:.1f} MB"
    yield (
        ("文件", "file")[not zh],
        f"{report['file']}（{size}）" if zh else (f"{report['file']} ({size})"),
    )
    source = f"：{report['source']}" if zh else f", {report['source']}"
    origin = PROVENANCE_ZH[report["provenance"]] if zh else report["provenance"]
    yield ("来源", "source")[not zh], origin + (source if report["source"] else "")
    day = report["frozen_on"] or ("未写日期" if zh else "no date given")
    whole = {
        None: ("没有登记校验值", "no hash is given"),
        True: ("与登记的校验值一致", "the file is as it was frozen"),
        False: (
            f"文件已变动！恢复原文件，或用 locator streets {report['county']} --freeze 认可",
            f"THE FILE HAS CHANGED: restore it, or accept it with locator streets "
            f"{report['county']} --freeze",
        ),
    }[report["whole"]][not zh]
    yield ("冻结", "frozen")[not zh], f"{day}，{whole}" if zh else f"{day}; {whole}"
    if report["basemap"]:
        yield ("底图", "base map")[not zh], report["basemap"]
    if taken := report.get("downloaded"):
        told = taken["data_time"] or ("服务器没有说", "the server does not say")[not zh]
        yield ("数据时间", "data of")[not zh], told
        use = (
            ("只用来画底图", "only the base map is still drawn from it")
            if taken["unused"] == report["basemap"]
            else ("不再使用，留在原处", "no longer used; it stays where it is")
        )[not zh]
        yield ("旧文件", "old file")[not zh], f"{taken['unused']}{'，' if zh else ': '}{use}"


def _way_rows(streets: Mapping[str, Any], *, zh: bool) -> Iterator[tuple[str, str]]:
    ways = "{:,} 条路，{:,.1f} 公里" if zh else "{:,} ways, {:,.1f} km"
    closed = streets.get("ways_closed", {})
    yield (
        ("读到", "read")[not zh],
        ways.format(streets.get("ways_read", 0), streets.get("km_read", 0.0)),
    )
    yield (
        ("骑得通", "open")[not zh],
        ways.format(streets.get("ways_used", streets.get("ways_open", 0)), streets.get("km", 0.0)),
    )
    if closed:
        total = ways.format(sum(closed.values()), sum(streets.get("km_closed", {}).values()))
        order = sorted(closed.items(), key=lambda entry: (-entry[1], entry[0]))
        reasons = [f"{CLOSED_ZH.get(why, why) if zh else why} {count:,}" for why, count in order]
        yield (
            ("不通", "closed")[not zh],
            f"{total}：{'，'.join(reasons)}" if zh else f"{total}: {', '.join(reasons)}",
        )
    if streets.get("islets"):
        lost = ways.format(streets.get("islets_ways", 0), streets["islets_km"])
        yield (
            ("孤路", "islets")[not zh],
            f"{streets['islets']} 处，{lost}，与路网不相连，不算"
            if zh
            else f"{streets['islets']}: {lost}, touch no other street and are left out",
        )


def _class_lines(classes: Mapping[str, float], *, zh: bool) -> list[str]:
    rows = [
        (f"{CLASS_ZH.get(name, '')} {name}".strip() if zh else name, f"{length:,.1f}")
        for name, length in sorted(classes.items(), key=lambda entry: -entry[1])
    ]
    wide = max(_width(name) for name, _ in rows)
    right = max(len(length) for _, length in rows)
    return [f"    {_pad(name, wide)}  {length:>{right}}" for name, length in rows]


def _notes(streets: Mapping[str, Any], *, zh: bool) -> Iterator[str]:
    """What is not 0 and may explain a map that looks wrong; keys without a word as they are."""
    for key, value in streets.items():
        if key in _TOLD or not value or (key == "components" and value == 1):
            continue
        if key not in _NOTES:
            yield f"{key}: {value}"
            continue
        note = f"{value:,} {_NOTES[key][0]}" if zh else f"{_NOTES[key][1]}: {value:,}"
        if key == "traps" and "traps_km" in streets:
            length = streets["traps_km"]
            note += f"，{length:,.1f} 公里" if zh else f", {length:,.1f} km"
        yield note
    for key, count in streets.get("ways_conditional", {}).items():
        yield (
            f"{count:,} 条路有按时段的规定（{key}），没有算"
            if zh
            else f"ways with rules that hold at times only ({key}), not read: {count:,}"
        )


def _width(text: str) -> int:
    """Columns in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def _pad(text: str, columns: int) -> str:
    return text + " " * (columns - _width(text))
