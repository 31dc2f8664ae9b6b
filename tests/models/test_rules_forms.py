"""The whole, what lifts a rule, and rates by a unit of the case: read, judged, said and written back."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.citation import Language
from models.rules.parse import RuleSyntaxError, parse_claims, parse_expression
from models.rules.questions import (
    UnitBook,
    check_everywhere,
    check_linear,
    check_unit_words,
    check_units,
    degree,
    quantities,
    unit_of,
)
from models.rules.tree import Comparison, Everywhere, Number, Previous, Product, Quantity, Subject, Unit
from models.rules.wording import same, say_expression, say_rule, to_text

MONEY: Unit = (("money", 1),)
BOOK = UnitBook(
    {"score": ()}, lambda quantity: (("套", 1),) if quantity.name == "units" else (("person", 1),)
)


# --- everywhere -------------------------------------------------------------------------------


def test_the_whole_wraps_an_expression_and_passes_every_question_on() -> None:
    text = "40% * everywhere(previous(spent(fund == a)))"
    tree = parse_expression(text)
    assert isinstance(tree, Product)
    assert isinstance(tree.right, Everywhere)
    assert isinstance(tree.right.inner, Previous)
    assert (tree.right.place.start, tree.right.place.end) == (6, len(text))
    assert degree(tree) == 1
    assert [quantity.name for quantity in quantities(tree)] == ["spent"]
    assert unit_of(tree, BOOK) == MONEY


def test_shares_of_the_whole_are_linear_and_products_of_two_decisions_are_not() -> None:
    assert not check_linear(parse_expression("stock() / everywhere(stock()) * everywhere(spent())"))
    [problem] = check_linear(parse_expression("spent() / everywhere(spent())"))
    assert "divisor" in problem.message_en


def test_the_whole_is_for_rules_that_go_region_by_region() -> None:
    tree = parse_expression("everywhere(spent())")
    assert not check_everywhere(tree, [Subject.YEAR, Subject.REGION])
    [problem] = check_everywhere(tree, [Subject.YEAR])
    assert (
        problem.message_zh
        == "everywhere(...) 只用于按地区逐项的规则；请在 for_each 里写 region，或去掉 everywhere"
    )
    assert (problem.place.start, problem.place.end) == (0, 19)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("everywhere(spent())", "全部地区支出", "money spent in all regions together"),
        ("everywhere(region.score)", "全部地区的score", "the score of the whole area"),
        (
            "previous(region.score) - everywhere(previous(region.score))",
            "上年本地区score − 上年全部地区的score",
            "the region's score the year before − the score of the whole area the year before",
        ),
        ("previous(everywhere(exits()))", "上年全部地区退出", "last year's exits in all regions together"),
        (
            "2 * everywhere(spent() + carried())",
            "2 × （全部地区支出 + 全部地区结转资金）",
            "2 × (money spent in all regions together + money carried over in all regions together)",
        ),
    ],
)
def test_the_whole_in_words(text: str, zh: str, en: str) -> None:
    tree = parse_expression(text)
    assert (say_expression(tree, Language.ZH), say_expression(tree, Language.EN)) == (zh, en)
    assert same(parse_expression(to_text(tree)), tree)


# --- unless -----------------------------------------------------------------------------------


def test_claims_are_comparisons_with_or_between_them() -> None:
    text = "met(need == a) >= 90% * need(need == a) or units() = 3 or out() <= 5人"
    claims = parse_claims(text)
    assert [claim.compare for claim in claims] == [Comparison.AT_LEAST, Comparison.EQUAL, Comparison.AT_MOST]
    assert [text[claim.place.start : claim.place.end] for claim in claims] == text.split(" or ")
    assert isinstance(claims[1].right, Number)
    assert " or ".join(map(to_text, claims)) == text


@pytest.mark.parametrize(
    ("text", "en", "at"),
    [
        ("met()", "the text ends here; expected a comparison: >=, <= or =", 5),
        ("met() > 3", "the comparison here is >=, <= or =, not '>'", 6),
        ("met() == 3", "the comparison here is >=, <= or =, not '=='", 6),
        ("met() >= 3 and out() >= 2", "unknown unit 'and'. Did you mean 'yuan'? ", 11),
        ("met() >= out() and out() >= 2人", "expected + - * /, or, or the end, not 'and'", 15),
        ("met() >= 3 or", "the text ends here; expected a number, a quantity", 13),
        ("or met() >= 3", "unknown quantity 'or'. ", 0),
    ],
)
def test_claims_that_cannot_be_read(text: str, en: str, at: int) -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        parse_claims(text)
    assert caught.value.message_en.startswith(en)
    assert caught.value.place.start == at


def test_a_rule_with_what_lifts_it_is_one_sentence() -> None:
    sides = parse_expression("spent()"), parse_expression("0")
    claims = parse_claims("met() >= need() or units() >= capacity()")
    said = [
        say_rule(sides[0], Comparison.AT_MOST, sides[1], [Subject.YEAR], None, lang, unless=claims)
        for lang in Language
    ]
    assert said == [
        "每年：支出不超过 0；已满足需求不少于需求 或 实施数量不少于能力上限时除外",
        "each year: money spent is at most 0, unless need met is at least need or units started is at least"
        " capacity",
    ]


ATOMS = st.sampled_from(
    [
        "spent()",
        "met(need == a)",
        "everywhere(out())",
        "previous(units())",
        "3",
        "40%",
        "5元",
        "2人",
        "capacity()",
    ]
)
SIDES = st.recursive(
    ATOMS, lambda side: st.tuples(side, st.sampled_from("+-*"), side).map(" ".join), max_leaves=4
)
CLAIMS = st.lists(
    st.tuples(SIDES, st.sampled_from([">=", "<=", "="]), SIDES).map(" ".join), min_size=1, max_size=3
)


@given(CLAIMS)
def test_claims_written_back_parse_to_the_same_claims(texts: list[str]) -> None:
    claims = parse_claims(" or ".join(texts))
    again = parse_claims(" or ".join(to_text(claim) for claim in claims))
    assert len(claims) == len(texts)
    for one, other in zip(claims, again, strict=True):
        assert one.compare is other.compare
        assert same(one.left, other.left)
        assert same(one.right, other.right)


# --- money with its unit ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fen", "per"),
    [
        ("300万元", 300_000_000, None),
        ("5元", 500, None),
        ("5元/套", 500, "套"),
        ("0.5万元/座", 500_000, "座"),
    ],
)
def test_money_is_written_with_its_unit(text: str, fen: int, per: str | None) -> None:
    unit: Unit = MONEY if per is None else tuple(sorted([("money", 1), (per, -1)]))
    number = parse_expression(text)
    assert isinstance(number, Number)
    assert (number.value, number.unit) == (Fraction(fen), unit)
    assert same(parse_expression(to_text(number)), number)


def test_a_rate_by_a_unit_of_the_case_makes_money_of_what_it_counts() -> None:
    left = parse_expression("spent()")
    assert not check_units(left, parse_expression("5000元/套 * units()"), BOOK)
    for wrong in ("5000元 * units()", "5000 * units()", "5000元/座 * units()", "300"):
        [problem] = check_units(left, parse_expression(wrong), BOOK)
        assert problem.message_en.startswith("units disagree: yuan and ")


def test_a_bare_number_against_money_says_how_to_write_it() -> None:
    [problem] = check_units(parse_expression("spent()"), parse_expression("300"), BOOK)
    assert problem.message_zh == "单位不一致：「元」和「没有单位」；给数字写上单位，如 50万元、3村"


def test_a_unit_that_nobody_counts_in_is_unknown() -> None:
    tree = parse_expression("5元/栋 * units()")
    assert not check_unit_words(tree, {"栋"})
    [problem] = check_unit_words(tree, {"套"})
    assert problem.message_en.startswith("unknown unit '栋'. ")
    assert problem.message_en.endswith(" 套")


@pytest.mark.parametrize(
    "text", ["5元 / stock()", "5元/stock()", "5元/region.score", "5元/previous (stock())"]
)
def test_a_slash_before_a_quantity_divides(text: str) -> None:
    tree = parse_expression(text)
    assert not isinstance(tree, Number)
    assert same(parse_expression(to_text(tree)), tree)


def test_a_product_that_no_literal_can_be_written_for_stays_a_product() -> None:
    tree = parse_expression("5元/套 * 3人")
    assert isinstance(tree, Product)
    assert same(parse_expression(to_text(tree)), tree)
    assert unit_of(tree, BOOK) == (("money", 1), ("person", 1), ("套", -1))


def test_every_quantity_has_words() -> None:
    assert isinstance(parse_expression("capacity(measure == a)"), Quantity)
