"""The texts and objects of `fenpei baseline`."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType

from models.citation import Language
from optimizer.present.objects import counts, plan_object
from optimizer.present.report import PlanReport
from optimizer.present.sentences import amount_sentences, audit_sentence
from optimizer.present.tables import broken_tables, exits_tables, money_tables
from optimizer.present.terminal import Screen, render, sentence
from optimizer.present.words import said

#: Broken statements shown in full.
MOST = 12


def baseline_text(report: PlanReport, language: Language, screen: Screen) -> str:
    """The screen of `fenpei baseline`."""
    parts: list[RenderableType] = [sentence(report.case.title.said(language), "bold")]
    parts += [sentence(text) for text in report.notes]
    parts += [sentence(text) for text in amount_sentences(report, language)]
    parts += ["", *exits_tables(report, language), *money_tables(report, language)]
    if report.audit is not None:
        parts += broken_tables(report.case, report.audit, language, MOST)
        parts += ["", sentence(audit_sentence(report.audit, language))]
    place = report.out or "-"
    parts.append(
        sentence(
            said(
                language,
                f"已写入 {place}；与方案比较：fenpei compare {place} 方案文件夹",
                f"Written to {place}; to hold it against a plan: fenpei compare {place} PLAN",
            )
        )
    )
    return render(parts, screen)


def baseline_object(report: PlanReport, lawful: bool, language: Language) -> dict[str, Any]:
    """The object of `fenpei plan`, and whether the hard rules could be kept with habit's shares."""
    found = plan_object(report, language)
    broken = sum(finding.broken for finding in report.audit.findings) if report.audit is not None else None
    audit = None if report.audit is None else {**counts(report.audit), "broken": broken}
    return found | {"baseline": report.options["baseline"], "rules_kept": lawful, "audit": audit}
