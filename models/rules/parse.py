"""Rule text in, rule tree out: a small recursive-descent parser for the grammar in docs/rules.md.

`parse_expression` reads one side of a rule, `parse_condition` a `where`, `parse_claims` an `unless`. Whatever
cannot be read raises `RuleSyntaxError`, which says in Chinese and English what is wrong, where, and what to
write instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import NoReturn

from models.rules.conditions import FIELDS, ConditionReader
from models.rules.source import DEEPEST, THOUSANDS, WORD, RuleSyntaxError, nearest
from models.rules.tree import (
    Attribute,
    Claim,
    Comparison,
    Condition,
    Everywhere,
    Expression,
    Name,
    Number,
    Previous,
    Product,
    Quantity,
    Quotient,
    Subject,
    Sum,
    Unit,
)
from models.rules.units import WRITTEN_UNITS, multiply_units, writable

__all__ = ["RuleSyntaxError", "parse_claims", "parse_condition", "parse_expression"]

_WRAPPERS: Mapping[str, type[Previous | Everywhere]] = {"previous": Previous, "everywhere": Everywhere}

LARGEST = 10**30  # bound on numerator and denominator of a constant

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_PER = re.compile(r"/([^\W\d]\w*)(?!\w|\s*[.(])")
_SIGN = re.compile(r"[<>=!]+")
_CLAIMED = (Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.EQUAL)


def parse_expression(text: str) -> Expression:
    """One side of a rule. Raises RuleSyntaxError.

    Numbers are folded: no Product, Quotient or Sum is made of Numbers alone, save for a division by zero, a
    sum of different units and a product that no one number can be written for. No Sum is a term of a Sum.
    """
    parser = _Parser(text)
    expression = parser.expression()
    parser.finish_expression()
    return expression


def parse_condition(text: str) -> Condition:
    """A `where`, or what stands in a quantity's parentheses. Raises RuleSyntaxError."""
    parser = _Parser(text)
    condition = parser.condition()
    parser.finish_condition(None)
    return condition


def parse_claims(text: str) -> tuple[Claim, ...]:
    """An `unless`: comparisons with `or` between them, at least one. Raises RuleSyntaxError."""
    parser = _Parser(text)
    claims = [parser.claim()]
    while parser.take_word("or"):
        claims.append(parser.claim())
    if parser.skip() < len(text):
        parser.expected("+ - * /、or 或结尾", "+ - * /, or, or the end")
    return tuple(claims)


class _Parser(ConditionReader):
    """The grammar of expressions, one method per line of it."""

    def claim(self) -> Claim:
        """claim := expression (">=" | "<=" | "=") expression"""
        start = self.skip()
        left = self.expression()
        at = self.skip()
        sign = self.take(_SIGN)
        if sign is None:
            self.expected("比较号 >=、<= 或 =", "a comparison: >=, <= or =")
        if sign not in {*_CLAIMED}:
            self.fail(
                f"这里的比较号只能是 >=、<= 或 =，不是「{sign}」",
                f"the comparison here is >=, <= or =, not {sign!r}",
                at,
                self.end,
            )
        return Claim(left, Comparison(sign), self.expression(), self.place(start))

    def expression(self) -> Expression:
        """expression := term (("+" | "-") term)*"""
        start = self.skip()
        terms = [(1, self.term())]
        while True:
            if self.take_mark("+"):
                terms.append((1, self.term()))
            elif self.take_mark("-"):
                terms.append((-1, self.term()))
            else:
                return self.sum(terms, start)

    def term(self) -> Expression:
        """term := factor (("*" | "/") factor)*"""
        start = self.skip()
        result, count = self.factor(), 1
        while (times := self.take_mark("*")) or self.take_mark("/"):
            count += 1
            if count > DEEPEST:
                self.fail(
                    f"一项里最多 {DEEPEST} 个因子，请拆成几条规则",
                    f"at most {DEEPEST} factors in one term: split the rule",
                    self.end - 1,
                )
            result = self.product(times, result, self.factor(), start)
        return result

    def product(self, times: bool, left: Expression, right: Expression, start: int) -> Expression:
        """Node of a product or quotient; two Numbers become one."""
        if isinstance(left, Number) and isinstance(right, Number) and (times or right.value):
            value = left.value * right.value if times else left.value / right.value
            unit = multiply_units(left.unit, right.unit, 1 if times else -1)
            if writable(unit):
                return self.number_node(value, unit, start)
        return (Product if times else Quotient)(left, right, self.place(start))

    def sum(self, terms: list[tuple[int, Expression]], start: int) -> Expression:
        """Node of a sum, without sums among its terms; Numbers of one unit become one."""
        flat: list[tuple[int, Expression]] = []
        for sign, term in terms:
            inner = term.terms if isinstance(term, Sum) else ((1, term),)
            flat += [(sign * inner_sign, inner_term) for inner_sign, inner_term in inner]
        sign, first = flat[0]
        if len(flat) == 1 and sign > 0:
            return first
        if sign < 0 and isinstance(first, Number):  # -5 + a: so that it is written one way only
            flat[0] = (1, replace(first, value=-first.value))
        numbers = [(sign, term) for sign, term in flat if isinstance(term, Number)]
        if len(numbers) == len(flat) and len({number.unit for _, number in numbers}) == 1:
            total = sum((sign * number.value for sign, number in numbers), Fraction(0))
            return self.number_node(total, numbers[0][1].unit, start)
        return Sum(tuple(flat), self.place(start))

    def number_node(self, value: Fraction, unit: Unit, start: int) -> Number:
        if max(abs(value.numerator), value.denominator) > LARGEST:
            self.fail("这个数太长，写不下", "this number has too many digits", start, self.end)
        return Number(value, unit, self.text[start : self.end], self.place(start))

    def factor(self) -> Expression:
        """factor := "-" factor | "(" expression ")" | number | named"""
        start = self.skip()
        self.deeper(start)
        result: Expression
        if self.take_mark("-"):
            result = self.sum([(-1, self.factor())], start)
        elif self.take_mark("("):
            result = self.expression()
            self.close_expression(start)
        elif self.text[start : start + 1].isdigit() and self.text[start].isascii():
            result = self.number()
        else:
            result = self.named()
        self.depth -= 1
        return result

    def number(self) -> Number:
        """number := digits ["." digits] ["%" | unit ["/" (unit | word)]]"""
        start = self.skip()
        if found := THOUSANDS.match(self.text, start):
            self.refuse_thousands(found)
        digits = self.take(_NUMBER) or ""
        if len(digits) > 2 * len(str(LARGEST)):
            self.fail("这个数太长，写不下", "this number has too many digits", start, self.end)
        value, unit = Fraction(digits), ()
        if self.text.startswith(".", self.end):
            self.fail("小数点后面要有数字", "digits must follow the decimal point", self.end)
        if self.take_mark("%"):
            return self.number_node(value / 100, unit, start)
        before = self.end
        word = self.take(WORD)
        if word is None or word == "or":  # in an unless, what follows is the next comparison
            self.at = self.end = before
            return self.number_node(value, unit, start)
        if word not in WRITTEN_UNITS:
            hint_zh, hint_en = nearest(word, WRITTEN_UNITS)
            known = " ".join(WRITTEN_UNITS)
            self.fail(
                f"不认识的单位「{word}」。{hint_zh}可用的单位：{known}",
                f"unknown unit {word!r}. {hint_en}Units are: {known}",
                self.end - len(word),
                self.end,
            )
        return self.per_unit(value, word, start)

    def per_unit(self, value: Fraction, word: str, start: int) -> Number:
        """The rest of `50万元/村`: a slash directly before a unit word belongs to the unit.

        A word that is no unit here is taken for a unit of the case (5000元/套): the case knows its words.
        """
        dimension, factor = WRITTEN_UNITS[word]
        value, unit = value * factor, ((dimension, 1),)
        below = _PER.match(self.text, self.skip())
        if below is None:
            return self.number_node(value, unit, start)
        self.at = self.end = below.end()
        dimension, factor = WRITTEN_UNITS.get(below.group(1), (below.group(1), 1))
        return self.number_node(value / factor, multiply_units(unit, ((dimension, 1),), -1), start)

    def named(self) -> Expression:
        """named := quantity "(" [condition] ")" | wrapper "(" expression ")" | "region" "." word

        A wrapper is `previous` or `everywhere`.
        """
        start = self.skip()
        word = self.take(WORD)
        if word is None:
            self.expected(
                "一个数、一个量（如 spent(...)）、region.属性 或括号",
                "a number, a quantity such as spent(...), region.attribute or a parenthesis",
            )
        if word in _WRAPPERS:
            self.open(word, start)
            inner = self.expression()
            self.close_expression(start + len(word))
            return _WRAPPERS[word](inner, self.place(start))
        if word == "region":
            return self.attribute(start)
        if word in frozenset(Name):
            self.open(word, start)
            where = None
            if not self.take_mark(")"):
                where = self.condition()
                self.finish_condition(start + len(word))
            return Quantity(Name(word), where, self.place(start))
        self.unknown_name(word, start)

    def attribute(self, start: int) -> Attribute:
        name = self.take(WORD) if self.take_mark(".") else None
        if name is None or name in FIELDS[Subject.REGION]:
            self.fail(
                "region 后面要写一个数值属性，如 region.rural_population",
                "region must be followed by a numeric attribute, as in region.rural_population",
                start,
                self.end,
            )
        return Attribute(name, self.place(start))

    def unknown_name(self, word: str, start: int) -> NoReturn:
        names = [*Name, *_WRAPPERS, "region"]
        if word in WRITTEN_UNITS:
            self.fail(
                f"单位「{word}」要紧跟在带单位的数后面，如 50万元/{word}、3{word}",
                f"the unit {word!r} must directly follow a number, as in 50万元/{word} or 3{word}",
                start,
                self.end,
            )
        call = self.text.startswith("(", self.skip())
        hint_zh, hint_en = nearest(word, names if call else [*names, *WRITTEN_UNITS])
        more_zh = "" if call else "；地区属性写作 region.属性"
        more_en = "" if call else ". A region's attribute is written region.name"
        self.fail(
            f"不认识的量「{word}」。{hint_zh}可用的量：{' '.join(names)}{more_zh}",
            f"unknown quantity {word!r}. {hint_en}Quantities are: {' '.join(names)}{more_en}",
            start,
            start + len(word),
        )

    def open(self, word: str, start: int) -> None:
        if not self.take_mark("("):
            self.fail(
                f"「{word}」后面要有括号：{word}(...)",
                f"{word!r} needs parentheses: {word}(...)",
                start,
                start + len(word),
            )

    def close_expression(self, opened: int) -> None:
        if not self.take_mark(")"):
            if self.skip() == len(self.text):
                self.unclosed(opened)
            self.finish_expression(inside=True)

    def finish_expression(self, inside: bool = False) -> None:
        """Make sure that the text ends, or say what does not belong here."""
        start = self.skip()
        if start == len(self.text):
            return
        if found := re.compile(r"[<>=!]+").match(self.text, start):
            self.fail(
                "算式里不写比较号；左边、比较号、右边分别写在规则的 left、is、right 里",
                "no comparison inside an expression: the two sides and the sign go to left, is and right",
                *found.span(),
            )
        self.expected(
            "+ - * / 或「)」" if inside else "+ - * / 或结尾",
            "+ - * / or " + ("')'" if inside else "the end"),
        )
