"""The base `common`: sound by itself, used by the cases, and its schema knows its files."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from optimizer.read.base import SHIPPED, read_base
from optimizer.read.problems import Log
from optimizer.read.schema import base_schema
from optimizer.read.shapes import BASE_FILES
from optimizer.read.yaml_nodes import read_yaml

INPUTS = Path(__file__).parents[2] / "inputs"
BASE = SHIPPED / "common"
#: (file, id) of every template.
TEMPLATES = [
    (file, item)
    for file in BASE_FILES
    for item in re.findall(r"^  - id: (\S+)$", (BASE / file).read_text(encoding="utf-8"), re.MULTILINE)
]


def test_the_base_is_sound() -> None:
    log = Log()
    base = read_base(INPUTS / "ruyuan", read_yaml("case.yaml", "base: common\n", log), log)
    log.check()
    assert not base.broken
    assert sum(map(len, base.templates.values())) == len(TEMPLATES)


@pytest.mark.parametrize(("file", "item"), TEMPLATES)
def test_every_template_serves_a_case(file: str, item: str) -> None:
    users = [
        path.parent.name
        for path in INPUTS.glob(f"*/{file}")
        if re.search(rf"^    like: {item}$", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert users, "a template that no case is like belongs nowhere"


@pytest.mark.parametrize("file", ["base.yaml", *BASE_FILES])
def test_the_schema_of_the_base_accepts_it(file: str) -> None:
    validator = jsonschema.Draft202012Validator(base_schema())
    text = (BASE / file).read_text(encoding="utf-8")
    assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []
    assert text.startswith("# yaml-language-server: $schema=../../base.schema.json\n")


def test_every_subject_code_stands_in_the_readme() -> None:
    readme = (BASE / "README.md").read_text(encoding="utf-8")
    codes = set(re.findall(r'"(\d{7})"', (BASE / "measures.yaml").read_text(encoding="utf-8")))
    assert codes
    assert [code for code in sorted(codes) if f"| {code} |" not in readme] == []
