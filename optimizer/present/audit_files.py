"""The files of an audit's folder: findings, how the table was read, the table as it was read, and what is
what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from models.case import Case
from models.citation import Language
from models.finding import Audit
from models.submission import Submission
from optimizer.present.csv_texts import findings_csv
from optimizer.present.mapping import lines_csv, mapping_csv, mapping_object, meaning_text, notes_csv
from optimizer.present.objects import audit_object, to_json
from optimizer.present.plan_files import CHECKLIST
from optimizer.present.register import checklist_csv, checklist_list
from optimizer.present.sentences import audit_sentence
from optimizer.present.words import said

WORKBOOK = "audit.xlsx"
PAGE = "audit.html"


@dataclass(frozen=True)
class AuditReport:
    """What an audit was about, and what it found. `source` names the table as the user did."""

    case: Case
    submission: Submission
    audit: Audit
    source: str
    scenario: str | None = None
    sources: tuple[tuple[str, str], ...] = ()
    """The files that were audited, with their sha256."""
    ledger: Mapping[str, Any] | None = None
    """Facts about the payment ledger, where one was held against the table."""


def audit_files(report: AuditReport, language: Language) -> Iterator[tuple[str, str | bytes]]:
    """(name, content) of every file; nothing in them depends on the time of day."""
    from optimizer.present.page import audit_page  # what only shows a table does without

    case, submission = report.case, report.submission
    yield "findings.csv", findings_csv(case, report.audit, language)
    yield "findings.json", to_json(audit_report_object(report, language))
    yield "lines.csv", lines_csv(case, submission, language)
    if submission.columns:
        yield "mapping.csv", mapping_csv(submission)
        yield "notes.csv", notes_csv(submission, language)
    if case.checklist:
        yield CHECKLIST, checklist_csv(case, language)
    yield WORKBOOK, _workbook(report, language)
    yield (
        PAGE,
        audit_page(case, report.audit, language, audited=PurePath(report.source).name, submission=submission),
    )
    yield "README.txt", readme(report)


def _workbook(report: AuditReport, language: Language) -> bytes:
    from optimizer.present.workbook import audit_workbook

    name = PurePath(report.source).name
    title = said(
        language,
        f"审核 {name}：{report.case.title.zh}",
        f"Audit of {name}: {report.case.title.said(language)}",
    )
    notes = [
        (
            said(language, f"{column.header}（{column.spot}）", f"{column.header} ({column.spot})"),
            f"{meaning_text(report.case, column, language)} {column.unit}".strip(),
        )
        for column in report.submission.columns
    ]
    findings = report.audit.findings
    return audit_workbook(report.case, findings, title, language, sources=report.sources, notes=notes)


def audit_report_object(report: AuditReport, language: Language) -> dict[str, Any]:
    """The object of `fenpei audit`."""
    return (
        audit_object(report.case, report.audit, language)
        | {
            "table": mapping_object(report.submission, language),
            "checklist": checklist_list(report.case, language),
        }
        | ({} if report.ledger is None else {"ledger": dict(report.ledger)})
    )


def readme(report: AuditReport) -> str:
    """A page in both languages: what was audited, the verdict, and what each file holds."""
    case, zh, en = report.case, Language.ZH, Language.EN
    foreign = ""
    if report.submission.columns:
        foreign = (
            "mapping.csv     表头各列读成什么、未用的列 / what each column was taken for, columns not used\n"
            "notes.csv       读表时值得说明的地方 / what is worth saying about how cells were read\n"
        )
    by_hand = ""
    if case.checklist:
        by_hand = f"{CHECKLIST}   须人工核对的条款 / clauses that no number shows, for a person to check\n"
    return f"""{case.title.zh}
{case.title.said(en)}

审核 / audit of: {report.source}
{audit_sentence(report.audit, zh)}
{audit_sentence(report.audit, en)}

case      {case.id}
scenario  {report.scenario or "-"}
--set     {"  ".join(case.patches) or "-"}
sha256    {case.sha256}

{PAGE}      审核页，用浏览器打开，可打印 / the audit as a page: open it in a browser, or print it
{WORKBOOK}      审核工作簿 / the audit as a workbook
findings.csv    逐条审核结果 / every finding of the audit
findings.json   同上，供程序使用 / the same for programs
lines.csv       每个金额及其所在单元格 / every amount with its cell
{foreign}{by_hand}manifest.json   各文件的 SHA-256 / the hash of every file
"""
