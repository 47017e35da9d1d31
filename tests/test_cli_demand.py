"""`locator demand`: what it tells, what it writes, and what it refuses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from locator.cli import main

Run = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path, data: Path) -> Path:
    """A copy of 宽甸 alone, to change."""
    copy = tmp_path / "data"
    copy.mkdir()
    shutil.copytree(data / "kuandian", copy / "kuandian")
    shutil.copy(data / "stations.geojson", copy)
    return copy


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Run:
    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, ["--data", str(data), "demand", *map(str, arguments)])

    return invoke


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Twelve riders, an order each on every day of a month, in the middle of 宽甸."""
    rows = [f"r{rider},2026-10-{day:02} 11:20,124.785,40.730"
            for day in range(1, 32) for rider in range(12)]  # fmt: skip
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["rider,time,lon,lat", *rows]), "utf-8")
    return path


def test_what_a_county_has(run: Run, data: Path) -> None:
    said = run("kuandian")
    assert said.exit_code == 0
    assert "人数表，来源为示意数据" in said.stdout
    assert "provenance illustrative" in run("kuandian", "--lang", "en").stdout
    report = json.loads(run("kuandian", "--json").stdout)
    assert report["resolutions"] == {"9": report["cells"]}
    sheet = data / "kuandian" / "demand.csv"
    row = sheet.read_text("utf-8").splitlines()[1].split(",")
    at = sheet.read_text("utf-8").splitlines()[0].split(",").index("人数")
    row[at] = "-3"
    with sheet.open("a", encoding="utf-8") as file:
        file.write(",".join(row) + "\n")
    said = run("kuandian")
    assert said.exit_code == 1
    assert "有误，没有算：1 行" in said.stdout
    assert "人数 -3 太小" in said.stdout


def test_a_county_without_demand(run: Run, data: Path) -> None:
    path = data / "kuandian" / "county.toml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("[demand]")], "utf-8")
    said = run("kuandian")
    assert (said.exit_code, said.stdout[:4]) == (0, "需求未知")


def test_cells_from_orders_become_the_countys_demand(
    run: Run, data: Path, orders: Path, tmp_path: Path
) -> None:
    cells = data / "kuandian" / "cells.csv"
    options = ["kuandian", orders, "--from", "orders", "--datum", "gps", "--lag", "75"]
    said = run(*options, "--out", cells)
    assert said.exit_code == 0, said.output
    assert "372 骑手时（整月）" in said.stdout
    assert "r11" not in cells.read_text("utf-8")
    again = run(*options, "--out", cells)
    assert again.exit_code == 2
    assert "--overwrite" in again.stderr
    path = data / "kuandian" / "county.toml"
    text = path.read_text("utf-8")
    text = text[: text.index("[demand]")]
    path.write_text(
        text
        + '[demand]\nfile = "cells.csv"\nformat = "cells"\nprovenance = "orders"\nlag_min = 75\n',
        "utf-8",
    )
    said = run("kuandian")
    assert said.exit_code == 0
    assert "H3 格子表，来源为订单统计" in said.stdout
    assert "月份：2026-10" in said.stdout
    assert "下单到休息（分钟）：75" in said.stdout
    # The county's own file is the month before, and this is not a month after it.
    said = run(*options[:-2], "--out", tmp_path / "x.csv")
    assert said.exit_code == 2
    assert "2026-10" in said.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--from", "orders"], "--out"),
        (["--from", "orders", "--out", "{out}"], "--datum"),
        (
            ["--from", "gps", "--datum", "gps", "--lag", "5", "--out", "{out}"],
            "--lag is for orders",
        ),
        (["--from", "grid", "--datum", "gps", "--out", "{out}"], "none of the options"),
        (["--from", "grid", "--out", "{out}"], "not json"),
    ],
)
def test_what_cannot_be_done(
    run: Run, orders: Path, tmp_path: Path, options: list[str], says: str
) -> None:
    out = tmp_path / "cells.csv"
    said = run("kuandian", orders, *[o.format(out=out) for o in options])
    assert said.exit_code == 2
    assert says in said.stderr.lower()
    assert not out.exists()


def test_options_without_files(run: Run) -> None:
    assert "name the FILES" in run("kuandian", "--month", "2026-10").stderr


def test_traces_do_not_lie_in_the_countys_folder(run: Run, data: Path, orders: Path) -> None:
    inside = data / "kuandian" / "orders.csv"
    shutil.copy(orders, inside)
    said = run("kuandian", inside, "--from", "orders", "--datum", "gps", "--out", "x.csv")
    assert said.exit_code == 2
    assert "骑手轨迹不能放在县的文件夹里" in said.stderr
