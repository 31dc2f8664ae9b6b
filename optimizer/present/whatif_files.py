"""The files of a what-if: the runs as JSON and CSV, and the chart as SVG that any browser shows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any

from models.case import Goal
from models.citation import Language
from models.money import yuan
from optimizer.present.csv_texts import csv_text
from optimizer.present.exits import Kind
from optimizer.present.whatif_remarks import explain_command
from optimizer.present.whatif_report import RunRecord, RunStatus, SweepReport
from optimizer.present.whatif_text import label, legend, relaxed_sentence, said_value, status_word, value
from optimizer.present.words import said

_COLOURS = ("#31688e", "#35b779", "#e69f00", "#cc79a7", "#56b4e9", "#d55e00", "#7f7f7f")
#: Funds that have a colour of their own; the others are added up.
FUNDS = 6
#: Letters of a fund's title beside its colour.
LEGEND = 15


def sweep_object(report: SweepReport, language: Language) -> dict[str, Any]:
    """The object of `fenpei whatif`: `runs` in the order asked for; `base` is the case as it stands.

    `explain` is the command that says why one of the infeasible runs is so; None where there is none.
    """
    return {
        "case": report.case.id,
        "title": report.case.title.said(language),
        "goal": report.case.goal.value,
        "sha256": report.case.sha256,
        "patches": list(report.case.patches),
        "relaxed": report.relaxed,
        "axes": [{"path": one.path, "levels": list(one.levels)} for one in report.axes],
        "base": report.base.object(),
        "runs": [record.object() for record in report.records[1:]],
        "options": dict(report.options),
        "resumed": report.resumed,
        "crashed": report.crashed,
        "seconds": round(report.seconds, 3),
        "explain": explain_command(report),
        "out": report.out,
    }


def runs_csv(report: SweepReport, language: Language) -> str:
    """One line per run: status, cost, exits at the end, what each fund pays, what binds. Money in 元."""
    kinds = [kind for kind in Kind if any(record.out(kind) is not None for record in report.records)]
    funds = [fund for fund in report.case.funds if any(record.total(fund) for record in report.records)]
    header = [
        "run", "patches", "status", "cost(元)", "objective", "bound", "gap",
        *(kind.value for kind in kinds), *(f"{fund}(元)" for fund in funds), "binding", "note", "message",
    ]  # fmt: skip
    return csv_text(header, (_line(record, kinds, funds) for record in report.records))


def _line(record: RunRecord, kinds: Sequence[Kind], funds: Sequence[str]) -> list[object]:
    found = record.object()
    return [
        record.name,
        " ".join(record.patches),
        record.status.value,
        None if record.cost is None else yuan(record.cost),
        found["objective"],
        found["bound"],
        None if record.gap is None else f"{float(record.gap):.2e}",
        *(record.out(kind) for kind in kinds),
        *(yuan(record.total(fund)) if record.spent else None for fund in funds),
        " ".join(record.binding),
        record.note,
        record.message,
    ]


def chart_svg(report: SweepReport, language: Language) -> str:
    """Above: cost (or the goal's value) of every run. Below: who pays, as bars of all money."""
    records = report.records
    step = max(16, min(60, 900 // max(1, len(records))))
    width = 150 + step * len(records) + 240
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="640" '
        f'viewBox="0 0 {width} 640" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="640" fill="white"/>',
        svg_text(20, 24, f"{report.case.title.said(language)}", "start", "bold"),
    ]
    notes = [*legend(report), *([relaxed_sentence(language)] if report.relaxed else [])]
    parts.append(svg_text(20, 42, "; ".join(notes), "start"))
    parts += _upper(report, language, step, width)
    parts += _lower(report, language, step)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(number: int, step: int) -> float:
    return 150 + step * (number + 0.5)


def _upper(report: SweepReport, language: Language, step: int, width: int) -> list[str]:
    values = {i: v for i, r in enumerate(report.records) if (v := value(report.case, r)) is not None}
    top, bottom = 70.0, 290.0
    if not values:
        return [svg_text(150, 180, said(language, "没有可行的情形", "no run has a plan"), "start")]
    low, high = min(values.values()), max(values.values())
    span = float(high - low) or 1.0

    def y(number: int) -> float:
        return bottom - (float(values[number] - low) / span * 0.9 + 0.05) * (bottom - top)

    parts = [svg_line(150, bottom, width - 240, bottom), svg_line(150, top, 150, bottom)]
    money = report.case.goal is Goal.LEAST_COST
    what = said(language, "花费（万元，", "cost (万元, ") if money else f"{report.case.goal.value} ("
    title = what + said(language, "纵轴不从零开始）", "the axis does not begin at zero)")
    parts.append(svg_text(150, 60, title, "start"))
    for at in (min(values, key=lambda n: values[n]), max(values, key=lambda n: values[n])):
        parts.append(svg_text(144, y(at) + 4, said_value(report.case, values[at]), "end"))
    for line in _series(report):
        for here, following in pairwise(line):
            if here in values and following in values:
                ends = _x(here, step), y(here), _x(following, step), y(following)
                parts.append(svg_line(*ends, colour=_COLOURS[0]))
    for number, record in enumerate(report.records):
        if number in values:
            fill = _COLOURS[0] if record.status is RunStatus.OPTIMAL else "white"
            tip = f"{label(report, record, language)}: {said_value(report.case, values[number])}"
            parts.append(
                f'<circle cx="{_x(number, step):.1f}" cy="{y(number):.1f}" r="4" fill="{fill}" '
                f'stroke="{_COLOURS[0]}"><title>{escape(tip)}</title></circle>'
            )
        else:
            tip = f"{label(report, record, language)}: {status_word(record.status, language)}"
            parts.append(
                f'<text x="{_x(number, step):.1f}" y="{bottom - 6}" text-anchor="middle" fill="#b2182b">×'
                f"<title>{escape(tip)}</title></text>"
            )
    return parts


def _series(report: SweepReport) -> list[list[int]]:
    """Runs that a line joins: along the last axis of a grid, level after level."""
    if not report.axes:
        return []
    size = len(report.axes[-1].levels)
    total = size
    for one in report.axes[:-1]:
        total *= len(one.levels)
    return [list(range(1 + start, 1 + start + size)) for start in range(0, total, size)]


def _lower(report: SweepReport, language: Language, step: int) -> list[str]:
    top, bottom = 330.0, 520.0
    totals = {fund: max(record.total(fund) for record in report.records) for fund in report.case.funds}
    named = sorted((fund for fund in totals if totals[fund]), key=lambda fund: -totals[fund])[:FUNDS]
    most = max((sum(record.total(f) for f in record.spent) for record in report.records), default=0) or 1
    title = said(language, "谁出钱（全部资金，万元）", "who pays (all money, 万元)")
    parts = [svg_text(150, 320, title, "start"), svg_text(144, top + 4, said_wan(most), "end")]
    parts.append(svg_line(150, bottom, 150 + step * len(report.records), bottom))
    for number, record in enumerate(report.records):
        y = bottom
        rest = sum(record.total(fund) for fund in record.spent if fund not in named)
        for i, (fund, fen) in enumerate([*((f, record.total(f)) for f in named), ("", rest)]):
            height = fen / most * (bottom - top)
            y -= height
            name = report.case.funds[fund].title.said(language) if fund else said(language, "其他", "others")
            if height > 0.05:
                parts.append(
                    f'<rect x="{_x(number, step) - step * 0.4:.1f}" y="{y:.1f}" width="{step * 0.8:.1f}" '
                    f'height="{height:.1f}" fill="{_COLOURS[i] if fund else _COLOURS[-1]}">'
                    f"<title>{escape(f'{name} {said_wan(fen)}')}</title></rect>"
                )
        text = label(report, record, language)
        short = _short(text, LEGEND)
        x = _x(number, step)
        parts.append(
            f'<text x="{x:.1f}" y="{bottom + 14}" text-anchor="end" '
            f'transform="rotate(-60 {x:.1f} {bottom + 14})">{escape(short)}</text>'
        )
    left = 170 + step * len(report.records)
    for i, fund in enumerate([*named, ""]):
        name = report.case.funds[fund].title.said(language) if fund else said(language, "其他", "others")
        colour = _COLOURS[i] if fund else _COLOURS[-1]
        parts.append(f'<rect x="{left}" y="{top + 20 * i}" width="12" height="12" fill="{colour}"/>')
        parts.append(svg_text(left + 18, top + 20 * i + 10, _short(name, LEGEND), "start"))
    return parts


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def said_wan(fen: int) -> str:
    """Fen as whole 万元."""
    return f"{fen // 1_000_000:,}"


def svg_text(x: float, y: float, text: str, anchor: str, weight: str = "normal") -> str:
    """A text; `anchor` is start, middle or end."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">{escape(text)}</text>'
    )


def svg_line(x1: float, y1: float, x2: float, y2: float, colour: str = "#444") -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'
