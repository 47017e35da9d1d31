"""Data of a person in a text that is published: identity numbers, mobiles, cards, names.

Whoever is told of such a datum must not be handed it once more, so there is `masked`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Sort = Literal["id_number", "bank_card", "mobile", "person"]

_ID = re.compile(r"(?<![0-9A-Za-z.])\d{17}[0-9Xx](?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_MOBILE = re.compile(r"(?<![\d.\-])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d.])")
_CARD = re.compile(r"(?<![\d.])(?:62|[3-5]\d)\d{2}(?:[ -]?\d{4}){2,3}[ -]?\d{1,7}(?![\d.])")
#: The hundred commonest family names, which four in five people bear.
_FAMILY = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
    "阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_ROLE = r"联系人|负责人|经办人|管理员|值班员|站长|店主|法人代表|法定代表人|法人"
_PERSON = re.compile(
    rf"(?:{_ROLE})\s*[:：为是]?\s*(?P<named>[{_FAMILY}][一-鿿]{{1,2}})(?![一-鿿])"
    rf"|(?<![一-鿿])(?P<polite>[{_FAMILY}][一-鿿]{{0,2}})(?:先生|女士|同志)(?![一-鿿])"
)
#: With these a place ends, or an office, and no person's name.
_PLACES = "室台部处科办院站店所厅校区口路街村镇乡门楼馆社园场"
_NO_NAMES = "白天|白班|夏季|夏天|常用|常年|高峰|高温|方便"
_IN_FULL = rf"(?!{_NO_NAMES})[{_FAMILY}][一-鿿]{{1,2}}(?<![{_PLACES}])"
_BESIDE_A_NUMBER = re.compile(
    rf"(?<![一-鿿])(?P<before>{_IN_FULL})\s*[:：]?\s*(?=[+\d(])"
    rf"|(?<=\d)\s*[(（]?\s*(?P<behind>{_IN_FULL})(?![一-鿿])"
)
_ANY = re.compile(rf"\d[\d \-]{{9,}}[\dXx]|{_ROLE}|先生|女士|同志")


@dataclass(frozen=True, slots=True)
class Datum:
    """A person's datum in a text, at ``[begin, end)``."""

    sort: Sort
    begin: int
    end: int


def find_personal(text: str, *, is_phone: bool = False) -> tuple[Datum, ...]:
    """The personal data in a text, in order, none within another.

    In a cell for telephone numbers (``is_phone``) a mobile is what is asked for, but a name beside
    it is not.
    """
    if not is_phone and _ANY.search(text) is None:  # nearly all cells
        return ()
    kept: list[Datum] = []
    for datum in _all(text, is_phone):
        if all(datum.end <= other.begin or other.end <= datum.begin for other in kept):
            kept.append(datum)
    return tuple(sorted(kept, key=lambda datum: datum.begin))


def masked(text: str, *, is_phone: bool = False) -> str:
    """The text with asterisks for all of a personal datum but its beginning and its end.

    A number in a cell for telephone numbers is shown, unless a name beside it says whose it is.
    """
    found = find_personal(text, is_phone=is_phone)
    if is_phone and any(datum.sort == "person" for datum in found):
        mobiles = (datum for datum in find_personal(text) if datum.sort == "mobile")
        found = tuple(sorted((*found, *mobiles), key=lambda datum: datum.begin))
    for datum in reversed(found):
        said = text[datum.begin : datum.end]
        head, tail = (1, 0) if datum.sort == "person" else (3, 2)
        stars = "*" * (len(said) - head - tail)
        text = (
            text[: datum.begin]
            + said[:head]
            + stars
            + said[len(said) - tail :] * bool(tail)
            + (text[datum.end :])
        )
    return text


def _all(text: str, is_phone: bool) -> Iterator[Datum]:
    for match in _ID.finditer(text):
        if _is_id(match[0]):
            yield Datum("id_number", *match.span())
    for match in _CARD.finditer(text):
        figures = re.sub(r"\D", "", match[0])
        if 16 <= len(figures) <= 19 and _luhn(figures):
            yield Datum("bank_card", *match.span())
    if not is_phone:
        for match in _MOBILE.finditer(text):
            yield Datum("mobile", *match.span())
    for match in _PERSON.finditer(text):
        yield Datum("person", *match.span("named" if match["named"] else "polite"))
    if is_phone:
        for match in _BESIDE_A_NUMBER.finditer(text):
            yield Datum("person", *match.span("before" if match["before"] else "behind"))


def _is_id(text: str) -> bool:
    """Whether the check digit and the birthday of a resident's identity number are right.

    GB 11643-1999: weighted sum of the first 17 figures modulo 11.
    """
    total = sum(weight * int(figure) for weight, figure in zip(_WEIGHTS, text, strict=False))
    if _CHECK[total % 11] != text[17].upper():
        return False
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return 1900 <= born.year <= 2100


def _luhn(figures: str) -> bool:
    """Whether the last figure of a card's number is the check digit of ISO/IEC 7812."""
    doubled = [
        sum(divmod(int(figure) * 2, 10)) if at % 2 else int(figure)
        for at, figure in enumerate(reversed(figures))
    ]
    return sum(doubled) % 10 == 0
