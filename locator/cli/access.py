"""The command on what the streets let riders reach."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from locator.cli.group import (
    Place,
    example,
    json_option,
    lang_option,
    main,
    pass_place,
    today,
    write_text,
)
from locator.errors import UsageError

if TYPE_CHECKING:
    from locator.county import County
    from locator.coverage.ground import Ground


@main.command(epilog=example("locator access shucheng --minutes 5,10,15"))
@click.argument("name", metavar="COUNTY")
@click.option("--minutes", default="5,10,15", show_default=True, help="The limits, in minutes.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write where a stop is reached within each limit here, as GeoJSON.",
)
@json_option
@lang_option
@pass_place
def access(
    place: Place, name: str, minutes: str, out: Path | None, as_json: bool, lang: str
) -> None:
    """Say what a county's streets let riders reach, who is cut off, and why."""
    from locator.checks.validate import validate
    from locator.coverage.access_report import access_report, access_text
    from locator.coverage.ground import ground_of
    from locator.coverage.siting.candidates import read_sites

    limits = _minutes(minutes)
    county = place.county(name)
    ledgers = validate(county.ledger_paths, [county], all_counties=place.known, as_of=today(county))
    ground = ground_of(county, ledgers.stations)
    sites = read_sites(county.path(county.candidates), county) if county.candidates else None
    report = access_report(county, ground, limits, sites)
    if out:
        write_text(out, json.dumps(_isochrones(county, ground, limits), ensure_ascii=False) + "\n")
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        click.echo(access_text(report, lang=lang))


def _minutes(text: str) -> list[int]:
    try:
        limits = sorted({int(part) for part in text.split(",")})
    except ValueError:
        limits = []
    if not limits or not all(0 < limit <= 120 for limit in limits):
        raise UsageError(
            f"--minutes {text}：请写 1 到 120 的整数分钟，如 5,10,15 / "
            "give whole minutes from 1 to 120, such as 5,10,15."
        )
    return limits


def _isochrones(county: County, ground: Ground, limits: list[int]) -> dict[str, Any]:
    import shapely

    from locator.county import PROVENANCE_ZH, weakest
    from locator.coverage.supply import stops
    from locator.streets.isochrones import isochrones
    from locator.streets.snap import Snap

    chosen = stops(ground.stations, county)
    doors = Snap(*(column[chosen] for column in vars(ground.doors).values()))
    table = isochrones(
        ground.streets, doors, [60 * limit for limit in limits], county.streets.parking_s
    )
    sources = [county.streets.provenance, *ground.stations["provenance"]]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "county": county.slug,
                    "minutes": row.limit_s // 60,
                    "provenance": weakest(sources),
                    "provenance_zh": PROVENANCE_ZH[weakest(sources)],
                },
                "geometry": json.loads(
                    shapely.to_geojson(shapely.set_precision(row.geometry, 1e-7))
                ),
            }
            for row in table.itertuples()
            if not row.geometry.is_empty
        ],
    }
