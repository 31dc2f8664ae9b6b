"""The clause register and the checklist for readers: on the screen, as JSON, as CSV."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from rich.console import RenderableType

from models.case import Case
from models.citation import Language
from models.register import Disposition
from models.stated import Printed
from optimizer.present.csv_texts import csv_text
from optimizer.present.objects import citation
from optimizer.present.terminal import Screen, render, sentence
from optimizer.present.titles import documents
from optimizer.present.words import said, word

COLUMNS = ("clause", "section", "topic", "disposition", "items", "reason")


def register_text(case: Case, language: Language, screen: Screen) -> str:
    """The screen of `fenpei rules --clauses`: how many clauses went where, then every clause."""
    parts: list[RenderableType] = [sentence(f"{case.title.said(language)}  [{case.id}]", "bold")]
    if not case.clauses:
        zh, en = "本案例没有条款登记（clauses.csv）。", "This case has no register (clauses.csv)."
        return render([*parts, sentence(said(language, zh, en))], screen)
    parts.append(sentence(register_sentence(case, language)))
    printed = _printed(case)
    for clause in case.clauses.values():
        disposition = word(clause.disposition, language)
        parts += [
            "",
            sentence(f"{clause.id}  {clause.section}  {disposition}  {clause.topic.said(language)}", "bold"),
        ]
        if clause.items:
            parts.append(sentence(" ".join(map(str, clause.items)), indent=2))
        for one in printed[clause.id]:
            parts.append(sentence(_printed_sentence(one, language), indent=2))
        if clause.reason:
            parts.append(sentence(clause.reason.said(language), "dim", 2))
    return render(parts, screen)


def _printed(case: Case) -> Mapping[str, list[Printed]]:
    """Clause -> the figures that it prints."""
    found: dict[str, list[Printed]] = defaultdict(list)
    for one in case.printed:
        found[one.clause].append(one)
    return found


def _printed_sentence(one: Printed, language: Language) -> str:
    """`prints 1,398户: need.housing.amount`."""
    each = said(language, "（每一行）", " (every row)") if one.each else ""
    return said(
        language,
        f"所印 {one.value.text}：{one.where}{each}",
        f"prints {one.value.text}: {one.where}{each}",
    )


def register_sentence(case: Case, language: Language) -> str:
    """`193 clauses: 130 encoded, 40 checklist, ...`."""
    number = counts(case)
    parts = [said(language, f"{word(which, language)} {number[which.value]:,}",
                  f"{number[which.value]:,} {word(which, language)}") for which in Disposition]  # fmt: skip
    listed = said(language, "，", ", ").join(parts)
    total = len(case.clauses)
    return said(language, f"共 {total:,} 个条款：{listed}", f"{total:,} clauses: {listed}")


def counts(case: Case) -> dict[str, int]:
    """How many clauses are of each disposition."""
    found = dict.fromkeys((which.value for which in Disposition), 0)
    for clause in case.clauses.values():
        found[clause.disposition.value] += 1
    return found


def register_object(case: Case, language: Language) -> dict[str, Any]:
    """The object of `fenpei rules --clauses`."""
    printed = _printed(case)
    return {
        "case": case.id,
        "sha256": case.sha256,
        "counts": counts(case),
        "clauses": [
            {
                "clause": clause.id,
                "section": clause.section,
                "topic": clause.topic.said(language),
                "disposition": clause.disposition.value,
                "items": [str(item) for item in clause.items],
                "printed": [
                    {"printed": one.value.text, "at": one.where, "rows": "each" if one.each else "sum"}
                    for one in printed[clause.id]
                ],
                "reason": clause.reason and clause.reason.said(language),
            }
            for clause in case.clauses.values()
        ],
    }


def register_csv(case: Case, language: Language) -> str:
    """The register with the columns of clauses.csv, in one language."""
    rows = (
        [
            clause.id,
            clause.section,
            clause.topic.said(language),
            clause.disposition.value,
            " ".join(map(str, clause.items)),
            clause.reason and clause.reason.said(language),
        ]
        for clause in case.clauses.values()
    )
    return csv_text(COLUMNS, rows)


# --- the checklist ----------------------------------------------------------------------------


def checklist_sentence(case: Case, language: Language, where: str) -> str:
    """How many clauses a person must look at, and where they are listed."""
    number = len(case.checklist)
    return said(
        language,
        f"另有 {number:,} 项无法量化，须人工核对，见 {where}",
        f"{number:,} more that no number shows: for a person to check, see {where}",
    )


def checklist_list(case: Case, language: Language) -> list[dict[str, Any]]:
    """The checklist as it stands in the object of `fenpei audit`."""
    texts: Mapping[str, str] = documents(case, language)
    return [
        {"id": item.id, "title": item.title.said(language), "citation": citation(item.citation, texts)}
        for item in case.checklist.values()
    ]


def checklist_csv(case: Case, language: Language) -> str:
    """The checklist with an empty column for what was found."""
    header = ("id", "title", "document", "section", "basis", "clause", "note", "found")
    rows = (
        [
            item.id,
            item.title.said(language),
            item.citation.document,
            item.citation.section,
            item.citation.basis.value,
            item.citation.clause,
            item.citation.note,
            "",
        ]
        for item in case.checklist.values()
    )
    return csv_text(header, rows)
