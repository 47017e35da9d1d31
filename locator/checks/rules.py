"""All the rules in their order, and the page that explains each."""

from __future__ import annotations

from locator.checks import rules_fields, rules_position, rules_time
from locator.checks.rule import NOTICES, RULES, Rule
from locator.errors import Severity, UsageError

__all__ = ["NOTICES", "RULES", "rules_json", "rules_list", "rules_page"]

#: Importing the modules registers their rules.
MODULES = (rules_fields, rules_position, rules_time)

SEVERITY_ZH: dict[Severity, str] = {"error": "错误", "warning": "提醒", "info": "说明"}


def rules_page(code: str, lang: str = "zh") -> str:
    """What the rule ``code`` is about: what is wrong, why it matters, what to do.

    Raises UsageError for an unknown code.
    """
    found = RULES.get(code)
    if found is None:
        raise UsageError(f"there is no rule {code!r}; `locator rules` lists them.")
    if lang == "zh":
        return f"{code}（{SEVERITY_ZH[found.severity]}）{found.title_zh}\n\n{found.page_zh}"
    return f"{code} ({found.severity}): {found.title_en}\n\n{found.page_en}"


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
        }
        for found in RULES.values()
    ]


def _line(found: Rule, lang: str) -> str:
    width = max(map(len, RULES))
    if lang == "zh":
        return f"{found.code:<{width}}  {SEVERITY_ZH[found.severity]}  {found.title_zh}"
    return f"{found.code:<{width}}  {found.severity:<7}  {found.title_en}"
