"""Clauses of spoken hours, days and what holds on them, put in order and written as OSM has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from locator.stations.hours_clock import Moment, span

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: Months that every convention counts as the season, and those that some do and some don't.
_SURE = {"Jun-Aug": {6, 7, 8}, "Dec-Feb": {12, 1, 2}}
_UNSURE = {"Jun-Aug": {4, 5, 9, 10}, "Dec-Feb": {3, 4, 10, 11}}
#: Why hours are unknown outside the sure months of a season.
NO_MONTHS = "没写明月份"


@dataclass(slots=True)
class Clause:
    """Days (and dates) and what holds on them: spans, all day, or closed."""

    dates: str = ""
    bare_season: bool = False
    days: list[str] = field(default_factory=list)
    workdays: bool = False
    spans: list[tuple[str, Moment, Moment]] = field(default_factory=list)
    all_day: bool = False
    off: bool = False

    @property
    def said(self) -> bool:
        """Whether anything is said yet of the days."""
        return bool(self.spans or self.all_day or self.off)

    @property
    def opens(self) -> bool:
        """Whether it names a time at which the door is open."""
        return self.said and not self.off


@dataclass(slots=True)
class Text:
    """What holds for the whole text besides its clauses."""

    clauses: list[Clause]
    usual: bool = False
    festival: str = ""
    remark: str = ""


class Unread(Exception):
    """Two readings, or none."""


def written(told: Text) -> str:
    """The rules of OSM syntax; raises Unread where no door opens, or two readings are left."""
    clauses = [clause for clause in told.clauses if clause.said or clause.days or clause.dates]
    first, *others = clauses or [Clause()]
    trailing = len(others) == 1 and not others[0].said and not others[0].dates
    if trailing and told.remark:
        raise Unread  # 8:00-20:00，节假日以公告为准: of those days alone, or those days alone open
    if trailing and first.opens and not first.days:
        behind = clauses.pop()  # 8:00-18:00（周一至周五）
        first.days, first.workdays = behind.days, behind.workdays
    if not any(clause.opens for clause in clauses) or not all(clause.said for clause in clauses):
        raise Unread
    clauses = _in_order(clauses)
    holidays = any("PH" in clause.days for clause in clauses)
    opening = [clause for clause in clauses if clause.opens]
    alone = opening[0] if len(opening) == 1 else Clause()
    if told.usual and alone.spans and not alone.dates and alone.days in ([], ["Mo-Su"]):
        alone.days = ["Mo-Su", *([] if holidays else ["PH"])]
    times = [at for clause in clauses for _, *pair in clause.spans for at in pair]
    on_24_hours = any(at.on_24_hours for at in times) and not any(at.period for at in times)
    state = f'unknown "{told.remark}"' if told.remark else ""
    rules = []
    for clause in clauses:
        spans = "00:00-24:00" if clause.all_day else _spans(clause, on_24_hours=on_24_hours)
        days = ",".join(clause.days)
        rules.append(_joined(clause.dates, days, spans, "off" if clause.off else state))
        if clause.workdays and not clause.off and not holidays and not told.usual:
            rules.append(_joined(clause.dates, "PH off"))
    if any(clause.bare_season for clause in clauses):
        rules.append(f'{_unsure_months(clauses)} unknown "{NO_MONTHS}"')
    if told.festival:
        if holidays:
            raise Unread
        rules.append(f'PH unknown "{told.festival}"')
    return "; ".join(rules)


def _in_order(clauses: list[Clause]) -> list[Clause]:
    """The clauses so that each replaces what it is meant to: in OSM the later rule holds.

    Every day first, then workdays, named days as written, days off, holidays, breaks; a season's
    own together. Raises Unread where hours for every day follow those of named days (周一至周五
    8:00-12:00；14:00-18:00): they may be meant for the same days, or for the others.
    """
    seasons = list(dict.fromkeys(clause.dates for clause in clauses if clause.dates))

    def rank(clause: Clause) -> tuple[int, int]:
        holidays = clause.days == ["PH"]
        if clause.dates:
            season = seasons.index(clause.dates)
        else:
            season = -1 if clause.opens and not holidays else len(seasons)
        if clause.off:
            return season, 5 if clause.spans and not clause.days else 4 if holidays else 3
        every_day = not clause.days or clause.days == ["Mo-Su"]
        return season, 0 if every_day else 1 if clause.workdays else 4 if holidays else 2

    ordered = sorted(clauses, key=rank)
    for at, clause in enumerate(clauses):
        earlier = [other for other in clauses[:at] if other.opens and other.dates == clause.dates]
        every_day = clause.opens and rank(clause)[1] == 0
        if every_day and any(rank(other)[1] > 0 for other in earlier):
            raise Unread
    return ordered


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _spans(clause: Clause, *, on_24_hours: bool) -> str:
    spans = []
    worded = any(begin.period or end.period for _, begin, end in clause.spans)
    for _, begin, end in clause.spans:
        # 上午8:00-12:00，2:00-6:00: beside a twelve-hour clock, a figure without a word is no time.
        if worded and not (begin.period or end.period or begin.on_24_hours or end.on_24_hours):
            raise Unread
        resolved = span(begin, end, on_24_hours=on_24_hours)
        if resolved is None:
            raise Unread
        spans.append(resolved)
    # 夏季6:00-21:00，8:00-20:00: the same days twice, or the rest of the year.
    if any(later[:5] < earlier[-5:] for earlier, later in pairwise(sorted(spans))):
        raise Unread
    return ",".join(spans)


def _unsure_months(clauses: list[Clause]) -> str:
    """The months of which seasons without months of their own leave open what holds, as OSM ranges.

    Beside hours for the rest of the year these are the months between; else all others.
    """
    seasons = {clause.dates for clause in clauses if clause.bare_season}
    if any(clause.dates and not clause.bare_season for clause in clauses):
        raise Unread  # a season of its own months beside one without
    sure = set().union(*(_SURE[season] for season in seasons))
    between = set().union(*(_UNSURE[season] for season in seasons))
    unsure = (set(range(1, 13)) if clauses[0].dates else between) - sure
    runs: list[list[int]] = []
    for month in sorted(unsure):
        if runs and runs[-1][-1] == month - 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    if len(runs) > 1 and runs[0][0] == 1 and runs[-1][-1] == 12:
        runs[-1] += runs.pop(0)
    return ",".join(f"{MONTHS[run[0] - 1]}-{MONTHS[run[-1] - 1]}" for run in runs)
