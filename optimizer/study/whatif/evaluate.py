"""One run of a what-if: the case with its patches to a `RunRecord`, as little work as that takes.

A run may start from another run's basis and quantities (`Handed`). It is a function of the case, the patches,
the options and what it was handed, and of nothing else: that is why a sweep that was killed and resumed, on
whatever machine and with however many workers, ends with the same table.
"""

from __future__ import annotations

import time
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from models.allocation import Allocation
from models.case import Case
from models.finding import Audit
from models.plan import Plan
from optimizer.audit import audit
from optimizer.audit.places import Places
from optimizer.present.binding import binding_rows
from optimizer.present.exits import exits
from optimizer.present.objects import counts
from optimizer.present.titles import BY_NATURE
from optimizer.present.whatif_report import RunRecord, RunStatus
from optimizer.program import Program, again, build
from optimizer.program.matrix import Objective, Whole
from optimizer.read import apply_patches
from optimizer.settle import SettleError, read_off, settle_money
from optimizer.solve import Options, Outcome, Problem, Stop, solve
from optimizer.solve.session import Basis, Session
from optimizer.study.planning import PlanOptions, make_plan, public_cost, relative_gap, safe_bound
from optimizer.study.whatif.nearby import nearby

#: Quantities of another run are good enough within this part of the gap asked for.
GOOD = Fraction(1, 2)
#: A price below this (the engine's units) is the solver's noise.
PRICE = 1e-7


@dataclass(frozen=True)
class RunOptions:
    """How each run is made; `relaxed`: only the program without whole numbers, no plan."""

    gap: float = 1e-3
    time_limit: float | None = None
    seed: int = 0
    engine: str = "highs"
    relaxed: bool = False


@dataclass(frozen=True)
class Handed:
    """What a run leaves to those that start from it: basis, settled columns, and the basis of `nearby`."""

    basis: bytes | None
    columns: bytes | None
    near: bytes | None = None

    def whole(self, width: int) -> Whole | None:
        """The settled columns, where there are that many."""
        if self.columns is None:
            return None
        found = np.frombuffer(zlib.decompress(self.columns), dtype=np.int64)
        return found if len(found) == width else None

    @classmethod
    def of(cls, basis: Basis | None, x: Whole | None, near: bytes | None = None) -> Handed:
        """All as few bytes."""
        packed = None if x is None else zlib.compress(x.astype(np.int64).tobytes(), 1)
        return cls(None if basis is None else basis.packed(), packed, near)


@dataclass(frozen=True)
class Run:
    """A run to be made: the changed case and its program, and where things can happen in either case."""

    name: str
    patches: tuple[str, ...]
    case: Case
    program: Program
    places: Places
    options: RunOptions


class Ready:
    """The unchanged case with its places, and its program, built when it is first asked for."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.places = Places(case)
        self._program: Program | None = None

    def patched(self, patches: tuple[str, ...]) -> tuple[Case, Program]:
        """The changed case and its program; the matrix is used again where only bounds change."""
        if self._program is None:
            self._program = build(self.case)
        if not patches:
            return self.case, self._program
        case = apply_patches(self.case, patches)
        return case, again(self._program, self.case, case)

    def run(self, name: str, patches: tuple[str, ...], options: RunOptions) -> Run:
        """The run of that name."""
        return Run(name, patches, *self.patched(patches), self.places, options)


def evaluate(
    ready: Ready, name: str, patches: tuple[str, ...], options: RunOptions, before: Handed | None
) -> tuple[RunRecord, Handed | None]:
    """The run, and what it hands on. Raises CaseErrors, ProgramError, SolveError."""
    started = time.monotonic()
    run = ready.run(name, patches, options)
    if (run.program.lower > run.program.upper).any():
        return crossed(name, patches), before
    if len(run.program.objectives) > 1 or options.engine != "highs":
        record, handed = _planned(run), before
    else:
        record, handed = _warm(run, before)
    return replace(record, seconds=round(time.monotonic() - started, 3)), handed


def taken_over(
    ready: Ready,
    name: str,
    patches: tuple[str, ...],
    options: RunOptions,
    handed: Handed | None,
    bound: Fraction | None,
) -> tuple[RunRecord, Handed | None]:
    """The run with the columns of another's plan, which hold here as they are; a ValueError without any."""
    run = ready.run(name, patches, options)
    x = None if handed is None else handed.whole(len(run.program.lower))
    if x is None:
        raise ValueError("there is no plan to take over")
    return settled_record(run, x, bound, "neighbour"), handed


def crossed(name: str, patches: tuple[str, ...]) -> RunRecord:
    """A run in which a fund must bring more than it may: nothing has to be solved to know the answer."""
    return RunRecord(name, patches, RunStatus.INFEASIBLE, message="an amount is below its at_least")


def _warm(run: Run, before: Handed | None) -> tuple[RunRecord, Handed | None]:
    """The relaxation from the basis at hand, then the cheapest way to a plan that its bound proves."""
    program, options = run.program, run.options
    basis = None if before is None or before.basis is None else Basis.unpacked(before.basis)
    session = Session(program.problem())
    relaxed, basis = session.solve(basis, limit=options.time_limit)
    if relaxed.stop is Stop.INFEASIBLE:
        return RunRecord(run.name, run.patches, RunStatus.INFEASIBLE, message=relaxed.message), before
    if options.relaxed:
        return _relaxed_record(run, relaxed), Handed.of(basis, None)
    known = None if before is None else before.whole(len(program.lower))
    near = None if before is None else before.near
    # Where the run before had to change quantities this one mostly has to as well; if not, `_near` says so.
    x = None if known is None or near is not None else _paid_again(program, known, options)
    bound = safe_bound(program, relaxed)
    if known is not None and (x is None or not _good(program, x, bound, options)):
        other, near = _near(program, known, relaxed, options, near)
        x = _best(program, x, other)
    if x is not None and not _good(program, x, bound, options) and program.integer.any():
        bound = _better_bound(program, x, bound, options)
    if x is None or not _good(program, x, bound, options):
        record, settled = _planned_or(run, x, bound)
        return record, Handed.of(basis, settled, near) if settled is not None else before
    record = settled_record(run, x, bound, "again")
    return record, Handed.of(basis, x, near)


def _paid_again(program: Program, known: Whole, options: RunOptions) -> Whole | None:
    """The quantities of another run with the money of this one; None where that cannot be."""
    held = ~program.money
    if not ((known >= program.lower) & (known <= program.upper))[held].all():
        return None
    try:
        asked = Options(gap=options.gap / 4, seed=options.seed, time_limit=options.time_limit)
        return settle_money(program, known, asked).x
    except SettleError:
        return None


def _near(
    program: Program, known: Whole, relaxed: Outcome, options: RunOptions, near: bytes | None
) -> tuple[Whole | None, bytes | None]:
    """A plan that changes few quantities of another run (None where none was found), and a basis."""
    asked = Options(gap=options.gap / 4, seed=options.seed, time_limit=options.time_limit)
    if relaxed.objective is None:
        return None, near
    start = None if near is None else Basis.unpacked(near)
    quantities, basis = nearby(program, known, relaxed.objective, options.gap / 16, asked, start)
    near = near if basis is None else basis.packed()
    return (None if quantities is None else _paid_again(program, quantities, options)), near


def _best(program: Program, one: Whole | None, other: Whole | None) -> Whole | None:
    if one is None or other is None:
        return one if other is None else other
    return other if better(program, other, one) else one


def _good(program: Program, x: Whole, bound: Fraction | None, options: RunOptions) -> bool:
    gap = relative_gap(program.goal.value(x), bound)
    return gap is not None and gap <= GOOD * Fraction(options.gap)


def _better_bound(program: Program, x: Whole, bound: Fraction | None, options: RunOptions) -> Fraction | None:
    """The bound with the 0/1 decisions kept whole."""
    asked = Options(
        gap=options.gap / 8, time_limit=options.time_limit, seed=options.seed, start=x.astype(np.float64)
    )
    found = safe_bound(program, solve(program.problem(), asked))
    known = [value for value in (bound, found) if value is not None]
    return (min(known) if program.goal.maximise else max(known)) if known else None


def _plan_options(options: RunOptions) -> PlanOptions:
    return PlanOptions(
        engine=options.engine,
        gap=options.gap,
        time_limit=options.time_limit,
        seed=options.seed,
        conflict=False,
    )


def _planned_or(run: Run, x: Whole | None, bound: Fraction | None) -> tuple[RunRecord, Whole | None]:
    """A plan from scratch, or `x` where that is the better one."""
    program = run.program
    planned = make_plan(run.case, _plan_options(run.options), program=program)
    settled = planned.x
    if x is not None and (settled is None or better(program, x, settled)):
        bounds = [value for value in (bound, planned.plan.bound) if value is not None]
        bound = (min(bounds) if program.goal.maximise else max(bounds)) if bounds else None
        return settled_record(run, x, bound, "again"), x
    return record_of(run.name, run.patches, run.case, planned.plan, planned.audit), settled


def _planned(run: Run) -> RunRecord:
    """A run in the ordinary way: goals in order, or another engine."""
    program, options = run.program, run.options
    if not options.relaxed:
        planned = make_plan(run.case, _plan_options(options), program=program)
        return record_of(run.name, run.patches, run.case, planned.plan, planned.audit)
    asked = Options(engine=options.engine, gap=1e-6, time_limit=options.time_limit, seed=options.seed)
    outcome = solve(_divisible(program, program.objectives[0]), asked)
    for number in range(len(program.objectives) - 1):
        if outcome.objective is None:
            break
        program = program.reached(number, outcome.objective)
        outcome = solve(_divisible(program, program.objectives[number + 1]), asked)
    if outcome.values is None:
        status = RunStatus.INFEASIBLE if outcome.stop is Stop.INFEASIBLE else RunStatus.UNKNOWN
        return RunRecord(run.name, run.patches, status, message=outcome.message)
    return _relaxed_record(replace(run, program=program), outcome)


def _divisible(program: Program, goal: Objective) -> Problem:
    """The program of one goal without whole numbers."""
    problem = program.problem(goal=goal)
    return replace(problem, integer=np.zeros(problem.columns, dtype=np.bool_))


def better(program: Program, one: Whole, other: Whole) -> bool:
    """Whether `one` is strictly better by the goal that counts last."""
    mine, theirs = program.goal.value(one), program.goal.value(other)
    return mine > theirs if program.goal.maximise else mine < theirs


def settled_record(run: Run, x: Whole, bound: Fraction | None, how: str) -> RunRecord:
    """The record of settled columns that hold exactly, audited like any plan."""
    allocation = read_off(run.case, run.program, x)
    found = audit(run.case, allocation, run.places)
    objective = run.program.goal.value(x)
    gap = relative_gap(objective, bound)
    proven = gap is not None and gap <= Fraction(run.options.gap) and found.clean
    return replace(
        _record(run.name, run.patches, run.case, allocation, found),
        status=RunStatus.OPTIMAL if proven else RunStatus.FEASIBLE,
        objective=objective,
        bound=bound,
        gap=gap,
        how=how,
    )


def record_of(name: str, patches: tuple[str, ...], case: Case, plan: Plan, found: Audit | None) -> RunRecord:
    """The record of a plan from scratch."""
    status = RunStatus(plan.status.value)
    if plan.allocation is None or found is None:
        return RunRecord(name, patches, status, bound=plan.bound, message=plan.message, how="whole")
    record = _record(name, patches, case, plan.allocation, found)
    return replace(
        record, status=status, objective=plan.objective, bound=plan.bound, gap=plan.gap, how="whole"
    )


def _record(
    name: str, patches: tuple[str, ...], case: Case, allocation: Allocation, found: Audit
) -> RunRecord:
    """What an allocation and its audit say of a run; its status and bound are still to be filled in."""
    broken = sum(finding.broken for finding in found.findings)
    return RunRecord(
        name=name,
        patches=patches,
        status=RunStatus.UNKNOWN,
        cost=public_cost(case, allocation),
        exits=tuple(exits(case, allocation, found)),
        spent=_spent(case, allocation),
        binding=dict(sorted(binding_rows(found).items())),
        audit=counts(found),
        message=f"the audit found {broken} hard statements violated" if broken else "",
    )


def _spent(case: Case, allocation: Allocation) -> dict[str, dict[int, int]]:
    """fund -> year -> fen of every fund that pays anything."""
    spent: dict[str, dict[int, int]] = {}
    for (_, _, fund, year), amount in allocation.money.items():
        years = spent.setdefault(fund, dict.fromkeys(case.years, 0))
        years[year] += amount
    return {fund: spent[fund] for fund in case.funds if fund in spent}


def _relaxed_record(run: Run, relaxed: Outcome) -> RunRecord:
    """What the program without whole numbers says: a bound on every plan, and no plan."""
    if relaxed.values is None or relaxed.objective is None:
        return RunRecord(run.name, run.patches, RunStatus.UNKNOWN, message=relaxed.message)
    case, program = run.case, run.program
    x = np.rint(relaxed.values).astype(np.int64)
    allocation = read_off(case, program, x)
    sign = -1 if program.goal.maximise else 1
    rows: Counter[str] = Counter()
    duals = relaxed.row_duals
    if duals is not None:
        priced = np.abs(duals) * program.row_scale / program.problem().cost_scale > PRICE
        for block in program.rows:
            count = int(priced[block.start : block.start + len(block)].sum())
            if count and not block.auxiliary and block.rule.split(".")[0] not in BY_NATURE:
                rows[block.rule] += count
    return RunRecord(
        name=run.name,
        patches=run.patches,
        status=RunStatus.RELAXED,
        cost=public_cost(case, allocation),
        objective=Fraction(round(sign * relaxed.objective)),
        bound=safe_bound(program, relaxed),
        exits=tuple(exits(case, allocation, Audit(()))),
        spent=_spent(case, allocation),
        binding=dict(sorted(rows.items())),
        how="relaxed",
    )
