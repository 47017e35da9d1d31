"""Direction signs: the same sheets drawn by us and by four others, and 500 signs in one run.

Drawing: the 19 sheets of 舒城 (map, words and code, as items in millimetres) on A4 are drawn into
one PDF, over and over: by our writer, by ReportLab and cairo through like calls of their own, by
matplotlib as patches and texts, by WeasyPrint from SVG. Layout is not counted, for us as for them.
Before the clock runs, the first page of each is rendered and held against ours.

A whole run: `direction_signs` from the release to 500 files and their contact sheet, in a process
of its own.
"""

from __future__ import annotations

import io
import math
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Budget, Claim, Contestant, Unavailable
from locator.counties import find_county
from locator.outputs.drawing import Clip, Disc, Item, Scaled, Shape, Sheet, Text, box
from locator.outputs.fonts import FACES, font_folder
from locator.outputs.pdf import POINT, Book
from locator.outputs.signs.direction import DirectionSigns, direction_signs
from locator.outputs.signs.sites import read_sign_sites
from locator.outputs.signs.sizes import Paper, paper_size
from locator.outputs.svg import svg
from locator.outputs.typeface import faces
from locator.streets.frozen import read_frozen
from tests.end_to_end.built import build
from tests.end_to_end.conftest import NOON

DATA = Path(__file__).parents[1] / "data"
WHEN = datetime(2026, 11, 30, tzinfo=UTC)
PAGES, SIGNS = 190, 500
HOST = "https://map.example.cn"
Draw = Callable[[Sequence[Sheet]], bytes]
_LEAN = math.tan(math.radians(10))


def claims() -> Iterable[Claim | Budget]:
    """Drawing against the four, then what a whole run takes."""
    try:
        import cairocffi  # noqa: F401
        import matplotlib  # noqa: F401
        import reportlab  # noqa: F401
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        raise Unavailable(f"a peer is lacking ({error}); run make bench.") from error
    note = "One process; the sheets are made before. Fewer pages, the time scaled to all."

    def peer(name: str, draw: Draw, pages: int, target: float = 1.0) -> Contestant:
        package = name.lower()
        return Contestant(name, lambda: draw(sheets(pages)), pages, package, 8.0, target, note)

    yield Claim(
        name=f"{PAGES} direction signs drawn into one PDF",
        unit="of 255 grey levels, in the mean",
        ours=Contestant("ours", lambda: ours(sheets(PAGES)), PAGES),
        peers=[
            peer("WeasyPrint", weasy, 3, 7.0),
            peer("ReportLab", reportlab_, 10),
            peer("matplotlib", matplotlib_, 2),
            peer("cairocffi", cairo, 20),
        ],
        difference=apart,
        rounds=5,
    )
    yield Budget(
        name="Direction signs",
        run=spent,
        limits={
            "100 pages drawn": (1.0, "s"),
            "kB a page, as a part of the smallest peer's": (1.0, ""),
            f"{SIGNS} signs from the release to files, memory": (1000.0, "MB"),
        },
        rounds=1,
        note="The smallest of the four peers, each with as many pages as it draws above.",
    )


@cache
def _county() -> tuple[Any, ...]:
    folder = tempfile.TemporaryDirectory()
    release = build(DATA, Path(folder.name), "shucheng", NOON.date())
    county = find_county(DATA, "shucheng")
    assert county.sign_sites is not None
    sites, _ = read_sign_sites(county.path(county.sign_sites), county.centre)
    return release, county, sites, read_frozen(county), folder


@cache
def _sheets() -> list[Sheet]:
    release, county, sites, streets, _ = _county()
    signs = DirectionSigns(release, county, streets, Paper(paper_size("A4")), HOST)
    ways = signs.surroundings.ways(sites)
    return [signs.sheet(site, near)[0] for site, near in zip(sites, ways, strict=True)]


def sheets(count: int) -> list[Sheet]:
    """So many sheets, those of the county over and over."""
    made = _sheets()
    return [made[at % len(made)] for at in range(count)]


def ours(pages: Sequence[Sheet]) -> bytes:
    """Our writer."""
    book = Book("signs", "bench", WHEN)
    for sheet in pages:
        book.page(sheet)
    return book.pdf()


def apart(one: bytes, other: bytes) -> float:
    """The mean difference of the first pages' pixels at 50 dots an inch, in grey levels."""
    import pypdfium2 as pdfium

    first, second = (
        pdfium.PdfDocument(file)[0].render(scale=50 / 72, grayscale=True).to_numpy().astype(int)
        for file in (one, other)
    )
    rows, columns = (min(a, b) for a, b in zip(first.shape[:2], second.shape[:2], strict=True))
    return float(np.abs(first[:rows, :columns] - second[:rows, :columns]).mean())


# ── the others ───────────────────────────────────────────────────────────────────────────────


def weasy(pages: Sequence[Sheet]) -> bytes:
    """WeasyPrint: a page of HTML for each sheet, which is one SVG; the faces by @font-face."""
    from weasyprint import HTML

    style = "".join(
        f"@font-face{{font-family:'Noto Sans SC';font-weight:{weight};"
        f"src:url({(font_folder() / name).as_uri()})}}"
        for weight, name in zip((400, 700), FACES, strict=True)
    )
    style += "@page{size:210mm 297mm;margin:0}body{margin:0}svg{display:block;break-after:page}"
    body = "".join(svg(_halo_first(sheet.items), sheet.width, sheet.height) for sheet in pages)
    made = HTML(string=f"<style>{style}</style>{body}").write_pdf()
    assert isinstance(made, bytes)
    return made


def _halo_first(items: Iterable[Item]) -> list[Item]:
    """Words with a halo as two texts: WeasyPrint draws a stroke over what it fills."""
    out: list[Item] = []
    for item in items:
        if isinstance(item, Clip | Scaled):
            out.append(replace(item, items=_halo_first(item.items)))
        elif isinstance(item, Text) and item.halo:
            out += [replace(item, colour=item.halo), replace(item, halo="")]
        else:
            out.append(item)
    return out


def reportlab_(pages: Sequence[Sheet]) -> bytes:
    """ReportLab's canvas."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    for at, name in enumerate(FACES):
        pdfmetrics.registerFont(TTFont(f"noto{at}", str(font_folder() / name)))
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=1)
    for sheet in pages:
        canvas.setPageSize((sheet.width * POINT, sheet.height * POINT))
        canvas.translate(0, sheet.height * POINT)
        canvas.scale(POINT, -POINT)
        for item in sheet.items:
            _on_reportlab(canvas, item)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _on_reportlab(canvas: Any, item: Item) -> None:
    canvas.saveState()
    if isinstance(item, Clip):
        path = canvas.beginPath()
        _along(path, [box(item.x, item.y, item.width, item.height, item.radius)], True)
        canvas.clipPath(path, stroke=0)
        for inner in item.items:
            _on_reportlab(canvas, inner)
    elif isinstance(item, Scaled):
        canvas.transform(item.factor, 0, 0, item.factor, item.x, item.y)
        for inner in item.items:
            _on_reportlab(canvas, inner)
    elif isinstance(item, Text):
        canvas.translate(item.x, item.y)
        canvas.rotate(item.turn)
        canvas.transform(1, 0, -_LEAN if item.slanted else 0, 1, 0, 0)
        canvas.scale(1, -1)
        canvas.setFillColor(item.colour)
        canvas.setFillAlpha(item.opacity)
        start = -item.anchor * faces()[item.bold].width(item.words, item.size)
        for mode in (1, 0) if item.halo else (0,):
            text = canvas.beginText(start, 0)
            text.setFont(f"noto{int(item.bold)}", item.size)
            if mode:
                canvas.setStrokeColor(item.halo)
                canvas.setLineWidth(item.size * 0.28)
                canvas.setLineJoin(1)
            text.setTextRenderMode(mode)
            text.textLine(item.words)
            canvas.drawText(text)
    else:
        if item.stroke:
            canvas.setStrokeColor(item.stroke)
            canvas.setLineWidth(item.width)
            canvas.setDash(*([list(item.dash)] if item.dash else [[]]))
        if item.fill:
            canvas.setFillColor(item.fill)
        if isinstance(item, Disc):
            canvas.circle(item.x, item.y, item.radius, int(bool(item.stroke)), int(bool(item.fill)))
        else:
            canvas.setLineCap(int(item.round_ends))
            canvas.setLineJoin(1)
            canvas.setFillAlpha(item.opacity)
            path = canvas.beginPath()
            _along(path, item.lines, item.closed)
            canvas.drawPath(path, int(bool(item.stroke)), int(bool(item.fill)),
                            fillMode=0 if item.even_odd else 1)  # fmt: skip
    canvas.restoreState()


def _along(path: Any, lines: Sequence[Any], closed: bool) -> None:
    for line in lines:
        points = line.tolist()
        path.moveTo(*points[0])
        for x, y in points[1:]:
            path.lineTo(x, y)
        if closed:
            path.close()


def matplotlib_(pages: Sequence[Sheet]) -> bytes:
    """matplotlib: patches and texts on a figure of the paper's size."""
    import matplotlib
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    fonts = [FontProperties(fname=str(font_folder() / name)) for name in FACES]
    out = io.BytesIO()
    with matplotlib.rc_context({"pdf.fonttype": 42}), PdfPages(out) as book:
        for sheet in pages:
            figure = Figure(figsize=(sheet.width / 25.4, sheet.height / 25.4))
            axes = figure.add_axes((0, 0, 1, 1))
            axes.set_axis_off()
            axes.set_xlim(0, sheet.width)
            axes.set_ylim(sheet.height, 0)
            for at, item in enumerate(_flat(sheet.items)):
                _on_matplotlib(axes, item, at, fonts)
            book.savefig(figure)
    return out.getvalue()


def _flat(
    items: Iterable[Item], clip: Clip | None = None, shift: tuple[float, float] = (0.0, 0.0)
) -> Iterable[tuple[Item, Clip | None, tuple[float, float]]]:
    """Each item with what cuts it and how far it is shifted; a sheet scales nothing."""
    for item in items:
        if isinstance(item, Clip):
            yield from _flat(item.items, item, shift)
        elif isinstance(item, Scaled):
            assert item.factor == 1
            yield from _flat(item.items, clip, (shift[0] + item.x, shift[1] + item.y))
        else:
            yield item, clip, shift


def _on_matplotlib(
    axes: Any, drawn: tuple[Item, Clip | None, tuple[float, float]], at: int, fonts: Any
) -> None:
    from matplotlib.patches import Circle, PathPatch, Rectangle
    from matplotlib.path import Path as Line
    from matplotlib.patheffects import Normal, Stroke
    from matplotlib.transforms import Affine2D

    item, clip, shift = drawn
    if isinstance(item, Text):
        where = {0.0: "left", 0.5: "center", 1.0: "right"}[item.anchor]
        made = axes.text(
            item.x, item.y, item.words.replace("$", r"\$"), color=item.colour, ha=where,
            va="baseline", rotation=-item.turn, rotation_mode="anchor", zorder=at,
            fontsize=item.size * POINT, fontproperties=fonts[item.bold], alpha=item.opacity,
        )  # fmt: skip
        made.set_fontsize(item.size * POINT)
        if item.halo:
            wide = item.size * 0.28 * POINT
            made.set_path_effects([Stroke(linewidth=wide, foreground=item.halo), Normal()])
    elif isinstance(item, Disc):
        made = Circle((item.x, item.y), item.radius, fc=item.fill or "none", zorder=at,
                      ec=item.stroke or "none", lw=item.width * POINT, ls=_dash(item))  # fmt: skip
        axes.add_patch(made)
    elif isinstance(item, Shape):
        parts = []
        for line in item.lines:
            codes = [Line.MOVETO] + [Line.LINETO] * (len(line) - 1)
            ring = np.concatenate([line, line[:1]]) if item.closed else line
            parts.append(Line(ring, codes + [Line.CLOSEPOLY] * item.closed))
        if not parts:
            return
        made = PathPatch(
            Line.make_compound_path(*parts), fc=item.fill or "none", ec=item.stroke or "none",
            lw=item.width * POINT, ls=_dash(item), zorder=at, alpha=item.opacity,
            capstyle="round" if item.round_ends else "butt", joinstyle="round",
        )  # fmt: skip
        axes.add_patch(made)
    else:
        return
    there = Affine2D().translate(*shift) + axes.transData
    made.set_transform(there)
    if clip is not None:
        edge = Rectangle((clip.x, clip.y), clip.width, clip.height, transform=there)
        made.set_clip_path(edge)


def _dash(item: Disc | Shape) -> Any:
    """Dashes in widths of their line."""
    return (0, [length / item.width for length in item.dash]) if item.dash else "solid"


def cairo(pages: Sequence[Sheet]) -> bytes:
    """cairo by cairocffi; its toy text takes the family by name from the system."""
    import cairocffi

    out = io.BytesIO()
    surface = cairocffi.PDFSurface(out, 210 * POINT, 297 * POINT)
    context = cairocffi.Context(surface)
    for sheet in pages:
        surface.set_size(sheet.width * POINT, sheet.height * POINT)
        context.identity_matrix()
        context.scale(POINT, POINT)
        for item in sheet.items:
            _on_cairo(context, item)
        context.show_page()
    surface.finish()
    return out.getvalue()


def _on_cairo(context: Any, item: Item) -> None:
    import cairocffi

    context.save()
    if isinstance(item, Clip):
        _trace(context, [box(item.x, item.y, item.width, item.height, item.radius)], True)
        context.clip()
        for inner in item.items:
            _on_cairo(context, inner)
    elif isinstance(item, Scaled):
        context.transform(cairocffi.Matrix(item.factor, 0, 0, item.factor, item.x, item.y))
        for inner in item.items:
            _on_cairo(context, inner)
    elif isinstance(item, Text):
        context.translate(item.x, item.y)
        context.rotate(math.radians(item.turn))
        if item.slanted:
            context.transform(cairocffi.Matrix(1, 0, -_LEAN, 1, 0, 0))
        context.select_font_face("Noto Sans CJK SC", 0, int(item.bold))
        context.set_font_size(item.size)
        start = -item.anchor * faces()[item.bold].width(item.words, item.size)
        if item.halo:
            context.move_to(start, 0)
            context.text_path(item.words)
            context.set_source_rgb(*_rgb(item.halo))
            context.set_line_width(item.size * 0.28)
            context.set_line_join(1)
            context.stroke()
        context.move_to(start, 0)
        context.set_source_rgba(*_rgb(item.colour), item.opacity)
        context.show_text(item.words)
    else:
        if isinstance(item, Disc):
            context.new_sub_path()
            context.arc(item.x, item.y, item.radius, 0, 2 * math.pi)
        else:
            _trace(context, item.lines, item.closed)
            context.set_line_cap(int(item.round_ends))
            context.set_line_join(1)
            context.set_fill_rule(int(item.even_odd))
        opacity = 1.0 if isinstance(item, Disc) else item.opacity
        if item.fill:
            context.set_source_rgba(*_rgb(item.fill), opacity)
            context.fill_preserve()
        if item.stroke:
            context.set_source_rgba(*_rgb(item.stroke), opacity)
            context.set_line_width(item.width)
            context.set_dash(list(item.dash))
            context.stroke_preserve()
        context.new_path()
    context.restore()


def _trace(context: Any, lines: Sequence[Any], closed: bool) -> None:
    for line in lines:
        points = line.tolist()
        context.move_to(*points[0])
        for x, y in points[1:]:
            context.line_to(x, y)
        if closed:
            context.close_path()


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


# ── a whole run ──────────────────────────────────────────────────────────────────────────────


def spent() -> Mapping[str, float]:
    """Seconds for 100 pages, our kB a page by the smallest peer's, MB for 500 signs."""
    pages = sheets(100)
    ours(pages[:5])
    begun = time.perf_counter()
    ours(pages)
    took = time.perf_counter() - begun
    makers: list[tuple[Draw, int]] = [
        (weasy, 3), (reportlab_, 10), (matplotlib_, 2), (cairo, 20)
    ]  # fmt: skip
    shares = [
        len(ours(sheets(count))) / len(make(sheets(count))) for make, count in makers
    ]  # fmt: skip
    with get_context("spawn").Pool(1) as pool:
        memory = pool.apply(run_of_many)
    return {
        "100 pages drawn": took,
        "kB a page, as a part of the smallest peer's": max(shares),
        f"{SIGNS} signs from the release to files, memory": memory,
    }


def run_of_many() -> float:
    """The most memory (MB) that a process took that made 500 signs."""
    release, county, sites, streets, folder = _county()
    many = [
        replace(sites[at % len(sites)], id=f"site-{at:03}", facing=float(at * 7 % 360))
        for at in range(SIGNS)
    ]
    begun = time.perf_counter()
    batch = direction_signs(
        release, county, many, streets, Path(folder.name) / "signs", Paper(paper_size("A4")),
        public_url=HOST,
    )  # fmt: skip
    took = time.perf_counter() - begun
    assert len(batch.made) == SIGNS
    print(f"{SIGNS} signs, their files and contact sheet: {took:.1f} s", file=sys.stderr)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
