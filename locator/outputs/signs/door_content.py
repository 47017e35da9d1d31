"""What stands on the door sign of a station, as words; ``door_sheet`` says where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from locator.county import ENTRY_ZH, PROVENANCE_ZH, STATUS_ZH
from locator.outputs.lineage import provenance_of
from locator.outputs.signs.lines import spaced
from locator.outputs.signs.sign_words import CODES_EN, HOTLINES, Words
from locator.outputs.words import Word, one_line, word
from locator.stations.hours import week_text

#: Days and times, each as words: ``("周一至周五", ("08:00–20:00",))``.
Week = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its icon (see ``words.icon``), its name, and its hours where they are not those
    of the door."""

    icon: str
    name: str
    hours: Week


@dataclass(frozen=True, slots=True)
class DoorContent:
    """What one sign says; "" is what nobody knows, ``hours`` None what nobody knows of the hours.

    ``link`` is what the code says; ``colour`` is the hue of the station's kind.
    """

    id: str
    name: str
    kind: Word
    place: tuple[str, ...]
    awards: tuple[str, ...]
    hours: Week | None
    status: str
    status_beside: str
    services: tuple[Service, ...]
    entry: str
    address: str
    hotline: str
    origin: str
    as_of: str
    verified_on: str
    attribution: str
    approval: str
    link: str
    to_page: bool
    made_up: bool
    streets_made_up: bool

    def words(self) -> Iterator[str]:
        """All that comes from the ledger, for the proof that the faces can draw it."""
        yield from (self.id, self.name, self.kind.zh, self.kind.en, self.status, self.entry)
        yield from (*self.place, *self.awards, self.address, self.origin, self.as_of)
        yield from (self.verified_on, self.attribution, self.approval)
        yield from (service.name for service in self.services)
        for week in (self.hours or (), *(service.hours for service in self.services)):
            for days, times in week:
                yield from (days, *times)


def door_content(
    manifest: Mapping[str, Any], station: Mapping[str, Any], link: str, to_page: bool, say: Words
) -> DoorContent:
    """What the sign of ``station`` says in the language of ``say``; ``to_page`` says whether
    ``link`` leads to a page of ours, where all hours stand.

    Raises HoursError for hours that cannot be put in words.
    """
    county, english = manifest["county"], say.lang == "en"
    status, entry, origin = station["status"], said(station["entry"]), provenance_of(station)
    hours, township = said(station["hours"]), spaced(said(station["township"]))
    services = []
    for code in station["services"]:
        named = word(manifest, "services", code)
        own = station["service_hours"].get(code)
        services.append(
            Service(
                named.icon,
                spaced(one_line(named.en if english else named.zh)),
                _service_week(own, say) if own else (),
            )
        )
    return DoorContent(
        id=station["id"],
        name=spaced(one_line(station["name"])),
        kind=word(manifest, "kinds", station["kind"]),
        place=_place(county["name_en" if english else "name_zh"], county["name_zh"], township),
        awards=tuple(spaced(one_line(award)) for award in station["awards"])[:2],
        hours=_week(hours, say) if hours else None,
        status="" if status == "open" else _named(status, STATUS_ZH, say),
        status_beside=CODES_EN.get(status, "") if status != "open" and say.lang == "both" else "",
        services=tuple(services),
        entry=_named(entry, ENTRY_ZH, say) if entry else "",
        address=spaced(said(station["address"])),
        hotline=HOTLINES.get(county.get("country", "CN"), ""),
        origin=_named(origin, PROVENANCE_ZH, say),
        as_of=manifest["as_of"],
        verified_on=said(station["verified_on"]),
        # Of the streets alone: nothing else on the sign is drawn from another's data.
        attribution=manifest.get("streets", {}).get("attribution", manifest["attribution"]),
        approval=manifest["approval_number"],
        link=link,
        to_page=to_page,
        made_up=origin == "illustrative",
        streets_made_up=manifest["provenance"]["streets"] == "illustrative",
    )


def shown_beside(other: Mapping[str, Any], station: Mapping[str, Any]) -> bool:
    """Whether a station's sign shows another one: never a place of OSM's, which is nobody's
    station, and a made-up one only on the sign of one that is made up itself."""
    allowed = {"illustrative"} if provenance_of(station) == "illustrative" else set()
    return provenance_of(other) not in {"osm", "illustrative"} - allowed


def said(value: Any) -> str:
    """The value as one cleaned text, "" where it is missing."""
    return "" if value is None or pd.isna(value) else one_line(str(value))


def _place(county: str, chinese: str, township: str) -> tuple[str, ...]:
    """The county and the township, which may say the county's name itself."""
    return (township,) if township.startswith(chinese) else tuple(filter(None, (county, township)))


def _named(code: str, chinese: Mapping[Any, str], say: Words) -> str:
    """A code of ours in words; one that we do not know is its own name."""
    if say.lang == "en":
        return CODES_EN.get(code, code.replace("_", " "))
    return chinese.get(code, code)


def _week(hours: str, say: Words) -> Week:
    """The week's lines; three metres away 「24 小时」 is read sooner than 「全天」."""
    if hours == "24/7":
        return ((say("every_day"), (say("24_hours"),)),)
    return _lines(hours, say)


def _service_week(hours: str, say: Words) -> Week:
    return tuple(
        (re.sub(r"(^|, | )(每天|[Ee]very day)$", "", days), times)
        for days, times in _lines(hours, say)
    )


def _lines(hours: str, say: Words) -> Week:
    english = say.lang == "en"
    return tuple(
        (one_line(days), tuple(one_line(times).split(", " if english else "、")))
        for days, times in week_text(hours, lang="en" if english else "zh")
    )


def lines_of_hours(week: Week, say: Words) -> Sequence[Sequence[str]]:
    """Each group of days as the words that stay whole: the days, then its times; all but the last
    end with the sign that parts them from the next."""
    english = say.lang == "en"
    among, end = (",", ";") if english else ("、", "；")
    out = []
    for at, (days, times) in enumerate(week):
        marked = [time + among for time in times[:-1]]
        marked.append(times[-1] + (end if at + 1 < len(week) else ""))
        out.append([*([days] if days else []), *marked])
    return out
