"""Commands on what a release is good for: the planner's map, signs."""

from __future__ import annotations

from pathlib import Path

import click

from locator.cli.group import (
    FINDINGS_OF_ERROR,
    Place,
    example,
    main,
    make_folder,
    pass_place,
)
from locator.cli.releases import release_of


@main.command("map", epilog=example("locator map shucheng --out shucheng.html"))
@click.argument("county")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="[var/maps/…]")
@pass_place
def planner_map(place: Place, county: str, out: Path | None) -> None:
    """Write the planner's map as one HTML file that needs no network."""
    from locator.outputs.planner_map import planner_map as draw

    release = release_of(place, place.county(county))
    target = out or place.var / "maps" / f"{release.county['slug']}-{release.hash}.html"
    make_folder(target.parent)
    draw(release, target)
    click.echo(str(target))


@main.command(epilog=example("locator report shucheng --out var/reports"))
@click.argument("county")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="[zh]")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="[var/reports]")
@pass_place
def report(place: Place, county: str, lang: str, out: Path | None) -> None:
    """Write the monthly report of a county's release: an HTML page and a PDF.

    It compares with the release before, as the build did.
    """
    from locator.outputs.report import write_report
    from locator.release.publish import release_before

    release = release_of(place, place.county(county))
    before = release_before(place.var, release)
    for path in write_report(release, before, out or place.var / "reports", lang=lang):
        click.echo(str(path))


@main.command(epilog=example("locator signs shucheng --out var/signs"))
@click.argument("county")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="[var/signs/…]")
@pass_place
def signs(place: Place, county: str, out: Path | None) -> None:
    """Make an A4 door sign (PDF) for each station of a county.

    Places taken from OpenStreetMap get none: they are not the county's stations.
    """
    from locator.outputs.signs.door import door_signs

    found = place.county(county)
    release = release_of(place, found)
    target = out or place.var / "signs" / f"{found.slug}-{release.hash}"
    batch = door_signs(release, target, public_url=found.public.url)
    for path in batch.written:
        click.echo(str(path))
    for sign in batch.failed:
        click.echo(f"locator: {sign.id} {sign.name}: {sign.reason}", err=True)
    if batch.from_osm:
        click.echo(
            f"locator: {batch.from_osm} 处取自开放街图，不是县里设的驿站，没有做门牌。 "
            "No sign for places taken from OpenStreetMap, which are not the county's stations: "
            f"{batch.from_osm}.",
            err=True,
        )
    if batch.failed:
        raise SystemExit(FINDINGS_OF_ERROR)
