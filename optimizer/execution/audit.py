"""The door of the room: a ledger, a plan and a case to findings, check by check in the catalogue's order.

Every check leaves at least one finding: violated, passed (with how much was looked at), not applicable or not
evaluated (with the reason).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from models.allocation import Allocation
from models.case import Case
from models.catalogue import Catalogue, Check, Family
from models.citation import Language, Text
from models.finding import Audit, Finding
from models.submission import Submission
from optimizer.execution import amounts, eligibility, payees, rows, timing
from optimizer.execution.ledger import Ledger, read_ledger
from optimizer.execution.names import plain
from optimizer.execution.refusal import refused
from optimizer.execution.register import read_register
from optimizer.execution.verdicts import Books, Result, findings, not_applicable

CHECKS: Mapping[str, Callable[[Books, Check], Result]] = {
    "unreadable": rows.unreadable,
    "unknown": rows.unknown,
    "outside_years": rows.outside_years,
    "duplicate_row": rows.duplicate_row,
    "reversal": rows.reversal,
    "above_plan": amounts.above_plan,
    "above_project": amounts.above_project,
    "above_contract": amounts.above_contract,
    "contract_differs": amounts.contract_differs,
    "pass_down": timing.pass_down,
    "dates_reversed": timing.dates_reversed,
    "spending_floor": timing.spending_floor,
    "idle_two": timing.idle_two,
    "idle_one": timing.idle_one,
    "twice": payees.twice,
    "exclusive": payees.exclusive,
    "not_registered": eligibility.not_registered,
    "before_eligible": eligibility.before_eligible,
    "after_eligible": eligibility.after_eligible,
    "other_county": eligibility.other_county,
    "other_group": eligibility.other_group,
}


@dataclass(frozen=True)
class ExecutionAudit:
    """The findings, and the facts about the ledger that a reader must know to judge them."""

    audit: Audit
    ledger: Ledger
    as_of: datetime.date
    as_of_given: bool


def audit_execution(
    case: Case,
    plan: Allocation,
    payments: Path,
    catalogue: Catalogue,
    beneficiaries: Path | None = None,
    as_of: datetime.date | None = None,
    submission: Submission | None = None,
) -> ExecutionAudit:
    """Hold a ledger against plan, case and register, to the day `as_of` (default: the last payment).

    `submission`: the table the plan was read from, where it names projects. Raises LedgerErrors, OSError.
    """
    codes = pl.Categories.random()
    ledger = read_ledger(payments, case, codes)
    day = as_of or ledger.last_day(case)
    if day is None:
        raise refused(
            f"{ledger.file}: 台账里没有一行能读出日期和金额（共 {ledger.rows:,} 行）。请检查日期列和金额列。",
            f"{ledger.file}: no row of the ledger has a date and an amount that can be read "
            f"({ledger.rows:,} rows). Check the columns of dates and amounts.",
        )
    register = None if beneficiaries is None else read_register(beneficiaries, case, codes)
    books = Books(case, plan, _projects(submission), ledger, register, day)
    found: list[Finding] = []
    for check in catalogue.of(Family.PAID):
        result = CHECKS[check.id](books, check) if check.off is None else _not_wanted(check.off)
        found += findings(books, check, result)
    return ExecutionAudit(Audit(tuple(found)), ledger, day, as_of is not None)


def _not_wanted(why: Text) -> Result:
    return not_applicable(f"未要求核对：{why.zh}", f"not wanted: {why.said(Language.EN)}")


def _projects(submission: Submission | None) -> dict[str, dict[str | None, int]]:
    """Planned fen of each project that a table names, by region (None: the table does not say)."""
    planned: dict[str, dict[str | None, int]] = {}
    for line in submission.details if submission is not None else ():
        if line.project:
            places = planned.setdefault(plain(line.project), {})
            places[line.region] = places.get(line.region, 0) + line.amount
    return planned
