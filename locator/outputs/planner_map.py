"""The planner's hand-out: one HTML file with stations, coverage and gaps that asks for nothing.

Folium lays out the map; its own scripts and styles, which it would load from four other hosts,
are taken off and ours put into the file. Words of people reach it as Markup only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import shapely
from branca.element import Figure
from shapely.geometry import mapping, shape

from locator.errors import LocatorError
from locator.geo.crs import haversine_m
from locator.outputs.maplabels import name_of, street_chords, zooms_with_room
from locator.outputs.markup import Markup, safe, tag
from locator.outputs.one_file import Raw, self_contained
from locator.outputs.paper import Frame, Layers, index_layers
from locator.outputs.planner_actions import action_card, actions_of, actions_panel
from locator.outputs.planner_hours import clock_panel, figures_element, slot_figures
from locator.outputs.planner_panel import (
    column,
    gap_card,
    pin,
    station_card,
)
from locator.outputs.room import Room
from locator.outputs.words import word

if TYPE_CHECKING:
    from locator.release.publish import Release

#: Zoom levels at which the names of places and of streets appear, with the room they have there.
PLACE_ZOOMS = (11, 12, 13, 14)
LABEL_ZOOMS = (15, 16, 17)
#: Gaps that carry their number on the map; the outlines of the rest are drawn all the same.
NUMBERED_GAPS = 20
#: Two marks this far apart do not touch at the zoom that a town is looked at.
APART_M = 450.0
#: Three stations this near to a place's name make it the town that everything is about.
IN_TOWN_M = 800.0
#: Metres on the ground for one pixel on the equator at zoom 0.
PIXEL_M = 156_543.034
ROAD_CLASSES = ("minor", "secondary", "major")
#: Classes of road drawn like another.
DRAWN_AS = {
    "motorway": "major", "link": "secondary", "tertiary": "secondary", "service": "minor",
    "track": "path", "steps": "path",
}  # fmt: skip


def planner_map(release: Release, out: Path) -> Path:
    """Write the hand-out of ``release`` to the file ``out`` and return it.

    The file opens without a network and asks for none; the same release gives the same bytes.
    Raises ConfigError when the browser's files are missing, LocatorError when ``out`` cannot be
    written.
    """
    page = planner_page(release)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page, "utf-8")
    except OSError as error:
        raise LocatorError(
            f"{out}：写不了，请换个文件 / cannot be written ({error.strerror}); give another file."
        ) from error
    return out


def planner_page(release: Release) -> str:
    """The hand-out of ``release`` as HTML."""
    manifest = release.manifest
    coverage, cells = release.json("public/coverage.json"), release.json("public/cells.json")
    stations = release.stations().to_dict("records")
    layers = index_layers(release.layers())
    figures = slot_figures(manifest, coverage, cells)
    breaks = figures["services"][0]["day"] if figures["services"] else []
    west, south, east, north = manifest["county"]["bbox"]
    figure = Figure(title=safe(f"{manifest['county']['name_zh']} · 覆盖与缺口"))
    chart = folium.Map(
        tiles=None, zoom_snap=0.5, attribution_control=False, min_zoom=11, max_zoom=18
    )
    figure.add_child(chart)
    _streets(chart, layers)
    _cells(chart, cells["cells"])
    _gaps(chart, coverage["gaps"], stations)
    _place_names(chart, layers, stations)
    _street_names(chart, layers, (west, south, east, north))
    _stations(chart, manifest, stations)
    _actions(chart, actions_of(release))
    folium.LayerControl(collapsed=False).add_to(chart)
    chart.fit_bounds(_view(cells["cells"], stations, (west, south, east, north)), padding=(24, 24))
    chart.add_child(_Start())  # type: ignore[no-untyped-call]
    clock = clock_panel(coverage, figures) if coverage["clock"] else Markup("")
    beside = column(manifest, coverage, stations, breaks, clock, actions_panel(release))
    figure.html.add_child(Raw(beside + figures_element(figures)), name="column")
    return self_contained(figure)


class _Start(folium.MacroElement):
    """Calls our script with the map, after everything has been put on it."""

    _template = folium.template.Template(
        "{% macro script(this, kwargs) %}planner({{ this._parent.get_name() }});{% endmacro %}"
    )


def _view(
    cells: Sequence[Mapping[str, Any]],
    stations: Sequence[Mapping[str, Any]],
    bbox: tuple[float, float, float, float],
) -> list[list[float]]:
    """The box to open on: where riders and stations are, or the county without either."""
    points = [(cell["lon"], cell["lat"]) for cell in cells if any(cell["riders"])]
    points += [(row["geometry"].x, row["geometry"].y) for row in stations]
    west, south, east, north = shapely.MultiPoint(points).bounds if points else bbox
    return [[south, west], [north, east]]


# ── what is drawn ────────────────────────────────────────────────────────────────────────────


def _streets(chart: folium.Map, layers: Layers) -> None:
    """The base map, one path for each class of thing; CSS gives colours and widths."""
    folium.map.CustomPane("ground", z_index=210).add_to(chart)
    folium.map.CustomPane("streets", z_index=350).add_to(chart)
    for layer in ("landuse", "bare", "green", "water", "buildings"):
        _path(chart, list(layers.shapes.get(layer, ())), "ground", f"ground {layer}")
    rivers = _of_class(layers, "waterways", "river", "canal")
    brooks = _of_class(layers, "waterways", "stream", "drain", "ditch")
    _path(chart, rivers, "ground", "ground waterways")
    _path(chart, brooks, "ground", "ground waterways brooks")
    _path(chart, _of_class(layers, "rails", "rail"), "streets", "ground rails")
    roads: dict[str, list[Any]] = {}
    for geometry, tags in zip(
        layers.shapes.get("roads", ()), layers.properties.get("roads", ()), strict=True
    ):
        roads.setdefault(DRAWN_AS.get(tags["class"], tags["class"]), []).append(geometry)
    _path(chart, roads.get("path", []), "streets", "path")
    for part in ("edge", "surface"):
        for name in ROAD_CLASSES:
            _path(chart, roads.get(name, []), "streets", f"road {part} {name}")


def _of_class(layers: Layers, layer: str, *classes: str) -> list[Any]:
    """The shapes of some classes of a layer, but for what runs under the ground."""
    rows = zip(layers.shapes.get(layer, ()), layers.properties.get(layer, ()), strict=True)
    return [
        each
        for each, tags in rows
        if tags.get("class", classes[0]) in classes and not tags.get("tunnel")
    ]


def _path(chart: folium.Map, shapes: Sequence[Any], pane: str, css_class: str) -> None:
    kept = [part for each in shapes for part in getattr(each, "geoms", [each]) if not part.is_empty]
    flat = [part for part in kept if part.geom_type == "Polygon"]
    lines = [part for part in kept if part.geom_type == "LineString"]
    whole = shapely.MultiPolygon(flat) if flat else shapely.MultiLineString(lines)
    if whole.is_empty:
        return
    folium.GeoJson(
        _geojson(whole),
        control=False,
        pane=pane,
        class_name=css_class,
        interactive=False,
        smooth_factor=0.5,
        **({"fill_rule": "nonzero"} if flat else {"fill": False}),
    ).add_to(chart)


def _geojson(geometry: Any, **properties: object) -> dict[str, Any]:
    """A feature with its coordinates at 0.1 m, outer rings counter-clockwise."""
    shape_ = shapely.transform(shapely.orient_polygons(geometry), lambda points: points.round(6))
    return {"type": "Feature", "properties": properties, "geometry": mapping(shape_)}


def _cells(chart: folium.Map, cells: Sequence[Mapping[str, Any]]) -> None:
    """Every cell as one shape; our script colours it by the hour and service that are asked for."""
    folium.map.CustomPane("cells", z_index=300, pointer_events=True).add_to(chart)
    group = folium.FeatureGroup(name="没有站可去的骑手").add_to(chart)
    features = [_geojson(shapely.Polygon(cell["ring"]), cell=at) for at, cell in enumerate(cells)]
    if features:
        folium.GeoJson(
            {"type": "FeatureCollection", "features": features}, pane="cells", class_name="cell s0"
        ).add_to(group)


def _gaps(
    chart: folium.Map, gaps: Sequence[Mapping[str, Any]], stations: Sequence[Mapping[str, Any]]
) -> None:
    names = {row["id"]: row["name"] for row in stations}
    taken = [(row["geometry"].x, row["geometry"].y) for row in stations]
    folium.map.CustomPane("gaps", z_index=420).add_to(chart)
    group = folium.FeatureGroup(name=f"缺口 {len(gaps)}").add_to(chart)
    for number, gap in enumerate(gaps, start=1):
        outline = shape(gap["geometry"])
        folium.GeoJson(
            _geojson(outline), pane="gaps", class_name="gap", interactive=False, fill=False
        ).add_to(group)
        if number <= NUMBERED_GAPS:
            x, y = _free_spot(outline, taken)
            taken.append((x, y))
            badge = tag("span", number, class_="number")
            _marker(x, y, badge, 24, gap_card(gap, names), above=True).add_to(group)


def _free_spot(outline: Any, taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Where in a gap its number covers no other mark: in the middle, else as far off as it gets."""
    middle = outline.representative_point()
    west, south, east, north = outline.bounds
    grid_x, grid_y = np.meshgrid(np.linspace(west, east, 12), np.linspace(south, north, 12))
    inside = shapely.contains_xy(outline, grid_x, grid_y)
    x = np.concatenate([[middle.x], grid_x[inside]])
    y = np.concatenate([[middle.y], grid_y[inside]])
    lon, lat = np.array(taken).reshape(-1, 2).T
    off_m = haversine_m(x[:, None], y[:, None], lon, lat).min(axis=1, initial=APART_M)
    best = int(off_m.argmax())  # the first of equals, so the middle where that is free
    return float(x[best]), float(y[best])


def _stations(
    chart: folium.Map, manifest: Mapping[str, Any], stations: Sequence[Mapping[str, Any]]
) -> None:
    """Kinds in the order of their number, so that the fewest lie on top."""
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for station in stations:
        kinds.setdefault(station["kind"], []).append(station)
    for kind, rows in sorted(kinds.items(), key=lambda item: -len(item[1])):
        group = folium.FeatureGroup(name=safe(f"{word(manifest, 'kinds', kind).zh} {len(rows)}"))
        for row in rows:
            mark, place = pin(manifest, kind, row["status"], row["name"]), row["geometry"]
            _marker(place.x, place.y, mark, 26, station_card(manifest, row)).add_to(group)
        group.add_to(chart)


def _actions(chart: folium.Map, actions: Sequence[Mapping[str, Any]]) -> None:
    if not actions:
        return
    group = folium.FeatureGroup(name=f"建议 {len(actions)}").add_to(chart)
    for number, action in enumerate(actions, start=1):
        badge = tag("span", number, class_="number action")
        _marker(action["lon"], action["lat"], badge, 24, action_card(action), above=True).add_to(
            group
        )


def _place_names(chart: folium.Map, layers: Layers, stations: Sequence[Mapping[str, Any]]) -> None:
    """Townships and villages, but for the town itself, where stations stand close."""
    folium.map.CustomPane("labels", z_index=500).add_to(chart)
    lon, lat = ([getattr(row["geometry"], axis) for row in stations] for axis in "xy")
    found: list[tuple[int, str, float, float]] = []
    for geometry, tags in zip(
        layers.shapes.get("places", ()), layers.properties.get("places", ()), strict=True
    ):
        spot = geometry.representative_point()
        near = int((haversine_m(spot.x, spot.y, lon, lat) < IN_TOWN_M).sum())
        if tags.get("class") in ("township", "village") and name_of(tags) and near < 3:
            found.append((tags.get("rank", 0), name_of(tags), spot.x, spot.y))
    places = [(name, x, y) for _, name, x, y in sorted(found)]
    for (name, x, y), zoom in zip(
        places, zooms_with_room(places, PLACE_ZOOMS, size=13.0), strict=True
    ):
        _label(chart, x, y, tag("div", name, class_="township"), zoom or LABEL_ZOOMS[0])


def _street_names(
    chart: folium.Map, layers: Layers, bbox: tuple[float, float, float, float]
) -> None:
    """Names along the streets, each from the zoom at which there is room for it."""
    west, south, east, north = bbox
    lon, lat = (west + east) / 2, (south + north) / 2
    equator_m = math.cos(math.radians(lat)) * PIXEL_M
    named: set[str] = set()
    for zoom in LABEL_ZOOMS:
        metres = equator_m / 2**zoom
        # A sheet of paper on which a millimetre is a pixel of this zoom.
        frame = Frame(
            lon, lat, (east - west) * 111_320 * math.cos(math.radians(lat)) / metres,
            (north - south) * 111_000 / metres, round(metres * 1000),
        )  # fmt: skip
        for name, chord in street_chords(layers, Room(frame, lambda text: True), size=14.0):
            if name not in named:
                named.add(name)
                _street_name(chart, frame, name, chord, zoom)


def _street_name(
    chart: folium.Map, frame: Frame, name: str, chord: shapely.LineString, zoom: int
) -> None:
    (x1, y1), (x2, y2) = shapely.get_coordinates(chord)
    turn = math.degrees(math.atan2(y2 - y1, x2 - x1))
    turn += 180 if turn <= -90 else -180 if turn > 90 else 0
    lon, lat = frame.to_ground((x1 + x2) / 2, (y1 + y2) / 2)
    style = f"transform:translate(-50%,-50%) rotate({turn:.1f}deg)"
    _label(chart, lon, lat, tag("div", name, class_="street", style=style), zoom)


def _label(chart: folium.Map, lon: float, lat: float, text: Markup, zoom: int) -> None:
    """Words on the map that cannot be clicked, shown from ``zoom`` on."""
    icon = folium.DivIcon(html=text, icon_size=(0, 0), class_name=f"label from-{zoom}")
    folium.Marker(
        (round(lat, 6), round(lon, 6)), icon=icon, pane="labels", interactive=False, keyboard=False
    ).add_to(chart)


def _marker(
    lon: float, lat: float, mark: Markup, size: int, card: Markup, *, above: bool = False
) -> folium.Marker:
    """A mark that opens a card; one that is ``above`` lies on top of the stations."""
    icon = folium.DivIcon(
        html=mark, icon_size=(size, size), icon_anchor=(size // 2, size // 2), class_name="mark"
    )
    return folium.Marker(
        (round(lat, 6), round(lon, 6)),
        icon=icon,
        popup=folium.Popup(card, max_width=320),
        z_index_offset=1000 if above else 0,
    )
