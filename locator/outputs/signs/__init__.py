"""Signs for doors and parks, exact in millimetres."""

from locator.outputs.signs.door import SignBatch, SignFailure, door_signs

__all__ = ["SignBatch", "SignFailure", "door_signs"]
