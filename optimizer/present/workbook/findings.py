"""审核: what the auditor found, by rule and one by one, worst first, with the law and the remedy.

The same sheets serve a plan and anybody's table (`fenpei audit`): they know findings, not whose they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from xlsxwriter.utility import xl_range

from models.case import Case
from models.citation import Language
from models.finding import Audit, Finding, State
from models.policy import Severity
from models.unit_words import unit_word
from optimizer.present.sentences import audit_sentence, waiver_sentence
from optimizer.present.titles import BY_NATURE, documents, named
from optimizer.present.words import cited, said, word
from optimizer.present.workbook.book import Book, Column, Line, Sheet
from optimizer.present.workbook.cells import MOST_ROWS, Cell, Formula, quantity
from optimizer.present.workbook.style import Kind, Row

#: Findings that are listed one by one in full; beyond, those that tell a reader little are counted only.
MOST_LISTED = 5_000
#: What is read first.
ORDER = (State.VIOLATED, State.NOT_EVALUATED, State.BINDING, State.NOT_APPLICABLE, State.PASS)
_SEVERITIES = (Severity.HARD, Severity.SOFT, Severity.ADVISORY)


def findings_sheets(book: Book, case: Case, audit: Audit, most_rows: int = MOST_ROWS) -> list[Sheet]:
    """The counts by rule, and the findings; more sheets of findings where one does not hold them."""
    rules = _rules_sheet(book, case, audit)
    listed, left_out = chosen(audit.findings)
    room = most_rows - 10
    parts = [listed[at : at + room] for at in range(0, len(listed), room)] or [[]]
    name = said(book.language, "审核发现", "Findings")
    return [rules, *(
        _list_sheet(book, case, name, part, left_out, (number, len(parts)))
        for number, part in enumerate(parts, start=1)
    )]  # fmt: skip


def chosen(findings: Sequence[Finding]) -> tuple[list[Finding], int]:
    """The findings to list, worst first, and how many are left to the counts."""
    ranked = sorted(
        findings,
        key=lambda f: (ORDER.index(f.state), f.waiver is not None, _SEVERITIES.index(f.severity)),
    )
    if len(ranked) <= MOST_LISTED:
        return ranked, 0
    kept = [finding for finding in ranked if _tells(finding)]
    return kept, len(ranked) - len(kept)


def _tells(finding: Finding) -> bool:
    """Whether a reader of a long list wants to see it."""
    if finding.waiver is not None or finding.state in (State.VIOLATED, State.NOT_EVALUATED):
        return True
    return finding.state is State.BINDING and finding.rule.split(".")[0] not in BY_NATURE


# --- by rule ----------------------------------------------------------------------------------------


def _rules_sheet(book: Book, case: Case, audit: Audit) -> Sheet:
    language = book.language
    sheet = book.sheet(said(language, "审核结论", "Audit"))
    columns = [
        Column(said(language, "条款编号", "Rule"), most=30),
        Column(said(language, "名称", "Title"), most=50),
        Column(said(language, "效力", "Severity"), Kind.CODE, 12),
        *(Column(word(state, language).capitalize(), Kind.COUNT) for state in ORDER),
        Column(said(language, "其中已豁免", "Of these waived"), Kind.COUNT),
        Column(word("total", language).capitalize(), Kind.COUNT),
        Column(said(language, "依据", "Citation"), most=84),
    ]
    sheet.columns = len(columns)
    sheet.title(said(language, "审核结论（按条款）", "What the audit found, by rule"))
    sheet.paragraph(audit_sentence(audit, language), bold=True)
    head = sheet.row
    sheet.head(columns)
    rules = _by_rule(audit)
    first, last = head + 2, head + 1 + max(1, len(rules))
    numbers = [*(audit.count(state) for state in ORDER), _waived(audit.findings), len(audit.findings)]
    total: list[Cell] = [word("total", language).capitalize(), None, None]
    total += [
        Formula(f"SUBTOTAL(9,{xl_range(first, at, last, at)})", number)
        for at, number in enumerate(numbers, 3)
    ]
    sheet.line(columns, Line([*total, None], Row.TOTAL))
    texts = documents(case, language)
    for (rule, severity), found in rules:
        states = Counter(finding.state for finding in found)
        known = named(case, rule)
        source = next((finding.citation for finding in found if finding.citation is not None), known.citation)
        counts = xl_range(sheet.row, 3, sheet.row, 2 + len(ORDER))
        cells: list[Cell] = [rule, known.title.said(language), word(severity, language)]
        cells += [states[state] or None for state in ORDER]
        cells += [
            _waived(found) or None,
            Formula(f"SUM({counts})", len(found)),
            cited(source, texts, language),
        ]
        sheet.line(columns, Line(cells))
    sheet.raw.freeze_panes(head + 2, 2)
    sheet.filtered(head, sheet.row - 1, len(columns) - 1)
    return sheet


def _by_rule(audit: Audit) -> list[tuple[tuple[str, Severity], list[Finding]]]:
    """Rules with their findings, those that are violated first, otherwise in the auditor's order."""
    found: dict[tuple[str, Severity], list[Finding]] = defaultdict(list)
    for finding in audit.findings:
        found[finding.rule, finding.severity].append(finding)

    def worst(item: tuple[tuple[str, Severity], list[Finding]]) -> tuple[int, int]:
        return min(ORDER.index(finding.state) for finding in item[1]), _SEVERITIES.index(item[0][1])

    return sorted(found.items(), key=worst)


def _waived(findings: Iterable[Finding]) -> int:
    return sum(finding.waiver is not None for finding in findings)


# --- one by one -------------------------------------------------------------------------------------


def _list_sheet(
    book: Book, case: Case, name: str, findings: Sequence[Finding], left_out: int, part: tuple[int, int]
) -> Sheet:
    language = book.language
    sheet = book.sheet(name if part[1] == 1 else f"{name} ({part[0]})")
    wanted = [(column, value) for column, value, always in _columns(case, language)
              if always or any(value(finding) not in ("", None) for finding in findings)]  # fmt: skip
    columns = [Column(said(language, "序号", "No."), Kind.COUNT), *(column for column, _ in wanted)]
    sheet.columns = len(columns)
    sheet.title(
        said(language, "审核发现", "Findings"), _listed_remark(language, len(findings), left_out, part)
    )
    head = sheet.row
    sheet.head(columns)
    for number, finding in enumerate(findings, start=1):
        sheet.line(columns, Line([number, *(value(finding) for _, value in wanted)]))
    sheet.raw.freeze_panes(head + 1, 3)
    sheet.filtered(head, sheet.row - 1, len(columns) - 1)
    return sheet


def _listed_remark(language: Language, listed: int, left_out: int, part: tuple[int, int]) -> str:
    text = said(
        language,
        f"列出 {listed:,} 条，违反的在前，其次是未能核对、刚好达到、不适用、通过。金额单位为元。",
        f"{listed:,} findings: violated first, then not evaluated, binding, not applicable, passed. "
        "Money in yuan.",
    )
    if part[1] > 1:
        text += said(
            language,
            f"超出一张工作表的行数上限，分为 {part[1]} 张，此为第 {part[0]} 张。",
            f" They are more than a sheet holds: this is sheet {part[0]} of {part[1]}.",
        )
    if left_out:
        text += said(
            language,
            f"另有 {left_out:,} 条（通过、不适用，或本来就会刚好达到的上限）只在“审核结论”中计数；"
            "逐条见 findings.csv。",
            f" {left_out:,} more (passed, not applicable, or limits that bind by their nature) are only "
            "counted by rule; findings.csv lists every one.",
        )
    return text


_Value = Callable[[Finding], Cell]


def _columns(case: Case, language: Language) -> list[tuple[Column, _Value, bool]]:
    """Column, what it shows of a finding, and whether it stands there even when it is empty."""
    texts = documents(case, language)

    def region(finding: Finding) -> str:
        return case.regions[finding.region].name if finding.region in case.regions else finding.region

    def text(
        zh: str, en: str, value: _Value, most: int = 40, always: bool = True
    ) -> tuple[Column, _Value, bool]:
        return Column(said(language, zh, en), most=most), value, always

    def code(zh: str, en: str, value: _Value, most: int = 16) -> tuple[Column, _Value, bool]:
        return Column(said(language, zh, en), Kind.CODE, most), value, True

    def number(zh: str, en: str, side: Callable[[Finding], Fraction | None]) -> tuple[Column, _Value, bool]:
        return Column(said(language, zh, en), Kind.QUANTITY), lambda f: _side(f, side(f)), True

    return [
        code("结论", "State", lambda f: _state(f, language), 18),
        code("效力", "Severity", lambda f: word(f.severity, language), 12),
        text("条款编号", "Rule", lambda f: f.rule, 26),
        text("地区", "Region", region, 22),
        (Column(word("year", language).capitalize(), Kind.YEAR), lambda f: f.year, True),
        number("左边", "Left", lambda f: f.left),
        code("关系", "Compared", lambda f: f.compare.value, 8),
        number("右边", "Right", lambda f: f.right),
        number("余量", "Margin", lambda f: f.margin),
        code("单位", "Unit", lambda f: unit_word("元" if f.unit == "money" else f.unit, language, 1), 12),
        text("内容", "What was found", lambda f: f.message.said(language), 60),
        text("依据", "Citation", lambda f: cited(f.citation, texts, language), 46),
        text("证据位置", "Evidence", lambda f: "\n".join(map(str, f.evidence)), 34, False),
        text("整改建议", "Remedy", lambda f: "" if f.remedy is None else f.remedy.said(language), 40, False),
        text("豁免", "Waiver", lambda f: waiver_sentence(f, language), 40, False),
    ]


def _state(finding: Finding, language: Language) -> str:
    text = word(finding.state, language)
    return text if finding.waiver is None else text + said(language, "（已豁免）", " (waived)")


def _side(finding: Finding, value: Fraction | None) -> Cell:
    """A side in the unit that is shown: yuan for money."""
    if value is None:
        return None
    return quantity(value / 100 if finding.unit == "money" else Fraction(value))
