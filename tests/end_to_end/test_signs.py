"""Signs of both illustrative counties, and the command that makes them and asks which are stale."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import zxingcpp
from click.testing import CliRunner, Result

from locator.cli import main
from locator.counties import find_county
from locator.outputs.signs.direction import DirectionSigns
from locator.outputs.signs.register import REGISTER
from locator.outputs.signs.sites import read_sign_sites
from locator.outputs.signs.sizes import Paper, paper_size
from locator.release.publish import open_release
from locator.streets.frozen import read_frozen
from tests.outputs.inks import assert_clean

#: They need the releases that the browser's tests build.
pytestmark = pytest.mark.browser


@pytest.fixture
def var(counties_var: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(counties_var, tmp_path / "var"))


def run(data: Path, var: Path, *words: str) -> Result:
    return CliRunner().invoke(
        main, ["--data", str(data), "--var", str(var), "signs", "shucheng", *words]
    )


@pytest.mark.parametrize("slug", ["shucheng", "kuandian"])
@pytest.mark.parametrize("size", ["A4", "A1", "297x210mm"])
def test_no_two_texts_of_any_site_overlap(
    data: Path, counties_var: Path, slug: str, size: str
) -> None:
    county = find_county(data, slug)
    assert county.sign_sites is not None
    sites, failed = read_sign_sites(county.path(county.sign_sites), county.centre)
    assert not failed
    release, streets = open_release(counties_var, slug), read_frozen(county)
    signs = DirectionSigns(release, county, streets, Paper(paper_size(size), lang="both"), "")
    for site, near in zip(sites, signs.surroundings.ways(sites), strict=True):
        sheet, named = signs.sheet(site, near)
        assert named
        assert_clean(sheet)


def test_a_county_of_signs_in_one_command(data: Path, var: Path, tmp_path: Path) -> None:
    out = tmp_path / "signs"
    made = run(data, var, "--kind", "direction", "--size", "A3", "--out", str(out))
    assert made.exit_code == 0, made.output
    files = sorted(out.glob("341523-*.pdf"))
    assert len(files) == 19
    assert [Path(line) for line in made.stdout.splitlines()] == files
    assert len(pdfium.PdfDocument(out / "contact-sheet.pdf")) == 3
    for file in files:
        page = pdfium.PdfDocument(file)[0]
        (code,) = zxingcpp.read_barcodes(page.render(scale=2.5).to_numpy())
        assert code.text.startswith("https://uri.amap.com/marker?")
    kept = (var / "signs" / "shucheng" / REGISTER).read_text("utf-8").splitlines()
    assert len(kept) == 19
    assert json.loads(kept[0])["how"]["size"] == [297.0, 420.0]


def test_stale_signs_are_listed_and_printed_again(data: Path, var: Path, tmp_path: Path) -> None:
    for words in (("--kind", "direction"), ("--kind", "door", "--only", "341523-001")):
        assert run(data, var, *words, "--size", "A3", "--lang", "zh").exit_code == 0
    fresh = run(data, var, "--stale")
    assert fresh.exit_code == 0
    assert fresh.stdout == ""
    # As they would stand there had the ledger been another when they were made.
    path = var / "signs" / "shucheng" / REGISTER
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == 20
    first, door = json.loads(lines[0]), json.loads(lines[-1])
    first["stations"][0]["name"] = door["stations"][0]["name"] = "老名字驿站"
    gone = {**door, "id": "341523-099", "name": "撤了的站",
            "stations": [{**door["stations"][0], "id": "341523-099"}]}  # fmt: skip
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (
        first, *map(json.loads, lines[1:-1]), door, gone)), "utf-8")  # fmt: skip
    listed = run(data, var, "--stale")
    assert listed.exit_code == 1
    assert f"{first['id']} {first['name']}：1 号「老名字驿站」改名为" in listed.stdout
    assert "341523-099 撤了的站：已不在台账里：请取下" in listed.stdout
    again = run(data, var, "--stale", "--reprint", "--out", str(tmp_path / "again"))
    assert again.exit_code == 0, again.output
    made = sorted(file.stem for file in (tmp_path / "again").rglob("341523-*.pdf"))
    assert made == sorted([first["id"], "341523-001"])
    width, height = pdfium.PdfDocument(next((tmp_path / "again").rglob("341523-001.pdf")))[
        0
    ].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (297, 420), "as it was"
    left = run(data, var, "--stale")
    assert [line for line in left.stdout.splitlines() if line[0] != " "] == [
        "341523-099 撤了的站：已不在台账里：请取下"
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reprint",), "--stale"),
        (("--stale", "--size", "A3"), "--size"),
        (("--size", "B9"), "纸张"),
        (("--scale", "1:3"), "比例尺"),
        (("--kind", "direction", "--only", "nowhere"), "nowhere"),
        (("--kind", "direction", "--sites", "/nonexistent.geojson"), "读不了"),
    ],
)
def test_wrong_use_is_said(data: Path, var: Path, words: tuple[str, ...], said: str) -> None:
    result = run(data, var, *words)
    assert result.exit_code == 2
    assert said in result.output
