"""Work out the formulas of a workbook from its constants alone, exactly: what a spreadsheet would show.

Knows what our formulas use: + - * /, SUM, SUBTOTAL(9; ...), SUMIF, ROUND, ranges, other sheets.
"""

from __future__ import annotations

import io
import re
from fractions import Fraction
from functools import cached_property
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string, range_boundaries

Place = tuple[str, int, int]
Value = Fraction | str | None

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*)|(?P<text>\"(?:[^\"]|\"\")*\")|(?P<name>[A-Z]+)\("
    r"|(?P<area>(?:'(?:[^']|'')+'!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)|(?P<sign>[-+*/(),]))"
)


class Recalculated:
    """A workbook with its cached values and, by `value`, the values worked out anew."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.cached = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        self._known: dict[Place, Value] = {}

    @cached_property
    def formulas(self) -> dict[Place, str]:
        """Every formula by sheet, row and column."""
        return {
            (sheet.title, int(cell.row or 0), int(cell.column or 0)): str(cell.value)
            for sheet in self.book
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        }

    def differences(self) -> list[str]:
        """Formulas whose cached value is not what they work out to, to a hundredth of a fen."""
        found = []
        for place, formula in self.formulas.items():
            sheet, row, column = place
            cached = self.cached[sheet].cell(row, column).value
            value = self.value(place)
            same = (
                isinstance(cached, int | float)
                and isinstance(value, Fraction)
                and abs(Fraction(repr(cached)) - value) < Fraction(1, 10**10)
            )
            if not same:
                found.append(f"{sheet}!R{row}C{column} {formula}: cached {cached}, works out to {value}")
        return found

    def value(self, place: Place) -> Value:
        """The value of a cell."""
        if place not in self._known:
            sheet, row, column = place
            found: Any = self.book[sheet].cell(row, column).value
            if place in self.formulas:
                self._known[place] = _Reader(self, sheet, str(found)[1:]).all()
            elif isinstance(found, int | float):
                self._known[place] = Fraction(repr(found))
            else:
                self._known[place] = found
        return self._known[place]

    def area(self, sheet: str, text: str) -> list[Place]:
        """The cells of a range."""
        if "!" in text:
            name, text = text.rsplit("!", 1)
            sheet = name.strip("'").replace("''", "'")
        left, top, right, bottom = range_boundaries(text.replace("$", ""))
        assert None not in (left, top, right, bottom)
        return [
            (sheet, row, column)
            for row in range(int(top or 0), int(bottom or 0) + 1)
            for column in range(int(left or 0), int(right or 0) + 1)
        ]


class _Reader:
    """Recursive descent over one formula."""

    def __init__(self, book: Recalculated, sheet: str, text: str) -> None:
        self.book, self.sheet, self.text, self.at = book, sheet, text, 0

    def all(self) -> Value:
        value = self.sum()
        assert self.at == len(self.text), f"cannot read {self.text!r} from {self.text[self.at :]!r}"
        return value

    def next(self) -> re.Match[str] | None:
        return _TOKEN.match(self.text, self.at)

    def take(self, sign: str) -> bool:
        found = self.next()
        if found is None or found["sign"] != sign:
            return False
        self.at = found.end()
        return True

    def sum(self) -> Value:
        value = self.product()
        while True:
            if self.take("+"):
                value = _number(value) + _number(self.product())
            elif self.take("-"):
                value = _number(value) - _number(self.product())
            else:
                return value

    def product(self) -> Value:
        value = self.atom()
        while True:
            if self.take("*"):
                value = _number(value) * _number(self.atom())
            elif self.take("/"):
                value = _number(value) / _number(self.atom())
            else:
                return value

    def atom(self) -> Value:
        found = self.next()
        assert found is not None, f"cannot read {self.text!r} at {self.at}"
        self.at = found.end()
        if found["number"]:
            return Fraction(found["number"])
        if found["text"]:
            return found["text"][1:-1].replace('""', '"')
        if found["area"]:
            (place,) = self.book.area(self.sheet, found["area"])
            return self.book.value(place)
        if found["sign"] == "(":
            value = self.sum()
            assert self.take(")")
            return value
        return self.call(found["name"])

    def call(self, name: str) -> Fraction:
        if name == "ROUND":
            value, _ = self.sum(), self.take(",")
            digits = self.sum()
            assert self.take(")")
            return Fraction(round(_number(value), int(_number(digits))))
        arguments = [self.argument()]
        while self.take(","):
            arguments.append(self.argument())
        assert self.take(")")
        if name == "SUM":
            return sum(
                (_number(self.book.value(p)) for area in arguments for p in _places(area)), Fraction(0)
            )
        if name == "SUBTOTAL":
            assert arguments[0] == Fraction(9)
            own = [p for p in _places(arguments[1]) if "SUBTOTAL(" not in self.book.formulas.get(p, "")]
            return sum((_number(self.book.value(place)) for place in own), Fraction(0))
        assert name == "SUMIF", name
        keys, rule, amounts = arguments
        pairs = zip(_places(keys), _places(amounts), strict=True)
        return sum(
            (_number(self.book.value(there)) for key, there in pairs if _fits(self.book.value(key), rule)),
            Fraction(0),
        )

    def argument(self) -> Value | list[Place]:
        found = self.next()
        if found is not None and found["area"] and ":" in found["area"]:
            self.at = found.end()
            return self.book.area(self.sheet, found["area"])
        if found is not None and found["area"]:
            after = _TOKEN.match(self.text, found.end())
            if after is not None and after["sign"] in (",", ")"):
                self.at = found.end()
                return self.book.area(self.sheet, found["area"])
        return self.sum()


def _places(argument: Value | list[Place]) -> list[Place]:
    assert isinstance(argument, list)
    return argument


def _number(value: Value) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(0)


def _fits(value: Value, rule: object) -> bool:
    """Whether SUMIF counts a cell."""
    if rule == ">0":
        return isinstance(value, Fraction) and value > 0
    return value is not None and value == rule


def column(letters: str) -> int:
    """Number of a column."""
    return column_index_from_string(letters)
