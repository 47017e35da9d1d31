from __future__ import annotations

import html

import folium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from locator.outputs.markup import Markup, safe, tag
from locator.outputs.words import one_line


@given(st.text())
def test_nothing_with_a_meaning_is_left_and_nothing_is_lost(text: str) -> None:
    made = safe(text)
    assert not set(made) & set("<>\"'`\\${}")
    assert html.unescape(made) == one_line(text)


def test_markup_is_not_escaped_twice() -> None:
    assert tag("p", tag("b", "a < b"), class_="x") == '<p class="x"><b>a &#60; b</b></p>'


def test_attributes_are_escaped_and_none_is_left_out() -> None:
    assert tag("i", title='"><script>', data_x=None) == '<i title="&#34;&#62;&#60;script&#62;"></i>'


@pytest.mark.parametrize(
    "name", ["${alert(22)}", "x`y", "\\u{zz}", "{{7*7}}", "{% raw %}", "驿站${夜间}A"]
)
def test_folium_sees_no_program_in_a_name(name: str) -> None:
    page = folium.Map(tiles=None)
    folium.Marker((0, 0), popup=folium.Popup(Markup(tag("p", name)))).add_to(page)
    script = page.get_root().render()
    assert name not in script
    assert safe(name) in script
