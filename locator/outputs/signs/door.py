"""Door signs: one PDF for each station of a release, set by typst from ``door.typ``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from locator.errors import FontError, HoursError, LocatorError, UsageError
from locator.outputs.fonts import font_folder
from locator.outputs.lineage import provenance_of
from locator.outputs.paper import index_layers
from locator.outputs.signs.batch import MadeSign, SignBatch, SignFailure
from locator.outputs.signs.code import check_public_url
from locator.outputs.signs.sheet import LAYOUTS, sheet

if TYPE_CHECKING:
    from locator.release.publish import Release

#: Paper in mm, upright.
SIZES = {"A4": (210, 297), "A3": (297, 420)}
TEMPLATE = Path(__file__).parent / "door.typ"
#: What found no room at its least readable size, and what to do about it.
NO_ROOM = {
    "name": (
        "站名（或所在地、荣誉）放不下：请在台账里写短。 "
        "The name (or the place, the awards) does not fit: shorten it in the ledger."
    ),
    "hours": (
        "开放时间放不下：请在台账里合并时间相同的日子，或写短地址，或少列几项服务。 "
        "The opening hours do not fit: in the ledger, join days of the same hours, "
        "shorten the address, or list fewer services."
    ),
    "code": (
        "二维码旁的网址放不下：请换短一些的网址。 "
        "The address beside the code does not fit: give a shorter public address."
    ),
}


class _NoRoom(Exception):
    """A part of the sign does not fit in any layout; its text says which and what to do."""


def door_signs(
    release: Release, out_dir: Path, *, size: str = "A4", public_url: str = ""
) -> SignBatch:
    """Write one PDF a station of ``release`` into ``out_dir``, named by the station's id.

    The code leads to ``public_url``/go/<id>, so that it outlives a move of the station; without
    a public address it opens the place in Amap. A station whose sign cannot be made (a character
    without a glyph, hours that cannot be read, more words than fit) does not stop the others. The
    same release gives the same bytes. Places taken from OSM get none: nobody has made them a
    station of the county. Raises UsageError for an unknown size, an address that no phone can
    reach, or a release that holds no station but such places, FontError when the fonts are
    missing, LocatorError when ``out_dir`` cannot be written.
    """
    if size not in SIZES:
        raise UsageError(
            f"没有“{size}”这种纸，只有 {'、'.join(SIZES)}。 "
            f"No paper size {size!r}; give one of {', '.join(SIZES)}."
        )
    base = check_public_url(public_url) if public_url else ""
    fonts = font_folder()
    stations = release.stations().to_dict("records")
    own = [row for row in stations if provenance_of(row) != "osm"]
    if stations and not own:
        slug = release.county["slug"]
        raise UsageError(
            f"{release.county['name_zh']}的 {len(stations)} 处站点都取自开放街图，"
            f"不是县里设的驿站，不做门牌；先收下本县台账：locator adopt {slug} 台账.xlsx --write。 "
            f"All {len(stations)} stations of {release.county['name_en']} are places taken from "
            "OpenStreetMap, none of them the county's own, and get no door signs; adopt the "
            f"county's ledger first: locator adopt {slug} LEDGER --write."
        )
    layers = index_layers(release.layers())
    as_of = datetime.fromisoformat(release.manifest["as_of"]).replace(tzinfo=UTC)
    compiler = typst.Compiler(
        TEMPLATE, root=TEMPLATE.parent, font_paths=[fonts], ignore_system_fonts=True
    )
    made: list[MadeSign] = []
    failed = []
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        for station in own:
            try:
                pages = (
                    sheet(
                        release.manifest,
                        station,
                        stations,
                        layers,
                        SIZES[size],
                        base,
                        fonts,
                        layout,
                    )
                    for layout in LAYOUTS
                )
                path = out_dir / f"{station['id']}.pdf"
                _set_first_that_fits(compiler, pages, path, as_of)
            except (FontError, HoursError, _NoRoom) as error:
                failed.append(SignFailure(station["id"], station["name"], str(error)))
            else:
                made.append(MadeSign(station["id"], station["name"], path, (station["id"],)))
    except OSError as error:
        raise LocatorError(
            f"{error.filename or out_dir}：写不了，请换一个文件夹。 "
            f"It cannot be written ({error.strerror}); give another folder."
        ) from error
    return SignBatch(tuple(made), tuple(failed), from_osm=len(stations) - len(own))


def _set_first_that_fits(
    compiler: typst.Compiler, pages: Iterable[dict[str, Any]], path: Path, as_of: datetime
) -> None:
    """Write the first of ``pages`` on which all fits, or raise _NoRoom and leave no file."""
    lacking = []
    for data in pages:
        try:
            compiler.compile(
                output=path,
                format="pdf",
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                timestamp=int(as_of.timestamp()),
                pdf_standards=["a-2b"],
            )
        except typst.TypstError as error:
            found = re.search(r"no room: (\w+)", str(error))
            if found is None:
                raise
            lacking.append(found[1])
        else:
            return
    path.unlink(missing_ok=True)
    # A smaller foot may lack room for the code alone: what lacks it most often is the reason.
    raise _NoRoom(NO_ROOM[max(lacking, key=lacking.count)])
