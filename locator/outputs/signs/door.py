"""Door signs: a sheet for each station of a release, to be put up where one goes in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from locator.errors import UsageError
from locator.outputs.drawing import Sheet
from locator.outputs.fonts import font_folder, missing_glyphs, require_glyphs
from locator.outputs.lineage import provenance_of
from locator.outputs.maplabels import Mark
from locator.outputs.paper import Frame, index_layers
from locator.outputs.signs.batch import Order, SignBatch, make_signs
from locator.outputs.signs.code import address, check_public_url
from locator.outputs.signs.door_content import door_content, shown_beside
from locator.outputs.signs.door_sheet import arranged, door_sheet
from locator.outputs.signs.sign_words import Words
from locator.outputs.signs.sizes import Paper, default_scale
from locator.outputs.streetmap import street_map
from locator.outputs.words import one_line, word

if TYPE_CHECKING:
    from locator.release.publish import Release

#: Ground metres that the map shows from side to side unless a scale is asked for: a few blocks
#: around the door, 1:5000 on A4.
GROUND_M = 580.0


def door_signs(
    release: Release,
    out_dir: Path,
    paper: Paper,
    *,
    public_url: str = "",
    only: Collection[str] = (),
    done: Callable[[int, int], None] = lambda made, of: None,
) -> SignBatch:
    """Write one sheet a station of ``release`` into ``out_dir``, named by the station's id, and a
    contact sheet; of the stations in ``only`` alone, where it names any.

    The code leads to ``public_url``/go/<id>, so that it outlives a move of the station; without
    a public address it opens the place in Amap. A station whose sign cannot be made (a character
    without a glyph, hours that cannot be read, more words than fit, a full disk) does not stop the
    others. ``done`` is told how many are made. The same release gives the same bytes. North is up
    on the map, whatever ``paper`` says of facing. Places taken from OSM get none: nobody has made
    them a station of the county. Raises UsageError for an address that no phone can reach, for a
    release that holds no station but such places, and for an id in ``only`` that it does not hold,
    FontError when the fonts are missing, LocatorError when ``out_dir`` cannot be made.
    """
    base = check_public_url(public_url) if public_url else ""
    fonts = font_folder()
    stations = release.stations().to_dict("records")
    own = [row for row in stations if provenance_of(row) != "osm"]
    if stations and not own:
        slug = release.county["slug"]
        raise UsageError(
            f"{release.county['name_zh']}的 {len(stations)} 处站点都取自开放街图，"
            f"不是县里设的驿站，不做门牌；先收下本县台账：locator adopt {slug} 台账.xlsx --write。 "
            f"All {len(stations)} stations of {release.county['name_en']} are places taken from "
            "OpenStreetMap, none of them the county's own, and get no door signs; adopt the "
            f"county's ledger first: locator adopt {slug} LEDGER --write."
        )
    if lacking := sorted(set(only) - {row["id"] for row in own}):
        raise UsageError(
            f"{release.county['name_zh']}没有站点 {'、'.join(lacking)} / no such station."
        )
    run = _Run(release, stations, paper, base, fonts)
    orders = [
        Order(
            row["id"],
            one_line(row["name"]),
            f"{one_line(row['name'])} · {word(release.manifest, 'kinds', row['kind']).zh}",
            partial(run.sheet, row),
        )
        for row in own
        if not only or row["id"] in only
    ]
    batch = make_signs(
        orders, out_dir, paper, author=release.county["name_zh"],
        created=datetime.fromisoformat(f"{release.manifest['as_of']}T00:00:00+00:00"), done=done,
    )  # fmt: skip
    return replace(batch, from_osm=len(stations) - len(own))


class _Run:
    """What all sheets of a run share."""

    def __init__(
        self,
        release: Release,
        stations: list[dict[str, Any]],
        paper: Paper,
        base: str,
        fonts: Path,
    ) -> None:
        self._manifest: Mapping[str, Any] = release.manifest
        self._stations, self._paper, self._base, self._fonts = stations, paper, base, fonts
        self._layers = index_layers(release.layers())
        self._say = Words(paper.lang)

    def sheet(self, station: Mapping[str, Any]) -> tuple[Sheet, tuple[str, ...]]:
        """One station's sheet and its id; raises NoRoom, FontError or HoursError for what cannot
        be set."""
        paper, say = self._paper, self._say
        link = address(station, self._base)
        content = door_content(self._manifest, station, link, bool(self._base), say)
        require_glyphs(content.words(), self._fonts)
        sign = arranged(content, paper.size, say)
        x, y = station["geometry"].x, station["geometry"].y
        _, _, width, height = sign.map
        scale = paper.scale or default_scale((width,), GROUND_M)
        frame = Frame(x, y, width, height, scale, grow=sign.u)
        others = [
            Mark(
                row["geometry"].x,
                row["geometry"].y,
                one_line(row["name"]),
                word(self._manifest, "kinds", row["kind"]).colour,
            )
            for row in self._stations
            if row["id"] != station["id"] and row["status"] == "open" and shown_beside(row, station)
        ]
        streets = street_map(
            self._layers, frame, Mark(x, y, say("here"), content.kind.colour), others,
            drawable=lambda text: not missing_glyphs([text], self._fonts),
            here_icon=content.kind.icon, metres=say("metre"),
        )  # fmt: skip
        sheet = door_sheet(content, sign, streets, frame, paper.size, say, paper.bleed)
        return sheet, (station["id"],)
