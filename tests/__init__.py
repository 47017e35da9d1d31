"""Tests are a package, or tests/coverage would hide the module `coverage` from numba."""
