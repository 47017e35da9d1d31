"""The datum doctor: which datum a source's coordinates are truly in, and how sure that is.

A source is the rows of one file that give one 坐标来源: one clerk copied them from one app, so they
share one datum. A row pasted from another app stands against its own source; and where many do,
the source is a mixture, of which only rows with evidence of their own are named. Each datum is a
hypothesis; the evidence is what the rows' names, townships, streets and buildings say of where they
should be. Beforehand the declared datum is taken to be right nine times in ten. Nothing is ever
repaired here: the doctor says what it thinks, why, and where the rows would be.

Silent is the doctor where GCJ-02 is no shift (outside China), and where nothing speaks against what
is declared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from locator.checks.datum_doctor.clues import Clues, clues_of
from locator.checks.datum_doctor.evidence import Ground
from locator.checks.datum_doctor.mixture import Mixed, shares
from locator.checks.datum_doctor.shifts import TRUTHS, arrow, in_china_box, positions, truth_of
from locator.checks.datum_doctor.streets import AlongStreets, along_streets
from locator.checks.surroundings import Surroundings
from locator.county import County
from locator.stations import cells
from locator.stations.pasted import Axis, degrees
from locator.stations.positions import Voice

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Verdict = Literal["suspect", "undecided"]

#: What is believed before looking: the declared datum is right, one of the others is (together).
DECLARED_RIGHT = 0.9
#: How many rows of a source come from elsewhere than the rest.
PASTED = 0.02
#: So sure must the doctor be to name a mistake; and so little may be left for what is declared
#: before it says that it cannot tell.
SURE, DOUBT = 0.97, 0.1
#: A shift twice over is half as likely as a mistake of one step.
_ODDS = np.array([1.0, 1.0, 1.0, 0.5])
#: What is asked of a row; a table of 200,000 has many more columns, and copying them takes long.
_ASKED = ["file", "row", "kept_datum", "source_datum", "datum_voice", "position_fault", "lon",
          "kept_x", "kept_y", "name", "host", "address", "township"]  # fmt: skip


@dataclass(frozen=True)
class Diagnosis:
    """What the doctor says of a source (``single`` False) or of a row that stands against it.

    ``rows`` are labels of the examined table, ``numbers`` their rows in the file; ``declared`` is
    the datum that they give and ``voice`` who says so for most of them; ``truth`` the likeliest
    other of `TRUTHS` and ``probability`` how likely it is. ``lon``, ``lat`` are where the rows
    stand as declared and ``to_lon``, ``to_lat`` where they would stand (WGS-84); ``shift_m`` and
    ``bearing_deg`` lead from the one to the other. ``mixed`` tells of the source's other rows where
    it is a mixture of two datums.
    """

    verdict: Verdict
    single: bool
    file: str
    source: str
    voice: Voice
    whole_file: bool
    declared: str
    truth: str
    probability: float
    rows: Ints
    numbers: Ints
    lon: Floats
    lat: Floats
    to_lon: Floats
    to_lat: Floats
    shift_m: float
    bearing_deg: float
    clues: Clues
    streets: AlongStreets | None
    mixed: Mixed | None = None


def find_datums(
    rows: pd.DataFrame,
    county: County,
    surroundings: Surroundings | None,
    before: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """What the doctor says of parsed rows: ``datum_diagnosis`` (None where it is silent), and
    ``datum_explained``, whether a mistake is named that tells why the row lies where it does.

    ``before`` are the stations of the last release.
    """
    said = np.full(len(rows), None, dtype=object)
    explained = np.zeros(len(rows), dtype=bool)
    asked = rows.loc[rows["grounded"], _ASKED]
    if surroundings is not None and len(asked):
        if before is not None and len(before):
            was = pd.DataFrame({"was_lon": before.geometry.x, "was_lat": before.geometry.y})
            was = was.set_axis(before["id"]).reindex(rows.loc[asked.index, "station_id"])
            asked = asked.join(was.set_axis(asked.index))
        for diagnosis in diagnose(asked, Ground(county, surroundings)):
            at = rows.index.get_indexer(pd.Index(diagnosis.rows))
            said[at] = diagnosis
            explained[at] = diagnosis.verdict == "suspect"
    return pd.DataFrame({"datum_diagnosis": said, "datum_explained": explained}, index=rows.index)


def diagnose(rows: pd.DataFrame, ground: Ground) -> list[Diagnosis]:
    """Examine parsed rows (see `parse_rows`, with ``position_fault``); see the module's head."""
    if not in_china_box(*ground.county.centre):
        return []
    usable = rows["position_fault"].isin(["", "outside"]) & np.isfinite(rows["lon"])
    rows = rows[usable & rows["kept_datum"].isin(["cgcs2000", *TRUTHS])]
    sizes = rows["file"].value_counts()
    keys = [rows["file"], rows["kept_datum"], cells.each(rows["source_datum"], cells.fold)]
    found: list[Diagnosis] = []
    for _, group in rows.groupby(keys, sort=False):
        whole = len(group) == sizes[group["file"].iloc[0]]
        found += _source(group, ground, whole_file=bool(whole))
    return found


def _source(rows: pd.DataFrame, ground: Ground, *, whole_file: bool) -> Iterator[Diagnosis]:
    """What there is to say of the rows of one source."""
    declared = str(rows["kept_datum"].iloc[0])
    voice = cast("Voice", rows["datum_voice"].mode().iloc[0])
    right = truth_of(declared)
    x = degrees_given(rows["kept_x"], "lon")
    y = degrees_given(rows["kept_y"], "lat")
    lon, lat = positions(x, y)
    xy = ground.metres(lon, lat)
    clues = clues_of(rows, ground, lon, lat, xy, right)
    streets = along_streets(xy, right, ground)
    prior = np.where(np.arange(len(TRUTHS)) == right, 0.0, _ODDS)
    prior = prior / prior.sum() * (1 - DECLARED_RIGHT)
    prior[right] = DECLARED_RIGHT
    loglik = _together(clues) + (streets.loglik if streets is not None else 0.0)
    chance = _normal(np.log(prior) + loglik)
    verdict, truth = _verdict(chance, right)

    def said(
        verdict: Verdict,
        at: Ints,
        truth: int,
        probability: float,
        *,
        single: bool = False,
        mixed: Mixed | None = None,
    ) -> Diagnosis:
        points = lon[right, at], lat[right, at], lon[truth, at], lat[truth, at]
        shift_m, bearing = arrow(*points)
        return Diagnosis(
            verdict, single, str(rows["file"].iloc[0]), str(rows["source_datum"].iloc[0]),
            voice, whole_file, declared, TRUTHS[truth], probability, rows.index.to_numpy()[at],
            rows["row"].to_numpy(np.int64)[at], *points,
            shift_m, bearing, clues.take(at), None if single or mixed else streets, mixed,
        )  # fmt: skip

    mixture = shares(clues.total, clues.group, SURE)
    if mixture is not None:
        own = _normal(np.log(mixture) + clues.total)
        of = np.where(own.max(axis=1) >= SURE, own.argmax(axis=1), -1)
        told = Mixed(int((of == right).sum()), int((of < 0).sum()))
        for named in np.unique(of[(of >= 0) & (of != right)]).tolist():
            at = np.flatnonzero(of == named)
            yield said("suspect", at, named, float(np.median(own[at, named])), mixed=told)
        return

    best = int(chance.argmax()) if verdict != "undecided" else right
    pasted = np.full(len(TRUTHS), PASTED / (len(TRUTHS) - 1))
    pasted[best] = 1 - PASTED
    own = _normal(np.log(pasted) + clues.total)
    other = np.flatnonzero((own.argmax(axis=1) != best) & (own.max(axis=1) >= SURE))
    if len(rows) == 1:
        other = other[:0]
    if verdict is not None:
        stayed = np.flatnonzero((clues.stayed[:, right] != 0) & (own[:, best] < SURE))
        rest = np.setdiff1d(np.arange(len(rows)), [*other, *stayed])
        if len(rest):
            yield said(verdict, rest, truth, float(chance[truth]))
    for alone in other.tolist():
        likely = int(own[alone].argmax())
        if likely != right:
            yield said("suspect", np.array([alone]), likely, float(own[alone, likely]), single=True)


def _verdict(chance: Floats, right: int) -> tuple[Verdict | None, int]:
    """What the chances of the truths come to, and the likeliest mistake."""
    mistakes = np.where(np.arange(len(chance)) == right, 0.0, chance)
    truth = int(mistakes.argmax())
    if mistakes[truth] >= SURE:
        return "suspect", truth
    return ("undecided" if chance[right] < DOUBT else None), truth


def _together(clues: Clues) -> Floats:
    """The log-likelihood of a source by its rows' clues.

    A row may be pasted from elsewhere, so that one alone never carries a source of many; and rows
    that name one thing repeat each other: nine of them count as three.
    """
    total = clues.total
    if len(total) > 1:
        share = PASTED / (len(TRUTHS) - 1)
        likely = np.exp(total - total.max(axis=1, keepdims=True))
        total = np.log((1 - PASTED - share) * likely + share * likely.sum(axis=1, keepdims=True))
        total = total - total.max(axis=1, keepdims=True)
    size = np.bincount(clues.group)[clues.group]
    return np.asarray((total / np.sqrt(size)[:, None]).sum(axis=0))


def _normal(log: Floats) -> Floats:
    """Probabilities from logarithms, along the last axis."""
    likely = np.exp(log - log.max(axis=-1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=-1, keepdims=True))


def degrees_given(texts: pd.Series[Any], axis: Axis) -> Floats:
    """Coordinates as they were given, decimal or not; all of an examined row can be read."""
    found = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64, copy=True)
    for at in np.flatnonzero(np.isnan(found)).tolist():
        value = degrees(texts.iloc[at], axis)
        found[at] = np.nan if value is None else value
    return found
