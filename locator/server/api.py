"""The API: what is published, for other programs. Nothing in it asks for a position."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request, url_for

from locator.errors import UsageError
from locator.release.publish import canonical_json
from locator.server import published
from locator.server.cards import county_cards

api = Blueprint("api", __name__, url_prefix="/api/v1")

Value = TypeVar("Value")
Box = tuple[float, float, float, float]


@api.get("/counties")
def list_counties() -> Response:
    """The counties served, with the release that each has published."""
    parameters({})
    return jsonify(
        {
            "counties": [
                {
                    **{key: each.county[key] for key in _COUNTY_KEYS},
                    "release": each.hash,
                    "as_of": each.manifest["as_of"],
                    "illustrative": each.manifest["illustrative"],
                    "provenance": each.manifest["provenance"],
                    "stations": len(county_cards(each, "zh").cards),
                    "links": {
                        "page": url_for("public.county", slug=each.county["slug"]),
                        "stations": url_for("api.stations", slug=each.county["slug"]),
                        "coverage": url_for("api.coverage", slug=each.county["slug"]),
                    },
                }
                for each in published.releases()
            ]
        }
    )


@api.get("/counties/<slug>/stations.geojson")
def stations(slug: str) -> Response:
    """The published stations, all or those of a kind, with a service, within a box."""
    asked = parameters({"kind": _word, "service": _word, "bbox": bounding_box})
    release = published.release(slug)
    table = release.json("public/stations.geojson")
    kind, service, box = asked.get("kind"), asked.get("service"), asked.get("bbox")
    table["features"] = [
        feature
        for feature in table["features"]
        if (kind is None or feature["properties"]["kind"] == kind)
        and (service is None or service in feature["properties"]["services"])
        and (box is None or _inside(feature["geometry"]["coordinates"], box))
    ]
    return Response(canonical_json(table), mimetype="application/geo+json")


@api.get("/counties/<slug>/coverage")
def coverage(slug: str) -> Response:
    """The coverage clock and the gaps; the clock may be narrowed to a day, hour or service."""
    asked = parameters({"day": _day, "hour": _hour, "service": _word})
    said = published.release(slug).json("public/coverage.json")
    said["clock"] = [
        slot for slot in said["clock"] if all(slot[key] == value for key, value in asked.items())
    ]
    return Response(canonical_json(said), mimetype="application/json")


def parameters(known: dict[str, Callable[[str], Any]]) -> dict[str, Any]:
    """The query of this request, each value read by its reader.

    Raises UsageError for a parameter that is not in ``known``, comes twice, or cannot be read:
    a misspelt filter must not look like one that found everything.
    """
    found = {}
    for name, values in request.args.lists():
        if name not in known:
            some = ", ".join(known) or "none"
            raise UsageError(f"no parameter {name!r} here; there is: {some}.")
        if len(values) > 1:
            raise UsageError(f"{name} is given {len(values)} times; give it once.")
        try:
            found[name] = known[name](values[0])
        except ValueError as error:
            raise UsageError(f"{name}={values[0]!r}: {error}") from None
    return found


def bounding_box(text: str) -> Box:
    """``west,south,east,north`` in degrees; ValueError when it is not that."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise ValueError("give west,south,east,north in degrees.") from None
    if not all(map(math.isfinite, (west, south, east, north))):
        raise ValueError("give four finite numbers.")
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError("west must be below east and south below north, within ±180 and ±90.")
    return west, south, east, north


_COUNTY_KEYS = ("slug", "code", "name_zh", "name_en", "timezone", "centre", "bbox")


def _inside(position: list[float], box: Box) -> bool:
    west, south, east, north = box
    return west <= position[0] <= east and south <= position[1] <= north


def _word(text: str) -> str:
    if not text.isascii() or not text.replace("_", "").isalnum() or len(text) > 64:
        raise ValueError("give a code such as drinking_water.")
    return text


def _day(text: str) -> str:
    if text not in {"workday", "dayoff"}:
        raise ValueError("give workday or dayoff.")
    return text


def _hour(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 24):
        raise ValueError("give a whole hour, 0 to 23.")
    return int(text)
