"""The report's charts as SVG, drawn by matplotlib: the clock as a heat map, gain against spend.

Letters are drawn as outlines, so that a chart looks the same in a browser, on paper, and on a
computer without Chinese fonts. The same figures give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from numpy.typing import NDArray

from locator.outputs.fonts import FACES, font_folder
from locator.outputs.palette import tokens

_MM = 1 / 25.4
#: Shares from this on are set in dark ink: the light half of cividis.
_LIGHT_FROM = 0.5


def clock_chart(
    days: Sequence[str], rows: Sequence[str], shares: NDArray[np.float64], *, width_mm: float = 174
) -> str:
    """The coverage clock as heat maps, one above the other, with its numbers in the cells.

    ``shares`` (0–1) is days × rows × 24 hours, NaN where nobody needs the service then. The scale
    is cividis: dark is where riders stand before closed doors, and it reads alike for all eyes.
    """
    regular, bold = _faces()
    row_mm, head_mm, foot_mm = 5.6, 7.0, 5.0
    panel_mm = head_mm + row_mm * len(rows) + foot_mm
    figure = Figure(figsize=(width_mm * _MM, panel_mm * len(days) * _MM))
    colours = matplotlib.colormaps["cividis"]
    ink, muted, line = (tokens()[name] for name in ("ink", "muted", "line"))
    left_mm, right_mm = 27.0, 4.0
    for at, day in enumerate(days):
        bottom_mm = panel_mm * (len(days) - 1 - at) + foot_mm
        axes = figure.add_axes(
            (
                left_mm / width_mm,
                bottom_mm / (panel_mm * len(days)),
                (width_mm - left_mm - right_mm) / width_mm,
                row_mm * len(rows) / (panel_mm * len(days)),
            )
        )
        grid = shares[at]
        axes.imshow(
            np.ma.masked_invalid(grid), cmap=colours, vmin=0, vmax=1, aspect="auto",
            extent=(0, 24, len(rows), 0), interpolation="nearest", resample=False,
        )  # fmt: skip
        for row, hour in np.ndindex(grid.shape):
            share = grid[row, hour]
            known = np.isfinite(share)
            dark = not known or share >= _LIGHT_FROM
            axes.text(
                hour + 0.5, row + 0.53, f"{share * 100:.0f}" if known else "–",
                ha="center", va="center", color=ink if dark else "white",
                fontproperties=bold if row == 0 else regular, fontsize=6.2,
            )  # fmt: skip
        axes.hlines(np.arange(1, len(rows)), 0, 24, colors="white", linewidth=0.5)
        axes.vlines(np.arange(1, 24), 0, len(rows), colors="white", linewidth=0.5)
        axes.hlines([1], 0, 24, colors="white", linewidth=2.2)
        axes.set_yticks(np.arange(len(rows)) + 0.5, rows)
        axes.set_xticks(np.arange(0, 25, 3), [f"{hour:02d}:00" for hour in range(0, 25, 3)])
        _plain(axes, regular, muted, line)
        for label, name in zip(axes.get_yticklabels(), rows, strict=True):
            label.set_fontproperties(bold if name == rows[0] else regular)
            label.set(color=ink, fontsize=7)
        axes.set_title(
            day, loc="left", x=-left_mm / (width_mm - left_mm - right_mm), pad=4.5,
            fontproperties=bold, fontsize=8.5, color=ink,
        )  # fmt: skip
    return _svg(figure)


def curve_chart(
    spend: Sequence[float],
    gain: Sequence[float],
    labels: tuple[str, str],
    *,
    width_mm: float = 84,
    height_mm: float = 50,
) -> str:
    """What any spend would gain, in steps from nothing on; ``labels`` name both axes.

    ``spend`` rises; both are in units that the labels tell.
    """
    regular, _ = _faces()
    colours = tokens()
    figure = Figure(figsize=(width_mm * _MM, height_mm * _MM))
    axes = figure.add_axes((0.14, 0.2, 0.82, 0.66))
    x, y = [0.0, *spend], [0.0, *gain]
    axes.fill_between(x, y, step="post", color=colours["union-post"], alpha=0.12, linewidth=0)
    axes.step(x, y, where="post", color=colours["union-post"], linewidth=1.4)
    axes.plot(x[1:], y[1:], "o", color=colours["union-post"], markersize=3.2)
    axes.set_xlim(0, max(x) * 1.04 or 1)
    axes.set_ylim(0, max(y) * 1.15 or 1)
    axes.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(4))
    axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5))
    axes.yaxis.grid(True, color=colours["line"], linewidth=0.5)
    axes.set_axisbelow(True)
    _plain(axes, regular, colours["muted"], colours["line"])
    axes.set_xlabel(labels[0], fontproperties=regular, fontsize=6.8, color=colours["muted"])
    axes.set_title(labels[1], loc="left", fontproperties=regular, fontsize=6.8,
                   color=colours["muted"], pad=4)  # fmt: skip
    return _svg(figure)


def _plain(axes: Axes, face: FontProperties, ink: str, line: str) -> None:
    """Small quiet ticks and no frame."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, pad=2.5)
    axes.axhline(axes.get_ylim()[0], color=line, linewidth=0.6)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(face)
        label.set_fontsize(6.5)
        label.set_color(ink)


def _faces() -> tuple[FontProperties, FontProperties]:
    folder = font_folder()
    regular, bold = (FontProperties(fname=str(folder / face)) for face in FACES)
    return regular, bold


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "report", "svg.fonttype": "path"}):
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
