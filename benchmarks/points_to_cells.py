"""1e7 points to H3 cells of resolution 9, counted.

The points are drawn around a county's town, as orders lie: 90 % within 15 km of its middle. Ours
sorts points into hexagons with one thread and names each hexagon once; polars-h3 (H3 in Rust, on
all cores) names each point. Equal means: the same cells with the same counts. Points that hardly
share a cell (drawn all over China) are another matter: each is named by `h3` then, and ours is
slower.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.harness import Claim, Contestant, Unavailable
from locator.coverage.demand.hexes import cells_at

POINTS = 10_000_000
RESOLUTION = 9

Answer = tuple[np.ndarray, np.ndarray]


def claim() -> Claim:
    """The claim, with its points drawn: the same on every run."""
    try:
        import polars
        import polars_h3
    except ImportError as error:
        raise Unavailable("polars and polars-h3 are not installed; run `make bench`.") from error
    rng = np.random.default_rng(20261129)
    lon, lat = rng.normal(116.944, 0.07, POINTS), rng.normal(31.462, 0.06, POINTS)

    def ours() -> Answer:
        cells, number = cells_at(lon, lat, RESOLUTION)
        return cells, np.bincount(number, minlength=len(cells))

    def peer() -> Answer:
        named = polars_h3.latlng_to_cell("lat", "lon", RESOLUTION, return_dtype=polars.UInt64)
        counts = (
            polars.DataFrame({"lon": lon, "lat": lat})
            .group_by(named.alias("cell"))
            .agg(polars.len())
            .sort("cell")
        )
        return counts["cell"].to_numpy(), counts["len"].to_numpy()

    return Claim(
        name="1e7 points of a county to H3 cells, counted",
        unit="points in other cells",
        ours=Contestant("ours", ours, POINTS),
        peers=(
            Contestant("polars-h3", peer, POINTS, "polars-h3",
                       note="H3 in Rust through Polars, on all cores; ours uses one."),
            Contestant("h3 one by one", _one_by_one(lon[:200_000], lat[:200_000]), 200_000, "h3",
                       note="A Python loop; 200,000 points, scaled."),
        ),
        difference=_apart,
        rounds=5,
    )  # fmt: skip


def _one_by_one(lon: np.ndarray, lat: np.ndarray) -> Callable[[], Answer]:
    import h3

    name = h3.api.numpy_int.latlng_to_cell

    def run() -> Answer:
        cells = [name(y, x, RESOLUTION) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
        return np.unique(np.array(cells, dtype=np.uint64), return_counts=True)

    return run


def _apart(ours: Answer, theirs: Answer) -> float:
    """How many points are counted in another cell (of a part of the points: cells not known)."""
    if theirs[1].sum() < POINTS:
        return float((~np.isin(theirs[0], ours[0])).sum())
    of_ours = dict(zip(ours[0].tolist(), ours[1].tolist(), strict=True))
    of_theirs = dict(zip(theirs[0].tolist(), theirs[1].tolist(), strict=True))
    return float(
        sum(abs(of_ours.get(c, 0) - of_theirs.get(c, 0)) for c in {*of_ours, *of_theirs}) / 2
    )
