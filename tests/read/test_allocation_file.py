"""allocation.csv: out and back, money alone, and what is refused."""

from fractions import Fraction
from pathlib import Path

import pytest

from models.allocation import Allocation, Item
from models.case import Case
from models.citation import Language
from optimizer.read import CaseErrors, read_allocation, write_allocation
from tests.read.conftest import Folder

FULL = Allocation(
    money={("b", "house", "central", 2017): 1_200_001, ("a", "pv", "central", 2018): 5},
    units={("a", "pv", 2017): Fraction(7, 2), ("b", "house", 2017): Fraction(1)},
    serves={("a", "pv", "able", 2018): Fraction(7, 2)},
    exits={("a", "able", 2017): 40, ("a", "poor_village", 2018): 2},
    returned={("a", "able", 2018): 1},
    leaves={("a", "county_exit", 2018): 1},
    brought={("a", "central", 2017): 100_000_000},
    carried={("a", "central", 2017): 1},
    lapsed={("a", "central", 2018): 99},
)
TEXT = """\
item,region,measure,fund,group,year,amount,unit
money,a,pv,central,,2018,0.05,元
money,b,house,central,,2017,12000.01,元
units,a,pv,,,2017,3.5,千瓦
units,b,house,,,2017,1,户
serves,a,pv,,able,2018,3.5,千瓦
exits,a,,,able,2017,40,人
exits,a,,,poor_village,2018,2,村
returned,a,,,able,2018,1,人
leaves,a,,,county_exit,2018,1,1
brought,a,,central,,2017,1000000.00,元
carried,a,,central,,2017,0.01,元
lapsed,a,,central,,2018,0.99,元
"""


@pytest.fixture
def case(folder: Folder) -> Case:
    return folder.read()


def read(case: Case, tmp_path: Path, text: str) -> Allocation:
    (tmp_path / "allocation.csv").write_text(text, encoding="utf-8")
    return read_allocation(tmp_path, case)


def test_out_and_back(case: Case, tmp_path: Path) -> None:
    assert write_allocation(FULL, case) == TEXT
    assert read(case, tmp_path, TEXT) == FULL
    assert read_allocation(tmp_path / "allocation.csv", case) == FULL


def test_money_alone_says_nothing_of_the_rest(case: Case, tmp_path: Path) -> None:
    text = (
        "region,measure,fund,year,amount,unit\na,house,central,2017,1.5,万元\nb,house,central,2017,0,元\n\n"
    )
    allocation = read(case, tmp_path, text)
    assert allocation.money == {("a", "house", "central", 2017): 1_500_000}
    assert allocation.covers == {Item.MONEY}
    assert write_allocation(allocation, case).count("\n") == 2


def test_what_the_auditor_judges_comes_through(case: Case, tmp_path: Path) -> None:
    text = TEXT.splitlines()[0] + "\nmoney,x,y,z,,2031,-5,元\nunits,a,y,,,2017,1/3,台\n"
    allocation = read(case, tmp_path, text)
    assert allocation.money == {("x", "y", "z", 2031): -500}
    assert allocation.units == {("a", "y", 2017): Fraction(1, 3)}


def test_a_third_cannot_be_written(case: Case) -> None:
    with pytest.raises(ValueError, match="no exact decimal text"):
        write_allocation(Allocation(units={("a", "pv", 2017): Fraction(1, 3)}), case)


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("item,region", "kind,region", "unknown-column", "allocation.csv:1:kind"),
        (",year,", ",years,", "unknown-column", "allocation.csv:1:years"),
        ("0.05", "five", "not-a-number", "allocation.csv:2:amount"),
        ("0.05", "0.055", "not-fen", "allocation.csv:2:amount"),
        ("0.05", "", "empty-cell", "allocation.csv:2:amount"),
        ("0.05,元", "0.05,美元", "unknown-unit", "allocation.csv:2:unit"),
        ("3.5,千瓦", "3.5,户", "unknown-unit", "allocation.csv:4:unit"),
        ("40,人", "40,村", "unknown-unit", "allocation.csv:7:unit"),
        ("40,人", "40.5,人", "not-whole", "allocation.csv:7:amount"),
        ("2018,1,1", "2018,2,1", "not-one-leave", "allocation.csv:10:amount"),
        ("money,a,pv,central,,", "money,a,pv,central,able,", "cell-unwanted", "allocation.csv:2:group"),
        ("money,a,pv,central", "money,a,,central", "empty-cell", "allocation.csv:2:measure"),
        ("money,a", "monies,a", "unknown-word", "allocation.csv:2:item"),
        ("2018,0.05", "18,0.05", "bad-year", "allocation.csv:2:year"),
        (
            "exits,a,,,poor_village,2018,2,村",
            "exits,a,,,able,2017,2,人",
            "duplicate-row",
            "allocation.csv:8:amount",
        ),
    ],
)
def test_bad_allocations(case: Case, tmp_path: Path, old: str, new: str, code: str, place: str) -> None:
    assert old in TEXT
    with pytest.raises(CaseErrors) as caught:
        read(case, tmp_path, TEXT.replace(old, new, 1))
    found = {problem.code: problem for problem in caught.value.problems}
    assert str(found[code].place) == place


def test_a_duplicate_names_both_lines(case: Case, tmp_path: Path) -> None:
    with pytest.raises(CaseErrors) as caught:
        read(case, tmp_path, TEXT + TEXT.splitlines()[1] + "\n")
    assert caught.value.said(Language.EN) == (
        "allocation.csv:14:amount: this row repeats line 2 (two rows for one thing): found '0.05'."
        " Keep one of them."
    )


@pytest.mark.parametrize(("name", "code"), [("nothing.csv", "file-not-found"), ("a.xlsx", "allocation-type")])
def test_files_that_are_not_allocations(case: Case, tmp_path: Path, name: str, code: str) -> None:
    if name.endswith("xlsx"):
        (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(CaseErrors) as caught:
        read_allocation(tmp_path / name, case)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_folder_without_an_allocation(case: Case, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CaseErrors) as caught:
        read_allocation(tmp_path / "empty", case)
    assert [problem.code for problem in caught.value.problems] == ["allocation-empty"]
