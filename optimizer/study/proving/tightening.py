"""Cuts round after round: a relaxation is solved, what it overlooks is cut off, and it is solved again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from optimizer.program import Program
from optimizer.proof import Round, derived
from optimizer.solve import Outcome, Stop
from optimizer.solve.session import Basis
from optimizer.study.proving.cuts import DEEP, Relaxation, Tightened, depth_of, found_cuts
from optimizer.study.proving.spending import spending_cuts

#: Rounds at most.
ROUNDS = 16
#: A round must move the answer by this (fen), or else all columns are looked at, then rules about money, or
#: else it was the last.
MOVED = 0.1


def tightened(
    start: Tightened,
    relaxed: Callable[[Program], Program],
    shared: Sequence[int],
    enough: float,
    deadline: float,
    *,
    wide: bool = True,
) -> Tightened:
    """Cuts until the relaxation's goal is above `enough`, or nothing moves it any more, or time is up.

    `relaxed` makes the relaxation's program of one with cuts; its rows and first columns are the same.
    Where nothing moves, columns that do not bear on the answer are looked at, too, unless not `wide`.
    """
    basis: Basis | None = None
    best, spent, everywhere, now = -np.inf, -np.inf, False, start
    for _ in range(ROUNDS):
        if now.box is None or time.monotonic() > deadline:
            break
        program = relaxed(now.program)
        relaxation = Relaxation(program, shared)
        left = max(1.0, deadline - time.monotonic())
        outcome, basis = relaxation.solve(program, now.box, basis, limit=left)
        if basis is None or outcome.stop is not Stop.OPTIMAL or outcome.objective is None:
            break
        if outcome.objective > enough:
            break
        moved = outcome.objective > best + MOVED
        cuts: Round = ()
        if moved:
            everywhere, cuts = False, found_cuts(now, relaxation, basis, outcome, wide=False)
        if not cuts and wide and not everywhere:
            everywhere, cuts = True, found_cuts(now, relaxation, basis, outcome, wide=True)
        best = max(best, outcome.objective)
        if not cuts and best > spent + MOVED:
            cuts, spent = _of_rules(now, relaxation, outcome, left), best
        if not cuts:
            break
        now = now.with_cuts([cuts])
        basis = Basis(basis.columns, np.append(basis.rows, np.ones(len(cuts), dtype=np.int8)))
    return now


def _of_rules(now: Tightened, relaxation: Relaxation, outcome: Outcome, limit: float) -> Round:
    """The cuts of rules about money that the answer violates."""
    if now.box is None or outcome.values is None:
        return ()
    width = len(now.box.lower)
    x, scale = relaxation.point(outcome.values, width), relaxation.session.problem.column_scale[:width]
    system, box = now.system, now.box
    found = spending_cuts(now, relaxation.program, outcome, limit)
    return tuple(cut for cut in found if depth_of(derived(system, box, cut), x, scale) > DEEP)
