# ruff: noqa: RUF001, E501
"""Names as bureaus write them: what is understood, what is refused with its candidates, never a likeness."""

import pytest

from models.case import Case
from models.citation import Language
from models.place_names import PEOPLES
from optimizer.present.mapping import MEANINGS
from optimizer.read.foreign.names import Names
from optimizer.read.foreign.words import normal, vocabulary, year_in
from tests.read.foreign.conftest import Tables


@pytest.mark.parametrize(
    "written",
    ["乳源瑶族自治县", "乳源", "乳源县", "乳源自治县", "乳 源", " 乳　源　县 ", "乳源縣", "440232", "440232000000", "ry", "ＲＹ", "韶关市乳源县",
     "某省韶关市乳源瑶族自治县", "韶关乳源", "1.乳源县", "（一）乳源"],
)  # fmt: skip
def test_one_county_in_many_ways(case: Case, written: str) -> None:
    assert Names(case).find("region", written).ids == {"ry"}


@pytest.mark.parametrize(
    "written", ["乳", "源县", "乳原县", "韶关市兰考县", "乳源镇", "瑶族自治县", "县", ""]
)
def test_what_only_looks_like_it_is_nobody(case: Case, written: str) -> None:
    assert Names(case).find("region", written).ids == frozenset()


def test_a_name_of_two_counties_needs_its_city(case: Case) -> None:
    names = Names(case)
    assert names.find("region", "鼓楼区").ids == {"g1", "g2"}
    assert names.find("region", "鼓楼区", "t").ids == {"g2"}
    assert names.find("region", "开封市鼓楼区").ids == {"g2"}
    assert names.find("region", "韶关鼓楼").ids == {"g1"}


def test_the_own_level_of_a_city(case: Case) -> None:
    names = Names(case)
    assert names.find("region", "韶关市本级").ids == {"s"}
    assert names.find("region", "韶关市本级").own
    assert names.find("region", "市本级", "t").ids == {"t"}
    assert names.find("region", "省本级").ids == {"p"}
    assert names.find("region", "市本级").ids == frozenset()
    assert not names.find("region", "韶关市").own


@pytest.mark.parametrize(
    ("written", "id"),
    [("危房改造", "house"), ("农村危房改造", "house"), ("危改", "house"), ("house", "house"), ("危房改造项目", "house"),
     ("光伏", "pv"), ("光伏扶贫", "pv"), ("一、光伏", "pv"), ("助學金", "grant"), ("电网改造", None), ("房", None)],
)  # fmt: skip
def test_measures(case: Case, written: str, id: str | None) -> None:
    assert Names(case).find("measure", written).one == id


@pytest.mark.parametrize(
    ("written", "id"),
    [("中央专项", "central"), ("中央专项资金", "central"), ("中央财政专项扶贫资金", "central"), ("中央", "central"),
     ("县级", "local"), ("县级财政", "local"), ("企业", "company"), ("省级", None), ("专项", None), ("扶贫资金", None)],
)  # fmt: skip
def test_funds(case: Case, written: str, id: str | None) -> None:
    assert Names(case).find("fund", written).one == id


def test_a_column_among_money_that_nobody_knows_is_not_passed_over(tables: Tables) -> None:
    path = tables.csv("年度,县,项目,中央,农户自筹,金额合计(元)\n2017,甲县,光伏,1,2,3\n")
    [problem] = tables.problems(path, unit="元")
    assert problem.said(Language.ZH) == (
        "table.csv:1:农户自筹: 「农户自筹」与金额各列排在一起，却看不懂是什么。请说明它是哪项资金（中央专项(central)、县级(local)、企业(company)）："
        '--map "农户自筹=…"；确实不用就写 --map "忽略=农户自筹"。'
    )


@pytest.mark.parametrize(
    ("text", "year"),
    [("2018", 2018), ("2018年", 2018), ("２０１８年度", 2018), ("二〇一八年", 2018), ("二○一八", 2018), ("18", None),
     ("2018-2019", None), ("12018", None), ("2018.5", None), ("", None)],
)  # fmt: skip
def test_years(text: str, year: int | None) -> None:
    assert year_in(text) == year


def test_words_are_compared_without_what_does_not_matter() -> None:
    assert normal(" 縣（市、區） ") == normal("县(市、区)") == "县市区"
    assert normal("Ａmount  (YUAN)") == "amountyuan"


def test_every_meaning_has_a_word_for_the_report() -> None:
    meanings = set(vocabulary().said) - {"ignore"}
    assert meanings | {"total"} == set(MEANINGS)
    assert {meaning: MEANINGS[meaning] for meaning in meanings} == {
        meaning: said for meaning, said in vocabulary().said.items() if meaning != "ignore"
    }


def test_no_word_surely_means_two_things_that_contents_cannot_tell_apart() -> None:
    twice = {word: meanings for word, meanings in vocabulary().sure.items() if len(meanings) > 1}
    assert all(set(meanings) == {"fund", "amount"} for meanings in twice.values()), twice


def test_the_peoples_are_written_as_names_are_compared() -> None:
    assert len(set(PEOPLES)) == len(PEOPLES) == 56
    assert [people for people in PEOPLES if normal(people) != people] == []
    assert normal("维西傈僳族自治县") == "维西傈僳族自治县"
