"""Rules on what a station offers: what its kind promises, and the county's basic services."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from locator.checks.rule import Context, Hit, places, rule

#: More missing services than this are counted, not named.
_NAMED = 5


def _running(rows: pd.DataFrame) -> pd.Series[bool]:
    """Stations that are or will be again; a word of the cell that is not known is another fault."""
    lively = rows["status_code"].isin(["open", "temporarily_closed"])
    return lively & (rows["service_unknown"].map(len) == 0)


@rule("warning")
def canteen_without_hot_meal(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """食堂没有写供餐 | A canteen that offers no meal

    小哥食堂的「服务」里没有供餐。骑手按「供餐」找吃饭的地方就找不到它，供餐的覆盖也少算它。请补上
    「供餐」；不供餐的，请改「类型」。哪一类该有哪项服务，由 county.toml 的 kinds 定（offers）。

    The services of a canteen lack hot_meal. Whoever looks for a meal does not find it, and the
    coverage of meals leaves it out. Add hot_meal, or correct the kind if no meals are served. Which
    kind promises which service is the county's data (offers of a kind in county.toml).

    例：类型是小哥食堂，服务只写了「饮水；歇脚」。 |
    Example: a canteen with drinking water and seats.
    """
    running = _running(rows)
    for code, kind in context.county.kinds.items():
        if not kind.offers:
            continue
        lacking = rows["service_codes"].map(
            lambda offered, wanted=kind.offers: not set(wanted) <= {*offered}
        )
        of_kind = running & (rows["kind_code"] == code)
        for place in places(rows, of_kind & lacking.astype(bool)):
            missing = [
                context.county.services[one]
                for one in kind.offers
                if one not in place.row.service_codes
            ]
            zh = "、".join(service.zh for service in missing)
            en = ", ".join(service.en.lower() for service in missing)
            yield Hit(
                place.index,
                f"{place.zh_named}是{kind.zh}，服务里没有写{zh}。请补上，或改「类型」。",
                f"{place.en}: {place.row.name!r} is a {kind.en.lower()} without {en}; add it, or "
                "correct the kind.",
                "services",
                place.row.services,
            )


@rule("info")
def basic_services_incomplete(rows: pd.DataFrame, context: Context) -> Iterator[Hit]:
    """基本服务不齐 | Some of the basic services are missing

    「10+X」里的十项基本服务缺了几项。也许真没有，也许只是没写；没写的，骑手按那项服务就找不到这里。
    有的请补上，没有的不用改。哪十项算基本由 county.toml 的 services 定（basic），哪些类型要齐由
    kinds 定（basic），现在是驿站，食堂和友好小区不算；「服务」空着的不查。

    Some of the county's basic services (the ten of "10+X") are not listed. They may not be there,
    or may not have been written down, and then riders who need one don't find the place. Add what
    there is. Which services are basic, and which kinds are held to them, is the county's data
    (basic in county.toml); an empty cell is not looked at.

    例：服务写「饮水；热饭；歇脚」，还差手机充电、医药等七项。 |
    Example: water, meal heating and seats: seven of the ten are missing.
    """
    county = context.county
    basic = [code for code, service in county.services.items() if service.basic]
    held = [code for code, kind in county.kinds.items() if kind.basic]
    needed = set(basic)
    asked = _running(rows) & rows["kind_code"].isin(held)
    lacking = asked & rows["service_codes"].map(
        lambda offered: len(offered) > 0 and not needed.issubset(offered)
    ).astype(bool)
    for place in places(rows, lacking):
        missing = [county.services[one] for one in basic if one not in place.row.service_codes]
        zh = "、".join(service.zh for service in missing[:_NAMED])
        en = ", ".join(service.en.lower() for service in missing[:_NAMED])
        more = len(missing) > _NAMED
        yield Hit(
            place.index,
            f"{place.zh_named}的 {len(basic)} 项基本服务差 {len(missing)} 项："
            f"{zh}{'等' if more else ''}。有的请补上。",
            f"{place.en}: {place.row.name!r} lacks {len(missing)} of {len(basic)} basic services "
            f"({en}{' …' if more else ''}); add those that there are.",
            "services",
            place.row.services,
        )
