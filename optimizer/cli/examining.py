"""The whole audit of a table: statements, named checks, waivers; and the case with every document cited."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

from models.case import Case
from models.catalogue import Catalogue
from models.citation import Text
from models.finding import Audit, Finding
from models.submission import Submission
from optimizer.read.waivers import read_waivers


def examination(
    case: Case, submission: Submission, catalogue: Catalogue, before: Iterable[Finding], waivers: Path | None
) -> tuple[Case, Audit]:
    """`before` and everything the audit of the submission finds, with what the waiver file accepts.

    The case that comes back is the same and knows the titles of the named checks and the documents that their
    findings cite as well. Raises CaseErrors for a bad waiver file.
    """
    from optimizer.audit.practice import UNUSED, examined, waived

    accepted = () if waivers is None else read_waivers(waivers, case, catalogue, datetime.date.today())
    findings = (*before, *examined(case, submission, catalogue).findings)
    cited = {finding.citation.document for finding in findings if finding.citation is not None}
    documents = {id: document for id, document in catalogue.documents.items() if id in cited}
    titles = {check.rule: check.title for check in catalogue.checks.values()}
    titles[UNUSED] = Text(zh="没有用到的豁免", en="a waiver that accepts nothing")
    known = {"documents": {**documents, **case.documents}, "checks": {**case.checks, **titles}}
    return case.model_copy(update=known), Audit(waived(case, findings, accepted, catalogue))
