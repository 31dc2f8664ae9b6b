"""What `fenpei explain` finds: conflicts and ways out of them, or the prices of what a plan rests on.

Amounts are exact: fen, members, units; a rate is a Fraction. A price is a rounded number, because it comes
from a solver's duals; the ends of its range are what a re-solve confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from models.plan import Plan


@dataclass(frozen=True)
class InConflict:
    """A statement of a conflict, the years in which it is needed and the regions at which it is, if few."""

    id: str
    years: tuple[int, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True)
class ConflictSet:
    """Statements that cannot hold together. `irreducible`: without any one of them the others can.

    `whole`: that they can was shown in whole quantities, not only in divisible ones. `smallest`: it is proven
    that no fewer statements conflict. `apart`: it shares no statement with the sets before it that are apart.
    `fixed`: nothing in it is ever changed by a way out, so that there is none while its figures stand.
    """

    members: tuple[InConflict, ...]
    irreducible: bool
    smallest: bool
    whole: bool
    apart: bool
    fixed: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, each once."""
        return tuple(member.id for member in self.members)


class ChangeKind(StrEnum):
    """What is changed."""

    FUND = "fund"
    TARGET = "target"
    DUE = "due"
    CAPACITY = "capacity"
    RESOURCE = "resource"
    RULE = "rule"
    WAITS = "waits"


@dataclass(frozen=True)
class Change:
    """A figure from one value to another, and the `--set` that does it.

    `effect` counts what the change means in `counted`: 97 villages for a target that falls from 70 % to
    68 %; whether a group waits is 1 (yes) or 0 (no). `by` is the next year in which the same target,
    unchanged, asks for at least as much again.
    """

    id: str
    kind: ChangeKind
    year: int | None
    region: str | None
    before: Fraction
    after: Fraction
    unit: str
    effect: Fraction
    counted: str
    patch: str
    by: int | None = None


class RepairKind(StrEnum):
    """What becomes of what was promised (targets, needs that are due)."""

    KEEPS = "keeps"
    """All of it is kept: more money, money at another time, more capacity."""
    RULES = "rules"
    """All of it is kept, but a rule gives way."""
    LATER = "later"
    """Some of it comes later: a later year of the case asks for as much."""
    LESS = "less"
    """Some of it is given up."""


@dataclass(frozen=True)
class Repair:
    """Changes after which the case has a plan: `cost` is what that plan costs, as `fenpei plan` finds it.

    `added` is the money that funds bring in beyond the case. `proven`: the plan is proven within the gap.
    `law`: it changes a rule that a document states, which is offered only when nothing else helps. `least`: a
    change of the same figures that is smaller by more than 2 % cannot do, even with divisible quantities.
    """

    changes: tuple[Change, ...]
    cost: int
    added: int
    proven: bool
    law: bool
    kind: RepairKind
    least: bool = True


class Side(StrEnum):
    """In which direction a price holds."""

    BOTH = "both"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True)
class Price:
    """What the goal changes by when a figure rises by one of its unit, and from where to where.

    `price` is in the goal's unit (fen for least cost) per `unit`. `low` and `high` are values of the figure;
    None: without end. `region` None: the figure of all regions together, moved in proportion.
    """

    id: str
    kind: ChangeKind
    year: int | None
    region: str | None
    value: Fraction | None
    unit: str
    price: float
    low: Fraction | None
    high: Fraction | None
    side: Side
    checked: bool
    """Whether the ends were confirmed by solving there."""
    effect: Fraction
    counted: str
    alone: bool = True
    """False where rules take the figure into account in ways that this price leaves out."""
    end: Side | None = None
    """LESS where the figure cannot be any less (there is then no plan), MORE where it cannot be any more,
    BOTH where it cannot move at all."""


@dataclass(frozen=True)
class Toll:
    """What a statement costs altogether: how much better the goal would be without it."""

    id: str
    worth: float


@dataclass(frozen=True)
class TrueDifference:
    """One figure moved for real: the goal solved anew with every whole number free."""

    id: str
    kind: ChangeKind
    year: int | None
    region: str | None
    unit: str
    before: Fraction
    after: Fraction
    patch: str
    expected: float
    low: float
    high: float
    """The goal changes by something from `low` to `high`: the two solves stop within a gap."""


@dataclass(frozen=True)
class Driver:
    """What a region's money is for: the part of it that a statement drives."""

    id: str
    part: float


@dataclass(frozen=True)
class Spent:
    """A measure in a region: units, money, and the statement that drives it most."""

    measure: str
    units: Fraction
    fen: int
    by_fund: tuple[tuple[str, int], ...]
    driver: str | None


@dataclass(frozen=True)
class RegionShare:
    """Why a region gets what it gets."""

    region: str
    fen: int
    total: int
    spent: tuple[Spent, ...]
    drivers: tuple[Driver, ...]


@dataclass(frozen=True)
class NearTie:
    """A choice that would change first: `instead` comes in where its unit costs less by `saving` (fen), from
    `cost`; `dearer` turns it around: how much dearer the measure now used may become."""

    region: str
    measure: str
    year: int
    cost: int
    saving: float

    @property
    def share(self) -> float:
        """The saving as a part of the unit cost."""
        return self.saving / self.cost if self.cost else float("inf")


@dataclass(frozen=True)
class Explanation:
    """The answer of `fenpei explain`; which half is filled, the plan's status says."""

    plan: Plan
    conflicts: tuple[ConflictSet, ...] = ()
    more_conflicts: bool = False
    repairs: tuple[Repair, ...] = ()
    kept: tuple[str, ...] = ()
    complete: bool = True
    """False when time ran out before everything was looked at."""
    prices: tuple[Price, ...] = ()
    tolls: tuple[Toll, ...] = ()
    true_differences: tuple[TrueDifference, ...] = ()
    whole_numbers: int = 0
    """How many whole-number choices the prices take as given; 0: the prices are exact."""
    share: RegionShare | None = None
    ties: tuple[NearTie, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
