from __future__ import annotations

import datetime
import gzip
from pathlib import Path

import pytest
from openpyxl import Workbook

from models.citation import Language
from optimizer.execution.ledger import read_ledger
from optimizer.execution.refusal import LedgerErrors
from optimizer.execution.register import read_register

from .payment_case import HEADER, audited, briefly, lines, the_case

ROW = "2018-03-05,甲县,house,special,P1,100\n"


def refusals(folder: Path, header: str, language: Language = Language.ZH, rows: str = ROW) -> list[str]:
    (folder / "l.csv").write_text(f"{header}\n{rows}", encoding="utf-8")
    with pytest.raises(LedgerErrors) as caught:
        read_ledger(folder / "l.csv", the_case())
    return caught.value.said(language).splitlines()


def test_a_unit_is_never_guessed(tmp_path: Path) -> None:
    header = "日期,县,措施,资金来源,收款人代码,金额"
    assert refusals(tmp_path, header) == [
        "l.csv:1: 列「金额」没有写明单位，应如「金额(元)」或「金额(万元)」。请在表头写明单位，单位不作猜测。"
    ]
    assert refusals(tmp_path, header, Language.EN) == [
        "l.csv:1: column '金额' states no unit, expected 'amount(元)' or 'amount(万元)'. "
        "Write the unit in the header: it is never guessed."
    ]


def test_everything_wrong_with_a_header_comes_at_once(tmp_path: Path) -> None:
    said = refusals(tmp_path, "日期,支付日期,县,措施,资金来源,金额(元)")
    assert len(said) == 2
    assert said[0].startswith("l.csv:1: 有 2 列都像是「支付日期」：「日期」、「支付日期」。")
    assert said[1].startswith(
        "l.csv:1: 缺少列「收款人代码」（现有：日期、支付日期、县、措施、资金来源、金额(元)）。"
    )


def test_neither_project_nor_measure(tmp_path: Path) -> None:
    (said,) = refusals(tmp_path, "日期,县,说明,资金来源,收款人代码,金额(元)")
    assert "缺少列「项目」或「措施」" in said


def test_a_name_beside_the_code_is_not_the_code(tmp_path: Path) -> None:
    header = "日期,县,措施,资金来源,收款人,收款人代码,金额（元）"
    (tmp_path / "l.csv").write_text(
        f"{header}\n2018-03-05,甲县,house,special,张三,P1,100\n", encoding="utf-8"
    )
    ledger = read_ledger(tmp_path / "l.csv", the_case())
    assert ledger.table["payee"].to_list() == ["P1"]
    assert ledger.header.ignored == ("收款人",)


def test_gbk_is_named(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_bytes(f"{HEADER}\n{ROW}".encode("gb18030"))
    with pytest.raises(LedgerErrors, match="not UTF-8"):
        read_ledger(tmp_path / "l.csv", the_case())


def test_bytes_that_are_no_text_are_named_with_their_line(tmp_path: Path) -> None:
    rows = ROW * 9
    (tmp_path / "l.csv").write_bytes(
        f"{HEADER}\n{rows}".encode() + b"2018-03-05,\xff\xfe,house,special,P1,1\n"
    )
    with pytest.raises(LedgerErrors, match=r"l\.csv:11: not UTF-8"):
        read_ledger(tmp_path / "l.csv", the_case())


def test_far_below_too(tmp_path: Path) -> None:
    rows = "".join(f"2018-03-05,甲县,house,special,P{i},1\n" for i in range(5_000))
    (tmp_path / "l.csv").write_bytes(
        f"{HEADER}\n{rows}".encode() + b"2018-03-05,\xff\xfe,house,special,P1,1\n"
    )
    with pytest.raises(LedgerErrors, match=r"l\.csv:5002: not UTF-8"):
        read_ledger(tmp_path / "l.csv", the_case())


def test_a_quotation_mark_that_never_closes(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(f'{HEADER}\n{ROW}"{ROW * 100}', encoding="utf-8")
    with pytest.raises(LedgerErrors, match="quotation mark"):
        read_ledger(tmp_path / "l.csv", the_case(), size=200)


@pytest.mark.parametrize("name", ["l.xls", "l.parquet", "l.json"])
def test_other_kinds_of_file_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(LedgerErrors, match="not known"):
        read_ledger(tmp_path / name, the_case())


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "l.csv").write_text(text, encoding="utf-8")
    with pytest.raises(LedgerErrors, match="empty"):
        read_ledger(tmp_path / "l.csv", the_case())


def test_a_ledger_without_one_payment(tmp_path: Path) -> None:
    with pytest.raises(LedgerErrors, match="no row of the ledger"):
        audited(tmp_path, f"{HEADER}\n")


def test_gz_is_read_the_same(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "l.csv.gz", "wb") as out:
        out.write(f"{HEADER}\n{ROW}".encode())
    assert read_ledger(tmp_path / "l.csv.gz", the_case()).amount == 10_000


def workbook(path: Path, rows: list[list[object]], title: str = "台账") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_with_a_title_dates_numbers_and_a_total(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "l.xlsx",
        [
            ["某县支付台账"],
            [*HEADER.split(",")],
            [datetime.date(2018, 3, 5), "甲县", "house", "special", "P1", 1234.56],
            [datetime.datetime(2018, 3, 6), "甲县", "house", "special", "P2", 0.1 + 0.2],
            ["2018-03-07", "甲县", "house", "special", "P3", "#DIV/0!"],
            [datetime.date(2018, 3, 8), "丙县", "house", "special", 410001, 7],
            ["合计", None, None, None, None, 1241.86],
        ],
    )
    ledger = read_ledger(path, the_case())
    assert ledger.amount == 123_456 + 30 + 700
    assert (ledger.rows, ledger.bad_rows, ledger.totals) == (4, 1, (7,))
    assert str(ledger.spot(5)) == "l.xlsx:台账:F5"
    assert ledger.table["payee"].to_list() == ["P1", "P2", "410001"]


def test_a_file_that_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "l.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(LedgerErrors, match="workbook"):
        read_ledger(tmp_path / "l.xlsx", the_case())


def test_amounts_beyond_64_bits_are_refused(tmp_path: Path) -> None:
    rows = "2018-03-05,甲县,house,special,P1,9999999999999\n" * 10_000
    (tmp_path / "l.csv").write_text(f"{HEADER}\n{rows}", encoding="utf-8")
    with pytest.raises(LedgerErrors, match="too large"):
        read_ledger(tmp_path / "l.csv", the_case())


def test_a_register_is_refused_with_everything_wrong(tmp_path: Path) -> None:
    import polars as pl

    (tmp_path / "r.csv").write_text(
        "对象代码,县,人群,纳入日期,退出日期\nP1,丙县,able,2018-01-01,\n,甲县,able,2018-01-01,\n"
        "P2,甲县,无,昨天,\nP3,甲县,able,2018-02-01,2018-01-31\nP4,甲县\n",
        encoding="utf-8",
    )
    with pytest.raises(LedgerErrors) as caught:
        read_register(tmp_path / "r.csv", the_case(), pl.Categories.random())
    said = caught.value.said(Language.ZH).splitlines()
    assert [line.split(": ")[0] for line in said] == [
        "r.csv:6",
        "r.csv:3:对象代码",
        "r.csv:2:县",
        "r.csv:4:人群",
        "r.csv:4:纳入日期",
        "r.csv:5",
    ]


def test_a_reversal_takes_back_the_latest_payment(tmp_path: Path) -> None:
    ledger = f"""\
        {HEADER}
        2017-03-01,甲县,house,special,P1,100
        2018-03-01,甲县,house,special,P1,100
        2018-04-01,甲县,house,special,P1,100
        2018-05-01,甲县,house,special,P1,-100
        """
    assert briefly(audited(tmp_path, ledger)) == []


def test_evidence_names_file_line_and_column(tmp_path: Path) -> None:
    found = audited(tmp_path, f"{HEADER}\n{ROW}{ROW}", name="支付.csv")
    (one,) = [one for one in found.audit.findings if one.rule == "paid.duplicate_row"]
    assert [str(spot) for spot in one.evidence] == ["支付.csv:2:金额(元)", "支付.csv:3:金额(元)"]
    assert lines(one) == [2, 3]
    assert one.remedy is not None
