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


#: highway=* → class on the map, first zoom.
_ROADS = {
    "motorway": ("major", 10), "trunk": ("major", 10), "primary": ("major", 10),
    "secondary": ("secondary", 10), "tertiary": ("secondary", 11),
    "unclassified": ("minor", 13), "residential": ("minor", 13), "living_street": ("minor", 13),
    "pedestrian": ("minor", 13), "road": ("minor", 13), "busway": ("minor", 13),
    "service": ("minor", 14), "track": ("path", 14), "path": ("path", 14),
    "cycleway": ("path", 14), "footway": ("path", 14), "bridleway": ("path", 14),
    "steps": ("steps", 14),
}  # fmt: skip
#: Drawn first to last: the big roads lie on top.
ROAD_ORDER = ("steps", "path", "minor", "secondary", "major")
#: Beside a road, or behind a house: drawn close by only.
_BESIDE = frozenset({"sidewalk", "crossing", "parking_aisle", "driveway", "drive-through"})
_RAILS = frozenset({"rail", "light_rail", "narrow_gauge", "tram", "monorail"})
_WATERWAYS = {"river": 10, "canal": 11, "stream": 13, "drain": 14, "ditch": 15}
_GREEN = {
    "leisure": {"park": "park", "garden": "park", "pitch": "pitch", "golf_course": "grass",
                "nature_reserve": "wood", "playground": "park"},
    "landuse": {"forest": "wood", "grass": "grass", "meadow": "grass", "cemetery": "grass",
                "recreation_ground": "park", "village_green": "park", "orchard": "wood",
                "vineyard": "wood", "allotments": "grass"},
    "natural": {"wood": "wood", "scrub": "wood", "grassland": "grass", "heath": "grass",
                "wetland": "grass"},
}  # fmt: skip
_BUILT = {
    "landuse": {"residential": "residential", "commercial": "commercial", "retail": "commercial",
                "industrial": "industrial", "construction": "industrial", "railway": "industrial",
                "education": "civic", "institutional": "civic", "garages": "industrial"},
    "amenity": {"school": "civic", "university": "civic", "college": "civic", "hospital": "civic",
                "marketplace": "commercial"},
    "place": {"square": "plaza"},
}  # fmt: skip
#: place=* → class, rank, first zoom.
_PLACES = {
    "city": ("township", 1, 10), "town": ("township", 2, 10), "municipality": ("township", 2, 10),
    "township": ("township", 2, 10), "suburb": ("village", 3, 12), "quarter": ("village", 4, 13),
    "village": ("village", 3, 12), "hamlet": ("village", 4, 13),
    "isolated_dwelling": ("village", 5, 14), "neighbourhood": ("estate", 5, 14),
}  # fmt: skip
#: key → value → class, rank, first zoom ("*" stands for any value).
_POIS = {
    "railway": {"station": ("station", 1, 13), "halt": ("station", 2, 13)},
    "amenity": {"hospital": ("hospital", 1, 13), "bus_station": ("station", 1, 13),
                "townhall": ("government", 2, 13), "university": ("school", 2, 13),
                "college": ("school", 3, 14), "school": ("school", 3, 14),
                "clinic": ("hospital", 4, 15), "police": ("government", 4, 15),
                "marketplace": ("mall", 3, 14)},
    "office": {"government": ("government", 3, 14)},
    "shop": {"mall": ("mall", 2, 13), "department_store": ("mall", 3, 14),
             "supermarket": ("mall", 4, 15)},
    "place": {"square": ("plaza", 2, 14)},
    "leisure": {"park": ("park", 3, 13), "garden": ("park", 4, 15),
                "stadium": ("plaza", 3, 14), "sports_centre": ("plaza", 4, 15)},
    "man_made": {"bridge": ("bridge", 3, 14)},
    "natural": {"water": ("water", 3, 13)},
}  # fmt: skip
_LANDMARKS = {
    "tourism": frozenset({"attraction", "museum", "viewpoint", "zoo", "theme_park"}),
    "historic": frozenset({"monument", "castle", "city_gate", "ruins", "pagoda"}),
    "man_made": frozenset({"tower", "lighthouse"}),
    "amenity": frozenset({"place_of_worship", "library", "theatre", "cinema"}),
}
#: An object with none of these keys is never drawn.
KEYS = (
    "highway", "railway", "waterway", "natural", "landuse", "leisure", "building", "place",
    "amenity", "office", "shop", "man_made", "tourism", "historic", "area:highway",
)  # fmt: skip
_NO = frozenset({None, "", "no", "false", "0"})


def line_class(tags: Tags) -> Drawn | None:
    """How a way is drawn as a line; None when it is not."""
    if tags.get("area") == "yes":
        return None
    highway = tags.get("highway", "").removesuffix("_link")
    if highway in _ROADS:
        kind, minzoom = _ROADS[highway]
        aside = tags.get("footway") in _BESIDE or tags.get("service") in _BESIDE
        return Drawn("roads", kind, 15 if aside else minzoom)
    if tags.get("railway") in _RAILS and "service" not in tags:
        return Drawn("rails", "rail", 11)
    if (kind := tags.get("waterway", "")) in _WATERWAYS:
        return Drawn("waterways", kind, _WATERWAYS[kind])
    return None


def area_classes(tags: Tags) -> list[Drawn]:
    """How an area is drawn: as a building, and as one sort of ground."""
    drawn = []
    if tags.get("building") not in _NO:
        drawn.append(Drawn("buildings", "building", 14))
    if is_water(tags):
        drawn.append(Drawn("water", tags.get("water", "water"), 10))
    elif kind := _first(_GREEN, tags):
        drawn.append(Drawn("green", kind, 10))
    elif kind := _first(_BUILT, tags):
        drawn.append(Drawn("landuse", kind, 10))
    elif tags.get("highway") == "pedestrian" or "area:highway" in tags:
        drawn.append(Drawn("landuse", "plaza", 13))
    return drawn


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


def oneway(tags: Tags) -> int:
    """1 along the line, -1 against it, 0 both ways (for motor traffic, as the map draws it)."""
    said = tags.get("oneway")
    if said in {"-1", "reverse"}:
        return -1
    round_about = tags.get("junction") in {"roundabout", "circular"} and said != "no"
    return int(said in {"yes", "true", "1"} or round_about)


def names(tags: Tags) -> dict[str, str | None]:
    """The Chinese name where there is one, else the local one; and the English one."""
    return {"name": tags.get("name:zh") or tags.get("name"), "name:en": tags.get("name:en")}


def _first(table: Mapping[str, Mapping[str, Any]], tags: Tags) -> Any:
    """The entry of a key → value table for the first of its keys that matches, or None."""
    for key, values in table.items():
        if (value := tags.get(key, "")) in values:
            return values[value]
    return None
