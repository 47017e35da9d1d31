"""The staff's pages: a ledger is checked, points are picked on a map, the workbook goes back.

They answer on this machine only; see ``staff_door``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from locator.counties import Counties, read_counties
from locator.county import County
from locator.errors import LedgerError, LocatorError, ReleaseError, UnknownRelease, UsageError
from locator.release.publish import Release, open_release
from locator.server import published
from locator.server.public import language
from locator.server.staff_door import guard, insist_on_token, token
from locator.server.staff_uploads import Check, Uploads, shown_name
from locator.server.words import Language, say, script_words
from locator.stations.readers import MAX_BYTES

if TYPE_CHECKING:
    from locator.outputs.picked_points import Point
    from locator.server.staff_checking import Against

staff = Blueprint("staff", __name__, url_prefix="/staff")

#: What can be answered to 坐标从哪抄的 for a whole file, and how it is called in English.
ANSWERS = {
    "高德": "Amap", "腾讯": "Tencent", "百度": "Baidu", "手机GPS": "a phone's GPS",
    "天地图": "Tianditu",
}  # fmt: skip
#: How long a workbook waits for a check that is being made.
WAIT_S = 30.0
MAX_PICKS_BYTES = 1024 * 1024
#: A little more than the file: the form around it.
MAX_UPLOAD_BYTES = MAX_BYTES + 64 * 1024
_UPLOADS, _HEADERS = "locator-uploads", "locator-staff-headers"
#: What a page answers with: the page, and its status unless that is 200.
Answer = BaseResponse | tuple[str, int] | str


def add_staff(app: Flask, kept: Uploads, headers: Mapping[str, str]) -> None:
    """Give ``app`` the staff's pages, whose ledgers are ``kept`` and whose answers carry these
    headers."""
    app.extensions[_HEADERS] = headers
    app.extensions[_UPLOADS] = kept
    guard(app)
    app.register_blueprint(staff)


@staff.after_request
def _to_nobody_else(response: Response) -> Response:
    response.headers.update(current_app.extensions[_HEADERS])
    response.headers["Cache-Control"] = "no-store"
    return response


@staff.app_context_processor
def _words() -> dict[str, Any]:
    lang = language()

    def s(key: str, **values: object) -> str:
        return say(key, lang, "staff", **values)

    return {"s": s}


@staff.app_url_defaults
def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint.startswith("staff.") and language() != "zh":
        values.setdefault("lang", language())


@staff.get("/")
def front() -> BaseResponse:
    """The only thing that staff can do here so far."""
    return redirect(url_for("staff.check"))


@staff.get("/check")
def check() -> str:
    """Where a ledger is put in."""
    return _upload_page()


@staff.post("/check")
def check_file() -> Answer:
    """Check the ledger that was sent, then lead to what was found."""
    request.max_content_length = MAX_UPLOAD_BYTES
    insist_on_token()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _upload_page("trouble_none"), 400
    asked, answer = request.form.get("county", ""), _answer()
    county = _county(asked) if asked else None
    g.chosen = asked, answer
    name = shown_name(sent.filename)
    key, path = uploads().new_path(name)
    sent.save(path)
    return _checked(key, path, name, county, answer)


@staff.get("/check/<key>")
def result(key: str) -> Answer:
    """What was found in a ledger: a table and a map."""
    found = uploads().get(key)
    return _result_page(found) if found else (_upload_page("trouble_gone"), 404)


@staff.post("/check/<key>/answer")
def answer(key: str) -> Answer:
    """Check the same file again: with another answer to 坐标从哪抄的, or letting a finding on the
    whole file pass."""
    insist_on_token()
    found = uploads().get(key)
    if found is None:
        return _upload_page("trouble_gone"), 404
    answer = _answer() if "datum" in request.form else found.answer
    passed = found.passed | _passed()
    return _checked(key, found.path, found.name, _county(found.county), answer, passed)


@staff.post("/check/<key>/workbook")
def workbook(key: str) -> Answer:
    """The ledger as a workbook: picked points in it, and what is left to mend marked."""
    from locator.server.staff_checking import workbook_back

    request.max_content_length = request.max_form_memory_size = MAX_PICKS_BYTES
    insist_on_token()
    found = uploads().get(key)
    if found is None:
        return _upload_page("trouble_gone"), 404
    points, accepted = _points(found), _accepted()
    if not uploads().busy.acquire(timeout=WAIT_S):
        return _busy()
    try:
        made = workbook_back(found, points, accepted, _against(_county(found.county)))
    except (LedgerError, UsageError):  # too many rows for a workbook with comments, or too odd
        return _upload_page("trouble_workbook"), 422
    finally:
        uploads().busy.release()
    stem = PurePosixPath(found.name).stem
    return send_file(
        BytesIO(made.content),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=f"{stem}-{'核对副本' if made.copied_zh else '核对'}.xlsx",
    )


@staff.get("/rules/<code>")
def rule(code: str) -> str:
    """What a rule is about: what is wrong, why it matters, what to do."""
    from locator.checks.rules import RULES

    found = RULES.get(code)
    if found is None:
        abort(404)
    zh = language() == "zh"
    return render_template(
        "staff_rule.html",
        rule=found,
        title=found.title_zh if zh else found.title_en,
        # The lines are broken for the source: Chinese is joined without a blank.
        text=found.page_zh.replace("\n", "") if zh else found.page_en,
        example=found.example_zh if zh else found.example_en,
    )


@staff.errorhandler(RequestEntityTooLarge)
def _too_large(_: RequestEntityTooLarge) -> Answer:
    return _upload_page("trouble_size"), 413


def uploads() -> Uploads:
    """The checks of this process."""
    found: Uploads = current_app.extensions[_UPLOADS]
    return found


def _checked(
    key: str,
    path: Path,
    name: str,
    county: County | None,
    answer: str,
    passed: frozenset[str] = frozenset(),
) -> Answer:
    """Check one file, unless another is being checked, and lead to what was found.

    Without ``county`` it is that of most rows.
    """
    from locator.server.staff_checking import check_ledger, county_of

    if not uploads().busy.acquire(blocking=False):
        if uploads().get(key) is None:
            path.unlink(missing_ok=True)
        return _busy()
    try:
        county = county or county_of(path, _served())
        if county is None:
            path.unlink()
            return _upload_page("trouble_county"), 422
        report = check_ledger(path, name, _against(county), answer, passed)
    except LocatorError as error:
        uploads().drop(key)
        path.unlink(missing_ok=True)
        if not isinstance(error, LedgerError):
            raise
        zh, _, en = str(error).replace(path.name, name).partition(" / ")
        return _upload_page("trouble_file", zh if language() == "zh" or not en else en), 422
    finally:
        uploads().busy.release()
    uploads().put(Check(key, path, name, county.slug, answer, passed, report))
    return redirect(url_for("staff.result", key=key), 303)


def _busy() -> Response:
    wait = Response(_upload_page("trouble_busy"), 503)
    wait.headers["Retry-After"] = "5"
    return wait


def _points(check: Check) -> list[Point]:
    """The picked points of the form: at most one a row, of rows that there are."""
    from locator.outputs.picked_points import Point

    numbers = set(check.report.rows["row"].tolist())
    try:
        picked = json.loads(request.form.get("picks", "[]"))
        points = {int(row): Point(int(row), float(lon), float(lat)) for row, lon, lat in picked}
    except (ValueError, TypeError):
        abort(400)
    for point in points.values():
        # The comparison is false for what is not a number at all.
        if point.row not in numbers or not (abs(point.lon) <= 180 and abs(point.lat) <= 90):
            abort(400)
    return list(points.values())


def _accepted() -> set[int]:
    """The offers of the form that a person accepted."""
    try:
        return {int(at) for at in json.loads(request.form.get("accepted", "[]"))}
    except (ValueError, TypeError):
        abort(400)


def _against(county: County) -> Against:
    from locator.server.staff_checking import Against

    return Against(county, _counties().known, published.settings().now(), _published(county.slug))


def _published(slug: str) -> Release | None:
    try:
        return open_release(published.settings().var, slug)
    except (UnknownRelease, ReleaseError):
        return None


def _counties() -> Counties:
    data = published.settings().data
    assert data is not None  # create_app adds these pages only where there is one
    return read_counties(data)


def _served() -> tuple[County, ...]:
    asked = published.settings().counties
    return tuple(each for each in _counties().whole if not asked or each.slug in asked)


def _county(slug: str) -> County:
    found = next((each for each in _served() if each.slug == slug), None)
    if found is None:
        abort(400)
    return found


def _answer() -> str:
    asked = request.form.get("datum", "")
    if asked and asked not in ANSWERS:
        abort(400)
    return asked


def _passed() -> frozenset[str]:
    """The finding on the whole file that the form lets pass."""
    from locator.checks.rule import ACCEPTABLE

    code = request.form.get("pass", "")
    if code and code not in ACCEPTABLE:
        abort(400)
    return frozenset([code] if code else [])


def _answers(lang: Language) -> list[tuple[str, str]]:
    return [(zh, zh if lang == "zh" else f"{en} ({zh})") for zh, en in ANSWERS.items()]


def _upload_page(trouble: str = "", text: str = "") -> str:
    lang = language()
    # What was chosen stays chosen when the file has to be put in again.
    asked, answered = g.get("chosen", ("", ""))
    return render_template(
        "staff_check.html",
        places=_served(),
        answers=_answers(lang),
        token=token(),
        trouble=say(trouble, lang, "staff") if trouble else "",
        trouble_what=text or (say(f"{trouble}_what", lang, "staff") if trouble else ""),
        asked=asked,
        answered=answered,
        other_language=url_for("staff.check", lang="en" if lang == "zh" else None),
        page={"words": script_words(lang, "staff_script"), "most_bytes": MAX_BYTES},
    )


def _result_page(found: Check) -> str:
    from locator.server import staff_view

    lang = language()
    only = request.args.get("only", "")
    only = only if only in staff_view.SEVERITIES else ""
    county = _county(found.county)
    view = staff_view.view_of(found, county, lang, only)
    release = _published(found.county)
    return render_template(
        "staff_result.html",
        check=found,
        county=county,
        view=view,
        only=only,
        severities=staff_view.SEVERITIES,
        answers=_answers(lang),
        token=token(),
        manifest=release.manifest if release else {},
        page={
            "key": found.key,
            "points": staff_view.points_json(view.points),
            "offers": view.offers,
            "pack": _pack(release),
            "bounds": release.county["bbox"] if release else None,
            "centre": list(county.centre),
            "words": script_words(lang, "staff_script"),
        },
    )


def _pack(release: Release | None) -> str:
    if release is None or "public/basemap.pmtiles" not in release.files:
        return ""
    return url_for(
        "public.release_file", slug=release.county["slug"], release_hash=release.hash,
        name="basemap.pmtiles", lang=None,
    )  # fmt: skip
