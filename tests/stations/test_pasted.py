"""Positions pasted into a cell: numbers, degrees with letters, links of map apps."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locator.stations.pasted import degrees, pasted_point
from locator.stations.positions import Contradiction, datums, given_points
from locator.stations.shared_links import GivenPoint

X, Y = "116.95", "31.46"
AMAP, BAIDU, TENCENT = ("高德", "Amap"), ("百度", "Baidu"), ("腾讯", "Tencent")


@pytest.mark.parametrize(
    ("text", "x", "y"),
    [
        ("116.95,31.46", X, Y),
        ("（116.95，31.46）", X, Y),
        ("116.95 31.46", X, Y),
        # A letter or a word for the axis leaves one reading, in either order.
        ("北纬31.46 东经116.95", X, Y),
        ("N31.46 E116.95", X, Y),
        ("31.46N,116.95E", X, Y),
        ("经度：116.95 纬度：31.46", X, Y),
        ("lat=31.46, lng=116.95", X, Y),
        ("鼓楼2号门（北纬31.46，东经116.95）", X, Y),
        ("116°57′03″E 31°27′36″N", "116°57'03\"E", "31°27'36\"N"),
        ("N 31° 27' 36\" E 116° 57' 3\"", "E116°57'3\"", "N31°27'36\""),
        ("东经116度57分3秒，北纬31度27分36秒", "东经116°57'3\"", "北纬31°27'36\""),
        ("116°57′03″,31°27′36″", "116°57'03\"", "31°27'36\""),
    ],
)
def test_numbers_and_degrees(text: str, x: str, y: str) -> None:
    assert pasted_point(text) == GivenPoint(x, y)


LINKS = [
    ("https://uri.amap.com/marker?position=116.95,31.46&name=a", "gcj02"),
    ("uri.amap.com/marker?position=116.95%2C31.46&coordinate=wgs84", "wgs84"),
    ("https://uri.amap.com/navigation?from=116.9,31.4,a&to=116.95,31.46,b&mode=ride", "gcj02"),
    ("https://ditu.amap.com/regeo?lng=116.95&lat=31.46&name=x&src=uriapi", "gcj02"),
    ("https://www.amap.com/?p=B0XX12,31.46,116.95,鼓楼,示意路&src=app", "gcj02"),
    ("https://wb.amap.com/?p=B0XX12%2C31.46%2C116.95%2C%E9%BC%93%2C", "gcj02"),
    ("http://wb.amap.com/?q=31.46,116.95,鼓楼", "gcj02"),
    ("amapuri://route/plan/?dlat=31.46&dlon=116.95&dname=x&dev=0&t=3", "gcj02"),
    ("androidamap://viewMap?lat=31.46&lon=116.95&dev=1", "wgs84"),
    ("http://map.baidu.com/?latlng=31.46,116.95&title=a&autoOpen=true", "bd09"),
    ("https://api.map.baidu.com/marker?location=31.46,116.95&title=a&output=html", "bd09"),
    ("https://api.map.baidu.com/marker?location=31.46,116.95&coord_type=gcj02", "gcj02"),
    ("https://api.map.baidu.com/marker?location=31.46,116.95&coord_type=wgs84ll", "wgs84"),
    ("https://api.map.baidu.com/marker?location=31.46,116.95&coord_type=bd09ll", "bd09"),
    ("baidumap://map/direction?destination=name:a|latlng:31.46,116.95", "bd09"),
    ("https://apis.map.qq.com/uri/v1/marker?marker=coord:31.46,116.95;title:鼓楼", "gcj02"),
    ("https://apis.map.qq.com/uri/v1/routeplan?to=a&tocoord=31.46,116.95&coord_type=1", "wgs84"),
    ("https://map.qq.com/?type=marker&pointx=116.95&pointy=31.46&name=a", "gcj02"),
    ("https://www.openstreetmap.org/?mlat=31.46&mlon=116.95#map=19/31.4/116.9", "wgs84"),
    ("https://maps.apple.com/?ll=31.46,116.95&q=a", None),
    ("https://www.google.com/maps/place/a/@31.4,116.9,17z/data=!3d31.46!4d116.95", None),
    ("geo:31.46,116.95", "wgs84"),
    ("geo:0,0?q=31.46,116.95(a)", "wgs84"),
    ("geo:31.46,116.95;crs=nad27", None),
]


@pytest.mark.parametrize(("link", "datum"), LINKS)
@pytest.mark.parametrize("around", ["{}", "【示意驿站】安徽省示意路 {}", "  {}\n"])
def test_links_say_their_point_and_their_datum(link: str, datum: str | None, around: str) -> None:
    assert pasted_point(around.format(link)) == GivenPoint(X, Y, datum)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("link", "app"),
    [
        ("https://surl.amap.com/abc123", AMAP),
        ("【示意驿站】示意路 https://surl.amap.com/abc123 点击查看", AMAP),
        ("https://www.amap.com/place/B000A83M61", AMAP),
        ("https://uri.amap.com/marker?markers=116.95,31.46,a|116.96,31.47,b", AMAP),
        ("https://j.map.baidu.com/9e/abcd", BAIDU),
        # Where somebody looked, in metres of Baidu's own.
        ("https://map.baidu.com/poi/a/@13018968.6,3693456.7,19z", BAIDU),
        ("https://url.cn/abcd", TENCENT),
        ("https://www.openstreetmap.org/#map=19/31.46/116.95", ("开放街图", "OpenStreetMap")),
        ("https://maps.app.goo.gl/abcd", ("谷歌", "Google")),
    ],
)
def test_a_link_that_hides_its_point_says_whose_it_is(link: str, app: tuple[str, str]) -> None:
    assert pasted_point(link) == GivenPoint("", "", None, app)


@pytest.mark.parametrize(
    "text",
    ["", "116.95", "路口往东 100 米", "https://example.com/?location=1,2", "http://[", "高德地图"],
)
def test_what_gives_no_point(text: str) -> None:
    assert pasted_point(text) is None


@pytest.mark.parametrize(
    ("text", "axis", "value"),
    [
        ("116.95", "lon", 116.95), ("东经116度", "lon", 116.0), ("116°57′03″E", "lon", 116.950833),
        ("31°27′36″", "lat", 31.46), ("31°27.6′N", "lat", 31.46), ("西经1.5", "lon", -1.5),
        ("S12.5", "lat", -12.5),
        # The other axis, no such minute, a figure without a mark.
        ("北纬31.46", "lon", None), ("31°77′", "lat", None), ("116 57 03", "lon", None),
        ("116.5°30′", "lon", None), ("东经某度", "lon", None), ("", "lon", None),
    ],
)  # fmt: skip
def test_degrees(text: str, axis: str, value: float | None) -> None:
    found = degrees(text, axis)  # type: ignore[arg-type]
    assert found is None if value is None else found == pytest.approx(value, abs=1e-6)


TEMPLATES = [
    ("https://uri.amap.com/marker?position={x},{y}&name={name}", "gcj02"),
    ("https://wb.amap.com/?p=B0XX12,{y},{x},{name},", "gcj02"),
    ("https://map.baidu.com/?latlng={y},{x}&title={name}", "bd09"),
    ("https://apis.map.qq.com/uri/v1/marker?marker=coord:{y},{x};title:{name}", "gcj02"),
    ("https://map.qq.com/?type=marker&pointx={x}&pointy={y}&name={name}", "gcj02"),
]


@given(
    st.sampled_from(TEMPLATES),
    st.decimals(-180, 180, places=6),
    st.decimals(-90, 90, places=6),
    st.text(st.characters(categories=["L", "Nd"]), max_size=8),
    st.booleans(),
)
def test_a_link_made_is_read_back(template, x, y, name, encoded) -> None:
    form, datum = template
    link = form.format(x=x, y=y, name=quote(name))
    if encoded:
        head, _, query = link.partition("?")
        link = f"{head}?{query.replace(',', '%2C').replace(':', '%3A')}"
    assert pasted_point(link) == GivenPoint(str(x), str(y), datum)


@given(st.text(max_size=60))
def test_any_text_is_read_or_not(text: str) -> None:
    pasted_point(text)
    pasted_point(f"https://uri.amap.com/{text}")
    degrees(text, "lon")


def test_a_link_may_stand_in_the_cell_of_the_longitude() -> None:
    link = "https://surl.amap.com/x"
    cells = [
        (link, "", ""), ("", link, ""), (link, link, ""), ("", "", link),
        ("116.95", "31.46", link), ("116.95 31.46", "", ""), ("116.95", "", ""),
    ]  # fmt: skip
    lon, lat, whole = zip(*cells, strict=True)
    assert sorted(given_points(lon, lat, whole)) == [0, 1, 2, 3]


class TestDatums:
    LINK = GivenPoint(X, Y, "bd09")

    def of(self, source: str = "", point: GivenPoint | None = None, **said: str | None):
        data = {"source_datum": [source], "source_x": [""], "source_y": [""]}
        voices = {"heading": None, "file": None, "otherwise": "", **said}
        datum, voice, clashes = datums(data, {0: point} if point else {}, **voices)  # type: ignore[arg-type]
        return datum[0], voice[0], clashes.get(0)

    def test_the_nearest_voice_counts(self) -> None:
        assert self.of() == ("", "", None)
        assert self.of(otherwise="wgs84") == ("wgs84", "", None)
        assert self.of(file="gcj02") == ("gcj02", "file", None)
        assert self.of("百度", file="gcj02") == ("bd09", "row", None)
        assert self.of(point=self.LINK) == ("bd09", "link", None)
        assert self.of(heading="bd09") == ("bd09", "heading", None)
        assert self.of("谷歌", heading=None, file="gcj02") == ("", "row", None)

    def test_a_link_against_another_voice(self) -> None:
        assert self.of("高德", self.LINK)[2] == Contradiction("link", "bd09", "row", "gcj02")
        # What is said of the file is said of rows that do not say themselves.
        assert self.of("", self.LINK, file="gcj02")[2] is None
        assert self.of("百度", self.LINK)[2] is None

    def test_a_heading_against_another_voice(self) -> None:
        assert self.of("高德", heading="bd09")[2] == Contradiction(
            "heading", "bd09", "row", "gcj02"
        )
        assert self.of(heading="bd09", file="gcj02")[2] == Contradiction(
            "heading", "bd09", "file", "gcj02"
        )

    def test_the_survey_and_gps_are_one(self) -> None:
        assert self.of("天地图", GivenPoint(X, Y, "wgs84"))[2] is None
