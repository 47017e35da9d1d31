"""What a ledger beside a map's list says to a person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from locator.checks.reconcile.decisions import CHOICES_ZH, Decisions
from locator.checks.reconcile.differences import way_words
from locator.checks.reconcile.list_shift import mixed_up
from locator.checks.reconcile.map_review import ListReview, Paired
from locator.checks.validate import Report
from locator.county import County

#: Lines shown of one part; the rest is counted.
SHOWN = 12
_DATUM_ZH = {
    "wgs84": "WGS-84（手机 GPS）", "gcj02": "GCJ-02（高德、腾讯）", "bd09": "BD-09（百度）",
    "cgcs2000": "国家 2000（天地图）",
}  # fmt: skip


def review_text(
    reviews: Sequence[ListReview],
    report: Report,
    decisions: Decisions,
    county: County,
    lang: str = "zh",
) -> str:
    """All lists for a terminal: for each one line that sums up, then what to do."""
    zh = lang == "zh"
    lines = _ledger_lines(report, decisions, county, zh=zh)
    for review in reviews:
        lines += ["", *_review_lines(review, zh=zh)]
    if any(review.missing or review.extra for review in reviews):
        codes = "ledger_not_on_map、map_not_in_ledger" if zh else "ledger_not_on_map"
        said = f"规则的说明：locator rules {codes}" if zh else f"More: locator rules {codes}"
        lines += ["", said]
    return "\n".join(lines)


def why(pair: Paired) -> tuple[str, str]:
    """What speaks for a pair and against it, in Chinese and English."""
    signs = pair.match.signs
    zh: list[str] = []
    en: list[str] = []

    def say(chinese: str, english: str) -> None:
        zh.append(chinese)
        en.append(english)

    if pair.match.verdict == "decided":
        return "以前定过：是同一处", "decided before: the same"
    if pair.match.twice is not None:
        say("这处台账已经对上另一条，地图上像是重复了", "the map seems to list it twice")
    if signs.told_apart:
        say("编号或方位不同", "different figures or directions")
    elif np.isfinite(signs.name) and signs.name >= max(0.6, np.nan_to_num(signs.host)):
        same = signs.name >= 0.995
        percent = f"{100 * signs.name:.0f} %"
        say(
            "名称相同" if same else f"名称相近（{percent}）",
            "one name" if same else f"names alike ({percent})",
        )
    elif np.isfinite(signs.host) and signs.host >= 0.6:
        say("一边写的是依托单位", "one side gives the host's name")
    elif np.isfinite(signs.name):
        say("名称不同", "different names")
    else:
        say("名称说明不了什么", "the names say nothing")
    if np.isfinite(signs.metres):
        nearest = signs.nearest
        say(f"相距 {signs.metres:.0f} 米{'（彼此最近）' if nearest else ''}",
            f"{signs.metres:.0f} m apart{' (each the nearest)' if nearest else ''}")  # fmt: skip
    else:
        say("有一边没有位置", "one side has no position")
    if np.isfinite(signs.phone):
        say(
            "电话相同" if signs.phone else "电话不同",
            "one telephone" if signs.phone else "telephones differ",
        )
    if np.isfinite(signs.address):
        one = signs.address >= 0.85
        say("地址相近" if one else "地址不同", "addresses alike" if one else "addresses differ")
    if pair.match.rival:
        say("另有更像的一对", "another pair is likelier")
    return "，".join(zh), ", ".join(en)


def shift_words(review: ListReview) -> tuple[str, str] | None:
    """What is said of a list that lies beside the ledger as a whole."""
    shift = review.shift
    if shift is None:
        return None
    way_zh, way_en = way_words(shift.bearing_deg)
    theirs, mixed = mixed_up(shift, review.datum)
    ours = [(read, true) for read, true in mixed if read in review.ledger_datums]
    maybe_zh = [f"这份名单其实是 {_DATUM_ZH[true]}" for true in theirs]
    maybe_zh += [f"台账其实是 {_DATUM_ZH[true]}、却当成了 {_DATUM_ZH[read]}" for read, true in ours]
    maybe_en = [f"the list is truly {true}" for true in theirs]
    maybe_en += [f"the ledger is truly {true}, read as {read}" for read, true in ours]
    if maybe_zh:
        guess_zh, guess_en = f"可能是：{'；或者'.join(maybe_zh)}。", f": {'; or '.join(maybe_en)}. "
    else:
        guess_zh, guess_en = "不像是哪种坐标系弄错，请核对。", ", though no mix-up fits. "
    zh = (
        f"整份名单在台账的{way_zh}面 {shift.metres:.0f} 米（{shift.pairs} 对同名的都这样），"
        f"多半是坐标来源写错了。{guess_zh}"
        "下面的距离已经扣除这段偏移；改对之前，别照地图改台账的位置。"
    )
    en = (
        f"the whole list lies {shift.metres:.0f} m to the {way_en} of the ledger "
        f"({shift.pairs} pairs of one name agree), so a datum was likely named wrong{guess_en}"
        "Distances below are without this shift; correct it before you move a station."
    )
    return zh, en


# --- text ----------------------------------------------------------------------------------------


def _ledger_lines(report: Report, decisions: Decisions, county: County, *, zh: bool) -> list[str]:
    counts = report.counts
    lines = [
        f"{county.name_zh}台账 {'、'.join(report.files)}：拿来比的有 {counts['published']} 个驿站"
        if zh
        else f"{county.name_en}, {', '.join(report.files)}: {counts['published']} stations compared"
    ]
    if counts["quarantined"]:
        lines.append(
            f"另有 {counts['quarantined']} 行有错，没有比。先用 locator validate 看错在哪。"
            if zh
            else f"{counts['quarantined']} rows have errors and are left out: locator validate."
        )
    for number, why_zh, why_en in decisions.bad[:SHOWN]:
        lines.append(
            f"reconcile.csv 第 {number} 行读不懂，没有采用：{why_zh}。"
            if zh
            else f"reconcile.csv line {number} is not used: {why_en}."
        )
    return lines


def _review_lines(review: ListReview, *, zh: bool) -> list[str]:
    decided = sum(each.match.verdict == "decided" for each in review.paired)
    differing = [each for each in review.paired if each.differences]
    files = ("、" if zh else ", ").join(review.files)
    keeper = review.keeper_zh if zh else review.keeper_en
    named = keeper if keeper == files else f"{keeper} {files}"
    datum = review.datum if review.declared else f"{review.datum}（文件没写，按惯例）" if zh else (
        f"{review.datum}, not stated, taken as usual"
    )  # fmt: skip
    lines = [
        f"{named}（{review.entries} 条，{datum}）：对上 {len(review.paired)}"
        f"（{len(differing)} 个有差异，{decided} 个是以前定的），拿不准 {len(review.doubtful)}，"
        f"地图上没有 {len(review.missing)}，只在地图上 {len(review.extra)}"
        if zh
        else f"{named} ({review.entries} entries, {datum}): {len(review.paired)} matched "
        f"({len(differing)} differ, {decided} decided before), {len(review.doubtful)} doubtful, "
        f"{len(review.missing)} not on the map, {len(review.extra)} on the map only"
    ]
    if review.unplaced:
        lines.append(
            f"  {review.unplaced} 条没有能用的位置，只按名称和电话比"
            if zh
            else f"  {review.unplaced} entries without a position, matched by name and telephone"
        )
    rest = _rest(review, zh=zh)
    lines += [rest] if rest else []
    shift = shift_words(review)
    lines += [f"  ! {shift[0 if zh else 1]}"] if shift else []
    for stale in review.stale[:SHOWN]:
        choice = CHOICES_ZH[stale.decision.decision] if zh else stale.decision.decision
        lines.append(
            f"  ! {stale.decision.date} 定的「{choice}」不再适用：{stale.zh}，请重新看。"
            if zh
            else f"  ! the decision of {stale.decision.date} ({choice}) no longer fits: {stale.en}."
        )
    at = 0 if zh else 1
    lines += _part(
        ("地图上没有", "Not on the map")[at], "ledger_not_on_map",
        [f.message_zh if zh else f.message_en for _, f in review.missing], zh=zh,
    )  # fmt: skip
    lines += _part(
        ("有差异", "Matched, with differences")[at], "", [_pair(each, zh=zh) for each in differing],
        zh=zh,
    )  # fmt: skip
    lines += _part(
        ("拿不准，请人定", "Doubtful, for a person to decide")[at], "",
        [_pair(each, zh=zh) for each in review.doubtful], zh=zh,
    )  # fmt: skip
    lines += _part(
        ("只在地图上", "On the map only")[at], "map_not_in_ledger",
        [f.message_zh if zh else f.message_en for _, f in review.extra], zh=zh,
    )  # fmt: skip
    return lines


def _rest(review: ListReview, *, zh: bool) -> str:
    said = [
        (review.not_expected, "规划中或已撤销，不要求在地图上", "planned or closed"),
        (review.ignored, "以前定了不用管", "ignored as decided"),
        (review.elsewhere, "条在外县", "in other counties"),
        (review.other_trades, "条像快递站、客栈之类", "of parcel shops, inns and the like"),
    ]
    parts = [f"{count} {words[0 if zh else 1]}" for count, *words in said if count]
    if not parts:
        return ""
    return f"  不算在内：{'，'.join(parts)}" if zh else f"  Not counted: {', '.join(parts)}"


def _pair(each: Paired, *, zh: bool) -> str:
    reason = why(each)[0 if zh else 1]
    if zh:
        head = (
            f"{each.ours.found_zh}「{each.ours.name}」↔ 地图{each.theirs.place_zh}"
            f"「{each.theirs.name}」（{reason}）"
        )
        return head + "".join(f"\n      {one.zh}" for one in each.differences)
    head = (
        f"{each.ours.found_en} {each.ours.name!r} = map {each.theirs.place_en} "
        f"{each.theirs.name!r} ({reason})"
    )
    return head + "".join(f"\n      {one.en}" for one in each.differences)


def _part(title: str, code: str, said: Sequence[str], *, zh: bool) -> list[str]:
    if not said:
        return []
    lines = [f"  {title}{f'  {code}' if code else ''} × {len(said)}"]
    lines += [f"    {text}" for text in said[:SHOWN]]
    if len(said) > SHOWN:
        rest = len(said) - SHOWN
        more = f"…… 还有 {rest} 处，见 --out 的工作簿" if zh else f"… {rest} more, see --out"
        lines.append(f"    {more}")
    return lines
