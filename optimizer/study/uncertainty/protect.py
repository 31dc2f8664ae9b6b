"""Plans that stand what may turn out otherwise: a documented budget of uncertainty (Bertsimas and Sim 2004).

- Unit costs. In every account (fund, pool, year) money is left unspent, enough for any `budget` of the
  uncertain costs to rise to their highest at once (a budget of 2.4: two whole, and 0.4 of a third). With n
  uncertain costs that turn out independently and symmetrically, the account then fails with at most the
  probability that the budget is chosen for; for costs that move together or to one side it is no guarantee:
  `fenpei stress` says how often the plan holds.
- Funds without a limit keep no reserve; `open_reserves` says how much more they must be able to bring.
- Everything else (needs, stocks, gaps, amounts of funds, relapse ...) is planned at its worse end: such a
  figure stands alone in its statement, so a budget for it would be all or nothing.

The plan is lawful for the case at those worse ends, which is what the auditor checks.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from models.allocation import Allocation
from models.case import Case
from models.policy import Supply, Uncertain
from models.rules.tree import Comparison
from optimizer.audit.places import Places
from optimizer.program import Program, build
from optimizer.program.change import NewColumns, NewRows, numbering, widened
from optimizer.program.matrix import Term, Whole
from optimizer.read import apply_patches
from optimizer.study.planning import Planned, PlanOptions, make_plan
from optimizer.study.uncertainty.draws import patches

#: Budgets are looked for in steps of this.
STEP = Fraction(1, 20)


@dataclass(frozen=True)
class Protected:
    """The protected plan and the plain one; `budgets`: uncertain costs in an account -> budget.

    `case` is the one the protected plan is lawful for: everything but costs at its worse end.
    """

    case: Case
    planned: Planned
    plain: Planned
    protection: Fraction
    budgets: Mapping[int, Fraction]
    worse: Mapping[str, Fraction]
    """Uncertain figure planned at its worse end -> the factor taken."""
    patches: tuple[str, ...] = ()
    """What `case` has of that, as `--set` takes it."""


def budget(count: int, protection: Fraction) -> Fraction:
    """The least budget with which a sum of `count` terms fails with probability 1 - protection at most.

    By the bound of Bertsimas and Sim (2004, theorem 3), for independent symmetric deviations.
    """
    allowed = 1 - protection
    step = Fraction(0)
    while step < count and failing(count, float(step)) > allowed:
        step += STEP
    return min(step, Fraction(count))


def failing(count: int, gamma: float) -> float:
    """Bound on the probability that more deviates than a budget of gamma covers."""
    if gamma >= count:
        return 0.0
    nu = (gamma + count) / 2
    whole = math.floor(nu)
    part = nu - whole
    tail = sum(math.comb(count, k) for k in range(whole + 1, count + 1))
    return float(((1 - part) * math.comb(count, whole) + tail) / 2**count)


def cost_rises(case: Case) -> Mapping[str, tuple[str, Fraction]]:
    """Measure -> the uncertain figure of its cost and by what part the cost may rise."""
    found: dict[str, tuple[str, Fraction]] = {}
    for item in case.uncertain.values():
        if _is_cost(item):
            named = item.path.split(".")[1].partition("[")[0]
            for measure in case.measures if named == "*" else (named,):
                rise = max(item.high - 1, found.get(measure, ("", Fraction(0)))[1])
                found[measure] = item.id, rise
    return {measure: rise for measure, rise in found.items() if rise[1] > 0}


def _is_cost(item: Uncertain) -> bool:
    return item.path.startswith("measure.") and item.path.endswith(".cost")


def worse_ends(case: Case) -> Mapping[str, Fraction]:
    """Every uncertain figure but costs -> its worse end: less money and capacity, more of anything else."""
    return {
        item.id: item.low if item.path.startswith(("fund.", "capacity.", "resource.")) else item.high
        for item in case.uncertain.values()
        if not _is_cost(item)
    }


def protected(case: Case, options: PlanOptions, protection: Fraction) -> Protected:
    """The plan that stands it, and the plain plan to hold it against."""
    worse = worse_ends(case)
    changes = patches(case, worse)
    harder = apply_patches(case, changes)
    program, budgets = _with_reserves(harder, build(harder), protection)
    plain = make_plan(case, options)
    planned = make_plan(harder, options, program=program)
    return Protected(harder, planned, plain, protection, budgets, worse, changes)


def open_reserves(
    case: Case, allocation: Allocation, protection: Fraction
) -> Mapping[tuple[str, str, int], int]:
    """(pool, fund, year) -> fen that a fund without a limit must be able to bring beyond the plan.

    As much as an account with a limit would keep for the same payments, rounded up.
    """
    rises, places = cost_rises(case), Places(case)
    risky: dict[tuple[str, str, int], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for (region, measure, fund, year), fen in allocation.money.items():
        if measure in rises and case.funds[fund].supply is Supply.OPEN:
            figure, rise = rises[measure]
            risky[places.pool_of[fund][region], fund, year][figure] += rise * fen
    return {
        account: math.ceil(_largest(sorted(parts.values(), reverse=True), budget(len(parts), protection)))
        for account, parts in risky.items()
    }


def _largest(amounts: Sequence[Fraction], count: Fraction) -> Fraction:
    """The sum of so many of the amounts, largest first, of the last perhaps a part."""
    return sum(
        (amount * min(Fraction(1), max(Fraction(0), count - n)) for n, amount in enumerate(amounts)),
        Fraction(0),
    )


def _with_reserves(
    case: Case, program: Program, protection: Fraction
) -> tuple[Program, Mapping[int, Fraction]]:
    """Rows `spent + reserve <= brought at most + carried in` for every account with uncertain costs."""
    rises = cost_rises(case)
    budgets: dict[int, Fraction] = {}
    columns: list[NewColumns] = []
    plans: list[_Account] = []
    for fund in case.funds.values():
        block = program.columns[f"brought.{fund.id}"]
        for i, pool in enumerate(block.regions):
            for j, _ in enumerate(block.years):
                most = program.upper[block.index[i, j]]
                if np.isfinite(most):
                    account = _account(case, program, fund.id, program.regions[int(pool)], j, rises)
                    if account.risky:
                        count = len(account.risky)
                        budgets.setdefault(count, budget(count, protection))
                        columns.append(NewColumns(f"reserve.{len(plans)}", 1 + count))
                        plans.append(account)
    numbers = numbering(program, columns)
    rows: list[NewRows] = []
    for number, account in enumerate(plans):
        gamma = budgets[len(account.risky)]
        rows += _reserve_rows(account, numbers[f"reserve.{number}"], gamma, number)
    return widened(program, columns, rows), budgets


@dataclass(frozen=True, eq=False)
class _Account:
    """Columns of one account in one year: all money, what each uncertain cost moves, what is carried in."""

    fund: str
    spent: Whole
    risky: Sequence[tuple[Whole, Fraction]]
    most: int
    carried: int | None


def _account(
    case: Case, program: Program, fund: str, pool: str, j: int, rises: Mapping[str, tuple[str, Fraction]]
) -> _Account:
    inside = np.zeros(len(program.regions), dtype=np.bool_)
    below = frozenset(case.regions.subtree(pool))
    inside[[position for position, region in enumerate(program.regions) if region in below]] = True
    spent: list[Whole] = []
    risky: dict[str, tuple[list[Whole], Fraction]] = {}
    for measure in case.measures:
        block = program.columns.get(f"money.{measure}.{fund}")
        if block is None:
            continue
        here = block.index[np.flatnonzero(inside[block.regions]), j]
        spent.append(here)
        if measure in rises and len(here):
            figure, rise = rises[measure]
            parts, _ = risky.setdefault(figure, ([], rise))
            parts.append(here)
    brought, carried = program.columns[f"brought.{fund}"], program.columns[f"carried.{fund}"]
    position = int(brought.position[program.regions.index(pool)])
    return _Account(
        fund,
        np.concatenate(spent) if spent else np.zeros(0, dtype=np.int64),
        [(np.concatenate(parts), rise) for parts, rise in risky.values()],
        int(program.upper[brought.index[position, j]]),
        int(carried.index[position, j - 1]) if j else None,
    )


def _reserve_rows(account: _Account, new: Whole, gamma: Fraction, number: int) -> list[NewRows]:
    """spent + gamma p + sum q - carried in <= most; p + q_k >= rise_k x money_k. Rates are multiplied out."""
    price, extra = new[:1], new[1:]
    zero = np.zeros(1, dtype=np.int64)
    bottom = gamma.denominator
    columns = [account.spent, price, extra]
    values = [
        np.full(len(account.spent), bottom),
        np.array([gamma.numerator]),
        np.full(len(extra), bottom),
    ]
    if account.carried is not None:
        columns.append(np.array([account.carried]))
        values.append(np.array([-bottom]))
    column, value = np.concatenate(columns), np.concatenate(values).astype(np.int64)
    rows = [
        NewRows(
            f"reserve.{account.fund}",
            Comparison.AT_MOST,
            [Term(np.zeros(len(column), dtype=np.int64), column, value)],
            np.array([-account.most * bottom], dtype=np.int64),
            auxiliary=False,
        )
    ]
    for k, (money, rise) in enumerate(account.risky):
        column = np.concatenate([price, extra[k : k + 1], money])
        value = np.concatenate([np.full(2, rise.denominator), np.full(len(money), -rise.numerator)]).astype(
            np.int64
        )
        terms = [Term(np.zeros(len(column), dtype=np.int64), column, value)]
        rows.append(NewRows(f"reserve.{number}.{k}", Comparison.AT_LEAST, terms, zero))
    return rows
