"""Commands on what a planner reads and takes away: the gaps, files for other programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

import click

from locator.cli.group import (
    Place,
    example,
    hours_asked,
    hours_option,
    json_option,
    lang_option,
    main,
    make_folder,
    pass_place,
)
from locator.cli.releases import release_beside_files, release_of
from locator.cli.services import service_asked
from locator.errors import UsageError
from locator.release.publish import Release

_DAYS = ("workday", "dayoff")
_FILE = click.Path(path_type=Path, dir_okay=False)


@main.command(epilog=example("locator gaps shucheng --hours 18-23 --day workday"))
@click.argument("county")
@click.option(
    "--service",
    default="any_stop",
    show_default=True,
    help="A service of the clock, by code or name.",
)
@hours_option
@click.option("--day", type=click.Choice(_DAYS), help="Only this kind of day [both].")
@json_option
@lang_option
@pass_place
def gaps(
    place: Place,
    county: str,
    service: str,
    hours: str | None,
    day: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """List the gaps of a county's release, worst first, and what became of them since the last."""
    from locator.outputs.gap_list import gap_list, gaps_text

    asked = hours_asked(hours)
    of = place.county(county)
    service = service_asked(of, service)
    release = release_beside_files(place, of, lang)
    found = gap_list(release, service, asked, _DAYS if day is None else (day,))
    click.echo(
        json.dumps(found, ensure_ascii=False, indent=1)
        if as_json
        else gaps_text(release, found, lang)
    )


@main.command(epilog=example("locator export shucheng --gpkg shucheng.gpkg --xlsx shucheng.xlsx"))
@click.argument("county")
@click.option("--gpkg", type=_FILE, help="A GeoPackage with styles for QGIS.")
@click.option("--geojson", type=_FILE, help="All layers as one GeoJSON file.")
@click.option("--xlsx", type=_FILE, help="Gaps, clock, townships and stations as a workbook.")
@click.option("--csv", type=_FILE, help="The gaps as CSV.")
@click.option("--html", type=_FILE, help="The riders' list as one page that needs no network.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@pass_place
def export(
    place: Place,
    county: str,
    gpkg: Path | None,
    geojson: Path | None,
    xlsx: Path | None,
    csv: Path | None,
    html: Path | None,
    lang: Literal["zh", "en"],
) -> None:
    """Write a county's release for QGIS, for other programs, for spreadsheets and for chat groups.

    The language is that of the page; the other files have both.
    """
    from locator.outputs.export_workbook import write_csv, write_workbook
    from locator.outputs.geojson_file import write_geojson
    from locator.outputs.geopackage import write_geopackage
    from locator.server.list_file import write_list

    asked: list[tuple[Path | None, Callable[[Release, Path], None]]] = [
        (gpkg, write_geopackage),
        (geojson, write_geojson),
        (xlsx, write_workbook),
        (csv, write_csv),
        (html, partial(write_list, lang=lang)),
    ]
    if not any(path for path, _ in asked):
        raise UsageError(
            "说明写成什么文件 / name a file: --gpkg, --geojson, --xlsx, --csv or --html FILE."
        )
    release = release_of(place, place.county(county))
    for path, write in asked:
        if path is not None:
            make_folder(path.parent)
            write(release, path)
            click.echo(str(path))
