"""Funds: what comes in, what is carried, what lapses; rows `account` and `floor`.

Columns `brought.f`, `carried.f`, `lapsed.f` count fen at each pool and year; `supply` is their bounds.
"""

from __future__ import annotations

import numpy as np

from models.policy import Fund, Supply
from models.rules.tree import Comparison
from optimizer.program.frame import Frame
from optimizer.program.matrix import Builder, Real, term


def add_fund_columns(build: Builder, frame: Frame) -> None:
    """`brought` within its bounds; `carried` only where allowed; `lapsed` only of money that must come in."""
    for fund in frame.case.funds.values():
        pools = frame.pools(fund)
        least, most = _bounds(frame, fund)
        build.add_columns(f"brought.{fund.id}", pools, lower=least, upper=most, money=True)
        build.add_columns(f"carried.{fund.id}", pools, upper=np.inf if fund.carry_over else 0.0, money=True)
        # Money that need not come in has no reason to lapse: forbidding it keeps the plan unique.
        build.add_columns(f"lapsed.{fund.id}", pools, upper=np.where(least > 0, np.inf, 0.0), money=True)


def _bounds(frame: Frame, fund: Fund) -> tuple[Real, Real]:
    pools = frame.pools(fund)
    least = np.zeros((len(pools), len(frame.years)))
    most = np.full(least.shape, np.inf if fund.supply is Supply.OPEN else 0.0)
    if fund.supply is not Supply.OPEN:
        for i, pool in enumerate(pools):
            for j, year in enumerate(frame.years):
                row = frame.case.tables.supplied.get((fund.id, frame.ids[pool], year))
                if row is not None:
                    least[i, j] = row.most if fund.supply is Supply.GIVEN else row.least
                    most[i, j] = row.most
    return least, most


def add_account_rows(build: Builder, frame: Frame) -> None:
    """`account.f`: brought + carried in = spent + carried out + lapsed; `floor.f`: little is left over."""
    years = len(frame.years)
    for fund in frame.case.funds.values():
        brought = build.columns[f"brought.{fund.id}"]
        carried = build.columns[f"carried.{fund.id}"]
        lapsed = build.columns[f"lapsed.{fund.id}"]
        if not len(brought):
            continue
        row = np.arange(brought.index.size).reshape(brought.index.shape)
        region = np.repeat(brought.regions, years)
        year = np.tile(np.array(frame.years), len(brought.regions))
        terms = [
            term(row, brought.index, 1),
            term(row[:, 1:], carried.index[:, :-1], 1),
            term(row, carried.index, -1),
            term(row, lapsed.index, -1),
        ]
        pool_of = frame.pool_of(fund)
        for measure in frame.case.measures:
            money = build.columns.get(f"money.{measure}.{fund.id}")
            if money is not None:
                rows = pool_of[money.regions][:, None] * years + np.arange(years)
                order = np.argsort(rows.ravel(), kind="stable")
                terms.append(term(rows.ravel()[order], money.index.ravel()[order], -1))
        build.add_rows(f"account.{fund.id}", region, year, Comparison.EQUAL, terms, money=True)
        if fund.spending_floor is not None:
            rest = 1 - fund.spending_floor
            build.add_rows(
                f"floor.{fund.id}",
                region,
                year,
                Comparison.AT_MOST,
                [
                    term(row, carried.index, rest.denominator),
                    term(row, lapsed.index, rest.denominator),
                    term(row, brought.index, -rest.numerator),
                ],
                multiplier=rest.denominator,
                money=True,
            )
