"""The small town's matrix as a browser gets it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from locator.checks.validate import validate
from locator.county import County
from locator.coverage.study import Study, study
from locator.release.matrix_file import matrix_file
from tests.release.columns_reader import unpack

AS_OF = date(2026, 11, 24)


@pytest.fixture
def town(county: County) -> tuple[Study, bytes]:
    stations = validate(county.ledger_paths, [county], as_of=AS_OF).stations
    found = study(county, stations, AS_OF)
    return found, matrix_file(found, county)


def test_hours_and_services_by_day(town: tuple[Study, bytes]) -> None:
    header, _ = unpack(town[1])
    east, canteen, unknown, estate = header["stations"]
    assert east["hours"] == {"workday": [[480, 1200]], "dayoff": [[480, 1200]]}
    assert east["services"] == ["drinking_water", "meal_heating", "toilet"]
    assert canteen["hours"]["workday"] == [[0, 1440]]
    assert canteen["own"] == {"hot_meal": {"workday": [[660, 780]], "dayoff": [[660, 780]]}}
    assert unknown["hours"] == {"workday": None, "dayoff": None}
    assert [each["stop"] for each in header["stations"]] == [True, True, True, False]
    assert estate["services"] == []
    assert header["departures_min"] == [hour * 60 + 30 for hour in range(24)] * 2
    assert header["services"][0] == "any_stop"
    assert header["need"][0] == [1.0] * 24


def test_times_riders_and_places(town: tuple[Study, bytes]) -> None:
    found, raw = town
    _, columns = unpack(raw)
    full = np.zeros(found.ground.access.matrix.shape, dtype=int)
    station = np.repeat(np.arange(full.shape[1]), columns["entries"])
    full[columns["entry_cell"], station] = columns["entry_ds"]
    assert (full == found.ground.access.matrix.toarray()).all()
    riders = np.array(columns["riders"]).reshape(-1, 48) / 1e6
    assert np.abs(riders - found.demand.riders).max() <= 5e-7
    edge = found.streets.pieces[np.array(columns["cell_piece"]) - 1]
    assert (edge == found.ground.cells.edge).all()
    assert columns["cell_snap"] == found.ground.cells.time_ds.tolist()


def test_unknown_demand_has_no_cells(county: County) -> None:
    nobody = county.model_copy(update={"demand": None})
    stations = validate(county.ledger_paths, [county], as_of=AS_OF).stations
    header, columns = unpack(matrix_file(study(nobody, stations, AS_OF), nobody))
    assert header["demand"] is None
    assert columns["riders"] == columns["cell_piece"] == []
    assert columns["entries"] == [0, 0, 0, 0]
