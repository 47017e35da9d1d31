"""Demand by H3 cell as a CSV file: what others hand in, and what is made here from traces."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import h3
import numpy as np
from numpy.typing import NDArray

from locator.county import County
from locator.coverage.demand.sheets import (
    DAY_HEADINGS,
    HOUR_HEADINGS,
    RIDER_HEADINGS,
    Fault,
    SetAside,
    by_name,
    cells_outside,
    number,
    rider_hours,
    sheet_rows,
    sheet_text,
    slots_of,
)
from locator.coverage.demand.table import RESOLUTION, SLOTS, Demand, unknown_demand

HEADINGS: dict[str, tuple[str, ...]] = {
    "h3": ("h3", "格子", "h3_cell"),
    "day": DAY_HEADINGS,
    "hours": HOUR_HEADINGS,
    "riders": RIDER_HEADINGS,
}
#: The coarsest cell that still says where riders are (252 km²).
COARSEST = 5


class Span(NamedTuple):
    """A cell, a kind of day and hours of it (``12:00-13:00``): riders there in each of the hours,
    None where that is withheld; and the rider-hours of the whole period that this comes from."""

    cell: str
    day: str
    hours: str
    riders: float | None
    rider_hours: int | None = None


def read_cells(path: Path, county: County) -> Demand:
    """Read demand by H3 cell (CSV or XLSX: h3, 日类型 day, 时段 hours, 人数 riders).

    Cells finer than resolution 9 are added up in their parent there. Riders left empty are
    withheld: unknown, not none. The table cannot say so of an hour beside others that are known; it
    holds 0 there, and the report counts such rows (``withheld``) for all who show the figures.
    Where every number is withheld, the demand is unknown. Rows with a fault, cells outside the
    county and cells within another one of the file, a withheld one too, are set aside and named in
    the report. What the lines that begin with # say is in the report under ``made``. Raises
    DemandError where no row is left.
    """
    totals: dict[str, NDArray[np.float64]] = {}
    rows: dict[str, int] = {}
    withheld: Counter[str] = Counter()
    known: Counter[str] = Counter()
    aside = SetAside()
    for row, fields in sheet_rows(path, HEADINGS, frozenset()):
        try:
            cell, slots = _cell(fields["h3"]), slots_of(fields["day"], fields["hours"])
            riders = number(fields["riders"] or "0", "人数", "riders")
        except Fault as fault:
            aside.fault(row, fault)
            continue
        (known if fields["riders"] else withheld)[cell] += 1
        rows.setdefault(cell, row)
        totals.setdefault(cell, np.zeros(len(SLOTS)))[slots] += riders
    for cell in [cell for cell in totals if _within_another(cell, totals)]:
        aside.fault(rows[cell], Fault(f"格子 {cell} 在表里另一格之内", f"{cell} is within another"))
        del totals[cell]
    found = sorted(totals)
    for cell, is_out in zip(found, cells_outside(county, found), strict=True):
        if is_out:
            hours = float(totals.pop(cell).sum())
            aside.outside.append({"row": rows[cell], "place": cell, "rider_hours": hours})
    aside.require_some(path, len(totals))
    empty = sum(withheld[cell] for cell in totals)
    cells, riders_by_slot = by_name({cell: totals[cell] for cell in totals if known[cell]})
    report = {
        "format": "cells",
        "lines": known.total(),
        "cells": len(cells),
        "resolutions": resolutions(cells),
        "withheld": empty,
        "rider_hours": rider_hours(riders_by_slot),
        "made": read_header(path),
        **aside.report(),
    }
    if not cells:
        return unknown_demand(report)
    provenance = county.demand.provenance if county.demand else "grid"
    return Demand(cells, riders_by_slot, provenance, report)


def cells_text(spans: Iterable[Span], header: Mapping[str, object]) -> str:
    """A cells file: what ``header`` says as lines with #, then a row a span."""
    stream = io.StringIO()
    for key, value in header.items():
        stream.write(f"# {key}: {value}\n")
    write = csv.writer(stream, lineterminator="\n").writerow
    write(["h3", "day", "hours", "riders", "rider_hours"])
    for one in sorted(spans, key=lambda span: (span.cell, span.day != "workday", span.hours)):
        riders = "" if one.riders is None else f"{one.riders:.6g}"
        write([one.cell, one.day, one.hours, riders, one.rider_hours])
    return stream.getvalue()


def demand_spans(demand: Demand) -> list[Span]:
    """Any demand as spans of one hour; hours without riders are left out."""
    return [
        Span(cell, day, f"{hour:02}:00-{hour + 1:02}:00", float(riders))
        for cell, of_cell in zip(demand.cells, demand.riders, strict=True)
        for (day, hour), riders in zip(SLOTS, of_cell, strict=True)
        if riders
    ]


def read_spans(path: Path) -> list[tuple[str, list[int]]]:
    """The cells and slots of a file that was made here, those withheld too.

    Raises DemandError where a row is not as it was written.
    """
    spans = []
    aside = SetAside()
    for row, fields in sheet_rows(path, HEADINGS, frozenset()):
        try:
            spans.append((_cell(fields["h3"]), slots_of(fields["day"], fields["hours"])))
        except Fault as fault:
            aside.fault(row, fault)
    if aside.faults:
        aside.require_some(path, 0)
    return spans


def read_header(path: Path) -> dict[str, str]:
    """What the lines that begin with # say (``# month: 2026-10``)."""
    if path.suffix.lower() == ".xlsx":
        return {}
    said = {}
    for line in sheet_text(path).splitlines():
        if not line.startswith("#"):
            break
        key, mark, value = line[1:].partition(":")
        if mark:
            said[key.strip()] = value.strip()
    return said


def resolutions(cells: Iterable[str]) -> dict[str, int]:
    """How many cells there are of each resolution, the finest first."""
    found: dict[str, int] = {}
    for resolution in sorted((h3.get_resolution(cell) for cell in cells), reverse=True):
        found[str(resolution)] = found.get(str(resolution), 0) + 1
    return found


def _cell(text: str) -> str:
    cell = text.lower()
    if not h3.is_valid_cell(cell):
        raise Fault(f"「{text}」不是 H3 格子", f"{text!r} is no H3 cell")
    resolution = h3.get_resolution(cell)
    if resolution < COARSEST:
        raise Fault(f"格子 {text} 太大（{resolution} 级）", f"{text} is too coarse ({resolution})")
    return str(h3.cell_to_parent(cell, RESOLUTION) if resolution > RESOLUTION else cell)


def _within_another(cell: str, cells: Mapping[str, object]) -> bool:
    return any(
        h3.cell_to_parent(cell, resolution) in cells
        for resolution in range(COARSEST, h3.get_resolution(cell))
    )
