"""What an OSM object is on our map, by its tags alone: which layer, which class, from which zoom.

The classes are few, so that the map stays quiet and its style short.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Tags = Mapping[str, str]


class Drawn(NamedTuple):
    """One way in which an object is drawn; ``rank`` grows with a name's unimportance."""

    layer: str
    kind: str
    minzoom: int
    rank: int = 0


#: highway=* → class on the map, first zoom. A slip road is a class of its own: the colour of the
#: big road, the width of a small one.
_ROADS = {
    "motorway": ("motorway", 8), "trunk": ("major", 8), "primary": ("major", 9),
    "motorway_link": ("link", 12), "trunk_link": ("link", 12), "primary_link": ("link", 12),
    "secondary": ("secondary", 10), "secondary_link": ("tertiary", 12),
    "tertiary": ("tertiary", 11), "tertiary_link": ("tertiary", 12),
    "unclassified": ("minor", 12), "residential": ("minor", 13), "living_street": ("minor", 13),
    "pedestrian": ("minor", 13), "road": ("minor", 13), "busway": ("minor", 13),
    "service": ("service", 14), "track": ("track", 14), "cycleway": ("track", 14),
    "path": ("path", 14), "footway": ("path", 14), "bridleway": ("path", 14),
    "steps": ("steps", 14),
}  # fmt: skip
#: Drawn first to last: the big roads lie on top.
ROAD_ORDER = (
    "steps", "path", "track", "service", "minor", "tertiary", "link", "secondary", "major",
    "motorway",
)  # fmt: skip
#: Beside a road, or behind a house: drawn close by only.
_BESIDE = frozenset({"sidewalk", "crossing", "parking_aisle", "driveway", "drive-through"})
#: railway=* and aerialway=* → class, first zoom. What runs in the street is a class of its own.
_RAILS = {
    "rail": ("rail", 9), "light_rail": ("rail", 11), "narrow_gauge": ("rail", 11),
    "subway": ("rail", 12), "monorail": ("rail", 12), "funicular": ("rail", 12),
    "tram": ("tram", 14),
}  # fmt: skip
_CABLEWAYS = frozenset({"gondola", "cable_car", "chair_lift", "mixed_lift"})
_WATERWAYS = {"river": 9, "canal": 11, "stream": 13, "drain": 14, "ditch": 15}
_GREEN = {
    "leisure": {"park": "park", "garden": "park", "pitch": "pitch", "golf_course": "grass",
                "playground": "park"},
    "landuse": {"forest": "wood", "grass": "grass", "meadow": "grass", "cemetery": "grass",
                "recreation_ground": "park", "village_green": "park", "orchard": "orchard",
                "vineyard": "orchard", "allotments": "grass", "plant_nursery": "orchard",
                "flowerbed": "grass"},
    "natural": {"wood": "wood", "scrub": "scrub", "grassland": "grass", "heath": "scrub",
                "fell": "grass", "wetland": "grass"},
    "amenity": {"grave_yard": "grass"},
}  # fmt: skip
_BARE = {
    "natural": {"bare_rock": "rock", "rock": "rock", "scree": "rock", "shingle": "rock",
                "stone": "rock", "glacier": "ice", "sand": "sand", "beach": "sand",
                "mud": "sand"},
    "landuse": {"quarry": "rock", "landfill": "rock"},
}  # fmt: skip
_BUILT = {
    "place": {"square": "plaza"},
    "landuse": {"residential": "residential", "commercial": "commercial", "retail": "commercial",
                "industrial": "industrial", "construction": "industrial", "railway": "industrial",
                "education": "civic", "institutional": "civic", "garages": "industrial",
                "farmyard": "residential", "religious": "civic"},
    "amenity": {"school": "civic", "university": "civic", "college": "civic", "hospital": "civic",
                "kindergarten": "civic", "marketplace": "commercial"},
    "aeroway": {"aerodrome": "industrial", "apron": "plaza", "runway": "plaza"},
}  # fmt: skip
#: place=* → class, rank, first zoom.
_PLACES = {
    "city": ("township", 1, 8), "town": ("township", 2, 8), "municipality": ("township", 2, 8),
    "township": ("township", 2, 8), "village": ("village", 3, 10), "suburb": ("village", 3, 11),
    "quarter": ("hamlet", 4, 12), "hamlet": ("hamlet", 4, 12),
    "isolated_dwelling": ("hamlet", 5, 14), "neighbourhood": ("estate", 5, 14),
}  # fmt: skip
#: key → value → class, rank, first zoom.
_POIS = {
    "railway": {"station": ("station", 1, 12), "halt": ("station", 2, 13)},
    "aeroway": {"aerodrome": ("station", 1, 11)},
    "amenity": {"hospital": ("hospital", 1, 13), "bus_station": ("station", 1, 13),
                "townhall": ("government", 2, 13), "university": ("school", 2, 13),
                "college": ("school", 3, 14), "school": ("school", 3, 14),
                "clinic": ("hospital", 4, 15), "police": ("government", 4, 15),
                "kindergarten": ("school", 5, 15), "marketplace": ("mall", 3, 14)},
    "office": {"government": ("government", 3, 14)},
    "shop": {"mall": ("mall", 2, 13), "department_store": ("mall", 3, 14),
             "supermarket": ("mall", 4, 15)},
    "place": {"square": ("plaza", 2, 14)},
    "leisure": {"park": ("park", 3, 13), "garden": ("park", 4, 15),
                "nature_reserve": ("park", 4, 12), "stadium": ("plaza", 3, 14),
                "sports_centre": ("plaza", 4, 15)},
    "man_made": {"bridge": ("bridge", 3, 14)},
    "natural": {"water": ("water", 3, 13), "bay": ("water", 2, 12), "peak": ("peak", 4, 11),
                "saddle": ("peak", 5, 13), "glacier": ("water", 4, 12)},
    "landuse": {"reservoir": ("water", 3, 13)},
}  # fmt: skip
_LANDMARKS = {
    "tourism": frozenset({"attraction", "museum", "viewpoint", "zoo", "theme_park", "alpine_hut"}),
    "historic": frozenset({"monument", "castle", "city_gate", "ruins", "pagoda"}),
    "man_made": frozenset({"tower", "lighthouse"}),
    "amenity": frozenset({"place_of_worship", "library", "theatre", "cinema"}),
}
#: An object with none of these keys is never drawn.
KEYS = (
    "highway", "railway", "aerialway", "aeroway", "waterway", "natural", "landuse", "leisure",
    "building", "place", "amenity", "office", "shop", "man_made", "tourism", "historic",
    "area:highway",
)  # fmt: skip
_NO = frozenset({None, "", "no", "false", "0"})


def line_class(tags: Tags) -> Drawn | None:
    """How a way is drawn as a line; None when it is not."""
    if tags.get("area") == "yes" or _deep(tags):
        return None
    if (highway := tags.get("highway", "")) in _ROADS:
        kind, minzoom = _ROADS[highway]
        aside = tags.get("footway") in _BESIDE or tags.get("service") in _BESIDE
        return Drawn("roads", kind, 15 if aside else minzoom)
    if (railway := tags.get("railway", "")) in _RAILS and "service" not in tags:
        kind, minzoom = _RAILS[railway]
        return Drawn("rails", kind, minzoom)
    if tags.get("aerialway") in _CABLEWAYS:
        return Drawn("rails", "cableway", 13)
    if (kind := tags.get("waterway", "")) in _WATERWAYS:
        return Drawn("waterways", kind, _WATERWAYS[kind])
    return None


def area_classes(tags: Tags, *, ring: bool) -> list[Drawn]:
    """How an area is drawn: as a building, and as one sort of ground.

    ``ring`` tells a way that ends where it begins from a relation: a street may run in a ring.
    """
    drawn = []
    if tags.get("building") not in _NO:
        drawn.append(Drawn("buildings", "building", 14))
    paved = tags.get("highway") in _ROADS and (not ring or tags.get("area") == "yes")
    if is_water(tags):
        drawn.append(Drawn("water", tags.get("water", "water"), 8))
    elif paved or "area:highway" in tags:
        drawn.append(Drawn("landuse", "plaza", 13))
    elif "platform" in {tags.get("highway"), tags.get("railway")}:
        drawn.append(Drawn("landuse", "plaza", 15))
    elif kind := _first(_GREEN, tags):
        drawn.append(Drawn("green", kind, 8))
    elif kind := _first(_BARE, tags):
        drawn.append(Drawn("bare", kind, 8))
    elif kind := _first(_BUILT, tags):
        drawn.append(Drawn("landuse", kind, 8))
    return drawn


def is_area(tags: Tags, *, ring: bool) -> bool:
    """Whether a closed outline with these tags is drawn, as ground or by its name."""
    return bool(
        area_classes(tags, ring=ring)
        or (names(tags)["name"] and label_class(tags, area=True) is not None)
    )


def label_class(tags: Tags, *, area: bool) -> Drawn | None:
    """What the name of a node or an area stands for on the map; None when it is not shown."""
    if tags.get("water") in _WATERWAYS or tags.get("waterway") == "riverbank":
        return None  # a river's name runs along its line
    poi = _first(_POIS, tags)
    if poi is None and area and tags.get("highway") == "pedestrian":
        poi = ("plaza", 3, 14)
    if poi is not None:
        kind, rank, minzoom = poi
        return Drawn("pois", kind, minzoom, rank)
    if (place := tags.get("place", "")) in _PLACES:
        kind, rank, minzoom = _PLACES[place]
        if place == "village" and is_set(tags, "capital"):
            kind, rank, minzoom = _PLACES["town"]
        # The outline of a whole town carries no name: the town's own node does.
        return None if area and kind == "township" else Drawn("places", kind, minzoom, rank)
    if any(tags.get(key) in values for key, values in _LANDMARKS.items()):
        return Drawn("places", "landmark", 14, 4)
    if area and tags.get("landuse") == "residential":
        return Drawn("places", "estate", 14, 5)
    return None


def bridge_name(tags: Tags) -> str | None:
    """The name of the bridge that a road runs over, where the road's tags tell it."""
    name = tags.get("name", "")
    return tags.get("bridge:name") or (
        name if is_set(tags, "bridge") and name[-1:] == "桥" else None
    )


def is_water(tags: Tags) -> bool:
    """Whether an area is open water."""
    return (
        tags.get("natural") in {"water", "bay"}
        or tags.get("waterway") in {"riverbank", "dock"}
        or tags.get("landuse") in {"reservoir", "basin"}
    )


def is_set(tags: Tags, key: str) -> bool:
    """Whether ``key`` is there and does not say no (bridge, tunnel)."""
    return tags.get(key) not in _NO


def _deep(tags: Tags) -> bool:
    """A car park's ramps and a metro's tubes: nobody sees them from the street."""
    if not is_set(tags, "tunnel") or tags.get("tunnel") == "building_passage":
        return False
    small = tags.get("highway") in {"service", "footway", "path", "steps"}
    return tags.get("railway") == "subway" or (
        small and tags.get("layer", "").startswith("-") and tags["layer"] != "-1"
    )


def level(tags: Tags) -> int:
    """How high a bridge lies over the others: 1 to 5, 0 for what is none."""
    if not is_set(tags, "bridge"):
        return 0
    try:
        return min(max(int(tags.get("layer", "1")), 1), 5)
    except ValueError:
        return 1


def oneway(tags: Tags) -> int:
    """1 along the line, -1 against it, 0 both ways (for motor traffic, as the map draws it)."""
    said = tags.get("oneway")
    if said in {"-1", "reverse"}:
        return -1
    round_about = tags.get("junction") in {"roundabout", "circular"} and said != "no"
    return int(said in {"yes", "true", "1"} or round_about)


def names(tags: Tags) -> dict[str, str | None]:
    """The Chinese name where there is one, else the local one; and the English one."""
    chinese = tags.get("name:zh-Hans") or tags.get("name:zh")
    return {"name": chinese or tags.get("name"), "name:en": tags.get("name:en")}


def _first(table: Mapping[str, Mapping[str, Any]], tags: Tags) -> Any:
    """The entry of a key → value table for the first of its keys that matches, or None."""
    for key, values in table.items():
        if (value := tags.get(key, "")) in values:
            return values[value]
    return None
