"""The files that points come in: CSV and Parquet, a table of text at a time.

Every line of a CSV file is one point, whatever stands in it: none is lost uncounted.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from locator.errors import DemandError

HEADINGS: dict[str, tuple[str, ...]] = {
    "rider": ("骑手", "骑手编号", "骑手id", "rider", "rider_id", "courier_id"),
    "time": ("时间", "下单时间", "定位时间", "time", "timestamp", "datetime", "order_time"),
    "lon": ("经度", "lon", "lng", "longitude"),
    "lat": ("纬度", "lat", "latitude"),
}
#: Rows of a Parquet file that are read at a time.
BATCH = 200_000
_SNIFF = 1 << 20
#: So many bytes of each column of a Parquet file are fetched at a time.
_AHEAD = 1 << 20
#: Bytes of a CSV file that are read at a time, and the longest line that is believed.
_BLOCK, _LINE = 1 << 23, 1 << 16


def tables(path: Path) -> Iterator[pd.DataFrame]:
    """The columns rider, time, lon and lat of a file, as they stand there.

    Raises DemandError for a file that cannot be read or lacks a column.
    """
    return _parquet(path) if path.suffix.lower() in (".parquet", ".pq") else _csv(path)


def _csv(path: Path) -> Iterator[pd.DataFrame]:
    encoding, header, delimiter = _sniffed(path)
    columns = _columns(path, header)
    try:
        with path.open("rb") as file:
            file.readline(_SNIFF)
            for block in _blocks(file):
                yield _rows(block, encoding, delimiter, columns, len(header))
    except OSError as error:
        raise DemandError(f"{path}: 读不了 / cannot be read ({error.strerror}).") from error


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Whole lines, some megabytes at a time."""
    while block := file.read(_BLOCK):
        whole = block if block.endswith(b"\n") else block + file.readline(_LINE)
        yield whole.replace(b"\r\n", b"\n").replace(b"\r", b" ")


def _rows(
    block: bytes, encoding: str, delimiter: str, columns: dict[int, str], width: int
) -> pd.DataFrame:
    """One row a line, whatever stands in it.

    A quotation mark that is never closed would take the lines after it along, and their points
    would be missing uncounted. Where there are fewer rows than lines, each line is read by itself.
    """
    try:
        table = pd.read_csv(
            io.BytesIO(block), sep=delimiter, encoding=encoding, encoding_errors="replace",
            dtype=str, usecols=sorted(columns), header=None, names=range(width), index_col=False,
            keep_default_na=False,
        )  # fmt: skip
    except (ValueError, pd.errors.ParserError):
        table = pd.DataFrame()
    filled = block.count(b"\n") - block.count(b"\n\n") + (not block.endswith(b"\n"))
    if len(table) < filled:
        lines = filter(str.strip, block.decode(encoding, "replace").split("\n"))
        fields = [_fields(line, delimiter) for line in lines]
        table = pd.DataFrame(
            {at: [row[at] if at < len(row) else "" for row in fields] for at in columns}, dtype=str
        )
    return table.rename(columns=columns)


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a field of more than 128 kB
        return []


def _sniffed(path: Path) -> tuple[str, list[str], str]:
    """Encoding, headings and delimiter, by the beginning of the file."""
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFF)
    except OSError as error:
        raise DemandError(
            f"{path}: 读不了 / cannot be read ({error.strerror}); correct its name."
        ) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(start)
        except UnicodeDecodeError:
            continue
        first = text.partition("\n")[0]
        delimiter = max(",\t;", key=first.count)
        return encoding, next(csv.reader([first.strip("\r")], delimiter=delimiter), []), delimiter
    raise DemandError(f"{path}: 不是文本表格 / no text; save it as CSV UTF-8 or Parquet.")


def _parquet(path: Path) -> Iterator[pd.DataFrame]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise DemandError(
            f"{path}: 读 Parquet 要先装 pyarrow / Parquet needs pyarrow: pip install "
            "'yizhangtu-locator[parquet]', or export the points as CSV."
        ) from error
    try:
        # Read as it is used: by default the whole file is fetched ahead into memory.
        with pq.ParquetFile(path, pre_buffer=False, buffer_size=_AHEAD) as file:
            columns = _columns(path, file.schema_arrow.names)
            names = {file.schema_arrow.names[at]: name for at, name in columns.items()}
            for batch in file.iter_batches(batch_size=BATCH, columns=sorted(names)):
                yield batch.to_pandas().rename(columns=names)
    except (OSError, pa.ArrowException) as error:
        raise DemandError(
            f"{path}: 读不了，不是完整的 Parquet / cannot be read as Parquet ({error}); "
            "export it again."
        ) from error


def _columns(path: Path, header: Sequence[str]) -> dict[int, str]:
    names = {alias: name for name, aliases in HEADINGS.items() for alias in aliases}
    columns: dict[int, str] = {}
    for at, heading in enumerate(header):
        name = names.get(heading.strip().lower())
        if name is not None and name not in columns.values():
            columns[at] = name
    missing = [name for name in HEADINGS if name not in columns.values()]
    if missing:
        zh = "、".join(HEADINGS[name][0] for name in missing)
        raise DemandError(
            f"{path}: 缺少列「{zh}」/ lacks the columns {', '.join(missing)}. 没有骑手编号就数不出"
            "有几个不同的人，不能公开；编号可以是化名 / without a rider (any pseudonym will do) "
            "nobody can count how many people a place stands for."
        )
    return columns
