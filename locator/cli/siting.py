"""Where the next action pays."""

from __future__ import annotations

import json
from pathlib import Path

import click

from locator.cli.group import (
    Place,
    example,
    hours_asked,
    hours_option,
    json_option,
    lang_option,
    main,
    pass_place,
)
from locator.cli.releases import release_beside_files
from locator.cli.services import service_asked
from locator.errors import UsageError


@main.command(epilog=example("locator site shucheng --budget 60000 --hours 18-23 --day workday"))
@click.argument("name", metavar="COUNTY")
@click.option("--actions", type=click.IntRange(min=0), help="At most so many actions [5].")
@click.option("--budget", type=click.FloatRange(min=0), help="Yuan a year for all of them.")
@click.option("--service", "services", multiple=True, help="A service, by code or name [any stop].")
@hours_option
@click.option("--day", type=click.Choice(["workday", "dayoff"]), help="[both]")
@click.option(
    "--candidates", type=click.Path(path_type=Path), help="GeoJSON points [the county's own]."
)
@click.option(
    "--reach", type=click.FloatRange(0, 15, min_open=True), help="Minutes [the county's]."
)
@json_option
@lang_option
@pass_place
def site(
    place: Place,
    name: str,
    actions: int | None,
    budget: float | None,
    services: tuple[str, ...],
    hours: str | None,
    day: str | None,
    candidates: Path | None,
    reach: float | None,
    as_json: bool,
    lang: str,
) -> None:
    """Say which actions pay most: open at a candidate, open longer, add a service.

    Stations are those of the release; streets, demand and candidates are read from the county.
    """
    from datetime import date

    from locator.coverage.demand import DAYS
    from locator.coverage.siting.actions import aim_of
    from locator.coverage.siting.candidates import Candidates, read_candidates
    from locator.coverage.siting.plan import Case, Question, plan
    from locator.coverage.siting.recommend import ACTIONS
    from locator.coverage.siting.report import actions_json, actions_text
    from locator.coverage.siting.robust import steadiness
    from locator.coverage.study import study
    from locator.release.surroundings import read_county_features
    from locator.stations.table import stations_from_geojson

    if actions is not None and budget is not None:
        raise UsageError("件数和预算只给一样 / give --actions or --budget, not both.")
    if budget is None and actions is None:
        actions = ACTIONS
    asked = hours_asked(hours)
    county = place.county(name)
    wanted = tuple(dict.fromkeys(service_asked(county, each) for each in services))
    aim = aim_of(wanted, asked, DAYS if day is None else (day,))
    release = release_beside_files(place, county, lang)
    stations = stations_from_geojson(release.json("public/stations.geojson"))
    found = study(county, stations, date.fromisoformat(release.manifest["as_of"]), reach)
    path = candidates or (county.path(county.candidates) if county.candidates else None)
    sites = Candidates(())
    if path is not None:
        water = read_county_features(county).tables["water"].geometry.to_numpy()
        sites = read_candidates(path, county, found.streets, water)
    answer = plan(Case(county, found, sites), Question(aim, actions, budget))
    result = actions_json(answer, steadiness(answer), found.coverage.provenance)
    click.echo(
        json.dumps(result, ensure_ascii=False, indent=1)
        if as_json
        else actions_text(result, county.service_names(lang), lang)
    )
