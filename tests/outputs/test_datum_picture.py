"""The picture of a datum mistake: two marks a row, an arrow between, nothing loaded."""

from __future__ import annotations

from xml.etree import ElementTree

import pandas as pd

from locator.errors import Finding
from locator.geo.datum import convert_datum
from locator.outputs.datum_picture import datum_picture
from tests.checks.drawn_town import degrees, surroundings

SVG = "{http://www.w3.org/2000/svg}"


def finding(**detail: object) -> Finding:
    said = {"from": "gcj02", "as": "wgs84", "probability": 0.9999, "shift_m": 542.0,
            "bearing_deg": 296.0, **detail}  # fmt: skip
    return Finding("datum_suspect", "warning", "台账<1>.csv", None, None, "", "", detail=said)


def rows(*places: tuple[float, float]) -> pd.DataFrame:
    """Rows that stand at places of the drawn town once GCJ-02 is taken off."""
    points = [convert_datum(*degrees(xy), source="wgs84", target="gcj02") for xy in places]
    return pd.DataFrame(
        {"file": "台账<1>.csv", "row": range(2, 2 + len(places)), "name": "驿站",
         "lon": [float(x) for x, _ in points], "lat": [float(y) for _, y in points]}
    )  # fmt: skip


def test_draws_each_row_as_declared_and_as_proposed() -> None:
    table = rows((0, 0), (200, 0), (-400, 100))
    text = datum_picture(finding(rows=[2, 3]), table, surroundings())
    tree = ElementTree.fromstring(text)
    inner = tree.find(f"{SVG}svg")
    assert inner is not None
    assert len(inner.findall(f"{SVG}circle")) == 4
    words = "".join(tree.itertext())
    assert "坐标来源核对图：台账<1>.csv" in words
    assert "往西北 542 米，把握 99.9%，图上 2 行" in words
    assert "WGS-84" in words
    assert "GCJ-02" in words
    # The report's content security policy allows no style, and nothing is loaded.
    assert "style" not in text
    assert "href" not in text


def test_far_rows_are_counted_and_not_drawn() -> None:
    table = rows((0, 0), (100, 0), (9000, 0))
    text = datum_picture(finding(rows=[2, 3, 4]), table, surroundings())
    assert "图上 2 行，共 3 行" in text


def test_without_a_position_there_is_no_picture() -> None:
    table = rows((0, 0)).assign(lon=float("nan"))
    assert datum_picture(finding(rows=[2]), table, surroundings()) == ""
