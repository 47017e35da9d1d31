"""Commands on ledgers: check them, and explain the rules."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from locator.cli.group import (
    FINDINGS_OF_ERROR,
    Place,
    example,
    json_option,
    main,
    pass_place,
    today,
    write_text,
)
from locator.errors import UsageError


@main.command(
    epilog=example("locator validate data/examples/ledger-with-faults.xlsx --county shucheng")
)
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--county", "name", help="The county that the ledger belongs to; default: all.")
@click.option(
    "--datum",
    type=click.Choice(["wgs84", "gcj02", "bd09", "cgcs2000"]),
    help="Where the coordinates were copied from: 高德/腾讯 gcj02, 百度 bd09, GPS/OSM wgs84, "
    "天地图 cgcs2000.",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the report here.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Check as on this day.")
@pass_place
def validate(
    place: Place,
    files: tuple[Path, ...],
    name: str | None,
    datum: str | None,
    json_file: Path | None,
    lang: str,
    as_of: datetime | None,
) -> None:
    """Check ledgers (GeoJSON, CSV, XLSX) and say what is wrong in which row."""
    from locator.checks.findings import report_json, report_text
    from locator.checks.validate import validate as check

    counties = (place.county(name),) if name else place.counties
    report = check(
        files,
        counties,
        all_counties=place.known,
        datum=datum,
        as_of=as_of.date() if as_of else today(counties[0]),
    )
    if json_file:
        write_text(json_file, json.dumps(report_json(report), ensure_ascii=False, indent=1))
    click.echo(report_text(report, lang=lang))
    if report.has_errors:
        raise SystemExit(FINDINGS_OF_ERROR)


@main.command(epilog=example("locator rules coordinate_swapped"))
@click.argument("code", required=False)
@json_option
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def rules(code: str | None, as_json: bool, lang: str) -> None:
    """List the rules, or print one rule's page."""
    from locator.checks.rules import RULES, rules_json, rules_list, rules_page

    if code is not None and code not in RULES:
        raise UsageError(f"there is no rule {code!r}; `locator rules` lists them.")
    if as_json:
        entries = [entry for entry in rules_json() if code in (None, entry["code"])]
        click.echo(json.dumps(entries, ensure_ascii=False, indent=1))
    else:
        click.echo(rules_page(code, lang=lang) if code else rules_list(lang=lang))
