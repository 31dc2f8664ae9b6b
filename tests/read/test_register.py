"""clauses.csv: what a clause may be, and register and citations held against each other both ways."""

from __future__ import annotations

import pytest

from models.citation import Language, Text
from models.register import Disposition, Reference
from tests.read.conftest import Folder

HEAD = "clause,section,topic,disposition,items,reason\n"
GOOD = (
    HEAD
    + "K1,一,houses,encoded,need:housing measure:house measure:grid,\n"
    + "K2,一,exit of counties,encoded,standard:county_exit region:a scenario:cut document:plan,\n"
    + "K3,二,notices,checklist,checklist:C-1,\n"
    + "K4,二,why it matters,context,,a frame\n"
    + "K5,三,houses again,repeated,clause:K1,printed twice\n"
)


@pytest.fixture
def registered(folder: Folder) -> Folder:
    """The small case with a register that agrees with its citations: of items, a condition and a row."""
    source = "citation: {document: plan, section: 一(一), basis: stated"
    for file, before, clause in (
        ("needs.yaml", "due: {2018: 100%}\n    ", "K1"),
        ("measures.yaml", "payers: fund == company\n    ", "K1"),
        ("exits.yaml", "need: housing, ", "K2"),
        ("checklist.yaml", "title: 公示公告, ", "K3"),
    ):
        folder.change(file, f"{before}{source}}}", f"{before}{source}, clause: {clause}}}")
    folder.change("costs.csv", "document,section,basis", "document,section,basis,clause")
    folder.write("costs.csv", folder.text("costs.csv").replace(",stated\n", ",stated,\n"))
    folder.change("costs.csv", "house,,,20000,plan,一(一),stated,", "house,,,20000,plan,一(一),stated,K1 K5")
    folder.write("clauses.csv", GOOD)
    return folder


def test_a_register_is_read_in_order(registered: Folder) -> None:
    clauses = registered.read().clauses
    assert list(clauses) == ["K1", "K2", "K3", "K4", "K5"]
    assert clauses["K1"].items[1] == Reference(kind="measure", id="house")
    assert clauses["K4"].disposition is Disposition.CONTEXT
    assert (clauses["K4"].items, clauses["K4"].reason) == ((), Text(zh="a frame"))


def test_without_a_register_nothing_is_asked(registered: Folder) -> None:
    (registered.path / "clauses.csv").unlink()
    assert registered.read().clauses == {}


def test_the_register_counts_in_the_hash(registered: Folder) -> None:
    before = registered.read().sha256
    registered.change("clauses.csv", "a frame", "a preface")
    assert registered.read().sha256 != before


WRONG = [
    ("clause-twice", "K2,", "K1,", "K1,一,exit", "clause"),
    ("bad-id", "K4,", "K 4,", "K 4,", "clause"),
    ("empty-cell", "K4,二,", "K4,,", "K4,", "section"),
    ("unknown-word", ",context,", ",contxt,", "K4,", "disposition"),
    ("clause-item-form", "checklist:C-1", "C-1", "K3,", "items"),
    ("clause-item-kind", "need:housing", "needs:housing", "K1,", "items"),
    ("unknown-id", "need:housing", "need:house", "K1,", "items"),
    ("clause-item-twice", "measure:grid", "measure:house", "K1,", "items"),
    ("clause-items-missing", "need:housing measure:house measure:grid", "", "K1,", "items"),
    ("clause-items-missing", "checklist:C-1", "", "K3,", "items"),
    ("clause-items-missing", "clause:K1", "", "K5,", "items"),
    ("clause-items-unwanted", "context,,", "context,need:housing,", "K4,", "items"),
    ("clause-reason", "a frame", "", "K4,", "reason"),
    ("clause-reason", "printed twice", "", "K5,", "reason"),
    ("clause-only-checklist", "K3,二,notices,checklist", "K3,二,notices,encoded", "K3,", "items"),
    ("clause-not-checklist", "checklist:C-1", "need:housing checklist:C-1", "K3,", "items"),
    ("clause-not-cited", "measure:grid", "measure:pv", "K1,", "items"),
    ("clause-not-cited", "K4,二", "K6,二,more,checklist,checklist:C-1,\nK4,二", "K6,", "items"),
    ("clause-item-kind", "clause:K1", "need:housing", "K5,", "items"),
    ("unknown-id", "clause:K1", "clause:K9", "K5,", "items"),
    ("clause-repeats", "clause:K1", "clause:K4", "K5,", "items"),
    ("unknown-column", "items,reason", "item,reason", "clause,", "item"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new", "line", "column"), WRONG)
def test_what_is_wrong_has_its_place(
    code: str, old: str, new: str, line: str, column: str, registered: Folder
) -> None:
    registered.change("clauses.csv", old, new)
    row, _ = registered.place_of("clauses.csv", line)
    problems = registered.problems()
    assert code in [problem.code for problem in problems]
    [found] = [problem for problem in problems if problem.code == code]
    assert str(found.place) == f"clauses.csv:{row}:{column}"


def test_a_clause_that_is_cited_and_not_registered_is_said_once(registered: Folder) -> None:
    registered.change("clauses.csv", "K5,三,houses again,repeated,clause:K1,printed twice\n", "")
    [problem] = registered.problems()
    assert problem.said(Language.EN) == (
        "costs.csv:2:clause: 'measure:house' cites clause 'K5', which clauses.csv does not have"
        " (cited 1 time(s)). Correct it, or register the clause."
    )
    assert problem.said(Language.ZH) == (
        "costs.csv:2:clause: 「measure:house」引用的条款「K5」不在 clauses.csv 里（共 1 处引用）。"
        "请更正，或登记它。"
    )


def test_an_item_that_does_not_cite_its_clause_is_named(registered: Folder) -> None:
    registered.change("costs.csv", "K1 K5", "K5")
    [problem] = registered.problems()
    assert problem.said(Language.EN) == (
        "clauses.csv:2:items: 'measure:house' does not cite clause 'K1'."
        " Add it to clause of its citation or of its rows, or take the item out."
    )
    assert problem.said(Language.ZH).startswith("clauses.csv:2:items: 「measure:house」没有引用条款「K1」。")


def test_a_clause_cited_by_an_item_a_condition_or_a_region_is_looked_for_at_its_place(
    registered: Folder,
) -> None:
    registered.change("exits.yaml", "clause: K2", "clause: K2 K8")
    registered.change("regions.csv", "document,section,basis", "document,section,basis,clause")
    registered.write("regions.csv", registered.text("regions.csv").replace(",stated\n", ",stated,\n"))
    registered.change("regions.csv", "60000.5,plan,一(一),stated,", "60000.5,plan,一(一),stated,K9")
    line, column = registered.place_of("exits.yaml", "K2 K8")
    assert [str(problem.place) for problem in registered.problems()] == [
        f"exits.yaml:{line}:{column}",
        "regions.csv:4:clause",
    ]


def test_a_broken_register_does_not_make_the_case_look_wrong(registered: Folder) -> None:
    registered.write("clauses.csv", "x\n")
    assert [problem.place.file for problem in registered.problems()] == ["clauses.csv"]
