"""Hand-worked situations for rules that name the whole, last year's results, and which use comes first."""

from __future__ import annotations

from itertools import product

import pytest

from models.allocation import Allocation, Item
from models.case import Case
from models.citation import Language
from models.finding import Finding, State
from models.plan import Status
from optimizer.audit import audit
from optimizer.present.rule_book import rule_book
from optimizer.program import build
from optimizer.read import apply_patches
from optimizer.study.conflict import find_conflict
from optimizer.study.planning import Planned, PlanOptions, make_plan
from optimizer.study.whatif.evaluate import RunOptions
from optimizer.study.whatif.threshold import least
from tests.situations.small import small_case

TWO_COUNTIES = "p,p,province,,,\na,a,county,p,heavy,\nb,b,county,p,,"
PEOPLE = "id: poor, title: p, counts: persons"
HELP = "id: help, title: h, unit: help, meets: {aid: 1}, payers: fund.level != household"
AID = "id: aid, title: a, unit: help, kind: backlog"


def planned(case: Case, status: Status = Status.OPTIMAL) -> Planned:
    found = make_plan(case, PlanOptions(gap=1e-9))
    assert found.plan.status is status, found.plan.message
    if found.plan.allocation is not None:
        assert audit(case, found.plan.allocation).clean
    return found


def allocation(found: Planned) -> Allocation:
    assert found.plan.allocation is not None
    return found.plan.allocation


def sides(finding: Finding) -> tuple[int, int]:
    """Left and right, which are whole here."""
    assert finding.left is not None
    assert finding.right is not None
    return int(finding.left), int(finding.right)


def spent(found: Planned, fund: str = "city") -> dict[tuple[str, int], int]:
    """(region, year) -> yuan of the fund."""
    sums: dict[tuple[str, int], int] = {}
    for (region, _, name, year), fen in allocation(found).money.items():
        if name == fund and fen:
            sums[region, year] = sums.get((region, year), 0) + fen // 100
    return sums


def sentences(case: Case, rule: str) -> tuple[str, str]:
    zh, en = (next(e.sentence for e in rule_book(case, lang) if e.id == rule) for lang in Language)
    return zh, en


# --- everywhere -------------------------------------------------------------------------------


def shared(right: str, *, where: str = "region.tag == heavy", patches: tuple[str, ...] = ()) -> Case:
    """County a has 300 of 1,000 poor people, b 700; help costs 11 yuan in a and 10 in b; 6,000 to spend."""
    return small_case(
        years=(2018, 2018),
        tables={
            "regions": TWO_COUNTIES,
            "stocks": "a,poor,300,\nb,poor,700,",
            "needs": "a,aid,,600\nb,aid,,600",
            "costs": "help,a,,11\nhelp,b,,10",
            "funds": "city,p,2018,6000,",
        },
        lists={
            "groups": PEOPLE,
            "needs": AID,
            "measures": HELP,
            "funds": "id: city, title: c, level: city, supply: given, pooled_at: province, cost_weight: 1",
            "targets": "id: T, title: t, kind: met, need: aid, cumulative: yes, severity: soft, price: 100元,"
            " amounts: {2018: 600}",
            "rules": "id: R, title: r, years: [2018, 2018], severity: hard, for_each: [year, region],"
            f" where: {where}, left: spent(fund == city), is: '>=', right: {right}",
        },
        patches=patches,
    )


SHARE = "stock() / everywhere(stock()) * everywhere(spent(fund == city))"


def test_every_county_gets_its_share_of_what_the_whole_spends() -> None:
    # Without the rule all 6,000 buys 600 helps in b. With it a gets 30 %: 11 n >= 30 % of the money spent.
    # n = 161 in a cost 1,771; b's 422 cost 4,220: 5,991 in all and 30 % of it is 1,797.30, too much. n = 162:
    # 1,782, b's 415 cost 4,150, 30 % of 5,932 is 1,779.60. One more in b: 30 % of 5,942 is 1,782.60: no.
    # n = 163: 1,793, b's 418 (70 % needs 4,183.67 at most): 5,973 and 581 helps; n = 164: 1,804, 419: 583 for
    # 5,994. That is the most: 584 would take 165 in a and 419 in b, 6,005.
    found = planned(shared(SHARE))
    assert spent(found) == {("a", 2018): 1804, ("b", 2018): 4190}
    plain = planned(shared(SHARE, patches=("rule.R.severity=advisory",)))
    assert spent(plain) == {("b", 2018): 6000}
    [broken] = [f for f in audit(shared(SHARE), allocation(plain)).findings if f.state is State.VIOLATED]
    assert (broken.rule, broken.region) == ("R", "a")
    assert sides(broken) == (0, 1800_00)


def test_shares_of_all_counties_together_leave_no_choice() -> None:
    # 30 and 70 % at least of the same sum are 30 and 70 % exactly: 11 n : 10 m = 3 : 7, so n = 30 k, m = 77
    # k; the money suffices for k = 5: 150 helps in a (1,650 yuan) and 385 in b (3,850).
    found = planned(shared(SHARE, where="region.level == county"))
    assert spent(found) == {("a", 2018): 1650, ("b", 2018): 3850}


def test_one_rule_for_all_counties_is_the_same_as_a_rule_for_each() -> None:
    one = "stock(region == a) / stock() * spent(fund == city)"
    by_hand = small_rule(shared(SHARE), one)
    assert spent(planned(by_hand)) == spent(planned(shared(SHARE)))


def small_rule(case: Case, right: str) -> Case:
    """The rule for county a written out, at the root, as it had to be before."""
    rule = case.rules["R"]
    root = apply_patches(case, [f"rule.R.right={right}", "rule.R.left=spent(fund == city and region == a)"])
    changed = root.rules["R"].model_copy(
        update={"for_each": rule.for_each[:1], "where": rule.where.model_copy(update={"condition": None})}
    )
    return root.model_copy(update={"rules": {"R": changed}})


def test_the_sentence_names_the_whole() -> None:
    assert sentences(shared(SHARE), "R") == (
        "每年、每个地区（地区标签为heavy）："
        "支出（资金为c）不少于存量 ÷ 全部地区存量 × 全部地区支出（资金为c）",
        "each year, each region where region tag is heavy: money spent for (fund is c) is at least stock ÷"
        " stock in all regions together × money spent for (fund is c) in all regions"
        " together",
    )


# --- figures by year --------------------------------------------------------------------------


def marked(*, rows: str, right: str, patches: tuple[str, ...] = ()) -> Case:
    """Two years; both counties have 100 units of aid at 10 yuan to buy; a fund pooled in the counties."""
    return small_case(
        years=(2018, 2019),
        attributes="score by year, k by year",
        tables={
            "regions": TWO_COUNTIES,
            "stocks": "a,poor,300,\nb,poor,700,",
            "needs": "a,aid,,100\nb,aid,,100",
            "costs": "help,,,10",
            "attributes": rows,
            "funds": "\n".join(f"reward,{c},{y},5000," for c in "ab" for y in (2018, 2019)),
        },
        lists={
            "groups": PEOPLE,
            "needs": f"{AID}, due: {{2019: 100%}}",
            "measures": HELP,
            "funds": """
                id: reward, title: w, level: city, supply: up_to, pooled_at: county, cost_weight: 1
                id: own, title: o, level: county, supply: open, pooled_at: county, cost_weight: 2
            """,
            "rules": "id: R, title: r, years: [2019, 2019], severity: hard, for_each: [year, region],"
            f" where: region.level == county, left: available(fund == reward), is: '=', right: {right}",
        },
        patches=patches,
    )


MARKS = "score,a,2018,95\nscore,b,2018,80\nscore,p,2018,85\nk,p,2019,0.02"
FORMULA = "400元 * (1 + everywhere(region.k) * (previous(region.score) - everywhere(previous(region.score))))"


def test_money_follows_the_marks_of_the_year_before() -> None:
    # a: 400 x (1 + 0.02 x 10) = 480; b: 400 x (1 - 0.02 x 5) = 360.
    found = planned(marked(rows=MARKS, right=FORMULA))
    assert {
        key: fen // 100 for key, fen in allocation(found).brought.items() if key[1:] == ("reward", 2019)
    } == {
        ("a", "reward", 2019): 480,
        ("b", "reward", 2019): 360,
    }


def test_a_factor_of_zero_is_neutral_and_a_patch_changes_it() -> None:
    case = marked(rows=MARKS, right=FORMULA, patches=("attribute.k.amount=0",))
    assert {fen for key, fen in allocation(planned(case)).brought.items() if key[1:] == ("reward", 2019)} == {
        40000
    }


def test_a_region_without_marks_is_not_applicable_in_program_and_audit() -> None:
    case = marked(rows="score,a,2018,95\nscore,p,2018,85\nk,p,2019,0.02", right=FORMULA)
    found = planned(case)
    states = {f.region: f.state for f in audit(case, allocation(found)).findings if f.rule == "R"}
    assert states == {"a": State.PASS, "b": State.NOT_APPLICABLE}


def test_money_follows_what_was_reached() -> None:
    # 20 persons of a leave in 2018, so that its reward of 2019 is at least 20 x 5 yuan; none of b's leave.
    case = marked(rows=MARKS, right="5元/人 * previous(exits())")
    done = allocation(planned(case))
    wished = Allocation(
        **{**vars_of(done), "exits": {("a", "poor", 2018): 20}, "covers": done.covers}  # type: ignore[arg-type]
    )
    [finding] = [f for f in audit(case, wished).findings if f.rule == "R" and f.region == "a"]
    assert finding.right == 100_00


def vars_of(found: Allocation) -> dict[str, object]:
    return {name: getattr(found, name) for name in found.__dataclass_fields__}


# --- which use comes first --------------------------------------------------------------------


FIRST = "met(need == house) >= need(need == house)"


def in_order(
    *,
    unless: str = FIRST,
    severity: str = "hard",
    money: tuple[int, int] = (700, 700),
    capacity: str = "",
    roads: str = "",
    goal: str = "most benefit",
    patches: tuple[str, ...] = (),
) -> Case:
    """A fund of 700 yuan a year; 10 houses at 100 come first, 16 roads at 50 later. A road is worth more."""
    return small_case(
        years=(2018, 2019),
        goal=goal,
        tables={
            "needs": "county,house,,10\ncounty,road,,16",
            "costs": "build,,,100\npave,,,50",
            "funds": f"hydro,county,2018,{money[0]},\nhydro,county,2019,{money[1]},",
            **({"capacity": capacity} if capacity else {}),
        },
        lists={
            "needs": "id: house, title: 住房, unit: 套, kind: backlog\n"
            f"id: road, title: 道路, unit: 条, {roads}kind: backlog",
            "measures": """
                id: build, title: b, unit: 套, meets: {house: 1}, benefit: 1, payers: fund == hydro
                id: pave, title: p, unit: 条, meets: {road: 1}, benefit: 10, payers: fund == hydro
            """,
            "funds": "id: hydro, title: 水电资金, level: enterprise, supply: given, pooled_at: county,"
            " cost_weight: 1",
            "rules": f"id: R, title: r, years: [2018, 2019], severity: {severity}, for_each: [year],"
            f" left: spent(fund == hydro and measure != build), is: '<=', right: '0', unless: '{unless}'",
        },
        patches=patches,
    )


def bought(found: Planned) -> dict[tuple[str, int], int]:
    return {(m, y): int(units) for (_, m, y), units in allocation(found).units.items() if units}


def test_the_later_use_waits_until_the_earlier_one_is_met() -> None:
    # 7 houses in 2018, 3 in 2019; only then 400 yuan are left in 2019 for 8 roads.
    assert bought(planned(in_order())) == {("build", 2018): 7, ("build", 2019): 3, ("pave", 2019): 8}
    # With 600 a year nothing but houses until 2019: 6 + 4, and 4 roads.
    poorer = planned(in_order(money=(600, 600)))
    assert bought(poorer) == {("build", 2018): 6, ("build", 2019): 4, ("pave", 2019): 4}


def test_where_the_earlier_use_is_never_met_the_later_one_gets_nothing() -> None:
    assert bought(planned(in_order(money=(400, 400)))) == {("build", 2018): 4, ("build", 2019): 4}


def test_capacity_that_is_used_up_lets_the_later_use_begin() -> None:
    unless = f"{FIRST} or units(measure == build) >= capacity(measure == build)"
    capacity = "build,county,2018,5\nbuild,county,2019,3"
    case = in_order(unless=unless, capacity=capacity)
    # 2018: 5 houses (500) use the capacity up, 4 roads for the rest; 2019: 3 houses (300), then 8 roads.
    assert bought(planned(case)) == {
        ("build", 2018): 5,
        ("build", 2019): 3,
        ("pave", 2018): 4,
        ("pave", 2019): 8,
    }
    # A year without a row has no capacity to use up: in 2018 nothing but houses, in 2019 3 houses make ten.
    loose = in_order(unless=unless, capacity="build,county,2019,3")
    assert bought(planned(loose)) == {("build", 2018): 7, ("build", 2019): 3, ("pave", 2019): 8}


def test_soft_precedence_is_broken_where_that_is_worth_its_price() -> None:
    # Least cost; a yuan out of order costs 2. Everything is due in 2019, half of the roads already in 2018.
    case = small_case(
        years=(2018, 2019),
        tables={
            "needs": "county,house,,10\ncounty,road,,8",
            "costs": "build,,,100\npave,,,50",
            "funds": "hydro,county,2018,400,\nhydro,county,2019,1000,",
        },
        lists={
            "needs": "id: house, title: h, unit: house, kind: backlog, due: {2019: 100%}\n"
            "id: road, title: r, unit: road, kind: backlog, due: {2018: 50%, 2019: 100%}",
            "measures": """
                id: build, title: b, unit: house, meets: {house: 1}, payers: fund == hydro
                id: pave, title: p, unit: road, meets: {road: 1}, payers: fund == hydro
            """,
            "funds": "id: hydro, title: f, level: social, supply: given, pooled_at: county, cost_weight: 1",
            "rules": "id: R, title: r, years: [2018, 2019], severity: soft, price: 2分, for_each: [year],"
            f" left: spent(fund == hydro and measure != build), is: '<=', right: '0', unless: '{FIRST}'",
        },
    )
    found = planned(case)
    # Half of the roads are due in 2018, before any ten houses can stand: 4 x 50 yuan are out of order.
    [missed] = [
        f for f in audit(case, allocation(found)).findings if f.rule == "R" and f.state is State.VIOLATED
    ]
    assert missed.year == 2018
    assert sides(missed) == (200_00, 0)
    assert found.plan.objective == 1400_00 + 2 * 200_00
    planned(apply_patches(case, ["rule.R.severity=hard"]), Status.INFEASIBLE)


def test_the_audit_says_where_the_order_is_broken_and_where_it_does_not_apply() -> None:
    case = in_order()
    good = allocation(planned(case))
    [early, late] = [f for f in audit(case, good).findings if f.rule == "R"]
    assert early.state is State.BINDING
    assert sides(early) == (0, 0)
    assert (late.state, late.message.en) == (
        State.NOT_APPLICABLE,
        "2019, county, r: what lifts the rule holds, so it asks nothing",
    )
    wrong = planned(in_order(patches=("rule.R.severity=advisory",)))
    findings = [f for f in audit(case, allocation(wrong)).findings if f.rule == "R"]
    assert [(f.year, f.state) for f in findings if f.broken] == [
        (2018, State.VIOLATED),  # 16 roads take 800 of the 1,400 yuan: some of it in either year, and ten
        (2019, State.VIOLATED),  # houses never stand
    ]
    assert bought(wrong)["pave", 2018] >= 1


def test_a_bare_table_of_money_leaves_the_order_open_only_where_it_matters() -> None:
    case = in_order()
    wrong = allocation(planned(in_order(patches=("rule.R.severity=advisory",))))
    money = Allocation(covers=frozenset({Item.MONEY}), money=wrong.money)
    states = {f.year: f.state for f in audit(case, money).findings if f.rule == "R"}
    # Units are not stated, so nobody can say whether the houses are met: not evaluated where roads are paid.
    paid = {y for (_, m, _, y), fen in wrong.money.items() if m == "pave" and fen}
    assert states == {y: State.NOT_EVALUATED if y in paid else State.BINDING for y in (2018, 2019)}


def test_the_sentence_says_what_lifts_the_rule() -> None:
    assert sentences(in_order(), "R") == (
        "每年：支出（资金为水电资金且措施不为b）不超过 0；"
        "已满足需求（需求为住房）不少于需求（需求为住房）时除外",
        "each year: money spent for (fund is 水电资金 and measure is not b) is at most 0, unless need met for"
        " (need is 住房) is at least need for (need is 住房)",
    )


@pytest.mark.parametrize("money", [(700, 700), (400, 400), (600, 600), (1000, 200), (300, 1300)])
def test_every_way_of_keeping_the_order_tried_by_hand_is_no_better(money: tuple[int, int]) -> None:
    """Brute force: each year either the later use gets nothing or the earlier is met; the best of four."""
    case = in_order(money=money)
    best = planned(case).plan.objective
    found = []
    for open_years in product((False, True), repeat=2):
        rules = dict(case.rules)
        rule = rules.pop("R")
        for year, opened in zip((2018, 2019), open_years, strict=True):
            claim = rule.unless[0]
            changed: dict[str, object] = {
                "id": f"R{year}",
                "years": (year, year),
                "unless": (),
                "unless_text": "",
            }
            if opened:
                changed |= {"left": claim.left, "compare": claim.compare, "right": claim.right, "unit": "套"}
            rules[f"R{year}"] = rule.model_copy(update=changed)
        plan = make_plan(case.model_copy(update={"rules": rules}), PlanOptions(gap=1e-9)).plan
        if plan.objective is not None:
            found.append(plan.objective)
    assert best == max(found)


def test_prices_and_conflicts_name_the_rule_and_a_curve_goes_through_it() -> None:
    # Half of the roads are due before ten houses can stand: impossible, and the rule is part of why.
    hard = in_order(money=(400, 1600), roads="due: {2018: 50%}, ", goal="least cost")
    conflict = find_conflict(build(hard, tight=False))
    assert conflict.irreducible
    assert {"R", "due.road"} <= set(conflict.ids)
    # The least money with which all is lawful is exact and holds: 10 houses before any road, 1,100 in 2019.
    asked = in_order(money=(700, 1400), roads="due: {2019: 100%}, ", goal="least cost")
    found = least(asked, "fund.hydro[2019].amount", RunOptions(gap=1e-9))
    assert found.fen == 1100_00  # 7 houses in 2018; 3 houses and 16 roads in 2019
    assert found.proven
