"""The picture of a datum mistake: stations as declared and as proposed, over the streets.

One county, one arrow: all rows are off by the same step, and on the streets a person sees at once
which of the two fits. A self-contained SVG; nothing in it is loaded, and no boundary is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

from locator.checks.datum_doctor.shifts import TRUTH_ZH, TRUTHS, positions, rewritten
from locator.checks.datum_doctor.words import COMPASS_ZH, compass, proposes
from locator.checks.surroundings import Surroundings
from locator.errors import Finding
from locator.geo.crs import WGS84, local_metres
from locator.outputs.palette import tokens

Floats = NDArray[np.float64]

#: Units of the drawing; the map is square, with the words below it.
SIZE, WORDS = 720, 96
#: A frame wider than this shows no streets any more: then only rows in the middle are drawn.
MOST_HALF_M, LEAST_HALF_M = 1600.0, 500.0
_MARGIN = 1.12
_WIDE = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
MOST_PICTURES = 4
_BARS_M = (1000, 500, 200, 100)


def datum_picture(finding: Finding, rows: pd.DataFrame, surroundings: Surroundings) -> str:
    """The SVG of a finding of the datum doctor, ``rows`` being those of its report; "" where none
    of its rows has a position."""
    detail = finding.detail or {}
    own = rows[(rows["file"] == finding.file) & np.isfinite(rows["lon"].astype(float))]
    wanted = [finding.row] if finding.row is not None else detail.get("rows", [])
    own = own[own["row"].isin(wanted)]
    if own.empty or "from" not in detail:
        return ""
    lon, lat = own["lon"].to_numpy(dtype=float), own["lat"].to_numpy(dtype=float)
    at = TRUTHS.index(detail["from"])
    to_lon, to_lat = (each[at] for each in positions(*rewritten(lon, lat, detail["as"])))
    plane = Transformer.from_crs(
        WGS84, local_metres(float(np.median(lon)), float(np.median(lat))), always_xy=True
    )
    was, now = (np.column_stack(plane.transform(*pair)) for pair in ((lon, lat), (to_lon, to_lat)))
    middle, half = _frame(was, now)
    seen = (np.abs(was - middle).max(axis=1) <= half) & (np.abs(now - middle).max(axis=1) <= half)
    scale = SIZE / (2 * half)

    def drawn(xy: Floats) -> Floats:
        return np.column_stack([xy[:, 0] - middle[0] + half, half - (xy[:, 1] - middle[1])]) * scale

    street = np.column_stack(plane.transform(*_shape(surroundings)))
    parts = [
        *_streets(surroundings, drawn(street)),
        *_arrows(drawn(was[seen]), drawn(now[seen])),
        *_words(finding, own, int(seen.sum()), half, scale),
    ]
    ink, land = tokens()["ink"], tokens()["map-land"]
    title = f"坐标来源核对图：{finding.file}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE + WORDS}" role="img" '
        f'font-family="sans-serif" fill="{ink}"><title>{escape(title)}</title>'
        f'<rect width="{SIZE}" height="{SIZE + WORDS}" fill="{tokens()["surface"]}"/>'
        f'<svg width="{SIZE}" height="{SIZE}" viewBox="0 0 {SIZE} {SIZE}">'
        f'<rect width="{SIZE}" height="{SIZE}" fill="{land}"/>' + "".join(parts) + "</svg>"
    )


def datum_pictures(
    findings: Iterable[Finding], rows: pd.DataFrame, grounds: Sequence[Surroundings]
) -> list[str]:
    """The pictures of whole sources, the first few, each over the ground on which it lies."""
    found: list[str] = []
    for finding in findings:
        if not proposes(finding) or finding.row is not None:
            continue
        for ground in grounds:
            if _lies_on(finding, rows, ground):
                found += filter(None, [datum_picture(finding, rows, ground)])
                break
    return found[:MOST_PICTURES]


def _lies_on(finding: Finding, rows: pd.DataFrame, ground: Surroundings) -> bool:
    """Whether the middle of a file's rows is among the streets."""
    own = rows[rows["file"] == finding.file]
    lon, lat = _shape(ground)
    x, y = float(own["lon"].median()), float(own["lat"].median())
    return bool(len(lon) and lon.min() <= x <= lon.max() and lat.min() <= y <= lat.max())


def _frame(was: Floats, now: Floats) -> tuple[Floats, float]:
    """The middle of the map and half its width, in metres: where most rows are with both ends."""
    middle = (np.median(was, axis=0) + np.median(now, axis=0)) / 2
    reach = np.maximum(np.abs(was - middle).max(axis=1), np.abs(now - middle).max(axis=1))
    if reach.max() <= MOST_HALF_M / _MARGIN:
        return middle, max(float(reach.max()) * _MARGIN, LEAST_HALF_M)
    nearest = int(reach.argmin())  # the median may lie between two towns
    step = float(np.median(np.hypot(*(now - was).T)))
    half = max(MOST_HALF_M, 1.5 * step)
    return (middle if reach.min() <= half else (was[nearest] + now[nearest]) / 2), half


def _shape(surroundings: Surroundings) -> tuple[Floats, Floats]:
    return surroundings.streets.shape_lon, surroundings.streets.shape_lat


def _streets(surroundings: Surroundings, xy: Floats) -> list[str]:
    """The streets that touch the frame, the wide ones on top."""
    graph = surroundings.streets
    paths: dict[bool, list[str]] = {False: [], True: []}
    for edge in graph.pieces.tolist():
        line = xy[graph.shape_start[edge] : graph.shape_start[edge + 1]]
        if (line.max(axis=0) < 0).any() or (line.min(axis=0) > SIZE).any():
            continue
        corners = " ".join(f"{x:.0f},{y:.0f}" for x, y in line.tolist())
        paths[str(graph.edge_class[edge]).removesuffix("_link") in _WIDE].append(f"M{corners}")
    look = {False: (tokens()["map-path"], 2.2), True: (tokens()["line-strong"], 4.0)}
    return [
        f'<path d="{"".join(paths[wide])}" fill="none" stroke="{colour}" stroke-width="{width}" '
        'stroke-linejoin="round"/>'
        for wide, (colour, width) in look.items()
        if paths[wide]
    ]


def _arrows(was: Floats, now: Floats) -> list[str]:
    """A step for each row, from a hollow ring to a disc."""
    error, right = tokens()["error"], tokens()["open"]
    faint = "0.9" if len(was) <= 60 else "0.4"
    lines = "".join(
        f"M{a[0]:.1f},{a[1]:.1f} {b[0]:.1f},{b[1]:.1f}"
        for a, b in zip(was.tolist(), now.tolist(), strict=True)
    )
    parts = [f'<path d="{lines}" stroke="{error}" stroke-width="1.4" opacity="{faint}"/>']
    parts += [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{tokens()["surface"]}" stroke="{error}" '
        'stroke-width="2.5"/>'
        for x, y in was.tolist()
    ]
    parts += [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6.5" fill="{right}" '
        f'stroke="{tokens()["surface"]}" stroke-width="1.5"/>'
        for x, y in now.tolist()
    ]
    return parts


def _words(finding: Finding, rows: pd.DataFrame, seen: int, half: float, scale: float) -> list[str]:
    """What closes the map, and the lines below it: the two marks, the arrow, a scale bar."""
    detail = finding.detail or {}
    error, right, muted = tokens()["error"], tokens()["open"], tokens()["muted"]
    bar_m = next(metres for metres in _BARS_M if metres <= half / 2 or metres == _BARS_M[-1])
    bar = bar_m * scale
    first, second, third = (SIZE + step for step in (26, 52, 78))
    arrow = f"往{COMPASS_ZH[compass(detail['bearing_deg'])]} {detail['shift_m']:.0f} 米"
    share = f"图上 {seen} 行" if seen == len(rows) else f"图上 {seen} 行，共 {len(rows)} 行"
    if rows["name"].str.contains("示意", regex=False).any():
        share += "，示意数据"
    chance = f"把握 {min(99.9, 100 * float(detail['probability'])):.3g}%"
    return [
        "</svg>",
        f'<circle cx="16" cy="{first - 5}" r="6" fill="{tokens()["surface"]}" stroke="{error}" '
        'stroke-width="2.5"/>',
        f'<text x="30" y="{first}" font-size="17">照「坐标来源」：{escape(TRUTH_ZH[detail["as"]])}'
        "</text>",
        f'<circle cx="16" cy="{second - 5}" r="6.5" fill="{right}"/>',
        f'<text x="30" y="{second}" font-size="17">建议：{escape(TRUTH_ZH[detail["from"]])}</text>',
        f'<text x="30" y="{third}" font-size="15" fill="{muted}">{arrow}，{chance}，{share}</text>',
        f'<path d="M{SIZE - 16 - bar:.1f} {third - 12}v7h{bar:.1f}v-7" fill="none" '
        f'stroke="{muted}" stroke-width="1.5"/>',
        f'<text x="{SIZE - 16 - bar / 2:.1f}" y="{third - 16}" font-size="14" fill="{muted}" '
        f'text-anchor="middle">{bar_m} 米</text>',
        f'<text x="{SIZE - 16}" y="{first - 6}" font-size="14" fill="{muted}" '
        'text-anchor="end">上为北</text>',
    ]
