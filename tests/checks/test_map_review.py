"""The ledger beside a map's list: what is told, and what a decision still means."""

from __future__ import annotations

import csv
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.checks.reconcile.deciding import Sides
from locator.checks.reconcile.decisions import FILE, Decisions, add_decisions, read_decisions
from locator.checks.reconcile.map_review import ListReview, join_lists, review_list
from locator.checks.validate import Report, validate
from locator.county import County
from locator.errors import ConfigError, LedgerError, UsageError
from locator.stations.map_list import MapList, read_map_list
from tests.quick import examples

from .ledgers import GOOD, Row, write_csv

#: One entry for each of the good ledger's stations, in WGS-84.
MAP: list[Row] = [
    {"uid": f"u{at}", "name": row["名称"], "lat": row["纬度"], "lng": row["经度"], "address": "",
     "telephone": "", "opening_hours": "", "status": "", "area": "舒城县", "tag": ""}
    for at, row in enumerate(GOOD, start=1)
]  # fmt: skip


def entry(at: int, **fields: str) -> list[Row]:
    return [{**row, **fields} if i == at else dict(row) for i, row in enumerate(MAP)]


class Bench:
    """A folder with a ledger and a map's list."""

    def __init__(self, folder: Path, county: County) -> None:
        self.folder = folder
        self.county = county

    def report(self, rows: list[Row] | None = None) -> Report:
        path = write_csv(self.folder / "ledger.csv", GOOD if rows is None else rows)
        return validate([path], self.county, datum="wgs84", as_of=date(2026, 11, 20))

    def list(self, rows: list[Row], name: str = "poi.csv") -> MapList:
        return read_map_list(write_csv(self.folder / name, rows), keeper="wgs84")

    def review(
        self, rows: list[Row], decisions: Decisions | None = None, ledger: list[Row] | None = None
    ) -> ListReview:
        found = review_list(
            self.report(ledger), self.county, self.list(rows), decisions or Decisions({})
        )
        told = len(found.paired) + len({each.ours.key for each in found.doubtful})
        assert told + len(found.missing) + found.not_expected <= 4
        return found


@pytest.fixture
def bench(tmp_path: Path, shucheng: County) -> Bench:
    return Bench(tmp_path, shucheng)


def test_two_lists_that_agree_are_quiet(bench: Bench) -> None:
    found = bench.review(MAP)
    assert len(found.paired) == 4
    assert not any(each.differences for each in found.paired)
    assert (found.missing, found.extra, found.doubtful, found.stale) == ((), (), (), ())


def test_what_is_missing_on_either_side_is_a_finding(bench: Bench) -> None:
    rows = entry(0, name="西街书店", lng="116.9300", lat="31.4700")
    found = bench.review(rows)
    assert [(f.code, f.severity, f.row, f.id) for _, f in found.missing] == [
        ("ledger_not_on_map", "warning", 2, "341523-901")
    ]
    assert [(f.code, f.severity, f.row, f.file) for _, f in found.extra] == [
        ("map_not_in_ledger", "info", 2, "poi.csv")
    ]


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"name": "鼓楼西侧书店驿站"}, "name", "名称不同"),
        ({"lng": "116.9449"}, "position", "东面 83 米"),
        ({"telephone": "0564-8600001"}, "phone", "台账没有电话"),
        ({"opening_hours": "8:00-21:00"}, "hours", "时间不同"),
        (
            {"opening_hours": "Mo-Fr 08:00-18:00; PH off"},
            "hours",
            "地图「周一至周五08:00-18:00；法定节假日休息（Mo-Fr 08:00-18:00; PH off）」",
        ),
        ({"opening_hours": "看情况"}, "hours", "读不懂"),
        ({"status": "暂停营业"}, "status", "暂停开放"),
        ({"name": "鼓楼驿站（已关闭）"}, "status", "已经关闭"),
    ],
)
def test_a_difference_is_told_by_its_field(
    bench: Bench, change: Row, field: str, said: str
) -> None:
    (first,) = [p for p in bench.review(entry(0, **change)).paired if p.ours.key == "341523-901"]
    (difference,) = [each for each in first.differences if each.field == field]
    assert said in difference.zh
    assert difference.en


def test_a_repair_shop_is_not_under_repair(bench: Bench) -> None:
    found = bench.review(entry(0, name="鼓楼汽车维修中心驿站"))
    assert [d.field for p in found.paired for d in p.differences] == ["name"]


def test_hours_written_otherwise_are_no_difference(bench: Bench) -> None:
    rows = entry(0, opening_hours="周一至周日 8:00-20:00")
    assert not any(each.differences for each in bench.review(rows).paired)


def test_a_closed_station_need_not_be_on_the_map_and_is_told_if_it_is(bench: Bench) -> None:
    closed = [{**GOOD[0], "状态": "已撤销"}, *GOOD[1:]]
    on_it = bench.review(MAP, ledger=closed).paired[0].differences
    assert [each.field for each in on_it] == ["status"]
    gone = bench.review(MAP[1:], ledger=closed)
    assert (gone.missing, gone.not_expected) == ((), 1)


def test_parcel_shops_and_other_counties_are_counted_not_told(bench: Bench) -> None:
    more: list[Row] = [
        {**MAP[0], "uid": "x1", "name": "菜鸟驿站", "lng": "116.9300"},
        {**MAP[0], "uid": "x2", "name": "霍山驿站", "lng": "116.3300", "area": "霍山县"},
        {**MAP[0], "uid": "x3", "name": "磨子潭驿站", "lng": "116.9310", "area": "霍山县"},
    ]
    found = bench.review([*MAP, *more])
    assert (found.extra, found.other_trades, found.elsewhere) == ((), 1, 2)


def test_a_list_of_another_county_is_refused(bench: Bench) -> None:
    far = [{**row, "lng": f"12{row['lng'][2:]}", "area": ""} for row in MAP]
    with pytest.raises(LedgerError, match="没有一行在舒城县"):
        bench.review([{**row, "name": f"外地{at}"} for at, row in enumerate(far)])
    turned = [{**row, "lat": row["lng"], "lng": row["lat"], "area": "", "name": f"{at}外"}
              for at, row in enumerate(MAP)]  # fmt: skip
    with pytest.raises(LedgerError, match="写反"):
        bench.review(turned)


def test_pages_of_one_search_are_one_list_and_a_file_given_twice_is_refused(bench: Bench) -> None:
    first, second = bench.list(MAP[:2], "1.csv"), bench.list(MAP[1:], "2.csv")
    (joined,) = join_lists([first, second]) if first.source != "other" else ([],)
    assert len(joined.rows) == 4
    found = review_list(bench.report(), bench.county, joined, Decisions({}))
    assert found.files == ("1.csv", "2.csv")
    assert found.missing == ()
    again = bench.list(MAP[:2], "3.csv")
    with pytest.raises(UsageError, match="给了两次"):
        join_lists([first, again])


# --- decisions -----------------------------------------------------------------------------------


def decide(bench: Bench, folder: Path, rows: list[Row], **said: str) -> Decisions:
    sides = Sides.of(bench.report(), [bench.list(rows)], "2026-11-20", "示意")
    made = [
        *([sides.pair(said["same"], "same")] if "same" in said else []),
        *([sides.pair(said["different"], "different")] if "different" in said else []),
        *(sides.of_one(said["ignore"], "ignore") if "ignore" in said else []),
    ]
    add_decisions(folder, made)
    return read_decisions(folder)


def test_a_decision_is_kept_and_respected(bench: Bench, tmp_path: Path) -> None:
    rows = entry(0, name="西街书店", lng="116.9300", lat="31.4700")
    same = decide(bench, tmp_path, rows, same="341523-901=u1")
    found = bench.review(rows, same)
    assert (found.missing, found.extra) == ((), ())
    assert [p.match.verdict for p in found.paired].count("decided") == 1
    apart = decide(bench, tmp_path, rows, different="341523-901=u1")
    assert len(bench.review(rows, apart).missing) == 1


def test_different_parts_a_certain_pair_and_ignore_hushes(bench: Bench, tmp_path: Path) -> None:
    apart = decide(bench, tmp_path, MAP, different="341523-902=u2")
    found = bench.review(MAP, apart)
    assert [side.key for side, _ in found.missing] == ["341523-902"]
    decide(bench, tmp_path, MAP, ignore="341523-902")
    hushed = decide(bench, tmp_path, MAP, ignore="u2")
    found = bench.review(MAP, hushed)
    assert (found.missing, found.extra, found.ignored) == ((), (), 2)


def test_a_decision_that_no_longer_fits_is_said_and_not_followed(
    bench: Bench, tmp_path: Path
) -> None:
    rows = entry(0, name="西街书店", lng="116.9300", lat="31.4700")
    decisions = decide(bench, tmp_path, rows, same="341523-901=u1")
    renamed = bench.review(entry(0, name="东街酒楼", lng="116.9300", lat="31.4700"), decisions)
    assert "西街书店" in renamed.stale[0].zh
    assert len(renamed.missing) == 1
    gone = bench.review(MAP[1:], decisions)
    assert "没有「u1」" in gone.stale[0].zh
    # Nobody misses what was to be ignored.
    ignored = decide(bench, tmp_path / "other", MAP, ignore="u1")
    assert bench.review(MAP[1:], ignored).stale == ()


def test_the_file_is_only_ever_added_to(bench: Bench, tmp_path: Path) -> None:
    decide(bench, tmp_path, MAP, different="341523-902=u2")
    path = tmp_path / FILE
    before = path.read_bytes()
    decide(bench, tmp_path, MAP, different="341523-902=u2")
    assert path.read_bytes() == before  # in force already
    decide(bench, tmp_path, MAP, ignore="u2")
    assert path.read_bytes().startswith(before)
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert [len(row) for row in rows] == [9, 9, 9]
    assert rows[1][:3] == ["2026-11-20", "示意", "341523-902"]


def test_lines_that_cannot_be_read_are_said_and_stay(bench: Bench, tmp_path: Path) -> None:
    decide(bench, tmp_path, MAP, different="341523-902=u2")
    path = tmp_path / FILE
    bad = "\r\n也许,,x\r\n2026-11-20,,341523-901,a@1,baidu,u1,a@1,大概,\r\n,,,,,,,same,"
    path.write_bytes(path.read_bytes().decode("utf-8-sig").rstrip().encode("gb18030")
                     + bad.encode("gb18030"))  # fmt: skip
    found = read_decisions(tmp_path)
    assert [number for number, _, _ in found.bad] == [3, 4, 5]
    assert len(found.in_force) == 1
    before = path.read_bytes()
    decide(bench, tmp_path, MAP, ignore="u2")
    assert path.read_bytes().startswith(before)
    assert len(read_decisions(tmp_path).in_force) == 2


@pytest.mark.parametrize("text", ["341523-901", "341523-999=u1", "341523-901=nowhere", "=u1"])
def test_a_decision_on_what_is_not_there_is_refused(bench: Bench, text: str) -> None:
    sides = Sides.of(bench.report(), [bench.list(MAP)], "2026-11-20", "")
    with pytest.raises(UsageError):
        sides.pair(text, "same")


def test_a_line_with_an_open_quote_swallows_no_decision(bench: Bench, tmp_path: Path) -> None:
    decide(bench, tmp_path, MAP, different="341523-902=u2")
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes() + '2026-11-20,"谁,341523-901'.encode())
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="quotation mark"):
        decide(bench, tmp_path, MAP, ignore="u2")
    assert path.read_bytes() == before


def test_a_decision_can_be_taken_back(bench: Bench, tmp_path: Path) -> None:
    decide(bench, tmp_path, MAP, different="341523-902=u2")
    decide(bench, tmp_path, MAP, ignore="341523-901")
    sides = Sides.of(bench.report(), [bench.list(MAP)], "2026-11-21", "")
    back = [*sides.ask_again("341523-902=u2"), *sides.ask_again("341523-901")]
    assert add_decisions(tmp_path, back) == 2
    assert read_decisions(tmp_path).in_force == {}
    assert add_decisions(tmp_path, back) == 0


def test_lists_of_unknown_keepers_do_not_answer_for_each_other(
    bench: Bench, tmp_path: Path
) -> None:
    plain = [{name: row[name] for name in ("name", "lat", "lng")} for row in MAP]
    first, second = bench.list(plain[:2], "a.csv"), bench.list(plain[2:], "b.csv")
    assert len(join_lists([first, second])) == 2
    sides = Sides.of(bench.report(), [first, second], "2026-11-21", "")
    key = first.rows["key"].iloc[0]
    add_decisions(tmp_path, [sides.pair(f"341523-901={key}", "same")])
    reviews = [
        review_list(bench.report(), bench.county, each, read_decisions(tmp_path))
        for each in (first, second)
    ]
    assert [review.stale for review in reviews] == [(), ()]
    assert [p.match.verdict for p in reviews[0].paired] == ["decided", "certain"]


@settings(max_examples=examples(60))
@given(content=st.binary(max_size=200) | st.text(max_size=120).map(str.encode))
def test_whatever_stands_in_the_file_there_is_an_answer(content: bytes) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / FILE).write_bytes(content)
        with suppress(ConfigError):
            read_decisions(folder)
