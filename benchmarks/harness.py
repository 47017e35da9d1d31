"""A claim, measured: first that the answers agree, then who is faster.

Machines are noisy, and a shared one most of all. Each round therefore runs us and every peer once,
in turn, so that a slow minute slows all of them; what is compared are the medians over the rounds.
A run of milliseconds is repeated within its round, as ``timeit`` does: alone it would tell how long
the processor takes to fetch again what the engine before it has driven from its caches. A peer that
takes long is not asked again: the run that gave its answer counts.
"""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

#: A peer whose first run took longer, in seconds, is given no more: noise hardly moves it, and
#: ours, which takes milliseconds, keeps its rounds.
SLOW_S = 10.0
#: A round repeats what is over sooner, in seconds.
ROUND_S = 0.1


class Unavailable(Exception):
    """A claim cannot be measured here; one sentence says what is lacking."""


class Disagreement(Exception):
    """A peer's answer is not ours: nothing may be said about speed until it is known why."""


@dataclass(frozen=True)
class Contestant:
    """One way to do the work.

    ``run()`` does ``size`` items (points, stations, …) and returns the answer for them, the first
    ``size`` of those that the claim is about; seconds are scaled to the claim's full size and
    ``note`` must say so where ``size`` is smaller. ``tolerance`` is how far the answer may be from
    ours, in the claim's own unit, and why that is fair stands in ``note`` as well.
    """

    name: str
    run: Callable[[], Any]
    size: int
    package: str | None = None
    tolerance: float = 0.0
    target: float = 1.0
    note: str = ""


@dataclass(frozen=True)
class Claim:
    """Ours against its peers: at least ``target`` (of each peer) times as fast.

    ``difference(ours, theirs)`` says how far two answers are apart, in ``unit``.
    """

    name: str
    unit: str
    ours: Contestant
    peers: Sequence[Contestant]
    difference: Callable[[Any, Any], float]
    rounds: int = 7


@dataclass(frozen=True)
class Budget:
    """A claim without a peer: what one run takes stays within limits, in each of ``rounds``.

    ``run()`` does the whole work and returns what it took, by name. ``limits`` holds the most that
    each may be, and its unit.
    """

    name: str
    run: Callable[[], Mapping[str, float]]
    limits: Mapping[str, tuple[float, str]]
    rounds: int = 3
    note: str = ""


@dataclass(frozen=True)
class Spent:
    """One line of the report: the most that a budget's run took of one thing, and its limit."""

    name: str
    figure: str
    most: float
    limit: float
    unit: str
    holds: bool
    rounds: int
    note: str = field(default="")

    def text(self) -> str:
        """``name, figure | most | limit | part of the limit | 1 | holds or falls short``."""
        return (
            f"{self.name}, {self.figure} | {self.most:.4g} {self.unit} | at most {self.limit:g} "
            f"{self.unit} | {self.most / self.limit:.2f} | 1 | "
            f"{'holds' if self.holds else 'falls short'}"
        )


@dataclass(frozen=True)
class Line:
    """One line of the report: a claim against one peer."""

    name: str
    peer: str
    ours_s: float
    peer_s: float
    ratio: float
    target: float
    holds: bool
    difference: float
    unit: str
    rounds: int
    note: str = field(default="")

    def text(self) -> str:
        """``name | ours s | peer s | ratio | target | holds or falls short``."""
        return (
            f"{self.name}, against {self.peer} | {self.ours_s:.4g} s | {self.peer_s:.4g} s | "
            f"{self.ratio:.1f} | {self.target:g} | {'holds' if self.holds else 'falls short'}"
        )


def measure(claim: Claim) -> list[Line]:
    """Check the answers of ``claim``, time it, and return a line for each peer.

    Raises Disagreement before anything is timed if an answer is farther off than its tolerance.
    """
    ours = claim.ours.run()  # compiled and cached before the clock runs
    apart, first = {}, {}
    for peer in claim.peers:
        first[peer.name], theirs = _timed(peer.run, least_s=0.0)
        apart[peer.name] = claim.difference(ours, theirs)
        if not apart[peer.name] <= peer.tolerance:
            raise Disagreement(
                f"{claim.name}: {peer.name} is {apart[peer.name]:.3g} {claim.unit} away from our "
                f"answer, and {peer.tolerance:.3g} is allowed; find out who is right."
            )
    seconds: dict[str, list[float]] = {
        contestant.name: [] for contestant in (claim.ours, *claim.peers)
    }
    for _ in range(claim.rounds):
        for contestant in (claim.ours, *claim.peers):
            scale = claim.ours.size / contestant.size
            known = first.get(contestant.name)
            once = known is not None and known > SLOW_S
            took = known if once else _timed(contestant.run, least_s=ROUND_S)[0]
            seconds[contestant.name].append(took * scale)
    ours_s = statistics.median(seconds[claim.ours.name])
    lines = []
    for peer in claim.peers:
        peer_s = statistics.median(seconds[peer.name])
        ratio = peer_s / ours_s
        package = f"{peer.name} {version(peer.package)}" if peer.package else peer.name
        lines.append(
            Line(claim.name, package, ours_s, peer_s, ratio, peer.target, ratio >= peer.target,
                 apart[peer.name], claim.unit, claim.rounds if first[peer.name] <= SLOW_S else 1,
                 peer.note)
        )  # fmt: skip
    return lines


def spend(budget: Budget) -> list[Spent]:
    """Run ``budget`` and return a line for each limit, with the most that any round took."""
    took = [budget.run() for _ in range(budget.rounds)]
    return [
        Spent(budget.name, figure, most := max(each[figure] for each in took), limit, unit,
              most <= limit, budget.rounds, budget.note)
        for figure, (limit, unit) in budget.limits.items()
    ]  # fmt: skip


def machine() -> dict[str, Any]:
    """The processor and what runs on it, without a name by which the machine could be found."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "architecture": platform.machine(),
    }


def versions(packages: Sequence[str]) -> dict[str, str]:
    """The versions of Python and of the packages that the figures depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def _timed(run: Callable[[], Any], least_s: float) -> tuple[float, Any]:
    """The mean seconds of as many runs as take ``least_s`` together, and the answer."""
    gc.collect()
    gc.disable()
    try:
        runs, begun = 0, time.perf_counter()
        while True:
            answer = run()
            runs += 1
            passed = time.perf_counter() - begun
            if passed >= least_s:
                return passed / runs, answer
    finally:
        gc.enable()


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown"
