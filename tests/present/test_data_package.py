"""The CSV files of a plan are a tabular data package; a standard validator finds what is spoilt."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package, Report, validate
from frictionless.resources import TableResource

from models.citation import Language, Text
from optimizer.present.data_package import TABLES, slug
from optimizer.present.folder import replacing
from optimizer.present.plan_files import plan_files

from .workbook.plans import allocation_of, report_of


def folder_of(name: str, place: Path) -> Path:
    with replacing(place, {}) as folder:
        for file, content in plan_files(report_of(name), allocation_of(name), Language.ZH):
            folder.write(file, content)
    return place


def validated(folder: Path) -> Report:
    report = validate(str(folder / "datapackage.json"))
    assert isinstance(report, Report)
    return report


def rows_of(folder: Path, name: str) -> list[dict[str, Any]]:
    resource = Package(str(folder / "datapackage.json")).get_resource(name)
    assert isinstance(resource, TableResource)
    return [dict(row) for row in resource.read_rows()]


@pytest.mark.parametrize("name", ["tiny", "ruyuan", pytest.param("anhui", marks=pytest.mark.soak),
                                  pytest.param("henan", marks=pytest.mark.soak)])  # fmt: skip
def test_a_standard_validator_accepts_the_package(tmp_path: Path, name: str) -> None:
    folder = folder_of(name, tmp_path / "run")
    report = validated(folder)
    assert report.flatten(["name", "rowNumber", "fieldName", "type", "note"]) == []
    described = {resource.path for resource in Package(str(folder / "datapackage.json")).resources}
    assert described == {path.name for path in folder.glob("*.csv")}


def edit(name: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        """Change a file and put its new size and hash in the package: only the change itself can be found."""
        path = folder / name
        path.write_bytes(change(path.read_text(encoding="utf-8-sig")).encode("utf-8-sig"))
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        for resource in package["resources"]:
            if resource["path"] == name:
                resource["bytes"] = path.stat().st_size
                resource["hash"] = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")

    return spoil


def doubled(text: str) -> str:
    head, first, *rest = text.splitlines(keepends=True)
    return "".join([head, first, first, *rest])


def silently(folder: Path) -> None:
    path = folder / "spending.csv"
    path.write_bytes(path.read_bytes().replace(b".00", b".01", 1))


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (silently, "hash-count"),
        (edit("allocation.csv", lambda text: re.sub(r"\d+\.\d\d,元", "x,元", text, count=1)), "type-error"),
        (edit("allocation.csv", lambda text: text.replace(",house,", ",castle,", 1)), "foreign-key"),
        (edit("allocation.csv", doubled), "primary-key"),
        (edit("regions.csv", lambda text: re.sub(r"\n[^,]+,", "\nelsewhere,", text, count=1)), "foreign-key"),
        (edit("spending.csv", lambda text: text.replace("amount", "sum", 1)), "incorrect-label"),
        (edit("exits.csv", lambda text: text.replace("persons", "", 1)), "constraint-error"),
        (edit("findings.csv", lambda text: re.sub(r",\d+(\.\d+)?,(<=|>=|=),", r",some,\2,", text, count=1)),
         "constraint-error"),
    ],
)  # fmt: skip
def test_a_spoilt_table_is_found(tmp_path: Path, spoil: Callable[[Path], None], kind: str) -> None:
    folder = folder_of("tiny", tmp_path / "run")
    spoil(folder)
    report = validated(folder)
    assert not report.valid
    assert kind in {line[0] for line in report.flatten(["type"])}


def test_money_is_read_as_exact_decimals(tmp_path: Path) -> None:
    folder = folder_of("ruyuan", tmp_path / "run")
    amounts = [row["amount(元)"] for row in rows_of(folder, "spending")]
    assert {type(amount) for amount in amounts} == {Decimal}
    report = report_of("ruyuan")
    assert report.plan.allocation is not None
    assert sum(amounts) * 100 == sum(report.plan.allocation.money.values())


def test_accounts_balance_in_the_table(tmp_path: Path) -> None:
    folder = folder_of("ruyuan", tmp_path / "run")
    rows = rows_of(folder, "accounts")
    assert rows
    for row in rows:
        came = row["carried_in(元)"] + row["brought(元)"] + row["recovered(元)"]
        assert came == row["spent(元)"] + row["carried_out(元)"] + row["lapsed(元)"]


def test_every_column_has_a_title_in_both_languages(tmp_path: Path) -> None:
    package = json.loads(
        (folder_of("ruyuan", tmp_path / "run") / "datapackage.json").read_text(encoding="utf-8")
    )
    fields = [field for resource in package["resources"] for field in resource["schema"]["fields"]]
    assert len(fields) > 60
    assert [field for field in fields if " / " not in field["title"]] == []
    assert {field["unit"] for field in fields if "(元)" in field["name"]} == {"CNY"}
    assert set(TABLES) >= {resource["path"] for resource in package["resources"]}


@pytest.mark.parametrize(("text", "made"), [("ruyuan", "ruyuan"), ("A b_C", "a-b-c"), ("乳源", "4e73-6e90")])
def test_names_of_packages(text: str, made: str) -> None:
    assert slug(text) == made


def test_a_title_in_one_language_stands_once() -> None:
    from optimizer.present.data_package import data_package

    case = report_of("tiny").case
    alone = case.model_copy(update={"title": Text(zh="青山县")})
    assert json.loads(data_package(alone, {}, "optimal"))["title"] == "青山县"
    assert replace(report_of("tiny"), case=alone).case.title.en is None
