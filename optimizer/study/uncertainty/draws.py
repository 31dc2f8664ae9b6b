"""Draws: one factor for every uncertain figure of a case, the same for the same seed and number, anywhere.

A draw depends on the seed and its own number only, never on how many were made before it or by whom.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from models.case import Case
from models.policy import Uncertain
from optimizer.read import apply_patches

#: Factors are whole multiples of this.
GRAIN = 1_000_000

Factors = Mapping[str, Fraction]


def draw(case: Case, seed: int, number: int) -> Factors:
    """The factor of every uncertain figure in the draw of this number."""
    stream = np.random.default_rng([seed, number])
    return {
        item.id: factor(item, Fraction(int(stream.integers(0, 2**53)), 2**53))
        for item in case.uncertain.values()
    }


def factor(item: Uncertain, quantile: Fraction) -> Fraction:
    """The factor below which a draw falls with this probability, to the nearest GRAIN-th."""
    width = item.high - item.low
    if item.mode is None or not width:
        exact = item.low + quantile * width
    else:
        turn = (item.mode - item.low) / width
        if quantile <= turn:
            part = math.sqrt(quantile * turn)
            exact = item.low + Fraction(part) * width
        else:
            part = math.sqrt((1 - quantile) * (1 - turn))
            exact = item.high - Fraction(part) * width
    return Fraction(round(exact * GRAIN), GRAIN)


def drawn(case: Case, factors: Factors) -> Case:
    """The case as it turns out."""
    return apply_patches(case, patches(case, factors))


def patches(case: Case, factors: Factors) -> tuple[str, ...]:
    """The factors in the form of `--set`; a factor of 1 changes nothing and is left out."""
    return tuple(
        f"{case.uncertain[id].path}={_decimal(value)}x" for id, value in factors.items() if value != 1
    )


def _decimal(value: Fraction) -> str:
    millionths = round(value * GRAIN)
    return f"{millionths // GRAIN}.{millionths % GRAIN:06d}"
