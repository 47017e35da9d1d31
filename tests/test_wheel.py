"""What a county office installs: the wheel holds `locator` alone, and serves the page."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
         "--wheel-dir", folder, root],
        check=True,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, wheel],
        check=True,
    )
    return folder


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_wheel_installs_locator_alone(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"locator"}


def test_wheel_carries_what_the_browser_and_the_printer_need(wheel: Path) -> None:
    held = set(names(wheel))
    assert {
        "locator/vocabulary.toml",
        "locator/_web/templates/base.html",
        "locator/_web/static/css/tokens.css",
        "locator/_web/static/vendor/maplibre-gl.mjs",
        "locator/_web/static/vendor/pmtiles.js",
        "locator/_web/fonts/NotoSansSC-Regular.ttf",
        "locator/outputs/report/report.typ",
        "locator/outputs/check_report.html",
        "locator/outputs/check_report.css",
        "locator/checks/report.schema.json",
    } <= held
    assert not [name for name in held if "node_modules" in name or "/tests/" in name]


def test_installed_wheel_builds_and_serves(installed: Path, root: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONWARNINGS": "ignore"}
    where = subprocess.run(
        [sys.executable, "-c", "import locator; print(locator.__file__)"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert str(installed) in where
    server = subprocess.Popen(
        [sys.executable, "-m", "locator.cli", "--data", root / "data", "--var", tmp_path / "var",
         "serve", "kuandian", "--build", "--port", str(port)],
        cwd=tmp_path, env=environment,
    )  # fmt: skip
    try:
        page = _get(f"http://127.0.0.1:{port}/c/kuandian/", seconds=90)
        assert "工会驿站" in page
        assert "示意数据" in page
        script = re.search(r'src="(/static/[^"]+\.js)"', page)
        assert script
        _get(f"http://127.0.0.1:{port}{script.group(1)}", seconds=5)
    finally:
        server.terminate()
        server.wait(30)


def _get(url: str, *, seconds: float) -> str:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode("utf-8"))
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
