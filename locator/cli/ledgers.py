"""Commands on ledgers: check them, and explain the rules."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from locator.cli import check_files
from locator.cli.group import (
    FINDINGS_OF_ERROR,
    Place,
    accept_option,
    check_codes,
    example,
    json_option,
    lang_option,
    main,
    make_folder,
    pass_place,
    today,
    write_bytes,
)
from locator.errors import UsageError


class _DatumAnswer(click.ParamType[str]):
    """A datum, by its code or by what staff call the app: 高德, 百度, GPS."""

    name = "datum"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "[高德|腾讯|百度|手机GPS|天地图|gcj02|bd09|wgs84|cgcs2000]"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        from locator.stations import cells
        from locator.stations.table import DATUM_ANSWERS

        datum = DATUM_ANSWERS.get(cells.fold(str(value)))
        if datum is None:
            self.fail(
                f"{value}：请写高德、腾讯、百度、手机GPS 或天地图 / no datum known here", param
            )
        return datum


datum_option = click.option(
    "--datum",
    type=_DatumAnswer(),
    help="Where the coordinates were copied from: 高德/腾讯 gcj02, 百度 bd09, GPS/OSM wgs84, "
    "天地图 cgcs2000.",
)


@main.command(
    epilog=example("locator validate data/examples/ledger-with-faults.xlsx --county shucheng")
)
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--county", "name", help="The county that the ledger belongs to; default: all.")
@datum_option
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the report here.")
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    help="Write the report here as a page that needs no network.",
)
@click.option(
    "--workbook",
    type=click.Path(path_type=Path),
    help="Write the ledger here as a workbook, faulty cells coloured and explained; a folder: one "
    "workbook a ledger.",
)
@click.option(
    "--repair",
    type=click.Path(path_type=Path),
    help="Write a copy here (.csv, .xlsx, .geojson) in which accepted rows stand where "
    "datum_suspect says, and a log; without --accept-repair only the proposals are shown.",
)
@click.option(
    "--accept-repair",
    "accepted_rows",
    multiple=True,
    help="A proposal that you have checked: all, a row (12) or rows (2-36). Repeatable.",
)
@click.option(
    "--against",
    "release",
    help="Say what is new and what is gone since a release: its hash, or `current`.",
)
@lang_option
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Check as on this day.")
@accept_option
@pass_place
def validate(
    place: Place,
    files: tuple[Path, ...],
    name: str | None,
    datum: str | None,
    json_file: Path | None,
    html: Path | None,
    workbook: Path | None,
    repair: Path | None,
    accepted_rows: tuple[str, ...],
    release: str | None,
    lang: str,
    as_of: datetime | None,
    accepted: tuple[str, ...],
) -> None:
    """Check ledgers (GeoJSON, CSV, XLSX) and say what is wrong in which row."""
    from locator.checks.against import against_text, compare
    from locator.checks.findings import report_text
    from locator.checks.validate import validate_readable as check
    from locator.release.known import KnownCounties

    counties = (place.county(name),) if name else place.counties
    if accepted_rows and not repair:
        raise UsageError(
            "--accept-repair：还要用 --repair 写明副本存到哪里 / "
            "say with --repair where the copy is to be written."
        )
    repair = check_files.repair_target(place, files, repair) if repair else None
    json_file = check_files.target(place, files, json_file, ".json") if json_file else None
    html = check_files.target(place, files, html, ".html") if html else None
    workbooks = check_files.workbook_targets(place, files, workbook) if workbook else []
    before = check_files.releases_called(place, counties, release) if release else None
    day = as_of.date() if as_of else today(counties[0])
    known = KnownCounties(counties, place.var, files=len(files), accepted=check_codes(accepted))
    report = check(files, counties, all_counties=place.known, datum=datum, as_of=day, known=known)
    against = compare(report.findings, check_files.earlier(before, report)) if before else None
    if json_file:
        check_files.write_json(json_file, report, against)
    if html:
        check_files.write_html(html, report, counties, known, against, as_of=day)
    if workbooks:
        check_files.write_workbooks(workbooks, files, report)
    click.echo(report_text(report, lang=lang))
    if against:
        click.echo("\n" + against_text(report.findings, against, lang=lang))
    if repair:
        said = check_files.repair(
            place, files, report, repair, accepted_rows,
            datum=datum, day=day.isoformat(), lang=lang,
        )  # fmt: skip
        click.echo("\n" + said)
    if report.has_errors:
        raise SystemExit(FINDINGS_OF_ERROR)


@main.command(epilog=example("locator rules coordinate_swapped"))
@click.argument("code", required=False)
@json_option
@lang_option
def rules(code: str | None, as_json: bool, lang: str) -> None:
    """List the rules, or print one rule's page; CODE may be a part of its Chinese title."""
    from locator.checks.rules import rule_called, rules_json, rules_list, rules_page

    code = rule_called(code) if code is not None else None
    if as_json:
        entries = [entry for entry in rules_json() if code in (None, entry["code"])]
        click.echo(json.dumps(entries, ensure_ascii=False, indent=1))
    else:
        click.echo(rules_page(code, lang=lang) if code else rules_list(lang=lang))


@main.command(epilog=example("locator template shucheng --with-stations"))
@click.argument("county")
@click.option("--with-stations", is_flag=True, help="Filled in with the stations of today.")
@click.option("--out", type=click.Path(path_type=Path), help="[var/templates/…]")
@pass_place
def template(place: Place, county: str, with_stations: bool, out: Path | None) -> None:
    """Write an Excel ledger to be filled in: headings, drop-downs, an explanation of each column.

    A file that is there is not written over: somebody may have filled it in.
    """
    from locator.outputs.ledger_template import ledger_template

    found = place.county(county)
    path = out or place.var / "templates" / f"{found.name_zh}驿站台账.xlsx"
    rows: list[dict[str, str]] = []
    if with_stations:
        from locator.checks.validate import validate as check
        from locator.outputs.template_rows import template_rows

        report = check(found.ledger_paths, found, all_counties=place.known, as_of=today(found))
        rows = template_rows(found, report)
    content = ledger_template(found, rows)
    if path.exists() and (not path.is_file() or path.read_bytes() != content):
        raise UsageError(
            f"{path}：已经有这个文件，可能填过了，请用 --out 换一个 / "
            "is there already, and may be filled in; name another with --out."
        )
    make_folder(path.parent)
    write_bytes(path, content)
    click.echo(str(path))


@main.command(epilog=example("locator adopt shucheng data/examples/ledger-with-faults.xlsx"))
@click.argument("county")
@click.argument(
    "ledgers", metavar="LEDGER...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@datum_option
@click.option("--keep-osm", is_flag=True, help="Let the points from OSM stay that no row is.")
@click.option("--write", "and_write", is_flag=True, help="Do it; without, it is only shown.")
@click.option(
    "--anyway",
    is_flag=True,
    help="Write even where more than half of the stations leave, all have moved together, or a "
    "question is open.",
)
@json_option
@lang_option
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Check as on this day.")
@pass_place
def adopt(
    place: Place,
    county: str,
    ledgers: tuple[Path, ...],
    datum: str | None,
    keep_osm: bool,
    and_write: bool,
    anyway: bool,
    as_json: bool,
    lang: str,
    as_of: datetime | None,
) -> None:
    """Take a county's own ledger in place of what there was, and keep the ids of its stations.

    The ledger needs no ids: a row that is certainly a station there is takes its id, others get
    the next free one. Shows what would change; --write does it.
    """
    from locator.release.known import KnownCounties
    from locator.starter import adopt_json, adopt_text
    from locator.starter.adopt import check_ledgers, plan_adoption
    from locator.starter.adopt_write import write_adoption

    found = place.county(county)
    day = as_of.date() if as_of else today(found)
    report = check_ledgers(
        ledgers, found, all_counties=place.known, datum=datum, as_of=day,
        known=KnownCounties([found]),
    )  # fmt: skip
    if report.has_errors:
        click.echo(
            _json(adopt_json.refusal_json(report, found))
            if as_json
            else adopt_text.refusal_text(report, lang=lang)
        )
        raise SystemExit(FINDINGS_OF_ERROR)
    adoption = plan_adoption(found, report, all_counties=place.known, as_of=day, keep_osm=keep_osm)
    if not as_json:
        click.echo(adopt_text.adoption_text(adoption, lang=lang))
    written = and_write and not adoption.conflicts and write_adoption(adoption, anyway=anyway)
    if as_json:
        click.echo(_json(adopt_json.adoption_json(adoption, written=written)))
    else:
        said = adopt_text.what_next(adoption, written=written, lang=lang, locator=place.command)
        click.echo("\n" + said)
    if adoption.conflicts:
        raise SystemExit(FINDINGS_OF_ERROR)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
