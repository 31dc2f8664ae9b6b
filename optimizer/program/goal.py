"""The goal as whole coefficients: least cost, most benefit, most exits.

Prices of soft targets and rules are part of "least cost" only: the other goals have no prices to weigh
against (the reader refuses soft items there).
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from models.case import Goal
from models.policy import Counts
from optimizer.program.frame import Frame
from optimizer.program.matrix import Builder, Program, Whole, common, times


def finish(build: Builder, frame: Frame) -> Program:
    """The program with its objective."""
    case = frame.case
    cost: dict[str, Whole] = {}
    if case.goal is Goal.LEAST_COST:
        multiplier = common([fund.cost_weight for fund in case.funds.values()])
        for fund in case.funds.values():
            weight = times(fund.cost_weight, multiplier)
            for measure in case.measures:
                if f"money.{measure}.{fund.id}" in build.columns:
                    cost[f"money.{measure}.{fund.id}"] = np.array(weight, dtype=np.int64)
        for name, price in build.prices.items():
            cost[name] = np.array(price * multiplier, dtype=np.int64)
        return build.finish(cost, multiplier, maximise=False, in_money=True)
    if case.goal is Goal.MOST_BENEFIT:
        benefits = {measure.id: measure.benefit * measure.lot for measure in case.measures.values()}
        multiplier = common(list(benefits.values()))
        for name, benefit in benefits.items():
            cost[f"units.{name}"] = np.array(times(benefit, multiplier), dtype=np.int64)
        return build.finish(cost, multiplier, maximise=True, in_money=False)
    for group in case.groups.values():
        if group.counts is Counts.PERSONS:
            in_last_year = [1 if year == case.last_year else 0 for year in frame.years]
            cost[f"out.{group.id}"] = np.array(in_last_year, dtype=np.int64)
    return build.finish(cost, common([Fraction(1)]), maximise=True, in_money=False)
