"""Check ledgers: every row ends published, quarantined with its reasons, or as an exact copy."""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from locator.checks.examine import examine, findings_of, in_its_words, source_heading
from locator.checks.rule import Context, Hit, Known, places
from locator.county import County
from locator.errors import Finding, LedgerError, UsageError
from locator.stations import cells
from locator.stations.intake import (
    Ledger,
    gather,
    given_id,
    provisional_ids,
    read_ledger,
)
from locator.stations.parsing import to_stations
from locator.stations.table import empty_stations
from locator.stations.whose import assign_counties

#: The columns of `Report.rows`: where a row stands, what it is, its position in WGS-84 (NaN where
#: not to be had), its hours as written and as read (None where not read), and where it has ended:
#: ``published``, ``quarantined`` or ``copy``.
ROWS = ("file", "row", "id", "name", "kind", "lon", "lat", "hours", "osm_hours", "ended")


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that is not published: where it is, what it says, and why it is held back."""

    file: str
    row: int
    original: dict[str, str]
    codes: tuple[str, ...]
    message_zh: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found. ``rows`` = ``published`` + ``quarantined`` + ``duplicates``, always.

    ``stations`` are the published rows, by id, and ``origins`` says where each of them stands: id →
    (file, row). ``rows`` are all of the rows, in order, with where each has ended (see `ROWS`).
    ``blocked`` means that a whole file can't be taken as it is, or that too much is other than in
    the release before, so nothing may be published until that is settled. ``refused`` are the files
    of which nothing could be read, ``files`` the others.
    """

    files: tuple[str, ...]
    stations: gpd.GeoDataFrame
    findings: tuple[Finding, ...]
    quarantined: tuple[Quarantined, ...]
    counts: dict[str, int]
    blocked: bool
    origins: dict[str, tuple[str, int]]
    rows: pd.DataFrame
    refused: tuple[str, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error (exit status 1)."""
        return any(finding.severity == "error" for finding in self.findings)


def validate(
    files: Sequence[Path],
    counties: Sequence[County] | County,
    *,
    all_counties: Sequence[County] = (),
    datum: str | None = None,
    as_of: date,
    without_ids: bool = False,
    known: Mapping[str, Known] | None = None,
) -> Report:
    """Check the ledgers ``files`` of one or several counties as on the day ``as_of``.

    Rows that clearly belong to another of ``all_counties`` are set aside before counting, and so
    are illustrative rows where a county has a real ledger as well; a finding of severity info says
    how many. A row's own datum comes first, then ``datum``, then the ``ledger_datum`` of a county
    whose ledger the file is. With ``without_ids`` a row may lack its id and goes by a provisional
    one (see `provisional_ids`) until somebody gives it another. ``known`` holds, by a county's
    code, what there is to know besides; rules that need more than that stay silent. Raises
    LedgerError for a file that can't be used at all.
    """
    asked = [counties] if isinstance(counties, County) else list(counties)
    if not files or not asked:
        raise UsageError(
            "没有可核对的：至少要有一份台账和一个县 / "
            "nothing to check: give at least one file and one county."
        )
    ledgers = [
        _told_apart(
            read_ledger(path, datum=datum or _datum_of(path, asked), without_ids=without_ids), label
        )
        for path, label in zip(files, labels(files), strict=True)
    ]
    loose = {ledger.file for ledger in ledgers} if without_ids else set()
    return _report(ledgers, (), asked, all_counties, as_of, loose, known or {})


def validate_readable(
    files: Sequence[Path],
    counties: Sequence[County] | County,
    *,
    all_counties: Sequence[County] = (),
    datum: str | None = None,
    as_of: date,
    known: Mapping[str, Known] | None = None,
) -> Report:
    """`validate`, but a file that can't be used is a finding, as long as another can be read; and
    a ledger that is not yet one of the county's own may lack ids, which it gets when it is adopted.

    With an unreadable file the report is blocked, and ``Report.refused`` names the file. Raises the
    first LedgerError where no file can be read.
    """
    asked = [counties] if isinstance(counties, County) else list(counties)
    own = {path for county in asked for path in county.ledger_paths}
    ledgers: list[Ledger] = []
    loose: set[str] = set()
    refused: list[tuple[str, LedgerError]] = []
    for path, label in zip(files, labels(files), strict=True):
        try:
            needs_ids = path.resolve() in own
            read = read_ledger(
                path, datum=datum or _datum_of(path, asked), without_ids=not needs_ids
            )
        except LedgerError as error:
            refused.append((label, error))
        else:
            ledgers.append(_told_apart(read, label))
            loose |= set() if needs_ids else {label}
    if refused and not ledgers:
        raise refused[0][1]
    findings = [
        Finding(
            error.code or "file_damaged", "error", label, None, None,
            f"{label}：{error.zh}", f"{label}: {error.en}",
            detail=None if error.row is None else {"row": error.row},
        )
        for label, error in refused
    ]  # fmt: skip
    return _report(ledgers, findings, asked, all_counties, as_of, loose, known or {})


@contextmanager
def _uncollected() -> Iterator[None]:
    """With Python's collector of cycles at rest, if it was at work.

    A county's rows are millions of small objects that live until the report is done, without a
    cycle among them; the collector would walk through all of them again and again, for a quarter
    of the time, and free nothing.
    """
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            gc.enable()


@_uncollected()
def _report(
    ledgers: Sequence[Ledger],
    refusals: Sequence[Finding],
    asked: Sequence[County],
    all_counties: Sequence[County],
    as_of: date,
    loose: Set[str],
    known: Mapping[str, Known],
) -> Report:
    """What there is to say of ledgers that were read, and of files that were not; the rows of those
    that are ``loose`` may lack ids."""
    rows = gather(ledgers)
    rows["county_code"] = assign_counties(rows, asked, all_counties)
    rows, aside = _set_aside(rows, asked, all_counties)
    without = rows["file"].isin(loose)
    rows.loc[without, "id"] = provisional_ids(rows[without])
    notices = [notice for ledger in ledgers for notice in ledger.notices]
    findings = [*refusals, *notices, *aside]
    reasons: defaultdict[int, list[Finding]] = defaultdict(list)
    stops: dict[int, Finding] = {}
    waits: list[Finding] = []
    published: list[gpd.GeoDataFrame] = []
    origins: dict[str, tuple[str, int]] = {}
    quarantined: list[int] = []
    examined: list[pd.DataFrame] = []
    headings = {ledger.file: source_heading(ledger) for ledger in ledgers}
    for code in ["", *(county.code for county in asked)]:
        county = next((each for each in asked if each.code == code), asked[0])
        own = rows[(rows["county_code"] == code) & (rows["exact_copy_of"] < 0)]
        if own.empty:
            continue
        context = Context(county, as_of, known.get(code, Known()))
        parsed = examine(own, context)
        examined.append(parsed)
        said = in_its_words(findings_of(parsed, context, untold=code == ""), headings)
        stopped = _take(said, findings, reasons)
        if stopped:
            by_file = {finding.file: finding for finding in stopped}
            stops |= {
                at: by_file[file]
                for at, file in zip(parsed.index.tolist(), parsed["file"], strict=True)
                if file in by_file
            }
        held = _held(parsed, reasons, stops)
        quarantined += held
        good = parsed.drop(index=held)
        if not stopped:  # half a county against the whole of it would say nothing
            said = in_its_words(findings_of(good, context, last=True), headings)
            waits += _take(said, findings, reasons)
        published.append(to_stations(good, county))
        where = zip(good["file"], good["row"].tolist(), strict=True)
        origins.update(zip(good["station_id"], where, strict=True))
    copies = rows[rows["exact_copy_of"] >= 0]
    for label, finding in _copies(rows, copies):
        reasons[label].append(finding)
    findings += [finding for label in sorted(reasons) for finding in reasons[label]]
    stations = _join(published)
    return Report(
        files=tuple(ledger.file for ledger in ledgers),
        stations=stations,
        findings=tuple(findings),
        quarantined=tuple(_quarantine(rows, sorted(quarantined), reasons, stops, ledgers)),
        counts={
            "rows": len(rows),
            "published": len(stations),
            "quarantined": len(quarantined),
            "duplicates": len(copies),
        },
        blocked=bool(stops or waits or refusals),
        origins=origins,
        rows=_rows(rows, examined, quarantined),
        refused=tuple(dict.fromkeys(finding.file for finding in refusals)),
    )


def _rows(
    rows: pd.DataFrame, examined: Sequence[pd.DataFrame], quarantined: Sequence[int]
) -> pd.DataFrame:
    """All rows with where each has ended; see `ROWS`."""
    table = rows[["file", "row", "id", "name", "kind", "hours"]].copy()
    for column, empty in (("lon", np.nan), ("lat", np.nan), ("osm_hours", None)):
        parts = [parsed[column] for parsed in examined]
        read = pd.concat(parts) if parts else pd.Series(dtype=object)
        table[column] = read.reindex(table.index) if len(read) else empty
    table["id"] = cells.each(table["id"], given_id)
    table["ended"] = "published"
    table.loc[list(quarantined), "ended"] = "quarantined"
    table.loc[rows["exact_copy_of"] >= 0, "ended"] = "copy"
    table["osm_hours"] = table["osm_hours"].astype(object).where(table["osm_hours"].notna(), None)
    return table[list(ROWS)].reset_index(drop=True)


def labels(files: Sequence[Path]) -> list[str]:
    """The files' names, with as many of their folders as it takes to tell them apart."""
    whole = [path.resolve() for path in files]
    depth = 1
    while len({path.parts[-depth:] for path in whole}) < len(set(whole)):
        depth += 1
    return ["/".join(path.parts[-depth:]) for path in whole]


def _told_apart(ledger: Ledger, label: str) -> Ledger:
    notices = tuple(replace(notice, file=label) for notice in ledger.notices)
    return replace(ledger, file=label, notices=notices)


def _datum_of(path: Path, counties: Sequence[County]) -> str | None:
    """What ``county.toml`` says of this file; it speaks for the county's own ledgers only."""
    for county in counties:
        if path.resolve() in county.ledger_paths:
            return county.ledger_datum
    return None


def _set_aside(
    rows: pd.DataFrame, asked: Sequence[County], known: Sequence[County]
) -> tuple[pd.DataFrame, list[Finding]]:
    findings: list[Finding] = []
    codes = {county.code for county in asked}
    names = {county.code: county for county in known}
    other = ~rows["county_code"].isin([*codes, ""])
    elsewhere = Counter(zip(rows.loc[other, "file"], rows.loc[other, "county_code"], strict=True))
    for (file, code), size in elsewhere.items():
        county = names[code]
        findings.append(
            Finding(
                "other_county", "info", file, None, None,
                f"{file} 里有 {size} 行属于{county.name_zh}，这次没有查。",
                f"{file}: {size} rows belong to {county.name_en} and were not checked.",
            )
        )  # fmt: skip
    rows = rows[~other]
    made_up = rows["provenance"].str.contains("示意|illustrative", case=False, regex=True)
    made_up |= rows["name"].str.contains("示意", regex=False)
    # A real ledger is one without a made-up row. A ledger that mixes both is left as it is: what is
    # made of it says 示意, and only its keeper knows which rows to drop.
    mixed = made_up.groupby([rows["ledger"], rows["county_code"]]).transform("any")
    real = set(rows.loc[~mixed & (rows["county_code"] != ""), "county_code"])
    evicted = made_up & rows["county_code"].isin(real)
    if evicted.any():
        files = "、".join(dict.fromkeys(rows.loc[evicted, "file"]))
        findings.append(
            Finding(
                "illustrative_evicted", "info", str(rows.loc[evicted, "file"].iloc[0]), None, None,
                f"有了真实台账，{files} 里 {int(evicted.sum())} 行示意驿站不再采用。",
                f"there is a real ledger, so {int(evicted.sum())} illustrative rows are left out.",
            )
        )  # fmt: skip
    return rows[~evicted], findings


def _take(
    told: Iterable[tuple[Hit, Finding]], findings: list[Finding], reasons: dict[int, list[Finding]]
) -> list[Finding]:
    """Put what the rules say where it belongs; returns the findings that stop a whole file."""
    stopped = []
    for hit, finding in told:
        if hit.row is not None:
            reasons[hit.row].append(finding)
            continue
        if hit.instead_of is not None:
            cell = (hit.instead_of, None, finding.file, finding.field, finding.value)
            findings[:] = [
                each
                for each in findings
                if (each.code, each.row, each.file, each.field, each.value) != cell
            ]
        if finding not in findings:
            findings.append(finding)
        stopped += [finding] if finding.severity == "error" else []
    return stopped


def _held(
    rows: pd.DataFrame, reasons: Mapping[int, Sequence[Finding]], stops: Mapping[int, Finding]
) -> list[int]:
    """The rows that are not published: those with an error, and those whose file is stopped."""
    return [
        label
        for label in rows.index
        if label in stops or any(said.severity == "error" for said in reasons.get(label, ()))
    ]


def _copies(rows: pd.DataFrame, copies: pd.DataFrame) -> Iterator[tuple[int, Finding]]:
    originals = rows.loc[copies["exact_copy_of"].unique(), ["file", "row"]].to_dict("index")
    for place in places(copies):
        row = place.row
        first: dict[Any, Any] = originals[row.exact_copy_of]
        where = "" if first["file"] == row.file else f"{first['file']} "
        yield place.index, Finding(
            "exact_copy", "info", row.file, int(row.row), row.id or None,
            f"{place.zh}和{where}第 {first['row']} 行完全一样，只算一次。",
            f"{place.en} repeats {where}row {first['row']} word for word and counts once.",
        )  # fmt: skip


def _quarantine(
    rows: pd.DataFrame,
    held: Sequence[int],
    reasons: dict[int, list[Finding]],
    stops: Mapping[int, Finding],
    ledgers: Sequence[Ledger],
) -> Iterator[Quarantined]:
    chosen = rows.loc[list(held), ["ledger", "at", "file", "row"]]
    for label, ledger, at, file, row in chosen.itertuples():
        errors = [finding for finding in reasons[label] if finding.severity == "error"]
        errors += [stops[label]] if label in stops else []
        yield Quarantined(
            file=file,
            row=int(row),
            original=ledgers[ledger].row(at).values,
            codes=tuple(dict.fromkeys(finding.code for finding in errors)),
            message_zh="".join(finding.message_zh for finding in errors),
            message_en=" ".join(finding.message_en for finding in errors),
        )


def _join(tables: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    tables = [table for table in tables if len(table)]
    if not tables:
        return empty_stations()
    if len(tables) == 1:
        return tables[0]
    joined = pd.concat(tables, ignore_index=True)
    return gpd.GeoDataFrame(joined.sort_values("id", kind="stable", ignore_index=True))
