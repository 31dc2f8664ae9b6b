"""Questions asked of a rule before anything is decided: is it linear, do the units agree?

Each takes a tree of `models.rules.tree` and returns an answer or a list of `RuleProblem`. What only the case
knows (units of attributes, measures, needs, groups) comes in with a `UnitBook`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from models.citation import Language
from models.rules.source import nearest, point_at
from models.rules.tree import (
    CONSTANT_QUANTITIES,
    And,
    Attribute,
    Condition,
    Everywhere,
    Expression,
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
    Test,
    Unit,
)
from models.rules.units import WRITTEN_UNITS, multiply_units
from models.rules.wording import say_unit

#: Quantities that count members of groups.
PEOPLE = (Name.EXITS, Name.OUT, Name.STOCK, Name.ENTERED, Name.RELAPSED, Name.REVOKED)
#: What each quantity can be narrowed by; anything else would select nothing it has.
SUBJECTS: Mapping[Name, frozenset[Subject]] = {
    name: frozenset({Subject.REGION, Subject.YEAR, *own})
    for names, own in (
        ((Name.SPENT,), (Subject.FUND, Subject.MEASURE, Subject.PROJECT)),
        ((Name.AVAILABLE, Name.GIVEN, Name.CARRIED), (Subject.FUND,)),
        ((Name.RECOVERED,), (Subject.FUND, Subject.MEASURE, Subject.PROJECT)),
        ((Name.UNITS, Name.IN_EFFECT), (Subject.MEASURE, Subject.PROJECT)),
        ((Name.CAPACITY,), (Subject.MEASURE,)),
        ((Name.MET, Name.NEED), (Subject.NEED,)),
        (PEOPLE, (Subject.GROUP,)),
        ((Name.LISTED_OUT,), ()),
    )
    for name in names
}

_KNOWN_DIMENSIONS = frozenset(dimension for dimension, _ in WRITTEN_UNITS.values())


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """What is wrong with a rule that could be read: in both languages, with its place in the text."""

    message_zh: str
    message_en: str
    place: Place

    def render(self, text: str, lang: Language = Language.ZH) -> str:
        """The message and the source line with carets; `text` is what the expression was parsed from."""
        message = self.message_zh if lang is Language.ZH else self.message_en
        return f"{message}\n{point_at(text, self.place)}"


class UnitsDisagreeError(ValueError):
    """An expression has no one unit; `problems` says why."""

    def __init__(self, problems: list[RuleProblem]) -> None:
        super().__init__("; ".join(problem.message_en for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class UnitBook:
    """What only the case knows: the unit of each region attribute, and of what a quantity adds up.

    `quantity` is asked for quantities that are not money. None means that the condition lets through things
    in different units.
    """

    attributes: Mapping[str, Unit]
    quantity: Callable[[Quantity], Unit | None]


class NameUse(NamedTuple):
    """A name a rule uses: the reader checks that the case has it. `value` is empty for an attribute.

    A test of a numeric region attribute names the attribute as its `field`, and its number as `value`.
    """

    subject: Subject
    field: str
    value: str
    place: Place


# --- walking ------------------------------------------------------------------------------------


def nodes(expression: Expression) -> Iterator[Expression]:
    """The expression and everything below it, in source order, parents first."""
    yield expression
    match expression:
        case Previous(inner=inner) | Everywhere(inner=inner):
            yield from nodes(inner)
        case Sum(terms=terms):
            for _, term in terms:
                yield from nodes(term)
        case Product(left=left, right=right) | Quotient(left=left, right=right):
            yield from nodes(left)
            yield from nodes(right)
        case Number() | Quantity() | Attribute():
            pass


def quantities(expression: Expression) -> Iterator[Quantity]:
    """Every quantity in source order."""
    return (node for node in nodes(expression) if isinstance(node, Quantity))


def tests(condition: Condition | None) -> Iterator[Test]:
    """Every test of a condition in source order; none for None."""
    match condition:
        case Test():
            yield condition
        case Not(inner=inner):
            yield from tests(inner)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from tests(part)
        case None:
            pass


def uses_previous(expression: Expression) -> bool:
    """Whether the expression speaks of the year before."""
    return any(isinstance(node, Previous) for node in nodes(expression))


def names_used(node: Expression | Condition) -> list[NameUse]:
    """Every id, level, tag and attribute the node names, in source order."""
    if isinstance(node, Test | Not | And | Or):
        return [
            NameUse(test.subject, test.field, value, test.place)
            for test in tests(node)
            for value in test.values
        ]
    used: list[NameUse] = []
    for part in nodes(node):
        if isinstance(part, Attribute):
            used.append(NameUse(Subject.REGION, part.name, "", part.place))
        elif isinstance(part, Quantity) and part.where is not None:
            used += names_used(part.where)
    return used


# --- linearity ----------------------------------------------------------------------------------


def degree(expression: Expression) -> int:
    """Highest power of what the plan decides: 0 constant, 1 linear; a divisor counts like a factor."""
    match expression:
        case Number() | Attribute():
            return 0
        case Quantity(name=name):
            return 0 if name in CONSTANT_QUANTITIES else 1
        case Previous(inner=inner) | Everywhere(inner=inner):
            return degree(inner)
        case Sum(terms=terms):
            return max(degree(term) for _, term in terms)
        case Product(left=left, right=right) | Quotient(left=left, right=right):
            return degree(left) + degree(right)


def check_linear(expression: Expression) -> list[RuleProblem]:
    """Products of two decisions, divisions by a decision, divisions by zero; empty when it is linear."""
    found = []
    for node in nodes(expression):
        if isinstance(node, Product) and degree(node.left) and degree(node.right):
            found.append(
                RuleProblem(
                    "两个由方案决定的量不能相乘（规则必须是线性的）；"
                    "请把其中一个换成常数、given、need、stock、entered 或地区属性",
                    "two decided quantities are multiplied, so the rule is not linear; "
                    "make one of them a number, given, need, stock, entered or a region attribute",
                    node.place,
                )
            )
        elif isinstance(node, Quotient) and degree(node.right):
            found.append(
                RuleProblem(
                    "不能除以由方案决定的量（规则必须是线性的）；"
                    "请把它乘到另一边：a / b >= 40% 写成 a >= 40% * b",
                    "a decided quantity is a divisor, so the rule is not linear; multiply it over: "
                    "for a / b >= 40% write a >= 40% * b",
                    node.right.place,
                )
            )
        elif isinstance(node, Quotient) and isinstance(node.right, Number) and node.right.value == 0:
            found.append(RuleProblem("除数是零", "division by zero", node.right.place))
    return found


def check_subjects(expression: Expression) -> list[RuleProblem]:
    """Quantities narrowed by something they do not have, such as `available(measure == house)`."""
    found = []
    for quantity in quantities(expression):
        allowed = [subject for subject in Subject if subject in SUBJECTS[quantity.name]]
        found += [
            RuleProblem(
                f"{quantity.name} 不按 {test.subject} 区分，只能用：{' '.join(allowed)}",
                f"{quantity.name} is not kept by {test.subject}; it can be narrowed by: {' '.join(allowed)}",
                test.place,
            )
            for test in tests(quantity.where)
            if test.subject not in allowed
        ]
    return found


def check_everywhere(expression: Expression, for_each: Collection[Subject]) -> list[RuleProblem]:
    """`everywhere(...)` where the rule is not applied region by region: then it says nothing."""
    if Subject.REGION in for_each:
        return []
    return [
        RuleProblem(
            "everywhere(...) 只用于按地区逐项的规则；请在 for_each 里写 region，或去掉 everywhere",
            "everywhere(...) is for rules applied region by region; add region to for_each, or leave it out",
            node.place,
        )
        for node in nodes(expression)
        if isinstance(node, Everywhere)
    ]


def check_unit_words(expression: Expression, known: Collection[str]) -> list[RuleProblem]:
    """Rates by a word (5000元/套) that is neither a unit of the grammar nor one of the case's (`known`)."""
    found = []
    for node in nodes(expression):
        if isinstance(node, Number):
            for dimension, _ in node.unit:
                if dimension not in _KNOWN_DIMENSIONS and dimension not in known:
                    zh, en = nearest(dimension, [*WRITTEN_UNITS, *known])
                    words = " ".join([*WRITTEN_UNITS, *sorted({*known} - {*WRITTEN_UNITS})])
                    found.append(
                        RuleProblem(
                            f"不认识的单位「{dimension}」。{zh}可用的单位：{words}",
                            f"unknown unit {dimension!r}. {en}Units are: {words}",
                            node.place,
                        )
                    )
    return found


# --- units --------------------------------------------------------------------------------------

_MONEY: Unit = (("money", 1),)
_MONEY_QUANTITIES = frozenset({Name.SPENT, Name.AVAILABLE, Name.GIVEN, Name.CARRIED, Name.RECOVERED})


def unit_of(expression: Expression, units: UnitBook) -> Unit:
    """The unit of an expression; raises UnitsDisagreeError where it has none. A literal 0 is pure."""
    problems: list[RuleProblem] = []
    unit = _unit(expression, units, problems)
    if problems:
        raise UnitsDisagreeError(problems)
    return unit or ()


def check_units(left: Expression, right: Expression, units: UnitBook) -> list[RuleProblem]:
    """What keeps the two sides of a rule from being compared. Places of both sides' own texts.

    A disagreement between the sides is placed in `right`.
    """
    problems: list[RuleProblem] = []
    sides = [_unit(side, units, problems) for side in (left, right)]
    if not problems:
        _agree((left, sides[0]), (right, sides[1]), problems)
    return problems


def _unit(expression: Expression, units: UnitBook, problems: list[RuleProblem]) -> Unit | None:
    """Unit, or None where any unit would do: a literal 0, or something that already is a problem."""
    match expression:
        case Number(value=value, unit=unit):
            return unit if value or unit else None
        case Attribute(name=name):
            return _known(units.attributes.get(name), name, expression.place, problems)
        case Quantity(name=name):
            return _MONEY if name in _MONEY_QUANTITIES else _counted(expression, units, problems)
        case Previous(inner=inner) | Everywhere(inner=inner):
            return _unit(inner, units, problems)
        case Sum(terms=terms):
            sides = [(term, _unit(term, units, problems)) for _, term in terms]
            first = next((side for side in sides if side[1]), sides[0])
            for side in sides:
                _agree(first, side, problems)
            return first[1]
        case Product(left=left, right=right) | Quotient(left=left, right=right):
            above, below = _unit(left, units, problems), _unit(right, units, problems)
            if above is None or below is None:
                return None
            return multiply_units(above, below, 1 if isinstance(expression, Product) else -1)


def _known(unit: Unit | None, name: str, place: Place, problems: list[RuleProblem]) -> Unit | None:
    if unit is None:
        problems.append(
            RuleProblem(
                f"地区没有数值属性「{name}」，请先在案例里声明它和它的单位",
                f"no numeric region attribute {name!r}: declare it with its unit in the case",
                place,
            )
        )
    return unit


def _counted(quantity: Quantity, units: UnitBook, problems: list[RuleProblem]) -> Unit | None:
    unit = units.quantity(quantity)
    if unit is None:
        problems.append(
            RuleProblem(
                f"{quantity.name} 把不同单位的量加在一起；请在括号里写条件，只留下同一单位的",
                f"{quantity.name} adds up different units; write a condition that leaves one unit only",
                quantity.place,
            )
        )
    return unit


def _agree(
    left: tuple[Expression, Unit | None], right: tuple[Expression, Unit | None], problems: list[RuleProblem]
) -> None:
    """Record a problem at `right` unless the units are equal, or one side may have any.

    A bare number agrees with a unit of the case (houses, students), which has no word a number could carry.
    """
    (_, first), (at, second) = left, right
    if first is None or second is None or first == second:
        return
    for (expression, unit), other in ((left, second), (right, first)):
        own_words = any(dimension not in _KNOWN_DIMENSIONS for dimension, _ in other)
        if not unit and own_words and isinstance(expression, Number):
            return
    (zh, en), (other_zh, other_en) = (
        [say_unit(unit, lang) for lang in (Language.ZH, Language.EN)] for unit in (first, second)
    )
    bare = not first or not second
    remedy_zh = "给数字写上单位，如 50万元、3村" if bare else "两边（或相加减的各项）要用同一单位，请检查乘除"
    remedy_en = (
        "give the number its unit, as in 50万元 or 3村"
        if bare
        else "both sides, and all terms of a sum, need one unit: check the factors"
    )
    problems.append(
        RuleProblem(
            f"单位不一致：「{zh}」和「{other_zh}」；{remedy_zh}",
            f"units disagree: {en} and {other_en}; {remedy_en}",
            at.place,
        )
    )
