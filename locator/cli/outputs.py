"""Commands on what a release is good for: the planner's map, the report."""

from __future__ import annotations

from pathlib import Path

import click

from locator.cli.group import (
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
