"""The command line: results to stdout, progress to stderr.

Exit 0 is fine, 1 means findings of severity error, 2 means that the command could not be done.
Heavy libraries are loaded by the command that needs them, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import socket
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from locator import __version__
from locator.county import County, find_county, list_counties
from locator.errors import LocatorError, UnknownCounty, UnknownRelease, UsageError

if TYPE_CHECKING:
    from locator.release.publish import Release

FINDINGS_OF_ERROR = 1
WRONG_USE = 2


@dataclass(frozen=True)
class Place:
    """Where this run reads and writes."""

    data: Path
    var: Path


class _Commands(click.Group):
    """Turns the errors that the program explains into one sentence and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LocatorError as error:
            click.echo(f"locator: {error}", err=True)
            ctx.exit(WRONG_USE)


def _example(line: str) -> str:
    return f"\b\nExample:\n  {line}"


def _say(stage: str, text: str) -> None:
    click.echo(f"  {stage:<9} {text}", err=True)


pass_place = click.make_pass_decorator(Place)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON to stdout.")


@click.group(cls=_Commands, epilog=_example("locator validate data/stations.geojson"))
@click.version_option(__version__, prog_name="locator")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    envvar="LOCATOR_DATA",
    show_default=True,
    help="The folder with one folder a county.",
)
@click.option(
    "--var",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var"),
    envvar="LOCATOR_VAR",
    show_default=True,
    help="Where releases, maps and signs are written.",
)
@click.pass_context
def main(ctx: click.Context, data: Path, var: Path) -> None:
    """一张图: from the county's ledger to the rider's phone."""
    ctx.obj = Place(data, var)


@main.command(
    epilog=_example("locator validate data/examples/ledger-with-faults.xlsx --county shucheng")
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

    known = list_counties(place.data)
    counties = (find_county(place.data, name),) if name else known
    if not counties:
        raise UnknownCounty(
            f"{place.data} holds no county folder; give the data folder with --data."
        )
    report = check(
        files,
        counties,
        all_counties=known,
        datum=datum,
        as_of=as_of.date() if as_of else _today(counties[0]),
    )
    if json_file:
        _write(json_file, json.dumps(report_json(report), ensure_ascii=False, indent=1))
    click.echo(report_text(report, lang=lang))
    if report.has_errors:
        raise SystemExit(FINDINGS_OF_ERROR)


@main.command(epilog=_example("locator rules coordinate_swapped"))
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


@main.command(epilog=_example("locator build shucheng kuandian --publish"))
@click.argument("names", metavar="COUNTY...", nargs=-1, required=True)
@click.option("--publish", "and_publish", is_flag=True, help="Publish each release when built.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Build as on this day [today].")
@json_option
@pass_place
def build(
    place: Place,
    names: tuple[str, ...],
    and_publish: bool,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Check a county's ledgers and build its release (one JSON object a line with --json)."""
    from locator.release.publish import publish as move_pointer

    errors = 0
    for county in [find_county(place.data, name) for name in names]:
        release = _build(place, county, as_of.date() if as_of else None)
        if and_publish:
            move_pointer(place.var, county.slug, release.hash)
        errors += release.manifest["counts"]["quarantined"]
        if as_json:
            line = {"county": county.slug, "release": release.hash, "path": str(release.path)}
            click.echo(json.dumps(line, ensure_ascii=False))
        else:
            click.echo(_summary(release, published=and_publish))
    if errors:
        raise SystemExit(FINDINGS_OF_ERROR)


@main.command(epilog=_example("locator publish shucheng"))
@click.argument("county")
@click.argument("release", required=False)
@pass_place
def publish(place: Place, county: str, release: str | None) -> None:
    """Publish a release: the newest that was built, or the one named."""
    from locator.release.publish import newest
    from locator.release.publish import publish as move_pointer

    slug = find_county(place.data, county).slug
    release = release or newest(place.var, slug).hash
    move_pointer(place.var, slug, release)
    click.echo(f"{slug}: {release} is published.")


@main.command(epilog=_example("locator rollback shucheng"))
@click.argument("county")
@pass_place
def rollback(place: Place, county: str) -> None:
    """Go back to the release that was published before."""
    from locator.release.publish import rollback as move_back

    slug = find_county(place.data, county).slug
    click.echo(f"{slug}: {move_back(place.var, slug).hash} is published again.")


@main.command(epilog=_example("locator releases shucheng"))
@click.argument("county")
@json_option
@pass_place
def releases(place: Place, county: str, as_json: bool) -> None:
    """List a county's releases, newest first; a star marks the one that is served."""
    from locator.release.publish import releases as all_releases

    slug = find_county(place.data, county).slug
    entries = all_releases(place.var, slug)
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False, indent=1))
        return
    if not entries:
        click.echo(f"{slug}: no release yet; make one with `locator build {slug}`.", err=True)
    for entry in entries:
        star = "*" if entry["published"] else " "
        click.echo(f"{star} {entry['release']}  {entry['as_of']}  {entry['stations']} stations")


@main.command(epilog=_example("locator coverage shucheng --json"))
@click.argument("county")
@json_option
@pass_place
def coverage(place: Place, county: str, as_json: bool) -> None:
    """Print the coverage clock and the gaps of a county's release."""
    from locator.coverage.report import coverage_text

    result = _release(place, find_county(place.data, county)).json("public/coverage.json")
    click.echo(
        json.dumps(result, ensure_ascii=False, indent=1) if as_json else coverage_text(result)
    )


@main.command("map", epilog=_example("locator map shucheng --out shucheng.html"))
@click.argument("county")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="[var/maps/…]")
@pass_place
def planner_map(place: Place, county: str, out: Path | None) -> None:
    """Write the planner's map as one HTML file that needs no network."""
    from locator.outputs.planner_map import planner_map as draw

    release = _release(place, find_county(place.data, county))
    target = out or place.var / "maps" / f"{release.county['slug']}-{release.hash}.html"
    _folder(target.parent)
    draw(release, target)
    click.echo(str(target))


@main.command(epilog=_example("locator signs shucheng --out var/signs"))
@click.argument("county")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="[var/signs/…]")
@pass_place
def signs(place: Place, county: str, out: Path | None) -> None:
    """Make an A4 door sign (PDF) for each station of a county."""
    from locator.outputs.signs.door import door_signs

    found = find_county(place.data, county)
    release = _release(place, found)
    target = out or place.var / "signs" / f"{found.slug}-{release.hash}"
    batch = door_signs(release, target, public_url=found.public.url)
    for path in batch.written:
        click.echo(str(path))
    for sign in batch.failed:
        click.echo(f"locator: {sign.id} {sign.name}: {sign.reason}", err=True)
    if batch.failed:
        raise SystemExit(FINDINGS_OF_ERROR)


@main.command(epilog=_example("locator serve --port 8123"))
@click.argument("names", metavar="[COUNTY...]", nargs=-1)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--build", "and_build", is_flag=True, help="First build and publish what changed.")
@click.option(
    "--public-url", default="", envvar="LOCATOR_PUBLIC_URL", help="The address that riders know."
)
@click.option(
    "--frame-ancestor",
    "frame_ancestors",
    multiple=True,
    envvar="LOCATOR_FRAME_ANCESTORS",
    help="A site that may show the pages in a frame; may be given again.",
)
@click.option(
    "--example",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --build: also show what the check says of this ledger; it is not published.",
)
@pass_place
def serve(
    place: Place,
    names: tuple[str, ...],
    host: str,
    port: int,
    and_build: bool,
    public_url: str,
    frame_ancestors: tuple[str, ...],
    example: Path | None,
) -> None:
    """Serve the published releases (all counties, or those named)."""
    from locator.server.run import Serving
    from locator.server.run import serve as start

    counties = [find_county(place.data, name) for name in names] or list_counties(place.data)
    if not counties:
        raise UnknownCounty(
            f"{place.data} holds no county folder; give the data folder with --data."
        )
    _free_port(host, port)
    if and_build:
        _build_all(place, counties)
        if example:
            _show_example(place, example)
    click.echo(f"一张图: http://{_shown(host)}:{port}/   (Ctrl+C stops)", err=True)
    settings = Serving(
        var=place.var.resolve(),
        counties=tuple(county.slug for county in counties),
        public_url=public_url,
        frame_ancestors=frame_ancestors,
    )
    start(settings, host, port)


# --- what the commands share ---------------------------------------------------------------------


def _today(county: County) -> date:
    return datetime.now(ZoneInfo(county.timezone)).date()


def _counties(place: Place) -> Sequence[County]:
    counties = list_counties(place.data)
    if not counties:
        raise UnknownCounty(f"{place.data}: no county folder here; name another with --data.")
    return counties


def _build(place: Place, county: County, as_of: date | None) -> Release:
    from locator.release.build import build_release

    click.echo(f"{county.name_zh} {county.slug}", err=True)
    return build_release(
        county,
        all_counties=list_counties(place.data),
        data=place.data,
        var=place.var,
        as_of=as_of or _today(county),
        progress=_say,
    )


def _build_all(place: Place, counties: Sequence[County]) -> None:
    from locator.release.publish import publish as move_pointer

    for county in counties:
        release = _build(place, county, None)
        move_pointer(place.var, county.slug, release.hash)
        click.echo(_summary(release, published=True), err=True)


def _show_example(place: Place, file: Path) -> None:
    """What a clerk sees for a ledger with faults: for the eye only, never published."""
    from locator.checks.findings import report_text
    from locator.checks.validate import validate as check

    known = _counties(place)
    report = check([file], known, all_counties=known, as_of=_today(known[0]))
    click.echo(f"\n{file} (an example with faults; it is never published)", err=True)
    click.echo(report_text(report, lang="zh"), err=True)
    click.echo("", err=True)


def _release(place: Place, county: County) -> Release:
    """The published release; where there is none the newest that was built, or a new one."""
    from locator.release.publish import newest, open_release

    try:
        return open_release(place.var, county.slug)
    except UnknownRelease:
        click.echo(f"{county.slug}: nothing is published yet; using the newest build.", err=True)
    try:
        return newest(place.var, county.slug)
    except UnknownRelease:
        return _build(place, county, None)


def _summary(release: Release, *, published: bool) -> str:
    counts = release.manifest["counts"]
    findings = Counter(
        finding["severity"] for finding in release.json("staff/findings.json")["findings"]
    )
    return (
        f"{release.county['name_zh']}: {counts['rows']} rows = {counts['published']} published + "
        f"{counts['quarantined']} quarantined + {counts['duplicates']} exact copies; "
        f"{findings['error']} errors, {findings['warning']} warnings; release {release.hash} "
        + ("is published." if published else f"in {release.path}")
    )


def _folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{path}: the folder cannot be made ({error.strerror}); name another with --out."
        ) from error


def _write(path: Path, text: str) -> None:
    from locator.release.files import write_atomically

    try:
        if path.exists() and not path.is_file():  # /dev/stdout, a pipe
            path.write_text(text, "utf-8")
        else:
            write_atomically(path, text.encode())
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); name another.") from error


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise UsageError(f"port {port} needs more rights; take one above 1023.") from error
        except OSError as error:
            raise UsageError(
                f"{_shown(host)}:{port} cannot be used ({error.strerror}): "
                f"another program may be serving there. Take another port: --port {port + 1} "
                f"(or `make run PORT={port + 1}`)."
            ) from error


if __name__ == "__main__":
    sys.exit(main())
