"""A county of a hundred stations, or of any number, that are as unlike as real ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_LEDGER = Path(__file__).parents[2] / "data/stations.geojson"
#: What makes a name or an address another one: the later rounds of the same ledger take these in
#: turn, so that packing them gains no more than it does with real ones.
_OTHERS = "甘棠古城仁和平田龙舒飞霞梅河鼓楼春秋周瑜东门桃李清水杭埠千汤池万佛山南港晓天阙店河棚高峰"


def stations(count: int) -> list[dict[str, Any]]:
    """``count`` stations as ``write_release`` takes them, made of the two counties' ledgers."""
    rows = json.loads(_LEDGER.read_text("utf-8"))["features"]
    return [_station(at, rows[at % len(rows)], at // len(rows)) for at in range(count)]


def _station(at: int, row: dict[str, Any], turn: int) -> dict[str, Any]:
    lon, lat = row["geometry"]["coordinates"]
    said = {key: value for key, value in row["properties"].items() if key != "county"}
    if lon > 120:  # the other county is laid beside this one
        lon, lat = lon - 7.83, lat - 9.27
    word = "".join(_OTHERS[(at * step + turn) % len(_OTHERS)] for step in (7, 11)) if turn else ""
    return {
        **said,
        "id": f"341523-{at + 1:04}",
        "name": word + said["name"],
        "address": said["address"] and f"{word}{said['address']}{at * 37 % 211} 号",
        "at": (
            round(lon + at % 97 * 0.000731 * turn, 6),
            round(lat + at % 89 * 0.000517 * turn, 6),
        ),
    }
