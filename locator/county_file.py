"""Changing ``county.toml`` as a careful person would: the rest stays as it was written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table
from tomlkit.toml_document import TOMLDocument

from locator.county import load_county
from locator.errors import ConfigError
from locator.files import write_atomically


def write_keys(folder: Path, changes: Mapping[str, Any]) -> None:
    """Set keys of ``folder/county.toml``, such as ``{"streets.file": "a.osm.pbf"}``.

    A dot leads into a table, which is made if need be; a value may be text, a number, a date, a
    list or a mapping; None takes the key out, and so does nothing where it is not there. Comments,
    order and spacing of the rest stay. The file is replaced whole, and only by one that
    :func:`~locator.county.load_county` takes: else ConfigError is raised with nothing changed.
    """
    path = folder / "county.toml"
    try:
        before = path.read_bytes()
        text = before.decode("utf-8")
        for key, value in changes.items():
            document = tomlkit.parse(text)
            _set(document, key.split("."), value)
            text = tomlkit.dumps(document)
        after = text.encode("utf-8")
    except OSError as error:
        raise ConfigError(
            f"{path}：读不了，每个县都要有这个文件 / "
            f"cannot be read ({error.strerror}); a county needs this file."
        ) from error
    except (TOMLKitError, UnicodeDecodeError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{path}：改不了，请先把它改正 / cannot be changed ({error}); correct it first."
        ) from error
    if after == before:
        return
    _try(folder, after)
    try:
        write_atomically(path, after)
    except OSError as error:
        raise ConfigError(
            f"{path}：写不了，内容没有变 / cannot be written ({error.strerror}); it is as it was."
        ) from error


def _set(table: MutableMapping[str, Any], key: list[str], value: Any) -> None:
    first, *rest = key
    if rest:
        if first not in table:
            if value is None:
                return
            table[first] = tomlkit.table()
        if not isinstance(table[first], MutableMapping):
            raise TypeError(f"{first} is no table")
        _set(table[first], rest, value)
    elif value is None:
        table.pop(first, None)
    elif first in table or isinstance(value, Mapping) or not _add_line(table, first, value):
        table[first] = value


def _add_line(table: MutableMapping[str, Any], key: str, value: Any) -> bool:
    """Write a new key behind the last line of a table; False where the table has no line yet.

    tomlkit would put it behind the comment that introduces the next table.
    """
    if not isinstance(table, TOMLDocument | Table):
        return False
    body = table.body if isinstance(table, TOMLDocument) else table.value.body
    lines = [item for name, item in body if name and not isinstance(item, Table | AoT)]
    if not lines:
        return False
    last = lines[-1].trivia
    end = "\r\n" if last.trail.endswith("\r\n") else "\n"
    last.trail = f"{last.trail.rstrip()}{end}{tomlkit.dumps({key: value}).rstrip()}{end}"
    return True


def _try(folder: Path, text: bytes) -> None:
    """Load the county as it would be, in a folder of the same name elsewhere."""
    with tempfile.TemporaryDirectory() as elsewhere:
        # A county's slug is its folder's name, which "." has not until it is resolved.
        draft = Path(elsewhere) / folder.resolve().name
        draft.mkdir()
        (draft / "county.toml").write_bytes(text)
        try:
            load_county(draft)
        except ConfigError as error:
            raise ConfigError(
                str(error).replace(str(draft), str(folder))
                + " 文件没有改动 / The file is as it was."
            ) from error
