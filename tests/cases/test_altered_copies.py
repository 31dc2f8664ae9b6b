"""A figure altered in a copy of a case is found by `check`, from the data alone, with both values."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

from models.finding import Finding
from optimizer.read import read_case
from optimizer.study.check import check_case
from optimizer.study.checks import printed
from optimizer.study.checks.ground import Ground

INPUTS = Path(__file__).parents[2] / "inputs"
CASES = sorted(folder.name for folder in INPUTS.iterdir() if (folder / "case.yaml").exists())


def copied(name: str, tmp_path: Path) -> Path:
    """The case, free to be changed; it can be copied alone."""
    return shutil.copytree(INPUTS / name, tmp_path / name)


def faults(folder: Path) -> list[Finding]:
    return [finding for finding in check_case(read_case(folder)).findings if finding.broken]


@pytest.mark.parametrize("name", CASES)
def test_the_case_itself_has_no_fault(name: str) -> None:
    assert [finding.message.en for finding in faults(INPUTS / name)] == []


@pytest.mark.parametrize("name", CASES)
def test_a_part_that_is_one_more_is_found(name: str, tmp_path: Path) -> None:
    """One more poor person somewhere: the parts no longer make the total that the document prints."""
    folder = copied(name, tmp_path)
    table = folder / "stocks.csv"
    with table.open(encoding="utf-8", newline="") as given:
        rows = list(csv.reader(given))
    members = rows[0].index("members")
    rows[1][members] = str(int(rows[1][members]) + 1)
    with table.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    found = faults(folder)
    assert found
    assert all(finding.left != finding.right for finding in found)


@pytest.mark.parametrize("name", CASES)
def test_a_target_ten_times_too_large_is_found(name: str, tmp_path: Path) -> None:
    """The first yearly figure of targets.yaml with a zero too many."""
    folder = copied(name, tmp_path)
    page = folder / "targets.yaml"
    text = page.read_text(encoding="utf-8")
    figure = re.search(r"(amounts: \{\d{4}: )(\d{2,})|(shares: \{\d{4}: )(\d+)%", text)
    assert figure is not None
    if figure.group(2):
        text = f"{text[: figure.end(2)]}0{text[figure.end(2) :]}"
    else:
        text = f"{text[: figure.start(4)]}99{text[figure.end(4) :]}"
    page.write_text(text, encoding="utf-8")
    found = faults(folder)
    assert found
    assert all(finding.message.zh and finding.message.en for finding in found)


@pytest.mark.parametrize("name", [name for name in CASES if (INPUTS / name / "printed.csv").exists()])
def test_a_figure_that_is_not_the_printed_one_is_found(name: str) -> None:
    """Each printed figure in turn with a zero too many, as if the case's figure had lost one."""
    case = read_case(INPUTS / name)
    assert case.printed
    for figure in case.printed:
        value = figure.value.value
        assert value is not None
        wrong = figure.value.model_copy(update={"value": value * 10 + 1})
        altered = case.model_copy(update={"printed": (figure.model_copy(update={"value": wrong}),)})
        [found] = printed.findings(Ground(altered))
        assert found.broken, figure
        assert found.left != found.right
