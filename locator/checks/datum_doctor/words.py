"""What the datum doctor found, in a clerk's words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from locator.checks.datum_doctor import Diagnosis
from locator.checks.datum_doctor.shifts import TRUTHS, truth_of
from locator.checks.rule import places

COMPASS_ZH = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
COMPASS_EN = (
    "north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west",
)  # fmt: skip

#: A clue is told where it speaks for the mistake by more than this (natural logarithms).
_TELLING = 0.7


def compass(bearing_deg: float) -> int:
    """Which of eight directions a bearing is nearest to."""
    return int(np.floor(bearing_deg / 45.0 + 0.5)) % 8


def subject(diagnosis: Diagnosis, rows: pd.DataFrame) -> tuple[str, str]:
    """Whom the finding is about: a row, a file, or the rows of one source in it."""
    size = len(diagnosis.rows)
    if size == 1:
        place = next(places(rows.loc[diagnosis.rows]))
        return (
            f"{place.zh_named}的坐标",
            f"{place.en} ({place.row.name!r}): the points",
        )
    if diagnosis.whole_file or not diagnosis.source:
        return (
            f"{diagnosis.file} 里 {size} 行的坐标",
            f"{diagnosis.file}: the points of {size} rows",
        )
    return (
        f"{diagnosis.file} 里「{diagnosis.source}」的 {size} 行坐标",
        f"{diagnosis.file}: the points of {size} rows of {diagnosis.source!r}",
    )


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
