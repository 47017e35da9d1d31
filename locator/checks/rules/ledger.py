"""Rules that look at a row beside the other rows of its ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import bdtrc

from locator.checks.rule import Context, Hit, places, rule
from locator.stations import cells
from locator.stations.intake import given_id

#: A degree of latitude on the ground.
_DEGREE_M = 111_195
#: With three decimals a point is known to a hundred metres: the wrong side of a road, or a block.
_FEW = 3
#: So unlikely a number of short rows is not Excel's doing.
_CHANCE = 0.05
_DECIMALS = re.compile(r"[+-]?\d+(?:\.(\d*))?")


@rule("warning")
def low_precision(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """坐标小数位太少 | Coordinates with too few decimals

    经度和纬度都不超过三位小数，只精确到一百米上下：导航会停在马路对面或隔一个街区。门要准，至少五
    位小数。Excel 会去掉末尾的 0，所以看两个数里位数多的那个，并和全表比：全表多是四五位、偶尔一行
    短，多半是碰巧，不报。请在高德地图重新复制，单元格设成文本。

    Longitude and latitude have three decimals at most, which is a hundred metres: navigation ends
    across the road, or a block away. A door needs five. Excel drops zeros at the end, so the longer
    of the two numbers counts, and a short row among longer ones is told only where that is hardly
    chance. Copy the point again, into cells formatted as text.

    例：「116.95,31.46」，两位小数，约一公里。 |
    Example: 116.95, 31.46 has two decimals, about a kilometre.
    """
    placed = rows.index[rows["position_fault"] == ""]
    # As first given: a number in a GeoJSON has lost the zeros at its end.
    given = rows.loc[placed, ["file", "kept_x", "kept_y"]]
    figures = pd.Series(
        np.maximum(_decimals(given["kept_x"]), _decimals(given["kept_y"])), index=placed
    )
    for _, own in figures.groupby(given["file"]):
        short = own <= _FEW
        usual = int(own.mode().max()) if len(own) else 0
        by_chance = 10.0 ** (-2 * (usual - _FEW))
        if usual > _FEW and bdtrc(short.sum() - 1, len(own), by_chance) > _CHANCE:
            continue
        for place in places(rows, short.reindex(rows.index, fill_value=False)):
            have = int(own[place.index])
            metres = _DEGREE_M / 10**have
            zh = f"{metres / 1000:.0f} 公里" if metres >= 1000 else "100 米"
            en = f"{metres / 1000:.0f} km" if metres >= 1000 else "100 m"
            yield Hit(
                place.index,
                f"{place.zh_named}的坐标「{place.row.x_text},{place.row.y_text}」"
                f"只有 {have} 位小数，约 {zh}。请重新复制入口的坐标，至少五位。",
                f"{place.en}: {place.row.x_text}, {place.row.y_text} has {have} decimals, about "
                f"{en}; copy the entrance's position again, with five at least.",
                "lon",
                f"{place.row.x_text},{place.row.y_text}",
            )


def _decimals(texts: pd.Series[str]) -> NDArray[np.int64]:
    """How many figures stand behind the point; many where a text is no plain number."""

    # Nearly all are plain numbers as they stand, and nearly all differ.
    plain = _DECIMALS.fullmatch
    matches = [plain(text) or plain(cells.fold(text)) for text in texts]
    return np.array([len(match[1] or "") if match else 9 for match in matches], dtype=np.int64)


@rule("info")
def same_place_two_kinds(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """一个地方登记成两类 | One place entered as two kinds

    两行相距不到 30 米、名称相近，类型却不同，例如同一处既是工会驿站又是小哥食堂。真有两块牌子的不
    用改；只有一处的，数量会算多，骑手会看到两个叠在一起的点：请留一行，把服务合在一起。

    Two rows within 30 m have much the same name and different kinds, such as a union post that is a
    canteen as well. Leave them if there are two signs on the door; otherwise the place counts
    twice, and riders see two marks on top of each other: keep one row with the services of both.

    例：「城东社区工会驿站」和「城东社区小哥食堂」相距 5 米。 |
    Example: 城东社区工会驿站 and 城东社区小哥食堂, 5 m apart.
    """
    for place in places(rows, rows["other_kind"] >= 0):
        other = next(places(rows.loc[[place.row.other_kind]]))
        prefix = "" if other.row.file == place.row.file else f"{other.row.file} "
        kinds = context.county.kinds
        own, twin = kinds[place.row.kind_code], kinds[other.row.kind_code]
        yield Hit(
            place.index,
            f"{place.zh_named}（{own.zh}）和{prefix}{other.zh}"
            f"「{other.row.name}」（{twin.zh}）相距 {place.row.distance_m:.0f} 米，像是一个地方。"
            "只有一处的请合成一行。",
            f"{place.en}: {place.row.name!r} ({own.en}) and {prefix}{other.en} "
            f"({other.row.name!r}, {twin.en}) are {place.row.distance_m:.0f} m apart and seem to "
            "be one place; keep one row if so.",
            "kind",
            place.row.kind,
        )


@rule("info")
def id_not_given_yet(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """还没有编号的行 | Rows that have no id yet

    还没有采用的台账里，有些行没有编号。不用自己编：采用台账（locator adopt）时由系统来编，编好不再
    变，门牌上的二维码认它。已经采用的台账里没有编号，就是错误（missing_required_field）。

    Rows of a ledger that has not been adopted yet have no id. Nobody need invent one: `locator
    adopt` gives it, and it never changes again, for the code on the door points to it. In a ledger
    that the county uses already, a row without an id is an error (missing_required_field).

    例：新建的驿站，「编号」一格空着。 |
    Example: a new station, its cell 编号 left empty.
    """
    without = rows["id"].map(lambda text: not given_id(text)) & (rows["id"] != "")
    for file, count in rows.loc[without, "file"].value_counts(sort=False).items():
        yield Hit(
            None,
            f"{file} 里有 {count} 行没有编号：不用自己编，采用台账（locator adopt）时由系统来编。",
            f"{file}: {count} {'row has' if count == 1 else 'rows have'} no id; `locator adopt` "
            "gives one.",
            "id",
            file=str(file),
        )
