"""The gaps of a release as a list to read: what is missing when, whom it concerns, where one rides
meanwhile; and what became of the gaps since the release before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from locator.coverage.gap_report import CAUSES_ZH
from locator.coverage.week import week_hours
from locator.errors import UsageError
from locator.outputs.coverage_words import listed, people
from locator.outputs.export_layers import ANY_STOP, gaps_of, service_word, when
from locator.outputs.words import one_line
from locator.release.publish import Release

_CHANGES = {"closed": "补上了", "new": "新出现", "grown": "变大", "shrunk": "变小"}
_SHOWN = 20


def gap_list(
    release: Release,
    service: str = ANY_STOP,
    hours: Collection[int] = range(24),
    days: Collection[str] = ("workday", "dayoff"),
) -> dict[str, Any]:
    """The gaps of a service in these hours of these days, worst first, as ``--json`` prints them.

    Each is as the release has it, with its slots and its rider-hours cut down to those asked for.
    ``changes`` are those of any stop, over all hours. Raises UsageError for a service that the
    clock does not have, and for a release made before there were gaps of services.
    """
    by_service = gaps_of(release)
    if service not in by_service:
        raise UsageError(
            f"没有「{service}」的缺口，可选 / there are no gaps of {service!r}; choose one of: "
            f"{', '.join(by_service)} (a release made before needs a new build)."
        )
    asked = {f"{day} {hour}" for day in days for hour in hours}
    gaps = [gap for each in by_service[service] if (gap := _cut(each, asked)) is not None]
    coverage = release.json("public/coverage.json")
    return {
        "county": release.county["slug"],
        "release": release.hash,
        "as_of": release.manifest["as_of"],
        "provenance_zh": release.manifest["provenance_zh"],
        "service": service,
        "days": sorted(set(days), reverse=True),
        "hours": sorted(set(hours)),
        "reach_min": coverage["reach_min"],
        "gaps": sorted(gaps, key=lambda gap: (-gap["rider_hours"], gap["id"])),
        "since": coverage.get("gaps_since"),
        "changes": coverage.get("gap_changes", []),
    }


def gaps_text(release: Release, found: Mapping[str, Any]) -> str:
    """`gap_list` as text for a terminal."""
    names = {row.id: one_line(row.name) for row in release.stations().itertuples()}
    gaps = found["gaps"]
    riders = sum(gap["rider_hours"] for gap in gaps)
    what = service_word(release, found["service"])
    lines = [
        f"{release.county['name_zh']} · {what}：缺口 {len(gaps)} 处，"
        f"每周 {people(riders)} 骑手时（{found['reach_min']:g} 分钟内没有）",
        f"{release.county['name_en']}: {len(gaps)} gaps, {people(riders)} rider-hours a week "
        f"beyond {found['reach_min']:g} minutes",
        one_line(found["provenance_zh"]),
        "",
    ]
    for rank, gap in enumerate(gaps[:_SHOWN], start=1):
        lines += _gap_lines(rank, gap, release, names)
    if len(gaps) > _SHOWN:
        lines.append(f"     … 还有 {len(gaps) - _SHOWN} 处 / {len(gaps) - _SHOWN} more")
    return "\n".join([*lines, *_changes(found)])


def _gap_lines(
    rank: int, gap: Mapping[str, Any], release: Release, names: Mapping[str, str]
) -> list[str]:
    cause = CAUSES_ZH.get(gap["cause"], gap["cause"])
    lines = [
        f"{rank:>3}. {one_line(gap['name'])}  {people(gap['rider_hours'])} 骑手时/周  {cause}"
        f"  {gap['id']}",
        f"     {when(gap['hours'])}",
    ]
    if gap.get("riders"):
        most = max(range(len(gap["riders"])), key=lambda at: (gap["riders"][at], -at))
        station, minutes = gap["open_station"][most], gap["open_minutes"][most]
        where = (
            "没有开着的站可去"
            if station is None
            else f"最近的开着的站 {names.get(station, station)}，{minutes:g} 分钟"
        )
        hour = when([gap["hours"][most]])
        lines.append(f"     {hour} {people(gap['riders'][most])} 人，{where}")
    if gap["services"]:
        lacking = listed([service_word(release, code) for code in gap["services"]], "zh")
        lines.append(f"     从来没有：{lacking}")
    return lines


def _changes(found: Mapping[str, Any]) -> list[str]:
    """What became of the gaps since the release before, with the reason where it is known."""
    if found["since"] is None:
        return ["", "没有更早的发布版可比 / no earlier release to compare with"]
    since, changes = found["since"], found["changes"]
    lines = [
        "",
        f"和 {since['as_of']} 的发布版 {since['release']} 相比，任一站点的缺口变化 "
        f"{len(changes)} 处 / {len(changes)} changes of any stop's gaps since",
    ]
    for change in changes:
        count = " → ".join(
            people(change[key])
            for key in ("rider_hours_before", "rider_hours")
            if change[key] is not None
        )
        why = f"：{one_line(change['reason_zh'])}" if change["reason_zh"] else ""
        lines.append(
            f"  {_CHANGES[change['change']]}  {one_line(change['name'])}  {count} 骑手时/周{why}"
        )
    return lines


def _cut(gap: Mapping[str, Any], asked: Collection[str]) -> dict[str, Any] | None:
    """A gap with the slots that are asked for; None where it has none of them."""
    kept = [at for at, slot in enumerate(gap["hours"]) if slot in asked]
    if not kept:
        return None
    if len(kept) == len(gap["hours"]):
        return dict(gap)
    if "riders" not in gap:
        raise UsageError(
            "这一版没有每小时的缺口人数，请重新构建 / this release does not tell the riders of "
            "each hour; build it again: locator build"
        )
    columns = ("hours", "riders", "open_station", "open_minutes")
    cut = {**gap, **{key: [gap[key][at] for at in kept] for key in columns}}
    return {**cut, "rider_hours": round(week_hours(cut["hours"], cut["riders"]), 3)}
