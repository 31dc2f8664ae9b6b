"""printed.csv: figures of clauses and the paths to them, every wrong row with its place."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.citation import Language
from tests.read.conftest import Folder

HEAD = "clause,printed,at,rows\n"
GOOD = (
    HEAD
    + "K1,20000元,measure.house.cost,each\n"
    + "K1,110人,target.persons[2018].amount,\n"
    + "K2,10%,rule.match-central.right,sum\n"
)
REGISTER = (
    "clause,section,topic,disposition,items,reason\n"
    "K1,一,houses,context,,a frame\n"
    "K2,一,match,context,,a frame\n"
)


@pytest.fixture
def printed(folder: Folder) -> Folder:
    """The small case with two clauses and three printed figures."""
    folder.write("clauses.csv", REGISTER)
    folder.write("printed.csv", GOOD)
    return folder


def test_the_rows_are_read_in_order(printed: Folder) -> None:
    first, second, third = printed.read().printed
    assert (first.clause, first.value.value, first.value.unit) == ("K1", Fraction(2_000_000), "money")
    assert first.each
    assert (second.where, second.each) == ("target.persons[2018].amount", False)
    assert third.value.value == Fraction(1, 10)


def test_the_column_rows_may_be_left_out(printed: Folder) -> None:
    printed.write("printed.csv", "clause,printed,at\nK2,10%,rule.match-central.right\n")
    [only] = printed.read().printed
    assert not only.each


def test_the_figures_count_in_the_hash(printed: Folder) -> None:
    before = printed.read().sha256
    printed.change("printed.csv", "110人", "111人")
    assert printed.read().sha256 != before


WRONG = [
    ("unknown-id", "K2,", "K9,", "K9,", "clause"),
    ("empty-cell", "K2,", ",", ",10%", "clause"),
    ("value-form", "10%", "many", "K2,", "printed"),
    ("printed-number", "10%", "need.housing.amount", "K2,", "printed"),
    ("printed-path", "rule.match-central.right", "40%", "K2,", "at"),
    ("path-kind", "rule.match-central.right", "rules.match-central.right", "K2,", "at"),
    ("unknown-id", "rule.match-central", "rule.match-centrl", "K2,", "at"),
    ("path-rule", "match-central.right", "match-central.left", "K2,", "at"),
    ("path-nothing", "[2018]", "[2031]", "K1,110", "at"),
    ("stated-units", "10%", "10人", "K2,", None),
    ("stated-units", "20000元", "20000户", "K1,20000", "printed"),
    ("unknown-word", "each", "all", "K1,20000", "rows"),
    ("printed-twice", "target.persons[2018].amount", "measure.house.cost", "K1,110", "at"),
    ("unknown-column", "printed,at", "figure,at", "clause,", "figure"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new", "line", "column"), WRONG)
def test_what_is_wrong_has_its_place(
    code: str, old: str, new: str, line: str, column: str | None, printed: Folder
) -> None:
    printed.change("printed.csv", old, new)
    if column is None:  # a pure number fits any unit
        assert len(printed.read().printed) == 3
        return
    row, _ = printed.place_of("printed.csv", line)
    problems = printed.problems()
    [found] = [problem for problem in problems if problem.code == code]
    assert str(found.place) == f"printed.csv:{row}:{column}"
    assert all(found.said(language) for language in Language)


def test_the_second_number_of_a_side_can_be_named(printed: Folder) -> None:
    printed.change(
        "rules.yaml",
        "10% * available(fund.level == central)",
        "10% * available(fund.level == central) + 5万元",
    )
    printed.change("printed.csv", "rule.match-central.right", "rule.match-central[1].right")
    printed.write("printed.csv", printed.text("printed.csv") + "K2,5万元,rule.match-central[2].right,\n")
    assert printed.read().printed[-1].value.unit == "money"
