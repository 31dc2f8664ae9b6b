"""Safe bounds: any weights of rows bound a goal from below, whoever proposed them and however roughly.

The rows are added up with their weights. What the sum leaves of each column is taken at the bound of the
column where it is least; so the weights may be rounded as one likes, at the price of a weaker bound
(Neumaier and Shcherbina's safe dual bound, in whole numbers instead of rounded floats).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from optimizer.proof.box import Box
from optimizer.proof.system import System

#: Row -> whole weight; rows that are not named weigh nothing.
Weights = Mapping[int, int]


def least_value(
    system: System, box: Box, cost: Mapping[int, int], weights: Weights, denominator: int = 1
) -> Fraction | None:
    """What `cost @ x` is at least, for every solution in the box; None where the weights bound nothing.

    The weight of row i is `weights[i] / denominator`: with the row prices of an optimal basis the bound
    is the optimum of the relaxation.
    """
    total = _least(system, box, {j: c * denominator for j, c in cost.items()}, weights)
    return None if total is None else Fraction(total, denominator)


def contradicts(system: System, box: Box, weights: Weights) -> bool:
    """Whether the weighted sum of the rows holds at no point of the box (a Farkas proof)."""
    total = _least(system, box, {}, weights)
    return total is not None and total > 0


def _least(system: System, box: Box, cost: Mapping[int, int], weights: Weights) -> int | None:
    """min cost @ x = min (cost - w A) x + w (A x) >= sum of each part at its own least end."""
    left = dict(cost)
    total = 0
    for i, weight in weights.items():
        if weight == 0:
            continue
        end = system.row_lower[i] if weight > 0 else system.row_upper[i]
        if end is None:
            return None
        total += weight * end
        for j, value in system.row(i):
            left[j] = left.get(j, 0) - weight * value
    for j, amount in left.items():
        if amount == 0:
            continue
        end = box.lower[j] if amount > 0 else box.upper[j]
        if end is None:
            return None
        total += amount * end
    return total
