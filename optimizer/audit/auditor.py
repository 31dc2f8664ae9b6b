"""The auditor: does an allocation, anybody's, keep to everything the case demands?

In goes a Case and an Allocation, out comes an Audit: one finding for every statement of docs/mathematics.md
at every region and year, in the order of that page, and one for every line that has no lawful place. Whole
numbers and rationals only, no tolerance, and nothing of the code that makes plans.
"""

from __future__ import annotations

from models.allocation import Allocation
from models.case import Case
from models.finding import Audit
from optimizer.audit import funds, measures, people, regions, rules, structure, targets
from optimizer.audit.ledger import Ledger
from optimizer.audit.places import Places


def audit(case: Case, allocation: Allocation, places: Places | None = None) -> Audit:
    """Every finding, hard and soft, in a fixed order: by family, subject, region and year.

    A statement about something that the allocation does not cover is NOT_EVALUATED, and says so. Whoever
    audits one case many times, or with other amounts of funds, hands over its `Places`, which are then found
    once; those of another case are not used.
    """
    ledger = Ledger(case, allocation, places)
    rooms = (funds, measures, people, regions, targets, rules, structure)
    return Audit(tuple(finding for room in rooms for finding in room.findings(ledger)))
