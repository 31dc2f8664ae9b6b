"""docs/audit.md says what the code does: its meanings, units, options and files are those that there are."""

import re
from pathlib import Path

from click.testing import CliRunner

from models.allocation import Allocation
from models.case import Case
from models.citation import Language
from models.finding import Audit
from models.submission import MappedColumn, Spot, Submission
from optimizer.cli import main
from optimizer.present.audit_files import AuditReport, audit_files
from optimizer.read.foreign.words import vocabulary

PAGE = (Path(__file__).parents[3] / "docs" / "audit.md").read_text(encoding="utf-8")


def test_the_page_names_every_meaning() -> None:
    listed = re.search(r"^Meanings: (.*?)\. The words", PAGE, re.DOTALL | re.MULTILINE)
    assert listed is not None
    pairs = {tuple(pair.split()[::-1]) for pair in listed.group(1).replace("\n", " ").split(",")}
    assert pairs == {(meaning, zh) for meaning, (zh, _) in vocabulary().said.items() if meaning != "ignore"}


def test_the_page_names_every_chinese_unit_of_money() -> None:
    said = PAGE[PAGE.index("or in `--unit`:") :].partition(". None")[0].split(":")[1].split()
    assert set(said) <= set(vocabulary().money)
    assert {vocabulary().money[unit] for unit in said} == set(vocabulary().money.values()) - {10**9}


def test_the_options_of_the_page_are_options_of_the_command() -> None:
    shown = CliRunner().invoke(main, ["audit", "--help"]).output
    for option in set(re.findall(r"`(--[a-z]+)", PAGE)) - {"--format"}:
        assert option in shown, option


def test_the_page_names_every_file(case: Case) -> None:
    columns = (MappedColumn(Spot("t.csv", None, "1:a"), "a", "year"),)
    report = AuditReport(case, Submission(Allocation(), columns=columns), Audit(()), "t.csv")
    table = PAGE[PAGE.index("## `--out DIR`") :]
    for name, _ in audit_files(report, Language.EN):
        assert name in table or name == "README.txt", name
