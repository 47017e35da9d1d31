"""The command that lays a ledger beside the lists of map apps."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from locator.cli.group import (
    FINDINGS_OF_ERROR,
    Place,
    example,
    json_option,
    lang_option,
    main,
    pass_place,
    today,
    write_bytes,
)
from locator.cli.ledgers import datum_option
from locator.errors import UsageError

if TYPE_CHECKING:
    from locator.checks.reconcile.deciding import Sides
    from locator.checks.reconcile.decisions import Decision


@main.command(
    epilog=example(
        "locator reconcile data/stations.geojson data/examples/map-export.csv --county shucheng"
    )
)
@click.argument("ledger", type=click.Path(path_type=Path))
@click.argument("map_files", metavar="MAPFILE[@KEEPER]...", nargs=-1, required=True)
@click.option("--county", "name", required=True, help="The county that the ledger belongs to.")
@datum_option
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write a workbook to answer in (处理)."
)
@click.option(
    "--decide",
    "sheets",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A workbook of --out with 处理 filled: note the answers.",
)
@click.option("--same", multiple=True, metavar="ID=KEY", help="Decide that the two are one place.")
@click.option("--different", multiple=True, metavar="ID=KEY", help="Decide that they are two.")
@click.option("--ignore", multiple=True, metavar="ID|KEY", help="Say no more of this one.")
@click.option(
    "--ask-again", "again", multiple=True, metavar="ID|KEY|ID=KEY", help="Take a decision back."
)
@click.option("--by", "who", default="", help="Who decides, for the file of decisions.")
@json_option
@lang_option
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Check as on this day.")
@pass_place
def reconcile(
    place: Place,
    ledger: Path,
    map_files: tuple[str, ...],
    name: str,
    datum: str | None,
    out: Path | None,
    sheets: tuple[Path, ...],
    same: tuple[str, ...],
    different: tuple[str, ...],
    ignore: tuple[str, ...],
    again: tuple[str, ...],
    who: str,
    as_json: bool,
    lang: str,
    as_of: datetime | None,
) -> None:
    """Lay a ledger beside map apps' exports, the union's app or OSM: what is missing, what differs.

    A map file is CSV, XLSX or GeoJSON. Who made it is told by its headings; else write it behind
    the name: poi.csv@amap, @baidu, @tencent, @osm, @union, or a datum. Give all pages and searches
    of one map together: they count as one list. Decisions are kept in DATA/COUNTY/reconcile.csv and
    respected the next time.
    """
    from locator.checks.reconcile.deciding import Sides
    from locator.checks.reconcile.decisions import FILE, add_decisions, read_decisions
    from locator.checks.reconcile.map_review import join_lists, review_list
    from locator.checks.validate import validate
    from locator.outputs.map_review_json import review_json
    from locator.outputs.map_review_words import review_text
    from locator.outputs.map_review_workbook import review_workbook
    from locator.stations.map_list import read_map_list, split_keeper

    county = place.county(name)
    day = as_of.date() if as_of else today(county)
    lists = join_lists(
        [read_map_list(path, keeper=keeper) for path, keeper in map(split_keeper, map_files)]
    )
    report = validate(
        [ledger], county, all_counties=place.known, datum=datum, as_of=day, without_ids=True
    )
    sides = Sides.of(report, lists, day.isoformat(), who)
    decided = [
        *_answered(sides, sheets),
        *(sides.pair(text, "same") for text in same),
        *(sides.pair(text, "different") for text in different),
        *(each for text in ignore for each in sides.of_one(text, "ignore")),
        *(each for text in again for each in sides.ask_again(text)),
    ]
    if decided:
        count = add_decisions(county.folder, decided)
        kept = county.folder / FILE
        click.echo(
            f"记下了 {count} 条决定：{kept}"
            if lang == "zh"
            else f"{count} decisions noted: {kept}",
            err=True,
        )
    decisions = read_decisions(county.folder)
    reviews = [review_list(report, county, each, decisions) for each in lists]
    if out:
        write_bytes(out, review_workbook(reviews))
    if as_json:
        click.echo(
            json.dumps(review_json(reviews, report, decisions), ensure_ascii=False, indent=1)
        )
    else:
        click.echo(review_text(reviews, report, decisions, county, lang=lang))
    if report.has_errors:
        raise SystemExit(FINDINGS_OF_ERROR)


def _answered(sides: Sides, sheets: Sequence[Path]) -> Iterator[Decision]:
    """The decisions of workbooks that came back; what can't be noted is said and passed over."""
    from locator.outputs.map_review_workbook import read_answers

    for path in sheets:
        for answer in read_answers(path):
            try:
                yield sides.decision(
                    answer.choice, answer.ledger_id, answer.source, answer.key, answer.note
                )
            except UsageError as error:
                click.echo(f"locator: {answer.where}：{error}", err=True)
