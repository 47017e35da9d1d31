"""A run of signs: the same for both kinds, however their sheets are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from locator.errors import LocatorError
from locator.files import write_atomically
from locator.outputs.drawing import Sheet
from locator.outputs.signs.files import contact_sheet, sheet_bytes
from locator.outputs.signs.sizes import Paper

CONTACT_SHEET = "contact-sheet.pdf"


@dataclass(frozen=True, slots=True)
class Order:
    """A sign that is to be made: ``draw`` gives its sheet and the ids of the stations that it sends
    people to, or raises LocatorError.

    ``title`` is that of the file; ``remark`` is what somebody should know once it is made.
    """

    id: str
    name: str
    title: str
    draw: Callable[[], tuple[Sheet, tuple[str, ...]]]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class MadeSign:
    """A sign, its file, and the ids of the stations that it sends people to."""

    id: str
    name: str
    path: Path
    stations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignFailure:
    """A station or site that got no sign, and why."""

    id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignBatch:
    """What a run made, in the order of stations or sites, and those without a sign.

    ``contact_sheet`` shows all that was made on one file. ``remarks`` are signs that were made, but
    of which somebody should know something. ``from_osm`` counts the places of OSM, which get no
    sign: they are nobody's station.
    """

    made: tuple[MadeSign, ...]
    failed: tuple[SignFailure, ...]
    contact_sheet: Path | None = None
    remarks: tuple[SignFailure, ...] = ()
    from_osm: int = 0

    @property
    def written(self) -> tuple[Path, ...]:
        """The files of the signs."""
        return tuple(sign.path for sign in self.made)


def make_signs(
    orders: Sequence[Order],
    out_dir: Path,
    paper: Paper,
    *,
    author: str,
    created: datetime,
    done: Callable[[int, int], None],
) -> SignBatch:
    """Write the file of each order into ``out_dir``, named by its id, and the contact sheet.

    A sign that cannot be drawn or written does not stop the others. ``done`` is told how many have
    been tried. Raises LocatorError when ``out_dir`` cannot be made.
    """
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocatorError(
            f"{out_dir}：不能写（{error.strerror}），请换一个文件夹 / "
            "cannot be written; give another folder."
        ) from error
    made: list[MadeSign] = []
    failed, remarks = [], []
    sheets: list[tuple[str, Sheet]] = []
    for at, order in enumerate(orders, start=1):
        path = out_dir / f"{order.id}.{paper.format}"
        try:
            sheet, named = order.draw()
            content = sheet_bytes(
                sheet, paper.format, title=order.title, author=author, created=created
            )
            write_atomically(path, content)
        except LocatorError as error:
            failed.append(SignFailure(order.id, order.name, str(error)))
        except OSError as error:
            failed.append(SignFailure(order.id, order.name, _unwritten(error)))
        else:
            made.append(MadeSign(order.id, order.name, path, named))
            sheets.append((f"{order.id} {order.name}", sheet))
            if order.remark:
                remarks.append(SignFailure(order.id, order.name, order.remark))
        done(at, len(orders))
    small = out_dir / CONTACT_SHEET if sheets else None
    try:
        if small:
            write_atomically(small, contact_sheet(sheets, author, created))
    except OSError as error:
        failed.append(SignFailure(CONTACT_SHEET, "", _unwritten(error)))
        small = None
    return SignBatch(tuple(made), tuple(failed), small, tuple(remarks))


def _unwritten(error: OSError) -> str:
    return f"写不进去（{error.strerror}）/ cannot be written ({error.strerror})"
