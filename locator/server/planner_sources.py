"""What a county's figures were made from, and what was left out: the foot of the planner's page.

Pure: a release's manifest goes in, words come out. Releases made before something was counted say
nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from locator.outputs.coverage_words import listed, tied
from locator.outputs.lineage import stations_by_provenance
from locator.streets.reasons import in_words

#: So many reasons are written out; the rest is added up.
_SHOWN = 6

_STATIONS = {
    "surveyed": ("实地核实", "surveyed"),
    "ledger": ("台账", "ledger"),
    "osm": ("开放街图（不是县里设的，未经核实）",
            "OpenStreetMap (none of the county's, unchecked)"),
    "illustrative": ("编的", "made up"),
}  # fmt: skip
_STREETS = {
    "surveyed": ("实测", "surveyed"),
    "osm": ("开放街图", "OpenStreetMap"),
    "illustrative": ("编的，不可引用", "made up, not to be quoted"),
}
_DEMAND = {
    "gps": ("由行驶轨迹统计，少于 10 人的格子已合并。",
            "Counted from riders' tracks; cells of fewer than 10 riders are merged."),
    "orders": ("由订单统计。", "Counted from orders."),
    "headcount": ("由人数表按商圈和时段得出。", "From headcounts by place and hour."),
    "grid": ("由网格统计数据得出。", "From gridded statistics."),
    "proxy": ("由开放街图上的餐馆和住家推算，没有人数过：人数不可引用，哪里多、几点多可作参考。",
              "Estimated from OpenStreetMap's restaurants and homes; nobody has counted. Do not "
              "quote the numbers; when and where there are more is a first hint."),
    "illustrative": ("编的，不可引用。", "Made up, not to be quoted."),
}  # fmt: skip


class _Words:
    """One of the two languages."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, zh: str, en: str) -> str:
        return tied(zh) if self.lang == "zh" else en

    def of(self, table: Mapping[str, tuple[str, str]], code: str) -> str:
        return self(*table.get(code, (code, code)))

    def counted(self, pairs: list[tuple[str, int]]) -> str:
        shown = [f"{words} {count:,}" for words, count in pairs[:_SHOWN]]
        if rest := sum(count for _, count in pairs[_SHOWN:]):
            shown.append(self(f"其他 {rest:,}", f"others {rest:,}"))
        return self(listed(shown, self.lang), listed(shown, self.lang))

    def sentences(self, *parts: str) -> str:
        return ("" if self.lang == "zh" else " ").join(part for part in parts if part)


def sources(manifest: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """(term, description) of the stations, the streets, the base map and the demand."""
    say = _Words(lang)
    return [
        (say("站点", "Stations"), _stations(manifest, say)),
        *_townships(manifest, say),
        *_streets(manifest, say),
        *_basemap(manifest, say),
        (say("骑手人数", "Riders"), _demand(manifest, say)),
    ]


def _stations(manifest: Mapping[str, Any], say: _Words) -> str:
    by = stations_by_provenance(manifest)
    pairs = [(say.of(_STATIONS, code), n) for code, n in sorted(by.items(), key=lambda p: -p[1])]
    total = sum(by.values())
    if len(pairs) == 1:
        text = say(f"{total:,} 处，来自{pairs[0][0]}。", f"{total:,}, from: {pairs[0][0]}.")
        if "illustrative" in by:
            text = say(f"{total:,} 处，都是编的。", f"{total:,}, all made up.")
    else:
        text = say(f"{total:,} 处：", f"{total:,}: ") + say.counted(pairs) + say("。", ".")
    held, copies = manifest["counts"]["quarantined"], manifest["counts"]["duplicates"]
    return say.sentences(
        text,
        say(f"另有 {held} 行有错，没有发布。", f"Left out for errors: {held} of the ledger's rows.")
        if held
        else "",
        say(f"重复的 {copies} 行只算一次。", f"Exact copies, counted once: {copies}.")
        if copies
        else "",
    )


def _townships(manifest: Mapping[str, Any], say: _Words) -> Iterator[tuple[str, str]]:
    told = manifest.get("stations", {}).get("township")
    if not told or not told["outline"]:
        return
    neither = told["neither"]
    yield (
        say("乡镇", "Townships"),
        say.sentences(
            say(
                f"{told['ledger']:,} 处照台账，{told['outline']:,} 处台账没写，按乡镇界线补上。",
                f"{told['ledger']:,} stations as their ledger says, {told['outline']:,} that say "
                "nothing by the outlines of the townships.",
            ),
            say(f"{neither:,} 处不知道。", f"{neither:,} unknown.") if neither else "",
        ),
    )


def _streets(manifest: Mapping[str, Any], say: _Words) -> Iterator[tuple[str, str]]:
    said = manifest.get("streets")
    origin = say.of(_STREETS, manifest["provenance"]["streets"])
    if not said:
        yield say("街道", "Streets"), origin + say("。", ".")
        return
    if source := said.get("source"):
        origin += say(f"，取自 {source}", f", from {source}")
    if day := said.get("frozen_on"):
        origin += say(f"，截至 {day}", f", as of {day}")
    length = say(
        f"电动车走得通的有 {said['km']:,.0f} 公里",
        f"an e-bike can take {said['km']:,.0f} km of them",
    )
    if unnamed := round(said.get("km_unnamed", 0)):
        length += say(f"，其中 {unnamed:,} 公里没有路名", f", {unnamed:,} km without a name")
    yield say("街道", "Streets"), origin + say("。", "; ") + length + say("。", ".")
    if left := "".join(_left_out(said, say)):
        yield say("没有用的街道", "Streets left out"), left.strip()


def _left_out(said: Mapping[str, Any], say: _Words) -> Iterator[str]:
    """What of the streets is not used, sentence by sentence."""
    blank = say("", " ")
    closed = in_words(said.get("ways_closed", {}), say.lang)
    if closed:
        total = sum(count for _, count in closed)
        yield say(
            f"读到 {said['ways_read']:,} 段，{total:,} 段走不通：",
            f"Of {said['ways_read']:,} ways {total:,} are closed: ",
        )
        yield say.counted(closed) + say("。", ".") + blank
    if islets := said.get("islets"):
        km = said["islets_km"]
        yield (
            say(
                f"{islets:,} 小片同路网不相连（{km:,.1f} 公里）。",
                f"{islets:,} islets do not touch the rest ({km:,.1f} km).",
            )
            + blank
        )
    if traps := said.get("traps"):
        km = said["traps_km"]
        yield (
            say(
                f"{traps:,} 段进得去出不来（{km:,.1f} 公里），不从那里起算。",
                f"{traps:,} pieces lead in and not out ({km:,.1f} km); no ride starts there.",
            )
            + blank
        )
    if cut := said.get("ways_cut"):
        yield say(
            f"{cut:,} 段在数据边上被切断。", f"{cut:,} ways are cut at the edge of the extract."
        )


def _basemap(manifest: Mapping[str, Any], say: _Words) -> Iterator[tuple[str, str]]:
    said = manifest.get("basemap")
    if not said:
        return
    drawn, lost = sum(said["features"].values()), sum(said.get("lost", {}).values())
    megabytes = said["bytes"] / 1e6
    yield (
        say("底图", "Base map"),
        say.sentences(
            say(
                f"画了 {drawn:,} 个要素，{megabytes:.1f} MB。",
                f"{drawn:,} features drawn, {megabytes:.1f} MB.",
            ),
            say(
                f"{lost:,} 个残缺或没有画法，没有画。",
                f"{lost:,} are incomplete or have no drawing of their own, and are not drawn.",
            )
            if lost
            else "",
        ),
    )


def _demand(manifest: Mapping[str, Any], say: _Words) -> str:
    code = manifest["provenance"].get("demand")
    return say("未知。", "Unknown.") if code is None else say.of(_DEMAND, code)
