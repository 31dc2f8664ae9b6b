"""Every formula of a plan's workbook works out to the value that is stored beside it, to the fen."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from models.citation import Language

from .plans import report_of, workbook_of
from .recalculate import Recalculated

ZH, EN = Language.ZH, Language.EN


@pytest.mark.parametrize(("name", "language", "least"), [("tiny", EN, 60), ("ruyuan", ZH, 1000)])
def test_every_formula_works_out_to_its_stored_value(name: str, language: Language, least: int) -> None:
    book = Recalculated(workbook_of(name, language))
    assert len(book.formulas) >= least
    assert book.differences() == []


def test_an_altered_amount_is_found_out() -> None:
    content = io.BytesIO()
    book = openpyxl.load_workbook(io.BytesIO(workbook_of("ruyuan", ZH)))
    sheet = book["资金分配表"]
    cell = next(row[5] for row in sheet.iter_rows(min_row=5) if isinstance(row[5].value, int | float))
    cell.value = float(str(cell.value)) + 0.01
    book.save(content)
    spoilt = Recalculated(content.getvalue())
    spoilt.cached = openpyxl.load_workbook(io.BytesIO(workbook_of("ruyuan", ZH)), data_only=True)
    found = spoilt.differences()
    assert any("资金分配表" in line for line in found)
    assert any(line.startswith("摘要") for line in found)
    assert any(line.startswith("资金收支") for line in found), "the account no longer balances"


@pytest.mark.parametrize("name", ["tiny", "ruyuan"])
def test_the_sums_are_those_of_the_plan(name: str) -> None:
    report = report_of(name)
    assert report.plan.allocation is not None
    assert report.plan.cost is not None
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(name, ZH)), data_only=True)
    rows = {str(row[0].value): row for row in book["摘要"].iter_rows() if row[0].value}
    years = len(report.case.years)
    assert yuan(rows["其中：公共成本"][3 + years].value) == Fraction(report.plan.cost, 100)
    everything = sum(report.plan.allocation.money.values())
    assert yuan(rows["合计"][3 + years].value) == Fraction(everything, 100)
    total = next(row for row in book["资金分配表"].iter_rows() if row[0].value == "合计")
    by_year = [
        sum(fen for (*_, at), fen in report.plan.allocation.money.items() if at == year)
        for year in report.case.years
    ]
    assert [yuan(cell.value) for cell in total[5 : 5 + years]] == [Fraction(fen, 100) for fen in by_year]
    assert yuan(total[5 + years].value) == Fraction(everything, 100)
    assert yuan(total[6 + years].value) == Fraction(everything, 1_000_000)


def yuan(value: object) -> Fraction:
    return Fraction(repr(value))


def test_amounts_are_written_as_exact_decimals() -> None:
    # 0.07 as a double has no exact decimal: 17 digits would show, and a reader of the file would see them.
    content = zipfile.ZipFile(io.BytesIO(workbook_of("ruyuan", ZH)))
    for name in content.namelist():
        if name.startswith("xl/worksheets/sheet"):
            numbers = re.findall(rb"<v>(-?[0-9.]+)</v>", content.read(name))
            assert [n for n in numbers if len(n.partition(b".")[2]) > 12] == []


def test_accounts_balance() -> None:
    for name in ("tiny", "ruyuan"):
        book = openpyxl.load_workbook(io.BytesIO(workbook_of(name, ZH)), data_only=True)
        sheet = book["资金收支"]
        rows = [row for row in sheet.iter_rows(min_row=4) if row[0].value]
        # What comes back after the plan stands below the accounts and has nothing to balance with.
        checks = [row[12].value for row in rows if row[12].value is not None]
        assert len(checks) > 3
        assert set(checks) == {0}


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("name", ["tiny", "ruyuan", "anhui", "henan", "yantai"])
def test_a_spreadsheet_program_works_out_the_same(tmp_path: Path, name: str) -> None:
    """The stored values are taken out first, so that LibreOffice has to calculate."""
    original = workbook_of(name, ZH)
    bare, made = tmp_path / "bare.xlsx", tmp_path / "made"
    with zipfile.ZipFile(io.BytesIO(original)) as source, zipfile.ZipFile(bare, "w") as target:
        for item in source.namelist():
            text = source.read(item)
            if item.startswith("xl/worksheets/sheet"):
                text = re.sub(rb"(<f>[^<]*</f>)<v>[^<]*</v>", rb"\1", text)
            target.writestr(item, text)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    words = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(made), str(bare)]
    subprocess.run(words, check=True, capture_output=True, timeout=300)
    ours = openpyxl.load_workbook(io.BytesIO(original), data_only=True)
    theirs = openpyxl.load_workbook(made / "bare.xlsx", data_only=True)
    compared = 0
    for sheet, row, column in Recalculated(original).formulas:
        stored, worked_out = (book[sheet].cell(row, column).value for book in (ours, theirs))
        assert isinstance(stored, int | float)
        assert isinstance(worked_out, int | float), f"{sheet} {row} {column}: {worked_out}"
        assert round(stored, 2) == round(worked_out, 2), f"{sheet} {row} {column}"
        compared += 1
    assert compared > 50
