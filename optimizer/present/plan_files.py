"""The files of a plan's folder: tables as CSV, everything as JSON, and a page that says what is what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from models.citation import Language
from models.plan import Status
from optimizer.present.csv_texts import exits_csv, findings_csv, spending_csv
from optimizer.present.data_package import DATA_PACKAGE, data_package, titles
from optimizer.present.dimensions import accounts_csv, funds_csv, measures_csv, needs_csv, regions_csv
from optimizer.present.folder import ALLOCATION, CSV_ENCODING
from optimizer.present.register import checklist_csv
from optimizer.present.report import PlanReport
from optimizer.present.sentences import status_sentence
from optimizer.present.words import word

CHECKLIST = "checklist.csv"
REPORT = "report.html"


def plan_files(
    report: PlanReport, allocation: str, language: Language, more: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[str, str | bytes]]:
    """(name, content) of every file but plan.json, which is written last because it holds the seconds.

    None of them depends on the time of day or on how long anything took. `allocation` is the text of
    allocation.csv; `more` are the CSV files that a study adds.
    """
    # What only shows a table does without these.
    from optimizer.present.page import plan_page
    from optimizer.present.workbook import WORKBOOK, plan_workbook

    texts = dict(_tables(report, allocation, language)) | dict(more)
    tables = {name: text.encode(CSV_ENCODING) for name, text in texts.items()}
    yield from tables.items()
    yield DATA_PACKAGE, data_package(report.case, tables, report.plan.status.value)
    if report.plan.allocation is not None:
        as_written = hashlib.sha256(tables[ALLOCATION]).hexdigest()
        yield WORKBOOK, plan_workbook(report, as_written, language)
        if report.audit is not None:
            yield REPORT, plan_page(report, language, as_written)
    yield "README.txt", readme(report, more)


def _tables(report: PlanReport, allocation: str, language: Language) -> Iterator[tuple[str, str]]:
    """The CSV files."""
    case, plan = report.case, report.plan
    yield ALLOCATION, allocation
    if report.audit is not None:
        yield "findings.csv", findings_csv(case, report.audit, language, plan.status.value)
    yield "spending.csv", spending_csv(case, plan, language)
    yield "exits.csv", exits_csv(report)
    if plan.allocation is not None:
        yield "accounts.csv", accounts_csv(case, plan.allocation)
        yield "needs.csv", needs_csv(case, plan.allocation, language)
    if case.checklist:
        yield CHECKLIST, checklist_csv(case, language)
    yield "regions.csv", regions_csv(case)
    yield "measures.csv", measures_csv(case, language)
    yield "funds.csv", funds_csv(case, language)


def readme(report: PlanReport, more: Iterable[str] = ()) -> str:
    """A page in both languages: what this is, whether it is proven, and what each file holds."""
    further = "".join(f"{name}  {' / '.join(titles(name))}\n" for name in more)
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
plan.xlsx       上报用工作簿：摘要、图表、资金分配表、收支、审核，合计均为公式
                / the workbook: summary, charts, allocation, accounts, audit; its totals are formulas
allocation.csv  分配方案：每行一个非零金额或数量 / the allocation, one line per non-zero amount
spending.csv    按资金、年份、措施、地区的支出（元） / money by fund, year, measure and region (yuan)
exits.csv       各年累计脱贫、出列、摘帽 / persons, villages and counties out by the end of each year
needs.csv       各项需求及满足情况 / needs and what is met of them
accounts.csv    各项资金的到位、支出、结转、结余 / funds in and out, with carry-over
findings.csv    逐条审核结果 / every finding of the audit
{checklist}{further}regions.csv, measures.csv, funds.csv  编号的含义 / what the ids mean
datapackage.json  以上 CSV 的字段、类型、单位、主键和外键 / types, units and keys of the CSV files
plan.json       以上摘要，含选项与用时 / the summary with options and seconds
manifest.json   各文件的 SHA-256 / the hash of every file

重新审核 / audit it again:  fenpei audit CASE FOLDER
CSV 为 UTF-8 编码，可直接用 Excel 打开。 / The CSV files are UTF-8 and open in Excel.
"""
