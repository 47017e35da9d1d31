"""一张图: a rest-stop map for delivery riders, from the county's ledger to the rider's phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "convert_datum"]

if TYPE_CHECKING:
    from locator.geo.datum import convert_datum


def __getattr__(name: str) -> Any:
    # Lazily, so that serving a release does not load the numerical libraries.
    if name == "convert_datum":
        from locator.geo.datum import convert_datum

        return convert_datum
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
