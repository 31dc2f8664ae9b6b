"""The factor method (因素法): by which numbers, with which weights, money is divided by formula.

A `FactorMethod` is data: presets come with fenpei, a bureau writes its own. What a factor's name means for
a case is worked out in `optimizer.study.baseline`.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from models.citation import Citation, Closed, Text


class FactorKind(StrEnum):
    """What a factor measures in a region."""

    PERSONS = "poor_persons"  # 贫困人口: the groups that count persons
    VILLAGES = "poor_villages"  # 贫困村: the groups that count villages
    GAP = "income_gap"  # 贫困深度: members x income gap of the first year, fen
    NEED = "need"  # amount of the need `of`, all years together
    ATTRIBUTE = "attribute"  # the region attribute `of`
    EQUAL = "equal"  # 均等: 1 for every region that has any poor


class Direction(StrEnum):
    """Whether more of the factor draws more money."""

    MORE = "more"
    LESS = "less"  # by 1/value: incomes, own revenue per head


class Factor(Closed):
    """One factor: regions share `weight` of the money in proportion to its value (or to 1/value)."""

    kind: FactorKind
    of: str | None = None
    """The need or the attribute."""
    per: str | None = None
    """An attribute that the value is divided by, as in poor persons per rural population."""
    weight: Fraction
    direction: Direction = Direction.MORE
    note: str | None = None


class FactorMethod(Closed):
    """因素法: factors whose weights add up to 1 once they are divided by their sum."""

    id: str
    title: Text
    citation: Citation
    factors: tuple[Factor, ...]
