"""What can go wrong, in two sorts.

A **finding** is a fault of the data: it is collected, counted and shown to the person who keeps
the ledger. An **error** is a failure of the run: it is raised, and ends in one sentence that says
what happened, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's result on one row (or, with ``row`` None, on a whole file).

    ``code`` is the rule's stable name. ``row`` is the line as the clerk's own program numbers it:
    the header of a sheet is line 1, the first feature of a GeoJSON file is 1. ``field`` and
    ``value`` give the column and the text as it was sent. ``detail`` is what a program may want
    to know besides, such as a proposed position; its keys belong to the code.
    """

    code: str
    severity: Severity
    file: str
    row: int | None
    id: str | None
    message_zh: str
    message_en: str
    field: str | None = None
    value: str | None = None
    detail: Mapping[str, Any] | None = None


class LocatorError(Exception):
    """The root of every failure that this program explains; its text is fit to be shown."""


class UsageError(LocatorError, ValueError):
    """The caller asked for something that cannot be done as asked."""


class ConfigError(LocatorError, ValueError):
    """A ``county.toml`` (or a setting) does not say what it must."""


class UnknownCounty(LocatorError, LookupError):
    """No county goes by that name."""


class UnknownRelease(LocatorError, LookupError):
    """No release goes by that hash, or none has been published yet."""


class LedgerError(LocatorError, ValueError):
    """A ledger cannot be read at all; nothing of it has been taken.

    Where a file is refused, ``code`` is the page of `locator rules` that explains it, ``row`` the
    place in the file where that can be told, and ``zh`` and ``en`` say it without the file's name.
    """

    def __init__(
        self,
        text: str,
        *,
        code: str | None = None,
        row: int | None = None,
        zh: str = "",
        en: str = "",
    ) -> None:
        super().__init__(text)
        self.code, self.row = code, row
        self.zh, self.en = zh or text, en or text


class HoursError(LocatorError, ValueError):
    """Opening hours that cannot be understood."""


class DatumError(LocatorError, ValueError):
    """A coordinate system that is not one of the four known here."""


class MissingCrs(LocatorError, ValueError):
    """A table came without the coordinate system that a function insists on."""


class StreetsError(LocatorError, ValueError):
    """A street file cannot be read, or holds no street."""


class ExtractError(LocatorError, ValueError):
    """An OSM extract cannot be read, or no county can be started from it."""


class DemandError(LocatorError, ValueError):
    """A demand sheet cannot be read."""


class ReleaseError(LocatorError, RuntimeError):
    """A release could not be built, published or opened."""


class FontError(LocatorError, LookupError):
    """A font, or a character in it, is missing."""
