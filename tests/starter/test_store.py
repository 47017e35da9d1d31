"""The county's own ledger file: taken apart and put together byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.errors import LedgerError
from locator.starter.store import Store, read_store, replaced, store_bytes
from tests.quick import examples

ODD = (
    '\ufeff{ "name" : "a\\"]}", "features" : [ {"type":"Feature",\n "properties":{"a":[1.50,{}]}},'
    '\n\t{"b" : "}],"} ] ,\r\n"crs":{"type": "name"}, "retired": {"1": null},'
    '"type":"FeatureCollection"}'
)


class TestStore:
    def test_features_are_taken_as_they_are_written(self, tmp_path: Path) -> None:
        path = tmp_path / "stations.geojson"
        path.write_text(ODD, "utf-8")
        content, store = read_store(path)
        assert content == ODD.encode()
        assert store.features == (
            '{"type":"Feature",\n "properties":{"a":[1.50,{}]}}', '{"b" : "}],"}',
        )  # fmt: skip
        assert store.retired == {"1": None}
        assert store.beside == {
            "name": '"a\\"]}"', "crs": '{"type": "name"}', "type": '"FeatureCollection"',
        }  # fmt: skip
        path.write_bytes(store_bytes(store))
        assert read_store(path)[1] == store

    def test_the_shipped_ledger_is_written_as_it_is(self, data: Path) -> None:
        content, store = read_store(data / "stations.geojson")
        assert store_bytes(store) == content

    def test_own_features_are_replaced_where_they_stood(self) -> None:
        store = Store(("a", "b", "c", "d", "e"))
        assert replaced(store, {1, 3}, ["x", "y", "z"], {}).features == tuple("axyzce")
        assert replaced(store, set(), ["x"], {}).features == tuple("abcdex")

    def test_what_the_file_says_of_itself_stays_while_it_is_true(self) -> None:
        said = {
            "type": '"FeatureCollection"', "note": '"示意数据"', "source": '"© OSM"',
            "provenance": '"osm"', "name": '"示意"',
        }  # fmt: skip
        store = Store(("a", "b"), beside=said)
        assert replaced(store, {0, 1}, ["x"], {}).beside.keys() == {"type"}
        for own, lines in (({0}, ["x"]), ({0, 1}, ["b", "x"])):
            assert replaced(store, own, lines, {}).beside.keys() == {"type", "source", "name"}
        store = Store(("a", "b"), beside={"note": '"来源：县总工会"'})
        assert "note" in replaced(store, {0}, ["x"], {}).beside

    @pytest.mark.parametrize(
        "text",
        [
            "", "[]", "{}", '{"features": {}}', '{"features": []', '{"features": [], "retired": 1}',
            '{"features": [], "retired": {"1": {"name": 3}}}', "[" * 100_000, '{"features":[1,]}',
            '{"features":[],"retired":{"1":{"name":"\\ud800","kind":"","lon":1,"lat":1}}}',
        ],
    )  # fmt: skip
    def test_what_is_no_store_is_one_sentence(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "stations.geojson"
        path.write_text(text)
        with pytest.raises(LedgerError, match=r"stations\.geojson"):
            read_store(path)

    @given(
        st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=5))),
        st.sampled_from([None, 1]),
    )
    @settings(max_examples=examples(20))
    def test_any_features_come_back(
        self, tmp_path_factory: pytest.TempPathFactory, drawn: list[Any], indent: int | None
    ) -> None:
        path = tmp_path_factory.mktemp("s") / "stations.geojson"
        whole = {"type": "FeatureCollection", "features": drawn}
        path.write_text(json.dumps(whole, indent=indent), "utf-8")
        store = read_store(path)[1]
        assert [json.loads(text) for text in store.features] == drawn
        assert json.loads(store_bytes(store)) == whole
