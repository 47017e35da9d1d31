"""What says across a sheet that there is no such station."""

from __future__ import annotations

from locator.outputs.drawing import Text
from locator.outputs.palette import tokens


def watermark(size: tuple[float, float]) -> list[Text]:
    """示意 over the whole of a sheet of ``size`` (mm), so faint that all can be read."""
    ink, (width, height) = tokens()["ink"], size
    big = min(0.4 * width, 0.28 * height)
    shares = (0.36, 0.72) if height >= width else (0.62,)
    return [
        Text("示意", width * 0.5, height * share, big, ink, True, 0.5, -22, opacity=0.06)
        for share in shares
    ]
