"""What `fenpei` shows in a terminal: the verdict, then who is out, the money, what binds, and the audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.console import RenderableType

from models.allocation import Allocation
from models.case import Case
from models.catalogue import Family
from models.citation import Language
from models.finding import Audit, Finding, State
from models.money import wan
from models.policy import Severity
from optimizer.present.exits import exits
from optimizer.present.movement import counted, headings, movements
from optimizer.present.objects import broken_first, counts
from optimizer.present.plan_files import CHECKLIST
from optimizer.present.register import checklist_sentence
from optimizer.present.report import STEPS, PlanReport, spending
from optimizer.present.rule_book import rule_book, say_years
from optimizer.present.sentences import (
    audit_sentence,
    check_sentence,
    conflict_sentence,
    status_sentences,
    waiver_sentence,
)
from optimizer.present.terminal import Screen, number_column, render, sentence, table, text_column
from optimizer.present.titles import BY_NATURE, documents, named
from optimizer.present.words import cited, said, word

#: Rows of a table that could be endless; what is left out is counted below it.
MOST_MEASURES = 12
MOST_BINDING = 12
MOST_BROKEN = 50
MOST_MISSED = 5
MOST_ALIKE = 3
MOST_CELLS = 8
#: From this many fen on, tables leave the decimals of 万元 out.
COARSE = 10**11
#: Rules of named checks and of waivers: what they find in an advisory way is for somebody to look at.
_NAMED = (*(f"{family}." for family in Family), "waiver.")


def plan_text(report: PlanReport, language: Language, screen: Screen) -> str:
    """The screen of `fenpei plan`."""
    parts: list[RenderableType] = [sentence(_heading(report.case, report.scenario, language), "bold")]
    style = "green" if report.proven else "yellow" if report.plan.allocation is not None else "red"
    parts += [sentence(text, style) for text in status_sentences(report, language)]
    if report.conflict is not None:
        parts += ["", sentence(conflict_sentence(report, language)), *_conflict(report, language)]
    if report.plan.allocation is not None and report.audit is not None:
        parts += ["", *exits_tables(report, language), *money_tables(report, language)]
        parts += broken_tables(report.case, report.audit, language, MOST_MISSED)
        parts += ["", *_binding(report.case, report.audit, language)]
        parts += ["", sentence(_counts_line(report.audit, language))]
        parts += _by_hand(report.case, language, "fenpei rules" if report.out is None else CHECKLIST)
    parts += ["", *_footer(report, language)]
    return render(parts, screen)


def _heading(case: Case, scenario: str | None, language: Language) -> str:
    text = f"{case.title.said(language)}  [{case.id}]"
    if scenario is not None:
        title = case.scenarios[scenario].title.said(language) if scenario in case.scenarios else scenario
        text += said(language, f"  情景：{title}", f"  scenario: {title}")
    return text


def exits_tables(report: PlanReport, language: Language) -> list[RenderableType]:
    """Who is out by the end of each year; nothing without an allocation."""
    if report.plan.allocation is None or report.audit is None:
        return []
    found = exits(report.case, report.plan.allocation, report.audit)
    if not found:
        return []
    years = report.case.years
    cells: dict[str, dict[int, str]] = {}
    for exit in found:
        target = "–" if exit.target is None else f"{exit.target:,}"
        cells.setdefault(exit.kind.value, {})[exit.year] = f"{exit.reached:,}/{target}"
    title = said(language, "累计退出（达到 / 目标）", "Out by the end of the year (reached / target)")
    columns = [text_column(""), *(number_column(str(year)) for year in years)]
    rows = [[word(kind, language), *(by_year[year] for year in years)] for kind, by_year in cells.items()]
    return [table(title, columns, rows), "", *_movement(report.case, report.plan.allocation, language)]


def _movement(case: Case, allocation: Allocation, language: Language) -> list[RenderableType]:
    """Who came in and who left; nothing where nobody did but by the plan."""
    moved = movements(case, allocation)
    if not moved:
        return []
    title = said(language, "贫困人口（村）进出", "Who came in and who left")
    columns = [text_column(""), *(number_column(heading) for heading in headings(language))]
    rows = [
        [f"{counted(row.counts, language)} {row.year}", *(f"{number:,}" for number in row.figures)]
        for row in moved
    ]
    return [table(title, columns, rows), ""]


def money_tables(report: PlanReport, language: Language) -> list[RenderableType]:
    """Money by fund and by measure."""
    case, sums = report.case, spending(report)
    by_fund = {case.funds[fund].title.said(language): years for fund, years in sums.by_fund.items()}
    used = {title: years for title, years in by_fund.items() if any(years.values())}
    largest = max((sum(years.values()) for years in used.values()), default=0)
    title = said(language, "各资金支出（万元）", "Money by fund (万元, 10,000 yuan)")
    parts: list[RenderableType] = [_yearly(title, word("fund", language), case, used, largest, language)]
    unused = [title for title in by_fund if title not in used]
    if unused:
        listed = said(language, "、", ", ").join(unused)
        parts.append(sentence(said(language, f"未动用：{listed}", f"Not used: {listed}"), "dim"))
    free = [fund.title.said(language) for fund in case.funds.values()
            if not fund.cost_weight and fund.title.said(language) in used]  # fmt: skip
    if free:
        listed = said(language, "、", ", ").join(free)
        parts.append(
            sentence(said(language, f"不计入公共成本：{listed}", f"Not public cost: {listed}"), "dim")
        )
    ranked = sorted(sums.by_measure.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    shown = {case.measures[m].title.said(language): years for m, years in ranked[:MOST_MEASURES]}
    if len(ranked) > MOST_MEASURES:
        rest = [years for _, years in ranked[MOST_MEASURES:]]
        other = f"{word('other', language)} ({len(rest)})"
        shown[other] = {year: sum(years[year] for years in rest) for year in case.years}
    title = said(language, "各措施支出（万元）", "Money by measure (万元, 10,000 yuan)")
    return [*parts, "", _yearly(title, word("measure", language), case, shown, largest, language)]


def _yearly(
    title: str,
    heading: str,
    case: Case,
    rows: Mapping[str, Mapping[int, int]],
    largest: int,
    language: Language,
) -> RenderableType:
    """One row per title, one column per year, totals below and to the right."""
    digits = 0 if largest >= COARSE else 2
    total = {year: sum(years[year] for years in rows.values()) for year in case.years}
    lines = [*rows.items(), (word("total", language), total)]
    cells = [
        [name, *(wan(years[year], digits) for year in case.years), wan(sum(years.values()), digits)]
        for name, years in lines
    ]
    numbers = [*(str(year) for year in case.years), word("total", language)]
    return table(title, [text_column(heading), *(number_column(n) for n in numbers)], cells, total=True)


def _binding(case: Case, audit: Audit, language: Language) -> list[RenderableType]:
    """Rules, targets and limits that hold with nothing to spare, and in how many places."""
    rows = Counter(
        finding.rule
        for finding in audit.findings
        if finding.state is State.BINDING
        and finding.rule.split(".")[0] not in BY_NATURE
        and (finding.left or finding.right)
    )
    if not rows:
        return []
    order = {rule: i for i, rule in enumerate([*case.targets, *case.rules])}
    ranked = sorted(rows, key=lambda rule: (order.get(rule, len(order)), -rows[rule]))
    cells = [
        [named(case, rule).title.said(language), rule, f"{rows[rule]:,}"] for rule in ranked[:MOST_BINDING]
    ]
    title = said(language, "刚好达到、没有余量的条款", "What binds: reached with nothing to spare")
    columns = [text_column(word("title", language)), text_column(word("id", language)),
               number_column(word("binding rows", language))]  # fmt: skip
    parts: list[RenderableType] = [table(title, columns, cells)]
    return parts + _left_out(len(ranked) - MOST_BINDING, language)


def _left_out(count: int, language: Language) -> list[RenderableType]:
    if count <= 0:
        return []
    return [sentence(said(language, f"另有 {count} 项，见 findings.csv 或 --format json",
                          f"and {count} more: see findings.csv or --format json"), "dim")]  # fmt: skip


def _conflict(report: PlanReport, language: Language) -> list[RenderableType]:
    """Each statement in conflict with its id, title and law."""
    texts = documents(report.case, language)
    parts: list[RenderableType] = []
    for item in (named(report.case, rule) for rule in report.conflict or ()):
        parts.append(sentence(f"[{item.id}] {item.title.said(language)}", "bold", 2))
        if source := cited(item.citation, texts, language):
            parts.append(sentence(source, "dim", 4))
    return parts


def _counts_line(audit: Audit, language: Language) -> str:
    listed = said(language, "，", ", ").join(
        f"{word(State(state), language)} {count:,}" for state, count in counts(audit).items()
    )
    return said(
        language,
        f"审核 {len(audit.findings):,} 条：{listed}",
        f"Audit, {len(audit.findings):,} findings: {listed}",
    )


def _footer(report: PlanReport, language: Language) -> Iterable[RenderableType]:
    if report.out is not None:
        yield sentence(said(language, f"已写入 {report.out}", f"Written to {report.out}"))
    else:
        yield sentence(said(language, "没有写出文件", "Nothing was written"))
    steps = [step for step in (*STEPS, "explain") if report.seconds.get(step)]
    times = said(language, "，", ", ").join(
        f"{word(step, language)} {report.seconds[step]:.2f}" for step in steps
    )
    total = sum(report.seconds.values())
    yield sentence(
        said(language, f"用时 {total:.1f} 秒（{times}），求解器 {report.plan.solver}",
             f"{total:.1f} s ({times}), solver {report.plan.solver}"), "dim",
    )  # fmt: skip
    if not report.proven and report.plan.message:
        yield sentence(
            said(language, f"求解器说明：{report.plan.message}", f"The solver said: {report.plan.message}"),
            "dim",
        )


def audit_text(case: Case, audit: Audit, language: Language, screen: Screen, title: str) -> str:
    """The screen of `fenpei audit`: what is violated, what could not be evaluated, what binds, counts."""
    parts: list[RenderableType] = [sentence(f"{title}  [{case.id}]", "bold")]
    broken = any(finding.broken for finding in audit.findings)
    parts.append(sentence(audit_sentence(audit, language), "red" if broken else "green"))
    parts += broken_tables(case, audit, language, MOST_BROKEN)
    parts += _open(case, audit, language)
    binding = _binding(case, audit, language)
    parts += ["", *binding] if binding else []
    parts += ["", sentence(_counts_line(audit, language))]
    return render([*parts, *_by_hand(case, language, "fenpei rules")], screen)


def _by_hand(case: Case, language: Language, where: str) -> list[RenderableType]:
    """That there are clauses for a person to check, if so."""
    return [sentence(checklist_sentence(case, language, where))] if case.checklist else []


def check_text(case: Case, audit: Audit, language: Language, screen: Screen, title: str) -> str:
    """The screen of `fenpei check`: contradictions with their law, then what deserves a second look."""
    parts: list[RenderableType] = [sentence(f"{title}  [{case.id}]", "bold")]
    broken = [finding for finding in audit.findings if finding.broken]
    parts.append(sentence(check_sentence(audit, language), "red" if broken else "green"))
    parts += broken_tables(case, Audit(tuple(broken)), language, MOST_BROKEN)
    kinds: dict[str, list[Finding]] = {}
    for finding in audit.findings:
        if finding.state is State.VIOLATED and not finding.broken:
            kinds.setdefault(".".join(finding.rule.split(".")[:2]), []).append(finding)
    for kind, found in kinds.items():
        parts += ["", sentence(f"{said(language, '留意', 'look at')} [{kind}]", "yellow")]
        parts += [sentence(finding.message.said(language), indent=2) for finding in found[:MOST_ALIKE]]
        if len(found) > MOST_ALIKE:
            more = len(found) - MOST_ALIKE
            zh, en = f"另有同类 {more} 处，见 --format json", f"and {more} more like these: see --format json"
            parts.append(sentence(said(language, zh, en), "dim", 2))
    parts += _open(case, audit, language)
    return render([*parts, "", sentence(_counts_line(audit, language))], screen)


def broken_tables(case: Case, audit: Audit, language: Language, most: int) -> list[RenderableType]:
    """What is violated, hard statements first, at most `most` of it."""
    findings = broken_first(audit.findings)
    texts = documents(case, language)
    parts: list[RenderableType] = []
    for finding in findings[:most]:
        parts.append("")
        style = "red" if finding.broken else "yellow"
        mark = _mark(finding, language)
        where = f"{mark} [{finding.rule}] ({word(finding.severity, language)})"
        parts += [sentence(where, style), *_about(finding, texts, language)]
    return parts + _left_out(len(findings) - most, language)


def _mark(finding: Finding, language: Language) -> str:
    if finding.waiver is not None:
        return said(language, "已豁免", "WAIVED")
    if finding.rule.startswith(_NAMED) and finding.severity is Severity.ADVISORY:
        return said(language, "疑点", "look at")
    if finding.severity is Severity.HARD:
        return said(language, "违反", "VIOLATED")
    return said(language, "未达到", "missed")


def _about(finding: Finding, texts: Mapping[str, str], language: Language) -> list[RenderableType]:
    lines: list[RenderableType] = [sentence(finding.message.said(language), indent=2)]
    source = cited(finding.citation, texts, language)
    if source:
        lines.append(sentence(f"{word('citation', language)}{said(language, '：', ': ')}{source}", "dim", 2))
    return [*lines, *_proof(finding, language)]


def _proof(finding: Finding, language: Language) -> Iterable[RenderableType]:
    """Where it stands, what to do about it, and who has accepted it, as far as the finding says."""
    colon = said(language, "：", ": ")
    if finding.evidence:
        cells = said(language, "、", ", ").join(map(str, finding.evidence[:MOST_CELLS]))
        if len(finding.evidence) > MOST_CELLS:
            cells += said(
                language, f" 等 {len(finding.evidence)} 处", f" and {len(finding.evidence) - MOST_CELLS} more"
            )
        yield sentence(f"{word('evidence', language)}{colon}{cells}", "dim", 2)
    if finding.remedy is not None:
        yield sentence(f"{word('remedy', language)}{colon}{finding.remedy.said(language)}", "dim", 2)
    if finding.waiver is not None:
        accepted = waiver_sentence(finding, language)
        yield sentence(f"{word('waiver', language)}{colon}{accepted}", "yellow", 2)


def _open(case: Case, audit: Audit, language: Language) -> list[RenderableType]:
    """What could not be evaluated, one line per rule with its first reason."""
    found: dict[str, list[Finding]] = {}
    for finding in audit.findings:
        if finding.state is State.NOT_EVALUATED:
            found.setdefault(finding.rule, []).append(finding)
    if not found:
        return []
    cells = [
        [rule, f"{len(group):,}", group[0].message.said(language)]
        for rule, group in list(found.items())[:MOST_BINDING]
    ]
    columns = [text_column(word("id", language)), number_column(word("count", language)),
               text_column(word("why", language), 30)]  # fmt: skip
    title = said(language, "未能核对（不算通过）", "Not evaluated (does not count as passed)")
    return ["", table(title, columns, cells), *_left_out(len(found) - MOST_BINDING, language)]


def rules_text(case: Case, language: Language, screen: Screen) -> str:
    """The screen of `fenpei rules`: each demand as a sentence with its law."""
    texts = documents(case, language)
    parts: list[RenderableType] = [sentence(f"{case.title.said(language)}  [{case.id}]", "bold")]
    for entry in rule_book(case, language):
        severity = "" if entry.severity is None else word(entry.severity, language)
        head = "  ".join(part for part in (entry.id, entry.title, severity, say_years(entry.years)) if part)
        source = cited(entry.citation, texts, language)
        parts += ["", sentence(head, "bold"), sentence(entry.sentence, indent=2), sentence(source, "dim", 2)]
    return render(parts, screen)


def scenarios_text(case: Case, language: Language, screen: Screen) -> str:
    """The screen of `fenpei plan --scenarios`."""
    if not case.scenarios:
        return render([sentence(said(language, "本案例没有情景。", "This case has no scenarios."))], screen)
    columns = [text_column(word(key, language)) for key in ("scenario", "title", "why")]
    rows = [[s.id, s.title.said(language), s.why.said(language)] for s in case.scenarios.values()]
    return render([table(case.title.said(language), columns, rows)], screen)


def grid_text(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], screen: Screen) -> str:
    """Any small table of words."""
    return render([table(title, [text_column(heading) for heading in headings], rows)], screen)
