"""The Submission: a table of money that somebody else made, line by line, with the place of every figure.

An Allocation knows sums only. An auditor also needs what a bureau's table says beside them: the name of the
project, the subject code, the payee, the totals that it prints, and the cell in which each stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from models.allocation import Allocation
from models.citation import Text


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a figure stands: file, sheet (None: it has none), cell (`F12`, or `12:amount` in a CSV)."""

    file: str
    sheet: str | None
    cell: str

    def __str__(self) -> str:
        return ":".join(part for part in (self.file, self.sheet, self.cell) if part is not None)


@dataclass(frozen=True, slots=True)
class Line:
    """One amount of a table. Ids are the case's; None: not said (a detail) or all of them (a total)."""

    spot: Spot
    amount: int
    """fen"""
    region: str | None = None
    measure: str | None = None
    fund: str | None = None
    year: int | None = None
    quantity: Fraction | None = None
    """Units of the measure that the row speaks of; the lines of one row (several funds) share it: the sum of
    units is `allocation.units`."""
    unit_cost: Fraction | None = None
    """fen per unit, where the table prints one"""
    subject: str = ""
    """功能科目, as written"""
    project: str = ""
    """项目名称, as written"""
    payee: str = ""
    """收款单位 or beneficiary, as written"""
    document: str = ""
    """文号, as written"""


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """What a header was taken for: a field of Line (`meaning`) and the unit of its figures (万元, 户 ...)."""

    spot: Spot
    header: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something in a table that was read and deserves to be said: a text number, a hidden row, a short
    name."""

    spot: Spot
    text: Text


@dataclass(frozen=True)
class Submission:
    """报送表: `details` make the allocation; `totals` repeat sums of them (合计, 小计, a parent region)."""

    allocation: Allocation
    details: tuple[Line, ...] = ()
    totals: tuple[Line, ...] = ()
    columns: tuple[MappedColumn, ...] = ()
    ignored: tuple[MappedColumn, ...] = ()
    """Columns that mean nothing to fenpei; `meaning` is empty. They are named, never used."""
    notes: tuple[Note, ...] = ()
    exit_cells: Mapping[tuple[str, int], tuple[Spot, ...]] = field(default_factory=dict)
    """(region, year) -> where the table says how many leave there and then."""
