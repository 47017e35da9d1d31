"""From a hand-drawn plan to a town: lots, lanes, estates, buildings, greenery, names.

A plan draws what a planner would draw: river, ring road, avenues, districts, landmarks. The rest
is filled in from a seed: each block is cut into lots until they have the size of their district,
the cuts become streets, and every lot is built on as such lots are: courtyards along old lanes,
rows of slabs facing south in an estate, sheds in the industrial zone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random

from shapely import LineString, Point, Polygon, STRtree, prepare, unary_union
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient
from shapely.ops import polygonize

from illustrative.geometry import (
    XY,
    Frame,
    blob,
    lines_of,
    long_side_angle,
    points_of,
    polygons_of,
    rectangle,
    subdivide,
)
from illustrative.streets import (
    HALF_WIDTH_M,
    Street,
    largest_part,
    meet,
    with_bridges,
    without_stubs,
)


@dataclass(frozen=True)
class District:
    """Where lots of one sort lie: their size, and the class of the streets between them."""

    area: Polygon
    use: str
    lot_m2: float
    lane: str
    crook: float = 0.0


@dataclass(frozen=True)
class Landmark:
    """The lot (or whole block) around ``at`` becomes this."""

    at: XY
    kind: str
    name: str
    block: bool = False


@dataclass(frozen=True)
class Place:
    """A named place: a township seat, a community, a village."""

    at: XY
    kind: str
    name: str
    township: str


@dataclass(frozen=True)
class Patch:
    """A drawn area with its OSM tags: a lake, a wood, farmland."""

    area: Polygon
    tags: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """Everything about a town that is drawn by hand, in metres around ``frame``."""

    frame: Frame
    seed: int
    extent: Polygon
    limits: Polygon
    river: Polygon
    river_line: LineString
    river_name: str
    canals: list[tuple[LineString, float, str]]
    corridor: BaseGeometry
    streets: list[Street]
    strips: list[Polygon]
    districts: list[District]
    landmarks: list[Landmark]
    places: list[Place]
    hamlets: list[tuple[XY, float, str]]
    patches: list[Patch]
    names: list[str]
    estate_names: list[str]
    rails: list[tuple[LineString, dict[str, str]]] = field(default_factory=list)
    stops: list[tuple[XY, dict[str, str]]] = field(default_factory=list)
    roundabouts: list[tuple[str, str, float]] = field(default_factory=list)


@dataclass
class Town:
    """A town ready to be written: streets as pieces, areas with tags, points with tags."""

    plan: Plan
    streets: list[Street] = field(default_factory=list)
    areas: list[Patch] = field(default_factory=list)
    buildings: list[Patch] = field(default_factory=list)
    points: list[tuple[XY, dict[str, str]]] = field(default_factory=list)
    gates: dict[XY, dict[str, str]] = field(default_factory=dict)
    estates: list[tuple[str, Polygon, XY]] = field(default_factory=list)
    landmarks: dict[str, Polygon] = field(default_factory=dict)


def build_town(plan: Plan) -> Town:
    """Fill in a plan. The same plan gives the same town, to the centimetre."""
    rng = Random(plan.seed)
    town = Town(plan)
    road_names = iter([name for name in plan.names if name.endswith("路")])
    lane_names = iter([name for name in plan.names if not name.endswith("路")])
    drawn = [s for s in plan.streets if s.level == 0]
    banks = [LineString(area.exterior.coords) for area in polygons_of(plan.corridor)]
    blocks = list(polygonize(unary_union([s.line for s in drawn] + banks)))
    blocks.sort(key=lambda b: (round(b.centroid.x), round(b.centroid.y)))
    lots: list[tuple[Polygon, District]] = []
    lanes: list[Street] = []
    taken: set[str] = set()
    for block in blocks:
        centre = block.representative_point()
        if block.buffer(-14).area < 600:  # a sliver between two streets
            continue
        if plan.corridor.contains(centre) or any(s.contains(centre) for s in plan.strips):
            continue
        district = next((d for d in plan.districts if d.area.contains(centre)), None)
        if district is None:
            continue
        whole = next((m for m in plan.landmarks if m.block and block.contains(Point(m.at))), None)
        if whole is not None:
            lots.append((block, district))
            continue
        marked = any(block.contains(Point(m.at)) for m in [*plan.landmarks, *plan.places])
        if not marked and district.use not in ("old", "commerce") and _open(block, plan, rng):
            town.areas.append(_field(block, rng))
            continue
        parts, cuts = subdivide(block, district.lot_m2, rng=rng, crook=district.crook)
        lots += [(part, district) for part in parts]
        for cut in cuts:
            if cut.length < 45:
                continue
            names = lane_names if district.use in ("old", "commerce") else road_names
            name = next(names, "") if cut.length > 130 or district.use == "old" else ""
            highway = district.lane if name else "service"
            if district.use == "old" and cut.length < 90:
                highway = rng.choice(["footway", "living_street", "living_street"])
            lanes.append(Street(cut, highway, name))
    kept = _village_streets(plan, rng)
    lot_lines: list[Street] = []
    left_open: set[int] = set()
    estate_names = list(plan.estate_names)
    rng.shuffle(estate_names)
    for lot, district in lots:
        mark = next(
            (m for m in plan.landmarks if lot.contains(Point(m.at)) and m.name not in taken), None
        )
        if mark is not None:
            taken.add(mark.name)
            _landmark(town, lot, mark, rng)
        elif district.use != "old" and _open(lot, plan, rng):
            town.areas.append(_field(lot, rng))
            left_open.add(id(lot))
        elif district.use in ("estate", "mixed"):
            lot_lines += _estate(town, lot, rng, iter(estate_names))
        elif district.use == "industrial":
            _land(town, lot, "industrial", "", 12)
        elif district.use == "commerce":
            _land(town, lot, "commercial", "", 10)
        else:
            _land(town, lot, "residential", "", 5)
    waters = unary_union(
        [plan.river, *[line.buffer(w / 2, cap_style="flat") for line, w, _ in plan.canals]]
    )
    filled = [s for s in [*lanes, *kept, *lot_lines] if _dry(s, waters)]
    fabric = [*_with_roundabouts(plan), *filled]
    streets = largest_part(without_stubs(meet(fabric)))
    town.streets = with_bridges(streets, waters, plan.river)
    roads = unary_union([s.line for s in town.streets])
    town.areas += [
        p for p in plan.patches if p.tags.get("water") != "pond" or p.area.distance(roads) > 8
    ]
    _gates(town, lot_lines)
    built = [(lot, district) for lot, district in lots if id(lot) not in left_open]
    _build(town, built, taken, waters, rng)
    return town


def _with_roundabouts(plan: Plan) -> list[Street]:
    """The drawn streets, cut back to a circle (counterclockwise) where a roundabout stands."""
    streets = list(plan.streets)
    for first, second, radius in plan.roundabouts:
        a, b = (next(s.line for s in streets if s.name == name) for name in (first, second))
        centre = points_of(a.intersection(b))[0]
        disc = centre.buffer(radius, quad_segs=4)
        cut: list[Street] = []
        for street in streets:
            if street.level or not street.line.intersects(disc):
                cut.append(street)
                continue
            cut += [replace(street, line=part) for part in lines_of(street.line.difference(disc))]
        ring = orient(disc, 1.0).exterior
        circle = LineString([(round(x, 2), round(y, 2)) for x, y in ring.coords])
        tags = {"junction": "roundabout", "oneway": "yes"}
        streets = [*cut, Street(circle, "primary", tags=tags)]
    return streets


def _open(lot: Polygon, plan: Plan, rng: Random) -> bool:
    """Whether a lot is not built on yet: the likelier, the nearer to the edge of the town."""
    edge = plan.limits.exterior.distance(lot.centroid)
    reach = math.sqrt(plan.limits.area) / 2
    return rng.random() < 0.62 * max(0.0, 1 - edge / (0.42 * reach)) ** 0.8


def _field(lot: Polygon, rng: Random) -> Patch:
    """Land that waits: a vegetable plot, an orchard, rough grass, a building site."""
    use = rng.choice(["farmland", "farmland", "grass", "orchard", "construction"])
    area = max(polygons_of(lot.buffer(-9)), key=lambda a: a.area).simplify(1.5)
    return Patch(area, {"landuse": use})


def _dry(street: Street, waters: BaseGeometry) -> bool:
    """A street may cross water; it may not run along in it, or end in it."""
    wet = street.line.intersection(waters).length
    ends = [Point(street.line.coords[0]), Point(street.line.coords[-1])]
    return wet < 45 and not any(waters.contains(end) for end in ends)


def _village_streets(plan: Plan, rng: Random) -> list[Street]:
    """Each hamlet hangs on the nearest drawn road by one lane, with a crossing lane or two."""
    roads = [s for s in plan.streets if s.level == 0 and s.highway != "service"]
    tree = STRtree([s.line for s in roads])
    made = []
    for at, size, _ in plan.hamlets:
        here = Point(at)
        road = roads[int(tree.nearest(here))].line
        foot = road.interpolate(road.project(here))
        heading = math.atan2(here.y - foot.y, here.x - foot.x) + rng.uniform(-0.2, 0.2)
        tip = (here.x + size * math.cos(heading), here.y + size * math.sin(heading))
        made.append(
            Street(
                LineString([(foot.x, foot.y), at, tip]),
                "unclassified" if size > 150 else "residential",
            )
        )
        for step in (-0.25, 0.45):
            x, y = (
                here.x + step * size * math.cos(heading),
                here.y + step * size * math.sin(heading),
            )
            turn = heading + math.pi / 2 + rng.uniform(-0.25, 0.25)
            arm = size * rng.uniform(0.5, 0.8)
            ends = [
                (x + sign * arm * math.cos(turn), y + sign * arm * math.sin(turn))
                for sign in (-1, 1)
            ]
            made.append(Street(LineString([ends[0], (x, y), ends[1]]), "residential"))
    return [s for s in made if not s.line.intersects(plan.corridor)]


def _land(town: Town, lot: Polygon, use: str, name: str, inset: float) -> Polygon | None:
    inner = lot.buffer(-inset, join_style="mitre").simplify(1.5)
    parts = polygons_of(inner)
    if not parts:
        return None
    area = max(parts, key=lambda part: part.area)
    if area.area < 300:
        return None
    tags = {"landuse": use} | ({"name": name} if name else {})
    town.areas.append(Patch(area, tags))
    return area


def _estate(town: Town, lot: Polygon, rng: Random, names: Iterator[str]) -> list[Street]:
    """An estate (小区): a wall, a loop road, one or two gates on the streets around."""
    used = {patch.tags.get("name") for patch in town.areas}
    name = next((n for n in names if n not in used), "") if lot.area > 22000 else ""
    area = _land(town, lot, "residential", name, 11)
    if area is None or not name:
        return []
    rings = polygons_of(lot.buffer(-36, join_style="mitre").simplify(4))
    loop = max(rings, key=lambda ring: ring.area, default=None)
    if loop is None or loop.area < 4500:
        return []
    lane = LineString(loop.exterior.coords)
    lines = [Street(lane, "service")]
    start = rng.uniform(0, 1)
    for turn in (0.0, 0.47) if lot.area > 40000 else (0.0,):
        inside = lane.interpolate((start + turn) % 1, normalized=True)
        edge = lot.exterior.interpolate(lot.exterior.project(inside))
        lines.append(
            Street(
                LineString([(edge.x, edge.y), (inside.x, inside.y)]), "service", tags={"gate": name}
            )
        )
    edge = lines[1].line.interpolate(13)
    town.estates.append((name, area, (round(edge.x, 2), round(edge.y, 2))))
    return lines


def _gates(town: Town, lot_lines: list[Street]) -> None:
    """A gate stands 13 m in from the street, as a node of the estate's own road."""
    for k, street in enumerate(town.streets):
        if "gate" not in street.tags:
            continue
        tags = {key: value for key, value in street.tags.items() if key != "gate"}
        coords = list(street.line.coords)
        point = street.line.interpolate(min(13, street.line.length / 2))
        here = (round(point.x, 2), round(point.y, 2))
        line = LineString([coords[0], here, *coords[1:]]) if len(coords) == 2 else street.line
        if len(coords) == 2:
            town.gates[here] = {"barrier": "gate", "bicycle": "yes"}
        town.streets[k] = Street(line, street.highway, street.name, tags, street.level)


def _landmark(town: Town, lot: Polygon, mark: Landmark, rng: Random) -> None:
    area = max(polygons_of(lot.buffer(-12, join_style="mitre").simplify(1.5)), key=lambda a: a.area)
    town.landmarks[mark.name] = area
    tags = {
        "park": {"leisure": "park"},
        "plaza": {"place": "square", "highway": "pedestrian", "area": "yes"},
        "mall": {"landuse": "retail"},
        "market": {"amenity": "marketplace", "landuse": "retail"},
        "school": {"amenity": "school"},
        "hospital": {"amenity": "hospital"},
        "bus_station": {"amenity": "bus_station", "public_transport": "station"},
        "government": {"amenity": "townhall", "landuse": "commercial"},
        "stadium": {"leisure": "sports_centre"},
        "railway_station": {"landuse": "commercial"},
        "logistics": {"landuse": "industrial"},
    }[mark.kind]
    if mark.kind == "plaza":
        tags = {"place": "square"}
    town.areas.append(Patch(area, {**tags, "name": mark.name}))
    if mark.kind == "park":
        side = math.sqrt(area.area)
        centre = area.representative_point()
        lake = _lake(area, centre, side, rng)
        if lake is not None:
            town.areas.append(Patch(lake, {"natural": "water", "water": "lake"}))
    if mark.kind in ("school", "stadium"):
        angle = long_side_angle(area)
        c = area.centroid
        length = min(150.0, 0.62 * math.sqrt(area.area))
        oval = LineString(
            [
                (c.x - length * 0.28 * math.cos(angle), c.y - length * 0.28 * math.sin(angle)),
                (c.x + length * 0.28 * math.cos(angle), c.y + length * 0.28 * math.sin(angle)),
            ]
        ).buffer(length * 0.25, quad_segs=4)
        if area.contains(oval):
            town.areas.append(Patch(oval.simplify(0.5), {"leisure": "pitch", "sport": "athletics"}))
    if mark.kind == "railway_station":
        town.points.append(
            (
                (round(mark.at[0], 2), round(mark.at[1], 2)),
                {"railway": "station", "name": mark.name},
            )
        )


def _lake(area: Polygon, centre: Point, side: float, rng: Random) -> Polygon | None:
    if side < 120:
        return None
    shape = blob(
        (centre.x, centre.y),
        side * 0.3,
        rng=rng,
        squeeze=0.65,
        turn=math.degrees(long_side_angle(area)),
    )
    inside = polygons_of(shape.intersection(area.buffer(-18)))
    return max(inside, key=lambda part: part.area, default=None)


def _build(
    town: Town,
    lots: list[tuple[Polygon, District]],
    taken: set[str],
    waters: BaseGeometry,
    rng: Random,
) -> None:
    """Put up buildings, clear of streets, water, lakes and each other."""
    plan = town.plan
    ground = [s.line.buffer(HALF_WIDTH_M.get(s.highway, 5) + 1.5) for s in town.streets]
    lakes = [p.area for p in town.areas if "natural" in p.tags or p.tags.get("leisure") == "pitch"]
    rails = [line.buffer(14) for line, _ in plan.rails]
    blocked = unary_union([*ground, waters.buffer(6), *[lake.buffer(6) for lake in lakes], *rails])
    prepare(blocked)
    green = [
        a
        for n, a in town.landmarks.items()
        for m in plan.landmarks
        if m.name == n and m.kind in ("park", "plaza")
    ]
    placed: list[Polygon] = []

    def put(shape: Polygon, tags: dict[str, str]) -> bool:
        if blocked.intersects(shape) or any(g.intersects(shape) for g in green):
            return False
        near = [p for p in placed[-60:] if p.distance(shape) < 1.0]
        if near:
            return False
        placed.append(shape)
        town.buildings.append(Patch(shape, tags))
        return True

    for lot, district in lots:
        mark = next(
            (m for m in plan.landmarks if m.name in taken and lot.contains(Point(m.at))), None
        )
        if mark is not None and mark.kind in ("park", "plaza"):
            continue
        area = lot.buffer(-8, join_style="mitre")
        if area.is_empty:
            continue
        if mark is not None:
            _campus(lot, mark, put, rng)
        elif district.use == "old":
            _perimeter(lot, 6.5, (11, 14), (22, 44), 0.84, put, rng)
        elif district.use == "commerce":
            _perimeter(lot, 15, (16, 22), (28, 60), 0.75, put, rng)
        elif district.use == "industrial":
            _rows(lot, 20, (34, 46), (70, 120), 26, 22, 0.85, put, rng, "industrial")
        elif district.use == "mixed" and rng.random() < 0.45:
            _rows(lot, 15, (20, 22), (22, 26), 40, 40, 0.85, put, rng, "apartments")
        else:
            _rows(lot, 15, (12, 14), (48, 68), 34, 18, 0.9, put, rng, "apartments")
    for at, size, _ in plan.hamlets:
        _hamlet(at, size, put, rng)


def _perimeter(lot, setback, depths, lengths, fill, put, rng) -> None:  # type: ignore[no-untyped-def]
    """Houses along the streets around a lot, a court in the middle."""
    depth = rng.uniform(*depths)
    for ring in polygons_of(lot.buffer(-(setback + depth / 2), join_style="mitre")):
        corners = list(ring.exterior.coords)
        for a, b in pairwise(corners):
            side, run = math.dist(a, b), 2.0
            angle = math.atan2(b[1] - a[1], b[0] - a[0])
            while run < side - 8:
                length = min(rng.uniform(*lengths), side - run)
                if rng.random() < fill and length > 9:
                    s = run + length / 2
                    x, y = a[0] + s * math.cos(angle), a[1] + s * math.sin(angle)
                    put(rectangle(x, y, length - 1.2, depth, angle), {"building": "yes"})
                run += length + rng.choice([1.5, 1.5, 2.5, 7])


def _rows(lot, setback, depths, lengths, gap_rows, gap, fill, put, rng, kind) -> None:  # type: ignore[no-untyped-def]
    """Parallel rows facing south, as estates are built here; sheds likewise."""
    area = lot.buffer(-setback, join_style="mitre")
    if area.is_empty:
        return
    prepare(area)
    angle = long_side_angle(lot)
    while abs(angle) > math.pi / 4:
        angle -= math.copysign(math.pi / 2, angle)
    depth, length = rng.uniform(*depths), rng.uniform(*lengths)
    c = lot.centroid
    reach = math.dist((area.bounds[0], area.bounds[1]), (area.bounds[2], area.bounds[3])) / 2
    rows = int(reach // (depth + gap_rows)) + 1
    columns = int(reach // (length + gap)) + 1
    for row in range(-rows, rows + 1):
        for column in range(-columns, columns + 1):
            u, v = (column + 0.5 * (rows % 2)) * (length + gap), row * (depth + gap_rows)
            x = c.x + u * math.cos(angle) - v * math.sin(angle)
            y = c.y + u * math.sin(angle) + v * math.cos(angle)
            shape = rectangle(x, y, length, depth, angle)
            if rng.random() < fill and area.contains(shape):
                put(shape, {"building": kind})


def _campus(lot, mark, put, rng) -> None:  # type: ignore[no-untyped-def]
    """A few large buildings of a school, a hospital, a mall, a station."""
    kinds = {"school": "school", "hospital": "hospital", "mall": "retail", "market": "retail",
             "bus_station": "transportation", "government": "public", "stadium": "public",
             "railway_station": "train_station", "logistics": "warehouse"}  # fmt: skip
    tags = {"building": kinds[mark.kind]}
    if mark.kind in ("mall", "market", "bus_station", "railway_station"):
        angle, c = long_side_angle(lot), lot.centroid
        size = math.sqrt(lot.area)
        put(rectangle(c.x, c.y, min(0.62 * size, 170), min(0.34 * size, 85), angle), tags)
        return
    _perimeter(lot, 22, (15, 18), (40, 70), 0.7, lambda shape, _: put(shape, tags), rng)


def _hamlet(at, size, put, rng) -> None:  # type: ignore[no-untyped-def]
    angle = rng.uniform(-0.3, 0.3)
    step = int(size / 30) + 1
    for row in range(-step, step + 1):
        for column in range(-step, step + 1):
            u, v = column * 34 + rng.uniform(-5, 5), row * 30 + rng.uniform(-4, 4)
            if math.hypot(u, v) > 0.8 * size * rng.uniform(0.5, 1.1) or rng.random() < 0.35:
                continue
            x = at[0] + u * math.cos(angle) - v * math.sin(angle)
            y = at[1] + u * math.sin(angle) + v * math.cos(angle)
            put(
                rectangle(x, y, rng.uniform(14, 22), rng.uniform(9, 12), angle),
                {"building": "house"},
            )


def greens(town: Town) -> list[Polygon]:
    """The embankment greens: the corridor and the strips, less the water."""
    plan = town.plan
    waters = unary_union([plan.river, *[line.buffer(w / 2 + 1) for line, w, _ in plan.canals]])
    found = []
    for strip in [*polygons_of(plan.corridor), *plan.strips]:
        found += polygons_of(strip.buffer(-7).difference(waters.buffer(3)).simplify(1.5))
    return [area for area in found if area.area > 800]
