"""Cuts of rules about money: what they ask to be spent is spent on whole quantities at their costs.

A rule such as "industry gets at least 60 % of what is spent" speaks of money, and money is divisible to the
fen. Put in quantities by the rows of their costs, with the least that the other side of it can come to (a
relaxation says so), it asks that quantities at costs of so many yuan be worth some amount at least: that is
rounded up to the next amount that whole quantities can be worth at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from optimizer.program import Program
from optimizer.program.matrix import MONEY_SCALE, Objective
from optimizer.proof import Box, Cut, Round
from optimizer.solve import Outcome, Stop
from optimizer.study.proving.cuts import CLOSE, PRICE, SMALL, Relaxation, Tightened

#: Rules that are looked at, at most: each takes a solve.
RULES = 6

#: Row -> its weight.
Parts = dict[int, Fraction]


def spending_cuts(now: Tightened, program: Program, outcome: Outcome, limit: float) -> Round:
    """The cuts of the rules about money that bear on an answer of `program`; `limit` in seconds for each."""
    if now.box is None or outcome.row_duals is None:
        return ()
    costs = _costs(program)
    cuts = []
    for i in _rules(program, outcome, costs)[:RULES]:
        spent = _in_quantities(program, i, costs)
        cut = _cut(now, program, spent, limit)
        if cut is not None:
            cuts.append(cut)
    return tuple(cuts)


def _row(program: Program, i: int) -> Iterator[tuple[int, int]]:
    """(column, value) of a row."""
    first, last = program.row_start[i : i + 2].tolist()
    return zip(program.column[first:last].tolist(), program.value[first:last].tolist(), strict=True)


def _costs(program: Program) -> dict[int, int]:
    """Money column -> the row that says what the one quantity it pays for costs."""
    equal = np.flatnonzero(program.row_lower == program.row_upper)
    rows = np.repeat(np.arange(len(program.constant)), np.diff(program.row_start))
    quantities = np.bincount(rows, weights=~program.money[program.column], minlength=len(program.constant))
    found: dict[int, int] = {}
    for i in equal[quantities[equal] == 1].tolist():
        for j, _ in _row(program, i):
            if program.money[j]:
                found.setdefault(j, i)
    return found


def _rules(program: Program, outcome: Outcome, costs: dict[int, int]) -> list[int]:
    """Rows that bear on an answer and compare money spent on several quantities, the dearest first."""
    duals = outcome.row_duals
    if duals is None:
        return []
    price = np.abs(duals * program.row_scale) / MONEY_SCALE
    open_ended = program.row_lower != program.row_upper
    found = np.flatnonzero((price > PRICE) & open_ended)
    several = [i for i in found.tolist() if len({costs[j] for j, _ in _row(program, i) if j in costs}) > 1]
    return sorted(several, key=lambda i: -price[i])


def _in_quantities(program: Program, i: int, costs: dict[int, int]) -> Parts:
    """The row (as "at least") with rows of costs that put quantities where money was."""
    sign = 1 if np.isfinite(program.row_lower[i]) else -1
    share: dict[int, Counter[Fraction]] = {}
    for j, value in _row(program, i):
        if j in costs:
            ours = next(v for k, v in _row(program, costs[j]) if k == j)
            share.setdefault(costs[j], Counter())[Fraction(-sign * value, ours)] += 1
    return {i: Fraction(sign), **{r: parts.most_common(1)[0][0] for r, parts in share.items()}}


def _sum(program: Program, parts: Parts) -> dict[int, Fraction]:
    """What rows with weights say of quantities."""
    total: dict[int, Fraction] = {}
    for i, weight in parts.items():
        for j, value in _row(program, i):
            if not program.money[j]:
                total[j] = total.get(j, Fraction(0)) + weight * value
    return {j: value for j, value in total.items() if value}


def _cut(now: Tightened, program: Program, spent: Parts, limit: float) -> Cut | None:
    """The sum, with the least that its other side comes to, in steps of what quantities can be worth."""
    box = now.box
    if box is None:
        return None
    total = _sum(program, spent)
    mine = [value for j, value in total.items() if value > 0 and not _fixed(box, j)]
    other = {j: -value for j, value in total.items() if value < 0}
    if not mine:
        return None
    least = _least(program, box, other, limit)
    if least is None:
        return None
    weights, ends = least
    parts = dict(spent)
    for i, weight in weights.items():
        parts[i] = parts.get(i, Fraction(0)) + weight
    common = lcm(*(weight.denominator for weight in (*parts.values(), *mine)))
    step = gcd(*(int(value * common) for value in mine))
    above = frozenset(i for i, weight in weights.items() if weight < 0)
    return Cut({i: int(weight * common) for i, weight in parts.items()}, step, ends, above)


def _fixed(box: Box, j: int) -> bool:
    return box.lower[j] is not None and box.lower[j] == box.upper[j]


def _least(
    program: Program, box: Box, cost: dict[int, Fraction], limit: float
) -> tuple[Parts, frozenset[int]] | None:
    """The weights of rows that say how little a sum of quantities can be, and the columns at upper ends."""
    if not cost:
        return {}, frozenset()
    common = lcm(*(value.denominator for value in cost.values()))
    whole = np.zeros(len(program.lower), dtype=np.int64)
    for j, value in cost.items():
        whole[j] = int(value * common)
    priced = replace(program, objectives=(Objective(whole, common, maximise=False, money=True),))
    outcome, basis = Relaxation(priced).solve(priced, box, limit=limit)
    if basis is None or outcome.stop is not Stop.OPTIMAL or outcome.row_duals is None:
        return None
    parts: Parts = {}
    for i in np.flatnonzero(np.abs(outcome.row_duals * program.row_scale) / MONEY_SCALE > PRICE).tolist():
        weight = float(outcome.row_duals[i] * program.row_scale[i]) / MONEY_SCALE
        part = Fraction(weight).limit_denominator(SMALL)
        if abs(float(part) - weight) > CLOSE * max(1.0, abs(weight)):
            return None
        parts[i] = part * int(MONEY_SCALE) / Fraction(float(program.row_scale[i]))
    return parts, frozenset(np.flatnonzero(basis.columns == 2).tolist())
