"""Rules said in Chinese and English, and written back as source text."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.citation import Language
from models.rules import tree
from models.rules.parse import RuleSyntaxError, parse_claims, parse_condition, parse_expression
from models.rules.tree import Comparison, Place, Subject
from models.rules.wording import same, say_condition, say_expression, say_rule, say_unit, to_text

ZH, EN = Language.ZH, Language.EN


def test_share_rule_in_both_languages() -> None:
    left = parse_expression("available(fund.level == provincial and fund.tag == special)")
    right = parse_expression("2/5 * available(fund.level == central and fund.tag == special)")
    rule = (left, Comparison.AT_LEAST, right, [Subject.YEAR], None)
    assert say_rule(*rule, ZH) == (
        "每年：到位资金（资金级次为省级且资金标签为专项）"
        "不少于 40% × 到位资金（资金级次为中央且资金标签为专项）"
    )
    assert say_rule(*rule, EN) == (
        "each year: money available from (fund level is provincial and fund tag is special) is at least "
        "40 % of money available from (fund level is central and fund tag is special)"
    )


def test_deep_village_rule_with_the_titles_of_the_case() -> None:
    titles = {"prov_deep_village": "省级深度村资金", "deep_village": "深度贫困村"}

    def label(subject: Subject, field: str, value: str, lang: Language) -> str | None:
        return titles.get(value) if lang is ZH else None

    left = parse_expression("available(fund == prov_deep_village)")
    right = parse_expression(
        "50万元/村 * (stock(group == deep_village) - previous(out(group == deep_village)))"
    )
    where = parse_condition("region.level == county")
    rule = (left, Comparison.EQUAL, right, [Subject.REGION, Subject.YEAR], where)
    assert say_rule(*rule, ZH, label) == (
        "每个地区、每年（地区级次为县级）：到位资金（资金为省级深度村资金）等于 "
        "50万元/村 × （存量（人群为深度贫困村） − 上年累计退出（人群为深度贫困村））"
    )
    assert say_rule(*rule, EN, label) == (
        "each region, each year where region level is county: "
        "money available from (fund is prov_deep_village) equals 500,000 yuan per village × "
        "(stock for (group is deep_village) − last year's total out for (group is deep_village))"
    )


def test_without_year_the_sentence_says_that_years_are_added_up() -> None:
    sides = (parse_expression("spent()"), Comparison.AT_MOST, parse_expression("carried()"), [Subject.REGION])
    assert say_rule(*sides, None, ZH) == "每个地区、各年合计：支出不超过结转资金"
    assert (
        say_rule(*sides, None, EN)
        == "each region, all years together: money spent is at most money carried over"
    )


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("7/100", "7%", "7 %"),
        ("1.07", "107%", "107 %"),
        ("1/3", "1/3", "1/3"),
        ("12", "12", "12"),
        ("0元", "0元", "0 yuan"),
        ("12345.67元", "12345.67元", "12,345.67 yuan"),
        ("12500元", "1.25万元", "12,500 yuan"),
        ("12501元", "12501元", "12,501 yuan"),
        ("100000万元", "10亿元", "1,000,000,000 yuan"),
        ("7分", "7分", "0.07 yuan"),
        ("25000人", "2.5万人", "25,000 persons"),
        ("1村", "1村", "1 village"),
        ("3人/户", "3人/户", "3 persons per household"),
        ("region.gdp - 1元", "本地区gdp − 1元", "the region's gdp − 1 yuan"),
        ("15% * (need() + stock())", "15% × （需求 + 存量）", "15 % of (need + stock)"),
        ("previous(spent() / 2)", "上年（支出 ÷ 2）", "last year's (money spent ÷ 2)"),
    ],
)
def test_expressions_in_words(text: str, zh: str, en: str) -> None:
    assert say_expression(parse_expression(text), ZH) == zh
    assert say_expression(parse_expression(text), EN) == en


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("fund.level != city", "资金级次不为市级", "fund level is not city"),
        (
            "fund.tag in (agri, bond)",
            "资金标签属于（涉农、债券）",
            "fund tag is one of (agriculture-related, bond)",
        ),
        ("year not in (2018, 2019)", "年份不属于（2018、2019）", "year is none of (2018, 2019)"),
        ("year >= 2019", "年份不早于2019", "year is at least 2019"),
        ("not region.gdp < 5", "并非（地区gdp小于5）", "not (region gdp is less than 5)"),
        (
            "fund == a and (fund == b or fund == c)",
            "资金为a且（资金为b或资金为c）",
            "fund is a and (fund is b or fund is c)",
        ),
        (
            "not (need.kind == backlog and group.counts == villages)",
            "并非（需求类型为存量且人群计数单位为村）",
            "not (need kind is backlog and group count is villages)",
        ),
    ],
)
def test_conditions_in_words(text: str, zh: str, en: str) -> None:
    assert say_condition(parse_condition(text), ZH) == zh
    assert say_condition(parse_condition(text), EN) == en


def test_units_in_words() -> None:
    assert say_unit((("money", 1), ("village", -1)), ZH) == "元/村"
    assert say_unit((("money", 1), ("village", -1)), EN) == "yuan per village"
    assert say_unit((("house", 1),), ZH) == "house"
    assert say_unit((("person", -1),), EN) == "1 per person"
    assert say_unit((), EN) == "no unit"


@pytest.mark.parametrize(
    "text",
    [
        "40% * spent()",
        "1 / 3 * spent()",
        "spent() * (1 / 3)",
        "-(spent() * need())",
        "(-spent()) * need()",
        "-5 + spent() - -5",
        "50万元/村 * stock()",
        "100分/村 / 3",
        "3 * 1人 * 1村",
        "spent() / (need() * 3)",
        "5 / 0",
        'spent(not (fund == "a b" or fund == c) and region.gdp >= 4.5 and year not in (2018, 2019))',
        "spent(not not fund != a)",
    ],
)
def test_canonical_text_stays_as_it_is(text: str) -> None:
    assert to_text(parse_expression(text)) == text


# --- the round trip -----------------------------------------------------------------------------

values = st.sampled_from(
    ["411224", "嵩县", "a-b", "and", "in", "a b", "（1）", "\uff11", "-3", "4.5", "2018-x", "a,b"]
)
members = st.lists(values.map(lambda value: f'"{value}"'), min_size=1, max_size=3)
subjects = st.sampled_from(
    ["fund", "fund.level", "measure.tag", "region", "region.tag", "group.counts", "need.kind"]
)
plain_tests = st.builds(
    lambda subject, outside, many: f"{subject} {outside}in ({', '.join(many)})",
    subjects,
    st.sampled_from(["", "not "]),
    members,
)
size_tests = st.builds(
    lambda subject, sign, year: f"{subject} {sign} {year}",
    st.sampled_from(["year", "region.gdp"]),
    st.sampled_from(["==", "!=", ">=", "<=", "<", ">"]),
    st.integers(2000, 2030),
)
conditions = st.recursive(
    plain_tests | size_tests,
    lambda inner: (
        st.builds(lambda a, b, word: f"({a}) {word} ({b})", inner, inner, st.sampled_from(["and", "or"]))
        | st.builds(lambda a, b: f"{a} and {b}", inner, inner)
        | st.builds(lambda a: f"not ({a})", inner)
        | st.builds(lambda a: f"not {a}", inner)
    ),
    max_leaves=6,
)
numbers = st.builds(
    lambda whole, part, unit: f"{whole}{part}{unit}",
    st.integers(0, 10**9),
    st.sampled_from(["", ".5", ".07", ".123"]),
    st.sampled_from(
        [
            "",
            "%",
            "元",
            "万元",
            "亿元",
            "分",
            "人",
            "万人/户",
            "元/万人",
            "万元/村",
            "元/套",
            "kw",
            "亩",
            "县",
        ]
    ),
)
atoms = (
    numbers
    | st.just("region.rural_population")
    | st.builds(lambda name: f"{name}()", st.sampled_from(list(tree.Name)))
    | st.builds(lambda name, where: f"{name}({where})", st.sampled_from(list(tree.Name)), conditions)
)
expressions = st.recursive(
    atoms,
    lambda inner: (
        st.builds(lambda a, b, sign: f"{a} {sign} {b}", inner, inner, st.sampled_from("+-*/"))
        | st.builds(lambda a, b, sign: f"({a}) {sign} ({b})", inner, inner, st.sampled_from("+-*/"))
        | st.builds(lambda a: f"-({a})", inner)
        | st.builds(lambda a: f"-{a}", inner)
        | st.builds(lambda a: f"previous({a})", inner)
        | st.builds(lambda a: f"everywhere({a})", inner)
    ),
    max_leaves=8,
)


@given(expressions)
def test_canonical_text_parses_to_the_same_tree(text: str) -> None:
    try:
        expression = parse_expression(text)
    except RuleSyntaxError as error:
        if "too many digits" in error.message_en:
            return
        raise
    canonical = to_text(expression)
    again = parse_expression(canonical)
    assert same(again, expression)
    assert to_text(again) == canonical
    assert say_expression(again, ZH) == say_expression(expression, ZH)


@given(conditions)
def test_canonical_condition_parses_to_the_same_tree(text: str) -> None:
    condition = parse_condition(text)
    assert same(parse_condition(to_text(condition)), condition)


@given(st.text(alphabet='spent()regionfu.=!<>12 ,%*/+-元万村（，"and\n', max_size=40))
def test_any_text_parses_or_is_a_syntax_error(text: str) -> None:
    for parse in (parse_expression, parse_condition, parse_claims):
        with suppress(RuleSyntaxError):
            parse(text)


def test_sameness_ignores_places_and_spelling_only() -> None:
    assert same(parse_expression("2/5"), parse_expression(" 40%"))
    assert same(parse_expression("1万元"), parse_expression("10000 yuan"))
    assert not same(parse_expression("1元"), parse_expression("1"))
    assert not same(parse_expression("spent()"), parse_expression("carried()"))
    assert not same(parse_condition("year == 2018"), parse_condition("year != 2018"))
    assert not same(tree.Number(Fraction(1), (), "1", Place(0, 1)), tree.Attribute("x", Place(0, 1)))
