"""The page of an audit of somebody else's table: the verdict, every finding with its cell, law and remedy.

A Case and an Audit come in (and the Submission, where there is one: how its columns were read), one HTML text
goes out, in the look of a plan's page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from models.case import Case
from models.citation import Language, Text
from models.finding import Audit, Finding, State
from models.money import spelled
from models.policy import Severity
from models.submission import Submission
from optimizer.present.mapping import meaning_text
from optimizer.present.page.document import document
from optimizer.present.page.figures import amount
from optimizer.present.page.findings_view import AuditView, audit_view
from optimizer.present.page.plan_view import Verdict
from optimizer.present.page.trust_view import checklist
from optimizer.present.titles import documents, named
from optimizer.present.words import cited, said, word


@dataclass(frozen=True)
class Broken:
    """A rule that is violated: how often, by how much in all, and its law."""

    rule: str
    title: str
    severity: str
    count: int
    waived: int
    amount: str
    citation: str


def audit_page(
    case: Case, audit: Audit, language: Language, *, audited: str, submission: Submission | None = None
) -> str:
    """The page of an audit as one HTML text in both languages, `language` first.

    `audited` names the table, as its reader knows it (a file name). Waived findings stay visible. With
    `submission` the page says how every column was read and what the table adds up to.
    """
    return document(
        "audit.html.jinja",
        Text(zh=f"审核 {audited}：{case.title.zh}", en=f"Audit of {audited}: {case.title.said(Language.EN)}"),
        language,
        lambda lang: _context(case, audit, audited, submission, lang),
    )


def _context(
    case: Case, audit: Audit, audited: str, submission: Submission | None, language: Language
) -> Mapping[str, object]:
    found = audit_view(case, audit, language)
    rows = [
        (said(language, "审核的表", "Table"), audited),
        (said(language, "案例", "Case"), f"{case.title.said(language)} [{case.id}]"),
        (said(language, "修改（--set）", "Patches (--set)"), "  ".join(case.patches) or "–"),
        (said(language, "案例数据 SHA-256", "SHA-256 of the case"), case.sha256),
    ]
    if submission is not None:
        total = sum(submission.allocation.money.values())
        rows.append(
            (
                said(language, "表中金额合计", "Money in the table"),
                f"{spelled(total)} {said(language, '元', 'yuan')}",
            )
        )
        rows.append((said(language, "明细行数", "Lines of detail"), f"{len(submission.details):,}"))
    return {
        "case": case,
        "heading": case.title.said(language),
        "audited": audited,
        "verdict": _verdict(found, language),
        "audit": found,
        "broken_rules": _broken_rules(case, audit, language),
        "columns": _columns(case, submission, language),
        "checklist": checklist(case, language),
        "inputs": rows,
    }  # fmt: skip


def _verdict(found: AuditView, language: Language) -> Verdict:
    warnings = []
    if found.open_hard:
        zh = f"必须遵守的条款有 {found.open_hard} 处未能核对（表中没有所需数据），不能算通过。"
        en = f"Hard statements were not evaluated in {found.open_hard} places, which is not a pass."
        warnings.append(said(language, zh, en))
    if found.waived.count:
        zh = f"有 {found.waived.count} 处违反经批准豁免，仍逐条列出。"
        en = f"{found.waived.count} violations were waived with approval; they stay listed."
        warnings.append(said(language, zh, en))
    if found.broken:
        zh, en = (
            f"违反必须遵守的条款 {found.broken} 处。",
            f"Hard statements are violated: {found.broken} findings.",
        )
        short = said(language, "发现违规", "Violations found")
        return Verdict("broken", "✕", short, said(language, zh, en), tuple(warnings))
    if found.open_hard:
        zh, en = (
            "已核对的条款无一违反，但未核对完。",
            "Nothing that was evaluated is violated, but not all was.",
        )
        short = said(language, "未核对完", "Not fully checked")
        return Verdict("unchecked", "!", short, said(language, zh, en), tuple(warnings))
    zh, en = "必须遵守的条款无一违反。", "No hard statement is violated."
    short = said(language, "未发现违规", "No violation found")
    return Verdict("proven", "✓", short, said(language, zh, en), tuple(warnings))


def _broken_rules(case: Case, audit: Audit, language: Language) -> list[Broken]:
    """Each rule that is violated, hard ones first, the most frequent first."""
    groups: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in audit.findings:
        if finding.state is State.VIOLATED:
            groups.setdefault((finding.rule, finding.severity), []).append(finding)
    order = list(Severity)
    texts = documents(case, language)
    rows = []
    for (rule, severity), found in sorted(groups.items(), key=lambda g: (order.index(g[0][1]), -len(g[1]))):
        about = named(case, rule)
        units = {finding.unit for finding in found if finding.margin is not None}
        short = sum((abs(f.margin) for f in found if f.margin is not None), Fraction(0))
        rows.append(
            Broken(
                rule=rule,
                title=about.title.said(language),
                severity=word(severity, language),
                count=len(found),
                waived=sum(finding.waiver is not None for finding in found),
                amount=amount(short, units.pop(), language) if len(units) == 1 else "–",
                citation=cited(about.citation or found[0].citation, texts, language),
            )
        )
    return rows


def _columns(
    case: Case, submission: Submission | None, language: Language
) -> list[tuple[str, str, str, str]]:
    """Place, header, meaning and unit of each column; a column that was not used has no meaning."""
    if submission is None:
        return []
    return [
        (str(column.spot), column.header, meaning_text(case, column, language), column.unit)
        for column in (*submission.columns, *submission.ignored)
    ]
