"""Links that open a map app with the way to a station.

A position comes in as WGS-84 and goes out as GCJ-02, which is what the Chinese map apps read; it
is made here, at the edge, and kept nowhere. The words and orders below are those the providers
document; what is not read in an official page is marked so beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import quote

from locator.errors import UsageError
from locator.geo.datum import convert_datum
from locator.outputs.words import one_line

#: Amap splits `to` at commas, Baidu its values at bars, and some apps decode a value before they
#: split the query: these four must not come back out of the percent-encoding.
_SPLITTING = str.maketrans({",": "，", "|": "｜", "&": "＆", "#": "＃"})


@dataclass(frozen=True, slots=True)
class Link:
    """One way to open a map app.

    ``scheme`` is True for an address that only the installed app answers (``amapuri:``): WeChat
    and other in-app browsers block those, and a computer does not know them.
    """

    app: str
    label_zh: str
    label_en: str
    url: str
    scheme: bool


def navigation_links(lon: float, lat: float, name: str, *, src: str) -> list[Link]:
    """The links to a place, best first: Amap e-bike, Amap ride, Baidu, Tencent, Apple.

    ``lon, lat`` is WGS-84, in degrees, of the entrance; ``name`` what its signboard says; ``src``
    the name under which the apps count our links (letters and digits). Raises UsageError when
    the position is not a finite longitude and latitude.
    """
    x, y = _gcj02(lon, lat)
    title, app = quote(map_name(name), safe=""), quote(src, safe="")
    return [
        # lbs.amap.com/api/uri-api/guide/mobile-web … android/ride-navi and ios/ride-navi (one
        # URI for both): app ≥ 8.26.0, starts where the rider is; dev=0 says "already GCJ-02".
        Link(
            "amap_ebike",
            "高德电动车导航",
            "Amap, e-bike",
            "amapuri://openFeature?featureName=OnRideNavi&rideType=elebike"
            f"&sourceApplication={app}&lat={y}&lon={x}&dev=0",
            scheme=True,
        ),
        # lbs.amap.com/api/uri-api/guide/travel/route: lon,lat,name; riding needs the app
        # (≥ 8.0.0) on a phone; `callnative` does nothing inside WeChat and QQ.
        Link(
            "amap_ride",
            "高德骑行",
            "Amap, cycling",
            f"https://uri.amap.com/navigation?to={x},{y},{title}&mode=ride&src={app}&callnative=1",
            scheme=False,
        ),
        # lat,lon. Not from an official page (cnblogs.com/lst619247/p/9294579). The web address
        # for routes wants an origin and knows no riding, and the app's own schemes differ
        # between Android (bdapp:) and iOS (baidumap:): the marker works on all of them.
        Link(
            "baidu",
            "百度地图",
            "Baidu Maps",
            f"https://api.map.baidu.com/marker?location={y},{x}&title={title}&content={title}"
            f"&output=html&coord_type=gcj02&src=webapp.{app}.{app}",
            scheme=False,
        ),
        # lbs.qq.com/webApi/uriV1/uriGuide/uriWebRoute: lat,lon; coord_type 2 is Tencent's own,
        # GCJ-02 (that equation from memory); it knows no cycling, and walking only on phones.
        Link(
            "tencent",
            "腾讯地图",
            "Tencent Maps",
            f"https://apis.map.qq.com/uri/v1/routeplan?type=walk&to={title}&tocoord={y},{x}"
            f"&coord_type=2&referer={app}",
            scheme=False,
        ),
        # developer.apple.com/library, Map Links: lat,lon; `dirflg` is from memory. Whether it
        # wants GCJ-02 in China is contested: last, until two phones settle it. Only iOS has it.
        Link(
            "apple",
            "苹果地图",
            "Apple Maps",
            f"https://maps.apple.com/?daddr={y},{x}&dirflg=w",
            scheme=False,
        ),
    ]


def marker_link(lon: float, lat: float, name: str, *, src: str) -> str:
    """An https address that shows the place in Amap on any device, WeChat included.

    It goes into a printed QR code where the county has no public address of its own. Arguments
    and errors as for navigation_links.
    """
    x, y = _gcj02(lon, lat)
    # lbs.amap.com/api/uri-api/guide/mobile-web/point: lon,lat; "gaode" is GCJ-02.
    return (
        f"https://uri.amap.com/marker?position={x},{y}&name={quote(map_name(name), safe='')}"
        f"&src={quote(src, safe='')}&coordinate=gaode&callnative=1"
    )


def map_name(name: str) -> str:
    """``name`` as it may stand in a link: one line, no control characters, no ``, | & #``."""
    return one_line(name.translate(_SPLITTING))


def _gcj02(lon: float, lat: float) -> tuple[str, str]:
    """The position in GCJ-02 with six decimals (0.1 m, and the most that Amap and Baidu take)."""
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise UsageError(f"no link to ({lon}, {lat}): give longitude and latitude in degrees.")
    x, y = convert_datum(lon, lat, source="wgs84", target="gcj02")
    return f"{float(x):.6f}", f"{float(y):.6f}"
