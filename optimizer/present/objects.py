"""JSON: the objects of `plan`, `audit`, `check` and `rules`, with the keys of the command line's contract."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from models.case import Case, Goal
from models.citation import Citation, Language
from models.finding import Audit, Finding, State, Waiver
from optimizer.present.exits import exits
from optimizer.present.movement import movements
from optimizer.present.report import STEPS, PlanReport, spending
from optimizer.present.titles import documents, named

#: What the goal of a case is measured in.
GOAL_UNITS: Mapping[Goal, str] = {
    Goal.LEAST_COST: "fen",
    Goal.MOST_BENEFIT: "benefit",
    Goal.MOST_EXITS: "person",
}


def to_json(value: object) -> str:
    """One object as text, Chinese as it is, with a line's end."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def exact(value: Fraction | None) -> int | str | None:
    """A whole number as int, any other as "a/b"."""
    if value is None:
        return None
    return int(value) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def plan_object(report: PlanReport, language: Language) -> dict[str, Any]:
    """The object of `fenpei plan`; what is not known is null."""
    case, plan = report.case, report.plan
    unit = GOAL_UNITS[case.goal]
    found = plan.allocation is not None and report.audit is not None
    return {
        "case": case.id,
        "title": case.title.said(language),
        "status": plan.status.value,
        "cost_fen": plan.cost,
        "bound_fen": exact(plan.bound) if case.goal is Goal.LEAST_COST else None,
        "gap": None if plan.gap is None else float(plan.gap),
        "objective": {
            "goal": case.goal.value,
            "value": exact(plan.objective),
            "bound": exact(plan.bound),
            "unit": unit,
        },
        "exits": exits_list(report) if found else [],
        "people": people_list(report) if found else [],
        "spent_fen": {
            fund: {str(year): amount for year, amount in years.items()}
            for fund, years in spending(report).by_fund.items()
        },
        "audit": None if report.audit is None else counts(report.audit),
        "conflict": None if report.conflict is None else list(report.conflict),
        "conflict_detail": None if report.conflict is None else conflict_detail(report, language),
        "irreducible": report.irreducible,
        "solver": plan.solver,
        "message": plan.message,
        "notes": list(report.notes),
        "seconds": seconds(report.seconds),
        "scenario": report.scenario,
        "patches": list(case.patches),
        "options": dict(report.options),
        "sha256": case.sha256,
        "out": report.out,
        "case_path": report.case_path,
        **report.studies,
    }


def seconds(measured: Mapping[str, float]) -> dict[str, float]:
    """Seconds of every step, 0 for those that were not taken."""
    return dict.fromkeys(STEPS, 0.0) | {step: round(time, 3) for step, time in measured.items()}


def exits_list(report: PlanReport) -> list[dict[str, Any]]:
    """The `exits` of a plan; empty without an allocation."""
    if report.plan.allocation is None or report.audit is None:
        return []
    return [
        {"kind": exit.kind.value, "year": exit.year, "reached": exit.reached, "target": exit.target}
        for exit in exits(report.case, report.plan.allocation, report.audit)
    ]


def people_list(report: PlanReport) -> list[dict[str, Any]]:
    """Who came into the stock and who left it, by year; empty where nobody enters or comes back."""
    if report.plan.allocation is None:
        return []
    return [
        {
            "kind": row.counts.value,
            "year": row.year,
            "poor_before": row.poor_before,
            "new": row.new,
            "relapsed": row.relapsed,
            "revoked": row.revoked,
            "left": row.left,
            "poor_after": row.poor_after,
        }
        for row in movements(report.case, report.plan.allocation)
    ]


def conflict_detail(report: PlanReport, language: Language) -> list[dict[str, Any]]:
    """Titles and citations of what is in conflict."""
    texts = documents(report.case, language)
    return [
        {"id": item.id, "title": item.title.said(language), "citation": citation(item.citation, texts)}
        for item in (named(report.case, rule) for rule in report.conflict or ())
    ]


def counts(audit: Audit) -> dict[str, int]:
    """How many findings are in each state; every finding is counted once."""
    order = (State.PASS, State.VIOLATED, State.BINDING, State.NOT_APPLICABLE, State.NOT_EVALUATED)
    return {state.value: audit.count(state) for state in order}


def audit_object(case: Case, audit: Audit, language: Language) -> dict[str, Any]:
    """The object of `fenpei audit` and `fenpei check`: every finding, in the auditor's order."""
    texts = documents(case, language)
    return {
        "case": case.id,
        "sha256": case.sha256,
        "patches": list(case.patches),
        "counts": counts(audit),
        "findings": [_finding(finding, texts, language) for finding in audit.findings],
    }


def _finding(finding: Finding, texts: Mapping[str, str], language: Language) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "state": finding.state.value,
        "region": finding.region,
        "year": finding.year,
        "left": exact(finding.left),
        "compare": finding.compare.value,
        "right": exact(finding.right),
        "margin": exact(finding.margin),
        "unit": unit_of(finding),
        "citation": citation(finding.citation, texts),
        "message": finding.message.said(language),
        "evidence": [{"file": s.file, "sheet": s.sheet, "cell": s.cell} for s in finding.evidence],
        "remedy": None if finding.remedy is None else finding.remedy.said(language),
        "waiver": None if finding.waiver is None else waiver_object(finding.waiver),
    }


def waiver_object(waiver: Waiver) -> dict[str, str]:
    """Why a finding is accepted, by which document, and when."""
    return {"reason": waiver.reason, "document": waiver.document, "date": waiver.date.isoformat()}


def unit_of(finding: Finding) -> str:
    """The unit of the numbers; money is counted in fen."""
    return "fen" if finding.unit == "money" else finding.unit


def citation(source: Citation | None, texts: Mapping[str, str]) -> dict[str, Any] | None:
    """A citation with the document's title."""
    if source is None:
        return None
    return {
        "document": source.document,
        "title": texts.get(source.document, source.document),
        "section": source.section,
        "basis": source.basis.value,
        "clause": source.clause,
    }


def scenarios_object(case: Case, language: Language) -> dict[str, Any]:
    """The named readings of a case."""
    return {
        "case": case.id,
        "scenarios": [
            {
                "id": s.id,
                "title": s.title.said(language),
                "why": s.why.said(language),
                "patches": list(s.patches),
            }
            for s in case.scenarios.values()
        ],
    }


def broken_first(findings: Iterable[Finding]) -> list[Finding]:
    """Violated findings, hard before soft before advisory, otherwise in the auditor's order."""
    order = {"hard": 0, "soft": 1, "advisory": 2}
    violated = [finding for finding in findings if finding.state is State.VIOLATED]
    return sorted(violated, key=lambda finding: order[finding.severity.value])
