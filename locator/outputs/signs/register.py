"""The register of what was printed: an append-only file, a line a sign, and which signs are stale.

A sign on a wall does not change when the county's list does. Each line of ``register.jsonl`` says
when a sign was made, from which release, how, and what it told of each station; held against a
later release it says which signs now mislead.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from locator.errors import ReleaseError
from locator.files import locked
from locator.geo.crs import haversine_m
from locator.outputs.signs.batch import MadeSign
from locator.outputs.signs.sites import SignSite

if TYPE_CHECKING:
    from locator.release.publish import Release

REGISTER = "register.jsonl"
#: A door that moved less than this is the same door, better measured.
MOVED_M = 25.0


@dataclass(frozen=True, slots=True)
class Told:
    """What a sign told of a station."""

    id: str
    name: str
    lon: float
    lat: float
    hours: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A sign as it was made. ``how`` are the options that make it again; ``site`` is where a
    direction sign stands: longitude, latitude, and the bearing that its reader faces."""

    kind: str
    id: str
    name: str
    made_at: str
    release: str
    as_of: str
    check_by: str
    stations: tuple[Told, ...]
    how: dict[str, Any] = field(default_factory=dict)
    site: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Stale:
    """A sign that misleads by now: why, in Chinese and English, and whether a new one can be made
    (a sign at the door of a station that is gone is taken down)."""

    entry: Entry
    reasons: tuple[tuple[str, str], ...]
    again: bool


def entries_of(
    kind: str,
    made: Iterable[MadeSign],
    release: Release,
    how: Mapping[str, Any],
    check_by: str,
    sites: Sequence[SignSite] = (),
) -> list[Entry]:
    """What is to be kept of the signs of one run, made now."""
    rows = {row["id"]: row for row in release.stations().to_dict("records")}
    places = {site.id: (site.lon, site.lat, site.facing) for site in sites}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return [
        Entry(
            kind, sign.id, sign.name, now, release.hash, release.manifest["as_of"], check_by,
            tuple(_told(rows[station]) for station in sign.stations), dict(how),
            places.get(sign.id),
        )
        for sign in made
    ]  # fmt: skip


def _told(row: Mapping[str, Any]) -> Told:
    place, hours = row["geometry"], row["hours"]
    return Told(row["id"], row["name"], place.x, place.y, hours if isinstance(hours, str) else None)


def append(folder: Path, entries: Sequence[Entry]) -> Path:
    """Add ``entries`` to the register in ``folder``, all of them or none; nothing is ever changed.

    Raises ReleaseError where it cannot be written.
    """
    path = folder / REGISTER
    text = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in entries)
    try:
        with locked(folder, "signs"), path.open("ab") as file:
            size = file.tell()
            try:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                file.truncate(size)
                raise
    except OSError as error:
        raise ReleaseError(
            f"{path}：牌子做好了，但没能登记（{error.strerror}）；腾出地方再做一次 / "
            "the signs were made but not entered in the register; make room and run it again."
        ) from error
    return path


def read_register(folder: Path) -> list[Entry]:
    """The register, oldest first; empty where there is none yet.

    A last line that was cut short (the power went) is passed over. Raises ReleaseError naming any
    other line that cannot be read.
    """
    path = folder / REGISTER
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{path}：读不了 / cannot be read ({error}).") from error
    found = []
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            said = json.loads(line)
            stations = tuple(Told(**station) for station in said.pop("stations"))
            site = said.pop("site", None)
            found.append(Entry(**said, stations=stations, site=tuple(site) if site else None))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            if number == len(lines):
                break
            raise ReleaseError(
                f"{path}：第 {number} 行坏了，请从备份恢复这一行 / line {number} is damaged; "
                "restore it from a backup."
            ) from error
    return found


def stale_signs(
    register: Iterable[Entry], release: Release, today: date, sites: Sequence[SignSite] | None
) -> list[Stale]:
    """The signs that mislead now that ``release`` is what is true, each as it was last made.

    ``sites`` are where direction signs stand today; None asks nothing of them.
    """
    rows = {row["id"]: row for row in release.stations().to_dict("records")}
    places = None if sites is None else {site.id: site for site in sites}
    latest = {(entry.kind, entry.id): entry for entry in register}
    found = []
    for (kind, _), entry in sorted(latest.items()):
        reasons = [
            reason
            for number, told in enumerate(entry.stations, start=1)
            for reason in _reasons(told, rows.get(told.id), number if kind == "direction" else 0)
        ]
        again = True
        if kind == "door":
            again = entry.id in rows and rows[entry.id]["status"] != "closed"
        elif places is not None:
            again = entry.id in places
            reasons += _of_site(entry, places.get(entry.id))
        if entry.check_by < today.isoformat():
            reasons.append((f"过了复核日期 {entry.check_by}", f"past its date, {entry.check_by}"))
        if reasons:
            found.append(Stale(entry, tuple(reasons), again))
    return found


def _reasons(told: Told, row: Mapping[str, Any] | None, number: int) -> Iterable[tuple[str, str]]:
    zh = f"{number} 号「{told.name}」" if number else ""
    en = f"no. {number} “{told.name}” " if number else ""
    if row is None:
        yield (f"{zh}已不在台账里", f"{en}is no longer a station")
        return
    if row["status"] != "open":
        words = {"temporarily_closed": "暂停开放", "planned": "还没开", "closed": "已撤"}
        said = words.get(row["status"], row["status"])
        yield (f"{zh}{said}", f"{en}is {row['status'].replace('_', ' ')}")
    moved = float(haversine_m(told.lon, told.lat, row["geometry"].x, row["geometry"].y))
    if moved > MOVED_M:
        yield (f"{zh}搬了 {moved:.0f} 米", f"{en}moved by {moved:.0f} m")
    if row["name"] != told.name:
        yield (f"{zh}改名为「{row['name']}」", f"{en}is now called “{row['name']}”")
    hours = row["hours"] if isinstance(row["hours"], str) else None
    if hours != told.hours:
        yield (f"{zh}开放时间改了", f"{en}has other opening hours")


def _of_site(entry: Entry, site: SignSite | None) -> Iterable[tuple[str, str]]:
    if site is None:
        yield ("立牌处名单里没有这一处了", "its site is no longer on the list")
        return
    if entry.site is None:
        return
    lon, lat, facing = entry.site
    if float(haversine_m(lon, lat, site.lon, site.lat)) > MOVED_M / 5:
        yield ("立牌处的位置改了", "its site has moved")
    chosen = entry.how.get("facing") is not None
    if not chosen and abs((facing - site.facing + 180) % 360 - 180) > 10:
        yield ("立牌处的朝向改了", "its site faces another way")
