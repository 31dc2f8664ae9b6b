"""The chart of an exact curve: its lines, a mark at every breakpoint, slopes, and plans as dots."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from html import escape

from models.case import Goal
from models.citation import Language
from optimizer.present.whatif_exact import CurveReport, Piece, level_title, said_slope
from optimizer.present.whatif_files import svg_line, svg_text
from optimizer.present.whatif_remarks import without_a_plan
from optimizer.present.whatif_text import said_value
from optimizer.present.words import said

#: The picture and the frame within it.
WIDTH, HEIGHT = 960, 560
LEFT, RIGHT, TOP, BOTTOM = 150.0, 920.0, 90.0, 470.0
#: A slope or a level is written where its text does not run into the last one.
ROOM = 74.0
Scale = Callable[[Fraction], float]
#: What the cross says.
NO_PLAN = "整数方案无解", "no whole-number plan"
LINE, DOT, MARK = "#31688e", "#d55e00", "#b2182b"


def curve_svg(report: CurveReport, language: Language) -> str:
    """The curve over the level of the fund in 万元; cost in 万元 (or the goal's value) on the left."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        svg_text(20, 24, f"{report.case.title.said(language)}", "start", "bold"),
        svg_text(20, 44, level_title(report.case, report.path, language), "start"),
    ]
    if report.chosen:
        zh, en = (
            "0/1 决策与不可分项目不变，数量可分",
            "yes-or-no decisions as in the case, quantities divisible",
        )
        parts[-1] = svg_text(
            20, 44, f"{level_title(report.case, report.path, language)} ({said(language, zh, en)})", "start"
        )
    if report.pieces:
        parts += _drawn(report, language)
    else:
        zh, en = "在所问的范围里没有任何额度可行", "no level in the range is feasible"
        parts.append(svg_text(LEFT, 250, said(language, zh, en), "start"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _drawn(report: CurveReport, language: Language) -> list[str]:
    pieces = report.pieces
    values = [v for piece in pieces for v in (piece.value_first, piece.value_last)]
    values += [Fraction(r.objective) for _, r in report.solved if r.objective is not None]
    first, last = pieces[0].first, pieces[-1].last
    low, high = min(values), max(values)
    wide, tall = float(last - first) or 1.0, float(high - low) or 1.0

    def x(level: Fraction) -> float:
        return LEFT + float(level - first) / wide * (RIGHT - LEFT)

    def y(value: Fraction) -> float:
        return BOTTOM - (float(value - low) / tall * 0.88 + 0.06) * (BOTTOM - TOP)

    money = report.case.goal is Goal.LEAST_COST
    what = said(language, "花费（万元，", "cost (万元, ") if money else f"{report.case.goal.value} ("
    parts = [
        svg_line(LEFT, BOTTOM, RIGHT, BOTTOM),
        svg_line(LEFT, TOP, LEFT, BOTTOM),
        svg_text(
            LEFT,
            TOP - 14,
            what + said(language, "纵轴不从零开始）", "the axis does not begin at zero)"),
            "start",
        ),
        svg_text((LEFT + RIGHT) / 2, HEIGHT - 20, said(language, "额度（万元）", "level (万元)"), "middle"),
        *(
            svg_text(LEFT - 6, y(v) + 4, said_value(report.case, v), "end")
            for v in dict.fromkeys((low, high))
        ),
    ]
    parts += _ticks(pieces, x)
    for piece in pieces:
        ends = x(piece.first), y(piece.value_first), x(piece.last), y(piece.value_last)
        parts.append(svg_line(*ends, colour=LINE))
    parts += _slopes(report, language, x, y)
    for piece in pieces[1:]:
        tip = f"{_level(piece.first)} 万元: {said_value(report.case, piece.value_first)}"
        parts.append(_circle(x(piece.first), y(piece.value_first), 4.5, "white", MARK, tip))
    for fen, record in report.solved:
        if record.objective is not None:
            tip = f"{_level(Fraction(fen))} 万元: {said_value(report.case, record.objective)}"
            parts.append(_circle(x(Fraction(fen)), y(Fraction(record.objective)), 3.0, DOT, DOT, tip))
    for fen in without_a_plan(report.solved):
        tip = f"{_level(Fraction(fen))} 万元: {said(language, *NO_PLAN)}"
        parts.append(
            f'<text x="{x(Fraction(fen)):.1f}" y="{BOTTOM - 6}" text-anchor="middle" fill="{MARK}">×'
            f"<title>{escape(tip)}</title></text>"
        )
    return [*parts, *_legend(report, language)]


def _ticks(pieces: tuple[Piece, ...], x: Scale) -> list[str]:
    """The ends and breakpoints on the axis of levels, as many as there is room for."""
    parts, taken = [], [x(pieces[-1].last)]
    levels = [pieces[0].first, *(piece.first for piece in pieces[1:])]
    parts.append(svg_text(taken[0], BOTTOM + 18, _level(pieces[-1].last), "middle"))
    for level in levels:
        at = x(level)
        parts.append(svg_line(at, BOTTOM, at, BOTTOM + 5))
        if all(abs(at - other) >= ROOM for other in taken):
            taken.append(at)
            parts.append(svg_text(at, BOTTOM + 18, _level(level), "middle"))
    return parts


def _slopes(report: CurveReport, language: Language, x: Scale, y: Scale) -> list[str]:
    """The slope beside the middle of each stretch that is long enough; every one as a tip."""
    parts, last = [], -ROOM
    for piece in report.pieces:
        middle = (piece.first + piece.last) / 2
        at = x(middle)
        if x(piece.last) - x(piece.first) >= ROOM / 2 and at - last >= ROOM:
            last = at
            text = said_slope(report.case, piece.slope)
            rising = piece.value_last > piece.value_first
            anchor = "end" if rising else "start"  # beside the line, not across it
            height = y((piece.value_first + piece.value_last) / 2) - 10
            place = at - 6 if rising else at + 6
            parts.append(
                f'<text x="{place:.1f}" y="{height:.1f}" text-anchor="{anchor}" '
                f'fill="{LINE}">{escape(text)}</text>'
            )
    return parts


def _legend(report: CurveReport, language: Language) -> list[str]:
    breaks = said(language, "拐点", "breakpoint")
    slopes = said(language, "线旁的数：每多1万元的变化", "beside a line: change per 万元 more")
    plans = said(language, "精确到分的方案", "plan in whole fen")
    y = HEIGHT - 46.0
    parts = [_circle(LEFT + 6, y - 4, 4.5, "white", MARK, breaks), svg_text(LEFT + 18, y, breaks, "start")]
    if report.solved:
        parts += [_circle(LEFT + 126, y - 4, 3.0, DOT, DOT, plans), svg_text(LEFT + 138, y, plans, "start")]
    parts.append(svg_text(LEFT + 290, y, slopes, "start"))
    if without_a_plan(report.solved):
        left = LEFT + 540
        parts.append(f'<text x="{left}" y="{y}" text-anchor="middle" fill="{MARK}">×</text>')
        parts.append(svg_text(left + 12, y, said(language, *NO_PLAN), "start"))
    return parts


def _circle(x: float, y: float, radius: float, fill: str, stroke: str, tip: str) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{stroke}">'
        f"<title>{escape(tip)}</title></circle>"
    )


def _level(level: Fraction) -> str:
    """A level in 万元 for reading: two decimals are enough beside an axis."""
    return f"{float(level) / 1_000_000:,.2f}".rstrip("0").rstrip(".")
