"""A small clean case for the checks, and short ways to change one figure of it and to read what is found.

Province P with counties A and B, 2018 and 2019. In yuan: a house costs 100 (central), a job 50 (central or
county) and closes the whole gap of 3,000. Central brings 700 a year, each county up to 300. By the end all 16
poor are out and all 6 houses built.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from models.case import AttributeSpec, Case, Goal, Supplied, Tables
from models.citation import Basis, Citation, Text
from models.finding import Audit, Finding, State
from models.policy import FundLevel, Serves, Severity, Supply, TargetKind
from models.region import Level, RegionTree
from models.rules.tree import Subject
from optimizer.study.check import check_case
from tests.audit.case_builder import (
    ONE,
    by_id,
    fund,
    group,
    measure,
    need,
    region,
    rule,
    target,
    title,
    where,
)

STATED = Citation(document="law", section="1", basis=Basis.STATED)


def valley(**changes: Any) -> Case:
    """The clean case, with other fields."""
    fields: dict[str, Any] = {
        "id": "valley",
        "title": title("小案例"),
        "first_year": 2018,
        "last_year": 2019,
        "goal": Goal.LEAST_COST,
        "documents": {},
        "regions": RegionTree(
            {
                one.id: one.model_copy(update={"citation": STATED})
                for one in (
                    region("P", Level.PROVINCE, None, rural_population=1600),
                    region("A", Level.COUNTY, "P", "deep", rural_population=1000),
                    region("B", Level.COUNTY, "P", rural_population=600),
                )
            }
        ),
        "attributes": {
            "rural_population": AttributeSpec(
                id="rural_population", title=Text(zh="农村人口", en="rural population"), unit="person"
            )
        },
        "groups": by_id(group("poor")),
        "needs": by_id(need("houses", holds={"poor": ONE}, due={2019: ONE})),
        "measures": by_id(
            measure("house", unit="户", meets={"houses": ONE}, payers=where("fund == central")),
            measure("job", unit="人", serves={"poor": Serves(lift=300_000, most=ONE)}),
        ),
        "funds": by_id(
            fund("central", FundLevel.CENTRAL, Supply.GIVEN, Level.PROVINCE, carry_over=True),
            fund("county", FundLevel.COUNTY, Supply.UP_TO, Level.COUNTY),
        ),
        "resources": {},
        "exclusions": {},
        "standards": {},
        "targets": by_id(
            target("exit", TargetKind.EXITS, groups=("poor",), amounts={2018: 8, 2019: 16}),
            target(
                "yearly", TargetKind.EXITS, groups=("poor",), cumulative=False, amounts={2018: 8, 2019: 8}
            ),
            target("housing", TargetKind.MET, need="houses", amounts={2018: 3, 2019: 6}),
        ),
        "rules": by_id(
            rule(
                "R1",
                "spent(fund == county)",
                "<=",
                "available(fund == county and region.tag == deep)",
                Subject.YEAR,
            )
        ),
        "checklist": {},
        "scenarios": {},
        "tables": _tables(),
        "sha256": "",
    }
    return Case(**{**fields, **changes})


def _tables() -> Tables:
    central = {("central", "P", year): Supplied(70_000, 70_000) for year in (2018, 2019)}
    county = {("county", place, year): Supplied(0, 30_000) for place in "AB" for year in (2018, 2019)}
    rows: dict[str, Any] = {
        "stocks": {("A", "poor"): 10, ("B", "poor"): 6},
        "needs": {("A", "houses", None): 4, ("B", "houses", None): 2},
        "costs": {("house", None, None): 10_000, ("job", None, None): 5_000},
        "gaps": {("poor", None, None): 300_000},
        "capacity": {("house", "P", 2018): Fraction(4), ("house", "A", None): Fraction(4)},
    }
    return Tables(
        stocks=rows["stocks"],
        households={("A", "poor"): 4, ("B", "poor"): 2},
        needs=rows["needs"],
        costs=rows["costs"],
        gaps=rows["gaps"],
        supplied=central | county,
        capacities=rows["capacity"],
        sources={name: dict.fromkeys(table, STATED) for name, table in rows.items()},
    )


def found(case: Case, rule_id: str, *, state: State | None = None) -> list[Finding]:
    """Findings of one check, without the leading `check.`."""
    audit = check_case(case)
    return [f for f in audit.findings if f.rule == f"check.{rule_id}" and state in (None, f.state)]


def one(case: Case, rule_id: str) -> Finding:
    """The only finding of a check."""
    findings = found(case, rule_id)
    assert len(findings) == 1, [finding.message.zh for finding in findings]
    return findings[0]


def values(finding: Finding) -> tuple[State, int | Fraction | None, int | Fraction | None]:
    return finding.state, finding.left, finding.right


def hard(audit: Audit) -> set[str]:
    """Rules of broken findings."""
    return {finding.rule for finding in audit.findings if finding.broken}


def advice(audit: Audit) -> set[str]:
    return {f.rule for f in audit.findings if f.state is State.VIOLATED and f.severity is Severity.ADVISORY}


def changed_source(case: Case, table: str, key: object, citation: Citation) -> Case:
    """The case with another source for one figure."""
    sources = {**case.tables.sources, table: {**case.tables.sources[table], key: citation}}
    return case.model_copy(update={"tables": replace(case.tables, sources=sources)})
