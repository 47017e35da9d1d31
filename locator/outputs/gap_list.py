"""The gaps of a release as a list to read: what is missing when, whom it concerns, where one rides
meanwhile; and what became of the gaps since the release before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from locator.coverage.gap_report import CAUSES
from locator.coverage.week import week_hours
from locator.errors import UsageError
from locator.outputs.coverage_words import SHARED, listed, people, worded
from locator.outputs.export_layers import ANY_STOP, gaps_of, service_word, when
from locator.outputs.words import one_line
from locator.release.publish import Release

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
            f"这一版没有按服务「{service}」算缺口，可选 / this release has not looked for gaps of "
            f"{service!r}; choose one of: "
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


def gaps_text(release: Release, found: Mapping[str, Any], lang: str = "zh") -> str:
    """`gap_list` as text for a terminal."""
    zh = lang == "zh"
    names = {row.id: one_line(row.name) for row in release.stations().itertuples()}
    gaps = found["gaps"]
    riders = people(sum(gap["rider_hours"] for gap in gaps))
    what, reach = service_word(release, found["service"], lang), f"{found['reach_min']:g}"
    lines = [
        f"{release.county['name_zh']} · {what}：缺口 {len(gaps)} 处，"
        f"每周 {riders} 骑手时（{reach} 分钟内没有）"
        if zh
        else f"{release.county['name_en']} · {what}: {len(gaps)} gaps, {riders} rider-hours a week "
        f"(none within {reach} minutes)",
    ]
    if zh:
        lines.append(one_line(found["provenance_zh"]))
    lines.append("")
    for rank, gap in enumerate(gaps[:_SHOWN], start=1):
        lines += _gap_lines(rank, gap, release, names, lang)
    if (more := len(gaps) - _SHOWN) > 0:
        lines.append(f"     … 另有 {more} 处" if zh else f"     … {more} more")
    return "\n".join([*lines, *_changes(found, lang)])


def _gap_lines(
    rank: int, gap: Mapping[str, Any], release: Release, names: Mapping[str, str], lang: str
) -> list[str]:
    zh = lang == "zh"
    name = one_line(gap["name"] if zh else gap.get("name_en", gap["name"]))
    size, cause = people(gap["rider_hours"]), CAUSES[gap["cause"]][0 if zh else 1]
    lines = [
        f"{rank:>3}. {name}  {size} {'骑手时/周' if zh else 'rider-hours a week'}  {cause}"
        f"  {gap['id']}",
        f"     {when(gap['hours'], lang)}",
    ]
    if gap.get("riders"):
        most = max(range(len(gap["riders"])), key=lambda at: (gap["riders"][at], -at))
        station, minutes = gap["open_station"][most], gap["open_minutes"][most]
        hour, riders = when([gap["hours"][most]], lang), people(gap["riders"][most])
        where = (
            ("没有开着的站可去" if zh else "no open stop to go to")
            if station is None
            else f"最近的开着的站 {names.get(station, station)}，{minutes:g} 分钟"
            if zh
            else f"nearest open stop {names.get(station, station)}, {minutes:g} minutes"
        )
        lines.append(
            f"     {hour} {riders} 人，{where}" if zh else f"     {hour}: {riders} riders, {where}"
        )
    if gap["services"]:
        lacking = listed([service_word(release, code, lang) for code in gap["services"]], lang)
        lines.append(f"     从来没有：{lacking}" if zh else f"     never there: {lacking}")
    return lines


def _changes(found: Mapping[str, Any], lang: str) -> list[str]:
    """What became of the gaps since the release before, with the reason where it is known."""
    zh = lang == "zh"
    since, changes = found["since"], found["changes"]
    if since is None:
        return ["", "没有更早的发布版可比" if zh else "No earlier release to compare with"]
    lines = [
        "",
        f"和 {since['as_of']} 的发布版 {since['release']} 相比，“任一站点”的缺口变化 "
        f"{len(changes)} 处"
        if zh
        else f"Since release {since['release']} of {since['as_of']}: {len(changes)} changes of any "
        "stop's gaps",
    ]
    for change in changes:
        count = " → ".join(
            people(change[key])
            for key in ("rider_hours_before", "rider_hours")
            if change[key] is not None
        )
        why = change[f"reason_{lang}"]
        what = worded(SHARED, lang, f"change_{change['change']}")
        name = one_line(change["name"] if zh else change.get("name_en", change["name"]))
        unit = "骑手时/周" if zh else "rider-hours a week"
        reason = (f"：{one_line(why)}" if zh else f": {one_line(why)}") if why else ""
        lines.append(f"  {what}  {name}  {count} {unit}{reason}")
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
