"""What a cell can hold, and how text becomes a cell that Excel shows as it was written.

Amounts enter as fen or exact rationals and leave as exact decimals, never as floats; a formula carries the
value that it works out to, so that a reader without a calculator (a viewer, an auditor's script) sees it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from models.citation import Language
from optimizer.present.words import said

#: Characters that one cell can hold, and rows that one sheet can hold.
MOST_CHARACTERS = 32_767
MOST_ROWS = 1_048_576
#: Characters that a sheet's name can have.
MOST_NAME = 31

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its equals sign, and the value it works out to."""

    text: str
    value: Number | str


Cell = str | int | Decimal | Formula | None


def in_yuan(fen: int) -> Decimal:
    """Fen as exact yuan."""
    return Decimal(fen).scaleb(-2)


def in_wan(fen: int) -> Decimal:
    """Fen as exact 万元, six decimals."""
    return Decimal(fen).scaleb(-6)


def quantity(value: Fraction | int | None) -> Number | None:
    """An exact rational as a number for a cell; what has no decimal text is rounded to twelve decimals."""
    if value is None:
        return None
    if value.denominator == 1:
        return int(value)
    with localcontext() as context:
        context.prec = 40
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return exact.quantize(Decimal(1).scaleb(-12), ROUND_HALF_UP).normalize()


def share(part: int | Fraction, whole: int | Fraction) -> Decimal | None:
    """`part / whole` as a cell of per cent; None of nothing."""
    if not whole:
        return None
    found = quantity(Fraction(part) / Fraction(whole))
    return None if found is None else Decimal(found)


#: What XML cannot hold: lone surrogates and two noncharacters; control characters get their picture.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def safe_text(text: str, language: Language) -> str:
    """The text as a cell can hold it.

    Control characters show as their pictures (␀ ␛ ...), what is no character at all as �, and a text that is
    too long ends with a statement of how long it is: nothing is cut in silence.
    """
    clean = _IMPOSSIBLE.sub(_picture, text.replace("\r\n", "\n").replace("\r", "\n"))
    if clean.startswith("<r>") and clean.endswith("</r>"):
        clean += " "  # without it the writer would take the text for ready-made XML
    if len(clean) <= MOST_CHARACTERS:
        return clean
    end = said(
        language,
        f" ……【全文 {len(text):,} 字，超出单元格上限 {MOST_CHARACTERS:,} 字，此处未完；"
        "全文见同一文件夹的 CSV】",
        f" ... [the text has {len(text):,} characters, a cell holds {MOST_CHARACTERS:,}: "
        "it goes on in the CSV files of this folder]",
    )
    return clean[: MOST_CHARACTERS - len(end)] + end


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def width(text: str) -> int:
    """How many half-width characters the longest line takes: Chinese counts double."""
    return max((sum(_cells(character) for character in line) for line in text.split("\n")), default=0)


def _cells(character: str) -> int:
    if character < "\u0300":
        return 1
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


#: What a line is not broken within: a Chinese character, or a word with the blanks after it.
_WORD = re.compile("[\u2e80-\uffef]|[^\\s\u2e80-\uffef]+\\s*|\\s+")


def lines(text: str, columns: float) -> int:
    """How many lines a text takes in a cell that is `columns` half-width characters wide."""
    return sum(_folded(line, max(1, int(columns))) for line in text.split("\n"))


def _folded(line: str, columns: int) -> int:
    if width(line) <= columns:
        return 1
    number, used = 1, 0
    for word in _WORD.findall(line):
        size = width(word.rstrip())
        if used and used + size > columns:
            number, used = number + 1, 0
        number += (size - 1) // columns if size else 0  # a word longer than a line goes on in the next
        used += width(word) if size <= columns else size % columns
    return number


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A lawful name that no sheet has yet; names differ by more than upper and lower case."""
    name = re.sub(r"[\[\]:*?/\\]", " ", _IMPOSSIBLE.sub(" ", wanted)).strip().strip("'").strip()[:MOST_NAME]
    name = name.strip().strip("'") or "Sheet"
    if name.casefold() == "history":  # reserved by Excel
        name = f"{name}_"
    base, number = name, 2
    while name.casefold() in taken:
        end = f" ({number})"
        name, number = base[: MOST_NAME - len(end)] + end, number + 1
    taken.add(name.casefold())
    return name


def quoted(name: str) -> str:
    """A sheet's name as a formula writes it."""
    return "'" + name.replace("'", "''") + "'"
