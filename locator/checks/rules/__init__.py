"""All the rules in their order, and the page that explains each."""

from __future__ import annotations

from locator.checks.rule import RULES, Rule
from locator.checks.rules import (
    datum,
    fields,
    file,
    ground,
    hours,
    intake,
    ledger,
    pasted,
    position,
    release,
    services,
    time,
    two_lists,
    words,
)
from locator.checks.rules.precision import precision_text
from locator.errors import Severity, UsageError

__all__ = ["RULES", "rule_called", "rules_json", "rules_list", "rules_page"]

#: Importing the modules registers their rules; this is the order in which they are told and run,
#: whichever module was imported first.
MODULES = (
    fields, words, pasted, position, ledger, datum,
    ground, time, hours, services, release, file, intake,
    two_lists,
)  # fmt: skip
_AT = {module.__name__: at for at, module in enumerate(MODULES)}
for _code in sorted(RULES, key=lambda code: _AT[RULES[code].check.__module__]):
    RULES[_code] = RULES.pop(_code)

SEVERITY_ZH: dict[Severity, str] = {"error": "错误", "warning": "提醒", "info": "说明"}


def no_such_rule(code: str) -> UsageError:
    """What to say where no rule has this code."""
    return UsageError(
        f"没有“{code}”这条规则，`locator rules` 会列出全部 / "
        f"there is no rule {code!r}; `locator rules` lists them."
    )


def rule_called(name: str) -> str:
    """The code of the rule that goes by its code, by its Chinese title, or by a part of that which
    no other title has; UsageError where there is none."""
    found = [name] if name in RULES else [c for c, rule in RULES.items() if rule.title_zh == name]
    found = found or [code for code, rule in RULES.items() if name and name in rule.title_zh]
    if len(found) == 1:
        return found[0]
    if found:
        listed = "、".join(f"{code}（{RULES[code].title_zh}）" for code in found)
        raise UsageError(f"“{name}”不止一条：{listed} / several rules are called {name!r}.")
    raise no_such_rule(name)


def rules_page(code: str, lang: str = "zh") -> str:
    """What the rule ``code`` is about: what is wrong, why it matters, what to do, an example, and
    how often it is right on real places.

    Raises UsageError for an unknown code.
    """
    found = RULES.get(code)
    if found is None:
        raise no_such_rule(code)
    if lang == "zh":
        parts = [
            f"{code}（{SEVERITY_ZH[found.severity]}）{found.title_zh}",
            found.page_zh, found.example_zh, precision_text(code, "zh"),
        ]  # fmt: skip
    else:
        parts = [f"{code} ({found.severity}): {found.title_en}", found.page_en]
        parts += [found.example_en, precision_text(code, "en")]
    return "\n\n".join(filter(None, parts))


def rules_list(lang: str = "zh") -> str:
    """One line a rule."""
    return "\n".join(_line(found, lang) for found in RULES.values())


def rules_json() -> list[dict[str, str]]:
    """The rules as records: code, severity, titles and pages in both languages."""
    return [
        {
            "code": found.code,
            "severity": found.severity,
            "title_zh": found.title_zh,
            "title_en": found.title_en,
            "page_zh": found.page_zh,
            "page_en": found.page_en,
            "example_zh": found.example_zh,
            "example_en": found.example_en,
            "precision_zh": precision_text(found.code, "zh"),
            "precision_en": precision_text(found.code, "en"),
        }
        for found in RULES.values()
    ]


def _line(found: Rule, lang: str) -> str:
    width = max(map(len, RULES))
    if lang == "zh":
        return f"{found.code:<{width}}  {SEVERITY_ZH[found.severity]}  {found.title_zh}"
    return f"{found.code:<{width}}  {found.severity:<7}  {found.title_en}"
