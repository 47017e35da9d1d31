"""Rules on time: opening hours, and when somebody last looked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from locator.checks.rule import Context, Hit, places, rule
from locator.stations import cells
from locator.stations.hours_doubts import UnknownPart, unknown_part, with_months

_OSM_COMMENT = re.compile(r'["“”]|unknown', re.IGNORECASE)


@rule("warning")
def hours_unparsable(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """看不懂的开放时间 | Opening hours that can't be read

    「开放时间」或「服务时间」写得读不出几点到几点。驿站照常发布，但显示「时间不详」，不计入覆盖：
    骑手不会因为它白跑，规划也不会把它当开着。「早8点到晚8点」「工作日8:00-18:00」读得懂；有两种读法的
    不猜，如「8点到10点」。最稳的写法是「08:00-20:00」或「周一至周五 08:00-20:00」。

    The hours or a service's hours can't be read as times of day. The station is published with
    unknown hours, looks neither open nor closed, and covers nobody. Hours as people say them
    (早8点到晚8点, 工作日8:00-18:00) are read where they leave one reading; 8点到10点 leaves two
    and is not guessed. Safest is 08:00-20:00, or Mo-Fr 08:00-20:00.

    例：开放时间写「看情况」。 |
    Example: the hours say 看情况 (it depends).
    """
    for place in places(rows, rows["hours_state"] == "unparsable"):
        given = place.row.hours
        yield Hit(
            place.index,
            f"{place.zh}的开放时间「{given[:40]}」看不懂，发布时显示「时间不详」。"
            "请写成「08:00-20:00」或「周一至周五 08:00-20:00」。",
            f"{place.en}: the hours {given[:40]!r} can't be read and count as unknown; write "
            "08:00-20:00 or Mo-Fr 08:00-20:00.",
            "hours",
            given,
        )
    for place in places(rows, rows["service_hours_bad"].map(len) > 0):
        bad = " | ".join(f"{name}: {value}" for name, value in place.row.service_hours_bad.items())
        yield Hit(
            place.index,
            f"{place.zh}的服务时间「{bad[:60]}」看不懂，按开放时间算。"
            "请写成「供餐: 11:00-13:00 | 如厕: 24小时」。",
            f"{place.en}: the service hours {bad[:60]!r} can't be read; those of the door apply. "
            "Write hot_meal: 11:00-13:00 | toilet: 24/7.",
            "service_hours",
            bad,
        )


@rule("warning")
def hours_missing(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """没有开放时间 | No opening hours

    「开放时间」空着，或写着不详。骑手最想知道的是到了开不开门；没有时间的驿站不计入覆盖。
    请补上；规划中和已撤销的驿站不用填。

    The hours are empty, or say that nobody knows. Whether a door will be open is what riders ask
    first, and a station without hours covers nobody. Fill them in (not needed for planned and
    closed stations).

    例：开放时间写「以现场为准」，等于没说。 |
    Example: 以现场为准 (ask at the door) says nothing.
    """
    expected = rows["status_code"].isin(["open", "temporarily_closed"])
    for place in places(rows, (rows["hours_state"] == "unknown") & expected):
        given = place.row.hours
        zh = f"的开放时间写着「{given[:20]}」" if given else "没有填开放时间"
        yield Hit(
            place.index,
            f"{place.zh_named}{zh}，发布时显示「时间不详」，不计入覆盖。请补上几点到几点。",
            f"{place.en}: {place.row.name!r} has no opening hours and covers nobody; fill them in.",
            "hours",
            given,
        )


@rule("warning")
def hours_partly_unknown(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """有一段没说清的开放时间 | Hours of which a part stays unknown

    「开放时间」或「服务时间」只读懂了一半。夏季、冬季没写从几月到几月的，只算 6–8 月和 12–2 月，
    其余月份不详；「以现场为准」「需预约」「春节除外」说的那段也不详。不详的时候图上写着「不一定开」，
    也不计入覆盖。请把那一段写明，如「夏季（5-10月）6:00-21:00，冬季（11-4月）7:00-20:00」
    「法定节假日休息」。真要预约、真定不下来的不用改。

    The hours, or a service's hours, are understood in part. 夏季 (summer) and 冬季 (winter) without
    months count for June to August and December to February, and the other months are unknown; so
    is what 以现场为准 (as posted at the door), 需预约 (by appointment) or 春节除外 (except Spring
    Festival) is said of. At unknown times the map says "not always open", and nobody is covered.
    Write that part out: 夏季（5-10月）6:00-21:00，冬季（11-4月）7:00-20:00, or PH off. Leave it
    where it takes an appointment or can't be settled.

    例：「夏天6:00-21:00，冬天7:00-20:00」，四月开不开？ |
    Example: 夏天6:00-21:00，冬天7:00-20:00: and in April?
    """
    expected = rows["status_code"].isin(["open", "temporarily_closed"])
    own = rows["osm_service_hours"].map(lambda hours: "; ".join(hours.values()))
    for field, osm in (("hours", rows["osm_hours"].fillna("")), ("service_hours", own)):
        unsure = osm.str.contains('unknown "', regex=False) & expected
        for place in places(rows, unsure.astype(bool)):
            given = getattr(place.row, field)
            if _OSM_COMMENT.search(given):  # whoever writes OSM means what it says
                continue
            texts = [given] if field == "hours" else [*cells.record(given).values()]
            part = unknown_part(texts)
            if part is None:
                continue
            column = "开放时间" if field == "hours" else "服务时间"
            todo_zh, todo_en = _remedy(part, given)
            yield Hit(
                place.index,
                f"{place.zh_named}的{column}「{given[:60]}」有一段没说清（{part.why}）：{part.zh}，"
                f"当作时间不详，不算开门。{todo_zh}",
                f"{place.en}: {field} {given[:60]!r} are unknown for {part.en} ({part.why}), and "
                f"count as not open then; {todo_en}",
                field,
                given,
                severity="warning" if part.kind in ("season", "remark") else "info",
            )


def _remedy(part: UnknownPart, given: str) -> tuple[str, str]:
    """What to write instead, in Chinese and English."""
    if part.kind == "season":
        text = with_months(given)
        return f"请写明几月到几月，如「{text}」。", f"say from which month to which, as in {text}."
    if part.kind == "festival":
        return (
            "请写明法定节假日开不开：「；法定节假日休息」，或「；法定节假日 9:00-17:00」。",
            'say what holds on public holidays: "; PH off", or "; PH 09:00-17:00".',
        )
    if part.kind == "appointment":
        return (
            f"不预约也能进的，请删去「{part.why}」；真要预约的不用改。",
            f"take {part.why} out where one may walk in; leave it where one may not.",
        )
    return (
        f"时间定了的，请删去「{part.why}」；定不下来的不用改。",
        f"take {part.why} out where the hours are settled; leave it where they are not.",
    )


@rule("warning")
def verification_expired(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """核实过期 | Verified too long ago

    上次核实离现在超过县里定的月数（county.toml 的 verified_months，默认 6），或日期看不懂、在将来。
    驿站搬走、改时间是常事，久没人看过的信息骑手不该全信。请去现场或打电话核实，再改「核实日期」。

    The last check is longer ago than the county allows (verified_months, default 6), or its date
    can't be read or lies in the future. Stations move and change their hours. Check again, on the
    spot or by telephone, and write the day down.

    例：今天是 2026-11-20，上次核实是 2026-05-19。 |
    Example: on 2026-11-20, last verified on 2026-05-19.
    """
    months = context.county.verified_months
    oldest = (pd.Timestamp(context.as_of) - pd.DateOffset(months=months)).date()
    fresh = rows["verified"].map(
        lambda day: day is not None and oldest <= day <= context.as_of, na_action=None
    )
    for place in places(rows, (rows["verified_on"] != "") & ~fresh.astype(bool)):
        day, given = place.row.verified, place.row.verified_on
        if day is None:
            zh, en = f"的核实日期「{given[:20]}」看不懂", f"the date {given[:20]!r} can't be read"
            todo_zh, todo_en = "请写成「2026-10-01」", "write 2026-10-01"
        elif day > context.as_of:
            zh, en = f"的核实日期「{given}」还没到", f"the date {given} lies in the future"
            todo_zh, todo_en = "请改正", "correct it"
        else:
            zh = f"上次核实是 {day}，超过了 {months} 个月"
            en = f"last verified on {day}, more than {months} months ago"
            todo_zh, todo_en = "请重新核实", "verify it again"
        yield Hit(
            place.index,
            f"{place.zh_named}{zh}。{todo_zh}。",
            f"{place.en}: {en}; {todo_en}.",
            "verified_on",
            given,
        )


@rule("info")
def never_verified(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """从没核实过 | Never verified

    「核实日期」空着：没人写下什么时候去看过。骑手最想知道「现在还是这样吗」，图上只能说核实日期不
    详。去现场或打电话核实后补上日期。整张表都没有日期的只说一次；规划中、已撤销的，和来自开放街图、
    制图人到过现场的不查。

    The date of the last check is empty: nobody has written down when somebody looked. "Is it still
    true?" is what riders ask, and the map can't say. Check on the spot or by telephone, and write
    the day down. A sheet without a single date is told of once; planned and closed stations are not
    looked at, nor those from OSM, whose mappers were there.

    例：四个驿站里一个没有核实日期。 |
    Example: one of four stations has no date.
    """
    expected = rows["status_code"].isin(["open", "temporarily_closed"])
    asked = expected & (rows["provenance_code"] != "osm")
    files = rows.loc[asked, "file"]
    undated = rows.loc[asked, "verified_on"] == ""
    whole = undated.groupby(files).transform("all")
    size = undated.groupby(files).transform("size")
    at_once = whole & (size > 1)
    for file in dict.fromkeys(files[at_once]):
        yield Hit(
            None,
            f"{file} 里没有一个驿站写了核实日期。请核实后补上「核实日期」一列。",
            f"{file}: no station has a date of verification; verify them and fill in verified_on.",
            "verified_on",
            file=str(file),
        )
    for place in places(rows, (undated & ~at_once).reindex(rows.index, fill_value=False)):
        yield Hit(
            place.index,
            f"{place.zh_named}没有核实日期。核实后请补上。",
            f"{place.en}: {place.row.name!r} has never been verified; verify it and write the day.",
            "verified_on",
            "",
        )
