"""A case with names that are easy to mistake, and tables written as bureaus write them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.case import Case
from models.submission import Submission
from optimizer.read import CaseErrors, Problem
from optimizer.read.foreign import TableOptions, read_submission
from tests.read.conftest import Folder

REGIONS = """\
s,韶关市,city,p,,440200,1,1,plan,一,stated
ry,乳源瑶族自治县,county,s,,440232,1,1,plan,一,stated
g1,鼓楼区,county,s,,440299,1,1,plan,一,stated
t,开封市,city,p,,410200,1,1,plan,一,stated
g2,鼓楼区,county,t,,410204,1,1,plan,一,stated
lk,兰考县,county,t,,410226,1,1,plan,一,stated
"""
COUNTIES = ("ry", "g1", "g2", "lk")
Rows = Sequence[Sequence[Any]]


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Counties 甲县 and 乙县 of the small case, and two cities with 乳源, 兰考 and a 鼓楼区 each."""
    folder = Folder(tmp_path_factory.mktemp("case"))
    folder.write("regions.csv", folder.text("regions.csv") + REGIONS)
    pools = [f"{fund},{c},{year},10,,plan,一,stated\n" for fund in ("central", "local") for c in COUNTIES
             for year in (2017, 2018)]  # fmt: skip
    folder.write("funds.csv", folder.text("funds.csv") + "".join(pools))
    folder.write("costs.csv", folder.text("costs.csv").replace("grant,a,,", "grant,,,"))
    return folder.read()


class Tables:
    """Writes tables into a folder of the test's own and reads them."""

    def __init__(self, folder: Path, case: Case) -> None:
        self.folder = folder
        self.case = case

    def csv(self, text: str, encoding: str = "utf-8", name: str = "table.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def book(
        self, rows: Rows, merged: Sequence[str] = (), change: Callable[[Any], None] | None = None
    ) -> Path:
        """A workbook with one sheet 分配表."""
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "分配表"
        for row in rows:
            sheet.append(list(row))
        for area in merged:
            sheet.merge_cells(area)
        if change is not None:
            change(sheet)
        path = self.folder / "table.xlsx"
        book.save(path)
        return path

    def read(
        self, path: Path, *maps: str, unit: str | None = None, sheets: tuple[str, ...] = ()
    ) -> Submission:
        return read_submission(path, self.case, TableOptions(maps, sheets, unit))

    def problems(
        self, path: Path, *maps: str, unit: str | None = None, sheets: tuple[str, ...] = ()
    ) -> tuple[Problem, ...]:
        with pytest.raises(CaseErrors) as caught:
            self.read(path, *maps, unit=unit, sheets=sheets)
        return caught.value.problems


@pytest.fixture
def tables(tmp_path: Path, case: Case) -> Tables:
    return Tables(tmp_path, case)
