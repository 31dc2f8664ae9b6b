"""The catalogue of named checks for reading: id, title, what it looks at, law, severity and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from rich.console import RenderableType

from models.case import Case
from models.catalogue import Catalogue, Check, Threshold
from models.citation import Language
from optimizer.present.csv_texts import csv_text
from optimizer.present.objects import citation
from optimizer.present.terminal import Screen, render, sentence
from optimizer.present.words import cited, said, word


def value_text(threshold: Threshold, language: Language) -> str:
    """A threshold for reading: a share as a percentage, lists with their separators."""
    value = threshold.value
    stop = said(language, "、", ", ")
    if isinstance(value, Fraction):
        percent = value * 100
        return f"{percent}%" if 0 < value < 1 and percent.denominator == 1 else str(value)
    if isinstance(value, tuple):
        return stop.join(value) or "–"
    parts = []
    for head, items in value.items():
        names = [
            item if isinstance(item, str) else f"{item.name} {item.first or ''}–{item.last or ''}"
            for item in items
        ]
        parts.append(f"{head}{said(language, '：', ': ')}{stop.join(names)}")
    return said(language, "；", "; ").join(parts)


def checks_text(case: Case, catalogue: Catalogue, language: Language, screen: Screen) -> str:
    """The screen of `fenpei rules --checks`."""
    texts = titles(case, catalogue, language)
    colon = said(language, "：", ": ")
    heading = said(language, "审计检查目录", "Named checks of the audit")
    parts: list[RenderableType] = [sentence(f"{heading}  [{case.id}]", "bold")]
    for check in catalogue.checks.values():
        head = f"{check.rule}  {check.title.said(language)}  {word(check.severity, language)}"
        parts += ["", sentence(head, "bold"), sentence(check.looks_at.said(language), indent=2)]
        for threshold in check.thresholds.values():
            text = (
                f"{threshold.title.said(language)} ({threshold.id}){colon}{value_text(threshold, language)}"
            )
            parts.append(sentence(text, indent=4))
        if check.off is not None:
            off = said(language, "本案例停用", "switched off by the case")
            parts.append(sentence(f"{off}{colon}{check.off.said(language)}", "yellow", 2))
        if not check.waivable:
            parts.append(sentence(said(language, "不得豁免", "may never be waived"), "yellow", 2))
        parts.append(sentence(cited(check.citation, texts, language), "dim", 2))
        if check.citation.note:
            parts.append(sentence(check.citation.note, "dim", 2))
    return render(parts, screen)


def titles(case: Case, catalogue: Catalogue, language: Language) -> Mapping[str, str]:
    """Titles of the documents that the case and the checks cite."""
    known = {**catalogue.documents, **case.documents}
    return {document.id: document.title.said(language) for document in known.values()}


def checks_object(case: Case, catalogue: Catalogue, language: Language) -> dict[str, Any]:
    """The catalogue as an object."""
    texts = titles(case, catalogue, language)
    return {
        "case": case.id,
        "never_waived": list(catalogue.never_waived),
        "checks": [_check(check, texts, language) for check in catalogue.checks.values()],
    }


def _check(check: Check, texts: Mapping[str, str], language: Language) -> dict[str, Any]:
    return {
        "id": check.id,
        "rule": check.rule,
        "title": check.title.said(language),
        "looks_at": check.looks_at.said(language),
        "severity": check.severity.value,
        "waivable": check.waivable,
        "off": None if check.off is None else check.off.said(language),
        "thresholds": {
            threshold.id: {
                "title": threshold.title.said(language),
                "value": value_text(threshold, language),
            }
            for threshold in check.thresholds.values()
        },
        "remedy": check.remedy.said(language),
        "citation": citation(check.citation, texts),
        "note": check.citation.note,
    }


def checks_csv(catalogue: Catalogue, language: Language) -> str:
    """One row per check; its thresholds in one cell."""
    header = ["rule", "title", "looks_at", "severity", "waivable", "off", "thresholds", "document", "section",
              "basis", "note"]  # fmt: skip
    return csv_text(
        header,
        (
            [
                check.rule,
                check.title.said(language),
                check.looks_at.said(language),
                check.severity.value,
                "yes" if check.waivable else "no",
                "" if check.off is None else check.off.said(language),
                "; ".join(f"{t.id}={value_text(t, language)}" for t in check.thresholds.values()),
                check.citation.document,
                check.citation.section,
                check.citation.basis.value,
                check.citation.note,
            ]
            for check in catalogue.checks.values()
        ),
    )
