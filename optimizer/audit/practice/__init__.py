"""The named checks: what state auditors report most, held against somebody's table.

One function per check, by the id that the catalogue (`models.catalogue`) gives it; law, severity and
thresholds stand there. `examined` is the whole audit of a submission: the case's statements and the checks,
each thing said once. docs/practice.md says what each check looks at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.allocation import Item
from models.case import Case
from models.catalogue import Catalogue, Family
from models.finding import Audit, Finding
from models.policy import Severity
from models.submission import Submission
from optimizer.audit.auditor import audit
from optimizer.audit.practice import (
    costs,
    exits,
    matching,
    pooling,
    repeats,
    scope,
    spread,
    subjects,
    totals,
    trends,
)
from optimizer.audit.practice.books import Books
from optimizer.audit.practice.once import not_said, with_cells, without_quantities
from optimizer.audit.practice.verdict import CheckFunction, Explained, judged
from optimizer.audit.practice.waiving import UNUSED, waived

#: Check -> the function that makes it, in the order in which they are reported.
CHECKS: Mapping[str, CheckFunction] = {
    "sum": totals.sums,
    "negative_list": scope.negative_list,
    "scope": scope.scope,
    "place": scope.place,
    "management_fee": scope.management_fee,
    "matching_missing": matching.missing,
    "matching_twice": matching.twice,
    "crowding_out": trends.crowding_out,
    "growth": trends.growth,
    "equal_split": spread.equal_split,
    "concentration": spread.concentration,
    "per_head": spread.per_head,
    "unit_cost": costs.unit_cost,
    "layered_cost": costs.layered_cost,
    "pooling": pooling.pooling,
    "early_exit": exits.early_exit,
    "subject_code": subjects.subject_code,
    "funded_twice": repeats.funded_twice,
    "double_benefit": repeats.double_benefit,
}
#: The checks that make sense of a plan: what they find in one is advisory. (A plan works off a backlog by and
#: by: own money that falls and places that get the same in a year say nothing there.)
OF_PLANS = frozenset({"growth", "per_head"})

__all__ = ["CHECKS", "OF_PLANS", "UNUSED", "examined", "practice_findings", "waived"]


def practice_findings(case: Case, submission: Submission, catalogue: Catalogue) -> tuple[Finding, ...]:
    """What the named checks find, check by check; none is silent.

    For a plan only `OF_PLANS` are made, and none of them is more than advisory.
    """
    return tuple(finding for finding, _ in _named(case, submission, catalogue))


def examined(case: Case, submission: Submission, catalogue: Catalogue) -> Audit:
    """The audit of a submission: the named checks, then the statements of the case.

    Where a named check says all that a violated statement says of a place and year (the same margin), the
    check speaks, with its cells and its remedy, and the statement does not. What a place paid for is not held
    against its units where none of its lines states a quantity.
    """
    named = list(_named(case, submission, catalogue))
    own = without_quantities(submission, audit(case, submission.allocation).findings)
    books = Books(case, submission, catalogue)
    placed = (with_cells(books, finding) for finding in not_said(own, named))
    return Audit((*(finding for finding, _ in named), *placed))


def _named(case: Case, submission: Submission, catalogue: Catalogue) -> Iterator[Explained]:
    books = Books(case, submission, catalogue)
    plan = _is_plan(submission)
    for check in catalogue.of(Family.PRACTICE):
        if not plan:
            yield from judged(books, check, CHECKS[check.id], check.severity)
        elif check.id in OF_PLANS:
            yield from judged(books, check, CHECKS[check.id], Severity.ADVISORY)


def _is_plan(submission: Submission) -> bool:
    """Whether it is in fenpei's own form: it says who is served by what, as no bureau's table does."""
    bare = not (submission.details or submission.totals)
    return bare or Item.SERVES in submission.allocation.covers
