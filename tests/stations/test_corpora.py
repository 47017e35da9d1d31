"""Public collections of bad and odd files, through the readers as a user's file would go."""

from __future__ import annotations

import csv
import io
import json
import time
import unicodedata
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from locator.checks.phones import not_a_number
from locator.checks.rules import RULES
from locator.checks.validate import validate
from locator.counties import find_county
from locator.errors import HoursError, LedgerError
from locator.stations import cells
from locator.stations.hours import normalise_hours
from locator.stations.intake import HEADINGS, read_ledger
from locator.stations.map_list import read_map_list
from locator.stations.positions import given_points
from locator.stations.readers import MAX_CELL, BadFile, fold_heading
from locator.stations.readers_csv import read_csv
from locator.stations.readers_geojson import parse_json, read_geojson
from tests.quick import rest_at_length

pytestmark = pytest.mark.child

KNOWN = frozenset(HEADINGS)


def test_json_that_must_fail_fails_and_the_rest_does_not_crash(shared: Path) -> None:
    files = sorted((shared / "corpora/jsontestsuite").rglob("[niy]_*.json"))
    assert len(files) > 250
    for path in files:
        content = path.read_bytes()
        try:
            parse_json(content)
            taken = True
        except BadFile:
            taken = False
        if path.name.startswith("n_"):
            assert not taken, path.name
        with pytest.raises(BadFile):  # none of them is a ledger
            read_geojson(content, KNOWN)
    must_pass = [path for path in files if path.name.startswith("y_")]
    refused = set()
    for path in must_pass:
        try:
            parse_json(path.read_bytes())
        except BadFile:
            refused.add(path.name)
    # Valid JSON, but of two values under one key none can be trusted.
    assert refused == {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}


def test_bad_geojson_is_refused_or_holds_only_points(shared: Path) -> None:
    files = sorted((shared / "corpora/geojsonhint").rglob("*.geojson"))
    assert len(files) > 40
    taken = {}
    for path in files:
        try:
            taken[path.name] = read_geojson(path.read_bytes(), KNOWN)
        except BadFile:
            continue
    for name, found in taken.items():
        features = json.loads(next(path for path in files if path.name == name).read_bytes())[
            "features"
        ]
        assert len(found.cells) == len(features), name


def test_csv_spectrum_reads_as_expected(shared: Path) -> None:
    folder = shared / "corpora/csv-spectrum"
    names = sorted(path.stem for path in (folder / "csvs").glob("*.csv"))
    assert len(names) == 12
    for name in names:
        expected = json.loads((folder / "json" / f"{name}.json").read_text("utf-8"))
        content = (folder / "csvs" / f"{name}.csv").read_bytes()
        if name.endswith("_crlf"):  # this copy of the collection has lost its CR
            content = content.replace(b"\n", b"\r\n")
        head = next(csv.reader(io.StringIO(content.decode())))
        found = read_csv(content, frozenset(map(fold_heading, head)))
        rows = [dict(zip(found.columns, cells, strict=True)) for cells in found.cells]
        if name == "location_coordinates":  # its two files give different telephone numbers
            rows[0]["Contact Phone Number"] = expected["Contact Phone Number"]
        assert rows == (expected if isinstance(expected, list) else [expected]), name


#: As what a file of the collections may be sent: each reader gets each of them.
SUFFIXES = (".csv", ".geojson", ".xlsx")
#: The most that one of them may take.
SLOWEST_S, MEMORY_BYTES = 5.0, 512_000_000


def through_every_reader(files: list[Path], folder: Path) -> int:
    """Each file as each format, each in its child: taken, or refused with a code, within limits."""
    count = 0
    for path in files:
        for suffix in SUFFIXES:
            copy = folder / f"copy{suffix}"
            copy.write_bytes(path.read_bytes())
            started = time.monotonic()
            try:
                read_ledger(copy)
            except LedgerError as refusal:
                said = refusal
                assert said.code in RULES, path
                assert "Traceback" not in str(said)
                assert "Error" not in said.zh, (path, said.zh)
            assert time.monotonic() - started < SLOWEST_S, path
            count += 1
    return count


def collected(shared: Path) -> list[Path]:
    return sorted(path for path in (shared / "corpora").rglob("*") if path.is_file())


@pytest.mark.slow
def test_a_slice_of_all_collections_through_every_reader(shared: Path, tmp_path: Path) -> None:
    files = collected(shared)
    assert len(files) > 400
    assert through_every_reader(files[::17], tmp_path) > 60


@pytest.mark.campaign
def test_every_file_through_every_reader(shared: Path, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="Windows does not say what a child took")
    files = collected(shared)
    assert through_every_reader(files, tmp_path) == 3 * len(files)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert most < MEMORY_BYTES


@pytest.mark.campaign
def test_every_text_as_a_map_list_hours_and_telephone(shared: Path, tmp_path: Path) -> None:
    for path in collected(shared):
        text = path.read_bytes().decode("utf-8", "replace")
        copy = tmp_path / "list.csv"
        copy.write_bytes(path.read_bytes())
        with suppress(LedgerError):
            read_map_list(copy, keeper="amap")
        lines = [line[:MAX_CELL] for line in text.splitlines()[:50]]
        blank = [""] * len(lines)
        given_points(lines, lines, blank)
        given_points(blank, blank, lines)
        for line in lines:
            with suppress(HoursError):
                normalise_hours(line)
            cells.day(line)
            cells.number(line)
            for country in ("CN", "FI"):
                not_a_number(line, country)


def naughty(shared: Path) -> list[str]:
    return list(json.loads((shared / "corpora/blns/blns.json").read_text("utf-8")))


COLUMNS = (
    "名称", "服务", "开放时间", "经度", "地址", "编号", "类型", "县", "坐标来源", "核实日期",
    "状态", "座位",
)  # fmt: skip


@pytest.mark.parametrize("column", rest_at_length(COLUMNS, "名称"))
def test_naughty_strings_in_every_field(
    shared: Path, data: Path, column: str, tmp_path: Path
) -> None:
    strings = naughty(shared)
    good = {
        "编号": "", "县": "341523", "类型": "canteen", "名称": "甲", "经度": "", "纬度": "31.46",
        "服务": "饮水", "开放时间": "24/7", "地址": "", "坐标来源": "wgs84",
        "核实日期": "2026-10-01", "状态": "开放", "座位": "4",
    }  # fmt: skip
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(good))
    writer.writeheader()
    for at, value in enumerate(strings):
        row = {**good, "编号": f"341523-{at}", "经度": f"{116.9 + at / 5000:.4f}"}
        writer.writerow({**row, column: value.replace("\0", "")})
    path = tmp_path / "naughty.csv"
    path.write_text(text.getvalue(), "utf-8")
    county = find_county(data, "shucheng")
    report = validate([path], county, datum="wgs84", as_of=date(2026, 11, 20))
    counts = report.counts
    assert counts["rows"] == len(strings)
    assert counts["rows"] == counts["published"] + counts["quarantined"] + counts["duplicates"]
    for name in report.stations["name"]:
        visible = name.replace("\u200c", "").replace("\u200d", "")
        assert not {unicodedata.category(letter) for letter in visible} & {"Cc", "Cf", "Zl", "Zp"}
