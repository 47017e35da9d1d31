"""Which township a row states, and which its address or its position tells of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from locator.checks.surroundings import Surroundings
from locator.county import County
from locator.geo.crs import WGS84, local_metres
from locator.geo.outline import OUTLINE_TOLERANCE_M
from locator.stations.cells import fold

#: The nationalities that a 民族乡 may be named for, without their 族.
_NATIONALITIES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|"
    "黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|"
    "布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|"
    "保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
_OF = f"(?:(?:{_NATIONALITIES})族)*"
_LEVEL = "(?:镇|乡|街道办事处|街道|办事处)"
_SUFFIX = re.compile(rf"{_OF}{_LEVEL}$")
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_ZONE = re.compile(r"经济(?:技术)?开发区|经开区")
#: What makes a township's name in an address the name of something else: a road, a school.
_OTHER = "(?!路|大道|大街|巷|桥|[东南西北中]街|中学|小学|卫生院|医院)"


class TownshipNames:
    """The townships of a county, found again in what people write."""

    def __init__(self, county: County, outlined: Sequence[str] = ()) -> None:
        self.names = tuple(dict.fromkeys([*county.townships, *outlined]))
        self._above = re.compile(rf"^.*{re.escape(fold(county.name_zh))}(?=.)")
        shares = Counter(self._core(name) for name in self.names)
        self._by_core = {self._core(n): n for n in self.names if shares[self._core(n)] == 1}
        self._whole = {self._bare(name): name for name in self.names}

    def read(self, text: str) -> str | None:
        """The township that a cell states: by its whole name or without 镇, 乡, 街道; a village or
        community may follow. None where it is none of the county's."""
        found = self._whole.get(self._bare(text)) or self._by_core.get(self._core(text))
        return found or next(self.named(text), None)

    def named(self, text: str) -> Iterator[str]:
        """The townships that an address names in full, with 镇, 乡 or 街道."""
        for match in self._pattern.finditer(fold(text)) if self._pattern else ():
            name = self._whole.get(match[0]) or self._by_core.get(self._core(match[0]))
            if name is not None:
                yield name

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        full = {self._core(name) for name in self.names if _SUFFIX.search(fold(name))}
        cores = "|".join(re.escape(core) for core in sorted(full, key=lambda c: (-len(c), c)))
        return re.compile(f"(?:{cores}){_OF}{_LEVEL}{_OTHER}") if cores else None

    def _bare(self, text: str) -> str:
        """The name without the county's and what stands before it; zones by their short name."""
        return _ZONE.sub("开发区", self._above.sub("", _REMARK.sub("", fold(text))))

    def _core(self, text: str) -> str:
        bare = self._bare(text)
        return _SUFFIX.sub("", bare) or bare


def find_townships(
    rows: pd.DataFrame, county: County, surroundings: Surroundings | None
) -> pd.DataFrame:
    """What is wrong with the township that each parsed row states.

    ``township_fault`` is unknown (the county has none of that name), outline (the point lies more
    than `OUTLINE_TOLERANCE_M` outside the outline of the stated one), address (the address names
    another; asked only where there are no outlines), or "" where there is no fault, or nothing is
    stated. ``township_read`` is the county's township that the row states ("" where none), and
    ``township_other`` the one that speaks against it ("" where that is none).
    """
    found = pd.DataFrame(
        {"township_fault": "", "township_read": "", "township_other": ""}, index=rows.index
    )
    outlined = surroundings.township_names if surroundings is not None else ()
    names = TownshipNames(county, outlined)
    stated = rows["township"] != ""
    if not names.names or not stated.any():
        return found
    read = {text: names.read(text) or "" for text in rows.loc[stated, "township"].unique()}
    found.loc[stated, "township_read"] = rows.loc[stated, "township"].map(read)
    known = found["township_read"] != ""
    found.loc[stated & ~known, "township_fault"] = "unknown"
    if surroundings is not None and outlined:
        placed = known & (rows["position_fault"] == "") & np.isfinite(rows["lon"])
        here = rows.loc[placed, ["lon", "lat"]].to_numpy(dtype=np.float64)
        out, other = _outside(
            here, found.loc[placed, "township_read"].to_numpy(), surroundings, county
        )
        found.loc[placed, "township_fault"] = np.where(out, "outline", "")
        found.loc[placed, "township_other"] = other
        return found
    addressed = np.flatnonzero(known & (rows["address"] != ""))
    addresses = rows["address"].to_numpy()[addressed]
    mine = found["township_read"].to_numpy()[addressed]
    against = [_other(names, *pair) for pair in zip(addresses, mine, strict=True)]
    label = found.index[addressed]
    found.loc[label, "township_other"] = against
    found.loc[label, "township_fault"] = ["address" if name else "" for name in against]
    return found


def _other(names: TownshipNames, address: str, mine: str) -> str:
    """The township that an address names instead of the one stated, or ""."""
    named = list(names.named(address))
    return named[0] if named and mine not in named else ""


def _outside(
    lon_lat: NDArray[np.float64],
    stated: NDArray[np.object_],
    surroundings: Surroundings,
    county: County,
) -> tuple[NDArray[np.bool_], NDArray[np.object_]]:
    """Which points lie well outside the outline of the township that they state; and for those in
    which they lie ("": in none). A township without an outline holds every point."""
    to_metres = Transformer.from_crs(WGS84, local_metres(*county.centre), always_xy=True)

    def project(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_metres.transform(points[:, 0], points[:, 1]))

    names = np.array(surroundings.township_names, dtype=object)
    shapes = shapely.transform(surroundings.township_shapes, project)
    points: NDArray[Any] = np.asarray(shapely.points(project(lon_lat)))
    out: NDArray[Any] = np.zeros(len(points), dtype=bool)
    other: NDArray[Any] = np.full(len(points), "", dtype=object)
    of, said = pd.factorize(stated)
    for number, name in enumerate(said):
        own = shapes[names == name]
        if not len(own):
            continue
        wide = shapely.buffer(shapely.union_all(own), OUTLINE_TOLERANCE_M)
        shapely.prepare(wide)
        mine = np.flatnonzero(of == number)
        out[mine] = ~shapely.intersects(wide, points[mine])
    gone = np.flatnonzero(out)
    shapely.prepare(shapes)
    for name, shape in zip(names, shapes, strict=True):  # the smallest first: it says most
        within = shapely.intersects(shape, points[gone])
        other[gone[within]] = name
        gone = gone[~within]
    return out, other
