"""The small case as a workbook in which a test changes cells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.citation import Language
from optimizer.read import CaseErrors, Problem, read_case
from optimizer.read.workbook.convert import to_workbook
from optimizer.read.workbook.layout import BY_KEY
from tests.read.conftest import Folder

HEADER = 2


class Book:
    """A case workbook as a clerk has it open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def sheet(self, key: str) -> Any:
        return self.book[BY_KEY[key].title]

    def cell(self, key: str, row: int, column: str) -> Any:
        """A cell by the row's number and the name of its column, with or without unit."""
        for cell in self.sheet(key)[HEADER]:
            if cell.value is not None and column in (cell.value, cell.value.partition("(")[0]):
                return self.sheet(key).cell(row, cell.column)
        raise KeyError(column)

    def put(self, key: str, row: int, column: str, value: object) -> str:
        """Change a cell; where it is, as messages say it."""
        cell = self.cell(key, row, column)
        cell.value = value
        return self.place(key, cell.coordinate)

    def place(self, key: str, coordinate: str = "") -> str:
        return f"{self.path.name}:{BY_KEY[key].title}" + (f":{coordinate}" if coordinate else "")

    def problems(self) -> tuple[Problem, ...]:
        self.book.save(self.path)
        with pytest.raises(CaseErrors) as caught:
            read_case(self.path)
        for problem in caught.value.problems:
            assert problem.said(Language.ZH)
            assert problem.said(Language.EN)
        return caught.value.problems

    def found(self) -> set[tuple[str, str]]:
        """Place and code of every problem."""
        return {(str(problem.place), problem.code) for problem in self.problems()}


@pytest.fixture
def workbook(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small case as a workbook."""
    path = tmp_path_factory.mktemp("books") / "small.xlsx"
    to_workbook(folder.path, path, Language.ZH)
    return path


@pytest.fixture
def book(workbook: Path) -> Book:
    return Book(workbook)


Make = Callable[[], Book]
