from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from locator import errors
from locator.server.app import STATUS, Settings, create_app, status_of
from tests.server.tiny_release import point, write_release

#: Every address there is, with one example that answers 200 or leads on. A new route without an
#: entry fails the test: whoever adds one thinks of its headers here.
ROUTES = {
    "/": "/",
    "/c/<slug>/": "/c/shucheng/",
    "/c/<slug>/plan": "/c/shucheng/plan",
    "/c/<slug>/plan/<name>": "/c/shucheng/plan/shucheng-{hash}.geojson",
    "/c/<slug>/plan-slots.json": "/c/shucheng/plan-slots.json",
    "/c/<slug>/open.json": "/c/shucheng/open.json",
    "/c/<slug>/offline.json": "/c/shucheng/offline.json",
    "/c/<slug>/manifest.webmanifest": "/c/shucheng/manifest.webmanifest",
    "/sw.js": "/sw.js",
    "/c/<slug>/r/<release_hash>/<name>": "/c/shucheng/r/{hash}/stations.geojson",
    "/c/<slug>/r/<release_hash>/cards-<int:at>.json": "/c/shucheng/r/{hash}/cards-0.json",
    "/c/<slug>/r/<release_hash>/heard.json": "/c/shucheng/r/{hash}/heard.json",
    "/words.json": "/words.json",
    "/s/<station_id>": "/s/341523-001",
    "/s/<station_id>/code.svg": "/s/341523-001/code.svg",
    "/go/<station_id>": "/go/341523-001",
    "/static/<version>/<path:filename>": "/static/x/vendor/maplibre-gl-worker.mjs",
    "/favicon.ico": "/favicon.ico",
    "/healthz": "/healthz",
    "/api/v1/counties": "/api/v1/counties",
    "/api/v1/counties/<slug>/stations.geojson": "/api/v1/counties/shucheng/stations.geojson",
    "/api/v1/counties/<slug>/coverage": "/api/v1/counties/shucheng/coverage",
}


def rules(app: Flask) -> set[str]:
    return {rule.rule for rule in app.url_map.iter_rules()}


def example(route: str, var: Path) -> str:
    name = next(
        path.name for path in (var / "releases/shucheng").iterdir() if path.name != "current"
    )
    return ROUTES[route].format(hash=name)


def test_every_route_is_listed_here(app: Flask) -> None:
    assert rules(app) == set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_carries_the_headers(client: FlaskClient, var: Path, route: str) -> None:
    answer = client.get(example(route, var))
    assert answer.status_code in {200, 302}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"]
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"https?:|\*", policy)


@pytest.mark.parametrize("name", ["css/base.css", "js/rider.js"])
def test_styles_and_modules_carry_only_what_they_need(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/static/x/{name}")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in answer.headers


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/c/nowhere/"])
def test_a_failure_carries_them_too(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("route", ROUTES)
def test_nothing_can_be_sent_in(client: FlaskClient, var: Path, route: str) -> None:
    for method in (client.post, client.put, client.delete, client.patch):
        assert method(example(route, var)).status_code == 405


def all_errors() -> list[type[errors.LocatorError]]:
    found = [errors.LocatorError]
    for each in found:
        found.extend(each.__subclasses__())
    return found


@pytest.mark.parametrize("kind", all_errors())
def test_every_error_has_a_status(kind: type[errors.LocatorError]) -> None:
    assert status_of(kind("…")) in {400, 404, 500, 503}


def test_the_nearest_class_decides() -> None:
    assert status_of(errors.UnknownCounty("…")) == 404
    assert status_of(errors.ReleaseError("…")) == STATUS[errors.ReleaseError] == 503
    assert status_of(errors.HoursError("…")) == 500


def test_a_damaged_pointer_is_told_without_naming_files(client: FlaskClient, var: Path) -> None:
    (var / "releases/shucheng/current").write_text("{half a poin")
    answer = client.get("/c/shucheng/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert str(var) not in answer.text
    assert client.get("/healthz").status_code == 503
    program = client.get("/api/v1/counties/shucheng/coverage")
    assert program.status_code == 503
    assert program.get_json()["error"]["code"] == "release_error"
    assert str(var) not in program.text


def test_a_damaged_county_does_not_take_the_others_along(client: FlaskClient, var: Path) -> None:
    write_release(var, slug="kuandian")
    (var / "releases/kuandian/current").write_text("{half a poin")
    assert client.get("/s/341523-001").status_code == 200
    assert client.get("/go/341523-001").status_code == 200
    assert client.get("/").location == "/c/shucheng/"
    assert len(client.get("/api/v1/counties").get_json()["counties"]) == 1
    assert client.get("/c/kuandian/").status_code == 503
    # It may well be in the one that cannot be read: nobody is told that it does not exist.
    assert client.get("/s/210624-001").status_code == 503
    assert client.get("/healthz").status_code == 503


def test_a_fault_of_our_own_is_a_page_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("locator.server.public.county_cards", fail)
    answer = app.test_client().get("/c/shucheng/")
    assert answer.status_code == 500
    assert "出了错" in answer.text
    assert "secret" not in answer.text


def test_before_the_first_publishing(tmp_path: Path) -> None:
    client = create_app(Settings(var=tmp_path, counties=("shucheng",))).test_client()
    for path in ("/", "/c/shucheng/", "/c/shucheng/open.json"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "还没有发布名单" in answer.text
    assert client.get("/c/kuandian/").status_code == 404
    assert client.get("/healthz").status_code == 503
    assert client.get("/api/v1/counties").get_json()["error"]["code"] == "unknown_release"


def test_only_the_counties_named_are_served(var: Path) -> None:
    client = create_app(Settings(var=var, counties=("kuandian",))).test_client()
    assert client.get("/c/shucheng/").status_code == 404
    assert client.get("/s/341523-001").status_code == 503


def test_the_pointer_alone_decides_and_at_once(client: FlaskClient, var: Path) -> None:
    first = client.get("/healthz").get_json()["releases"]["shucheng"]
    later = write_release(var, as_of="2026-11-08", publish=False)
    assert "2026-11-01" in client.get("/c/shucheng/").text
    point(var, [first, later])
    assert "2026-11-08" in client.get("/c/shucheng/").text
    point(var, [first])
    assert "2026-11-01" in client.get("/c/shucheng/").text


def test_embedding_and_https_are_the_operators_choice(var: Path) -> None:
    settings = Settings(
        var=var, public_url="https://map.example.cn", frame_ancestors=("https://app.example.cn",)
    )
    client = create_app(settings).test_client()
    answer = client.get("/healthz", headers={"Host": "map.example.cn"})
    assert "frame-ancestors https://app.example.cn" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Strict-Transport-Security"]
    assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400


def test_no_address_is_built_from_the_name_asked_for(client: FlaskClient) -> None:
    answer = client.get("/c/shucheng/", headers={"Host": "evil.example"})
    assert "evil.example" not in answer.text
    assert "evil.example" not in client.get("/", headers={"Host": "evil.example"}).location


@pytest.mark.parametrize(
    ("asked", "proper"),
    [
        ("/c/shucheng?lang=en", "/c/shucheng/?lang=en"),
        ("/c//shucheng/plan", "/c/shucheng/plan"),
        ("/c//evil.example", "/c/evil.example/"),
        ("/c/%2Fevil.example", "/c/evil.example/"),
    ],
)
def test_the_proper_spelling_is_on_this_host(client: FlaskClient, asked: str, proper: str) -> None:
    answer = client.get(asked, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.location) == (308, proper)


def test_pages_are_compressed_and_asked_for_again(client: FlaskClient) -> None:
    plain = client.get("/c/shucheng/")
    packed = client.get("/c/shucheng/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]
    again = client.get("/c/shucheng/", headers={"If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_a_request_may_not_be_large(client: FlaskClient, app: Flask) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] <= 64 * 1024
    assert app.config["SECRET_KEY"] is None  # no session, nothing to sign
