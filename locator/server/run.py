"""Start the web server (granian) over the published releases."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

#: Worker processes start afresh; they find what they are to serve in the environment.
_ENVIRONMENT = "LOCATOR_SERVING"


@dataclass(frozen=True)
class Serving:
    """What an operator decides of a running server; see ``locator.server.app.Settings``."""

    var: Path
    counties: tuple[str, ...]
    public_url: str = ""
    frame_ancestors: tuple[str, ...] = ()
    data: Path | None = None
    staff: bool = False
    basemaps: Path | None = None
    wechat: Path | None = None


def serve(serving: Serving, host: str, port: int) -> None:
    """Serve until stopped (Ctrl+C, or SIGTERM)."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # Handed-in ledgers lie here: a worker that is told to stop does not tidy up, this process does.
    with TemporaryDirectory(prefix="locator-ledgers-", ignore_cleanup_errors=True) as uploads:
        os.environ[_ENVIRONMENT] = json.dumps({**asdict(serving), "uploads": uploads}, default=str)
        Granian(
            "locator.server.run:application",
            factory=True,
            interface=Interfaces.WSGI,
            address=host,
            port=port,
            blocking_threads=min(8, 2 * (os.cpu_count() or 1)),
            log_level=LogLevels.warning,
            websockets=False,
        ).serve()


def application() -> Flask:
    """The application of one worker process."""
    from locator.server.app import Settings, create_app
    from locator.server.basemaps import read_basemaps
    from locator.server.wechat import read_wechat

    serving = json.loads(os.environ[_ENVIRONMENT])
    return create_app(
        Settings(
            var=Path(serving["var"]),
            counties=tuple(serving["counties"]),
            public_url=serving["public_url"],
            frame_ancestors=tuple(serving["frame_ancestors"]),
            data=Path(serving["data"]) if serving["data"] else None,
            staff=serving["staff"],
            uploads=Path(serving["uploads"]),
            basemaps=read_basemaps(Path(serving["basemaps"])) if serving["basemaps"] else (),
            wechat=read_wechat(Path(serving["wechat"])) if serving["wechat"] else None,
        )
    )
