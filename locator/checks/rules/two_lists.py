"""The codes of what comes out when the ledger is laid beside a map's list.

Only `map_review.review_list` has both lists and makes these findings, so the checks here find
nothing in a ledger alone; each docstring is the page of its code, as of any rule.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from locator.checks.rule import Context, Hit, rule


@rule("warning")
def ledger_not_on_map(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """台账有、地图上没有 | In the ledger, not on the map

    台账里开着的驿站，在这份地图名单里找不到：名称、依托单位、电话、位置都对不上。骑手多半是在地图上搜驿站的，
    「六有」也要求驿站在地图上找得到。请在地图的商户或标注平台上添加；确实不上地图的，在「处理」里填「不用管」。
    由 locator reconcile 给出；规划中和已撤销的不算。
    列支敦士登和赫尔辛基的名单故意改错后报了 114 处，处处真的缺。

    An open station of the ledger is nowhere on the map's list, neither by name, host and telephone
    nor by place. Riders look stations up on a map, and a station is required to be found there. Add
    it with the map's own tool; for one that is not meant to be on it, answer 不用管 (ignore). A
    finding of `locator reconcile` alone; planned and closed stations do not count. In lists of
    Liechtenstein and Helsinki corrupted on purpose all of 114 were truly missing.

    例：台账有「老街菜市场暖新驿站」，高德导出的名单里没有。 |
    Example: the ledger has 老街菜市场暖新驿站, and the export from Amap does not.
    """
    return ()


@rule("info")
def map_not_in_ledger(rows: pd.DataFrame, context: Context) -> Iterable[Hit]:
    """地图上有、台账没有 | On the map, not in the ledger

    地图名单里有一处，台账里找不到。可能是台账漏了，可能是早已撤掉、地图没删，也可能不是驿站。骑手照着地图去，
    门不开就白跑。请核实：漏了就补进台账，撤了就请地图删掉，不是驿站就填「不用管」。快递站、客栈一类和外县的不算。
    由 locator reconcile 给出。
    列支敦士登和赫尔辛基的名单故意改错后报了 268 处，255 处真的不在台账里。

    The map's list has a place that the ledger does not have. Somebody forgot to enter it, or it is
    gone and still on the map, or it is no station. Riders who follow the map may find a closed
    door. Go and see: enter it, have it taken off the map, or answer 不用管 (ignore). Parcel shops,
    inns and places of other counties do not count. A finding of `locator reconcile` alone: 255 of
    268 were right in lists of Liechtenstein and Helsinki corrupted on purpose.

    例：百度地图上有「城东社区工会驿站」，台账里没有。 |
    Example: 城东社区工会驿站 is on Baidu's map and in no row of the ledger.
    """
    return ()
