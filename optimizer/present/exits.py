"""Who is out by the end of each year, against the target: persons, villages, counties (脱贫、出列、摘帽)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from models.allocation import Allocation
from models.case import Case
from models.finding import Audit
from models.policy import Counts, Severity, Target, TargetKind
from models.region import Level
from models.rules.tree import Comparison


class Kind(StrEnum):
    """What is counted."""

    PERSONS = "persons"
    VILLAGES = "villages"
    COUNTIES = "counties"


@dataclass(frozen=True)
class Exit:
    """`reached` are out at the end of the year, all years together; `target` is None where none was set."""

    kind: Kind
    year: int
    reached: int
    target: int | None


def exits(case: Case, allocation: Allocation, audit: Audit) -> list[Exit]:
    """Cumulative exits of every kind that the case has, by year.

    Villages are groups that count villages or, where there are none, village regions that a standard lists;
    counties are the regions of that level that a standard lists. Which those are is read off
    the audit, which has a `stays` row for each of them.
    """
    found: list[Exit] = []
    groups = {counts: [g.id for g in case.groups.values() if g.counts is counts] for counts in Counts}
    if groups[Counts.PERSONS]:
        found += _of_groups(case, allocation, Kind.PERSONS, groups[Counts.PERSONS])
    if groups[Counts.VILLAGES]:
        found += _of_groups(case, allocation, Kind.VILLAGES, groups[Counts.VILLAGES])
    else:
        found += _of_regions(case, allocation, audit, Kind.VILLAGES, Level.VILLAGE)
    found += _of_regions(case, allocation, audit, Kind.COUNTIES, Level.COUNTY)
    return found


def _of_groups(case: Case, allocation: Allocation, kind: Kind, groups: list[str]) -> Iterator[Exit]:
    yearly = dict.fromkeys(case.years, 0)
    for sign, lines in ((1, allocation.exits), (-1, allocation.returned), (-1, allocation.revoked)):
        for (_, group, year), members in lines.items():
            if group in groups and year in yearly:
                yearly[year] += sign * members
    whole = [target for target in case.targets.values() if _about_all(target, groups)]
    for year, reached in zip(case.years, accumulate(yearly.values()), strict=True):
        yield Exit(kind, year, reached, _strictest(_by(case, target, year, groups) for target in whole))


def stock_by(case: Case, groups: Collection[str], year: int) -> int:
    """Members at the start and all who entered up to the year."""
    return sum(members for (_, group), members in case.stock_by(year).items() if group in groups)


def _about_all(target: Target, groups: list[str]) -> bool:
    """Whether a target asks for members of all these groups, wherever they are."""
    if target.kind is not TargetKind.EXITS or target.compare is Comparison.AT_MOST:
        return False
    everywhere = target.where.condition is None and target.each is None
    return everywhere and set(target.groups) == set(groups) and target.severity is Severity.HARD


def _by(case: Case, target: Target, year: int, groups: Collection[str]) -> int | None:
    """What a target asks for by the end of a year; for one set year by year, the sum of the years so far."""

    def due(at: int) -> int | None:
        return _due(target, at, stock_by(case, groups, at if target.entrants else case.first_year - 1))

    if target.cumulative:
        return due(year)
    parts = [due(before) for before in case.years if before <= year]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _due(target: Target, year: int, stock: int) -> int | None:
    if year in target.amounts:
        return target.amounts[year]
    if year not in target.shares:
        return None
    exact = stock * target.shares[year]
    return -(-exact.numerator // exact.denominator)


def _strictest(amounts: Iterable[int | None]) -> int | None:
    return max((amount for amount in amounts if amount is not None), default=None)


def _of_regions(case: Case, allocation: Allocation, audit: Audit, kind: Kind, level: Level) -> Iterator[Exit]:
    listed = listed_regions(case, audit, level)
    if not listed:
        return
    everywhere = {region for regions in listed.values() for region in regions}
    since: dict[str, int] = {}
    for region, _, year in allocation.leaves:
        since[region] = min(year, since.get(region, year))
    for year in case.years:
        reached = sum(since.get(region, year + 1) <= year for region in everywhere)
        targets = [_latest(case, standard, year, len(regions)) for standard, regions in listed.items()]
        known = [target for target in targets if target is not None]
        yield Exit(kind, year, reached, sum(known) if len(known) == len(targets) else None)


def listed_regions(case: Case, audit: Audit, level: Level) -> dict[str, set[str]]:
    """Standard -> the regions of the level that it lists; standards without any are absent."""
    listed: dict[str, set[str]] = {}
    for finding in audit.findings:
        family, _, standard = finding.rule.partition(".")
        known = standard in case.standards and finding.region in case.regions
        if family == "stays" and known and case.regions[finding.region].level is level:
            listed.setdefault(standard, set()).add(finding.region)
    return listed


def _latest(case: Case, standard: str, year: int, listed: int) -> int | None:
    """What the targets of a standard ask for by a year: nobody comes back, so the last amount stays."""
    amounts = [
        _due(target, before, listed)
        for target in case.targets.values()
        for before in case.years
        if before <= year and target.kind is TargetKind.LISTED and target.standard == standard
        and target.cumulative and target.compare is not Comparison.AT_MOST
        and target.where.condition is None and target.each is None and target.severity is Severity.HARD
    ]  # fmt: skip
    return _strictest(amounts)
