"""Two allocations side by side, and where a difference in cost comes from: what `fenpei compare` found.

Nothing is judged here: which of the two is better depends on what one wants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.allocation import Allocation
from models.case import Case
from models.finding import Audit
from models.plan import Status
from models.region import Level

#: Whatever the rows of a table are about -> (first, second).
Pairs = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Side:
    """One of the two: what it is called, its case, its allocation and what the auditor says of it."""

    name: str
    case: Case
    allocation: Allocation
    audit: Audit
    cost: int
    """fen paid by funds that count"""

    @property
    def broken(self) -> int:
        """Hard statements violated."""
        return sum(finding.broken for finding in self.audit.findings)


@dataclass(frozen=True)
class Comparison:
    """Pairs are (first, second); ids that only one of the cases has count as 0 in the other."""

    first: Side
    second: Side
    level: Level
    by_region: Pairs
    """fen, by region of `level` (what is spent above it stays with the region that spends it)"""
    by_measure: Pairs
    by_fund: Pairs
    by_year: Pairs
    out: Pairs
    """persons out at the end of the last year, by region of `level`"""
    rules: Pairs
    """rule id -> places and years in which it is violated; only rules for which the two differ"""

    @property
    def winners(self) -> tuple[str, ...]:
        """Regions that get more in the second, most first."""
        return tuple(r for r, gain in self._gains if gain > 0)

    @property
    def losers(self) -> tuple[str, ...]:
        """Regions that get less in the second, the hardest hit first."""
        return tuple(r for r, gain in reversed(self._gains) if gain < 0)

    @property
    def _gains(self) -> list[tuple[str, int]]:
        gains = {region: second - first for region, (first, second) in self.by_region.items()}
        return sorted(gains.items(), key=lambda item: (-item[1], item[0]))


class Cause(StrEnum):
    """What two cases can differ in, in the order in which the second's is taken over."""

    DATA = "data"  # regions, people, needs, income gaps, capacities
    ENTRANTS = "entrants"  # who becomes poor or comes back: newcomers, relapse, exits undone, waiting
    PRICE = "price"  # unit costs and what a measure is
    MONEY = "money"  # funds and their amounts
    RULE = "rule"  # targets, rules, exit standards, exclusions, the goal


@dataclass(frozen=True)
class Step:
    """The case with this and all earlier causes as in the second: what it then costs; None: no plan."""

    cause: Cause
    status: Status
    cost: int | None
    slack: int | None = None
    """Fen that this cost may be above the least there is; None where no bound is known."""


@dataclass(frozen=True)
class Move:
    """One part of the difference in cost: from the last known cost to this one; all add up to the whole."""

    cause: Cause | None
    """None: not the case but the plan itself, which costs more (or less) than the one made here."""
    cost: int | None
    """fen; None: with this no plan is possible, and the next move holds this one as well"""
    change: int | None
    slack: int | None = None


@dataclass(frozen=True)
class Attribution:
    """Least cost of the first case, and how it moves to the second's as one cause after the other changes."""

    start: Step | None
    steps: tuple[Step, ...]
    separable: bool = True
    """False where the cases name different regions, measures, funds ...: nothing can be taken over alone."""

    def moves(self, first: int, second: int) -> tuple[Move, ...]:
        """From the cost of the first plan to that of the second: its changes add up to the difference.

        First from the first plan to the one made here for its case; then a cause each; last from the one
        made for the second's case to the second plan.
        """
        found: list[Move] = []
        known = first
        steps = [] if self.start is None else [self.start, *self.steps]
        for number, step in enumerate(steps):
            change = None if step.cost is None else step.cost - known
            found.append(Move(step.cause if number else None, step.cost, change, step.slack))
            known = known if step.cost is None else step.cost
        return (*found, Move(None, second, second - known))
