"""Hand-worked situations of bills that are paid layer by layer: every part fits on paper."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.case import Case
from models.citation import Language, Text
from models.layers import borne, layer_amounts
from models.plan import Status
from models.policy import EVERYTHING, Layer, Measure
from optimizer.audit import audit
from optimizer.audit.chains import owed
from optimizer.present.rule_book import rule_book
from optimizer.read import read_case
from optimizer.read.problems import CaseErrors
from optimizer.read.workbook.convert import to_workbook
from optimizer.study.planning import PlanOptions, make_plan
from tests.situations.small import small_case, write_small

#: 30,000 元: 70 % above 500 is 20,650; of 9,350, 60 % above 6,000 is 2,010; half of 7,340 is capped at
#: 3,000; of 4,340 all above 3,000 is 1,340; the patient pays 3,000.
CHAIN = """
    id: stay, title: 住院, unit: 人次, lifetime: 1, meets: {stay: 1}, payers: fund == relief or fund == cap,
      layers: [{id: basic, title: 基本医保, deductible: 500元, rate: 70%},
      {id: critical, title: 大病保险, deductible: 6000元, rate: 60%},
      {id: relief, title: 医疗救助, rate: 50%, cap: 3000元, payer: fund == relief},
      {id: rest, title: {zh: 兜底, en: cap}, deductible: 3000元, rate: 100%, payer: fund == cap}]
"""
FUNDS = """
    id: relief, title: r, level: county, supply: open, pooled_at: county, cost_weight: 1
    id: cap, title: c, level: provincial, supply: open, pooled_at: county, cost_weight: 1
"""


def parts_of_case(
    measures: str = CHAIN, bills: str = "stay,,2017,30000\nstay,,2018,10000"
) -> dict[str, object]:
    return {
        "years": (2017, 2018),
        "tables": {"needs": "county,stay,,2", "costs": bills},
        "lists": {
            "needs": "id: stay, title: s, unit: 人次, kind: entitlement",
            "measures": measures,
            "funds": FUNDS,
        },
    }


def case_of(*patches: str, **changed: str) -> Case:
    return small_case(**parts_of_case(**changed), patches=patches)  # type: ignore[arg-type]


def test_every_layer_pays_its_part_of_the_bill() -> None:
    case = case_of()
    layers = case.measures["stay"].layers
    assert layer_amounts(layers, 3_000_000) == (2_065_000, 201_000, 300_000, 134_000)
    # 10,000: 6,650; 3,350 is below 6,000; half of it, 1,675; 1,675 is below 3,000.
    assert layer_amounts(layers, 1_000_000) == (665_000, 0, 167_500, 0)
    found = make_plan(case, PlanOptions(gap=1e-9))
    assert found.plan.status is Status.OPTIMAL
    assert found.plan.allocation is not None
    assert found.plan.allocation.money == {
        ("county", "stay", "relief", 2017): 2 * 300_000,
        ("county", "stay", "cap", 2017): 2 * 134_000,
        ("county", "stay", "relief", 2018): 2 * 167_500,
    }
    assert found.plan.cost == 2 * (300_000 + 134_000 + 167_500)


def test_the_auditor_holds_every_layer_to_its_part() -> None:
    case = case_of()
    allocation = make_plan(case, PlanOptions(gap=1e-9)).plan.allocation
    assert allocation is not None
    moved = dict(allocation.money)
    moved["county", "stay", "relief", 2017] += 100
    moved["county", "stay", "cap", 2017] -= 100
    object.__setattr__(allocation, "money", moved)
    broken = [f for f in audit(case, allocation).findings if f.broken and f.severity.value == "hard"]
    assert {(f.rule, f.year) for f in broken} >= {("layer.stay.relief", 2017), ("layer.stay.rest", 2017)}
    assert "cost.stay" not in {f.rule for f in broken}
    [relief] = [f for f in broken if f.rule == "layer.stay.relief"]
    assert [relief.left, relief.right] == [600_100, 600_000]


def test_terms_and_bills_can_be_patched() -> None:
    assert case_of("measure.stay[relief].cap=4000元").unit_cost("stay", "county", 2017) == 367_000 + 67_000
    assert case_of("measure.stay[basic].rate=60%").unit_cost("stay", "county", 2018) == 215_000
    assert (
        case_of("measure.stay[rest].deductible=0.5x").unit_cost("stay", "county", 2017) == 300_000 + 284_000
    )
    assert case_of("measure.stay[2018].cost=30000元").unit_cost("stay", "county", 2018) == 434_000
    with pytest.raises(CaseErrors, match="basic"):
        case_of("measure.stay[fourth].rate=60%")


def test_layers_of_one_fund_are_held_together() -> None:
    measures = CHAIN.replace("payer: fund == cap", "payer: fund == relief")
    found = make_plan(case_of(measures=measures), PlanOptions(gap=1e-9))
    assert found.audit is not None
    assert {f.rule for f in found.audit.findings if f.rule.startswith("layer")} == {"layer.stay.relief"}
    assert found.plan.allocation is not None
    assert found.plan.allocation.money["county", "stay", "relief", 2017] == 2 * 434_000


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("lifetime: 1", "upkeep: 5元", "layers that pay its bill, and upkeep"),
        ("lifetime: 1", "profile: [50%, 50%]", "layers that pay its bill, and profile"),
        ("payer: fund == cap", "payer: fund == cap or fund == relief", "'relief' is in two payers"),
        ("payer: fund == cap", "payer: fund == cap, cap: 0.5", "0.5"),
        ("id: rest", "id: basic", "basic"),
        ("rate: 100%", "rate: 110%", "110%"),
    ],
)
def test_what_contradicts_layers_is_named(old: str, new: str, words: str) -> None:
    with pytest.raises(CaseErrors) as raised:
        case_of(measures=CHAIN.replace(old, new))
    assert words in str(raised.value)


def test_layers_that_nobody_in_the_case_pays_are_refused() -> None:
    alone = CHAIN.replace(", payer: fund == relief", "").replace(", payer: fund == cap", "")
    with pytest.raises(CaseErrors) as raised:
        case_of(measures=alone)
    assert "no layer of 'stay' has a payer" in str(raised.value)


def test_the_rule_book_tells_the_chain() -> None:
    case = case_of(bills="stay,,,30000")
    [entry] = [e for e in rule_book(case, Language.ZH) if e.kind == "layer"]
    assert entry.sentence.startswith("30,000.00 元账单逐层支付：基本医保（案例之外）付 20,650.00 元")
    assert entry.sentence.endswith("其余 3,000.00 元由个人承担")
    [entry] = [e for e in rule_book(case, Language.EN) if e.kind == "layer"]
    assert "1,340.00 yuan by cap (100% of what is left above 3,000.00)" in entry.sentence


def test_a_workbook_holds_the_layers(tmp_path: Path) -> None:
    write_small(tmp_path / "case", **parts_of_case())  # type: ignore[arg-type]
    to_workbook(tmp_path / "case", tmp_path / "case.xlsx", Language.ZH)
    again = read_case(tmp_path / "case.xlsx")
    assert again.measures["stay"].layers == read_case(tmp_path / "case").measures["stay"].layers


money = st.integers(0, 500_000)
a_layer = st.builds(
    lambda deductible, a, b, cap, pays: (deductible, Fraction(min(a, b), max(a, b)), cap, pays),
    money, st.integers(1, 997), st.integers(1, 997), st.none() | money, st.booleans(),
)  # fmt: skip


@given(st.lists(a_layer, min_size=1, max_size=5), st.integers(0, 5_000_000))
def test_program_and_auditor_agree_and_nothing_is_paid_twice(
    terms: list[tuple[int, Fraction, int | None, bool]], bill: int
) -> None:
    layers = tuple(
        Layer(id=f"l{i}", title=Text(zh="层"), deductible=d, rate=r, cap=c, payer=EVERYTHING if p else None)
        for i, (d, r, c, p) in enumerate(terms)
    )
    case = case_of()
    measure: Measure = case.measures["stay"].model_copy(update={"layers": layers})
    amounts = layer_amounts(layers, bill)
    assert tuple(owed(measure, bill).values()) == amounts
    assert min(amounts) >= 0
    assert sum(amounts) <= bill
    assert borne(layers, bill) == sum(a for a, (*_, pays) in zip(amounts, terms, strict=True) if pays)
