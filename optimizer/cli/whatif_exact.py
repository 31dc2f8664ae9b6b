"""The exact answers of `fenpei whatif`: `--curve`, `--least`, `--latest`, `--earliest`."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from models.case import Case
from optimizer.cli.failures import ExitCode
from optimizer.cli.language import language, say
from optimizer.cli.output import message, result, screen, write_file
from optimizer.cli.stepping import watching_steps
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
    from optimizer.cli.whatif_asked import AskedWhatIf
    from optimizer.study.whatif.curve import Curve
    from optimizer.study.whatif.level import Level
    from optimizer.study.whatif.notes import Notes

CURVE_COLUMNS = ["from_fen", "to_fen", "value_from", "value_to", "slope"]


def answer_exactly(asked: AskedWhatIf) -> ExitCode:
    """One answer, found piece by piece in a folder, shown and written there."""
    from optimizer.study.whatif.notes import Notes
    from optimizer.study.whatif.store import Store

    case = read_case(asked.case, asked.patches)
    answer = _asked_for(case, asked)
    out = asked.out or _default_out(case, asked)
    with closing(Store(Path(os.path.realpath(out)))) as store, watching_steps(asked.quiet) as told:
        try:
            found = answer(Notes(case, _question(asked), asked.options, store, told))
        except KeyboardInterrupt:
            message(
                say(
                    f"已中断。算完的部分已存入 {out}，再次运行同一命令会接着算。",
                    f"Interrupted. What was found is kept in {out}: the same command goes on from there.",
                )
            )
            return ExitCode.UNPROVEN
    return found(out)


#: Shows and writes an answer that has been found, to the folder it was found in.
Shown = Callable[[Path], ExitCode]


def _asked_for(case: Case, asked: AskedWhatIf) -> Callable[[Notes], Shown]:
    """What finds the answer. Whatever cannot be asked is refused here, before anything is written."""
    from optimizer.study.whatif.level import level_amount, level_of
    from optimizer.study.whatif.timing import check_fund

    path = asked.curve or asked.least
    if path is not None:
        level = level_of(case, path)
        if asked.curve is not None:
            first, last = (level_amount(level, text) for text in (asked.start or "0.5x", asked.end or "1.5x"))
            return lambda notes: _curve(case, level, first, last, asked, notes)
        return lambda notes: _least(case, path, asked, notes)
    if asked.latest is not None:
        check_fund(case, asked.latest)
    return lambda notes: _years(case, asked, notes)


def _question(asked: AskedWhatIf) -> str:
    return json.dumps([asked.curve, asked.least, asked.latest, asked.earliest, asked.start, asked.end])


def _default_out(case: Case, asked: AskedWhatIf) -> Path:
    """`outputs/<case>-whatif-<hash of what was asked>`: the same command finds its own folder again."""
    facts = [case.sha256, _question(asked), asdict(asked.options)]
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return Path("outputs") / f"{case.id}-whatif-{digest[:8]}"


def _curve(case: Case, level: Level, first: int, last: int, asked: AskedWhatIf, notes: Notes) -> Shown:
    from optimizer.study.whatif.curve import solved_curve

    started = monotonic()
    found = solved_curve(case, level, first, last, asked.options, notes)
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
        resumed=notes.recalled,
        source=str(asked.case),
    )

    def shown(out: Path) -> ExitCode:
        from optimizer.present.whatif_chart import curve_svg

        table = csv_text(CURVE_COLUMNS, curve_csv(report))
        write_file(out, "curve.csv", table)
        write_file(out, "chart.svg", curve_svg(report, language()))
        text = None if asked.form == "csv" else lambda: curve_text(report, language(), screen())
        _said(asked, out, "curve", curve_object(report, language()), text)
        if asked.form == "csv":
            result(table, data=True)
        if not report.pieces:
            return ExitCode.INFEASIBLE
        return ExitCode.DONE if report.exact else ExitCode.UNPROVEN

    return shown


def _pieces(curve: Curve, sign: int) -> tuple[Piece, ...]:
    """The stretches in the goal's own sense."""
    ends = [curve.first, *curve.breaks, curve.last]
    return tuple(
        Piece(first, last, sign * line(first), sign * line(last), sign * line.slope)
        for line, first, last in zip(curve.lines, ends, ends[1:], strict=False)
    )


def _least(case: Case, path: str, asked: AskedWhatIf, notes: Notes) -> Shown:
    from optimizer.study.whatif.threshold import least

    started = monotonic()
    found = least(case, path, asked.options, notes)
    report = LeastReport(
        case=case,
        path=found.level.path,
        total=found.level.total,
        fen=found.fen,
        relaxed=found.relaxed,
        at=found.at,
        below=found.below,
        exactly=found.exactly,
        proven=found.proven,
        impossible=found.impossible,
        cases=found.cases,
        patches=_patches(found.level, found.fen),
        patches_below=_patches(found.level, None if found.fen is None else found.fen - 1),
        seconds=monotonic() - started,
        resumed=notes.recalled,
    )

    def shown(out: Path) -> ExitCode:
        text = lambda: least_text(report, language(), screen())  # noqa: E731
        _said(asked, out, "least", least_object(report), text)
        if report.fen is None:
            return ExitCode.INFEASIBLE if report.proven else ExitCode.UNPROVEN
        return ExitCode.DONE if report.proven else ExitCode.UNPROVEN

    return shown


def _patches(level: Level, fen: int | None) -> tuple[str, ...]:
    return () if fen is None or fen < 0 else level.patches(fen)


def _years(case: Case, asked: AskedWhatIf, notes: Notes) -> Shown:
    from optimizer.study.whatif.timing import check_fund, earliest, latest

    started = monotonic()
    fund = None if asked.latest is None else check_fund(case, asked.latest)
    found = earliest(case, asked.options, notes) if fund is None else latest(case, fund, asked.options, notes)
    report = YearReport(
        case=case,
        question="earliest" if fund is None else "latest",
        fund=fund,
        year=found.year,
        records=found.records,
        proven=found.proven,
        seconds=monotonic() - started,
        resumed=notes.recalled,
        source=str(asked.case),
    )

    def shown(out: Path) -> ExitCode:
        text = lambda: year_text(report, language(), screen())  # noqa: E731
        _said(asked, out, report.question, year_object(report), text)
        if not report.proven:
            return ExitCode.UNPROVEN
        return ExitCode.INFEASIBLE if report.year is None else ExitCode.DONE

    return shown


def _said(
    asked: AskedWhatIf, out: Path, name: str, found: dict[str, Any], text: Callable[[], str] | None
) -> None:
    """To the folder and to standard output; `text` None: something else is shown there."""
    found = {**found, "out": str(out)}
    write_file(out, f"{name}.json", to_json(found))
    if asked.form == "json":
        result(to_json(found), data=True)
    elif text is not None:
        result(text())
        message(say(f"已写入 {out}", f"Written to {out}"))
