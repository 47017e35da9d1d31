"""Slips of writers of OSM ``opening_hours`` that leave no doubt, written as they are meant."""

from __future__ import annotations

import re

from locator.stations.hours_clock import moment, span

_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)"
_SPAN = r"\d{1,2}:\d\d-\d{1,2}:\d\d"
_HALF = re.compile(rf"(?:(?P<days>{_DAY}(?:[-,]{_DAY})*) )?(?P<times>{_SPAN}(?:,{_SPAN})*)")
#: Behind the name of a day a figure is an hour; elsewhere it may be a date.
_BARE = re.compile(
    rf"(?<={_DAY} )(?P<begin>\d{{1,2}}(?::\d\d)?)-(?P<end>\d{{1,2}}(?::\d\d)?)(?=$|[,;])"
)


def without_slips(osm: str) -> str:
    """``Mo-Fr: 08:00``, ``Fr11:00``, ``20:00,Sa 09:00``, ``18:00 Sa 10:00``, ``Sa 10-18`` mended,
    and ``08:00-12:00 14:00-18:00``.

    Not within comments. A bare ``9-17`` is taken behind the name of a day, where one of its
    figures is past twelve: ``Mo 9-5`` stays as it is, and unread.
    """
    pieces = re.split(r'("[^"]*")', osm)
    for i in range(0, len(pieces), 2):
        plain = re.sub(rf"(?<={_DAY})(?:: ?(?=\d)|(?=\d\d?:))", " ", pieces[i])
        plain = re.sub(rf"(?<=\d),\s*(?={_DAY}\b)", ", ", plain)
        plain = _BARE.sub(_with_minutes, plain)
        plain = re.sub(rf"({_SPAN}) (?={_SPAN})", r"\1,", plain)
        pieces[i] = re.sub(rf"(?<=\d:\d\d) (?={_DAY}\b)", "; ", plain)
    return "".join(pieces)


def halves_joined(osm: str) -> str | None:
    """``08:00-12:00; 14:00-18:00`` with a comma: in OSM the second half would replace the first.

    Where the first half names days and the second none, nobody can tell whether the second is
    meant for those days: None. Halves that both name days are taken as OSM has them.
    """
    if '"' in osm:
        return osm
    joined: list[str] = []
    before: re.Match[str] | None = None
    for clause in osm.split(";"):
        found = _HALF.fullmatch(clause.strip())
        if found and before and not found["days"] and _apart(before, found):
            if before["days"]:
                return None
            joined[-1] += f",{found['times']}"
        else:
            joined.append(clause.strip())
        before = found
    return "; ".join(joined)


def _with_minutes(found: re.Match[str]) -> str:
    begin, end = moment(found["begin"]), moment(found["end"])
    whole = begin and end and span(begin, end, on_24_hours=False)
    return whole or found[0]


def _apart(one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether the second half begins when the first is over, on the same day."""
    begin, end = (clock.zfill(5) for clock in one["times"].rpartition(",")[2].split("-"))
    return begin < end <= other["times"].partition("-")[0].zfill(5)
