"""The report as one HTML page that asks for nothing: no script, no address of another file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from locator.outputs.one_file import day_tokens
from locator.outputs.svg import FONT

_HERE = Path(__file__).parent
#: In a browser the letters of a map are those of the reader's computer.
_SCREEN_FONTS = f"{FONT}, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"


def report_page(content: Mapping[str, Any]) -> str:
    """The page of `report_content`."""
    style = day_tokens() + (_HERE / "report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["data_address"] = _data_address
    return environment.get_template("report.html").render(
        r=content, style=Markup(style), style_hash=f"sha256-{digest}"
    )


def _data_address(svg: str) -> str:
    drawn = svg.replace(f'font-family="{FONT}"', f'font-family="{_SCREEN_FONTS}"')
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()
