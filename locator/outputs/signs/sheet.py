"""What stands on one door sign: words as strings, pictures as SVG, for the template to set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from locator.county import ENTRY_ZH, PROVENANCE_ZH, STATUS_ZH
from locator.outputs.fonts import missing_glyphs, require_glyphs
from locator.outputs.lineage import provenance_of
from locator.outputs.maplabels import Mark
from locator.outputs.palette import tokens
from locator.outputs.paper import Frame, Layers
from locator.outputs.signs.code import address, code_svg
from locator.outputs.signs.lines import breakable, pieces, split_tail
from locator.outputs.streetmap import street_map
from locator.outputs.svg import svg
from locator.outputs.words import one_line, word
from locator.stations.hours import week_text

#: Ground millimetres for one on the map: a few blocks around the door.
SCALE = 5000
#: Sides on A4, in mm; larger paper enlarges them, and shows more ground at the same scale.
MAP_WIDTH_MM = 132


@dataclass(frozen=True, slots=True)
class Layout:
    """How much room the foot of the sign takes (mm on A4), and whether services tell their hours.

    The code keeps 25 mm without its quiet zone in each of ``LAYOUTS``.
    """

    map_mm: int
    code_mm: int
    service_hours: bool


#: First to last until all fits: the map gives height, then the services' own hours go to the page.
LAYOUTS = tuple(
    Layout(map_mm, code_mm, service_hours)
    for service_hours in (True, False)
    for map_mm, code_mm in ((74, 50), (66, 42), (58, 34))
)
#: The number for workers' rights, by country.
HOTLINES = {"CN": "12351"}


def sheet(
    manifest: Mapping[str, Any],
    station: Mapping[str, Any],
    stations: Iterable[Mapping[str, Any]],
    layers: Layers,
    paper_mm: tuple[int, int],
    base: str,
    fonts: Path,
    layout: Layout = LAYOUTS[0],
) -> dict[str, Any]:
    """The sign of ``station`` as JSON for ``door.typ``; ``base`` is the public address or "".

    Raises FontError for a character that the faces in ``fonts`` cannot draw, HoursError for
    hours that cannot be put in words.
    """
    kind, grow = word(manifest, "kinds", station["kind"]), paper_mm[0] / 210
    words = _words(manifest, station)
    if not layout.service_hours:
        for service in words["services"]:
            service["starred"], service["note"] = bool(service["note"]), []
        if any(service["starred"] for service in words["services"]):
            words["star"] = "时段见扫码页" if base else "时段见现场告示"
    require_glyphs(_strings(words), fonts)
    x, y = station["geometry"].x, station["geometry"].y
    frame = Frame(x, y, MAP_WIDTH_MM * grow, layout.map_mm * grow, SCALE)
    others = [
        Mark(
            row["geometry"].x,
            row["geometry"].y,
            one_line(row["name"]),
            word(manifest, "kinds", row["kind"]).colour,
        )
        for row in stations
        if row["id"] != station["id"] and row["status"] == "open" and shown_beside(row, station)
    ]
    items = street_map(
        layers,
        frame,
        Mark(x, y, "您在这里", kind.colour),
        others,
        drawable=lambda text: not missing_glyphs([text], fonts),
        here_icon=kind.icon,
    )
    text = address(station, base)
    return {
        **words,
        "width_mm": paper_mm[0],
        "height_mm": paper_mm[1],
        "colours": {**tokens(), "hue": kind.colour},
        "kind_icon": _icon(kind.icon, kind.colour),
        "service_icons": [
            _icon(word(manifest, "services", code).icon, tokens()["ink"])
            for code in station["services"]
        ],
        "map": {
            "svg": svg(items, frame.width_mm, frame.height_mm),
            "width_mm": frame.width_mm,
            "height_mm": frame.height_mm,
            "scale": SCALE,
            "alt": f"街道图，1:{SCALE}，上北下南，本站在正中",
        },
        "qr": {
            "svg": code_svg(text),
            "side_mm": layout.code_mm * grow,
            # In words, for those who look before they scan: a sticker is quickly put over a code.
            "host": breakable(urlsplit(text).netloc),
            "alt": text,
        },
    }


def _words(manifest: Mapping[str, Any], station: Mapping[str, Any]) -> dict[str, Any]:
    kind, county = word(manifest, "kinds", station["kind"]), manifest["county"]["name_zh"]
    main, tail = split_tail(breakable(one_line(station["name"])))
    township, status = _said(station["township"]), station["status"]
    origin = provenance_of(station)
    return {
        "id": station["id"],
        "name": one_line(station["name"]),
        "name_main": pieces(main, [kind.zh, *township]),
        "name_tail": tail,
        "kind_zh": kind.zh,
        "kind_en": kind.en,
        "county_zh": county,
        "place": " ".join([county, *township]),
        "awards": [breakable(one_line(award)) for award in station["awards"]][:2],
        "hours": _hours(station["hours"]) if _said(station["hours"]) else None,
        "status": "" if status == "open" else STATUS_ZH.get(status, status),
        "services": [
            {
                "zh": word(manifest, "services", code).zh,
                "note": _note(station["service_hours"].get(code)),
                "starred": False,
            }
            for code in station["services"]
        ],
        "star": "",
        "entry": "".join(ENTRY_ZH.get(code, code) for code in _said(station["entry"])),
        "address": "".join(_said(station["address"])),
        "hotline": HOTLINES.get(manifest["county"].get("country", "CN"), ""),
        "verified_on": "".join(_said(station["verified_on"])),
        "as_of": manifest["as_of"],
        "provenance_zh": PROVENANCE_ZH[origin],
        # Of the streets alone: nothing else on the sign is drawn from another's data.
        "attribution": manifest.get("streets", {}).get("attribution", manifest["attribution"]),
        "approval": manifest["approval_number"],
        "illustrative": origin == "illustrative",
        "streets_made_up": manifest["provenance"]["streets"] == "illustrative",
    }


def shown_beside(other: Mapping[str, Any], station: Mapping[str, Any]) -> bool:
    """Whether a station's sign shows another one: never a place of OSM's, which is nobody's
    station, and a made-up one only on the sign of one that is made up itself."""
    allowed = {"illustrative"} if provenance_of(station) == "illustrative" else set()
    return provenance_of(other) not in {"osm", "illustrative"} - allowed


def _hours(hours: str) -> list[dict[str, Any]]:
    """The week's lines; three metres away 「24 小时」 is read sooner than 「全天」."""
    if hours == "24/7":
        return [{"days": "每天", "times": ["24 小时"]}]
    return [
        {"days": breakable(days), "times": [breakable(time) for time in times.split("、")]}
        for days, times in week_text(hours)
    ]


def _note(hours: str | None) -> list[dict[str, Any]]:
    """The hours of one service by groups of days, none when they are those of the door."""
    rows = week_text(hours) if hours else []
    return [{"days": days.removesuffix("每天"), "times": times.split("、")} for days, times in rows]


def _said(value: Any) -> list[str]:
    """The value as a list of one cleaned text, or of none when it is missing."""
    return [] if value is None or pd.isna(value) or value == "" else [breakable(one_line(value))]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.replace("\u200b", "")
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def _icon(inner: str, colour: str) -> str:
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" color="{colour}">'
    return inner and f"{opening}{inner}</svg>"
