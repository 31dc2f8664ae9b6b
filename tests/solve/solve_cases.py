"""Problems that several tests of this room use."""

from __future__ import annotations

from math import inf

import numpy as np

from optimizer.solve import Problem
from optimizer.solve.selftest import dense

INSTALLED = ("highs", "ortools", "cbc")


def market_split(rows: int = 4, columns: int = 34) -> Problem:
    """Split every row in two equal halves: no solver proves anything about it within seconds."""
    generator = np.random.default_rng(1)
    matrix = generator.integers(0, 100, (rows, columns)).astype(float)
    half = matrix.sum(axis=1) // 2
    full = np.hstack([matrix, np.eye(rows), -np.eye(rows)])
    problem = dense(
        [0.0] * columns + [1.0] * (2 * rows),
        [(row.tolist(), side, side) for row, side in zip(full, half.tolist(), strict=True)],
        upper=[1.0] * columns + [inf] * (2 * rows),
    )
    problem.integer[:columns] = True
    return problem


def random_problem(seed: int, mip: bool) -> Problem:
    """Small, with every kind of row and bound, negative costs and scales; some are unbounded."""
    generator = np.random.default_rng(seed)
    n, m = int(generator.integers(2, 9)), int(generator.integers(1, 8))
    matrix = np.where(generator.random((m, n)) < 0.6, generator.integers(-5, 10, (m, n)), 0).astype(float)
    activity = matrix @ generator.integers(0, 6, n)
    kind, slack = generator.integers(0, 4, m), generator.integers(0, 4, m)
    row_lower = np.select([kind == 0, kind == 2], [activity, np.full(m, -inf)], activity - slack)
    row_upper = np.select([kind == 0, kind == 1], [activity, np.full(m, inf)], activity + slack)
    if generator.random() < 0.15:
        row_lower = row_lower + generator.integers(0, 3, m) * 0.5
        row_upper = np.maximum(row_upper, row_lower)
    integer = (generator.random(n) < 0.6) & mip
    row, column = np.nonzero(matrix)
    return Problem(
        cost=generator.integers(-4, 12, n).astype(float),
        offset=float(generator.integers(-5, 5)),
        lower=np.select([generator.random(n) < 0.15, generator.random(n) < 0.2], [-inf, -3.0], 0.0),
        upper=np.where(generator.random(n) < 0.8, 10.0, inf),
        integer=integer,
        row_start=np.concatenate(([0], np.cumsum(np.count_nonzero(matrix, axis=1)))).astype(np.int64),
        column=column,
        value=matrix[row, column],
        row_lower=row_lower,
        row_upper=row_upper,
        column_scale=np.where(integer, 1.0, 10.0 ** generator.integers(-1, 4, n)),
        row_scale=np.power(10.0, generator.integers(-1, 2, m)).astype(np.float64),
        cost_scale=float(10.0 ** generator.integers(-1, 3)),
    )
