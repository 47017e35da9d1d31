"""Turning what a person says of a pair into a decision that can be kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from locator.checks.reconcile.decisions import Choice, Decision
from locator.checks.reconcile.map_review import Side, ledger_sides, map_sides
from locator.checks.validate import Report
from locator.errors import UsageError
from locator.stations.intake import given_id
from locator.stations.map_list import MapList

#: What stands for the id of a row that has none yet, in a workbook to be answered.
NO_ID = "没有编号"


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of the lists that are looked at now, on whose state a decision is made.

    ``theirs`` holds, by the keeper's code, the entries by key.
    """

    day: str
    who: str
    ours: Mapping[str, Side]
    theirs: Mapping[str, Mapping[str, Side]]

    @classmethod
    def of(cls, report: Report, lists: Sequence[MapList], day: str, who: str) -> Sides:
        """The sides of a ledger's report and of map lists."""
        theirs: defaultdict[str, dict[str, Side]] = defaultdict(dict)
        for each in lists:
            theirs[each.source] |= {side.key: side for side in map_sides(each)}
        return cls(day, who, {side.key: side for side in ledger_sides(report)}, dict(theirs))

    def decision(
        self, choice: Choice, ledger_id: str, source: str, key: str, note: str = ""
    ) -> Decision:
        """A decision on a station, an entry, or a pair ("" for the side that is not meant).

        Raises UsageError where the lists at hand do not hold a side that is meant.
        """
        if ledger_id and (ledger_id == NO_ID or not given_id(ledger_id)):
            raise UsageError(
                "这一行还没有编号，记下的答案以后认不出它。请先用 locator adopt "
                "采用台账，再来对照。 / this row has no id yet, so no answer on it could be kept: "
                "adopt the ledger first."
            )
        ours = self._ours(ledger_id) if ledger_id else None
        theirs = self.theirs.get(source, {}).get(key) if key else None
        if source not in self.theirs or (key and theirs is None):
            raise UsageError(
                f"{source} {key}：这次给的地图名单里没有，没有记下。"
                " / no map list given holds it; nothing was noted."
            )
        return Decision(
            self.day, self.who, ledger_id, ours.says if ours else "", source, key,
            theirs.says if theirs else "", choice, note,
        )  # fmt: skip

    def pair(self, text: str, choice: Choice) -> Decision:
        """The decision on ``ID=KEY``."""
        ledger_id, equals, key = text.partition("=")
        if not equals or not ledger_id or not key:
            raise UsageError(f"--{choice} {text}: write ID=KEY (编号=地图键).")
        return self.decision(choice, ledger_id, self._source(key), key)

    def of_one(self, text: str, choice: Choice) -> list[Decision]:
        """The decisions on ``text`` alone: a station on any of the lists, or a map's entry."""
        if text in self.ours:
            return [self.decision(choice, text, source, "") for source in self.theirs]
        return [self.decision(choice, "", self._source(text), text)]

    def ask_again(self, text: str) -> list[Decision]:
        """What takes back the decisions on ``ID=KEY``, or on one side alone."""
        return [self.pair(text, "open")] if "=" in text else self.of_one(text, "open")

    def _ours(self, ledger_id: str) -> Side:
        side = self.ours.get(ledger_id)
        if side is None:
            raise UsageError(
                f"{ledger_id}：台账里没有这个编号，没有记下。"
                " / the ledger has no such id; nothing was noted."
            )
        return side

    def _source(self, key: str) -> str:
        sources = [source for source, entries in self.theirs.items() if key in entries]
        if len(sources) != 1:
            raise UsageError(
                f"{key}：{'几份地图名单里都有' if sources else '地图名单里没有这个键'}。"
                "键在 --json 和工作簿里。"
                f" / {'several lists have' if sources else 'no list has'} this key; see --json."
            )
        return sources[0]
