from __future__ import annotations

from fractions import Fraction

import pytest
from rich.cells import cell_len

from models.citation import Basis, Citation, Language
from models.finding import State
from models.plan import Status
from models.policy import Severity
from models.region import Level
from optimizer.present.csv_texts import csv_text
from optimizer.present.objects import exact
from optimizer.present.rule_book import percent, say_years
from optimizer.present.sentences import at_least, at_most
from optimizer.present.terminal import Screen, folded, number_column, render, table, text_column
from optimizer.present.words import MEMBERS, WORDS, cited, money, word

ZH, EN = Language.ZH, Language.EN


def test_every_member_has_its_word() -> None:
    for kind in (State, Status, Severity, Basis, Level):
        assert set(MEMBERS[kind]) == set(kind)
    assert all(zh and en and zh != en for zh, en in WORDS.values())


def test_equal_texts_of_different_kinds_are_kept_apart() -> None:
    assert word(Level.COUNTY, ZH) == "县"
    assert word("unheard-of", ZH) == "unheard-of"


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0.00 万元", "0.00 yuan"),
        (1, "0.00 万元", "0.01 yuan"),
        (-150, "-0.00 万元", "-1.50 yuan"),
        (15_000_000, "15.00 万元", "150,000.00 yuan"),
        (123_456_789_01, "1.2346 亿元（12,345.68 万元）", "123.46 million yuan"),
        (
            5_028_794_640_000,
            "502.8795 亿元（5,028,794.64 万元）",
            "50.2879 billion yuan (50,287.95 million yuan)",
        ),
    ],
)
def test_amounts_in_sentences(fen: int, zh: str, en: str) -> None:
    assert money(fen, ZH) == zh
    assert money(fen, EN) == en


def test_what_is_claimed_is_rounded_to_the_safe_side() -> None:
    gap = Fraction(29_999, 100_000_000)  # 0.029999 %
    assert at_least(1 - gap) == "99.97 %"
    assert at_most(gap) == "0.03 %"
    assert at_least(1 - Fraction(1, 10**9)) == "99.99 %"
    assert at_most(Fraction(1, 10**9)) == "0.01 %"
    assert (at_least(Fraction(1)), at_most(Fraction(0))) == ("100.00 %", "0.00 %")


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(2, 5), "40%"), (Fraction(1, 3), "1/3"), (Fraction(19, 200), "9.5%"), (Fraction(1), "100%")],
)
def test_rates(value: Fraction, text: str) -> None:
    assert percent(value) == text


def test_exact_numbers() -> None:
    assert [exact(x) for x in (None, Fraction(4, 2), Fraction(-1, 3))] == [None, 2, "-1/3"]


def test_years() -> None:
    assert [say_years(y) for y in ((), (2018,), (2018, 2019, 2020), (2018, 2020))] == [
        "", "2018", "2018–2020", "2018, 2020"
    ]  # fmt: skip


def test_a_citation_in_both_languages() -> None:
    source = Citation(document="plan", section="三(三)", basis=Basis.STATED, clause="N249")
    assert cited(source, {"plan": "行动计划"}, ZH) == "《行动计划》三(三)（明文，N249）"
    assert cited(source, {}, EN) == "plan, 三(三) (stated, N249)"
    assert cited(None, {}, EN) == ""


def test_no_cell_becomes_a_formula() -> None:
    text = csv_text(["a"], [["=1+1"], ["@x"], ["-cmd"], ["-0.01"], ["-1/3"], ["="], [None], [-5]])
    assert text.splitlines()[1:] == ["'=1+1", "'@x", "'-cmd", "-0.01", "-1/3", "=", '""', "-5"]


def test_columns_line_up_under_chinese_text() -> None:
    made = table(
        "标题", [text_column("资金"), number_column("2018")], [["中央专项", "1.00"], ["ab", "22.00"]]
    )
    lines = render([made], Screen(40, False)).splitlines()
    assert {cell_len(line) for line in lines[3:]} == {cell_len(lines[1])}
    assert "\x1b" in render([made], Screen(40, True))


def test_chinese_folds_at_the_width_and_not_before_a_comma() -> None:
    text = "2016年 乳源 累计脱贫人数：分项目标合计 2,477 人，总目标 2,500 人，相差 23 人（应相等）。"
    lines = folded(text, 20, 2)
    assert all(cell_len(line) <= 20 and line.startswith("  ") for line in lines)
    assert not any(line.strip()[0] in "，。）、" for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert min(cell_len(line) for line in lines[:-1]) >= 14
    assert folded("plain words fold", 11) == ["plain words", "fold"]
    assert folded("", 10) == [""]
