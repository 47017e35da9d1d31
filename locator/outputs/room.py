"""The free room on a paper map."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from locator.outputs.paper import Frame


class Room:
    """The free room on the paper; ``drawable`` says whether the font can set a text.

    What stands there already are discs (x, y, radius) and upright boxes (left, top, right, bottom).
    """

    def __init__(self, frame: Frame, drawable: Callable[[str], bool]) -> None:
        self.frame = frame
        self.drawable = drawable
        self._discs = np.empty((64, 3))
        self._boxes = np.empty((64, 4))
        self._count = [0, 0]

    def has_discs(self, xy: NDArray[np.float64], radius: float) -> bool:
        """Whether discs about each of ``xy`` lie on the paper and on nothing else."""
        x, y = xy[:, 0, None], xy[:, 1, None]
        width, height = self.frame.width_mm, self.frame.height_mm
        if (xy < radius).any() or (x > width - radius).any() or (y > height - radius).any():
            return False
        discs, boxes = self._taken()
        reach = discs[:, 2] + radius
        if (((x - discs[:, 0]) ** 2 + (y - discs[:, 1]) ** 2) < reach**2).any():
            return False
        off_x = np.maximum(np.maximum(boxes[:, 0] - x, x - boxes[:, 2]), 0.0)
        off_y = np.maximum(np.maximum(boxes[:, 1] - y, y - boxes[:, 3]), 0.0)
        return not (off_x**2 + off_y**2 < radius**2).any()

    def has_box(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether an upright box lies on the paper and on nothing else."""
        if left < 0 or top < 0 or right > self.frame.width_mm or bottom > self.frame.height_mm:
            return False
        discs, boxes = self._taken()
        off_x = np.maximum(np.maximum(left - discs[:, 0], discs[:, 0] - right), 0.0)
        off_y = np.maximum(np.maximum(top - discs[:, 1], discs[:, 1] - bottom), 0.0)
        if (off_x**2 + off_y**2 < discs[:, 2] ** 2).any():
            return False
        across = (boxes[:, 0] < right) & (boxes[:, 2] > left)
        return not (across & (boxes[:, 1] < bottom) & (boxes[:, 3] > top)).any()

    def take_disc(self, x: float, y: float, radius: float) -> None:
        """Keep a disc free of what comes later."""
        self._discs = self._kept(0, self._discs, (x, y, radius))

    def take_box(self, left: float, top: float, right: float, bottom: float) -> None:
        """Keep an upright box free of what comes later."""
        self._boxes = self._kept(1, self._boxes, (left, top, right, bottom))

    def _taken(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self._discs[: self._count[0]], self._boxes[: self._count[1]]

    def _kept(
        self, which: int, held: NDArray[np.float64], one: tuple[float, ...]
    ) -> NDArray[np.float64]:
        at = self._count[which]
        if at == len(held):
            held = np.concatenate([held, np.empty_like(held)])
        held[at] = one
        self._count[which] += 1
        return held
