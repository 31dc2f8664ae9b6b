"""Figures as the clauses print them, against the figures of the case.

`printed.<clause>` holds every row of printed.csv: what the path leads to must be what the document says,
exactly. A case that was patched is no longer what the document prints: then a difference is only reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from models.case import Case
from models.citation import Basis, Citation, Text
from models.finding import Finding
from models.paths import COLLECTIONS, PathError, figure_at, file_of
from models.rules.tree import Comparison
from models.stated import Printed
from optimizer.audit.statement import found, not_evaluated
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.statements import shown
from optimizer.study.checks.verdicts import asked, verdicts

FILE = "printed.csv"


def findings(ground: Ground) -> Iterator[Finding]:
    """One finding for every row, in file order."""
    for printed in ground.case.printed:
        yield from _verdict(ground, printed)


def _verdict(ground: Ground, printed: Printed) -> Iterator[Finding]:
    case, where = ground.case, printed.where
    try:
        value, stands, unit = _sides(case, printed)
    except PathError:  # only a patch can take away what was there when the case was read
        value, stands, unit = Fraction(0), None, None
    left, word = shown(stands or Fraction(0), unit)
    right, _ = shown(value, unit)
    every = ("每一行", " (every row)") if printed.each else ("", "")
    check = asked(
        f"printed.{printed.clause}",
        _title(case, printed.clause),
        (f"{where}{every[0]}", f"{where}{every[1]}"),
        Comparison.EQUAL,
        (f"第 {printed.clause} 条所印", f"clause {printed.clause} prints"),
        word,
        files=f"{file_of(printed.at)}, {FILE}",
        remedy=("与文件所印不符：请核对", "not what the document prints: look it up"),
        citation=_citation(case, printed),
        hard=not case.patches,
    )
    if stands is None:
        yield found(
            check.statement, ground.root, None, not_evaluated("查不到这个数", "there is no such figure")
        )
    else:
        yield from verdicts(check, ground.root, [(ground.root, None, left, right)], ("", ""))


def _sides(case: Case, printed: Printed) -> tuple[Fraction, Fraction | None, str | None]:
    """The printed value, what stands in the case (the first row that differs, or all of them), their unit.

    Raises PathError.
    """
    figure = figure_at(case, printed.at)
    value = Fraction(printed.value.value or 0)
    unit = figure.unit if printed.value.unit is None else printed.value.unit
    if not printed.each:
        return value, figure.value, unit
    return value, next((row for row in figure.rows if row != value), value), unit


def _citation(case: Case, printed: Printed) -> Citation | None:
    """The clause, in the document that the item behind the path cites."""
    item = getattr(case, COLLECTIONS[printed.at.kind]).get(printed.at.id)
    clause = case.clauses.get(printed.clause)
    if clause is None or not isinstance(getattr(item, "citation", None), Citation):
        return None
    document = item.citation.document
    return Citation(document=document, section=clause.section, basis=Basis.STATED, clause=clause.id)


def _title(case: Case, clause: str) -> Text:
    """What the clause is about, in the words of the register."""
    return case.clauses[clause].topic if clause in case.clauses else Text(zh=clause)
