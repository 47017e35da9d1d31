"""Why a street is left out, in words: the reasons that the load report counts."""

from __future__ import annotations

from collections.abc import Mapping

#: Reason of the report → (Chinese, English).
REASONS: dict[str, tuple[str, str]] = {
    "no access": ("不准通行", "no access"),
    "mountain path": ("登山小道", "mountain paths"),
    "ferry": ("渡轮", "ferries"),
    "motorroad": ("汽车专用路", "motor roads"),
    "escalator": ("自动扶梯", "escalators"),
    "bicycle=use_sidepath": ("须走旁边的自行车道", "a cycleway beside is compulsory"),
    "fewer than two nodes": ("只有一个点", "a single point"),
    "fewer than two known nodes": ("点在数据之外", "points beyond the extract"),
    "abandoned": ("已荒废", "abandoned"),
    "disused": ("已停用", "disused"),
    "construction": ("在建", "under construction"),
    "proposed": ("规划中", "proposed"),
    "highway=motorway": ("高速公路", "motorways"),
    "highway=motorway_link": ("高速匝道", "motorway ramps"),
    "highway=construction": ("在建", "under construction"),
    "highway=proposed": ("规划中", "proposed"),
    "highway=abandoned": ("已荒废", "abandoned"),
    "highway=disused": ("已停用", "disused"),
    "highway=razed": ("已拆除", "razed"),
    "highway=bridleway": ("马道", "bridleways"),
    "highway=busway": ("公交专用路", "busways"),
    "highway=bus_guideway": ("公交专用路", "busways"),
    "highway=corridor": ("楼内走廊", "indoor corridors"),
    "highway=elevator": ("电梯", "lifts"),
    "highway=platform": ("站台", "platforms"),
    "highway=raceway": ("赛道", "race tracks"),
    "highway=rest_area": ("服务区", "rest areas"),
    "highway=services": ("服务区", "rest areas"),
    "highway=via_ferrata": ("铁索攀登道", "via ferratas"),
}  # fmt: skip


def in_words(counts: Mapping[str, int], lang: str) -> list[tuple[str, int]]:
    """(words, count) of reasons in ``lang`` ("zh" or "en"), the most frequent first.

    Reasons of the same words are added up; a reason without words stands for itself.
    """
    added: dict[str, int] = {}
    for reason, count in counts.items():
        zh, en = REASONS.get(reason, (reason, reason))
        words = zh if lang == "zh" else en
        added[words] = added.get(words, 0) + count
    return sorted(added.items(), key=lambda pair: (-pair[1], pair[0]))
