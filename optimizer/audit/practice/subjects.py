"""Budget subject codes (功能科目): filled in, the measure's own in that year, and under that year's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from models.catalogue import Check, Names
from models.citation import Language, Text
from models.finding import State
from models.submission import Line
from optimizer.audit.practice.books import Books, Fine, Found, Hit, Open
from optimizer.audit.practice.scope import no_details
from optimizer.audit.statement import Undecided

#: From this many digits on (款) a code that is coarser than the measure's says enough.
_COARSEST = 5


def subject_code(books: Books, check: Check) -> Iterator[Found]:
    """`subject_code`: nothing is wrong with the subject of any detail; the amount is the detail's.

    Of public budgets only: other money has no subject. An empty one is not held against a measure for which
    the case gives none.
    """
    if not any(line.subject for line in books.lines):
        yield Open(books.root, None, no_details("功能科目", "subject codes"))
        return
    names = check.names("names")
    for line in books.lines:
        if line.fund is not None and books.budget(line.fund) is None:
            continue
        if not line.subject and _right(books, line) is None:
            yield Open(books.place(line.region), line.year, _no_code())
            continue
        wrong = _wrong(books, line, names)
        if wrong is None:
            yield Fine(1)
            continue
        measure = books.case.measures[line.measure].title if line.measure else Text(zh="", en="")
        yield Hit(
            region=line.region or books.root,
            year=line.year,
            left=line.amount,
            right=0,
            about=Text(
                zh=f"{measure.zh} {wrong.zh}".strip(),
                en=", ".join(part for part in (measure.said(Language.EN), wrong.said(Language.EN)) if part),
            ),
            left_name=Text(zh="涉及金额", en="amount concerned"),
            right_name=Text(zh="应为", en="must be"),
            evidence=(line.spot,),
        )


def _no_code() -> Undecided:
    zh, en = (
        "无法核对，未填，案例也没有给出该措施的科目",
        "cannot be checked, left out, and the case gives none",
    )
    return Undecided(State.NOT_EVALUATED, Text(zh=zh, en=en))


def _right(books: Books, line: Line) -> str | None:
    """The measure's own subject in the year; None where the case gives none."""
    if line.measure is None or line.year is None:
        return None
    return books.case.measures[line.measure].subject_codes.get(line.year)


def _wrong(books: Books, line: Line, names: Names) -> Text | None:
    """What is wrong with the subject of a detail; None for nothing."""
    code, name = _parts(line.subject)
    if not code and not name:
        return Text(zh="未填功能科目", en="no subject code")
    year = line.year
    if year is not None:
        other = _name_of_other_years(code, name, year, names)
        if other is not None:
            return other
        if not code:
            code = _code_of(name, year, names)
    right = _right(books, line)
    if right is None or not code or code == right:
        return None
    if len(code) >= _COARSEST and right.startswith(code):
        return None
    return Text(zh=f"功能科目列 {line.subject}，应为 {right}", en=f"subject {line.subject}, must be {right}")


def _parts(subject: str) -> tuple[str, str]:
    """Digits at the start and the name behind them."""
    text = unicodedata.normalize("NFKC", subject).strip()
    found = re.match(r"[\d\s.]*", text)
    digits = found.group() if found else ""
    return re.sub(r"\D", "", digits), re.sub(r"[\W_]+", "", text[len(digits) :])


def _name_of_other_years(code: str, name: str, year: int, names: Names) -> Text | None:
    """The name is one the subject has in other years only."""
    if not name:
        return None
    known = [
        (number, entry)
        for number, entries in names.items()
        for entry in entries
        if entry.name == name and (not code or code == number)
    ]
    if not known or any(entry.holds(year) for _, entry in known):
        return None
    number = known[0][0]
    now = "、".join(entry.name for entry in names[number] if entry.holds(year)) or "?"
    return Text(
        zh=f"科目 {number} 在{year}年名为“{now}”，表中写“{name}”",
        en=f"subject {number} is called {now} in {year}, the table says {name}",
    )


def _code_of(name: str, year: int, names: Names) -> str:
    codes = [code for code, entries in names.items() for e in entries if e.name == name and e.holds(year)]
    return codes[0] if len(codes) == 1 else ""
