"""The goals as whole coefficients: least shortfall, least cost, most benefit, most exits.

Prices of soft targets and rules are part of "least cost", unless "least shortfall" has come before it. The
other goals have no prices to weigh against.
"""

from __future__ import annotations

import numpy as np

from models.case import Goal
from models.policy import Counts
from optimizer.program.frame import Frame
from optimizer.program.matrix import Builder, Objective, Program, Whole, common, times


def finish(build: Builder, frame: Frame) -> Program:
    """The program with its objectives, in the order in which they count."""
    goals = (*frame.case.first_goals, frame.case.goal)
    return build.finish(tuple(_OBJECTIVES[goal](build, frame) for goal in goals))


def _least_shortfall(build: Builder, frame: Frame) -> Objective:
    """Sum of price x shortfall of everything soft, fen."""
    prices = {name: np.array(price, dtype=np.int64) for name, price in build.prices.items()}
    return build.objective(prices, 1, maximise=False, money=True)


def _least_cost(build: Builder, frame: Frame) -> Objective:
    """Sum of weight x money, fen; and the prices of shortfalls that no goal before has settled."""
    case = frame.case
    multiplier = common([fund.cost_weight for fund in case.funds.values()])
    cost: dict[str, Whole] = {}
    for fund in case.funds.values():
        weight = times(fund.cost_weight, multiplier)
        for measure in case.measures:
            if f"money.{measure}.{fund.id}" in build.columns:
                cost[f"money.{measure}.{fund.id}"] = np.array(weight, dtype=np.int64)
    if Goal.LEAST_SHORTFALL not in case.first_goals:
        for name, price in build.prices.items():
            cost[name] = np.array(price * multiplier, dtype=np.int64)
    return build.objective(cost, multiplier, maximise=False, money=True)


def _most_benefit(build: Builder, frame: Frame) -> Objective:
    """Sum of benefit x units."""
    benefits = {measure.id: measure.benefit * measure.lot for measure in frame.case.measures.values()}
    multiplier = common(list(benefits.values()))
    cost = {
        f"units.{name}": np.array(times(benefit, multiplier), dtype=np.int64)
        for name, benefit in benefits.items()
    }
    return build.objective(cost, multiplier, maximise=True, money=False)


def _most_exits(build: Builder, frame: Frame) -> Objective:
    """Persons out at the end of the last year."""
    in_last_year = np.array([year == frame.case.last_year for year in frame.years], dtype=np.int64)
    persons = (group.id for group in frame.case.groups.values() if group.counts is Counts.PERSONS)
    cost = {f"out.{group}": in_last_year for group in persons}
    return build.objective(cost, 1, maximise=True, money=False)


_OBJECTIVES = {
    Goal.LEAST_SHORTFALL: _least_shortfall,
    Goal.LEAST_COST: _least_cost,
    Goal.MOST_BENEFIT: _most_benefit,
    Goal.MOST_EXITS: _most_exits,
}
