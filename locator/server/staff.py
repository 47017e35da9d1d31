"""The staff's addresses: a ledger is checked, points are picked on a map, the workbook goes back.

They answer on this machine only; see ``staff_door``.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

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

from locator.county import County
from locator.errors import LedgerError, LocatorError, UsageError
from locator.server.staff_counties import against, county_called, served
from locator.server.staff_door import guard, insist_on_token
from locator.server.staff_forms import accepted_offers, datum_answer, passed_codes, picked_points
from locator.server.staff_pages import result_page, upload_page
from locator.server.staff_uploads import Check, Held, Uploads, shown_name
from locator.server.words import language, say
from locator.stations.readers import MAX_BYTES

staff = Blueprint("staff", __name__, url_prefix="/staff")

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
    return upload_page()


@staff.post("/check")
def check_file() -> Answer:
    """Check the ledger that was sent, then lead to what was found."""
    request.max_content_length = MAX_UPLOAD_BYTES
    insist_on_token()
    sent = request.files.get("file")
    held = uploads().held(request.form.get("held", ""))
    if sent is None or not (sent.filename or held):
        return upload_page("trouble_none"), 400
    asked, answer = request.form.get("county", ""), datum_answer()
    county = county_called(asked) if asked else None
    g.chosen = asked, answer
    if held and not sent.filename:
        return _checked(held.key, held.path, held.name, county, answer)
    name = shown_name(sent.filename)
    key, path = uploads().new_path(name)
    sent.save(path)
    return _checked(key, path, name, county, answer)


@staff.get("/check/<key>")
def result(key: str) -> Answer:
    """What was found in a ledger: a table and a map."""
    found = uploads().get(key)
    return result_page(found) if found else (upload_page("trouble_gone"), 404)


@staff.post("/check/<key>/answer")
def answer(key: str) -> Answer:
    """Check the same file again: with another answer to 坐标从哪抄的, or letting a finding on the
    whole file pass."""
    insist_on_token()
    found = uploads().get(key)
    if found is None:
        return upload_page("trouble_gone"), 404
    answer = datum_answer() if "datum" in request.form else found.answer
    passed = found.passed | passed_codes()
    return _checked(key, found.path, found.name, county_called(found.county), answer, passed)


@staff.post("/check/<key>/workbook")
def workbook(key: str) -> Answer:
    """The ledger as a workbook: picked points in it, and what is left to mend marked."""
    from locator.server.staff_checking import workbook_back

    request.max_content_length = request.max_form_memory_size = MAX_PICKS_BYTES
    insist_on_token()
    found = uploads().get(key)
    if found is None:
        return upload_page("trouble_gone"), 404
    points, accepted = picked_points(found), accepted_offers()
    if not uploads().busy.acquire(timeout=WAIT_S):
        return _busy()
    try:
        made = workbook_back(found, points, accepted, against(county_called(found.county)))
    except (LedgerError, UsageError):  # too many rows for a workbook with comments, or too odd
        return upload_page("trouble_workbook"), 422
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
    return upload_page("trouble_size"), 413


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
        if uploads().get(key) is None and uploads().held(key) is None:
            path.unlink(missing_ok=True)
        return _busy()
    try:
        county = county or county_of(path, served())
        if county is None:
            g.held = Held(key, path, name)
            uploads().hold(g.held)
            return upload_page("trouble_county"), 422
        report = check_ledger(path, name, against(county), answer, passed)
    except LocatorError as error:
        uploads().drop(key)
        path.unlink(missing_ok=True)
        if not isinstance(error, LedgerError):
            raise
        zh, _, en = str(error).replace(path.name, name).partition(" / ")
        return upload_page("trouble_file", zh if language() == "zh" or not en else en), 422
    finally:
        uploads().busy.release()
    uploads().put(Check(key, path, name, county.slug, answer, passed, report))
    return redirect(url_for("staff.result", key=key), 303)


def _busy() -> Response:
    wait = Response(upload_page("trouble_busy"), 503)
    wait.headers["Retry-After"] = "5"
    return wait
