"""What a sheet holds besides its stations: headings not understood, totals, signatures, remarks.

None of it blocks the ledger and none of it vanishes: each is told in one finding a file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from locator.errors import Finding
from locator.stations.headings import Understood, near
from locator.stations.readers import BEYOND
from locator.stations.table import COLUMNS

_TOTAL = re.compile(
    r"(?:合计|总计|小计|共计|累计|总数)(?:[:(\s\d].{0,20})?|共\s?\d+\s?[个家处座站].{0,8}"
)
_NOTE = re.compile(
    r"(?:填表|填报|制表|审核|经办|负责|联络|报送)(?:人|单位|部门|日期|时间|人签字|人签名)?:.*"
    r"|\(?(?:单位负责人|分管领导|主要领导|签字|签名|盖章|公章)(?:\(.*\))?\)?:?.{0,20}"
    r"|(?:日期|时间|联系电话|备注|说明|填表说明|注|附注|温馨提示):.*"
)
_FIRST_LETTERS = frozenset("合总小共累填制审经负联报单分主签盖公日时备说注附温(（")
_DIGIT = re.compile(r"\d")
_POSITION = ("lon", "lat", "coordinate")
#: Headings and rows named in one finding; the rest is counted.
_SHOWN = 10
_ZH = {column.name: column.zh for column in COLUMNS}


def is_aside(row: Sequence[str], columns: Mapping[str, int]) -> bool:
    """Whether a row is a total, a signature or a remark under the table, and no station.

    Such a row begins with the word for it (合计, 填表人：, 备注：), and where a position would
    stand it has nothing, or a name, or another such word.
    """
    first = next((text for text in row if text and not text.isspace()), "").lstrip()
    if first[:1] not in _FIRST_LETTERS:  # nearly every row, and there may be many
        return False
    if not (_says_note(first) or _TOTAL.fullmatch(_plain(first))):
        return False
    position = (row[columns[name]] for name in _POSITION if name in columns)
    return not any(_DIGIT.search(text) and not _says_note(text) for text in position)


def _says_note(text: str) -> bool:
    return _NOTE.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:200]).strip()


def aside_finding(file: str, rows: Sequence[tuple[int, Sequence[str]]]) -> Finding:
    """That these rows (number, cells) are no stations and were not counted."""
    shown = rows[:_SHOWN]
    numbers = "、".join(str(number) for number, _ in shown) + ("等" if len(rows) > _SHOWN else "")
    words = "".join(f"「{_first(cells)}」" for _, cells in shown[:3])
    return Finding(
        "summary_row", "info", file, None, None,
        f"{file} 第 {numbers} 行是合计、签名或备注（{words}），不是驿站，没有算进行数。",
        f"{file}: {len(rows)} rows are totals, signatures or remarks (row "
        f"{', '.join(str(number) for number, _ in shown)}), no stations, and are not counted.",
        detail={"rows": [number for number, _ in rows]},
    )  # fmt: skip


def columns_finding(
    file: str, headings: Sequence[str], understood: Understood, *, as_hours: str | None
) -> Finding | None:
    """What is to be told of the headings of a file, None where all are understood.

    ``as_hours`` is the heading 服务时间 whose cells are those of the door. The severity is warning
    where a heading may be meant for a column that is not there.
    """
    used = {*understood.columns.values(), *understood.beside}
    unknown = [
        heading for at, heading in enumerate(headings) if at not in used and heading != BEYOND
    ]
    missing = [name for name in _ZH if name not in understood.columns]
    meant = {heading: like for heading in unknown if (like := near(heading, missing))}
    strange = [heading for heading in unknown if heading not in meant]
    zh, en = [], []
    if strange:
        more = f"等 {len(strange)} 列" if len(strange) > _SHOWN else ""
        zh.append(f"列{_quoted(strange)}{more}不认识，没有采用，别的列照常。")
        en.append(f"the columns {', '.join(strange[:_SHOWN])} are not known and not used.")
    for heading, like in list(meant.items())[:_SHOWN]:
        zh.append(f"「{heading}」是不是「{like}」？是的话请改成「{like}」，现在没有采用。")
        en.append(f"{heading!r} is not used; if it is meant for {like}, rename it.")
    for at in understood.beside:
        zh.append(f"「{headings[at]}」和别的一列是同一项，没有采用。")
        en.append(f"{headings[at]!r} means a column that is there already, and is not used.")
    if as_hours:
        zh.append(f"「{as_hours}」没有写是哪项服务的，当作「开放时间」。")
        en.append(f"{as_hours!r} names no service and is taken for the opening hours.")
    if not zh:
        return None
    finding = Finding(
        "columns_not_understood", "info", file, None, None,
        f"{file}：{''.join(zh)}", f"{file}: {' '.join(en)}",
        detail={"unknown": unknown, "meant": meant},
    )  # fmt: skip
    return replace(finding, severity="warning") if meant else finding


def _quoted(names: Sequence[str]) -> str:
    return "".join(f"「{name}」" for name in names[:_SHOWN])


def _first(cells: Sequence[str]) -> str:
    text = next((text for text in cells if text.strip()), "").strip()
    return text if len(text) <= 20 else text[:20] + "…"
