"""Funds: what comes in, what is carried, what lapses; rows `account` and `floor`.

Columns `brought.f`, `carried.f`, `lapsed.f` count fen at each pool and year; `supply` is their bounds.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.policy import Fund, Measure, Supply
from models.rules.tree import Comparison
from optimizer.program.frame import Frame
from optimizer.program.matrix import Builder, Real, Term, Whole, term
from optimizer.program.measures import lot_costs


def add_fund_columns(build: Builder, frame: Frame) -> None:
    """`brought` within its bounds; `carried` only where allowed; `lapsed` only of money that must come in."""
    for fund in frame.case.funds.values():
        pools = frame.pools(fund)
        least, most, lapse = fund_bounds(frame, fund)
        build.add_columns(f"brought.{fund.id}", pools, lower=least, upper=most, money=True)
        build.add_columns(f"carried.{fund.id}", pools, upper=np.inf if fund.carry_over else 0.0, money=True)
        build.add_columns(f"lapsed.{fund.id}", pools, upper=lapse, money=True)


def fund_bounds(frame: Frame, fund: Fund) -> tuple[Real, Real, Real]:
    """Least and most that comes in, and the most that may lapse: (pools, years), fen."""
    least, most = _supply(frame, fund)
    # Money that need not come in has no reason to lapse: forbidding it keeps the plan unique.
    refilled = any(
        m.recovers is not None and m.recovers.into == fund.id for m in frame.case.measures.values()
    )
    may_lapse = (least > 0) | (refilled and fund.supply is not Supply.OPEN)
    return least, most, np.where(may_lapse, np.inf, 0.0)


def _supply(frame: Frame, fund: Fund) -> tuple[Real, Real]:
    pools = frame.pools(fund)
    least = np.zeros((len(pools), len(frame.years)))
    most = np.full(least.shape, np.inf if fund.supply is Supply.OPEN else 0.0)
    if fund.supply is not Supply.OPEN:
        for i, pool in enumerate(pools):
            for j, year in enumerate(frame.years):
                row = frame.case.tables.supplied.get((fund.id, frame.ids[pool], year))
                if row is not None:
                    most[i, j] = np.inf if row.most is None else row.most
                    least[i, j] = most[i, j] if fund.supply is Supply.GIVEN else row.least
    return least, most


def principal(build: Builder, frame: Frame, measure: Measure) -> Iterator[tuple[int, Whole, Whole, Whole]]:
    """(year, pool numbers, columns, fen per lot) of the principal that comes back to the fund of `recovers`.

    One for every start of the horizon, whole fen per lot, rounded down; the year may lie after the horizon.
    """
    back = measure.recovers
    if back is None:
        return
    units = build.columns[f"units.{measure.id}"]
    pool_of = frame.pool_of(frame.case.funds[back.into])
    site = np.flatnonzero(pool_of[units.regions] >= 0)
    per_lot = lot_costs(frame, measure)[site] * back.share.numerator // back.share.denominator
    for j, start in enumerate(frame.years):
        yield start + back.after, pool_of[units.regions[site]], units.index[site, j], per_lot[:, j]


def _recovered(build: Builder, frame: Frame, fund: Fund) -> list[Term]:
    """Principal that comes back to the fund within the horizon, by row (pool, year)."""
    terms = []
    for measure in frame.case.measures.values():
        if measure.recovers is not None and measure.recovers.into == fund.id:
            for year, pools, columns, per_lot in principal(build, frame, measure):
                if year in frame.years:
                    rows = pools * len(frame.years) + frame.years.index(year)
                    terms.append(term(rows, columns, per_lot))
    return terms


def add_account_rows(build: Builder, frame: Frame) -> None:
    """`account.f`: what comes in is spent, carried or lapses; `floor.f`: little of it is not spent."""
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
        terms += _recovered(build, frame, fund)
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
