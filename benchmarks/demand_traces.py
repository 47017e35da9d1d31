"""1e7 orders of a month to a cells file that may be shown: time and memory of the whole command.

The orders are drawn (4,000 riders around a county's town, a Parquet file of 1e7 rows with times as
text), so that nobody's traces lie here. The command runs in a process of its own, to the file on
the disk: reading in batches, GCJ-02 to WGS-84, cells, local time, and the ten riders of each cell
and hour.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.harness import Budget, Unavailable
from benchmarks.init import run

DATA = Path(__file__).parents[1] / "data"
ORDERS = 10_000_000
RIDERS = 4_000


def claim() -> Budget:
    """The claim; raises Unavailable where memory cannot be read."""
    if not Path("/proc/self/statm").exists():
        raise Unavailable("the memory of processes is read from /proc, which Linux alone has.")
    return Budget(
        name="1e7 orders to cells that may be shown",
        run=cells_of_orders,
        limits={"time of the command": (120.0, "s"), "memory at its peak": (1000.0, "MB")},
        rounds=1,
        note="`locator demand` from Parquet to the cells file, in a process of its own.",
    )


def cells_of_orders() -> Mapping[str, float]:
    """Draw the orders, then run the command: its seconds and the peak of its memory."""
    with tempfile.TemporaryDirectory() as folder:
        orders, cells = Path(folder, "orders.parquet"), Path(folder, "cells.csv")
        draw(orders)
        command = [sys.executable, "-m", "locator.cli", "--data", str(DATA), "demand", "shucheng",
                   str(orders), "--from", "orders", "--datum", "gcj02", "--lag", "75",
                   "--month", "2026-10", "--out", str(cells)]  # fmt: skip
        began = time.perf_counter()
        _, most = run(command)
        seconds = time.perf_counter() - began
        if cells.stat().st_size < 10_000:
            raise RuntimeError("hardly a cell shows; the orders are not those that were meant.")
    return {"time of the command": seconds, "memory at its peak": most / 1e6}


def draw(path: Path) -> None:
    """A month of orders, a million at a time: most at noon and in the evening."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(20261129)
    at = rng.normal(0, 0.03, (RIDERS, 2))
    begun = int(pd.Timestamp("2026-10-01", tz="Asia/Shanghai").timestamp())
    writer = None
    for _ in range(ORDERS // 1_000_000):
        n = 1_000_000
        rider = rng.integers(0, RIDERS, n)
        hour = np.clip(rng.choice([12, 18, 21, 2], n, p=[0.4, 0.4, 0.15, 0.05])
                       + rng.normal(0, 1.5, n), 0, 23.99)  # fmt: skip
        second = begun + rng.integers(0, 31, n) * 86_400 + (hour * 3600).astype(np.int64)
        when = pd.to_datetime(second, unit="s", utc=True).tz_convert("Asia/Shanghai")
        table = pa.table({
            "rider": [f"r{one}" for one in rider.tolist()],
            "time": when.strftime("%Y-%m-%d %H:%M:%S").tolist(),
            "lon": 116.944 + at[rider, 0] + rng.normal(0, 0.01, n),
            "lat": 31.462 + at[rider, 1] + rng.normal(0, 0.01, n),
        })  # fmt: skip
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()
