"""The clause registers of inputs/: every clause of each document once, in order, none invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.read import read_case

INPUTS = Path(__file__).parents[2] / "inputs"

#: Case -> the letter of its clauses, and how many its document has.
CLAUSES = {
    "yantai": ("Y", 327),
    "hubei": ("H", 335),
    "ruyuan": ("R", 193),
    "henan": ("N", 289),
    "anhui": ("A", 127),
}
REGISTERED = sorted(folder.parent.name for folder in INPUTS.glob("*/clauses.csv"))


@pytest.mark.parametrize("name", REGISTERED)
def test_every_clause_has_one_place(name: str) -> None:
    letter, last = CLAUSES[name]
    assert list(read_case(INPUTS / name).clauses) == [f"{letter}{n:03d}" for n in range(1, last + 1)]


def test_the_five_documents_have_1271_clauses() -> None:
    assert sum(last for _, last in CLAUSES.values()) == 1271
