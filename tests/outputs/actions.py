"""Actions that the invented town might take, and a way to put files into its release."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from locator.release.publish import Release

from .town import lonlat

ACTIONS: dict[str, Any] = {
    "status": "optimal",
    "actions": [
        {"id": "a", "kind": "open", "lon": lonlat(300, 100)[0], "lat": lonlat(300, 100)[1],
         "name_zh": "梅河路候选点", "name_en": "Site at Meihe Road", "what_zh": "新设一处",
         "what_en": "Open a stop", "gain": 120.0, "cost": 80_000, "robust_zh": "三成情形里都在前三",
         "robust_en": "In the top three throughout", "scenario": "+1,1"},
        {"id": "b", "kind": "hours", "lon": lonlat(12, 12)[0], "lat": lonlat(12, 12)[1],
         "name_zh": "河西店", "name_en": "Hexi", "what_zh": "开到 24:00",
         "what_en": "Open to 24:00",
         "gain": 30.0, "cost": 5_000, "robust_zh": "", "robust_en": "", "scenario": "x"},
    ],
    "gain": 140.0, "cost": 85_000, "note_zh": "已证明最优。", "note_en": "Proven optimal.",
    "curve": [{"spend": 5_000, "gain": 30.0, "actions": 1},
              {"spend": 50_000, "gain": 120.0, "actions": 3},
              {"spend": 85_000, "gain": 140.0, "actions": 2}],
    "assumptions_zh": "花费是假定的。", "assumptions_en": "Costs are assumed.",
}  # fmt: skip


def with_files(release: Release, added: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Release:
    """The release as if it held further files."""
    read = Release.json
    monkeypatch.setattr(
        Release, "json", lambda self, name: added[name] if name in added else read(self, name)
    )
    files = [*release.manifest["files"], *({"path": name} for name in added)]
    return replace(release, manifest={**release.manifest, "files": files})
