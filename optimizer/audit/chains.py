"""The chain of payers of a measure with layers, worked out by the auditor himself, in exact rationals.

What a layer owes is read off the bill and the layers before it: the share of what is left above the
deductible, no more than its cap, and never a part of a fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor

from models.case import Case
from models.policy import Measure


def owed(measure: Measure, bill: int) -> Mapping[str, int]:
    """Layer id -> fen it pays of one unit's bill; the layers that are paid outside the case included."""
    due: dict[str, int] = {}
    for layer in measure.layers:
        rest = Fraction(bill - sum(due.values()) - layer.deductible)
        exact = layer.rate * rest if rest > 0 else Fraction(0)
        if layer.cap is not None and exact > layer.cap:
            exact = Fraction(layer.cap)
        due[layer.id] = floor(exact)
    return due


def cost_of_unit(case: Case, measure: Measure, region: str, year: int) -> int | None:
    """Fen of a unit that the funds of the case pay: the row of costs.csv, or what its layers leave them."""
    bill = case.bill(measure.id, region, year)
    return None if bill is None else cost_of_bill(measure, bill)


def cost_of_bill(measure: Measure, bill: int) -> int:
    """What of a row of costs.csv the case's own layers pay: all of it without layers."""
    if not measure.layers:
        return bill
    due = owed(measure, bill)
    return sum(due[layer.id] for layer in measure.layers if layer.payer is not None)
