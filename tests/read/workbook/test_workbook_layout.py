"""The layout has a place for everything that a case folder can hold, and words for every column."""

from __future__ import annotations

import pytest

from optimizer.read.base import LIKE
from optimizer.read.folder import ALL_FILES
from optimizer.read.kinds import Form
from optimizer.read.shapes import BASE_FILES, FILES, HEAD
from optimizer.read.workbook.guide import HOLDS, NEEDED
from optimizer.read.workbook.layout import SHEETS, Role, Sheet, columns, part_field, parts_of, resolve
from optimizer.read.workbook.words import words

YEARS = (2016, 2017)


def test_every_file_and_every_list_has_a_sheet() -> None:
    assert {sheet.file for sheet in SHEETS if sheet.file} == {*ALL_FILES, "README.md"}
    lists = {(file, key) for file, keys in FILES.items() for key in keys}
    lists |= {("case.yaml", "documents"), ("case.yaml", "attributes")}
    assert {(sheet.file, sheet.key) for sheet in SHEETS if sheet.role is Role.LIST} == lists


def test_names_of_sheets_are_unlike_and_short() -> None:
    titles = [sheet.title for sheet in SHEETS]
    assert len({title.lower() for title in titles}) == len(titles)
    assert [title for title in titles if len(title) > 31] == []
    assert set(HOLDS) == {sheet.key for sheet in SHEETS}
    assert {"case", "documents", "regions", "measures", "funds", "costs", "fund_amounts"} == NEEDED


@pytest.mark.parametrize("sheet", [one for one in SHEETS if one.shape.fields], ids=lambda one: str(one.key))
def test_every_field_has_a_column_or_a_sheet(sheet: Sheet) -> None:
    reached = {header.path[0] for header in columns(sheet, YEARS)}
    reached |= {part_field(part) for part in parts_of(sheet.key)} | {"documents", "attributes"}
    fields = HEAD.fields if sheet.role is Role.HEAD else sheet.shape.fields
    assert [one.name for one in fields if one.name not in reached] == []
    for one in fields:
        if one.kind.form is Form.LIST and one.kind.of is not None and one.kind.of.form is Form.SHAPE:
            assert one.name in reached


FILLED = [sheet for sheet in SHEETS if sheet.role is not Role.NOTES]


@pytest.mark.parametrize("sheet", FILLED, ids=lambda one: str(one.key))
def test_every_column_has_words_in_both_languages(sheet: Sheet) -> None:
    for header in columns(sheet, YEARS):
        told = words(sheet.key, header.name)
        assert told.title != header.name, header.name
        assert told.zh or header.name == "is", header.name
        assert told.en, header.name


def test_columns_that_there_are_not() -> None:
    measures = next(sheet for sheet in SHEETS if sheet.key == "measures")
    assert resolve(measures, "citation") is None
    assert resolve(measures, "match.buy") is None
    assert resolve(measures, "lot.2016") is None
    assert resolve(measures, "colour") is None
    templates = {key for file in BASE_FILES for key in FILES[file]}
    assert {sheet.key for sheet in SHEETS if LIKE in sheet.fields} == templates
