"""Commands on a county's place: start it from an extract, see to its streets."""

from __future__ import annotations
