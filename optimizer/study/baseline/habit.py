"""The plan that habit would make: the case with every region held to its share, planned and then audited.

Habit knows no targets: they become wishes, each as heavy as any other per share of it that is missed. What is
physical or a matter of bookkeeping stays. Within its share each region spends as well as it can, so what
dividing better is worth is never overstated. The audit is that of the case itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from models.allocation import Allocation
from models.case import Case, Goal
from models.citation import Basis, Citation, Text
from models.finding import Audit
from models.plan import Plan, Status
from models.policy import Fund, Need, Rule, Selector, Severity, Target, TargetKind
from models.region import Level
from models.rules.tree import Comparison, Condition, Place, Subject, Test
from optimizer.audit import audit
from optimizer.program import Program, build
from optimizer.program.change import NewRows, widened
from optimizer.program.matrix import ColumnBlock, Term, Truth, Whole, term
from optimizer.study.baseline.recipients import Recipients
from optimizer.study.baseline.shares import Divided, Habit, Shares, divide
from optimizer.study.checks.ground import Ground
from optimizer.study.planning import PlanOptions, make_plan

_NOWHERE = Place(0, 0)
_OWN = Citation(document="habit", section="-", basis=Basis.ASSUMED)
#: Ids of the targets that stand for the dates of a need: this, the need and a level.
DUE = "habit-due-"
#: Missing all of a target weighs as much as this many times the money of the case.
HEAVY = 10
#: Fen for each person, village or other unit by which a rule that habit cannot obey is missed.
COUNTED = 1_000_000


@dataclass(frozen=True)
class Baseline:
    """What habit reaches. `lawful` is False where habit could not even obey the hard rules of the case."""

    habit: Habit
    divided: Divided
    plan: Plan
    audit: Audit | None
    lawful: bool

    @property
    def allocation(self) -> Allocation | None:
        """The allocation; None when nothing was found in time."""
        return self.plan.allocation


def make_baseline(case: Case, habit: Habit, options: PlanOptions, level: Level | None = None) -> Baseline:
    """Divide, plan within the shares, and audit against the case as it is."""
    recipients = Recipients(case, level)
    divided = divide(recipients, habit)
    asked = replace(options, conflict=False)
    floorless = _without_floors(case, [pool.fund for pool in recipients.pools])
    idle = idle_funds(recipients, divided.shares)
    ways = [(case, True, True), (case, False, True)] if not idle else [(floorless, True, True)]
    ways += [(floorless, False, True)] if idle or floorless is not case else []
    ways += [(floorless, False, False)] if case.tables.revoked else []
    for kept, rules, checks in ways:
        turned = habitual(kept, rules=rules, checks=checks)
        planned = make_plan(turned, asked, program=within_shares(turned, build(turned), divided.shares))
        lawful = rules and kept is case
        if planned.plan.status is not Status.INFEASIBLE:
            break
    allocation = planned.plan.allocation
    found = None if allocation is None else audit(case, allocation)
    status = planned.plan.status
    if found is not None and not found.clean:
        status = Status.UNKNOWN  # an allocation, but no lawful plan of the case
    elif found is not None:
        status = Status.FEASIBLE
    plan = replace(planned.plan, status=status, objective=None, bound=None, gap=None)
    return Baseline(habit, divided, plan, found, lawful)


def idle_funds(recipients: Recipients, shares: Shares) -> tuple[str, ...]:
    """Funds of which habit gives less than their spending floor asks to be spent: it cannot be kept."""
    case, found = recipients.case, dict[str, None]()
    for pool in recipients.pools:
        floor, given, due = case.funds[pool.fund].spending_floor, 0, Fraction(0)
        for year in case.years:
            given += sum(shares.get((pool.fund, region, year), 0) for region in pool.recipients)
            row = case.tables.supplied.get((pool.fund, pool.region, year))
            due += (floor or 0) * (0 if row is None else row.least)
            if given < due:
                found[pool.fund] = None
    return tuple(found)


def _without_floors(case: Case, funds: Iterable[str]) -> Case:
    """The case in which nothing asks for money of these funds to be spent; itself where nothing did."""
    floored = [case.funds[id] for id in dict.fromkeys(funds) if case.funds[id].spending_floor is not None]
    free: dict[str, Fund] = {fund.id: fund.model_copy(update={"spending_floor": None}) for fund in floored}
    return case.model_copy(update={"funds": {**case.funds, **free}}) if free else case


def habitual(case: Case, *, rules: bool, checks: bool = True) -> Case:
    """The case in which targets are wishes.

    `rules`: hard rules stay hard; otherwise they are wishes too. `checks`: the exits that revoked.csv undoes
    are undone; without, nobody's are, for where too few are let out there are none to undo.
    """
    ground = Ground(case)
    money = _money(case)
    wishes = {target.id: target for target in _wishes(ground, money)}
    kept = {rule.id: rule if rules else _wished(rule) for rule in case.rules.values()}
    return case.model_copy(
        update={
            "goal": Goal.LEAST_COST,
            "first_goals": (),
            "targets": wishes,
            "needs": {need.id: _undue(case, need) for need in case.needs.values()},
            "rules": kept,
            "tables": case.tables if checks else replace(case.tables, revoked={}),
        }
    )


def _money(case: Case) -> int:
    """Fen that a wish is weighed against: all that the funds have, or all that is asked for costs."""
    known = sum(supplied.most or 0 for supplied in case.tables.supplied.values())
    asked = int(Recipients(case).cost.get(case.regions.root, Fraction(0)))
    return max(known, asked, 1)


def _undue(case: Case, need: Need) -> Need:
    """The need without its dates: nothing of it must be met by any year."""
    return need.model_copy(update={"due": dict.fromkeys(case.years, Fraction(0))})


def _wishes(ground: Ground, money: int) -> Iterator[Target]:
    """Hard targets at a price, and the dates of needs as targets at a price, for each place on its own."""
    for target in ground.case.targets.values():
        if target.severity is not Severity.HARD or target.compare is Comparison.AT_MOST:
            yield target
            continue
        whole = max((scope.amount for scope in ground.scopes[target.id]), default=0)
        yield target.model_copy(update={"severity": Severity.SOFT, "price": _price(money, whole)})
    for need in ground.case.needs.values():
        due = {
            year: share for year in ground.case.years if (share := ground.due_share(need, year)) is not None
        }
        regions = [ground.case.regions[region] for region in ground.places.needy[need.id]]
        whole = sum(ground.case.need(region.id, need.id, ground.case.last_year) or 0 for region in regions)
        for level in dict.fromkeys(region.level for region in regions):
            if any(due.values()):
                yield _due_target(need, level, due, _price(money, whole))


def _wished(rule: Rule) -> Rule:
    """A hard rule at a price: what money misses costs as much again, any other unit COUNTED."""
    if rule.severity is not Severity.HARD:
        return rule
    price = 1 if rule.unit == "money" else COUNTED
    return rule.model_copy(update={"severity": Severity.SOFT, "price": price})


def _price(money: int, whole: int) -> int:
    return max(1, HEAVY * money // max(whole, 1))


def _due_target(need: Need, level: Level, due: Mapping[int, Fraction], price: int) -> Target:
    return Target(
        id=f"{DUE}{need.id}-{level.value}",
        title=Text(zh=f"{need.title.zh}按期满足"),
        kind=TargetKind.MET,
        need=need.id,
        where=_selector(Test(Subject.REGION, "level", Comparison.EQUAL, (level.value,), _NOWHERE)),
        each=level,
        cumulative=True,
        compare=Comparison.AT_LEAST,
        shares=dict(due),
        severity=Severity.SOFT,
        price=price,
        citation=_OWN,
    )


def _selector(condition: Condition) -> Selector:
    return Selector(text="", condition=condition)


def within_shares(case: Case, program: Program, shares: Shares) -> Program:
    """The program with a row for each share: of a fund a region spends no more, to date where money carries
    over, else in each year."""
    position = {region: at for at, region in enumerate(program.regions)}
    rows: list[NewRows] = []
    for fund in dict.fromkeys(fund for fund, _, _ in shares):
        regions = list(dict.fromkeys(region for id, region, _ in shares if id == fund))
        number = np.full(len(program.regions), -1, dtype=np.int64)
        for at, region in enumerate(regions):
            number[[position[below] for below in case.regions.subtree(region)]] = at
        blocks = [program.columns.get(f"money.{measure}.{fund}") for measure in case.measures]
        total, begins = np.zeros(len(regions), dtype=np.int64), 0
        for j, year in enumerate(case.years):
            if not case.funds[fund].carry_over:
                total, begins = np.zeros(len(regions), dtype=np.int64), j
            held = np.array([(fund, region, year) in shares for region in regions], dtype=np.bool_)
            total = total + np.array(
                [shares.get((fund, region, year), 0) for region in regions], dtype=np.int64
            )
            terms = _spending([block for block in blocks if block is not None], number, held, (begins, j))
            if terms:
                rows.append(NewRows(f"habit.{fund}", Comparison.AT_MOST, terms, -total[held]))
    return widened(program, (), rows)


def _spending(
    blocks: Sequence[ColumnBlock], number: Whole, held: Truth, years: tuple[int, int]
) -> list[Term]:
    """What the regions that are held spend in the years, a row for each of them."""
    row_of = np.where(held, np.cumsum(held) - 1, -1)
    terms = []
    for block in blocks:
        at = number[block.regions]
        row = np.where(at >= 0, row_of[at], -1)
        chosen = np.flatnonzero(row >= 0)
        for year in range(years[0], years[1] + 1) if len(chosen) else ():
            terms.append(term(row[chosen], block.index[chosen, year], 1))
    return terms
