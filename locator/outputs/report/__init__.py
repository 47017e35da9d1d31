"""The monthly report of a county: one HTML page and one PDF, made from a release."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from locator.errors import LocatorError
from locator.outputs.report.content import report_content
from locator.outputs.report.page import report_page
from locator.outputs.report.paper import write_paper

if TYPE_CHECKING:
    from locator.release.publish import Release


def write_report(
    release: Release, before: Release | None, folder: Path, *, lang: str = "zh"
) -> list[Path]:
    """Write the report of ``release`` into ``folder`` as a page and as a PDF; returns both paths.

    ``before`` is the release that riders were served before, with which it is compared (None: the
    first). The same releases give the same bytes. Raises LocatorError when a file cannot be
    written, FontError when a face is missing.
    """
    content = report_content(release, before, lang)
    name = f"{release.county['slug']}-{release.manifest['as_of'][:7]}-{release.hash}"
    if lang != "zh":
        name = f"{name}-{lang}"
    page, paper = folder / f"{name}.html", folder / f"{name}.pdf"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_text(report_page(content), "utf-8")
        write_paper(content, release.manifest["as_of"], paper)
    except OSError as error:
        raise LocatorError(
            f"{error.filename or folder}：写不了，请用 --out 换一个文件夹 / cannot be written "
            f"({error.strerror}); give another folder with --out."
        ) from error
    return [page, paper]
