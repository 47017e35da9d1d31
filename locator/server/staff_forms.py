"""What the staff's forms carry; a form that says what none of ours can say is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import abort, request

from locator.server.staff_uploads import Check

if TYPE_CHECKING:
    from locator.outputs.picked_points import Point

#: What can be answered to 坐标从哪抄的 for a whole file, and how it is called in English.
ANSWERS = {
    "高德": "Amap", "腾讯": "Tencent", "百度": "Baidu", "手机GPS": "a phone's GPS",
    "天地图": "Tianditu",
}  # fmt: skip
#: What reading a list that no page of ours made can end with.
_NOT_OURS = (ValueError, TypeError, OverflowError, RecursionError)


def picked_points(check: Check) -> list[Point]:
    """The picked points of the form: at most one a row, of rows that there are."""
    from locator.outputs.picked_points import Point

    numbers = set(check.report.rows["row"].tolist())
    try:
        picked = json.loads(request.form.get("picks", "[]"))
        points = {int(row): Point(int(row), float(lon), float(lat)) for row, lon, lat in picked}
    except _NOT_OURS:
        abort(400)
    for point in points.values():
        # The comparison is false for what is not a number at all.
        if point.row not in numbers or not (abs(point.lon) <= 180 and abs(point.lat) <= 90):
            abort(400)
    return list(points.values())


def accepted_offers() -> set[int]:
    """The offers of the form that a person accepted."""
    try:
        return {int(at) for at in json.loads(request.form.get("accepted", "[]"))}
    except _NOT_OURS:
        abort(400)


def datum_answer() -> str:
    """What the form says to 坐标从哪抄的, "" for 「表里写了」."""
    asked = request.form.get("datum", "")
    if asked and asked not in ANSWERS:
        abort(400)
    return asked


def passed_codes() -> frozenset[str]:
    """The finding on the whole file that the form lets pass."""
    from locator.checks.rule import ACCEPTABLE

    code = request.form.get("pass", "")
    if code and code not in ACCEPTABLE:
        abort(400)
    return frozenset([code] if code else [])
