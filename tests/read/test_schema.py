"""case.schema.json is made from the table the reader uses, and accepts and refuses what the reader does."""

import jsonschema
import pytest
import yaml

from optimizer.read.schema import PATH, case_schema, schema_text
from tests.read.conftest import FILES, base_text


def faults(text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(case_schema())
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def test_the_file_is_what_the_table_says() -> None:
    assert PATH.read_text(encoding="utf-8") == schema_text()


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(case_schema())


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".yaml")])
def test_good_files_pass(file: str) -> None:
    assert faults(base_text(file)) == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("case.yaml", "years: [2017, 2018]", "years: [2017]"),
        ("needs.yaml", "kind: backlog", "kind: backlogs"),
        ("needs.yaml", "unit: 户", "units: 户"),
        ("measures.yaml", "upkeep: 50元", "upkeep: 50"),
        ("measures.yaml", "    payers: fund == company\n", ""),
    ],
)
def test_bad_files_do_not(file: str, old: str, new: str) -> None:
    assert old in base_text(file)
    assert faults(base_text(file).replace(old, new, 1)) != []
