"""The staff's pages as they are written out: the one that takes a ledger, and its result."""

from __future__ import annotations

from flask import g, render_template, request, url_for

from locator.release.publish import Release
from locator.server.staff_counties import county_called, published_of, served
from locator.server.staff_door import token
from locator.server.staff_forms import ANSWERS
from locator.server.staff_uploads import Check
from locator.server.words import Language, language, say, script_words
from locator.stations.readers import MAX_BYTES


def upload_page(trouble: str = "", text: str = "") -> str:
    """Where a ledger is put in; above it ``trouble`` (a key of the words) and more on it."""
    lang = language()
    # What was chosen stays chosen when the file has to be put in again.
    asked, answered = g.get("chosen", ("", ""))
    return render_template(
        "staff_check.html",
        places=served(),
        answers=_answers(lang),
        token=token(),
        trouble=say(trouble, lang, "staff") if trouble else "",
        trouble_what=text or (say(f"{trouble}_what", lang, "staff") if trouble else ""),
        asked=asked,
        answered=answered,
        held=g.get("held"),
        other_language=url_for("staff.check", lang="en" if lang == "zh" else None),
        page={"words": script_words(lang, "staff_script"), "most_bytes": MAX_BYTES},
    )


def result_page(found: Check) -> str:
    """What was found in a ledger; ``?only=`` keeps the rows with a finding of that severity."""
    from locator.server import staff_view

    lang = language()
    only = request.args.get("only", "")
    only = only if only in staff_view.SEVERITIES else ""
    county = county_called(found.county)
    view = staff_view.view_of(found, county, lang, only)
    release = published_of(found.county)
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


def _answers(lang: Language) -> list[tuple[str, str]]:
    return [(zh, zh if lang == "zh" else f"{en} ({zh})") for zh, en in ANSWERS.items()]
