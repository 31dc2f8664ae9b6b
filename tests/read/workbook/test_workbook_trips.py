"""Folder to workbook and back: the same case, whatever program has saved the workbook in between."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.citation import Language
from optimizer.read import CaseErrors, read_case
from optimizer.read.kinds import CONDITION, ID_KIND, TEXT, YEARS, Kind, list_of, mapping, set_of
from optimizer.read.problems import Log
from optimizer.read.workbook import convert
from optimizer.read.workbook.convert import difference, template, to_folder, to_workbook
from optimizer.read.workbook.values import Spot, moved, node_of, text_of
from optimizer.read.yaml_nodes import Entries, Items, Node, Scalar
from tests.read.conftest import Folder
from tests.read.workbook.conftest import Book

INPUTS = Path(__file__).parents[3] / "inputs"
SPOT = Spot("", 0, 0, Log(), "")


BIG = [pytest.param(name, marks=pytest.mark.soak) for name in ("henan", "yantai", "hubei")]


@pytest.mark.parametrize("name", ["ruyuan", "anhui", *BIG])
def test_every_case_comes_back_equal(name: str, tmp_path: Path) -> None:
    """`to_workbook` and `to_folder` compare too; here it is asked from outside."""
    case = read_case(INPUTS / name)
    there = to_workbook(INPUTS / name, tmp_path / "case.xlsx", Language.ZH)
    to_folder(tmp_path / "case.xlsx", tmp_path / "back")
    back = read_case(tmp_path / "back")
    assert difference(case, back) is None
    assert case.clauses == back.clauses
    assert case.statements == back.statements
    assert case.scenarios == back.scenarios
    assert (tmp_path / "back" / "README.md").read_text() == (INPUTS / name / "README.md").read_text()
    assert there.case is not None
    assert there.case.sha256 != case.sha256


def test_the_comparison_sees_a_difference(folder: Folder) -> None:
    case = folder.read()
    folder.change("costs.csv", "grid,,,300000", "grid,,,300001")
    assert difference(case, folder.read()) == "tables"
    folder.change("regions.csv", "40000,20000", "40000,20001")
    assert difference(case.model_copy(update={"tables": folder.read().tables}), folder.read()) == "regions"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_a_workbook_that_libreoffice_has_saved_reads_the_same(tmp_path: Path) -> None:
    to_workbook(INPUTS / "ruyuan", tmp_path / "case.xlsx", Language.ZH)
    command = ["soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{tmp_path}/profile"]
    saving = [
        *command,
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "saved"),
        str(tmp_path / "case.xlsx"),
    ]
    subprocess.run(saving, check=True, capture_output=True, timeout=120)
    saved = tmp_path / "saved" / "case.xlsx"
    assert saved.read_bytes() != (tmp_path / "case.xlsx").read_bytes()
    assert difference(read_case(INPUTS / "ruyuan"), read_case(saved)) is None


def test_the_same_case_gives_the_same_bytes(folder: Folder, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        to_workbook(folder.path, tmp_path / name, Language.ZH)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_workbook_is_laid_out_anew(workbook: Path, tmp_path: Path, folder: Folder) -> None:
    done = to_workbook(workbook, tmp_path / "again.xlsx", Language.EN)
    assert difference(folder.read(), read_case(done.out)) is None


def test_texts_that_look_like_something_else(folder: Folder, tmp_path: Path) -> None:
    """Codes keep their zeros, and what begins like a formula stays text."""
    folder.change("regions.csv", "甲县", "=1+1")
    folder.change("regions.csv", "410225", "010225")
    folder.change("measures.yaml", "title: 助学金", 'title: "-cmd|@x"')
    folder.change("needs.csv", "b,housing,,3,plan", "b,housing,,3,plan")
    to_workbook(folder.path, tmp_path / "case.xlsx", Language.ZH)
    case = read_case(tmp_path / "case.xlsx")
    assert case.regions["a"].name == "=1+1"
    assert case.regions["a"].code == "010225"
    assert case.measures["grant"].title.zh == "-cmd|@x"


def test_lists_that_are_empty_on_purpose(folder: Folder, tmp_path: Path) -> None:
    """`tags: []` takes nothing from a template, and comes back as it was."""
    base = tmp_path / "base"
    base.mkdir()
    (base / "base.yaml").write_text("base: mine\ntitle: 底\ndocuments:\n  - {id: d, title: 文}\n")
    (base / "measures.yaml").write_text(
        "measures:\n  - {id: grid, tags: [a], after: [{measure: house, ratio: 2}], unit: 处}\n"
    )
    way = os.path.relpath(base, folder.path)
    folder.change("case.yaml", "years:", f"base: {way}\nyears:")
    folder.change(
        "measures.yaml",
        "id: grid\n    title: 电网\n    unit: 处",
        "id: grid\n    like: grid\n    title: 电网\n    tags: []\n    after: []",
    )
    case = folder.read()
    assert (case.measures["grid"].tags, case.measures["grid"].after) == (frozenset(), ())
    (tmp_path / "elsewhere").mkdir()
    to_workbook(folder.path, tmp_path / "elsewhere" / "case.xlsx", Language.ZH)
    to_folder(tmp_path / "elsewhere" / "case.xlsx", tmp_path / "back")
    assert difference(case, read_case(tmp_path / "elsewhere" / "case.xlsx")) is None
    assert difference(case, read_case(tmp_path / "back")) is None
    assert "base: ../base\n" in (tmp_path / "back" / "case.yaml").read_text()


def test_what_is_not_carried_is_said(folder: Folder, tmp_path: Path) -> None:
    (folder.path / "make.py").write_text("")
    folder.write("groups.yaml", "# who they are\n" + folder.text("groups.yaml"))
    done = to_workbook(folder.path, tmp_path / "case.xlsx", Language.EN)
    said = [text.said(Language.EN) for text in done.left]
    assert said == ["make.py", "comments of YAML files (about 1)"]


def test_formulas_with_results_are_read_and_said(book: Book, tmp_path: Path) -> None:
    book.put("need_amounts", 3, "amount", 1234)
    book.book.save(book.path)
    out = tmp_path / "formula.xlsx"
    with zipfile.ZipFile(book.path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>1234</v>", b"<f>1+1233</f><v>1234</v>"))
    done = to_folder(out, tmp_path / "back")
    assert [text.en for text in done.left] == ["formulas (1): their results stay"]
    assert read_case(tmp_path / "back").tables.needs["a", "housing", None] == 1234


# --- files


def test_an_empty_template_says_what_is_missing(tmp_path: Path) -> None:
    done = template(tmp_path / "new.xlsx", range(2016, 2019), Language.ZH)
    with pytest.raises(CaseErrors) as caught:
        read_case(done.out)
    assert [(str(problem.place), problem.code) for problem in caught.value.problems] == [
        ("new.xlsx:案例 case:C3", "empty-cell"),
        ("new.xlsx:案例 case:C4", "empty-cell"),
        ("new.xlsx:文件依据 documents:A2", "list-too-short"),
        ("new.xlsx:地区 regions:D", "no-root"),
    ]


def test_nothing_is_overwritten(folder: Folder, workbook: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.xlsx"
    out.write_bytes(b"mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    writes: list[Callable[[], object]] = [
        lambda: template(out, range(2016, 2019), Language.ZH),
        lambda: to_workbook(folder.path, out, Language.ZH),
        lambda: to_folder(workbook, tmp_path / "full"),
        lambda: to_workbook(folder.path, tmp_path / "none" / "x.xlsx", Language.ZH),
        lambda: to_workbook(folder.path, tmp_path / "x.xls", Language.ZH),
    ]
    for write in writes:
        with pytest.raises(CaseErrors):
            write()
    assert out.read_bytes() == b"mine"
    to_workbook(folder.path, out, Language.ZH, force=True)
    assert read_case(out).id == "small"


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_file_is_there_whole_or_not_at_all(
    step: str, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "old.xlsx"
    out.write_bytes(b"old")

    def stop(*given: object, **named: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, step, stop)
    with pytest.raises(OSError, match="full"):
        to_workbook(folder.path, out, Language.ZH, force=True)
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".new"] == []


def test_a_folder_is_there_whole_or_not_at_all(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert, "difference", lambda old, new: "funds")
    with pytest.raises(CaseErrors, match="not read as the same case"):
        to_folder(workbook, tmp_path / "back")
    assert not (tmp_path / "back").exists()
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".new"] == []


# --- what one cell holds

words = st.text("abc甲_-09", min_size=1, max_size=6)
lines = st.text("ab甲 ,;[]{}:=#'\"0.%\n", min_size=1, max_size=12).map(str.strip).filter(bool)


def scalar(text: str) -> Scalar:
    return Scalar(text, 0, 0)


def same(node: Node, kind: Kind) -> bool:
    return moved(node_of(text_of(node, kind), kind, None, SPOT), SPOT) == moved(node, SPOT)


@given(st.lists(words, max_size=4))
def test_lists_of_words_come_back(parts: list[str]) -> None:
    assert same(Items(tuple(map(scalar, parts)), 0, 0), set_of(ID_KIND))


@given(st.lists(lines, max_size=4))
def test_lists_of_texts_come_back(parts: list[str]) -> None:
    assert same(Items(tuple(map(scalar, parts)), 0, 0), list_of(TEXT))


@given(st.dictionaries(words, lines, max_size=4))
def test_mappings_come_back(entries: dict[str, str]) -> None:
    node = Entries({key: (scalar(key), scalar(value)) for key, value in entries.items()}, 0, 0)
    assert same(node, mapping(ID_KIND, CONDITION))


@pytest.mark.parametrize("text", ["2016 2018", "2016-2018", "2016至2018", "2016、2018", "[2016, 2018]"])
def test_ways_to_write_two_years(text: str) -> None:
    node = node_of(text, YEARS, None, SPOT)
    assert isinstance(node, Items)
    assert [part.text for part in node.items if isinstance(part, Scalar)] == ["2016", "2018"]
