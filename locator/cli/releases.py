"""Commands on releases: build, publish, go back, list."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from locator.cli.group import (
    FINDINGS_OF_ERROR,
    Place,
    accept_option,
    check_codes,
    example,
    json_option,
    lang_option,
    main,
    pass_place,
    telling,
    today,
)
from locator.county import County
from locator.errors import LocatorError, ReleaseError, UnknownRelease

if TYPE_CHECKING:
    from locator.release.publish import Release


@main.command(epilog=example("locator build shucheng kuandian --publish"))
@click.argument("names", metavar="COUNTY...", nargs=-1, required=True)
@click.option("--publish", "and_publish", is_flag=True, help="Publish each release when built.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Build as on this day [today].")
@accept_option
@json_option
@lang_option
@pass_place
def build(
    place: Place,
    names: tuple[str, ...],
    and_publish: bool,
    as_of: datetime | None,
    accepted: tuple[str, ...],
    as_json: bool,
    lang: str,
) -> None:
    """Check a county's ledgers and build its release (one JSON object a line with --json)."""
    from locator.release.publish import publish as move_pointer

    errors = 0
    codes = check_codes(accepted)
    for county in [place.county(name) for name in names]:
        release = build_one(place, county, as_of.date() if as_of else None, codes, lang=lang)
        if and_publish:
            move_pointer(place.var, county.slug, release.hash)
        errors += release.manifest["counts"]["quarantined"]
        if as_json:
            line = {"county": county.slug, "release": release.hash, "path": str(release.path)}
            click.echo(json.dumps(line, ensure_ascii=False))
        else:
            click.echo(summary(release, published=and_publish, lang=lang))
            ledgers = shlex.join(str(path) for path in county.ledger_paths)
            each = f"{place.command} validate {ledgers} --county {county.slug}"
            click.echo(f"逐条看：{each}" if lang == "zh" else f"One by one: {each}", err=True)
    if errors:
        raise SystemExit(FINDINGS_OF_ERROR)


@main.command(epilog=example("locator publish shucheng"))
@click.argument("county")
@click.argument("release", required=False)
@lang_option
@pass_place
def publish(place: Place, county: str, release: str | None, lang: str) -> None:
    """Publish a release: the newest that was built, or the one named."""
    from locator.release.publish import newest
    from locator.release.publish import publish as move_pointer

    slug = place.county(county).slug
    release = release or newest(place.var, slug).hash
    move_pointer(place.var, slug, release)
    click.echo(f"{slug}：已发布 {release}" if lang == "zh" else f"{slug}: {release} is published.")


@main.command(epilog=example("locator rollback shucheng"))
@click.argument("county")
@lang_option
@pass_place
def rollback(place: Place, county: str, lang: str) -> None:
    """Go back to the release that was published before."""
    from locator.release.publish import rollback as move_back

    slug = place.county(county).slug
    back = move_back(place.var, slug)
    release, zh = back.hash, lang == "zh"
    click.echo(f"{slug}：已退回 {release}" if zh else f"{slug}: {release} is published again.")
    ledger = shlex.join([slug, str(back.file("public/stations.geojson"))])
    again = f"{place.command} adopt {ledger}"
    click.echo(
        f"{place.data} 里的台账没有跟着退回：再建一次（locator build --publish、make run），"
        f"发布的又是现在的台账。要长久退回，请先把台账改回去：\n{again}\n"
        "（那一版的站点；看过没问题，再加 --write。示意的站点不能这样收。）"
        if zh
        else f"The ledgers in {place.data} did not go back with it: the next build publishes what "
        f"they say now. To stay back, put the ledger back first:\n{again}\n(the stations of that "
        "release; look, then add --write. Made-up stations cannot be adopted.)",
        err=True,
    )


@main.command(epilog=example("locator releases shucheng"))
@click.argument("county")
@json_option
@lang_option
@pass_place
def releases(place: Place, county: str, as_json: bool, lang: str) -> None:
    """List a county's releases, newest first; a star marks the one that is served."""
    from locator.release.publish import releases as all_releases

    slug = place.county(county).slug
    entries = all_releases(place.var, slug)
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False, indent=1))
        return
    if not entries:
        command = f"locator build {slug}"
        click.echo(
            f"{slug}：还没有版本，请先构建：{command}"
            if lang == "zh"
            else f"{slug}: no release yet; make one with `{command}`.",
            err=True,
        )
    for entry in entries:
        star = "*" if entry["published"] else " "
        count = f"{entry['stations']} {'站' if lang == 'zh' else 'stations'}"
        built = f"{'建于' if lang == 'zh' else 'built'} {entry['built_at']}"
        click.echo(f"{star} {entry['release']}  {entry['as_of']}  {built}  {count}")


def build_one(
    place: Place,
    county: County,
    as_of: date | None,
    accepted: frozenset[str] = frozenset(),
    *,
    lang: str = "zh",
) -> Release:
    """Build a county's release as on a day, and tell the progress."""
    from locator.release.build import build_release

    click.echo(f"{county.name_zh} {county.slug}", err=True)
    return build_release(
        county,
        all_counties=place.known,
        data=place.data,
        var=place.var,
        as_of=as_of or today(county),
        accepted=accepted,
        progress=telling(lang),
    )


def build_all(place: Place, counties: Sequence[County]) -> None:
    """Build and publish counties, and say what came of each.

    One that cannot be built is named and left as it was published; the error is raised only where
    it leaves nothing to serve.
    """
    from locator.release.publish import open_release
    from locator.release.publish import publish as move_pointer

    failed: dict[str, LocatorError] = {}
    for county in counties:
        try:
            release = build_one(place, county, None)
            move_pointer(place.var, county.slug, release.hash)
            click.echo(summary(release, published=True), err=True)
        except LocatorError as error:
            failed[county.slug] = error
            click.echo(f"locator: {county.slug} 照旧没有变 / is left as it was: {error}", err=True)
    for county in counties:
        with suppress(UnknownRelease):
            open_release(place.var, county.slug)
            return
    raise failed[counties[0].slug]


def release_of(place: Place, county: County, lang: str = "zh") -> Release:
    """The published release; where there is none the newest that was built, or a new one."""
    from locator.release.publish import newest, open_release

    try:
        return open_release(place.var, county.slug)
    except UnknownRelease:
        click.echo(
            f"{county.slug}：还没有发布，用最近构建的一版"
            if lang == "zh"
            else f"{county.slug}: nothing is published yet; using the newest build.",
            err=True,
        )
    try:
        return newest(place.var, county.slug)
    except UnknownRelease:
        return build_one(place, county, None, lang=lang)


def release_beside_files(place: Place, county: County, lang: str) -> Release:
    """`release_of`, and a warning where the county's files are no longer those it was made of."""
    from locator.release.manifest import changed_inputs, input_entries

    release = release_of(place, county, lang)
    try:
        now = input_entries(county, place.data)
    except ReleaseError as error:  # what a command needs of that file, it says itself
        click.echo(f"locator: {error}", err=True)
        return release
    if changed := changed_inputs(release.manifest["inputs"], now):
        command = f"{place.command} build {county.slug} --publish"
        click.echo(
            f"locator: 这一版（{release.hash}）之后，县里的文件改过：{'、'.join(changed)}。"
            f"下面的站点和缺口还是这一版的；要一致，请先 {command}"
            if lang == "zh"
            else f"locator: files of the county have changed since release {release.hash}: "
            f"{', '.join(changed)}. Stations and gaps below are still the release's; build first: "
            f"{command}",
            err=True,
        )
    return release


def summary(release: Release, *, published: bool, lang: str = "zh") -> str:
    """One line: what became of the rows, and where the release is."""
    from locator.checks.findings import rows_text

    rows = rows_text(release.manifest["counts"], lang)
    findings = Counter(
        finding["severity"] for finding in release.json("staff/findings.json")["findings"]
    )
    if lang == "zh":
        return (
            f"{release.county['name_zh']}：{rows}；错误 {findings['error']}，"
            f"提醒 {findings['warning']}；版本 {release.hash} "
            + ("已发布" if published else f"在 {release.path}")
        )
    return (
        f"{release.county['name_en']}: {rows}; {findings['error']} errors, {findings['warning']} "
        f"warnings; release {release.hash} "
        + ("is published." if published else f"in {release.path}")
    )
