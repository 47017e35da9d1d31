"""What all commands share: the group, where a run reads and writes, and the counties it names.

Exit 0 is fine, 1 means findings of severity error, 2 means that the command could not be done.
Heavy libraries are loaded by the command that needs them, so that ``--help`` answers at once.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from locator import __version__
from locator.cli.help_zh import in_chinese_first
from locator.counties import Counties, find_county, read_counties
from locator.county import County
from locator.errors import LocatorError, UnknownCounty, UsageError

DATA, VAR = Path("data"), Path("var")
FINDINGS_OF_ERROR = 1
WRONG_USE = 2


@dataclass(frozen=True)
class Place:
    """Where this run reads and writes."""

    data: Path
    var: Path

    @property
    def command(self) -> str:
        """How a person calls ``locator`` for the same folders."""
        given = (("--data", self.data, DATA), ("--var", self.var, VAR))
        options = [shlex.join([name, str(path)]) for name, path, usual in given if path != usual]
        return " ".join(["locator", *options])

    def county(self, name: str) -> County:
        """The county that goes by ``name``."""
        found = find_county(self.data, name)
        _ = self._counties  # says which others cannot be read
        return found

    @property
    def counties(self) -> tuple[County, ...]:
        """Every county that can be read; UnknownCounty or ConfigError where there is none."""
        found = self._counties
        if found.whole:
            return found.whole
        for error in found.broken.values():
            raise error
        raise UnknownCounty(
            f"{self.data}：这里没有县的文件夹。请先 cd 到项目的文件夹，或在命令前写明："
            "locator --data 文件夹 … / no county folder here; change to the project's folder, or "
            "write before the command: locator --data FOLDER …"
        )

    @property
    def known(self) -> tuple[County, ...]:
        """Every county whose rows can be told from others', those that cannot be read too."""
        return self._counties.known

    @cached_property
    def _counties(self) -> Counties:
        """Read once; the broken ones are named once."""
        counties = read_counties(self.data)
        for error in counties.broken.values():
            click.echo(f"locator: 没有算在内 / left out: {error}", err=True)
        return counties


class _Commands(click.Group):
    """Turns the errors that the program explains into one sentence and exit status 2.

    What click says of a command that is written wrongly is English alone; it gets Chinese before.
    """

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        in_chinese_first(name or cmd.name or "", cmd)
        super().add_command(cmd, name)

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> click.Context:
        with _in_chinese_too():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _in_chinese_too():
                return super().invoke(ctx)
        except LocatorError as error:
            click.echo(f"locator: {error}", err=True)
            ctx.exit(WRONG_USE)


@contextmanager
def _in_chinese_too() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.NoSuchOption as error:
        if error.option_name not in _OF_THE_GROUP or error.ctx is None or error.ctx.parent is None:
            raise click.UsageError(
                f"没有这个选项 / {error.format_message()}", ctx=error.ctx
            ) from error
        command, option = error.ctx.info_name, error.option_name
        raise click.UsageError(
            f"{option} 要写在 {command} 前面：locator {option} 文件夹 {command} … / "
            f"{option} stands before {command}: locator {option} FOLDER {command} …",
            ctx=error.ctx,
        ) from error
    except click.UsageError as error:
        zh = next(zh for kind, zh in _WRONG_USES_ZH if isinstance(error, kind))
        raise click.UsageError(f"{zh} / {error.format_message()}", ctx=error.ctx) from error


def example(line: str) -> str:
    """The epilog of a command: the example that its help ends with."""
    return f"\b\nExample:\n  {line}"


def telling(lang: str) -> Callable[[str, str, str], None]:
    """What tells the progress of a long work: its stage, and what came of it in zh and en."""

    def tell(stage: str, zh: str, en: str) -> None:
        if lang == "zh":
            click.echo(f"  {_STAGES_ZH[stage]}  {zh}", err=True)
        else:
            click.echo(f"  {stage:<9} {en}", err=True)

    return tell


pass_place = click.make_pass_decorator(Place)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON to stdout.")
lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True
)
hours_option = click.option(
    "--hours", help="Only these hours: 18-23 is 18:00 to 23:00, 20 is 20-21 [all]."
)
#: Options of the group, which stand before the command.
_OF_THE_GROUP = ("--data", "--var")
#: Of a command that is written wrongly; the English after it says which part is meant.
_WRONG_USES_ZH: tuple[tuple[type[click.UsageError], str], ...] = (
    (click.MissingParameter, "命令没有写全，缺一项"),
    (click.BadParameter, "有一项的值不对"),
    (click.UsageError, "命令写得不对"),
)
_STAGES_ZH = {
    "inputs": "输入", "ledgers": "台账", "coverage": "覆盖", "demand": "需求", "siting": "选址",
    "opening": "时间", "map": "底图", "files": "文件", "release": "版本", "extract": "街图",
    "places": "地名", "stations": "站点", "checks": "核对", "streets": "街道",
}  # fmt: skip
_HOURS = re.compile(r"(\d{1,2})(?::00)?(?:\s*[-–~至到]\s*(\d{1,2})(?::00)?)?")

accept_option = click.option(
    "--accept",
    "accepted",
    metavar="CODE",
    multiple=True,
    help="Let this finding on a whole file pass once: count_dropped, moved_as_a_whole.",
)


@click.group(cls=_Commands, epilog=example("locator validate data/stations.geojson"))
@click.version_option(__version__, prog_name="locator")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=DATA,
    envvar="LOCATOR_DATA",
    show_default=True,
    help="The folder with one folder a county.",
)
@click.option(
    "--var",
    type=click.Path(path_type=Path, file_okay=False),
    default=VAR,
    envvar="LOCATOR_VAR",
    show_default=True,
    help="Where releases, maps and signs are written.",
)
@click.pass_context
def main(ctx: click.Context, data: Path, var: Path) -> None:
    """一张图: from the county's ledger to the rider's phone."""
    for stream in (sys.stdout, sys.stderr):
        # A console of Windows in GBK lacks letters; a mark in their place does no harm there.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    ctx.obj = Place(data, var)


def check_codes(accepted: tuple[str, ...]) -> frozenset[str]:
    """The codes given with --accept; UsageError for one that nobody may let pass."""
    if not accepted:
        return frozenset()
    from locator.checks.rule import ACCEPTABLE

    for code in accepted:
        if code not in ACCEPTABLE:
            raise UsageError(
                f"{code!r} 不能放行，请改台账 / "
                f"cannot be accepted, only {' and '.join(ACCEPTABLE)} can; mend the "
                "ledger instead."
            )
    return frozenset(accepted)


def hours_asked(text: str | None) -> list[int]:
    """The hours of --hours: 18-23 is 18 to 22, 20 is 20-21, 22-2 runs over midnight, None is all.

    Raises UsageError for what is no such span.
    """
    if text is None:
        return list(range(24))
    found = _HOURS.fullmatch(text.strip())
    start = int(found[1]) if found else 0
    end = int(found[2] or start + 1) if found else 0
    if start == end or start > 23 or end > 24:
        raise UsageError(
            f"时段「{text}」写成 18-23 或 20 这样 / write --hours {text!r} like 18-23 or 20."
        )
    return list(range(start, end)) if start < end else [*range(start, 24), *range(end)]


def today(county: County) -> date:
    """The day that it is in the county."""
    return datetime.now(ZoneInfo(county.timezone)).date()


def make_folder(path: Path) -> None:
    """Make a folder for results; UsageError where that cannot be done."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{path}：文件夹建不了，请用 --out 换一个 / the folder cannot be made "
            f"({error.strerror}); name another with --out."
        ) from error


def write_text(path: Path, text: str) -> None:
    """Write a result to a file, or into a pipe; UsageError where that cannot be done."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """The same of bytes."""
    from locator.files import write_atomically

    try:
        if path.exists() and not path.is_file():  # /dev/stdout, a pipe
            path.write_bytes(content)
        else:
            write_atomically(path, content)
    except OSError as error:
        raise UsageError(
            f"{path}：写不了，请换一个 / cannot be written ({error.strerror}); name another."
        ) from error
