"""The command on coverage: the clock of a release, and what a planner asks of any area."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from pathlib import Path

import click

from locator.cli.group import Place, example, json_option, lang_option, main, pass_place
from locator.cli.releases import release_beside_files
from locator.cli.services import service_asked
from locator.errors import UsageError


@main.command(epilog=example("locator coverage shucheng --township 城关镇 --service toilet"))
@click.argument("county")
@click.option(
    "--area", type=click.Path(path_type=Path, dir_okay=False), help="Polygons drawn (GeoJSON)."
)
@click.option("--township", metavar="NAME", help="One township, as its name is written.")
@click.option("--service", metavar="NAME", help="The clock of this service: code or name.")
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
    from locator.release.surroundings import read_county_features

    found = place.county(county)
    asked_for = ANY_STOP if service is None else service_asked(found, service)
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
    stations = release.stations()
    water = None
    if what_if:
        _known_stations(what_if, set(stations["id"]))
        if "+" in what_if:
            water = read_county_features(found).tables["water"].geometry.to_numpy()
    answer = inquire(
        found,
        stations,
        date.fromisoformat(release.manifest["as_of"]),
        area=shape,
        township=township,
        reach_min=reach,
        what_if=what_if,
        water=water,
    )
    answer = {"release": release.hash, "provenance_zh": result["provenance_zh"], **answer}
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        names = found.service_names(lang)
        click.echo(inquiry_text(answer, asked_for, day, names=names, lang=lang))
        click.echo(sources_text(result, lang))


def _known_stations(what_if: str, known: Collection[str]) -> None:
    """Raise UsageError where a scenario changes stations that the release does not have, or where
    nothing of it can be read."""
    from locator.coverage.scenario import read_scenario

    items, _ = read_scenario(what_if)
    unknown = [each.station for each in items if each.station and each.station not in known]
    if unknown:
        raise UsageError(
            f"设想里的编号没有这样的站：{'、'.join(unknown)} / "
            f"--what-if names no station of the release: {', '.join(unknown)}."
        )
    if not items:
        raise UsageError(
            f"设想读不懂：{what_if}，写法见 docs/what-if.md / "
            f"--what-if cannot be read: {what_if!r}; see docs/what-if.md."
        )
