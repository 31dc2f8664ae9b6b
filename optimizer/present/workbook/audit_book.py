"""An audit of anybody's table as one workbook: what was found, by rule and one by one, and the checklist."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import PurePath

from models.case import Case
from models.citation import Language
from models.finding import Audit, Finding
from optimizer.present.objects import to_json
from optimizer.present.words import said
from optimizer.present.workbook.book import Book
from optimizer.present.workbook.checklist import checklist_sheet
from optimizer.present.workbook.data import data_sheet
from optimizer.present.workbook.findings import findings_sheets
from optimizer.present.workbook.summary import basis_sentence, counted


def audit_workbook(
    case: Case,
    findings: Sequence[Finding],
    title: str,
    language: Language,
    *,
    sources: Sequence[tuple[str, str]] = (),
    notes: Sequence[tuple[str, str]] = (),
) -> bytes:
    """The workbook of an audit.

    `sources` are the files that were audited with their sha256; `notes` are labels and texts for the first
    sheet (which column was taken for what ...). Findings are shown with evidence, remedy and waiver.
    """
    audit = Audit(tuple(findings))
    digest = sha256(to_json([[case.sha256], list(sources)]).encode()).hexdigest()[:16]
    book = Book(language, title, said(language, f"{case.id}  审核 {digest}", f"{case.id}  audit {digest}"))
    sheet = book.sheet(said(language, "摘要", "Summary"))
    sheet.columns = 6
    sheet.title(title)
    waived = sum(finding.waiver is not None for finding in findings)
    facts = [
        (said(language, "案例", "Case"), f"{case.title.said(language)} [{case.id}]"),
        (
            said(language, "被审核的文件", "What was audited"),
            "\n".join(PurePath(name).name for name, _ in sources),
        ),
        (said(language, "结论", "Verdict"), counted(audit, language)),
        (said(language, "已豁免", "Waived"), f"{waived:,}"),
        (said(language, "数据依据", "Basis of the figures"), basis_sentence(case, language)),
        *notes,
    ]
    for label, text in facts:
        sheet.fact(label, text)
    findings_sheets(book, case, audit)
    checklist_sheet(book, case)
    hashes = [*sources, (said(language, "案例（含调整）", "case, with changes"), case.sha256)]
    data_sheet(book, case, [], hashes, ())
    return book.content()
