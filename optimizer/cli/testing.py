"""`fenpei selftest`: does every engine that is installed compute rightly on this machine?"""

from __future__ import annotations

from optimizer.cli.failures import ExitCode
from optimizer.cli.language import language, say
from optimizer.cli.output import result, screen
from optimizer.present.csv_texts import csv_text
from optimizer.present.objects import to_json
from optimizer.present.words import word
from optimizer.solve import selftest
from optimizer.solve.selftest import selftest_cases


def test_engines(form: str) -> ExitCode:
    """Each tiny problem on each engine: expected, got, right or wrong; a crash is a fault (5)."""
    answers = {case.name: _answer(case.stop.value, case.objective) for case in selftest_cases()}
    found = selftest()
    rows: list[dict[str, str | bool | float]] = [
        {
            "engine": one.engine,
            "problem": one.case,
            "expected": answers[one.case],
            # The message holds the answer, then what was expected; an error has no such part.
            "got": one.message.partition("; expected")[0].removesuffix(", None"),
            "ok": one.passed,
            "seconds": round(one.seconds, 3),
        }
        for one in found
    ]
    crashed = any(not one.passed and "; expected" not in one.message for one in found)
    wrong = any(not one.passed for one in found) or not found
    if form == "json":
        result(to_json({"ok": not wrong, "results": rows}), data=True)
    elif form == "csv":
        header = ["engine", "problem", "expected", "got", "ok"]
        result(csv_text(header, ([str(row[key]) for key in header] for row in rows)), data=True)
    else:
        _table(rows)
    return ExitCode.FAULT if crashed else ExitCode.BROKEN if wrong else ExitCode.DONE


def _answer(stop: str, objective: float | None) -> str:
    return stop if objective is None else f"{stop}, {objective}"


def _table(rows: list[dict[str, str | bool | float]]) -> None:
    from optimizer.present.tables import grid_text

    headings = [word(key, language()) for key in ("engine", "problem", "expected", "got", "result")]
    marks = {True: say("对", "ok"), False: say("错", "WRONG")}
    cells = (
        [*(str(row[key]) for key in ("engine", "problem", "expected", "got")), marks[bool(row["ok"])]]
        for row in rows
    )
    result(grid_text(say("求解器自检", "Self-test of the engines"), headings, cells, screen()))
