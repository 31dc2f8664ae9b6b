"""Exact answers of `fenpei whatif`: a curve, a least level, years; as JSON and as sentences with a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log10
from typing import Any

from rich.console import RenderableType

from models.case import Case, Goal
from models.citation import Language
from models.money import spelled, wan
from optimizer.present.objects import GOAL_UNITS, exact
from optimizer.present.terminal import Screen, number_column, render, sentence, table, text_column, verbatim
from optimizer.present.whatif_remarks import (
    explain_run,
    least_command,
    least_is_higher,
    whole_lots_sentence,
    without_a_plan,
)
from optimizer.present.whatif_report import RunRecord, RunStatus
from optimizer.present.whatif_text import said_value, status_word
from optimizer.present.words import money, said

#: Style of a text that is to be copied: it is never folded.
COPIED = "copied"
#: Fen in 万元.
WAN = 1_000_000
#: Rows of the table of pieces and of patches in a sentence.
MOST_PIECES, MOST_PATCHES = 60, 4


@dataclass(frozen=True)
class Piece:
    """A straight stretch of the curve: levels in fen, values in the goal's unit, slope per fen."""

    first: Fraction
    last: Fraction
    value_first: Fraction
    value_last: Fraction
    slope: Fraction


@dataclass(frozen=True)
class CurveReport:
    """The curve over a level; `chosen`: with the 0/1 decisions of the plan of the case as it stands held.

    `solved` are plans in whole fen at some levels: the true curve runs through them, within the gap.
    """

    case: Case
    path: str
    total: int
    pieces: tuple[Piece, ...]
    exact: bool
    chosen: bool
    solved: tuple[tuple[int, RunRecord], ...]
    solves: int
    seconds: float
    resumed: int = 0
    """Pieces that an earlier, interrupted run had found."""
    source: str = "CASE"
    """The folder of the case, as the user named it."""


@dataclass(frozen=True)
class LeastReport:
    """The least level in fen with the plan at it and what one fen less gives."""

    case: Case
    path: str
    total: int
    fen: int | None
    relaxed: Fraction | None
    at: RunRecord | None
    below: RunRecord | None
    exactly: bool
    """One fen less is shown to be impossible in whole-number arithmetic, in `cases` cases."""
    proven: bool
    impossible: int
    """All levels up to this one are shown to be impossible; -1: none."""
    cases: int
    patches: tuple[str, ...]
    patches_below: tuple[str, ...]
    seconds: float
    resumed: int = 0


@dataclass(frozen=True)
class YearReport:
    """The latest or earliest year and what was found for each year tried."""

    case: Case
    question: str
    """`latest` or `earliest`."""
    fund: str | None
    year: int | None
    records: tuple[tuple[int, RunRecord], ...]
    proven: bool
    seconds: float
    resumed: int = 0
    source: str = "CASE"
    """The folder of the case, as the user named it."""


def curve_object(report: CurveReport, language: Language) -> dict[str, Any]:
    """The object of `--curve`; rationals that are not whole stand as "a/b".

    `no_plan_at_fen` are levels at which the curve has a value and whole lots have no plan; `remark` says it.
    """
    return {
        "case": report.case.id,
        "sha256": report.case.sha256,
        "path": report.path,
        "level_fen": report.total,
        "goal": report.case.goal.value,
        "unit": GOAL_UNITS[report.case.goal],
        "exact": report.exact,
        "at_chosen_projects": report.chosen,
        "whole_numbers": False,
        "pieces": [
            {
                "from_fen": exact(piece.first),
                "to_fen": exact(piece.last),
                "value_from": exact(piece.value_first),
                "value_to": exact(piece.value_last),
                "slope": exact(piece.slope),
            }
            for piece in report.pieces
        ],
        "solved": [
            {"level_fen": fen, "curve_value": exact(_at(report, Fraction(fen))), **record.object()}
            for fen, record in report.solved
        ],
        "no_plan_at_fen": list(without_a_plan(report.solved)),
        "remark": whole_lots_sentence(report.solved, language),
        "solves": report.solves,
        "resumed": report.resumed,
        "seconds": round(report.seconds, 3),
    }


def least_object(report: LeastReport) -> dict[str, Any]:
    """The object of `--least`."""
    return {
        "case": report.case.id,
        "sha256": report.case.sha256,
        "path": report.path,
        "level_fen": report.total,
        "least_fen": report.fen,
        "least_relaxed": exact(report.relaxed),
        "proven": report.proven,
        "proven_exactly": report.exactly,
        "impossible_up_to_fen": None if report.impossible < 0 else report.impossible,
        "proof_cases": report.cases,
        "at": None if report.at is None else report.at.object(),
        "below": None if report.below is None else report.below.object(),
        "patches": list(report.patches),
        "patches_below": list(report.patches_below),
        "resumed": report.resumed,
        "seconds": round(report.seconds, 3),
    }


def year_object(report: YearReport) -> dict[str, Any]:
    """The object of `--latest` and `--earliest`."""
    return {
        "case": report.case.id,
        "sha256": report.case.sha256,
        "question": report.question,
        "fund": report.fund,
        "year": report.year,
        "proven": report.proven,
        "years": [{"year": year, **record.object()} for year, record in report.records],
        "resumed": report.resumed,
        "seconds": round(report.seconds, 3),
    }


def level_title(case: Case, path: str, language: Language) -> str:
    """What a level such as `fund.central[2018].amount` is called: the fund's title, and what narrows it."""
    id, _, keys = path.removeprefix("fund.").removesuffix(".amount").partition("[")
    title = said(language, "全部资金", "all funds") if id == "*" else case.funds[id].title.said(language)
    parts = [part.strip() for part in keys.rstrip("]").replace("，", ",").split(",") if part.strip()]
    narrowed = said(language, "、", ", ").join(
        case.regions[part].name if part in case.regions else said(language, f"{part}年", part)
        for part in parts
    )
    return title + (said(language, f"（{narrowed}）", f" ({narrowed})") if narrowed else "")


def curve_text(report: CurveReport, language: Language, screen: Screen) -> str:
    """The curve as a table of stretches, and the plans that were solved beside it."""
    case = report.case
    title = f"{case.title.said(language)}: {level_title(case, report.path, language)}"
    parts: list[RenderableType] = [sentence(title, "bold")]
    parts += [sentence(text, style) for text, style in _curve_sentences(report, language)]
    if report.pieces:
        goal = case.goal.value
        unit = ""
        if case.goal is Goal.LEAST_COST:
            goal, unit = said(language, "花费", "cost"), said(language, "（万元）", " (万元)")
        columns = [
            number_column(said(language, "额度从（万元）", "from (万元)")),
            number_column(said(language, "到（万元）", "to (万元)")),
            number_column(said(language, f"起点{goal}{unit}", f"{goal} there{unit}")),
            number_column(said(language, f"终点{goal}{unit}", f"{goal} at the end{unit}")),
            number_column(said(language, "每多1万元", "per 万元 more")),
        ]
        rows = [
            [
                _wan(piece.first),
                _wan(piece.last),
                _value(case, piece.value_first),
                _value(case, piece.value_last),
                said_slope(case, piece.slope),
            ]
            for piece in report.pieces[:MOST_PIECES]
        ]
        parts += ["", table("", columns, rows)]
        if len(report.pieces) > MOST_PIECES:
            rest = len(report.pieces) - MOST_PIECES
            parts.append(
                sentence(
                    said(language, f"另有 {rest} 段，见 --format json", f"and {rest} more: see --format json")
                )
            )
    if report.solved:
        parts += ["", _solved(report, language), *_remark(report, language)]
    return render(
        [*parts, sentence(said(language, f"用时 {report.seconds:.1f} 秒", f"{report.seconds:.1f} s"), "dim")],
        screen,
    )


def _time(seconds: float, language: Language) -> RenderableType:
    return sentence(said(language, f"用时 {seconds:.1f} 秒", f"{seconds:.1f} s"), "dim")


def _curve_sentences(report: CurveReport, language: Language) -> list[tuple[str, str]]:
    if not report.pieces:
        zh = "在所问的范围里没有任何额度可行。"
        return [(said(language, zh, "No level in the range is feasible."), "red")]
    texts = []
    if report.exact:
        zh = f"曲线由 {len(report.pieces)} 段直线组成，每个拐点与斜率都用分数精确算出并证明。"
        en = f"{len(report.pieces)} straight stretch(es); breakpoints and slopes are proven in rationals."
        texts.append((said(language, zh, en), "green"))
    else:
        zh, en = (
            "有的区段未能精确证明，曲线在那里是下界。",
            "Some stretch could not be proven exactly; the curve is a bound there.",
        )
        texts.append((said(language, zh, en), "yellow"))
    if report.chosen:
        zh = (
            "0/1 决策与不可分项目按现有方案的选择不变，其余数量可分，曲线对此是精确的；真正的整数方案见下表，"
            "由求解得到。这些方案可以另选项目，因此可能比曲线更优。"
        )
        en = (
            "Yes-or-no decisions and indivisible projects stay as in the plan of the case, other quantities "
            "are divisible: for this the curve is exact. Whole-number plans, found by solving, are in the "
            "second table. They may choose other projects and so be better than the curve."
        )
    else:
        zh = "曲线按数量可分计算；取整到分、到人的方案见下表，由求解得到。"
        en = (
            "The curve takes quantities as divisible; plans in whole fen and persons are in the second table."
        )
    return [*texts, (said(language, zh, en), "")]


def _solved(report: CurveReport, language: Language) -> RenderableType:
    columns = [
        number_column(said(language, "额度（万元）", "level (万元)")),
        text_column(said(language, "结论", "status")),
        number_column(said(language, "整数方案", "whole-number plan")),
        number_column(said(language, "精确曲线", "exact curve")),
    ]
    rows = []
    for fen, record in report.solved:
        curve = _at(report, Fraction(fen))
        rows.append(
            [
                wan(fen),
                status_word(record.status, language),
                "-" if record.objective is None else _value(report.case, record.objective),
                "-" if curve is None else _value(report.case, curve),
            ]
        )
    return table("", columns, rows)


def _remark(report: CurveReport, language: Language) -> list[RenderableType]:
    """Why there is no plan where the curve has a value, and what finds the least level of a plan."""
    text = whole_lots_sentence(report.solved, language)
    if not text:
        return []
    parts: list[RenderableType] = ["", sentence(text, "yellow")]
    if least_is_higher(report.solved):
        parts.append(sentence(said(language, "求最低额度：", "To find the least level:"), "yellow"))
        parts.append(verbatim(least_command(report.source, report.path, report.case.patches), indent=2))
    return parts


def _at(report: CurveReport, level: Fraction) -> Fraction | None:
    for piece in report.pieces:
        if piece.first <= level <= piece.last:
            return piece.value_first + piece.slope * (level - piece.first)
    return None


def least_text(report: LeastReport, language: Language, screen: Screen) -> str:
    """The least level as sentences."""
    named = level_title(report.case, report.path, language)
    parts: list[RenderableType] = [sentence(f"{report.case.title.said(language)}: {named}", "bold")]
    for text, style in _least_sentences(report, language):
        parts.append(verbatim(text, "dim") if style == COPIED else sentence(text, style))
    parts.append(_time(report.seconds, language))
    return render(parts, screen)


def _least_sentences(report: LeastReport, language: Language) -> list[tuple[str, str]]:
    if report.fen is None:
        zh, en = (
            "无论给多少，目标都达不到：问题不在这项资金。",
            "No level of this fund is enough: the trouble lies elsewhere.",
        )
        return [(said(language, zh, en), "red")]
    if report.fen == 0:
        zh, en = "没有这项资金，所有目标和条款也能满足。", "Every target and rule can hold without this fund."
        return [(said(language, zh, en), "green")]
    amount, now = money(report.fen, language), money(report.total, language)
    share = f"{report.fen / report.total:.2%}"
    to_the_fen = spelled(report.fen)
    zh = (
        f"至少需要 {amount}，精确到分为 {to_the_fen} 元（案例中为 {now}，即 {share}），"
        "所有目标和条款才能全部满足。"
    )
    en = (
        f"At least {amount} is needed, to the fen {to_the_fen} yuan (the case has {now}, so {share}), "
        "for every target and rule to hold."
    )
    texts = [(said(language, zh, en), "green" if report.proven else "yellow")]
    texts += _below_sentences(report, report.fen, language)
    shown = " ".join(f"--set '{patch}'" for patch in report.patches[:MOST_PATCHES])
    more = "" if len(report.patches) <= MOST_PATCHES else " ..."
    return [*texts, (said(language, f"复现：{shown}{more}", f"To reproduce: {shown}{more}"), COPIED)]


def _below_sentences(report: LeastReport, fen: int, language: Language) -> list[tuple[str, str]]:
    """What is known of one fen less, and of everything further down."""
    if report.exactly and report.impossible == fen - 1:
        zh = (
            f"再少 1 分就无解，更低的额度也都无解：已用整数运算严格证明（{report.cases} 种情形），"
            "不依赖求解器。"
        )
        en = (
            "One fen less is impossible, and so is every lower level: proven in whole-number arithmetic "
            f"({report.cases} cases), whatever a solver says."
        )
        return [(said(language, zh, en), "")]
    if report.exactly:
        zh = f"再少 1 分就无解：已用整数运算严格证明（{report.cases} 种情形），不依赖求解器。"
        en = (
            f"One fen less is impossible: proven in whole-number arithmetic ({report.cases} cases), "
            "whatever a solver says."
        )
        texts = [(said(language, zh, en), "")]
    elif report.proven:
        zh, en = "再少 1 分就无解：求解器已确认。", "One fen less is impossible: the solver has confirmed it."
        texts = [(said(language, zh, en), "")]
    else:
        zh, en = (
            "再少 1 分时没有找到方案，但未能证明无解：真正的最低额度可能略低。",
            "One fen less gave no plan, but is not proven impossible: "
            "the true least level may be a little lower.",
        )
        texts = [(said(language, zh, en), "yellow")]
    limit = report.impossible + 1
    if 0 < limit < fen:
        low, gap = spelled(limit), spelled(fen - limit)
        zh = f"可以确定的是：低于 {low} 元一定不行（与上面的额度相差 {gap} 元）。"
        en = f"What is certain: less than {low} yuan will not do ({gap} yuan below the level named above)."
        texts.append((said(language, zh, en), ""))
    return texts


def year_text(report: YearReport, language: Language, screen: Screen) -> str:
    """The year as a sentence, and the years that were tried."""
    parts: list[RenderableType] = [sentence(report.case.title.said(language), "bold")]
    parts.append(sentence(_year_sentence(report, language), "green" if report.year is not None else "red"))
    columns = [
        text_column(said(language, "年份", "year")),
        text_column(said(language, "结论", "status")),
        number_column(said(language, "花费（万元）", "cost (万元)")),
    ]
    rows = [
        [str(year), status_word(record.status, language), "-" if record.cost is None else wan(record.cost)]
        for year, record in report.records
    ]
    parts += ["", table("", columns, rows), *_repeated(report, language)]
    parts.append(_time(report.seconds, language))
    return render(parts, screen)


def _repeated(report: YearReport, language: Language) -> list[RenderableType]:
    """What each year is as `--set` takes it, and what says why the first that does not work is impossible."""
    said_as = [(year, record) for year, record in report.records if record.patches]
    parts: list[RenderableType] = []
    for year, record in said_as:
        shown = " ".join(f"--set '{patch}'" for patch in record.patches[:MOST_PATCHES])
        more = "" if len(record.patches) <= MOST_PATCHES else " ..."
        parts.append(verbatim(said(language, f"{year}年：{shown}{more}", f"{year}: {shown}{more}"), "dim"))
    if report.question == "earliest" and not said_as:
        zh = "案例没有统计全部贫困人口的累计目标，各年的试算不能用 --set 写出。"
        en = "No target counts all the poor to date, so that the years tried cannot be written with --set."
        return [sentence(said(language, zh, en), "dim")]
    impossible = [record for _, record in said_as if record.status is RunStatus.INFEASIBLE]
    if impossible:
        command = explain_run(report.source, (*report.case.patches, *impossible[-1].patches))
        zh, en = "为什么无解、怎样改，可用：", "Why a year is infeasible, and what would help:"
        parts += [sentence(said(language, zh, en)), verbatim(command, indent=2)]
    return parts


def _year_sentence(report: YearReport, language: Language) -> str:
    doubt = (
        ""
        if report.proven
        else said(language, "（未能证明其他年份无解）", " (other years are not proven impossible)")
    )
    if report.question == "latest":
        fund = report.fund or ""
        title = report.case.funds[fund].title.said(language)
        if report.year is None:
            zh, en = f"{title}即使按时到位，目标也达不到。", f"Even on time, {title} is not enough."
        elif report.year == report.case.first_year and len(report.records) > 1:
            zh = f"{title}一年也推迟不得，须从 {report.year} 年起按时到位。"
            en = f"{title} cannot be put off by a single year: it must come on time from {report.year} on."
        else:
            zh = f"{title}最迟可推到 {report.year} 年到位（此前各年的金额一并到位），目标仍能全部达到。"
            en = f"{title} may arrive as late as {report.year}, all earlier amounts then: every target holds."
        return said(language, zh, en) + doubt
    if report.year is None:
        zh, en = "规划期内无法让全部贫困人口脱贫。", "Not everybody can be out within the horizon."
    else:
        zh, en = (
            f"最早 {report.year} 年底全部贫困人口可以脱贫。",
            f"Everybody can be out by the end of {report.year} at the earliest.",
        )
    return said(language, zh, en) + doubt


def _wan(level: Fraction) -> str:
    """A level in 万元; one that is no whole number of fen is marked."""
    text = wan(int(level), 6).rstrip("0").rstrip(".")
    return text if level.denominator == 1 else f"{text}…"


def _value(case: Case, value: Fraction) -> str:
    return said_value(case, value)


def said_slope(case: Case, slope: Fraction) -> str:
    """Per 万元 more: 万元 of cost, or persons and benefit; a small slope with two digits, never as zero."""
    number = slope if case.goal is Goal.LEAST_COST else slope * WAN
    if not number:
        return "0"
    digits = max(4, 1 - floor(log10(abs(number))))
    return f"{float(number):+.{digits}f}"


def curve_csv(report: CurveReport) -> Sequence[Sequence[object]]:
    """The pieces as rows of text."""
    return [
        [exact(p.first), exact(p.last), exact(p.value_first), exact(p.value_last), exact(p.slope)]
        for p in report.pieces
    ]
