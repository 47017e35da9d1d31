"""A county takes its own ledger: what it says replaces what there was, and ids stay where they are.

Everything of the county that the ledger does not hold leaves. Invented stations leave with all
they said, and no row takes their id by likeness: what was made up must not pass for a fact. The id
of a real station that leaves is remembered as retired, and is given back to that station alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from locator.checks.rule import Known
from locator.checks.succession import Matches, Pair, find_successors, name_key
from locator.checks.validate import Report, validate
from locator.county import County
from locator.errors import LedgerError, UsageError
from locator.geo.crs import EARTH_RADIUS_M
from locator.starter.present import Present, Said, read_present, said_by
from locator.starter.store import feature_line, replaced, store_bytes
from locator.stations.intake import is_provisional
from locator.stations.table import make_stations

#: Datums mixed up move all stations together by 300 m to 1.5 km; doors read anew do not.
SHIFT_M = 100.0
#: So many stations, so nearly together.
_SHIFT_LEAST, _SHIFT_PART, _SHIFT_SPREAD_M = 5, 0.8, 50.0


@dataclass(frozen=True)
class Adoption:
    """What adopting a ledger changes; nothing is written yet.

    ``old`` are the county's stations by id, ``new`` the ledger's by the id that each gets, and
    ``origins`` says where in the ledger they stand: id → (file, row). Each of ``old`` is in
    ``kept`` (id → metres moved), ``gone``, ``stays`` or ``conflicts``; each of ``new`` in ``kept``,
    ``back`` (it had left, and gets its id again), ``added`` or ``conflicts``. ``questions`` pair an
    added one with a station that leaves or had left (``retired``: id → what is remembered of it).
    ``shift_m`` is set where the stations have moved as a whole.
    ``withheld`` counts the rows of the old ledger that were never published. ``before`` and
    ``after`` are the content of ``store``; ``takes_over`` says that ``county.toml`` does not name
    it yet.
    """

    county: County
    report: Report
    store: Path
    old: Mapping[str, Said]
    new: Mapping[str, Said]
    origins: Mapping[str, tuple[str, int]]
    kept: Mapping[str, float]
    back: tuple[str, ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]
    stays: tuple[str, ...]
    questions: tuple[Pair, ...]
    conflicts: tuple[Pair, ...]
    retired: Mapping[str, dict[str, Any] | None]
    shift_m: float | None
    withheld: int
    before: bytes | None
    after: bytes
    takes_over: bool

    @property
    def changes_nothing(self) -> bool:
        """Whether everything is there already."""
        return self.after == self.before and not self.takes_over


def check_ledgers(
    files: Sequence[Path],
    county: County,
    *,
    all_counties: Sequence[County],
    datum: str | None = None,
    as_of: date,
    known: Mapping[str, Known] | None = None,
) -> Report:
    """What the checks say of the ledgers that ``county`` sends; a row may lack its id.

    ``known`` holds, by the county's code, what there is to know besides the ledgers. Raises
    LedgerError where they hold nothing of the county, or (with no error beside) an invented
    station: a real ledger has none.
    """
    report = validate(
        files, county, all_counties=all_counties, datum=datum, as_of=as_of, without_ids=True,
        known=known,
    )  # fmt: skip
    names = "、".join(report.files)
    if not report.counts["rows"]:
        raise LedgerError(
            f"{names}：没有一行属于{county.name_zh}。请核对「县」一列，或换一份台账。"
            f" / no row belongs to {county.name_en}; check the column county."
        )
    invented = report.stations[report.stations["provenance"] == "illustrative"]
    if len(invented) and not report.has_errors:
        file, row = min(report.origins[at] for at in invented["id"])
        raise LedgerError(
            f"{file}：{len(invented)} 行是示意数据（第一处在第 {row} 行），不是真实台账。请删去。"
            f" / {len(invented)} rows are illustrative, the first is row {row}; remove them."
        )
    return report


def plan_adoption(
    county: County,
    report: Report,
    *,
    all_counties: Sequence[County],
    as_of: date,
    keep_osm: bool = False,
) -> Adoption:
    """What changes when ``county`` adopts the rows of ``report`` (see `check_ledgers`).

    A row without an id takes that of the station which it certainly is, else the next free number.
    ``keep_osm`` keeps the stations from OpenStreetMap that are no row of the ledger. Raises
    LedgerError where the present ledger cannot be read, and UsageError where the report has errors
    or a file is in the way.
    """
    if report.has_errors:
        raise UsageError(
            "台账里有错的行要先改好 / "
            "rows of the ledger have errors; mend them, nothing is adopted until then."
        )
    present = read_present(county, all_counties, as_of)
    sent = said_by(report)
    loose = {row for row in sent if is_provisional(row, county.code)}
    matches, again = _match(present, report.stations, loose)
    ids = {pair.new: pair.old for pair in (*matches.kept, *again.kept)}
    ids |= {row: row for row in sent.keys() - loose}
    free = _free_ids(county.code, {*present.ids, *present.store.retired, *ids.values()})
    ids |= {row: next(free) for row in sorted(loose - ids.keys())}
    new = {
        at: Said({**sent[row].properties, "id": at}, sent[row].point)
        for row, at in sorted(ids.items(), key=lambda pair: pair[1])
    }
    conflicts = (*matches.conflicts, *again.conflicts)
    kept = {pair.old: pair.metres for pair in matches.kept}
    back = {pair.old for pair in again.kept}
    old = present.said
    stays = [at for at in matches.gone if keep_osm and old[at].provenance == "osm"]
    gone = old.keys() - kept.keys() - {*stays} - {pair.old for pair in conflicts}
    retired = {
        **dict.fromkeys(present.ids - old.keys()),
        **present.store.retired,
        **{at: _remembered(old[at], as_of) for at in gone},
    }
    retired = {at: said for at, said in retired.items() if at not in new}
    settled = present.whole and old == {**{at: old[at] for at in stays}, **new}
    after = present.before if settled and present.before else _after(present, new, stays, retired)
    return Adoption(
        county=county,
        report=report,
        store=present.path,
        old=old,
        new=new,
        origins={ids[row]: where for row, where in report.origins.items()},
        kept=kept,
        back=tuple(sorted(back)),
        added=tuple(sorted(new.keys() - kept.keys() - back - {pair.new for pair in conflicts})),
        gone=tuple(sorted(gone)),
        stays=tuple(stays),
        questions=tuple(
            Pair(pair.old, ids[pair.new], pair.metres, pair.why)
            for pair in (*matches.questions, *again.questions)
        ),
        conflicts=conflicts,
        retired=present.store.retired,
        shift_m=_shift_m(old, sent, (*matches.kept, *matches.questions)),
        withheld=present.withheld,
        before=present.before,
        after=after,
        takes_over=present.takes_over,
    )


# --- what becomes of it --------------------------------------------------------------------------


def _match(
    present: Present, sent: gpd.GeoDataFrame, loose: Collection[str]
) -> tuple[Matches, Matches]:
    """The rows matched with the stations there are, and the rest with those that have left.

    A row that may be a station there is waits for a person's answer, and takes no retired id.
    """
    matches = find_successors(present.real, sent, unnumbered=loose)
    waiting = {pair.new for pair in matches.questions}.intersection(loose)
    rest = sent[sent["id"].isin(set(matches.added) - waiting)]
    left = {at: said for at, said in present.store.retired.items() if said is not None}
    retired = make_stations(
        [{**said, "id": at} for at, said in left.items()],
        [said["lon"] for said in left.values()],
        [said["lat"] for said in left.values()],
    )
    return matches, find_successors(retired, rest, unnumbered=loose)


def _shift_m(
    old: Mapping[str, Said], sent: Mapping[str, Said], pairs: Sequence[Pair]
) -> float | None:
    """How far the stations of one name have moved, all in one direction; else None."""
    points = [
        (*old[pair.old].point, *sent[pair.new].point)
        for pair in pairs
        if name_key(old[pair.old].name) == name_key(sent[pair.new].name)
    ]
    if len(points) < _SHIFT_LEAST:
        return None
    lon0, lat0, lon1, lat1 = np.radians(np.array(points)).T
    moves = EARTH_RADIUS_M * np.column_stack([(lon1 - lon0) * np.cos(lat0), lat1 - lat0])
    move = np.median(moves, axis=0)
    together = np.linalg.norm(moves - move, axis=1) <= _SHIFT_SPREAD_M
    metres = float(np.linalg.norm(move))
    return metres if metres >= SHIFT_M and together.mean() >= _SHIFT_PART else None


def _free_ids(code: str, used: Collection[str]) -> Iterator[str]:
    """Ids behind the last number used, none of those used: ``341523-036``, ``341523-037``, …"""
    numbers = (re.fullmatch(rf"{re.escape(code)}-(\d{{1,9}})", id_text) for id_text in used)
    last = max((int(found[1]) for found in numbers if found), default=0)
    ids = (f"{code}-{number:03}" for number in count(last + 1))
    return (id_text for id_text in ids if id_text not in used)


def _remembered(said: Said, left: date) -> dict[str, Any] | None:
    """What tells a station that left from another; nothing of one that never was."""
    if said.provenance == "illustrative":
        return None
    lon, lat = said.point
    about = {"kind": said.properties["kind"], "name": said.name, "lon": lon, "lat": lat}
    return {**about, "left": left.isoformat()}


def _after(
    present: Present,
    new: Mapping[str, Said],
    stays: Collection[str],
    retired: Mapping[str, dict[str, Any] | None],
) -> bytes:
    said = {**{at: present.said[at] for at in stays}, **new}
    # What has not changed stays as it was written, with columns that are not ours.
    written = {
        at: present.store.features[place]
        for place, at in present.own.items()
        if present.said.get(at) == said.get(at)
    }
    lines = {at: written.get(at) or feature_line(s.properties, s.point) for at, s in said.items()}
    ordered = [lines[at] for at in sorted(lines)]
    after = store_bytes(replaced(present.store, present.own.keys(), ordered, retired))
    if present.takes_over and present.before not in (None, after):
        raise UsageError(
            f"{present.path} 挡着路：county.toml 没有写它，请移走，或写进 ledgers / "
            "is in the way: county.toml does not name it. Move it elsewhere, or "
            "name it under ledgers, and run the command again."
        )
    return after
