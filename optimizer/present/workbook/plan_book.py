"""A plan as one workbook: the order of its sheets, and what stands on every page's foot."""

from __future__ import annotations

from models.citation import Language
from optimizer.present.exits import exits
from optimizer.present.report import PlanReport, spending
from optimizer.present.words import said
from optimizer.present.workbook.accounts import accounts_sheet
from optimizer.present.workbook.allocation import allocation_sheet
from optimizer.present.workbook.anew import anew_sheet
from optimizer.present.workbook.book import Book
from optimizer.present.workbook.charts import fill_charts
from optimizer.present.workbook.checklist import checklist_sheet
from optimizer.present.workbook.data import data_sheet
from optimizer.present.workbook.findings import findings_sheets
from optimizer.present.workbook.other_plans import other_sheets
from optimizer.present.workbook.people import people_sheet
from optimizer.present.workbook.regions import measure_sheet, region_sheet
from optimizer.present.workbook.summary import fill_summary, open_summary

WORKBOOK = "plan.xlsx"


def plan_workbook(report: PlanReport, allocation_sha256: str, language: Language) -> bytes:
    """The workbook of a plan. `allocation_sha256` is the hash of allocation.csv, as in the manifest.

    Raises ValueError for a report without an allocation.
    """
    case, allocation, audit = report.case, report.plan.allocation, report.audit
    if allocation is None:
        raise ValueError("a plan without an allocation has no workbook")
    short = allocation_sha256[:16]
    footer = said(language, f"{case.id}  方案 SHA-256 {short}", f"{case.id}  plan SHA-256 {short}")
    book = Book(language, case.title.said(language), footer)
    found = [] if audit is None else exits(case, allocation, audit)
    summary = open_summary(book, report)
    charts = book.sheet(said(language, "图表", "Charts"))
    amounts = allocation_sheet(book, case, allocation)
    region_sheet(book, amounts)
    measure_sheet(book, amounts, allocation)
    people_sheet(book, case, allocation, found)
    accounts_sheet(book, amounts, allocation)
    other_sheets(book, report)
    anew_sheet(book, report)
    if audit is not None:
        findings_sheets(book, case, audit)
    checklist_sheet(book, case)
    hashes = [
        ("allocation.csv", allocation_sha256),
        (said(language, "案例（含调整）", "case, with changes"), case.sha256),
    ]
    data_sheet(book, case, run_facts(report, language), hashes, report.notes)
    spent = fill_summary(summary, report, amounts, found)
    fill_charts(charts, case, amounts, spending(report), spent, found)
    return book.content()


def run_facts(report: PlanReport, language: Language) -> list[tuple[str, str]]:
    """Scenario, patches, engine and options."""
    none = said(language, "无", "none")
    facts = [
        (said(language, "情景", "Scenario"), report.scenario or none),
        ("--set", "  ".join(report.case.patches) or none),
        (said(language, "求解器", "Solver"), report.plan.solver),
        (said(language, "求解器说明", "The solver said"), report.plan.message or none),
    ]
    return facts + [(f"--{name.replace('_', '-')}", none if value is None else str(value))
                    for name, value in report.options.items()]  # fmt: skip
