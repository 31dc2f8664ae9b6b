"""Lines without a lawful place, one finding each, and conditions and sentences that everybody uses."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from models.allocation import Allocation, Item
from models.finding import Finding, State
from models.rules.tree import Comparison, Subject
from optimizer.audit import audit
from optimizer.audit.matching import Matcher, bound_to
from optimizer.audit.statement import amount, margin_of
from tests.audit.case_builder import clean_allocation, fields, plus, small_case, where, with_item

CASE = small_case()
CLEAN = clean_allocation()


def structural(allocation: Allocation) -> list[Finding]:
    """Findings that a clean allocation does not have at all."""
    usual = {(f.rule, f.region, f.year) for f in audit(CASE, CLEAN).findings}
    return [f for f in audit(CASE, allocation).findings if (f.rule, f.region, f.year) not in usual]


@pytest.mark.parametrize(
    ("table", "key", "rule"),
    [
        ("units", ("P", "house", 2018), "open.house"),
        ("units", ("A", "grid", 2019), "open.grid"),
        ("money", ("P", "house", "central", 2018), "payer.house"),
        ("money", ("A", "grid", "central", 2018), "payer.grid"),
        ("exits", ("P", "poor", 2018), "members.poor"),
        ("returned", ("P", "poor", 2018), "members.poor"),
        ("returned", ("A", "village", 2018), "place.returned"),
        ("revoked", ("P", "poor", 2018), "members.poor"),
        ("revoked", ("A", "village", 2018), "place.revoked"),
        ("brought", ("A", "central", 2018), "place.brought"),
        ("carried", ("A", "county", 2018), "place.carried"),
        ("lapsed", ("A", "social", 2018), "place.lapsed"),
        ("serves", ("A", "house", "poor", 2018), "place.serves"),
        ("serves", ("P", "job", "poor", 2018), "place.serves"),
        ("leaves", ("P", "hat", 2018), "place.leaves"),
        ("money", ("A", "house", "gold", 2018), "known.money"),
        ("units", ("A", "palace", 2018), "known.units"),
        ("serves", ("A", "job", "rich", 2018), "known.serves"),
        ("exits", ("Z", "poor", 2018), "known.exits"),
        ("returned", ("A", "poor", 2020), "known.returned"),
        ("leaves", ("A", "crown", 2018), "known.leaves"),
        ("brought", ("P", "central", 2017), "known.brought"),
    ],
)
def test_a_line_without_a_place(table: str, key: tuple[str | int, ...], rule: str) -> None:
    (found,) = structural(plus(CLEAN, table, *key))
    assert (found.rule, found.region, found.year, found.state) == (rule, key[0], key[-1], State.VIOLATED)
    assert fields(found, "left", "right", "margin", "broken") == (1, 0, -1, True)


def test_exits_undone_are_whole() -> None:
    case = with_item(CASE, "groups", "village", revoked=Fraction(1, 2))
    found = audit(case, replace(CLEAN, revoked={("A", "village", 2019): -1})).findings
    assert [f.rule for f in found if f.rule.startswith(("whole.", "place."))] == ["whole.revoked"]


@pytest.mark.parametrize("item", [item for item in Item if item not in (Item.UNITS, Item.REVOKED)])
def test_negative_and_fractional_amounts(item: Item) -> None:
    key = next(iter(getattr(CLEAN, item)))
    table: Any = {key: -1}
    (found,) = structural(replace(CLEAN, **{item: table}))
    assert fields(found, "rule", "margin", "compare") == (f"whole.{item}", -1, Comparison.AT_LEAST)
    table = {key: Fraction(5, 2)}
    (found,) = structural(replace(CLEAN, **{item: table}))
    assert fields(found, "rule", "right", "margin") == (f"whole.{item}", 2, Fraction(-1, 2))


def test_units_that_are_not_whole_lots() -> None:
    (found,) = structural(plus(CLEAN, "units", "A", "house", 2018, by=Fraction(1, 2)))
    assert fields(found, "rule", "left", "right", "margin") == (
        *("lots.house", Fraction(5, 2), 2),
        Fraction(-1, 2),
    )
    assert found.message.zh == "2018年 A地 house 2.5 个：应为 1 的整数倍"
    case = with_item(CASE, "measures", "house", lot=Fraction(1, 2))
    assert "lots.house" not in {f.rule for f in audit(case, CLEAN).findings}
    (found,) = structural(plus(CLEAN, "units", "A", "house", 2018, by=-3))
    assert found.rule == "whole.units"


def test_every_offending_line_has_its_finding() -> None:
    wrong = plus(plus(CLEAN, "money", "A", "grid", "central", 2018), "money", "A", "grid", "county", 2018)
    assert [(f.rule, f.message.zh) for f in structural(wrong)] == [
        ("payer.grid", "2018年 A地 grid central 0.01 元：central不得在此用于该措施"),
        ("payer.grid", "2018年 A地 grid county 0.01 元：county不得在此用于该措施"),
    ]


def test_unknown_ids_are_named() -> None:
    (found,) = structural(plus(CLEAN, "units", "Z", "palace", 2030))
    assert found.message.zh == "2030年 Z palace 1：案例中没有 'Z', 'palace', '2030'"
    assert found.citation is None


# --- conditions -------------------------------------------------------------------------------

CONDITIONS = [
    "region == A",
    "not region == A",
    "region.tag in (deep, other) or region.level == province",
    "region.population > 600 and region.population <= 1600",
    "region.income != 100",
    "fund == central and region == A",
    "fund.level == county or measure == house and not (region == B)",
    "year >= 2019 and region == A or year < 2018",
    "need.kind == backlog and group.counts == persons",
]


@pytest.mark.parametrize("text", CONDITIONS)
def test_regions_of_a_condition_are_those_it_holds_for(text: str) -> None:
    matcher = Matcher(CASE)
    condition = where(text).condition
    for year in (2017, 2018, 2019):
        for fund in CASE.funds:
            bound = bound_to(year, fund=fund, measure="house", need="houses", group="poor")
            one_by_one = {r for r in "PAB" if matcher.holds(condition, {**bound, Subject.REGION: r})}
            assert matcher.regions(condition, bound) == one_by_one


def test_a_condition_on_something_that_is_not_there_is_refused() -> None:
    matcher = Matcher(CASE)
    with pytest.raises(ValueError, match="a condition on fund where there is none"):
        matcher.regions(where("fund == central").condition, {})


# --- sentences --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (123_456_789, "money", "1,234,567.89 元", "1,234,567.89 yuan"),
        (-1, "money", "-0.01 元", "-0.01 yuan"),
        (Fraction(5, 2), "money", "0.025 元", "0.025 yuan"),
        (Fraction(-100, 3), "money", "-1/3 元", "-1/3 yuan"),
        (Fraction(400, 3), "money", "1+1/3 元", "1+1/3 yuan"),
        (1, "person", "1 人", "1 person"),
        (12_000, "village", "12,000 村", "12,000 villages"),
        (Fraction(-7, 2), "户", "-3.5 户", "-3.5 households"),
        (Fraction(100), "", "100", "100"),
    ],
)
def test_amounts_read_well_and_exactly(value: int | Fraction, unit: str, zh: str, en: str) -> None:
    assert amount(value, unit) == (zh, en)


def test_margins() -> None:
    assert [margin_of(3, compare, 5) for compare in Comparison] == [-2, 2, -2, 2, -2, 2]
