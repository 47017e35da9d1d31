"""Writing so that a crash, a full disk or a second program leaves nothing half-done."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from locator.errors import ReleaseError

#: How long one program waits for another that holds the lock.
LOCK_WAIT_S = 30.0


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it holds the old content or the new, after any crash.

    A temporary file in the same folder, flushed to the disk, takes the file's place; then the
    folder is flushed. Raises OSError with nothing changed and nothing left behind.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Flush a file, or a folder's own entries, to the disk."""
    # Windows flushes only what is open for writing.
    way = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY
    try:
        handle = os.open(path, way)
    except PermissionError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(folder: Path, what: str) -> Iterator[None]:
    """Hold a folder's lock for one sort of work (``publish``, ``build``).

    Waits for another program that does the same up to :data:`LOCK_WAIT_S` seconds; makes the
    folder if need be. Raises ReleaseError when the other is not done by then, or when the folder
    cannot be written.
    """
    path = folder / f".{what}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ReleaseError(
            f"{folder}：写不了，已发布的照旧 / cannot be written ({error.strerror}); what was "
            "published stays published."
        ) from error
    try:
        _wait_for(handle, folder, what)
        yield
    finally:
        os.close(handle)  # lets the lock go, as the end of the process would


def _wait_for(handle: int, folder: Path, what: str) -> None:
    end = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            _lock(handle)
        except (BlockingIOError, PermissionError):  # as Unix and as Windows say it
            if time.monotonic() > end:
                raise ReleaseError(
                    f"{folder}：另一个程序正在这里工作，请稍后再试 / "
                    f"another {what} has been at work here for {LOCK_WAIT_S:.0f} s; "
                    "try again when it is done."
                ) from None
            time.sleep(0.05)
        else:
            return


def _lock(handle: int) -> None:
    """Take an open file's lock at once, or raise BlockingIOError (Windows: PermissionError)."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
