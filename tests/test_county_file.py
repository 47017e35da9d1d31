"""Keys change, the rest of the file does not; what would not load is not written."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locator.county import load_county
from locator.county_file import write_keys
from locator.errors import ConfigError

TOML = """\
# 纸上县: drawn on paper.
code = "990101"  # not a real code
name_zh = "纸上县"
name_en = "Paper County"
centre = [116.95, 31.46]
ledgers = ["stations.geojson"]
townships = [
  "城关镇", "河棚镇",  # two of them
]

# The ways.
[streets]
file = "streets.osm"   # the whole county
provenance = "osm"

# Made up.
[demand]
file = "demand.csv"
provenance = "illustrative"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "county.toml").write_bytes(TOML.encode())
    return folder


def text(folder: Path) -> str:
    return (folder / "county.toml").read_bytes().decode()


def test_a_changed_key_leaves_the_other_lines_alone(folder: Path) -> None:
    write_keys(folder, {"streets.file": "streets-2026-11-24.osm.pbf"})
    assert text(folder) == TOML.replace('"streets.osm"', '"streets-2026-11-24.osm.pbf"')


def test_new_keys_go_where_they_belong(folder: Path) -> None:
    write_keys(
        folder,
        {
            "reach_min": 7.5,
            "streets.frozen_on": date(2026, 11, 24),
            "streets.query": "[out:json];(way[\"highway\"](poly:'1 2');>;);out;",
            "kinds.cafe": {"zh": "咖啡馆", "en": "Café", "icon": "canteen"},
            "public.url": "https://map.example",
            "ledgers": ["a.csv", "b.csv"],
        },
    )
    county = load_county(folder)
    assert (county.reach_min, county.ledgers) == (7.5, ("a.csv", "b.csv"))
    assert county.streets.frozen_on == date(2026, 11, 24)
    assert county.streets.query == "[out:json];(way[\"highway\"](poly:'1 2');>;);out;"
    assert county.kinds["cafe"].zh == "咖啡馆"
    assert county.public.url == "https://map.example"
    lines = text(folder).splitlines()
    assert lines.index("reach_min = 7.5") < lines.index("# The ways.") < lines.index("[streets]")
    assert lines.index("frozen_on = 2026-11-24") < lines.index("# Made up.")
    assert {"# Made up.", 'code = "990101"  # not a real code'} <= set(lines)
    assert '  "城关镇", "河棚镇",  # two of them' in lines


@pytest.mark.parametrize(
    ("form", "end"),
    [
        ('streets = { file = "a.osm", provenance = "osm" }', "\n"),
        ('streets.file = "a.osm"\nstreets.provenance = "osm"', ""),
    ],
)
def test_a_table_may_be_written_in_other_ways(folder: Path, form: str, end: str) -> None:
    head = TOML.partition("# The ways.")[0]
    (folder / "county.toml").write_bytes(f"{head}{form}{end}".encode())
    write_keys(folder, {"streets.source": "a river", "reach_min": 6, "streets.file": "b.osm"})
    county = load_county(folder)
    assert (county.streets.file, county.streets.source, county.reach_min) == ("b.osm", "a river", 6)


def test_none_takes_a_key_out(folder: Path) -> None:
    write_keys(folder, {"demand": None, "townships": None, "streets.basemap": None, "a.b.c": None})
    assert load_county(folder).demand is None
    assert load_county(folder).townships == ()
    assert tomllib.loads(text(folder))["streets"] == {"file": "streets.osm", "provenance": "osm"}
    assert "a" not in tomllib.loads(text(folder))


def test_nothing_to_change_writes_nothing(folder: Path) -> None:
    before = (folder / "county.toml").stat().st_mtime_ns
    write_keys(folder, {"streets.file": "streets.osm", "outline": None})
    assert text(folder) == TOML
    assert (folder / "county.toml").stat().st_mtime_ns == before


def test_the_ends_of_lines_stay_as_they_are(folder: Path) -> None:
    dos = TOML.replace("\n", "\r\n")
    (folder / "county.toml").write_bytes(dos.encode())
    write_keys(folder, {"streets.file": "other.osm", "reach_min": 6})
    changed = dos.replace('"streets.osm"', '"other.osm"')
    assert text(folder) == changed.replace("of them\r\n]\r\n", "of them\r\n]\r\nreach_min = 6\r\n")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"streets.provenance": "rumour"}, "streets.provenance"),
        ({"streets.file": None}, "streets.file"),
        ({"colour": "red"}, "colour"),
        ({"reach_min": 7, "streets.sha256": "abc"}, "streets.sha256"),
        ({"code.inner": 1}, "code is no table"),
        ({"name_en": object()}, "object"),
    ],
)
def test_what_would_not_load_is_not_written(folder: Path, changes: dict, said: str) -> None:
    with pytest.raises(ConfigError) as failure:
        write_keys(folder, changes)
    assert said in str(failure.value)
    assert str(folder / "county.toml") in str(failure.value)
    assert "/tmp/tmp" not in str(failure.value)
    assert text(folder) == TOML
    assert [path.name for path in folder.iterdir()] == ["county.toml"]


@pytest.mark.parametrize("content", [None, b"code = ", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_stays(folder: Path, content: bytes | None) -> None:
    path = folder / "county.toml"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"county\.toml"):
        write_keys(folder, {"reach_min": 6})
    assert (path.read_bytes() if content is not None else None) == content


def test_a_full_disk_leaves_the_old_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ConfigError, match="No space left on device"):
        write_keys(folder, {"reach_min": 6})
    assert text(folder) == TOML
    assert [path.name for path in folder.iterdir()] == ["county.toml"]


def test_a_folder_given_as_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    write_keys(Path(), {"reach_min": 6})
    assert load_county(folder).reach_min == 6


@given(words=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, words: str):
    folder = tmp_path_factory.mktemp("any")
    (folder / "county.toml").write_bytes(TOML.encode())
    write_keys(folder, {"streets.query": words, "name_en": words})
    county = load_county(folder)
    assert (county.streets.query, county.name_en) == (words, words)
