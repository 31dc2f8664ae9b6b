"""The named checks of an audit, of submitted tables and of payment ledgers: law and thresholds are data.

A `Catalogue` is what an audit uses: the checks that come with fenpei, changed by the case or by a file of the
auditor's where other rules hold. `Waiving` is one line of a waiver file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from fractions import Fraction

from models.citation import Citation, Closed, Document, Text
from models.finding import Finding, Waiver
from models.policy import Severity
from models.rules.tree import Subject
from models.submission import Spot


class Family(StrEnum):
    """What a check looks at, and the first part of its rule id: `practice.sum`, `paid.twice`."""

    PRACTICE = "practice"  # a submitted table
    PAID = "paid"  # a payment ledger


class ThresholdKind(StrEnum):
    """What a threshold is."""

    NUMBER = "number"  # a number or rate of at least 0
    WORDS = "words"  # a list of words
    HEADINGS = "headings"  # heading -> the words below it
    NAMES = "names"  # code -> its names with their years


class SubjectName(Closed):
    """The name a budget subject has from `first` to `last` year; None: as far as is known."""

    name: str
    first: int | None = None
    last: int | None = None

    def holds(self, year: int) -> bool:
        """Whether the subject has this name in the year."""
        return (self.first is None or year >= self.first) and (self.last is None or year <= self.last)


Headings = Mapping[str, tuple[str, ...]]
Names = Mapping[str, tuple[SubjectName, ...]]
Value = Fraction | tuple[str, ...] | Headings | Names


class Threshold(Closed):
    """阈值: a figure or list of words on which a check turns."""

    id: str
    title: Text
    kind: ThresholdKind
    value: Fraction | tuple[str, ...] | Mapping[str, tuple[str, ...]] | Mapping[str, tuple[SubjectName, ...]]
    of: Subject | None = None
    """Whose tags the words are."""


class Check(Closed):
    """检查: one named check. Its rule id is its family's word and `id`."""

    family: Family
    id: str
    title: Text
    looks_at: Text
    """What it compares, in a sentence."""
    severity: Severity
    waivable: bool = True
    citation: Citation
    remedy: Text
    thresholds: Mapping[str, Threshold] = {}
    off: Text | None = None
    """Why it is not wanted; then it is NOT_APPLICABLE and says so."""

    @property
    def rule(self) -> str:
        """The rule id of its findings."""
        return f"{self.family}.{self.id}"

    def number(self, threshold: str) -> Fraction:
        """A threshold that is a number or a rate."""
        value = self.thresholds[threshold].value
        if not isinstance(value, Fraction):
            raise TypeError(f"{self.id}.{threshold} is no number")
        return value

    def words(self, threshold: str) -> tuple[str, ...]:
        """A threshold that is a list of words."""
        value = self.thresholds[threshold].value
        if not isinstance(value, tuple):
            raise TypeError(f"{self.id}.{threshold} is no list of words")
        return value

    def headings(self, threshold: str) -> Headings:
        """A threshold that gives the words of every heading."""
        value = self.thresholds[threshold].value
        if not isinstance(value, Mapping):
            raise TypeError(f"{self.id}.{threshold} has no headings")
        return {head: tuple(w for w in words if isinstance(w, str)) for head, words in value.items()}

    def names(self, threshold: str) -> Names:
        """A threshold that gives the names of every code."""
        value = self.thresholds[threshold].value
        if not isinstance(value, Mapping):
            raise TypeError(f"{self.id}.{threshold} has no names")
        return {code: tuple(n for n in names if isinstance(n, SubjectName)) for code, names in value.items()}


class Catalogue(Closed):
    """检查目录: the checks by rule id, in their order, the documents they cite, what may never be waived."""

    documents: Mapping[str, Document]
    checks: Mapping[str, Check]
    never_waived: tuple[str, ...]
    """Rule ids, or families as in `known.*`, beside the checks that are not waivable."""

    def of(self, family: Family) -> tuple[Check, ...]:
        """The checks of one family."""
        return tuple(check for check in self.checks.values() if check.family is family)

    def tags(self) -> frozenset[tuple[Subject, str]]:
        """Every tag that a check goes by, with whose it is; checks that are off go by none."""
        return frozenset(
            (threshold.of, tag)
            for check in self.checks.values()
            if check.off is None
            for name, threshold in check.thresholds.items()
            if threshold.of is not None
            for tag in check.words(name)
        )

    def unwaivable(self, pattern: str) -> str | None:
        """A rule or family that must not be waived and that the pattern of a waiver would reach."""
        kept = (*self.never_waived, *(check.rule for check in self.checks.values() if not check.waivable))
        for rule in kept:
            if fnmatchcase(rule, pattern) or fnmatchcase(pattern, rule):
                return rule
        return None


@dataclass(frozen=True, slots=True)
class Waiving:
    """One line of a waiver file: which findings it accepts (`*`: any) and the waiver they get."""

    spot: Spot
    rule: str
    """A rule id, or a family as in `practice.*`."""
    region: str
    """A region's id, or `*`."""
    year: int | None
    """None: any year, and findings about all years."""
    cell: str
    """The cell of the finding's evidence, or empty: wherever it stands."""
    waiver: Waiver

    def accepts(self, finding: Finding) -> bool:
        """Whether this line speaks of the finding."""
        return (
            fnmatchcase(finding.rule, self.rule)
            and self.region in ("*", finding.region)
            and self.year in (None, finding.year)
            and (not self.cell or any(self.cell in (spot.cell, str(spot)) for spot in finding.evidence))
        )
