"""What becomes of a plan in one draw: it is carried out as far as the money lasts, and no further.

In go a case, an allocation of it and a draw. Nothing is bought that the plan did not have. A fund with a
limit pays as far as its money goes, what the plan left unspent included; a fund without one brings what the
plan took from it, what a protected plan counts on should costs rise, and no more. Where that is not enough
fewer units are bought. Of all ways to do that, the one that misses the least is taken (the share of each
target that is missed counts alike). Quantities are not made whole: the verdict is about how often a target
holds, not about fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from types import MappingProxyType

import numpy as np

from models.allocation import Allocation
from models.case import Case, Goal
from models.policy import Severity, Supply
from optimizer.audit.ledger import Ledger
from optimizer.program import Program, build
from optimizer.program.matrix import Real
from optimizer.solve import Options, Outcome, Stop, solve
from optimizer.study.baseline.habit import DUE, habitual
from optimizer.study.uncertainty.draws import Factors, drawn

#: A shortfall below this part of what was asked for is the solver's noise, and so is money below a fen: a
#: rule that holds two amounts against each other asks for no amount of its own.
NOISE, NOISE_FEN = 1e-6, 1.0


@dataclass(frozen=True, slots=True)
class Missed:
    """A statement that a draw misses: id, year, and the part of it (0 to 1) that is missing."""

    rule: str
    year: int
    share: float


@dataclass(frozen=True)
class DrawResult:
    """`missed`: in the order of years, then of how much is missing; None where the solver gave no answer."""

    factors: Mapping[str, Fraction]
    missed: tuple[Missed, ...] | None

    @property
    def first(self) -> str | None:
        """What breaks first: the earliest year, and in it what misses most."""
        return self.missed[0].rule if self.missed else None


#: (pool, fund, year) -> fen that an open fund brings beyond what the plan took from it.
Reserves = Mapping[tuple[str, str, int], int]


def carried_out(
    case: Case,
    allocation: Allocation,
    factors: Factors,
    *,
    time_limit: float | None = None,
    reserves: Reserves = MappingProxyType({}),
) -> DrawResult:
    """How the plan fares in a draw."""
    happens = drawn(case, factors)
    tried = partial(_tried, happens, allocation, reserves, time_limit)
    program, outcome = tried(checks=True)
    if outcome.stop is Stop.INFEASIBLE and happens.tables.revoked:
        # Fewer are out than a check is to put back: it finds nobody whose exit it could undo.
        program, outcome = tried(checks=False)
    if outcome.stop is not Stop.OPTIMAL or outcome.values is None:
        return DrawResult(dict(factors), None)
    return DrawResult(dict(factors), tuple(_missed(case, program, outcome.values)))


def _tried(
    case: Case, allocation: Allocation, reserves: Reserves, time_limit: float | None, *, checks: bool
) -> tuple[Program, Outcome]:
    """The plan carried out so that the least is missed; `checks`: exits are undone as revoked.csv says."""
    turned = habitual(case, rules=False, checks=checks)
    # Money that is there is spent: only what is missed counts, not what it costs.
    turned = turned.model_copy(update={"first_goals": (Goal.LEAST_SHORTFALL,)})
    program = _held(turned, build(turned), allocation, reserves)
    options = Options(gap=0.0, time_limit=time_limit, confirm=False)
    return program, solve(program.problem(goal=program.objectives[0]), options)


def _held(case: Case, program: Program, allocation: Allocation, reserves: Reserves) -> Program:
    """The program in which no more is bought than planned and open funds bring no more; nothing is whole."""
    upper = program.upper.copy()
    planned: dict[str, dict[tuple[str, int], float]] = {}
    for (pool, fund, year), fen in Ledger(case, allocation).spent.items():
        planned.setdefault(f"brought.{fund}", {})[pool, year] = fen + reserves.get((pool, fund, year), 0)
    opened = {f"brought.{fund.id}" for fund in case.funds.values() if fund.supply is Supply.OPEN}
    for (region, measure, year), units in allocation.units.items():
        lots = units / case.measures[measure].lot
        planned.setdefault(f"units.{measure}", {})[region, year] = float(lots)
    for name, block in program.columns.items():
        if not name.startswith("units.") and name not in opened:
            continue
        amounts = planned.get(name, {})
        most = np.array(
            [[amounts.get((program.regions[r], year), 0.0) for year in block.years] for r in block.regions]
        ).reshape(block.index.shape)
        upper[block.index] = np.minimum(upper[block.index], most)
    lower = np.minimum(program.lower, upper)
    whole = {name for name in program.columns if name.startswith("left.")}
    integer = np.zeros(len(upper), dtype=np.bool_)
    for name in whole:
        integer[program.columns[name].index] = True
    return replace(program, upper=upper, lower=lower, integer=integer)


def _missed(case: Case, program: Program, values: Real) -> list[Missed]:
    """The shortfalls of what is hard in the case, added up over places."""
    sums: dict[tuple[str, int], float] = {}
    for name, block in program.columns.items():
        kind, _, rest = name.partition(".")
        if kind not in ("short", "over"):
            continue
        rule = rest.rpartition(".")[0]
        if _hard(case, rule):
            short = float(values[block.index].sum())
            key = _called(rule), block.years[0]
            sums[key] = sums.get(key, 0.0) + short
    wholes = _wholes(program)
    found = []
    for (rule, year), short in sums.items():
        share = short / max(wholes.get((rule, year), 1.0), 1.0)
        money = rule in case.rules and case.rules[rule].unit == "money"
        if share > NOISE and (not money or short > NOISE_FEN):
            found.append(Missed(rule, year, min(share, 1.0)))
    return sorted(found, key=lambda miss: (miss.year, -miss.share, miss.rule))


def _hard(case: Case, rule: str) -> bool:
    item = case.targets.get(rule) or case.rules.get(rule)
    return rule.startswith(DUE) or (item is not None and item.severity is Severity.HARD)


def _called(rule: str) -> str:
    """The auditor's name: `due.NEED` for the dates of a need."""
    return f"due.{rule.removeprefix(DUE).rpartition('-')[0]}" if rule.startswith(DUE) else rule


def _wholes(program: Program) -> dict[tuple[str, int], float]:
    """(rule, year) -> what its rows ask for together, in their unit."""
    found: dict[tuple[str, int], float] = {}
    for block in program.rows:
        asked = np.abs(block.constant / block.multiplier)
        for year in np.unique(block.year):
            key = _called(block.rule), int(year)
            found[key] = found.get(key, 0.0) + float(asked[block.year == year].sum())
    return found
