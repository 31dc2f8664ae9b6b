"""What is reached when: persons, villages and counties out by year, and every other target of the case."""

from __future__ import annotations

from dataclasses import dataclass

from models.case import Case
from models.citation import Language
from models.finding import Audit, Finding, State
from models.policy import Severity
from optimizer.present.exits import Exit, Kind, exits
from optimizer.present.movement import counted, headings, movements
from optimizer.present.page.charts import Lines, against_targets
from optimizer.present.page.figures import amount
from optimizer.present.page.findings_view import stands
from optimizer.present.report import PlanReport
from optimizer.present.titles import documents
from optimizer.present.words import cited, said, word


@dataclass(frozen=True)
class Out:
    """Who is out, of one kind: a chart, its rows (year, reached, target, difference) and a sentence."""

    kind: str
    title: str
    chart: Lines
    rows: tuple[tuple[str, str, str, str], ...]
    sentence: str
    met: bool
    last: str
    last_target: str
    last_year: int


@dataclass(frozen=True)
class Goal:
    """A target of the case in one year (and, where there are several, at its worst place)."""

    title: str
    severity: str
    state: str
    state_word: str
    year: str
    reached: str
    asked: str
    difference: str
    places: int
    citation: str


@dataclass(frozen=True)
class Goals:
    """Exits by kind, and the targets."""

    outs: tuple[Out, ...]
    targets: tuple[Goal, ...]
    missed: int
    """How many (target, place, year) are missed, soft and advisory ones included."""
    headings: tuple[str, ...] = ()
    """Of `moved`."""
    moved: tuple[tuple[str, ...], ...] = ()
    """Who came in and who left, by year; empty where nobody enters or comes back."""


def goals_view(report: PlanReport, audit: Audit, language: Language) -> Goals:
    """What a plan reaches; `report` has an allocation."""
    case, allocation = report.case, report.plan.allocation
    found = [] if allocation is None else exits(case, allocation, audit)
    outs = [
        _out([exit for exit in found if exit.kind is kind], kind, language)
        for kind in Kind
        if any(exit.kind is kind for exit in found)
    ]
    about = [finding for finding in audit.findings if finding.rule in case.targets]
    missed = sum(finding.state is State.VIOLATED for finding in about)
    moved = () if allocation is None else movements(case, allocation)
    rows = tuple(
        (f"{row.year} {counted(row.counts, language)}", *(f"{number:,}" for number in row.figures))
        for row in moved
    )
    return Goals(tuple(outs), tuple(_targets(case, about, language)), missed, headings(language), rows)


def _out(found: list[Exit], kind: Kind, language: Language) -> Out:
    title = {
        Kind.PERSONS: said(language, "脱贫人口（人，累计）", "Persons out of poverty (to date)"),
        Kind.VILLAGES: said(language, "出列贫困村（个，累计）", "Villages off the list (to date)"),
        Kind.COUNTIES: said(language, "摘帽贫困县（个，累计）", "Counties off the list (to date)"),
    }[kind]
    chart = against_targets([e.year for e in found], [e.reached for e in found], [e.target for e in found])
    rows = tuple(
        (
            str(exit.year),
            f"{exit.reached:,}",
            "–" if exit.target is None else f"{exit.target:,}",
            "–" if exit.target is None else f"{exit.reached - exit.target:+,}".replace("+0", "0"),
        )
        for exit in found
    )
    last = found[-1]
    asked = [exit for exit in found if exit.target is not None]
    short = [exit for exit in asked if exit.target is not None and exit.reached < exit.target]
    target = "–" if last.target is None else f"{last.target:,}"
    return Out(
        kind.value, title, chart, rows, _sentence(kind, last, asked, short, language),
        not short, f"{last.reached:,}", target, last.year,
    )  # fmt: skip


def _sentence(kind: Kind, last: Exit, asked: list[Exit], short: list[Exit], language: Language) -> str:
    zh_unit, en_unit = {
        Kind.PERSONS: ("人脱贫", "persons are out of poverty"),
        Kind.VILLAGES: ("个村出列", "villages are off the list"),
        Kind.COUNTIES: ("个县摘帽", "counties are off the list"),
    }[kind]
    if not asked:
        verdict = said(language, "案例没有设总目标", "the case sets no overall target")
    elif short:
        years = "、".join(str(exit.year) for exit in short)
        verdict = said(
            language, f"{years} 年未达目标", f"the target is missed in {years.replace('、', ', ')}"
        )
    else:
        verdict = said(language, "设有目标的年份全部达到", "the target is reached in every year that has one")
    return said(
        language,
        f"到 {last.year} 年底累计 {last.reached:,} {zh_unit}；{verdict}。",
        f"By the end of {last.year}, {last.reached:,} {en_unit}; {verdict}.",
    )


_ORDER = {State.VIOLATED: 0, State.NOT_EVALUATED: 1, State.BINDING: 2, State.PASS: 3, State.NOT_APPLICABLE: 4}


def _targets(case: Case, about: list[Finding], language: Language) -> list[Goal]:
    """One line per target and year; of many places the worst."""
    groups: dict[tuple[str, int | None], list[Finding]] = {}
    for finding in about:
        groups.setdefault((finding.rule, finding.year), []).append(finding)
    order = {target: number for number, target in enumerate(case.targets)}
    texts = documents(case, language)
    rows = []
    for (target, year), found in sorted(groups.items(), key=lambda g: (order[g[0][0]], g[0][1] or 0)):
        worst = min(found, key=lambda f: (_ORDER[f.state], f.margin if f.margin is not None else 0))
        item = case.targets[target]
        state, state_word = stands(worst, language)
        where = (
            f"（{case.regions[worst.region].name}）"
            if len(found) > 1 and worst.region in case.regions
            else ""
        )
        rows.append(
            Goal(
                title=item.title.said(language)
                + (where if language is Language.ZH else where.replace("（", " (").replace("）", ")")),
                severity=word(Severity(worst.severity), language),
                state=state,
                state_word=state_word,
                year="" if year is None else str(year),
                reached="–" if worst.left is None else amount(worst.left, worst.unit, language),
                asked="–"
                if worst.right is None
                else f"{_sign(worst)} {amount(worst.right, worst.unit, language)}",
                difference="–" if worst.margin is None else amount(worst.margin, worst.unit, language),
                places=len(found),
                citation=cited(item.citation, texts, language),
            )
        )
    return rows


def _sign(finding: Finding) -> str:
    return {">=": "≥", "<=": "≤", "=": "=", "==": "="}.get(finding.compare.value, finding.compare.value)
