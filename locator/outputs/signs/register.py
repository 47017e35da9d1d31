"""The register of what was printed: an append-only file, a line a sign, and which signs are stale.

A sign on a wall does not change when the county's list does. Each line of ``register.jsonl`` says
when a sign was made, from which release, how, and what it told of each station; held against a
later release it says which signs now mislead.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
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


#: What a sign tells of a station beside its place, and what is said when it has changed.
FACTS: dict[str, tuple[str, str]] = {
    "status": ("状态", "status"),
    "kind": ("类型", "kind"),
    "hours": ("开放时间", "opening hours"),
    "services": ("服务", "services"),
    "service_hours": ("服务时间", "hours of its services"),
    "entry": ("进门方式", "way in"),
    "address": ("地址", "address"),
}
#: Of these a direction sign shows nothing.
_AT_THE_DOOR = ("service_hours", "entry", "address")
_STATUS = {
    "temporarily_closed": ("暂停开放", "is closed for now"),
    "planned": ("还没开", "is not open yet"),
    "closed": ("已撤", "is closed for good"),
}
_OPTIONS = {"size", "scale", "lang", "facing", "format", "bleed", "sites"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a sign told of a station: its place, its name, and its ``FACTS``."""

    id: str
    name: str
    lon: float
    lat: float
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A sign as it was made.

    ``how`` are the options that make it again, ``address`` what its code begins with: the public
    address, or the map app's. ``site`` is where a direction sign stands: longitude, latitude, and
    the bearing that its reader faces.
    """

    kind: str
    id: str
    name: str
    made_at: str
    release: str
    as_of: str
    check_by: str
    address: str
    stations: tuple[Told, ...]
    how: dict[str, Any]
    site: tuple[float, float, float | None] | None = None

    @property
    def place(self) -> tuple[str, ...]:
        """What tells one sign on a wall from another: what it is for, its paper, its language."""
        return (self.kind, self.id, str(self.how["size"]), str(self.how["lang"]))


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
    address: str,
    sites: Sequence[SignSite] = (),
) -> list[Entry]:
    """What is to be kept of the signs of one run, made now."""
    rows = {row["id"]: row for row in release.stations().to_dict("records")}
    places = {site.id: (site.lon, site.lat, site.facing) for site in sites}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return [
        Entry(
            kind, sign.id, sign.name, now, release.hash, release.manifest["as_of"], check_by,
            address, tuple(_told(rows[station]) for station in sign.stations), dict(how),
            places.get(sign.id),
        )
        for sign in made
    ]  # fmt: skip


def _told(row: Mapping[str, Any]) -> Told:
    place = row["geometry"]
    return Told(row["id"], row["name"], place.x, place.y, {key: _plain(row[key]) for key in FACTS})


def _plain(value: Any) -> Any:
    """A cell as JSON keeps it, None for an empty one."""
    if isinstance(value, str | dict):
        return value
    if isinstance(value, Iterable):
        return list(value)
    return None


def append(folder: Path, entries: Sequence[Entry]) -> Path:
    """Add ``entries`` to the register in ``folder``, all of them or none; what stands is not
    changed, but that a last line which was cut short (the power went) is taken away.

    Raises ReleaseError where it cannot be written.
    """
    path = folder / REGISTER
    text = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in entries).encode()
    try:
        # Not buffered: what a full disk refuses must not be tried again when the file is closed.
        with locked(folder, "signs"), path.open("a+b", buffering=0) as file:
            size = _whole_lines(path)
            file.truncate(size)
            try:
                if file.write(text) != len(text):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
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


def _whole_lines(path: Path) -> int:
    """How long the file is up to the end of its last whole line."""
    return path.read_bytes().rfind(b"\n") + 1


def read_register(folder: Path) -> list[Entry]:
    """The register, oldest first; empty where there is none yet.

    A last line that was cut short is passed over. Raises ReleaseError naming any other line that
    cannot be read.
    """
    path = folder / REGISTER
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ReleaseError(f"{path}：读不了 / cannot be read ({error.strerror}).") from error
    found = []
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            said = json.loads(line)
            stations = tuple(Told(**station) for station in said.pop("stations"))
            site = said.pop("site")
            entry = Entry(**said, stations=stations, site=tuple(site) if site else None)
            if set(entry.how) != _OPTIONS:
                raise ValueError(f"its options are not {sorted(_OPTIONS)}")
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ReleaseError(
                f"{path}：第 {number} 行坏了，请从备份恢复这一行 / line {number} is damaged "
                f"({error}); restore it from a backup."
            ) from error
        found.append(entry)
    return found


def stale_signs(
    register: Iterable[Entry],
    release: Release,
    today: date,
    address: str,
    sites: Mapping[str | None, Sequence[SignSite]],
) -> list[Stale]:
    """The signs that mislead now that ``release`` is what is true, each as it was last made on its
    paper and in its language.

    ``address`` is what codes begin with today. ``sites`` are those of each file that signs were
    made from (None is the county's own); of a file that is not there nothing is asked.
    """
    rows = {row["id"]: row for row in release.stations().to_dict("records")}
    found = []
    for _, entry in sorted({entry.place: entry for entry in register}.items()):
        door = entry.kind == "door"
        reasons = [
            reason
            for number, told in enumerate(entry.stations, start=1)
            for reason in _reasons(told, rows.get(told.id), 0 if door else number)
        ]
        again = True
        if door:
            again = entry.id in rows and rows[entry.id]["status"] != "closed"
        elif (listed := sites.get(entry.how["sites"])) is not None:
            site = next((site for site in listed if site.id == entry.id), None)
            again = site is not None
            reasons += _of_site(entry, site)
        if entry.address != address:
            reasons.append(("二维码的网址改了", "its code has another address now"))
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
    moved = float(haversine_m(told.lon, told.lat, row["geometry"].x, row["geometry"].y))
    if moved > MOVED_M:
        yield (f"{zh}搬了 {moved:.0f} 米", f"{en}moved by {moved:.0f} m")
    if row["name"] != told.name:
        yield (f"{zh}改名为「{row['name']}」", f"{en}is now called “{row['name']}”")
    for key, (name_zh, name_en) in FACTS.items():
        if _plain(row[key]) == told.facts.get(key) or (number and key in _AT_THE_DOOR):
            continue
        if key == "status" and row[key] in _STATUS:
            status_zh, status_en = _STATUS[row[key]]
            yield (f"{zh}{status_zh}", f"{en}{status_en}")
        else:
            yield (f"{zh}{name_zh}改了", f"{en}has other {name_en}")


def _of_site(entry: Entry, site: SignSite | None) -> Iterable[tuple[str, str]]:
    if site is None:
        yield ("立牌处名单里没有这一处了", "its site is no longer on the list")
        return
    if entry.site is None:
        return
    lon, lat, facing = entry.site
    if float(haversine_m(lon, lat, site.lon, site.lat)) > MOVED_M / 5:
        yield ("立牌处的位置改了", "its site has moved")
    turned = abs(((facing or 0) - (site.facing or 0) + 180) % 360 - 180) > 10
    if entry.how["facing"] is None and turned:
        yield ("立牌处的朝向改了", "its site faces another way")
