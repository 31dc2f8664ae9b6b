"""What `fenpei whatif` shows in a terminal: one table and one chart of all runs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from string import ascii_uppercase

from rich.console import RenderableType

from models.case import Case, Goal
from models.citation import Language
from models.money import wan
from optimizer.present.exits import Kind
from optimizer.present.terminal import Screen, number_column, render, sentence, table, text_column, verbatim
from optimizer.present.titles import named
from optimizer.present.whatif_remarks import explain_command
from optimizer.present.whatif_report import RunRecord, RunStatus, SweepReport
from optimizer.present.words import said, word

#: Payers and rules that a cell of the table names.
PAYERS, RULES = 2, 2
#: Statements of a conflict, and infeasible runs with the same one, that are named.
STATEMENTS, RUNS = 6, 8
#: Names of the paths of a grid where runs have to be told apart in little room.
LETTERS = ascii_uppercase
_STATUS = {
    RunStatus.OPTIMAL: ("已证明", "proven"),
    RunStatus.FEASIBLE: ("未证明", "not proven"),
    RunStatus.INFEASIBLE: ("无解", "infeasible"),
    RunStatus.UNKNOWN: ("无结果", "nothing found"),
    RunStatus.RELAXED: ("仅下界", "bound only"),
}


def status_word(status: RunStatus, language: Language) -> str:
    """The word for a run's status."""
    return said(language, *_STATUS[status])


def label(report: SweepReport, record: RunRecord, language: Language) -> str:
    """What a run is called in the table: its level where one path is varied."""
    if record is report.base:
        return said(language, "原案例", "as it stands")
    if len(report.axes) == 1 and len(record.patches) == 1:
        path, _, level = record.patches[0].partition("=")
        if path == report.axes[0].path:
            return level
    if len(report.axes) > 1 and len(record.patches) == len(report.axes):
        pairs = [patch.rpartition("=") for patch in record.patches]
        if [path for path, _, _ in pairs] == [one.path for one in report.axes]:
            return " ".join(
                f"{letter}={level}" for letter, (_, _, level) in zip(LETTERS, pairs, strict=False)
            )
    return record.name


def legend(report: SweepReport) -> list[str]:
    """What is varied: the path with its ends, or what the letters of a grid's runs stand for."""
    if len(report.axes) == 1:
        [one] = report.axes
        return [f"{one.path} = {' … '.join(dict.fromkeys((one.levels[0], one.levels[-1])))}"]
    return [f"{letter} = {one.path}" for letter, one in zip(LETTERS, report.axes, strict=False)]


def value(case: Case, record: RunRecord) -> Fraction | None:
    """What is charted: cost in fen for least cost, the goal's value for the other goals."""
    if case.goal is Goal.LEAST_COST:
        return None if record.cost is None else Fraction(record.cost)
    return record.objective


def said_value(case: Case, amount: Fraction) -> str:
    """A charted value with its separators: 万元, persons or benefit."""
    return wan(int(amount)) if case.goal is Goal.LEAST_COST else f"{float(amount):,.0f}"


def sweep_text(report: SweepReport, language: Language, screen: Screen) -> str:
    """The screen of `fenpei whatif`."""
    title = report.case.title.said(language)
    zh, en = (
        f"假如……：{title}（{len(report.records) - 1} 种）",
        f"What if: {title}, {len(report.records) - 1} runs",
    )
    parts: list[RenderableType] = [sentence(said(language, zh, en), "bold")]
    if report.relaxed:
        parts.append(sentence(relaxed_sentence(language), "yellow"))
    parts += [sentence(line) for line in legend(report)]
    parts += ["", _table(report, language), "", *_chart(report, language, screen)]
    return render([*parts, *_footer(report, language)], screen)


def relaxed_sentence(language: Language) -> str:
    """That no plans were made."""
    return said(
        language,
        "只求了不取整的线性规划：金额是任何合法方案的界限，不是方案，未取整、未审核。",
        "Only the program without whole numbers was solved: the figures bound every lawful plan; they are no "
        "plans, not settled and not audited.",
    )


def _table(report: SweepReport, language: Language) -> RenderableType:
    base = report.base
    kinds = [kind for kind in Kind if any(record.out(kind) is not None for record in report.records)]
    columns = [
        text_column(said(language, "情形", "run")),
        text_column(said(language, "结论", "status")),
        number_column(said(language, "花费（万元）", "cost (万元)")),
        number_column(said(language, "比原案例", "change")),
        *(number_column(word(kind.value, language)) for kind in kinds),
        text_column(said(language, "谁出钱", "who pays"), 14),
        text_column(said(language, "刚好达到的条款", "what binds"), 18),
    ]
    rows = []
    for record in report.records:
        name = label(report, record, language)
        rows.append(
            [
                f"{name}\n{record.note}" if record.note else name,
                status_word(record.status, language),
                "-" if record.cost is None else wan(record.cost),
                _change(base, record),
                *("-" if (out := record.out(kind)) is None else f"{out:,}" for kind in kinds),
                payers(report.case, record, language),
                _binds(base, record, language),
            ]
        )
    return table("", columns, rows)


def _change(base: RunRecord, record: RunRecord) -> str:
    if record is base or record.cost is None or not base.cost:
        return ""
    return f"{(record.cost - base.cost) / base.cost:+.2%}"


def payers(case: Case, record: RunRecord, language: Language, most: int = PAYERS) -> str:
    """The funds that pay most with their share of all money, largest first."""
    totals = {fund: record.total(fund) for fund in record.spent}
    whole = sum(totals.values())
    if not whole:
        return ""
    ranked = sorted(totals, key=lambda fund: -totals[fund])
    named = [f"{case.funds[fund].title.said(language)} {totals[fund] / whole:.0%}" for fund in ranked[:most]]
    return said(language, "，", ", ").join(named)


def _binds(base: RunRecord, record: RunRecord, language: Language) -> str:
    """The base's binding rules; of any other run what is new and what no longer binds."""
    if not record.binding and record.status not in (RunStatus.OPTIMAL, RunStatus.FEASIBLE):
        return ""
    ranked = sorted(record.binding, key=lambda rule: ("." in rule, -record.binding[rule], rule))
    if record is base or not base.binding:
        return _listed(ranked, "", language)
    new = [rule for rule in ranked if rule not in base.binding]
    gone = [rule for rule in sorted(base.binding) if rule not in record.binding]
    if not new and not gone:
        return said(language, "同原案例", "as in the case")
    return " ".join(text for text in (_listed(new, "+", language), _listed(gone, "-", language)) if text)


def _listed(rules: Sequence[str], sign: str, language: Language) -> str:
    shown = [f"{sign}{rule}" for rule in rules[:RULES]]
    if len(rules) > RULES:
        shown.append(said(language, f"等共 {len(rules)} 条", f"and {len(rules) - RULES} more"))
    return " ".join(shown)


def _chart(report: SweepReport, language: Language, screen: Screen) -> list[RenderableType]:
    """A dot for each run between the least and the most; those without a value say why."""
    values = {i: v for i, r in enumerate(report.records) if (v := value(report.case, r)) is not None}
    if len(values) < 2:
        return []
    low, high = min(values.values()), max(values.values())
    names = [label(report, record, language) for record in report.records]
    left = min(max(map(_cells, names)), screen.width // 3)
    width = max(20, screen.width - left - 24)
    lines: list[RenderableType] = []
    unit = {Goal.LEAST_COST: "万元"}.get(report.case.goal, "")
    axis = f"{said_value(report.case, low)} … {said_value(report.case, high)} {unit}".rstrip()
    lines.append(
        sentence(said(language, f"图：左端到右端为 {axis}", f"Chart, left end to right end: {axis}"))
    )
    for i, record in enumerate(report.records):
        name = _padded(names[i], left)
        if i not in values:
            lines.append(f"{name} │ × {status_word(record.status, language)}")
            continue
        at = int((values[i] - low) / (high - low) * (width - 1)) if high > low else 0
        mark = {RunStatus.FEASIBLE: "○", RunStatus.RELAXED: "◇"}.get(record.status, "●")
        lines.append(f"{name} │{'·' * at}{mark}{' ' * (width - 1 - at)} {said_value(report.case, values[i])}")
    return lines


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _padded(text: str, width: int) -> str:
    from rich.cells import set_cell_size

    return set_cell_size(text, width)


def _conflicts(report: SweepReport, language: Language) -> list[RenderableType]:
    """What contradicts itself in the infeasible runs, by title; runs with the same set stand together."""
    runs: dict[tuple[str, ...], list[str]] = {}
    for record in report.records:
        if record.status is RunStatus.INFEASIBLE:
            runs.setdefault(record.conflict, []).append(label(report, record, language))
    unnamed = _unnamed(runs.pop((), []), language)
    if not runs:
        return unnamed
    zh = "无解的情形里，下列条款与案例的数据不能同时成立（已由求解器证明；未必是最小的一组）："
    en = (
        "In the infeasible runs these statements cannot hold together with the facts of the case "
        "(proven by the solver; not always the fewest):"
    )
    parts: list[RenderableType] = [sentence(said(language, zh, en))]
    for conflict, names in runs.items():
        titles = [f"{named(report.case, id).title.said(language)} [{id}]" for id in conflict[:STATEMENTS]]
        text = said(language, "；", "; ").join(titles)
        if (more := len(conflict) - STATEMENTS) > 0:
            text += said(language, f"；等共 {len(conflict)} 条", f"; and {more} more")
        whose = _whose(names, language)
        parts.append(sentence(said(language, f"· {whose}：{text}", f"· {whose}: {text}")))
    return [*parts, *unnamed]


def _whose(names: Sequence[str], language: Language) -> str:
    whose = said(language, "、", ", ").join(names[:RUNS])
    if len(names) > RUNS:
        whose += said(language, f" 等 {len(names)} 种", f" and {len(names) - RUNS} more")
    return whose


def _unnamed(names: Sequence[str], language: Language) -> list[RenderableType]:
    """Infeasible runs of which nothing contradicts itself as long as quantities can be divided."""
    if not names:
        return []
    whose = _whose(names, language)
    zh = f"· {whose}：按数量可拆分计算没有找到矛盾，无解多半是取整（整户、整人、整处）所致。"
    en = (
        f"· {whose}: no contradiction was found in divisible quantities; "
        "most likely whole lots are in the way."
    )
    return [sentence(said(language, zh, en))]


def _footer(report: SweepReport, language: Language) -> list[RenderableType]:
    parts: list[RenderableType] = [""]
    if report.resumed:
        zh, en = f"其中 {report.resumed} 种上次已算完", f"{report.resumed} of the runs were there already"
        parts.append(sentence(said(language, zh, en)))
    if report.crashed:
        zh = f"有 {report.crashed} 次计算进程中途退出，已重算"
        en = f"{report.crashed} worker process(es) ended before their run did; those runs were made again"
        parts.append(sentence(said(language, zh, en), "yellow"))
    for record in report.records:
        if record.message and record.status is not RunStatus.INFEASIBLE:
            parts.append(sentence(f"{label(report, record, language)}: {record.message}", "yellow"))
    parts += _conflicts(report, language)
    if (command := explain_command(report)) is not None:
        zh, en = "为什么无解、怎样改，可用：", "Why a run is infeasible, and what would help:"
        parts += [sentence(said(language, zh, en)), verbatim(command, indent=2)]
    if report.out is not None:
        parts.append(sentence(said(language, f"已写入 {report.out}", f"Written to {report.out}")))
    zh, en = f"用时 {report.seconds:.1f} 秒", f"{report.seconds:.1f} s"
    return [*parts, sentence(said(language, zh, en), "dim")]
