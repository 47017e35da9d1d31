"""Start the web server: granian, one process a core at the most."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

# The worker processes are started afresh and find their settings in the environment.
_VAR = "LOCATOR_SERVE_VAR"
_COUNTIES = "LOCATOR_SERVE_COUNTIES"


def serve(var: Path, counties: Sequence[str], host: str, port: int) -> None:
    """Serve the published releases below ``var`` until stopped."""
    from granian import Granian
    from granian.constants import Interfaces

    os.environ[_VAR] = str(var.resolve())
    os.environ[_COUNTIES] = ",".join(counties)
    Granian(
        "locator.server.run:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=1,
        blocking_threads=min(8, 2 * (os.cpu_count() or 1)),
        log_level="warning",
        websockets=False,
    ).serve()


def application() -> Flask:
    """The application of one worker process."""
    from locator.server.app import Settings, create_app

    counties = tuple(slug for slug in os.environ[_COUNTIES].split(",") if slug)
    return create_app(Settings(var=Path(os.environ[_VAR]), counties=counties))
