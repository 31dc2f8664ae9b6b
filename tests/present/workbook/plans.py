"""Plans of real and made-up cases, made once for all tests of the workbook."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from models.citation import Language
from optimizer.present.report import PlanReport
from optimizer.present.workbook import plan_workbook
from optimizer.read import read_case, write_allocation
from optimizer.study.planning import PlanOptions, make_plan

ROOT = Path(__file__).parents[3]
CASES = {"tiny": ROOT / "tests" / "cli" / "tiny"} | {
    name: ROOT / "inputs" / name for name in ("ruyuan", "anhui", "henan", "yantai", "hubei")
}


@cache
def report_of(name: str) -> PlanReport:
    case = read_case(CASES[name])
    planned = make_plan(case, PlanOptions(gap=1e-3))
    options: dict[str, str | int | float | None] = {"solver": "highs", "gap": 1e-3}
    return PlanReport(case, planned.plan, planned.audit, options, {}, notes=planned.notes)


@cache
def allocation_of(name: str) -> str:
    report = report_of(name)
    assert report.plan.allocation is not None
    return write_allocation(report.plan.allocation, report.case)


def digest_of(name: str) -> str:
    return hashlib.sha256(allocation_of(name).encode("utf-8-sig")).hexdigest()


@cache
def workbook_of(name: str, language: Language) -> bytes:
    return plan_workbook(report_of(name), digest_of(name), language)
