"""Rules on hours that can be read, but hardly mean what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from locator.checks.rule import Context, Hit, places, rule
from locator.county import County
from locator.stations import cells
from locator.stations.hours import clock_dates, open_intervals
from locator.stations.hours_rules import names_holidays, open_spans, parse_rules

_DAY_MIN = 24 * 60
#: Shut for so long of the busiest hours counts as shut when riders rest.
_SHUT_MIN = 60
_BUSY_HOURS = 3
#: Said by whoever truly means the next morning.
_NEXT_DAY = re.compile(r"次日|第二天|翌日|隔天|通宵|夜|24小时|二十四小时")
_YEAR = re.compile(r"(?<![\d:])(?:19|20)\d\d(?![\d:])")
_WEDNESDAY, _SATURDAY, _SUNDAY = 2, 5, 6
#: A Monday of a week without a holiday, to read ordinary weeks by.
_ORDINARY = date(2026, 11, 16)


def _where(hours: pd.Series[str], holds: Callable[[str], bool]) -> pd.Series[bool]:
    """Which hours are read and ``holds`` is true of; asked once for each text."""
    return hours.isin([text for text in set(hours.dropna()) if holds(text)])


@rule("warning")
def overnight_ambiguous(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """像是写错了的过夜时间 | Hours that run through the night, hardly meant so

    开放时间照字面夜里开门：下午写成了「2:00-6:00」，朝九晚六写成了「9:00-6:00」（十二小时制），
    「20:00-08:00」像是早晚写反了，「8:00-8:00」等于全天。照字面发布，骑手下午来时图上写着关门，夜里
    来时图上写着开门。请用 24 小时制重写；真过夜的写「20:00-次日08:00」，全天写「24小时」。同类驿站
    多半也开通宵的不报。

    Taken literally the door is open at night: an afternoon written 2:00-6:00, nine to six written
    9:00-6:00, morning and evening exchanged as in 20:00-08:00, or 8:00-8:00, which is all day. The
    map would say shut in the afternoon and open at night. Write times of the 24-hour clock;
    20:00-次日08:00 (next day) where it is true, 24小时 for all day. Quiet where most of the kind
    are open at night.

    例：「8:00-12:00,2:00-6:00」，应是「08:00-12:00,14:00-18:00」。 |
    Example: 8:00-12:00,2:00-6:00, for 08:00-12:00,14:00-18:00.
    """
    for place in places(rows, _doubtful_night(rows)):
        given = place.row.hours
        _, meant = _night_fault(place.row.osm_hours) or ("", "")
        yield Hit(
            place.index,
            f"{place.zh_named}的开放时间「{given[:40]}」照字面夜里开门。"
            f"是不是「{meant}」？请用 24 小时制重写，真过夜的写「次日」。",
            f"{place.en}: the hours {given[:40]!r} mean open at night as they stand; is "
            f"{meant} meant? Write them in the 24-hour clock.",
            "hours",
            given,
            detail={"proposed": meant},
        )


def _doubtful_night(rows: pd.DataFrame) -> pd.Series[bool]:
    faults = {text: _night_fault(text) for text in set(rows["osm_hours"].dropna())}
    named = {text: fault[0] for text, fault in faults.items() if fault}
    found = rows["osm_hours"].map(named).astype(object)
    found = found.where(rows["status_code"] == "open", "").fillna("")
    found = found.where(~cells.each(rows["hours"], _says_next_day).astype(bool), "")
    only_night = found == "only_night"
    if only_night.any():
        # Of a kind that is open at night anyway the hours are believed.
        others = rows["osm_hours"][rows["osm_hours"].notna() & ~only_night]
        share = _where(others, _open_at_night).groupby(rows["kind_code"]).mean()
        found = found.where(~(only_night & (rows["kind_code"].map(share) > 0.5)), "")
    return (found != "").astype(bool)


def _says_next_day(text: str) -> bool:
    return _NEXT_DAY.search(text) is not None


@lru_cache(maxsize=65536)
def _night_fault(osm: str) -> tuple[str, str] | None:
    """What makes a night doubtful, and what may be meant; None where nothing does."""
    noon = _DAY_MIN // 2
    for part in parse_rules(osm) or ():
        spans = [tuple(_minutes(clock) for clock in span.split("-")) for span in part.times]
        if len(spans) == 1 and spans[0][0] == spans[0][1]:
            return "same", "24小时"
        for before, (begin, end) in pairwise(spans):
            both = before[1] <= begin + noon < end + noon <= _DAY_MIN and begin < before[0]
            late = before[1] <= begin < end + noon <= _DAY_MIN and end < before[0]
            if both or late:
                shifted = f"{_clock(begin + noon * both)}-{_clock(end + noon)}"
                return "twelve", f"{_clock(before[0])}-{_clock(before[1])},{shifted}"
        if len(spans) == 1:
            begin, end = spans[0]
            if 17 * 60 <= begin <= 23 * 60 and 5 * 60 <= end <= 11 * 60:
                return "only_night", f"{_clock(end)}-{_clock(begin)}"
            if 7 * 60 <= begin < noon and 4 * 60 <= end < begin:
                return "twelve", f"{_clock(begin)}-{_clock(end + noon)}"
            if 60 <= begin < end <= 6 * 60 + 30:
                return "only_night", f"{_clock(begin + noon)}-{_clock(end + noon)}"
    return None


def _open_at_night(osm: str) -> bool:
    rules = parse_rules(osm)
    day = _ORDINARY + timedelta(days=_WEDNESDAY)
    return any(
        end >= _DAY_MIN + 3 * 60 or begin == 0 for begin, end in open_spans(rules or (), day, "CN")
    )


@rule("warning")
def season_expired(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """只到过去某年的开放时间 | Hours bound to dates that are over

    开放时间写明了年份，而那段日子已经过去：照字面以后再也不开。图上永远是关门，覆盖也不算它。
    今年还开的请去掉年份或改成今年；不再开的请改「状态」。

    The hours name years, and all of those days are over: as they stand the station never opens
    again, looks shut for ever and covers nobody. Take the year out, or give the status closed.

    例：「2025 Jun 1-2025 Aug 31 08:00-20:00」，现在是 2026 年 11 月。 |
    Example: 2025 Jun 1-2025 Aug 31 08:00-20:00, in November 2026.
    """
    for place in places(rows, _expired(rows, context) & (rows["status_code"] == "open")):
        given = place.row.hours
        yield Hit(
            place.index,
            f"{place.zh_named}的开放时间「{given[:40]}」已经过了，照字面以后都不开。"
            "请改年份，或改「状态」。",
            f"{place.en}: the hours {given[:40]!r} are over, and it never opens again; correct "
            "the year, or the status.",
            "hours",
            given,
        )


def _expired(rows: pd.DataFrame, context: Context) -> pd.Series[bool]:
    def over(osm: str) -> bool:
        years = [int(year) for year in _YEAR.findall(re.sub(r'"[^"]*"', "", osm))]
        if not years or max(years) > context.as_of.year + 2:
            return False
        days = (date(max(*years, context.as_of.year) + 1, 12, 31) - context.as_of).days
        county = context.county
        return not len(
            open_intervals(osm, context.as_of, days, county.timezone, county.country)
        ) and bool(_ever_open(osm))

    return _where(rows["osm_hours"], over)


def _ever_open(osm: str) -> bool:
    return any(part.state == "open" for part in parse_rules(osm) or ())


@rule("warning")
def service_hours_outside_hours(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """服务时间和开放时间、服务对不上 | A service's hours against the door and the services

    某项服务的时间超出了开门的时间，或写了「服务」里没有的服务。门关着就用不上服务，所以只算两者都
    开的时候；没列出的服务，写了时间也不会发布。请改「服务时间」「开放时间」或「服务」；厕所在门外、
    不受开门影响的，请另立一行。

    A service's own hours go beyond those of the door, or belong to a service that the station does
    not list. Behind a locked door nothing is to be had, so only the hours that both are open count,
    and a service that is not listed is not published. Correct one of the three columns; a toilet
    outside the door is a row of its own.

    例：开放时间 08:00-20:00，服务时间「如厕: 24小时」。 |
    Example: the door from 08:00 to 20:00, the toilet 24/7.
    """
    county = context.county
    told = (rows["osm_service_hours"].map(len) > 0) & (rows["service_unknown"].map(len) == 0)
    if not told.any():
        return
    asked = rows[told]
    unsure = _where(asked["osm_hours"], lambda osm: 'unknown "' in osm)
    doubtful = _doubtful_night(asked) | _expired(asked, context) | unsure
    asked = asked.assign(door=asked["osm_hours"].mask(doubtful, None).fillna(""))
    # What a kind promises and does not list is told of by canteen_without_hot_meal.
    promised = {code: kind.offers for code, kind in county.kinds.items()}

    def faults(row: Any) -> tuple[list[str], list[str]]:
        own, offered = row.osm_service_hours, row.service_codes
        return (
            [c for c in own if c in offered and row.door and _beyond(own[c], row.door, context)],
            [c for c in own if c not in (*offered, *promised.get(row.kind_code, ()))],
        )

    key = ["service_hours", "door", "services", "kind"]
    first = asked.drop_duplicates(key)
    verdicts = {
        texts: faults(row)
        for texts, row in zip(_tuples(first[key]), first.itertuples(), strict=True)
    }
    found = pd.Series([verdicts[texts] for texts in _tuples(asked[key])], asked.index, dtype=object)
    for place in places(asked, found.map(any).astype(bool)):
        beyond, extra = found[place.index]
        zh, en = [], []
        if beyond:
            zh.append(f"{'、'.join(county.services[c].zh for c in beyond)}的时间超出开放时间")
            en.append(f"{', '.join(beyond)} beyond the hours of the door")
        if extra:
            zh.append(f"{'、'.join(county.services[c].zh for c in extra)}没有写在「服务」里")
            en.append(f"{', '.join(extra)}, which is not among the services")
        yield Hit(
            place.index,
            f"{place.zh_named}的服务时间里，{'，'.join(zh)}。请核对后改正。",
            f"{place.en}: service_hours has {' and '.join(en)}; correct one of them.",
            "service_hours",
            place.row.service_hours,
        )


def _tuples(table: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(table.itertuples(index=False, name=None))


def _beyond(own: str, door: str, context: Context) -> bool:
    """Whether a service is open, in this half of the year or the other, while the door is not."""
    zone, country = context.county.timezone, context.county.country
    return any(
        _minutes_beyond(own, door, context.as_of + timedelta(days=later), zone, country) > 0
        for later in (0, 182)
    )


@lru_cache(maxsize=65536)
def _minutes_beyond(own: str, door: str, first: date, zone: str, country: str) -> int:
    start = first + timedelta(days=1)  # what ran past midnight is judged with its evening
    inside = open_intervals(door, first, 10, zone, country)
    minutes = 0
    for begin, end in open_intervals(own, start, 7, zone, country).tolist():
        both = np.minimum(inside[:, 1], end) - np.maximum(inside[:, 0], begin)
        minutes += end - begin - int(both.clip(0).sum())
    return minutes


@rule("info")
def holiday_rule_missing(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """没写节假日开不开 | Nothing is said of public holidays

    平日和周末时间不同，却没写法定节假日和调休怎么办。没写就按普通的星期几算：国庆假期里的星期四照
    常算开门，调休上班的星期六照常算关门。请在后面加上「；法定节假日休息」，或加上节假日的时间；节
    假日不变的不用改。整张表都没写的只说一次。

    The hours differ between weekdays and the weekend, and say nothing of public holidays. The day
    of the week then decides: a Thursday within the October holiday counts as open, a Saturday on
    which China works as shut. Add "; PH off" or the hours of holidays; leave it if nothing changes.
    A sheet that never speaks of holidays is told of once.

    例：「周一至周五 08:30-17:30」，国庆开不开？ |
    Example: Mo-Fr 08:30-17:30: and in the October holiday?
    """
    country = context.county.country

    def silent(osm: str) -> bool:
        parts = parse_rules(osm)
        if not parts or names_holidays(osm) or _YEAR.search(osm):
            return False
        midweek, *weekend = (
            open_spans(parts, _ORDINARY + timedelta(days=weekday), country)
            for weekday in (_WEDNESDAY, _SATURDAY, _SUNDAY)
        )
        return any(day != midweek for day in weekend)

    missing = _where(rows["osm_hours"], silent) & (rows["status_code"] == "open")
    aware = _where(rows["osm_hours"], names_holidays).groupby(rows["file"]).transform("any")
    count = missing.groupby(rows["file"]).transform("sum")
    at_once = missing & ~aware & (count > 1)
    for file, size in at_once[at_once].groupby(rows["file"], sort=False).size().items():
        yield Hit(
            None,
            f"{file} 里 {size} 个驿站平日和周末时间不同，整张表都没写法定节假日，按普通的星期几算。"
            "节假日不同的，请补上「法定节假日休息」。",
            f"{file}: {size} stations have other hours at the weekend, and the sheet says nothing "
            'of public holidays, so the day of the week decides; add "PH off" where they differ.',
            "hours",
            file=str(file),
        )
    for place in places(rows, missing & ~at_once):
        given = place.row.hours
        yield Hit(
            place.index,
            f"{place.zh_named}的开放时间「{given[:40]}」没写法定节假日，按普通的星期几算。"
            "节假日不同的，请补上「法定节假日休息」。",
            f"{place.en}: the hours {given[:40]!r} say nothing of public holidays, and the day of "
            'the week decides; add "PH off" if they differ.',
            "hours",
            given,
        )


@rule("info")
def closed_at_peak(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """骑手最需要时关着门 | Shut when riders need it most

    这个驿站工作日开门，却在骑手最需要的三个小时里关了一个小时以上，多半是午休。午高峰一过正是歇脚
    的时候，这时关门，这一站等于没有。请和依托单位商量错开午休；真改不了的不用改。哪三个小时由
    county.toml 里各项服务一天的需求（profile）算出：驿站看基本服务，食堂看供餐。

    The stop is open on workdays, but shut for an hour or more of the three hours in which riders
    need it most, over the host's lunch break as a rule. After the lunch rush is when they rest.
    Ask the host to shift the break; nothing to mend where that can't be. The three hours follow
    from the profiles of the services in county.toml: the basic ones, for a canteen its meals.

    例：「08:30-12:00,14:30-17:30」，13:00-14:30 关着。 |
    Example: 08:30-12:00,14:30-17:30 is shut until half past two.
    """
    county = context.county
    day = clock_dates(context.as_of, county.country)["workday"]
    believed = (rows["status_code"] == "open") & ~_doubtful_night(rows)
    for code, kind in county.kinds.items():
        busy = _busiest(county, kind.offers or _basic(county)) if kind.stop else None
        if busy is None:
            continue
        hours = rows["osm_hours"].where(believed & (rows["kind_code"] == code))
        shut = _where(hours, partial(_shut, day=day, busy=busy, county=county))
        span = f"{busy:02}:00-{busy + _BUSY_HOURS:02}:00"
        for place in places(rows, shut):
            given = place.row.hours
            yield Hit(
                place.index,
                f"{place.zh_named}（{given[:60]}）在骑手最需要的 {span} 里"
                "关了一小时以上。能错开午休最好。",
                f"{place.en}: {place.row.name!r} ({given[:60]}) is shut for an hour or more of "
                f"{span}, when riders need it most; shift the break if that can be.",
                "hours",
                given,
            )


def _basic(county: County) -> tuple[str, ...]:
    return tuple(code for code, service in county.services.items() if service.basic)


def _busiest(county: County, services: tuple[str, ...]) -> int | None:
    """The hour at which the three hours of the greatest need begin; None where it is level."""
    need = [sum(county.services[code].need(hour) for code in services) for hour in range(24)]
    sums = [sum(need[hour : hour + _BUSY_HOURS]) for hour in range(25 - _BUSY_HOURS)]
    return None if max(sums) - min(sums) < 1e-9 else sums.index(max(sums))


def _shut(osm: str, day: date, busy: int, county: County) -> bool:
    """Whether hours open on ``day``, but are shut for long of the hours from ``busy`` on."""
    spans = open_intervals(osm, day, 1, county.timezone, county.country)
    if not len(spans):
        return False
    zone = ZoneInfo(county.timezone)
    begin = int(datetime.combine(day, time(busy), zone).timestamp()) // 60
    inside = np.minimum(spans[:, 1], begin + _BUSY_HOURS * 60) - np.maximum(spans[:, 0], begin)
    return bool(_BUSY_HOURS * 60 - inside.clip(0).sum() >= _SHUT_MIN)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
