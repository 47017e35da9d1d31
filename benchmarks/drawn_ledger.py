"""A country's ledger as a program would draw it: counties, towns, and 200,000 stations.

Nothing in it is real. The stations stand in towns (a bell curve of 1.5 km, a tenth of them strewn
over the county), as stations do; one row in a hundred repeats its neighbour a few metres on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

STATIONS = 200_000
SIDE = 20  # counties along each side of the country
WEST, SOUTH, STEP_DEG = 112.0, 28.0, 0.3
EDGE = 50  # points along each side of a county
KINDS = ("暖新驿站", "工会驿站", "小哥食堂", "友好小区")
#: What every station has, and what some have besides.
BASIC = "饮水;热饭;歇脚;手机充电;医药;取暖;纳凉;如厕;书刊;无线网;供餐"
EXTRA = ("雨具", "停车", "修车工具", "电动车充电", "换电", "打印", "淋浴")
#: The columns of the ledger, all of them text; datum WGS-84.
COLUMNS = (
    "id", "county", "kind", "name", "lon", "lat", "township", "address", "services", "hours",
    "status", "seats", "verified_on", "source_datum",
)  # fmt: skip


def word(number: int) -> str:
    """A made-up name of three letters, another for each number below 27,000."""
    letters = "云松兰桂竹梅荷柳桐枫杏桃榆槐柏泉溪潭湖山峰谷石玉金银铜明清和"
    return letters[number % 30] + letters[number // 30 % 30] + letters[number // 900 % 30]


def outlines(rng: np.random.Generator) -> NDArray[np.object_]:
    """400 counties of 200 points each that share their ragged edges and leave no gap."""
    ticks = np.arange(SIDE + 1)
    x, y = (STEP_DEG * grid + start for grid, start in
            zip(np.meshgrid(ticks, ticks, indexing="ij"), (WEST, SOUTH), strict=True))  # fmt: skip
    inner = np.s_[1:-1, 1:-1]
    for axis in (x, y):
        axis[inner] += rng.uniform(-0.2, 0.2, axis[inner].shape) * STEP_DEG
    corners = np.stack([x, y], axis=-1)

    def edge(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
        along = np.linspace(0, 1, EDGE + 1)[:, None]
        across = np.array([start[1] - end[1], end[0] - start[0]])
        return (
            start
            + (end - start) * along
            + rng.normal(0, 0.02, along.shape) * across * (np.sin(np.pi * along))
        )

    east = {(i, j): edge(corners[i, j], corners[i + 1, j]) for i in range(SIDE) for j in ticks}
    north = {(i, j): edge(corners[i, j], corners[i, j + 1]) for i in ticks for j in range(SIDE)}
    return np.array([
        shapely.Polygon(np.vstack([east[i, j][:-1], north[i + 1, j][:-1],
                                   east[i, j + 1][:0:-1], north[i, j][:0:-1]]))
        for i in range(SIDE) for j in range(SIDE)
    ])  # fmt: skip


def positions(
    rng: np.random.Generator, shapes: Sequence[shapely.Polygon], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """``count`` stations in the towns of ``shapes``, to six decimals (0.1 m)."""
    towns = shapely.get_coordinates(shapely.point_on_surface(np.array(shapes)))
    of = rng.integers(len(towns), size=count)
    spread = np.where(rng.random(count) < 0.1, 8000.0, 1500.0)
    at = towns[of] + rng.normal(0, 1, (count, 2)) * spread[:, None] / 1e5
    near = np.flatnonzero(rng.random(count) < 0.01)
    at[near] = at[near - 1] + rng.uniform(-1e-4, 1e-4, (len(near), 2))
    return np.round(at[:, 0], 6), np.round(at[:, 1], 6)


def ledger(
    rng: np.random.Generator,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    county: Mapping[str, str],
) -> pd.DataFrame:
    """A row of text for each position, all fit to be published; ``county`` has code and name."""
    count = len(lon)
    hours = [f"{start:02}:00-{start + length:02}:{half}" for start in range(5, 9)
             for length in range(12, 15) for half in ("00", "30")] + ["24小时"]  # fmt: skip
    days = [f"2026-{month:02}-{day:02}" for month in (9, 10, 11) for day in range(1, 16)]
    offered = [";".join([BASIC, *rng.permutation(EXTRA)[: rng.integers(4)]]) for _ in range(200)]
    text = {
        "id": [f"{county['code']}-{at:06}" for at in range(count)],
        "county": county["name"],
        "kind": rng.choice(KINDS, count),
        "name": [f"示意{word(at)}驿站{at // 27_000}" for at in range(count)],
        "lon": [f"{value:.6f}" for value in lon],
        "lat": [f"{value:.6f}" for value in lat],
        "township": [f"示意{at}镇" for at in rng.integers(30, size=count)],
        "address": [f"示意{word(at % 126)}路{at}号" for at in rng.integers(5000, size=count)],
        "services": rng.choice(offered, count),
        "hours": rng.choice(hours, count),
        "status": "开放",
        "seats": rng.integers(2, 40, count).astype(str),
        "verified_on": rng.choice(days, count),
        "source_datum": "手机GPS",
    }
    return pd.DataFrame(text, columns=list(COLUMNS), dtype=object)
