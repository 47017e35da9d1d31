"""Rules on what a cell says: required fields, kinds, services, ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

import pandas as pd

from locator.checks.rule import Context, Hit, places, rule
from locator.county import ENTRY_ZH, PROVENANCE_ZH, STATUS_ZH, County
from locator.stations.table import COLUMNS

ZH = {column.name: column.zh for column in COLUMNS}
#: What a cell of a column with few words may say, in Chinese and English.
_WANTED = {
    "seats": ("整数", "a whole number"),
    "sockets": ("整数", "a whole number"),
    "entry": ("、".join(ENTRY_ZH.values()), ", ".join(ENTRY_ZH)),
    "provenance": ("、".join(PROVENANCE_ZH.values()), ", ".join(PROVENANCE_ZH)),
}
#: What people write for a service whose name looks nothing like it.
_MEANT = {
    "空调": ("取暖", "纳凉"), "暖气": ("取暖",), "冷气": ("纳凉",), "风扇": ("纳凉",),
    "WiFi": ("无线网",), "wifi": ("无线网",), "网络": ("无线网",), "厕所": ("如厕",),
    "卫生间": ("如厕",), "洗手间": ("如厕",), "药箱": ("医药",), "急救箱": ("医药",),
    "热水": ("饮水",), "开水": ("饮水",), "茶水": ("饮水",),
    "休息": ("歇脚",), "座椅": ("歇脚",), "书": ("书刊",), "报纸": ("书刊",),
}  # fmt: skip
_ID = re.compile(r"[a-z0-9-]{1,32}")


@rule("error")
def missing_required_field(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """必填的没填，或填的不能用 | A required field is empty or unusable

    编号、类型、名称、经度、纬度有一项空着，编号不合格式，看不出是哪个县的，或一行的格数比表头多。
    编号是驿站的地址：门牌上的二维码指向它，全国不能有两个；没有名称和位置，骑手找不到门。
    请补上。编号以县代码开头，只用小写字母、数字和短横，如 341523-017，定了就不再改。

    The id, kind, name, longitude or latitude is empty, the id is not of the form, the county can't
    be told, or the row has more cells than the header. An id is an address: the code on the door
    points to it, and no two stations may share one. Fill it in; an id begins with the county's
    code and has only a-z, 0-9 and hyphens, such as 341523-017, and never changes again.

    例：编号只写「17」，应是「341523-017」。 |
    Example: the id 17, for 341523-017.
    """
    code = context.county.code
    usable = rows["station_id"].map(
        lambda text: bool(_ID.fullmatch(text)) and text.startswith(code) and len(text) > len(code)
    )
    lost = rows["county_code"] == ""
    torn = rows["beyond"] != ""
    yield from _torn(rows, torn)
    yield from _lost(rows, lost & ~torn)
    for name in ("id", "kind", "name"):
        # Which county's id is lacking can't be said before the county can.
        empty = (rows[name] == "") & (~lost if name == "id" else True)
        for place in places(rows, ~torn & empty):
            yield Hit(
                place.index,
                f"{place.zh}没有填「{ZH[name]}」。请补上。",
                f"{place.en}: {name} is empty; fill it in.",
                name,
                "",
            )
    for place in places(rows, ~torn & ~lost & ~usable & (rows["station_id"] != "")):
        given = place.row.id
        example = f"{code}-{place.row.station_id:0>3}" if given.isdigit() else f"{code}-017"
        if _ID.fullmatch(example) is None:
            example = f"{code}-017"
        yield Hit(
            place.index,
            f"{place.zh}的编号「{given}」不能用：应以县代码 {code} 开头，"
            f"只用小写字母、数字和短横。请写成「{example}」这样。",
            f"{place.en}: the id {given!r} can't be used; it must begin with {code} and have only "
            f"a-z, 0-9 and hyphens, such as {example}.",
            "id",
            given,
        )
    lon0, lat0 = context.county.centre
    for place in places(rows, ~torn & ~lost & (rows["position_fault"] == "missing")):
        field = "lon" if place.row.x_text == "" else "lat"
        both = place.row.x_text == "" and place.row.y_text == ""
        zh = "坐标" if both else ZH[field]
        yield Hit(
            place.index,
            f"{place.zh}没有填{zh}。请在高德地图长按驿站入口，复制「{lon0:.2f},{lat0:.2f}」这样的坐标。",
            f"{place.en}: {'the position' if both else field} is empty; copy it from a map app, "
            f"such as {lon0:.2f},{lat0:.2f}.",
            field,
            "",
        )


def _torn(rows: pd.DataFrame, torn: pd.Series[bool]) -> Iterator[Hit]:
    for place in places(rows, torn):
        yield Hit(
            place.index,
            f"{place.zh}的格数比表头多（多出「{_cut(place.row.beyond)}」），"
            "多半是某一格里有逗号，后面的都错了位。请把有逗号的那一格加上引号。",
            f"{place.en} has more cells than the header ({_cut(place.row.beyond)!r} is left over): "
            "a comma inside a cell, most likely; put that cell in quotes.",
            None,
            place.row.beyond,
        )


def _lost(rows: pd.DataFrame, lost: pd.Series[bool]) -> Iterator[Hit]:
    for place in places(rows, lost):
        given = place.row.county
        yield Hit(
            place.index,
            f"{place.zh}看不出是哪个县的（县「{_cut(given)}」，编号「{_cut(place.row.id)}」）。"
            "请在「县」一列填县名或县代码，或用 --county 写明是哪个县。",
            f"{place.en}: the county can't be told ({given!r}); put its name or code into "
            "the column county, or name it with --county.",
            "county",
            given,
        )


@rule("error")
def unknown_kind(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """不认识的驿站类型 | A kind of station that the county does not have

    「类型」一列写的不是本县的类型。类型决定图上的符号、能不能歇脚，猜错了骑手会白跑一趟。
    请改成列出的类型；本县真有新的类型，就加到 county.toml。

    The column kind names none of the county's kinds. The kind decides the sign on the map and
    whether one may rest there. Use one of those listed; a kind that is truly new goes into
    county.toml.

    例：类型写「暖心小屋」，本县叫「暖新驿站」。 |
    Example: 暖心小屋, for what the county calls 暖新驿站.
    """
    kinds = context.county.kinds
    names = "、".join(kind.zh for kind in kinds.values())
    for place in places(rows, rows["kind_code"].isna() & (rows["kind"] != "")):
        given = place.row.kind
        yield Hit(
            place.index,
            f"{place.zh}的类型「{_cut(given)}」不认识。请填：{names}。",
            f"{place.en}: {_cut(given)!r} is no kind of this county; use {', '.join(kinds)}.",
            "kind",
            given,
        )


@rule("warning")
def unknown_service(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """不认识的服务 | A service that the vocabulary does not have

    「服务」一列里有词表之外的词。这个词不会出现在图上，也不计入覆盖；同一行的其他服务照常发布。
    请换成词表里的词（「充电」要说清是手机还是电动车）；本县特有的服务加到 county.toml。

    The column services holds a word that the vocabulary lacks. That word is left out of the map
    and of the coverage; the rest of the row is published. Use a word of the vocabulary (充电 must
    say whether phone or e-bike), or add the service to county.toml.

    例：服务写「饮水；充电」，要说清「手机充电」还是「电动车充电」。 |
    Example: 饮水；充电, which must say 手机充电 (phones) or 电动车充电 (e-bikes).
    """
    for place in places(rows, rows["service_unknown"].map(len) > 0):
        unknown = place.row.service_unknown
        proposals = [word for given in unknown[:5] for word in _like(given, context.county)]
        hint = (
            f"是不是{'、'.join(f'「{word}」' for word in dict.fromkeys(proposals))}？"
            if proposals
            else ""
        )
        shown = "、".join(f"「{_cut(word)}」" for word in unknown[:5])
        yield Hit(
            place.index,
            f"{place.zh}的服务{shown}不在词表里，发布时略去。{hint}请改成词表里的词。",
            f"{place.en}: {', '.join(map(_cut, unknown[:5]))} is no known service and is left out; "
            "use a word of the vocabulary.",
            "services",
            ";".join(unknown),
        )


def _like(given: str, county: County) -> list[str]:
    words = [service.zh for service in county.services.values()]
    if meant := [word for word in _MEANT.get(given, ()) if word in words]:
        return meant
    within = [word for word in words if len(given) >= 2 and (given in word or word in given)]
    return within or get_close_matches(given[:20], words, n=1, cutoff=0.6)


@rule("error")
def duplicate_station_id(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """编号重复 | Several stations under one id

    几行内容不同，编号却一样。编号是驿站的地址，一个地址不能住两家；留哪一行，电脑不该替人决定，
    所以这几行都不发布。请给每个驿站自己的编号；同一个驿站写了两遍的，删去一行。

    Rows that differ share an id. An id is an address, and two stations can't live at one; which
    row is right is not for a program to choose, so none of them is published. Give each its own
    id, or remove the row that repeats a station. (Rows that are the same in every cell are copies,
    counted once, and no fault.)

    例：第 5 行和第 23 行都是 341523-004，却是两家。 |
    Example: lines 5 and 23 are both 341523-004, and two stations.
    """
    ids = rows["station_id"]
    shared = ids.duplicated(keep=False) & (ids != "")
    if not shared.any():
        return
    for _, group in rows[shared].groupby("station_id", sort=False):
        members = list(places(group))
        for place in members:
            others = [other for other in members[:6] if other.index != place.index][:5]
            zh = "、".join(_across(other.zh, other.row.file, place.row.file) for other in others)
            en = ", ".join(_across(other.en, other.row.file, place.row.file) for other in others)
            yield Hit(
                place.index,
                f"{place.zh}的编号「{place.row.id}」和{zh}重复。改好前这几行都不发布；"
                "请给每个驿站自己的编号。",
                f"{place.en}: the id {place.row.id!r} is also in {en}; none of them is published. "
                "Give each station its own id.",
                "id",
                place.row.id,
            )


def _across(where: str, file: str, own: str) -> str:
    return where if file == own else f"{file} {where}"


@rule("error")
def unreadable_status(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """看不懂的状态 | A status that can't be read

    「状态」一列写的不是词表里的词。关着的驿站不能当开着的发布，骑手会白跑，所以这一行先不发布。
    请改成列出的词；空着就算开放。

    The status is none of the words known. A closed station must not be published as open, so the
    row is held back. Use one of the words listed; an empty cell means open.

    例：状态写「老板不在」，应是「暂停开放」。 |
    Example: 老板不在 (the owner is away), for 暂停开放.
    """
    allowed = "、".join(STATUS_ZH.values())
    for place in places(rows, rows["status_code"].isna()):
        yield Hit(
            place.index,
            f"{place.zh}的状态「{_cut(place.row.status)}」看不懂。请填：{allowed}。",
            f"{place.en}: the status {_cut(place.row.status)!r} can't be read; use "
            f"{', '.join(STATUS_ZH)}.",
            "status",
            place.row.status,
        )


@rule("warning")
def unreadable_value(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """看不懂、没有采用的格子 | A cell that can't be read and is left out

    座位、插座不是整数，或进门方式、来源不是词表里的词。这一格按没填处理，其余照常发布；骑手就看不到
    要不要按铃、有没有座位。请改成整数或列出的词，不知道就空着。

    Seats or sockets are no whole number, or the way in or the provenance is no word known. The
    cell counts as empty, the rest is published, and riders miss what it said. Write a whole number
    or a word of the list, or leave the cell empty.

    例：座位写「若干」，应是 12 这样的整数。 |
    Example: 若干 (several) for the seats, instead of 12.
    """
    for name, parsed in (
        ("seats", "seat_count"), ("sockets", "socket_count"), ("entry", "entry_code"),
        ("provenance", "provenance_code"),
    ):  # fmt: skip
        for place in places(rows, (rows[name] != "") & rows[parsed].isna()):
            value = getattr(place.row, name)
            zh, en = _WANTED[name]
            yield Hit(
                place.index,
                f"{place.zh}的{ZH[name]}「{_cut(value)}」看不懂，按没填处理。请填：{zh}。",
                f"{place.en}: {name} {_cut(value)!r} can't be read and counts as empty; use {en}.",
                name,
                value,
            )


def _cut(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[:most] + "…"
