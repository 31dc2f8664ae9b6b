"""The whole audit of a table: statements, named checks, waivers; and the case with every document cited."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

from models.case import Case
from models.citation import Text
from models.finding import Audit, Finding
from models.submission import Submission
from optimizer.read.practice import read_practice
from optimizer.read.waivers import read_waivers


def examination(
    path: Path, case: Case, submission: Submission, before: Iterable[Finding], waivers: Path | None
) -> tuple[Case, Audit]:
    """`before` and everything the audit of the submission finds; `path` is the case's, for its practice.yaml.

    The case that comes back is the same and knows the documents and titles of the named checks as well.
    Raises CaseErrors for a bad practice.yaml or waiver file.
    """
    from optimizer.audit.practice import UNUSED, examined, waived

    practice = read_practice(path, case)
    accepted = () if waivers is None else read_waivers(waivers, case, practice, datetime.date.today())
    findings = (*before, *examined(case, submission, practice).findings)
    titles = {check.rule: check.title for check in practice.checks.values()}
    titles[UNUSED] = Text(zh="没有用到的豁免", en="a waiver that accepts nothing")
    known = {"documents": {**practice.documents, **case.documents}, "checks": {**case.checks, **titles}}
    return case.model_copy(update=known), Audit(waived(case, findings, accepted, practice))
