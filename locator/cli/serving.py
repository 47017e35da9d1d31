"""The command that serves."""

from __future__ import annotations

import shlex
import socket
from collections import Counter
from pathlib import Path

import click

from locator.cli.group import Place, example, main, pass_place, today
from locator.cli.releases import build_all
from locator.errors import UsageError


@main.command(epilog=example("locator serve --port 8123"))
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
    "--basemaps",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    envvar="LOCATOR_BASEMAPS",
    help="A file that names other base maps riders may choose (docs/basemaps.md).",
)
@click.option(
    "--wechat",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    envvar="LOCATOR_WECHAT",
    help="A file that names the WeChat account whose map these pages may open (docs/wechat.md).",
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
    basemaps: Path | None,
    wechat: Path | None,
    example: Path | None,
) -> None:
    """Serve the published releases (all counties, or those named)."""
    from locator.server.basemaps import read_basemaps
    from locator.server.run import Serving
    from locator.server.run import serve as start
    from locator.server.staff_door import is_loopback
    from locator.server.wechat import read_wechat

    if basemaps:
        read_basemaps(basemaps)  # what is wrong in it is said before anything starts
    if wechat:
        read_wechat(wechat)
    counties = [place.county(name) for name in names] or place.counties
    _free_port(host, port)
    if and_build:
        build_all(place, counties)
        if example:
            show_example(place, example)
    click.echo(f"一张图: http://{_shown(host)}:{port}/   (Ctrl+C stops)", err=True)
    # Without accounts the staff's pages are for whoever sits at this machine, and nobody else. A
    # public address means that something passes strangers on to this one, and it need not say so.
    staff = is_loopback(host) and not public_url
    if staff:
        click.echo(f"核对台账: http://{_shown(host)}:{port}/staff/check", err=True)
    settings = Serving(
        var=place.var.resolve(),
        # What a county has published stays served, whatever became of its file since.
        counties=tuple(county.slug for county in (counties if names else place.known)),
        public_url=public_url,
        frame_ancestors=frame_ancestors,
        data=place.data.resolve(),
        staff=staff,
        basemaps=basemaps and basemaps.resolve(),
        wechat=wechat and wechat.resolve(),
    )
    start(settings, host, port)


def show_example(place: Place, file: Path) -> None:
    """What a clerk sees for a ledger with faults: for the eye only, never published."""
    from locator.checks.findings import ORDER, rows_text
    from locator.checks.rules import SEVERITY_ZH
    from locator.checks.validate import validate as check

    counties = place.counties
    report = check([file], counties, all_counties=place.known, as_of=today(counties[0]))
    severities = Counter(finding.severity for finding in report.findings)
    counted = "、".join(f"{SEVERITY_ZH[each]} {severities[each]}" for each in ORDER)
    click.echo(
        f"\n{file}（有错的示例，不会发布 / an example with faults; it is never published）："
        f"{rows_text(report.counts)}；{counted}\n"
        f"  逐条看 / one by one: {place.command} validate {shlex.join([str(file)])}\n",
        err=True,
    )


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise UsageError(
                f"端口 {port} 要管理员权限，请用 1023 以上的：--port 8000 / "
                f"port {port} needs more rights; take one above 1023."
            ) from error
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            raise UsageError(
                f"{_shown(host)}:{port} 用不了，可能别的程序占着，请换一个端口：--port {other}"
                f"（或 `make run PORT={other}`） / cannot be used ({error.strerror}): another "
                f"program may be serving there. Take another port: --port {other} (or "
                f"`make run PORT={other}`)."
            ) from error
