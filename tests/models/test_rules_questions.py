"""Is it linear, do the units agree, what does it name?"""

import pytest

from models.citation import Language
from models.rules import questions
from models.rules.parse import parse_condition, parse_expression
from models.rules.questions import NameUse, RuleProblem, UnitBook, UnitsDisagreeError, check_units, unit_of
from models.rules.tree import CONSTANT_QUANTITIES, Name, Place, Quantity, Subject, Unit

MONEY: Unit = (("money", 1),)
PERSON: Unit = (("person", 1),)
VILLAGE: Unit = (("village", 1),)


def counted(quantity: Quantity) -> Unit | None:
    """Deep villages are counted in villages, houses in houses; everything else is mixed."""
    named = {test.values[0] for test in questions.tests(quantity.where)}
    return {"deep_village": VILLAGE, "able": PERSON, "house": (("house", 1),)}.get("".join(sorted(named)))


BOOK = UnitBook({"rural_population": PERSON, "revenue": MONEY, "index": ()}, counted)


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("5元", 0),
        ("region.revenue * given()", 0),
        ("previous(spent()) * 2 + need()", 1),
        ("given() / previous(given()) * previous(available())", 1),
        ("spent() * units()", 2),
        ("stock() / met()", 1),
    ],
)
def test_degree(text: str, degree: int) -> None:
    assert questions.degree(parse_expression(text)) == degree


@pytest.mark.parametrize("name", list(Name))
def test_every_quantity_is_constant_or_decided(name: Name) -> None:
    assert questions.degree(parse_expression(f"{name}()")) == (0 if name in CONSTANT_QUANTITIES else 1)


def test_product_of_decisions_is_placed_and_told() -> None:
    text = "1元 + spent() * met()"
    (problem,) = questions.check_linear(parse_expression(text))
    assert problem.render(text) == (
        "两个由方案决定的量不能相乘（规则必须是线性的）；"
        "请把其中一个换成常数、given、need、stock、entered 或地区属性\n"
        "  1元 + spent() * met()\n"
        "   \u3000   ^^^^^^^^^^^^^^^"
    )


def test_decision_as_divisor_is_placed_and_told() -> None:
    text = "spent() / (2 * available())"
    (problem,) = questions.check_linear(parse_expression(text))
    assert problem.render(text, Language.EN) == (
        "a decided quantity is a divisor, so the rule is not linear; multiply it over: "
        "for a / b >= 40% write a >= 40% * b\n"
        "  spent() / (2 * available())\n"
        "             ^^^^^^^^^^^^^^^"
    )


def test_division_by_zero_is_a_problem() -> None:
    (problem,) = questions.check_linear(parse_expression("spent() / 0"))
    assert problem == RuleProblem("除数是零", "division by zero", Place(10, 11))


def test_linear_rules_have_no_problem() -> None:
    text = "given() / previous(given()) * previous(available()) - 40% * spent() / 3"
    assert questions.check_linear(parse_expression(text)) == []


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("spent() - 5元 + 0", MONEY),
        ("given() / previous(given())", ()),
        ("50万元/村 * (stock(group == deep_village) - previous(out(group == deep_village)))", MONEY),
        ("3元/人 * region.rural_population", MONEY),
        ("1村 * 1人", (("person", 1), ("village", 1))),
        ("0", ()),
        ("region.index * 2 + 1", ()),
        ("units(measure == house) + 100", (("house", 1),)),
    ],
)
def test_unit_of(text: str, unit: Unit) -> None:
    assert unit_of(parse_expression(text), BOOK) == unit


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("spent()", "40% * available()"),
        ("spent()", "0"),
        ("0", "exits(group == able)"),
        ("units(measure == house)", "100"),
        ("exits(group == able)", "100人"),
    ],
)
def test_units_agree(left: str, right: str) -> None:
    assert check_units(parse_expression(left), parse_expression(right), BOOK) == []


@pytest.mark.parametrize(
    ("left", "right", "zh", "en", "place"),
    [
        (
            "spent()",
            "500000",
            "单位不一致：「元」和「没有单位」；给数字写上单位，如 50万元、3村",
            "units disagree: yuan and no unit; give the number its unit, as in 50万元 or 3村",
            Place(0, 6),
        ),
        (
            "spent()",
            "50万元 * stock(group == deep_village)",
            "单位不一致：「元」和「元·村」；两边（或相加减的各项）要用同一单位，请检查乘除",
            "units disagree: yuan and yuan x village; both sides, and all terms of a sum, need "
            "one unit: check the factors",
            Place(0, 35),
        ),
        (
            "spent() + exits(group == able)",
            "0",
            "单位不一致：「元」和「人」；两边（或相加减的各项）要用同一单位，请检查乘除",
            "units disagree: yuan and person; both sides, and all terms of a sum, need "
            "one unit: check the factors",
            Place(10, 30),
        ),
        (
            "5 + spent()",
            "0",
            "单位不一致：「元」和「没有单位」；给数字写上单位，如 50万元、3村",
            "units disagree: yuan and no unit; give the number its unit, as in 50万元 or 3村",
            Place(0, 1),
        ),
        (
            "out()",
            "3村",
            "out 把不同单位的量加在一起；请在括号里写条件，只留下同一单位的",
            "out adds up different units; write a condition that leaves one unit only",
            Place(0, 5),
        ),
        (
            "region.gdp",
            "3元",
            "地区没有数值属性「gdp」，请先在案例里声明它和它的单位",
            "no numeric region attribute 'gdp': declare it with its unit in the case",
            Place(0, 10),
        ),
    ],
)  # fmt: skip
def test_units_disagree(left: str, right: str, zh: str, en: str, place: Place) -> None:
    problems = check_units(parse_expression(left), parse_expression(right), BOOK)
    assert problems == [RuleProblem(zh, en, place)]


def test_a_pure_attribute_does_not_pass_for_houses() -> None:
    sides = (parse_expression("units(measure == house)"), parse_expression("region.index"))
    assert len(check_units(*sides, BOOK)) == 1


def test_unit_of_raises_what_is_wrong() -> None:
    with pytest.raises(UnitsDisagreeError, match="units disagree: yuan and person") as caught:
        unit_of(parse_expression("spent() + 3人"), BOOK)
    assert [problem.place for problem in caught.value.problems] == [Place(10, 12)]


def test_a_quantity_is_narrowed_only_by_what_it_is_kept_by() -> None:
    (problem,) = questions.check_subjects(parse_expression("spent(measure == a) + available(measure == a)"))
    assert problem.message_zh == "available 不按 measure 区分，只能用：fund region year"
    assert problem.message_en == "available is not kept by measure; it can be narrowed by: fund region year"
    assert problem.place == Place(32, 44)
    assert set(questions.SUBJECTS) == set(Name)


def test_walks_are_in_source_order() -> None:
    expression = parse_expression(
        "spent() - 2 * previous(out(group == a)) / need(need == b and not year == 2018)"
    )
    assert [quantity.name for quantity in questions.quantities(expression)] == [
        Name.SPENT,
        Name.OUT,
        Name.NEED,
    ]
    assert questions.uses_previous(expression)
    assert not questions.uses_previous(parse_expression("spent() + 1元"))
    assert list(questions.tests(None)) == []


def test_names_used_by_expression_and_condition() -> None:
    expression = parse_expression("region.gdp * spent(fund.level in (city, county))")
    assert questions.names_used(expression) == [
        NameUse(Subject.REGION, "gdp", "", Place(0, 10)),
        NameUse(Subject.FUND, "level", "city", Place(19, 47)),
        NameUse(Subject.FUND, "level", "county", Place(19, 47)),
    ]
    condition = parse_condition("region.gdp >= 5 or not fund == a")
    assert [use[:3] for use in questions.names_used(condition)] == [
        ("region", "gdp", "5"),
        ("fund", "id", "a"),
    ]
