"""What of a costly test runs in `make check` and in `make test`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import settings


def first_quick(
    cases: Iterable[Any], quick: int = 3, *, of: Callable[[Any], object] = lambda case: None
) -> list[Any]:
    """The cases of a family, all but the first few marked slow; of each group ``of`` them, where
    that is given: they show that the way is walked at all."""
    seen: Counter[object] = Counter()
    marked = []
    for case in cases:
        seen[of(case)] += 1
        marks = [pytest.mark.slow] if seen[of(case)] > quick else []
        marked.append(pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=marks))
    return marked


def rest_at_length(cases: Iterable[Any], *kept: Any) -> list[Any]:
    """The cases, all but ``kept`` left to `make test-long`: the way is the same for all."""
    return [
        pytest.param(case, marks=[] if case in kept else [pytest.mark.campaign]) for case in cases
    ]


def examples(most: int) -> int:
    """How many examples hypothesis draws: ``most``, or the profile's share of it."""
    return max(min(most, 5), most * settings().max_examples // 100)
