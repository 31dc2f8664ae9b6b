"""docs/rules.md is executed: its rules parse and are linear, and no word of the grammar is missing."""

import re
from pathlib import Path

import pytest
import yaml

from models.citation import Language
from models.rules.conditions import FIELDS
from models.rules.parse import RuleSyntaxError, parse_claims, parse_condition, parse_expression
from models.rules.questions import SUBJECTS, check_everywhere, check_linear, check_subjects
from models.rules.tree import CONSTANT_QUANTITIES, Comparison, Name, Subject
from models.rules.units import WRITTEN_UNITS
from models.rules.wording import say_rule

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
RULES = re.findall(r"```rule\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_has_its_examples() -> None:
    assert len(RULES) >= 5


@pytest.mark.parametrize("block", RULES)
def test_examples_parse_and_are_linear(block: str) -> None:
    rule = yaml.safe_load(block)
    assert set(rule) <= {"for_each", "where", "left", "is", "right", "unless"}
    left, right = parse_expression(rule["left"]), parse_expression(rule["right"])
    where = parse_condition(rule["where"]) if "where" in rule else None
    for_each = [Subject(subject) for subject in rule["for_each"]]
    unless = parse_claims(rule["unless"]) if "unless" in rule else ()
    for side in (left, right, *(side for claim in unless for side in (claim.left, claim.right))):
        assert check_linear(side) + check_subjects(side) + check_everywhere(side, for_each) == []
    for lang in Language:
        assert say_rule(left, Comparison(rule["is"]), right, for_each, where, lang, unless=unless)


@pytest.mark.parametrize("name", list(Name))
def test_every_quantity_stands_in_the_table_with_what_narrows_it(name: Name) -> None:
    table = PAGE.partition("### Quantities")[2].partition("###")[0]
    (row,) = re.findall(rf"^\| `{name}` \|.*$", table, re.MULTILINE)
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert sorted(cells[4].split()) == sorted(SUBJECTS[name])
    assert cells[5] == ("no" if name in CONSTANT_QUANTITIES else "yes")


def test_every_unit_and_field_is_documented() -> None:
    fields = [f"{s}.{field}" if field != "id" else str(s) for s in FIELDS for field in FIELDS[s]]
    missing = [word for word in [*WRITTEN_UNITS, *fields] if f"`{word}`" not in PAGE]
    assert missing == []


def test_the_message_shown_is_the_message_given() -> None:
    (shown,) = re.findall(r"```message\n(.*?)\n```", PAGE, re.DOTALL)
    with pytest.raises(RuleSyntaxError) as caught:
        parse_expression(shown.split("\n")[1].strip())
    assert caught.value.render(Language.EN) == shown
