"""The Plan: an allocation with its status, cost, bound and the options it was made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from models.allocation import Allocation


class Status(StrEnum):
    """What is known of a plan: proven within the gap, lawful but unproven, impossible, or nothing."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Plan:
    """方案. Money in fen.

    `objective` and `bound` are in the goal's own unit (fen for least cost, prices of soft targets included;
    benefit or persons for the others); `bound` is what no lawful plan can beat.
    """

    status: Status
    allocation: Allocation | None
    cost: int | None
    objective: Fraction | None
    bound: Fraction | None
    gap: Fraction | None
    solver: str
    message: str
    seconds: Mapping[str, float]
