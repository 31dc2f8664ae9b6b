"""The Case: everything one planning task is made of, immutable once read.

Policy items are closed models (`models.policy`); figures per region and year stand in `Tables` as plain
read-only mappings from key to whole number. A key's `None` means "every region" or "every year".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from models.citation import Citation, Closed, Document, Text
from models.layers import borne
from models.policy import (
    ChecklistItem,
    Entry,
    Exclusion,
    Fund,
    Group,
    Measure,
    Need,
    Project,
    Resource,
    Rule,
    Scenario,
    Standard,
    Target,
    Uncertain,
)
from models.region import RegionTree
from models.register import Clause
from models.stated import Printed, Stated

RegionId = str
Year = int


class Goal(StrEnum):
    """What is optimised."""

    LEAST_SHORTFALL = "least shortfall"
    LEAST_COST = "least cost"
    MOST_BENEFIT = "most benefit"
    MOST_EXITS = "most exits"


@dataclass(frozen=True, slots=True)
class Supplied:
    """What a fund brings in at a pool in a year, fen: exactly `most` (given) or between the two (up to).

    `most` is None where nobody knows it yet: the plan then says how much it takes.
    """

    least: int
    most: int | None


@dataclass(frozen=True)
class Tables:
    """The figures of a case. Amounts are whole numbers: fen, persons, villages, units of a need.

    `sources` gives the citation of a figure by (table name, key).
    """

    stocks: Mapping[tuple[RegionId, str], int] = field(default_factory=dict)
    """(region, group) -> members at the start; only regions with a row have any."""
    households: Mapping[tuple[RegionId, str], int] = field(default_factory=dict)
    """(region, group) -> households, where stated; for reading and checks only."""
    entrants: Mapping[tuple[RegionId, str, Year, Entry], int] = field(default_factory=dict)
    """(region, group, year, how) -> members who come into the stock in the year."""
    revoked: Mapping[tuple[RegionId, str, Year], int] = field(default_factory=dict)
    """(region, group, year) -> exits of earlier years of the plan that are undone in the year."""
    needs: Mapping[tuple[RegionId, str, Year | None], int] = field(default_factory=dict)
    """(region, need, year) -> amount; year None: a backlog, or an entitlement that is the same every year."""
    costs: Mapping[tuple[str, RegionId | None, Year | None], int] = field(default_factory=dict)
    """(measure, region or None, year of the start or None) -> fen per unit."""
    gaps: Mapping[tuple[str, RegionId | None, Year | None], int] = field(default_factory=dict)
    """(group, region or None, year or None) -> income gap per person, fen a year."""
    supplied: Mapping[tuple[str, RegionId, Year], Supplied] = field(default_factory=dict)
    """(fund, pool, year) -> amount; years before the horizon are history, for rules that look back."""
    capacities: Mapping[tuple[str, RegionId, Year | None], Fraction] = field(default_factory=dict)
    """(measure, region, year) -> most units started in the subtree; year None: in all years together."""
    limits: Mapping[tuple[str, RegionId, Year], Fraction] = field(default_factory=dict)
    """(resource, region, year) -> most that may be used in the subtree in the year."""
    yearly: Mapping[tuple[str, RegionId, Year], Fraction] = field(default_factory=dict)
    """(attribute, region, year) -> figure, for attributes kept by year; years before the horizon too."""
    sources: Mapping[str, Mapping[object, Citation]] = field(default_factory=dict)

    @cached_property
    def newly_poor(self) -> Mapping[tuple[RegionId, str], Mapping[Year, int]]:
        """(region, group) -> year -> members who become poor in the year."""
        found: dict[tuple[RegionId, str], dict[Year, int]] = {}
        for (region, group, year, how), members in self.entrants.items():
            if how is Entry.NEW:
                found.setdefault((region, group), {})[year] = members
        return found


class AttributeSpec(Closed):
    """A numeric attribute of regions: its unit (`person`, `money`, `village`, or a word of the case)."""

    id: str
    title: Text
    unit: str
    by_year: bool = False
    """Kept year by year (attributes.csv) instead of once and for all (a column of regions.csv)."""


class Case(Closed):
    """案例: years, regions, policy items, figures and rules of one planning task."""

    id: str
    title: Text
    first_year: int
    last_year: int
    goal: Goal
    first_goals: tuple[Goal, ...] = ()
    """Goals that come before it, in this order; each is reached as far as can be before the next counts."""
    documents: Mapping[str, Document]
    regions: RegionTree
    attributes: Mapping[str, AttributeSpec]
    groups: Mapping[str, Group]
    needs: Mapping[str, Need]
    measures: Mapping[str, Measure]
    funds: Mapping[str, Fund]
    resources: Mapping[str, Resource]
    exclusions: Mapping[str, Exclusion]
    projects: Mapping[str, Project] = {}
    standards: Mapping[str, Standard]
    targets: Mapping[str, Target]
    rules: Mapping[str, Rule]
    checklist: Mapping[str, ChecklistItem]
    scenarios: Mapping[str, Scenario]
    uncertain: Mapping[str, Uncertain] = {}
    """Figures that may turn out otherwise; for `stress` and `--protect` alone."""
    statements: Mapping[str, Stated] = {}
    """How figures that the documents print must agree."""
    clauses: Mapping[str, Clause] = {}
    """The clause register; empty where the case has none."""
    printed: tuple[Printed, ...] = ()
    """Figures of the clauses as printed, and where they stand in the case."""
    checks: Mapping[str, Text] = {}
    """Titles of the named checks that an audit put to an allocation, by rule id; empty as a case is read."""
    tables: Tables
    sha256: str
    """Hash of everything that was read, patches included."""
    patches: tuple[str, ...] = ()

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The horizon, first to last year."""
        return tuple(range(self.first_year, self.last_year + 1))

    @property
    def public_funds(self) -> frozenset[str]:
        """Funds whose money counts as public cost: those with a cost weight. Not cached: a patched copy of a
        case takes cached values along."""
        return frozenset(fund.id for fund in self.funds.values() if fund.cost_weight > 0)

    def bill(self, measure: str, region: RegionId, year: Year) -> int | None:
        """The most specific row of costs.csv, fen per unit, None if there is none: what a unit costs in all,
        whoever pays it."""
        return most_specific(self.tables.costs, measure, region, year)

    def unit_cost(self, measure: str, region: RegionId, year: Year) -> int | None:
        """Fen per unit started there and then that the funds of the case pay, None where nothing is stated.

        The bill; of a measure with layers what the layers of the case's own payers come to.
        """
        bill = self.bill(measure, region, year)
        known = self.measures.get(measure)
        return bill if bill is None or known is None else borne(known.layers, bill)

    def gap(self, group: str, region: RegionId, year: Year) -> int | None:
        """Income gap in fen per person and year: the most specific row of gaps.csv, None if there is none."""
        return most_specific(self.tables.gaps, group, region, year)

    def stock_by(self, year: Year) -> Mapping[tuple[RegionId, str], int]:
        """(region, group) -> members at the start and all who enter up to the year, however they come; only
        what is given, so that nobody whom a plan lets out, or who falls back in it, makes a difference."""
        found = dict(self.tables.stocks)
        for (region, group, entered, _), members in self.tables.entrants.items():
            if entered <= year:
                found[region, group] = found.get((region, group), 0) + members
        return found

    def attribute(self, region: RegionId, name: str, year: Year) -> Fraction | None:
        """A region's figure in a year, None where there is none; what is not kept by year holds always."""
        spec = self.attributes.get(name)
        if spec is not None and spec.by_year:
            return self.tables.yearly.get((name, region, year))
        return self.regions[region].attributes.get(name)

    def need(self, region: RegionId, need: str, year: Year) -> int | None:
        """The need of a region in a year with what the newly poor have brought, None where it has no row."""
        amount = self.tables.needs.get((region, need, year))
        if amount is None:
            amount = self.tables.needs.get((region, need, None))
        rates = self.needs[need].brought_by if need in self.needs else {}
        if amount is None or not rates:
            return amount
        come = self.tables.newly_poor
        brought = sum(
            (
                rate * members
                for place in self.regions.subtree(region)
                for group, rate in rates.items()
                for entered, members in come.get((place, group), {}).items()
                if entered <= year
            ),
            Fraction(0),
        )
        return amount - (-brought.numerator // brought.denominator)


def most_specific(
    table: Mapping[tuple[str, RegionId | None, Year | None], int], what: str, region: RegionId, year: Year
) -> int | None:
    """The row for (region, year), else (region, any year), else (any region, year), else (any, any)."""
    for key in ((what, region, year), (what, region, None), (what, None, year), (what, None, None)):
        if key in table:
            return table[key]
    return None


def same_but(before: Case, after: Case, but: Collection[str]) -> bool:
    """Whether two cases say the same, apart from the fields named in `but` (of tables: `tables.supplied`)."""
    whole = all(
        _same(getattr(before, name), getattr(after, name))
        for name in Case.model_fields
        if name not in but and name != "tables"
    )
    return whole and all(
        _same(getattr(before.tables, one.name), getattr(after.tables, one.name))
        for one in fields(Tables)
        if f"tables.{one.name}" not in but
    )


def _same(one: object, other: object) -> bool:
    return one is other or one == other
