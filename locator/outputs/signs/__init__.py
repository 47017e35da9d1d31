"""Signs for doors and parks, exact in millimetres."""

from locator.outputs.signs.batch import SignBatch, SignFailure
from locator.outputs.signs.direction import direction_signs
from locator.outputs.signs.door import door_signs

__all__ = ["SignBatch", "SignFailure", "direction_signs", "door_signs"]
