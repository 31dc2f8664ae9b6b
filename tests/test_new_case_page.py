"""docs/new-case.md: the files on the page are a case, and the commands on it say what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from optimizer.cli import main
from optimizer.read import read_case

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "new-case.md").read_text(encoding="utf-8")
LEFT_OUT = "…"


def files() -> dict[str, str]:
    """Name -> text of every file on the page."""
    found = re.findall(r"^\*\*`(\S+)`\*\*\n\n```\w+\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert len(found) == len(dict(found)), "a file stands on the page once"
    return dict(found)


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command of the page and the lines it shows."""
    for block in re.findall(r"^```console\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ fenpei ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield command, shown


def unexpected(shown: list[str], said: list[str]) -> list[str]:
    """What the page shows and the command did not say: each passage between `…` in one piece, in order."""
    at = 0
    for number, passage in enumerate("\n".join(shown).split(LEFT_OUT)):
        lines = passage.strip("\n").splitlines()
        starts = range(at, len(said) - len(lines) + 1) if number else range(1)
        start = next((start for start in starts if said[start : start + len(lines)] == lines), None)
        if start is None:
            return lines
        at = start + len(lines)
    return [] if shown[-1] == LEFT_OUT or at == len(said) else said[at:]


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The case of the page, in a folder of its own."""
    folder = tmp_path / "inputs" / "songgu"
    folder.mkdir(parents=True)
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("FENPEI_TRACEBACK", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return folder


def test_the_commands_of_the_page_say_what_it_shows(case: Path) -> None:
    done = []
    for command, shown in commands():
        result = CliRunner().invoke(main, command.split())
        assert result.exit_code == 0, result.output
        assert unexpected(shown, result.stdout.splitlines()) == [], command
        done.append(command.split()[0])
    assert {"check", "plan", "audit"} <= set(done)


@pytest.mark.parametrize(
    ("file", "figure", "altered", "rule", "values"),
    [
        ("targets.yaml", "2019: 150", "2019: 105", "check.printed.S03", ("105 人", "150 人")),
        ("capacity.csv", "2020,12", "2020,120", "check.printed.S05", ("120 户", "12 户")),
        ("rules.yaml", "right: 40%", "right: 4%", "check.printed.S10", ("4 %", "40 %")),
    ],
)
def test_a_printed_figure_that_is_altered_is_found_with_both_values(
    case: Path, file: str, figure: str, altered: str, rule: str, values: tuple[str, str]
) -> None:
    text = (case / file).read_text(encoding="utf-8")
    assert text.count(figure) == 1
    (case / file).write_text(text.replace(figure, altered), encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(case), "--lang", "zh"])
    assert result.exit_code != 0
    said = " ".join(result.stdout.split())
    assert rule in said
    for value in values:
        assert value in said


def test_the_comparison_can_fail() -> None:
    said = ["a", "b", "c", "d"]
    assert unexpected(["a", "b", "…", "d"], said) == []
    assert unexpected(["a", "…"], said) == []
    assert unexpected(["b", "…"], said) == ["b"]
    assert unexpected(["…", "c", "d"], said) == []
    assert unexpected(["…", "b", "d"], said) == ["b", "d"]
    assert unexpected(["…", "d", "…", "a", "…"], said) == ["a"]
    assert unexpected(["a", "b"], said) == ["c", "d"]


def test_what_comes_from_the_base_is_in_the_case(case: Path) -> None:
    read = read_case(case)
    assert read.measures["house"].unit == "户"
    assert read.measures["house"].subject_codes[2020] == "2210105"
    assert read.measures["dibao"].lifetime == 1
    assert read.funds["household"].cost_weight == 0


def test_every_clause_of_the_document_is_in_the_register(case: Path) -> None:
    printed = re.findall(r"^\| (S\d+) \|", PAGE, re.MULTILINE)
    assert list(read_case(case).clauses) == printed


def test_the_page_uses_data_only(case: Path) -> None:
    assert {Path(name).suffix for name in files()} == {".yaml", ".csv"}
