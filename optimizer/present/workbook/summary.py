"""摘要: the first sheet. What was found, how sure it is, what is reached by when, who pays how much when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_range

from models.case import Case, Goal
from models.citation import Basis, Language
from models.finding import Audit, State
from models.plan import Status
from optimizer.present.exits import Exit
from optimizer.present.objects import exact
from optimizer.present.register import checklist_sentence
from optimizer.present.report import PlanReport, Spending, spending
from optimizer.present.sentences import (
    amount_sentences,
    at_most,
    audit_sentence,
    proof_sentences,
    status_sentences,
)
from optimizer.present.words import said, word
from optimizer.present.workbook.allocation import Amounts
from optimizer.present.workbook.book import Book, Column, Line, Sheet
from optimizer.present.workbook.cells import Cell, Formula, in_wan, in_yuan
from optimizer.present.workbook.style import Kind, Row


@dataclass(frozen=True)
class Spent:
    """Where the summary holds the money: the rows of the funds that are used, the row of the total, years."""

    sheet: Sheet
    funds: Sequence[str]
    first: int
    total: int
    year_column: int


def open_summary(book: Book, report: PlanReport) -> Sheet:
    """The sheet, so that it comes first; `fill_summary` writes it when the others are known."""
    sheet = book.sheet(said(book.language, "摘要", "Summary"))
    sheet.columns = 5 + len(report.case.years)
    sheet.one_page = True
    return sheet


def fill_summary(sheet: Sheet, report: PlanReport, amounts: Amounts, found: Sequence[Exit]) -> Spent:
    """Write the sheet."""
    language = sheet.book.language
    sheet.title(said(language, f"{report.case.title.zh}", report.case.title.said(language)))
    sheet.paragraph(
        said(language, "资金分配方案摘要", "Summary of the allocation plan"), size=12, align="center"
    )
    if report.plan.status is not Status.OPTIMAL:
        sheet.paragraph(
            status_sentences(report, language)[0], bold=True, font_color="#C00000", align="center"
        )
    for label, text in facts(report, language):
        sheet.fact(label, text)
    sheet.heading(
        said(language, "累计脱贫、出列、摘帽：达到 / 目标", "Out by the end of the year: reached and target")
    )
    _exits(sheet, report.case, found)
    sheet.heading(said(language, "各资金分年支出（万元）", "Money by fund and year (10,000 yuan)"))
    return _funds(sheet, report, amounts, spending(report))


def facts(report: PlanReport, language: Language) -> list[tuple[str, str]]:
    """Label and text of what a reader must know before the figures."""
    case, plan = report.case, report.plan
    scenario = report.scenario
    made = [] if scenario is None else [said(language, f"情景 {scenario}", f"scenario {scenario}")]
    made += [f"--set {patch}" for patch in case.patches]
    status = said(language, "：", ": ").join(
        (word(plan.status, language), status_sentences(report, language)[0])
    )
    cost = said(language, "", " ").join(amount_sentences(report, language)) + _to_the_fen(report, language)
    texts = (
        ("案例", "Case", f"{case.title.said(language)} [{case.id}]  {case.first_year}–{case.last_year}"),
        (
            "情景与调整",
            "Scenario, changes",
            "  ".join(made) or said(language, "无（基准）", "none (base case)"),
        ),
        ("结论", "Status", status),
        ("成本", "Cost", cost),
        ("界限与证明", "Bound and proof", _proof(report, language)),
    )
    rows = [(said(language, zh, en), text) for zh, en, text in texts]
    if report.audit is not None:
        audit = report.audit
        rows.append(
            (
                said(language, "审核", "Audit"),
                counted(audit, language),
            )
        )
    if case.checklist:
        where = said(language, "“核对清单”表", "the sheet Checklist")
        rows.append((said(language, "人工核对", "For a person"), checklist_sentence(case, language, where)))
    rows.append((said(language, "数据依据", "Basis of the figures"), basis_sentence(case, language)))
    return rows


def counted(audit: Audit, language: Language) -> str:
    """The verdict, and how many findings are in which state."""
    states = said(language, "，", ", ").join(
        f"{word(state, language)} {audit.count(state):,}" for state in State
    )
    number = f"{len(audit.findings):,}"
    sentence = audit_sentence(audit, language)
    return said(language, f"{sentence}共 {number} 条：{states}。", f"{sentence} {number} findings: {states}.")


def _to_the_fen(report: PlanReport, language: Language) -> str:
    if report.plan.cost is None:
        return ""
    return said(
        language,
        f"精确到分：{in_yuan(report.plan.cost):,} 元。",
        f" To the fen: {in_yuan(report.plan.cost):,} yuan.",
    )


def _proof(report: PlanReport, language: Language) -> str:
    plan = report.plan
    text = said(language, "", " ").join(proof_sentences(report, language))
    if plan.bound is None or plan.gap is None:
        return text
    limit = str(exact(plan.bound))
    if report.case.goal is Goal.LEAST_COST:
        limit = f"{in_yuan(int(plan.bound)):,} {said(language, '元', 'yuan')}"
    return said(
        language,
        f"{text}界限 {limit}，差距不超过 {at_most(plan.gap)}。",
        f"{text} Bound {limit}, gap at most {at_most(plan.gap)}.",
    )


def basis_counts(case: Case) -> dict[str, Counter[Basis]]:
    """Table of the case -> how many of its figures have which basis."""
    found: dict[str, Counter[Basis]] = {}
    for table, sources in case.tables.sources.items():
        found[table] = Counter(source.basis for source in sources.values())
    return {table: counts for table, counts in found.items() if counts}


def basis_sentence(case: Case, language: Language) -> str:
    """How many figures are stated, derived, assumed or made up for illustration."""
    total: Counter[Basis] = Counter()
    for counts in basis_counts(case).values():
        total += counts
    listed = said(language, "，", ", ").join(f"{word(basis, language)} {total[basis]:,}" for basis in Basis)
    text = said(
        language,
        f"分地区数据表共 {sum(total.values()):,} 个数：{listed}。",
        f"{sum(total.values()):,} figures in the tables: {listed}.",
    )
    if total[Basis.ILLUSTRATIVE] or total[Basis.ASSUMED]:
        text += said(
            language,
            "“示意”“假设”的数不是文件中的真实数据，正式使用前须替换或核实。",
            " Illustrative and assumed figures are not from the documents: "
            "replace or verify them before use.",
        )
    return text


def _exits(sheet: Sheet, case: Case, found: Sequence[Exit]) -> None:
    """Kinds as rows; reached and target of every year."""
    language = sheet.book.language
    columns = [
        Column(word("kind", language).capitalize(), most=40),
        Column("", Kind.CODE, 16),
        *(Column(said(language, f"{year}年", str(year)), Kind.COUNT) for year in case.years),
    ]
    rows: list[Line] = []
    for kind in dict.fromkeys(exit.kind for exit in found):
        by_year = {exit.year: exit for exit in found if exit.kind is kind}
        names = (said(language, "达到", "reached"), said(language, "目标", "target"))
        reached: list[Cell] = [by_year[year].reached for year in case.years]
        targets: list[Cell] = [
            "–" if (target := by_year[year].target) is None else target for year in case.years
        ]
        title = word(kind.value, language).capitalize()
        rows += [Line([title, names[0], *reached]), Line([title, names[1], *targets])]
    sheet.table(columns, rows)


def _funds(sheet: Sheet, report: PlanReport, amounts: Amounts, sums: Spending) -> Spent:
    language, case = sheet.book.language, report.case
    yes, no = said(language, "是", "yes"), said(language, "否", "no")
    columns = [
        Column(word("fund", language).capitalize(), most=40),
        Column(said(language, "级次", "Level"), Kind.CODE, 16),
        *(Column(said(language, f"{year}年", str(year)), Kind.WAN) for year in case.years),
        Column(word("total", language).capitalize(), Kind.WAN),
        Column(said(language, "合计（元）", "Total (yuan)"), Kind.YUAN),
        Column(said(language, "计入公共成本", "Public cost"), Kind.CODE, 14),
    ]
    used = [fund for fund, years in sums.by_fund.items() if any(years.values())]
    first = sheet.row + 1
    last = first + max(1, len(used)) - 1
    rows = []
    for at, fund in enumerate(used, start=first):
        known, years = case.funds[fund], sums.by_fund[fund]
        span = amounts.span(amounts.root)
        cells: list[Cell] = [known.title.said(language), word(known.level, language)]
        for year in case.years:
            text = f"{amounts.of(fund, span, amounts.column(year), fund=True)}/10000"
            cells.append(Formula(text, in_wan(years[year])))
        total = sum(years.values())
        cells.append(Formula(f"SUM({xl_range(at, 2, at, 1 + len(case.years))})", in_wan(total)))
        cells.append(Formula(amounts.of(fund, span, amounts.total_column, fund=True), in_yuan(total)))
        cells.append(yes if known.cost_weight > 0 else no)
        rows.append(Line(cells))
    public = [fund for fund in used if case.funds[fund].cost_weight > 0]
    marks = xl_range(first, len(columns) - 1, last, len(columns) - 1)
    for name, members, rule in (
        (word("total", language).capitalize(), used, None),
        (said(language, "其中：公共成本", "of which public cost"), public, yes),
    ):
        rows.append(_sum_line(name, [sums.by_fund[fund] for fund in members], case, first, last, rule, marks))
    sheet.table(columns, rows)
    unused = [case.funds[fund].title.said(language) for fund in sums.by_fund if fund not in used]
    if unused:
        listed = said(language, "、", ", ").join(unused)
        sheet.paragraph(
            said(language, f"未动用：{listed}", f"Not used: {listed}"), size=9, font_color="#595959"
        )
    return Spent(sheet, used, first, last + 1, 2)


def _sum_line(
    name: str,
    rows: Sequence[Mapping[int, int]],
    case: Case,
    first: int,
    last: int,
    rule: str | None,
    marks: str,
) -> Line:
    """A sum over the funds: of all (rule None) or of those marked so."""
    sums = [sum(row[year] for row in rows) for year in case.years]
    cells: list[Cell] = [name, None]
    for at, fen in enumerate([*sums, sum(sums), sum(sums)], start=2):
        area = xl_range(first, at, last, at)
        text = f"SUM({area})" if rule is None else f'SUMIF({marks},"{rule}",{area})'
        cells.append(Formula(text, in_yuan(fen) if at == 3 + len(case.years) else in_wan(fen)))
    return Line([*cells, None], Row.TOTAL)
