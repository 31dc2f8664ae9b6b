"""What a what-if found, as frozen records: one `RunRecord` per run, and a `SweepReport` around them.

Records go into the store and come back unchanged: everything in them is text, whole numbers or rationals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from models.case import Case
from optimizer.present.exits import Exit, Kind
from optimizer.present.objects import exact


class RunStatus(StrEnum):
    """A plan's four statuses with their meaning, and `relaxed`: no plan was made, only its bound."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"
    RELAXED = "relaxed"


@dataclass(frozen=True)
class RunRecord:
    """One run: what was changed and what came of it. Money in fen, objective and bound in the goal's unit.

    A `relaxed` run has the figures of the program without whole numbers: fen of the objective, rounded.
    """

    name: str
    patches: tuple[str, ...]
    status: RunStatus
    cost: int | None = None
    objective: Fraction | None = None
    bound: Fraction | None = None
    gap: Fraction | None = None
    exits: tuple[Exit, ...] = ()
    spent: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """fund -> year -> fen"""
    binding: Mapping[str, int] = field(default_factory=dict)
    """rule -> places where nothing is to spare; in a relaxed run, where a price is on it"""
    audit: Mapping[str, int] | None = None
    conflict: tuple[str, ...] = ()
    """Of an infeasible run of a sweep: ids that cannot hold together, few, not always the fewest."""
    message: str = ""
    note: str = ""
    how: str = ""
    """`whole`: settled from scratch like a plan; `again`: quantities of a neighbouring run, paid for anew;
    `neighbour`: the neighbouring run's plan itself, which is lawful here and better."""
    seconds: float = 0.0

    def object(self) -> dict[str, Any]:
        """As JSON; `from_object` reads it back."""
        return {
            "name": self.name,
            "patches": list(self.patches),
            "status": self.status.value,
            "cost_fen": self.cost,
            "objective": exact(self.objective),
            "bound": exact(self.bound),
            "gap": None if self.gap is None else float(self.gap),
            "exits": [
                {"kind": e.kind.value, "year": e.year, "reached": e.reached, "target": e.target}
                for e in self.exits
            ],
            "spent_fen": {
                fund: {str(y): fen for y, fen in years.items()} for fund, years in self.spent.items()
            },
            "binding": dict(self.binding),
            "audit": None if self.audit is None else dict(self.audit),
            "conflict": list(self.conflict),
            "message": self.message,
            "note": self.note,
            "how": self.how,
            "seconds": round(self.seconds, 3),
        }

    @classmethod
    def from_object(cls, found: Mapping[str, Any]) -> RunRecord:
        """The record of such an object; the gap is worked out again, exactly."""
        objective, bound = _rational(found["objective"]), _rational(found["bound"])
        return cls(
            name=found["name"],
            patches=tuple(found["patches"]),
            status=RunStatus(found["status"]),
            cost=found["cost_fen"],
            objective=objective,
            bound=bound,
            gap=None if found["gap"] is None else _gap(objective, bound),
            exits=tuple(Exit(Kind(e["kind"]), e["year"], e["reached"], e["target"]) for e in found["exits"]),
            spent={f: {int(y): fen for y, fen in years.items()} for f, years in found["spent_fen"].items()},
            binding=dict(found["binding"]),
            audit=found["audit"],
            conflict=tuple(found["conflict"]),
            message=found["message"],
            note=found["note"],
            how=found["how"],
            seconds=found["seconds"],
        )

    def total(self, fund: str) -> int:
        """Fen the fund pays in all years."""
        return sum(self.spent.get(fund, {}).values())

    def out(self, kind: Kind) -> int | None:
        """How many are out at the end of the last year."""
        found = [exit for exit in self.exits if exit.kind is kind]
        return max(found, key=lambda exit: exit.year).reached if found else None


def _rational(value: int | str | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _gap(objective: Fraction | None, bound: Fraction | None) -> Fraction | None:
    if objective is None or bound is None or (objective == 0 and bound != 0):
        return None
    return Fraction(0) if objective == bound else abs(objective - bound) / abs(objective)


@dataclass(frozen=True)
class Axis:
    """A path that is varied: its levels as they are written, in rising order."""

    path: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class SweepReport:
    """A whole sweep: `records` in the order asked for, the unchanged case first."""

    case: Case
    records: tuple[RunRecord, ...]
    axes: tuple[Axis, ...]
    relaxed: bool
    options: Mapping[str, str | int | float | None]
    seconds: float
    resumed: int = 0
    """Runs that an earlier, interrupted sweep had finished."""
    crashed: int = 0
    """Times that a worker process ended before its run did."""
    out: str | None = None
    source: str = "CASE"
    """The folder of the case, as the user named it."""

    @property
    def base(self) -> RunRecord:
        """The run without changes."""
        return self.records[0]
