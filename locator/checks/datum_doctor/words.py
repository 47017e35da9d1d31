"""What the datum doctor found, in a clerk's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from locator.checks.datum_doctor import Diagnosis
from locator.checks.datum_doctor.shifts import TRUTH_EN, TRUTH_ZH, TRUTHS, truth_of
from locator.checks.rule import places
from locator.errors import Finding
from locator.stations.positions import Voice

COMPASS_ZH = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
COMPASS_EN = (
    "north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west",
)  # fmt: skip

#: What to do about a wrong datum, by who declares it.
REMEDIES: Mapping[Voice, tuple[str, str]] = {
    "row": ("改「坐标来源」", "correct source_datum"),
    "heading": ("改坐标那几列的表头", "correct the heading of the coordinates"),
    "link": ("重新复制坐标", "copy the point again"),
    "file": ("加一列「坐标来源」写明", "say so in a column source_datum"),
    "": ("加一列「坐标来源」写明", "say so in a column source_datum"),
}

#: A clue is told where it speaks for the mistake by more than this (natural logarithms).
_TELLING = 0.7


def compass(bearing_deg: float) -> int:
    """Which of eight directions a bearing is nearest to."""
    return int(np.floor(bearing_deg / 45.0 + 0.5)) % 8


def subject(diagnosis: Diagnosis, rows: pd.DataFrame) -> tuple[str, str]:
    """Whom the finding is about: a row, a file, or the rows of one source in it."""
    size = len(diagnosis.rows)
    if diagnosis.mixed is not None:
        rows_zh, rows_en = rows_said(diagnosis.numbers.tolist())
        source = f"「{diagnosis.source}」" if diagnosis.source else ""
        return (
            f"{diagnosis.file} 里{source}像是混了两种坐标：{size} 行（第 {rows_zh} 行）",
            f"{diagnosis.file}: a mixture of two datums{diagnosis.source and ' under '}"
            f"{diagnosis.source}; {size} rows ({rows_en})",
        )
    if size == 1:
        place = next(places(rows.loc[diagnosis.rows]))
        return (
            f"{place.zh_named}的坐标",
            f"{place.en} ({place.row.name!r}): the points",
        )
    zh, en = rows_of_source(diagnosis)
    return f"{diagnosis.file} 里{zh}", f"{diagnosis.file}: {en}"


def rows_said(numbers: Sequence[int]) -> tuple[str, str]:
    """Rows by their numbers, in Chinese and English: ``2-36、40``."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    said = [f"{a}-{b}" if b > a else str(a) for a, b in spans]
    return "、".join(said), ", ".join(said)


def mend(diagnosis: Diagnosis) -> tuple[str, str]:
    """What to do, once a look at the map has shown that it is so; the end of a sentence each."""
    zh, en = REMEDIES[diagnosis.voice]
    mixed = diagnosis.mixed
    if mixed is None:
        return f"{zh}。", f"{en}."
    others_zh, others_en = f"另有 {mixed.as_declared} 行正是所写的", (
        f"{mixed.as_declared} others are what is declared"
    )  # fmt: skip
    if not mixed.untold:
        return (
            f"只在这几行{zh}：{others_zh}，别整列一起改。",
            f"{en}, in these rows alone: {others_en}.",
        )
    return (
        f"只在这几行{zh}。{others_zh}，{mixed.untold} 行看不出是哪种，"
        "别整列一起改；看不出的请逐行核对。",
        f"{en}, in these rows alone: {others_en}, and {mixed.untold} do not tell; look at each of "
        "those.",
    )


def rows_of_source(diagnosis: Diagnosis) -> tuple[str, str]:
    """How many rows are meant, and of which source where a file has several."""
    size = len(diagnosis.rows)
    if diagnosis.whole_file or not diagnosis.source:
        return f" {size} 行的坐标", f"the points of {size} rows"
    return (
        f"「{diagnosis.source}」的 {size} 行坐标",
        f"the points of {size} rows of {diagnosis.source!r}",
    )


def likely(diagnosis: Diagnosis) -> tuple[str, str]:
    """Which datum it is rather than the declared one, how sure, the arrow, and why; the subject is
    to stand before it."""
    shift, turn = f"{diagnosis.shift_m:.0f}", compass(diagnosis.bearing_deg)
    why_zh, why_en = reasons(diagnosis)
    said_zh, said_en = TRUTH_ZH[diagnosis.declared], TRUTH_EN[diagnosis.declared]
    is_zh, is_en = TRUTH_ZH[diagnosis.truth], TRUTH_EN[diagnosis.truth]
    return (
        f"说是 {said_zh}，更像 {is_zh}（{percent(diagnosis)}）："
        f"应往{COMPASS_ZH[turn]}移 {shift} 米。{why_zh}",
        f", declared as {said_en}, would fit as {is_en} ({percent(diagnosis)}), "
        f"{shift} m to the {COMPASS_EN[turn]}. {why_en}",
    )


def percent(diagnosis: Diagnosis) -> str:
    """The probability in words of figures; never a round hundred."""
    return f"{min(99.9, 100 * diagnosis.probability):.3g}%"


def proposal(diagnosis: Diagnosis) -> dict[str, Any]:
    """What a finding carries of the diagnosis: where to, and of which rows."""
    said: dict[str, Any] = {
        "from": diagnosis.truth,
        "as": diagnosis.declared,
        "by": diagnosis.voice,
        "probability": min(0.9999, round(diagnosis.probability, 4)),
        "shift_m": round(diagnosis.shift_m, 1),
        "bearing_deg": round(diagnosis.bearing_deg, 1),
    }
    if diagnosis.mixed is not None:
        mixed = diagnosis.mixed
        said |= {"mixed": {"as_declared": mixed.as_declared, "untold": mixed.untold}}
    if len(diagnosis.rows) == 1:
        return said | {
            "lon": round(float(diagnosis.to_lon[0]), 7),
            "lat": round(float(diagnosis.to_lat[0]), 7),
        }
    return said | {"rows": diagnosis.numbers.tolist()}


def proposes(finding: Finding) -> bool:
    """Whether a finding proposes another datum (see `proposal`): the doctor's own, or a table's
    move as a whole that the doctor explains."""
    proposing = finding.code in ("datum_suspect", "moved_as_a_whole")
    return proposing and finding.detail is not None and "from" in finding.detail


def reasons(diagnosis: Diagnosis) -> tuple[str, str]:
    """What speaks for the mistake, in Chinese and English sentences; "" where only the streets of
    nothing do."""
    declared, truth = truth_of(diagnosis.declared), TRUTHS.index(diagnosis.truth)
    clues, zh, en = diagnosis.clues, [], []
    better = np.flatnonzero(clues.landmark[:, truth] - clues.landmark[:, declared] > _TELLING)
    if len(better):
        name = clues.landmark_name[better[0]]
        was, now = (float(np.median(clues.landmark_m[better, at])) for at in (declared, truth))
        if len(better) == 1:
            zh.append(f"离「{name}」{was:.0f} 米，换过来 {now:.0f} 米")
            en.append(f"{name!r} is {was:.0f} m off, and {now:.0f} m then")
        else:
            zh.append(f"{len(better)} 行离写明的地方（{name}等）{was:.0f} 米，换过来 {now:.0f} 米")
            en.append(
                f"{len(better)} rows are {was:.0f} m from the place that they name ({name} …), and "
                f"{now:.0f} m then"
            )
    better = np.flatnonzero(clues.street[:, truth] - clues.street[:, declared] > _TELLING)
    if len(better):
        zh.append(f"{len(better)} 行换过来才在地址写的那条街上")
        en.append(f"{len(better)} rows lie on the street of their address only then")
    better = np.flatnonzero(clues.township[:, truth] - clues.township[:, declared] > _TELLING)
    if len(better):
        zh.append(f"{len(better)} 行换过来才落在写明的乡镇")
        en.append(f"{len(better)} rows lie in the township that they state only then")
    better = np.flatnonzero(clues.county[:, truth] - clues.county[:, declared] > _TELLING)
    if len(better):
        zh.append(f"{len(better)} 行在县界外，换过来就在县里")
        en.append(f"{len(better)} rows lie outside the county, and inside then")
    streets = diagnosis.streets
    if streets is not None and streets.loglik[truth] - streets.loglik[declared] > _TELLING:
        was, now = (float(streets.mean_m[at]) for at in (declared, truth))
        zh.append(f"离街平均 {was:.0f} 米，换过来 {now:.0f} 米")
        en.append(f"the mean distance to a street is {was:.0f} m, and {now:.0f} m then")
    if not zh:
        return "", ""
    return f"依据：{'；'.join(zh)}。", f"Why: {'; '.join(en)}. "
