"""Prices and their ranges: hand-worked LPs, kinks, and exact finite differences on random cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from models.case import Case
from models.citation import Language
from models.explanation import Explanation, Price, Side
from models.plan import Status
from optimizer.present.explain_prices import price_sentences, yuan_text
from optimizer.program import build
from optimizer.program.matrix import Whole
from optimizer.read import CaseErrors, apply_patches, read_case
from optimizer.solve import Options, Stop, solve
from optimizer.study.explain.explain import ExplainOptions, explain
from optimizer.study.explain.levers import RATE, Kind, Lever
from optimizer.study.explain.prices import priced, prices
from optimizer.study.explain.slopes import Slopes
from optimizer.study.planning import PlanOptions, make_plan
from tests.situations.random_case import write_random_case
from tests.situations.small import small_case

#: Part of a difference by which two solves may disagree, and fen that they may disagree at least.
RELATIVE, FEN = 1e-6, 5.0


def two_ways(*, cheap: int = 6, half: int = 300, houses: int = 10, rule: str = "") -> Case:
    """10 `houses` due; `cheap` of them at 100 元, others at 150; `half` 元 of a fund that counts half."""
    rules = {"rules": rule} if rule else {}
    return small_case(
        years=(2018, 2018),
        tables={
            "needs": f"county,house,,{houses}",
            "costs": "cheap,,,100\ndear,,,150",
            "capacity": f"cheap,county,2018,{cheap}",
            "funds": f"half,county,2018,{half},",
        },
        lists={
            "needs": "id: house, title: house, unit: house, kind: backlog, due: {2018: 100%}",
            "measures": """
                id: cheap, title: cheap, unit: house, meets: {house: 1}, payers: fund == half or fund == full
                id: dear, title: dear, unit: house, meets: {house: 1}, payers: fund == half or fund == full
            """,
            "funds": """
                id: half, title: half, level: central, supply: up_to, pooled_at: county, cost_weight: 1/2
                id: full, title: full, level: county, supply: open, pooled_at: county, cost_weight: 1
            """,
            **rules,
        },
    )


def found_for(case: Case, **options: str) -> Explanation:
    found = explain(case, ExplainOptions(**options))  # type: ignore[arg-type]
    assert found.plan.status is Status.OPTIMAL
    assert found.complete
    return found


def ends(price: Price) -> tuple[float | None, float | None]:
    low, high = (None if end is None else float(end) for end in (price.low, price.high))
    return low, high


def by_id(found: Explanation, id: str) -> list[Price]:
    return [price for price in found.prices if price.id == id]


def test_a_fund_that_counts_one_half_saves_one_half() -> None:
    # 6 x 100 + 4 x 150 = 1,200 元 are spent: from nothing to all of it the half fund saves one half.
    [price] = by_id(found_for(two_ways()), "supply.half")
    assert price.price == -0.5
    assert ends(price) == (0, 120_000)
    assert (price.side, price.checked, price.year, price.region) == (Side.BOTH, True, 2018, "county")


def test_a_fund_that_has_nothing_yet_is_worth_something_until_everything_is_paid() -> None:
    # A million houses: 6 x 100 + 999,994 x 150 = 149,999,700 元, the most that any fund can pay.
    [price] = by_id(found_for(two_ways(half=0, houses=1_000_000)), "supply.half")
    assert (price.price, price.side, price.checked) == (-0.5, Side.MORE, True)
    assert ends(price) == (0, 14_999_970_000)


def test_one_more_cheap_house_saves_the_difference() -> None:
    [price] = by_id(found_for(two_ways()), "capacity.cheap")
    assert price.price == -5_000
    assert ends(price) == (0, 10)
    assert price.checked


def test_what_is_due_costs_what_the_last_houses_cost() -> None:
    # The last four of 10 houses cost 150 元 each, the first six 100 元; more than all cannot be due.
    [price] = by_id(found_for(two_ways()), "due.house")
    assert price.price == 10 * 15_000
    assert ends(price) == (0.6, 1)
    assert price.side is Side.LESS
    assert price.effect == 10


def test_at_a_kink_less_and_more_have_their_own_prices() -> None:
    # With room for exactly 10 cheap houses one more changes nothing, one less costs 50 元.
    less, more = by_id(found_for(two_ways(cheap=10)), "capacity.cheap")
    assert (less.side, less.price, ends(less)) == (Side.LESS, -5_000, (0, 10))
    assert (more.side, more.price, ends(more)) == (Side.MORE, 0, (10, None))


def test_without_what_is_due_nothing_is_spent() -> None:
    found = found_for(two_ways())
    tolls = {toll.id: toll.worth for toll in found.tolls}
    # 300 元 at one half and 900 元 in full: 1,050 元 in all. With cheap houses only, 4 x 50 元 less.
    assert tolls == {"due.house": pytest.approx(105_000), "capacity.cheap": pytest.approx(20_000)}


def test_what_a_region_gets_adds_up_and_says_why() -> None:
    found = found_for(two_ways(), region="county")
    assert found.share is not None
    assert found.share.fen == found.share.total == 120_000
    assert {one.measure: (one.fen, one.driver) for one in found.share.spent} == {
        "cheap": (60_000, "due.house"),
        "dear": (60_000, "due.house"),
    }
    # 10 x 150 due, less 6 x 50 that the cheap houses save, less 300 x 1/2 of the fund: the plan's 1,050 元.
    parts = {driver.id: driver.part for driver in found.share.drivers}
    assert parts == {
        "due.house": pytest.approx(150_000),
        "capacity.cheap": pytest.approx(-30_000),
        "supply.half": pytest.approx(-15_000),
    }


def test_the_next_dearer_way_comes_in_when_it_is_as_cheap() -> None:
    # With room for all cheap houses no dear one is built; 50 元 less and it would be.
    [tie] = found_for(two_ways(cheap=12)).ties
    assert (tie.region, tie.measure, tie.year, tie.cost) == ("county", "dear", 2018, 15_000)
    assert tie.saving == pytest.approx(5_000)
    assert tie.share == pytest.approx(1 / 3)


def test_a_figure_that_cannot_move_has_no_price_and_says_so() -> None:
    # All 10 houses are due and there are no more than 10: that 10 are built cannot be asked for otherwise.
    rule = "id: built, title: built, years: [2018, 2018], severity: hard, for_each: [region, year],"
    rule += " where: region.level == county, left: units(), is: '=', right: 10"
    case = two_ways(rule=rule)
    found = found_for(case)
    [price] = by_id(found, "built")
    assert (price.price, price.end) == (0.0, Side.BOTH)
    assert ends(price) == (10, 10)
    [zh] = price_sentences(case, [price], Language.ZH)
    [en] = price_sentences(case, [price], Language.EN)
    assert zh.endswith("：一点都不能动，多一点、少一点都没有可行方案。")
    assert en.endswith(": it cannot move: with any more or any less there is no plan.")


def test_years_and_pools_of_which_the_same_is_said_share_a_sentence() -> None:
    case = two_ways()
    [price] = by_id(found_for(case), "supply.half")
    later, other = replace(price, year=2019), replace(price, year=2020, value=Fraction(100_000))
    assert price_sentences(case, [price, later, other], Language.ZH) == [
        "half（2018、2019 年，现为 300 元；2020 年，现为 1,000 元）："
        "每多 1 万元，省 5,000 元（到 1,200 元为止）；每少 1 万元，多花 5,000 元（到 0 为止）。"
    ]
    assert price_sentences(case, [price, other], Language.EN) == [
        "half (2018, now 300 yuan; 2020, now 1,000 yuan): each 10,000 yuan more saves 5,000 yuan "
        "(up to 1,200 yuan); each 10,000 yuan less costs 5,000 yuan (down to nothing)."
    ]


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (50, "0.5 元", "0.5 yuan"),
        (250_000, "2,500 元", "2,500 yuan"),
        (1_000_000, "1 万元", "10,000 yuan"),
        (16_384_400_000, "1.6384 亿元", "163.844 million yuan"),
        (6_427_261_964_437, "642.7262 亿元", "64.2726 billion yuan"),
    ],
)
def test_money_reads_in_one_unit(fen: int, zh: str, en: str) -> None:
    assert (yuan_text(fen, Language.ZH), yuan_text(fen, Language.EN)) == (zh, en)


# --- random cases -------------------------------------------------------------------------------------


@cache
def without_whole_numbers(limit: int) -> tuple[int, ...]:
    """Seeds of random cases that have a plan and no whole-number choices."""
    seeds = []
    for seed in range(400):
        with TemporaryDirectory() as folder:
            write_random_case(Path(folder), seed)
            program = build(read_case(Path(folder)))
        if not program.integer.any() and solve(program.problem(), Options()).stop is Stop.OPTIMAL:
            seeds.append(seed)
        if len(seeds) == limit:
            break
    return tuple(seeds)


def least_cost(case: Case) -> float | None:
    """The optimum of the case, built and solved anew."""
    outcome = solve(build(case).problem(), Options(gap=1e-9))
    return outcome.objective


def values_of(price: Price, lever: Lever) -> Iterator[Fraction]:
    """The ends of the range and a point within, as values that `--set` can give exactly."""
    at = lever.value
    for end in (price.low, price.high):
        far = end if end is not None else at + max(abs(at), Fraction(100))
        if far != at:
            yield far
            yield (
                at + Fraction(round((far - at) / 2 * 10**4), 10**4)
                if lever.unit != "fen"
                else at + (far - at) // 2
            )


def exactly_settable(lever: Lever) -> bool:
    """Whether the figure can be given any value: what is rounded to whole persons in the case is not."""
    whole = lever.kind is Kind.TARGET or (lever.kind is Kind.RULE and lever.unit != "fen")
    return bool(lever.path) and lever.alone and not whole


def compare(seed: int) -> int:
    """Hold every price against solving the changed case; how many differences were compared."""
    with TemporaryDirectory() as folder:
        write_random_case(Path(folder), seed)
        case = read_case(Path(folder))
    program = build(case, tight=False)
    levers = priced(case, program)
    slopes = Slopes(program, levers, None, None)
    base = least_cost(case)
    assert base is not None
    assert slopes.value == pytest.approx(base, rel=1e-9)
    places = {(lever.id, lever.year, lever.region): lever for lever in levers}
    compared = 0
    for price in prices(slopes):
        lever = places[price.id, price.year, price.region]
        if not exactly_settable(lever) or (lever.unit == RATE and price.high == price.low):
            continue
        for value in values_of(price, lever):
            if lever.unit == "fen" and value.denominator != 1:
                continue
            if lever.region is None and lever.kind is Kind.FUND:
                continue  # several pools are moved in proportion: no one `--set` does that to the fen
            try:
                changed = apply_patches(case, [lever.change(value)])
            except CaseErrors:
                continue
            there = least_cost(changed)
            assert there is not None, (price, value)
            expected = price.price * float(value - lever.value)
            assert there - base == pytest.approx(expected, rel=RELATIVE, abs=FEN), (seed, price, value)
            compared += 1
    return compared


@pytest.mark.parametrize("number", range(6))
def test_prices_are_finite_differences_within_their_range(number: int) -> None:
    assert compare(without_whole_numbers(6)[number]) > 0


@pytest.mark.soak
def test_prices_of_many_random_cases_are_finite_differences() -> None:
    seeds = without_whole_numbers(60)
    assert sum(compare(seed) for seed in seeds) > 5 * len(seeds)


def at_these_choices(case: Case, chosen: Whole) -> float | None:
    """The goal of the case, built anew, where whole-number columns are what they are in a plan; None where
    nothing is feasible."""
    program = build(case)
    problem, at = program.problem(), chosen.astype(np.float64)
    whole = problem.integer
    lower, upper = np.where(whole, at, problem.lower), np.where(whole, at, problem.upper)
    if (lower > upper).any():
        return None
    fixed = replace(problem, integer=np.zeros_like(whole), lower=lower, upper=upper)
    objective = solve(fixed, Options(gap=1e-9)).objective
    return None if objective is None else (-objective if program.goal.maximise else objective)


def hold_at_a_plan(case: Case) -> tuple[int, int]:
    """Amounts of funds and capacities: at four points of each range the price is the difference, and one part
    in ten past its end it is not. How many of each were looked at; 0 where the case has no whole numbers."""
    planned = make_plan(case, PlanOptions(conflict=False))
    if planned.x is None or not planned.program.integer.any():
        return 0, 0
    program = build(case, tight=False)
    slopes = Slopes(program, priced(case, program), planned.x, None)
    base = at_these_choices(case, planned.x)
    assert base is not None
    places = {(lever.id, lever.year, lever.region): lever for lever in slopes.levers}
    inside = beyond = 0
    for price in prices(slopes):
        lever = places[price.id, price.year, price.region]
        pools = lever.region is None and lever.kind is Kind.FUND
        if lever.kind not in (Kind.FUND, Kind.CAPACITY) or not exactly_settable(lever) or pools:
            continue
        for end, far in ((price.low, Fraction(0)), (price.high, 3 * lever.value + 100)):
            last = far if end is None else end
            for part in (Fraction(1, 7), Fraction(1, 2), Fraction(1)):
                value = lever.value + part * (last - lever.value)
                value = Fraction(round(value)) if lever.unit == "fen" else value
                there = at_these_choices(apply_patches(case, [lever.change(value)]), planned.x)
                assert there is not None, (price, value)
                expected = price.price * float(value - lever.value)
                assert there - base == pytest.approx(expected, rel=RELATIVE, abs=FEN), (price, value)
                inside += 1
            if end is None or end in (0, lever.value):
                continue
            value = Fraction(round(lever.value + Fraction(11, 10) * (last - lever.value)))
            if value < 0 or not min(end, value) < max(end, value):
                continue
            there = at_these_choices(apply_patches(case, [lever.change(value)]), planned.x)
            expected = price.price * float(value - lever.value)
            assert there is None or abs(there - base - expected) > FEN, (price, value)
            beyond += 1
    return inside, beyond


@pytest.mark.parametrize(
    ("seeds", "least"),
    [(range(3), (20, 3)), pytest.param(range(3, 60), (400, 40), marks=pytest.mark.soak)],
    ids=["some", "many"],
)
def test_prices_hold_at_the_whole_numbers_of_the_plan_and_end_where_they_say(
    seeds: range, least: tuple[int, int]
) -> None:
    inside = beyond = 0
    for seed in seeds:
        with TemporaryDirectory() as folder:
            write_random_case(Path(folder), seed)
            counts = hold_at_a_plan(read_case(Path(folder)))
        inside, beyond = inside + counts[0], beyond + counts[1]
    assert inside > least[0]
    assert beyond > least[1]


def test_past_its_range_a_price_no_longer_holds() -> None:
    """The comparison can fail: beyond 10 houses another cheap one saves nothing."""
    case = two_ways()
    base, there = least_cost(case), least_cost(apply_patches(case, ["capacity.cheap[county,2018].most=12"]))
    assert base is not None
    assert there is not None
    assert there - base == pytest.approx(-5_000 * 4)
    assert there - base != pytest.approx(-5_000 * 6, rel=0.1)


def test_whole_numbers_are_fixed_and_the_true_difference_is_solved_for() -> None:
    # One indivisible bridge for 10 crossings, or boats at 30 元 each: the bridge is chosen (250 元).
    case = small_case(
        years=(2018, 2018),
        tables={"needs": "county,cross,,10", "costs": "bridge,,,250\nboat,,,30", "funds": ""},
        lists={
            "needs": "id: cross, title: cross, unit: crossing, kind: backlog, due: {2018: 100%}",
            "measures": """
                id: bridge, title: bridge, unit: one, meets: {cross: 10}, indivisible: yes, payers: fund == f
                id: boat, title: boat, unit: boat, meets: {cross: 1}, payers: fund == f
            """,
            "funds": "id: f, title: f, level: county, supply: open, pooled_at: county, cost_weight: 1",
        },
    )
    found = found_for(case)
    assert found.whole_numbers == 1
    assert found.plan.cost == 25_000
    # At the bridge that is there, a crossing less saves nothing.
    assert all(price.price == 0 for price in by_id(found, "due.cross") if price.side is not Side.MORE)


def test_the_goal_of_most_exits_has_prices_in_persons() -> None:
    case = small_case(
        years=(2018, 2018),
        goal="most exits",
        tables={
            "stocks": "county,able,100,",
            "gaps": "able,,,100",
            "costs": "job,,,50",
            "funds": "f,county,2018,1000,",
        },
        lists={
            "groups": "id: able, title: able, counts: persons",
            "measures": """
                id: job, title: job, unit: job, payers: fund == f, serves: {able: {lift: 100元, most: 1}}
            """,
            "funds": "id: f, title: f, level: county, supply: up_to, pooled_at: county, cost_weight: 1",
        },
    )
    # 50 元 bring one person out: one fen brings 1/5000, up to 5,000 元 for all hundred.
    [price] = by_id(found_for(case), "supply.f")
    assert price.price == pytest.approx(1 / 5_000)
    assert ends(price) == (0, 500_000)


def test_slopes_answer_the_same_whatever_they_were_asked_before() -> None:
    case = two_ways()
    program = build(case)
    levers = priced(case, program)
    one, other = Slopes(program, levers, None, None), Slopes(program, levers, None, None)
    forwards = [one.pieces(number) for number in range(len(levers))]
    backwards = [other.pieces(number) for number in reversed(range(len(levers)))][::-1]
    assert forwards == backwards
    assert one.value == other.value
    assert np.array_equal(one.duals, other.duals)
    assert replace(levers[0], value=Fraction(1)).value == 1
