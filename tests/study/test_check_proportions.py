"""Figures out of proportion: advice for a zero too many, silence for the small valley as it is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from models.case import Case
from models.citation import Language
from models.finding import State
from models.policy import Severity
from models.region import RegionTree
from optimizer.study.check import check_case
from tests.study.check_builder import advice, one, valley

NAMES = (
    "need_people",
    "lot_need",
    "same_unit",
    "members_unit",
    "place_need",
    "place_capacity",
    "capacity_need",
    "ways_cost",
    "holds",
    "dear",
    "weight_spread",
)


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


@pytest.mark.parametrize(
    ("meets", "fine"), [(Fraction(1), True), (Fraction(2), False), (Fraction(1, 2), False)]
)
def test_a_household_helped_is_one_household_less_in_need(meets: Fraction, fine: bool) -> None:
    """house and houses are both counted in households."""
    finding = one(changed(valley(), "measures", "house", meets={"houses": meets}), "same_unit.house.houses")
    assert (finding.left, finding.right) == (meets, Fraction(1))
    assert (finding.state is not State.VIOLATED) is fine
    assert finding.severity is Severity.ADVISORY


def test_other_units_may_meet_several() -> None:
    case = changed(valley(), "measures", "house", unit="处", meets={"houses": Fraction(3)})
    assert out_of_proportion(case) == set()


@pytest.mark.parametrize(
    ("most", "fine"), [(Fraction(1), True), (Fraction(1, 2), True), (Fraction(2), False)]
)
def test_one_person_takes_at_most_one_job(most: Fraction, fine: bool) -> None:
    serves = {"poor": valley().measures["job"].serves["poor"].model_copy(update={"most": most})}
    finding = one(changed(valley(), "measures", "job", serves=serves), "members_unit.job.poor")
    assert (finding.left, finding.right) == (most, Fraction(1))
    assert (finding.state is not State.VIOLATED) is fine


def three_places(figures: tuple[int, int, int], collection: str) -> Case:
    """A, B and another county C, with a figure of `houses` or of what `house` can start in each."""
    case = valley()
    third = case.regions["B"].model_copy(update={"id": "C"})
    regions = RegionTree({**{each.id: each for each in case.regions}, "C": third})
    places = dict(zip("ABC", figures, strict=True))
    if collection == "needs":
        tables = replace(case.tables, needs={(at, "houses", None): n for at, n in places.items()})
    else:
        tables = replace(
            case.tables, capacities={("house", at, None): Fraction(n) for at, n in places.items()}
        )
    return case.model_copy(update={"regions": regions, "tables": tables})


@pytest.mark.parametrize(("largest", "fine"), [(18, True), (19, False), (40_000, False)])
@pytest.mark.parametrize(
    ("collection", "rule"), [("needs", "place_need.houses"), ("capacities", "place_capacity.house")]
)
def test_a_place_has_at_most_three_times_the_others(
    largest: int, fine: bool, collection: str, rule: str
) -> None:
    """4 and 2 elsewhere: three times that are 18."""
    finding = one(three_places((4, 2, largest), collection), rule)
    assert (finding.left, finding.right) == (Fraction(largest), Fraction(18))
    assert (finding.state is not State.VIOLATED) is fine
    assert finding.region == "C"
    assert finding.severity is Severity.ADVISORY


@pytest.mark.parametrize(("most", "fine"), [(66, True), (67, False), (20_000, False)])
def test_a_capacity_is_at_most_three_times_what_can_be_used(most: int, fine: bool) -> None:
    """6 houses and one house for each of 16 poor could be used: three times 22 are 66."""
    case = valley()
    serves = case.measures["job"].serves
    case = changed(case, "measures", "house", serves=serves)
    tables = replace(case.tables, capacities={("house", "A", 2018): Fraction(most)})
    finding = one(case.model_copy(update={"tables": tables}), "capacity_need.house")
    assert (finding.left, finding.right) == (Fraction(most), Fraction(66))
    assert (finding.state is not State.VIOLATED) is fine
    assert (finding.severity, finding.region) == (Severity.ADVISORY, "A")


@pytest.mark.parametrize(("cost", "fine"), [(999_999, True), (1_000_000, False)])
def test_two_ways_to_one_thing_cost_less_than_a_hundred_times_each_other(cost: int, fine: bool) -> None:
    """A house costs 100 yuan; a hundred times that are 10,000 yuan."""
    case = valley()
    other = case.measures["house"].model_copy(update={"id": "other"})
    tables = replace(case.tables, costs={**case.tables.costs, ("other", None, None): cost})
    case = case.model_copy(update={"tables": tables, "measures": {**case.measures, "other": other}})
    finding = one(case, "ways_cost.houses")
    assert (finding.left, finding.right) == (Fraction(cost), Fraction(1_000_000))
    assert (finding.state is not State.VIOLATED) is fine
    assert "other" in finding.message.zh


@pytest.mark.parametrize("figures", [(4, 400, 0), (0, 400, 0)])
def test_two_places_say_nothing_about_a_third(figures: tuple[int, int, int]) -> None:
    found = {finding.rule for finding in check_case(three_places(figures, "needs")).findings}
    assert "check.place_need.houses" not in found


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


@pytest.mark.parametrize(("cost", "fine"), [(180_000, True), (180_001, False)])
def test_one_need_costs_at_most_three_times_the_others(cost: int, fine: bool) -> None:
    """6 houses of 100 yuan are 60,000 fen; three times that are 1,800 yuan."""
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
    assert (finding.left, finding.right) == (Fraction(cost), Fraction(180_000))
    assert (finding.state is not State.VIOLATED) is fine
    assert "1,800" in finding.message.zh
    assert one(case, "dear.houses").state is not State.VIOLATED


@pytest.mark.parametrize(("weight", "fine"), [(100, True), (101, False)])
def test_weights_of_funds_are_a_factor_of_a_hundred_apart_at_most(weight: int, fine: bool) -> None:
    finding = one(changed(valley(), "funds", "county", cost_weight=Fraction(weight)), "weight_spread")
    assert (finding.state is not State.VIOLATED) is fine
    assert "county" in finding.message.said(Language.EN)
