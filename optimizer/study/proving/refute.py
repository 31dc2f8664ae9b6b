"""That a program has no lawful plan at all: found with a solver, proven by `optimizer.proof`.

The program gets one more column, *relief*: so many fen more in every pot that is in question. Least
relief is an LP that has an answer where the program itself has none, and its row prices are the weights
of a contradiction: rounded where that is clear enough, else computed from the basis in rationals. Where
no relief is needed, whole numbers must be the reason: cuts say so, and what they leave is told apart by
cases: a column that bears on what is to spare and is not whole is split in two. *Totals* (all units of a
measure in a year, say) are columns, too: splitting one does what splitting those of a hundred counties would.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from models.rules.tree import Comparison
from optimizer.program import ColumnBlock, Program, RowBlock
from optimizer.program.matrix import Objective, Whole
from optimizer.proof import Box, Branch, Leaf, Node, Round, System, WithCuts, contradicts, narrowed, refutes
from optimizer.solve import FloatArray, Outcome, Stop
from optimizer.study.proving.basis import NotExact
from optimizer.study.proving.cuts import Relaxation, Tightened, bearing
from optimizer.study.proving.tightening import tightened

#: Cases of one proof, and seconds to look for it.
CASES, PATIENCE = 200, 60.0
#: Cuts that the next proof starts with, at most.
KEPT = 3000
#: A rounded weight keeps so many bits after the point.
BITS = 80
#: Relief above which rounded weights are worth a try; below, only the exact ones can tell.
CLEAR = 1.0
#: No pot is asked whether it has more to spare than this, in fen.
SPARE = 1e12
#: A float nearer than this to a whole number is taken for it: quantities, money (in fen).
NEARLY, NEARLY_FEN = 1e-6, 1e-2


def system_of(program: Program) -> System:
    """The program in whole numbers of any size, with the bounds of its columns as the box."""
    return System(
        Box(whole_ends(program.lower), whole_ends(program.upper)),
        program.row_start.tolist(),
        program.column.tolist(),
        program.value.tolist(),
        _row_ends(program, program.row_lower),
        _row_ends(program, program.row_upper),
    )


def _row_ends(program: Program, bounds: FloatArray) -> list[int | None]:
    """The bounds of the rows; what a float cannot hold is taken from the constants."""
    return [
        None if not np.isfinite(bound) else -constant if bound == float(-constant) else int(bound)
        for bound, constant in zip(bounds.tolist(), program.constant.tolist(), strict=True)
    ]


def whole_ends(bounds: FloatArray) -> list[int | None]:
    """Bounds as whole numbers, None where there is none; every bound of a program is whole."""
    return [int(value) if np.isfinite(value) else None for value in bounds.tolist()]


def with_totals(program: Program) -> tuple[Program, list[Whole]]:
    """The program with a last column for each sum of quantities of one kind in a year, and what each sums up.

    A total is what its row says it is and binds nothing: the plans are the same.
    """
    sums: list[Whole] = []
    for block in program.columns.values():
        if not block.money and len(block.regions) > 1:
            sums += list(block.index.T)
    width, height = len(program.lower), len(program.constant)
    count = len(sums)
    column = [np.append(members, width + i) for i, members in enumerate(sums)]
    value = [np.append(np.ones(len(members), dtype=np.int64), -1) for members in sums]
    zeros = np.zeros(count, dtype=np.int64)
    rows = RowBlock(
        "total", height, zeros, zeros, Comparison.EQUAL, np.ones(count, dtype=np.int64), zeros,
        auxiliary=True, money=False,
    )  # fmt: skip
    block = ColumnBlock("total", zeros, (0,), np.arange(width, width + count).reshape(-1, 1), zeros, False)
    grown = replace(
        program,
        columns={**program.columns, block.name: block},
        rows=(*program.rows, rows),
        objectives=tuple(replace(o, cost=np.append(o.cost, zeros)) for o in program.objectives),
        lower=np.append(program.lower, np.zeros(count)),
        upper=np.append(program.upper, np.full(count, np.inf)),
        integer=np.append(program.integer, np.zeros(count, dtype=np.bool_)),
        money=np.append(program.money, np.zeros(count, dtype=np.bool_)),
        row_start=np.concatenate(
            [program.row_start, program.row_start[-1] + np.cumsum([len(c) for c in column], dtype=np.int64)]
        ),
        column=np.concatenate([program.column, *column]),
        value=np.concatenate([program.value, *value]),
        constant=np.append(program.constant, zeros),
        row_lower=np.append(program.row_lower, np.zeros(count)),
        row_upper=np.append(program.row_upper, np.zeros(count)),
        row_scale=np.append(program.row_scale, np.ones(count)),
    )
    return grown, sums


def with_relief(program: Program, pots: Whole) -> Program:
    """The program with a last column that adds to each of the columns `pots` at once, as little as can be."""
    width = len(program.lower)
    rows = np.repeat(np.arange(len(program.constant)), np.diff(program.row_start))
    entry = np.isin(program.column, pots)
    touched, place = np.unique(rows[entry], return_inverse=True)
    total = np.zeros(len(touched), dtype=np.int64)
    np.add.at(total, place, program.value[entry])
    touched, total = touched[total != 0], total[total != 0]
    after = program.row_start[touched + 1]
    counts = np.diff(program.row_start)
    counts[touched] += 1
    cost = np.zeros(width + 1, dtype=np.int64)
    cost[-1] = 1
    block = ColumnBlock(
        "relief",
        np.zeros(1, dtype=np.int64),
        (0,),
        np.array([[width]], dtype=np.int64),
        np.zeros(len(program.regions), dtype=np.int64),
        True,
    )
    return replace(
        program,
        columns={**program.columns, block.name: block},
        objectives=(Objective(cost, 1, maximise=False, money=True),),
        lower=np.append(program.lower, 0.0),
        upper=np.append(program.upper, np.inf),
        integer=np.append(program.integer, False),
        money=np.append(program.money, True),
        row_start=np.concatenate([[0], np.cumsum(counts)]),
        column=np.insert(program.column, after, width),
        value=np.insert(program.value, after, total),
        settled_goals=0,
    )


class Refuter:
    """Programs of one matrix, one after the other: is there any lawful plan? `pots`: see the module.

    Cuts that one proof has found are where the next one starts.
    """

    def __init__(self, program: Program, pots: Whole) -> None:
        self._pots = pots
        grown, self._totals = with_totals(program)
        self._plain = Relaxation(with_relief(grown, pots), pots.tolist())
        self._rounds: tuple[Round, ...] = ()

    def refutation(self, program: Program, *, cases: int = CASES, patience: float = PATIENCE) -> Node | None:
        """A proof, checked, that the program has no whole solution; None where none was found."""
        grown, totals = with_totals(program)
        system = system_of(grown)
        root = narrowed(system, system.box)
        found: Node | None = Leaf()
        if root is not None:
            deadline = time.monotonic() + patience
            found = self._proof(Tightened(grown, system, root), root, totals, cases, deadline)
        return found if found is not None and refutes(system, found) else None

    def _proof(
        self, start: Tightened, root: Box, totals: list[Whole], cases: int, deadline: float
    ) -> Node | None:
        """The proof that the box holds nothing: at once, after cuts, or by cases."""
        at_once = self._contradiction(_Work(start, self._plain, self._pots, totals, cases, deadline), root)
        if at_once is not None:
            return at_once
        spare = partial(_spare, pots=self._pots)
        known = start.with_cuts(self._rounds)
        after = tightened(known, spare, self._pots.tolist(), CLEAR, deadline, wide=cases > 1)
        self._rounds = after.rounds if sum(map(len, after.rounds)) <= KEPT else ()
        if after.box is None:
            return WithCuts(after.rounds, Leaf())
        relaxation = self._plain
        if after.rounds:
            relaxation = Relaxation(with_relief(after.program, self._pots), self._pots.tolist())
        work = _Work(after, relaxation, self._pots, totals, cases, deadline)
        rest = self._case(work, after.box)
        return WithCuts(after.rounds, rest) if rest is not None and after.rounds else rest

    def _case(self, work: _Work, box: Box) -> Node | None:
        """The proof of one case, whose box is narrowed already."""
        if work.over():
            return None
        found: Node | None = self._contradiction(work, box)
        if found is not None:
            return found
        if work.last:
            return None
        cut = work.cut(work.least_relief(box, -SPARE), box)
        if cut is None:
            return None
        column, at = cut
        parts = []
        for part in (box.with_upper(column, at), box.with_lower(column, at + 1)):
            left = narrowed(work.system, part, (column,))
            found = Leaf() if left is None else self._case(work, left)
            if found is None:
                return None
            parts.append(found)
        return Branch(column, at, parts[0], parts[1])

    def _contradiction(self, work: _Work, box: Box) -> Leaf | None:
        """The rows' contradiction within the box; None where none was found."""
        outcome = work.least_relief(box, 0.0)
        for weights in _weights(work.relaxation, outcome):
            if contradicts(work.system, box, weights):
                return Leaf(weights)
        return None


def _weights(relaxation: Relaxation, outcome: Outcome) -> Iterator[dict[int, int]]:
    """Weights of rows that may contradict each other, the cheapest to find first."""
    if outcome.stop is Stop.INFEASIBLE:
        ray = relaxation.session.contradiction()
        if ray is not None:
            yield rounded(ray / relaxation.session.problem.row_scale)
        return
    if outcome.stop is not Stop.OPTIMAL or outcome.objective is None:
        return
    if outcome.objective > CLEAR and outcome.row_duals is not None:
        yield rounded(outcome.row_duals)
    if outcome.objective > -CLEAR:
        try:
            prices, _ = relaxation.prices()
        except NotExact:
            return
        yield {i: price for i, price in enumerate(prices) if price}


def _spare(program: Program, pots: Whole, least: float = -SPARE) -> Program:
    """The program with relief that may be less than nothing: then it says how much there is to spare."""
    relieved = with_relief(program, pots)
    lower = relieved.lower.copy()
    lower[-1] = least
    return replace(relieved, lower=lower)


class _Work:
    """What one proof is about, and how far it may go."""

    def __init__(
        self,
        now: Tightened,
        relaxation: Relaxation,
        pots: Whole,
        totals: list[Whole],
        cases: int,
        deadline: float,
    ) -> None:
        self.system, self.relaxation = now.system, relaxation
        self._programs = {least: _spare(now.program, pots, least) for least in (0.0, -SPARE)}
        self._cases, self._deadline = cases, deadline
        width = len(now.program.lower)
        self._totals, self._first_total = totals, width - len(totals)
        kinds = np.where(now.program.integer, 0, np.where(now.program.money, 2, 1))
        kinds[self._first_total :] = -1
        self._kinds = [np.flatnonzero(kinds == kind) for kind in (-1, 0, 1, 2)]

    def least_relief(self, box: Box, least: float) -> Outcome:
        """As little relief as can be, 0 or `-SPARE` at least."""
        left = max(1.0, self._deadline - time.monotonic())
        return self.relaxation.solve(self._programs[least], box, limit=left)[0]

    @property
    def last(self) -> bool:
        """Whether no further case may be opened."""
        return self._cases <= 0

    def over(self) -> bool:
        """Whether this case is one too many."""
        self._cases -= 1
        return self._cases < 0 or time.monotonic() > self._deadline

    def cut(self, outcome: Outcome, box: Box) -> tuple[int, int] | None:
        """The column to cut and where: totals first, then 0/1 decisions, quantities, money.

        Only columns of rows that have a price can move the answer.
        """
        if outcome.values is None or outcome.row_duals is None:
            return None
        bears = bearing(self.relaxation.program, outcome.row_duals)
        for i, members in enumerate(self._totals):
            bears[self._first_total + i] |= bears[members].any()
        off = np.abs(outcome.values - np.rint(outcome.values)) * bears
        for kind, nearly in zip(self._kinds, (NEARLY, NEARLY, NEARLY, NEARLY_FEN), strict=True):
            if len(kind) and float(off[kind].max()) > nearly:
                j = int(kind[int(off[kind].argmax())])
                at = int(np.floor(outcome.values[j]))
                low, high = box.lower[j], box.upper[j]
                if (low is None or at >= low) and (high is None or at < high):
                    return j, at
        return None


def rounded(weights: FloatArray) -> dict[int, int]:
    """Weights as whole numbers, the largest with BITS bits."""
    largest = float(np.abs(weights).max(initial=0.0))
    if not largest or not np.isfinite(largest):
        return {}
    scale = (1 << BITS) / Fraction(largest)
    used = np.flatnonzero(weights)
    return {i: int(Fraction(w) * scale) for i, w in zip(used.tolist(), weights[used].tolist(), strict=True)}
