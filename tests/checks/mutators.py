"""Ten ways in which a table comes to harm between the clerk's desk and ours."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

Table = list[list[str]]  # the header first
Mutator = Callable[[Table, random.Random], Table]

#: What people and programs put into cells.
ODD = (
    "", " ", "0", "-", "无", "/", "#N/A", "#REF!", "=1+1", "@SUM(A1)", "NULL", "nan", "1e999",
    "116.95,31.46", "东经116度", "２０２６－１０－０１", "\u200b", "\ufeff", "甲\n乙", '"', "'",
    "<b>", "𠮷", "é", "长" * 3000, "2026-13-45", "24小时", "理发", "小屋", "暂停",
)  # fmt: skip


def swap_cells(table: Table, rng: random.Random) -> Table:
    row = rng.randrange(1, len(table))
    one, other = (rng.randrange(len(table[0])) for _ in range(2))
    table[row][one], table[row][other] = table[row][other], table[row][one]
    return table


def odd_cell(table: Table, rng: random.Random) -> Table:
    table[rng.randrange(1, len(table))][rng.randrange(len(table[0]))] = rng.choice(ODD)
    return table


def drop_column(table: Table, rng: random.Random) -> Table:
    at = rng.randrange(len(table[0]))
    return [[*row[:at], *row[at + 1 :]] for row in table] if len(table[0]) > 2 else table


def repeat_row(table: Table, rng: random.Random) -> Table:
    table.insert(rng.randrange(1, len(table) + 1), list(rng.choice(table[1:])))
    return table


def change_case_and_width(table: Table, rng: random.Random) -> Table:
    row = rng.randrange(len(table))
    wide = [
        "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in cell) for cell in table[row]
    ]
    change = rng.choice((str.upper, lambda t: unicodedata.normalize("NFKC", t)))
    table[row] = rng.choice(([change(cell) for cell in table[row]], wide))
    return table


def unmerge(table: Table, rng: random.Random) -> Table:
    """A merged cell leaves its text in the first row, and nothing in those below."""
    at, row = rng.randrange(len(table[0])), rng.randrange(1, len(table))
    for below in table[row + 1 : row + 3]:
        below[at] = ""
    return table


def shuffle_rows(table: Table, rng: random.Random) -> Table:
    rest = table[1:]
    rng.shuffle(rest)
    return [table[0], *rest]


def reorder_columns(table: Table, rng: random.Random) -> Table:
    order = list(range(len(table[0])))
    rng.shuffle(order)
    return [[row[at] for at in order] for row in table]


def blank_row(table: Table, rng: random.Random) -> Table:
    table.insert(rng.randrange(1, len(table) + 1), [""] * len(table[0]))
    return table


def rename_heading(table: Table, rng: random.Random) -> Table:
    table[0][rng.randrange(len(table[0]))] = rng.choice(("备注", "", "联系人", "经度", "站名", "X"))
    return table


MUTATORS: tuple[Mutator, ...] = (
    swap_cells, odd_cell, drop_column, repeat_row, change_case_and_width, unmerge, shuffle_rows,
    reorder_columns, blank_row, rename_heading,
)  # fmt: skip
