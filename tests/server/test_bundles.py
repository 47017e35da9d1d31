"""The riders' modules in parts: each once, and after those that it needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from locator.server import bundles
from locator.server.bundles import RIDER, bundle, modules_of, part, source
from locator.server.files import static_version

_MODULE = re.compile(r"^const (module_\w+) = \(function", re.MULTILINE)


def test_the_parts_hold_each_module_once_and_none_is_lacking() -> None:
    held = [name for each in RIDER for name in _MODULE.findall(part(each))]
    assert len(held) == len(set(held))
    needed = {name for each in RIDER for name in modules_of(each)}
    later = {
        found
        for name in needed
        for found in re.findall(r'import\("\./([\w-]+)\.js"\)', source(name))
    }
    assert later <= set(RIDER), "what is asked for later is a part of its own"
    assert {f"module_{name.replace('-', '_')}" for name in needed} == set(held)


@pytest.mark.parametrize("name", RIDER)
def test_a_part_asks_only_for_parts_before_it_and_gives_what_its_module_does(name: str) -> None:
    text = part(name)
    asked = re.findall(r'^import \{ .* \} from "\./([\w-]+)\.js";$', text, re.MULTILINE)
    assert set(asked) <= set(RIDER[: RIDER.index(name)])
    given = re.findall(r"^export (?:async )?(?:function|const) (\w+)", source(name), re.MULTILINE)
    for each in given:
        assert re.search(rf"^export const {{.*\b{each}\b.*}} = ", text, re.MULTILINE), each
    order = _MODULE.findall(text)
    for at, module in enumerate(order):
        body = text.partition(f"const {module} = (function")[2].partition("\n})();")[0]
        for needed in re.findall(r"^const \{.*\} = (module_\w+);", body, re.MULTILINE):
            assert needed in order[:at] or f"{needed}" in text.partition("const module_")[0]


@pytest.mark.parametrize("part_of", ["list-file", *RIDER])
def test_remarks_stay_behind_and_nothing_else_does(part_of: str) -> None:
    code = bundle("list-file") if part_of == "list-file" else part(part_of)
    assert "/**" not in code
    assert not re.search(r"^\s*//", code, re.MULTILINE)
    for name in modules_of(part_of):
        if f"const module_{name.replace('-', '_')} = (" not in code:
            continue  # it is in an earlier part
        said = re.sub(r"/\*.*?\*/", "", source(name), flags=re.DOTALL)
        lines = [line for line in said.splitlines() if line.startswith(("  ", "}"))]
        assert [line for line in lines if "//" not in line and line not in code] == []


def test_what_the_map_is_made_of_needs_no_overview() -> None:
    assert "module_overview" not in part("rider-map")
    assert "overview" not in re.findall(r'from "\./([\w-]+)\.js"', part("rider-map"))


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "static/js"
    folder.mkdir(parents=True)
    monkeypatch.setattr(bundles, "web_root", lambda: tmp_path)
    return folder


def test_modules_that_need_each_other_are_refused(scripts: Path) -> None:
    (scripts / "one.js").write_text('import { b } from "./other.js";\n', "utf-8")
    (scripts / "other.js").write_text('import { a } from "./one.js";\n', "utf-8")
    with pytest.raises(ValueError, match="one → other → one"):
        modules_of("one")


@pytest.mark.parametrize(
    "line",
    ["export let a = 1;", "export default a;", 'import a from "./b.js";', 'import "./b.js";',
     'export * from "./b.js";'],
)  # fmt: skip
def test_what_is_not_read_here_is_refused(scripts: Path, line: str) -> None:
    (scripts / "strange.js").write_text(line + "\n", "utf-8")
    with pytest.raises(ValueError, match=r"strange\.js"):
        bundle("strange")


def test_a_remark_before_code_takes_none_of_it_away(scripts: Path) -> None:
    code = "/* one */ const x = 1;\nconst y = 2;\n/** two */\nexport function z() {}\n"
    (scripts / "remarked.js").write_text(code, "utf-8")
    made = bundle("remarked")
    assert "const x = 1;" in made
    assert "const y = 2;" in made
    assert "two" not in made


def test_parts_are_sent_for_good_and_others_are_not_there(client: FlaskClient) -> None:
    folder = f"/static/{static_version()}/rider"
    answer = client.get(f"{folder}/rider.js", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    again = client.get(f"{folder}/rider.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    old = client.get("/static/0123456789ab/rider/rider.js")
    assert old.headers["Cache-Control"] == "no-cache"
    for name in ("near.js", "plan.js", "rider.js/"):
        assert client.get(f"{folder}/{name}").status_code == 404, name
