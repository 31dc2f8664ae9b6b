"""`fenpei rules`: what a case demands, in words; with `--clauses`, where every clause of it went."""

from __future__ import annotations

from pathlib import Path

from models.case import Case
from optimizer.cli.failures import ExitCode
from optimizer.cli.language import language
from optimizer.cli.output import result, screen
from optimizer.present.objects import to_json
from optimizer.present.rule_book import rules_csv, rules_object
from optimizer.read import read_case


def show_rules(
    case: Path, clauses: bool, patches: tuple[str, ...], scenario: str | None, form: str, quiet: bool
) -> ExitCode:
    """The rule book, or the clause register."""
    known = read_case(case, patches, scenario)
    if clauses:
        _show_register(known, form)
    elif form == "json":
        result(to_json(rules_object(known, language())), data=True)
    elif form == "csv":
        result(rules_csv(known, language()), data=True)
    else:
        from optimizer.present.tables import rules_text

        result(rules_text(known, language(), screen()))
    return ExitCode.DONE


def _show_register(case: Case, form: str) -> None:
    from optimizer.present.register import register_csv, register_object, register_text

    if form == "json":
        result(to_json(register_object(case)), data=True)
    elif form == "csv":
        result(register_csv(case), data=True)
    else:
        result(register_text(case, language(), screen()))
