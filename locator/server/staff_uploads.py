"""The ledgers that staff have handed in to be checked: kept for an hour, in a private folder.

A file's own name never reaches the disk: it lies there under a random one, with a suffix that the
readers know or none.
"""

from __future__ import annotations

import secrets
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from locator.stations.readers_child import FORMATS

if TYPE_CHECKING:
    from locator.checks.validate import Report

KEEP_S = 3600.0
KEPT = 8
_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Check:
    """A ledger that has been checked.

    ``path`` is where it lies, ``name`` what the clerk calls it, ``county`` the slug of the county
    it was checked for. ``answer`` is what the clerk said to 坐标从哪抄的, "" for 「表里写了」, and
    ``passed`` are findings on the whole file that the clerk has looked at and lets pass.
    """

    key: str
    path: Path
    name: str
    county: str
    answer: str
    passed: frozenset[str]
    report: Report


@dataclass(frozen=True, slots=True)
class Held:
    """A ledger that waits for the clerk to say whose it is."""

    key: str
    path: Path
    name: str


class Uploads:
    """The checks of one server process; ``busy`` is held while one is being made."""

    def __init__(
        self, folder: Path | None = None, *, keep_s: float = KEEP_S, kept: int = KEPT
    ) -> None:
        self.busy = threading.Lock()
        self._keep_s = keep_s
        self._kept = kept
        self._checks: dict[str, Check] = {}
        self._held: dict[str, Held] = {}
        self._timers: dict[str, threading.Timer] = {}
        self._lock = threading.Lock()
        self._folder = folder

    def new_path(self, name: str) -> tuple[str, Path]:
        """A key, and where the file of that key is to be written."""
        with self._lock:
            if self._folder is None:
                # For the owner alone, and gone when this process ends.
                self._folder = Path(mkdtemp(prefix="locator-"))
                weakref.finalize(self, rmtree, self._folder, ignore_errors=True)
            folder = self._folder
        key = secrets.token_hex(16)
        suffix = PurePosixPath(name).suffix.lower()
        return key, folder / f"{key}{suffix if suffix in FORMATS else ''}"

    def put(self, check: Check) -> None:
        """Keep ``check``, also in place of an earlier one of its key; the oldest give way."""
        with self._lock:
            self._checks.pop(check.key, None)
            self._held.pop(check.key, None)
            self._checks[check.key] = check
            self._wind(check.key)
            old = list(self._checks)[: -self._kept]
        for key in old:
            self.drop(key)

    def hold(self, held: Held) -> None:
        """Keep a ledger that cannot be checked yet; the oldest give way."""
        with self._lock:
            self._held[held.key] = held
            self._wind(held.key)
            old = list(self._held)[: -self._kept]
        for key in old:
            self.drop(key)

    def held(self, key: str) -> Held | None:
        """The ledger that waits under ``key``, if it is still there."""
        return self._held.get(key)

    def _wind(self, key: str) -> None:
        if key not in self._timers:
            timer = threading.Timer(self._keep_s, self.drop, [key])
            timer.daemon = True
            timer.start()
            self._timers[key] = timer

    def get(self, key: str) -> Check | None:
        """The check that goes by ``key``, if it is still there."""
        return self._checks.get(key)

    def drop(self, key: str) -> None:
        """Forget a check and remove its file."""
        with self._lock:
            gone = self._checks.pop(key, None) or self._held.pop(key, None)
            timer = self._timers.pop(key, None)
        if timer:
            timer.cancel()
        if gone:
            gone.path.unlink(missing_ok=True)


def shown_name(sent: str | None) -> str:
    """A file's name as it was sent, fit to be shown: no folders, no signs that steer a terminal."""
    name = (sent or "").replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if sign.isprintable()).strip()
    return name[-_NAME_LENGTH:] or "ledger"
