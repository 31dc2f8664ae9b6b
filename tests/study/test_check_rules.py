"""Rules without a base, and things that nothing speaks of."""

from __future__ import annotations

import pytest

from models.case import Case, Supplied
from models.finding import State
from models.policy import Counts, FundLevel, Resource, Severity, Supply
from models.region import Level
from models.rules.tree import Subject
from optimizer.read.catalogue import shipped
from optimizer.study.check import check_case
from tests.audit.case_builder import (
    LAW,
    fund,
    group,
    measure,
    rule,
    title,
    where,
    with_item,
    with_new,
    with_rows,
)
from tests.study.check_builder import advice, found, one, valley, values


def ruled(left: str, right: str, *each: Subject, **changes: object) -> Case:
    return with_new(valley(), "rules", rule("R2", left, ">=", right, *each, **changes))


def test_a_rule_with_a_base() -> None:
    assert [values(f) for f in found(valley(), "rule_base.R1.left.1")] == [(State.PASS, 1, 0)]
    assert one(valley(), "rule_years.R1").state is State.PASS


@pytest.mark.parametrize(
    "quantity",
    [
        "spent(fund.tag == agri)",
        "spent(fund == county and measure == house)",  # central alone may pay for houses
        "available(fund.level == city)",
        "given(fund == county)",  # up to an amount, so not given
        "units(region == P)",  # counties buy
        "need(need == houses and region == P)",
        "stock(group.counts == villages)",
        "listed_out()",
        "previous(available(year == 2016))",
    ],
)
def test_a_quantity_that_selects_nothing_is_named(quantity: str) -> None:
    case = ruled("spent()", f"1/5 * {quantity}", Subject.YEAR)
    finding = one(case, "rule_base.R2.right.1")
    assert values(finding) == (State.VIOLATED, 0, 0)
    assert finding.severity is Severity.ADVISORY
    named = quantity.removeprefix("previous(")[: -1 if quantity.startswith("previous") else None]
    assert named in finding.message.zh
    assert "rules.yaml" in finding.message.zh


def test_a_base_of_zeros_is_no_base() -> None:
    case = ruled("spent()", "available(fund == county)", Subject.YEAR)
    assert one(case, "rule_base.R2.right.1").state is State.PASS
    zeros = {("county", place, year): Supplied(0, 0) for place in "AB" for year in (2018, 2019)}
    assert one(with_rows(case, "supplied", zeros), "rule_base.R2.right.1").state is State.VIOLATED


def test_previous_looks_into_history() -> None:
    text = "previous(given(fund == central))"
    in_first_year = ruled("spent()", text, Subject.YEAR, years=(2018, 2018))
    assert one(in_first_year, "rule_base.R2.right.1").state is State.PASS  # there is a pool to look at
    before = with_rows(in_first_year, "supplied", {("central", "P", 2017): Supplied(0, 0)})
    assert one(before, "rule_base.R2.right.1").state is State.VIOLATED


def test_a_rule_outside_the_plan() -> None:
    case = ruled("spent()", "0", years=(2020, 2021))
    finding = one(case, "rule_years.R2")
    assert values(finding) == (State.VIOLATED, 0, 0)
    assert "2020–2021" in finding.message.zh
    assert found(case, "rule_base.R2.left.1") == []


# --- unused -----------------------------------------------------------------------------------


def test_a_measure_nobody_pays_for() -> None:
    case = with_item(valley(), "measures", "job", payers=where("fund == nobody"))
    assert "check.unused_measure.job" in advice(check_case(case))
    free = with_rows(case, "costs", {("job", None, None): 0})
    assert found(free, "unused_measure.job") == []


def test_a_fund_that_pays_for_nothing() -> None:
    gift = fund("gift", FundLevel.SOCIAL, Supply.OPEN, Level.COUNTY, pays=where("measure == road"))
    assert "check.unused_fund.gift" in advice(check_case(with_new(valley(), "funds", gift)))


def test_a_group_nothing_speaks_of() -> None:
    villages = with_new(valley(), "groups", group("village", counts=Counts.VILLAGES))
    assert "check.unused_group.village" in advice(check_case(villages))
    rules = {"R": rule("R", "out(group.counts == villages)", ">=", "0", Subject.YEAR)}
    used = villages.model_copy(update={"rules": rules})
    assert "check.unused_group.village" not in advice(check_case(used))


def test_a_resource_no_measure_uses() -> None:
    land = Resource(id="land", title=title("land"), unit="mu", citation=LAW)
    assert "check.unused_resource.land" in advice(check_case(with_new(valley(), "resources", land)))


def test_a_tag_no_condition_names() -> None:
    tagged = with_new(valley(), "measures", measure("grid", tags=frozenset({"works"})))
    assert "check.unused_tag.measure.works" in advice(check_case(tagged))
    used = with_item(tagged, "funds", "county", pays=where("measure.tag != works"))
    assert one(used, "unused_tag.measure.works").state is State.PASS
    assert one(used, "unused_tag.region.deep").state is State.PASS  # rule R1 names it


@pytest.mark.parametrize("tag", ["special", "agri", "only_increase", "integrated"])
def test_a_tag_that_a_named_check_goes_by_is_used(tag: str) -> None:
    tagged = with_item(valley(), "funds", "county", tags=frozenset({tag, "own"}))
    assert one(tagged, f"unused_tag.fund.{tag}").state is State.PASS
    assert "check.unused_tag.fund.own" in advice(check_case(tagged))
    # What is a tag of funds to a check is none of measures.
    elsewhere = with_item(valley(), "measures", "house", tags=frozenset({tag}))
    assert f"check.unused_tag.measure.{tag}" in advice(check_case(elsewhere))


def test_a_check_that_is_off_goes_by_no_tag() -> None:
    every = shipped()
    growth = every.checks["practice.growth"].model_copy(update={"off": title("off")})
    without = every.model_copy(update={"checks": {**every.checks, growth.rule: growth}})
    tagged = with_item(valley(), "funds", "county", tags=frozenset({"only_increase"}))
    assert "check.unused_tag.fund.only_increase" in advice(check_case(tagged, without))
