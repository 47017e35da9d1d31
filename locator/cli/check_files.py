"""The files that a check can write beside its text: JSON, a page, the workbook with its faults."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from locator.cli.group import Place, write_bytes, write_text
from locator.county import County
from locator.errors import UnknownRelease, UsageError

if TYPE_CHECKING:
    from locator.checks.against import Against, Earlier
    from locator.checks.rule import Known
    from locator.checks.validate import Report
    from locator.release.publish import Release

CURRENT = "current"


def target(place: Place, ledgers: Sequence[Path], wanted: Path, suffix: str) -> Path:
    """Where one result on all ledgers goes: ``wanted``, or in that folder, by the first's name.

    Raises UsageError for a ledger, of the check or of a county: it is never written over.
    """
    found = wanted / suggested(ledgers[0], suffix) if wanted.is_dir() else wanted
    of_counties = [path for county in place.known for path in county.ledger_paths]
    for ledger in (*ledgers, *of_counties):
        if _same(found, ledger):
            raise UsageError(
                f"{found}：不能覆盖台账本身，请换一个文件名，如 {suggested(ledger, suffix)} / "
                "that is a ledger, and is never written over; name another file."
            )
    return found


def workbook_targets(place: Place, ledgers: Sequence[Path], wanted: Path) -> list[Path]:
    """Where the workbooks go, one a ledger: ``wanted``, or in that folder, each by its name."""
    if not wanted.is_dir() and len(ledgers) > 1:
        raise UsageError(
            f"--workbook {wanted}：一共 {len(ledgers)} 份台账，请写一个已有的文件夹，每份各得一个"
            f"工作簿 / there are {len(ledgers)} ledgers; name a folder that is there, and each "
            "gets a workbook of its own."
        )
    if not wanted.is_dir() and wanted.suffix.lower() != ".xlsx":
        raise UsageError(
            f"--workbook {wanted}：文件名要以 .xlsx 结尾，或者写一个文件夹 / "
            "name a file that ends in .xlsx, or a folder."
        )
    others = (
        [wanted] if not wanted.is_dir() else [wanted / suggested(path, ".xlsx") for path in ledgers]
    )
    if len(set(others)) < len(others):
        raise UsageError(
            f"--workbook {wanted}：有两份台账同名，请一份一份地核对 / "
            "two ledgers share a name; check one at a time."
        )
    return [target(place, ledgers, other, ".xlsx") for other in others]


def suggested(ledger: Path, suffix: str) -> str:
    """A name for what is written about a ledger."""
    return f"{ledger.stem}-检查结果{suffix}"


def write_json(path: Path, report: Report, against: Against | None) -> None:
    """Write the report in the form of ``report.schema.json``."""
    from locator.checks.findings import report_json

    write_text(path, json.dumps(report_json(report, against), ensure_ascii=False, indent=1))


def write_html(
    path: Path,
    report: Report,
    counties: Sequence[County],
    known: Mapping[str, Known],
    against: Against | None,
    *,
    as_of: date,
) -> None:
    """Write the report as a page, on the streets of the counties that have stations in it."""
    from locator.outputs.check_report import check_report

    codes = set(report.stations["county"])
    drawn = [
        (ground, _credit(county))
        for county in counties
        if county.code in codes and (ground := known[county.code].surroundings)
    ]
    page = check_report(
        report,
        as_of=as_of,
        grounds=[ground for ground, _ in drawn],
        credits=[credit for _, credit in drawn],
        against=against,
    )
    write_text(path, page)
    click.echo(str(path), err=True)


def _credit(county: County) -> str:
    """Whose streets are drawn; those that are made up say so."""
    from locator.release.manifest import attribution

    made_up = county.streets.provenance == "illustrative"
    return "街道为示意，是编的" if made_up else attribution(county)


def write_workbooks(paths: Sequence[Path], ledgers: Sequence[Path], report: Report) -> None:
    """Write each ledger as a workbook with its faults, and say why where it is a copy."""
    from locator.checks.validate import labels
    from locator.outputs.checked_workbook import checked_workbook

    for path, ledger, label in zip(paths, ledgers, labels(ledgers), strict=True):
        if label in report.refused:
            continue
        made = checked_workbook(ledger, report, label=label)
        write_bytes(path, made.content)
        click.echo(str(path), err=True)
        if made.copied_zh:
            click.echo(f"{path}：是副本，{made.copied_zh}。/ a copy: {made.copied_en}.", err=True)


def releases_called(place: Place, counties: Sequence[County], release: str) -> dict[str, Release]:
    """The releases with the hash ``release`` (``current``: those now published), by the county's
    code. Raises UnknownRelease where none of the counties has it."""
    from locator.release.publish import open_release

    found: dict[str, Release] = {}
    for county in counties:
        with suppress(UnknownRelease):
            found[county.code] = open_release(place.var, county.slug, _hash(release))
    if not found:
        raise UnknownRelease(
            f"--against {release}：{'、'.join(each.name_zh for each in counties)}没有这个版本，"
            "`locator releases 县` 会列出来 / no such release of "
            f"{', '.join(each.slug for each in counties)}; `locator releases COUNTY` lists them."
        )
    return found


def earlier(releases: Mapping[str, Release], report: Report) -> Earlier:
    """The findings of the releases of those counties that the checked files have stations of."""
    from locator.checks.against import Earlier

    codes = set(report.stations["county"])
    found = [each for code, each in releases.items() if code in codes] or [*releases.values()]
    named = [(each.hash, each.manifest["as_of"]) for each in found]
    return Earlier(
        f"发布版 {'、'.join(f'{name}（{day}）' for name, day in named)}",
        f"release {', '.join(f'{name} ({day})' for name, day in named)}",
        [said for each in found for said in each.json("staff/findings.json")["findings"]],
    )


def _hash(release: str) -> str | None:
    return None if release == CURRENT else release


def _same(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve() or one.samefile(other)
    except OSError:  # one of them is not there
        return False


def repair_target(place: Place, files: Sequence[Path], wanted: Path) -> Path:
    """Where the copy goes; UsageError for several ledgers, and where nothing may be written."""
    from locator.outputs.repair import check_target

    if len(files) != 1:
        raise UsageError("--repair：一次只改一份台账 / one ledger at a time.")
    found = target(place, files, wanted, ".xlsx")
    check_target(found)
    return found


def repair(
    place: Place,
    files: Sequence[Path],
    report: Report,
    out: Path,
    words: Sequence[str],
    *,
    datum: str | None,
    day: str,
    lang: str,
) -> str:
    """Write the copy with what was accepted; without anything accepted, only say what is proposed.

    Returns what there is to say; for ``out`` see `repair_target`.
    """
    from locator.outputs import repair as repairs
    from locator.stations.intake import read_ledger

    zh = lang == "zh"
    ledger = read_ledger(files[0], datum=datum, without_ids=True)
    offered = repairs.proposals(report, ledger)
    if not offered:
        return "没有可以改的坐标来源。" if zh else "There is nothing to repair."
    listed = repairs.proposals_text(offered, lang)
    chosen = repairs.accepted(offered, words)
    if not chosen:
        return (
            f"建议（什么都没有改）：\n{listed}\n"
            "核对后用 --accept-repair 写明同意改哪些行：all、12 或 2-36。"
            if zh
            else f"Proposed (nothing is written):\n{listed}\n"
            "Check, then name what you accept with --accept-repair: all, 12 or 2-36."
        )
    command = f"locator validate {files[0].name} --repair {out.name}"
    command += "".join(f" --accept-repair {word}" for word in words)
    written = repairs.repaired(ledger, files[0], chosen, out, date=day, command=command)
    for path, content in written.files.items():
        write_bytes(path, content)
    names = "、".join(path.name for path in written.files)
    rest = len(offered) - len(chosen)
    bare_zh = "原工作簿里有写回会丢的东西，副本里只有文字。" if written.bare else ""
    bare_en = " It has the cells alone: more of the workbook would be lost." if written.bare else ""
    return (
        f"写好了：{names}。改了 {len(chosen)} 行，还有 {rest} 行没有同意；原台账没有动。{bare_zh}"
        if zh
        else f"Written: {names}. {len(chosen)} rows moved, {rest} proposals not accepted; the "
        f"ledger itself is as it was.{bare_en}"
    )
