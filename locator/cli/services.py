"""Services as a person names them on the command line: by code, by name, or as ledgers do."""

from __future__ import annotations

from locator.county import County
from locator.errors import UsageError

#: A place to go in by, whatever it offers: the row of the clock that no service is.
_ANY_STOP = "any_stop"
_ANY_STOP_NAMES = ("任一站点", "有站可去", "any stop")


def service_asked(county: County, text: str) -> str:
    """The code of the service of the county's clock that ``text`` means.

    Its code, its name in Chinese or English, or a word that ledgers have for it. UsageError names
    those that there are.
    """
    from locator.stations.cells import SERVICE_SYNONYMS

    names = {word.casefold(): code for word, code in SERVICE_SYNONYMS.items()}
    for lang in ("en", "zh"):
        names |= {name.casefold(): code for code, name in county.service_names(lang).items()}
    names |= dict.fromkeys(_ANY_STOP_NAMES, _ANY_STOP)
    asked = text.strip().casefold()
    code = asked if asked in (_ANY_STOP, *county.services) else names.get(asked)
    if code == _ANY_STOP or code in county.clock_services:
        return str(code)
    zh = county.service_names("zh")
    words = [f"{_ANY_STOP_NAMES[0]} {_ANY_STOP}"]
    words += [f"{zh[each]} {each}" for each in county.clock_services]
    raise UsageError(
        f"{county.name_zh}的时钟里没有服务「{text}」，可选：{'、'.join(words)} / "
        f"{text!r} is no service of the clock; take one of these."
    )
