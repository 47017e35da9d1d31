from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from locator.server.api import bounding_box

STATIONS = "/api/v1/counties/shucheng/stations.geojson"
COVERAGE = "/api/v1/counties/shucheng/coverage"


def ids(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(STATIONS + query)
    assert answer.status_code == 200
    assert answer.mimetype == "application/geo+json"
    return [feature["properties"]["id"] for feature in answer.get_json()["features"]]


def test_counties(client: FlaskClient) -> None:
    (county,) = client.get("/api/v1/counties").get_json()["counties"]
    assert county["slug"] == "shucheng"
    assert county["stations"] == 3
    assert county["illustrative"] is True
    assert county["provenance"]["stations"] == "illustrative"
    for address in county["links"].values():
        assert client.get(address).status_code == 200


def test_stations_by_kind_service_and_box(client: FlaskClient) -> None:
    assert ids(client) == ["341523-001", "341523-002", "341523-003"]
    assert ids(client, "?kind=canteen") == ["341523-002"]
    assert ids(client, "?service=ebike_charging") == ["341523-003"]
    assert ids(client, "?bbox=116.94,31.46,116.95,31.465") == ["341523-001"]
    assert ids(client, "?kind=canteen&service=toilet") == []


def test_coverage_by_day_hour_and_service(client: FlaskClient) -> None:
    def clock(query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.get(COVERAGE + query).get_json()["clock"]
        return found

    assert len(clock("")) == 96
    assert clock("?day=workday&hour=20&service=any_stop") == [
        {"day": "workday", "hour": 20, "service": "any_stop", "covered": 2.0, "total": 14.0}
    ]


@pytest.mark.parametrize(
    "query",
    ["?bbox=nan,nan,nan,nan", "?bbox=inf,0,1,1", "?bbox=1,2,3", "?bbox=117,31,116,32",
     "?bbox=0,0,0,0", "?bbox=-181,0,1,1", "?bbox=", "?bbox=1,2,3,4,5", "?bbox=a,b,c,d",
     "?kinds=canteen", "?kind=canteen&kind=canteen", "?kind=", "?kind=%27%20OR%201=1",
     "?service=" + "a" * 65, "?lang=en"],
)  # fmt: skip
def test_a_query_that_cannot_be_meant_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(STATIONS + query)
    assert answer.status_code == 400
    assert answer.mimetype == "application/json"
    assert answer.get_json()["error"]["code"] == "usage_error"


@pytest.mark.parametrize("query", ["?hour=24", "?hour=-1", "?hour=٣", "?day=monday", "?x=1"])
def test_coverage_refuses_as_well(client: FlaskClient, query: str) -> None:
    assert client.get(COVERAGE + query).status_code == 400


def test_unknown_counties_are_told_as_json(client: FlaskClient) -> None:
    answer = client.get("/api/v1/counties/nowhere/coverage")
    assert answer.status_code == 404
    said = answer.get_json()["error"]
    assert said["code"] == "unknown_county"
    assert "shucheng" in said["message"]
    assert client.get("/api/v1/nothing").get_json()["error"]["code"] == "not_found"


def test_a_box_on_paper() -> None:
    assert bounding_box("1,2,3,4") == (1.0, 2.0, 3.0, 4.0)
    with pytest.raises(ValueError, match="finite"):
        bounding_box("1,2,3,1e999")
