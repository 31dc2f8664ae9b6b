"""Money as whole fen and rates as exact rationals.

Amounts enter as text with a declared unit and leave as `int` fen; nothing here is a float.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

#: Fen in one of each money unit a file or a command may use.
MONEY_UNITS = {
    "分": 1,
    "fen": 1,
    "元": 100,
    "yuan": 100,
    "万元": 1_000_000,
    "wanyuan": 1_000_000,
    "亿元": 10_000_000_000,
    "yiyuan": 10_000_000_000,
}


class MoneyError(ValueError):
    """An amount that cannot be read as whole fen."""


def fen(amount: str, unit: str) -> int:
    """Whole fen of a decimal text in a declared unit, e.g. `fen("110.5", "万元")` is 110_500_000.

    Raises MoneyError when the unit is unknown, the text is not a plain decimal number, or the amount is
    not a whole number of fen.
    """
    if unit not in MONEY_UNITS:
        raise MoneyError(f"unknown money unit {unit!r}; known: {', '.join(MONEY_UNITS)}")
    value = Fraction(decimal(amount)) * MONEY_UNITS[unit]
    if value.denominator != 1:
        raise MoneyError(f"{amount} {unit} is not a whole number of fen")
    return int(value)


def decimal(text: str) -> Decimal:
    """A plain finite decimal number; raises MoneyError for anything else (1e5, NaN, 1,000)."""
    plain = text[1:] if text[:1] in "+-" else text
    if not plain.isascii() or not plain.replace(".", "", 1).isdigit():
        raise MoneyError(f"{text!r} is not a plain decimal number")
    try:
        return Decimal(text)
    except InvalidOperation as error:  # pragma: no cover - the check above lets nothing through
        raise MoneyError(f"{text!r} is not a plain decimal number") from error


def rate(text: str) -> Fraction:
    """An exact rational from `0.4`, `40%`, `2/5` or `7`; raises MoneyError for anything else."""
    body = text.strip()
    if body.endswith("%"):
        return Fraction(decimal(body[:-1].strip())) / 100
    if "/" in body:
        top, _, bottom = body.partition("/")
        denominator = Fraction(decimal(bottom.strip()))
        if denominator == 0:
            raise MoneyError(f"{text!r} divides by zero")
        return Fraction(decimal(top.strip())) / denominator
    return Fraction(decimal(body))


def parts(total: int, shares: Sequence[Fraction]) -> tuple[int, ...]:
    """`total` split in whole numbers in proportion to `shares` (largest remainder, ties to the first).

    The parts add up to `total` exactly. Shares are non-negative and not all zero.
    """
    whole = sum(shares, Fraction(0))
    if whole <= 0 or min(shares) < 0:
        raise MoneyError("shares must be non-negative and not all zero")
    exact = [total * share / whole for share in shares]
    floors = [part.numerator // part.denominator for part in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: (floors[i] - exact[i], i))
    for i in by_remainder[: total - sum(floors)]:
        floors[i] += 1
    return tuple(floors)


def yuan(amount: int) -> str:
    """Fen as yuan with two decimals, without separators: `yuan(-1)` is "-0.01"."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def spelled(amount: int) -> str:
    """Fen as yuan for reading, exact, with separators: `1,234.05`."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def wan(amount: int, digits: int = 2) -> str:
    """Fen as 万元 for reading, rounded half up to `digits`, with separators."""
    quantum = Decimal(1).scaleb(-digits)
    value = (Decimal(amount) / Decimal(1_000_000)).quantize(quantum, rounding="ROUND_HALF_UP")
    return f"{value:,}"
