"""H3 cells as a file."""

from __future__ import annotations

import h3
import pytest

from locator.county import DemandSource
from locator.coverage.demand import SLOTS, Demand
from locator.coverage.demand.cells import cells_text, demand_spans, read_cells
from locator.coverage.demand.report import demand_report, demand_text
from locator.errors import DemandError

CELL = h3.latlng_to_cell(31.46, 116.95, 9)
WIDE = h3.latlng_to_cell(31.6, 117.1, 8)
HEADER = "h3,day,hours,riders"


@pytest.fixture
def cells(tmp_path):
    def write(*rows: str, header: str = HEADER):
        path = tmp_path / "cells.csv"
        path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
        return path

    return write


def test_cells_of_several_resolutions(cells, county):
    fine = sorted(h3.cell_to_children(CELL, 10))[:2]
    demand = read_cells(
        cells(
            f"{CELL},workday,12:00-13:00,3",
            f"{WIDE},休息日,22:00-02:00,7",
            f"{fine[0]},workday,12:00-13:00,1",
            f"{fine[1]},workday,12:00-14:00,2",
            f"{WIDE},工作日,03:00-04:00,",
        ),
        county,
    )
    assert demand.cells == sorted([CELL, WIDE])
    at = demand.cells.index(CELL)
    assert (demand.riders[at, 12], demand.riders[at, 13]) == (6, 2)
    assert demand.riders[1 - at].sum() == 28
    assert demand.report["resolutions"] == {"9": 1, "8": 1}
    assert (demand.report["withheld"], demand.report["lines"]) == (1, 4)
    assert demand.centres[at] == pytest.approx([116.95, 31.46], abs=0.002)


def test_where_every_number_is_withheld_demand_is_unknown(cells, county):
    """Unknown is not none: no clock of zeros is made of it."""
    demand = read_cells(cells(f"{CELL},workday,12:00-13:00,", f"{WIDE},dayoff,1:00-2:00,"), county)
    assert (demand.cells, demand.provenance, demand.report["withheld"]) == ([], None, 2)
    source = DemandSource(file="x.csv", provenance="orders")
    report = demand_report(demand, county.model_copy(update={"demand": source}))
    assert "人数全都不公开，需求未知" in demand_text(report)
    assert "Withheld cells and hours: 2" in demand_text(report, "en")
    # A counted 0 is known; a cell that is withheld alone is in no figure, but counted.
    demand = read_cells(cells(f"{CELL},workday,12:00-13:00,0", f"{WIDE},dayoff,1:00-2:00,"), county)
    assert (demand.cells, demand.provenance, demand.report["withheld"]) == ([CELL], "headcount", 1)


def test_a_withheld_cell_holds_no_other(cells, county):
    """What is known of a part tells nothing of the whole, and beside it would count twice later."""
    parent = h3.cell_to_parent(CELL, 8)
    rows = [f"{parent},workday,12:00-13:00,", f"{CELL},workday,12:00-13:00,3"]
    demand = read_cells(cells(*rows, f"{WIDE},workday,12:00-13:00,5"), county)
    assert demand.cells == [WIDE]
    assert [fault["row"] for fault in demand.report["faults"]] == [3]
    assert demand.report["withheld"] == 1


def test_bad_rows_are_named_and_the_rest_computed(cells, county):
    parent = h3.cell_to_parent(CELL, 8)
    bad = {
        "89": "no H3 cell", h3.cell_to_parent(CELL, 4): "too coarse", CELL.upper() + "0": "no H3",
    }  # fmt: skip
    rows = [f"{name},workday,12:00-13:00,3" for name in bad]
    rows += [f"{WIDE},workday,13:00-12:00,3", f"{WIDE},workday,12:00-13:00,-3"]
    rows += [f"{CELL},workday,12:00-13:00,3", f"{parent},workday,12:00-13:00,40"]
    demand = read_cells(cells(*rows), county)
    assert demand.cells == [parent]
    told = {fault["row"]: fault["en"] for fault in demand.report["faults"]}
    assert list(told) == [2, 3, 4, 5, 6, 7]
    assert all(says in told[row] for row, says in enumerate(bad.values(), start=2))
    assert "wrong order" in told[5]
    assert "below 0" in told[6]
    assert "within another" in told[7]
    with pytest.raises(DemandError, match="no H3 cell"):
        read_cells(cells("89,workday,12:00-13:00,3"), county)


def test_comments_above_the_headings_are_no_rows(cells, county):
    demand = read_cells(
        cells("# month: 2026-10", HEADER, f"{CELL},workday,12:00-13:00,3", "x,y,z,1",
              header="# source: orders"),
        county,
    )  # fmt: skip
    assert demand.report["made"] == {"source": "orders", "month": "2026-10"}
    assert demand.report["faults"][0]["row"] == 5


def test_any_demand_is_written_and_read(tmp_path, county, riders):
    demand: Demand = riders(1.5, 0.25, 40)
    path = tmp_path / "cells.csv"
    path.write_text(cells_text(demand_spans(demand), {"source": "grid"}), "utf-8")
    again = read_cells(path, county)
    assert again.cells == demand.cells
    assert (again.riders == demand.riders).all()
    assert again.riders.shape == (3, len(SLOTS))
