"""What a spoken time of day means: ``晚8点`` is 20:00, ``下午2:00-6:00`` is 14:00 to 18:00.

A twelve-hour clock has two readings for most times. A word (早上, 下午, 晚 …) leaves one, and so
does an hour past twelve on the other side of the span. Where two readings are left there is no
answer: nobody is sent to a door on a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_DAY_MIN = 24 * 60
_HOUR_MIN = 60

#: The hours that a word may mean, first and last. Beyond 24 it is the next morning.
_WINDOWS: dict[tuple[str, ...], tuple[int, int]] = {
    ("凌晨",): (0, 6),
    ("早上", "早晨", "清晨", "清早", "早间", "早", "晨"): (3, 11),
    ("上午",): (5, 12),
    ("中午", "正午", "午间"): (11, 14),
    ("下午", "午后"): (12, 23),
    ("傍晚",): (16, 20),
    ("晚上", "晚间", "晚"): (17, 27),
    ("夜里", "夜间", "夜晚", "深夜", "半夜", "午夜"): (19, 28),
}
_WINDOW_OF = {word: window for words, window in _WINDOWS.items() for word in words}
#: A span that ends in one of these ends on the next morning, if it must.
_MORNINGS = ("凌晨", "早上", "早晨", "清晨", "清早", "早间", "早", "晨", "上午")
#: Said of the beginning alone: 早8点到… leaves open which half of the day comes next.
_BEGINS_ONLY = ("早", "晨")

PERIOD = "|".join(sorted(_WINDOW_OF, key=len, reverse=True))
NEXT_DAY = "次日|第二天|翌日|隔天|隔日"
CLOCK = (
    r"(?:\d{1,2}[:.]\d\d分?|\d{1,2}(?:点钟|点整|点|时)(?:半|[一三]刻|\d{1,2}分?)?|\d{1,2})(?!\d)"
)
MOMENT = rf"(?:{NEXT_DAY})?(?:{PERIOD})?:?{CLOCK}"
_MOMENT = re.compile(
    rf"(?P<next>{NEXT_DAY})?(?P<period>{PERIOD})?:?(?P<hour>\d{{1,2}})"
    r"(?:[:.](?P<colon>\d\d)分?|(?P<spoken>点钟|点整|点|时)(?P<rest>半|[一三]刻|\d{1,2}分?)?)?"
)
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}
Style = Literal["colon", "spoken", "bare"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day as written. ``hour`` is the figure, ``minute`` those after it.

    ``style`` tells ``8:00`` (colon), ``8点`` (spoken) and ``8`` (bare) apart; ``zero`` says that
    the figure has a leading zero, which only the 24-hour clock has.
    """

    period: str
    next_day: bool
    hour: int
    minute: int
    style: Style
    zero: bool

    @property
    def on_24_hours(self) -> bool:
        """Whether the figure itself shows that it is one of the 24-hour clock."""
        return self.hour > 12 or self.hour == 0 or self.zero


def moment(text: str) -> Moment | None:
    """The parts of one time, None where there is no such hour or minute."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    rest = (found["rest"] or "").removesuffix("分")
    minute = int(found["colon"] or 0) or _QUARTERS.get(rest) or int(rest or 0)
    hour = int(found["hour"])
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    style: Style = "colon" if found["colon"] else "spoken" if found["spoken"] else "bare"
    zero = found["hour"].startswith("0")
    return Moment(found["period"] or "", bool(found["next"]), hour, minute, style, zero)


def span(begin: Moment, end: Moment, *, on_24_hours: bool) -> str | None:
    """``08:00-20:00`` for a span that leaves one reading, None for all others.

    ``on_24_hours`` says that other times of the same text are those of a 24-hour clock, and none
    of a twelve-hour clock. Two times with colons and without words are taken as they are written.
    """
    if begin.next_day:
        return None
    if not begin.period and not end.period:
        if begin.style == end.style == "colon" and not end.next_day:
            return f"{begin.hour:02d}:{begin.minute:02d}-{end.hour:02d}:{end.minute:02d}"
        pair = _unworded(begin, end, on_24_hours=on_24_hours)
    elif not end.period:
        pair = _end_unworded(begin, end)
    elif not begin.period:
        pair = _begin_unworded(begin, end)
    else:
        pair = _worded(begin), _after(_worded(begin), end)
    start, stop = pair
    if start is None or stop is None or not start < stop < start + _DAY_MIN or start >= _DAY_MIN:
        return None if (start, stop) != (0, _DAY_MIN) else "00:00-24:00"
    stop = stop - _DAY_MIN if stop > _DAY_MIN else stop
    return f"{start // 60:02d}:{start % 60:02d}-{stop // 60:02d}:{stop % 60:02d}"


def _readings(at: Moment) -> list[int]:
    """The minutes of the day that a figure may mean, the next morning included."""
    hour = at.hour % 12
    if at.hour == 0:
        hours = [0, 24]
    elif at.hour > 12:
        hours = [at.hour]
    else:
        hours = [hour, hour + 12, hour + 24]
    return [each * _HOUR_MIN + at.minute for each in hours]


def _worded(at: Moment, period: str = "") -> int | None:
    """Minutes of a time with its word, None where the word does not leave exactly one."""
    first, last = _WINDOW_OF[at.period or period]
    fit = [each for each in _readings(at) if first * _HOUR_MIN <= each <= last * _HOUR_MIN + 59]
    return fit[0] if len(fit) == 1 else None


def _after(start: int | None, end: Moment) -> int | None:
    """The end of a span by its own word: that day, or the morning after."""
    stop = _worded(end)
    if start is None or stop is None:
        return None
    if end.next_day:
        return stop + _DAY_MIN if stop < _DAY_MIN else stop
    return stop + _DAY_MIN if stop <= start and end.period in _MORNINGS else stop


def _unworded(begin: Moment, end: Moment, *, on_24_hours: bool) -> tuple[int | None, int | None]:
    """``8点-20点``, ``18点-次日2点``: only where a figure shows the 24-hour clock."""
    colons = begin.style == end.style == "colon"
    if not (begin.on_24_hours or end.on_24_hours or on_24_hours or colons):
        return None, None
    start = begin.hour * _HOUR_MIN + begin.minute
    stop = end.hour * _HOUR_MIN + end.minute
    if end.next_day:
        return start, stop + _DAY_MIN
    if stop > start or end.on_24_hours:
        return start, stop if stop > start else stop + _DAY_MIN
    # 13点-5点 may be 17:00 or the next morning; 18点-2点 only the latter.
    later = stop + _DAY_MIN // 2
    return start, None if later > start else stop + _DAY_MIN


def _end_unworded(begin: Moment, end: Moment) -> tuple[int | None, int | None]:
    """``下午2:00-6:00``: the word holds for both, unless the end is past twelve."""
    start = _worded(begin)
    if end.next_day:
        return start, end.hour * _HOUR_MIN + end.minute + _DAY_MIN
    if end.hour > 12:
        return start, end.hour * _HOUR_MIN + end.minute
    if begin.period in _BEGINS_ONLY:
        return start, None
    return start, _worded(end, begin.period)


def _begin_unworded(begin: Moment, end: Moment) -> tuple[int | None, int | None]:
    """``8:00-晚8:00``: the readings before the end, which must be one."""
    if end.hour > 12:
        start = begin.hour * _HOUR_MIN + begin.minute
        return start, _after(start, end)
    found = {
        (start, stop)
        for start in _readings(begin)
        if start < _DAY_MIN
        and (stop := _after(start, end)) is not None
        and start < stop < start + _DAY_MIN
    }
    return found.pop() if len(found) == 1 else (None, None)
