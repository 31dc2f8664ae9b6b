"""What the auditor found, as rows for a page: every violation, what binds, what is open, the counts.

An Audit comes in; a violated finding keeps its message, margin, law, evidence (file, sheet and cell), remedy
and waiver. Nothing is dropped in silence: what a list leaves out it counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.case import Case
from models.citation import Language
from models.finding import Audit, Finding, State
from models.money import spelled
from models.policy import Severity
from optimizer.present.page.figures import amount
from optimizer.present.titles import BY_NATURE, documents, named
from optimizer.present.words import cited, said, word

#: Findings of one severity on a page; the rest is counted and stands in findings.csv.
MOST_FINDINGS = 300


@dataclass(frozen=True)
class Shown:
    """One finding as a reader sees it; empty texts are left out."""

    state: str
    state_word: str
    severity: str
    severity_word: str
    rule: str
    title: str
    where: str
    message: str
    margin: str
    price: str
    citation: str
    evidence: tuple[str, ...]
    remedy: str
    waiver: tuple[str, str, str] | None
    """reason, approving document, date"""


@dataclass(frozen=True)
class Group:
    """Findings of one kind, and how many more there are."""

    shown: tuple[Shown, ...]
    count: int

    @property
    def left_out(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)


@dataclass(frozen=True)
class Demand:
    """A target, a rule of the case or a family of statements: where it stands at its tightest place."""

    id: str
    title: str
    severity: str
    state: str
    state_word: str
    rows: int
    binding: int
    message: str
    margin: str
    citation: str


@dataclass(frozen=True)
class Open:
    """A rule that could not be evaluated, how often, and the first reason."""

    rule: str
    title: str
    severity: str
    count: int
    reason: str


@dataclass(frozen=True)
class AuditView:
    """The auditor's verdict for a page."""

    total: int
    counts: tuple[tuple[str, str, int, tuple[int, ...]], ...]
    """state, its word, how many, and how many of each severity"""
    severities: tuple[str, ...]
    hard: Group
    soft: Group
    advisory: Group
    waived: Group
    history: Group
    """Hard violations of years before the plan begins: it does not answer for them."""
    open: tuple[Open, ...]
    open_hard: int
    """Findings of hard statements that were not evaluated."""
    binding: tuple[Demand, ...]
    demands: tuple[Demand, ...]
    clean: bool
    broken: int
    not_evaluated: int
    soft_price: int
    """Fen: what the soft statements that are missed cost by their prices."""


def audit_view(case: Case, audit: Audit, language: Language, since: int | None = None) -> AuditView:
    """Everything a page says of an audit; hard violations of years before `since` stand apart as history."""
    violated = [finding for finding in audit.findings if finding.state is State.VIOLATED]
    standing = [finding for finding in violated if finding.waiver is None]
    writer = _Writer(case, language)

    def group(findings: Iterable[Finding]) -> Group:
        listed = list(findings)
        return Group(tuple(writer.shown(finding) for finding in listed[:MOST_FINDINGS]), len(listed))

    past = [f for f in standing if f.broken and is_history(f, since)]
    own = [f for f in standing if not (f.broken and is_history(f, since))]
    by_severity = {severity: [f for f in own if f.severity is severity] for severity in Severity}
    unknown = [f for f in audit.findings if f.state is State.NOT_EVALUATED]
    return AuditView(
        total=len(audit.findings),
        counts=tuple(_counts(audit, language)),
        severities=tuple(word(severity, language) for severity in Severity),
        hard=group(by_severity[Severity.HARD]),
        soft=group(by_severity[Severity.SOFT]),
        advisory=group(by_severity[Severity.ADVISORY]),
        waived=group(finding for finding in violated if finding.waiver is not None),
        history=group(past),
        open=tuple(_open(unknown, case, language)),
        open_hard=sum(f.severity is Severity.HARD and not is_history(f, since) for f in unknown),
        binding=tuple(writer.binding(audit)),
        demands=tuple(writer.demands(audit)),
        clean=audit.clean,
        broken=len(by_severity[Severity.HARD]),
        not_evaluated=len(unknown),
        soft_price=sum(price(case, finding) or 0 for finding in by_severity[Severity.SOFT]),
    )


def is_history(finding: Finding, since: int | None) -> bool:
    """Whether a finding is about a year before the plan begins."""
    return since is not None and finding.year is not None and finding.year < since


def price(case: Case, finding: Finding) -> int | None:
    """Fen that missing a soft target or rule of the case counts as; None where nothing has a price."""
    item = case.targets.get(finding.rule) or case.rules.get(finding.rule.split("/")[0])
    if item is None or item.price is None or finding.margin is None or finding.margin >= 0:
        return None
    fen = -finding.margin * item.price
    return -(-fen.numerator // fen.denominator)


def stands(finding: Finding, language: Language) -> tuple[str, str]:
    """The class and the word of a state: what is soft or advisory is missed, not violated."""
    if finding.state is State.VIOLATED and finding.severity is not Severity.HARD:
        return "missed", said(language, "未达到", "missed")
    return finding.state.value, word(finding.state, language)


def _counts(audit: Audit, language: Language) -> Iterable[tuple[str, str, int, tuple[int, ...]]]:
    table: dict[tuple[State, Severity], int] = defaultdict(int)
    for finding in audit.findings:
        table[finding.state, finding.severity] += 1
    order = (State.VIOLATED, State.NOT_EVALUATED, State.BINDING, State.PASS, State.NOT_APPLICABLE)
    for state in order:
        each = tuple(table[state, severity] for severity in Severity)
        if state is State.VIOLATED:
            kind = state.value if table[state, Severity.HARD] else "missed"
            yield kind, said(language, "违反或未达到", "violated or missed"), sum(each), each
        else:
            yield state.value, word(state, language), sum(each), each


def _open(unknown: Sequence[Finding], case: Case, language: Language) -> Iterable[Open]:
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in unknown:
        groups[finding.rule].append(finding)
    for rule, found in groups.items():
        severity = word(found[0].severity, language)
        title = named(case, rule).title.said(language)
        yield Open(rule, title, severity, len(found), found[0].message.said(language))


class _Writer:
    """Writes findings in one language; knows the titles of the documents."""

    def __init__(self, case: Case, language: Language) -> None:
        self.case, self.language = case, language
        self.documents = documents(case, language)

    def shown(self, finding: Finding) -> Shown:
        """One finding with everything that is known of it."""
        case, language = self.case, self.language
        place = case.regions[finding.region].name if finding.region in case.regions else finding.region
        cost = price(case, finding) if finding.severity is Severity.SOFT else None
        waiver = finding.waiver
        state, state_word = stands(finding, language)
        return Shown(
            state=state,
            state_word=state_word,
            severity=finding.severity.value,
            severity_word=word(finding.severity, language),
            rule=finding.rule,
            title=named(case, finding.rule).title.said(language),
            where=" ".join(
                part for part in ("" if finding.year is None else str(finding.year), place) if part
            ),
            message=finding.message.said(language),
            margin=self.margin(finding),
            price="" if cost is None else f"{spelled(cost)} {said(language, '元', 'yuan')}",
            citation=cited(finding.citation, self.documents, language),
            evidence=tuple(str(spot) for spot in finding.evidence),
            remedy="" if finding.remedy is None else finding.remedy.said(language),
            waiver=None if waiver is None else (waiver.reason, waiver.document, waiver.date.isoformat()),
        )

    def margin(self, finding: Finding) -> str:
        """By how much it holds or fails."""
        if finding.margin is None:
            return ""
        return amount(finding.margin, finding.unit, self.language)

    def demands(self, audit: Audit) -> list[Demand]:
        """Every target and rule of the case, in its order, each with its tightest place."""
        case = self.case
        groups: dict[str, list[Finding]] = {rule: [] for rule in (*case.targets, *case.rules)}
        for finding in audit.findings:
            if finding.rule in groups or finding.rule.split("/")[0] in groups:
                groups[finding.rule if finding.rule in groups else finding.rule.split("/")[0]].append(finding)
        return [self._demand(rule, found) for rule, found in groups.items() if found]

    def binding(self, audit: Audit) -> list[Demand]:
        """Limits that leave nothing to spare: funds, capacity and resources first, then the others."""
        case = self.case
        groups: dict[str, list[Finding]] = defaultdict(list)
        tight: dict[str, int] = defaultdict(int)
        for finding in audit.findings:
            known = finding.rule in case.targets or finding.rule.split("/")[0] in case.rules
            if known or finding.rule.split(".")[0] in BY_NATURE:
                continue
            groups[finding.rule].append(finding)
            tight[finding.rule] += finding.state is State.BINDING and bool(finding.left or finding.right)
        used_up = [rule for rule in tight if tight[rule]]
        ranked = sorted(used_up, key=lambda rule: (_rank(rule), -tight[rule]))
        return [self._demand(rule, groups[rule], tight[rule]) for rule in ranked]

    def _demand(self, rule: str, found: Sequence[Finding], tight: int | None = None) -> Demand:
        worst = min(found, key=_tightness)
        about = named(self.case, rule)
        binding = sum(finding.state is State.BINDING for finding in found) if tight is None else tight
        state, state_word = stands(worst, self.language)
        return Demand(
            id=rule,
            title=about.title.said(self.language),
            severity=word(worst.severity, self.language),
            state=state,
            state_word=state_word,
            rows=len(found),
            binding=binding,
            message=worst.message.said(self.language),
            margin=self.margin(worst),
            citation=cited(about.citation or worst.citation, self.documents, self.language),
        )


#: What readers ask for first when something is used up; other families come after, in their order.
_FAMILIES = ("supply", "capacity", "resource", "floor", "match", "after", "leave")


def _rank(rule: str) -> int:
    family = rule.split(".")[0]
    return _FAMILIES.index(family) if family in _FAMILIES else len(_FAMILIES)


_STATES = {
    State.VIOLATED: 0,
    State.NOT_EVALUATED: 1,
    State.BINDING: 2,
    State.PASS: 3,
    State.NOT_APPLICABLE: 4,
}


def _tightness(finding: Finding) -> tuple[int, Fraction, Fraction]:
    """Violated before binding before holding; then the smallest margin as a share of the right side.

    Among those that bind, one that is about something comes before nothing against nothing.
    """
    margin = finding.margin or Fraction(0)
    size = abs(finding.right or Fraction(0))
    share = margin / size if size else margin
    return _STATES[finding.state], share, -size
