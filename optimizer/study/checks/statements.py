"""What the documents say about their own figures: parts and totals, shares, one figure in several places.

`statement.<id>` holds the two values of every statement against each other, exactly. Values that are paths
are looked up in the case, so that a figure that was altered in one table no longer agrees. Where the document
itself is wrong (`expect: slip`) the difference is only reported, and its absence is a fault. A case that was
patched is no longer what the document prints: then whatever rests on the case's figures is only reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, prod

from models.case import Case
from models.finding import Finding
from models.paths import PathError, figure_at, file_of
from models.rules.tree import Comparison
from models.stated import Stated, StatedKind, StatedValue
from optimizer.audit.statement import amount, found, not_evaluated
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.verdicts import Pair, asked, both, verdicts

FILE = "statements.yaml"
#: A percentage that a document prints has no more decimals than this.
_MOST_DIGITS = 6
#: Parts that are listed in a sentence; more of them are counted.
_MOST_LISTED = 12
_WORDS = {"money": "元", "person": "人", "household": "户", "village": "村", "county": "县", "mu": "亩"}


@dataclass(frozen=True)
class _Value:
    """A value that was looked up, in base units."""

    stated: StatedValue
    value: Fraction
    unit: str | None

    def named(self) -> Pair:
        """As written; a path with what it comes to."""
        text = self.stated.text
        if self.stated.path is None:
            return text, text
        zh, en = amount(*shown(self.value, self.unit))
        return f"{text}（{zh}）", f"{text} ({en})"


@dataclass(frozen=True)
class _Sides:
    """The two values in base units, and what each of them is."""

    left: Fraction
    left_words: Pair
    right: Fraction
    right_words: Pair
    unit: str | None


def findings(ground: Ground) -> Iterator[Finding]:
    """One finding for every statement, in file order."""
    for stated in ground.case.statements.values():
        yield from _verdict(ground, stated)


def _verdict(ground: Ground, stated: Stated) -> Iterator[Finding]:
    case, root = ground.case, ground.root
    paths = [value.path for value in _values(stated) if value.path is not None]
    try:
        sides = _sides(case, stated)
    except (PathError, ZeroDivisionError):
        sides = _Sides(Fraction(0), ("", ""), Fraction(0), ("", ""), None)
        lost = True
    else:
        lost = False
    gone = stated.expect is not None and sides.left == sides.right
    remedy = ("与文件不符：请核对这些数", "this is not what the document says: look these figures up")
    if gone:
        remedy = (
            "文件的差错不见了：数字被改动过，或应去掉 expect: slip",
            "the document's slip is gone: a figure was changed, or expect: slip has to go",
        )
    elif stated.why is not None:
        remedy = both(stated.why)
    left, unit = shown(sides.left, sides.unit)
    right, _ = shown(sides.right, sides.unit)
    check = asked(
        f"statement.{stated.id}",
        stated.title,
        sides.left_words,
        Comparison.NOT_EQUAL if gone else Comparison.EQUAL,
        sides.right_words,
        unit,
        files=", ".join(dict.fromkeys([*map(file_of, paths), FILE])),
        remedy=remedy,
        citation=stated.citation,
        hard=not lost and (gone or stated.expect is None) and not (paths and case.patches),
    )
    if lost:
        why = not_evaluated("有的数查不到，或总数为 0", "a figure cannot be found, or the total is 0")
        yield found(check.statement, root, None, why)
    else:
        yield from verdicts(check, root, [(root, None, left, right)], ("", ""))


def _values(stated: Stated) -> list[StatedValue]:
    return [*stated.parts, *(one for one in (stated.total, stated.percent) if one is not None)]


def _sides(case: Case, stated: Stated) -> _Sides:
    """What stands left and right. Raises PathError, and ZeroDivisionError for a share of nothing."""
    parts = [_looked_up(case, part) for part in stated.parts]
    if stated.kind is StatedKind.HUNDRED or stated.total is None:
        return _Sides(_sum(parts), _listed(parts, " + "), Fraction(1), ("应为", "must be"), "%")
    total = _looked_up(case, stated.total)
    units = (one.unit for one in (total, *parts) if one.unit is not None)
    right_words = _named("总数", "the total", total)
    match stated.kind:
        case StatedKind.PERCENT if stated.percent is not None:
            percent = _looked_up(case, stated.percent)
            digits = _digits(percent.value) if stated.digits is None else stated.digits
            share = _rounded(parts[0].value / total.value, digits)
            zh, en = (
                f"{parts[0].named()[0]} 占 {total.named()[0]} 的比例（取 {digits} 位小数）",
                f"{parts[0].named()[1]} of {total.named()[1]}, to {digits} decimal(s),",
            )
            return _Sides(
                share, (zh, en), percent.value, _named("写明的百分比", "the percentage", percent), "%"
            )
        case StatedKind.EQUAL:
            others = [part for part in parts if part.value != total.value]
            shown = others or parts
            words = _listed(shown, "、", ", ") if len(shown) > 1 else _elsewhere(shown[0])
            return _Sides(shown[0].value, words, total.value, right_words, next(units, None))
        case StatedKind.PRODUCT:
            product = prod((part.value for part in parts), start=Fraction(1))
            return _Sides(product, _listed(parts, " × "), total.value, right_words, total.unit)
    return _Sides(_sum(parts), _listed(parts, " + "), total.value, right_words, next(units, None))


def _looked_up(case: Case, stated: StatedValue) -> _Value:
    if stated.path is None:
        return _Value(stated, Fraction(stated.value or 0), stated.unit)
    figure = figure_at(case, stated.path)
    return _Value(stated, figure.value, figure.unit)


def _sum(values: Sequence[_Value]) -> Fraction:
    return sum((value.value for value in values), Fraction(0))


def _named(zh: str, en: str, value: _Value) -> Pair:
    """What a side is; a path is written out, a number follows anyway."""
    if value.stated.path is None:
        return zh, en
    return f"{zh} {value.stated.text}", f"{en} {value.stated.text}"


def _elsewhere(value: _Value) -> Pair:
    """The other place in which a figure stands."""
    text = value.stated.text
    return ("另一处", "elsewhere") if value.stated.path is None else (text, text)


def _listed(values: Sequence[_Value], zh: str, en: str = "") -> Pair:
    """The values one after the other: `2500人 + 3000人 =`."""
    more = len(values) - _MOST_LISTED
    names = [value.named() for value in values[:_MOST_LISTED]]
    if more > 0:
        names.append((f"另 {more} 项", f"{more} more"))
    equals = " =" if zh.strip() in ("+", "×") else "："
    return (
        zh.join(name for name, _ in names) + equals,
        (en or zh).join(name for _, name in names) + equals.replace("：", ":"),
    )


def _digits(rate: Fraction) -> int:
    """How many decimals a percentage is written with."""
    exact = (digits for digits in range(_MOST_DIGITS) if (rate * 100 * 10**digits).denominator == 1)
    return next(exact, _MOST_DIGITS)


def _rounded(rate: Fraction, digits: int) -> Fraction:
    """A rate rounded half up to so many decimals of its percentage."""
    scale = 100 * 10**digits
    return Fraction(floor(rate * scale + Fraction(1, 2)), scale)


def shown(value: Fraction, unit: str | None) -> tuple[Fraction, str]:
    """A value and its unit as they are read: per cent, 元/人; money stays in fen."""
    if unit == "%":
        return value * 100, "%"
    if unit is not None and "/" in unit:
        scale = 100 if unit.startswith("money") else 1
        return value / scale, "/".join(_WORDS.get(word, word) for word in unit.split("/"))
    return value, unit or ""
