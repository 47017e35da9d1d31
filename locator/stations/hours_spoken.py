"""Opening hours as people write them in Chinese, turned into OSM ``opening_hours``.

``早8点到晚8点``, ``工作日8:00-18:00，周末9:00-17:00``, ``全天（周日休）``. A text is read word by
word; one word that is not known, or one that leaves two readings, and the whole text stays unread.
What the words are taken to mean where OSM has no word of its own:

- 工作日 are Monday to Friday without public holidays (``Mo-Fr …; PH off``); make-up workdays count.
- 节假日照常 and 全年无休 say that a holiday is like any other day: ``Mo-Su,PH`` where the hours are
  the same every day.
- 春节除外 (or another festival) has no dates of its own: public holidays become ``unknown`` with
  the text as comment, since the festival is among them and nobody can be sure of the others.
- 夏季 and 冬季 without months are June to August and December to February, which every convention
  agrees on; the rest of the year is ``unknown`` and says so (beside 其余时间 only the months
  between). With months, ``夏季（5-9月）``, these hold.
- 以现场为准, 需预约 behind times make those times ``unknown``, with the text as comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from locator.stations.hours_clauses import MONTHS, Clause, Text, Unread, written
from locator.stations.hours_clock import MOMENT, PERIOD, moment

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

_DIGITS = {zh: value for value, zh in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMERALS = "零〇一二两三四五六七八九十"
_HOUR_ZH = "(?:二十[一二三四]?|十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
_MINUTE_ZH = "(?:[二三四五]?十[一二三四五六七八九]?|[零〇]?[一二三四五六七八九])"

_WEEK = "(?:周|星期|礼拜)"
_WEEKDAY = "[一二三四五六日天]"
_ONE_DAY = rf"(?:每|逢)?{_WEEK}(?:{_WEEKDAY}+|[1-7](?![\d:.点时]))"
_WORKDAYS = "工作日|平日"
_HOLIDAYS = "(?:国家)?法定节?假日|节假日"
_WEEKENDS = "周末|双休日"
_EVERY_DAY = "每天|每日|天天|全周|全年"
_DAY_WORD = rf"{_WORKDAYS}|{_HOLIDAYS}|{_WEEKENDS}|{_EVERY_DAY}"
_DAY_RANGE = rf"{_ONE_DAY}(?:-{_WEEK}?(?:{_WEEKDAY}(?![点时])|[1-7](?![\d:.点时])))?"
_DAY = rf"(?:{_DAY_WORD}|{_DAY_RANGE})"
_MONTH_DAY = r"\d{1,2}月(?:份|\d{1,2}[日号])?"
_MONTH_RANGE = rf"(?:{_MONTH_DAY}|\d{{1,2}})-(?:次年|翌年)?{_MONTH_DAY}"
_SEASON = "夏季|夏天|夏令时|冬季|冬天|冬令时"
_SPRING = "春季|春天|秋季|秋天|春秋季?"  # only with months of their own
_FESTIVAL = "(?:(?:春节|元旦|清明|劳动节|五一|端午|中秋|国庆|除夕)节?[,和及]?)+(?:期间|假期)?"
_OFF = (
    "午休|午间休息|不营业|不开放|不开门|不开|休息|休馆|休业|闭馆|闭店|关闭|关门|放假|歇业|停业|休"
)
_USUAL = (
    rf"(?:(?:{_HOLIDAYS})(?:均|也)?(?:照常|无休|不休息|不休|正常)(?:营业|开放|服务)?"
    rf"|(?:含|包括|包含)(?:{_HOLIDAYS})|全年无休|全年不休)"
)
_ALL_DAY = r"(?:全天|7[x*天])?24个?(?:小时|h(?:ours)?)(?:全天)?|7[x*]24|全天候|全天|24/7"
_REMARK = (
    "(?:具体时间|具体|开放时间|时间)?(?:请)?以(?:现场|实际|门口|公示|公告|通知)(?:公示|公告|情况|通知|时间)?为准"
    "|(?:需|须|请|可)?(?:要)?(?:提前)?(?:电话|微信)?(?:提前)?预约"
)
_NOISE = (
    "对外开放|正常开放|正常营业|免费开放|开放时间|营业时间|服务时间|开门时间|时间|开放|营业|开馆|开门|服务|值守"
    "|不打烊|均可|均|为|从|自|起|止|都"
)
_TOKEN = re.compile(
    rf"""
    (?P<usual>{_USUAL})
    |(?P<festival>除(?:{_FESTIVAL})(?:以外|之外|外)|(?:{_FESTIVAL})(?:除外|{_OFF}))
    |除(?P<except>{_DAY}(?:,?{_DAY})*)(?:以外|之外|外)
    |(?P<months>{_MONTH_RANGE})|(?P<season>{_SEASON})
    |(?P<span>{MOMENT}-{MOMENT})
    |(?P<days>{_DAY})(?P<excluded>除外)?
    |(?P<break>(?:午休|午间休息)(?:时间)?[: ]*)(?={MOMENT}-{MOMENT})
    |(?P<other>其[余他它](?:时间|时段|季节|月份)?|平时)
    |(?P<all>{_ALL_DAY})
    |(?P<remark>{_REMARK})
    |(?P<off>{_OFF})
    |(?P<noise>{_NOISE})
    |(?P<stop>;)
    |(?P<sep>[,:\ /和及与])
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: What says that nobody knows, where it is all that a cell says.
_UNKNOWN = re.compile(
    rf"不详|未知|不明|待定|待核实|不确定|(?:时间)?不固定|(?:时间)?不定时?|暂无|无|(?:{_REMARK})"
    "|电话(?:联系|咨询)|(?:请)?(?:致电|电联|来电)(?:咨询|预约)?|unknown|n/a|na|none|null|nan|-|--|/|\\?",
    re.IGNORECASE,
)


def says_unknown(plain: str) -> bool:
    """Whether a text says no more than that nobody knows: 不详, 以现场为准, 电话预约."""
    return _UNKNOWN.fullmatch(plain.replace(" ", "")) is not None


def osm_from_spoken(plain: str) -> str | None:
    """OSM syntax for a Chinese text (widths and dashes folded); None where it is not understood."""
    try:
        told = Text([Clause()])
        for part in _parts(_folded(plain)):
            _read(part, told)
        return written(told)
    except Unread:
        return None


# --- one spelling ---------------------------------------------------------------------------------


def _folded(plain: str) -> str:
    """The text with figures for numerals, ``-`` for 至 and 到, a season's months for the season."""
    text = re.sub(r"\s*[至到]\s*", "-", plain.replace("×", "*")).replace("朝", "早")
    text = re.sub(rf"({PERIOD})[ :]+(?=[\d{_NUMERALS}])|(?<=\d) (?=[点时小个])", r"\1", text)
    text = re.sub(rf"(?<=[早晚午晨])({_HOUR_ZH})(?![日天])", _figure, text)
    text = re.sub(rf"({_HOUR_ZH})(?=点|时|小时|个小时)", _figure, text)
    text = re.sub(rf"(?<=[点时])({_MINUTE_ZH})(?=分|[-,;) ]|$)", _figure, text)
    text = re.sub(rf"(?<![周期拜一二三四五六日天])({_HOUR_ZH})(?=-\d{{1,2}}[点时])", _figure, text)
    text = re.sub(r"(早上?\d{1,2}(?:[:.]\d\d|点(?:半|\d\d分?)?)?)[, ]?(?=晚)", r"\1-", text)
    text = re.sub(rf"(?<={_WEEKDAY}),({_WEEKDAY})(?![点时楼层号个月])", r"\1", text)
    opens, closes = "开门|开放|开馆|开始|营业|起|上班", "关门|闭馆|结束|打烊|止|下班"
    text = re.sub(rf"({MOMENT})(?:{opens})[,-]?({MOMENT})(?:{closes})", r"\1-\2", text)
    season = rf"(?:{_SEASON}|{_SPRING})"
    text = re.sub(rf"{season}:?\(?({_MONTH_RANGE})\)?", r"\1", text)
    text = re.sub(rf"({_MONTH_RANGE})\({season}\)", r"\1", text)
    return re.sub(rf"({_DAY}):?\(({MOMENT}-{MOMENT}[^()]*)\)", r"\1\2", text)


def _figure(found: re.Match[str]) -> str:
    tens, ten, units = found[1].rpartition("十")
    if not ten:
        return "".join(str(_DIGITS[each]) for each in units)
    return str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[units] if units else 0))


def _parts(text: str) -> Iterator[str]:
    """The text without its brackets, then what stands in each of them."""
    inner = re.findall(r"\(([^()]*)\)", text)
    yield re.sub(r"\([^()]*\)", " ", text)
    yield from inner


# --- word by word ---------------------------------------------------------------------------------


def _read(text: str, told: Text) -> None:
    """Add what a part says; raises Unread at the first word that is not known."""
    new = told.clauses[-1].said  # what a bracket says is a clause of its own
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise Unread
        at, kind = token.end(), token.lastgroup
        clause = told.clauses[-1]
        if kind in ("sep", "noise"):
            continue
        if kind == "stop":
            new = clause.said
        elif kind == "usual":
            told.usual = True
        elif kind == "festival":
            told.festival = token[0]
        elif kind == "remark":
            told.remark = token[0]
        elif kind == "except" or token["excluded"]:
            clause = _next(told, new=new) if clause.said or clause.days else clause
            _add_days(clause, token["except"] or token["days"])
            clause.off = True
            told.clauses.append(Clause())
            new = False
        elif kind in ("months", "season"):
            if clause.said or clause.days or clause.dates:
                clause = Clause()
                told.clauses.append(clause)
            clause.dates, clause.bare_season = _dates(token[0]), kind == "season"
            new = False
        elif kind == "other":
            told.clauses.append(Clause())
            new = False
        elif kind == "days":
            if clause.said:
                clause = _next(told, new=new)
            _add_days(clause, token[0])
            new = False
        else:
            _say(told, token, new=new)
            new = False


def _next(told: Text, *, new: bool) -> Clause:
    """A clause after a complete one. A season goes on, but after a stop nobody can tell whether."""
    before = told.clauses[-1]
    if before.dates and new:
        raise Unread
    told.clauses.append(Clause(dates=before.dates, bare_season=before.bare_season))
    return told.clauses[-1]


def _say(told: Text, token: re.Match[str], *, new: bool) -> None:
    """Take a span, 全天, 休息 or 午休 for the clause that is open."""
    clause, kind = told.clauses[-1], token.lastgroup
    if kind == "span":
        begin, end = (moment(text) for text in token[0].split("-"))
        if begin is None or end is None:
            raise Unread
        goes_on = bool(
            begin.period not in ("", "上午") and clause.spans and clause.spans[-1][1].period
        )
        pause = clause.off and not clause.days and not clause.spans
        if clause.said and not clause.spans and not pause:
            clause = _next(told, new=new)
        elif new and not goes_on and clause.said:
            clause = _next(told, new=True)
        clause.spans.append((token[0], begin, end))
    elif kind == "all":
        if clause.said:
            raise Unread
        clause.all_day = True
    elif kind == "break":
        told.clauses.append(Clause(clause.dates, clause.bare_season, off=True))
    else:
        _close(told, clause)


def _close(told: Text, clause: Clause) -> None:
    """休息: of the days just named, or of a break within the hours just given."""
    if clause.all_day or clause.off:
        raise Unread
    if len(clause.spans) > 1:
        pause = clause.spans.pop()
        told.clauses.append(Clause(clause.dates, clause.bare_season, list(clause.days)))
        told.clauses[-1].spans.append(pause)
    elif not (clause.spans or clause.days):
        raise Unread
    told.clauses[-1].off = True


def _add_days(clause: Clause, text: str) -> None:
    for word in re.findall(_DAY, text):
        if re.fullmatch(_WORKDAYS, word):
            clause.workdays = True
            clause.days.append("Mo-Fr")
        elif re.fullmatch(_HOLIDAYS, word):
            clause.days.append("PH")
        elif re.fullmatch(_WEEKENDS, word):
            clause.days.append("Sa-Su")
        elif re.fullmatch(_EVERY_DAY, word):
            clause.days.append("Mo-Su")
        else:
            clause.days += _weekdays(word)


def _weekdays(word: str) -> list[str]:
    """``周一-周五`` as Mo-Fr, ``周一三五`` as Mo, We, Fr."""
    ends = [re.sub(r"每|逢|周|星期|礼拜", "", end) for end in word.split("-")]
    named = [["一二三四五六日".index(day.replace("天", "日")) if not day.isdigit() else int(day) - 1
              for day in end] for end in ends]  # fmt: skip
    if len(named) == 1:
        return [_DAYS[day] for day in named[0]]
    if len(named[0]) != 1:
        raise Unread
    return [f"{_DAYS[named[0][0]]}-{_DAYS[named[1][0]]}"]


def _dates(text: str) -> str:
    if re.fullmatch(_SEASON, text):
        return "Jun-Aug" if text.startswith("夏") else "Dec-Feb"
    begin, _, end = re.sub(r"次年|翌年|份|[日号]", "", text).partition("-")
    ends = [each.partition("月") for each in (begin, end)]
    if not all(1 <= int(month) <= 12 for month, _, _ in ends) or bool(ends[0][2]) != bool(
        ends[1][2]
    ):
        raise Unread
    return "-".join(f"{MONTHS[int(month) - 1]} {day}".strip() for month, _, day in ends)
