"""The command that makes signs, and says which of those on the walls are stale."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from locator.cli.group import FINDINGS_OF_ERROR, Place, example, main, pass_place, today
from locator.cli.releases import release_beside_files
from locator.errors import UsageError

if TYPE_CHECKING:
    from locator.county import County
    from locator.outputs.signs.batch import SignBatch
    from locator.outputs.signs.register import Entry
    from locator.outputs.signs.sites import SignSite
    from locator.outputs.signs.sizes import Paper
    from locator.release.publish import Release


@main.command(epilog=example("locator signs shucheng --kind direction --size A3"))
@click.argument("name", metavar="COUNTY")
@click.option(
    "--kind",
    type=click.Choice(["door", "direction"]),
    default="door",
    show_default=True,
    help="One sign a station, or one a sign site.",
)
@click.option(
    "--sites",
    type=click.Path(path_type=Path, dir_okay=False),
    help="GeoJSON of the sign sites [the county's own].",
)
@click.option("--only", metavar="ID", multiple=True, help="Only this station or site; repeatable.")
@click.option("--size", default="A4", show_default=True, help="A4, A3, A1 or WxHmm.")
@click.option("--scale", metavar="1:N", help="Of the map [by the size].")
@click.option("--lang", type=click.Choice(["zh", "en", "both"]), default="both", show_default=True)
@click.option(
    "--facing",
    type=click.FloatRange(0, 360),
    help="Degrees from north that the reader faces [each site's own].",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["pdf", "svg", "png"]),
    default="pdf",
    show_default=True,
)
@click.option(
    "--bleed", type=click.FloatRange(0, 20), default=0, help="Millimetres, with crop marks (PDF)."
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="[var/signs/…]")
@click.option("--draft", is_flag=True, help="Do not enter them in the register of what is printed.")
@click.option("--stale", is_flag=True, help="List printed signs that mislead by now.")
@click.option("--reprint", is_flag=True, help="With --stale: make those signs again, as they were.")
@pass_place
def signs(
    place: Place,
    name: str,
    kind: str,
    sites: Path | None,
    only: tuple[str, ...],
    size: str,
    scale: str | None,
    lang: Any,
    facing: float | None,
    format_: Any,
    bleed: float,
    out: Path | None,
    draft: bool,
    stale: bool,
    reprint: bool,
) -> None:
    """Make the signs of a county: at its doors, or towards them.

    What is made is entered in var/signs/COUNTY/register.jsonl; --stale holds that against the
    release of today. Places taken from OpenStreetMap get no sign: they are not the county's.
    """
    from locator.outputs.signs.sizes import Paper, map_scale, paper_size

    if reprint and not stale:
        raise UsageError("--reprint 要和 --stale 一起用 / --reprint goes with --stale.")
    if stale:
        _refuse_with_stale("size", "scale", "lang", "facing", "format_", "bleed", "sites")
    county = place.county(name)
    release = release_beside_files(place, county, "zh")
    run = _Run(place, county, release)
    if stale:
        given = click.get_current_context().get_parameter_source("kind")
        chosen = kind if given == ParameterSource.COMMANDLINE else None
        run.stale(chosen, only, out, reprint, draft)
        return
    paper = Paper(
        paper_size(size), map_scale(scale) if scale else None, lang, facing, format_, bleed
    )
    batch = run.make(kind, paper, out or run.folder / release.hash / kind, only, draft, sites)
    for path in batch.written:
        click.echo(str(path))
    if batch.failed:
        raise SystemExit(FINDINGS_OF_ERROR)


def _refuse_with_stale(*names: str) -> None:
    """Signs are made again as they were: options that say otherwise are not passed over."""
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) == ParameterSource.COMMANDLINE:
            option = f"--{name.rstrip('_')}"
            raise UsageError(
                f"{option} 不能和 --stale 一起用：重印按登记时的样子 / "
                f"{option} does not go with --stale: signs are made again as they were."
            )


class _Run:
    """One county's signs from one release."""

    def __init__(self, place: Place, county: County, release: Release) -> None:
        self._county, self._release = county, release
        self.folder = place.var / "signs" / county.slug

    @property
    def _address(self) -> str:
        """What the codes of today begin with."""
        from locator.outputs.signs.code import check_public_url

        url = self._county.public.url
        return f"{check_public_url(url)}/go/" if url else "https://uri.amap.com/"

    def make(
        self,
        kind: str,
        paper: Paper,
        out: Path,
        only: tuple[str, ...],
        draft: bool,
        sites: Path | None,
    ) -> SignBatch:
        """Make signs, say what could not be made, enter the others in the register.

        ``sites`` is the file of a direction sign's sites, None for the county's own.
        """
        from locator.outputs.signs.direction import check_by, direction_signs
        from locator.outputs.signs.door import door_signs
        from locator.outputs.signs.register import append, entries_of
        from locator.streets.frozen import read_frozen

        url, chosen = self._county.public.url, self._sites(sites) if kind == "direction" else []
        if kind == "direction":
            chosen = _only(chosen, only)
            with _progress("立牌", len(chosen)) as done:
                batch = direction_signs(
                    self._release, self._county, chosen, read_frozen(self._county), out, paper,
                    public_url=url, done=done,
                )  # fmt: skip
        else:
            with _progress("门牌", len(only)) as done:
                batch = door_signs(self._release, out, paper, public_url=url, only=only, done=done)
        _say(batch)
        if not url:
            click.echo(
                "locator: 没有对外网址，二维码打开的是高德的地点，驿站搬了就不对；请在 county.toml "
                "写 [public] url / codes open the place in Amap and go wrong when a station moves; "
                "write [public] url in county.toml.",
                err=True,
            )
        if not draft and batch.made:
            how = {
                "size": list(paper.size), "scale": paper.scale, "lang": paper.lang,
                "facing": paper.facing, "format": paper.format, "bleed": paper.bleed,
                "sites": str(sites.resolve()) if sites and chosen else None,
            }  # fmt: skip
            until = check_by(self._release, self._county).isoformat()
            append(
                self.folder,
                entries_of(kind, batch.made, self._release, how, until, self._address, chosen),
            )
        return batch

    def stale(
        self, kind: str | None, only: tuple[str, ...], out: Path | None, reprint: bool, draft: bool
    ) -> None:
        """List the stale signs; with ``reprint``, make again those that can be."""
        from locator.outputs.signs.register import read_register, stale_signs

        register = [
            entry
            for entry in read_register(self.folder)
            if kind in (None, entry.kind) and (not only or entry.id in only)
        ]
        sites = {file: self._sites_of(file) for file in {entry.how["sites"] for entry in register}}
        there = {file: listed for file, listed in sites.items() if listed is not None}
        found = stale_signs(register, self._release, today(self._county), self._address, there)
        for sign in found:
            why = "；".join(zh for zh, _ in sign.reasons)
            todo = "" if sign.again else "：请取下"
            click.echo(f"{sign.entry.id} {sign.entry.name}：{why}{todo}")
            click.echo(f"  {'; '.join(en for _, en in sign.reasons)}")
        count = len({entry.place for entry in register})
        click.echo(
            f"locator: 登记的 {count} 块牌子里 {len(found)} 块该换了 / "
            f"{len(found)} of {count} signs in the register are stale",
            err=True,
        )
        if reprint:
            self._again([sign.entry for sign in found if sign.again], out, draft)
        elif found:
            raise SystemExit(FINDINGS_OF_ERROR)

    def _again(self, entries: list[Entry], out: Path | None, draft: bool) -> None:
        """Make signs again, those made alike in one run and in a folder of their own."""
        from locator.outputs.signs.sizes import Paper

        alike: dict[str, list[Entry]] = {}
        for entry in entries:
            alike.setdefault(f"{entry.kind} {sorted(entry.how.items())}", []).append(entry)
        failed = False
        for number, group in enumerate(alike.values(), start=1):
            kind, how = group[0].kind, dict(group[0].how)
            file, only = how.pop("sites"), tuple(entry.id for entry in group)
            paper = Paper(**{**how, "size": tuple(how["size"])})
            target = (out or self.folder / self._release.hash / "reprint") / f"{number}-{kind}"
            batch = self.make(kind, paper, target, only, draft, Path(file) if file else None)
            failed = failed or bool(batch.failed)
            for path in batch.written:
                click.echo(str(path))
        if failed:
            raise SystemExit(FINDINGS_OF_ERROR)

    def _sites_of(self, file: str | None) -> list[SignSite] | None:
        """The sites of a file that signs were made from, None where it is not there any more."""
        if file is None and self._county.sign_sites is None:
            return None
        if file is not None and not Path(file).is_file():
            return None
        return self._sites(Path(file) if file else None)

    def _sites(self, path: Path | None) -> list[SignSite]:
        from locator.outputs.signs.sites import read_sign_sites

        if path is None:
            if self._county.sign_sites is None:
                raise UsageError(
                    f"{self._county.name_zh} 没有立牌处：请用 --sites 给出，或在 county.toml 写 "
                    "sign_sites / the county names no sign sites; give --sites, or write "
                    "sign_sites in its county.toml."
                )
            path = self._county.path(self._county.sign_sites)
        sites, wrong = read_sign_sites(path, self._county.centre)
        for site in wrong:
            click.echo(f"locator: {site.id} {site.name}：{site.reason}", err=True)
        return sites


def _only(sites: list[SignSite], wanted: tuple[str, ...]) -> list[SignSite]:
    if not wanted:
        return sites
    if lacking := sorted(set(wanted) - {site.id for site in sites}):
        raise UsageError(f"立牌处里没有 {'、'.join(lacking)} / no such sign site.")
    return [site for site in sites if site.id in wanted]


def _say(batch: SignBatch) -> None:
    """What could not be made, and what somebody should know, on the side."""
    for sign in (*batch.failed, *batch.remarks):
        click.echo(f"locator: {sign.id} {sign.name}：{sign.reason}", err=True)
    if batch.from_osm:
        click.echo(
            f"locator: {batch.from_osm} 处取自开放街图，不是县里设的驿站，没有做门牌。 "
            "No sign for places taken from OpenStreetMap, which are not the county's stations: "
            f"{batch.from_osm}.",
            err=True,
        )
    if batch.contact_sheet:
        click.echo(f"locator: 小样 / contact sheet: {batch.contact_sheet}", err=True)


@contextmanager
def _progress(label: str, length: int) -> Iterator[Callable[[int, int], None]]:
    """A bar on the console that fills as signs are made."""
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:

        def tell(made: int, of: int) -> None:
            bar.length = of
            bar.update(1)

        yield tell
