"""The worst gaps as cards: what, when, why, how far the nearest stop is, and a map of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import shape

from locator.outputs.coverage_words import listed, people, slots_text
from locator.outputs.fonts import font_folder, missing_glyphs
from locator.outputs.maplabels import Mark
from locator.outputs.palette import tokens
from locator.outputs.paper import Layers, index_layers
from locator.outputs.report.gap_hour import open_then, worst_at
from locator.outputs.report.gap_maps import gap_map
from locator.outputs.report.words import reach_text, say, service_name
from locator.outputs.words import one_line, word

if TYPE_CHECKING:
    from locator.release.publish import Release

#: So many gaps are shown with a map.
MOST_GAPS = 10


def gap_cards(
    release: Release,
    coverage: Mapping[str, Any],
    actions: Mapping[str, Any] | None,
    lang: str,
) -> dict[str, Any]:
    """The worst gaps of any stop, each with its facts and its map."""
    gaps = coverage["gaps"]
    if not gaps:
        title = say(lang, "gaps_none" if coverage["clock"] else "gaps_unknown")
        return {"title": title, "note": "", "legend": "", "items": []}
    shown = gaps[:MOST_GAPS]
    layers, fonts = index_layers(release.layers()), font_folder()
    stations = release.stations().to_dict("records")
    names = {row["id"]: one_line(row["name"]) for row in stations}
    kinds = release.manifest["kinds"]
    stops = {
        row["id"]: Mark(
            row["geometry"].x,
            row["geometry"].y,
            names[row["id"]],
            word(release.manifest, "kinds", row["kind"]).colour,
        )
        for row in stations
        if row["status"] == "open" and kinds.get(row["kind"], {}).get("stop", True)
    }
    proposed = [
        Mark(each["lon"], each["lat"], "", tokens()["ember"])
        for each in (actions or {"actions": []})["actions"]
        if each["kind"] == "open"
    ]

    def drawable(text: str) -> bool:
        return not missing_glyphs([text], fonts)

    return {
        "title": say(lang, "gaps", count=len(shown)),
        "note": f"{say(lang, 'gaps_all', count=len(gaps))} · {say(lang, 'rider_hours_note')}",
        "legend": say(lang, "map_legend_proposed" if proposed else "map_legend"),
        "items": [
            _gap(gap, number, release, coverage, names, layers, stops, proposed, drawable, lang)
            for number, gap in enumerate(shown, start=1)
        ],
    }


def _gap(
    gap: Mapping[str, Any],
    number: int,
    release: Release,
    coverage: Mapping[str, Any],
    names: Mapping[str, str],
    layers: Layers,
    stops: Mapping[str, Mark],
    proposed: Sequence[Mark],
    drawable: Callable[[str], bool],
    lang: str,
) -> dict[str, Any]:
    name = one_line(gap.get(f"name_{lang}", gap["name"]))
    never = [service_name(release.manifest, code, lang) for code in gap["services"]]
    every = len(never) == len({row["service"] for row in coverage["clock"]}) - 1
    outline = shapely.make_valid(shape(gap["geometry"]))
    worst = worst_at(gap)
    slot = gap["hours"][worst or 0]
    opened = open_then(release, coverage["dates"], slot)
    # The nearest stops alone are named, more names would cover the gap; they are drawn first.
    named = {gap["nearest_station"], None if worst is None else gap["open_station"][worst]}
    marks = [
        replace(mark, label=mark.label if each in named else "", hollow=each not in opened)
        for each, mark in sorted(stops.items(), key=lambda item: item[0] not in named)
    ]
    facts = [(say(lang, "when"), slots_text(lang, gap["hours"]))]
    if cause := gap.get("cause"):
        facts.append((say(lang, "why"), say(lang, f"cause_{cause}", reach=reach_text(coverage))))
    near = (
        _nearest(gap, names, lang)
        if worst is None
        else _open(gap, worst, opened, coverage["unknown_hours"], names, lang)
    )
    facts.append((say(lang, "nearest"), near))
    if never:
        missing = say(lang, "missing_all") if every else listed(never, lang)
        facts.append((say(lang, "missing"), missing))
    return {
        "id": gap["id"],
        "number": number,
        "name": name,
        "rider_hours": say(lang, "rider_hours", count=people(gap["rider_hours"])),
        "facts": [list(fact) for fact in facts],
        "map": gap_map(
            layers, outline, marks, proposed, metres=say(lang, "metres"), drawable=drawable
        ),
        "alt": say(lang, "map_alt", name=name),
    }


def _open(
    gap: Mapping[str, Any],
    worst: int,
    opened: Collection[str],
    unknown: Collection[str],
    names: Mapping[str, str],
    lang: str,
) -> str:
    """The nearest stop that is open in the gap's worst hour, and a nearer one that is not."""
    station, minutes = gap["open_station"][worst], gap["open_minutes"][worst]
    slot = slots_text(lang, [gap["hours"][worst]])
    if station is None or minutes is None:
        return say(lang, "nearest_none_open", slot=slot)
    said = say(
        lang, "nearest_open", slot=slot, name=names.get(station, station), minutes=_whole(minutes)
    )
    nearest, away = gap["nearest_station"], gap["nearest_minutes"]
    if nearest in (None, station) or nearest in opened or away >= minutes:
        return said
    key = "nearer_unknown" if nearest in unknown else "nearer_closed"
    return said + say(lang, key, name=names.get(nearest, nearest), minutes=_whole(away))


def _nearest(gap: Mapping[str, Any], names: Mapping[str, str], lang: str) -> str:
    """The nearest stop, whatever its hours: all that an older release tells."""
    station, minutes = gap["nearest_station"], gap["nearest_minutes"]
    if station is None or minutes is None:
        return say(lang, "nearest_none")
    return say(lang, "nearest_text", name=names.get(station, station), minutes=_whole(minutes))


def _whole(minutes: float) -> int:
    """Rounded up: what lies beyond the reach must not read as if it lay within."""
    return max(1, math.ceil(minutes))
