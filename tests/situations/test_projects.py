"""Hand-worked situations: single projects, principal that comes back late, house sizes, villages."""

from __future__ import annotations

import pytest

from models.case import Case
from models.citation import Language
from models.finding import State
from models.plan import Plan, Status
from optimizer.audit import audit
from optimizer.present.principal import back_later, later_sentences
from optimizer.present.rule_book import rule_book
from optimizer.read.patch import apply_patches
from optimizer.read.problems import CaseErrors
from optimizer.study.planning import PlanOptions, make_plan
from tests.situations.small import planned, small_case

#: Two projects of land consolidation: fields cost 100,000 and 300,000 元, the villages in them 60,000 each.
PROJECTS = """
    id: field_a, title: f, unit: 处, project: A, tags: [field], meets: {field_a: 1}, payers: fund == fee
    id: field_b, title: f, unit: 处, project: B, tags: [field], meets: {field_b: 1}, payers: fund == fee
    id: village_a, title: v, unit: 处, project: A, tags: [village], meets: {village: 1},
      payers: fund.level == central
    id: village_b, title: v, unit: 处, project: B, tags: [village], meets: {village: 1},
      payers: fund.level == central
    id: other, title: o, unit: 处, meets: {none: 1}, payers: fund == fee
"""
CEILING = (
    "id: ceiling, title: c, years: [2018, 2018], severity: hard, for_each: [{each}],"
    " left: spent(fund == fee and measure.tag == village), is: '<=',"
    " right: 20% * spent(fund == fee and (measure.tag == field or measure.tag == village))"
)


def ceiling_case(each: str = "project", rule: str = CEILING) -> Case:
    """Both villages are wanted; the fee is free of charge, own money for villages is not."""
    return small_case(
        years=(2018, 2018),
        tables={
            "needs": "county,field_a,,1\ncounty,field_b,,1\ncounty,village,,2\ncounty,none,,1",
            "costs": "field_a,,,100000\nfield_b,,,300000\nvillage_a,,,60000\nvillage_b,,,60000\nother,,,1",
            "capacity": "village_a,county,2018,1\nvillage_b,county,2018,1",
        },
        lists={
            "needs": "id: field_a, title: f, unit: 处, kind: backlog, due: {2018: 100%}\n"
            "id: field_b, title: f, unit: 处, kind: backlog, due: {2018: 100%}\n"
            "id: village, title: v, unit: 处, kind: backlog, due: {2018: 100%}\n"
            "id: none, title: n, unit: 处, kind: backlog",
            "measures": PROJECTS,
            "projects": "id: A, title: 甲项目\nid: B, title: {zh: 乙项目, en: project B}",
            "funds": "id: fee, title: f, level: central, supply: open, pooled_at: county, cost_weight: 0\n"
            "id: own, title: o, level: central, supply: open, pooled_at: county, cost_weight: 1",
            "rules": rule.replace("{each}", each),
        },
    )


def of_fee(plan: Plan, measure: str) -> int:
    assert plan.allocation is not None
    return plan.allocation.money.get(("county", measure, "fee", 2018), 0)


def test_a_ceiling_holds_for_each_project_by_itself() -> None:
    """Project A: v <= 20 % x (100,000 + v), so 25,000; project B: all of the 60,000 (75,000 would do)."""
    found = planned(ceiling_case())
    assert of_fee(found.plan, "village_a") == 2_500_000
    assert of_fee(found.plan, "village_b") == 6_000_000
    assert found.plan.cost == 3_500_000
    assert found.audit is not None
    rows = {f.rule: [f.left, f.right] for f in found.audit.findings if f.rule.startswith("ceiling")}
    assert rows == {"ceiling/A": [2_500_000, 2_500_000], "ceiling/B": [6_000_000, 7_200_000]}


def test_the_same_ceiling_over_all_projects_lets_one_of_them_break_it() -> None:
    """Together 120,000 are 23 % of 520,000: 100,000 may be of the fee, 60,000 or 40,000 of them in A."""
    found = planned(ceiling_case(each="year"))
    assert found.plan.cost == 2_000_000
    case = ceiling_case()
    assert found.plan.allocation is not None
    broken = {f.rule for f in audit(case, found.plan.allocation).findings if f.broken}
    assert broken == {"ceiling/A"}


def test_a_condition_may_name_a_project() -> None:
    rule = (
        "id: only_b, title: b, years: [2018, 2018], severity: hard, for_each: [year],"
        " left: spent(fund == fee and project == A and measure.tag == village), is: '=', right: '0'"
    )
    found = planned(ceiling_case(rule=rule))
    assert (of_fee(found.plan, "village_a"), of_fee(found.plan, "village_b")) == (0, 6_000_000)


def test_the_rule_book_names_projects_and_unknown_ones_are_refused() -> None:
    [entry] = [e for e in rule_book(ceiling_case(), Language.ZH) if e.id == "ceiling"]
    assert entry.sentence.startswith("每个项目、各年合计")
    with pytest.raises(CaseErrors, match="'C'"):
        ceiling_case(rule=CEILING.replace("fund == fee and measure.tag == village)", "project == C)"))


# --- principal that comes back after the plan ---------------------------------------------------

SHARES = """
    id: share, title: {zh: 入股, en: share}, unit: 股, meets: {asset: 1},
      payers: fund == upper or fund == own,
      shares: [{payer: fund == upper, share: 1/2}, {payer: fund == own, share: 1/2}],
      recovers: {after: 3, share: 1/2, into: relief}
"""
MONEY = """
    id: upper, title: u, level: provincial, supply: open, pooled_at: county, cost_weight: 1
    id: own, title: o, level: county, supply: open, pooled_at: county, cost_weight: 1
    id: relief, title: {zh: 县扶贫基金, en: relief fund}, level: county, supply: given, pooled_at: county,
      cost_weight: 1
"""


def shares_case(*patches: str, rules: str = "") -> Case:
    """Three shares of 10,000.01 元 in 2017, two more in 2018; half of each comes back three years on."""
    lists = {
        "needs": "id: asset, title: a, unit: 股, kind: backlog, due: {2017: 60%, 2018: 100%}",
        "measures": SHARES,
        "funds": MONEY,
    }
    return small_case(
        years=(2016, 2018),
        tables={
            "needs": "county,asset,,5",
            "costs": "share,,,10000.01",
            "funds": "\n".join(f"relief,county,{year},0," for year in (2016, 2017, 2018)),
            "capacity": "share,county,2016,0\nshare,county,2017,3",
        },
        lists={**lists, **({"rules": rules} if rules else {})},
        patches=patches,
    )


def test_principal_that_comes_back_after_the_plan_is_reported() -> None:
    """Half of 1,000,001 fen is 500,000 whole fen a share: three in 2020, two in 2021."""
    case = shares_case()
    found = planned(case)
    back = back_later(case, found.plan.allocation)
    assert [(b.fund, b.pool, b.measure, b.year, b.fen) for b in back] == [
        ("relief", "county", "share", 2020, 1_500_000),
        ("relief", "county", "share", 2021, 1_000_000),
    ]
    assert found.audit is not None
    seen = {(f.rule, f.region, f.year): f.left for f in found.audit.findings if f.rule == "back.relief"}
    assert seen == {("back.relief", "county", b.year): b.fen for b in back}
    assert later_sentences(case, found.plan.allocation, Language.ZH) == [
        "规划期后收回本金2.50万元（2020年1.50万元、2021年1.00万元），转入县扶贫基金；来自入股"
    ]


def test_a_rule_may_ask_what_comes_back_after_the_plan() -> None:
    rule = (
        "id: back, title: b, years: [2016, {last}], severity: hard, for_each: [], left: recovered({of}),"
        " is: '{is}', right: {right}"
    )
    all_of_it = rule.format(last=2021, of="fund == relief", right="25000元", **{"is": "="})
    found = planned(shares_case(rules=all_of_it))
    assert found.audit is not None
    [finding] = [f for f in found.audit.findings if f.rule == "back"]
    assert [finding.left, finding.right, finding.state] == [2_500_000, 2_500_000, State.PASS]
    # To 2020 only the three shares of 2017 come back; more than there are needs cannot.
    until = rule.format(last=2020, of="measure == share", right="15000元", **{"is": "="})
    planned(shares_case(rules=until))
    late = rule.format(last=2021, of="year == 2021", right="10000元", **{"is": ">="})
    planned(shares_case(rules=late))
    too_much = rule.format(last=2021, of="", right="25000.01元", **{"is": ">="})
    assert make_plan(shares_case(rules=too_much), PlanOptions()).plan.status is Status.INFEASIBLE


def test_a_patched_case_keeps_its_projects() -> None:
    """A patch reads the case anew: the projects are still known, and the dearer village B is capped."""
    case = apply_patches(ceiling_case(), ["measure.village_b.cost=200000元"])
    assert of_fee(planned(case).plan, "village_b") == 7_500_000  # v <= 20 % x (300,000 + v)
