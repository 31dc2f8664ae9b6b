"""What habit gives, worked by hand: two counties with 30 and 10 poor persons share 1,000 元 a year."""

from __future__ import annotations

from dataclasses import replace
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
from optimizer.study.baseline.habit import idle_funds
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
    assert ['"poor villages" is 0 or without data everywhere' in (note.en or "") for note in found.notes] == [
        True
    ]
    assert ["“贫困村”" in note.zh for note in found.notes] == [True]
    nothing = factors(Factor(kind=FactorKind.VILLAGES, weight=Fraction(1)))
    with pytest.raises(NothingToDivideError):
        divide(Recipients(two_counties()), nothing)


def test_a_citys_money_goes_by_the_factors_of_its_own_counties() -> None:
    # x has a with 30 persons and b with 10, y c with 960 and d with 40. Half by persons, half alike: a gets
    # 1/2 x 3/4 + 1/2 x 1/2 = 5/8 of the 800 元 of x, whatever y has. In z nobody is poor: everybody the same.
    case = small_case(
        years=(2016, 2016),
        tables={
            "regions": "p,p,province,,,\nx,x,city,p,,\ny,y,city,p,,\nz,z,city,p,,\n"
            "a,a,county,x,,\nb,b,county,x,,\nc,c,county,y,,\nd,d,county,y,,\ne,e,county,z,,\nf,f,county,z,,",
            "stocks": "a,poor,30,\nb,poor,10,\nc,poor,960,\nd,poor,40,\ne,poor,0,\nf,poor,0,",
            "gaps": "poor,,,10",
            "costs": "grant,,,10",
            "funds": "fund,x,2016,800,\nfund,y,2016,100,\nfund,z,2016,10,",
        },
        lists={
            "groups": "id: poor, title: poor, counts: persons",
            "measures": "id: grant, title: g, unit: grant, lifetime: 1, payers: fund == fund, "
            "serves: {poor: {lift: 10元, most: 1}}",
            "funds": "id: fund, title: f, level: city, supply: given, pooled_at: city, cost_weight: 1",
        },
    )
    half = Fraction(1, 2)
    persons, alike = (Factor(kind=kind, weight=half) for kind in (FactorKind.PERSONS, FactorKind.EQUAL))
    found = shares(case, factors(persons, alike))
    assert (found["a", 2016], found["b", 2016]) == (500, 300)
    assert (found["c", 2016], found["d", 2016]) == (73, 27)
    assert (found["e", 2016], found["f", 2016]) == (5, 5)
    notes = divide(Recipients(case), factors(persons, alike)).notes
    assert ["within z" in (note.en or "") and "在z内" in note.zh for note in notes] == [True, True]


def joined(*, tables: dict[str, str] | None = None, **lists: str) -> Case:
    """30 poor persons in a, none in b, where 10 become poor in 2017; 1,000 元 a year to share."""
    return small_case(
        years=(2016, 2017),
        tables={
            "regions": "p,p,province,,,\na,a,county,p,,\nb,b,county,p,,",
            "stocks": "a,poor,30,\nb,poor,0,",
            "entrants": "b,poor,2017,new,10",
            "gaps": "poor,,,10",
            "costs": "grant,a,,10\ngrant,b,,40",
            "funds": "fund,p,2016,1000,\nfund,p,2017,1000,",
            **(tables or {}),
        },
        lists={
            "groups": "id: poor, title: poor, counts: persons",
            "measures": "id: grant, title: g, unit: grant, lifetime: 1, payers: fund == fund, "
            "serves: {poor: {lift: 10元, most: 1}}",
            "funds": "id: fund, title: f, level: central, supply: given, pooled_at: province, cost_weight: 1",
            "targets": "id: out, title: o, kind: exits, groups: [poor], cumulative: yes, "
            "shares: {2017: 100%}",
            **lists,
        },
    )


def test_who_enters_counts_from_the_year_of_entry() -> None:
    # 30 to 0 in 2016, 30 to 10 in 2017; the gap of all is 10 元, so that it weighs alike.
    for habit in (
        Habit(Method.PER_HEAD),
        factors(Factor(kind=FactorKind.PERSONS, weight=Fraction(1))),
        factors(Factor(kind=FactorKind.GAP, weight=Fraction(1))),
    ):
        assert shares(joined(), habit) == {
            ("a", 2016): 1000,
            ("b", 2016): 0,
            ("a", 2017): 750,
            ("b", 2017): 250,
        }


def test_greedy_knows_what_newcomers_cost() -> None:
    # a: 30 x 10 x 2 years = 600, 20 a head; b: 10 x 40 in 2017 alone = 400, 40 a head. All of it in 2016.
    found = shares(joined(), Habit(Method.GREEDY))
    assert (found["a", 2016], found["b", 2016]) == (600, 400)
    assert (found["a", 2017], found["b", 2017]) == (750, 250)  # nothing is asked for: by all heads


def test_a_figure_that_is_kept_by_year_counts_as_it_is_in_the_year() -> None:
    case = two_counties()
    yearly = {("rural", county, year): Fraction(1) for county in "ab" for year in (2016, 2017)}
    yearly["rural", "a", 2017] = Fraction(3)
    case = case.model_copy(
        update={
            "attributes": {"rural": case.attributes["rural"].model_copy(update={"by_year": True})},
            "tables": replace(case.tables, yearly=yearly),
        }
    )
    found = shares(case, factors(Factor(kind=FactorKind.ATTRIBUTE, of="rural", weight=Fraction(1))))
    assert [found["a", 2016], found["a", 2017]] == [500, 750]


def test_what_newcomers_bring_along_is_a_need_too() -> None:
    # 4 houses in each county; each of the 10 brings half a house: 4 to 4 in 2016, 4 to 9 in 2017.
    case = joined(
        tables={
            "needs": "a,house,,4\nb,house,,4",
            "costs": "grant,a,,10\ngrant,b,,40\nbuild,,,100",
            "funds": "fund,p,2016,1300,\nfund,p,2017,1300,",
        },
        needs="id: house, title: h, unit: house, kind: backlog, brought_by: {poor: 1/2}",
        measures="""
            id: grant, title: g, unit: grant, lifetime: 1, payers: fund == fund,
              serves: {poor: {lift: 10元, most: 1}}
            id: build, title: b, unit: house, payers: fund == fund, meets: {house: 1}
        """,
    )
    found = shares(case, factors(Factor(kind=FactorKind.NEED, of="house", weight=Fraction(1))))
    assert found == {("a", 2016): 650, ("b", 2016): 650, ("a", 2017): 400, ("b", 2017): 900}
    cost = Recipients(case).cost
    assert {county: cost[county] for county in "ab"} == {"a": 60_000 + 40_000, "b": 40_000 + 90_000}


def test_a_bill_with_layers_counts_what_the_case_pays() -> None:
    # Of 100 元 the insurer, no fund of the case, pays 60 %: 40 元 a head.
    case = joined(
        tables={"needs": "a,cure,,5\nb,cure,,5", "costs": "cure,,,100", "gaps": "poor,,,0"},
        needs="id: cure, title: c, unit: case, kind: backlog",
        measures="id: cure, title: c, unit: case, payers: fund == fund, meets: {cure: 1}, layers: "
        "[{id: insurer, title: i, rate: 60%}, {id: aid, title: a, rate: 100%, payer: fund == fund}]",
    )
    assert Recipients(case).cost["a"] == 5 * 4_000


def test_habit_that_lets_too_few_out_for_a_check_to_undo_is_still_planned() -> None:
    """A check is to undo 20 exits of 2016, and 100 元 let out 10: not even the accounts of people hold."""
    case = joined(
        tables={
            "revoked": "a,poor,2017,20",
            "entrants": "b,poor,2016,new,30",
            "costs": "grant,,,10",
            "funds": "fund,p,2016,300,\nfund,p,2017,1000,",
        },
    )
    best = make_plan(case, PlanOptions())
    assert best.plan.status is Status.OPTIMAL  # 300 元 in 2016 for 20 in a, 2017 everybody
    even = make_baseline(case, Habit(Method.EQUAL), PlanOptions())
    assert not even.lawful
    assert even.allocation is not None
    assert even.audit is not None
    assert "revoked.poor" in {finding.rule for finding in even.audit.findings if finding.broken}


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


def test_a_last_year_that_leaves_money_idle_breaks_the_floor_and_is_planned_all_the_same() -> None:
    # Last year gave 300 and 100 元: of 1,000 a year that must be spent to nine tenths.
    case = two_counties()
    floored = case.funds["fund"].model_copy(update={"spending_floor": Fraction(9, 10)})
    case = case.model_copy(update={"funds": {"fund": floored}})
    before = Allocation(money={("a", "grant", "fund", 2016): 30_000, ("b", "grant", "fund", 2016): 10_000})
    found = make_baseline(case, Habit(Method.LAST_YEAR, before=before), PlanOptions())
    assert not found.lawful
    assert found.allocation is not None
    assert found.audit is not None
    assert "floor.fund" in {finding.rule for finding in found.audit.findings if finding.broken}
    enough = Allocation(money={("a", "grant", "fund", 2016): 50_000, ("b", "grant", "fund", 2016): 40_000})
    shared = divide(Recipients(case), Habit(Method.LAST_YEAR, before=enough)).shares
    assert idle_funds(Recipients(case), shared) == ()


def test_an_open_fund_cannot_be_divided() -> None:
    with pytest.raises(NothingToDivideError):
        make_baseline(two_counties(supply="open"), Habit(Method.EQUAL), PlanOptions())


@pytest.mark.parametrize(
    "factor",
    [
        Factor(kind=FactorKind.NEED, of="nosuch", weight=Fraction(1)),
        Factor(kind=FactorKind.ATTRIBUTE, of="nosuch", weight=Fraction(1)),
        Factor(kind=FactorKind.PERSONS, per="nosuch", weight=Fraction(1)),
    ],
)
def test_a_factor_that_the_case_does_not_have_is_refused(factor: Factor) -> None:
    # It would be 0 everywhere, and the other factor would quietly get its weight.
    other = Factor(kind=FactorKind.PERSONS, weight=Fraction(1))
    with pytest.raises(NothingToDivideError, match="nosuch"):
        divide(Recipients(two_counties()), factors(other, factor))


def test_a_last_year_without_any_money_to_go_by_is_refused() -> None:
    elsewhere = Allocation(money={("c", "grant", "fund", 2016): 100})
    with pytest.raises(NothingToDivideError, match="上年"):
        divide(Recipients(two_counties()), Habit(Method.LAST_YEAR, before=elsewhere))
