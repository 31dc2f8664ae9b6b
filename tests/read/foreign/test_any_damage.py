# ruff: noqa: RUF001, E501
"""Tables with random damage: read, or refused with places, never a crash, and never money that nobody wrote."""

import contextlib
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.case import Case
from models.citation import Language
from models.submission import Submission
from optimizer.read.foreign.grid import Cell, Grid
from optimizer.read.foreign.names import Names
from optimizer.read.foreign.options import TableOptions, read_options
from optimizer.read.foreign.submission import read_grids
from optimizer.read.problems import CaseErrors, Log
from optimizer.read.sheets import CellKind

TABLE = [
    ["2017年扶贫资金分配表", "", "", "", "", "", "", ""],
    ["单位：万元", "", "", "", "", "", "", ""],
    ["序号", "市", "县(市、区)", "项目", "资金来源", "", "", "数量(户)"],
    ["", "", "", "", "中央专项", "县级", "合计", ""],
    ["1", "韶关市", "乳源县", "危房改造", "1.5", "0.5", "2", "3"],
    ["2", "韶关市", "鼓楼区", "危房改造", "2.5", "0.5", "3", "3"],
    ["", "韶关市", "小计", "", "4", "1", "5", "6"],
    ["3", "开封市", "兰考", "危房改造", "", "7", "7", "1"],
    ["合计", "", "", "", "4", "8", "12", ""],
    ["注：略", "", "", "", "", "", "", ""],
]
ODD = ["", "合计", "其中：", "小计", "中央", "2018", "2018年", "-", "—", "#DIV/0!", "1,000", "x", "甲县", "本级", "0", "-5", "1e9", "：", "(", "单位：元",
       "1/3", "50%", "２", "元", "金额", "项目名称", "９９９", "年度", "注", "12万元", "=", "一、", "其中", "县级", "市本级"]  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), times=st.integers(1, 6))
def test_damage_is_read_or_refused(case: Case, seed: int, times: int) -> None:
    pick = random.Random(seed)
    cells = {
        (row, column): Cell(CellKind.TEXT if not text[:1].isdigit() or row < 5 else CellKind.NUMBER, text)
        for row, line in enumerate(TABLE, start=1)
        for column, text in enumerate(line, start=1)
        if text
    }
    merged = []
    for _ in range(times):
        at = (pick.randint(1, 11), pick.randint(1, 9))
        action = pick.choice(("text", "kind", "drop", "merge", "text"))
        if action == "drop":
            cells.pop(at, None)
        elif action == "merge":
            merged.append((*at, at[0] + pick.randint(0, 3), at[1] + pick.randint(0, 3)))
        else:
            kind = pick.choice(list(CellKind)) if action == "kind" else CellKind.TEXT
            text = pick.choice(ODD) or cells.get(at, Cell(CellKind.TEXT, "y")).text
            cells[at] = Cell(kind, text)
    grid = Grid("t.xlsx", "表", cells, tuple(merged))
    log = Log()
    wishes = read_options(TableOptions(), case, log)
    try:
        found = read_grids([grid], case, wishes, (), Names(case), log)
    except CaseErrors as errors:
        said = [problem.said(Language.ZH) for problem in errors.problems]
    else:
        said = []
        check(found, grid)
    assert all("t.xlsx" in text for text in said)


def check(found: Submission, grid: Grid) -> None:
    """Every amount is what its cell plainly says, and every detail says what it is about."""
    for line in (*found.details, *found.totals):
        cell = next(cell for at, cell in grid.cells.items() if grid.spot(*at) == line.spot)
        assert cell.kind in (CellKind.NUMBER, CellKind.TEXT)
        with contextlib.suppress(ValueError):  # what a cell plainly says is what is read
            assert line.amount in (round(float(cell.text) * 1_000_000), round(float(cell.text) * 100))
    for line in found.details:
        assert None not in (line.region, line.measure, line.fund, line.year)
