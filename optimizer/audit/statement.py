"""A statement of the law, and the verdict on it at one place in one year.

In goes what must hold (`Statement`) with its two sides as exact numbers, or why they were not computed
(`Undecided`); out comes a `Finding` with its state, its margin and a sentence in both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from models.citation import Citation, Language, Text
from models.finding import Finding, State
from models.money import spelled
from models.policy import Severity
from models.region import Region
from models.rules.tree import Comparison
from models.unit_words import unit_word

Exact = int | Fraction
#: Whole numbers of the unit 年 from the first to before the last are years, not so many of them.
FIRST_YEAR, LAST_YEAR = 1900, 2200
Sides = tuple[Exact, Exact]
Place = tuple[Region, int]


@dataclass(frozen=True, slots=True)
class Statement:
    """`left` compare `right`, in `unit`; `title` says what about, `left` and `right` name the two sides."""

    rule: str
    title: Text
    left: Text
    compare: Comparison
    right: Text
    unit: str
    citation: Citation | None
    severity: Severity = Severity.HARD


@dataclass(frozen=True, slots=True)
class Undecided:
    """Why a statement has no verdict: `state` is NOT_APPLICABLE or NOT_EVALUATED."""

    state: State
    why: Text


def not_applicable(zh: str, en: str) -> Undecided:
    """The statement asks nothing here."""
    return Undecided(State.NOT_APPLICABLE, Text(zh=zh, en=en))


def not_evaluated(zh: str, en: str) -> Undecided:
    """The statement asks something that the allocation or the case does not answer."""
    return Undecided(State.NOT_EVALUATED, Text(zh=zh, en=en))


def each(
    statement: Statement,
    places: Iterable[Place],
    unknown: Undecided | None,
    sides: Callable[[str, int], Sides | Undecided],
) -> Iterator[Finding]:
    """One finding for every (region, year): `sides(region id, year)` says what stands left and right.

    `unknown` is why none of them can be computed, if so.
    """
    for region, year in places:
        answer = sides(region.id, year) if unknown is None else unknown
        yield found(statement, region, year, answer)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The words of a statement that was computed."""

    statement: Statement
    name: str
    year: int | None
    left: Exact
    right: Exact
    margin: Exact

    def text(self) -> Text:
        """Year, region, subject, both sides and the difference, for somebody who reads nothing else."""
        statement, left, right, margin = self.statement, self.left, self.right, self.margin
        zh, en = heading(statement, self.name, self.year)
        tails = _TAILS[statement.compare]
        tail = tails[0] if margin < 0 else tails[1] if margin == 0 else tails[2]
        left_zh, left_en = amount(left, statement.unit)
        right_zh, right_en = (left_zh, left_en) if left == right else amount(right, statement.unit)
        gap_zh, gap_en = amount(-margin if margin < 0 else margin, statement.unit) if margin else ("", "")
        return Text(
            zh=f"{zh}：{statement.left.zh} {left_zh}，"
            f"{statement.right.zh} {right_zh}，{tail.zh.format(gap_zh)}",
            en=f"{en}: {statement.left.said(Language.EN)} {left_en}, "
            f"{statement.right.said(Language.EN)} {right_en}; {tail.said(Language.EN).format(gap_en)}",
        )


@dataclass(frozen=True, slots=True)
class Silence:
    """The words of a statement that was not computed: why."""

    statement: Statement
    name: str
    year: int | None
    why: Text

    def text(self) -> Text:
        """When, where, about what, and why there is no verdict."""
        zh, en = heading(self.statement, self.name, self.year)
        return Text(zh=f"{zh}：{self.why.zh}", en=f"{en}: {self.why.said(Language.EN)}")


def found(statement: Statement, region: Region, year: int | None, answer: Sides | Undecided) -> Finding:
    """The verdict on the statement at one place in one year (None: in all years together)."""
    if isinstance(answer, Undecided):
        return undecided(statement, region, year, answer)
    left, right = plain(answer[0]), plain(answer[1])
    margin = margin_of(left, statement.compare, right)
    return Finding(
        rule=statement.rule,
        severity=statement.severity,
        state=state_of(margin, statement.compare),
        region=region.id,
        year=year,
        left=_exact(left),
        compare=statement.compare,
        right=_exact(right),
        margin=_exact(margin),
        unit=statement.unit,
        words=Verdict(statement, region.name, year, left, right, margin),
        citation=statement.citation,
    )


def undecided(statement: Statement, region: Region, year: int | None, why: Undecided) -> Finding:
    """The finding of a statement that was not computed; the message says why."""
    return Finding(
        rule=statement.rule,
        severity=statement.severity,
        state=why.state,
        region=region.id,
        year=year,
        left=None,
        compare=statement.compare,
        right=None,
        margin=None,
        unit=statement.unit,
        words=Silence(statement, region.name, year, why.why),
        citation=statement.citation,
    )


def plain(value: Exact) -> Exact:
    """The same number, as an int where it is whole: sums of many are much faster."""
    if type(value) is int:
        return value
    return value.numerator if value.denominator == 1 else value


@lru_cache(maxsize=1 << 16)
def _exact(value: Exact) -> Fraction:
    """As a rational, remembered: most sides and margins are the same few whole numbers."""
    return Fraction(value)


def margin_of(left: Exact, compare: Comparison, right: Exact) -> Exact:
    """By how much the comparison holds; negative where it fails.

    `=`: minus the absolute difference. `!=`: the absolute difference, which fails at 0, as `>` and `<` do.
    """
    if compare in (Comparison.AT_LEAST, Comparison.MORE):
        return left - right
    if compare in (Comparison.AT_MOST, Comparison.LESS):
        return right - left
    difference = left - right if left > right else right - left
    return -difference if compare is Comparison.EQUAL else difference


def state_of(margin: Exact, compare: Comparison) -> State:
    """PASS, BINDING (an inequality with nothing to spare; an equality that holds is a PASS) or VIOLATED."""
    if margin < 0:
        return State.VIOLATED
    if margin > 0 or compare is Comparison.EQUAL:
        return State.PASS
    return State.BINDING if compare in (Comparison.AT_LEAST, Comparison.AT_MOST) else State.VIOLATED


# --- sentences --------------------------------------------------------------------------------

#: compare -> what is said where it is violated, where nothing is to spare, where it holds; {} the margin.
_TAILS: dict[Comparison, tuple[Text, Text, Text]] = {
    Comparison.EQUAL: (
        Text(zh="相差 {}（应相等）", en="they differ by {} and must be equal"),
        Text(zh="两者相等", en="they are equal"),
        Text(zh="两者相等", en="they are equal"),
    ),
    Comparison.AT_LEAST: (
        Text(zh="少 {}（应不少于）", en="short by {}, must not be less"),
        Text(zh="刚好达到", en="exactly reached"),
        Text(zh="多 {}", en="{} more"),
    ),
    Comparison.AT_MOST: (
        Text(zh="超出 {}（应不超过）", en="over by {}, must not be more"),
        Text(zh="刚好到顶", en="exactly at the limit"),
        Text(zh="尚余 {}", en="{} to spare"),
    ),
    Comparison.MORE: (
        Text(zh="差 {}（应大于）", en="{} away, must be more"),
        Text(zh="刚好相等（应大于）", en="equal, must be more"),
        Text(zh="多 {}", en="{} more"),
    ),
    Comparison.LESS: (
        Text(zh="超出 {}（应小于）", en="over by {}, must be less"),
        Text(zh="刚好相等（应小于）", en="equal, must be less"),
        Text(zh="尚余 {}", en="{} to spare"),
    ),
    Comparison.NOT_EQUAL: (
        Text(zh="两者相等（应不等）", en="they are equal and must differ"),
        Text(zh="两者相等（应不等）", en="they are equal and must differ"),
        Text(zh="相差 {}", en="they differ by {}"),
    ),
}


def heading(statement: Statement, name: str, year: int | None) -> tuple[str, str]:
    """When, where and about what, in Chinese and English."""
    title = statement.title
    if year is None:
        return f"{name} {title.zh}", f"{name}, {title.said(Language.EN)}"
    return f"{year}年 {name} {title.zh}", f"{year}, {name}, {title.said(Language.EN)}"


def amount(value: Exact, unit: str) -> tuple[str, str]:
    """A value for reading in Chinese and English: money in yuan, separators for thousands, none in a year."""
    if unit == "money":
        text = spelled(int(value)) if value.denominator == 1 else number(Fraction(value) / 100)
        return f"{text} 元", f"{text} yuan"
    if unit == "年" and value.denominator == 1 and FIRST_YEAR <= value < LAST_YEAR:
        return f"{int(value)} 年", f"{int(value)}"
    text = f"{int(value):,}" if value.denominator == 1 else number(Fraction(value))
    zh, en = (unit_word(unit, language, value) for language in (Language.ZH, Language.EN))
    return f"{text} {zh}".rstrip(), f"{text} {en}".rstrip()


def number(value: Fraction) -> str:
    """A decimal for reading; what does not end within 8 decimals is written as an exact mixed fraction."""
    scaled = value * 10**8
    sign = "-" if value < 0 else ""
    if scaled.denominator == 1:
        whole, rest = divmod(abs(int(scaled)), 10**8)
        return f"{sign}{whole:,}.{rest:08d}".rstrip("0").rstrip(".")
    whole, rest = divmod(abs(value.numerator), value.denominator)
    return f"{sign}{whole:,}+{rest}/{value.denominator}" if whole else f"{sign}{rest}/{value.denominator}"
