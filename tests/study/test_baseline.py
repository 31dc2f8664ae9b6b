"""What habit gives, worked by hand: two counties with 30 and 10 poor persons share 1,000 元 a year."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.allocation import Allocation
from models.case import Case
from models.citation import Basis, Citation, Text
from models.factors import Direction, Factor, FactorKind, FactorMethod
from models.plan import Status
from optimizer.study.baseline import Habit, Method, NothingToDivideError, make_baseline
from optimizer.study.baseline.recipients import Recipients
from optimizer.study.baseline.shares import divide
from optimizer.study.planning import PlanOptions, make_plan
from tests.situations.small import small_case

MADE_UP = Citation(document="d", section="1", basis=Basis.ASSUMED)


def two_counties(*, carry: str = "no", supply: str = "given", a: int = 30, b: int = 10) -> Case:
    """A gap of 10 元 costs 10 元 a year to close in a and 40 元 in b. All must be out in 2017."""
    return small_case(
        years=(2016, 2017),
        attributes="rural",
        tables={
            "regions": "p,p,province,,,,\na,a,county,p,,,300\nb,b,county,p,,,50",
            "stocks": f"a,poor,{a},\nb,poor,{b},",
            "gaps": "poor,,,10",
            "costs": "grant,a,,10\ngrant,b,,40",
            "funds": "" if supply == "open" else "fund,p,2016,1000,\nfund,p,2017,1000,",
        },
        lists={
            "groups": "id: poor, title: poor, counts: persons",
            "measures": "id: grant, title: g, unit: grant, lifetime: 1, payers: fund == fund, "
            "serves: {poor: {lift: 10元, most: 1}}",
            "funds": f"id: fund, title: f, level: central, supply: {supply}, pooled_at: province, "
            f"cost_weight: 1, carry_over: {carry}",
            "targets": "id: out, title: o, kind: exits, groups: [poor], cumulative: yes, compare: '>=', "
            f"amounts: {{2017: {a + b}}}",
        },
    )


def shares(case: Case, habit: Habit) -> dict[tuple[str, int], int]:
    """(county, year) -> 元."""
    return {(r, year): fen // 100 for (_, r, year), fen in divide(Recipients(case), habit).shares.items()}


def factors(*parts: Factor) -> Habit:
    return Habit(Method.FACTOR, FactorMethod(id="m", title=Text(zh="m"), citation=MADE_UP, factors=parts))


def test_equal_and_per_head() -> None:
    case = two_counties()
    assert shares(case, Habit(Method.EQUAL)) == {(r, y): 500 for r in "ab" for y in (2016, 2017)}
    assert shares(case, Habit(Method.PER_HEAD))["a", 2016] == 750
    assert shares(case, Habit(Method.PER_HEAD))["b", 2016] == 250


def test_factors_weigh_shares_of_each_factor() -> None:
    # Half by persons (3/4, 1/4), half by persons per rural population: 30/300 to 10/50, that is 1/3 and 2/3.
    half = Fraction(1, 2)
    habit = factors(
        Factor(kind=FactorKind.PERSONS, weight=half),
        Factor(kind=FactorKind.PERSONS, per="rural", weight=half),
    )
    assert shares(two_counties(), habit)["a", 2016] == 541  # 1000 x (3/8 + 1/6) = 541.67
    less = factors(Factor(kind=FactorKind.ATTRIBUTE, of="rural", weight=half, direction=Direction.LESS))
    assert shares(two_counties(), less)["a", 2016] == 142  # 1/300 to 1/50 is 1 to 6


def test_a_factor_without_data_is_left_out_and_named() -> None:
    habit = factors(
        Factor(kind=FactorKind.PERSONS, weight=Fraction(6)),
        Factor(kind=FactorKind.VILLAGES, weight=Fraction(4)),
    )
    found = divide(Recipients(two_counties()), habit)
    assert found.shares["fund", "a", 2016] == 75_000
    assert ["poor_villages" in (note.en or "") for note in found.notes] == [True]
    assert ["“贫困村”" in note.zh for note in found.notes] == [True]
    nothing = factors(Factor(kind=FactorKind.VILLAGES, weight=Fraction(1)))
    with pytest.raises(NothingToDivideError):
        divide(Recipients(two_counties()), nothing)


def test_greedy_serves_the_cheaper_county_first() -> None:
    # a asks for 30 x 10 x 2 years = 600, b for 10 x 40 x 2 = 800: a is full in 2016 and b gets what is left.
    found = shares(two_counties(), Habit(Method.GREEDY))
    assert (found["a", 2016], found["b", 2016]) == (600, 400)
    # In 2017 b gets the 400 it still lacks; the other 600 go by heads: 450 and 150.
    assert (found["a", 2017], found["b", 2017]) == (450, 550)


def test_last_year_grows_and_is_cut_to_what_there_is() -> None:
    before = Allocation(money={("a", "grant", "fund", 2016): 60_000, ("b", "grant", "fund", 2016): 30_000})
    grown = shares(two_counties(), Habit(Method.LAST_YEAR, before=before, growth=Fraction(1, 10)))
    assert (grown["a", 2017], grown["b", 2017]) == (660, 330)
    double = shares(two_counties(), Habit(Method.LAST_YEAR, before=before, growth=Fraction(1)))
    assert (double["a", 2017], double["b", 2017]) == (666, 333)  # 1,200 and 600 cut to 1,000


@given(
    st.integers(0, 50), st.integers(1, 50), st.sampled_from([Method.EQUAL, Method.PER_HEAD, Method.GREEDY])
)
@settings(max_examples=25, deadline=None)
def test_shares_add_up_to_the_fund(a: int, b: int, method: Method) -> None:
    found = divide(Recipients(two_counties(a=a, b=b)), Habit(method)).shares
    for year in (2016, 2017):
        assert sum(fen for (_, _, y), fen in found.items() if y == year) == 100_000
    assert min(found.values()) >= 0


def test_equal_split_leaves_people_behind_where_the_best_plan_does_not() -> None:
    case = two_counties()
    best = make_plan(case, PlanOptions())
    assert best.plan.status is Status.OPTIMAL  # 30 x 10 + 10 x 40 = 700 of 1,000
    even = make_baseline(case, Habit(Method.EQUAL), PlanOptions())
    # a needs 300 of its 500; b has 500 and needs 400: everybody out.
    assert even.plan.status is Status.FEASIBLE
    assert even.audit is not None
    assert even.audit.clean
    heads = make_baseline(case, Habit(Method.PER_HEAD), PlanOptions())
    # b gets 250 by heads: 6 of its 10 persons. The target misses 4.
    assert heads.allocation is not None
    assert sum(heads.allocation.exits.values()) == 36
    assert heads.plan.status is Status.UNKNOWN
    assert heads.audit is not None
    assert [(f.rule, f.margin) for f in heads.audit.findings if f.broken] == [("out", Fraction(-4))]
    assert heads.lawful


def test_carried_money_counts_to_date() -> None:
    # By heads b has 250 in 2016 and carries what it does not need: 500 in 2017 pay for everybody.
    found = make_baseline(two_counties(carry="yes"), Habit(Method.PER_HEAD), PlanOptions())
    assert found.allocation is not None
    assert sum(found.allocation.exits.values()) == 40


def test_an_open_fund_cannot_be_divided() -> None:
    with pytest.raises(NothingToDivideError):
        make_baseline(two_counties(supply="open"), Habit(Method.EQUAL), PlanOptions())
