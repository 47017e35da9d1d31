"""The parts of a door sign: its plate with the name, its code, its foot.

All lengths are in ``u``, a millimetre on A4 that grows with the paper; sizes of words in points of
``u``. A part is drawn from its own upper left corner and moved to its place afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from locator.outputs.drawing import Disc, Item, Shape, Text, box, moved
from locator.outputs.icon_shapes import icon_shapes
from locator.outputs.palette import tokens
from locator.outputs.signs.code import code_items
from locator.outputs.signs.door_content import DoorContent
from locator.outputs.signs.lines import NoRoom, fitted, pieces, split_tail
from locator.outputs.signs.sign_words import Words
from locator.outputs.typeface import Face, faces

#: A typographer's point, in u.
PT = 0.3528
#: How high capitals and figures are, of the size of a face: what stands above the baseline.
CAP = 0.733
WHITE = "#ffffff"
#: What found no room at its least readable size, and what to do about it.
NO_ROOM = {
    "name": (
        "站名（或所在地、荣誉）放不下：请在台账里写短。 "
        "The name (or the place, the awards) does not fit: shorten it in the ledger."
    ),
    "hours": (
        "开放时间放不下：请在台账里合并时间相同的日子，或写短地址，或少列几项服务。 "
        "The opening hours do not fit: in the ledger, join days of the same hours, "
        "shorten the address, or list fewer services."
    ),
    "code": (
        "二维码旁的网址放不下：请换短一些的网址。 "
        "The address beside the code does not fit: give a shorter public address."
    ),
    "foot": "页脚放不下：请用大一些的纸。 The foot of the sign does not fit: use larger paper.",
}


class Lacking(NoRoom):
    """A part of the sign that finds no room: a key of :data:`NO_ROOM`, or itself what is said."""

    def __init__(self, part: str) -> None:
        super().__init__(NO_ROOM.get(part, part))
        self.part = part


@dataclass(frozen=True, slots=True)
class Block:
    """Items drawn from 0, 0, and how high they stand."""

    height: float
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Setting:
    """Words in lines, as ``set_words`` found room for them."""

    lines: Sequence[str]
    size: float
    pitch: float
    bold: bool

    @property
    def height(self) -> float:
        """From the top of the first line's capitals to the last baseline."""
        return CAP * self.size + (len(self.lines) - 1) * self.pitch

    @property
    def width(self) -> float:
        """That of the longest line."""
        return max(faces()[self.bold].width(line, self.size) for line in self.lines)

    def items(self, x: float, top: float, colour: str, anchor: float = 0.0) -> Iterator[Text]:
        """The lines, the tops of the first one's capitals at ``top``."""
        for at, line in enumerate(self.lines):
            base = top + CAP * self.size + at * self.pitch
            yield Text(line, x, base, self.size, colour, self.bold, anchor)


def set_words(
    words: str,
    width: float,
    points: Iterable[tuple[float, int]],
    lacking: str,
    *,
    bold: bool = False,
    known: Iterable[str] = (),
    lead: float = 0.5,
) -> Setting:
    """``words`` in the first of ``points`` (a size and how many lines it may take) that fits, with
    ``lead`` of the size between lines. Raises Lacking when none does."""
    sizes = ((size * PT, most) for size, most in points)
    found = fitted(pieces(words, known), faces()[bold], width, sizes)
    if found is None:
        raise Lacking(lacking)
    return Setting(found[1], found[0], (CAP + lead) * found[0], bold)


def heading(key: str, say: Words, x: float, base: float) -> list[Item]:
    """A small title: bold, and in another language beside it where both are wanted."""
    colour, size = tokens()["muted"], 9.5 * PT
    first, beside = say(key), say.beside(key)
    items: list[Item] = [Text(first, x, base, size, colour, bold=True)]
    if beside:
        items.append(Text(beside, x + faces()[1].width(first, size) + size / 2, base, size, colour))
    return items


def heading_width(key: str, say: Words) -> float:
    """How wide ``heading`` is."""
    size, beside = 9.5 * PT, say.beside(key)
    wide = faces()[1].width(say(key), size)
    return wide + (size / 2 + faces()[0].width(beside, size) if beside else 0.0)


# ── the plate ────────────────────────────────────────────────────────────────────────────────


def plate(content: DoorContent, width: float, height: float, say: Words) -> Block:
    """The coloured plate: whose station of what kind it is, then its name as large as it fits."""
    inner = width - 20
    sender, used = _sender(content, inner, say)
    room = min(30.0, height - 22 - used)
    return Block(
        height,
        [
            Shape([box(0, 0, width, height, 5)], fill=content.kind.colour, closed=True),
            *moved(sender, 10, 9),
            *moved(_name(content, inner, room), 10, height - 10),
        ],
    )


def _sender(content: DoorContent, width: float, say: Words) -> tuple[list[Item], float]:
    """The kind at the left, the place and the awards at the right; and how high they stand."""
    left = 21.5 if content.kind.icon else 0.0
    named = content.kind.en if say.lang == "en" else content.kind.zh
    kind = set_words(named, width * 0.5 - left, ((19, 1), (16, 1), (13, 1), (11, 2), (9, 3)),
                     "name", bold=True)  # fmt: skip
    beside = content.kind.en if say.lang == "both" and content.kind.en != named else ""
    small = beside and set_words(beside, width * 0.5 - left, ((11, 1), (9, 1), (7.5, 2)), "name")
    right_width = width - left - max(kind.width, small.width if small else 0.0) - 6
    place = set_words(" ".join(content.place), right_width, ((12, 1), (10.5, 1), (9, 2), (7.5, 3)),
                      "name")  # fmt: skip
    awards = [
        set_words(award, right_width - 6, ((10, 1), (9, 1), (8, 2), (7, 4)), "name", bold=True)
        for award in content.awards
    ]
    right_high = place.height + sum(2.4 + award.height + 2.6 for award in awards)
    left_high = kind.height + (2.2 + small.height if small else 0.0)
    high = max(17.0 if content.kind.icon else 0.0, left_high, right_high)
    items: list[Item] = []
    if content.kind.icon:
        items.append(Disc(8.5, high / 2, 8.5, fill=WHITE))
        items += icon_shapes(content.kind.icon, 3, high / 2 - 5.5, 11, content.kind.colour)
    top = (high - left_high) / 2
    items += kind.items(left, top, WHITE)
    if small:
        items += small.items(left, top + kind.height + 2.2, WHITE)
    top = (high - right_high) / 2
    items += place.items(width, top, WHITE, anchor=1.0)
    top += place.height + 2.4
    for award in awards:
        wide, tall = award.width + 5.2, award.height + 2.6
        edge = box(width - wide, top, wide, tall, min(tall / 2, 2.6))
        items.append(Shape([edge], stroke=WHITE, width=0.35, closed=True))
        items += award.items(width - wide / 2, top + 1.3, WHITE, anchor=0.5)
        top += tall + 2.4
    return items, high


#: A short bracket at the end of a name, of the name's size.
_TAIL = 0.46
#: Of its size, how much of a full-width bracket is blank before it.
_BLANK = 0.5
_NAME_PT = (62, 56, 50, 45, 40, 36, 32, 28, 24, 20, 16, 13, 10)
#: Between two lines of a name, of its size.
_NAME_LEAD = 0.34


def _name(content: DoorContent, width: float, height: float) -> list[Item]:
    """The name, its last baseline at 0; words stay whole, and two lines are of like length."""
    main, tail = split_tail(content.name)
    parts = [*pieces(main, [content.kind.zh, content.kind.en, *content.place])]
    for size in (points * PT for points in _NAME_PT):
        rows = _rows(parts, tail, size, width)
        if rows is None or _name_height(rows, size) > height:
            continue
        # Narrow the block as far as it stays as low.
        for share in range(48, 100, 2):
            even = _rows(parts, tail, size, width * share / 100)
            if even is not None and _name_height(even, size) <= _name_height(rows, size):
                rows = even
                break
        return _name_items(rows, size)
    raise Lacking("name")


_Row = tuple[str, str]


def _rows(parts: Sequence[str], tail: str, size: float, width: float) -> list[_Row] | None:
    """The lines of a name, each with the bracket where it ends with it."""
    bold = faces()[1]
    lines = [""]
    for part in parts:
        if bold.width(part.rstrip(), size) > width:
            return None
        if bold.width((lines[-1] + part).rstrip(), size) > width:
            lines.append("")
        lines[-1] += part
    rows = [(line.strip(), "") for line in lines]
    if tail:
        wide = _tail_width(tail, size)
        if bold.width(rows[-1][0], size) + 0.12 * size * _TAIL + wide <= width:
            rows[-1] = (rows[-1][0], tail)
        elif wide <= width:
            rows.append(("", tail))
        else:
            return None
    return rows


def _tail_width(tail: str, size: float) -> float:
    blank = _BLANK if tail[0] == "（" else 0.0
    return faces()[0].width(tail, size * _TAIL) - blank * size * _TAIL


def _name_height(rows: Sequence[_Row], size: float) -> float:
    high = sum(CAP * size * (1 if main else _TAIL) for main, _ in rows)
    return high + (len(rows) - 1) * _NAME_LEAD * size


def _name_items(rows: Sequence[_Row], size: float) -> list[Item]:
    items: list[Item] = []
    base = -_name_height(rows, size)
    for main, tail in rows:
        base += CAP * size * (1 if main else _TAIL)
        if main:
            items.append(Text(main, 0, base, size, WHITE, bold=True))
        if tail:
            blank = (_BLANK if tail[0] == "（" else 0.0) - (0.12 if main else 0.0)
            x = faces()[1].width(main, size) - blank * size * _TAIL
            items.append(Text(tail, x, base, size * _TAIL, WHITE))
        base += _NAME_LEAD * size
    return items


# ── the code, the foot ───────────────────────────────────────────────────────────────────────


def code_words(content: DoorContent, width: float, say: Words) -> Block:
    """What the code is for, and the host in words, for those who look before they scan: a sticker
    is quickly put over a code."""
    colours, beside = tokens(), say.beside("scan_door")
    title = set_words(say("scan_door"), width, ((17, 1), (14, 1), (12, 2), (10, 3)), "code",
                      bold=True)  # fmt: skip
    only = set_words(say("only"), width, ((8.5, 1), (7.5, 2)), "code")
    points = ((10, 1), (8.5, 1), (7.5, 1), (8.5, 2), (7.5, 3), (7, 4))
    host = set_words(urlsplit(content.link).netloc.replace(".", ".\u200b"), width, points, "code",
                     bold=True)  # fmt: skip
    items: list[Item] = list(title.items(0, 0, colours["ink"]))
    top = title.height + 2.6
    if beside:
        small = set_words(beside, width, ((9, 1), (8, 2)), "code")
        items += small.items(0, top, colours["muted"])
        top += small.height + 2.0
    items += only.items(0, top, colours["muted"])
    top += only.height + 2.6
    items += host.items(0, top, colours["ink"])
    return Block(top + host.height, items)


def code_picture(content: DoorContent, side: float) -> Block:
    """The code in its frame."""
    frame = box(0, 0, side, side, 3)
    return Block(
        side,
        [
            *code_items(content.link, 0, 0, side),
            Shape([frame], stroke=tokens()["line"], width=0.3, closed=True),
        ],
    )


def foot(content: DoorContent, width: float, say: Words) -> Block:
    """Whether to put it up at all, where the words come from and of when they are."""
    colours, (plain, bold) = tokens(), faces()
    warning = (
        say("made_up")
        if content.made_up
        else say("streets_made_up")
        if content.streets_made_up
        else ""
    )
    parts = [] if warning else [say("source", origin=content.origin)]
    parts.append(say("data", date=content.as_of))
    if content.verified_on:
        parts.append(say("verified", date=content.verified_on))
    size = next(
        (
            size
            for size in (points * PT for points in (7.5, 6.8, 6.0, 5.2))
            if _foot_width(warning, [*parts, content.id], size, plain, bold) <= width
        ),
        None,
    )
    if size is None:
        raise Lacking("foot")
    base, x = CAP * 7.5 * PT, 0.0
    items: list[Item] = []
    if warning:
        items.append(Text(warning, 0, base, size, colours["ember"], bold=True))
        x = bold.width(warning, size) + 0.8 * size
    for words in parts:
        items.append(Text(words, x, base, size, colours["muted"]))
        x += plain.width(words, size) + 0.8 * size
    items.append(Text(content.id, width, base, size, colours["muted"], anchor=1.0))
    return Block(base, items)


def _foot_width(warning: str, parts: Sequence[str], size: float, plain: Face, bold: Face) -> float:
    wide = sum(plain.width(words, size) for words in parts) + bold.width(warning, size)
    return wide + 0.8 * size * (len(parts) + bool(warning))
