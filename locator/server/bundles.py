"""Our modules as they travel: those that are needed at one moment in one file, without remarks.

A browser asks for six files at a time, and on a slow line each begins two seconds later: forty
small ones keep a rider waiting however little they hold. They are written one by one all the same,
in ``web/static/js``; here each is put into a function of its own, those that it needs before it.

This reads our own modules and no others. They import by name, a line each, and export functions,
classes and constants, never what changes later; a module may not need one that needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from locator.county import web_root

#: The parts of the riders' pages in the order in which they come; a part holds what its module
#: needs and no part before it has.
RIDER = ("rider", "rider-tools", "overview", "rider-map", "rides", "place-picker", "wechat")

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([a-z-]+)\.js";\n', re.MULTILINE)
_VENDOR = re.compile(r'^import \* as \w+ from "\.\./vendor/[\w.-]+";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_PASSED_ON = re.compile(r"^export \{([^}]*)\};\n", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
_REMARK = re.compile(r"^[ \t]*(?://[^\n]*\n|/\*(?:(?!\*/).)*\*/[ \t]*\n)", re.MULTILINE | re.DOTALL)


@cache
def modules_of(name: str) -> tuple[str, ...]:
    """A module of ours and all that it imports, each before those that need it."""
    return tuple(dict.fromkeys(_needed(name, ())))


def _needed(name: str, asking: tuple[str, ...]) -> Iterator[str]:
    if name in asking:
        raise ValueError(f"{name}.js needs itself: {' → '.join((*asking, name))}")
    for _, each in _IMPORT.findall(source(name)):
        yield from _needed(each, (*asking, name))
    yield name


def bundle(name: str) -> str:
    """A module and all that it needs as one classic script's text, to be put into a file."""
    return "".join(_module(each) for each in modules_of(name))


@cache
def part(name: str, page: tuple[str, ...] = RIDER) -> str:
    """One part of a page, itself a module that exports what its own module does.

    Raises KeyError for what is no part of the page.
    """
    owner = {module: each for each in reversed(page) for module in modules_of(each)}
    if name not in page:
        raise KeyError(name)
    own = [module for module in modules_of(name) if owner[module] == name]
    wanted = {
        needed: owner[needed]
        for module in own
        for _, needed in _IMPORT.findall(source(module))
        if owner[needed] != name
    }
    vendored = dict.fromkeys(line for each in own for line in _VENDOR.findall(source(each)))
    lines = [*vendored]
    for other in dict.fromkeys(wanted.values()):
        names = ", ".join(_scope(needed) for needed, of in wanted.items() if of == other)
        lines.append(f'import {{ {names} }} from "./{other}.js";\n')
    lines += [_module(each) for each in own]
    lines.append(f"export {{ {', '.join(map(_scope, own))} }};\n")
    if given := _given(source(name)):
        lines.append(f"export const {{ {', '.join(given)} }} = {_scope(name)};\n")
    return "".join(lines)


def source(name: str) -> str:
    """The text of one of our modules."""
    return (web_root() / f"static/js/{name}.js").read_text("utf-8")


def bare_script(text: str) -> str:
    """A script without the remarks that have a line of their own."""
    return _REMARK.sub("", text)


def _module(name: str) -> str:
    text = source(name)
    given = ", ".join(_given(text))
    body = _IMPORT.sub(lambda found: f"const {{{found[1]}}} = {_scope(found[2])};\n", text)
    for left_out in (_VENDOR, _PASSED_ON):
        body = left_out.sub("", body)
    body = _EXPORT.sub("", bare_script(body))
    if left := _LEFT.search(body):
        raise ValueError(f"{name}.js: this is not read here: {left[0]}")
    return f"const {_scope(name)} = (function () {{\n{body}return {{ {given} }};\n}})();\n"


def _given(text: str) -> list[str]:
    passed_on = (each.strip() for names in _PASSED_ON.findall(text) for each in names.split(","))
    return [*_EXPORT.findall(text), *passed_on]


def _scope(name: str) -> str:
    return f"module_{name.replace('-', '_')}"
