"""A linear form over a batch of rows, exact: what the two sides of a rule become.

`Linear` holds one constant per row and terms whose coefficients are whole numbers times one rational factor
per row. Adding, negating and scaling never leave the rationals; `whole` finds each row's multiplier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from optimizer.program.matrix import LARGEST, ProgramError, Term, Truth, Whole

Factors = tuple[Fraction, ...]


@dataclass(frozen=True, eq=False)
class Linear:
    """`constant[i] + sum of factor[i] x terms in row i`.

    `selects[i]` is False when the quantities in it select nothing for row i; `known[i]` is False when a
    figure it needs is missing. `quantities` counts the quantities in it.
    """

    constant: Factors
    terms: tuple[tuple[Term, Factors], ...]
    selects: Truth
    known: Truth
    quantities: int

    @classmethod
    def number(cls, values: Sequence[Fraction]) -> Linear:
        """A constant per row."""
        size = len(values)
        return cls(tuple(values), (), np.zeros(size, np.bool_), np.ones(size, np.bool_), 0)

    def plus(self, other: Linear, sign: int) -> Linear:
        """self + sign x other."""
        return Linear(
            tuple(a + sign * b for a, b in zip(self.constant, other.constant, strict=True)),
            self.terms + tuple((term, tuple(sign * f for f in factors)) for term, factors in other.terms),
            self.selects | other.selects,
            self.known & other.known,
            self.quantities + other.quantities,
        )

    def times(self, factors: Factors, by: Linear) -> Linear:
        """self x factors, row by row; `by` is the constant form the factors came from."""
        return Linear(
            tuple(a * f for a, f in zip(self.constant, factors, strict=True)),
            tuple(
                (term, tuple(a * f for a, f in zip(old, factors, strict=True))) for term, old in self.terms
            ),
            self.selects | by.selects,
            self.known & by.known,
            self.quantities + by.quantities,
        )

    def repeated(self, size: int) -> Linear:
        """The one row of this form, `size` times."""
        rows = np.arange(size, dtype=np.int64)
        terms = tuple(
            (
                Term(np.repeat(rows, len(part.row)), np.tile(part.column, size), np.tile(part.value, size)),
                factors * size,
            )
            for part, factors in self.terms
        )
        return Linear(
            self.constant * size,
            terms,
            np.repeat(self.selects, size),
            np.repeat(self.known, size),
            self.quantities,
        )

    @property
    def decided(self) -> bool:
        """Whether anything in it is the plan's to decide."""
        return bool(self.terms)


def whole(form: Linear, keep: Whole) -> tuple[list[Term], Whole, Whole]:
    """Terms, constants and multipliers of the rows `keep`, renumbered from 0, in whole numbers."""
    multipliers = []
    for i in keep:
        rates = [factors[i] for _, factors in form.terms]
        multipliers.append(lcm(form.constant[i].denominator, *(rate.denominator for rate in rates)))
    constants = [int(form.constant[i] * m) for i, m in zip(keep, multipliers, strict=True)]
    if any(abs(value) > LARGEST for value in [*constants, *multipliers]):
        raise ProgramError("a rule's figures are too large for exact 64-bit arithmetic; use rounder rates")
    number = np.full(len(form.constant), -1, dtype=np.int64)
    number[keep] = np.arange(len(keep))
    terms = []
    for part, factors in form.terms:
        scaled = np.zeros(len(form.constant), dtype=np.int64)
        scaled[keep] = [int(factors[i] * m) for i, m in zip(keep, multipliers, strict=True)]
        chosen = number[part.row] >= 0
        row = part.row[chosen]
        terms.append(Term(number[row], part.column[chosen], part.value[chosen] * scaled[row]))
    return terms, np.array(constants, dtype=np.int64), np.array(multipliers, dtype=np.int64)
