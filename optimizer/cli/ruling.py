"""`fenpei rules`: what a case demands, in words."""

from __future__ import annotations

from pathlib import Path

from optimizer.cli.failures import ExitCode
from optimizer.cli.language import language
from optimizer.cli.output import result, screen
from optimizer.present.objects import to_json
from optimizer.present.rule_book import rules_csv, rules_object
from optimizer.read import read_case


def show_rules(
    case: Path, patches: tuple[str, ...], scenario: str | None, form: str, quiet: bool
) -> ExitCode:
    """The rule book."""
    known = read_case(case, patches, scenario)
    if form == "json":
        result(to_json(rules_object(known, language())), data=True)
    elif form == "csv":
        result(rules_csv(known, language()), data=True)
    else:
        from optimizer.present.tables import rules_text

        result(rules_text(known, language(), screen()))
    return ExitCode.DONE
