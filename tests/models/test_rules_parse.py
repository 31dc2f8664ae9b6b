"""What a rule's text becomes, and the full text of what a wrong one is told."""

import unicodedata
from fractions import Fraction

import pytest

from models.citation import Language
from models.rules import tree
from models.rules.parse import RuleSyntaxError, parse_condition, parse_expression
from models.rules.source import point_at
from models.rules.tree import (
    And,
    Attribute,
    Comparison,
    Name,
    Not,
    Number,
    Or,
    Place,
    Previous,
    Product,
    Quantity,
    Quotient,
    Subject,
    Sum,
)

MONEY = (("money", 1),)
QUANTITIES = (
    "spent available given carried recovered units in_effect met need exits out stock"
    " entered relapsed revoked listed_out capacity previous everywhere region"
)
UNITS = (
    "分 fen 元 yuan 万元 wanyuan 亿元 yiyuan 人 万人 person "
    "户 万户 household 村 village 县 county 亩 mu 千瓦 kw kW"
)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0", 0, ()),
        ("40%", Fraction(2, 5), ()),
        ("2/5", Fraction(2, 5), ()),
        ("0.4", Fraction(2, 5), ()),
        ("1/3", Fraction(1, 3), ()),
        ("-5", -5, ()),
        ("7 - 2 * (1 + 2)", 1, ()),
        ("0.07元", 7, MONEY),
        ("50万元", 50_000_000, MONEY),
        ("1.5亿元", 15_000_000_000, MONEY),
        ("3 yuan", 300, MONEY),
        ("2万人", 20_000, (("person", 1),)),
        ("50万元/村", 50_000_000, (("money", 1), ("village", -1))),
        ("50万元/5", 10_000_000, MONEY),
        ("50万元/2村", 25_000_000, (("money", 1), ("village", -1))),
        ("1元/万人", Fraction(1, 100), (("money", 1), ("person", -1))),
        ("10万元/1亿元", Fraction(1, 1000), ()),
        ("1万元 + 1元", 1_000_100, MONEY),
        ("300kW", 300, (("kw", 1),)),
    ],
)
def test_constants_are_exact_and_folded(text: str, value: Fraction | int, unit: tree.Unit) -> None:
    assert parse_expression(text) == Number(Fraction(value), unit, text, Place(0, len(text)))


def test_share_rule_becomes_number_times_quantity() -> None:
    text = "2/5 * available(fund.level == central and fund.tag == special)"
    level = tree.Test(Subject.FUND, "level", Comparison.EQUAL, ("central",), Place(16, 37))
    tag = tree.Test(Subject.FUND, "tag", Comparison.EQUAL, ("special",), Place(42, 61))
    assert parse_expression(text) == Product(
        Number(Fraction(2, 5), (), "2/5", Place(0, 3)),
        Quantity(Name.AVAILABLE, And((level, tag), Place(16, 61)), Place(6, 62)),
        Place(0, 62),
    )


def test_factors_bind_from_the_left_and_sums_are_flat() -> None:
    spent = Quantity(Name.SPENT, None, Place(0, 7))
    growth = parse_expression("spent() / need() * stock()")
    assert isinstance(growth, Product)
    assert isinstance(growth.left, Quotient)
    assert growth.left.left == spent
    total = parse_expression("spent() - (need() - previous(out())) + region.gdp")
    assert isinstance(total, Sum)
    assert [(sign, type(term)) for sign, term in total.terms] == [
        (1, Quantity),
        (-1, Quantity),
        (1, Previous),
        (1, Attribute),
    ]


def test_division_by_zero_is_kept_for_the_linearity_check() -> None:
    assert isinstance(parse_expression("5 / 0"), Quotient)


def test_and_binds_before_or_and_not_before_both() -> None:
    condition = parse_condition("not fund == a and fund == b or fund == c")
    assert isinstance(condition, Or)
    assert isinstance(condition.parts[0], And)
    assert isinstance(condition.parts[0].parts[0], Not)


@pytest.mark.parametrize(
    ("text", "outside", "field", "compare", "values"),
    [
        ("region == 411224", False, "id", Comparison.EQUAL, ("411224",)),
        ("region != 嵩县-1", True, "id", Comparison.EQUAL, ("嵩县-1",)),
        ("region.tag in (a,\n b)", False, "tag", Comparison.EQUAL, ("a", "b")),
        ("region.tag not in (a)", True, "tag", Comparison.EQUAL, ("a",)),
        ("region.gdp >= -4.5", False, "gdp", Comparison.AT_LEAST, ("-4.5",)),
        ('region == "and （1）"', False, "id", Comparison.EQUAL, ("and （1）",)),
    ],
)
def test_tests(text: str, outside: bool, field: str, compare: Comparison, values: tuple[str, ...]) -> None:
    test = tree.Test(Subject.REGION, field, compare, values, Place(0, len(text)))
    assert parse_condition(text) == (Not(test, test.place) if outside else test)


ERRORS = [
    (
        "2/5 * spend(fund.level == 省级)",
        f"不认识的量「spend」。是不是「spent」？可用的量：{QUANTITIES}",
        f"unknown quantity 'spend'. Did you mean 'spent'? Quantities are: {QUANTITIES}",
        "        ^^^^^",
    ),
    (
        "1,000元",
        "数字里不写千分位逗号，请写「1000」",
        "no thousands separators in numbers: write '1000'",
        "  ^^^^^",
    ),
    (
        "\uff11，\uff10\uff10\uff10元",
        "数字里不写千分位逗号，请写「1000」",
        "no thousands separators in numbers: write '1000'",
        "  ^^^^^^^^^^",
    ),
    (
        "spent（fund == a）",
        "「（」是全角字符，请改用半角「(」",
        "'（' is a full-width character: write '('",
        "       ^^",
    ),
    (
        "\uff14\uff10% * spent()",
        "「\uff14\uff10」是全角字符，请改用半角「40」",
        "'\uff14\uff10' is a full-width character: write '40'",
        "  ^^^^",
    ),
    (
        "50万员 * stock()",
        f"不认识的单位「万员」。是不是「万户」？可用的单位：{UNITS}",
        f"unknown unit '万员'. Did you mean '万户'? Units are: {UNITS}",
        "    ^^^^",
    ),
    (
        "spent(region == 河南 and fund = a)",
        "条件里的等号要写两个：==",
        "a single '=' in a condition: write '=='",
        "                  \u3000\u3000          ^",
    ),
    (
        "spent(region == 河南 且 fund == a)",
        "「且」请写「and」",
        "write 'and' for '且'",
        "                  \u3000\u3000 ^^",
    ),
    (
        "2 * (spent() + 1元",
        "这个括号没有配对的「)」",
        "this parenthesis is never closed: ')' is missing",
        "      ^",
    ),
    (
        "spent() *",
        "写到这里就断了，后面应当是一个数、一个量（如 spent(...)）、region.属性 或括号",
        "the text ends here; "
        "expected a number, a quantity such as spent(...), region.attribute or a parenthesis",
        "           ^",
    ),
    (
        "spent() >= 3元",
        "算式里不写比较号；左边、比较号、右边分别写在规则的 left、is、right 里",
        "no comparison inside an expression: the two sides and the sign go to left, is and right",
        "          ^^",
    ),
    (
        "50/村 * stock()",
        "单位「村」要紧跟在带单位的数后面，如 50万元/村、3村",
        "the unit '村' must directly follow a number, as in 50万元/村 or 3村",
        "     ^^",
    ),
    (
        "spent(level == county)",
        "条件里不认识的主语「level」。是不是「fund.level」？"
        "可用的主语：fund measure region group need year project",
        "unknown subject 'level'. Did you mean 'fund.level'? "
        "Subjects are: fund measure region group need year project",
        "        ^^^^^",
    ),
    (
        "spent(fund.levl == county)",
        "「fund」没有这个字段。是不是「fund.level」？可写：fund fund.level fund.tag（单写 fund 指编号）",
        "'fund' has no such field. Did you mean 'fund.level'? "
        "Write one of: fund fund.level fund.tag ('fund' alone is its id)",
        "        ^^^^^^^^^",
    ),
    (
        "spent(fund.level >= county)",
        "「>=」只能用于 year 和 region 的数值属性；这里请用 ==、!= 或 in",
        "'>=' is only for year and numeric attributes of region: write ==, != or in",
        "                   ^^",
    ),
    (
        "spent(region.人口 >= 4万)",
        "这里应当是不带单位的数（写全，如 40000、2018），不是「4万」",
        "expected a plain number (written out, as in 40000 or 2018), not '4万'",
        "               \u3000\u3000    ^^^",
    ),
    (
        "spent(fund == a) 元",
        "这里应当是+ - * / 或结尾，不是「元」",
        "expected + - * / or the end, not '元'",
        "                   ^^",
    ),
]


@pytest.mark.parametrize(("text", "zh", "en", "carets"), ERRORS, ids=[error[0] for error in ERRORS])
def test_error_texts(text: str, zh: str, en: str, carets: str) -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        parse_expression(text)
    assert caught.value.render(Language.ZH) == f"{zh}\n  {text}\n{carets}"
    assert caught.value.render(Language.EN) == f"{en}\n  {text}\n{carets}"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "()",
            "previous",
            "previous()",
            "region",
            "region.tag",
            "spent",
            "3.",
            ".5",
            "+5",
            "1e5",
            "5 5",
        ),
        *("spent(", "spent())", "spent(fund)", "spent(fund ==)", "spent(fund in a)", "spent(fund in (a b))"),
        *("spent(fund not a)", "spent(fund == and)", 'spent(fund == "a)', "spent(year.x == 1)", "2 ** 3"),
        *("spent(year == 18)", "spent(fund.id == a)", "a", "-" * 200, "(" * 200, "spent(" + "not " * 200),
        *("9" * 70, "9" * 5000, "999999999999999 * 9999999999999999亿元", "spent(fund == a,b)", "“a”"),
        "spent()" + "*spent()" * 60,
    ],
)
def test_whatever_is_wrong_is_a_syntax_error_with_a_place_in_the_text(text: str) -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        parse_expression(text)
    assert 0 <= caught.value.place.start <= len(text)
    assert caught.value.place.start < caught.value.place.end
    assert caught.value.message_zh != caught.value.message_en
    assert str(caught.value).endswith(caught.value.render(Language.EN).split("\n", 1)[1])


def test_condition_that_goes_on_is_refused() -> None:
    with pytest.raises(RuleSyntaxError, match="expected and, or or the end, not 'fund'"):
        parse_condition("year == 2018 fund == a")


def test_carets_stand_under_their_line_in_terminal_columns() -> None:
    text = "spent(region == 河南\n  and region == 嵩县 or x)"
    start = text.index("or x")
    line, carets = point_at(text, Place(start, start + 2)).split("\n")
    assert line == "    and region == 嵩县 or x)"
    columns = [2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in carets]
    assert carets.endswith("^^")
    assert sum(columns) - 2 == len("    and region == ") + 4 + 1
