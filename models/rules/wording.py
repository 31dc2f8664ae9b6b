"""A rule in words: plain Chinese or English for people, and canonical source text for files.

`say_rule` and its parts turn a tree into a sentence, with ids turned into titles by the caller's `label`;
`to_text` turns it back into text that parses to the same tree. `same` compares trees and ignores places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from fractions import Fraction

from models.citation import Language
from models.rules.conditions import FIELDS, is_plain_value
from models.rules.tree import (
    And,
    Attribute,
    Claim,
    Comparison,
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
from models.rules.units import WRITTEN_UNITS

#: (subject, field, value, language) -> what to call it, or None for the built-in word or the value itself.
#: An attribute of a region is asked for with its name as field and as value.
Label = Callable[[Subject, str, str, Language], str | None]

_QUANTITIES = {
    Name.SPENT: ("支出", "money spent for"),
    Name.AVAILABLE: ("到位资金", "money available from"),
    Name.GIVEN: ("既定资金", "money given from"),
    Name.CARRIED: ("结转资金", "money carried over from"),
    Name.RECOVERED: ("收回的本金", "principal that comes back to"),
    Name.UNITS: ("实施数量", "units started for"),
    Name.IN_EFFECT: ("在效数量", "units in effect for"),
    Name.MET: ("已满足需求", "need met for"),
    Name.NEED: ("需求", "need for"),
    Name.EXITS: ("当年退出", "exits in the year for"),
    Name.OUT: ("累计退出", "total out for"),
    Name.STOCK: ("存量", "stock for"),
    Name.ENTERED: ("当年新增", "newly poor in the year for"),
    Name.RELAPSED: ("当年返贫", "relapse in the year for"),
    Name.REVOKED: ("当年撤销退出", "exits undone in the year for"),
    Name.LISTED_OUT: ("累计摘帽地区", "regions off the list for"),
    Name.CAPACITY: ("能力上限", "capacity for"),
}
_SUBJECTS = {
    Subject.FUND: ("资金", "fund"),
    Subject.MEASURE: ("措施", "measure"),
    Subject.REGION: ("地区", "region"),
    Subject.GROUP: ("人群", "group"),
    Subject.NEED: ("需求", "need"),
    Subject.YEAR: ("年份", "year"),
    Subject.PROJECT: ("项目", "project"),
}
_FIELDS = {"id": ("", ""), "level": ("级次", " level"), "tag": ("标签", " tag"), "kind": ("类型", " kind")}
_FIELDS |= {"counts": ("计数单位", " count")}
_EACH = {
    Subject.YEAR: ("每年", "each year"),
    Subject.REGION: ("每个地区", "each region"),
    Subject.MEASURE: ("每项措施", "each measure"),
    Subject.FUND: ("每项资金", "each fund"),
    Subject.PROJECT: ("每个项目", "each project"),
}
_COMPARISONS = {
    Comparison.EQUAL: ("等于", "equals"),
    Comparison.NOT_EQUAL: ("不等于", "differs from"),
    Comparison.AT_LEAST: ("不少于", "is at least"),
    Comparison.AT_MOST: ("不超过", "is at most"),
    Comparison.MORE: ("大于", "is more than"),
    Comparison.LESS: ("小于", "is less than"),
}
_VALUES = {
    ("level", "central"): ("中央", "central"),
    ("level", "provincial"): ("省级", "provincial"),
    ("level", "province"): ("省", "province"),
    ("level", "city"): ("市级", "city"),
    ("level", "county"): ("县级", "county"),
    ("level", "township"): ("乡镇", "township"),
    ("level", "village"): ("村", "village"),
    ("level", "social"): ("社会", "social"),
    ("level", "enterprise"): ("企业", "enterprise"),
    ("level", "household"): ("农户自筹", "household"),
    ("tag", "special"): ("专项", "special"),
    ("tag", "agri"): ("涉农", "agriculture-related"),
    ("tag", "bond"): ("债券", "bond"),
    ("tag", "land_revenue"): ("土地收益", "land revenue"),
    ("tag", "national_poor"): ("国家级贫困", "nationally listed as poor"),
    ("tag", "deep_poor"): ("深度贫困", "deeply poor"),
    ("tag", "old_base"): ("革命老区", "old revolutionary base"),
    ("kind", "backlog"): ("存量", "backlog"),
    ("kind", "entitlement"): ("应享", "entitlement"),
    ("counts", "persons"): ("人", "persons"),
    ("counts", "villages"): ("村", "villages"),
}
_DIMENSIONS = {
    "money": ("元", "yuan"),
    "person": ("人", "person"),
    "household": ("户", "household"),
    "village": ("村", "village"),
    "county": ("县", "county"),
    "mu": ("亩", "mu"),
    "kw": ("千瓦", "kW"),
}
_PLURALS = {"person": "persons", "household": "households", "village": "villages", "county": "counties"}
_YEARS = {
    Comparison.AT_LEAST: ("不早于", "is at least"),
    Comparison.AT_MOST: ("不晚于", "is at most"),
    Comparison.MORE: ("晚于", "is after"),
    Comparison.LESS: ("早于", "is before"),
}


def no_label(subject: Subject, field: str, value: str, lang: Language) -> str | None:
    """Built-in words only."""
    return None


# --- rules in words -----------------------------------------------------------------------------


def say_rule(
    left: Expression,
    compare: Comparison,
    right: Expression,
    for_each: Sequence[Subject],
    where: Condition | None,
    lang: Language,
    label: Label = no_label,
    unless: Sequence[Claim] = (),
) -> str:
    """The whole rule as one sentence: for whom, the left side, how it compares, the right side, unless."""
    zh = lang is Language.ZH
    each = [_in(lang, _EACH.get(subject, _SUBJECTS[subject])) for subject in for_each]
    if Subject.YEAR not in for_each:
        each.append("各年合计" if zh else "all years together")
    scope = ("、" if zh else ", ").join(each)
    if where is not None:
        said = say_condition(where, lang, label)
        scope += f"（{said}）" if zh else f" where {said}"
    sentence = f"{scope}{'：' if zh else ': '}{_compared(left, compare, right, lang, label)}"
    if not unless:
        return sentence
    lifted = (" 或 " if zh else " or ").join(
        _compared(claim.left, claim.compare, claim.right, lang, label) for claim in unless
    )
    return f"{sentence}；{lifted}时除外" if zh else f"{sentence}, unless {lifted}"


def _compared(left: Expression, compare: Comparison, right: Expression, lang: Language, label: Label) -> str:
    sides = [say_expression(side, lang, label) for side in (left, right)]
    compared = _in(lang, _COMPARISONS[compare])
    if lang is not Language.ZH:
        return f"{sides[0]} {compared} {sides[1]}"
    gap = " " if sides[1][0].isascii() else ""
    return f"{sides[0]}{compared}{gap}{sides[1]}"


def say_expression(
    expression: Expression, lang: Language, label: Label = no_label, whole: bool = False
) -> str:
    """One side of a rule in words; `whole`: it speaks of the whole case, not of the region of the rule."""
    zh = lang is Language.ZH
    match expression:
        case Number():
            return _say_number(expression.value, expression.unit, lang)
        case Attribute(name=name):
            title = label(Subject.REGION, name, name, lang) or name
            if whole:
                return f"全部地区的{title}" if zh else f"the {title} of the whole area"
            return f"本地区{title}" if zh else f"the region's {title}"
        case Quantity():
            return _say_quantity(expression, lang, label, whole)
        case Everywhere(inner=inner):
            return say_expression(inner, lang, label, True)
        case Previous(inner=inner):
            said = _say_part(inner, lang, label, isinstance(bare(inner), Product | Quotient | Sum), whole)
            return _last_year(said, bare(inner), zh)
        case Sum(terms=terms):
            parts = [
                (sign, _say_part(term, lang, label, isinstance(bare(term), Sum), whole))
                for sign, term in terms
            ]
            return _signed(parts, "−")
        case Product(left=left, right=right):
            said = _say_part(left, lang, label, isinstance(bare(left), Sum), whole)
            times = " of " if said.endswith("%") and not zh else " × "
            bracket = isinstance(bare(right), Sum | Product | Quotient)
            return said + times + _say_part(right, lang, label, bracket, whole)
        case Quotient(left=left, right=right):
            said = _say_part(left, lang, label, isinstance(bare(left), Sum), whole)
            bracket = isinstance(bare(right), Sum | Product | Quotient)
            return said + " ÷ " + _say_part(right, lang, label, bracket, whole)


def _last_year(said: str, inner: Expression, zh: bool) -> str:
    """An expression of the year before in words: 上年退出, not 上年当年退出."""
    if isinstance(inner, Quantity) and inner.name is Name.EXITS:
        said = said.replace("当年退出", "退出", 1).replace("exits in the year", "exits", 1)
    if isinstance(inner, Attribute) and not zh:
        return f"{said} the year before"
    return f"上年{said}" if zh else f"last year's {said}"


def _say_quantity(quantity: Quantity, lang: Language, label: Label, whole: bool) -> str:
    zh = lang is Language.ZH
    words = _in(lang, _QUANTITIES[quantity.name])
    if quantity.where is None:
        said = words.rsplit(" ", 1)[0]
    else:
        said = f"{words}{'' if zh else ' '}{_bracket(say_condition(quantity.where, lang, label), lang)}"
    if not whole:
        return said
    return f"全部地区{said}" if zh else f"{said} in all regions together"


def bare(expression: Expression) -> Expression:
    """The expression without `everywhere(...)` around it, which words and brackets pass through."""
    while isinstance(expression, Everywhere):
        expression = expression.inner
    return expression


def say_condition(condition: Condition, lang: Language, label: Label = no_label) -> str:
    """A condition in words."""
    zh = lang is Language.ZH
    match condition:
        case Test():
            return _say_test(condition, True, lang, label)
        case Not(inner=Test() as test):
            return _say_test(test, False, lang, label)
        case Not(inner=inner):
            return ("并非" if zh else "not ") + _bracket(say_condition(inner, lang, label), lang)
        case And(parts=parts) | Or(parts=parts):
            said = [
                _bracket(text, lang) if isinstance(part, And | Or) else text
                for part in parts
                for text in [say_condition(part, lang, label)]
            ]
            both = isinstance(condition, And)
            return (("且" if both else "或") if zh else (" and " if both else " or ")).join(said)


def say_unit(unit: Unit, lang: Language) -> str:
    """A unit in words: 元/村, yuan per village; a word of the case stands for itself."""
    zh = lang is Language.ZH
    words = {d: _in(lang, _DIMENSIONS.get(d, (d, d))) + (f"^{abs(p)}" if abs(p) > 1 else "") for d, p in unit}
    above = ("·" if zh else " x ").join(words[dimension] for dimension, power in unit if power > 0)
    below = [words[dimension] for dimension, power in unit if power < 0]
    if not unit:
        return "没有单位" if zh else "no unit"
    return ("/" if zh else " per ").join([above or "1", *below])


def _in(lang: Language, words: tuple[str, str]) -> str:
    return words[0] if lang is Language.ZH else words[1]


def _bracket(text: str, lang: Language) -> str:
    return f"（{text}）" if lang is Language.ZH else f"({text})"


def _say_part(part: Expression, lang: Language, label: Label, bracket: bool, whole: bool) -> str:
    said = say_expression(part, lang, label, whole)
    return _bracket(said, lang) if bracket else said


def _say_test(test: Test, holds: bool, lang: Language, label: Label) -> str:
    zh = lang is Language.ZH
    attribute = test.field not in FIELDS[test.subject]
    name = label(test.subject, test.field, test.field, lang) or test.field if attribute else ""
    what = _in(lang, _SUBJECTS[test.subject]) + (
        f"{'' if zh else ' '}{name}" if attribute else _in(lang, _FIELDS[test.field])
    )
    said = [
        label(test.subject, test.field, value, lang)
        or _in(lang, _VALUES.get((test.field, value), (value, value)))
        for value in test.values
    ]
    gap = "" if zh else " "
    if test.compare is not Comparison.EQUAL:
        compared = _in(lang, (_YEARS if test.subject is Subject.YEAR else _COMPARISONS)[test.compare])
        text = f"{what}{gap}{compared}{gap}{said[0]}"
        return text if holds else ("并非" if zh else "not ") + _bracket(text, lang)
    if len(said) == 1:
        is_word = ("为" if holds else "不为") if zh else ("is" if holds else "is not")
        return f"{what}{gap}{is_word}{gap}{said[0]}"
    if zh:
        return f"{what}{'属于' if holds else '不属于'}（{'、'.join(said)}）"
    return f"{what} is {'one' if holds else 'none'} of ({', '.join(said)})"


def _signed(parts: Sequence[tuple[int, str]], minus: str = "-") -> str:
    first_sign, first = parts[0]
    text = first if first_sign > 0 else minus + first
    return text + "".join(f" {'+' if sign > 0 else minus} {part}" for sign, part in parts[1:])


def _say_number(value: Fraction, unit: Unit, lang: Language) -> str:
    if not unit:
        said = _pure(value).replace(" / ", "/")
        return said if lang is Language.ZH else said.replace("%", " %")
    if lang is Language.ZH:
        return _literal(value, unit)
    scale = Fraction(1, 100) if dict(unit).get("money") == 1 else 1
    amount = _decimal(value * scale, 2)
    whole, _, part = (amount or "").partition(".")
    shown = f"{int(whole):,}{'.' + part if part else ''}" if amount else str(value * scale)
    word, *rest = say_unit(unit, lang).split(" ")
    return " ".join([shown, word if shown == "1" else _PLURALS.get(word, word), *rest])


# --- canonical source text ----------------------------------------------------------------------


def to_text(node: Expression | Condition | Claim) -> str:
    """Source text that parses to the same tree, up to places."""
    match node:
        case Number(value=value, unit=unit):
            return _literal(value, unit)
        case Attribute(name=name):
            return f"region.{name}"
        case Quantity(name=name, where=where):
            return f"{name}({'' if where is None else to_text(where)})"
        case Previous(inner=inner):
            return f"previous({to_text(inner)})"
        case Everywhere(inner=inner):
            return f"everywhere({to_text(inner)})"
        case Claim(left=left, compare=compare, right=right):
            return f"{to_text(left)} {compare} {to_text(right)}"
        case Sum(terms=terms):
            lead = terms[0][1] if terms[0][0] < 0 else None  # -a * b would be (-a) * b
            brackets = [
                isinstance(term, Sum) or (term is lead and isinstance(term, Product | Quotient))
                for _, term in terms
            ]
            parts = [(sign, _part(term, b)) for (sign, term), b in zip(terms, brackets, strict=True)]
            return _signed(parts)
        case Product(left=left, right=right) | Quotient(left=left, right=right):
            sign = "*" if isinstance(node, Product) else "/"
            first = _part(left, isinstance(left, Sum))
            second = _part(right, isinstance(right, Sum | Product | Quotient))
            return (
                f"{first} {sign} {f'({second})' if isinstance(right, Number) and ' ' in second else second}"
            )
        case Test():
            return _test_text(node, True)
        case Not(inner=Test(compare=Comparison.EQUAL) as test):
            return _test_text(test, False)
        case Not(inner=inner):
            return "not " + _part(inner, isinstance(inner, And | Or))
        case And(parts=both):
            return " and ".join(_part(part, isinstance(part, And | Or)) for part in both)
        case Or(parts=either):
            return " or ".join(_part(part, isinstance(part, Or)) for part in either)


def same(left: Expression | Condition, right: Expression | Condition) -> bool:
    """Whether two trees are equal when places, and the way a number was written, are ignored."""
    return _bare(left) == _bare(right)


def _bare(node: object) -> object:
    if isinstance(node, Number):
        return (Number, node.value, node.unit)
    if isinstance(node, tuple):
        return tuple(_bare(part) for part in node)
    if is_dataclass(node):
        parts = (getattr(node, field.name) for field in fields(node))
        return (type(node), *(_bare(part) for part in parts if not isinstance(part, Place)))
    return node


def _part(node: Expression | Condition, bracket: bool) -> str:
    return f"({to_text(node)})" if bracket else to_text(node)


def _test_text(test: Test, holds: bool) -> str:
    subject = str(test.subject) if test.field == "id" else f"{test.subject}.{test.field}"
    values = [value if is_plain_value(value) else f'"{value}"' for value in test.values]
    if test.compare is not Comparison.EQUAL:
        return f"{subject} {test.compare} {values[0]}"
    if len(values) == 1:
        return f"{subject} {'==' if holds else '!='} {values[0]}"
    return f"{subject} {'in' if holds else 'not in'} ({', '.join(values)})"


# --- numbers ------------------------------------------------------------------------------------


def _literal(value: Fraction, unit: Unit) -> str:
    """A constant as source text: `50万元/村`, `0.4`, or `3 * 1人 * 1村` where there is no literal."""
    above = [dimension for dimension, power in unit if power == 1]
    below = [dimension for dimension, power in unit if power == -1]
    if len(above) == 1 and len(above) + len(below) == len(unit) <= 2:
        scaled, word = _scaled(value, above[0])
        per = f"{word}/{_base_word(below[0])}" if below else word
        if (amount := _decimal(scaled, 6)) is not None:
            return amount + per
        base = f"{value.numerator}{_base_word(above[0])}"
        return f"{base}{per[len(word) :]} / {value.denominator}"
    amount = _pure(value)
    powers = [(dimension, "*" if power > 0 else "/") for dimension, power in unit for _ in range(abs(power))]
    return amount + "".join(f" {sign} 1{_base_word(dimension)}" for dimension, sign in powers)


def _pure(value: Fraction) -> str:
    """`3`, `40%` or `1 / 3`."""
    percent = _decimal(value * 100, 2)
    if value.denominator == 1:
        return str(value)
    return f"{value.numerator} / {value.denominator}" if percent is None else f"{percent}%"


def _scaled(value: Fraction, dimension: str) -> tuple[Fraction, str]:
    """The amount in the largest unit in which it is at least 1 and has at most two decimals."""
    words = [(f, w) for w, (d, f) in WRITTEN_UNITS.items() if d == dimension and not w.isascii()]
    for factor, word in sorted(words, reverse=True):
        amount = value / factor
        if (abs(amount) >= 1 and (amount * 100).denominator == 1) or (not value and factor <= 100):
            return amount, word
    return value, _base_word(dimension)


def _base_word(dimension: str) -> str:
    """The word of one base unit; a unit of the case (套) is its own word."""
    words = (word for word, known in WRITTEN_UNITS.items() if known == (dimension, 1) and not word.isascii())
    return next(words, dimension)


def _decimal(value: Fraction, places: int) -> str | None:
    """The exact decimal with at most so many places; None where there is none."""
    scaled = value * 10**places
    if scaled.denominator != 1:
        return None
    digits = f"{abs(scaled.numerator):0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text
