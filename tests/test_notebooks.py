"""Each notebook runs, and says today what its committed outputs say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))

pytestmark = [
    pytest.mark.slow,
    # The kernel is a process of its own on this machine; its transport warns of that.
    pytest.mark.filterwarnings("default::Warning"),
]


def said(notebook: Any) -> list[tuple[int, str]]:
    """What the cells print and show as text, pictures aside."""
    return [
        (number, output.get("text") or output.get("data", {}).get("text/plain", ""))
        for number, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if "image/png" not in output.get("data", {})
    ]


def pictures(notebook: Any) -> int:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return sum("image/png" in output.get("data", {}) for output in outputs)


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize(
    "path",
    [
        # The third asks the planner's questions of a whole city, which takes its time.
        pytest.param(path, marks=[pytest.mark.campaign] if path.stem.startswith("03") else [])
        for path in NOTEBOOKS
    ],
    ids=lambda path: path.stem,
)
def test_runs_and_says_what_is_committed(path: Path) -> None:
    committed = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    NotebookClient(fresh, timeout=120, resources={"metadata": {"path": path.parent}}).execute()
    assert said(fresh) == said(committed)
    assert pictures(committed) == pictures(fresh) > 0
