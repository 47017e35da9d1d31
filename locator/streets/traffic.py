"""Where an e-bike may go, read from the tags of an OpenStreetMap way.

The law calls a rider's e-bike a bicycle, so the bicycle tags decide. The tables below are the
whole of it; whatever they do not know is closed, with its reason, and counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from locator.county import Streets

Mode = Literal["ride", "track", "push", "steps"]
Tags = Mapping[str, str]

#: How each class of street is passed when its other tags are silent. All other classes are closed.
CLASSES: dict[str, Mode] = {
    "trunk": "ride", "trunk_link": "ride", "primary": "ride", "primary_link": "ride",
    "secondary": "ride", "secondary_link": "ride", "tertiary": "ride", "tertiary_link": "ride",
    "unclassified": "ride", "residential": "ride", "living_street": "ride", "service": "ride",
    "road": "ride", "cycleway": "ride",
    "track": "track", "path": "track",
    "footway": "push", "pedestrian": "push",
    "steps": "steps",
}  # fmt: skip
#: Closed as a class, but open to riding where ``bicycle`` says so outright.
BY_PERMISSION = frozenset({"busway", "bridleway"})
#: No pavement is to be expected beside these: where riding is forbidden, so is pushing.
NO_PAVEMENT = frozenset({"trunk", "trunk_link"})

#: The most particular tag that says anything decides.
BICYCLE_KEYS = ("electric_bicycle", "bicycle")
RIDE_KEYS = (*BICYCLE_KEYS, "vehicle", "access")
WALK_KEYS = ("foot", "access")
#: Riders come to deliver, so a way for visitors and deliveries is open to them.
YES = frozenset(
    {"yes", "designated", "permissive", "official", "destination", "delivery", "customers"}
)
NO = frozenset(
    {"no", "private", "residents", "permit", "military", "emergency", "agricultural", "forestry",
     "bus", "psv"}
)  # fmt: skip

#: Points that no e-bike passes, unless ``bicycle`` says that it does.
IMPASSABLE = frozenset(
    {"stile", "turnstile", "full-height_turnstile", "kissing_gate", "wall", "fence", "hedge"}
)
#: Values ``yes`` of these: the street is drawn, but is not there (yet, or any more).
LIFECYCLE = ("proposed", "construction", "abandoned")
#: Streets that agree in these lie on one level.
LEVEL_KEYS = ("layer", "bridge", "tunnel", "level")
#: Tags that hold at times only. Nobody here knows when, so they are counted and not read.
CONDITIONAL = tuple(
    f"{key}:conditional"
    for key in ("access", "vehicle", "bicycle", "foot", "oneway", "oneway:bicycle", "maxspeed")
)
_CONTRAFLOW_KEYS = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
#: All tags of a way that are read, its name apart.
KEYS = (
    "highway", "area", "route", "motorroad", "conveying", "sac_scale", "oneway:bicycle", "oneway",
    "junction", "maxspeed", *BICYCLE_KEYS, "vehicle", "access", "foot", *_CONTRAFLOW_KEYS,
    *LIFECYCLE, *LEVEL_KEYS, *CONDITIONAL,
)  # fmt: skip
EASY_PATHS = frozenset({"strolling", "hiking"})
MPH = 1.609344


@dataclass(frozen=True, slots=True)
class Passage:
    """How a way is passed (``mode``), and in which of its directions; or why it is ``closed``."""

    mode: Mode | None
    forward: bool = False
    backward: bool = False
    closed: str = ""


def passage(tags: Tags) -> Passage:
    """Judge the way with ``tags``, of which ``highway`` is one."""
    mode, closed = _mode(tags)
    if mode is None:
        return Passage(None, closed=closed)
    forward, backward = _directions(tags)
    return Passage(mode, forward, backward)


def blocked(tags: Tags) -> bool:
    """Whether the barrier on a node stops an e-bike, even one that is pushed."""
    if _permission(tags, BICYCLE_KEYS) in ("yes", "dismount"):
        return False
    if tags.get("barrier") in IMPASSABLE:
        return True
    return _permission(tags, RIDE_KEYS) == _permission(tags, WALK_KEYS) == "no"


def level(tags: Tags) -> tuple[str, ...]:
    """What tells streets apart that lie one above the other."""
    said = (tags.get(key, "") for key in LEVEL_KEYS)
    return tuple("" if value in ("no", "0") else value for value in said)


def speed_kmh(mode: Mode, tags: Tags, speeds: Streets) -> float:
    """The speed on a way in km/h: that of its mode, under the way's own limit and the cap."""
    own = {
        "ride": speeds.ride_kmh,
        "track": speeds.track_kmh,
        "push": speeds.push_kmh,
        "steps": speeds.steps_kmh,
    }[mode]
    return min(own, speeds.cap_kmh, _limit_kmh(tags.get("maxspeed", "")))


def _mode(tags: Tags) -> tuple[Mode | None, str]:
    highway = tags["highway"]
    by_class = CLASSES.get(highway)
    cycling = _permission(tags, BICYCLE_KEYS)
    if tags.get("route") == "ferry":
        return None, "ferry"
    if by_class is None and not (highway in BY_PERMISSION and cycling == "yes"):
        return None, f"highway={highway}"
    for state in LIFECYCLE:
        if tags.get(state) == "yes":
            return None, state
    if tags.get("motorroad") == "yes":
        return None, "motorroad"
    if tags.get("conveying", "no") != "no":
        return None, "escalator"
    if highway == "path" and tags.get("sac_scale", "hiking") not in EASY_PATHS:
        return None, "mountain path"
    if tags.get("bicycle") == "use_sidepath":
        return None, "bicycle=use_sidepath"

    riding = _permission(tags, RIDE_KEYS)
    walking = _permission(tags, WALK_KEYS)
    if by_class in ("push", "steps"):
        if by_class == "push" and cycling == "yes":
            return "track", ""  # ridden, but among people on foot
        allowed = walking != "no" or cycling in ("yes", "dismount")
        return (by_class, "") if allowed else (None, "no access")
    if riding == "dismount":
        return "push", ""
    if riding == "no":
        allowed = walking == "yes" or (walking == "silent" and highway not in NO_PAVEMENT)
        return ("push", "") if allowed else (None, "no access")
    return by_class or "ride", ""


def _permission(tags: Tags, keys: tuple[str, ...]) -> Literal["yes", "no", "dismount", "silent"]:
    for key in keys:
        value = tags.get(key)
        if value in YES:
            return "yes"
        if value in NO:
            return "no"
        if value == "dismount":
            return "dismount"
    return "silent"


def _directions(tags: Tags) -> tuple[bool, bool]:
    """Whether the way is open (along, against) the order of its nodes.

    A street whose direction changes with the hour counts as open both ways.
    """
    oneway = tags.get("oneway:bicycle")
    if oneway is None and any(
        tags.get(key, "").startswith("opposite")  # the older way to say oneway:bicycle=no
        for key in _CONTRAFLOW_KEYS
    ):
        oneway = "no"
    if oneway is None:
        oneway = tags.get("oneway")
    if oneway is None and tags.get("junction") in ("roundabout", "circular"):
        oneway = "yes"
    if oneway in ("yes", "true", "1"):
        return True, False
    if oneway in ("-1", "reverse"):
        return False, True
    return True, True


def _limit_kmh(text: str) -> float:
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(km/h|mph)?\s*", text)
    if found is None or float(found[1]) == 0:
        return float("inf")
    return float(found[1]) * (MPH if found[2] == "mph" else 1.0)
