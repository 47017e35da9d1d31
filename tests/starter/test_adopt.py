"""A county adopts its own ledger: what is shown, what is written, and whose ids are whose."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from locator.checks.validate import validate
from locator.cli import main
from locator.counties import list_counties
from locator.county import County
from locator.errors import LedgerError, UsageError
from locator.starter import adopt_write
from locator.starter.adopt import Adoption, check_ledgers, plan_adoption
from locator.starter.adopt_text import adoption_text
from locator.starter.adopt_write import doubts, write_adoption
from locator.starter.store import Store, feature_line, read_store, store_bytes
from tests.checks.ledgers import write_csv, write_geojson, write_xlsx

DAY = date(2026, 11, 24)
CODE = "341523"
LARGE = shutil.ignore_patterns("streets.osm", "*.csv", "illustrative", "examples", "*.py")
Row = dict[str, str]
Adopt = Callable[..., Adoption]


def rows_of(*lines: str) -> list[Row]:
    """Rows as a county office has them, without an id: name|lon|lat, then what else is said."""
    rows = []
    for at, line in enumerate(lines, start=1):
        name, lon, lat, *rest = line.split("|")
        row = {"序号": str(at), "名称": name, "类型": "暖新驿站"}
        row |= {"经度": lon, "纬度": lat, "坐标来源": "手机GPS", "开放时间": "08:00-20:00"}
        rows.append(row | dict(part.split("=", 1) for part in rest))
    return rows


OFFICE = rows_of(
    "鼓楼驿站|116.9440|31.4620|服务=饮水；热饭",
    "桥头食堂|116.9480|31.4620|类型=小哥食堂",
    "梅河驿站|116.9520|31.4640",
    "文翁驿站|116.9560|31.4660",
)
IDS = [f"{CODE}-{number:03}" for number in (36, 37, 38, 39)]


@pytest.fixture
def folder(data: Path, tmp_path: Path) -> Path:
    """The data folder, without the large files that no adoption reads."""
    return Path(shutil.copytree(data, tmp_path / "data", ignore=LARGE))


@pytest.fixture
def adopt(folder: Path, tmp_path: Path) -> Adopt:
    """Plan (and write) what 舒城 adopts."""

    def run(
        *ledgers: Sequence[Mapping[str, str]] | Path,
        write: bool = True,
        slug: str = "shucheng",
        anyway: bool = True,
        keep_osm: bool = False,
    ) -> Adoption:
        paths = [
            rows if isinstance(rows, Path) else write_csv(tmp_path / f"台账{at}.csv", rows)
            for at, rows in enumerate(ledgers)
        ]
        counties = list_counties(folder)
        county = county_of(folder, slug)
        report = check_ledgers(paths, county, all_counties=counties, as_of=DAY)
        adoption = plan_adoption(
            county, report, all_counties=counties, as_of=DAY, keep_osm=keep_osm
        )
        hold_the_law(adoption)
        if write:
            write_adoption(adoption, anyway=anyway)
        return adoption

    return run


@pytest.fixture(scope="module")
def adopted_once(data: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The store after the first adoption, made once."""
    place = tmp_path_factory.mktemp("adopted")
    folder = Path(shutil.copytree(data, place / "data", ignore=LARGE))
    counties = list_counties(folder)
    county = county_of(folder)
    ledger = write_csv(place / "台账.csv", OFFICE)
    report = check_ledgers([ledger], county, all_counties=counties, as_of=DAY)
    write_adoption(plan_adoption(county, report, all_counties=counties, as_of=DAY))
    return (folder / "stations.geojson").read_bytes()


@pytest.fixture
def adopted(folder: Path, adopted_once: bytes) -> Path:
    """The data folder in which 舒城 has adopted the sheet of its office."""
    (folder / "stations.geojson").write_bytes(adopted_once)
    return folder


def county_of(folder: Path, slug: str = "shucheng") -> County:
    return next(county for county in list_counties(folder) if county.slug == slug)


def hold_the_law(adoption: Adoption) -> None:
    """Rows in = rows out: each station and each row ends in one place."""
    clash = [pair.old for pair in adoption.conflicts]
    there = [*adoption.kept, *adoption.gone, *adoption.stays, *clash]
    assert sorted(set(there) & adoption.old.keys()) == sorted(adoption.old)
    assert sorted([*adoption.kept, *adoption.back, *adoption.added, *clash]) == sorted(adoption.new)
    assert len(adoption.new) == adoption.report.counts["published"]


def features(folder: Path, county: str = CODE, name: str = "stations.geojson") -> list[Any]:
    whole = json.loads((folder / name).read_text("utf-8"))
    return [each for each in whole["features"] if each["properties"]["county"] == county]


def names(folder: Path, **where: str) -> dict[str, str]:
    return {
        each["properties"]["id"]: each["properties"]["name"] for each in features(folder, **where)
    }


def retired(folder: Path, name: str = "stations.geojson") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / name).read_text("utf-8")).get("retired", {})
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def changed(rows: Sequence[Row], at: int, **fields: str) -> list[Row]:
    return [{**row, **fields} if i == at else dict(row) for i, row in enumerate(rows)]


class TestFirst:
    @pytest.mark.slow
    def test_every_invented_station_goes_and_the_other_county_stays_as_it_was(
        self, adopt: Adopt, folder: Path
    ) -> None:
        before = (folder / "stations.geojson").read_text("utf-8").splitlines()
        toml = (folder / "shucheng/county.toml").read_bytes()
        adoption = adopt(OFFICE)
        assert len(adoption.gone) == 35
        assert names(folder) == dict(
            zip(IDS, ["鼓楼驿站", "桥头食堂", "梅河驿站", "文翁驿站"], strict=True)
        )
        lines = (folder / "stations.geojson").read_text("utf-8").splitlines()
        others = [line for line in before if '"county":"210624"' in line]
        assert len(others) == 41
        assert lines[: len(others) + 1] == ['{"type":"FeatureCollection","features":[', *others]
        own = "\n".join(lines[len(others) + 1 :])
        assert not re.search("示意|illustrative", own)
        assert (folder / "shucheng/county.toml").read_bytes() == toml

    def test_no_invented_id_is_given_to_a_place_that_is(self, adopt: Adopt, folder: Path) -> None:
        """Even a row of the same name at the same point: it was made up."""
        invented = features(folder)[0]
        lon, lat = invented["geometry"]["coordinates"]
        name = invented["properties"]["name"].removesuffix("（示意）")
        adoption = adopt(rows_of(f"{name}|{lon}|{lat}"))
        assert adoption.added == (IDS[0],)
        assert not adoption.questions
        assert retired(folder) == {f"{CODE}-{number:03}": None for number in range(1, 36)}

    @pytest.mark.slow
    def test_an_office_that_numbers_its_stations_keeps_its_numbers(
        self, adopt: Adopt, folder: Path
    ) -> None:
        rows = [{**row, "编号": f"{CODE}-{at:03}"} for at, row in enumerate(OFFICE, start=1)]
        adoption = adopt(rows)
        assert not adoption.conflicts  # what lay elsewhere under these ids never was
        assert list(names(folder)) == [f"{CODE}-{at:03}" for at in range(1, 5)]
        assert f"{CODE}-004" not in retired(folder)

    @pytest.mark.slow
    def test_what_is_read_back_is_what_was_sent(self, adopt: Adopt, folder: Path) -> None:
        more = "坐标来源=高德|乡镇=城关镇|座位=12|核实日期=2026-10-01|服务时间=如厕: 24小时"
        more += "|进门方式=按门铃|荣誉=最美驿站|来源=实地核实"
        rows = [*rows_of(f"鼓楼驿站|116.9440|31.4620|{more}"), *OFFICE[1:]]
        sent = adopt(rows).report.stations
        county = county_of(folder)
        report = validate(
            county.ledger_paths, county, all_counties=list_counties(folder), as_of=DAY
        )
        back = report.stations
        assert back.drop(columns=["id", "geometry"]).equals(sent.drop(columns=["id", "geometry"]))
        assert abs(back.geometry.x - sent.geometry.x).max() < 1e-7
        assert back.loc[0, ["source_datum", "source_x", "source_y", "provenance"]].tolist() == [
            "gcj02", "116.9440", "31.4620", "surveyed",
        ]  # fmt: skip

    @pytest.mark.slow
    def test_what_cannot_be_read_stays_as_it_was_written(self, adopt: Adopt, folder: Path) -> None:
        """The build goes on saying what is wrong with it, and the next adoption changes nothing."""
        odd = {"服务": "饮水；理发", "开放时间": "看情况", "座位": "很多", "核实日期": "去年"}
        odd["服务时间"] = "供餐: 看情况 | 如厕: 24小时"
        rows = changed(OFFICE, 0, **odd)
        first = adopt(rows).report
        county = county_of(folder)
        counties = list_counties(folder)
        again = validate(county.ledger_paths, county, all_counties=counties, as_of=DAY)

        def said(findings: Sequence[Any]) -> list[tuple[str, str, str]]:
            told = [f for f in findings if f.value and f.severity == "warning"]
            return sorted((f.code, f.field, f.value) for f in told)

        assert said(again.findings) == said(first.findings)
        assert len(said(first.findings)) == 5
        assert adopt(rows).changes_nothing

    def test_an_id_is_for_good(self, adopt: Adopt, folder: Path) -> None:
        adopt(OFFICE)
        assert next(iter(names(folder))) == IDS[0]
        written = contents(folder)
        adoption = adopt(OFFICE[::-1])
        assert adoption.changes_nothing
        assert list(adoption.kept) == IDS
        assert contents(folder) == written

    @pytest.mark.slow
    @pytest.mark.usefixtures("adopted")
    @pytest.mark.parametrize("form", ["xlsx", "geojson", "gb18030"])
    def test_any_form_of_ledger(
        self, adopt: Adopt, folder: Path, tmp_path: Path, form: str
    ) -> None:
        path = {
            "xlsx": lambda: write_xlsx(tmp_path / "a.xlsx", OFFICE, above=["舒城县暖新驿站一览表"]),
            "geojson": lambda: write_geojson(tmp_path / "a.geojson", OFFICE),
            "gb18030": lambda: write_csv(tmp_path / "a.csv", OFFICE, "gb18030"),
        }[form]()
        again = adopt(path)
        assert list(again.kept) == IDS
        if form != "geojson":  # where 116.9440 is a number, and given as 116.944
            assert again.changes_nothing

    @pytest.mark.slow
    def test_an_invented_stations_id_that_a_row_states_is_not_said_to_end(
        self, adopt: Adopt
    ) -> None:
        rows = [{**row, "编号": f"{CODE}-00{at}"} for at, row in enumerate(OFFICE, start=1)]
        text = adoption_text(adopt(rows, write=False))
        assert "（示意数据；编号没写归谁的不再使用）" in text
        assert re.search(rf"{CODE}-001  .*（示意） → 编号归鼓楼驿站", text)

    def test_a_county_of_invented_stations_may_shrink(self, adopt: Adopt, folder: Path) -> None:
        adopt(OFFICE[:1], anyway=False)
        assert len(names(folder)) == 1


@pytest.mark.usefixtures("adopted")
class TestNextMonth:
    @pytest.mark.slow
    def test_a_corrected_sheet(self, adopt: Adopt, folder: Path) -> None:
        corrected = [
            *rows_of("西门驿站|116.9400|31.4600"),
            {**OFFICE[2], "经度": "116.9521", "开放时间": "24小时"},
            {**OFFICE[0], "名称": "鼓楼站"},
            OFFICE[3],
        ]
        adoption = adopt(corrected)
        assert adoption.gone == (IDS[1],)
        assert adoption.added == (f"{CODE}-040",)
        assert adoption.kept[IDS[2]] == pytest.approx(9.5, abs=0.1)
        assert names(folder)[IDS[0]] == "鼓楼站"
        assert retired(folder)[IDS[1]] == {
            "kind": "canteen", "name": "桥头食堂", "lon": 116.948, "lat": 31.462,
            "left": "2026-11-24",
        }  # fmt: skip

    @pytest.mark.slow
    def test_an_id_that_left_is_given_to_nobody_else(self, adopt: Adopt, folder: Path) -> None:
        adopt(OFFICE[:3])
        adoption = adopt([*OFFICE[:3], *rows_of("西门驿站|116.9400|31.4600")])
        assert adoption.added == (f"{CODE}-040",)
        assert IDS[3] in retired(folder)

    @pytest.mark.slow
    def test_a_station_that_was_forgotten_gets_its_id_back(
        self, adopt: Adopt, folder: Path
    ) -> None:
        adopt(OFFICE[:3])
        adoption = adopt(OFFICE)
        assert adoption.back == (IDS[3],)
        assert names(folder)[IDS[3]] == "文翁驿站"
        assert IDS[3] not in retired(folder)
        assert adopt(OFFICE).changes_nothing

    @pytest.mark.slow
    def test_a_doubt_is_asked_and_the_answer_taken(self, adopt: Adopt, folder: Path) -> None:
        renamed = changed(OFFICE, 0, 名称="先锋驿站")
        asked = adopt(renamed, write=False)
        assert asked.added == (f"{CODE}-040",)
        (question,) = asked.questions
        assert (question.old, question.new, question.metres) == (IDS[0], f"{CODE}-040", 0)
        answered = adopt(changed(OFFICE, 0, 名称="先锋驿站", 编号=IDS[0]))
        assert not answered.added
        assert not answered.questions
        assert names(folder)[IDS[0]] == "先锋驿站"

    @pytest.mark.slow
    def test_an_id_is_not_retired_while_a_question_about_it_is_open(
        self, adopt: Adopt, folder: Path
    ) -> None:
        """The sign on the door may carry it."""
        written = contents(folder)
        renamed = changed(OFFICE, 0, 名称="先锋驿站")
        with pytest.raises(UsageError, match=r"1 站，台账里疑似还在.*--anyway"):
            adopt(renamed, anyway=False)
        assert contents(folder) == written
        adopt(renamed, anyway=True)
        assert IDS[0] in retired(folder)

    @pytest.mark.slow
    def test_a_question_about_one_that_has_left_keeps_nobody_from_writing(
        self, adopt: Adopt, folder: Path
    ) -> None:
        adopt(OFFICE[1:])
        adoption = adopt(changed(OFFICE, 0, 名称="鼓楼暖新驿站"), anyway=False)
        assert [pair.old for pair in adoption.questions] == [IDS[0]]
        assert names(folder)[f"{CODE}-040"] == "鼓楼暖新驿站"

    @pytest.mark.slow
    def test_an_answer_that_comes_late(self, adopt: Adopt, folder: Path) -> None:
        """The row got a new id meanwhile; the old one comes back, for it was no other's."""
        adopt(changed(OFFICE, 0, 名称="鼓楼暖新驿站"))
        late = adopt(changed(OFFICE, 0, 名称="鼓楼暖新驿站", 编号=IDS[0]))
        assert late.back == (IDS[0],)
        assert set(names(folder)) == set(IDS)
        assert f"{CODE}-040" in retired(folder)

    @pytest.mark.slow
    def test_what_may_be_a_station_there_takes_no_id_of_one_that_left(
        self, adopt: Adopt, folder: Path
    ) -> None:
        """Its old name is that of the retired id, its place that of the new one: who knows."""
        adopt(changed(OFFICE, 0, 名称="鼓楼暖新驿站"))
        adoption = adopt(OFFICE, write=False)
        assert not adoption.back
        assert [pair.old for pair in adoption.questions] == [f"{CODE}-040"]

    @pytest.mark.slow
    def test_no_number_is_given_twice(self, adopt: Adopt, folder: Path) -> None:
        """Even behind the longest numbers, which are no part of the count."""
        long = [f"{CODE}-999999999", f"{CODE}-1000000000"]
        rows = [{**row, "编号": at} for row, at in zip(OFFICE, long, strict=False)]
        adoption = adopt([*rows, *rows_of("西门驿站|116.93|31.45", "东关驿站|116.96|31.47")])
        assert len(adoption.new) == len(names(folder)) == 4
        assert set(long) < names(folder).keys()

    @pytest.mark.slow
    def test_what_has_not_changed_stays_as_it_was_written(self, adopt: Adopt, folder: Path) -> None:
        store = folder / "stations.geojson"
        text = store.read_text("utf-8")
        assert text.count('"name":"文翁驿站"') == 1
        store.write_text(
            text.replace('"name":"文翁驿站"', '"name":"文翁驿站","钥匙":"门卫"'), "utf-8"
        )
        line = next(line for line in store.read_text("utf-8").splitlines() if "钥匙" in line)
        adoption = adopt(changed(OFFICE, 0, 开放时间="24小时"))
        assert not adoption.changes_nothing
        assert line.rstrip(",") in (each.rstrip(",") for each in store.read_text().splitlines())

    @pytest.mark.slow
    def test_a_file_laid_out_otherwise_is_left_as_it_is(self, adopt: Adopt, folder: Path) -> None:
        store = folder / "stations.geojson"
        store.write_text(json.dumps(json.loads(store.read_text("utf-8")), indent=1), "utf-8")
        assert adopt(OFFICE, write=False).changes_nothing

    @pytest.mark.parametrize("left", [False, pytest.param(True, marks=pytest.mark.slow)])
    def test_the_id_of_another_place_is_a_conflict(
        self, adopt: Adopt, folder: Path, left: bool
    ) -> None:
        if left:
            adopt(OFFICE[1:])
        written = contents(folder)
        sheet = [*OFFICE[1:], *rows_of(f"西门驿站|116.9300|31.4500|编号={IDS[0]}")]
        adoption = adopt(sheet, write=False)
        assert [(pair.old, pair.why) for pair in adoption.conflicts] == [(IDS[0], "elsewhere")]
        with pytest.raises(UsageError, match="another place"):
            write_adoption(adoption, anyway=True)
        assert contents(folder) == written

    @pytest.mark.slow
    def test_a_sheet_read_in_another_datum_is_stopped(self, adopt: Adopt, folder: Path) -> None:
        more = [*OFFICE, *rows_of("东关驿站|116.960|31.470", "南溪驿站|116.930|31.450")]
        adopt(more)
        adoption = adopt([{**row, "坐标来源": "高德"} for row in more], write=False)
        assert adoption.shift_m == pytest.approx(540, abs=100)
        with pytest.raises(UsageError, match="坐标来源"):
            write_adoption(adoption)

    @pytest.mark.slow
    def test_half_the_stations_do_not_leave_by_mistake(self, adopt: Adopt, folder: Path) -> None:
        written = contents(folder)
        adopt(OFFICE[:2], write=False)
        with pytest.raises(UsageError, match="--anyway"):
            adopt(OFFICE[:1], anyway=False)
        assert contents(folder) == written
        adopt(OFFICE[:2], anyway=False)
        assert len(names(folder)) == 2


@pytest.mark.slow
def test_two_counties_of_one_store(adopt: Adopt, folder: Path) -> None:
    """Each replaces its own lines; the other's stations and retired ids stay as they are."""
    adopt(OFFICE)
    adopt(OFFICE[:3])
    first = (folder / "stations.geojson").read_text("utf-8").splitlines()
    adopt(rows_of("江边驿站|124.784|40.731|类型=工会驿站"), slug="kuandian")
    second = (folder / "stations.geojson").read_text("utf-8").splitlines()
    assert [line for line in second if CODE in line] == [line for line in first if CODE in line]
    assert names(folder, county="210624") == {"210624-042": "江边驿站"}
    assert retired(folder)["210624-001"] is None
    assert retired(folder)[IDS[3]]["name"] == "文翁驿站"


class TestTwoLedgers:
    @pytest.mark.slow
    def test_a_row_in_both_counts_once(self, adopt: Adopt) -> None:
        adoption = adopt(OFFICE[:3], OFFICE[2:])
        assert list(adoption.new) == IDS
        assert adoption.report.counts["duplicates"] == 1

    @pytest.mark.slow
    def test_one_id_for_two_rows_is_refused(self, adopt: Adopt, folder: Path) -> None:
        written = contents(folder)
        rows = changed(OFFICE[:1], 0, 编号=f"{CODE}-100")
        with pytest.raises(UsageError, match="errors"):
            adopt(rows, changed(rows, 0, 名称="别的驿站"))
        assert contents(folder) == written


@pytest.fixture
def own(folder: Path) -> Path:
    """A county with its own store, made from OSM: two stations, a fountain with a remark."""
    county = folder / "shucheng"
    spots = (("n1", "鼓楼驿站", 116.9440), ("n2", "车站驿站", 116.9600), ("w3", "喷泉", 116.9700))
    lines = []
    for ref, name, lon in spots:
        said = {"id": f"{CODE}-{ref}", "county": CODE, "kind": "warm_station", "name": name}
        said |= {"provenance": "osm", "fee": "no", "source_datum": "wgs84"}
        lines.append(feature_line(said, (lon, 31.4620)))
    (county / "stations.geojson").write_bytes(store_bytes(Store(tuple(lines))))
    set_ledgers(county, "stations.geojson")
    return county


def set_ledgers(county: Path, *names: str) -> None:
    path = county / "county.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('ledgers = ["../stations.geojson"]', f"ledgers = {[*names]}"))


class TestOwnStore:
    def test_a_point_of_osm_keeps_its_id_where_the_match_is_certain(
        self, adopt: Adopt, own: Path, folder: Path
    ) -> None:
        shared = (folder / "stations.geojson").read_bytes()
        adoption = adopt(OFFICE)
        assert list(adoption.kept) == [f"{CODE}-n1"]
        assert adoption.gone == (f"{CODE}-n2", f"{CODE}-w3")
        assert adoption.new[f"{CODE}-n1"].provenance == "ledger"
        assert list(names(own)) == [f"{CODE}-001", f"{CODE}-002", f"{CODE}-003", f"{CODE}-n1"]
        assert (folder / "stations.geojson").read_bytes() == shared

    @pytest.mark.slow
    def test_points_of_osm_may_stay_with_all_they_say(self, adopt: Adopt, own: Path) -> None:
        before = read_store(own / "stations.geojson")[1].features
        adoption = adopt(OFFICE, keep_osm=True, anyway=False)
        assert adoption.stays == (f"{CODE}-n2", f"{CODE}-w3")
        after = read_store(own / "stations.geojson")[1].features
        assert set(before[1:]) < set(after)
        assert adopt(OFFICE, keep_osm=True).changes_nothing

    def test_a_point_that_stays_beside_its_own_row_is_asked_about(
        self, adopt: Adopt, own: Path
    ) -> None:
        adoption = adopt(changed(OFFICE, 0, 类型="小哥食堂"), keep_osm=True, write=False)
        assert f"{CODE}-n1" in adoption.stays
        assert list(doubts(adoption)) == ["twice"]

    @pytest.mark.slow
    def test_points_of_osm_leave_without_a_question(self, adopt: Adopt, own: Path) -> None:
        adoption = adopt(OFFICE, write=False)
        assert len(adoption.gone) > len(adoption.old) / 2
        assert "shrink" not in doubts(adoption)

    @pytest.mark.slow
    def test_a_county_that_had_no_station(self, adopt: Adopt, own: Path) -> None:
        (own / "stations.geojson").write_bytes(store_bytes(Store()))
        assert not adopt(OFFICE).old
        assert len(names(own)) == 4

    @pytest.mark.slow
    def test_rows_that_were_never_published_leave_and_keep_their_ids_busy(
        self, adopt: Adopt, own: Path
    ) -> None:
        lost = feature_line(
            {"id": f"{CODE}-077", "county": CODE, "name": "没有类型"}, (116.9, 31.4)
        )
        store = read_store(own / "stations.geojson")[1]
        (own / "stations.geojson").write_bytes(store_bytes(Store((*store.features, lost))))
        adoption = adopt(OFFICE)
        assert adoption.withheld == 1
        assert adoption.added[0] == f"{CODE}-078"
        assert retired(own)[f"{CODE}-077"] is None
        store = read_store(own / "stations.geojson")[1]
        (own / "stations.geojson").write_bytes(store_bytes(Store((*store.features, lost))))
        assert not adopt(OFFICE, write=False).changes_nothing


class TestOtherLedgers:
    @pytest.fixture
    def sheet(self, folder: Path) -> Path:
        """A county whose ledger is the office's own file, with ids."""
        rows = [{**row, "编号": f"{CODE}-{at:03}"} for at, row in enumerate(OFFICE, start=1)]
        path = write_xlsx(folder / "shucheng/office.xlsx", rows)
        set_ledgers(folder / "shucheng", "office.xlsx")
        return path

    @pytest.mark.slow
    def test_they_stay_as_they_are_and_the_store_takes_over(
        self, adopt: Adopt, folder: Path, sheet: Path
    ) -> None:
        before = sheet.read_bytes()
        comment = (folder / "shucheng/county.toml").read_text("utf-8").splitlines()[0]
        adoption = adopt(OFFICE)
        assert list(adoption.kept) == [f"{CODE}-{at:03}" for at in range(1, 5)]
        assert sheet.read_bytes() == before
        county = county_of(folder)
        assert county.ledgers == ("stations.geojson",)
        assert (folder / "shucheng/county.toml").read_text("utf-8").startswith(comment)
        assert adopt(OFFICE).changes_nothing

    @pytest.mark.parametrize(
        "name", [pytest.param("write_atomically", marks=pytest.mark.slow), "write_keys"]
    )
    def test_a_crash_at_any_write_leaves_the_county_as_it_was(
        self,
        adopt: Adopt,
        folder: Path,
        sheet: Path,
        monkeypatch: pytest.MonkeyPatch,
        name: str,
    ) -> None:
        written = contents(folder)

        def fail(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as broken:
            broken.setattr(adopt_write, name, fail)
            with pytest.raises((UsageError, OSError), match="No space"):
                adopt(OFFICE)
        assert contents(folder) == written
        adopt(OFFICE)
        assert county_of(folder).ledgers == ("stations.geojson",)

    @pytest.mark.slow
    def test_killed_between_the_writes(
        self, adopt: Adopt, folder: Path, sheet: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The power goes: no clean-up runs. The county is read as before, and it can be done
        again."""
        with monkeypatch.context() as killed:
            killed.setattr(adopt_write, "write_keys", lambda *_: None)
            adopt(OFFICE)
        assert county_of(folder).ledgers == ("office.xlsx",)
        adopt(OFFICE)
        assert county_of(folder).ledgers == ("stations.geojson",)

    @pytest.mark.slow
    def test_a_file_in_the_way_is_not_written_over(
        self, adopt: Adopt, folder: Path, sheet: Path
    ) -> None:
        write_geojson(folder / "shucheng/stations.geojson", OFFICE[:1])
        written = contents(folder)
        with pytest.raises(UsageError, match="in the way"):
            adopt(OFFICE)
        assert contents(folder) == written

    @pytest.mark.slow
    def test_a_present_ledger_that_is_stopped_as_a_whole(self, adopt: Adopt, folder: Path) -> None:
        write_csv(folder / "shucheng/office.csv", [{**row, "坐标来源": ""} for row in OFFICE])
        set_ledgers(folder / "shucheng", "office.csv")
        with pytest.raises(LedgerError, match="现有台账"):
            adopt(OFFICE)

    @pytest.mark.slow
    def test_a_ledger_that_the_county_named_before_it_had_ids(
        self, adopt: Adopt, folder: Path
    ) -> None:
        path = write_csv(folder / "shucheng/office.csv", OFFICE)
        set_ledgers(folder / "shucheng", "office.csv")
        assert adopt(path).withheld == 4
        assert len(names(folder / "shucheng")) == 4


@pytest.mark.slow
def test_a_store_that_changed_meanwhile_is_not_written_over(adopt: Adopt, folder: Path) -> None:
    adoption = adopt(OFFICE, write=False)
    adopt(OFFICE[:3])
    with pytest.raises(UsageError, match="changed meanwhile"):
        write_adoption(adoption)


# --- month after month ---------------------------------------------------------------------------


@pytest.mark.campaign
@given(st.randoms(use_true_random=False))
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_month_after_month(adopt: Adopt, folder: Path, data: Path, random: Random) -> None:
    """An office that adds, drops, moves, renames and forgets: an id names one place for ever."""
    shutil.copy(data / "stations.geojson", folder / "stations.geojson")
    known = [
        rows_of(f"{name}驿站|{random.uniform(116.93, 116.96)}|{random.uniform(31.45, 31.47)}")[0]
        for name in ("鼓楼", "桥头", "梅河", "文翁", "西门", "南溪", "东关")
    ]
    place_of: dict[str, int] = {}
    for month in range(6):
        at = random.sample(range(len(known)), random.randint(2, len(known)))
        for place in at:
            known[place]["经度"] = (
                f"{float(known[place]['经度']) + random.uniform(-1e-4, 1e-4):.6f}"
            )
        renamed = random.choice(at)
        known[renamed]["名称"] = f"新{month}{renamed}驿站"
        sheet = [known[place] for place in at]
        adopt(sheet)
        place_by_name = {known[place]["名称"]: place for place in at}
        for id_text, name in names(folder).items():
            assert place_of.setdefault(id_text, place_by_name[name]) == place_by_name[name]
        assert sorted(names(folder).values()) == sorted(place_by_name)
        assert not retired(folder).keys() & names(folder).keys()
        assert adopt(sheet).changes_nothing


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def run(folder: Path, tmp_path: Path) -> Callable[..., Result]:
    def invoke(*arguments: str | Path) -> Result:
        options = ["--data", str(folder), "--var", str(tmp_path / "var")]
        result = CliRunner().invoke(main, [*options, "adopt", *map(str, arguments)])
        assert "Traceback" not in result.output
        return result

    return invoke


Run = Callable[..., Result]


class TestCommand:
    @pytest.mark.slow
    def test_it_is_shown_then_written_then_there(
        self, run: Run, folder: Path, tmp_path: Path
    ) -> None:
        ledger = write_csv(tmp_path / "台账.csv", OFFICE)
        written = contents(folder)
        shown = run("舒城", ledger)
        assert shown.exit_code == 0, shown.output
        assert "台账 4 站 = 保留编号 0 + 新增 4" in shown.stdout
        assert "现有 35 站 = 保留编号 0 + 离开 35" in shown.stdout
        assert f"{IDS[0]}  鼓楼驿站  暖新驿站  第 2 行" in shown.stdout
        assert "--write" in shown.stdout
        assert "--000" not in shown.stdout  # no id for this run alone is ever seen
        assert contents(folder) == written
        done = run("舒城", ledger, "--write")
        folders = f"--data {folder} --var {tmp_path / 'var'}"
        assert f"locator {folders} build shucheng --publish" in done.stdout
        assert "街道和需求仍是示意数据" in done.stdout
        again = run("舒城", ledger, "--write", "--lang", "en")
        assert "Nothing changes." in again.stdout

    @pytest.mark.usefixtures("adopted")
    def test_what_changed_is_told(self, run: Run, folder: Path, tmp_path: Path) -> None:
        moved = {**OFFICE[2], "经度": "116.9521", "开放时间": "24小时", "服务": "饮水"}
        ledger = write_csv(tmp_path / "b.csv", [{**OFFICE[0], "名称": "鼓楼站"}, moved, OFFICE[3]])
        text = run("shucheng", ledger).stdout
        assert f"{IDS[0]}  鼓楼驿站 → 鼓楼站" in text
        assert "梅河驿站  移动 10 米" in text or "梅河驿站  移动 9 米" in text
        assert "服务 空 → 饮水" in text
        assert "开放时间 08:00-20:00 → 24/7" in text
        assert "没有变化的 1 站" in text
        assert "--write --anyway" not in text
        assert f"{IDS[1]}  桥头食堂" in text.partition("离开 1")[2]

    @pytest.mark.usefixtures("adopted")
    def test_json(self, run: Run, tmp_path: Path) -> None:
        sheet = [*changed(OFFICE[:3], 0, 名称="先锋驿站"), *rows_of("西门驿站|116.93|31.45")]
        ledger = write_csv(tmp_path / "b.csv", sheet)
        said = json.loads(run("shucheng", ledger, "--json").stdout)
        assert said["counts"] == {
            "rows": 4, "stations": 4, "added": 2, "back": 0, "kept": 2, "gone": 2, "stays": 0,
            "questions": 1, "conflicts": 0, "withheld": 0,
        }  # fmt: skip
        assert said["questions"][0]["old_name"] == "鼓楼驿站"
        assert not said["written"]
        assert "--000" not in json.dumps(said)

    @pytest.mark.usefixtures("adopted")
    def test_a_question_and_a_conflict_are_put_in_words(
        self, run: Run, folder: Path, tmp_path: Path
    ) -> None:
        written = contents(folder)
        sheet = changed(changed(OFFICE, 0, 名称="先锋驿站"), 3, 编号=IDS[1], 名称="城西驿站")
        result = run("shucheng", write_csv(tmp_path / "b.csv", sheet), "--write")
        assert result.exit_code == 1
        assert (
            f"第 2 行「先锋驿站」（{CODE}-040）和现有的 {IDS[0]}「鼓楼驿站」位置相近"
            in result.stdout
        )
        assert f"第 5 行「城西驿站」写着编号 {IDS[1]}，那是「桥头食堂」" in result.stdout
        assert "有冲突，不能写入" in result.stdout
        assert contents(folder) == written

    @pytest.mark.slow
    @pytest.mark.usefixtures("adopted")
    def test_a_column_of_ids_pasted_one_row_off_is_called_that(
        self, run: Run, tmp_path: Path
    ) -> None:
        slipped = [{**row, "编号": at} for row, at in zip(OFFICE, [*IDS[1:], ""], strict=True)]
        text = run("shucheng", write_csv(tmp_path / "b.csv", slipped), "--write").stdout
        assert "冲突 3" in text
        assert "「编号」一列和别的列错开了" in text

    @pytest.mark.slow
    @pytest.mark.usefixtures("adopted")
    def test_what_speaks_against_writing_is_told_before_and_when_it_is_tried(
        self, run: Run, tmp_path: Path
    ) -> None:
        ledger = write_csv(tmp_path / "b.csv", changed(OFFICE, 0, 名称="先锋驿站"))
        shown = run("shucheng", ledger)
        assert "门口牌子上的编号会失效" in shown.stdout
        assert "--write --anyway" in shown.stdout
        refused = run("shucheng", ledger, "--write")
        assert refused.exit_code == 2
        assert refused.stderr.count("\n") == 1
        assert list(json.loads(run("shucheng", ledger, "--json").stdout)["doubts"]) == ["questions"]
        assert "已写入" in run("shucheng", ledger, "--write", "--anyway").stdout

    def test_rows_with_errors_are_shown_and_nothing_is_adopted(
        self, run: Run, folder: Path, tmp_path: Path
    ) -> None:
        written = contents(folder)
        ledger = write_csv(tmp_path / "b.csv", changed(changed(OFFICE, 1, 纬度="0"), 0, 编号="1"))
        result = run("shucheng", ledger, "--write")
        assert result.exit_code == 1
        assert "整份台账都没有采用" in result.stdout
        assert "「序号」" in result.stdout
        assert contents(folder) == written
        said = json.loads(run("shucheng", ledger, "--json").stdout)
        assert said["check"]["counts"]["quarantined"] == 2

    @pytest.mark.slow
    def test_a_sheet_that_does_not_say_its_datum(self, run: Run, tmp_path: Path) -> None:
        ledger = write_csv(tmp_path / "b.csv", [{**row, "坐标来源": ""} for row in OFFICE])
        assert run("shucheng", ledger).exit_code == 1
        assert run("shucheng", ledger, "--datum", "gcj02").exit_code == 0

    def test_bad_input_is_one_sentence_and_changes_nothing(
        self, run: Run, folder: Path, tmp_path: Path
    ) -> None:
        written = contents(folder)
        good = write_csv(tmp_path / "good.csv", OFFICE)
        other = [{**row, "县": "宽甸"} for row in OFFICE]
        empty = tmp_path / "empty.csv"
        empty.write_text("名称,类型,经度,纬度\n")
        cases: list[tuple[str, Path]] = [
            ("霍山", good),
            ("shucheng", tmp_path / "missing.csv"),
            ("shucheng", empty),
            ("shucheng", write_csv(tmp_path / "other.csv", other)),
            ("shucheng", folder / "stations.geojson"),
            ("shucheng", write_csv(tmp_path / "half.csv", changed(OFFICE, 0, 名称="桥（示意）"))),
            ("shucheng", write_csv(tmp_path / "no.csv", [{"名称": "x", "经度": "1", "纬度": "2"}])),
        ]
        for county, ledger in cases:
            result = run(county, ledger, "--write")
            assert result.exit_code == 2, (county, ledger, result.output)
            assert result.stderr.count("\n") == 1
            assert result.stderr.startswith("locator: ")
            assert contents(folder) == written


@pytest.mark.campaign
@pytest.mark.child
def test_a_county_with_its_own_ledger_builds(data: Path, tmp_path: Path) -> None:
    """From the office's sheet to the release, and the neighbour's is what it was."""
    folder = Path(shutil.copytree(data, tmp_path / "data"))
    ledger = write_xlsx(tmp_path / "台账.xlsx", OFFICE)

    def invoke(*arguments: str) -> Result:
        options = ["--data", str(folder), "--var", str(tmp_path / "var")]
        result = CliRunner().invoke(main, [*options, *arguments])
        assert result.exit_code == 0, result.output
        return result

    def stations(slug: str) -> list[Any]:
        said = invoke("build", slug, "--publish", "--as-of", "2026-11-24", "--json").stdout
        release = Path(json.loads(said)["path"])
        whole = json.loads((release / "public/stations.geojson").read_text("utf-8"))
        found: list[Any] = whole["features"]
        return found

    neighbour = stations("kuandian")
    invoke("adopt", "shucheng", str(ledger), "--write", "--as-of", "2026-11-24")
    mine = [each["properties"] for each in stations("shucheng")]
    assert [each["id"] for each in mine] == IDS
    assert "示意" not in json.dumps(mine, ensure_ascii=False)
    assert {each["provenance"] for each in mine} == {"ledger"}
    assert stations("kuandian") == neighbour
