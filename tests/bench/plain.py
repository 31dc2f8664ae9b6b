"""The matrix of the synthetic province written by hand in plain numpy: the yardstick for building a program.

It knows this one province and nothing else: index arithmetic, one list of triples, one sort.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.bench.province import LIFTS, NEEDS, PAYERS

Whole = NDArray[np.int64]
FUNDS = ("central", "provincial", "county", "pooled", "social")
YEARS = 5


@dataclass(frozen=True, eq=False)
class Plain:
    """Compressed rows, as a solver takes them."""

    row_start: Whole
    column: Whole
    value: NDArray[np.float64]
    columns: int


class _Triples:
    def __init__(self) -> None:
        self.rows: list[Whole] = []
        self.columns: list[Whole] = []
        self.values: list[Whole] = []
        self.height = 0

    def block(self, size: int) -> Whole:
        """Numbers of `size` new rows."""
        self.height += size
        return np.arange(self.height - size, self.height)

    def add(self, rows: Whole, columns: Whole, values: Whole | int) -> None:
        shape = np.broadcast_shapes(rows.shape, columns.shape)
        self.rows.append(np.broadcast_to(rows, shape).ravel())
        self.columns.append(np.broadcast_to(columns, shape).ravel())
        self.values.append(np.broadcast_to(np.asarray(values, dtype=np.int64), shape).ravel())


def build_plain(villages: int) -> Plain:
    """The same rows and columns as `optimizer.program.build` makes of the province."""
    v = np.arange(villages)
    counties = max(1, villages // 87)
    county = v * counties // villages
    names = [*NEEDS, *LIFTS]
    pay = [[f in PAYERS[i % 5] for f in FUNDS] for part in (NEEDS, LIFTS) for i in range(len(part))]
    pay[1][3] = pay[len(NEEDS) + 2][4] = True
    width = 0

    def columns(regions: int) -> Whole:
        nonlocal width
        width += regions * YEARS
        return np.arange(width - regions * YEARS, width).reshape(regions, YEARS)

    units = [columns(villages) for _ in names]
    money = {(m, f): columns(villages) for m in range(len(names)) for f in range(5) if pay[m][f]}
    pools = [counties if name in ("county", "pooled") else 1 for name in FUNDS]
    fund = [(columns(p), columns(p), columns(p)) for p in pools]
    out = [columns(villages), columns(villages)]
    groups: list[tuple[int, ...]] = [(0,) if i < 4 else (0, 1) for i in range(len(LIFTS))]
    serves = {(i, g): columns(villages) for i in range(len(LIFTS)) for g in groups[i]}
    left = columns(counties)
    a = _Triples()
    amount = np.array([[1 + (i * (k + 3)) % (7 + k) for k in range(len(NEEDS))] for i in range(villages)])
    cost = np.array(
        [[(8000 if k < len(NEEDS) else 2500) + 100 * ((i * 13 + k * 29) % 41) for k in range(15)] for i in v]
    )
    _accounts(a, money, fund, pools, county)
    for m in range(len(names)):
        row = a.block(villages * YEARS).reshape(villages, YEARS)
        a.add(row, units[m], -100 * cost[:, m][:, None])
        for f in range(5):
            if pay[m][f]:
                a.add(row, money[m, f], 1)
    for k in range(len(NEEDS)):
        for j in range(YEARS):
            a.add(a.block(villages)[:, None], units[k][:, : j + 1], 1)
        a.add(a.block(villages)[:, None], units[k], 1)
    _people(a, out, serves, groups, units, villages)
    for j in range(YEARS):
        row = a.block(villages)
        a.add(row, out[0][:, j], -1)
        a.add(row[:, None], units[0][:, : j + 1], 2)
    _leaving(a, left, out, units, county, counties, amount, villages)
    for j in range(YEARS):
        a.add(a.block(1), np.concatenate([out[0][:, j], out[1][:, j]]), 1)
    for j in (2, 3, 4):
        a.add(a.block(1), left[:, j], 1)
    _rules(a, money, fund, county, counties)
    rows, cols, vals = (np.concatenate(part) for part in (a.rows, a.columns, a.values))
    order = np.argsort(rows, kind="stable")
    row_start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=a.height))])
    return Plain(row_start, cols[order], vals[order].astype(np.float64), width)


def _accounts(
    a: _Triples,
    money: dict[tuple[int, int], Whole],
    fund: list[tuple[Whole, Whole, Whole]],
    pools: list[int],
    county: Whole,
) -> None:
    for f, (brought, carried, lapsed) in enumerate(fund):
        row = a.block(pools[f] * YEARS).reshape(pools[f], YEARS)
        a.add(row, brought, 1)
        a.add(row[:, 1:], carried[:, :-1], 1)
        a.add(row, carried, -1)
        a.add(row, lapsed, -1)
        pool = county if pools[f] > 1 else np.zeros_like(county)
        for (_, payer), block in money.items():
            if payer == f:
                a.add(row[pool], block, -1)
        if f == 0:
            row = a.block(YEARS)[None]
            a.add(row, carried, 2)
            a.add(row, lapsed, 2)
            a.add(row, brought, -1)


def _people(
    a: _Triples,
    out: list[Whole],
    serves: dict[tuple[int, int], Whole],
    groups: list[tuple[int, ...]],
    units: list[Whole],
    villages: int,
) -> None:
    lift = [[600 + 150 * i, 900] for i in range(len(LIFTS))]
    for g, gap in ((0, 1900), (1, 1500)):
        for j in range(YEARS):
            row = a.block(villages)
            a.add(row, out[g][:, j], 1)
            if j:
                a.add(row, out[g][:, j - 1], -1)
        for j in range(YEARS):
            row = a.block(villages)
            a.add(row, out[g][:, j], -100 * gap)
            for (i, group), block in serves.items():
                if group == g:
                    a.add(row, block[:, j], 100 * lift[i][g])
    for i, served in enumerate(groups):
        for g in served:
            for j in range(YEARS):
                row = a.block(villages)
                a.add(row, serves[i, g][:, j], 1)
                a.add(row, out[g][:, j], -1)
        for j in range(YEARS):
            row = a.block(villages)
            a.add(row[:, None], units[len(NEEDS) + i][:, : j + 1], -1)
            for g in served:
                a.add(row, serves[i, g][:, j], 1)


def _leaving(
    a: _Triples,
    left: Whole,
    out: list[Whole],
    units: list[Whole],
    county: Whole,
    counties: int,
    amount: Whole,
    villages: int,
) -> None:
    members = np.array([[40 + (7 * i) % 31, 20 + (5 * i) % 17] for i in range(villages)])
    stock = np.bincount(county, weights=members.sum(axis=1), minlength=counties).astype(np.int64)
    limit = np.bincount(county, minlength=counties) * 18
    for j in range(YEARS):
        row = a.block(counties)
        a.add(row, left[:, j], 1)
        if j:
            a.add(row, left[:, j - 1], -1)
    everyone = [-(-percent * int(stock.sum()) // 100) for percent in (20, 45, 70, 90, 100)]
    for j, due in enumerate(everyone):
        row = a.block(counties)
        spare = np.maximum(due - (members.sum() - members.sum(axis=1)), 0)
        required = np.bincount(county, weights=spare, minlength=counties).astype(np.int64)
        for g in (0, 1):
            a.add(row[county], out[g][:, j], -1)
        a.add(row, left[:, j], np.maximum(stock - required - limit, 0))
    houses = np.bincount(county, weights=amount[:, 0], minlength=counties).astype(np.int64)
    for j in range(YEARS):
        row = a.block(counties)
        a.add(row[county][:, None], units[0][:, : j + 1], 1)
        a.add(row, left[:, j], 0 if j == YEARS - 1 else -houses)


def _rules(
    a: _Triples,
    money: dict[tuple[int, int], Whole],
    fund: list[tuple[Whole, Whole, Whole]],
    county: Whole,
    counties: int,
) -> None:
    for j in range(YEARS):
        row = a.block(1)
        a.add(row, fund[1][0][:, j], 5)
        a.add(row, fund[0][0][:, j], -2)
    for j in range(YEARS):
        row = a.block(counties)
        for (m, _), block in money.items():
            a.add(row[county], block[:, j], 5 if m >= len(NEEDS) else -1)
