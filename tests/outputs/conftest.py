from __future__ import annotations

import pytest

from locator.release.publish import Release

from .town import write_release


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The invented town, released."""
    return write_release(tmp_path_factory.mktemp("town"))
