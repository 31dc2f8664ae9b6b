"""What a column is at least in every whole solution of a program, proven: its relaxation with cuts."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction

import numpy as np

from optimizer.program import Program
from optimizer.program.matrix import Objective
from optimizer.proof import least_value, narrowed
from optimizer.solve import Stop
from optimizer.study.proving.basis import NotExact
from optimizer.study.proving.cuts import Relaxation, Tightened
from optimizer.study.proving.refute import system_of, with_totals
from optimizer.study.proving.tightening import tightened

#: Bits after the point of weights that no basis proves.
BITS = 60


def least_whole(program: Program, column: int, most: int, patience: float) -> Fraction | None:
    """A bound that the column keeps in every whole solution in which it is at most `most`.

    None where nothing is proven. `patience` in seconds.
    """
    grown, _ = with_totals(program)
    cost = np.zeros(len(grown.lower), dtype=np.int64)
    cost[column] = 1
    grown = replace(grown, objectives=(Objective(cost, 1, maximise=False, money=True),))
    system = system_of(grown)
    root = narrowed(system, system.box.with_upper(column, most))
    if root is None:
        return Fraction(most + 1)
    deadline = time.monotonic() + patience
    now = tightened(Tightened(grown, system, root), lambda same: same, (), np.inf, deadline)
    if now.box is None:
        return Fraction(most + 1)
    relaxation = Relaxation(now.program)
    outcome, basis = relaxation.solve(now.program, now.box)
    if outcome.stop is not Stop.OPTIMAL or outcome.row_duals is None:
        return None
    try:
        if basis is None:
            raise NotExact("the solver has no basis")
        prices, denominator = relaxation.prices()
        weights = {i: price for i, price in enumerate(prices) if price}
    except NotExact:
        denominator = 1 << BITS
        duals = outcome.row_duals.tolist()
        weights = {i: int(Fraction(dual) * denominator) for i, dual in enumerate(duals) if dual}
    return least_value(now.system, now.box, {column: 1}, weights, denominator)
