"""`fenpei template` and `convert`, and a workbook in the place of a case folder, as a user calls them."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl

from tests.cli.conftest import Fenpei


def test_a_workbook_in_the_place_of_the_folder(fenpei: Fenpei, tmp_path: Path) -> None:
    """Folder and workbook give the same results; only the hash of what was read differs."""
    assert fenpei("convert", "tiny", "tiny.xlsx").code == 0
    for words in (["check"], ["rules"], ["plan", "--out", "made"]):
        command, *options = words
        folder = fenpei(command, "tiny", *options, "--format", "json")
        workbook = fenpei(command, "tiny.xlsx", *options, "--format", "json")
        assert workbook.code == folder.code == 0
        kept = [
            name for name in folder.object if name not in ("seconds", "case_sha256", "sha256", "case_path")
        ]
        assert {name: workbook.object[name] for name in kept} == {name: folder.object[name] for name in kept}
    audited = [fenpei("audit", case, "made", "--format", "json") for case in ("tiny", "tiny.xlsx")]
    assert audited[0].code == audited[1].code == 0
    assert audited[0].object | {"sha256": ""} == audited[1].object | {"sha256": ""}


def test_patches_and_scenarios_work_on_a_workbook(fenpei: Fenpei) -> None:
    fenpei("convert", "tiny", "tiny.xlsx")
    ways = [
        fenpei("plan", case, "--set", "fund.*.amount=2x", "--format", "json")
        for case in ("tiny", "tiny.xlsx")
    ]
    assert ways[0].object["cost_fen"] == ways[1].object["cost_fen"]
    assert "--set fund.nobody.amount" in fenpei("plan", "tiny.xlsx", "--set", "fund.nobody.amount=1万元").err


def test_there_and_back(fenpei: Fenpei, tmp_path: Path) -> None:
    there = fenpei("convert", "tiny", "tiny.xlsx", "--lang", "zh")
    assert (there.code, there.out) == (0, "已写出 tiny.xlsx\n")
    back = fenpei("convert", "tiny.xlsx", "again", "--format", "json")
    assert (back.code, back.object["out"], back.object["not_carried"]) == (0, "again", [])
    assert (tmp_path / "again" / "case.yaml").is_file()
    same = fenpei("rules", "again", "--format", "csv")
    assert same.out == fenpei("rules", "tiny", "--format", "csv").out


def test_what_exists_is_left_alone(fenpei: Fenpei, tmp_path: Path) -> None:
    (tmp_path / "there.xlsx").write_bytes(b"mine")
    refused = fenpei("template", "there.xlsx")
    assert (refused.code, refused.out) == (2, "")
    assert "there.xlsx: this exists already and is left alone" in refused.err
    assert (tmp_path / "there.xlsx").read_bytes() == b"mine"
    assert fenpei("template", "there.xlsx", "--force").code == 0
    assert "both are folders" in fenpei("convert", "tiny", "other").err
    assert "there is no such case folder or workbook" in fenpei("convert", "nothing", "other.xlsx").err
    assert "must end in .xlsx" in fenpei("template", "there.xls").err


def test_an_empty_template_in_both_languages(fenpei: Fenpei, tmp_path: Path) -> None:
    assert fenpei("template", "zh.xlsx", "--lang", "zh", "--years", "2016-2018").code == 0
    assert fenpei("template", "en.xlsx", "--lang", "en", "--years", "2016").code == 0
    zh, en = (openpyxl.load_workbook(tmp_path / name) for name in ("zh.xlsx", "en.xlsx"))
    assert zh.sheetnames == en.sheetnames
    assert zh.sheetnames[:3] == ["说明 guide", "案例 case", "文件依据 documents"]
    assert zh["说明 guide"]["A1"].value == "案例工作簿填写说明"
    assert en["说明 guide"]["A1"].value == "How to fill in this workbook"
    costs = zh["单价 costs"]
    assert [cell.value for cell in costs[1]][:4] == ["措施 *", "地区", "年份", "单价（元） *"]
    assert [cell.value for cell in costs[2]][:4] == ["measure", "region", "year", "cost(元)"]
    assert "每单位" in costs["D1"].comment.text
    assert "cost" in en["单价 costs"]["D1"].comment.text
    assert [cell.value for cell in zh["目标 targets"][2]].count("amounts.2017") == 1


def test_a_template_guards_its_headers_and_offers_values(fenpei: Fenpei, tmp_path: Path) -> None:
    fenpei("template", "new.xlsx", "--from", "tiny")
    book = openpyxl.load_workbook(tmp_path / "new.xlsx")
    for sheet in book.worksheets[1:]:
        assert sheet.protection.sheet, sheet.title
        assert sheet.freeze_panes is not None, sheet.title
        assert sheet["A1"].protection.locked, sheet.title
        assert sheet["A2"].protection.locked, sheet.title
    funds = book["资金额度 fund_amounts"]
    assert not funds["A3"].protection.locked
    assert not funds.protection.insertRows  # False: inserting rows is not forbidden
    assert not funds.protection.sort
    offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in funds.data_validations.dataValidation}
    assert offered["A3"].removeprefix("=").startswith("'资金 funds'!$A$3:$A$")
    assert offered["B3"].removeprefix("=").startswith("'地区 regions'!$A$3:$A$")
    assert '"stated,derived,assumed,illustrative"' in offered.values()
    assert (funds["A3"].number_format, funds["D3"].number_format) == ("@", "#,##0.00####")


def test_wrong_options_are_named(fenpei: Fenpei) -> None:
    assert "2016-2018" in fenpei("template", "x.xlsx", "--years", "soon").err
    assert "run forward" in fenpei("template", "x.xlsx", "--years", "2018-2016").err
    assert "leave --years out" in fenpei("template", "x.xlsx", "--from", "tiny", "--years", "2016").err


def test_faults_come_with_sheet_and_cell_and_nothing_is_written(fenpei: Fenpei, tmp_path: Path) -> None:
    fenpei("convert", "tiny", "tiny.xlsx")
    book = openpyxl.load_workbook(tmp_path / "tiny.xlsx")
    book["单价 costs"]["D3"] = "3万元"
    book["资金额度 fund_amounts"].row_dimensions[3].hidden = True
    book.save(tmp_path / "tiny.xlsx")
    said = fenpei("plan", "tiny.xlsx", "--lang", "zh")
    assert said.code == 2
    assert re.findall(r"^tiny\.xlsx:[^ ]+ [^:]+:\w+", said.err, re.MULTILINE) == [
        "tiny.xlsx:单价 costs:D3",
        "tiny.xlsx:资金额度 fund_amounts:3",
    ]
    assert not (tmp_path / "outputs").exists()
    assert fenpei("convert", "tiny.xlsx", "back").code == 2
    assert not (tmp_path / "back").exists()


def test_other_files_in_the_place_of_a_case(fenpei: Fenpei, tmp_path: Path) -> None:
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    (tmp_path / "text.xlsx").write_text("a,b\n1,2\n")
    (tmp_path / "case.yaml").write_text("case: x\n")
    assert "an old .xls" in fenpei("check", "old.xls").err
    assert "a text file such as CSV" in fenpei("check", "text.xlsx").err
    assert "a case is a folder or an .xlsx workbook" in fenpei("check", "case.yaml").err
