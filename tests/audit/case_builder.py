"""A small case that has a row of every family, a clean allocation for it, and ways to change one thing.

One province P, two counties A and B, two years. Every figure can be checked on paper: see the comments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from models.allocation import Allocation
from models.case import Case, Goal, Supplied, Tables
from models.citation import Basis, Citation, Text
from models.finding import Audit, Finding, State
from models.policy import (
    EVERYTHING,
    After,
    ConditionKind,
    Counts,
    Exclusion,
    Fund,
    FundLevel,
    Group,
    Match,
    Measure,
    Need,
    NeedKind,
    Resource,
    Rule,
    Selector,
    Serves,
    Severity,
    Share,
    Standard,
    StandardCondition,
    Supply,
    Target,
    TargetKind,
)
from models.region import Level, Region, RegionTree
from models.rules.parse import parse_condition, parse_expression
from models.rules.tree import Comparison, Subject

LAW = Citation(document="law", section="1", basis=Basis.ILLUSTRATIVE)
ONE = Fraction(1)


def where(text: str) -> Selector:
    return Selector(text=text, condition=parse_condition(text))


def title(text: str) -> Text:
    return Text(zh=text)


def region(identifier: str, level: Level, parent: str | None, *tags: str, **attributes: int) -> Region:
    numbers = {name: Fraction(value) for name, value in attributes.items()}
    return Region(
        id=identifier,
        name=f"{identifier}地",
        level=level,
        parent=parent,
        tags=frozenset(tags),
        attributes=numbers,
        citation=LAW,
    )


def group(identifier: str, **changes: Any) -> Group:
    fields = {"id": identifier, "title": title(identifier), "counts": Counts.PERSONS, "citation": LAW}
    return Group(**{**fields, **changes})


def need(identifier: str, **changes: Any) -> Need:
    fields = {"id": identifier, "title": title(identifier), "unit": "户", "kind": NeedKind.BACKLOG}
    return Need(**{**fields, "citation": LAW, **changes})


def measure(identifier: str, **changes: Any) -> Measure:
    fields = {"id": identifier, "title": title(identifier), "unit": "个", "level": Level.COUNTY}
    return Measure(**{**fields, "payers": EVERYTHING, "citation": LAW, **changes})


def fund(identifier: str, level: FundLevel, supply: Supply, pooled_at: Level, **changes: Any) -> Fund:
    fields = {"id": identifier, "title": title(identifier), "level": level, "supply": supply}
    return Fund(**{**fields, "pooled_at": pooled_at, "cost_weight": ONE, "citation": LAW, **changes})


def target(identifier: str, kind: TargetKind, **changes: Any) -> Target:
    fields = {"id": identifier, "title": title(identifier), "kind": kind, "cumulative": True}
    fields |= {"compare": Comparison.AT_LEAST, "severity": Severity.HARD, "citation": LAW}
    return Target(**{**fields, **changes})


def rule(identifier: str, left: str, compare: str, right: str, *each: Subject, **changes: Any) -> Rule:
    fields = {"id": identifier, "title": title(identifier), "years": (2018, 2019), "for_each": each}
    fields |= {"left": parse_expression(left), "right": parse_expression(right), "where": EVERYTHING}
    fields |= {"compare": Comparison(compare), "left_text": left, "right_text": right, "unit": "money"}
    return Rule(**{**fields, "severity": Severity.HARD, "citation": LAW, **changes})


def condition(identifier: str, kind: ConditionKind, **changes: Any) -> StandardCondition:
    return StandardCondition(id=identifier, kind=kind, citation=LAW, **changes)


def by_id(*items: Any) -> dict[str, Any]:
    return {item.id: item for item in items}


def small_case() -> Case:
    """A row of every family. In yuan: a house 100, a grant 5, a grid 20, a job 50 and 1 a year."""
    return Case(
        id="small",
        title=title("小案例"),
        first_year=2018,
        last_year=2019,
        goal=Goal.LEAST_COST,
        documents={},
        regions=RegionTree(
            by_id(
                region("P", Level.PROVINCE, None, population=1600),
                region("A", Level.COUNTY, "P", "deep", population=1000, income=100),
                region("B", Level.COUNTY, "P", population=600, income=120),
            )
        ),
        attributes={},
        groups=by_id(
            group("poor", relapse=Fraction(1, 10), tags=frozenset({"people"})),
            group("village", counts=Counts.VILLAGES),
        ),
        needs=by_id(
            need("houses", holds={"poor": ONE}, due={2019: ONE}),
            need("grants", kind=NeedKind.ENTITLEMENT),
        ),
        measures=by_id(*_measures()),
        funds=by_id(
            fund(
                *("central", FundLevel.CENTRAL, Supply.GIVEN, Level.PROVINCE),
                carry_over=True,
                spending_floor=Fraction(1, 2),
            ),
            fund("county", FundLevel.COUNTY, Supply.UP_TO, Level.COUNTY),
            fund("social", FundLevel.SOCIAL, Supply.OPEN, Level.COUNTY, pays=where("measure == grid")),
        ),
        resources=by_id(Resource(id="land", title=title("land"), unit="mu", citation=LAW)),
        exclusions=by_id(
            Exclusion(
                id="either", title=title("either"), measures=("job", "coop"), group="poor", citation=LAW
            ),
            Exclusion(
                id="once", title=title("once"), measures=("house", "repair"), need="houses", citation=LAW
            ),
        ),
        standards=by_id(*_standards()),
        targets=by_id(
            target("all-out", TargetKind.EXITS, groups=("poor",), amounts={2019: 16}),
            target("villages-out", TargetKind.EXITS, groups=("village",), shares={2019: ONE}),
            target("counties-off", TargetKind.LISTED, standard="hat", amounts={2019: 2}),
            target("province-off", TargetKind.LISTED, standard="whole", amounts={2019: 1}),
        ),
        rules=by_id(
            rule("R1", "spent(fund.level == county)", ">=", "20% * available(fund == county)", Subject.YEAR)
        ),
        checklist={},
        scenarios={},
        tables=_tables(),
        sha256="",
    )


def _measures() -> list[Measure]:
    def only(level: str) -> Selector:
        return where(f"fund.level == {level}")

    return [
        measure(
            "house",
            meets={"houses": ONE},
            uses={"land": Fraction(2)},
            shares=(
                Share(payer=only("central"), share=Fraction(3, 5)),
                Share(payer=only("county"), share=Fraction(2, 5)),
            ),
        ),
        measure("repair", meets={"houses": ONE}),
        measure("grant", meets={"grants": ONE}, lifetime=1, one_payer=True, payers=only("county")),
        measure("grid", payers=only("social"), years=(2018, 2018)),
        measure(
            "job",
            serves={"poor": Serves(lift=300_000, most=ONE)},
            upkeep=100,
            smallest=Fraction(2),
            match=Match(by=only("county"), of=only("central"), ratio=ONE),
            after=(After(measure="grid", ratio=Fraction(20)),),
        ),
        measure("coop", serves={"poor": Serves(lift=300_000, most=ONE)}, adds={"income": Fraction(5)}),
    ]


def _standards() -> list[Standard]:
    hat = (
        condition("rate", ConditionKind.POOR_SHARE, share=Fraction(1, 50), of="population", groups=("poor",)),
        condition("housed", ConditionKind.NEED, share=ONE, need="houses"),
        condition("villages", ConditionKind.GROUP_OUT, share=Fraction(1, 2), groups=("village",)),
        condition("income", ConditionKind.ATTRIBUTE, of="income", amount=Fraction(100)),
    )
    counties = condition("counties", ConditionKind.REGIONS_OUT, share=ONE, level=Level.COUNTY)
    return [
        Standard(
            id="hat", title=title("hat"), where=where("region.level == county"), conditions=hat, citation=LAW
        ),
        Standard(
            id="whole", title=title("whole"), where=where("region == P"), conditions=(counties,), citation=LAW
        ),
    ]


def _tables() -> Tables:
    counties = {("county", place, year): Supplied(1_000, 30_000) for place in "AB" for year in (2018, 2019)}
    central = {("central", "P", year): Supplied(40_000, 40_000) for year in (2018, 2019)}
    return Tables(
        stocks={("A", "poor"): 10, ("B", "poor"): 6, ("A", "village"): 2, ("B", "village"): 1},
        needs={
            ("A", "houses", None): 4,
            ("B", "houses", None): 2,
            ("A", "grants", None): 3,
            ("B", "grants", None): 2,
        },
        costs={
            ("house", None, None): 10_000,
            ("repair", None, None): 1_000,
            ("grant", None, None): 500,
            ("grid", None, None): 2_000,
            ("job", None, None): 5_000,
            ("coop", None, None): 9_000,
        },
        gaps={("poor", None, None): 300_000},
        supplied={**counties, **central},
        capacities={
            ("house", "P", 2018): Fraction(4),
            ("house", "A", None): Fraction(5),
        },
        limits={("land", "P", 2018): Fraction(7), ("land", "A", 2019): Fraction(4)},
    )


def clean_allocation() -> Allocation:
    """Lawful, and nothing in it can be left out.

    Houses 2 + 2 in A and 1 + 1 in B: central 60.00 and county 40.00 each. Grants 3 and 2 a year. One grid
    each, paid by society. Jobs 4 + 6 in A, 3 + 3 in B, half central and half county: in A 4 x 51.00 = 204.00
    in 2018 and 6 x 50.00 + 10 x 1.00 = 310.00 in 2019; in B 153.00 and 156.00. Central brings 400.00 a year:
    358.50 is spent in 2018 and 41.50 carried; 413.00 is spent in 2019 and 28.50 lapses.
    """
    money: dict[tuple[str, str, str, int], int] = {}
    for year in (2018, 2019):
        for place, houses, grants in (("A", 2, 3), ("B", 1, 2)):
            money[place, "house", "central", year] = houses * 6_000
            money[place, "house", "county", year] = houses * 4_000
            money[place, "grant", "county", year] = grants * 500
    halves = {("A", 2018): 10_200, ("A", 2019): 15_500, ("B", 2018): 7_650, ("B", 2019): 7_800}
    for (place, year), half in halves.items():
        money[place, "job", "central", year] = half
        money[place, "job", "county", year] = half
    money["A", "grid", "social", 2018] = money["B", "grid", "social", 2018] = 2_000
    units = {("A", "grid", 2018): 1, ("B", "grid", 2018): 1, ("A", "job", 2018): 4, ("A", "job", 2019): 6}
    units |= {("B", "job", 2018): 3, ("B", "job", 2019): 3}
    for year in (2018, 2019):
        units |= {("A", "house", year): 2, ("B", "house", year): 1}
        units |= {("A", "grant", year): 3, ("B", "grant", year): 2}
    served = {("A", 2018): 4, ("A", 2019): 10, ("B", 2018): 3, ("B", 2019): 6}
    exits = {("A", "poor", 2018): 4, ("A", "poor", 2019): 7, ("B", "poor", 2018): 3, ("B", "poor", 2019): 4}
    exits |= {("A", "village", 2018): 1, ("A", "village", 2019): 1, ("B", "village", 2019): 1}
    return Allocation(
        money=money,
        units={key: Fraction(number) for key, number in units.items()},
        serves={(place, "job", "poor", year): Fraction(number) for (place, year), number in served.items()},
        exits=exits,
        returned={("A", "poor", 2019): 1, ("B", "poor", 2019): 1},
        leaves={("A", "hat", 2019): 1, ("B", "hat", 2019): 1, ("P", "whole", 2019): 1},
        brought={
            ("P", "central", 2018): 40_000,
            ("P", "central", 2019): 40_000,
            ("A", "county", 2018): 19_700,
            ("A", "county", 2019): 25_000,
            ("B", "county", 2018): 12_650,
            ("B", "county", 2019): 12_800,
            ("A", "social", 2018): 2_000,
            ("B", "social", 2018): 2_000,
        },
        carried={("P", "central", 2018): 4_150},
        lapsed={("P", "central", 2019): 2_850},
    )


# --- changing one thing -----------------------------------------------------------------------


def changed(case: Case, **fields: Any) -> Case:
    return Case(**{**{name: getattr(case, name) for name in Case.model_fields}, **fields})


def with_item(case: Case, items_of: str, identifier: str, /, **fields: Any) -> Case:
    """The case with other fields for one item."""
    items = dict(getattr(case, items_of))
    old = items[identifier]
    kept = {name: getattr(old, name) for name in type(old).model_fields}
    items[identifier] = type(old)(**{**kept, **fields})
    return changed(case, **{items_of: items})


def with_new(case: Case, kind: str, *items: Any) -> Case:
    return changed(case, **{kind: {**getattr(case, kind), **by_id(*items)}})


def with_rows(case: Case, table: str, rows: Mapping[Any, Any]) -> Case:
    merged: Any = {**getattr(case.tables, table), **rows}
    return changed(case, tables=replace(case.tables, **{table: merged}))


def without_rows(case: Case, table: str, *keys: Any) -> Case:
    rows: Any = {key: value for key, value in getattr(case.tables, table).items() if key not in keys}
    return changed(case, tables=replace(case.tables, **{table: rows}))


def plus(allocation: Allocation, table: str, *key: str | int, by: int | Fraction = 1) -> Allocation:
    """The allocation with so much more in one line; a line that becomes zero is gone."""
    lines = dict(getattr(allocation, table))
    lines[key] = lines.get(key, 0) + by
    rest: Any = {line: amount for line, amount in lines.items() if amount != 0}
    return replace(allocation, **{table: rest})


# --- reading an audit -------------------------------------------------------------------------


def find(audit: Audit, rule: str, region: str, year: int | None) -> Finding:
    found = [f for f in audit.findings if (f.rule, f.region, f.year) == (rule, region, year)]
    assert len(found) == 1, f"{len(found)} findings for {rule} {region} {year}"
    return found[0]


def verdict(finding: Finding) -> tuple[State, object, object, object]:
    """State, left, right, margin."""
    return finding.state, finding.left, finding.right, finding.margin


def fields(finding: Finding, *names: str) -> tuple[object, ...]:
    return tuple(getattr(finding, name) for name in names)


def broken(audit: Audit) -> set[tuple[str, str, int | None]]:
    return {(f.rule, f.region, f.year) for f in audit.findings if f.state is State.VIOLATED}
