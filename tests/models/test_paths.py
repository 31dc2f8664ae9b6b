"""A path to the figures it names: the rows that match, added up, in base units."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.paths import COLLECTIONS, PathError, fields, figure_at, file_of
from models.stated import FigurePath
from optimizer.read import patch
from tests.read.conftest import Folder


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(tmp_path_factory.mktemp("small"))


def path(kind: str, id: str, field: str, *keys: str) -> FigurePath:
    return FigurePath(kind=kind, id=id, keys=frozenset(keys), field=field)


FIGURES = [
    (path("stock", "able", "members"), 90, "person", "stocks.csv"),
    (path("stock", "able", "members", "a"), 80, "person", "stocks.csv"),
    (path("stock", "poor_village", "members"), 2, "village", "stocks.csv"),
    (path("stock", "able", "households"), 34, "household", "stocks.csv"),
    (path("need", "housing", "amount"), 15, "household", "needs.csv"),
    (path("need", "schooling", "amount", "2018"), 14, "person", "needs.csv"),
    (path("need", "housing", "due", "2018"), 1, "%", "needs.yaml"),
    (path("need", "housing", "holds", "able"), 3, None, "needs.yaml"),
    (path("measure", "grid", "cost"), 30_000_000, "money", "costs.csv"),
    (path("measure", "house", "cost", "a", "2018"), 2_100_050, "money", "costs.csv"),
    (path("measure", "pv", "upkeep"), 5_000, "money", "measures.yaml"),
    (path("measure", "pv", "lot"), Fraction(1, 2), "kw", "measures.yaml"),
    (path("measure", "pv", "lag"), 1, None, "measures.yaml"),
    (path("measure", "pv", "lift", "able"), 200_000, "money", "measures.yaml"),
    (path("measure", "pv", "most", "able"), 3, None, "measures.yaml"),
    (path("measure", "pv", "uses", "land"), Fraction(1, 50), None, "measures.yaml"),
    (path("measure", "house", "share", "2"), Fraction(3, 10), "%", "measures.yaml"),
    (path("capacity", "pv", "most", "total"), Fraction(1001, 2), "kw", "capacity.csv"),
    (path("resource", "land", "amount"), 10, "mu", "resources.csv"),
    (path("gap", "able", "amount", "a"), 160_000, "money", "gaps.csv"),
    (path("entrants", "able", "members", "new"), 2, "person", "entrants.csv"),
    (path("revoked", "unable", "members", "2018"), 1, "person", "revoked.csv"),
    (path("group", "unable", "revoked"), Fraction(1, 50), "%", "groups.yaml"),
    (path("need", "housing", "brought_by", "able"), Fraction(1, 4), None, "needs.yaml"),
    (path("group", "able", "relapse"), Fraction(1, 100), "%", "groups.yaml"),
    (path("fund", "central", "amount"), (1000_000 + 1105_000 + 400_000) * 100, "money", "funds.csv"),
    (path("fund", "central", "amount", "2016"), 90_000_000, "money", "funds.csv"),
    (path("fund", "central", "amount", "a", "2017"), 100_000_000, "money", "funds.csv"),
    (path("fund", "local", "at_least"), 5_000_000, "money", "funds.csv"),
    (path("fund", "central", "spending_floor"), Fraction(92, 100), "%", "funds.yaml"),
    (path("target", "persons", "amount", "2017"), 40, "person", "targets.yaml"),
    (path("target", "counties", "share", "2018"), 1, "%", "targets.yaml"),
    (path("standard", "county_exit", "share", "rate"), Fraction(2, 100), "%", "exits.yaml"),
    (path("standard", "county_exit", "amount", "income"), 5_000_000, None, "exits.yaml"),
    (path("rule", "match-central", "right"), Fraction(1, 10), None, "rules.yaml"),
    (path("rule", "enough-houses", "right"), 5, "household", "rules.yaml"),
    (path("attribute", "rural_population", "amount"), 70_000, "person", "regions.csv"),
    (path("attribute", "collective_income", "amount", "b"), 6_000_050, "money", "regions.csv"),
]


@pytest.mark.parametrize(("where", "value", "unit", "file"), FIGURES)
def test_rows_that_match_are_added_up(
    where: FigurePath, value: Fraction, unit: str | None, file: str, folder: Folder
) -> None:
    figure = figure_at(folder.read(), where)
    assert (figure.value, figure.unit) == (value, unit)
    assert file_of(where) == file


@pytest.mark.parametrize(
    ("code", "where"),
    [
        ("kind", path("people", "able", "members")),
        ("id", path("stock", "abel", "members")),
        ("field", path("stock", "able", "amount")),
        ("nothing", path("stock", "able", "members", "p")),
        ("nothing", path("fund", "central", "amount", "2015")),
        ("nothing", path("measure", "grid", "smallest")),
        ("units", path("stock", "*", "members")),
        ("rule", path("rule", "match-central", "left")),
    ],
)
def test_what_names_no_figure_says_why(code: str, where: FigurePath, folder: Folder) -> None:
    with pytest.raises(PathError) as caught:
        figure_at(folder.read(), where)
    assert caught.value.code == code


def test_every_number_that_can_be_patched_can_be_named() -> None:
    words = {("fund", "supply"), ("fund", "carry_over"), ("measure", "indivisible"), ("measure", "one_payer"),
             ("group", "waits"), ("target", "entrants"),
             ("target", "severity"), ("target", "compare"), ("target", "cumulative"),
             ("rule", "severity"), ("rule", "unless")}  # fmt: skip
    patched = {*patch._ROWS, *patch._BY_YEAR}
    patched |= {(kind, name) for kind, names in patch._FIELDS.items() for name in names}
    assert {kind for kind, _ in patched} <= set(COLLECTIONS)
    assert {(kind, name) for kind, name in patched - words if name not in fields(kind)} == set()
