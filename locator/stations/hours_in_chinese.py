"""Canonical hours back in Chinese: as a clerk writes them, and beside their OSM text."""

from __future__ import annotations

from functools import lru_cache

from locator.errors import HoursError
from locator.stations.hours import normalise_hours, week_text


def spoken_hours(hours: str) -> str:
    """Canonical hours as a clerk writes them, 周一至周五08:00-18:00；法定节假日休息, where that
    reads back as the very same; else as they are."""
    return _spoken(hours) or hours


def hours_in_words(hours: str) -> str:
    """Canonical hours for a person to check a reading by: spoken where a clerk would write it so,
    else rule by rule (6月–8月 06:00–21:00；9月–5月 不一定开), else as they are."""
    said, lines = _spoken(hours), week_text(hours)
    if said is None and [times for _, times in lines] != [hours]:  # else there are no words for it
        said = "；".join(f"{days} {times}" for days, times in lines).removeprefix("每天 ")
    return said or hours


def hours_shown(hours: str) -> str:
    """Canonical hours for a sentence in Chinese: in words, and their OSM text behind in brackets
    where that is another."""
    said = hours_in_words(hours)
    return said if said == hours else f"{said}（{hours}）"


@lru_cache(maxsize=65536)
def _spoken(hours: str) -> str | None:
    """What a clerk would write; None where nothing of the kind reads back as the very same."""
    if hours == "24/7":
        return "24小时"
    said = "；".join(f"{days}{times}" for days, times in week_text(hours))
    plain = said.replace("–", "-").replace("次日 ", "次日").removeprefix("每天")
    for text in (plain, plain.replace("周六、周日", "周末"), f"每天{plain}"):
        try:
            if normalise_hours(text) == hours:
                return text
        except HoursError:
            continue
    return None
