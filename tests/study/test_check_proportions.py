"""Figures out of proportion: advice for a zero too many, silence for the small valley as it is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from models.case import Case
from models.citation import Language
from models.finding import State
from models.policy import Severity
from optimizer.study.check import check_case
from tests.study.check_builder import advice, one, valley

NAMES = ("need_people", "lot_need", "holds", "dear", "weight_spread")


def out_of_proportion(case: Case) -> set[str]:
    return {rule for rule in advice(check_case(case)) if rule.split(".")[1] in NAMES}


def test_the_valley_is_in_proportion() -> None:
    assert out_of_proportion(valley()) == set()


def changed(case: Case, collection: str, id: str, **fields: object) -> Case:
    """The case with other fields of one item."""
    items = getattr(case, collection)
    return case.model_copy(update={collection: {**items, id: items[id].model_copy(update=fields)}})


@pytest.mark.parametrize(("meets", "fine"), [(6, True), (7, False), (10_000, False)])
def test_one_lot_meets_at_most_the_whole_need(meets: int, fine: bool) -> None:
    """4 houses in A, 2 in B."""
    finding = one(
        changed(valley(), "measures", "house", meets={"houses": Fraction(meets)}), "lot_need.house.houses"
    )
    assert (finding.left, finding.right) == (Fraction(meets), Fraction(6))
    assert (finding.state is not State.VIOLATED) is fine
    assert finding.severity is Severity.ADVISORY


@pytest.mark.parametrize(("members", "fine"), [(16, True), (17, False)])
def test_one_open_unit_holds_back_at_most_the_group(members: int, fine: bool) -> None:
    """10 poor in A, 6 in B."""
    finding = one(
        changed(valley(), "needs", "houses", holds={"poor": Fraction(members)}), "holds.houses.poor"
    )
    assert (finding.left, finding.right) == (Fraction(members), Fraction(16))
    assert (finding.state is not State.VIOLATED) is fine


@pytest.mark.parametrize(("amount", "fine"), [(1000, True), (1001, False)])
def test_no_more_in_need_than_there_are_people(amount: int, fine: bool) -> None:
    """1,000 rural people in A."""
    tables = valley().tables
    case = valley(tables=replace(tables, needs={**tables.needs, ("A", "houses", None): amount}))
    finding = one(case, "need_people.houses")
    assert (finding.state is not State.VIOLATED) is fine
    assert finding.region == "A" if not fine else True
    assert finding.right in (1000, 600)


@pytest.mark.parametrize(("cost", "fine"), [(540_000, True), (540_001, False)])
def test_one_need_costs_at_most_nine_times_the_others(cost: int, fine: bool) -> None:
    """6 houses of 100 yuan are 60,000 fen; nine times that are 5,400 yuan."""
    case = valley()
    tables = replace(
        case.tables,
        needs={**case.tables.needs, ("A", "school", None): 1},
        costs={**case.tables.costs, ("build", None, None): cost},
    )
    needs = {**case.needs, "school": case.needs["houses"].model_copy(update={"id": "school", "holds": {}})}
    build = case.measures["house"].model_copy(update={"id": "build", "meets": {"school": Fraction(1)}})
    case = case.model_copy(
        update={"tables": tables, "needs": needs, "measures": {**case.measures, "build": build}}
    )
    finding = one(case, "dear.school")
    assert (finding.left, finding.right) == (Fraction(cost), Fraction(540_000))
    assert (finding.state is not State.VIOLATED) is fine
    assert "5,400" in finding.message.zh
    assert one(case, "dear.houses").state is not State.VIOLATED


@pytest.mark.parametrize(("weight", "fine"), [(100, True), (101, False)])
def test_weights_of_funds_are_a_factor_of_a_hundred_apart_at_most(weight: int, fine: bool) -> None:
    finding = one(changed(valley(), "funds", "county", cost_weight=Fraction(weight)), "weight_spread")
    assert (finding.state is not State.VIOLATED) is fine
    assert "county" in finding.message.said(Language.EN)
