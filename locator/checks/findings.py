"""The report as a person reads it, and as a program does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from locator.checks.against import Against
from locator.checks.rule import ACCEPTABLE
from locator.checks.rules import RULES, SEVERITY_ZH
from locator.checks.validate import Report
from locator.errors import Finding, Severity

#: The form of the JSON; ``report.schema.json`` describes it.
SCHEMA = "check-report/1"
_FIELDS = tuple(field.name for field in fields(Finding))
#: Lines shown of one code; the rest is counted.
SHOWN = 8
#: The worst first.
ORDER: tuple[Severity, ...] = ("error", "warning", "info")
NEXT_ZH: dict[Severity, str] = {
    "error": "改好前不发布",
    "warning": "照常发布，最好改",
    "info": "不用改",
}
_NEXT_EN: dict[Severity, str] = {
    "error": "not published until mended",
    "warning": "published, better mended",
    "info": "nothing to mend",
}


def report_json(report: Report, against: Against | None = None) -> dict[str, Any]:
    """The report as JSON, in the form of ``report.schema.json``."""
    said: dict[str, Any] = {
        "schema": SCHEMA,
        "files": list(report.files),
        "refused": list(report.refused),
        "counts": dict(report.counts),
        "blocked": report.blocked,
        "findings": [asdict(finding) for finding in report.findings],
        "quarantine": [{**asdict(row), "codes": list(row.codes)} for row in report.quarantined],
    }
    if against is not None:
        new = [at for at, is_new in enumerate(against.new) if is_new]
        said["against"] = {
            "name_zh": against.name_zh,
            "name_en": against.name_en,
            "new": new,
            "unchanged": len(against.new) - len(new),
            "gone": [{name: each.get(name) for name in _FIELDS} for each in against.gone],
        }
    return said


def report_text(report: Report, lang: str = "zh") -> str:
    """The report for a terminal: one line that sums up, then what to do, worst first.

    Of each code at most eight lines are shown, and all are counted.
    """
    zh = lang == "zh"
    lines = [_summary(report, zh=zh)]
    many = len(report.files) > 1
    for severity in ORDER:
        found = [finding for finding in report.findings if finding.severity == severity]
        if not found:
            continue
        heading = (
            f"{SEVERITY_ZH[severity]} {len(found)}（{NEXT_ZH[severity]}）"
            if zh
            else f"{len(found)} {severity}{'s' if len(found) > 1 else ''} ({_NEXT_EN[severity]})"
        )
        lines += ["", heading]
        for code in dict.fromkeys(_codes(found)):
            lines += _group(code, [f for f in found if f.code == code], zh=zh, many=many)
    if not report.findings:
        lines += ["", "没有发现问题。" if zh else "Nothing to mend."]
    else:
        lines += ["", "每条规则的说明：locator rules 规则名" if zh else "More: locator rules CODE"]
    return "\n".join(lines)


def rows_text(counts: Mapping[str, int], lang: str = "zh") -> str:
    """What became of the rows: those read = fit to publish + held back + copies."""
    if lang == "zh":
        return (
            f"{counts['rows']} 行 = 可发布 {counts['published']}"
            f" + 退回 {counts['quarantined']} + 重复 {counts['duplicates']}"
        )
    return (
        f"{counts['rows']} rows = {counts['published']} fit to publish "
        f"+ {counts['quarantined']} held back + {counts['duplicates']} exact copies"
    )


def _summary(report: Report, *, zh: bool) -> str:
    if zh:
        text = f"{'、'.join(report.files)}：共 {rows_text(report.counts)}"
        if report.refused:
            text += f"\n没有读进来的文件 {len(report.refused)} 个：{'、'.join(report.refused)}。"
        return text + ("\n整个文件先不发布：见下面第一条。" if report.blocked else "")
    text = f"{', '.join(report.files)}: {rows_text(report.counts, 'en')}"
    if report.refused:
        text += f"\nNot read ({len(report.refused)}): {', '.join(report.refused)}."
    return text + ("\nNothing may be published yet: see the first error." if report.blocked else "")


def _codes(found: Sequence[Finding]) -> list[str]:
    present = {finding.code for finding in found}
    # What stops a whole file is said first.
    first = [finding.code for finding in found if finding.row is None]
    order = [*first, *RULES]
    return [code for code in order if code in present]


def _group(code: str, found: Sequence[Finding], *, zh: bool, many: bool) -> list[str]:
    rule = RULES[code]
    lines = [f"  {rule.title_zh if zh else rule.title_en}  {code} × {len(found)}"]
    for finding in found[:SHOWN]:
        text = finding.message_zh if zh else finding.message_en
        where = f"{finding.file} " if many and finding.row is not None else ""
        lines.append(f"    {where}{text}")
        if code in ACCEPTABLE and finding.severity == "error":
            lines.append(f"    {'放行' if zh else 'to accept it'}：--accept {code}")
    if len(found) > SHOWN:
        rest = len(found) - SHOWN
        lines.append(
            f"    …… 还有 {rest} 处，见 --json" if zh else f"    … {rest} more, see --json"
        )
    return lines
