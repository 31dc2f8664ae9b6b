"""A cell to an exact figure: money in whole fen, numbers as fractions, years; and how it was written, if
not plainly.

Text numbers, full-width digits and thousands separators are read where they can mean one thing only, and
said;
everything else is a Fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from models.money import yuan
from optimizer.read import figures
from optimizer.read.figures import Fault
from optimizer.read.foreign.grid import Cell
from optimizer.read.foreign.words import money_unit, narrow, normal, vocabulary, year_in
from optimizer.read.sheets import CellKind as Kind

_SEPARATED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_WITH_UNIT = re.compile(r"([-+]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*([^\W\d_]+|㎡)")
_DASHES = frozenset("-—–－―/")


@dataclass(frozen=True, slots=True)
class Written:
    """A number as plain text, the unit that stands in the cell, and how it was written (codes of notes)."""

    text: str
    unit: str
    how: tuple[str, ...]


def written(cell: Cell, typed: bool) -> Written:
    """The plain text of a number; raises Fault for what is none."""
    if cell.kind is Kind.ERROR:
        raise Fault("excel-error")
    if cell.kind is Kind.UNCACHED:
        raise Fault("foreign-uncached")
    if cell.kind in (Kind.DATE, Kind.BOOLEAN):
        raise Fault("foreign-not-a-figure", kind=_KINDS[cell.kind])
    if cell.kind is Kind.NUMBER:
        return Written(cell.text, "", ())
    how = ["text-number"] if typed else []
    plain = narrow(cell.text).replace("−", "-").lstrip("'")
    if plain.replace(" ", "") != cell.text.replace(" ", ""):
        how.append("wide-number")
    if set(plain) <= _DASHES and len(plain) <= 2:
        return Written("0", "", ("dash",))
    plain = re.sub(r"^[¥￥]\s*", "", plain)
    unit = ""
    if (found := _WITH_UNIT.fullmatch(plain)) is not None:
        plain, unit = found.groups()
        how.append("unit-in-cell")
    if _SEPARATED.fullmatch(plain):
        plain = plain.replace(",", "")
        how.append("thousands-read")
    return Written(plain, unit, tuple(how))


_KINDS = {Kind.DATE: ("日期", "a date"), Kind.BOOLEAN: ("逻辑值", "TRUE or FALSE")}


def money(cell: Cell, unit: str, typed: bool) -> tuple[int, tuple[str, ...]]:
    """Whole fen, and how the cell was written. `unit` as `words.money_unit` gives it; empty: not stated."""
    found = written(cell, typed)
    if found.text == "0" and not found.unit:
        return 0, found.how
    own = money_unit(found.unit) if found.unit else None
    if found.unit and own is None:
        raise Fault("not-a-number")
    scales = vocabulary().money
    if own is not None and unit and scales[own] != scales[unit]:
        raise Fault("foreign-cell-unit", cell=own, column=unit)
    if own is None and not unit:
        raise Fault("foreign-unit-missing")
    name = own or unit
    value = _number(found.text) * scales[name]
    if value.denominator != 1:
        exact = figures.plain_text(value / 100) or f"{value / 100}"
        near = yuan(round(value))
        raise Fault("foreign-not-fen", unit=name, exact=exact, near=near)
    return int(value), (*found.how, *(("negative",) if value < 0 else ()))


def number(cell: Cell, typed: bool) -> tuple[Fraction, str, tuple[str, ...]]:
    """An exact number, the unit that stands in the cell, and how it was written."""
    found = written(cell, typed)
    value = _number(found.text)
    if value < 0:
        raise Fault("negative")
    return value, found.unit, found.how


def year(cell: Cell) -> int:
    """A year; raises Fault."""
    found = year_in(cell.text) if cell.kind in (Kind.TEXT, Kind.NUMBER) else None
    if found is None:
        if cell.kind is Kind.ERROR:
            raise Fault("excel-error")
        if cell.kind is Kind.UNCACHED:
            raise Fault("foreign-uncached")
        raise Fault("bad-year")
    return found


def same_unit(one: str, other: str) -> bool:
    """Two words for one unit of quantity."""
    first, second = normal(one), normal(other)
    return first == second or second in vocabulary().units.get(first, frozenset())


def _number(text: str) -> Fraction:
    value = figures.number(text)
    if "%" in text or "/" in text:
        raise Fault("not-a-number")
    return value


def year_or_none(text: str) -> int | None:
    """A year, or None."""
    return year_in(text)
