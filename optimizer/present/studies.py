"""What a study found beside a plan, as plain records: a preference, other plans, ranges, a plan made anew.

Texts, JSON, workbook and page all show these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from models.citation import Text
from models.comparison import Comparison
from models.plan import Plan


@dataclass(frozen=True)
class Wish:
    """A preference: `kind` is `even` or `stable`; amounts in fen (per person for `even`)."""

    kind: str
    within: Fraction
    reached: Fraction | None
    bound: Fraction | None
    before: Fraction | None
    people: int | None = None
    """Stable: persons, villages and regions out in other years, each year counted; and without the wish."""
    people_before: int | None = None
    payers: int | None = None
    """Stable: fen that only another fund pays, for the same place, measure and year; and without the wish."""
    payers_before: int | None = None


@dataclass(frozen=True)
class Other:
    """Another plan, and the part of its money that is elsewhere than in the plan it is nearest to."""

    plan: Plan
    moved: Fraction
    by_region: Mapping[str, int]
    """Public fen of all years, by region of the level of the ranges."""


@dataclass(frozen=True)
class Reach:
    """Least and most public fen of a region in any plan within the cost; None: not known."""

    region: str
    least: int | None
    now: int
    most: int | None


@dataclass(frozen=True)
class Others:
    """Other plans that cost `within` more at most, and what every region could get within that."""

    within: Fraction
    plans: tuple[Other, ...]
    reaches: tuple[Reach, ...]
    complete: bool
    """False where no further different plan was found."""

    @property
    def asked(self) -> bool:
        """Whether other plans were asked for, and not the ranges alone."""
        return bool(self.plans) or not self.complete


def other_file(number: int) -> str:
    """The file of the other plan of this number, from 1."""
    return f"alternative-{number}.csv"


@dataclass(frozen=True)
class Line:
    """One figure of the plan that was followed and of the new one; fen, or persons. None: not known."""

    key: str
    title: Text
    plan: int | None
    now: int
    money: bool

    @property
    def difference(self) -> int | None:
        """How much more it is now."""
        return None if self.plan is None else self.now - self.plan


@dataclass(frozen=True)
class Anew:
    """A plan made anew from the year `start` on, against the plan that was followed until then."""

    start: int
    lines: tuple[Line, ...]
    wish: Wish | None
    """How close it keeps to the plan that was followed."""
    changes: Comparison
    """From `start` on: the plan that was followed first, the new one second."""
