from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locator.errors import UsageError
from locator.outputs.links import map_name, marker_link, navigation_links

GOLDEN = Path(__file__).parents[2] / "web/tests/links.golden.json"
CASES = json.loads(GOLDEN.read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_links_are_those_of_the_documents(case: dict) -> None:
    place = case["lon"], case["lat"], case["name"]
    made = {link.app: link.url for link in navigation_links(*place, src=case["src"])}
    made["amap_marker"] = marker_link(*place, src=case["src"])
    assert made == case["urls"]
    assert list(made) == list(case["urls"]), "order is part of the contract"


def test_only_the_first_needs_the_app_installed() -> None:
    links = navigation_links(116.95, 31.46, "驿站", src="yizhangtu")
    assert [link.scheme for link in links] == [True, False, False, False, False]
    assert all(link.url.startswith("https://") for link in links if not link.scheme)


@given(
    st.text(max_size=40),
    st.floats(73, 135, allow_nan=False),
    st.floats(18, 53.5, allow_nan=False),
)
def test_a_name_never_changes_the_shape_of_a_link(name: str, lon: float, lat: float) -> None:
    plain = navigation_links(lon, lat, "x", src="s")
    for link, reference in zip(navigation_links(lon, lat, name, src="s"), plain, strict=True):
        assert link.url.isascii()
        assert not set(link.url) & set(" \"'<>`{}|\\\n")
        got, expected = urlsplit(link.url), urlsplit(reference.url)
        assert got._replace(query="") == expected._replace(query="")
        fields = parse_qs(got.query, keep_blank_values=True, strict_parsing=True)
        assert list(fields) == list(parse_qs(expected.query))
        if link.app == "tencent":
            assert fields["to"] == [map_name(name)]
        if link.app == "amap_ride":
            assert fields["to"][0].split(",")[2:] == [map_name(name)]


@given(st.text())
def test_a_safe_name_is_one_line_and_stays_as_it_is(name: str) -> None:
    safe = map_name(name)
    assert map_name(safe) == safe
    assert not set(safe) & set(",|&#\n\r\u202e\u2028")
    safe.encode("utf-8")


@pytest.mark.parametrize("place", [(float("nan"), 31.0), (116.0, float("inf")), (181, 0), (0, 91)])
def test_a_position_that_is_none_is_refused(place: tuple[float, float]) -> None:
    with pytest.raises(UsageError, match="degrees"):
        navigation_links(*place, "驿站", src="s")
