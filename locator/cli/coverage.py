"""The command on coverage: the clock of a release, and what a planner asks of any area."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from locator.cli.group import Place, example, json_option, lang_option, main, pass_place
from locator.cli.releases import release_beside_files
from locator.county import County
from locator.errors import UsageError


@main.command(epilog=example("locator coverage shucheng --township 城关镇 --service toilet"))
@click.argument("county")
@click.option(
    "--area", type=click.Path(path_type=Path, dir_okay=False), help="Polygons drawn (GeoJSON)."
)
@click.option("--township", metavar="NAME", help="One township, as its name is written.")
@click.option("--service", metavar="CODE", help="The clock of this service.")
@click.option("--day", type=click.Choice(["workday", "dayoff"]), help="The clock of this day.")
@click.option(
    "--reach",
    type=click.FloatRange(0, 15, min_open=True),
    metavar="MIN",
    help="The time limit, at most 15 minutes.",
)
@click.option("--what-if", metavar="TEXT", default="", help="A scenario: docs/what-if.md.")
@json_option
@lang_option
@pass_place
def coverage(
    place: Place,
    county: str,
    area: Path | None,
    township: str | None,
    service: str | None,
    day: str | None,
    reach: float | None,
    what_if: str,
    as_json: bool,
    lang: str,
) -> None:
    """Print the coverage clock, the measures and the gaps of a county's release.

    With an option: how that area or township is served, with that reach, today and as a scenario
    would have it, computed from the release's stations and the county's files.
    """
    from locator.coverage.areas import read_area
    from locator.coverage.inquiry import inquire
    from locator.coverage.measures_text import coverage_text, inquiry_text, sources_text
    from locator.coverage.supply import ANY_STOP

    found = place.county(county)
    _check_service(found, service)
    shape = None if area is None else read_area(area)
    release = release_beside_files(place, found, lang)
    result = release.json("public/coverage.json")
    asked = (area, township, service, day, reach)
    if not what_if and all(each is None for each in asked):
        click.echo(
            json.dumps(result, ensure_ascii=False, indent=1)
            if as_json
            else coverage_text(result, lang)
        )
        return
    answer = inquire(
        found,
        release.stations(),
        date.fromisoformat(release.manifest["as_of"]),
        area=shape,
        township=township,
        reach_min=reach,
        what_if=what_if,
    )
    answer = {"release": release.hash, "provenance_zh": result["provenance_zh"], **answer}
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        names = found.service_names(lang)
        click.echo(inquiry_text(answer, service or ANY_STOP, day, names=names, lang=lang))
        click.echo(sources_text(result, lang))


def _check_service(county: County, service: str | None) -> None:
    known = ("any_stop", *county.clock_services)
    if service is not None and service not in known:
        raise UsageError(
            f"时钟里没有服务 {service!r} / is no service of the clock; 可选 / take one of: "
            f"{', '.join(known)}."
        )
