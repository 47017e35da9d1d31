"""Points to H3 cells: the same answer as h3, wherever on earth."""

from __future__ import annotations

import h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locator.coverage.demand.hexes import cells_at
from tests.quick import examples


def by_h3(lon: np.ndarray, lat: np.ndarray, resolution: int) -> np.ndarray:
    name = h3.api.numpy_int.latlng_to_cell
    return np.array(
        [name(y, x, resolution) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)],
        dtype=np.uint64,
    )


def scattered(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points all over the globe, dense around the twelve pentagons and along 30 meridians."""
    rng = np.random.default_rng(seed)
    centres = [h3.cell_to_latlng(cell)[::-1] for cell in h3.get_pentagons(0)]
    near = np.concatenate(
        [
            centre + rng.normal(0, 10.0**power, (count // 100, 2))
            for centre in centres
            for power in (-4, -2, 0)
        ]
    )
    lon = np.concatenate([rng.uniform(-180, 180, count), near[:, 0]])
    lat = np.concatenate([np.degrees(np.arcsin(rng.uniform(-1, 1, count))), near[:, 1]])
    lon[: count // 10] = np.round(lon[: count // 10] / 12) * 12
    return lon, np.clip(lat, -90, 90)


@pytest.mark.parametrize("resolution", [0, 1, 6, 7, 8, 9, 10])
def test_the_cells_are_those_of_h3(resolution: int) -> None:
    lon, lat = scattered(5_000, resolution)
    cells, number = cells_at(lon, lat, resolution)
    assert (cells[number] == by_h3(lon, lat, resolution)).all()
    assert (np.diff(cells.astype(np.int64)) > 0).all()


@settings(max_examples=examples(200), deadline=None)
@given(st.floats(-180, 180), st.floats(-90, 90), st.integers(5, 10), st.integers(0, 5))
def test_corners_and_edges_of_cells(lon: float, lat: float, resolution: int, corner: int) -> None:
    """Where rounding decides, h3 decides: on a corner, and in the middle of an edge."""
    ring = h3.cell_to_boundary(h3.latlng_to_cell(lat, lon, resolution))
    (y0, x0), (y1, x1) = ring[corner % len(ring)], ring[(corner + 1) % len(ring)]
    x, y = np.array([x0, (x0 + x1) / 2]), np.array([y0, (y0 + y1) / 2])
    cells, number = cells_at(x, y, resolution)
    assert (cells[number] == by_h3(x, y, resolution)).all()


def test_points_that_are_none() -> None:
    cells, number = cells_at([np.nan, 116.95, np.inf], [31.0, 31.46, 2.0], 9)
    assert number.tolist() == [-1, 0, -1]
    assert h3.int_to_str(int(cells[0])) == h3.latlng_to_cell(31.46, 116.95, 9)
    assert [len(part) for part in cells_at([], [], 9)] == [0, 0]


@pytest.mark.campaign
@pytest.mark.parametrize("resolution", [8, 9])
def test_ten_million_points(resolution: int) -> None:
    lon, lat = scattered(10_000_000, 20261129)
    cells, number = cells_at(lon, lat, resolution)
    for part in np.array_split(np.arange(len(lon)), 20):
        assert (cells[number[part]] == by_h3(lon[part], lat[part], resolution)).all()
