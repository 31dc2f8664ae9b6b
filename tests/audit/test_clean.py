"""The small case as a whole: a clean allocation is clean, and no line of it can change unnoticed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.allocation import Allocation, Item
from models.finding import State
from optimizer.audit import audit
from tests.audit.case_builder import (
    broken,
    clean_allocation,
    find,
    plus,
    small_case,
    verdict,
    with_item,
    with_rows,
)

PAGE = Path(__file__).parents[2] / "docs" / "mathematics.md"
CASE = small_case()
CLEAN = clean_allocation()
LINES = [(item, key) for item in Item for key in getattr(CLEAN, item)]
MONEY = sorted(CLEAN.money)


def test_clean_allocation_is_clean() -> None:
    found = audit(CASE, CLEAN)
    assert found.clean
    assert broken(found) == set()
    assert found.count(State.NOT_EVALUATED) == 0


def test_order_does_not_depend_on_the_order_of_lines() -> None:
    lines: dict[str, Any] = {item: dict(reversed(getattr(CLEAN, item).items())) for item in Item}
    assert audit(CASE, Allocation(**lines)) == audit(CASE, CLEAN)


def test_one_finding_for_every_rule_region_and_year() -> None:
    triples = [(f.rule, f.region, f.year) for f in audit(CASE, CLEAN).findings]
    assert len(triples) == len(set(triples))


@pytest.mark.parametrize(("item", "key"), LINES)
def test_no_line_can_be_left_out(item: Item, key: tuple[str | int, ...]) -> None:
    rest: Any = {other: amount for other, amount in getattr(CLEAN, item).items() if other != key}
    assert not audit(CASE, replace(CLEAN, **{item: rest})).clean


@pytest.mark.parametrize(("item", "key"), LINES)
@pytest.mark.parametrize("by", [1, -1])
def test_no_line_can_change_by_one(item: Item, key: tuple[str | int, ...], by: int) -> None:
    assert not audit(CASE, plus(CLEAN, item, *key, by=by)).clean


def test_one_fen_moved_between_funds_breaks_exactly_their_two_accounts() -> None:
    case = CASE.model_copy(
        update={
            "measures": {**CASE.measures, "house": CASE.measures["house"].model_copy(update={"shares": ()})}
        }
    )
    moved = plus(
        plus(CLEAN, "money", "A", "house", "central", 2018, by=-1), "money", "A", "house", "county", 2018
    )
    found = audit(case, moved)
    assert broken(found) == {("account.central", "P", 2018), ("account.county", "A", 2018)}
    assert verdict(find(found, "account.central", "P", 2018)) == (State.VIOLATED, 40_000, 39_999, -1)
    assert verdict(find(found, "account.county", "A", 2018)) == (State.VIOLATED, 19_700, 19_701, -1)


@given(st.dictionaries(st.sampled_from(MONEY), st.integers(-300, 300), min_size=1))
def test_accounts_are_off_by_exactly_what_was_changed(changes: dict[tuple[str, str, str, int], int]) -> None:
    allocation = CLEAN
    expected: dict[tuple[str, str, int], int] = {}
    for (region, measure, fund, year), by in changes.items():
        allocation = plus(allocation, "money", region, measure, fund, year, by=by)
        account = ("P" if fund == "central" else region, fund, year)
        expected[account] = expected.get(account, 0) + by
    found = audit(CASE, allocation)
    for (pool, fund, year), by in expected.items():
        assert find(found, f"account.{fund}", pool, year).margin == -abs(by)
    assert found.clean == (not any(changes.values()))


def families_of_the_page() -> set[str]:
    """First words of the rule ids in the tables under Rows, and of those under Structure."""
    rows = PAGE.read_text(encoding="utf-8").split("## Rows")[1].split("## What is optimised")[0]
    tables, structure = rows.split("### Structure")
    ids = re.findall(r"^\| `(\w+)\.", tables, flags=re.MULTILINE)
    ids += re.findall(r"`(\w+)\.[\w<>]+`", structure)
    return set(ids)


def test_every_family_of_the_page_is_found() -> None:
    wrong = plus(CLEAN, "units", "P", "house", 2018)
    wrong = plus(wrong, "units", "A", "house", 2018, by=1 / CASE.measures["house"].lot / 2)
    wrong = plus(wrong, "money", "A", "house", "social", 2018)
    wrong = plus(wrong, "money", "X", "house", "central", 2018)
    wrong = plus(wrong, "exits", "P", "poor", 2018, by=-1)
    wrong = plus(wrong, "serves", "A", "house", "poor", 2018)
    case = with_rows(with_item(CASE, "groups", "poor", waits=True), "revoked", {("B", "village", 2019): 0})
    listed = {*CASE.targets, *CASE.rules}
    produced = {f.rule.split(".")[0] for f in audit(case, wrong).findings if f.rule not in listed}
    assert produced == families_of_the_page()
