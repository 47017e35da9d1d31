"""What the checks are handed of a county: the ground around its stations, and its last release."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import geopandas as gpd

from locator.checks.rule import Known
from locator.checks.surroundings import Surroundings
from locator.county import County
from locator.errors import ConfigError, ReleaseError, StreetsError, UnknownRelease
from locator.release.publish import open_release
from locator.release.surroundings import read_surroundings


class KnownCounties(Mapping[str, Known]):
    """What is known of counties, by their codes; of each it is read when it is first asked for.

    ``var`` is where the published release is looked for (None: nowhere), and ``files`` how many
    ledgers are checked: fewer than the county has are a part, and no comparison is made. What
    cannot be read is left out, and `Known.unread` says why: a check goes on.
    """

    def __init__(
        self,
        counties: Sequence[County],
        var: Path | None = None,
        *,
        files: int = 0,
        accepted: Collection[str] = (),
    ) -> None:
        self._counties = {county.code: county for county in counties}
        self._var, self._files = var, files
        self._accepted = frozenset(accepted)
        self._read: dict[str, Known] = {}

    def __getitem__(self, code: str) -> Known:
        if code not in self._read:
            county = self._counties[code]
            var = self._var if self._files >= len(county.ledgers) else None
            self._read[code] = _known(county, var, self._accepted)
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._counties)

    def __len__(self) -> int:
        return len(self._counties)


def _known(county: County, var: Path | None, accepted: frozenset[str]) -> Known:
    unread: list[tuple[str, str]] = []
    surroundings: Surroundings | None = None
    before: gpd.GeoDataFrame | None = None
    try:
        surroundings = read_surroundings(county)
    except (StreetsError, ConfigError) as error:
        unread.append(
            (
                f"{county.name_zh}的街道没能读进来（{error}），离街道多远、在不在水里，这次没有查。",
                f"the streets of {county.name_en} could not be read ({error}), so what hangs on "
                "them was not checked.",
            )
        )
    try:
        before = open_release(var, county.slug).stations() if var is not None else None
    except UnknownRelease:
        pass
    except (ReleaseError, OSError, ValueError, KeyError) as error:
        unread.append(
            (
                f"{county.name_zh}已发布的版本没能打开（{error}），这次没有和它比。",
                f"the published release of {county.name_en} could not be opened ({error}), so "
                "nothing was compared with it.",
            )
        )
    return Known(surroundings, before, accepted, tuple(unread))
