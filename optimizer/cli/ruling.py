"""`fenpei rules`: what a case demands, in words; where every clause of it went; what an audit looks at."""

from __future__ import annotations

from pathlib import Path

from models.case import Case
from optimizer.cli.failures import ExitCode
from optimizer.cli.language import language
from optimizer.cli.output import result, screen
from optimizer.present.objects import to_json
from optimizer.present.rule_book import rules_csv, rules_object
from optimizer.read import read_case
from optimizer.read.catalogue import read_catalogue


def show_rules(
    case: Path,
    clauses: bool,
    checks: bool,
    patches: tuple[str, ...],
    scenario: str | None,
    form: str,
    quiet: bool,
) -> ExitCode:
    """The rule book, the clause register, or the named checks of the audit."""
    known = read_case(case, patches, scenario)
    if clauses:
        _show_register(known, form)
    elif checks:
        _show_checks(known, case, form)
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
        result(to_json(register_object(case, language())), data=True)
    elif form == "csv":
        result(register_csv(case, language()), data=True)
    else:
        result(register_text(case, language(), screen()))


def _show_checks(case: Case, path: Path, form: str) -> None:
    from optimizer.present.checks import checks_csv, checks_object, checks_text

    catalogue = read_catalogue(path, case)
    if form == "json":
        result(to_json(checks_object(case, catalogue, language())), data=True)
    elif form == "csv":
        result(checks_csv(catalogue, language()), data=True)
    else:
        result(checks_text(case, catalogue, language(), screen()))
