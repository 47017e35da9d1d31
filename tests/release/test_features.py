"""Real OSM is dirty: what is drawn of it, in which order, and what is said to be lost."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from locator.release.features import LAYERS, Features, read_features

from .drawn_osm import SOUTH, STEP, WEST, Drawing


def at(x: float, y: float) -> shapely.Point:
    return shapely.Point(WEST + x * STEP, SOUTH + y * STEP)


@pytest.fixture
def drawing() -> Drawing:
    return Drawing()


def read(drawing: Drawing, tmp_path: Path) -> Features:
    return read_features(drawing.write(tmp_path / "d.osm"))


def covered(found: Features, layer: str, x: float, y: float) -> list[str]:
    """The classes of the areas that cover a place, in drawing order."""
    table = found.tables[layer]
    return table[table.covers(at(x, y))]["class"].tolist()


def test_an_estate_with_a_hole_and_an_island_in_it(drawing: Drawing, tmp_path: Path) -> None:
    outer, hole, island = (drawing.ring(*ring) for ring in ((0, 0, 10), (2, 2, 6), (4, 4, 2)))
    drawing.relation(
        [(outer, "outer"), (hole, "inner"), (island, "outer")], landuse="residential", name="和园"
    )
    found = read(drawing, tmp_path)
    assert covered(found, "landuse", 1, 1) == ["residential"]
    assert covered(found, "landuse", 3, 3) == []
    assert covered(found, "landuse", 5, 5) == ["residential"]
    (label,) = found.tables["places"].itertuples()
    assert (label.name, found.lost) == ("和园", {})
    assert found.tables["landuse"].geometry.iloc[0].covers(label.geometry)


def test_an_outline_in_several_ways(drawing: Drawing, tmp_path: Path) -> None:
    south = drawing.way([(0, 5), (0, 0), (10, 0), (10, 5)])
    north = drawing.way([(10, 5), (10, 9), (0, 9), (0, 5)])
    drawing.relation([(south, "outer"), (north, "outer")], natural="water")
    assert covered(read(drawing, tmp_path), "water", 5, 5) == ["water"]


def test_a_multipolygon_may_have_the_tags_of_its_outer_way(
    drawing: Drawing, tmp_path: Path
) -> None:
    """The custom until 2016: the lake says what it is, its relation says nothing."""
    lake = drawing.ring(0, 0, 10, natural="water", name="镜湖")
    island = drawing.ring(4, 4, 2)
    drawing.relation([(lake, "outer"), (island, "inner")])
    found = read(drawing, tmp_path)
    assert covered(found, "water", 1, 1) == ["water"]
    assert covered(found, "water", 5, 5) == []
    assert found.tables["pois"]["name"].tolist() == ["镜湖"]


def test_such_a_relation_that_breaks_leaves_its_way_as_it_is(
    drawing: Drawing, tmp_path: Path
) -> None:
    lake = drawing.ring(0, 0, 10, natural="water")
    drawing.relation([(lake, "outer"), (99, "inner")])
    found = read(drawing, tmp_path)
    assert covered(found, "water", 1, 1) == ["water"]
    assert found.lost == {"areas cut at the edge of the file": 1}


def test_what_cannot_be_assembled_is_counted_with_its_reason(
    drawing: Drawing, tmp_path: Path
) -> None:
    drawing.relation([(98, "outer")], landuse="forest")  # its way is not in the file
    open_end = drawing.way([(0, 0), (1, 0), (1, 1)])
    drawing.relation([(open_end, "outer")], landuse="grass")
    drawing.ring(30, 0, 4, leisure="park")
    drawing.cut((34, 4))
    drawing.way([(5, 0), (9, 4), (9, 0), (5, 4), (5, 0)], building="yes")  # a bow tie
    drawing.way([(12, 0), (14, 0), (14, 3)], landuse="retail")
    found = read(drawing, tmp_path)
    assert found.lost == {
        "areas cut at the edge of the file": 2,
        "areas whose outline does not close": 1,
        "areas whose outline is broken or crosses itself": 2,
    }
    assert all(found.tables[layer].empty for layer in ("green", "landuse", "buildings"))


def test_small_ground_lies_on_large(drawing: Drawing, tmp_path: Path) -> None:
    drawing.ring(4, 4, 2, leisure="pitch")
    drawing.ring(0, 0, 10, landuse="forest")
    drawing.ring(2, 2, 6, leisure="park")
    assert covered(read(drawing, tmp_path), "green", 5, 5) == ["wood", "park", "pitch"]


def test_mountains_are_not_a_hole(drawing: Drawing, tmp_path: Path) -> None:
    for number, kind in enumerate(("bare_rock", "scree", "glacier", "sand")):
        drawing.ring(5 * number, 0, 4, natural=kind)
    drawing.spot((1, 8), natural="peak", name="万佛山")
    found = read(drawing, tmp_path)
    assert [covered(found, "bare", 5 * n + 2, 2) for n in range(4)] == [
        ["rock"], ["rock"], ["ice"], ["sand"],
    ]  # fmt: skip
    assert found.tables["pois"][["class", "name"]].to_numpy().tolist() == [["peak", "万佛山"]]


def test_a_street_in_a_ring_is_no_square(drawing: Drawing, tmp_path: Path) -> None:
    drawing.ring(0, 0, 4, highway="pedestrian", name="环街")
    drawing.ring(6, 0, 4, highway="pedestrian", area="yes", name="星光广场")
    found = read(drawing, tmp_path)
    assert found.tables["roads"]["name"].tolist() == ["环街"]
    assert covered(found, "landuse", 2, 2) == []
    assert covered(found, "landuse", 8, 2) == ["plaza"]


def test_bridges_over_bridges(drawing: Drawing, tmp_path: Path) -> None:
    """By level first, whatever the class; nonsense in layer is a bridge like any other."""
    for level, kind in ((None, "motorway"), ("2", "footway"), ("1", "primary"), ("x", "service")):
        y = len(drawing.ways) + 1.0
        tags = {"highway": kind} | ({"bridge": "yes", "layer": level} if level else {})
        drawing.way([(0, y), (9, y)], **tags)
    drawing.way([(0, 9), (9, 9)], highway="residential", tunnel="yes", layer="-1")
    roads = read(drawing, tmp_path).tables["roads"]
    assert roads[["class", "level"]].to_numpy().tolist() == [
        ["minor", 0], ["motorway", 0], ["service", 1], ["major", 1], ["path", 2],
    ]  # fmt: skip
    assert roads["tunnel"].tolist() == [True, False, False, False, False]


def test_what_runs_under_the_houses_is_not_drawn(drawing: Drawing, tmp_path: Path) -> None:
    drawing.way([(0, 0), (9, 0)], highway="service", tunnel="yes", layer="-2")
    drawing.way([(0, 1), (9, 1)], highway="service", tunnel="building_passage")
    drawing.way([(0, 2), (9, 2)], railway="subway", tunnel="yes")
    found = read(drawing, tmp_path)
    assert found.tables["roads"]["osm"].tolist() == ["w00000000000002"]
    assert found.tables["rails"].empty
    assert found.lost == {"highway=service is not drawn": 1}


def test_unknown_streets_are_counted(drawing: Drawing, tmp_path: Path) -> None:
    for kind in ("residential", "proposed", "proposed", "motorwey"):
        drawing.way([(0, len(drawing.ways)), (9, len(drawing.ways))], highway=kind)
    drawing.way([(0, 8), (9, 8)], highway="residential")
    drawing.cut((0, 8))
    found = read(drawing, tmp_path)
    assert found.lost == {
        "highway=motorwey is not drawn": 1,
        "highway=proposed is not drawn": 2,
        "lines without two known points": 1,
    }
    assert len(found.tables["roads"]) == 1


def test_a_street_cut_at_the_edge_keeps_its_pieces(drawing: Drawing, tmp_path: Path) -> None:
    drawing.way([(x, 0) for x in range(6)], highway="primary", name="环城大道")
    drawing.cut((2, 0))
    roads = read(drawing, tmp_path).tables["roads"]
    assert [len(line.coords) for line in roads.geometry] == [2, 3]
    assert set(roads["name"]) == {"环城大道"}


def test_the_same_way_twice_is_drawn_once(drawing: Drawing, tmp_path: Path) -> None:
    points = [(0.0, 0.0), (5.0, 1.0), (9.0, 0.0)]
    drawing.way(points, highway="residential", name="短街")
    drawing.way(points[::-1], highway="residential", name="短街")
    drawing.way(points, highway="residential", name="长街")  # another name: both stay
    drawing.way(points, highway="service", oneway="yes")
    drawing.way(points[::-1], highway="service", oneway="yes")  # two lanes, not one twice
    drawing.ring(0, 5, 3, building="yes")
    drawing.way([(3, 5), (3, 8), (0, 8), (0, 5), (3, 5)], building="yes")
    found = read(drawing, tmp_path)
    assert found.tables["roads"]["name"].fillna("").tolist() == ["", "", "短街", "长街"]
    assert len(found.tables["buildings"]) == 1
    assert found.lost == {"drawn twice": 2}


def test_names(drawing: Drawing, tmp_path: Path) -> None:
    """Chinese before local, simplified before traditional; none is no reason to leave a street."""
    drawing.way([(0, 0), (9, 0)], highway="residential")
    said = {"highway": "residential", "name": "Senate", "name:zh": "參議院"}
    drawing.way([(0, 1), (9, 1)], **said)
    drawing.way([(0, 2), (9, 2)], **said, **{"name:zh-Hans": "参议院"})
    roads = read(drawing, tmp_path).tables["roads"]
    assert roads["name"].fillna("").tolist() == ["", "參議院", "参议院"]


def test_a_capital_is_a_town_and_a_nameless_place_is_not_written(
    drawing: Drawing, tmp_path: Path
) -> None:
    drawing.spot((1, 1), place="village", capital="yes", name="瓦杜兹")
    drawing.spot((2, 2), place="village", name="沙恩")
    drawing.spot((3, 3), place="hamlet")
    places = read(drawing, tmp_path).tables["places"]
    assert places[["class", "name"]].to_numpy().tolist() == [
        ["township", "瓦杜兹"], ["village", "沙恩"],
    ]  # fmt: skip


def test_a_coast_cut_at_the_edge(drawing: Drawing, tmp_path: Path) -> None:
    """The sea lies on the right of the coast: north of one that runs to the west."""
    drawing.way([(18, 4), (10, 6), (2, 4)], natural="coastline")
    drawing.way([(0, 0), (20, 0)], highway="residential")
    drawing.way([(0, 10), (20, 10)], highway="residential")
    found = read(drawing, tmp_path)
    assert covered(found, "water", 10, 8) == ["sea"]
    assert covered(found, "water", 10, 3) == []


def test_an_island_has_the_sea_around_it(drawing: Drawing, tmp_path: Path) -> None:
    drawing.way([(5, 5), (15, 5), (15, 15), (5, 15), (5, 5)], natural="coastline")
    drawing.way([(0, 0), (20, 20)], highway="track")
    found = read(drawing, tmp_path)
    assert covered(found, "water", 2, 10) == ["sea"]
    assert covered(found, "water", 10, 10) == []


def test_every_layer_is_there(drawing: Drawing, tmp_path: Path) -> None:
    assert tuple(read(drawing, tmp_path).tables) == LAYERS
