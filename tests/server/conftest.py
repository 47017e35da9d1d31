"""A server over a hand-drawn release, and a client that asks it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from locator.server.app import Settings, create_app
from tests.server.tiny_release import write_release

#: 20:40 on a Monday in Shucheng.
NOW = datetime(2026, 11, 2, 12, 40, tzinfo=UTC)


class WholeAnswers(FlaskClient):
    """A client that reads every answer to its end, files as well."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return super().open(*args, buffered=True, **kwargs)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A folder with one published county of three stations."""
    write_release(tmp_path)
    return tmp_path


@pytest.fixture
def app(var: Path) -> Flask:
    app = create_app(Settings(var=var, now=lambda: NOW))
    app.test_client_class = WholeAnswers
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
