"""From points to rider-hours to the cells file, on riders one can count on fingers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import h3
import numpy as np
import pandas as pd
import pytest

from locator.coverage.demand.cells import read_cells, read_header
from locator.coverage.demand.points import Batch, seconds
from locator.coverage.demand.publish import cells_of_traces
from locator.coverage.demand.traces import by_rider, read_month, trim
from locator.errors import DemandError
from locator.geo.datum import convert_datum

PLAZA = (116.95, 31.46)
CELL = h3.latlng_to_cell(PLAZA[1], PLAZA[0], 8)
#: 2026-10: 1 to 7 off, the make-up workdays 20 September and 10 October, weekends.
MONTH = [f"2026-10-{day:02}" for day in range(1, 32)]


def lines(riders: int = 12, time: str = "11:20:00", days: list[str] = MONTH, **at) -> list[str]:
    """Each rider has one order a day."""
    lon, lat = at.get("place", PLAZA)
    first = at.get("first", 0)
    return [f"r{first + n},{day} {time},{lon},{lat}" for day in days for n in range(riders)]


@pytest.fixture
def points(tmp_path: Path):
    def write(
        *rows: str, name: str = "orders.csv", header: str = "骑手,下单时间,经度,纬度"
    ) -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
        return path

    return write


def test_an_order_is_a_rider_who_rests_later(points, county):
    there, month, read = read_month(
        [points(*lines())], county, "orders", month=None, datum="gps", lag_min=75
    )
    assert there.cells == [CELL]
    assert (month.count("workday"), month.count("dayoff")) == (18, 13)
    by_slot = {slot: float(there.hours[there.slot == slot].sum()) for slot in set(there.slot)}
    assert by_slot == {12: 12.0 * 18, 24 + 12: 12.0 * 13}  # 12:35, not 11:20
    assert (read["points"], read["used"], read["days_without_points"]) == (372, 372, 0)


def test_make_up_workdays_are_workdays(points, county):
    """10 October 2026 is a Saturday on which the country works; 1 October a Thursday off."""
    days = ["2026-10-01", "2026-10-10", "2026-10-11", "2026-10-31"]
    there, month, _ = read_month(
        [points(*lines(1, days=days))], county, "orders", month=None, datum="wgs84"
    )
    off = dict(zip((day.isoformat() for day in month.days), month.is_dayoff, strict=True))
    assert [off[day] for day in days] == [True, False, True, True]
    assert there.hours[there.slot < 24].sum() == 1
    assert there.hours[there.slot >= 24].sum() == 3


def test_a_rider_seen_twice_in_an_hour_is_one_rider(points, county):
    other = (117.0, 31.5)
    there, _, _ = read_month(
        [points(*lines(1), *lines(1, "11:40"), *lines(1, "11:50", place=other))],
        county, "orders", month="2026-10", datum="wgs84",
    )  # fmt: skip
    assert there.hours.sum() == pytest.approx(31)
    at = there.cells.index(CELL)
    assert there.hours[there.cell == at].sum() == pytest.approx(31 * 2 / 3)


def test_a_datum_is_declared_and_converted(points, county):
    path = points(*lines())
    with pytest.raises(DemandError, match="坐标从哪抄的"):
        read_month([path], county, "orders", month=None, datum=None)
    with pytest.raises(DemandError, match="坐标从哪抄的"):
        read_month([path], county, "orders", month=None, datum="月球")
    there, _, _ = read_month([path], county, "orders", month=None, datum="百度")
    lon, lat = convert_datum(*PLAZA, source="bd09", target="wgs84")
    assert there.cells == [h3.latlng_to_cell(float(lat), float(lon), 8)]


def test_csv_and_parquet_in_many_spellings_are_one(points, county, tmp_path):
    rows = [row.split(",") for row in lines()]
    local = [
        datetime.fromisoformat(row[1]).replace(tzinfo=ZoneInfo("Asia/Shanghai")) for row in rows
    ]
    table = pd.DataFrame({"rider": [r[0] for r in rows], "lon": PLAZA[0], "lat": PLAZA[1]})
    spellings = {
        "local": [row[1] for row in rows],
        "slashes": [row[1].replace("-", "/") for row in rows],
        "offset": [when.isoformat() for when in local],
        "utc": [when.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ") for when in local],
        "seconds": [int(when.timestamp()) for when in local],
        "milliseconds": [int(when.timestamp() * 1000) for when in local],
    }
    expected, _, _ = read_month([points(*lines())], county, "orders", month=None, datum="gps")
    paths = []
    for name, times in spellings.items():
        written = table.assign(time=times)
        paths.append(tmp_path / f"{name}.csv")
        written.to_csv(paths[-1], index=False)
    table.assign(time=pd.to_datetime(spellings["utc"], utc=True)).to_parquet(
        tmp_path / "utc.parquet"
    )
    table.assign(time=pd.to_datetime(spellings["local"])).to_parquet(tmp_path / "local.parquet")
    paths += [tmp_path / "utc.parquet", tmp_path / "local.parquet"]
    gbk = tmp_path / "gbk.csv"
    gbk.write_bytes(
        "\n".join(["骑手;时间;经度;纬度", *(r.replace(",", ";") for r in lines())]).encode(
            "gb18030"
        )
    )
    for path in [*paths, gbk]:
        there, _, _ = read_month([path], county, "orders", month=None, datum="gps")
        assert there.cells == expected.cells, path
        assert (there.slot == expected.slot).all(), path
        assert there.hours == pytest.approx(expected.hours), path
    # One file a part: the same again.
    parts = [points(*lines()[:100], name="a.csv"), points(*lines()[100:], name="b.csv")]
    there, _, _ = read_month(parts, county, "orders", month=None, datum="gps")
    assert there.hours == pytest.approx(expected.hours)


def test_summer_time_has_an_hour_that_is_not_and_one_that_is_twice():
    times = pd.Series(["2026-03-29 03:30", "2026-10-25 03:30", "2026-07-01 12:00", "bad", "", "-5"])
    found = seconds(times, "Europe/Helsinki")
    noon = int(datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Helsinki")).timestamp())
    assert found.tolist() == [-1, -1, noon, -1, -1, -1]
    mixed = pd.Series([str(noon), "2026-07-01 12:00", f"{noon}000", "2026-07-01T09:00:00Z"])
    assert seconds(mixed, "Europe/Helsinki").tolist() == [noon] * 4


def test_what_is_left_out_is_counted(points, county):
    bad = [
        ",2026-10-02 11:20,116.95,31.46",
        "r1,gestern,116.95,31.46",
        "r1,2026-10-02 11:20,东经,31.46",
        "r1,2026-10-02 11:20,31.46,116.95",
        "r1,2026-10-02 11:20,31.46,16.95",
        "r1,2026-09-30 11:20,116.95,31.46",
        "r1,2026-10-02 11:20,116.95,31.46,a remark",
    ]
    _, _, read = read_month(
        [points(*lines(), *bad)], county, "orders", month="2026-10", datum="gps"
    )
    assert read == {
        "points": 379, "used": 373, "no_rider": 1, "no_time": 1, "no_place": 2, "far": 1,
        "outside": 0, "other_months": 1, "trimmed": 0, "days_without_points": 0,
    }  # fmt: skip


def test_one_rider_is_one_however_the_number_is_written(points, county, tmp_path):
    """Five riders in three spellings each are not fifteen, in one file or in several."""
    text = ["{}", " {}", "{}.0"]
    csv = points(
        *(f"{spelt.format(1001 + n)},{day} 11:20,116.95,31.46"
          for day in MONTH for n in range(5) for spelt in text),
        *(f"{spelt},{MONTH[0]} 11:20,116.95,31.46"
          for spelt in ("A1", "A1 ", "\uff21１", "A\u200b1", "\u200b")),
    )  # fmt: skip
    table = pd.DataFrame(
        {"time": pd.to_datetime([f"{day} 12:20" for day in MONTH for _ in range(5)]),
         "lon": PLAZA[0], "lat": PLAZA[1]}
    )  # fmt: skip
    paths = [csv]
    for name, of in {"float": float, "int": int, "text": lambda n: f"0{n}", "bytes": None}.items():
        ids = [1001 + n for _ in MONTH for n in range(5)]
        written = [str(one).encode() for one in ids] if of is None else [of(one) for one in ids]
        paths.append(tmp_path / f"{name}.parquet")
        table.assign(rider=written).to_parquet(paths[-1])
    there, _, read = read_month(paths, county, "orders", month=None, datum="gps")
    assert len(np.unique(there.rider)) == 6
    assert read["no_rider"] == 1
    text, _ = cells_of_traces(paths, county, "orders", datum="gps")
    assert CELL not in text


def test_a_quotation_mark_takes_no_line_along(points, county):
    """A line with a stray mark is one bad line; rightly quoted ones are read."""
    stray = ['r1,"2026-10-02 11:20,116.95,31.46', '"r2,2026-10-02 11:20,116.95,31.46']
    quoted = ['"r3","2026-10-02 11:20","116.95","31.46"', "", "r4,2026-10-02 11:20"]
    path = points(*lines(), *stray, *lines(), *quoted)
    _, _, read = read_month([path], county, "orders", month=None, datum="gps")
    assert (read["points"], read["used"]) == (748, 745)
    assert (read["no_time"], read["no_place"]) == (2, 1)
    # With a remark that may hold the delimiter, and in which a mark says nothing.
    rows = [f'{row},"near the gate, 5"" left' + '"' * (n % 2) for n, row in enumerate(lines())]
    path = points(*rows, header="骑手,下单时间,经度,纬度,备注")
    _, _, read = read_month([path], county, "orders", month=None, datum="gps")
    assert (read["points"], read["used"]) == (372, 372)


def test_times_without_signs_and_times_that_never_were(points, county):
    noon = int(datetime(2026, 10, 1, 12, 30, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())
    said = ["20261001123000", "2612-01-19 00:00", "20261399123000", f"{noon}000000", "1e300",
            "4102444800", "inf", "-1e300", "9999-12-31"]  # fmt: skip
    found = seconds(pd.Series(said), "Asia/Shanghai")
    assert found[0] == noon
    assert set(found[2:-1].tolist()) == {-1}
    assert seconds(pd.Series([20261001123000, 5]), "Asia/Shanghai").tolist() == [noon, 5]
    rows = [f"r1,{time},116.95,31.46" for time in said]
    _, _, read = read_month(
        [points(*lines(), *rows)], county, "orders", month="2026-10", datum="gps"
    )
    assert (read["no_time"], read["used"]) == (8, 373)


@pytest.mark.parametrize(
    ("rows", "month", "says"),
    [
        (lines(days=MONTH[:20]), None, "only whole months"),
        ([*lines(), "r1,2026-11-30 11:20,116.95,31.46"], None, "choose one with --month"),
        (lines(), "2026-12", "no point is of 2026-12"),
        (lines(), "Oktober", "write it as 2026-10"),
        (lines(place=(31.46, 116.95)), None, "swapped"),
        ([], None, "no usable point"),
    ],
)
def test_months_that_cannot_be_published(points, county, rows, month, says):
    with pytest.raises(DemandError, match=says):
        read_month([points(*rows)], county, "orders", month=month, datum="gps")


def test_files_that_are_no_points(points, county, tmp_path):
    def read(path: Path) -> None:
        read_month([path], county, "orders", month=None, datum="gps")

    with pytest.raises(DemandError, match=r"lacks the columns rider\b.*nobody can count"):
        read(points("1,2", header="经度,纬度,时间"))
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    with pytest.raises(DemandError, match="cannot be read as Parquet"):
        read(tmp_path / "x.parquet")
    with pytest.raises(DemandError, match="cannot be read"):
        read(tmp_path / "nowhere.csv")
    (tmp_path / "image.csv").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xff\xff")
    with pytest.raises(DemandError, match="no text"):
        read(tmp_path / "image.csv")


# --- trips ----------------------------------------------------------------------------------------


def ride(minutes: range, *, rider: int = 0, step_deg: float = 0.001) -> Batch:
    """A point a minute, some 95 m apart, eastward."""
    at = np.array(minutes)
    return Batch(
        np.full(len(at), rider), 60 * at, PLAZA[0] + step_deg * at, np.full(len(at), PLAZA[1])
    )


def test_the_ends_of_a_trip_are_trimmed():
    kept = trim(ride(range(60)))
    assert kept.second.tolist() == [60 * at for at in range(5, 55)]
    # Slowly, it is the 200 m that hide more: 11 m a minute.
    kept = trim(ride(range(60), step_deg=0.0001175))
    assert kept.second.tolist() == [60 * at for at in range(18, 42)]
    # Twenty minutes' silence are one trip, forty end it.
    assert len(trim(both(ride(range(20)), ride(range(40, 60)))).second) == 30
    assert len(trim(both(ride(range(20)), ride(range(60, 80)))).second) == 20
    # A ride around the block that ends where it began hides all near that door.
    there = ride(range(30))
    back = Batch(there.rider, 60 * np.arange(30, 60), there.lon[::-1], there.lat)
    assert trim(both(there, back)).lon.min() > PLAZA[0] + 0.002


def both(*parts: Batch) -> Batch:
    return Batch(*(np.concatenate([getattr(part, name) for part in parts])
                   for name in ("rider", "second", "lon", "lat")))  # fmt: skip


def test_a_phone_that_sends_all_night_does_not_show_the_home():
    """In at 20:00, a point a minute until 06:00, out again: three positions jump away."""
    way_in, night = ride(range(60)), np.arange(60, 660)
    home = float(way_in.lon[-1])
    jitter = 0.0004 * np.sin(night)
    jitter[[100, 300, 301]] = 0.004
    slept = Batch(np.zeros(600, int), 60 * night, home + jitter, np.full(600, PLAZA[1]))
    out = Batch(way_in.rider, 60 * np.arange(660, 720), way_in.lon[::-1], way_in.lat)
    kept = trim(both(way_in, slept, out))
    assert 90 < len(kept.second) <= 100
    assert kept.lon.max() < home - 0.004
    # An hour at the gate of a mall is waiting for orders: riders who are there.
    wait = Batch(np.zeros(60, int), 60 * np.arange(60, 120), np.full(60, home), slept.lat[:60])
    out = Batch(out.rider, out.second - 540 * 60, out.lon, out.lat)
    assert len(trim(both(way_in, wait, out)).second) > 150


def test_days_without_data_are_not_days_without_riders(points, county, tmp_path):
    """Ten days' failure, one of them not quite whole: as many riders a day as without it."""
    whole, _ = made(points(*lines()), county)
    days = [day for day in MONTH if not "2026-10-10" <= day <= "2026-10-19"]
    path = points(*lines(days=days), *lines(1, days=["2026-10-12"]))
    text, account = made(path, county)
    assert account["read"]["days_without_points"] == 10
    assert "# days: 11 workday, 10 dayoff" in text
    assert "# days without data: 10\n" in text
    for one, said in (("whole.csv", whole), ("failed.csv", text)):
        (tmp_path / one).write_text(said, "utf-8")
    riders = [read_cells(tmp_path / one, county).riders for one in ("whole.csv", "failed.csv")]
    assert riders[1] == pytest.approx(riders[0], rel=0.05)
    # A lone rider at work on such a day leaves no trace.
    alone, _ = made(points(*lines(days=days)), county)
    assert [row for row in alone.split("\n") if row.startswith("#")] == [
        row for row in text.split("\n") if row.startswith("#")
    ]


def test_a_riders_points_come_together_again():
    parts = [ride(range(n, n + 10), rider=rider) for n in (0, 10, 20) for rider in (3, 1, 2)]
    batches = list(by_rider(parts, size=35))
    assert [np.unique(batch.rider).tolist() for batch in batches] == [[1, 2], [3]]
    assert sum(len(batch.rider) for batch in batches) == 90
    assert np.concatenate([b.lon for b in batches]).max() == pytest.approx(PLAZA[0] + 0.029)


def test_positions_are_trimmed_on_the_way(points, county):
    """One ride a day of an hour: its middle fifty minutes are seen, in one hour of the clock."""
    rows = [
        f"r{rider},{day} 12:{at:02}:00,{116.95 + at / 1000},31.46"
        for day in MONTH for rider in range(10) for at in range(0, 60, 5)
    ]  # fmt: skip
    there, _, read = read_month([points(*rows)], county, "gps", month=None, datum="gps")
    assert read["trimmed"] == 31 * 10 * 2
    assert there.hours.sum() == pytest.approx(310)


# --- the file -------------------------------------------------------------------------------------


def made(path: Path, county, **options) -> tuple[str, dict]:
    return cells_of_traces([path], county, "orders", **{"datum": "gps", "lag_min": 75, **options})


def test_the_file_reads_back_as_riders_a_day(points, county, tmp_path):
    text, account = made(points(*lines()), county)
    path = tmp_path / "cells.csv"
    path.write_text(text, "utf-8")
    demand = read_cells(path, county)
    assert demand.cells == [CELL]
    # 216 and 156 rider-hours, rounded to 215 and 155, over 18 and 13 days.
    assert demand.riders[0, 12] == pytest.approx(215 / 18, rel=1e-5)
    assert demand.riders[0, 36] == pytest.approx(155 / 13, rel=1e-5)
    assert demand.report["made"] == read_header(path)
    assert (demand.report["made"]["lag_min"], demand.report["made"]["unknown"]) == ("75", "0")
    assert account["rider_hours"] == 372
    assert account["published"]["rounded"] == 370
    assert account["unknown"] == 0
    assert made(points(*lines()[::-1]), county)[0] == text


def test_nothing_in_the_file_tells_of_a_lone_rider(points, county):
    """Neither rows nor header change by riders who are nowhere near ten others."""
    text, account = made(points(*lines()), county)
    lone = lines(1, "03:00", first=99, place=(117.4, 31.9))
    few = lines(9, "19:00", first=200, place=(117.3, 31.0))
    more, counted = made(points(*lines(), *lone, *few), county)
    assert more == text
    assert counted["riders"] == account["riders"] + 10
    assert counted["unknown"] == 310
    assert "r99" not in text


def test_months_follow_each_other(points, county, tmp_path):
    first = tmp_path / "10.csv"
    first.write_text(made(points(*lines()), county)[0], "utf-8")
    days = [f"2026-11-{day:02}" for day in range(1, 31)]
    text, account = made(points(*lines(4, days=days)), county, earlier=first)
    assert account["withheld"] == 2
    assert f"{CELL},workday,12:00-13:00,,\n" in text
    second = tmp_path / "11.csv"
    second.write_text(text, "utf-8")
    read = read_cells(second, county)
    assert (read.cells, read.report["withheld"]) == ([], 2)
    for wrong in (first, second):  # the same month, an earlier one
        with pytest.raises(DemandError, match="once, and after the one before"):
            made(points(*lines()), county, earlier=wrong)
    with pytest.raises(DemandError, match="no cells file made from gps"):
        cells_of_traces([points(*lines(days=days))], county, "gps", datum="gps", earlier=first)
