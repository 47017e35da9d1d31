"""Direction signs, on paper units and on pixels."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
import zxingcpp
from numpy.typing import NDArray

from locator.counties import find_county
from locator.county import County
from locator.errors import FontError, UsageError
from locator.outputs import fonts
from locator.outputs.drawing import arrow
from locator.outputs.palette import tokens
from locator.outputs.signs import batch as run_of_signs
from locator.outputs.signs import direction_signs
from locator.outputs.signs.batch import SignBatch
from locator.outputs.signs.sites import SignSite, read_sign_sites
from locator.outputs.signs.sizes import Paper, default_scale, map_scale, paper_size
from locator.release.publish import Release
from locator.streets.graph import StreetGraph
from locator.streets.osm import read_streets

from .inks import assert_clean
from .town import STATIONS, lonlat, write_release, write_streets

A4 = Paper(paper_size("A4"))
DPI = 300
MM = DPI / 25.4
HOST = "https://map.example.cn"
#: Where the town's two major roads cross.
PLAZA = SignSite("341523-g01", "鼓楼广场（示意）", *lonlat(0, 0), 0.0, "illustrative")
Make = Callable[..., SignBatch]


@pytest.fixture(scope="module")
def county(data: Path) -> County:
    return find_county(data, "shucheng")


@pytest.fixture(scope="module")
def streets(tmp_path_factory: pytest.TempPathFactory) -> StreetGraph:
    return read_streets(write_streets(tmp_path_factory.mktemp("streets")))


@pytest.fixture
def make(town: Release, county: County, streets: StreetGraph, tmp_path: Path) -> Make:
    def made(
        *sites: SignSite, paper: Paper = A4, release: Release = town, **more: Any
    ) -> SignBatch:
        more = {"public_url": HOST, **more}
        return direction_signs(
            release, county, sites or [PLAZA], streets, tmp_path / "out", paper, **more
        )

    return made


def page(path: Path) -> pdfium.PdfPage:
    document = pdfium.PdfDocument(path)
    assert len(document) == 1
    return document[0]


def pixels(path: Path, dpi: int = DPI) -> NDArray[np.uint8]:
    image: NDArray[np.uint8] = page(path).render(scale=dpi / 72, rev_byteorder=True).to_numpy()
    return image[:, :, :3]


def words_of(path: Path) -> str:
    return re.sub(r"\s+", "", page(path).get_textpage().get_text_range())


def near(image: NDArray[np.uint8], colour: str, tolerance: int = 12) -> NDArray[np.bool_]:
    rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    return np.asarray((np.abs(image.astype(int) - rgb) <= tolerance).all(axis=2))


@pytest.mark.parametrize(
    ("size", "width", "height"),
    [("A4", 210, 297), ("A3", 297, 420), ("A1", 594, 841), ("600x900mm", 600, 900),
     ("420x297mm", 420, 297)],
)  # fmt: skip
def test_the_page_is_as_large_as_asked(make: Make, size: str, width: float, height: float) -> None:
    (path,) = make(paper=Paper(paper_size(size))).written
    assert [side / 72 * 25.4 for side in page(path).get_size()] == [
        pytest.approx(width, abs=0.05), pytest.approx(height, abs=0.05)
    ]  # fmt: skip
    assert "鼓楼广场" in words_of(path)


def test_a_bleed_lies_around_the_cut(make: Make) -> None:
    (path,) = make(paper=replace(A4, bleed=3)).written
    media, bleed, cut = (
        [side / 72 * 25.4 for side in box]
        for box in (page(path).get_mediabox(), page(path).get_bleedbox(), page(path).get_trimbox())
    )
    assert [cut[2] - cut[0], cut[3] - cut[1]] == pytest.approx([210, 297], abs=0.05)
    assert [bleed[2] - bleed[0], bleed[3] - bleed[1]] == pytest.approx([216, 303], abs=0.05)
    assert media[2] > bleed[2]


@pytest.mark.parametrize(
    "said", ["A5", "0x0", "100x200mm", "9000x9000", "2000x400", "a4 please", "210x"]
)
def test_no_such_paper(said: str) -> None:
    with pytest.raises(UsageError, match="纸"):
        paper_size(said)


def test_scales() -> None:
    assert map_scale("1:2500") == map_scale("2500") == 2500
    for said in ("0", "1:20", "1:999999", "abc"):
        with pytest.raises(UsageError, match="比例尺"):
            map_scale(said)
    assert [default_scale((side, side)) for side in (190, 269, 538, 50)] == [
        7500, 5000, 2500, 10_000
    ]  # fmt: skip


@pytest.mark.parametrize(("size", "scale"), [("A4", 5000), ("A4", 2000), ("A3", 4000)])
def test_the_scale_bar_is_as_long_as_it_says(make: Make, size: str, scale: int) -> None:
    (path,) = make(paper=Paper(paper_size(size), scale=scale)).written
    (said,) = re.findall(r"(\d+)米北", words_of(path))
    ink = near(pixels(path), tokens()["ink"], 6)
    half = ink[ink.shape[0] // 3 : int(ink.shape[0] * 0.75), ink.shape[1] // 2 :]
    runs = [
        int(np.diff(np.flatnonzero(np.diff(np.concatenate([[0], row, [0]])))).max(initial=0))
        for row in half
    ]
    assert max(runs) / MM == pytest.approx(int(said) * 1000 / scale, abs=0.25)


def middle_of_marker(image: NDArray[np.uint8]) -> tuple[float, float]:
    """The white point in the black disc under the way ahead, in mm from the upper left."""
    ink = near(image, tokens()["ink"], 10)
    disc = ring_of(ink)
    rows, columns = np.nonzero(disc)
    return columns.mean() / MM, rows.mean() / MM


def ring_of(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of dark pixels those in the middle third of the page that fill a ring of 3.4 mm."""
    from scipy import ndimage

    labels, count = ndimage.label(ink)
    sizes = ndimage.sum(ink, labels, range(1, count + 1))
    wanted = np.pi * (3.4**2 - 1.2**2) * MM**2
    ring = int(np.argmin(np.abs(sizes - wanted))) + 1
    assert sizes[ring - 1] == pytest.approx(wanted, rel=0.06)
    return np.asarray(labels == ring)


def test_the_reader_stands_where_the_streets_cross(make: Make) -> None:
    (path,) = make(paper=replace(A4, scale=2500)).written
    image = pixels(path)
    x, y = middle_of_marker(image)
    road = near(image, tokens()["map-major"], 4)
    # Over some millimetres, since a name may hide the street in one.
    above = np.flatnonzero(road[round((y - 40) * MM) : round((y - 16) * MM)].any(axis=0))
    beside = np.flatnonzero(road[:, round((x + 16) * MM) : round((x + 40) * MM)].any(axis=1))
    assert (above.min() + above.max()) / 2 / MM == pytest.approx(x, abs=0.5)
    assert (beside.min() + beside.max()) / 2 / MM == pytest.approx(y, abs=0.5)


@pytest.mark.parametrize("facing", [0, 90, 137, 180, 300])
def test_up_is_where_the_reader_looks(make: Make, facing: float) -> None:
    """Number 1 stands about the reader as its bearing says, less the way the reader looks."""
    (path,) = make(replace(PLAZA, facing=float(facing)), paper=replace(A4, scale=4000)).written
    text = page(path).get_textpage()
    height = page(path).get_size()[1]
    found = []
    for at in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(at)
        if text.get_text_range(at, 1) == "2" and 100 < (height - top) / 72 * 25.4 < 200:
            found.append(
                ((left + right) / 2 / 72 * 25.4, (height - (top + bottom) / 2) / 72 * 25.4)
            )
    x, y = middle_of_marker(pixels(path))
    turns = [np.degrees(np.arctan2(fx - x, y - fy)) % 360 for fx, fy in found]
    canteen = np.degrees(np.arctan2(-188, 15)) % 360
    off = [abs((turn - (canteen - facing) + 180) % 360 - 180) for turn in turns]
    assert min(off) < 2


def test_an_arrow_points() -> None:
    for bearing, tip in ((0, (0, -5)), (90, (5, 0)), (180, (0, 5)), (270, (-5, 0))):
        (head,) = arrow(0, 0, 10, bearing)
        assert head[0] == pytest.approx(tip, abs=1e-9)


def test_the_sign_says_which_way_to_go(make: Make) -> None:
    (path,) = make().written
    said = words_of(path)
    for words in (
        "深夜也开，离这里最近", "城关暖新驿站", "每天24小时", "附近还有", "江城小哥食堂河西店",
        "时间不详",
        "您在此", "步行5分钟", "扫码去1号站", "map.example.cn", "12351", "资料日期2026-11-20",
        "2027-05-20前须复核", "1:7500", "示意点位，现场没有驿站，不可张贴",
    ):  # fmt: skip
        assert words in said, words
    assert "友好小区" not in said, "an estate is no stop"
    assert "河畔暖新驿站" not in said, "it is closed for now"


def test_both_languages(make: Make) -> None:
    chinese, english, both = (
        words_of(make(paper=replace(A4, lang=lang)).written[0])  # type: ignore[arg-type]
        for lang in ("zh", "en", "both")
    )
    assert "Nearest" not in chinese
    assert "Nearestoneopenlateatnight" in english
    assert "深夜" not in english
    assert "深夜也开" in both
    assert "Nearestoneopenlateatnight" in both


@pytest.mark.parametrize("url", [HOST, ""])
@pytest.mark.parametrize("damaged", [False, True])
def test_every_code_is_read_even_damaged(make: Make, url: str, damaged: bool) -> None:
    (path,) = make(public_url=url).written
    image = pixels(path, 200)
    (code,) = zxingcpp.read_barcodes(image)
    corners = [code.position.top_left, code.position.bottom_right]
    side = corners[1].x - corners[0].x
    assert side / 200 * 25.4 >= 25 - 0.3
    if damaged:  # 15 % of its area, between the three corners that a reader needs
        image = image.copy()
        edge = round(side * 0.15**0.5)
        x, y = corners[0].x + (side - edge) // 2 + side // 9, corners[0].y + (side - edge) // 2
        image[y : y + edge, x : x + edge] = 255
        (code,) = zxingcpp.read_barcodes(image)
    start = f"{HOST}/go/341523-001" if url else "https://uri.amap.com/marker?"
    assert code.text.startswith(start)
    assert code.ec_level == ("H" if url else "Q")


@pytest.mark.parametrize("size", ["A4", "A1", "297x210mm", "300x300mm"])
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_no_two_texts_overlap_and_all_is_within_the_margin(
    make: Make, monkeypatch: pytest.MonkeyPatch, size: str, lang: Any
) -> None:
    sheets = []
    monkeypatch.setattr(
        run_of_signs, "sheet_bytes", lambda sheet, *_, **__: sheets.append(sheet) or b""
    )
    site = replace(PLAZA, facing=33.0)
    assert not make(site, paper=Paper(paper_size(size), lang=lang)).failed
    (sheet,) = sheets
    assert_clean(sheet)


def test_the_same_input_gives_the_same_bytes(make: Make) -> None:
    first = make().written[0].read_bytes()
    assert make().written[0].read_bytes() == first


@pytest.mark.parametrize(("format_", "start"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_for_screens(make: Make, format_: Any, start: bytes) -> None:
    (path,) = make(paper=replace(A4, format=format_)).written
    content = path.read_bytes()
    assert path.suffix == f".{format_}"
    assert content.startswith(start)
    if format_ == "svg":
        assert b"<text" not in content, "words are outlines, which need no font"
        assert b'width="210mm"' in content
    else:
        assert int.from_bytes(content[16:20], "big") == round(210 / 25.4 * 150)


def test_a_batch_shows_itself_small(make: Make) -> None:
    sites = [replace(PLAZA, id=f"341523-g{number:02}") for number in range(1, 12)]
    told = []
    batch = make(*sites, done=lambda made, of: told.append((made, of)))
    assert len(batch.written) == 11
    assert told[-1] == (11, 11)
    assert batch.contact_sheet is not None
    assert len(pdfium.PdfDocument(batch.contact_sheet)) == 2
    said = pdfium.PdfDocument(batch.contact_sheet)[1].get_textpage().get_text_range()
    assert "341523-g11" in said


# ── bad input ────────────────────────────────────────────────────────────────────────────────


def test_a_bad_site_is_named_and_the_others_are_made(make: Make) -> None:
    lake = replace(PLAZA, id="lake", lon=lonlat(0, -420)[0], lat=lonlat(0, -420)[1])
    far = replace(PLAZA, id="far", lon=lonlat(3000, 3000)[0], lat=lonlat(3000, 3000)[1])
    glyph = replace(PLAZA, id="glyph", name="广场𠮷𓀀")
    long = replace(PLAZA, id="long", name="很长的" * 40)
    batch = make(lake, far, glyph, long, PLAZA)
    assert [sign.id for sign in batch.made] == ["far", "341523-g01"]
    reasons = {sign.id: sign.reason for sign in batch.failed}
    assert "在水里" in reasons["lake"]
    assert "U+13000" in reasons["glyph"]
    assert "放不下" in reasons["long"]
    (remark,) = batch.remarks
    assert remark.id == "far"
    assert "约" in words_of(batch.made[0].path)


def test_a_long_name_and_unknown_hours(make: Make, tmp_path: Path) -> None:
    rows = [
        {**STATIONS[0], "name": "舒" * 60 + "（示意）", "hours": None},
        {**STATIONS[1], "name": "舒" * 60 + "（示意）"},
    ]
    batch = make(release=write_release(tmp_path, stations=rows))
    assert not batch.failed
    said = words_of(batch.written[0])
    assert said.count("舒") >= 120
    assert "时间不详" in said
    assert "离这里最近" in said


def test_nowhere_to_go(make: Make, tmp_path: Path) -> None:
    batch = make(release=write_release(tmp_path, stations=STATIONS[4:]))
    assert "一小时车程内没有站点" in words_of(batch.written[0])


def test_nobody_is_sent_farther_than_an_hour(make: Make) -> None:
    away = replace(PLAZA, lon=PLAZA.lon + 0.9)
    assert "一小时车程内没有站点" in words_of(make(away).written[0])


def test_a_site_without_a_facing_has_north_up_and_says_so(make: Make) -> None:
    batch = make(replace(PLAZA, facing=None))
    said = words_of(batch.written[0])
    assert "图的上方是北" in said
    assert "正前方" not in said
    assert "没有朝向" in batch.remarks[0].reason


def test_the_arrow_sets_out_along_the_street(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a corner of the grid the canteen lies north-west, and the street leads north or west."""
    turns: list[float] = []

    def pointing(x: float, y: float, side: float, bearing: float) -> Any:
        turns.append(bearing)
        return arrow(x, y, side, bearing)

    monkeypatch.setattr("locator.outputs.signs.direction_stations.arrow", pointing)
    corner = replace(PLAZA, lon=lonlat(200, -200)[0], lat=lonlat(200, -200)[1])
    make(corner, paper=replace(A4, facing=10.0))
    ahead = (turns[0] + 10) % 360
    assert min(abs(ahead - street) for street in (0, 270, 360)) < 20


def test_the_ride_is_measured_along_the_streets(make: Make) -> None:
    """From 400 m east and 400 m north of the warm station the streets are 800 m long."""
    corner = replace(PLAZA, lon=lonlat(412, 412)[0], lat=lonlat(412, 412)[1])
    said = words_of(make(corner).written[0])
    assert "骑行5分钟800米" in said, said[:200]


def test_a_real_sign_never_leads_to_a_made_up_station(make: Make, tmp_path: Path) -> None:
    rows = [
        {**STATIONS[0], "provenance": "illustrative"},
        {**STATIONS[1], "name": "真食堂", "provenance": "ledger"},
    ]
    real = replace(PLAZA, name="真广场", provenance="ledger")
    said = words_of(make(real, release=write_release(tmp_path, stations=rows)).written[0])
    assert "真食堂" in said
    assert "城关暖新驿站" not in said


def test_a_full_disk_is_said_of_the_sign(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    write = run_of_signs.write_atomically

    def full(path: Path, content: bytes) -> None:
        if path.stem == "b":
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, content)

    monkeypatch.setattr(run_of_signs, "write_atomically", full)
    batch = make(*(replace(PLAZA, id=name) for name in "abc"))
    assert [sign.id for sign in batch.made] == ["a", "c"]
    assert "No space left" in batch.failed[0].reason


def test_a_missing_font_is_named(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FACES", ("NotoSansSC-Gone.ttf",))
    with pytest.raises(FontError, match=r"NotoSansSC-Gone\.ttf"):
        make()


def test_sites_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    def feature(properties: Any, coordinates: Any = (116.95, 31.46), kind: str = "Point") -> Any:
        return {"properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}

    good = {"id": "a-1", "name": "公园", "facing": 350}
    features = [
        feature(good), feature(good), feature({**good, "id": "Ä 2"}), feature(None),
        feature({**good, "id": "b"}, (31.46, 116.95)), feature({**good, "id": "c"}, ("x", 1)),
        feature({**good, "id": "d", "facing": 999}), feature({**good, "id": "e", "name": " "}),
        feature({**good, "id": "f"}, [[1, 2]], "LineString"), "no feature",
        feature({**good, "id": "g"}, (100.0, 20.0)),
    ]  # fmt: skip
    path = tmp_path / "sites.geojson"
    path.write_text(json.dumps({"features": features}), "utf-8")
    sites, failed = read_sign_sites(path, (116.95, 31.46))
    assert [(site.id, site.facing) for site in sites] == [("a-1", 350.0)]
    assert len(failed) == 10
    assert "颠倒" in failed[3].reason, "latitude first"
    assert all(sign.reason for sign in failed)
