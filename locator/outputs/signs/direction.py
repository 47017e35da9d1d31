"""Direction signs: one sheet for each park, plaza or gate, with the way to the nearest stations."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from locator.outputs.drawing import Sheet, Text
from locator.outputs.fonts import font_folder, missing_glyphs, require_glyphs
from locator.outputs.lineage import provenance_of
from locator.outputs.paper import Frame, Layers, index_layers
from locator.outputs.signs.batch import Order, SignBatch, make_signs
from locator.outputs.signs.code import check_public_url
from locator.outputs.signs.direction_map import direction_map
from locator.outputs.signs.direction_sheet import areas, direction_sheet
from locator.outputs.signs.direction_stations import OTHERS, Content
from locator.outputs.signs.lines import NoRoom
from locator.outputs.signs.nearby import Surroundings, Way
from locator.outputs.signs.sign_words import Words
from locator.outputs.signs.sites import SignSite
from locator.outputs.signs.sizes import Paper, default_scale

if TYPE_CHECKING:
    from locator.county import County
    from locator.release.publish import Release
    from locator.streets.graph import StreetGraph

#: A station farther than this by e-bike is not where a sign sends people at night.
LATE_WITHIN_MIN = 15
#: A point deeper in the water than this, in degrees (10 m), stands in the river.
_DEPTH_DEG = 0.0001


def direction_signs(
    release: Release,
    county: County,
    sites: Sequence[SignSite],
    streets: StreetGraph | None,
    out_dir: Path,
    paper: Paper,
    *,
    public_url: str = "",
    done: Callable[[int, int], None] = lambda made, of: None,
) -> SignBatch:
    """Write one sheet a site into ``out_dir``, named by the site's id, and a contact sheet.

    A sign names open stations of ``release`` that are stops: the nearest one open late at night,
    if it is within 15 minutes, else the nearest, then five others. Minutes are those of ``streets``
    by e-bike. A site whose sign cannot be made (in a lake, a character without a glyph, words that
    do not fit, a full disk) does not stop the others. ``done`` is told how many are made. The same
    input gives the same bytes. Raises UsageError for an address that no phone can reach, FontError
    when the fonts are missing, LocatorError when ``out_dir`` cannot be made.
    """
    base = check_public_url(public_url) if public_url else ""
    run = DirectionSigns(release, county, streets, paper, base)
    orders = [
        Order(
            site.id,
            site.name,
            site.name,
            partial(run.sheet, site, near),
            remark=run.remark(site, near),
        )
        for site, near in zip(sites, run.surroundings.ways(sites), strict=True)
    ]
    return make_signs(orders, out_dir, paper, author=county.name_zh, created=run.created, done=done)


_WET = "这一处在水里，请核对坐标 / it lies in the water; check its position"
_NORTH_UP = (
    "没有朝向 facing，图的上方是北；站到那里看，朝哪边填多少度 / "
    "it has no facing, so north is up; write the degrees that its reader faces"
)
_NO_STREET = (
    "附近没有街道，分钟数按直线估算，写作“约” / "
    "no street is near: its minutes are estimated from the straight line and called about"
)


class DirectionSigns:
    """What all sheets of a run share, made once."""

    def __init__(
        self,
        release: Release,
        county: County,
        streets: StreetGraph | None,
        paper: Paper,
        base: str,
    ) -> None:
        self._paper, self._base = paper, base
        self._manifest: Mapping[str, Any] = release.manifest
        self._fonts = font_folder()
        self._layers: Layers = index_layers(release.layers())
        self._say = Words(paper.lang)
        day = date.fromisoformat(release.manifest["as_of"])
        self.created = datetime(day.year, day.month, day.day, tzinfo=UTC)
        self._check_by = check_by(release, county).isoformat()
        stops = [
            row
            for row in release.stations().to_dict("records")
            if row["status"] == "open"
            and release.manifest["kinds"].get(row["kind"], {}).get("stop", True)
            and provenance_of(row) != "osm"
        ]
        self.surroundings = Surroundings(
            stops,
            streets,
            snap_max_m=county.streets.snap_max_m,
            snap_kmh=county.streets.snap_kmh,
            parking_s=county.streets.parking_s,
            as_of=day,
            timezone=county.timezone,
            country=county.country,
        )

    def sheet(self, site: SignSite, near: Sequence[Way]) -> tuple[Sheet, tuple[str, ...]]:
        """One site's sheet and the stations it names; raises NoRoom or FontError for what cannot
        be set."""
        if self._in_water(site, _DEPTH_DEG):
            raise NoRoom(
                f"{site.lon:.5f},{site.lat:.5f} 在水里，请核对坐标 / "
                "lies in the water; check its position"
            )
        paper = self._paper
        made_up = site.provenance == "illustrative"
        # A real sign never leads to a station that is not there.
        near = [w for w in near if made_up or provenance_of(w.row) != "illustrative"]
        late = next((w for w in near if w.late and w.minutes <= LATE_WITHIN_MIN), None)
        first = late or next(iter(near), None)
        ways = [first, *(w for w in near if w is not first)][: 1 + OTHERS] if first else []
        u, places = areas(*paper.size)
        map_mm = (places.map[2] * u, places.map[3] * u)
        facing = site.facing if paper.facing is None else paper.facing
        scale = paper.scale or default_scale(map_mm)
        frame = Frame(site.lon, site.lat, *map_mm, scale, facing or 0.0, u)
        ride = self.surroundings.ride(site, first.row["id"]) if first else None
        content = Content(site, facing, ways, ride, self._base, self._check_by, made_up)
        drawn = direction_map(
            self._layers, frame, self._manifest, content, self._say,
            lambda text: not missing_glyphs([text], self._fonts),
        )  # fmt: skip
        sheet = direction_sheet(
            self._manifest, content, drawn, paper.size, frame, self._say, paper.bleed
        )
        require_glyphs((item.words for item in sheet.items if isinstance(item, Text)), self._fonts)
        return sheet, tuple(str(way.row["id"]) for way in ways)

    def remark(self, site: SignSite, near: Sequence[Way]) -> str:
        """What somebody should know of a sign that is made, "" where there is nothing."""
        said = [
            _NO_STREET if near and near[0].about else "",
            _WET if self._in_water(site, 0.0) else "",
            _NORTH_UP if site.facing is None and self._paper.facing is None else "",
        ]
        return "；".join(filter(None, said))

    def _in_water(self, site: SignSite, depth: float) -> bool:
        """Whether a site is so deep (degrees) in the water."""
        tree = self._layers.trees.get("water")
        if tree is None:
            return False
        point = shapely.Point(site.lon, site.lat)
        areas_ = self._layers.shapes["water"][tree.query(point, predicate="within")]
        return bool((shapely.distance(shapely.boundary(areas_), point) > depth).any())


def check_by(release: Release, county: County) -> date:
    """The day by which somebody should have looked whether a sign is still true."""
    day = date.fromisoformat(release.manifest["as_of"])
    year, month = divmod(day.month - 1 + county.verified_months, 12)
    last = calendar.monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))
