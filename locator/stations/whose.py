"""Whose a row of a ledger is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from locator.county import County
from locator.stations import cells


def assign_counties(
    rows: pd.DataFrame, counties: Sequence[County], known: Sequence[County]
) -> pd.Series[str]:
    """Whose each row is: a county's code, or "" where that can't be told.

    The column 县 decides (code, folder name, Chinese or English name), else the code with which
    the id begins, else, where one county is asked about, that county, else the county that the
    sheet's title names (舒城县驿站台账, as the template has it). ``known`` are all counties that
    there are: a row may clearly belong to another than those asked about.
    """
    all_counties = {county.code: county for county in [*known, *counties]}
    alone = counties[0].code if len(counties) == 1 else ""
    codes = sorted(all_counties, key=len, reverse=True)
    sheets = rows["sheet"] if "sheet" in rows else pd.Series("", index=rows.index)
    titled = cells.each(sheets, lambda title: _titled(title, all_counties))

    def by_id(text: str, otherwise: str) -> str:
        folded = cells.fold(text)
        return next((code for code in codes if folded.startswith(code)), alone or otherwise)

    named = cells.each(rows["county"], lambda text: _named(text, all_counties))
    told = [
        by_id(id_text, title) if not text else code
        for text, code, id_text, title in zip(
            rows["county"], named, rows["id"], titled, strict=True
        )
    ]
    return pd.Series(told, index=rows.index, dtype=object)


def _titled(title: str, counties: Mapping[str, County]) -> str:
    """The one county whose whole name a sheet's title holds; "" where there is none, or two."""
    found = [code for code, county in counties.items() if county.name_zh in title]
    return found[0] if len(found) == 1 else ""


def _named(text: str, counties: Mapping[str, County]) -> str:
    if not text:
        return ""
    folded = cells.fold(text)
    for code, county in counties.items():
        if folded in (code, county.slug.lower(), cells.fold(county.name_en)):
            return code
        if folded.endswith(cells.fold(county.name_zh)):  # 安徽省六安市舒城县
            return code
    short = folded.rstrip("县市区旗")
    alike = [code for code, county in counties.items() if county.name_zh.startswith(short)]
    return alike[0] if len(short) >= 2 and len(alike) == 1 else ""
