"""Dijkstra's search with a queue of buckets, compiled; :mod:`locator.streets.kernels` calls it.

Edge times are small whole numbers, so the queue needs no heap (Dial, 1969, "Algorithm 360"): a
node waits in the bucket of its time, and the buckets are emptied in turn. They form a ring as long
as the longest edge, as no node waits longer than that. A label is one number, time · 2³² + source,
so that the smaller of two labels is the earlier and, of equally early ones, that of the first
source. Arguments are those of the functions of the same name there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_NO_LIMIT = np.int64(2**31 - 1)
_NEVER = np.int64(2**63 - 1)
#: Labels start from the least number there is, so that all are below nought, which is no label: an
#: array of noughts costs no memory until it is touched.
_LEAST = np.int64(-(2**63))
_HALF = np.int64(2**31)
_SOURCE = np.int64(2**32 - 1)
_ONE = np.uint32(1)
_compiled: Any = njit(cache=True)


@_compiled
def _search(start, edge, heads, queue, due, best, touched, node, time, source, seeds, limit):  # type: ignore[no-untyped-def]
    """Label every node within ``limit``; returns how many there are, listed in ``touched``.

    ``best`` must be 0 and ``heads`` -1 throughout; ``heads`` is so again afterwards.
    """
    mask = heads.size - 1
    free = np.int32(-1)
    now = np.int64(0)
    count = waiting = used = 0
    far, soonest = np.int32(-1), _NEVER
    for seed in range(seeds[0], seeds[1]):
        at, here = np.int64(time[seed]), node[seed]
        label = _LEAST + (at << 32) + source[seed]
        if at > limit or label >= best[here]:
            continue
        if best[here] == 0:
            touched[count] = here
            count += 1
        best[here] = label
        # Everybody who sets out waits apart first: they may be more than one round of the ring off.
        queue[used, 0], queue[used, 1], due[used] = far, here, at
        far, soonest = np.int32(used), min(soonest, at)
        used += 1
    while True:
        if waiting == 0:
            if far < 0:
                return count
            now = soonest
        if soonest <= now + mask:
            far, soonest, come = _come_round(heads, queue, due, now, far)
            waiting += come
        entry = heads[now & mask]
        heads[now & mask] = -1
        while entry >= 0:
            here, following = np.uint32(queue[entry, 1]), queue[entry, 0]
            queue[entry, 0] = free
            free, entry = entry, following
            waiting -= 1
            label = best[here]
            if _time(label) != now:
                continue  # it was reached earlier by another way
            for street in range(start[here], start[here + _ONE]):
                there, step = edge[street, 0], np.int64(edge[street, 1])
                known = best[there]
                after = label + (step << 32)
                if after >= known or now + step > limit:
                    continue
                best[there] = after
                if known == 0:
                    touched[count] = there
                    count += 1
                elif _time(known) == now + step:
                    continue  # it waits in that bucket already
                place, free, used = _place(queue, free, used)
                queue[place, 1] = there
                if step > mask:
                    queue[place, 0], due[place] = far, now + step
                    far, soonest = place, min(soonest, now + step)
                else:
                    _into_bucket(heads, queue, place, now + step)
                    waiting += 1
        now += 1


@_compiled
def _place(queue, free, used):  # type: ignore[no-untyped-def]
    """A place in ``queue`` for one more, the next that is free, and how many were ever used."""
    if free >= 0:
        return free, queue[free, 0], used
    return np.int32(used), free, used + 1


@_compiled
def _into_bucket(heads, queue, place, at):  # type: ignore[no-untyped-def]
    """Let what is at ``place`` wait in the bucket of the time ``at``."""
    bucket = at & (heads.size - 1)
    queue[place, 0] = heads[bucket]
    heads[bucket] = place


@_compiled
def _come_round(heads, queue, due, now, entry):  # type: ignore[no-untyped-def]
    """Put into their buckets those of the list from ``entry`` on that are less than a round off.

    Returns the rest of the list, when the first of it is due, and how many came.
    """
    mask = heads.size - 1
    far, soonest, come = np.int32(-1), _NEVER, 0
    while entry >= 0:
        following, at = queue[entry, 0], due[entry]
        if at > now + mask:
            queue[entry, 0] = far
            far, soonest = entry, min(soonest, at)
        else:
            _into_bucket(heads, queue, entry, at)
            come += 1
        entry = following
    return far, soonest, come


@_compiled
def _time(label):  # type: ignore[no-untyped-def]
    return (label >> 32) + _HALF


@_compiled
def _workspace(size, ring, entries):  # type: ignore[no-untyped-def]
    """Empty arrays for ``_search``: what is not touched costs an address, no memory."""
    return (*_waiting(ring, entries), np.empty(size, np.int32))


@_compiled
def _waiting(ring, entries):  # type: ignore[no-untyped-def]
    """The ring's ``heads``, the ``queue`` and when what waits apart is ``due``, all empty.

    ``queue`` holds what waits: pairs of the next in the same bucket and the node. Places in it are
    used again at once, so that it stays as short, and as near to the processor, as can be.
    """
    heads = np.full(ring, -1, np.int32)
    return heads, np.empty((entries, 2), np.int32), np.empty(entries, np.int64)


@_compiled
def nearest(start, edge, ring, best, node, time, source):  # type: ignore[no-untyped-def]
    """All nodes, one label each."""
    size = start.size - 1
    heads, queue, due, touched = _workspace(size, ring, len(edge) + node.size)
    seeds = (np.int64(0), np.int64(node.size))
    _search(start, edge, heads, queue, due, best, touched, node, time, source, seeds, _NO_LIMIT)
    times, sources = np.empty(size, np.int32), np.empty(size, np.int32)
    for here in range(size):
        label = best[here]
        times[here] = -1 if label == 0 else _time(label)
        sources[here] = -1 if label == 0 else label & _SOURCE
    return times, sources


@_compiled
def bounded(start, edge, ring, best, first, node, time, limit):  # type: ignore[no-untyped-def]
    """One search after the other; the arrays of pairs may be longer than the pairs are."""
    heads, queue, due, touched = _workspace(start.size - 1, ring, len(edge) + node.size)
    source = np.zeros(node.size, np.int32)
    begin = np.zeros(first.size, np.int64)
    nodes, times = np.empty(1024, np.int32), np.empty(1024, np.int32)
    for i in range(first.size - 1):
        seeds = (first[i], first[i + 1])
        count = _search(
            start,
            edge,
            heads,
            queue,
            due,
            best,
            touched,
            node,
            time,
            source,
            seeds,
            np.int64(limit),
        )
        done = begin[i]
        begin[i + 1] = done + count
        nodes, times = _room(nodes, times, done, count)
        for j in range(count):
            here = touched[j]
            nodes[done + j], times[done + j] = here, _time(best[here])
            best[here] = 0
    return begin, nodes, times


@_compiled
def bounded_points(  # type: ignore[no-untyped-def]
    start, edge, ring, best, first, node, time, limit,
    point_start, point, point_time, along_start, along, along_time, size,
):  # fmt: skip
    """The same of points."""
    heads, queue, due, touched = _workspace(start.size - 1, ring, len(edge) + node.size)
    source = np.zeros(node.size, np.int32)
    begin = np.zeros(first.size, np.int64)
    points, times = np.empty(1024, np.int32), np.empty(1024, np.int32)
    place = np.full(size, -1, np.int64)  # of a point among the pairs, this search's or an older
    for i in range(first.size - 1):
        seeds = (first[i], first[i + 1])
        count = _search(
            start,
            edge,
            heads,
            queue,
            due,
            best,
            touched,
            node,
            time,
            source,
            seeds,
            np.int64(limit),
        )
        done = end = begin[i]
        for j in range(count):
            here = touched[j]
            at = _time(best[here])
            best[here] = 0
            ways = point_start[here], point_start[here + 1]
            points, times = _room(points, times, end, ways[1] - ways[0])
            for way in range(*ways):
                end = _offer(
                    points, times, place, done, end, point[way], at + point_time[way], limit
                )
        ways = along_start[i], along_start[i + 1]
        points, times = _room(points, times, end, ways[1] - ways[0])
        for way in range(*ways):
            end = _offer(points, times, place, done, end, along[way], along_time[way], limit)
        begin[i + 1] = end
    return begin, points, times


@_compiled
def _offer(points, times, place, done, end, point, time, limit):  # type: ignore[no-untyped-def]
    """Note a way to ``point`` among this search's pairs, ``done`` to ``end``; the new end."""
    if time > limit:
        return end
    if place[point] < done:
        place[point] = end
        points[end], times[end] = point, time
        return end + 1
    times[place[point]] = min(time, times[place[point]])
    return end


@_compiled
def _room(one, other, used, more):  # type: ignore[no-untyped-def]
    """Two arrays with room for ``more`` after ``used``; what they hold stays."""
    if used + more <= one.size:
        return one, other
    size = 2 * (used + more)
    longer, other_longer = np.empty(size, np.int32), np.empty(size, np.int32)
    for i in range(used):
        longer[i], other_longer[i] = one[i], other[i]
    return longer, other_longer


@_compiled
def nearest_k(start, edge, ring, node, time, source, k):  # type: ignore[no-untyped-def]
    """Each node keeps its ``k`` least labels of different sources, in order.

    What a node passes on is enough: a source that is not among its own ``k`` is not among those
    that any node finds through it.
    """
    size = start.size - 1
    best = np.full((size, k), _NEVER, np.int64)
    passed = np.full(size, -1, np.int64)  # the time of the last labels that a node passed on
    heads, queue, due = _waiting(ring, k * len(edge) + node.size)
    mask = np.int64(ring - 1)
    waiting = used = 0
    far, soonest, now = np.int32(-1), _NEVER, np.int64(0)
    free = np.int32(-1)
    for seed in range(node.size):
        at = np.int64(time[seed])
        if _keep(best, node[seed], (at << 32) + source[seed]):
            queue[used, 0], queue[used, 1], due[used] = far, node[seed], at
            far, soonest = np.int32(used), min(soonest, at)
            used += 1
    while True:
        if waiting == 0:
            if far < 0:
                break
            now = soonest
        if soonest <= now + mask:
            far, soonest, come = _come_round(heads, queue, due, now, far)
            waiting += come
        entry = heads[now & mask]
        heads[now & mask] = -1
        while entry >= 0:
            here, following = np.uint32(queue[entry, 1]), queue[entry, 0]
            queue[entry, 0] = free
            free, entry = entry, following
            waiting -= 1
            if passed[here] == now:
                continue
            passed[here] = now
            for rank in range(k):
                label = best[here, rank]
                if label >> 32 != now:
                    continue
                for street in range(start[here], start[here + _ONE]):
                    there, step = edge[street, 0], np.int64(edge[street, 1])
                    if not _keep(best, there, label + (step << 32)):
                        continue
                    place, free, used = _place(queue, free, used)
                    queue[place, 1] = there
                    if step > mask:
                        queue[place, 0], due[place] = far, now + step
                        far, soonest = place, min(soonest, now + step)
                    else:
                        _into_bucket(heads, queue, place, now + step)
                        waiting += 1
        now += 1
    times, sources = np.full((size, k), -1, np.int32), np.full((size, k), -1, np.int32)
    for row in range(size):
        for rank in range(k):
            if best[row, rank] != _NEVER:
                times[row, rank] = best[row, rank] >> 32
                sources[row, rank] = best[row, rank] & _SOURCE
    return times, sources


@_compiled
def _keep(best, node, label):  # type: ignore[no-untyped-def]
    """Put ``label`` among the node's least of different sources; whether it belongs there."""
    at = best.shape[1] - 1
    if label >= best[node, at]:
        return False
    source = label & _SOURCE
    for rank in range(at):
        if best[node, rank] & _SOURCE == source:
            at = rank
            break
    if best[node, at] <= label:
        return False
    while at > 0 and best[node, at - 1] > label:
        best[node, at] = best[node, at - 1]
        at -= 1
    best[node, at] = label
    return True
