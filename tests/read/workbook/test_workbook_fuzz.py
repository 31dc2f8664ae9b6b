"""Changed bytes of a good workbook: a case, or clean problems in both languages, never anything else."""

from __future__ import annotations

import random
import re
import zipfile
from pathlib import Path

import pytest

from models.citation import Language
from optimizer.read import CaseErrors, read_case
from tests.read.sheets.conftest import tampered

#: One seed by default, ten in a long run.
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 10))]


def outcome(path: Path, raw: bytes) -> str:
    path.write_bytes(raw)
    said = []
    try:
        read_case(path)
    except CaseErrors as errors:
        said = [problem.said(language) for problem in errors.problems for language in Language]
    assert all(said)
    return "problems" if said else "case"


@pytest.mark.parametrize("seed", SEEDS)
def test_changed_bytes_of_the_file(seed: int, workbook: Path, tmp_path: Path) -> None:
    chance, good = random.Random(seed), workbook.read_bytes()
    seen = set()
    for _ in range(40):
        raw = bytearray(good)
        for _ in range(chance.choice([1, 3, 30])):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        seen.add(
            outcome(
                tmp_path / "x.xlsx", bytes(raw[: chance.choice([None, None, chance.randrange(len(raw))])])
            )
        )
    assert "problems" in seen


@pytest.mark.parametrize("seed", SEEDS)
def test_changed_bytes_inside_the_parts(seed: int, workbook: Path, tmp_path: Path) -> None:
    """Past the checksums: the XML of sheets and texts itself is changed."""
    chance = random.Random(100 + seed)
    with zipfile.ZipFile(workbook) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/") and "comments" not in name]

    def change(content: bytes) -> bytes:
        raw = bytearray(content)
        for _ in range(chance.choice([1, 2, 8])):
            at = chance.randrange(len(raw))
            raw[at : at + 1] = chance.choice([b"0", b"9", b"A", b"<", b" ", b"", b"\xe4\xb8\x80", b'"', b"-"])
        return bytes(raw)

    good, seen = workbook.read_bytes(), set()
    for _ in range(40):
        chosen = [*chance.sample(names, 2), "xl/sharedStrings.xml"]
        seen.add(outcome(tmp_path / "x.xlsx", tampered(good, dict.fromkeys(chosen, change))))
    assert "problems" in seen


@pytest.mark.parametrize("seed", SEEDS)
def test_cells_swapped_for_others(seed: int, workbook: Path, tmp_path: Path) -> None:
    """Well-formed sheets whose cells refer to other texts: every value may stand anywhere."""
    chance = random.Random(200 + seed)
    with zipfile.ZipFile(workbook) as parts:
        names = [name for name in parts.namelist() if "worksheets/sheet" in name and name.endswith(".xml")]
        texts = parts.read("xl/sharedStrings.xml").count(b"<si>")

    def change(content: bytes) -> bytes:
        def other(found: re.Match[bytes]) -> bytes:
            return found[0] if chance.random() < 0.97 else b't="s"><v>%d</v>' % chance.randrange(texts)

        return re.sub(rb't="s"><v>\d+</v>', other, content)

    good, seen = workbook.read_bytes(), set()
    for _ in range(40):
        changes = dict.fromkeys(chance.sample(names, 12), change)
        seen.add(outcome(tmp_path / "x.xlsx", tampered(good, changes)))
    assert "problems" in seen
