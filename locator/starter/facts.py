"""What a county is called and where it lies: given, found, or guessed and said to be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from locator.errors import UsageError
from locator.starter.boundaries import Boundary
from locator.starter.extract import Place, ground_m2
from locator.starter.outline import Outline, chinese_name
from locator.starter.where import country_of, timezone_of, zones
from locator.stations.cells import clean

_CODE = re.compile(r"[a-z0-9]{2,12}")
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Given:
    """What the person who starts a county says of it; None leaves it to be found."""

    name_zh: str | None = None
    name_en: str | None = None
    code: str | None = None
    country: str | None = None
    timezone: str | None = None


@dataclass(frozen=True)
class Facts:
    """What stands at the head of a ``county.toml``.

    ``guessed`` says of a key why it is to be looked at: ``guess``, ``local_name`` (no name in that
    language, so the local one stands in), ``folder_name``, ``made_up``, ``several_zones``.
    """

    slug: str
    code: str
    name_zh: str
    name_en: str
    country: str
    timezone: str
    centre: tuple[float, float]
    country_from: str
    guessed: Mapping[str, str] = field(default_factory=dict)


def facts(
    slug: str,
    given: Given,
    outline: Outline | None,
    boundaries: Sequence[Boundary],
    places: Sequence[Place],
    codes: frozenset[str],
) -> Facts:
    """Say what is known of a county whose ``places`` are those of an extract (at least one).

    ``boundaries`` are the extract's, those around the county speak for its country; ``codes`` are
    other counties'.
    Raises UsageError where something given cannot be used.
    """
    guessed: dict[str, str] = {}
    tags = outline.tags if outline else {}
    centre = _middle(places)
    around = [outline.tags] if outline else []
    around += [each.tags for each in reversed(boundaries) if _holds(each, outline, centre)]
    country, country_from = _country(given, outline, around, centre, places)
    if country_from == "guess":
        guessed["country"] = "guess"
    timezone = _zone(given.timezone) or timezone_of(country, centre)
    if not given.timezone and country_from == "guess":
        guessed["timezone"] = "guess"
    elif not given.timezone and country != "CN" and _zones_of(country) > 1:
        guessed["timezone"] = "several_zones"
    local = clean(tags.get("name", ""))
    name_zh = clean(given.name_zh or "") or (outline and outline.name_zh) or chinese_name(tags)
    said_en = (given.name_en, tags.get("name:en"), tags.get("int_name"))
    name_en = next((text for each in said_en if each and (text := clean(each))), None)
    if not name_zh:
        guessed["name_zh"] = "local_name" if local else "folder_name"
    if not name_en and not (local and local.isascii()):
        guessed["name_en"] = "folder_name"
    return Facts(
        slug=slug,
        code=_code(slug, given, outline, country, codes, guessed),
        name_zh=name_zh or local or _title(slug),
        name_en=name_en or (local if local and local.isascii() else _title(slug)),
        country=country,
        timezone=timezone,
        centre=centre,
        country_from=country_from,
        guessed=guessed,
    )


def _middle(places: Sequence[Place]) -> tuple[float, float]:
    """Where most of what is mapped stands: the medians, not the middle of the mountains."""
    lon, lat = (np.median([getattr(place, axis) for place in places]) for axis in ("lon", "lat"))
    return round(float(lon), 4), round(float(lat), 4)


def _country(
    given: Given,
    outline: Outline | None,
    around: Sequence[Mapping[str, str]],
    centre: tuple[float, float],
    places: Sequence[Place],
) -> tuple[str, str]:
    if given.country:
        country = given.country.strip().upper()
        if not _COUNTRY.fullmatch(country) or not _zones_of(country):
            raise UsageError(
                f"--country {given.country}：没有这个国家代码，请写两个字母，如 CN / "
                "no country has this code; give its two letters, such as CN."
            )
        return country, "given"
    if outline and outline.how == "adcode":
        return "CN", "adcode"
    return country_of(centre, around, places)


def _zone(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return ZoneInfo(given).key
    except (LookupError, ValueError, OSError) as error:
        raise UsageError(
            f"--timezone {given}：没有这个时区，写成 Asia/Shanghai 这样 / "
            "no time zone goes by that name; give one like Asia/Shanghai."
        ) from error


def _holds(boundary: Boundary, outline: Outline | None, centre: tuple[float, float]) -> bool:
    larger = outline is None or boundary.area_m2 >= float(ground_m2(outline.shape))
    return larger and bool(shapely.contains_xy(boundary.shape, *centre))


def _code(
    slug: str,
    given: Given,
    outline: Outline | None,
    country: str,
    codes: frozenset[str],
    guessed: dict[str, str],
) -> str:
    """The code given, else the adcode, else the country and as many letters as make it unique."""
    code = given.code or (outline.code if outline else None)
    if code:
        if not _CODE.fullmatch(code):
            raise UsageError(
                f"--code {code}：用 2 到 12 个小写字母和数字 / "
                "give 2 to 12 of the characters a-z and 0-9."
            )
        if code in codes:
            raise UsageError(
                f"代码 {code} 是别的县的，请用 --code 另写一个 / "
                f"code {code!r} is another county's; give one of its own with --code."
            )
        return code
    guessed["code"] = "made_up"
    stem = (country.lower() + slug.replace("-", ""))[:12]
    for length in range(min(5, len(stem)), len(stem) + 1):
        if stem[:length] not in codes:
            return stem[:length]
    return next(code for number in range(2, 10**6) if (code := f"{stem[:6]}{number}") not in codes)


def _zones_of(country: str) -> int:
    return sum(zone.country == country for zone in zones())


def _title(slug: str) -> str:
    return slug.replace("-", " ").title()
