"""Rules on the datum: are the coordinates in the one that the ledger declares?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from locator.checks.datum_doctor import Diagnosis
from locator.checks.datum_doctor.shifts import TRUTH_EN, TRUTH_ZH
from locator.checks.datum_doctor.words import (
    likely,
    mend,
    percent,
    proposal,
    reasons,
    subject,
)
from locator.checks.rule import Context, Hit, rule


@rule("warning")
def datum_suspect(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """坐标来源多半选错了 | The datum is most likely not the declared one

    照「坐标来源」换算，地名、乡镇、街道都对不上；换成另一种坐标系，就都对上了。一个人从一个软件抄的，
    要错就整片错，偏五百米到一公里多；只有一行不同，多半是从别的软件贴来的；一张表混了两种的，只点名自己
    有依据的行，和上一版在同一处的行不算错。请挑两三行在地图上核对。
    真是这样，就把「坐标来源」改对（表头写着哪种地图的，改表头），或用 locator validate --repair
    生成改好的副本。程序不会自己改。和上一版比也整片挪了的，由 moved_as_a_whole 一并说。

    Read in the declared datum, the rows fit neither landmarks, townships nor streets; read in
    another, they do. What one clerk copied from one app is wrong as a whole, by 500 m to more than
    a kilometre; a single row was pasted from elsewhere. Of a table that mixes two, only the rows
    with evidence of their own are named, and none that stayed where the last release has it. Check
    two or three rows on a map. If it is so, correct source_datum (or the heading, where that names
    the map), or have a mended copy written by locator validate --repair. Nothing is repaired
    unasked. Where the table has moved as a whole since the last release as well, moved_as_a_whole
    tells both.

    例：从高德抄的坐标填了「手机GPS」，35 个点全向东南偏了五百多米。 |
    Example: points copied from Amap and declared as GPS: all 35 lie 540 m to the south-east.
    """
    for diagnosis in _told(rows, "suspect"):
        who_zh, who_en = subject(diagnosis, rows)
        likely_zh, likely_en = likely(diagnosis)
        mend_zh, mend_en = mend(diagnosis)
        yield _hit(
            diagnosis,
            rows,
            f"{who_zh}{likely_zh}请在地图上核对，是的话{mend_zh}",
            f"{who_en}{likely_en}Check on a map and {mend_en}",
        )


@rule("info")
def datum_undecided(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """坐标来源可疑，但说不准 | The datum is doubtful

    照「坐标来源」换算，这些点和周围对不太上，但依据还不够说是哪种错。请挑两三行，在地图上看看是不是
    准确落在门口；都对就不用改，不对再看是不是整片都往一个方向偏。

    Read in the declared datum, these points fit badly with what is around them, but there is too
    little to say which mistake it is. Look at two or three rows on a map: if they are at their
    doors, nothing is wrong; if not, see whether all are off in one direction.

    例：只有两行写了地名，离地图上的同名地点都是五百多米。 |
    Example: two rows alone name a landmark, and both are some 500 m from it.
    """
    for diagnosis in _told(rows, "undecided"):
        why_zh, why_en = reasons(diagnosis)
        who_zh, who_en = subject(diagnosis, rows)
        yield _hit(
            diagnosis,
            rows,
            f"{who_zh}说是 {TRUTH_ZH[diagnosis.declared]}，和周围对不太上，也可能是"
            f" {TRUTH_ZH[diagnosis.truth]}（{percent(diagnosis)}）。{why_zh}"
            "请挑两三行在地图上核对。",
            f"{who_en}, declared as {TRUTH_EN[diagnosis.declared]}, may be wrong; "
            f"{TRUTH_EN[diagnosis.truth]} is possible ({percent(diagnosis)}). {why_en}"
            "Check two or three rows on a map.",
        )


def _told(rows: pd.DataFrame, verdict: str) -> Iterator[Diagnosis]:
    """Each diagnosis once, sources before single rows."""
    found = {id(each): each for each in rows["datum_diagnosis"] if each is not None}
    for each in sorted(found.values(), key=lambda each: each.single):
        if each.verdict == verdict:
            yield each


def _hit(diagnosis: Diagnosis, rows: pd.DataFrame, zh: str, en: str) -> Hit:
    return Hit(
        int(diagnosis.rows[0]) if len(diagnosis.rows) == 1 else None,
        zh,
        en,
        "source_datum",
        diagnosis.source or None,
        file=diagnosis.file,
        detail=proposal(diagnosis),
    )
