"""statements.yaml: values with units, paths to figures, and what each kind must have."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.citation import Language
from models.stated import Expect, FigurePath, Stated
from tests.read.conftest import CITED, Folder

HEAD = "statements:\n  - id: s\n    title: 人数\n"
GOOD = HEAD + f"    kind: sum\n    total: 90人\n    parts: [stock.able.members]\n    citation: {CITED}\n"


def stated(folder: Folder, body: str) -> Stated:
    folder.write("statements.yaml", f"{HEAD}    {body}\n    citation: {CITED}\n")
    return folder.read().statements["s"]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("2500人", 2500, "person"),
        ("110万人", 1_100_000, "person"),
        ("36.4 万人", 364_000, "person"),
        ("1万户", 10_000, "household"),
        ("1.5亿元", 15_000_000_000, "money"),
        ("12元", 1_200, "money"),
        ("33.3%", Fraction(333, 1000), "%"),
        ("1万元/人", 1_000_000, "money/person"),
        ("2万岗", 20_000, "岗"),
        ("3.6万公里", 36_000, "公里"),
        ("-1县", -1, "county"),
        ("7508", 7508, None),
        ("1/3", Fraction(1, 3), None),
        ("3亿", 300_000_000, None),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: Fraction, unit: str | None, folder: Folder) -> None:
    found = stated(
        folder, f"{{kind: product, total: {text}, parts: [1]}}".strip("{}").replace(", ", "\n    ")
    )
    assert found.total is not None
    assert (found.total.value, found.total.unit, found.total.path) == (value, unit, None)


def test_a_bare_number_takes_the_unit_of_its_statement(folder: Folder) -> None:
    found = stated(
        folder, "kind: sum\n    unit: 万人\n    total: 3\n    parts: [1, 2, stock.able.members, 5人]"
    )
    assert [part.unit for part in found.parts] == ["person", "person", None, "person"]
    assert [part.value for part in found.parts] == [10_000, 20_000, None, 5]
    assert [part.text for part in found.parts] == ["1万人", "2万人", "stock.able.members", "5人"]


def test_a_path_is_taken_apart(folder: Folder) -> None:
    found = stated(
        folder,
        'kind: product\n    total: 1\n    parts: ["fund.central[2018,a].amount", "stock.*.households"]',
    )
    assert found.parts[0].path == FigurePath(
        kind="fund", id="central", keys=frozenset({"2018", "a"}), field="amount"
    )
    assert found.parts[1].path == FigurePath(kind="stock", id="*", keys=frozenset(), field="households")


def test_a_slip_says_why(folder: Folder) -> None:
    found = stated(
        folder, "kind: equal\n    total: 91人\n    parts: [90人]\n    expect: slip\n    why: 差一人"
    )
    assert found.expect is Expect.SLIP
    assert found.why is not None
    assert found.why.zh == "差一人"


WRONG = [
    ("value-form", "total: 90人", "total: about ninety", "about ninety"),
    ("thousands", "total: 90人", 'total: "2,500人"', '"2,500人"'),
    ("wide-characters", "total: 90人", "total: ９０人", "９０人"),
    ("path-kind", "stock.able", "stocks.able", "stocks.able"),
    ("unknown-id", "stock.able", "stock.abel", "stock.abel"),
    ("path-field", ".members", ".member", "stock.able.member"),
    ("path-nothing", "[stock.able.members]", '["stock.able[p].members"]', '"stock.able[p]'),
    ("path-units", "stock.able.members", "stock.*.members", "stock.*.members"),
    ("path-rule", "stock.able.members", "rule.match-central.left", "rule.match"),
    ("stated-missing", "    total: 90人\n", "", "id: s"),
    ("stated-unwanted", "    kind: sum\n", "    kind: hundred\n", "90人"),
    ("stated-unwanted", "total: 90人", "total: 90人\n    percent: 40%", "40%"),
    ("stated-unwanted", "total: 90人", "total: 90人\n    digits: 1", "1\n    parts"),
    ("stated-missing", "total: 90人", "total: 90人\n    expect: slip", "id: s"),
    ("stated-unwanted", "total: 90人", "total: 90人\n    why: 无", "无\n"),
    ("stated-one-part", "kind: sum", "kind: percent\n    percent: 40%", None),
    ("stated-units", "total: 90人", "total: 90户", "id: s"),
    ("stated-units", "total: 90人", "total: 90万元", "id: s"),
    ("unknown-word", "kind: sum", "kind: total", "total\n"),
    ("unknown-id", "document: plan", "document: plans", "plans"),
    ("list-too-short", "[stock.able.members]", "[]", "[]"),
]


@pytest.mark.parametrize(("code", "old", "new", "at"), WRONG)
def test_what_is_wrong_has_its_place(code: str, old: str, new: str, at: str | None, folder: Folder) -> None:
    text = GOOD if code != "stated-one-part" else GOOD.replace("members]", "members, 1人]")
    folder.write("statements.yaml", text)
    folder.change("statements.yaml", old, new)
    problems = folder.problems()
    assert code in [problem.code for problem in problems]
    [found] = [problem for problem in problems if problem.code == code]
    if at is not None:
        line, column = folder.place_of("statements.yaml", at)
        assert str(found.place) == f"statements.yaml:{line}:{column}"
    assert found.said(Language.ZH) != found.said(Language.EN)


def test_an_unknown_amount_cannot_be_compared(folder: Folder) -> None:
    folder.change("funds.csv", "local,b,2018,10,", "local,b,2018,unknown,")
    folder.write(
        "statements.yaml", GOOD.replace("90人", "70万元").replace("stock.able.members", "fund.local.amount")
    )
    [problem] = folder.problems()
    assert problem.code == "path-unknown"


def test_a_patch_does_not_make_a_statement_unreadable(folder: Folder) -> None:
    folder.write("statements.yaml", GOOD)
    assert folder.read(["stock.able.members=0.5x"]).statements["s"].id == "s"
