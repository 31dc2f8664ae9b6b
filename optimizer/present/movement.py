"""Who came into the stock of the poor and who left it, year by year, from one year's end to the next.

Persons and villages apart. Nothing is said of a plan in which nobody enters and nobody comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.allocation import Allocation
from models.case import Case
from models.citation import Language
from models.policy import Counts, Entry
from optimizer.present.words import said


@dataclass(frozen=True)
class Movement:
    """One year: `poor_before + new + relapsed + revoked - left` are poor at its end."""

    counts: Counts
    year: int
    poor_before: int
    new: int
    relapsed: int
    """Who fell back, of those who left in the plan and of those who had left before it."""
    revoked: int
    """Whose exit was undone, in the plan and before it."""
    left: int

    @property
    def poor_after(self) -> int:
        """Who is poor at the end of the year."""
        return self.poor_before + self.new + self.relapsed + self.revoked - self.left

    @property
    def figures(self) -> tuple[int, ...]:
        """The row of a table, in the order of `headings`."""
        return (self.poor_before, self.new, self.relapsed, self.revoked, self.left, self.poor_after)


def counted(counts: Counts, language: Language) -> str:
    """What a row counts."""
    if counts is Counts.PERSONS:
        return said(language, "贫困人口（人）", "poor persons")
    return said(language, "贫困村（个）", "poor villages")


def headings(language: Language) -> tuple[str, ...]:
    """What the figures of a row are."""
    return (
        said(language, "年初未脱贫", "Poor before"),
        said(language, "新增", "Newly poor"),
        said(language, "返贫", "Fallen back"),
        said(language, "撤销退出", "Exits undone"),
        said(language, "当年退出", "Left"),
        said(language, "年末未脱贫", "Poor after"),
    )


def movements(case: Case, allocation: Allocation) -> tuple[Movement, ...]:
    """Persons by year, then villages; only those of which somebody enters or comes back."""
    return tuple(row for counts in Counts for row in _of(case, allocation, counts))


def _of(case: Case, allocation: Allocation, counts: Counts) -> Iterator[Movement]:
    groups = frozenset(group.id for group in case.groups.values() if group.counts is counts)
    entered = {
        kind: _by_year(case, groups, {k[:3]: n for k, n in case.tables.entrants.items() if k[3] is kind})
        for kind in Entry
    }
    left, back, undone = (
        _by_year(case, groups, lines) for lines in (allocation.exits, allocation.returned, allocation.revoked)
    )
    if not any(any(years.values()) for years in (*entered.values(), back, undone)):
        return
    poor = sum(members for (_, group), members in case.tables.stocks.items() if group in groups)
    for year in case.years:
        row = Movement(
            counts,
            year,
            poor,
            entered[Entry.NEW][year],
            entered[Entry.RELAPSED][year] + back[year],
            entered[Entry.REVOKED][year] + undone[year],
            left[year],
        )
        yield row
        poor = row.poor_after


def _by_year(case: Case, groups: frozenset[str], lines: Mapping[tuple[str, str, int], int]) -> dict[int, int]:
    found = dict.fromkeys(case.years, 0)
    for (_, group, year), members in lines.items():
        if group in groups and year in found:
            found[year] += members
    return found
