"""One fault planted in a clean table, for every named check: found once, with its amount and its cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from models.catalogue import Family
from models.finding import State
from models.submission import Line, Spot, Submission
from optimizer.audit.practice import CHECKS, examined, practice_findings
from tests.audit.practice_case import (
    COUNTIES,
    SHIPPED,
    alarms,
    clean_lines,
    county_case,
    picked,
    plus_line,
    shown,
    submitted,
    with_line,
)

CASE = county_case()
CLEAN = clean_lines()
A18: dict[str, Any] = {"region": "A", "year": 2018}
B18: dict[str, Any] = {"region": "B", "year": 2018}


class Planted(NamedTuple):
    """A fault and what is to be found: check, region, year, left, right, cells."""

    check: str
    table: Callable[[], Submission]
    region: str
    year: int | None
    left: int | Fraction
    right: int | Fraction
    cells: tuple[str, ...]
    title: str = ""


def cell(**wanted: Any) -> str:
    """The cell of the one detail with these fields."""
    return f"F{picked(CLEAN, **wanted) + 2}"


def wrong_total() -> Submission:
    table = submitted(CLEAN)
    totals = [
        replace(line, amount=line.amount + 100) if line.spot.cell == "B2" else line for line in table.totals
    ]
    return replace(table, totals=tuple(totals))


def _cut(own: int, more: int) -> Submission:
    """A's own money for care of roads in 2019 is `own`, and central money `more` than before."""
    lines = with_line(CLEAN, {"region": "A", "year": 2019, "measure": "care"}, amount=own)
    return submitted(
        plus_line(lines, region="A", year=2019, measure="care", fund="central", amount=more, project="养路")
    )


def even_roads() -> Submission:
    """Every county gets one road in 2018, however many poor it has."""
    return submitted(
        replace(line, amount=1_000_000, quantity=Fraction(1))
        if (line.measure, line.year) == ("road", 2018)
        else line
        for line in CLEAN
    )


def one_payee() -> Submission:
    """The road company of B gets the industry money of 2018 too."""
    wanted = {**B18, "measure": "industry", "fund": "central"}
    return submitted(with_line(CLEAN, wanted, payee=" B路桥 公司"))


def dear_roads(*totals: Line) -> Submission:
    """Two roads of B cost 12,000 yuan each in 2018."""
    wanted = {**B18, "measure": "road"}
    return submitted(with_line(CLEAN, wanted, amount=2_400_000, unit_cost=Fraction(1_200_000)), *totals)


def of_the_province(cost: int) -> Line:
    """The province's roads in 2018: 120,000 yuan and the 4,000 that B has more; and what a road costs."""
    spot = Spot("表.xlsx", "汇总", "E2")
    return Line(spot, 12_400_000, "P", "road", year=2018, unit_cost=Fraction(cost))


def old_channels() -> Submission:
    """In B the second document of 2018 pays for roads only, so that each has a measure of its own."""
    wanted = {**B18, "document": "农二2018-"}
    return submitted(with_line(CLEAN, wanted, measure="road", subject="21305", quantity=None, unit_cost=None))


def less_water() -> Submission:
    """Of the four units of water that A needs by 2019, when it is declared out, one is missing."""
    lines = CLEAN
    for letter in ("农一", "农二"):
        wanted = {"region": "A", "year": 2019, "document": f"{letter}2019-"}
        lines = with_line(lines, wanted, quantity=Fraction(1, 2), amount=50_000)
    return submitted(lines)


def twice_matched() -> Submission:
    """The county money of A that matches industry in 2018 is counted for training as well."""
    wanted = {**A18, "measure": "training", "fund": "own"}
    return submitted(with_line(CLEAN, wanted, document="县财2018-1号"))


ROAD_A = {**A18, "measure": "road"}
OF_A_COUNTY = (
    {"measure": "road"},
    {"measure": "industry", "fund": "central"},
    {"measure": "industry", "fund": "own"},
    {"measure": "care"},
)
OWN_OF_A = {
    year: tuple(
        cell(region="A", year=year, measure=what, fund="own") for what in ("industry", "care", "training")
    )
    for year in (2018, 2019)
}
A19: dict[str, Any] = {"region": "A", "year": 2019}
UPPER_OF_A = (
    *(cell(**A19, measure=what, fund="central") for what in ("road", "industry")),
    "F99",
    *(cell(**A19, document=f"{letter}2019-") for letter in ("农一", "农二")),
    *(cell(**A19, measure=what, fund="central") for what in ("training", "fee", "grant", "loan")),
)
PLANTED = [
    Planted("sum", wrong_total, "C1", 2018, 16_120_100, 16_120_000, ("B2",), "23 行明细之和"),
    Planted(
        "negative_list",
        lambda: submitted(
            plus_line(CLEAN, **A18, measure="care", fund="central", amount=300_000, project="县委 办公楼维修")
        ),
        *("A", 2018, 300_000, 0, ("F99",)),
        "修建楼堂馆所",
    ),
    Planted(
        "scope",
        lambda: submitted(
            plus_line(CLEAN, **A18, measure="industry", fund="agri", amount=70_000, document="农一2018-")
        ),
        *("A", 2018, 70_000, 0, ("F99",)),
    ),
    Planted(
        "place",
        lambda: submitted(
            plus_line(
                CLEAN, region="D", year=2018, measure="water", fund="agri", amount=70_000, project="供水"
            )
        ),
        *("D", 2018, 70_000, 0, ("F99",)),
    ),
    Planted(
        "management_fee",
        lambda: submitted(with_line(CLEAN, {**A18, "measure": "fee"}, amount=40_000)),
        # special and pooled money of A in 2018: roads 10,000, industry 8,000, training 8,000, water 2,000,
        # persons 1,000 and the fee of 400 yuan: 29,400; one per cent of it is 294
        *("A", 2018, 40_000, 29_400, (cell(**A18, measure="fee"),)),
    ),
    Planted(
        "matching_missing",
        lambda: submitted(with_line(CLEAN, {**B18, "measure": "industry", "fund": "own"}, amount=300_000)),
        # 16,000 yuan central, a quarter of it is 4,000; 3,000 are there
        *("B", 2018, 300_000, 400_000),
        tuple(cell(**B18, measure="industry", fund=fund) for fund in ("central", "own")),
    ),
    Planted(
        "matching_twice",
        twice_matched,
        *("A", 2018, 400_000, 200_000),
        (cell(**A18, measure="industry", fund="own"), cell(**A18, measure="training", fund="own")),
    ),
    Planted(
        "crowding_out",
        lambda: _cut(200_000, 1_000),
        *("A", 2019, 600_000, 700_000),
        (*OWN_OF_A[2019], *OWN_OF_A[2018], *UPPER_OF_A),
    ),
    Planted(
        "growth",
        lambda: _cut(299_999, 0),
        *("A", 2019, 699_999, 700_000),
        (*OWN_OF_A[2019], *OWN_OF_A[2018]),
    ),
    Planted(
        "equal_split",
        even_roads,
        *("P", 2018, 6_000_000, 0),
        tuple(cell(region=name, year=2018, measure="road") for name in COUNTIES),
    ),
    Planted(
        "concentration",
        one_payee,
        # B: 20,000 for roads, 16,000 and 4,000 industry, 6,000 care, 4,000 water: half of it is 25,000
        *("B", 2018, 3_600_000, 2_500_000),
        (cell(**B18, measure="road"), cell(**B18, measure="industry", fund="central")),
    ),
    Planted(
        "per_head",
        lambda: submitted(
            plus_line(
                CLEAN, region="E", year=2018, measure="care", fund="central", amount=20_000_000, project="路"
            )
        ),
        # per head 230 yuan in D and F, 250 in B and C, more in A and E: the median is 250; x 4 x 200 persons
        *("E", 2018, 24_600_000, 20_000_000),
        (*(cell(region="E", year=2018, **more) for more in OF_A_COUNTY), "F99"),
        "过高",
    ),
    Planted(
        "unit_cost",
        dear_roads,
        *("B", 2018, 2_400_000, 2_000_000, (cell(**B18, measure="road"),)),
    ),
    Planted(
        "layered_cost",
        lambda: dear_roads(of_the_province(1_000_000)),
        *("B", 2018, 2_400_000, 2_000_000, (cell(**B18, measure="road"),)),
    ),
    Planted(
        "pooling",
        old_channels,
        *("B", 2018, 400_000, 0),
        tuple(cell(**B18, measure="water", document=f"{letter}2018-") for letter in ("农一", "农二")),
    ),
    Planted("early_exit", less_water, "A", 2019, 3, 4, ()),
    Planted(
        "subject_code",
        lambda: submitted(with_line(CLEAN, ROAD_A, subject="2130505")),
        *("A", 2018, 1_000_000, 0, (cell(**ROAD_A),)),
        "应为 2130504",
    ),
    Planted(
        "funded_twice",
        lambda: submitted(
            plus_line(
                CLEAN,
                **A18,
                measure="road",
                fund="agri",
                amount=1_000_000,
                subject="2130504",
                payee="A路桥公司",
                project="A县第2018号 通村路 工程",
                document="农一2018-",
            )
        ),
        *("A", 2018, 2_000_000, 1_000_000, (cell(**ROAD_A), "F99")),
    ),
    Planted(
        "double_benefit",
        lambda: submitted(with_line(CLEAN, {**A18, "measure": "loan"}, payee="张 三")),
        # the grant of both years, 500 yuan each, and the loan of 2018
        *("A", None, 150_000, 100_000),
        (
            cell(**A18, measure="grant"),
            cell(**A18, measure="loan"),
            cell(region="A", year=2019, measure="grant"),
        ),
    ),
]


@pytest.mark.parametrize("planted", PLANTED, ids=[planted.check for planted in PLANTED])
def test_a_planted_fault_is_found_once_with_its_amount_and_its_cell(planted: Planted) -> None:
    [finding] = alarms(CASE, planted.table())
    place = (planted.region, planted.year, planted.left, planted.right, planted.cells)
    assert shown(finding) == (f"practice.{planted.check}", *place)
    assert planted.title in finding.message.zh
    assert finding.remedy == SHIPPED.checks[f"practice.{planted.check}"].remedy
    assert finding.margin is not None
    assert finding.margin < 0
    assert finding.citation is not None
    assert finding.severity is SHIPPED.checks[f"practice.{planted.check}"].severity


#: Money of a pool for roads changes what roads cost, and units that are not there are missed elsewhere too.
_MORE = {"pooling": {"cost.road"}}


@pytest.mark.parametrize("planted", PLANTED, ids=[planted.check for planted in PLANTED])
def test_nothing_else_of_the_whole_audit_says_it_again(planted: Planted) -> None:
    found = examined(CASE, planted.table(), SHIPPED).findings
    broken = {f.rule for f in found if f.state is State.VIOLATED}
    assert broken == {f"practice.{planted.check}"} | _MORE.get(planted.check, set())


def test_every_check_has_a_planted_fault() -> None:
    assert {planted.check for planted in PLANTED} == set(CHECKS)


def test_the_clean_table_raises_no_alarm_and_every_check_speaks() -> None:
    table = submitted(CLEAN)
    found = practice_findings(CASE, table, SHIPPED)
    states = {f.rule: f.state for f in found}
    assert states == {
        **dict.fromkeys((check.rule for check in SHIPPED.of(Family.PRACTICE)), State.PASS),
        "practice.layered_cost": State.NOT_APPLICABLE,
    }
    assert len(found) == len(CHECKS)
    assert [f for f in examined(CASE, table, SHIPPED).findings if f.state is State.VIOLATED] == []


def test_a_clean_table_with_prices_at_two_levels() -> None:
    spot = Spot("表.xlsx", "汇总", "E2")
    table = submitted(CLEAN, Line(spot, 12_000_000, "P", "road", year=2018, unit_cost=Fraction(1_000_000)))
    assert alarms(CASE, table) == []
    found = practice_findings(CASE, table, SHIPPED)
    assert {f.rule: f.state for f in found}["practice.layered_cost"] is State.PASS


def test_many_faults_at_once_are_each_found_once() -> None:
    lines = plus_line(CLEAN, **A18, measure="care", fund="central", amount=300_000, project="接待费")
    lines = with_line(lines, {**B18, "measure": "road"}, amount=2_400_000, unit_cost=Fraction(1_200_000))
    lines = with_line(lines, {"region": "D", "year": 2018, "measure": "road"}, subject="")
    lines = with_line(lines, {**A18, "measure": "loan"}, payee="张三")
    found = sorted(shown(f)[:5] for f in alarms(CASE, submitted(lines)))
    assert found == [
        ("practice.double_benefit", "A", None, 150_000, 100_000),
        ("practice.negative_list", "A", 2018, 300_000, 0),
        ("practice.subject_code", "D", 2018, 1_000_000, 0),
        ("practice.unit_cost", "B", 2018, 2_400_000, 2_000_000),
    ]
