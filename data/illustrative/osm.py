"""Write a town as OSM XML: negative ids, ``upload="never"``, a note that nothing of it is real."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import quoteattr

from illustrative.geometry import XY
from illustrative.town import Town, greens

NOTE = (
    "Invented streets, made by data/make_illustrative.py. Not OpenStreetMap data, not real, "
    "never to be uploaded."
)


class _Sheet:
    """Nodes and ways with their negative ids, in the order in which they come."""

    def __init__(self, town: Town) -> None:
        self.frame = town.plan.frame
        self.ids: dict[XY, int] = {}
        self.tags: dict[XY, dict[str, str]] = {}
        self.ways: list[str] = []

    def node(self, xy: XY, tags: dict[str, str] | None = None) -> int:
        key = (round(xy[0], 2), round(xy[1], 2))
        if tags:
            self.tags[key] = {**self.tags.get(key, {}), **tags}
        return self.ids.setdefault(key, -len(self.ids) - 1)

    def way(self, coords: Iterable[XY], tags: dict[str, str]) -> None:
        refs = [self.node(xy) for xy in coords]
        refs = [ref for k, ref in enumerate(refs) if k == 0 or ref != refs[k - 1]]
        if len(refs) < 2:
            return
        body = "".join(f'<nd ref="{ref}"/>' for ref in refs) + _tags(tags)
        self.ways.append(f'<way id="{-len(self.ways) - 1}">{body}</way>')

    def lines(self) -> Iterable[str]:
        for xy, ident in self.ids.items():
            lon, lat = self.frame.lonlat(*xy)
            place = f'<node id="{ident}" lat="{lat:.7f}" lon="{lon:.7f}"'
            own = self.tags.get(xy)
            yield f"{place}>{_tags(own)}</node>" if own else f"{place}/>"
        yield from self.ways


def _tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in sorted(tags.items()))


def write_osm(town: Town, path: Path) -> None:
    """Write ``path``. Streets come first, so that their nodes have the lowest numbers."""
    plan, sheet = town.plan, _Sheet(town)
    for street in town.streets:
        tags = {"highway": street.highway, **street.tags}
        if street.name:
            tags["name"] = street.name
        sheet.way(street.line.coords, tags)
    for xy, tags in town.gates.items():
        sheet.node(xy, tags)
    for line, tags in plan.rails:
        sheet.way(line.coords, tags)
    sheet.way(
        plan.river.exterior.coords, {"natural": "water", "water": "river", "name": plan.river_name}
    )
    sheet.way(plan.river_line.coords, {"waterway": "river", "name": plan.river_name})
    for line, width, name in plan.canals:
        area = line.buffer(width / 2, cap_style="flat", quad_segs=2).simplify(0.8)
        sort = "stream" if name.endswith("溪") else "canal"
        sheet.way(area.exterior.coords, {"natural": "water", "water": sort})
        sheet.way(line.coords, {"waterway": sort, "name": name})
    for area in greens(town):
        sheet.way(area.exterior.coords, {"leisure": "park"})
    for patch in [*town.areas, *town.buildings]:
        sheet.way(patch.area.exterior.coords, patch.tags)
    for place in plan.places:
        sheet.node(
            place.at,
            {"place": place.kind, "name": place.name, "is_in:township": place.township},
        )
    for xy, tags in [*plan.stops, *town.points]:
        sheet.node(xy, tags)
    west, south, east, north = plan.extent.bounds
    low, high = plan.frame.lonlat(west, south), plan.frame.lonlat(east, north)
    head = [
        "<?xml version='1.0' encoding='UTF-8'?>",
        '<osm version="0.6" generator="illustrative" upload="never">',
        f"<note>{NOTE}</note>",
        f'<bounds minlat="{low[1]:.7f}" minlon="{low[0]:.7f}"'
        f' maxlat="{high[1]:.7f}" maxlon="{high[0]:.7f}"/>',
    ]
    path.write_text("\n".join([*head, *sheet.lines(), "</osm>", ""]), "utf-8")
