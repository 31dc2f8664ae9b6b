from __future__ import annotations

from pathlib import Path

import pytest

from models.finding import State

from .payment_case import HEADER, audited, briefly, broken, state

CLEAN = f"""\
{HEADER}
2018-03-05,甲县,house,special,P1,12000.50
2018-03-06,东乡,house,special,P2,12000
2018-04-06,乙山,助学金,县级资金,P3,3000.0
2019-04-06,410002,grant,own,P3,3000.00
"""


def test_a_clean_ledger_raises_no_alarm(tmp_path: Path) -> None:
    found = audited(tmp_path, CLEAN)
    assert briefly(found) == []
    assert (found.ledger.rows, found.ledger.bad_rows, found.ledger.amount) == (4, 0, 3_000_050)
    assert found.as_of.isoformat() == "2019-04-06"
    assert not found.as_of_given


def test_every_check_says_something(tmp_path: Path) -> None:
    found = audited(tmp_path, CLEAN)
    from optimizer.execution.audit import CHECKS

    assert {finding.rule for finding in found.audit.findings} == {f"paid.{id}" for id in CHECKS}


@pytest.mark.parametrize("space", [" ", "\t", "\u00a0", "\u3000", "\u2003"])
def test_white_space_around_a_cell_does_not_count(tmp_path: Path, space: str) -> None:
    spaced = CLEAN.replace(",", f"{space},{space}")
    found = audited(tmp_path, spaced)
    assert briefly(found) == []
    assert found.ledger.amount == 3_000_050


def test_english_headers_and_wanyuan(tmp_path: Path) -> None:
    found = audited(
        tmp_path,
        """\
        Date,County,Measure,Fund,Payee code,Amount (wanyuan)
        2018/3/5,jia,house,special,P1,1.200050
        20180306,dong,house,special fund,P2,1.2
        2018年4月6日,yi,grant,own,P3,0.30000000
        """,
    )
    assert briefly(found) == []
    assert found.ledger.amount == 2_700_050


@pytest.mark.parametrize(
    ("unit", "text", "fen"),
    [
        ("元", "0.29", 29),
        ("元", "-0.29", -29),
        ("元", "-0", 0),
        ("元", '"1,234,567.80"', 123_456_780),
        ("元", "9999999999999.99", 999_999_999_999_999),
        ("元", "12.3400", 1_234),
        ("万元", "0.000001", 1),
        ("万元", "-1.5", -1_500_000),
        ("分", "7", 7),
        ("分", "7.00", 7),
        ("亿元", "0.0000000001", 1),
    ],
)
def test_amounts_are_exact(tmp_path: Path, unit: str, text: str, fen: int) -> None:
    ledger = f"日期,县,措施,资金来源,收款人代码,金额({unit})\n2018-01-02,甲县,house,special,P1,{text}\n"
    found = audited(tmp_path, ledger)
    assert found.ledger.amount == fen
    assert found.ledger.bad_rows == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "约3万",
        "1.005",
        "1e5",
        "\uff11\uff12",
        '"1,23.4"',
        "NaN",
        "#DIV/0!",
        "12元",
        "--1",
        "1.",
        ".5",
        "99999999999999",
    ],
)
def test_an_amount_that_is_none_is_reported_with_its_line(tmp_path: Path, text: str) -> None:
    found = audited(
        tmp_path, f"{HEADER}\n2018-03-05,甲县,house,special,P1,1\n2018-03-05,甲县,house,special,P2,{text}\n"
    )
    assert briefly(found) == [("unreadable", "city", None, 1, 0, [3])]
    assert (found.ledger.rows, found.ledger.bad_rows, len(found.ledger.table)) == (2, 1, 1)


def test_bad_rows_of_all_kinds_come_at_once(tmp_path: Path) -> None:
    found = audited(
        tmp_path,
        f"""\
        {HEADER},收到日期
        2018-03-05,甲县,house,special,P1,1,2018-03-01
        2018-02-30,甲县,house,special,P2,1,2018-03-01
        2018-03-05,甲县,house,special,P3
        2018-03-05,甲县,house,special,P4,1,2018-03-01,又一列

        2018-03-05,甲县,house,special,,1,2018-03-01
        2018-03-05,甲县,house,special,4.10E+17,1,2018-03-01
        2018-03-05,甲县,house,special,P5,1,昨天
        ,,,,,,
        不知,甲县,house,special,P6,许多,2018-03-01
        """,
    )
    bad = [one for one in broken(found) if one.rule == "paid.unreadable"]
    assert [str(one.evidence[0]) for one in bad] == [
        "ledger.csv:3:日期",
        "ledger.csv:4",
        "ledger.csv:5",
        "ledger.csv:7:收款人代码",
        "ledger.csv:8:收款人代码",
        "ledger.csv:9:收到日期",
        "ledger.csv:11:日期",
        "ledger.csv:11:金额(元)",
    ]
    assert "2018-02-30" in bad[0].message.zh
    assert (found.ledger.rows, found.ledger.bad_rows, len(found.ledger.table)) == (8, 4, 4)


def test_more_bad_rows_than_are_listed_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"2018-03-05,甲县,house,special,P{i},无\n" for i in range(2_500))
    found = audited(tmp_path, f"{HEADER}\n2018-03-05,甲县,house,special,P,1\n{rows}")
    bad = [one for one in broken(found) if one.rule == "paid.unreadable"]
    assert len(bad) == 101
    assert "2,400" in bad[-1].message.zh
    assert "2,500" in bad[-1].message.zh
    assert " 元" not in bad[-1].message.zh


def test_quoted_cells_with_line_ends_keep_their_lines(tmp_path: Path) -> None:
    ledger = (
        f'{HEADER},备注\n2018-03-05,甲县,house,special,P1,1,"两\n行"\n2018-03-05,甲县,house,special,P2,坏,\n'
        '2018-03-05,甲县,house,special,"P3",2,"说ab""c"""\n2018-03-05,甲县,house,special,P4,x"y"\n'
        '2018-03-05,甲县,house,special,P5,"差,额",\n'
    )
    found = audited(tmp_path, ledger)
    assert [
        (one.message.zh.split("，")[0], one.evidence[0].cell)
        for one in broken(found)
        if one.rule == "paid.unreadable"
    ] == [
        ("台账行读不出来：金额不是至多精确到分的数字", "4:金额(元)"),
        ("台账行读不出来：有 6 列", "6"),
        ("台账行读不出来：金额不是至多精确到分的数字", "7:金额(元)"),
    ]
    assert found.ledger.amount == 300


def test_all_cells_quoted_is_read_the_same(tmp_path: Path) -> None:
    quoted = "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in CLEAN.splitlines())
    assert audited(tmp_path, quoted).ledger.amount == 3_000_050


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_and_marks_do_not_matter(tmp_path: Path, end: str, bom: str) -> None:
    path = tmp_path / "ledger.csv"
    path.write_bytes((bom + CLEAN.replace("\n", end)).encode())
    from optimizer.execution.ledger import read_ledger

    from .payment_case import the_case

    for size in (1 << 20, 50, 97):  # blocks that end anywhere
        ledger = read_ledger(path, the_case(), size=max(size, 50))
        assert ledger.amount == 3_000_050
        assert ledger.table["line"].to_list() == [2, 3, 4, 5]


def test_what_the_case_does_not_know_is_named_once_with_its_money(tmp_path: Path) -> None:
    found = audited(
        tmp_path,
        f"""\
        {HEADER}
        2018-03-05,丙县,house,special,P1,100
        2018-03-05,甲县,house,sepcial,P2,200
        2018-03-05,丙县,盖房,special,P3,300
        2018-03-05,甲县,house,special,P4,400
        """,
    )
    assert briefly(found) == [
        ("unknown", "city", None, 40_000, 0, [2, 4]),
        ("unknown", "city", None, 20_000, 0, [3]),
        ("unknown", "city", None, 30_000, 0, [4]),
    ]
    texts = [one.message.zh for one in broken(found)[:3]]
    assert "丙县" in texts[0]
    assert "special" in texts[1]
    assert "盖房" in texts[2]
    assert found.ledger.amount == 100_000


def test_years_outside_the_case(tmp_path: Path) -> None:
    ledger = f"""\
        {HEADER}
        2015-12-31,甲县,house,special,P1,100
        2016-01-01,甲县,house,special,P2,100
        2091-01-01,甲县,house,special,P3,50
        """
    found = audited(tmp_path, ledger)
    assert briefly(found) == [
        ("outside_years", "city", 2015, 10_000, 0, [2]),
        ("outside_years", "city", 2091, 5_000, 0, [4]),
    ]
    assert found.as_of.isoformat() == "2016-01-01"


def test_a_row_that_is_there_three_times(tmp_path: Path) -> None:
    row = "2018-03-05,甲县,house,special,P1,100"
    found = audited(tmp_path, f"{HEADER}\n{row}\n2018-03-05,甲县,house,special,P2,100\n{row}\n{row}\n")
    assert briefly(found) == [("duplicate_row", "jia", 2018, 20_000, 0, [2, 4, 5])]


def test_rows_that_differ_in_a_column_without_meaning_are_two(tmp_path: Path) -> None:
    row = "2018-03-05,甲县,house,special,P1,100"
    found = audited(tmp_path, f"{HEADER},凭证号\n{row},1\n{row},2\n")
    assert [one[0] for one in briefly(found)] == ["twice"]


def test_reversals_are_netted(tmp_path: Path) -> None:
    found = audited(
        tmp_path,
        f"""\
        {HEADER}
        2018-03-05,甲县,house,special,P1,100
        2018-03-07,甲县,house,special,P1,-100
        2018-03-09,甲县,house,special,P1,100
        2018-03-09,甲县,house,special,P2,100
        2018-04-09,甲县,house,special,P2,-30
        2018-04-09,甲县,house,special,P3,-70
        """,
    )
    assert briefly(found) == [("reversal", "jia", None, -7_000, 0, [7])]
    assert found.ledger.amount == 10_000


def test_totals_below_the_rows_are_no_payments(tmp_path: Path) -> None:
    found = audited(tmp_path, f"{HEADER}\n2018-03-05,甲县,house,special,P1,100\n合计,,,,,100\n,总计,,,,100\n")
    assert briefly(found) == []
    assert found.ledger.totals == (3, 4)
    assert (found.ledger.rows, found.ledger.amount) == (1, 10_000)


def test_titles_above_the_header(tmp_path: Path) -> None:
    found = audited(
        tmp_path, f"某市支付台账,,,,,\n单位：元,,,,,\n{HEADER}\n2018-03-05,丙县,house,special,P1,100\n"
    )
    assert briefly(found) == [("unknown", "city", None, 10_000, 0, [4])]


def test_a_check_that_found_nothing_says_how_much_it_saw(tmp_path: Path) -> None:
    found = audited(tmp_path, CLEAN)
    assert state(found, "twice") == {State.PASS}
    (said,) = [one.message for one in found.audit.findings if one.rule == "paid.twice"]
    assert said.zh == "同一对象重复领取：核对 4 项，没有发现。"
    assert said.en == "the same beneficiary paid twice: 4 looked at, none found."
