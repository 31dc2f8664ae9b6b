"""A plan with everything that is said about it, as one frozen record, and the sums readers ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.case import Case
from models.finding import Audit
from models.plan import Plan, Status
from optimizer.present.studies import Anew, Others, Wish

#: The steps of a run, in order; each has its seconds in every report.
STEPS = ("read", "build", "solve", "settle", "audit", "write")


@dataclass(frozen=True)
class PlanReport:
    """What `fenpei plan` found. `conflict` is None unless infeasible, `out` until something is written."""

    case: Case
    plan: Plan
    audit: Audit | None
    options: Mapping[str, str | int | float | None]
    seconds: Mapping[str, float]
    scenario: str | None = None
    conflict: tuple[str, ...] | None = None
    irreducible: bool | None = None
    notes: tuple[str, ...] = ()
    out: str | None = None
    since: int | None = None
    """Findings of earlier years are history: they do not count against the plan (`fenpei replan`)."""
    studies: Mapping[str, Any] = field(default_factory=dict)
    """Further keys of its JSON object: what a study of the plan found."""
    wish: Wish | None = None
    others: Others | None = None
    anew: Anew | None = None
    case_path: str | None = None
    """the way from `out` to the case"""

    @property
    def broken(self) -> bool:
        """Whether the auditor found a hard statement violated that the plan is to answer for."""
        return self.audit is not None and any(
            finding.broken and (self.since is None or finding.year is None or finding.year >= self.since)
            for finding in self.audit.findings
        )

    @property
    def proven(self) -> bool:
        """Whether the plan is lawful and within the gap of a proven bound."""
        return self.plan.status is Status.OPTIMAL


@dataclass(frozen=True)
class Spending:
    """Money of a plan added up, fen."""

    by_fund: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """fund -> year -> fen; every fund and year of the case, zeros included"""
    by_measure: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """measure -> year -> fen; measures that cost something"""


def spending(report: PlanReport) -> Spending:
    """Money by fund and year and by measure and year; nothing when there is no allocation."""
    if report.plan.allocation is None:
        return Spending()
    years = report.case.years
    by_fund = {fund: dict.fromkeys(years, 0) for fund in report.case.funds}
    by_measure: dict[str, dict[int, int]] = defaultdict(lambda: dict.fromkeys(years, 0))
    for (_, measure, fund, year), amount in report.plan.allocation.money.items():
        by_fund[fund][year] += amount
        by_measure[measure][year] += amount
    return Spending(by_fund, dict(by_measure))
