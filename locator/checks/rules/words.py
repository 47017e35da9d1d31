"""Rules on what riders read of a station: its name, its telephone, and nothing private."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from locator.checks.phones import not_a_number
from locator.checks.private import Sort, find_personal, masked
from locator.checks.rule import Context, Hit, places, rule
from locator.county import STATUS_ZH
from locator.stations import cells
from locator.stations.table import COLUMNS

ZH = {column.name: column.zh for column in COLUMNS}
#: Columns of free text, all of them published.
_TEXTS = (
    "name", "township", "address", "host", "phone", "services", "hours", "service_hours", "awards",
)  # fmt: skip
_SORTS: dict[Sort, tuple[str, str]] = {
    "id_number": ("身份证号", "an identity number"),
    "bank_card": ("银行卡号", "the number of a bank card"),
    "mobile": ("手机号", "a mobile number"),
    "person": ("人名", "a person's name"),
}
#: What does so much harm that the row is held back.
_GRAVE: frozenset[Sort] = frozenset(("id_number", "bank_card"))
_CLOSED = re.compile(
    r"""已(?:经)?(?:关闭|关停|关门|停用|停业|停运|撤销|撤点|撤除|拆除|搬迁|搬走|迁走|取消|注销)
    |(?:暂停|停止)(?:使用|开放|营业|服务|运营)|暂不(?:开放|营业)|不再(?:开放|使用)
    |(?:装修|维修|改造|施工|整修|搬迁)中
    |[(（\[【](?:已撤|关了|不开了|拆迁|搬走了?|暂停|关闭|停用|停业|歇业|撤销|拆除|搬迁|装修|维修|关停|废弃|作废)[)）\]】]
    |[-—\s](?:暂停|关闭|停用|停业|撤销|拆除|拆迁|搬迁|装修|关了|不开了)$
    |\b(?:(?:permanently|temporarily)\s+)closed\b|[(\[]closed[)\]]""",
    re.VERBOSE | re.IGNORECASE,
)


@rule("warning")
def phone_invalid(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """打不通的电话号码 | A telephone number that can't be dialled

    「电话」里有一段不像能拨的号码：少一位、多一位，或只有文字。门关着的时候，骑手只剩打电话这一条
    路。请写 11 位手机号、带区号的座机（0564-2000000，可加「转 801」）、400 电话或 12351 这样的短
    号；几个号码用顿号分开，没有就空着。外国号码只看位数。

    A part of the cell is no number in use: a figure too few or too many, or only words. Before a
    locked door the telephone is all that a rider has left. Write a mobile of 11 figures, a landline
    with its area code (an extension may follow), a 400 number or a short one; several with 、
    between them; nothing where there is none. Of foreign numbers only the length is looked at.

    例：「0564-200000」少一位。 |
    Example: 0564-200000 lacks a figure.
    """
    country = context.county.country

    def undialled(text: str) -> str | None:
        sorts = {datum.sort for datum in find_personal(text, is_phone=True)}
        return None if sorts & _GRAVE else not_a_number(text, country)  # that is told of there

    bad = cells.each(rows["phone"], lambda text: undialled(text) if text else None)
    for place in places(rows, bad.notna()):
        given = place.row.phone
        part = bad[place.index]
        yield Hit(
            place.index,
            f"{place.zh}的电话「{_shown(part)}」拨不通：位数或开头不对。请核对，没有电话就空着。",
            f"{place.en}: {_shown(part)!r} is no telephone number that can be dialled; check it, "
            "or leave the cell empty.",
            "phone",
            masked(given, is_phone=True),
        )


@rule("error")
def name_contains_closed_word(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """名称说关了，状态说开着 | The name says closed, the status says open

    名称里写着已关闭、停用、装修中、已搬迁一类的话，「状态」却是开放（空着也算开放）。两句话必有一句
    是错的，程序不替人猜：照状态发布，骑手到了可能是锁着的门，门牌上还印着「已关闭」，所以先不发布这
    一行。关着的，请把「状态」改成暂停开放或已撤销；又开了的，把这几个字从名称里删去。

    The name holds words such as closed, out of use, being rebuilt or moved, while the status is
    open (an empty cell is open). One of the two is wrong, and it is not for a program to guess
    which: by the status riders would be sent to what may be a locked door, with a sign that says
    so. The row is held back. If it is shut, set the status to temporarily_closed or closed; if it
    is open again, take the words out of the name.

    例：「桥头驿站（装修中）」，状态空着。 |
    Example: 桥头驿站（装修中）, which is being rebuilt, with an empty status.
    """
    said = rows["name"].str.contains(_CLOSED)
    for place in places(rows, said & (rows["status_code"] == "open")):
        match = _CLOSED.search(place.row.name)
        word = match[0].strip("()（）[]【】-— ") if match else ""
        shut, gone = STATUS_ZH["temporarily_closed"], STATUS_ZH["closed"]
        yield Hit(
            place.index,
            f"{place.zh}的名称「{_shown(place.row.name)}」说「{word}」，状态却是开放。"
            f"关着的请把「状态」改成{shut}或{gone}，开着的请改名称；改好前不发布。",
            f"{place.en}: the name {_shown(place.row.name)!r} says {word!r}, but the status is "
            "open; set the status if it is shut, correct the name if it is not.",
            "status",
            place.row.status,
        )


@rule("warning")
def personal_data_in_field(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """会公开的格子里有个人信息 | Personal data in a cell that is published

    名称、地址、依托单位、开放时间等会印在门牌上、放在网上，里面却有身份证号、手机号、银行卡号或联
    系人姓名。个人信息公开了收不回来。有身份证号或银行卡号的行不发布，其余照常发布，请尽快删去；公
    开的电话写在「电话」一列，只写号码。报告里只露头尾几位。

    Names, addresses, hosts and hours go onto signs and the web, and one holds an identity number,
    a mobile number, a bank card or a contact's name. What was once public can't be taken back. A
    row with an identity number or a card is held back; take the rest out soon. A public telephone
    number belongs into the column phone, and the number alone. The report shows but the ends.

    例：地址写「幸福路 8 号，联系人李某某 138******00」。 |
    Example: an address that ends in a contact's name and mobile number.
    """
    for name in _TEXTS:
        is_phone = name == "phone"
        column = rows[name]
        texts = set(column) - {""}
        found = {text: data for text in texts if (data := find_personal(text, is_phone=is_phone))}
        for place in places(rows, column.isin(list(found))):
            given = getattr(place.row, name)
            sorts = list(dict.fromkeys(datum.sort for datum in found[given]))
            zh = "、".join(_SORTS[sort][0] for sort in sorts)
            en = " and ".join(_SORTS[sort][1] for sort in sorts)
            shown = masked(given, is_phone=is_phone)
            grave = not _GRAVE.isdisjoint(sorts)
            yield Hit(
                place.index,
                f"{place.zh}的{ZH[name]}里有{zh}（{_shown(shown)}），这一格会公开。请删去"
                f"{'，改好前这一行不发布' if grave else ''}。",
                f"{place.en}: {name} holds {en} ({_shown(shown)!r}) and is published; take it out."
                f"{' Until then the row is held back.' if grave else ''}",
                name,
                shown,
                severity="error" if grave else "warning",
            )


def _shown(text: str, most: int = 40) -> str:
    text = masked(text)
    return text if len(text) <= most else text[:most] + "…"
