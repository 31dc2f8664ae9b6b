"""CSV: findings, spending and exits for a spreadsheet. Money in 元 with two decimals, never a float."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from models.case import Case
from models.citation import Language
from models.finding import Audit, Finding
from models.money import yuan
from models.plan import Plan
from optimizer.present.exits import exits
from optimizer.present.objects import exact
from optimizer.present.report import PlanReport
from optimizer.present.words import said

#: Spreadsheets take a cell that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV; a text that a spreadsheet would take for a formula gets a leading apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA) and value != "=" and not _is_number(value):
        return f"'{value}"
    return value


def _is_number(text: str) -> bool:
    return text[:1] in "+-" and text[1:].replace("/", "", 1).replace(".", "", 1).isdigit()


_FINDING_COLUMNS = (
    "rule", "severity", "state", "region", "name", "year", "left", "compare", "right", "margin", "unit",
    "document", "section", "basis", "clause", "message", "evidence", "remedy", "waiver", "waiver_document",
    "waiver_date",
)  # fmt: skip


def findings_csv(case: Case, audit: Audit, language: Language, status: str | None = None) -> str:
    """Every finding; with the plan's status in a last column when it is a plan's."""
    extra = [] if status is None else [status]
    header = [*_FINDING_COLUMNS, *(["status"] if extra else [])]
    return csv_text(header, ([*_finding(case, found, language), *extra] for found in audit.findings))


def _finding(case: Case, finding: Finding, language: Language) -> list[object]:
    money = finding.unit == "money"
    source = finding.citation
    return [
        finding.rule,
        finding.severity.value,
        finding.state.value,
        finding.region,
        case.regions[finding.region].name if finding.region in case.regions else "",
        finding.year,
        _number(finding.left, money),
        finding.compare.value,
        _number(finding.right, money),
        _number(finding.margin, money),
        said(language, "元", "yuan") if money else finding.unit,
        *(("", "", "", "") if source is None else
          (source.document, source.section, source.basis.value, source.clause)),
        finding.message.said(language),
        "; ".join(map(str, finding.evidence)),
        "" if finding.remedy is None else finding.remedy.said(language),
        *(("", "", "") if finding.waiver is None else
          (finding.waiver.reason, finding.waiver.document, finding.waiver.date.isoformat())),
    ]  # fmt: skip


def _number(value: Fraction | None, money: bool) -> object:
    if value is None or not money:
        return exact(value)
    return yuan(int(value)) if value.denominator == 1 else exact(value / 100)


def spending_csv(case: Case, plan: Plan, language: Language) -> str:
    """Money by fund, year, measure and region; amounts add up to what the plan spends."""
    totals: dict[tuple[str, int, str, str], int] = defaultdict(int)
    for (region, measure, fund, year), amount in (plan.allocation.money if plan.allocation else {}).items():
        totals[fund, year, measure, region] += amount
    places = {
        name: {id: i for i, id in enumerate(ids)}
        for name, ids in (("f", case.funds), ("m", case.measures), ("r", case.regions.ids))
    }
    order = sorted(totals, key=lambda k: (places["f"][k[0]], k[1], places["m"][k[2]], places["r"][k[3]]))
    return csv_text(
        ["fund", "fund_title", "year", "measure", "measure_title", "region", "name", "amount(元)", "status"],
        (
            [
                fund,
                case.funds[fund].title.said(language),
                year,
                measure,
                case.measures[measure].title.said(language),
                region,
                case.regions[region].name,
                yuan(totals[fund, year, measure, region]),
                plan.status.value,
            ]
            for fund, year, measure, region in order
        ),
    )


def exits_csv(report: PlanReport) -> str:
    """Cumulative exits by kind and year with their targets."""
    plan, audit = report.plan, report.audit
    found = [] if plan.allocation is None or audit is None else exits(report.case, plan.allocation, audit)
    return csv_text(
        ["kind", "year", "reached", "target", "status"],
        ([exit.kind.value, exit.year, exit.reached, exit.target, plan.status.value] for exit in found),
    )
