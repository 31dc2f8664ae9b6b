"""Figures for reading: money in one rounded unit per page, exact yuan behind it, amounts with their units.

Whole fen and rationals come in and text goes out. A page shows all its rounded money in one `Scale`, and says
so wherever the rounded parts do not add up to the rounded total.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from models.citation import Language, Text
from models.money import spelled
from models.unit_words import unit_word


@dataclass(frozen=True)
class Scale:
    """How money is shown: rounded to `quantum` fen, which in each language is so many decimals of a unit."""

    quantum: int
    unit: Text
    digits_zh: int
    digits_en: int

    def show(self, fen: int, language: Language) -> str:
        """The amount without its unit, rounded half up; what would vanish is shown as less than the least."""
        steps = self.steps(fen)
        digits = self.digits_zh if language is Language.ZH else self.digits_en
        least = "" if steps or not fen else "<" if fen > 0 else "-<"
        return least + _decimal(steps or (1 if fen else 0), digits)

    def said(self, fen: int, language: Language) -> str:
        """The amount with its unit."""
        return f"{self.show(fen, language)} {self.unit.said(language)}"

    def steps(self, fen: int) -> int:
        """The amount in whole quanta, rounded half up."""
        steps = (2 * abs(fen) + self.quantum) // (2 * self.quantum)
        return -steps if fen < 0 else steps

    def adds_up(self, parts: Iterable[int]) -> bool:
        """Whether the rounded parts add up to the rounded total."""
        amounts = list(parts)
        return sum(map(self.steps, amounts)) == self.steps(sum(amounts))


_HUNDRED_WAN = Scale(10**8, Text(zh="亿元", en="million yuan"), 2, 0)
_ONE_WAN = Scale(10**6, Text(zh="万元", en="million yuan"), 0, 2)
_HUNDRED_YUAN = Scale(10**4, Text(zh="万元", en="thousand yuan"), 2, 1)


def scale_for(total: int) -> Scale:
    """The scale in which a total has five figures or more: from 100 亿元, from 1 亿元, or below."""
    if abs(total) >= 10**12:
        return _HUNDRED_WAN
    return _ONE_WAN if abs(total) >= 10**10 else _HUNDRED_YUAN


def _decimal(steps: int, digits: int) -> str:
    sign = "-" if steps < 0 else ""
    whole, rest = divmod(abs(steps), 10**digits)
    return f"{sign}{whole:,}" + (f".{rest:0{digits}d}" if digits else "")


def whole_yuan(fen: int) -> str:
    """Fen as whole yuan, rounded half up, with separators."""
    return f"{(fen + 50) // 100:,}"


def number(value: Fraction | int) -> str:
    """A number for reading, with separators; at most two decimals, and `≈` where that is not exact."""
    value = Fraction(value)
    if value.denominator == 1:
        return f"{int(value):,}"
    steps = _half_up(value * 100)
    text = _decimal(steps, 2).rstrip("0").rstrip(".")
    return text if Fraction(steps, 100) == value else f"≈{text}"


def amount(value: Fraction, unit: str, language: Language) -> str:
    """An amount of a finding with its unit: money in exact yuan."""
    if unit == "money":
        text = spelled(int(value)) if value.denominator == 1 else number(value / 100)
        return f"{text} {'元' if language is Language.ZH else 'yuan'}"
    return f"{number(value)} {unit_word(unit, language, abs(value))}".rstrip()


def percent(part: Fraction | int, whole: Fraction | int) -> str:
    """A share with one decimal, half up; nothing of nothing is a dash. Never shows 100 % or 0 % wrongly."""
    if not whole:
        return "–"
    share = Fraction(part) / Fraction(whole)
    tenths = _half_up(share * 1000)
    if tenths == 1000 and share < 1:
        return ">99.9%"
    if tenths == 0 and share > 0:
        return "<0.1%"
    return f"{tenths // 10}.{tenths % 10}%"


def _half_up(value: Fraction) -> int:
    steps = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return -steps if value < 0 else steps
