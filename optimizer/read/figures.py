"""Text to exact numbers: whole numbers, rates, whole fen. No float ever, and no guess.

Everything that is not a plain number raises a `Fault` that names its kind (full-width digits, thousands
separators, an Excel error, NaN ...) and, where there is one, the way to write it.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from models.money import MONEY_UNITS

_PLAIN = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,12}))?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:[,，'’ ][0-9]{3})+(?:\.[0-9]+)?")
_EXCEL_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?", re.IGNORECASE)
_NOT_A_NUMBER = {
    "nan",
    "inf",
    "-inf",
    "+inf",
    "infinity",
    "-infinity",
    "null",
    "none",
    "n/a",
    "na",
    "-",
    "—",
    "/",
}
_EXPONENT = re.compile(r"[+-]?[0-9.]+[eE][+-]?[0-9]+")
_WITH_UNIT = re.compile(r"(.*?)\s*([^\W\d_]+)")
#: Fen in one unit as a power of ten: digits after the point that are still whole fen.
_SCALES = {unit: len(str(scale)) - 1 for unit, scale in MONEY_UNITS.items()}


class Fault(ValueError):
    """A text that is no number of the wanted kind; `code` and `words` make the message."""

    def __init__(self, code: str, **words: object) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def whole(text: str) -> int:
    """A whole number; `12.0` is one, `1.5` is not."""
    sign, digits, decimals = _parts(text)
    if decimals.strip("0"):
        raise Fault("not-whole")
    return int(sign + digits)


def count(text: str) -> int:
    """A whole number of at least 0."""
    value = whole(text)
    if value < 0:
        raise Fault("negative")
    return value


def number(text: str) -> Fraction:
    """An exact number from `0.4`, `40%`, `2/5` or `7`."""
    body = text.strip()
    if body.endswith("%"):
        return _decimal(body[:-1].strip()) / 100
    top, slash, bottom = body.partition("/")
    if not slash or not bottom.strip() or not top.strip():
        return _decimal(body)
    denominator = _decimal(bottom.strip())
    if denominator == 0:
        raise Fault("divides-by-zero")
    return _decimal(top.strip()) / denominator


def amount(text: str) -> Fraction:
    """An exact number of at least 0."""
    value = number(text)
    if value < 0:
        raise Fault("negative")
    return value


def money(text: str, unit: str) -> int:
    """Whole fen of a decimal text in a money unit; may be negative."""
    sign, digits, decimals = _parts(text)
    scale = _SCALES[unit]
    if len(decimals) > scale and decimals[scale:].strip("0"):
        raise Fault("not-fen", unit=unit)
    return int(sign + digits + decimals[:scale].ljust(scale, "0"))


def paid(text: str, unit: str) -> int:
    """Whole fen of at least 0."""
    value = money(text, unit)
    if value < 0:
        raise Fault("negative")
    return value


#: What `paid_or_unknown` makes of the word `unknown`: no amount is negative.
UNKNOWN = -1


def paid_or_unknown(text: str, unit: str) -> int:
    """Whole fen of at least 0, or UNKNOWN for an amount that nobody can give yet."""
    return UNKNOWN if text.strip() == "unknown" else paid(text, unit)


def split_unit(text: str) -> tuple[str, str] | None:
    """`3000 万元` as ("3000", "万元"); None where no money unit stands at the end."""
    found = _WITH_UNIT.fullmatch(text.strip())
    if found is None or found.group(2) not in MONEY_UNITS:
        return None
    return found.group(1), found.group(2)


def money_with_unit(text: str) -> int:
    """Whole fen of `2000元` or `1.5万元`; may be negative."""
    parts = split_unit(text)
    if parts is None:
        _parts(_WITH_UNIT.sub(r"\1", text.strip()) or text)
        raise Fault("money-unit-missing")
    return money(*parts)


def plain_text(value: Fraction) -> str | None:
    """The exact decimal text of a number, None where it has none (1/3)."""
    rest, powers = value.denominator, {2: 0, 5: 0}
    for prime in powers:
        while rest % prime == 0:
            rest //= prime
            powers[prime] += 1
    if rest != 1:
        return None
    decimals = max(powers.values())
    digits = str(abs(value.numerator) * 10**decimals // value.denominator).rjust(decimals + 1, "0")
    cut = len(digits) - decimals
    return ("-" if value < 0 else "") + digits[:cut] + ("." + digits[cut:] if decimals else "")


def _decimal(text: str) -> Fraction:
    sign, digits, decimals = _parts(text)
    return Fraction(int(sign + digits + decimals), 10 ** len(decimals))


def _parts(text: str) -> tuple[str, str, str]:
    """Sign, digits before the point, digits after it; raises the Fault that says what else it is."""
    found = _PLAIN.fullmatch(text)
    if found is not None:
        return found.group(1), found.group(2), found.group(3) or ""
    raise _fault(text)


def _fault(text: str) -> Fault:
    if not text.strip():
        return Fault("empty-value")
    if _EXCEL_ERROR.fullmatch(text):
        return Fault("excel-error")
    if text.lower() in _NOT_A_NUMBER:
        return Fault("no-value")
    narrow = unicodedata.normalize("NFKC", text)
    if _THOUSANDS.fullmatch(text) or _THOUSANDS.fullmatch(narrow):
        return Fault("thousands", plain=re.sub(r"[^0-9.-]", "", narrow))
    narrow = narrow.replace("。", ".").replace("−", "-")
    if narrow != text and re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?(?:%|/[0-9]+)?", narrow):
        return Fault("wide-characters", plain=narrow)
    if _EXPONENT.fullmatch(text):
        return Fault("exponent")
    if re.fullmatch(r"-?[0-9]+(?:\.[0-9]*)?", text):
        return Fault("too-long")
    if re.fullmatch(r"\+[0-9]+(?:\.[0-9]+)?", text):
        return Fault("plus-sign", plain=text[1:])
    if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?\s*[^\W\d_]+", text):
        return Fault("unit-in-number")
    return Fault("not-a-number")
