"""The command on demand: what a county has, and cells made from traces or a grid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import click

from locator.cli.group import (
    FINDINGS_OF_ERROR,
    Place,
    example,
    json_option,
    lang_option,
    main,
    make_folder,
    pass_place,
    write_text,
)
from locator.county import County
from locator.errors import UsageError

Source = Literal["orders", "gps", "grid"]


@main.command(epilog=example("locator demand shucheng"))
@click.argument("name", metavar="COUNTY")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    type=click.Choice(["orders", "gps", "grid"]),
    help="What the FILES are: orders or positions (CSV, Parquet), or a grid (GeoJSON, GPKG).",
)
@click.option("--datum", help="Where the points' positions were copied from: 高德, 百度, gps ….")
@click.option("--lag", "lag_min", type=click.IntRange(0, 720), help="Minutes from order to rest.")
@click.option("--month", metavar="YYYY-MM", help="The calendar month [that of the points].")
@click.option(
    "--earlier",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The cells file of the month before [the county's own].",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The cells file.")
@click.option("--overwrite", is_flag=True, help="Replace the file of --out.")
@json_option
@lang_option
@pass_place
def demand(
    place: Place,
    name: str,
    files: tuple[Path, ...],
    source: Source | None,
    datum: str | None,
    lag_min: int | None,
    month: str | None,
    earlier: Path | None,
    out: Path | None,
    overwrite: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Say what a county's demand holds; make a cells file from FILES."""
    county = place.county(name)
    if not files:
        if source or datum or lag_min is not None or month or earlier or out or overwrite:
            raise UsageError(
                "请写明由哪些文件来做格子 / name the FILES that the cells are to be made from."
            )
        _tell(county, as_json, lang)
        return
    if source is None or out is None:
        raise UsageError(
            "请用 --from 写明文件是什么，用 --out 写明格子写到哪里 / say what the FILES are with "
            "--from, and where the cells go with --out."
        )
    if out.exists() and not overwrite:
        raise UsageError(
            f"{out}：已经有了，请换个名字或加上 --overwrite / "
            "is there already; name another, or add --overwrite."
        )
    if source == "grid":
        if len(files) > 1 or datum or lag_min is not None or month or earlier:
            raise UsageError(
                "网格只要一个文件，不带点数据的选项 / "
                "a grid is one file, and takes none of the options of points."
            )
        text, said = _from_grid(files[0], county, as_json, lang)
    else:
        text, said = _from_traces(
            files, county, source, datum, lag_min, month, earlier, as_json, lang
        )
    make_folder(out.parent)
    write_text(out, text)
    click.echo(said)
    click.echo(f"  已写入 {out}" if lang == "zh" else f"  wrote {out}", err=True)


def _tell(county: County, as_json: bool, lang: str) -> None:
    from locator.coverage.demand import read_demand
    from locator.coverage.demand.report import demand_report, demand_text

    report = demand_report(read_demand(county), county)
    click.echo(_json(report) if as_json else demand_text(report, lang))
    if report.get("faulty"):
        raise SystemExit(FINDINGS_OF_ERROR)


def _from_grid(path: Path, county: County, as_json: bool, lang: str) -> tuple[str, str]:
    from locator.coverage.demand.cells import cells_text, demand_spans
    from locator.coverage.demand.grid import read_grid
    from locator.coverage.demand.report import demand_report, demand_text

    found = read_grid(path, county)
    report = demand_report(found, county) | {"file": path.name, "provenance": "grid"}
    text = cells_text(demand_spans(found), {"source": "grid", "file": path.name})
    return text, _json(report) if as_json else demand_text(report, lang)


def _from_traces(
    files: tuple[Path, ...],
    county: County,
    source: Literal["orders", "gps"],
    datum: str | None,
    lag_min: int | None,
    month: str | None,
    earlier: Path | None,
    as_json: bool,
    lang: str,
) -> tuple[str, str]:
    from locator.coverage.demand.publish import cells_of_traces
    from locator.coverage.demand.report import traces_text

    if source == "gps" and lag_min:
        raise UsageError(
            "--lag 只用于订单，轨迹点就是骑手所在 / "
            "--lag is for orders: a position is where the rider is."
        )
    for path in files:
        if path.resolve().is_relative_to(county.folder.resolve()):
            raise UsageError(
                f"{path}: 骑手轨迹不能放在县的文件夹里，请移走 / riders' traces must not lie in "
                "the county's folder, which is passed on; move the file elsewhere."
            )
    own = county.demand
    if lag_min is None:
        lag_min = own.lag_min if own and source == "orders" else 0
    if earlier is None and own and own.format == "cells" and own.provenance == source:
        known = county.path(own.file)
        earlier = known if known.exists() else None
    text, account = cells_of_traces(
        files, county, source, month=month, datum=datum, lag_min=lag_min, earlier=earlier
    )
    return text, _json(account) if as_json else traces_text(account, lang)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
