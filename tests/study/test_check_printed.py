"""Figures as clauses print them against the figures of the case: together, each, patched, gone."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from models.case import Case
from models.citation import Language, Text
from models.finding import State
from models.policy import Severity
from models.register import Clause, Disposition
from models.stated import FigurePath, Printed
from tests.study.check_builder import one, valley, values
from tests.study.test_check_statements import number

K1 = Clause(
    id="K1", section="一", topic=Text(zh="贫困人口", en="poor people"), disposition=Disposition.ENCODED
)


def printing(figure: Printed, **changes: object) -> Case:
    """The small valley (10 poor in A, 6 in B) with one printed figure."""
    return valley(printed=(figure,), clauses={"K1": K1}, **changes)


def at(kind: str, id: str, field: str, *keys: str) -> dict[str, Any]:
    """A path, and how it is written."""
    where = f"{kind}.{id}{'[' + ','.join(keys) + ']' if keys else ''}.{field}"
    return {"at": FigurePath(kind=kind, id=id, keys=frozenset(keys), field=field), "where": where}


MEMBERS = at("stock", "poor", "members")


@pytest.mark.parametrize(
    ("figure", "state", "sides"),
    [
        (Printed(clause="K1", value=number(16), **MEMBERS), State.PASS, (16, 16)),
        (Printed(clause="K1", value=number(61), **MEMBERS), State.VIOLATED, (16, 61)),
        # Every row: the first that differs is shown.
        (Printed(clause="K1", value=number(10), **MEMBERS, each=True), State.VIOLATED, (6, 10)),
        (
            Printed(clause="K1", value=number(10), **at("stock", "poor", "members", "A"), each=True),
            State.PASS,
            (10, 10),
        ),
    ],
)
def test_a_printed_figure_is_held_against_the_case(
    figure: Printed, state: State, sides: tuple[int, int]
) -> None:
    finding = one(printing(figure), "printed.K1")
    assert values(finding) == (state, Fraction(sides[0]), Fraction(sides[1]))
    assert finding.broken is (state is State.VIOLATED)


def test_the_message_names_both_and_where_they_stand() -> None:
    finding = one(printing(Printed(clause="K1", value=number(61), **MEMBERS)), "printed.K1")
    assert finding.message.zh == (
        "P地 贫困人口：stock.poor.members 16 人，第 K1 条所印 61 人，相差 45 人（应相等）。"
        "见 stocks.csv, printed.csv：与文件所印不符：请核对"
    )
    assert finding.message.said(Language.EN) == (
        "P地, poor people: stock.poor.members 16 persons, clause K1 prints 61 persons;"
        " they differ by 45 persons and must be equal. See stocks.csv, printed.csv:"
        " not what the document prints: look it up"
    )


def test_a_patched_case_is_only_told_so() -> None:
    figure = Printed(clause="K1", value=number(61), **MEMBERS)
    finding = one(printing(figure, patches=("stock.poor.members=2x",)), "printed.K1")
    assert (finding.severity, finding.state) == (Severity.ADVISORY, State.VIOLATED)


def test_a_figure_that_a_patch_took_away_is_not_evaluated() -> None:
    figure = Printed(clause="K1", value=number(1), **at("need", "gone", "amount"))
    finding = one(printing(figure, patches=("x",)), "printed.K1")
    assert finding.state is State.NOT_EVALUATED
    assert "no such figure" in finding.message.said(Language.EN)
