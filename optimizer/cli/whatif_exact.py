"""The exact answers of `fenpei whatif`: `--curve`, `--least`, `--latest`, `--earliest`."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from models.case import Case
from optimizer.cli.failures import ExitCode
from optimizer.cli.language import language, say
from optimizer.cli.output import message, result, screen
from optimizer.present.csv_texts import csv_text
from optimizer.present.objects import to_json
from optimizer.present.whatif_exact import (
    CurveReport,
    LeastReport,
    Piece,
    YearReport,
    curve_csv,
    curve_object,
    curve_text,
    least_object,
    least_text,
    year_object,
    year_text,
)
from optimizer.read import read_case

if TYPE_CHECKING:
    from optimizer.cli.whatif import AskedWhatIf
    from optimizer.study.whatif.curve import Curve
    from optimizer.study.whatif.level import Level


def answer_exactly(asked: AskedWhatIf) -> ExitCode:
    """One answer, shown and, with `--out`, written."""
    case = read_case(asked.case, asked.patches)
    if not asked.quiet:
        message(say("正在计算……", "working ..."))
    if asked.curve is not None:
        return _curve(case, asked.curve, asked)
    if asked.least is not None:
        return _least(case, asked.least, asked)
    return _years(case, asked)


def _curve(case: Case, path: str, asked: AskedWhatIf) -> ExitCode:
    from optimizer.study.whatif.curve import solved_curve
    from optimizer.study.whatif.level import level_amount, level_of

    started = monotonic()
    level = level_of(case, path)
    first, last = (level_amount(level, text) for text in (asked.start or "0.5x", asked.end or "1.5x"))
    found = solved_curve(case, level, first, last, asked.options)
    report = CurveReport(
        case=case,
        path=level.path,
        total=level.total,
        pieces=() if found.curve is None else _pieces(found.curve, found.sign),
        exact=found.curve is not None and found.curve.exact,
        chosen=found.chosen,
        solved=found.solved,
        solves=0 if found.curve is None else found.curve.solves,
        seconds=monotonic() - started,
    )
    if asked.form == "csv":
        header = ["from_fen", "to_fen", "value_from", "value_to", "slope"]
        result(csv_text(header, curve_csv(report)), data=True)
    else:
        _said(asked, "curve", curve_object(report), lambda: curve_text(report, language(), screen()))
    if not report.pieces:
        return ExitCode.INFEASIBLE
    return ExitCode.DONE if report.exact else ExitCode.UNPROVEN


def _pieces(curve: Curve, sign: int) -> tuple[Piece, ...]:
    """The stretches in the goal's own sense."""
    ends = [curve.first, *curve.breaks, curve.last]
    return tuple(
        Piece(first, last, sign * line(first), sign * line(last), sign * line.slope)
        for line, first, last in zip(curve.lines, ends, ends[1:], strict=False)
    )


def _least(case: Case, path: str, asked: AskedWhatIf) -> ExitCode:
    from optimizer.study.whatif.threshold import least

    started = monotonic()
    found = least(case, path, asked.options)
    report = LeastReport(
        case=case,
        path=found.level.path,
        total=found.level.total,
        fen=found.fen,
        relaxed=found.relaxed,
        at=found.at,
        below=found.below,
        below_relaxed=found.below_relaxed,
        proven=found.proven,
        patches=_patches(found.level, found.fen),
        patches_below=_patches(found.level, None if found.fen is None else found.fen - 1),
        seconds=monotonic() - started,
    )
    _said(asked, "least", least_object(report), lambda: least_text(report, language(), screen()))
    if report.fen is None:
        return ExitCode.INFEASIBLE if report.proven else ExitCode.UNPROVEN
    return ExitCode.DONE if report.proven else ExitCode.UNPROVEN


def _patches(level: Level, fen: int | None) -> tuple[str, ...]:
    return () if fen is None or fen < 0 else level.patches(fen)


def _years(case: Case, asked: AskedWhatIf) -> ExitCode:
    from optimizer.study.whatif.timing import earliest, latest

    started = monotonic()
    fund = None if asked.latest is None else asked.latest.removeprefix("fund.").removesuffix(".amount")
    found = earliest(case, asked.options) if fund is None else latest(case, fund, asked.options)
    report = YearReport(
        case=case,
        question="earliest" if fund is None else "latest",
        fund=fund,
        year=found.year,
        records=found.records,
        proven=found.proven,
        seconds=monotonic() - started,
    )
    _said(asked, report.question, year_object(report), lambda: year_text(report, language(), screen()))
    if not report.proven:
        return ExitCode.UNPROVEN
    return ExitCode.INFEASIBLE if report.year is None else ExitCode.DONE


def _said(asked: AskedWhatIf, name: str, found: dict[str, Any], text: Any) -> None:
    """To standard output, and to the folder if one is named."""
    if asked.out is not None:
        _kept(asked.out, name, found)
    result(to_json(found), data=True) if asked.form == "json" else result(text())


def _kept(out: Path, name: str, found: dict[str, Any]) -> None:
    from optimizer.cli.whatif import write_file
    from optimizer.study.whatif.store import Store

    Store(out).close()  # refuses a folder that is not ours
    write_file(out, f"{name}.json", to_json(found))
