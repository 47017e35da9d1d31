# ruff: noqa: E501  (tables: one line, one item)
"""A ledger as a clerk would send it: fine rows, and every common fault. It is never published."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from locator.geo.datum import convert_datum

HEADINGS = (
    "编号", "县", "类型", "名称", "经度", "纬度", "乡镇", "地址", "依托单位", "服务", "开放时间",
    "服务时间", "进门方式", "座位", "插座", "状态", "核实日期", "荣誉", "坐标来源",
)  # fmt: skip
_KINDS = {"warm_station": "暖新驿站"}
_ENTRY = {
    "free": "直接进",
    "bell": "按门铃",
    "member_code": "会员码",
    "face": "刷脸",
    "id_card": "身份证",
}
_STATUS = {"open": "开放", "temporarily_closed": "暂停开放", "planned": "规划中"}
_SERVICES = {
    "drinking_water": "饮水", "meal_heating": "热饭", "rest_seats": "歇脚", "phone_charging": "手机充电",
    "first_aid": "医药", "heating": "取暖", "cooling": "纳凉", "toilet": "如厕", "reading": "书刊",
    "wifi": "无线网", "hot_meal": "供餐", "ebike_charging": "电动车充电", "battery_swap": "换电",
    "rain_gear": "雨具", "repair_tools": "修车工具", "microwave": "微波炉", "legal_aid": "法律援助",
    "health_check": "体检义诊", "parking": "停车", "shower": "淋浴", "sleep": "小憩",
    "mother_care": "母婴", "printing": "打印",
}  # fmt: skip
Row = dict[str, Any]
#: Fixed, so that the file's bytes are too.
_SAVED = datetime(2026, 11, 2, 9, 0, 0)


def write_examples(folder: Path, features: list[dict[str, Any]]) -> None:
    """Write ``ledger-with-faults.xlsx`` and the table that tells which line holds what."""
    rows, notes = _rows([f for f in features if f["properties"]["county"] == "341523"])
    (folder / "ledger-with-faults.xlsx").write_bytes(_workbook(rows))
    (folder / "README.md").write_text(_readme(notes), "utf-8")


def _rows(features: list[dict[str, Any]]) -> tuple[list[Row], list[tuple[int, str, str]]]:
    """40 rows, and for each one with a fault or an oddity: its line, the code, what it is."""
    clean = [_row(feature) for feature in features]
    rows: list[Row] = []
    notes: list[tuple[int, str, str]] = []

    def add(source: int, code: str = "", note: str = "", **change: Any) -> None:
        row = deepcopy(clean[source])
        row.update(change)
        rows.append(row)
        if note:
            notes.append((len(rows) + 1, code, note))

    def new(number: int) -> str:
        return f"341523-{number:03d}"

    add(0)
    add(1, 开放时间="白天都开，晚上不一定", code="hours_unparsable", note="时间按口语写")
    add(2, 坐标来源="", code="datum_undeclared", note="没说坐标从哪抄的")
    add(
        3,
        服务时间="",
        code="duplicate_station_id",
        note="第 23 行用了同一个编号：两行都退回，由人来定",
    )
    add(4, 类型="暖心小屋", code="unknown_kind", note="类型不在词表里")
    add(5, code="hours_missing", note="开放时间空着", 开放时间="")
    add(6, 服务时间="", 经度=_wide(clean[6]["经度"]), note="经度用了全角数字；能读懂，不算错")
    add(7, 服务="饮水、热饭、理发", code="unknown_service", note="「理发」不在服务词表里")
    add(8)
    add(9, 名称="", code="missing_required_field", note="名称空着")
    add(10, 核实日期="2025-09-01", code="verification_expired", note="一年多没核实")
    add(
        11,
        经度=clean[11]["纬度"],
        纬度=clean[11]["经度"],
        code="coordinate_swapped",
        note="经纬度填反",
    )
    add(12, 开放时间="24小时", note="24小时；能读懂，不算错")
    add(13, 名称=f"  {clean[13]['名称']} ", 乡镇=" 城关镇", note="前后有空格；去掉即可，不算错")
    add(
        14,
        经度="东经116度57分40秒",
        纬度="北纬31度27分50秒",
        note="坐标写成度分秒；能读懂，不算错",
    )
    add(
        15,
        经度="【示意驿站】https://surl.amap.com/example",
        纬度="",
        code="short_link",
        note="贴的是短链接，里面没有坐标",
    )
    add(16, 经度=0, 纬度=0, code="null_island", note="坐标是 0, 0")
    add(17)
    add(18, 经度=3482143.5, 纬度=494680.2, code="projected_coordinates", note="坐标是投影后的米")
    add(19, 经度=117.2831, 纬度=31.2563, code="outside_county", note="点落在邻县")
    add(20)
    add(
        21, 编号=clean[3]["编号"], code="duplicate_station_id", note="编号与第 5 行相同，却是另一家"
    )
    add(22, 开放时间="看情况，人在就开", code="hours_unparsable", note="时间读不懂")
    add(23)
    add(23, code="", note="整行与上一行一模一样（只留一行，另一行记为重复）")
    add(24, 核实日期="2026/9/3", note="日期用斜杠；能读懂，不算错")
    add(25, "township_mismatch", "乡镇不是本县的", 乡镇="肥西镇")
    add(26, 服务="饮水，歇脚；手机充电,如厕", note="服务用了几种分隔号；能读懂，不算错")
    add(27)
    shared = {"经度": clean[27]["经度"], "纬度": clean[27]["纬度"]}
    add(28, **shared, code="shared_coordinate", note="与上一行坐标完全相同，却是另一家")
    add(29)
    add(
        29,
        编号=new(81),
        名称=clean[29]["名称"].replace("党群服务中心", "党群中心"),
        经度=round(clean[29]["经度"] + 0.0001, 6),
        code="possible_duplicate",
        note="与上一行相距约 10 米，名称几乎一样，疑是同一家",
    )
    add(30, 状态="暂停", note="状态不是约定的说法（应为「暂停开放」）")
    add(
        31,
        经度=str(clean[31]["经度"]),
        纬度=str(clean[31]["纬度"]),
        note="坐标存成文字；能读懂，不算错",
    )
    add(
        32,
        开放时间="周一至周五 8：30—17：30",
        服务时间="",
        note="全角冒号和破折号；能读懂，不算错",
    )
    add(33, code="service_hours_outside_hours", note="电动车充电写着 24 小时，门晚上要关")
    add(34, 经度="", 纬度="", code="missing_required_field", note="坐标空着")
    add(
        0,
        编号=new(82),
        名称="舒城东站暖新驿站（示意）",
        经度="116.95 31.46",
        code="coordinate_not_number",
        note="两个数挤在经度一格里",
    )
    add(
        8,
        编号=new(83),
        名称="飞霞社区图书室暖新驿站（示意）",
        经度=round(clean[8]["经度"] + 0.0021, 6),
        核实日期=date(2026, 10, 12),
    )
    add(
        15,
        编号=new(84),
        名称="凤池苑小区门口暖新驿站（示意）",
        纬度=round(clean[15]["纬度"] + 0.0018, 6),
        核实日期="2026年8月15日",
        note="日期写成年月日；能读懂，不算错",
    )
    return rows, notes


def _row(feature: dict[str, Any]) -> Row:
    p = feature["properties"]
    lon, lat = feature["geometry"]["coordinates"]
    x, y = convert_datum(lon, lat, source="wgs84", target="gcj02")
    served = " | ".join(f"{code}: {hours}" for code, hours in p["service_hours"].items())
    return dict(
        zip(
            HEADINGS,
            (
                p["id"], "舒城县", _KINDS[p["kind"]], p["name"], round(float(x), 6), round(float(y), 6),
                p["township"], p["address"], p["host"], "、".join(_SERVICES[s] for s in p["services"]),
                p["hours"] or "08:00-20:00", served, _ENTRY[p["entry"]], p["seats"], p["sockets"],
                _STATUS[p["status"]], max(p["verified_on"] or "", "2026-07-06"), "、".join(p["awards"]), "高德地图",
            ),
            strict=True,
        )
    )  # fmt: skip


def _wide(value: float) -> str:
    """Digits as a Chinese input method gives them when it is left in full width."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else "．" for c in str(value))


def _workbook(rows: list[Row]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "舒城驿站台账"
    sheet.append(list(HEADINGS))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append([row[heading] if row[heading] != "" else None for heading in HEADINGS])
    for letter, width in zip(
        "ABCDEFGHIJKLMNOPQRS",
        (12, 8, 10, 36, 12, 12, 16, 30, 26, 44, 26, 40, 10, 6, 6, 10, 12, 14, 10),
        strict=True,
    ):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    book.properties.creator = "illustrative"
    book.properties.created = _SAVED
    saved = io.BytesIO()
    book.save(saved)
    return _dateless(saved.getvalue())


def _dateless(content: bytes) -> bytes:
    """The same workbook without the time of saving, stored rather than squeezed: fixed bytes."""
    stamp = f"{_SAVED:%Y-%m-%dT%H:%M:%SZ}".encode()
    change: Callable[[bytes], bytes] = lambda xml: re.sub(  # noqa: E731
        rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, xml
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as made:
        for name in sorted(old.namelist()):
            body = old.read(name)
            entry = zipfile.ZipInfo(name, (2026, 11, 2, 9, 0, 0))
            entry.create_system = 3
            made.writestr(entry, change(body) if name == "docProps/core.xml" else body)
    return out.getvalue()


def _readme(notes: list[tuple[int, str, str]]) -> str:
    lines = [
        "# A ledger with faults",
        "",
        "`ledger-with-faults.xlsx` is a ledger of 舒城 as a clerk might send it: 40 invented rows (lines 2–41),",
        "coordinates copied from 高德地图 (GCJ-02). It shows what the checks say; no `county.toml` names it and it",
        "is never published. Lines are numbered as Excel numbers them: the headings are line 1. Made by",
        "`data/make_illustrative.py`; lines that are not in the table are fine, or worth a look at most (说明).",
        "",
        "| line | code | what it is |",
        "|---|---|---|",
    ]
    lines += [f"| {line} | {f'`{code}`' if code else '–'} | {note} |" for line, code, note in notes]
    lines += [
        "",
        "## A map's export",
        "",
        "`map-export.csv` is what a search on 高德地图 might bring for 舒城, in the columns and the datum of its",
        "results: the invented stations by another hand, some missing, some under their host's or a short name,",
        "some with other hours, one of no ledger, one parcel shop. Every name says 示意. For `locator reconcile`.",
    ]
    return "\n".join(lines) + "\n"
