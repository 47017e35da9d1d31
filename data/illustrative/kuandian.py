# ruff: noqa: E501  (tables: one line, one item)
"""The plan of the invented town that stands for 宽甸: a small town in a valley.

One long main street and a river side by side between wooded hills, a railway on the far bank, and
four roads out. It is drawn along the valley and then turned. Everything but the township and
community names is made up.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from shapely import LineString, Point, Polygon, box, unary_union
from shapely.affinity import rotate
from shapely.geometry.base import BaseGeometry

from illustrative.geometry import XY, Frame, blob, lines_of, polygons_of, ribbon, smooth
from illustrative.names import ESTATES, street_names
from illustrative.streets import Street
from illustrative.town import District, Landmark, Patch, Place, Plan

FRAME = Frame(124.783, 40.730)
EXTENT = box(-4700, -4300, 4700, 4300)
#: The valley runs from the south-west to the north-east.
TURN = 27.0


def turned(shape: BaseGeometry) -> BaseGeometry:
    """From along the valley to north up."""
    return rotate(shape, TURN, origin=(0, 0))


def at(s: float, t: float) -> XY:
    """A point ``s`` metres along the valley and ``t`` across it (towards the north-west)."""
    point = turned(Point(s, t))
    return round(point.x, 2), round(point.y, 2)


def curve(points: list[XY], *, closed: bool = False) -> LineString:
    """A curve through points given along the valley."""
    return smooth([at(*point) for point in points], closed=closed)


def _longest(geometry: BaseGeometry) -> LineString:
    return max(lines_of(geometry), key=lambda line: line.length)


def plan() -> Plan:
    """Draw the town."""
    rng = Random(210624)
    river_line = curve(
        [(-7000, -900), (-5200, -150), (-3900, -620), (-2900, -250), (-1900, -420), (-1000, -180), (-150, -400),
         (700, -330), (1500, -130), (2300, -430), (3300, -150), (4300, -620), (5600, -200), (7000, -700)]
    )  # fmt: skip
    river = ribbon(river_line, 62, swell=0.16, rng=rng)
    slope = curve(
        [
            (-2450, 330),
            (-2080, 780),
            (-1300, 1060),
            (-300, 1150),
            (800, 1090),
            (1700, 900),
            (2350, 280),
        ]
    )
    loop = curve(
        [(-2450, 330), (-2380, -200), (-2300, -560), (-1500, -830), (-450, -880), (700, -900), (1750, -800), (2330, -330), (2350, 280)]
    )  # fmt: skip
    limits = Polygon([*loop.coords, *list(slope.coords)[::-1]])
    corridor = max(
        polygons_of(river.buffer(30).simplify(1.5).intersection(limits)), key=lambda part: part.area
    )
    banks = [
        Street(line, "tertiary", name)
        for line, name in zip(
            sorted(
                (x for x in lines_of(corridor.exterior.difference(limits.exterior.buffer(3))) if x.length > 1500),
                key=lambda x: rotate(x, -TURN, origin=(0, 0)).centroid.y,
            ),
            ("南岸路", "北岸路"),
            strict=True,
        )
    ]  # fmt: skip

    def cross(points: list[XY], highway: str, name: str, **more) -> Street:  # type: ignore[no-untyped-def]
        return Street(curve(points), highway, name, **more)

    def to_bank(points: list[XY], highway: str, name: str, **more) -> Street:  # type: ignore[no-untyped-def]
        return Street(_longest(curve(points).difference(corridor)), highway, name, **more)

    streets = [
        cross([(-7000, 250), (-5000, 620), (-3600, 260), (-2450, 330), (-1500, 260), (-600, 300), (300, 250), (1200, 330),
               (2350, 280), (3300, 420), (4300, 180), (5400, 500), (7000, 200)], "primary", "山城大街", halves=("x", 0)),
        Street(slope, "secondary", "北坡路"),
        Street(loop, "secondary", "绕城路", bridge="西山桥"),
        cross([(-1900, 690), (-900, 660), (100, 700), (1100, 720), (2020, 640)], "tertiary", "松岭街"),
        to_bank([(-1760, 940), (-1720, 260), (-1700, -900)], "tertiary", "柞林街"),
        cross([(-940, 1120), (-930, 280), (-900, -500), (-880, -870)], "secondary", "石桥街", bridge="石桥"),
        to_bank([(-420, 1160), (-400, 300), (-380, -700)], "residential", "豆坊街", tags={"oneway": "yes"}),
        to_bank([(80, 1150), (100, 260), (110, -700)], "tertiary", "府东街"),
        cross([(650, 3000), (620, 2000), (640, 1100), (640, 290), (660, -300), (680, -900), (500, -1700), (820, -2600), (300, -3500), (400, -5200)],
              "secondary", "长岭路", bridge="长岭大桥", halves=("y", 0)),
        cross([(650, 3000), (250, 3800), (420, 5200)], "unclassified", "北沟路"),
        to_bank([(1180, 1030), (1200, 320), (1210, -700)], "tertiary", "红松街"),
        cross([(1720, 890), (1700, 310), (1730, -100), (1760, -800)], "tertiary", "桦林街", bridge="桦林桥"),
        to_bank([(-1500, -200), (-1480, -500), (-1500, -830)], "residential", "铁西街"),
        to_bank([(-300, -300), (-260, -600), (-280, -885)], "tertiary", "站前街"),
        to_bank([(1250, -200), (1230, -500), (1220, -860)], "residential", "铁东街"),
        cross([(-1700, 280), (-2000, 2200), (-2600, 3300)], "track", ""),
        cross([(-3300, 290), (-3500, 1300), (-3050, 2300)], "unclassified", "羊圈沟路"),
        cross([(3000, 380), (3200, -500), (2900, -1500), (3300, -2600)], "unclassified", "车道沟路", bridge="东沟桥"),
        cross([(-1200, -850), (-1700, -1700), (-1500, -2700)], "unclassified", "南沟路"),
    ]  # fmt: skip
    streets = [*banks, *(replace(s, line=_longest(s.line.intersection(EXTENT))) for s in streets)]
    rail = curve(
        [
            (-7000, -1500),
            (-4500, -1250),
            (-2500, -1080),
            (-1000, -1000),
            (400, -1020),
            (1900, -1050),
            (3200, -1250),
            (5000, -900),
            (7000, -1200),
        ]
    )
    brook = curve(
        [(300, 4500), (480, 3600), (380, 2600), (460, 1500), (360, 900), (400, 300), (380, -330)]
    )
    station = at(-270, -955)
    hamlets: list[tuple[XY, float, str]] = [
        (at(-3900, 430), 260, "石湖沟乡"), (at(3900, 400), 260, "红石镇"), (at(420, -3300), 240, "永甸镇"),
        (at(560, 3250), 240, "大川头镇"), (at(-3000, 520), 110, ""), (at(-3350, 1500), 120, ""), (at(3200, 560), 110, ""),
        (at(3050, -1300), 120, ""), (at(-1650, -1600), 120, ""), (at(680, -1800), 120, ""), (at(780, 1900), 120, ""),
        (at(2800, 120), 90, ""),
    ]  # fmt: skip
    clearing = unary_union(
        [s.line.buffer(95) for s in streets] + [rail.buffer(60), brook.buffer(60), river.buffer(260)]
        + [Point(xy).buffer(size * 1.25) for xy, size, _ in hamlets] + [limits.buffer(120)]
    )  # fmt: skip
    ridges = [
        (-3900, 2200, 1350), (-1900, 2700, 1300), (-350, 2600, 1150), (1700, 2550, 1250), (3700, 2300, 1350), (-3800, -2200, 1350),
        (-2600, -2900, 1200), (-400, -2300, 1050), (1700, -2500, 1250), (3900, -2500, 1250), (5200, 1700, 900), (-5300, -1600, 800),
    ]  # fmt: skip
    hills = unary_union(
        [
            blob(at(s, t), size, rng=rng, squeeze=0.75, turn=rng.uniform(0, 180))
            for s, t, size in ridges
        ]
    )
    woods = polygons_of(
        hills.difference(clearing).intersection(EXTENT).buffer(-25).buffer(25).simplify(9)
    )
    patches = [
        Patch(Polygon(wood.exterior), {"natural": "wood"}) for wood in woods if wood.area > 20000
    ]
    streets_named = {s.name for s in streets}
    old = Polygon([at(*p) for p in [(-950, 720), (650, 720), (650, 290), (-950, 290)]])
    centre = Polygon([at(*p) for p in [(-950, 300), (1200, 300), (1200, -420), (-950, -420)]])
    works = Polygon([at(*p) for p in [(1200, -120), (2500, -120), (2500, -1000), (1200, -1000)]])
    districts = [
        District(old, "old", 17000, "living_street", 0.12),
        District(centre, "commerce", 34000, "residential", 0.05),
        District(works, "industrial", 80000, "unclassified", 0.03),
        District(limits.buffer(20), "estate", 88000, "residential", 0.05),
    ]
    landmarks = [
        Landmark(at(380, 500), "plaza", "山城广场"), Landmark(at(-1350, 900), "park", "北山公园"),
        Landmark(at(1450, 200), "park", "河湾公园"), Landmark(at(-1300, 480), "school", "示意第一小学"),
        Landmark(at(1450, 850), "school", "示意中学"), Landmark(at(900, 500), "hospital", "示意县医院"),
        Landmark(at(-150, 880), "government", "政务服务中心"), Landmark(at(-650, 60), "market", "中心菜市场"),
        Landmark(at(860, 60), "mall", "山城商场"), Landmark(at(-1320, 80), "bus_station", "汽车客运站"),
        Landmark(at(-600, -700), "logistics", "快递分拨中心"),
    ]  # fmt: skip
    town = "宽甸镇"
    places = [
        Place(at(-60, 180), "town", "宽甸镇", town),
        *[Place(at(*xy), "neighbourhood", name, town) for xy, name in COMMUNITIES],
        *[Place(xy, "village", name, name) for xy, _, name in hamlets if name],
    ]
    return Plan(
        frame=FRAME, seed=21062402, extent=EXTENT, limits=limits,
        river=max(polygons_of(river.intersection(EXTENT)), key=lambda p: p.area),
        river_line=_longest(river_line.intersection(EXTENT)), river_name="青石河",
        canals=[(_longest(brook.intersection(EXTENT)), 9, "北沟溪")],
        corridor=corridor, streets=streets, strips=[], districts=districts, landmarks=landmarks,
        places=places, hamlets=hamlets, patches=patches,
        names=street_names(streets_named, 41), estate_names=list(reversed(ESTATES)),
        rails=[(_longest(rail.intersection(EXTENT)), {"railway": "rail", "name": "示意铁路"})],
        stops=[(station, {"railway": "station", "name": "火车站"})],
        roundabouts=[("山城大街", "府东街", 24)],
    )  # fmt: skip


COMMUNITIES: list[tuple[XY, str]] = [
    ((-640, 480), "中心社区"), ((-150, 640), "府前社区"), ((-1350, 600), "新华社区"), ((-600, 930), "北环社区"),
    ((880, 860), "公园社区"), ((1500, 480), "城东社区"), ((1950, 150), "世纪社区"), ((-1950, 430), "安居社区"),
    ((300, -120), "昌德社区"), ((-100, -640), "铁南社区"), ((-1200, -620), "铁长社区"), ((-1450, 0), "北营社区"),
]  # fmt: skip
