"""Who comes in and whose exit is undone, on 10 + 6 poor: figures that cannot be, and figures worth a look."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.case import Case
from models.finding import State
from models.policy import Entry, Severity
from optimizer.study.check import check_case
from tests.audit.case_builder import with_item, with_rows
from tests.study.check_builder import advice, found, hard, one, valley, values


def entering(members: int, year: int = 2019, how: Entry = Entry.NEW) -> Case:
    return with_rows(valley(), "entrants", {("A", "poor", year, how): members})


def test_a_case_without_them_is_not_asked() -> None:
    rules = {finding.rule for finding in check_case(valley()).findings}
    assert not {"check.entrants.poor", "check.revoked.poor"} & rules


@pytest.mark.parametrize(("members", "state"), [(9, State.PASS), (10, State.BINDING), (11, State.VIOLATED)])
def test_more_than_there_were_is_worth_a_look(members: int, state: State) -> None:
    finding = one(entering(members), "entrants.poor")
    assert values(finding) == (state, members, 10)
    assert finding.severity is Severity.ADVISORY
    assert ("entrants.csv" in finding.message.zh) is (state is State.VIOLATED)


def test_every_way_in_counts_together() -> None:
    rows = {("A", "poor", 2019, how): 4 for how in Entry}
    assert values(one(with_rows(valley(), "entrants", rows), "entrants.poor")) == (State.VIOLATED, 12, 10)


def test_a_place_with_nobody_at_the_start_is_worth_a_look() -> None:
    case = with_rows(entering(1), "stocks", {("A", "poor"): 0})
    assert "check.entrants.poor" in advice(check_case(case))


def test_targets_are_held_against_the_stock_with_entrants() -> None:
    """All 16 and 2 who enter in 2019 may be asked for, 19 may not."""
    case = with_item(entering(2), "targets", "exit", amounts={2019: 18})
    assert values(one(case, "target_stock.exit")) == (State.BINDING, 18, 18)
    case = with_item(entering(2), "targets", "exit", amounts={2019: 19})
    assert "check.target_stock.exit" in hard(check_case(case))


def test_a_share_of_those_at_the_start_leaves_entrants_out() -> None:
    case = with_item(entering(2), "targets", "exit", amounts={}, shares={2019: Fraction(1)}, entrants=False)
    assert values(one(case, "target_stock.exit")) == (State.PASS, Fraction(16), Fraction(18))


def test_who_waits_cannot_be_out_in_the_year_of_entry() -> None:
    case = with_item(entering(2), "targets", "exit", amounts={2019: 18})
    assert "check.exits.exit" not in hard(check_case(case))
    waiting = with_item(case, "groups", "poor", waits=True)
    [finding] = found(waiting, "exits.exit", state=State.VIOLATED)
    assert finding.right == 18
    assert finding.left is not None
    assert finding.left <= 16


def test_everybody_out_counts_entrants() -> None:
    finding = one(entering(2), "everybody_out")
    assert finding.state is State.VIOLATED
    assert finding.right == 18


@pytest.mark.parametrize(("members", "broken"), [(1, False), (11, True)])
def test_no_more_exits_are_undone_than_there_can_be(members: int, broken: bool) -> None:
    case = with_rows(valley(), "revoked", {("A", "poor", 2019): members})
    assert ("check.revoked.poor" in hard(check_case(case))) is broken
