"""The submission as the named checks need it: money by key with its cells, added up by place, fund and year.

A `Hit` is one comparison that a check made; the check says what stands left and right, and `verdict` turns it
into a finding. Lines with ids that the case does not have are left out: `structure` reports them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from models.allocation import Allocation
from models.case import Case
from models.catalogue import Catalogue, Check, Family
from models.citation import Citation, Text
from models.policy import Counts, FundLevel
from models.rules.tree import Comparison
from models.submission import Line, Spot, Submission
from optimizer.audit.ledger import Ledger
from optimizer.audit.statement import Exact, Undecided

#: (region, measure, fund, year)
Key = tuple[str, str, str, int]

#: Public budgets from the top down: who is above whom.
BUDGETS = (FundLevel.CENTRAL, FundLevel.PROVINCIAL, FundLevel.CITY, FundLevel.COUNTY)


@dataclass(frozen=True, slots=True)
class Hit:
    """One comparison: `about` names the thing, `left` and `right` are the sides, by default money."""

    region: str
    year: int | None
    left: Exact
    right: Exact
    about: Text
    left_name: Text
    right_name: Text
    compare: Comparison = Comparison.AT_MOST
    unit: str = "money"
    evidence: tuple[Spot, ...] = ()
    citation: Citation | None = None
    """Of the thing itself, where it has one that says more than the check's."""
    explains: tuple[str, ...] = ()
    """The rules of the case that would say the same of this place and year."""


@dataclass(frozen=True, slots=True)
class Open:
    """A thing that could not be compared, and why."""

    region: str
    year: int | None
    why: Undecided


@dataclass(frozen=True, slots=True)
class Fine:
    """So many more things were looked at and nothing is wrong with them."""

    number: int


Found = Hit | Open | Fine


class Books:
    """A case, a submission and the sums that several checks share."""

    def __init__(self, case: Case, submission: Submission, catalogue: Catalogue) -> None:
        self.case = case
        self.catalogue = catalogue
        self.submission = submission
        self.ledger = Ledger(case, submission.allocation)

    def speaks(self, check: str) -> Check | None:
        """The check, unless the case has switched it off."""
        found = self.catalogue.checks.get(f"{Family.PRACTICE}.{check}")
        return None if found is None or found.off is not None else found

    @property
    def allocation(self) -> Allocation:
        """The sums of the details."""
        return self.submission.allocation

    @property
    def root(self) -> str:
        """The region that everything lies in."""
        return self.case.regions.root

    def place(self, region: str | None) -> str:
        """The region, or the root where it is not said or not known."""
        return region if region is not None and region in self.case.regions else self.root

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The details whose region, measure, fund and year, where given, are known to the case."""
        return tuple(line for line in self.submission.details if self._known(line))

    def _known(self, line: Line) -> bool:
        case = self.case
        return (
            (line.region is None or line.region in case.regions)
            and (line.measure is None or line.measure in case.measures)
            and (line.fund is None or line.fund in case.funds)
            and (line.year is None or line.year in case.years)
        )

    @cached_property
    def money(self) -> Mapping[Key, int]:
        """Every amount of the allocation that has a place in the case."""
        return {
            (region, measure, fund, year): fen
            for (region, measure, year), paid in self.ledger.paid.items()
            for fund, fen in paid
        }

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years in which there is any money."""
        return tuple(sorted({year for *_, year in self.money}))

    @cached_property
    def _cells(self) -> Mapping[Key, tuple[Spot, ...]]:
        found: dict[Key, list[Spot]] = {}
        for line in self.lines:
            if line.region and line.measure and line.fund and line.year:
                found.setdefault((line.region, line.measure, line.fund, line.year), []).append(line.spot)
        return {key: tuple(spots) for key, spots in found.items()}

    def cells(self, keys: Iterable[Key]) -> tuple[Spot, ...]:
        """The cells in which the amounts of these keys stand, each once, in the order of the keys."""
        return tuple(dict.fromkeys(spot for key in keys for spot in self._cells.get(key, ())))

    def persons(self, year: int) -> Mapping[str, int]:
        """Region -> poor persons in its subtree, at the start or entered by the year; regions without any are
        absent. Before the horizon those at the start, after it those of its last year."""
        return self._persons[min(max(year, self.case.first_year - 1), self.case.last_year)]

    @cached_property
    def _persons(self) -> Mapping[int, Mapping[str, int]]:
        persons = {group.id for group in self.case.groups.values() if group.counts is Counts.PERSONS}
        sums: dict[int, dict[str, int]] = {year: {} for year in (self.case.first_year - 1, *self.case.years)}
        for (group, year), stock in self.ledger.stock_below.items():
            for region, members in stock.items() if group in persons else ():
                sums[year][region] = sums[year].get(region, 0) + int(members)
        return {year: {region: n for region, n in found.items() if n} for year, found in sums.items()}

    def funds(self, tags: Iterable[str]) -> frozenset[str]:
        """The funds with one of these tags."""
        wanted = frozenset(tags)
        return frozenset(fund.id for fund in self.case.funds.values() if fund.tags & wanted)

    def budget(self, fund: str) -> int | None:
        """How far down a public budget stands; None for other money."""
        level = self.case.funds[fund].level
        return BUDGETS.index(level) if level in BUDGETS else None

    def at_level(self, region: str, level: str) -> str | None:
        """The region itself or the one above it that is of this level."""
        return next(
            (up for up in self.case.regions.ancestors(region) if self.case.regions[up].level == level), None
        )


def plain_name(text: str, endings: Iterable[str] = ()) -> str:
    """A name without what does not tell things apart: width, spaces, punctuation, years, common endings."""
    name = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    name = re.sub(r"^(19|20)\d\d(年度|年)?", "", name)
    while any(name.endswith(end) and len(name) > len(end) + 1 for end in endings):
        name = next(name.removesuffix(end) for end in endings if name.endswith(end))
    return name


def contains(text: str, words: Iterable[str]) -> str | None:
    """The first of the words that the text contains."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return next((word for word in words if word in plain), None)


def median(values: Iterable[Exact]) -> Fraction:
    """The middle value, or half way between the two middle ones."""
    ordered = sorted(Fraction(value) for value in values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
