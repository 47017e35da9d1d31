"""An adoption is written, unless something speaks against it that a person has not yet seen."""

from __future__ import annotations

from locator.county_file import write_keys
from locator.errors import UsageError
from locator.files import write_atomically
from locator.starter.adopt import Adoption
from locator.starter.store import STORE, read_store

#: A larger part of the county's own stations leaves only when that is said to be meant.
SHRINK = 0.5


def doubts(adoption: Adoption) -> dict[str, tuple[str, str]]:
    """What speaks against writing it, in Chinese and in English; ``anyway`` overrules them all.

    ``shift``: the stations have moved as a whole. ``shrink``: more than half of the county's own
    would leave (points from OSM are meant to). ``questions``: ids would be retired that may be
    those of rows of the ledger, and the signs on their doors would lead nowhere. ``twice``: of
    stations that stay the same is asked, and each would be on the map beside its own row.
    """
    found = {}
    if adoption.shift_m:
        found["shift"] = (
            f"驿站整体偏移了约 {adoption.shift_m:.0f} 米，请核对「坐标来源」或 --datum",
            f"the stations have moved as a whole by some {adoption.shift_m:.0f} m; check the datum",
        )
    real = {at for at, said in adoption.old.items() if said.provenance != "illustrative"}
    leaving = real.intersection(adoption.gone)
    own = {at for at in real if adoption.old[at].provenance != "osm"}
    if len(own & leaving) > SHRINK * len(own):
        found["shrink"] = (
            f"本县现有的 {len(own)} 站里有 {len(own & leaving)} 站会离开，超过一半",
            f"{len(own & leaving)} of the county's own {len(own)} stations would leave",
        )
    asked = {pair.old for pair in adoption.questions}
    if lost := leaving.intersection(asked):
        found["questions"] = (
            f"会离开的有 {len(lost)} 站，台账里疑似还在，门口牌子上的编号会失效；"
            "是同一站的，请先在「编号」填上旧编号",
            f"{len(lost)} of the stations that would leave may still be in the ledger, and the "
            "signs on their doors would lead nowhere; write the old ids where they are",
        )
    if twice := asked.intersection(adoption.stays):
        found["twice"] = (
            f"留下的开放街图的点里有 {len(twice)} 个疑似就在台账里，会在地图上出现两次；"
            "是同一站的，请先在「编号」填上旧编号",
            f"{len(twice)} of the stations that stay may be in the ledger, and would be on the map "
            "twice; write the old ids where they are",
        )
    return found


def write_adoption(adoption: Adoption, *, anyway: bool = False) -> bool:
    """Write what was planned; False where it changes nothing.

    The store is written first and ``county.toml`` is told of a new one then: after a crash between
    the two the county is what it was. Raises UsageError with nothing changed for a plan with
    conflicts, for one with `doubts` (unless done ``anyway``), where the store has changed since,
    and where the disk cannot be written; ConfigError where ``county.toml`` cannot be changed.
    """
    store = adoption.store
    if adoption.changes_nothing:
        return False
    if adoption.conflicts:
        raise UsageError(
            "有的行写着别处的编号，没有写入。请先改正。"
            " / a row states the id of another place; mend that first, nothing is written."
        )
    if not anyway and (found := doubts(adoption)):
        chinese, english = zip(*found.values(), strict=True)
        raise UsageError(
            f"没有写入：{'；'.join(chinese)}。确实如此请加 --anyway。"
            f" / nothing is written: {'; '.join(english)}; add --anyway if that is meant."
        )
    if read_store(store)[0] != adoption.before:
        raise UsageError(
            f"{store}：刚才被别人改过，没有写入。请再运行一次。"
            " / was changed meanwhile, nothing is written; run the command again."
        )
    try:
        write_atomically(store, adoption.after)
    except OSError as error:
        raise UsageError(
            f"{store}：写不进去（{error.strerror}），内容没有变。请检查权限和磁盘。"
            " / cannot be written; it is as it was. Check permissions and the disk."
        ) from error
    if adoption.takes_over:
        try:
            write_keys(adoption.county.folder, {"ledgers": [STORE]})
        except BaseException:
            if adoption.before is None:
                store.unlink()
            raise
    return True
