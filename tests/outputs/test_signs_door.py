from __future__ import annotations

import ctypes
import errno
import json
import re
import tomllib
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image

import locator
from locator.errors import FontError, LocatorError, UsageError
from locator.outputs.drawing import Sheet
from locator.outputs.fonts import font_folder, glyphs
from locator.outputs.links import marker_link
from locator.outputs.signs import batch as run_of_signs
from locator.outputs.signs import door_signs
from locator.outputs.signs.code import check_public_url
from locator.outputs.signs.sign_words import CODES_EN, WORDS
from locator.outputs.signs.sizes import SIZES, Paper, paper_size
from locator.release.publish import Release

from .inks import assert_clean as assert_no_overlap
from .town import PLAIN, STATIONS, write_release

HOST = "https://map.example.cn"
DPI = 150
MM = DPI / 25.4
A4 = Paper(SIZES["A4"], lang="both")

HOSTILE = [
    "#import \"@preview/x:1\": *",
    "#panic(1) #eval(\"1\") #read(\"/etc/passwd\")",
    "$x^2$ *b* _i_ `code` ```typ #x```",
    "@ref <label> \\ // not a comment /* nor this */",
    "= heading",
    "- item + item / term: x",
    "]] }} \") ))",
    "<svg onload=x> & ' \" </text>",
    "{{7*7}} ${alert(22)} %s {0}",
    "\u202egnp.exe\u0000\u0007 驿站\r\n二楼",
    "https://evil.example/?q=1",
    "舒" * 60,
    "W" * 120,
    "=cmd|' /C calc'!A0",
]  # fmt: skip


def text_of(path: Path) -> str:
    document = pdfium.PdfDocument(path)
    text: str = document[0].get_textpage().get_text_range()
    document.close()
    return text


def pixels_of(path: Path, dpi: int = DPI) -> np.ndarray:
    document = pdfium.PdfDocument(path)
    image: np.ndarray = document[0].render(scale=dpi / 72).to_numpy()
    document.close()
    return image


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\ufffe]+", "", text)


@pytest.fixture(scope="module")
def signs(town: Release, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    batch = door_signs(town, tmp_path_factory.mktemp("signs"), A4, public_url=HOST)
    assert batch.failed == ()
    return {path.stem: path for path in batch.written}


def test_each_station_gets_one_page_of_a4(signs: dict[str, Path]) -> None:
    assert list(signs) == [row["id"] for row in STATIONS]
    for path in signs.values():
        document = pdfium.PdfDocument(path)
        assert len(document) == 1
        width, height = (points / 72 * 25.4 for points in document[0].get_size())
        assert (width, height) == (pytest.approx(210, abs=0.05), pytest.approx(297, abs=0.05))


def test_a3_is_a3(tmp_path: Path) -> None:
    one = write_release(tmp_path, stations=STATIONS[:1])
    (path,) = door_signs(
        one, tmp_path / "out", Paper(SIZES["A3"], lang="both"), public_url=HOST
    ).written
    document = pdfium.PdfDocument(path)
    assert len(document) == 1
    width, height = (points / 72 * 25.4 for points in document[0].get_size())
    assert (width, height) == (pytest.approx(297, abs=0.05), pytest.approx(420, abs=0.05))


def test_the_sign_says_what_the_ledger_says(signs: dict[str, Path]) -> None:
    text = squeezed(text_of(signs["341523-001"]))
    for words in (PLAIN, "暖新驿站", "24小时", "会员码", "鼓楼北路12号一楼", "12351",
                  "饮水", "微波炉", "全省最美驿站", "2026-11-20", "2026-10-12", "341523-001",
                  "1:5000", "map.example.cn"):  # fmt: skip
        assert words in text, words
    split = squeezed(text_of(signs["341523-002"]))
    assert "10:30–14:00" in split
    assert "16:30–20:00" in split
    assert "11:00–13:00" in split, "the hours of a service that differ from the door's"
    assert "时间不详" in squeezed(text_of(signs["341523-003"]))
    assert "暂停开放" in squeezed(text_of(signs["341523-005"]))


def test_an_illustrative_sign_says_so_across_the_sheet(
    signs: dict[str, Path], tmp_path: Path
) -> None:
    text = squeezed(text_of(signs["341523-001"]))
    assert "示意点位，现场没有驿站，不可张贴" in text
    assert text.count("示意") >= 4  # the name, the footer, two watermarks
    real = write_release(
        tmp_path, illustrative=False,
        stations=[{**STATIONS[0], "name": "城关暖新驿站"}],
    )  # fmt: skip
    said = squeezed(text_of(door_signs(real, tmp_path / "out", A4, public_url=HOST).written[0]))
    assert "示意" not in said
    assert "©OpenStreetMapcontributors" in said
    assert "审图号：皖S(2026)12号" in said


REAL = [{**row, "name": row["name"].replace("（示意）", "")} for row in STATIONS[:3]]


def test_a_real_station_on_invented_streets_is_not_called_made_up(tmp_path: Path) -> None:
    rows = [{**REAL[0], "provenance": "ledger"}, {**REAL[1], "name": "邻站（示意）",
                                                  "provenance": "illustrative"}]  # fmt: skip
    made = write_release(tmp_path, stations=rows, illustrative=False, streets="illustrative")
    real, invented = (
        squeezed(text_of(path))
        for path in door_signs(made, tmp_path / "out", A4, public_url=HOST).written
    )
    assert "示意点位" not in real
    assert "示意街道" in real, "across the map"
    assert "图上的街道是编的，不可张贴" in real
    assert "示意点位，现场没有驿站，不可张贴" in invented
    assert "邻站" not in real, "no real sign leads to a station that is not there"
    assert "城关暖新驿站" in invented


def test_a_sign_says_where_its_own_station_comes_from(tmp_path: Path) -> None:
    rows = [{**REAL[0], "provenance": "ledger"}, {**REAL[1], "provenance": "surveyed"}]
    made = write_release(tmp_path, stations=rows, illustrative=False, demand="proxy")
    first, second = (
        squeezed(text_of(path))
        for path in door_signs(made, tmp_path / "out", A4, public_url=HOST).written
    )
    assert "来源台账" in first
    assert "来源实地核实" in second
    assert "推算" not in first + second, "a sign says nothing of riders"


def test_a_place_of_osm_gets_no_sign_and_stands_on_none(tmp_path: Path) -> None:
    rows = [REAL[0], {**REAL[1], "name": "街角咖啡", "provenance": "osm"}, REAL[2]]
    made = write_release(tmp_path, stations=rows, illustrative=False)
    batch = door_signs(made, tmp_path / "out", A4, public_url=HOST)
    assert [path.stem for path in batch.written] == [REAL[0]["id"], REAL[2]["id"]]
    assert (batch.failed, batch.from_osm) == ((), 1)
    assert "街角咖啡" not in squeezed("".join(map(text_of, batch.written)))


def test_a_county_of_osm_s_places_alone_is_told_to_adopt_its_ledger(tmp_path: Path) -> None:
    rows = [{**row, "provenance": "osm"} for row in REAL]
    made = write_release(tmp_path, stations=rows, illustrative=False)
    with pytest.raises(UsageError, match=r"3 处站点都取自开放街图.*locator adopt shucheng"):
        door_signs(made, tmp_path / "out", A4, public_url=HOST)
    assert not (tmp_path / "out").exists()


def test_the_code_leads_to_the_station_and_is_large_enough(signs: dict[str, Path]) -> None:
    for station_id, path in signs.items():
        (code,) = zxingcpp.read_barcodes(pixels_of(path))
        assert code.text == f"{HOST}/go/{station_id}"
        assert code.ec_level in "QH"
        corners = code.position
        side = (corners.top_right.x - corners.top_left.x) / MM
        assert side >= 25, "at least 25 mm without the quiet zone"


def test_without_an_address_the_code_opens_the_place_in_amap(tmp_path: Path) -> None:
    one = write_release(tmp_path, stations=STATIONS[:1])
    (path,) = door_signs(one, tmp_path / "out", A4).written
    station = one.stations().iloc[0]
    (code,) = zxingcpp.read_barcodes(pixels_of(path))
    place = station.geometry.x, station.geometry.y, station["name"]
    assert code.text == marker_link(*place, src="yizhangtu")
    assert "uri.amap.com" in squeezed(text_of(path))


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("Rautatientorin lämmittelypaikka ja kahvila", "Mo-Su 18:00-02:00"),
        ("W" * 60, "Mo-Fr 10:00-14:00,17:00-03:00; Sa 20:00-04:00; PH off"),
        (
            "城关镇" * 20,
            "Nov 01-Mar 31 Mo-Fr 07:00-21:00; Apr 01-Oct 31 Mo-Fr 06:00-22:00; Sa,Su 08:00-12:00",
        ),
    ],
)
def test_nothing_runs_over_the_margin(tmp_path: Path, name: str, hours: str) -> None:
    row = {**STATIONS[0], "name": name, "hours": hours}
    real = write_release(tmp_path, stations=[row], illustrative=False)
    (path,) = door_signs(real, tmp_path / "out", A4, public_url=HOST).written
    assert len(pdfium.PdfDocument(path)) == 1
    ink = (pixels_of(path)[..., :3] < 250).any(axis=2)
    margin = int(10.5 * MM)
    assert not ink[:, :margin].any()
    assert not ink[:, -margin:].any()
    assert not ink[-int(5 * MM) :].any()


Box = tuple[float, float, float, float]
WHOLE_WEEK = (
    "Mo-Fr 07:00-11:30,13:00-17:30,18:30-22:00; Sa 09:00-12:00,14:00-18:00; Su 10:00-16:00; PH off"
)
SERVICES = list(
    tomllib.loads((Path(locator.__file__).parent / "vocabulary.toml").read_text("utf-8"))[
        "services"
    ]
)
FULL = {
    **STATIONS[0], "name": "城关暖新驿站", "hours": WHOLE_WEEK, "services": SERVICES,
    "service_hours": dict.fromkeys(SERVICES[:12], "Mo-Fr 17:00-19:00; Sa 09:00-12:00"),
}  # fmt: skip


def lines_of(path: Path) -> list[tuple[str, Box]]:
    """The runs of text on a sign with their boxes (left, bottom, right, top) in mm.

    Without the labels of the map, and the watermarks that lie across the words on purpose.
    """
    (code,) = zxingcpp.read_barcodes(pixels_of(path))
    map_top = 297 - code.position.top_left.y / MM + 6
    document = pdfium.PdfDocument(path)
    assert len(document) == 1
    page, found = document[0].get_textpage(), []
    for index in range(page.count_rects()):
        rect = page.get_rect(index)
        left, bottom, right, top = (side / 72 * 25.4 for side in rect)
        on_the_map = right < 143 and bottom > 11.5 and top < map_top
        if top - bottom < 35 and not on_the_map:
            found.append((page.get_text_bounded(*rect).strip(), (left, bottom, right, top)))
    document.close()
    return found


def assert_clean(path: Path) -> None:
    """No two runs of text intersect, and all of them lie inside the margin."""
    lines = lines_of(path)
    assert len(lines) > 15
    for said, (left, bottom, right, top) in lines:
        assert left > 10.5, said
        assert right < 199.5, said
        assert bottom > 7, said
        assert top < 286.5, said
    for (one, a), (other, b) in combinations(lines, 2):
        wide = min(a[2], b[2]) - max(a[0], b[0])
        high = min(a[3], b[3]) - max(a[1], b[1])
        assert wide < 0.1 or high < 0.1, (path.stem, one, other)


def hours_height(path: Path) -> float:
    """The height of the figures of the first opening hours, in mm."""
    boxes = [box for said, box in lines_of(path) if re.match(r"\d\d:\d\d–|24 小时", said)]
    return boxes[0][3] - boxes[0][1]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "城关镇" * 20},
        {"name": "城关镇" * 20, "status": "temporarily_closed"},
        {"hours": "24/7"},
        {"hours": None, "service_hours": {}},
        {"service_hours": dict.fromkeys(SERVICES, "Mo-Fr 17:00-19:00; Sa 09:00-12:00")},
        {"services": SERVICES[:8]},
    ],
    ids=["full", "name", "closed", "24/7", "unknown", "each with hours", "one row"],
)
@pytest.mark.slow
def test_no_two_texts_touch(tmp_path: Path, changes: dict[str, Any]) -> None:
    row = {**FULL, **changes}
    real = write_release(tmp_path, stations=[row], illustrative=False)
    batch = door_signs(real, tmp_path / "out", A4, public_url=HOST)
    assert batch.failed == ()
    assert_clean(batch.written[0])
    if row["hours"]:
        assert hours_height(batch.written[0]) > 5.9
    text = squeezed(text_of(batch.written[0]))
    for words in (row["name"], "怎么进门", "职工维权热线", "341523-001"):
        assert words in text


@pytest.mark.slow
def test_no_two_texts_touch_in_the_illustrative_county(data: Path, tmp_path: Path) -> None:
    ledger = json.loads((data / "stations.geojson").read_text("utf-8"))["features"]
    rows = [
        {**feature["properties"], "at": (20 * index, 12)}
        for index, feature in enumerate(ledger)
        if feature["properties"]["county"] == "341523"
    ]
    batch = door_signs(
        write_release(tmp_path, stations=rows), tmp_path / "out", A4, public_url=HOST
    )
    assert batch.failed == ()
    assert len(batch.written) == len(rows) > 30
    for path in batch.written:
        assert_clean(path)


@pytest.mark.slow
def test_where_all_does_not_fit_the_map_gives_then_the_services_hours(tmp_path: Path) -> None:
    some = {**FULL, "services": SERVICES[:16], "service_hours": dict.fromkeys(SERVICES[:3], "24/7")}
    rows = [{**STATIONS[0], "id": "roomy"}, {**some, "id": "tight"}, {**FULL, "id": "full"}]
    rows = [{**row, "at": (20 * index, 12)} for index, row in enumerate(rows)]
    release = write_release(tmp_path, stations=rows, illustrative=False)
    paths = {path.stem: path for path in door_signs(release, tmp_path / "out", A4).written}
    sides = {}
    for name, path in paths.items():
        (code,) = zxingcpp.read_barcodes(pixels_of(path, 2 * DPI))
        sides[name] = (code.position.top_right.x - code.position.top_left.x) / MM / 2
        assert sides[name] >= 25
    assert sides["roomy"] > sides["tight"]
    assert "*" not in text_of(paths["tight"])
    assert "*时段见现场告示" in squeezed(text_of(paths["full"])), "Amap does not know the hours"
    (path,) = door_signs(
        write_release(tmp_path / "b", stations=[FULL]), tmp_path / "c", A4, public_url=HOST
    ).written
    assert "*时段见扫码页" in squeezed(text_of(path))


@pytest.mark.slow
def test_a_sign_that_cannot_be_read_is_not_made(tmp_path: Path) -> None:
    spans = "07:00-09:00,11:00-13:00,17:00-19:00"
    days = ("Mo", "Tu", "We", "Th")
    week = "; ".join(f"{day} {spans},20:00-2{n}:00" for n, day in enumerate(days, 1))
    week += "; Fr 08:00-12:00; Sa 09:00-12:00; Su off"
    rows = [
        {**FULL, "hours": week},
        {**STATIONS[1], "name": "名" * 900},
        {**STATIONS[2], "at": (40, 12)},
    ]
    release = write_release(tmp_path, stations=rows)
    batch = door_signs(release, tmp_path / "out", A4, public_url=HOST)
    assert [path.stem for path in batch.written] == ["341523-003"]
    left = sorted(path.stem for path in (tmp_path / "out").iterdir())
    assert left == ["341523-003", "contact-sheet"]
    hours, name = (failure.reason for failure in batch.failed)
    assert "开放时间放不下" in hours
    assert "opening hours do not fit" in hours
    assert "站名" in name
    assert "shorten" in name
    (long,) = door_signs(
        write_release(tmp_path / "b", stations=STATIONS[:1]),
        tmp_path / "c",
        A4,
        public_url=f"https://{'long.' * 60}cn",
    ).failed
    assert "网址放不下" in long.reason


def test_the_hours_of_a_service_break_between_days_only(tmp_path: Path) -> None:
    real = write_release(tmp_path, stations=[{**FULL, "hours": "24/7"}], illustrative=False)
    (path,) = door_signs(real, tmp_path / "out", A4, public_url=HOST).written
    said = [line for line, _ in lines_of(path)]
    assert not [line for line in said if re.search(r"周$|^[六日]|：$|–$", line)]
    assert squeezed(text_of(path)).count("周一至周五17:00–19:00；周六09:00–12:00") == 12


def test_the_code_survives_damage(signs: dict[str, Path]) -> None:
    image = pixels_of(signs["341523-001"]).copy()
    (code,) = zxingcpp.read_barcodes(image)
    middle_x = (code.position.top_left.x + code.position.bottom_right.x) // 2
    middle_y = (code.position.top_left.y + code.position.bottom_right.y) // 2
    image[middle_y - 18 : middle_y + 18, middle_x - 18 : middle_x + 18] = 255
    (again,) = zxingcpp.read_barcodes(image)
    assert again.text == code.text


@pytest.mark.slow
def test_the_scale_bar_and_the_map_are_as_long_as_they_say(tmp_path: Path) -> None:
    """200 m at 1:5000 are 40 mm: the bar, and the way from one street to the next but one."""
    real = write_release(tmp_path, stations=STATIONS[4:], illustrative=False)
    (path,) = door_signs(real, tmp_path / "out", A4, public_url=HOST).written
    document = pdfium.PdfDocument(path)
    dots = 400 / 25.4  # a millimetre
    image = document[0].render(scale=400 / 72).to_numpy()[..., :3].astype(int)
    document.close()
    dark = (image[int(268 * dots) : int(286 * dots), : int(140 * dots)] < 90).all(axis=2)
    assert longest_run(dark) / dots == pytest.approx(40, abs=0.1)
    # Above the station run 花园巷, 梅河路 and 东城路, 200 m apart, as the only white on the map.
    row = image[int(222 * dots), int(12 * dots) : int(142 * dots)]
    edges = np.flatnonzero(np.diff((row > 250).all(axis=1).astype(int)))
    middles = (edges[::2] + edges[1::2]) / 2
    assert len(middles) == 3
    assert np.diff(middles) / dots == pytest.approx(40, abs=0.15)


def longest_run(dark: np.ndarray) -> int:
    """The longest horizontal run of True, in pixels."""
    best = 0
    for row in dark:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]])))
        best = max(best, *(edges[1::2] - edges[::2]), 0)
    return best


def test_the_faces_are_embedded(signs: dict[str, Path]) -> None:
    raw = pdfium.raw
    document = pdfium.PdfDocument(signs["341523-001"])
    faces = set()
    for item in document[0].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=6):
        font = raw.FPDFTextObj_GetFont(item.raw)
        buffer = ctypes.create_string_buffer(100)
        raw.FPDFFont_GetBaseFontName(font, buffer, 100)
        assert raw.FPDFFont_GetIsEmbedded(font) == 1
        faces.add(buffer.value.decode().split("+")[-1])
    assert faces == {"NotoSansSC-Regular", "NotoSansSC-Bold"}


@pytest.mark.slow
def test_the_same_release_gives_the_same_bytes(town: Release, tmp_path: Path) -> None:
    first = door_signs(town, tmp_path / "a", A4, public_url=HOST).written
    second = door_signs(town, tmp_path / "b", A4, public_url=HOST).written
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.slow
def test_hostile_names_are_only_text(tmp_path: Path) -> None:
    rows = [
        {**STATIONS[0], "id": f"341523-h{i:02d}", "name": name, "address": name, "awards": [name],
         "township": name[:8], "at": (i, i)}
        for i, name in enumerate(HOSTILE)
    ]  # fmt: skip
    batch = door_signs(
        write_release(tmp_path, stations=rows), tmp_path / "out", A4, public_url=HOST
    )
    assert batch.failed == ()
    for path, name in zip(batch.written, HOSTILE, strict=True):
        assert len(pdfium.PdfDocument(path)) == 1
        seen = squeezed(re.sub("[\u0000-\u001f\u202e]", "", name))
        assert seen in squeezed(text_of(path)), name
        (code,) = zxingcpp.read_barcodes(pixels_of(path))
        assert code.text == f"{HOST}/go/{path.stem}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "every", [40, pytest.param(1, marks=pytest.mark.campaign)], ids=["slice", "all"]
)
def test_the_list_of_naughty_strings(shared: Path, tmp_path: Path, every: int) -> None:
    """Each is set as text, or refused for a character the font lacks; nothing else happens."""
    names = json.loads((shared / "corpora/blns/blns.json").read_text("utf-8"))[1::every]
    rows = [
        {**STATIONS[2], "id": f"341523-b{i:03d}", "name": name or "（空）", "at": (i, i)}
        for i, name in enumerate(names)
    ]
    batch = door_signs(
        write_release(tmp_path, stations=rows), tmp_path / "out", A4, public_url=HOST
    )
    assert len(batch.written) + len(batch.failed) == len(rows)
    assert len(batch.written) > len(rows) / 2
    assert all("U+" in failure.reason for failure in batch.failed)


def test_a_character_without_a_glyph_stops_only_its_own_sign(tmp_path: Path) -> None:
    rows = [{**STATIONS[0], "name": "𠮷野驿站"}, STATIONS[1]]
    batch = door_signs(
        write_release(tmp_path, stations=rows), tmp_path / "out", A4, public_url=HOST
    )
    assert [path.stem for path in batch.written] == ["341523-002"]
    (failure,) = batch.failed
    assert failure.id == "341523-001"
    assert "「𠮷」(U+20BB7" in failure.reason


def test_the_words_of_signs_ask_for_no_glyph_that_is_missing() -> None:
    known = glyphs(font_folder())
    words = "".join((*(said for pair in WORDS.values() for said in pair), *CODES_EN.values()))
    assert {sign for sign in words if ord(sign) not in known} == set()


def test_a_missing_font_is_named(
    town: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locator.outputs.fonts.web_root", lambda: tmp_path)
    with pytest.raises(FontError, match=r"NotoSansSC-Regular\.ttf"):
        door_signs(town, tmp_path / "out", A4)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "url",
    ["http://localhost:8000", "http://127.0.0.1", "https://[::1]/x", "http://0.0.0.0:80",
     "http://a.localhost", "map.example.cn", "javascript:alert(1)", "https://", "https://a.cn/?x=1"],
)  # fmt: skip
def test_an_address_that_no_phone_reaches_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="public"):
        check_public_url(url)


@pytest.mark.parametrize(
    "url", ["https://map.example.cn/", "http://10.1.2.3:8000", "https://a.cn/x"]
)
def test_other_addresses_are_taken(url: str) -> None:
    assert check_public_url(url) == url.rstrip("/")


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(UsageError, match="A4"):
        paper_size("B7")


def drawn(tmp_path: Path, paper: Paper, row: dict[str, Any] = STATIONS[0]) -> Path:
    """The sign of one real station."""
    real = write_release(
        tmp_path / "r", stations=[{**row, "name": row["name"].replace("（示意）", "")}],
        illustrative=False,
    )  # fmt: skip
    batch = door_signs(real, tmp_path / "out", paper, public_url=HOST)
    assert batch.failed == ()
    return batch.written[0]


@pytest.mark.parametrize("size", ["A4", "A1", "297x210mm", "600x400mm", "300x300mm", "148x210mm"])
def test_the_page_is_as_large_as_asked_for_and_all_lies_on_it(tmp_path: Path, size: str) -> None:
    paper = paper_size(size)
    path = drawn(tmp_path, Paper(paper, lang="both"))
    document = pdfium.PdfDocument(path)
    page = document[0]
    assert [side / 72 * 25.4 for side in page.get_size()] == pytest.approx(paper, abs=0.05)
    scale = 1600 / max(page.get_size())
    image = page.render(scale=scale).to_numpy()[..., :3]
    document.close()
    mm = scale * 72 / 25.4
    ink = (image < 250).any(axis=2)
    u = min(min(paper) / 210, max(paper) / 297)
    side, below = int(10.5 * u * mm), int(7 * u * mm)
    assert not ink[:, :side].any()
    assert not ink[:, -side:].any()
    assert not ink[:side].any()
    assert not ink[-below:].any()
    (code,) = zxingcpp.read_barcodes(image)
    assert code.text == f"{HOST}/go/341523-001"
    assert (code.position.top_right.x - code.position.top_left.x) / mm >= 24.7


@pytest.mark.parametrize(
    "size", ["A4", "A1", "297x210mm", "300x300mm", "148x210mm", "400x200mm", "200x500mm"]
)
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_no_two_texts_overlap_on_any_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: str, lang: Any
) -> None:
    sheets: list[Sheet] = []
    monkeypatch.setattr(
        run_of_signs, "sheet_bytes", lambda sheet, *_, **__: sheets.append(sheet) or b""
    )
    rows = [
        {**FULL, "id": "many", "hours": "Mo-Fr 08:00-12:00,14:00-20:00; PH off"},
        {**FULL, "id": "own", "services": SERVICES[:7]},
        {**STATIONS[3], "at": (40, 12), "address": "城关镇 A 座" * 9, "awards": ["最美" * 9] * 2},
        STATIONS[4],
    ]
    made = write_release(tmp_path, stations=rows, illustrative=False)
    paper = Paper(paper_size(size), lang=lang)
    batch = door_signs(made, tmp_path / "out", paper, public_url=HOST)
    assert {failure.id for failure in batch.failed} <= ({"many"} if "148" in size else set())
    assert len(sheets) == 4 - len(batch.failed)
    for sheet in sheets:
        assert_no_overlap(sheet)


@pytest.mark.parametrize(("size", "scale"), [("A4", 5000), ("A3", 4000), ("A1", 2000)])
def test_the_map_shows_the_same_blocks_on_any_paper(tmp_path: Path, size: str, scale: int) -> None:
    assert f"1:{scale} " in text_of(drawn(tmp_path, Paper(SIZES[size])))
    assert "1:2500 " in text_of(drawn(tmp_path / "b", Paper(SIZES[size], scale=2500)))


def test_the_sign_speaks_the_language_asked_for(tmp_path: Path) -> None:
    row = {**STATIONS[4], "service_hours": {"drinking_water": "Mo-Su 11:00-13:00; Sa off"}}
    said = {
        lang: squeezed(text_of(drawn(tmp_path / lang, Paper(SIZES["A4"], lang=lang), row)))
        for lang in ("zh", "en", "both")
    }
    for words in ("Openinghours", "Closedfornow", "Hereyoufind", "Warmstation", "Scanfortheway"):
        assert words not in said["zh"], words
        assert words in said["en"], words
        assert words in said["both"], words
    for words in ("开放时间", "暂停开放", "法定节假日", "刷脸", "饮水", "来源实地核实"):
        assert words in said["zh"], words
        assert words not in said["en"], words
        assert words in said["both"], words
    for words in ("MondaytoFriday08:00", "Facescan", "Drinkingwater", "11:00–13:00;Saturday"):
        assert words in said["en"], words
    names = "河畔暖新驿站城关镇皖号东城路梅河路滨河路花园巷"
    assert set(re.findall(r"[\u3400-\u9fff]", said["en"])) <= set(names), "but for names"


def test_a_township_that_says_the_county_is_not_said_twice(tmp_path: Path) -> None:
    row = {**STATIONS[4], "township": "舒城县经济开发区"}
    assert squeezed(text_of(drawn(tmp_path, A4, row))).count("舒城县") == 1


def test_an_svg_brings_its_letters_and_a_png_its_dots(tmp_path: Path) -> None:
    svg = drawn(tmp_path / "a", Paper(SIZES["A4"], format="svg"))
    assert svg.name == "341523-001.svg"
    root = ElementTree.fromstring(svg.read_text("utf-8"))
    assert (root.get("width"), root.get("height")) == ("210mm", "297mm")
    assert root.find("{http://www.w3.org/2000/svg}title").text == "城关暖新驿站 · 暖新驿站"
    assert not [element for element in root.iter() if element.tag.endswith("}text")]
    png = drawn(tmp_path / "b", Paper(SIZES["A4"], format="png"))
    image = Image.open(png)
    assert image.size == (1240, 1754)
    (code,) = zxingcpp.read_barcodes(image)
    assert code.text == f"{HOST}/go/341523-001"


def test_a_bleed_is_around_the_trim_with_crop_marks(tmp_path: Path) -> None:
    document = pdfium.PdfDocument(drawn(tmp_path, Paper(SIZES["A4"], bleed=3.0)))
    page = document[0]
    left, bottom, right, top = (side / 72 * 25.4 for side in page.get_trimbox())
    assert (right - left, top - bottom) == (
        pytest.approx(210, abs=0.05),
        pytest.approx(297, abs=0.05),
    )
    assert left == pytest.approx(8, abs=0.05)
    assert page.get_bleedbox()[0] / 72 * 25.4 == pytest.approx(5, abs=0.05)
    image = page.render(scale=200 / 72).to_numpy()[..., :3]
    document.close()
    mm = 200 / 25.4
    assert (image[int(2 * mm), int(7.5 * mm) : int(8.5 * mm)] < 200).any(), (
        "a mark above the corner"
    )


def test_a_run_has_a_contact_sheet_and_tells_how_far_it_is(town: Release, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    batch = door_signs(
        town, tmp_path, A4, public_url=HOST, done=lambda made, of: told.append((made, of))
    )
    assert told == [(at, 5) for at in range(1, 6)]
    assert batch.contact_sheet == tmp_path / "contact-sheet.pdf"
    said = squeezed(text_of(batch.contact_sheet))
    for sign in batch.made:
        assert sign.id in said
        assert sign.stations == (sign.id,)
        assert sign.name[:12] in said


def test_a_full_disk_is_said_of_each_sign_and_the_others_are_still_tried(
    town: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(path: Path, content: bytes) -> None:
        if path.stem in ("341523-002", "contact-sheet"):
            raise OSError(errno.ENOSPC, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr(run_of_signs, "write_atomically", write)
    batch = door_signs(town, tmp_path, A4, public_url=HOST)
    assert [path.stem[-3:] for path in batch.written] == ["001", "003", "004", "005"]
    assert [failure.id for failure in batch.failed] == ["341523-002", "contact-sheet.pdf"]
    assert "No space left" in batch.failed[0].reason
    assert batch.contact_sheet is None


def test_paper_too_narrow_for_the_words_is_said_by_sign(tmp_path: Path) -> None:
    row = {**FULL, "name": "城关镇" * 20}
    real = write_release(tmp_path, stations=[row, STATIONS[2]], illustrative=False)
    batch = door_signs(real, tmp_path / "out", Paper(paper_size("148x210mm")), public_url=HOST)
    assert [failure.id for failure in batch.failed] == ["341523-001"]
    assert "放不下" in batch.failed[0].reason


def test_a_folder_that_is_a_file_is_one_clear_sentence(town: Release, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(LocatorError, match="cannot be written"):
        door_signs(town, tmp_path / "out", A4)


def test_a_countys_own_words_are_said(tmp_path: Path) -> None:
    row = {**STATIONS[0], "kind": "tea_house", "services": ["drinking_water", "sauna"]}
    release = write_release(tmp_path, stations=[row])
    release.manifest["services"]["sauna"] = {"zh": "桑拿", "en": "Sauna", "icon": None}
    (path,) = door_signs(release, tmp_path / "out", A4, public_url=HOST).written
    text = squeezed(text_of(path))
    assert "桑拿" in text
    assert "tea_house" in text, "a code without words is its own name"
