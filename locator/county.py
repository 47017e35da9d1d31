"""A county: its name, its files, its words and its rules, read from ``data/<slug>/county.toml``.

Everything that differs between two counties is data in that file; nothing in the code names one.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from locator.errors import ConfigError
from locator.toml_faults import not_toml, wrong_value

Provenance = Literal[
    "surveyed", "ledger", "gps", "orders", "headcount", "osm", "grid", "proxy", "illustrative"
]
#: From the strongest to the weakest: an output carries the weakest of what it was made from.
PROVENANCE_ORDER: tuple[Provenance, ...] = (
    "surveyed", "ledger", "gps", "orders", "headcount", "osm", "grid", "proxy", "illustrative",
)  # fmt: skip
PROVENANCE_ZH: dict[Provenance, str] = {
    "surveyed": "实地核实",
    "ledger": "台账",
    "gps": "轨迹统计",
    "orders": "订单统计",
    "headcount": "人数清点",
    "osm": "开放街图",
    "grid": "网格统计",
    "proxy": "推算",
    "illustrative": "示意数据",
}

#: A file of a county, relative to its folder.
FileName = Annotated[str, Field(pattern=r"^[^\x00]+$")]

ENTRY_ZH: dict[str, str] = {
    "free": "直接进",
    "bell": "按门铃",
    "member_code": "会员码",
    "face": "刷脸",
    "id_card": "身份证",
}
STATUS_ZH: dict[str, str] = {
    "open": "开放",
    "temporarily_closed": "暂停开放",
    "planned": "规划中",
    "closed": "已撤销",
}


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Kind(_Record):
    """A kind of station. ``stop`` is False for a kind that is no place to rest.

    ``offers`` are the services that the kind's name promises, ``basic`` says whether such a station
    should have all of the county's basic services. ``heard`` are words that a search hears as well.
    """

    zh: str
    en: str
    heard: tuple[str, ...] = ()
    icon: str
    stop: bool = True
    offers: tuple[str, ...] = ()
    basic: bool = False


class Service(_Record):
    """A service of a station.

    ``share`` is the part of the riders present who need it in an hour, ``profile`` 24 factors
    that move that need through the day. ``heard`` are words that a search hears beside its name.
    """

    zh: str
    en: str
    heard: tuple[str, ...] = ()
    basic: bool = False
    icon: str | None = None
    share: float = Field(default=0.1, ge=0, le=1)
    profile: tuple[float, ...] | None = None

    @field_validator("profile")
    @classmethod
    def _one_factor_an_hour(cls, value: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if value is not None and (len(value) != 24 or min(value) < 0):
            raise ValueError("要写 24 个数，都不为负 / it needs 24 numbers, none negative")
        return value

    def need(self, hour: int) -> float:
        """Riders who need the service in ``hour`` (0–23), for each rider present."""
        return self.share * (1.0 if self.profile is None else self.profile[hour])


class Streets(_Record):
    """The street file of a county and the speeds on it, in km/h.

    ``frozen_on``, ``source`` (an extract's name, an address), ``query`` and ``sha256`` say what the
    file is a copy of. The base map is drawn from ``basemap`` where that is given, else from it.
    """

    file: FileName
    provenance: Provenance
    frozen_on: date | None = None
    source: str = ""
    query: str = ""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    basemap: FileName | None = None
    attribution: str = ""
    ride_kmh: float = Field(default=15.0, gt=0)
    track_kmh: float = Field(default=10.0, gt=0)
    push_kmh: float = Field(default=4.5, gt=0)
    steps_kmh: float = Field(default=2.0, gt=0)
    cap_kmh: float = Field(default=25.0, gt=0)
    snap_kmh: float = Field(default=4.5, gt=0)
    snap_max_m: float = Field(default=300.0, gt=0)
    parking_s: int = Field(default=60, ge=0)


class DemandSource(_Record):
    """The demand file of a county.

    ``format`` is what it is: a headcount sheet of places, H3 cells, or a grid of shapes.
    ``lag_min`` is how long after an order its rider needs rest, in minutes.
    """

    file: FileName
    provenance: Provenance
    format: Literal["headcount", "cells", "grid"] = "headcount"
    lag_min: int = Field(default=0, ge=0, le=720)


class Opening(_Record):
    """What opening a stop at a candidate site means: an action that the candidates' file may name.

    ``hours`` (OSM ``opening_hours``) and ``services`` are what it would offer, ``cost`` what that
    is taken to cost in yuan a year, until the file says otherwise of a site.
    """

    zh: str
    en: str
    hours: str
    services: tuple[str, ...]
    cost: float = Field(ge=0)


class Costs(_Record):
    """What an action at a station is taken to cost, in yuan a year.

    ``extend_hour`` is for each hour that the door is open longer, every day; ``add_service`` for a
    service by its code, ``other_service`` for one that is not among these.
    """

    extend_hour: float = Field(ge=0)
    add_service: dict[str, Annotated[float, Field(ge=0)]] = {}
    other_service: float = Field(ge=0)


class Public(_Record):
    """What the public pages and prints of a county carry."""

    url: str = ""
    approval_number: str = ""


class County(_Record):
    """One county. ``folder`` is where its files are; file names in it are relative to that."""

    slug: str
    folder: Path
    code: str = Field(pattern=r"^[a-z0-9]{2,12}$")
    name_zh: str
    name_en: str
    country: str = "CN"
    timezone: str = "Asia/Shanghai"
    centre: tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]
    outline: FileName | None = None
    ledgers: tuple[FileName, ...] = Field(min_length=1)
    ledger_datum: Literal["wgs84", "gcj02", "bd09", "cgcs2000"] | None = None
    streets: Streets
    demand: DemandSource | None = None
    candidates: FileName | None = None
    sign_sites: FileName | None = None
    townships: tuple[str, ...] = ()
    township_outlines: FileName | None = None
    reach_min: float = Field(default=5.0, gt=0, le=15)
    verified_months: int = Field(default=6, gt=0, le=1200)
    clock_services: tuple[str, ...] = (
        "drinking_water", "meal_heating", "hot_meal", "rest_seats", "phone_charging",
        "ebike_charging", "battery_swap", "heating", "cooling", "toilet", "first_aid",
    )  # fmt: skip
    public: Public = Public()
    kinds: dict[str, Kind]
    services: dict[str, Service]
    openings: dict[str, Opening]
    costs: Costs

    @field_validator("timezone")
    @classmethod
    def _a_known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (LookupError, ValueError, OSError):  # no such key, no key at all, a folder of them
            raise ValueError(
                "没有这个时区，写成 Asia/Shanghai 这样 / "
                "no time zone goes by that name; give one like Asia/Shanghai"
            ) from None
        return value

    def service_names(self, lang: str) -> dict[str, str]:
        """What each service is called, by code, in ``lang`` ("zh" or "en")."""
        return {
            code: service.zh if lang == "zh" else service.en
            for code, service in self.services.items()
        }

    def path(self, name: str) -> Path:
        """The file ``name`` of ``county.toml``, as a path."""
        return (self.folder / name).resolve()

    @cached_property
    def ledger_paths(self) -> tuple[Path, ...]:
        """The county's ledgers, in the order in which they are read."""
        return tuple(self.path(name) for name in self.ledgers)


def load_county(folder: Path) -> County:
    """Read ``folder/county.toml`` over the shared vocabulary.

    Raises ConfigError with the file and the key when the file is missing, is not TOML, or holds
    a value that cannot be used.
    """
    source = folder / "county.toml"
    try:
        settings = tomllib.loads(source.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{source}：读不了，每个县都要有这个文件 / "
            f"cannot be read ({error.strerror}); a county needs this file."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        zh, en = not_toml(error)
        raise ConfigError(f"{source}：{zh} / not a TOML file ({en}); correct it.") from error
    words = _vocabulary()
    for table in ("kinds", "services", "openings"):
        own = settings.get(table, {})
        if not isinstance(own, dict) or not all(isinstance(said, dict) for said in own.values()):
            raise ConfigError(
                f"{source}：{table} 下面每个代码要有一个表，例如 [{table}.代码]，里面写 zh 和 en"
                f" / {table} must hold one table for each code, such as "
                f"[{table}.CODE] with zh and en; correct it."
            )
        settings[table] = {
            code: {**words[table].get(code, {}), **own.get(code, {})}
            for code in [*words[table], *(code for code in own if code not in words[table])]
        }
    costs, own = words["costs"], settings.get("costs", {})
    if isinstance(own, dict) and isinstance(own.get("add_service", {}), dict):
        each = {**costs["add_service"], **own.get("add_service", {})}
        settings["costs"] = {**costs, **own, "add_service": each}
    try:
        county = County(slug=folder.name, folder=folder, **settings)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise ConfigError(
                f"{source}：{key}：没有这一项，请改正或删去 / "
                "there is no such key; correct or remove it."
            ) from error
        zh, en = wrong_value(first)
        raise ConfigError(f"{source}：{key}：{zh}，请改正 / {en}; correct this value.") from error
    except TypeError as error:  # slug or folder given in the file
        raise ConfigError(
            f"{source}：slug 和 folder 不在这里写，请删去 / {error}; remove that key."
        ) from error
    named = [("clock_services", county.clock_services)]
    named += [(f"kinds.{code}.offers", kind.offers) for code, kind in county.kinds.items()]
    named += [
        (f"openings.{code}.services", each.services) for code, each in county.openings.items()
    ]
    named += [("costs.add_service", tuple(county.costs.add_service))]
    for key, services in named:
        unknown = [code for code in services if code not in county.services]
        if unknown:
            raise ConfigError(
                f"{source}：{key}：本县没有“{unknown[0]}”这项服务，请改正 / "
                f"{unknown[0]!r} is no service of this county; correct it."
            )
    return county


def weakest(provenances: list[Provenance]) -> Provenance:
    """The weakest of some provenances (lineage: what an output made from them may claim)."""
    return max(provenances, key=PROVENANCE_ORDER.index)


def web_root() -> Path:
    """The folder with ``templates/`` and ``static/``: beside the code, or inside the wheel."""
    installed = Path(__file__).parent / "_web"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "web"


def _vocabulary() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text("utf-8"))
