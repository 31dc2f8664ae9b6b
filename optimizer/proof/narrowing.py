"""What rows say about the bounds of whole columns: narrower bounds that no whole solution misses.

A row and the bounds of all its other columns bound each column; as the column is whole, the bound is rounded
inwards. Nothing is lost but points that are no solutions, so that a box that becomes empty is a proof.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from optimizer.proof.box import Box
from optimizer.proof.system import System

#: How often a row is looked at, at most: bounds of amounts may creep up fen by fen.
LOOKS = 12


def narrowed(system: System, box: Box, changed: Iterable[int] | None = None) -> Box | None:
    """The box after its rows have been looked at (those of `changed` columns first); None: it is empty.

    Every whole solution of the system that lies in `box` lies in the box that comes back.
    """
    box = box.copy()
    if any(box.empty_at(j) for j in range(len(box.lower))):
        return None
    rows_of = system.rows_of
    waiting = deque(
        range(system.rows) if changed is None else dict.fromkeys(i for j in changed for i in rows_of[j])
    )
    queued, looks = set(waiting), [0] * system.rows
    while waiting:
        i = waiting.popleft()
        queued.discard(i)
        looks[i] += 1
        moved = _looked_at(system, i, box)
        if moved is None:
            return None
        for j in moved:
            for other in rows_of[j]:
                if other not in queued and looks[other] < LOOKS:
                    queued.add(other)
                    waiting.append(other)
    return box


def _looked_at(system: System, i: int, box: Box) -> list[int] | None:
    """The columns that a row has narrowed; None where no point of the box can satisfy the row."""
    entries = [(j, value) for j, value in system.row(i) if value]
    moved: list[int] = []
    for bound, sign in ((system.row_upper[i], 1), (system.row_lower[i], -1)):
        if bound is None:
            continue
        # sign x row <= sign x bound: what is left for one column when all others are at their least.
        least, open_ends, only = 0, 0, -1
        for j, value in entries:
            end = box.lower[j] if sign * value > 0 else box.upper[j]
            if end is None:
                open_ends += 1
                only = j
            else:
                least += sign * value * end
        room = sign * bound - least
        if open_ends == 0 and room < 0:
            return None
        if open_ends > 1:
            continue
        for j, value in entries:
            if open_ends and j != only:
                continue
            weight = sign * value
            end = box.lower[j] if weight > 0 else box.upper[j]
            rest = room + (0 if end is None else weight * end)
            if _narrow(box, j, weight, rest):
                if box.empty_at(j):
                    return None
                moved.append(j)
    return moved


def _narrow(box: Box, column: int, weight: int, rest: int) -> bool:
    """weight x column <= rest, rounded to whole values; whether that says anything new."""
    if weight > 0:
        most, high = rest // weight, box.upper[column]
        if high is not None and most >= high:
            return False
        box.upper[column] = most
    else:
        least, low = -(rest // -weight), box.lower[column]
        if low is not None and least <= low:
            return False
        box.lower[column] = least
    return True
