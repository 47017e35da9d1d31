"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# No deadline for an example: the first one of a run may load a library, and machines are shared.
settings.register_profile("locator", deadline=None)
settings.load_profile("locator")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def data() -> Path:
    """The two illustrative counties."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real data and bad inputs that are kept beside the project, not in it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no folder of shared test data beside the project")
    return folder
