"""A table that somebody hands in, with nothing wrong in it, and ways to plant one fault.

One province P, two cities, six counties with 100, 200, 300, 100, 200 and 300 poor persons; two years. In
yuan, per 100 poor persons and year: a road 10,000 and care of roads 3,000; two industry projects, 4,000
central and 1,000 own each; water in the deep counties A, B, C, 1,000 from each of two documents. A alone:
training 8,000 central and 2,000 own, a management fee of 200, and 500 each for two persons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from models.allocation import Allocation, Item
from models.case import Case, Goal, Supplied, Tables
from models.catalogue import Catalogue, Check, Family, Threshold
from models.finding import Finding, State
from models.policy import (
    ConditionKind,
    Exclusion,
    FundLevel,
    Match,
    Measure,
    NeedKind,
    Standard,
    Supply,
)
from models.region import Level, RegionTree
from models.submission import Line, Spot, Submission
from optimizer.audit.practice import practice_findings
from optimizer.read.catalogue import shipped
from tests.audit.case_builder import LAW, by_id, condition, fund, group, measure, need, region, title, where

COUNTIES = {"A": 100, "B": 200, "C": 300, "D": 100, "E": 200, "F": 300}
YEARS = (2018, 2019)
SHIPPED = shipped()
Key = tuple[str, str, str, int]


def county_case() -> Case:
    """The case that the table is held against."""
    regions = [region("P", Level.PROVINCE, None)]
    regions += [region("C1", Level.CITY, "P"), region("C2", Level.CITY, "P")]
    for name in COUNTIES:
        tags = ("deep",) if name in "ABC" else ()
        regions.append(region(name, Level.COUNTY, "C1" if name in "ABC" else "C2", *tags))
    deep = condition("water", ConditionKind.NEED, need="water", share=Fraction(1))
    listed = where("region.tag == deep")
    return Case(
        id="county",
        title=title("报送表案例"),
        first_year=2018,
        last_year=2019,
        goal=Goal.LEAST_COST,
        documents={},
        regions=RegionTree(by_id(*regions)),
        attributes={},
        groups=by_id(group("poor")),
        needs=by_id(
            need("water", tags=frozenset({"guarantee"})),
            need("grants", kind=NeedKind.ENTITLEMENT),
        ),
        measures=by_id(*_measures()),
        funds=by_id(
            fund(
                *("central", FundLevel.CENTRAL, Supply.GIVEN, Level.PROVINCE),
                tags=frozenset({"special"}),
                carry_over=True,
            ),
            fund(
                *("agri", FundLevel.CENTRAL, Supply.UP_TO, Level.COUNTY),
                tags=frozenset({"agri"}),
                where=where("region.tag == deep"),
                pays=where("measure in (water, road)"),
            ),
            fund(
                *("own", FundLevel.COUNTY, Supply.UP_TO, Level.COUNTY),
                tags=frozenset({"only_increase"}),
            ),
        ),
        resources={},
        exclusions=by_id(
            Exclusion(
                id="either", title=title("either"), measures=("grant", "loan"), group="poor", citation=LAW
            )
        ),
        standards=by_id(
            Standard(id="hat", title=title("hat"), where=listed, conditions=(deep,), citation=LAW)
        ),
        targets={},
        rules={},
        checklist={},
        scenarios={},
        tables=_tables(),
        sha256="",
    )


def _measures() -> list[Measure]:
    def codes(code: str) -> dict[int, str]:
        return dict.fromkeys(YEARS, code)

    match = Match(by=where("fund == own"), of=where("fund == central"), ratio=Fraction(1, 4))
    return [
        measure("road", subject_codes=codes("2130504")),
        measure("care"),
        measure("industry", match=match, subject_codes=codes("2130505")),
        measure("training", match=match),
        measure("water", meets={"water": Fraction(1)}),
        measure("fee", tags=frozenset({"management_fee"})),
        measure("grant", meets={"grants": Fraction(1)}),
        measure("loan"),
    ]


def _tables() -> Tables:
    supplied = {("central", "P", year): Supplied(10**9, 10**9) for year in YEARS}
    supplied |= {("own", name, year): Supplied(0, 10**9) for name in COUNTIES for year in YEARS}
    supplied |= {("agri", name, year): Supplied(0, 10**9) for name in "ABC" for year in YEARS}
    return Tables(
        stocks={(name, "poor"): persons for name, persons in COUNTIES.items()},
        needs={(name, "water", None): COUNTIES[name] // 100 * 4 for name in "ABC"},
        costs={
            ("road", None, None): 1_000_000,
            ("industry", None, None): 500_000,
            ("water", None, None): 100_000,
        },
        supplied=supplied,
    )


# --- the table ----------------------------------------------------------------------------------


def clean_lines() -> list[Line]:
    """Every detail; the cells count up from F2, the sheet is 明细."""
    rows: list[dict[str, Any]] = []
    for year in YEARS:
        for name, persons in COUNTIES.items():
            rows += _county(name, year, persons // 100)
        rows += _only_a(year)
    return [_line(f"F{number}", **row) for number, row in enumerate(rows, start=2)]


def _line(cell: str, **fields: Any) -> Line:
    return Line(spot=Spot("表.xlsx", "明细", cell), **fields)


def _county(name: str, year: int, size: int) -> Iterable[dict[str, Any]]:
    at = {"region": name, "year": year}
    other = {"quantity": Fraction(2 * size), "unit_cost": Fraction(500_000), "subject": "2130505 生产发展"}
    yield at | {
        "measure": "road", "fund": "central", "amount": size * 1_000_000, "quantity": Fraction(size),
        "unit_cost": Fraction(1_000_000), "subject": "2130504 农村基础设施建设", "payee": f"{name}路桥公司",
        "project": f"{year}年{name}县第{year}号通村路建设项目", "document": f"财农{year}-1号",
    }  # fmt: skip
    yield at | other | {
        "measure": "industry", "fund": "central", "amount": size * 800_000, "payee": f"{name}甲合作社",
        "project": f"{name}县{year}号养殖", "document": f"财农{year}-1号",
    }  # fmt: skip
    yield at | other | {
        "measure": "industry", "fund": "own", "amount": size * 200_000, "payee": f"{name}乙合作社",
        "project": f"{name}县{year}号种植", "document": f"县财{year}-1号",
    }  # fmt: skip
    yield at | {
        "measure": "care", "fund": "own", "amount": size * 300_000, "subject": "2130599",
        "payee": f"{name}养护中心", "project": f"{name}县{year}号养护",
    }  # fmt: skip
    if name in "ABC":
        for letter in ("农一", "农二"):
            yield at | {
                "measure": "water", "fund": "agri", "amount": size * 100_000, "quantity": Fraction(size),
                "unit_cost": Fraction(100_000), "subject": "2130335", "payee": f"{name}{letter}水利队",
                "project": f"{name}县{year}{letter}供水", "document": f"{letter}{year}-",
            }  # fmt: skip


def _only_a(year: int) -> Iterable[dict[str, Any]]:
    at = {"region": "A", "year": year, "subject": "21305"}
    yield at | {
        "measure": "training", "fund": "central", "amount": 800_000, "project": f"A县{year}培训",
        "payee": "A职教中心",
    }  # fmt: skip
    yield at | {
        "measure": "training", "fund": "own", "amount": 200_000, "project": f"A县{year}培训配套",
        "document": f"县财{year}-2号", "payee": "A职教中心",
    }  # fmt: skip
    yield at | {
        "measure": "fee", "fund": "central", "amount": 20_000, "project": f"A县{year}项目管理费",
        "payee": "A县扶贫办",
    }  # fmt: skip
    for measure_of, person in (("grant", "张三"), ("loan", "李四")):
        yield at | {
            "measure": measure_of, "fund": "central", "amount": 50_000, "payee": person,
            "project": f"{person}{year}补助",
        }  # fmt: skip


def submitted(lines: Iterable[Line], *more_totals: Line, **changes: Any) -> Submission:
    """The table with these details: its sums, its exits, its totals by city and year."""
    details = tuple(lines)
    money: dict[Key, int] = {}
    for line in details:
        key = (str(line.region), str(line.measure), str(line.fund), line.year or 0)
        money[key] = money.get(key, 0) + line.amount
    allocation = Allocation(
        money=money,
        units=_units(details),
        leaves={("A", "hat", 2019): 1},
        covers=frozenset({Item.MONEY, Item.UNITS, Item.LEAVES}),
    )
    return Submission(
        allocation=replace(allocation, **changes),
        details=details,
        totals=(*_totals(details), *more_totals),
    )


def _units(details: tuple[Line, ...]) -> dict[tuple[str, str, int], Fraction]:
    """Units of a place; funds that share a cost repeat them."""
    by_fund: dict[Key, Fraction] = {}
    for line in details:
        if line.quantity:
            key = (str(line.region), str(line.measure), str(line.fund), line.year or 0)
            by_fund[key] = by_fund.get(key, Fraction(0)) + line.quantity
    found: dict[tuple[str, str, int], Fraction] = {}
    for (name, what, _, year), units in by_fund.items():
        found[name, what, year] = max(units, found.get((name, what, year), Fraction(0)))
    return found


def _totals(details: tuple[Line, ...]) -> Iterable[Line]:
    cities = {"C1": "ABC", "C2": "DEF", "P": "ABCDEF"}
    for number, (name, inside) in enumerate(cities.items(), start=2):
        for year in YEARS:
            here = [line for line in details if str(line.region) in inside and line.year == year]
            amount = sum(line.amount for line in here)
            yield Line(
                Spot("表.xlsx", "汇总", f"B{number}" if year == 2018 else f"C{number}"),
                amount,
                name,
                year=year,
            )
    yield Line(Spot("表.xlsx", "汇总", "D5"), sum(line.amount for line in details))


# --- changing one thing -------------------------------------------------------------------------


def picked(lines: list[Line], **wanted: Any) -> int:
    """The place of the one detail with these fields."""
    found = [i for i, line in enumerate(lines) if all(getattr(line, k) == v for k, v in wanted.items())]
    assert len(found) == 1, f"{len(found)} details with {wanted}"
    return found[0]


def with_line(lines: list[Line], wanted: dict[str, Any], **changes: Any) -> list[Line]:
    """The details with one of them changed."""
    at = picked(lines, **wanted)
    return [replace(line, **changes) if i == at else line for i, line in enumerate(lines)]


def plus_line(lines: list[Line], **fields: Any) -> list[Line]:
    """The details and one more, in cell F99."""
    return [*lines, _line("F99", **{"subject": "21305", **fields})]


def with_threshold(catalogue: Catalogue, check: str, **values: Any) -> Catalogue:
    """The catalogue with other thresholds for one check."""
    old = catalogue.checks[f"{Family.PRACTICE}.{check}"]
    thresholds = {
        name: Threshold(id=t.id, title=t.title, kind=t.kind, value=values.get(name, t.value))
        for name, t in old.thresholds.items()
    }
    return with_check(catalogue, check, thresholds=thresholds)


def with_check(catalogue: Catalogue, check: str, **changes: Any) -> Catalogue:
    """The catalogue with one check changed."""
    old = catalogue.checks[f"{Family.PRACTICE}.{check}"]
    fields = {name: getattr(old, name) for name in Check.model_fields}
    checks = {**catalogue.checks, old.rule: Check(**{**fields, **changes})}
    return Catalogue(documents=catalogue.documents, checks=checks, never_waived=catalogue.never_waived)


# --- reading the findings -----------------------------------------------------------------------


def alarms(case: Case, submission: Submission, catalogue: Catalogue = SHIPPED) -> list[Finding]:
    """The named findings that are violated."""
    return [f for f in practice_findings(case, submission, catalogue) if f.state is State.VIOLATED]


def shown(finding: Finding) -> tuple[str, str, int | None, object, object, tuple[str, ...]]:
    """Check, region, year, left, right and the cells."""
    cells = tuple(spot.cell for spot in finding.evidence)
    return finding.rule, finding.region, finding.year, finding.left, finding.right, cells
