"""What the things on OpenStreetMap are to a rider: ``offers.toml``, read and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from locator.county import Kind
from locator.errors import ConfigError
from locator.stations.hours import normalise_hours
from locator.toml_faults import not_toml, wrong_value

#: Key → the values that fit it.
Tags = dict[str, tuple[str, ...]]
Text = Annotated[str, Field(min_length=1)]
Positive = Annotated[float, Field(gt=0)]

#: The file that comes with the program.
OFFERS = Path(__file__).parent / "offers.toml"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class When(_Record):
    """Holds of a thing of which every key has one of its values."""

    tags: Tags = Field(min_length=1)

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Whether it holds of ``tags``."""
        return all(says(tags, key, values) for key, values in self.tags.items())


class Because(When):
    """A reason to pass a thing over."""

    reason: Text


class Needs(_Record):
    """What one of its keys must say, and the reason to pass over a thing of which none does."""

    tags: Tags = Field(min_length=1)
    reason: Text

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Whether one key of ``tags`` has a value that fits."""
        return any(says(tags, key, values) for key, values in self.tags.items())


class Becomes(When):
    """The status of a thing."""

    status: Literal["temporarily_closed", "planned"]


class Stated(When):
    """Services that a thing has, or is without, because it says so."""

    services: tuple[Text, ...] = ()
    without: tuple[Text, ...] = ()


class Entry(When):
    """What all entries have: what they are about, and what of it is passed over.

    ``unnamed`` is the name of a thing without one. An area of less than ``least_m2`` is too small
    (the ground of a single point is not known).
    """

    unnamed: Text
    never: tuple[Because, ...] = ()
    must: Needs | None = None
    least_m2: float = Field(default=0.0, ge=0)


class Offer(Entry):
    """What is a station. With ``stated``, only where it states a service."""

    kind: Text
    services: tuple[Text, ...] = ()
    entry: Literal["free"] | None = None
    stated: bool = False


class Candidate(Entry):
    """What is a candidate site, and what could be done there."""

    actions: tuple[Text, ...] = Field(min_length=1)


class SignSite(Entry):
    """What is a sign site, and where its reader looks: at the place, or out at the street."""

    kind: Text
    looks: Literal["in", "out"]
    wide: bool = False
    of_estate: bool = False


class Estate(_Record):
    """What is an estate: one of ``any`` holds, and its ground is no more than ``most_m2``."""

    most_m2: Positive
    any: tuple[When, ...] = Field(min_length=1)


class Day(_Record):
    """24 factors for each kind of day."""

    workday: tuple[Annotated[float, Field(ge=0)], ...] = Field(min_length=24, max_length=24)
    dayoff: tuple[Annotated[float, Field(ge=0)], ...] = Field(min_length=24, max_length=24)

    def of(self, day: str) -> tuple[float, ...]:
        """The factors of a ``workday`` or a ``dayoff``."""
        return self.workday if day == "workday" else self.dayoff


class Restaurant(When):
    """Where riders wait for meals."""

    weight: Positive


class Building(When):
    """A sort of building with homes in it."""

    levels: Positive
    share: float = Field(default=1.0, gt=0, le=1)
    least_m2: float = Field(default=0.0, ge=0)
    most_m2: Positive = 1e6
    unless: tuple[Text, ...] = ()


class Homes(Day):
    """Where riders hand over: riders for each 1,000 m² of floor at the peak."""

    riders_per_1000_m2: Positive
    flat_m2: Positive
    floor_of_land: Positive
    drawn_from: float = Field(ge=0, le=1)
    buildings: tuple[Building, ...] = Field(min_length=1)


class Demand(_Record):
    """Where riders are, by assumption."""

    assumed_hours: Text
    radius_m: int = Field(ge=0, le=2000)
    waiting: Day
    restaurants: tuple[Restaurant, ...] = Field(min_length=1)
    homes: Homes

    @field_validator("assumed_hours")
    @classmethod
    def _readable(cls, value: str) -> str:
        return normalise_hours(value) or value


class Offers(_Record):
    """All of ``offers.toml``."""

    kinds: dict[str, Kind]
    reasons: dict[str, dict[Literal["zh", "en"], Text]]
    left_out: tuple[Because, ...]
    status: tuple[Becomes, ...]
    stated: tuple[Stated, ...]
    offers: tuple[Offer, ...] = Field(min_length=1)
    passed_over: tuple[Because, ...]
    candidates: tuple[Candidate, ...]
    sign_sites: tuple[SignSite, ...]
    estate: Estate
    demand: Demand

    @model_validator(mode="after")
    def _words_are_explained(self) -> Offers:
        """Every reason has its words (those that the code gives too), every kind its table."""
        entries: tuple[Entry, ...] = (*self.offers, *self.candidates, *self.sign_sites)
        used = [because.reason for because in (*self.left_out, *self.passed_over)]
        used += [because.reason for entry in entries for because in entry.never]
        used += [entry.must.reason for entry in entries if entry.must]
        for reason in (*used, *REASONS):
            if reason not in self.reasons:
                raise ValueError(
                    f"理由 {reason} 在 [reasons] 里没有写 / "
                    f"the reason {reason!r} has no words under [reasons]"
                )
        for offer in self.offers:
            if offer.kind not in self.kinds:
                raise ValueError(
                    f"缺表 [kinds.{offer.kind}] / "
                    f"the kind {offer.kind!r} has no table [kinds.{offer.kind}]"
                )
        return self


#: Reasons that are found out, not written in an entry.
REASONS = ("closed", "same_place", "too_small", "off_road", "nothing_stated", "no_estate", "other")


def says(tags: Mapping[str, str], key: str, values: tuple[str, ...]) -> bool:
    """Whether ``key`` has one of ``values``; ``"*"`` is any but "no".

    Mappers write several values with semicolons (``cafe;bar``); one of them is enough.
    """
    text = tags.get(key)
    if text is None:
        return False
    said = {word.strip().lower() for word in text.split(";")}
    return bool(said - {"no", ""}) if "*" in values else not said.isdisjoint(values)


@cache
def load_offers(path: Path = OFFERS) -> Offers:
    """Read and check a file like ``offers.toml``.

    Raises ConfigError that names the file, the entry and the key.
    """
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{path}：读不了，请放回去 / cannot be read ({error.strerror}); restore it."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        zh, en = not_toml(error)
        raise ConfigError(f"{path}：{zh} / not a TOML file ({en}); correct it.") from error
    try:
        return Offers.model_validate(settings)
    except ValidationError as error:
        first = error.errors()[0]
        zh, en = wrong_value(first)
        where = "：".join(filter(None, (str(path), _where(first["loc"]))))
        raise ConfigError(f"{where}：{zh}，请改正 / {en}; correct this.") from error


def _where(location: tuple[Any, ...]) -> str:
    """``offers, entry 3, tags.amenity`` for ("offers", 2, "tags", "amenity")."""
    words = [f"entry {part + 1}" if isinstance(part, int) else str(part) for part in location]
    return ", ".join(words)
