"""Cuts: rows that every whole solution satisfies although the rows they come from do not say so.

Rows are added up with weights; as every column and every row's distance from its end is a whole number, what
the sum leaves of a whole number may be rounded (Marchand and Wolsey's mixed-integer rounding, with Gomory's
cuts among them). Weights and ends are hints: other ones give another cut, never a wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd

from optimizer.proof.box import Box
from optimizer.proof.narrowing import narrowed
from optimizer.proof.system import Row, System


@dataclass(frozen=True)
class Cut:
    """How a cut is found: row i weighs `weights[i] / denominator`.

    Columns and rows are measured from their lower ends, those that are named here from their upper ones.
    """

    weights: Mapping[int, int]
    denominator: int
    columns_at_upper: frozenset[int] = frozenset()
    rows_at_upper: frozenset[int] = frozenset()


#: Cuts of which none needs another.
Round = tuple[Cut, ...]


def derived(system: System, box: Box, cut: Cut) -> Row:
    """The row that the cut stands for, true of every whole solution within the box; `Row({}, None)`: nothing.

    With t >= 0 whole (distances from ends) the weighted sum says a @ t = b. Let f be what b has after
    the point and g(a) = floor(a) f + min(part of a after the point, f): then g(a) @ t >= f ceil(b). For
    with all t rounded down whose part is below f, and the others up, a @ t <= z + s: z is whole, s >= 0
    are the parts that were rounded down; and z + s >= b gives s >= f (ceil(b) - z).
    """
    one = cut.denominator
    total, right = _summed(system, cut)
    slack: dict[int, int] = {}
    for i, weight in cut.weights.items():
        low, high = system.row_lower[i], system.row_upper[i]
        if not weight or (low is not None and low == high):
            continue
        slack[i] = weight if _from_upper(low, high, i in cut.rows_at_upper) else -weight
    for j, amount in total.items():
        low, high = box.lower[j], box.upper[j]
        end = high if _from_upper(low, high, j in cut.columns_at_upper) else low
        if end is None and amount % one:
            return Row({}, None)
        right -= amount * (end or 0)
    part = right % one
    if part == 0 or any(system.ends(i) == (None, None) for i in slack):
        return Row({}, None)

    def rounded(amount: int) -> int:
        return amount // one * part + min(amount % one, part)

    least = part * (right // one + 1)
    entries: dict[int, int] = {}
    for j, amount in total.items():
        low, high = box.lower[j], box.upper[j]
        if amount == 0 or (low is not None and low == high):
            continue
        upper = _from_upper(low, high, j in cut.columns_at_upper)
        step = -rounded(-amount) if upper else rounded(amount)
        entries[j] = entries.get(j, 0) + step
        least += step * ((high if upper else low) or 0)
    for i, weight in slack.items():
        step = rounded(weight)
        if not step:
            continue
        low, high = system.ends(i)
        upper = _from_upper(low, high, i in cut.rows_at_upper)
        step = -step if upper else step
        least += step * ((high if upper else low) or 0)
        for j, value in system.row(i):
            entries[j] = entries.get(j, 0) + step * value
    entries = {j: value for j, value in entries.items() if value}
    common = gcd(*entries.values()) or 1
    return Row({j: value // common for j, value in entries.items()}, -(-least // common))


def _summed(system: System, cut: Cut) -> tuple[dict[int, int], int]:
    """The weighted sum of the rows, and of the ends that they are measured from (times the denominator)."""
    total: dict[int, int] = {}
    right = 0
    for i, weight in cut.weights.items():
        if not weight:
            continue
        low, high = system.ends(i)
        end = high if _from_upper(low, high, i in cut.rows_at_upper) else low
        right += weight * (end or 0)
        for j, value in system.row(i):
            total[j] = total.get(j, 0) + weight * value
    return total, right


def _from_upper(low: int | None, high: int | None, asked: bool) -> bool:
    """Whether a distance is one from the upper end."""
    return high is not None and (asked or low is None)


def with_cuts(system: System, box: Box, cuts: Sequence[Round]) -> tuple[System, Box | None]:
    """The system with a row for each cut, round by round, and the box narrowed by them (None: it is empty).

    A cut uses the rows of the rounds before its own. Every whole solution of the system in the box is one of
    what comes back.
    """
    left: Box | None = box
    for together in cuts:
        if left is None:
            break
        rows = [derived(system, left, cut) for cut in together]
        system = system.with_rows(rows)
        left = narrowed(system, left, dict.fromkeys(j for row in rows for j in row.entries))
    return system, left
