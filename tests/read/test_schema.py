"""The JSON Schemas are made from the table the reader uses, and accept and refuse what the reader does."""

from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
import yaml

from optimizer.read.schema import BASE_PATH, PATH, base_schema, case_schema, schema_text
from tests.read.conftest import FILES, base_text


def faults(text: str, schema: Mapping[str, Any] | None = None) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema or case_schema())
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def test_the_files_are_what_the_table_says() -> None:
    assert PATH.read_text(encoding="utf-8") == schema_text(case_schema())
    assert BASE_PATH.read_text(encoding="utf-8") == schema_text(base_schema())


def test_they_are_schemas() -> None:
    jsonschema.Draft202012Validator.check_schema(case_schema())
    jsonschema.Draft202012Validator.check_schema(base_schema())


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


def test_an_item_like_a_template_needs_its_id_and_its_citation_only() -> None:
    item = "{id: a, like: b, citation: {document: plan, section: 一, basis: stated}}"
    assert faults(f"measures: [{item}]") == []
    assert faults("measures: [{id: a, like: b}]") != []
    assert faults(f"rules: [{item}]") != []


def test_a_template_needs_its_id_only() -> None:
    assert faults("measures: [{id: a, unit: 户}]", base_schema()) == []
    assert faults("measures: [{unit: 户}]", base_schema()) != []
    assert faults("measures: [{id: a, like: b}]", base_schema()) != []
    assert faults("base: x\ntitle: 甲\ndocuments: [{id: a, title: 甲}]", base_schema()) == []
