"""Yantai's clauses as data: reasons in the register, printed figures that are guarded, rules on small plans.

The figures are the document's own or the illustrative ones of 长岛县, the smallest county.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from models.case import Case
from models.finding import Finding, State
from optimizer.audit import audit
from optimizer.read import read_allocation, read_case
from optimizer.study.check import check_case

YANTAI = Path(__file__).parents[2] / "inputs" / "yantai"
CHANGDAO = "370634"


def test_what_is_not_encoded_says_why() -> None:
    case = yantai()
    silent = [
        clause.id
        for clause in case.clauses.values()
        if str(clause.disposition) != "encoded" and not clause.reason
    ]
    assert silent == []


ALTERED = [
    ("costs.csv", "subsidy_poor,,,400,", "subsidy_poor,,,4000,", "printed.Y077"),
    ("costs.csv", "serious_aid,,,2261,", "serious_aid,,,22610,", "statement.illness-payout"),
    ("measures.yaml", "most: 8/9", "most: 1", "statement.asset-persons"),
    ("measures.yaml", "eight_items: 8", "eight_items: 7", "statement.eight-items"),
    ("measures.yaml", "cadre: 5", "cadre: 3", "printed.Y243"),
    ("regions.csv", ",89434,", ",8943,", "printed.Y023"),
    (
        "rules.yaml",
        "70% * spent(measure == serious_aid)",
        "7% * spent(measure == serious_aid)",
        "printed.Y221",
    ),
    ("targets.yaml", "shares: {2016: 70%, 2017: 100%}", "shares: {2016: 7%, 2017: 100%}", "printed.Y277"),
    (
        "funds.csv",
        "prov_special,370600,2015,2700,",
        "prov_special,370600,2015,27000,",
        "statement.poverty-money",
    ),
]


def test_printed_figures_that_are_altered_are_all_found(tmp_path: Path) -> None:
    folder = shutil.copytree(YANTAI, tmp_path / "yantai")
    for file, printed, altered, _ in ALTERED:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(printed) == 1, printed
        (folder / file).write_text(text.replace(printed, altered), encoding="utf-8")
    broken = {finding.rule for finding in check_case(read_case(folder)).findings if finding.broken}
    assert {f"check.{guard}" for *_, guard in ALTERED} <= broken


@cache
def yantai() -> Case:
    return read_case(YANTAI)


def rows_of(lines: list[str], rule: str, tmp_path: Path) -> list[Finding]:
    """What an audit of an allocation that has only these lines says of one rule in 长岛县."""
    case = yantai()
    table = tmp_path / "allocation.csv"
    head = "item,region,measure,fund,group,year,amount,unit\n"
    table.write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    found = audit(case, read_allocation(table, case)).findings
    return [finding for finding in found if finding.rule == rule and finding.region == CHANGDAO]


def everybody_leaves() -> tuple[list[str], int]:
    """One line of exits in 2016 for each path of the county; and how many people they are."""
    stocks = (YANTAI / "stocks.csv").read_text(encoding="utf-8")
    found = re.findall(rf"^{CHANGDAO},(\w+),(\d+),\d+,", stocks, flags=re.MULTILINE)
    return [f"exits,{CHANGDAO},,,{group},2016,{members},人" for group, members in found], sum(
        int(members) for _, members in found
    )


def pupils() -> int:
    """Pupils of poor families in compulsory school in the county."""
    needs = (YANTAI / "needs.csv").read_text(encoding="utf-8")
    (found,) = re.findall(rf"^{CHANGDAO},aid_basic,,(\d+),", needs, flags=re.MULTILINE)
    return int(found)


def test_nobody_leaves_while_a_pupil_has_no_aid(tmp_path: Path) -> None:
    """All leave in 2016 and no pupil has aid: nobody stays, as many as there are pupils would have to."""
    exits, _ = everybody_leaves()
    (first, *_) = rows_of(exits, "schooling-first", tmp_path)
    assert first.year == 2016
    assert first.left == 0
    assert first.right == pupils()
    assert first.state is State.VIOLATED


def test_everybody_leaves_once_all_pupils_have_aid(tmp_path: Path) -> None:
    exits, people = everybody_leaves()
    aid = [f"units,{CHANGDAO},aid_basic,,,{year},{pupils()},人" for year in range(2016, 2021)]
    assert people > 0
    found = rows_of(exits + aid, "schooling-first", tmp_path)
    assert [row.state for row in found] == [State.BINDING] * 5


@pytest.mark.parametrize(("supports", "broken"), [(1, True), (1_000, False)])
def test_every_able_household_needs_a_project(supports: int, *, broken: bool, tmp_path: Path) -> None:
    """One support counts for one household; the rule holds in 2017."""
    lines = [f"units,{CHANGDAO},industry,,,2016,{supports},人"]
    (row,) = rows_of(lines, "able-project", tmp_path)
    assert row.year == 2017
    assert row.left == supports
    assert row.broken is broken


@pytest.mark.parametrize(("tenders", "broken"), [(1, True), (2, False), (3, True)])
def test_every_bought_service_has_a_tender(tenders: int, *, broken: bool, tmp_path: Path) -> None:
    lines = [
        f"units,{CHANGDAO},purchase,,,2016,2,项",
        f"units,{CHANGDAO},tender,,,2016,{tenders},项",
    ]
    row = next(row for row in rows_of(lines, "purchase-tender", tmp_path) if row.year == 2016)
    assert row.left == tenders
    assert row.right == 2
    assert row.broken is broken
