"""What is wrong with an input: one sentence with its place, in Chinese or English, and all of them at once.

A `Log` collects `Problem`s while reading goes on; their texts stand in `messages`. `CaseErrors` carries
them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.citation import Language, Text
from models.refusal import InputErrors
from optimizer.read.messages import MESSAGES


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input: a file (or `--set ...`), a line and a column number or column name (from 1).

    In a workbook: a sheet, a row and a column number, said as the cell is called there (`F12`).
    """

    file: str
    line: int | None = None
    column: int | str | None = None
    sheet: str | None = None

    def __str__(self) -> str:
        within = (self.line, self.column) if self.sheet is None else (self.sheet, self.cell)
        return ":".join(str(part) for part in (self.file, *within) if part is not None)

    @property
    def cell(self) -> str | None:
        """`F12`, `F` or `12`, as far as column and row are known."""
        column = column_letters(self.column) if isinstance(self.column, int) else self.column or ""
        return f"{column}{self.line or ''}" or None


def column_letters(column: int) -> str:
    """What a spreadsheet calls the column with this number from 1: A, B, ... Z, AA ..."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the input.

    `found` and `expected` may be empty where the cause says it all. `source` is the rule text with carets
    under the place, or empty. `code` is the stable name of the kind of fault.
    """

    place: Place
    cause: Text
    found: str
    expected: Text
    remedy: Text
    code: str
    source: str = ""

    def said(self, language: Language) -> str:
        """`file:line:column: cause: found X, expected Y. Remedy.`, and below it the source, if any.

        What was found is not said again where the cause names it.
        """
        chinese = language is Language.ZH
        cause, expected, remedy = (text.said(language) for text in (self.cause, self.expected, self.remedy))
        parts = []
        if self.found and self.found not in cause:
            parts.append(f"现为「{self.found}」" if chinese else f"found {self.found!r}")
        if expected:
            parts.append(("应为" if chinese else "expected ") + expected)
        details = ("，" if chinese else ", ").join(parts)
        sentence = f"{self.place}: {cause}"
        if details:
            sentence += ("：" if chinese else ": ") + details
        sentence += "。" if chinese else "."
        if remedy:
            stop = "" if remedy.endswith(("?", "？")) else "。" if chinese else "."
            sentence += remedy + stop if chinese else f" {remedy}{stop}"
        return f"{sentence}\n{self.source}" if self.source else sentence


class CaseErrors(InputErrors[Problem]):
    """A case, a table or a file beside them that cannot be used, in file and line order."""


class Refused(Exception):
    """A value was refused and the problem is on the log: leave out what depends on it and read on."""


class Log:
    """The problems found so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, code: str, place: Place, found: str = "", source: str = "", /, **words: object) -> None:
        """Record a problem: the texts of `code` with `words` put in; a pair is (Chinese, English)."""
        zh, en = ({name: _word(word, side) for name, word in words.items()} for side in (0, 1))
        message = MESSAGES[code]
        cause, expected, remedy = (
            Text(zh=chinese.format(found=found, **zh).strip(), en=english.format(found=found, **en).strip())
            for chinese, english in zip(message.zh, message.en, strict=True)
        )
        self.problems.append(Problem(place, cause, _short(found), expected, remedy, code, source))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over problems found elsewhere."""
        self.problems.extend(problems)

    def check(self, file_order: Sequence[str] = ()) -> None:
        """Raise CaseErrors if there are problems, sorted by file and line."""
        if not self.problems:
            return
        ranks = {file: rank for rank, file in enumerate(file_order)}
        ordered = sorted(
            self.problems, key=lambda found: (ranks.get(found.place.file, -1), found.place.line or 0)
        )
        raise CaseErrors(tuple(dict.fromkeys(ordered)))


def _word(word: object, side: int) -> str:
    return str(word[side] if isinstance(word, tuple) else word)


def _short(found: str) -> str:
    """What was found, on one line and cut where it is long."""
    line = " ".join(found.split())
    return line if len(line) <= 80 else line[:79] + "…"
