# ruff: noqa: E501  (tables: one line, one item)
"""The plan of the invented county town that stands for 舒城: a river town of the plain.

An old town inside its moat on the north bank, a newer grid turned a few degrees against it, a
south bank of estates, a development zone in the north-west, a ring road, and roads out along the
bearings of the real townships. Everything but the township and community names is made up.
"""

from __future__ import annotations

from random import Random

from shapely import LineString, Polygon, box
from shapely.affinity import rotate

from illustrative.geometry import XY, Frame, blob, lines_of, polygons_of, ribbon, smooth
from illustrative.names import ESTATES, street_names
from illustrative.streets import Street
from illustrative.town import District, Landmark, Patch, Place, Plan

FRAME = Frame(116.944, 31.462)
EXTENT = box(-6080, -5280, 6080, 5280)


def _turned(points: list[XY], degrees: float, origin: XY = (0, 1040)) -> list[XY]:
    return [
        (round(x, 2), round(y, 2))
        for x, y in rotate(LineString(points), degrees, origin=origin).coords
    ]


def _longest(geometry) -> LineString:  # type: ignore[no-untyped-def]
    return max(lines_of(geometry), key=lambda line: line.length)


def plan() -> Plan:
    """Draw the town."""
    rng = Random(341523)
    river_line = smooth(
        [(-7600, -2640), (-5760, -2000), (-4480, -1880), (-3440, -1400), (-2400, -1310), (-1600, -905),
         (-800, -720), (0, -895), (800, -1030), (1600, -720), (2360, -145), (3360, 210),
         (4480, -50), (5760, 400), (7600, 1040)]
    )  # fmt: skip
    river = ribbon(river_line, 135, swell=0.13, rng=rng)
    ring = smooth(
        [(0, 2160), (1160, 2080), (2000, 1585), (2360, 680), (2370, -360), (2160, -1360), (1400, -1985),
         (200, -2175), (-1080, -2050), (-2000, -1585), (-2360, -640), (-2430, 520), (-2175, 1520), (-1200, 2065)],
        closed=True,
    )  # fmt: skip
    inside = Polygon(ring.coords)
    corridor = max(
        polygons_of(river.buffer(44).simplify(2).intersection(inside)), key=lambda part: part.area
    )
    banks = [
        Street(line, "tertiary", f"沿河{'北' if line.centroid.y > river_line.interpolate(river_line.project(line.centroid)).y else '南'}路")
        for line in lines_of(corridor.exterior.difference(ring.buffer(3)))
        if line.length > 700
    ]  # fmt: skip
    wall = smooth(
        [(-690, -560), (-725, -200), (-640, 190), (-265, 330), (210, 340), (590, 230), (705, -145), (640, -610), (620, -1040)]
    )  # fmt: skip
    inner = smooth(
        [(-610, -560), (-640, -210), (-565, 130), (-240, 255), (190, 265), (525, 170), (625, -150), (560, -610), (545, -1040)]
    )  # fmt: skip
    wall = _longest(LineString([(-670, -800), *wall.coords]).difference(corridor))
    inner = _longest(LineString([(-600, -800), *inner.coords]).difference(corridor))
    moat = smooth(
        [(-640, -770), (-650, -560), (-680, -205), (-605, 165), (-255, 290), (200, 300), (560, 200), (665, -150),
         (600, -610), (582, -1060)]
    )  # fmt: skip
    canal = smooth(
        [(1425, 5280), (1280, 3680), (1200, 2640), (1105, 1880), (1150, 1200), (1065, 640), (1110, 160), (1030, -280), (1065, -945)]
    )  # fmt: skip
    strips = polygons_of(Polygon(wall.coords).buffer(0).difference(Polygon(inner.coords).buffer(0)))

    def across(points: list[XY], highway: str, name: str, **more) -> Street:  # type: ignore[no-untyped-def]
        """A street inside the ring, which it ends on."""
        return Street(_longest(smooth(points).intersection(inside)), highway, name, **more)

    def dry(points: list[XY], highway: str, name: str, within=inside, **more) -> Street:  # type: ignore[no-untyped-def]
        """A street that ends at the embankment."""
        return Street(
            _longest(smooth(points).intersection(within).difference(corridor)),
            highway,
            name,
            **more,
        )

    t = 5.0
    streets = [
        Street(ring, "primary", "环城大道", bridge="环城桥"),
        *banks,
        Street(wall, "secondary", "护城路"),
        Street(inner, "residential", "顺城街", tags={"oneway": "yes", "oneway:bicycle": "no"}),
        # avenues that lead out of town
        Street(smooth([(-6400, 720), (-4160, 335), (-2400, 265), (-1200, 450), (0, 510), (1200, 510), (2360, 335), (3680, 785), (5040, 1200), (6400, 1840)]),
               "primary", "长虹路", halves=("x", 0)),
        Street(smooth([(510, 6400), (610, 4160), (630, 2110), (680, 1120), (725, 495), (745, 0), (770, -560), (770, -1025), (810, -1520), (920, -2080), (1200, -3360), (1040, -4480), (1280, -5760)]),
               "primary", "云栖大道", bridge="云栖大桥", halves=("y", -160)),
        Street(smooth([(-1840, 6400), (-1600, 4000), (-1375, 2000), (-1250, 1040), (-1200, 400), (-1185, -240), (-1170, -800), (-1185, -1200), (-1250, -2015), (-1840, -3200), (-2880, -4480), (-3440, -5760)]),
               "secondary", "望岳路", bridge="望岳桥", halves=("y", -240)),
        Street(smooth([(1985, 1600), (2800, 2480), (3760, 3440), (4800, 4240), (5840, 5600)]), "primary", "青竹路"),
        Street(smooth([(-2175, 1520), (-3120, 2400), (-4160, 3360), (-5120, 5520)]), "secondary", "柏子路"),
        Street(smooth([(-2345, -1080), (-3120, -2080), (-3920, -2880), (-5120, -3760), (-6400, -4480)]), "secondary", "干溪路"),
        Street(smooth([(2000, -1520), (2960, -2160), (4000, -2720), (5120, -3440), (6400, -4160)]), "secondary", "百花路"),
        Street(smooth([(3040, -2210), (2920, -1200), (2960, -320), (3240, 625)]), "unclassified", "东郊路", bridge="东郊桥"),
        Street(smooth([(-3680, 310), (-3800, 1360), (-3480, 2705)]), "unclassified", "西岗路"),
        Street(smooth([(-3760, -2750), (-2800, -2960), (-1600, -2850), (-160, -2960), (1120, -3080), (2400, -2720), (3440, -2410)]), "unclassified", "南圩路"),
        Street(smooth([(3120, 2815), (2080, 3600), (590, 3760), (-640, 3600), (-1570, 3840)]), "unclassified", "北岗路"),
        # the northern grid, turned against the old town
        across(_turned([(-2320, 895), (-1200, 885), (0, 895), (1200, 890), (2400, 895)], t), "secondary", "文澜路", halves=("x", 0)),
        across(_turned([(-2320, 1305), (-480, 1295), (720, 1310), (2400, 1305)], t), "tertiary", "听松路", halves=("x", 0)),
        across(_turned([(-2320, 1710), (0, 1705), (2400, 1720)], t), "secondary", "北山路", halves=("x", 0)),
        across([(-1825, 350), (-1840, 960), (-1910, 1840)], "tertiary", "工坊路"),
        across([(-560, 270), (-625, 960), (-670, 2240)], "secondary", "书香路"),
        across([(19, 512), (-25, 1200), (-50, 2240)], "tertiary", "青年街", tags={"oneway": "yes"}),
        Street(_longest(smooth([(1375, -560), (1360, 480), (1320, 1200), (1255, 2240)]).intersection(inside).difference(corridor)), "secondary", "金穗路"),
        across([(1865, -240), (1865, 385), (1825, 1040), (1785, 2320)], "tertiary", "麦香路"),
        # west and east of the old town
        dry([(-2480, -335), (-1760, -265), (-1185, -210), (-710, -160)], "secondary", "西关路"),
        dry([(695, -130), (1360, -95), (1865, -50), (2400, 50)], "secondary", "东关路"),
        dry([(-1760, -1040), (-1785, -270), (-1830, 350)], "tertiary", "槐荫路"),
        # the old town's own spine, and its bridge for walkers and cyclists
        Street(smooth([(-745, -160), (-670, -150), (-610, -135), (-240, -170), (0, -150), (320, -185), (625, -150), (700, -140)]), "tertiary", "老街", tags={"oneway": "yes", "oneway:bicycle": "no"}, bridge="西门桥"),
        Street(smooth([(25, 510), (20, 340), (15, 265), (-15, 0), (0, -160), (15, -480), (0, -810)]), "tertiary", "书院街"),
        Street(LineString([(0, -810), (-10, -895), (-15, -995)]), "pedestrian", "渡月桥", tags={"bicycle": "yes"}, bridge="渡月桥"),
        # the south bank
        dry([(-2320, -1520), (-1200, -1430), (-15, -1415), (800, -1510), (1600, -1310), (2320, -1000)], "secondary", "南湖路", halves=("x", 0)),
        dry([(-1200, -1735), (-15, -1775), (850, -1800), (1840, -1665)], "tertiary", "荷塘路"),
        dry([(-640, -720), (-615, -1425), (-575, -2320)], "tertiary", "采莲路", within=inside.difference(box(-3200, -800, 3200, 3200))),
        dry([(-15, -960), (-15, -1425), (50, -2320)], "tertiary", "渡口路", within=inside.difference(box(-3200, -880, 3200, 3200))),
        dry([(1520, -720), (1505, -1360), (1480, -2160)], "tertiary", "柳浦路", within=inside.difference(box(-3200, -720, 3200, 3200))),
        # the motorway, closed to bicycles, and its interchange
        Street(smooth([(-6400, 2800), (-4000, 2705), (-1600, 2975), (640, 3025), (2640, 2600), (4160, 1680), (4720, 480), (4880, -960), (5600, -2640), (6560, -3760)]),
               "motorway", "江淮示意高速", tags={"ref": "S00", "motorroad": "yes"}, level=1),
    ]  # fmt: skip
    streets = [_within(s) for s in streets]
    names = street_names({s.name for s in streets}, 3)
    old = Polygon(inner.coords)
    districts = [
        District(old, "old", 15000, "living_street", 0.16),
        District(
            Polygon(_turned([(-560, 345), (1400, 345), (1400, 910), (-560, 910)], 0)),
            "commerce",
            34000,
            "residential",
            0.03,
        ),
        District(box(720, -880, 1375, 510), "commerce", 36000, "residential", 0.03),
        District(
            Polygon([(-2640, 450), (-1215, 450), (-1280, 2320), (-2640, 2320)]),
            "industrial",
            100000,
            "unclassified",
            0.02,
        ),
        District(box(-720, 880, 2480, 2320), "mixed", 78000, "residential", 0.02),
        District(inside, "estate", 82000, "residential", 0.04),
    ]
    landmarks = [
        Landmark((280, 425), "plaza", "星光广场"), Landmark((450, 430), "mall", "星光城市广场"),
        Landmark((-280, 1105), "park", "望湖公园", block=True), Landmark((-1600, -495), "park", "西溪公园"),
        Landmark((2040, -200), "park", "东滩公园"), Landmark((335, -1590), "park", "南湖公园", block=True),
        Landmark((-265, -415), "school", "书院小学"), Landmark((945, 1480), "school", "示意第一中学"),
        Landmark((-945, -480), "school", "城西小学"), Landmark((1200, -1560), "school", "示意第二中学"),
        Landmark((-880, 1160), "school", "职业学校"), Landmark((1040, 280), "hospital", "示意县医院"),
        Landmark((-920, 80), "hospital", "示意中医院"), Landmark((1600, 720), "bus_station", "汽车客运站"),
        Landmark((335, 1510), "government", "政务服务中心"), Landmark((265, 50), "market", "老街菜市场"),
        Landmark((-335, -1560), "market", "南岸农贸市场"), Landmark((2000, 1080), "stadium", "体育中心"),
        Landmark((-2080, 800), "logistics", "快递分拨中心"), Landmark((1585, 200), "mall", "东关商场"),
    ]  # fmt: skip
    town = "城关镇"
    places = [
        Place((0, 200), "town", "城关镇", town),
        Place((-1800, 1200), "suburb", "舒城县经济开发区", "舒城县经济开发区"),
        *[Place(at, "neighbourhood", name, town) for at, name in COMMUNITIES],
        Place((-1720, 4720), "village", "柏林乡", "柏林乡"), Place((4200, 3825), "village", "千人桥镇", "千人桥镇"),
        Place((-4320, -3240), "village", "干汊河镇", "干汊河镇"), Place((4480, -3080), "village", "百神庙镇", "百神庙镇"),
        Place((5200, 1265), "village", "杭埠镇", "杭埠镇"), Place((1070, -4400), "village", "舒茶镇", "舒茶镇"),
    ]  # fmt: skip
    hamlets: list[tuple[XY, float, str]] = [
        ((-1785, 4600), 330, "柏林乡"), ((4360, 3775), 330, "千人桥镇"), ((-4480, -3200), 330, "干汊河镇"),
        ((4360, -3160), 320, "百神庙镇"), ((5000, 1025), 330, "杭埠镇"), ((1200, -4320), 320, "舒茶镇"),
        ((-3960, 1080), 170, ""), ((-3120, 560), 150, ""), ((-4720, 720), 160, ""), ((-3160, 2680), 150, ""),
        ((-560, 3400), 170, ""), ((800, 3960), 150, ""), ((2160, 3360), 160, ""), ((2680, 2040), 150, ""),
        ((3240, 1040), 160, ""), ((2720, -720), 150, ""), ((3120, -1880), 150, ""), ((2000, -3000), 170, ""),
        ((480, -2800), 150, ""), ((-1040, -3080), 170, ""), ((-2320, -2680), 150, ""), ((-2920, -1520), 140, ""),
        ((-3400, 120), 150, ""), ((2680, 720), 140, ""), ((-2080, 2480), 150, ""), ((-2560, -3520), 150, ""),
    ]  # fmt: skip
    patches = [
        Patch(blob((-5040, -880), 620, rng=rng, squeeze=0.6, turn=20), {"natural": "wood"}),
        Patch(blob((-5360, -4560), 1100, rng=rng, squeeze=0.7, turn=-30), {"natural": "wood"}),
        Patch(blob((-2480, -4720), 700, rng=rng, squeeze=0.6, turn=10), {"natural": "wood"}),
        Patch(blob((2720, -4320), 800, rng=rng, squeeze=0.6, turn=35), {"natural": "wood"}),
        Patch(blob((2560, 4560), 620, rng=rng, squeeze=0.7, turn=60), {"natural": "wood"}),
        Patch(blob((-4720, 2000), 480, rng=rng, squeeze=0.7, turn=0), {"natural": "wood"}),
        Patch(blob((3350, 1480), 330, rng=rng, squeeze=0.6, turn=50), {"natural": "water", "water": "reservoir", "name": "北塘"}),
        Patch(blob((-2800, 3840), 260, rng=rng, squeeze=0.7, turn=10), {"natural": "water", "water": "pond"}),
        Patch(blob((-160, -3680), 300, rng=rng, squeeze=0.6, turn=-20), {"natural": "water", "water": "reservoir", "name": "南塘"}),
        Patch(blob((4000, -1200), 230, rng=rng, squeeze=0.7, turn=70), {"natural": "water", "water": "pond"}),
    ]  # fmt: skip
    for (x, y), size, _ in hamlets:  # every village of the plain has its pond
        east, north = rng.choice([(1, 1), (1, -1), (-1, 1), (-1, -1)])
        pond = blob(
            (x + east * 0.95 * size, y + north * 0.8 * size),
            rng.uniform(28, 60),
            rng=rng,
            squeeze=0.6,
            turn=rng.uniform(0, 90),
        )
        if all(s.line.distance(pond) > 12 for s in streets) and pond.distance(river) > 40:
            patches.append(Patch(pond.simplify(2.5), {"natural": "water", "water": "pond"}))
    return Plan(
        frame=FRAME, seed=34152301, extent=EXTENT, limits=inside,
        river=max(polygons_of(river.intersection(EXTENT)), key=lambda p: p.area),
        river_line=_longest(river_line.intersection(EXTENT)), river_name="映月河",
        canals=[(_longest(moat), 24, "护城河"), (_longest(canal.intersection(EXTENT)), 12, "金穗渠")],
        corridor=corridor, streets=streets, strips=strips, districts=districts,
        landmarks=landmarks, places=places, hamlets=hamlets, patches=patches,
        names=names, estate_names=list(ESTATES),
        roundabouts=[("长虹路", "望岳路", 32)],
    )  # fmt: skip


def _within(street: Street) -> Street:
    from dataclasses import replace

    return replace(street, line=_longest(street.line.intersection(EXTENT)))


COMMUNITIES: list[tuple[XY, str]] = [
    ((-120, -50), "鼓楼社区"), ((335, -385), "龙津桥社区"), ((-385, -520), "码头社区"), ((200, 720), "飞霞社区"),
    ((1000, 760), "新城社区"), ((1600, 1400), "东苑社区"), ((1080, -480), "凤池苑社区"), ((1720, -360), "中大社区"),
    ((-920, 640), "龙塔社区"), ((-280, 1640), "舒怡社区"), ((640, 1760), "春秋苑社区"), ((-1480, -50), "孔集社区"),
    ((-1040, -600), "马河口社区"), ((-920, -1640), "龙祥社区"), ((600, -1320), "南溪社区"), ((-2000, 1520), "三里河社区"),
]  # fmt: skip
