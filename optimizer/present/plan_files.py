"""The files of a plan's folder: tables as CSV, everything as JSON, and a page that says what is what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from models.citation import Language
from models.plan import Status
from optimizer.present.csv_texts import exits_csv, findings_csv, spending_csv
from optimizer.present.folder import ALLOCATION
from optimizer.present.register import checklist_csv
from optimizer.present.report import PlanReport
from optimizer.present.sentences import status_sentence
from optimizer.present.words import word

CHECKLIST = "checklist.csv"
REPORT = "report.html"


def plan_files(report: PlanReport, allocation: str, language: Language) -> Iterator[tuple[str, str | bytes]]:
    """(name, content) of every file but plan.json, which is written last because it holds the seconds.

    None of them depends on the time of day or on how long anything took. `allocation` is the text of
    allocation.csv.
    """
    yield ALLOCATION, allocation
    if report.audit is not None:
        yield "findings.csv", findings_csv(report.case, report.audit, language, report.plan.status.value)
    yield "spending.csv", spending_csv(report.case, report.plan, language)
    yield "exits.csv", exits_csv(report)
    if report.case.checklist:
        yield CHECKLIST, checklist_csv(report.case, language)
    if report.plan.allocation is not None and report.audit is not None:
        from optimizer.present.page import plan_page

        as_written = hashlib.sha256(allocation.encode("utf-8-sig")).hexdigest()
        yield REPORT, plan_page(report, language, as_written)
    yield "README.txt", readme(report)


def readme(report: PlanReport) -> str:
    """A page in both languages: what this is, whether it is proven, and what each file holds."""
    case, plan = report.case, report.plan
    zh, en = Language.ZH, Language.EN
    checklist = ""
    if case.checklist:
        checklist = f"{CHECKLIST}   须人工核对的条款 / clauses that no number shows, for a person to check\n"
    warning = "" if plan.status is Status.OPTIMAL else "!! "
    return f"""{case.title.zh}
{case.title.said(en)}

{warning}{word(plan.status, zh)} / {word(plan.status, en)} (status: {plan.status.value})
{status_sentence(report, zh)}
{status_sentence(report, en)}

case      {case.id}
scenario  {report.scenario or "-"}
--set     {"  ".join(case.patches) or "-"}
sha256    {case.sha256}

report.html     报告页，用浏览器打开，可打印 / the report page: open it in a browser, or print it
allocation.csv  分配方案：每行一个非零金额或数量 / the allocation, one line per non-zero amount
spending.csv    按资金、年份、措施、地区的支出（元） / money by fund, year, measure and region (yuan)
exits.csv       各年累计脱贫、出列、摘帽 / persons, villages and counties out by the end of each year
findings.csv    逐条审核结果 / every finding of the audit
{checklist}plan.json       以上摘要，含选项与用时 / the summary with options and seconds
manifest.json   各文件的 SHA-256 / the hash of every file

重新审核 / audit it again:  fenpei audit CASE FOLDER
CSV 为 UTF-8 编码，可直接用 Excel 打开。 / The CSV files are UTF-8 and open in Excel.
"""
