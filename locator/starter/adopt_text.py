"""An adoption as a person reads it before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from locator.checks.findings import report_text
from locator.checks.succession import ELSEWHERE_M, Pair
from locator.checks.validate import Report
from locator.county import ENTRY_ZH, PROVENANCE_ZH, STATUS_ZH, County
from locator.starter.adopt import Adoption
from locator.starter.adopt_json import changed_fields, counts, old_name
from locator.starter.adopt_write import doubts
from locator.stations.table import COLUMNS

#: A move shorter than this is rounding.
_MOVED_M = 0.5
_CUT = 40
_ZH = {column.name: column.zh for column in COLUMNS}
#: Told with the move, or not worth a line.
_UNTOLD = ("id", "county", "name", "source_x", "source_y")
_PARTS_ZH = {
    "kept": "保留编号", "added": "新增", "back": "恢复编号", "conflicts": "冲突", "gone": "离开",
    "stays": "开放街图的点留下", "questions": "疑似同一站",
}  # fmt: skip
_PARTS_EN = {
    "kept": "keep their id", "added": "new", "back": "get their id back",
    "conflicts": "in conflict", "gone": "leave", "stays": "stay (OSM)",
    "questions": "may be one station",
}  # fmt: skip
_CODES_ZH: Mapping[str, Mapping[str, str]] = {
    "status": STATUS_ZH,
    "entry": ENTRY_ZH,
    "provenance": {str(code): zh for code, zh in PROVENANCE_ZH.items()},
    "source_datum": {
        "wgs84": "手机GPS",
        "gcj02": "高德、腾讯",
        "bd09": "百度",
        "cgcs2000": "天地图",
    },
}
_WHY_ZH = {"name": "同名", "near": "位置相近"}
_WHY_EN = {"name": "of the same name", "near": "close by"}
_CLASH_ZH = {"elsewhere": "名称不同，又相距太远", "other": "这一行更像附近的另一个老站"}
_CLASH_EN = {"elsewhere": "another name, far away", "other": "the row is more like another station"}


def refusal_text(report: Report, lang: str = "zh") -> str:
    """The check of a ledger that is not adopted, and why it is not."""
    rows = report.counts["quarantined"]
    if lang != "zh":
        return (
            f"{report_text(report, lang=lang)}\n\nNothing is adopted until {rows} rows are mended."
        )
    lines = [report_text(report), "", f"有 {rows} 行要先改好，整份台账都没有采用。"]
    numbered = [f for f in report.findings if f.field == "id" and (f.value or "").isdigit()]
    if numbered:
        lines.append("「编号」若只是 1、2、3 这样的流水号，请把表头改成「序号」，编号由系统来编。")
    return "\n".join(lines)


def adoption_text(adoption: Adoption, lang: str = "zh") -> str:
    """What the check found, then what changes, each station in its line."""
    parts = [report_text(adoption.report, lang=lang), "", *_summary(adoption, zh=lang == "zh")]
    for title, lines in _lists(adoption, zh=lang == "zh"):
        if lines:
            parts += ["", title, *(f"  {line}" for line in lines)]
    return "\n".join(parts)


def what_next(
    adoption: Adoption, *, written: bool, lang: str = "zh", locator: str = "locator"
) -> str:
    """What follows: write it, or build it; and what is still made up beside it."""
    zh = lang == "zh"
    county = adoption.county
    lines = []
    if adoption.changes_nothing:
        lines.append("没有变化，不用写入。" if zh else "Nothing changes.")
    elif adoption.conflicts:
        lines.append("有冲突，不能写入。" if zh else "There are conflicts: it can't be written.")
        if sum(pair.why == "other" for pair in adoption.conflicts) > 1:
            lines.append(
                "像是「编号」一列和别的列错开了，请对照原来的台账。"
                if zh
                else "The column of ids seems to have slipped; compare it with the sheet before."
            )
        if shift := doubts(adoption).get("shift"):
            lines.append(f"{shift[0]}。" if zh else f"{shift[1]}.")
    elif not written and (found := doubts(adoption).values()):
        lines.append("还没有写入，请先看清：" if zh else "Nothing is written yet, for:")
        lines += [f"  {chinese if zh else english}" for chinese, english in found]
        lines.append(
            "确实如此，再运行一次并加上 --write --anyway。"
            if zh
            else "If that is meant, run it again with --write --anyway."
        )
    elif not written:
        lines.append(
            "还没有写入。看过没问题，再运行一次并加上 --write。"
            if zh
            else "Nothing is written yet; if this is right, run it again with --write."
        )
    else:
        lines.append(f"已写入 {adoption.store}" if zh else f"Written to {adoption.store}")
        command = f"{locator} build {county.slug} --publish"
        lines.append(f"接下来：{command}" if zh else f"Next: {command}")
        lines.append(
            "和已发布的那一版比，少了两成以上或整片挪了的，那一步会先拦下，说清怎么放行。"
            if zh
            else "Where over a fifth of the published stations are gone, or all have moved, that "
            "step stops and says how to let it pass."
        )
    made_up = [
        zh_en[0 if zh else 1]
        for zh_en, source in (
            (("街道", "streets"), county.streets),
            (("需求", "demand"), county.demand),
        )
        if source is not None and source.provenance == "illustrative"
    ]
    if made_up:
        lines.append(
            f"{'和'.join(made_up)}仍是示意数据，页面上照样会写明。"
            if zh
            else f"Still illustrative, and said so on every page: {', '.join(made_up)}."
        )
    return "\n".join(lines)


# --- parts ---------------------------------------------------------------------------------------


def _summary(adoption: Adoption, *, zh: bool) -> Iterator[str]:
    """Rows in = rows out, of the ledger and of what there was."""
    n = counts(adoption)

    def total(whole: str, always: tuple[str, ...], *parts: str) -> str:
        shown = [part for part in parts if n[part] or part in always]
        terms = (f"{_PARTS_ZH[p]} {n[p]}" if zh else f"{n[p]} {_PARTS_EN[p]}" for p in shown)
        return f"{whole} = {' + '.join(terms)}"

    ledger, there = (
        (f"{adoption.county.name_zh}：台账 {n['rows']} 站", f"现有 {n['stations']} 站")
        if zh
        else (f"{adoption.county.name_en}: {n['rows']} stations in the ledger",
              f"{n['stations']} stations there are")
    )  # fmt: skip
    yield total(ledger, ("kept", "added"), "kept", "added", "back", "conflicts")
    yield total(there, ("kept", "gone"), "kept", "gone", "stays", "conflicts")
    if n["withheld"]:
        yield (
            f"现有台账另有 {n['withheld']} 行没有通过核对或没有编号，也一并离开。"
            if zh
            else f"{n['withheld']} rows of the present ledger have errors or no id, and leave as "
            "well."
        )


def _lists(adoption: Adoption, *, zh: bool) -> Iterator[tuple[str, list[str]]]:
    """The parts worth a list, what a person must decide first: a heading, and a line a station."""

    def title(part: str, hint_zh: str = "", hint_en: str = "", size: int | None = None) -> str:
        count = len(getattr(adoption, part)) if size is None else size
        hint = hint_zh if zh else hint_en
        return (
            f"{_PARTS_ZH[part]} {count}{f'（{hint}）' if hint else ''}"
            if zh
            else f"{count} {_PARTS_EN[part]}{f' ({hint})' if hint else ''}"
        )

    yield (
        title(
            "conflicts",
            "编号不能给另一个地方。请改正编号；要新编号就清空这一格",
            "correct the id, or empty the cell to get a new one",
        ),
        [_clash(adoption, pair, zh=zh) for pair in adoption.conflicts],
    )
    yield (
        title(
            "questions",
            "没有合并。是同一站的话，请在这一行的「编号」填上旧编号，再运行一次",
            "not merged; where it is one, write the old id in the row and run it again",
        ),
        [_question(adoption, pair, zh=zh) for pair in adoption.questions],
    )
    yield title("added"), [_line(adoption, at, zh=zh) for at in adoption.added]
    yield title("back"), [_line(adoption, at, zh=zh) for at in adoption.back]
    changes = {at: _change(adoption, at, zh=zh) for at in sorted(adoption.kept)}
    altered = [f"{at}  {text}" for at, text in changes.items() if text]
    if same := len(changes) - len(altered):
        altered.append(f"没有变化的 {same} 站" if zh else f"{same} as they were")
    yield title("kept"), altered
    for provenance, word in PROVENANCE_ZH.items():
        leaving = [at for at in adoption.gone if adoption.old[at].provenance == provenance]
        again = {at: adoption.new[at].name for at in leaving if at in adoption.new}
        names = [
            f"{at}  {adoption.old[at].name}"
            + (f" → {'编号归' if zh else 'its id goes to '}{again[at]}" if at in again else "")
            for at in leaving
        ]
        hint_zh = f"{word}；编号{'没写归谁的' if again else ''}不再使用"
        yield title("gone", hint_zh, provenance, len(leaving)), names


def _line(adoption: Adoption, at: str, *, zh: bool) -> str:
    said = adoption.new[at]
    kind = adoption.county.kinds[said.properties["kind"]]
    where = _where(adoption, at, zh=zh)
    return f"{at}  {said.name}  {kind.zh if zh else kind.en}  {where}"


def _change(adoption: Adoption, at: str, *, zh: bool) -> str:
    old, new, metres = adoption.old[at], adoption.new[at], adoption.kept[at]
    said = [f"{old.name} → {new.name}" if old.name != new.name else new.name]
    if metres >= _MOVED_M:
        said.append(f"移动 {metres:.0f} 米" if zh else f"moved {metres:.0f} m")
    if metres > ELSEWHERE_M:
        said[-1] += "（请核对坐标）" if zh else " (check its position)"
    fields = changed_fields(old, new)
    for name in (column.name for column in COLUMNS):
        if name in fields and name not in _UNTOLD:
            before, after = (_value(adoption.county, name, value, zh=zh) for value in fields[name])
            said.append(f"{_ZH[name] if zh else name} {before} → {after}")
    return "  ".join(said) if len(said) > 1 or old.name != new.name else ""


def _value(county: County, column: str, value: Any, *, zh: bool) -> str:
    """A cell as a person would write it, not too long."""
    if value in (None, "", [], {}):
        return "空" if zh else "empty"
    words = _words(county, column) if zh else {}
    if isinstance(value, Mapping):
        value = " | ".join(f"{words.get(code, code)}: {text}" for code, text in value.items())
    elif isinstance(value, list):
        value = ("、" if zh else ", ").join(words.get(code, code) for code in value)
    text = words.get(value, str(value))
    return text if len(text) <= _CUT else f"{text[:_CUT]}…"


def _words(county: County, column: str) -> Mapping[str, str]:
    """The Chinese words for the codes of a column."""
    if column == "kind":
        return {code: kind.zh for code, kind in county.kinds.items()}
    if column in ("services", "service_hours"):
        return {code: service.zh for code, service in county.services.items()}
    return _CODES_ZH.get(column, {})


def _question(adoption: Adoption, pair: Pair, *, zh: bool) -> str:
    said = old_name(adoption, pair.old)
    known = pair.old in adoption.old
    was = ("现有的" if known else "已离开的") if zh else ("present" if known else "retired")
    where = _where(adoption, pair.new, zh=zh)
    name = adoption.new[pair.new].name
    if zh:
        return (
            f"{where}「{name}」（{pair.new}）和{was} {pair.old}「{said}」"
            f"{_WHY_ZH[pair.why]}，相距 {pair.metres:.0f} 米"
        )
    return (
        f"{where} {name} ({pair.new}) and the {was} {pair.old} {said}: "
        f"{_WHY_EN[pair.why]}, {pair.metres:.0f} m apart"
    )


def _clash(adoption: Adoption, pair: Pair, *, zh: bool) -> str:
    said, name = old_name(adoption, pair.old), adoption.new[pair.new].name
    where = _where(adoption, pair.new, zh=zh)
    if zh:
        return (
            f"{where}「{name}」写着编号 {pair.old}，那是「{said}」，相距 {pair.metres:.0f} 米："
            f"{_CLASH_ZH[pair.why]}"
        )
    return (
        f"{where} {name} states {pair.old}, which is {said}, {pair.metres:.0f} m away: "
        f"{_CLASH_EN[pair.why]}"
    )


def _where(adoption: Adoption, at: str, *, zh: bool) -> str:
    file, row = adoption.origins[at]
    prefix = f"{file} " if len(adoption.report.files) > 1 else ""
    return f"{prefix}第 {row} 行" if zh else f"{prefix}row {row}"
