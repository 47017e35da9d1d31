"""What people have decided about pairs of a ledger and a map: a file that is only ever added to.

``data/<county>/reconcile.csv`` has a line for each decision, and the last on a pair holds. A line
says what both sides were like when somebody decided: where one has another name or place since, the
decision no longer fits, which is said, and the question is asked again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, get_args

from locator.errors import ConfigError, UsageError
from locator.files import locked, write_atomically
from locator.geo.crs import haversine_m
from locator.stations import cells
from locator.stations.guard import guarded, unguarded

Choice = Literal["same", "different", "ignore", "open"]
#: What a person writes for each.
CHOICES_ZH: dict[Choice, str] = {
    "same": "是同一处",
    "different": "不是同一处",
    "ignore": "不用管",
    "open": "重新问",
}
FILE = "reconcile.csv"
#: A side that has moved farther than this since is looked at again.
MOVED_M = 150.0
_MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Decision:
    """One line. ``ledger_id`` or ``key`` is "" where only the other side is meant (``ignore``).

    ``ledger_says`` and ``map_says`` are `said_of` the two sides on that day; ``source`` and ``key``
    are those of a `MapList`. ``open`` takes an earlier decision back.
    """

    date: str
    who: str
    ledger_id: str
    ledger_says: str
    source: str
    key: str
    map_says: str
    decision: Choice
    note: str = ""

    @property
    def about(self) -> tuple[str, str, str]:
        """What it is about: station, keeper, key."""
        return self.ledger_id, self.source, self.key


_COLUMNS = tuple(field.name for field in fields(Decision))


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions in force, by what they are about, and the lines that can't be read (their
    number, why in Chinese, why in English)."""

    in_force: Mapping[tuple[str, str, str], Decision]
    bad: tuple[tuple[int, str, str], ...] = ()


def said_of(name: str, lon: float, lat: float) -> str:
    """A side as it is noted: ``name@lon,lat`` to a metre, WGS-84."""
    return f"{name}@{lon:.5f},{lat:.5f}"


def still_fits(noted: str, now: str) -> bool:
    """Whether a side has its name still, and stands where it stood."""
    (name, _, place), (name_now, _, place_now) = noted.rpartition("@"), now.rpartition("@")
    try:
        lon, lat = map(float, place.split(","))
        lon_now, lat_now = map(float, place_now.split(","))
    except ValueError:
        return False
    moved = float(haversine_m(lon, lat, lon_now, lat_now))
    return cells.fold(name) == cells.fold(name_now) and not moved > MOVED_M


def choice_of(text: str) -> Choice | None:
    """The decision that a word means, or None."""
    folded = cells.fold(text)
    for code, zh in CHOICES_ZH.items():
        if folded in (code, zh):
            return code
    return {"是": "same", "同一处": "same", "不是": "different", "忽略": "ignore"}.get(folded)  # type: ignore[return-value]


def read_decisions(folder: Path) -> Decisions:
    """The decisions of the county in ``folder``; none where the file is not there yet.

    Raises ConfigError where it can't be read at all.
    """
    path = folder / FILE
    return _parsed(path, _text(path)[0])


def add_decisions(folder: Path, new: Iterable[Decision]) -> int:
    """Write what is not in force already behind the last line; how many lines that are.

    What stands in the file stays to the byte, and the file holds the old or the new after a crash.
    Raises ConfigError where it can't be read or written.
    """
    path = folder / FILE
    with locked(folder, "reconcile"):
        present = read_decisions(folder).in_force
        lines = [each for each in new if _is_new(each, present.get(each.about))]
        if not lines:
            return 0
        text, encoding = _text(path)
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        if not text.strip():
            writer.writerow(_COLUMNS)
        elif not text.endswith("\n"):
            out.write("\r\n")
        writer.writerows([guarded(getattr(each, name)) for name in _COLUMNS] for each in lines)
        after = _parsed(path, text + out.getvalue()).in_force
        if any(_is_new(each, after.get(each.about)) for each in lines):
            raise ConfigError(
                f"{path}：有一个引号没有成对，后面的都连在一起了，请先改那一行；这次什么都没有记 / "
                "a quotation mark that is not closed swallows what comes after it; mend "
                "that line first. Nothing was noted."
            )
        try:
            before = path.read_bytes() if text.strip() else b"\xef\xbb\xbf"
            write_atomically(path, before + out.getvalue().encode(encoding))
        except (OSError, UnicodeEncodeError) as error:
            raise ConfigError(
                f"{path}：决定写不进去，什么都没有改 / "
                f"the decisions cannot be written ({error}); nothing was changed."
            ) from error
    return len(lines)


def _parsed(path: Path, text: str) -> Decisions:
    in_force: dict[tuple[str, str, str], Decision] = {}
    bad: list[tuple[int, str, str]] = []
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            if reader.line_num == 1 or not any(cell.strip() for cell in row):
                continue
            line = _decision(row)
            if isinstance(line, Decision):
                in_force[line.about] = line
            else:
                bad.append((reader.line_num, *line))
    except csv.Error as error:
        raise ConfigError(
            f"{path}：第 {reader.line_num} 行读不了，请改 / "
            f"line {reader.line_num} cannot be read ({error}); mend it."
        ) from error
    return Decisions({key: d for key, d in in_force.items() if d.decision != "open"}, tuple(bad))


def _is_new(each: Decision, present: Decision | None) -> bool:
    if present is None:
        return each.decision != "open"
    return (each.decision, each.ledger_says, each.map_says) != (
        present.decision,
        present.ledger_says,
        present.map_says,
    )


def _decision(row: Sequence[str]) -> Decision | tuple[str, str]:
    """The decision of a line, or why it is none (Chinese, English)."""
    if len(row) < len(_COLUMNS) - 1:
        return f"只有 {len(row)} 格，应有 {len(_COLUMNS)} 格", f"{len(row)} cells only"
    said = dict(zip(_COLUMNS, (unguarded(cells.clean(cell)) for cell in row), strict=False))
    choice = choice_of(said["decision"])
    if choice is None:
        return (
            f"「{said['decision'][:20]}」不是约定的决定",
            f"{said['decision'][:20]!r} is no choice",
        )
    if not said["source"] or not (said["ledger_id"] or said["key"]):
        return "没有写明是哪一处", "it does not say what it is about"
    if choice in ("same", "different") and not (said["ledger_id"] and said["key"]):
        return "要写明台账和地图两边", "it needs both sides"
    return Decision(**{**said, "decision": choice})  # type: ignore[arg-type]


def _text(path: Path) -> tuple[str, str]:
    """The file's text and how it is encoded: Excel may have saved it as GB18030."""
    try:
        if path.exists() and path.stat().st_size > _MOST_BYTES:
            raise ConfigError(
                f"{path}：太大，不像决定的清单，请移到别处 / "
                "too large for a list of decisions; move it elsewhere."
            )
        content = path.read_bytes()
    except FileNotFoundError:
        return "", "utf-8"
    except OSError as error:
        raise ConfigError(
            f"{path}：决定读不了，是否在别处开着，请先关掉 / "
            f"the decisions cannot be read ({error.strerror}); close it elsewhere."
        ) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise ConfigError(
        f"{path}：不是 UTF-8 也不是 GB18030 编码，请另存为 CSV UTF-8 / "
        "neither UTF-8 nor GB18030 text; save it as CSV UTF-8."
    )


def check_choice(text: str) -> Choice:
    """The decision that a word means; UsageError where it means none."""
    choice = choice_of(text)
    if choice is None:
        raise UsageError(
            f"「{text}」：处理只能填{'、'.join(CHOICES_ZH.values())}。"
            f" / give one of {', '.join(get_args(Choice))}."
        )
    return choice
