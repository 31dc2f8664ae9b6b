"""The files of a what-if: the runs as JSON and CSV, and the chart as SVG that any browser shows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any

from rich.cells import cell_len, set_cell_size

from models.case import Goal
from models.citation import Language
from models.money import yuan
from optimizer.present.csv_texts import csv_text
from optimizer.present.exits import Kind
from optimizer.present.terminal import folded
from optimizer.present.whatif_remarks import explain_command
from optimizer.present.whatif_report import RunRecord, RunStatus, SweepReport
from optimizer.present.whatif_text import label, legend, relaxed_sentence, said_value, status_word, value
from optimizer.present.words import said

_COLOURS = ("#31688e", "#35b779", "#e69f00", "#cc79a7", "#56b4e9", "#d55e00", "#7f7f7f")
#: Funds that have a colour of their own; the others are added up.
FUNDS = 6
#: Cells (a Chinese character has two) of a fund's title beside its colour, and of a run's name below its bar.
LEGEND, NAME = 30, 36
#: Pixels of a cell, of a line of text, of the picture above the names of the runs, and its least width.
CELL, LINE, ABOVE_NAMES, LEAST_WIDTH = 6.6, 16, 534, 760


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
        *(kind.value for kind in kinds), *(f"{fund}(元)" for fund in funds), "binding", "conflict", "note",
        "message",
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
        " ".join(record.conflict),
        record.note,
        record.message,
    ]


def chart_svg(report: SweepReport, language: Language) -> str:
    """Above: cost (or the goal's value) of every run. Below: who pays, as bars of all money."""
    records = report.records
    step = max(16, min(60, 900 // max(1, len(records))))
    width = max(LEAST_WIDTH, 150 + step * len(records) + 240)
    room = int((width - 40) / CELL)
    head = folded(report.case.title.said(language), int(room * 0.9))
    notes = [*legend(report), *([relaxed_sentence(language)] if report.relaxed else [])]
    texts = [line for note in notes for line in folded(note, room)]
    down = LINE * max(0, len(head) + len(texts) - 2)
    longest = max(cell_len(_short(label(report, record, language), NAME)) for record in records)
    height = down + ABOVE_NAMES + 30 + int(longest * CELL * 0.87)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *(svg_text(20, 24 + LINE * i, line, "start", "bold") for i, line in enumerate(head)),
        *(svg_text(20, 26 + LINE * i, line, "start") for i, line in enumerate(texts, len(head))),
        f'<g transform="translate(0,{down})">',
    ]
    parts += _upper(report, language, step)
    parts += _lower(report, language, step)
    return "\n".join([*parts, "</g>", "</svg>"]) + "\n"


def _x(number: float, step: int) -> float:
    return 150 + step * (number + 0.5)


def _upper(report: SweepReport, language: Language, step: int) -> list[str]:
    values = {i: v for i, r in enumerate(report.records) if (v := value(report.case, r)) is not None}
    records = report.records
    top, bottom = 70.0, 290.0
    if not values:
        return [svg_text(150, 180, said(language, "没有可行的情形", "no run has a plan"), "start")]
    low, high = min(values.values()), max(values.values())
    span = float(high - low) or 1.0

    def y(number: int) -> float:
        return bottom - (float(values[number] - low) / span * 0.9 + 0.05) * (bottom - top)

    parts = [svg_line(150, bottom, _x(len(records) - 0.5, step), bottom), svg_line(150, top, 150, bottom)]
    money = report.case.goal is Goal.LEAST_COST
    what = said(language, "花费（万元，", "cost (万元, ") if money else f"{report.case.goal.value} ("
    title = what + said(language, "纵轴不从零开始）", "the axis does not begin at zero)")
    parts.append(svg_text(150, 60, title, "start"))
    ends = {
        said_value(report.case, values[at]): y(at)
        for at in (min(values, key=lambda n: values[n]), max(values, key=lambda n: values[n]))
    }
    parts += [svg_text(144, height + 4, text, "end") for text, height in ends.items()]
    for line in _series(report):
        for here, following in pairwise(line):
            if here in values and following in values:
                points = _x(here, step), y(here), _x(following, step), y(following)
                parts.append(svg_line(*points, colour=_COLOURS[0]))
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
    return [*parts, *_marks(report, language, _x(len(records) - 0.5, step) + 20, top)]


def _marks(report: SweepReport, language: Language, left: float, top: float) -> list[str]:
    """What the marks mean, as far as they occur."""
    parts: list[str] = []
    found = {record.status for record in report.records}
    for i, status in enumerate(status for status in RunStatus if status in found):
        y = top + 20 * i
        if status in (RunStatus.INFEASIBLE, RunStatus.UNKNOWN):
            parts.append(f'<text x="{left + 6}" y="{y + 10}" text-anchor="middle" fill="#b2182b">×</text>')
        else:
            fill = _COLOURS[0] if status is RunStatus.OPTIMAL else "white"
            parts.append(f'<circle cx="{left + 6}" cy="{y + 6}" r="4" fill="{fill}" stroke="{_COLOURS[0]}"/>')
        parts.append(svg_text(left + 18, y + 10, status_word(status, language), "start"))
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
        short = _short(text, NAME)
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
    """At most so many cells of a text."""
    return text if cell_len(text) <= most else f"{set_cell_size(text, most - 1).rstrip()}…"


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
