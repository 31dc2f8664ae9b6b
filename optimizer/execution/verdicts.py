"""What the checks share: the books they read, the hits they make, and how hits become findings.

A check returns `Seen`: its hits, of which the first MOST are listed one by one and the others in one finding
with their number and sum, and how much it looked at; or `Undecided`, and why.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import polars as pl

from models.allocation import Allocation
from models.case import Case
from models.catalogue import Check
from models.citation import Citation, Text
from models.finding import Finding, State
from models.money import spelled
from models.rules.tree import Comparison
from models.submission import Spot
from optimizer.execution.ledger import Ledger
from optimizer.execution.register import Register
from optimizer.execution.reversals import reversed_lines

#: Hits of one check that are listed one by one.
MOST = 100
#: Lines of one hit that are named.
LINES = 10


@dataclass(frozen=True)
class Hit:
    """One thing found; `left` compares with `right` in fen, or in `unit`. `amount`: the money concerned."""

    region: str
    year: int | None
    left: int
    right: int
    about: Text
    lines: Sequence[int] = ()
    """The first lines of it, at most LINES."""
    count: int = 0
    """How many lines it has in all."""
    cell: str = "amount"
    compare: Comparison = Comparison.AT_MOST
    unit: str = "money"
    citation: Citation | None = None
    spots: tuple[Spot, ...] = ()
    """Evidence outside the ledger's rows."""


@dataclass(frozen=True)
class Seen:
    """What a check saw: `hits` (all or the first ones), how many there are and what they sum to in fen."""

    hits: Sequence[Hit]
    looked: int
    """How many things it compared."""
    count: int | None = None
    """Number of all hits; None: those that are here."""
    total: int | None = None
    """Fen of all hits; None: those that are here."""
    open: Text | None = None
    """What else could not be evaluated, and why."""


@dataclass(frozen=True)
class Undecided:
    """The check has nothing to say: NOT_APPLICABLE or NOT_EVALUATED, and why."""

    state: State
    why: Text


Result = Seen | Undecided


def not_evaluated(zh: str, en: str) -> Undecided:
    """The files do not say enough."""
    return Undecided(State.NOT_EVALUATED, Text(zh=zh, en=en))


def not_applicable(zh: str, en: str) -> Undecided:
    """There is nothing to look at."""
    return Undecided(State.NOT_APPLICABLE, Text(zh=zh, en=en))


@dataclass(frozen=True)
class Books:
    """Everything a check may read."""

    case: Case
    plan: Allocation
    projects: dict[str, dict[str | None, int]]
    """Planned fen of each project by its plain name; empty where the plan names none."""
    ledger: Ledger
    register: Register | None
    as_of: datetime.date
    memo: dict[str, pl.DataFrame] = field(default_factory=dict)
    """What several checks of one module read and only one should have to make."""

    @cached_property
    def table(self) -> pl.LazyFrame:
        """The payments."""
        return self.ledger.table.lazy()

    @cached_property
    def copies(self) -> pl.DataFrame:
        """Rows whose cells are all those of an earlier row, `copy_of`: line, copy_of, fen, region, date."""
        table = self.ledger.table
        same = ["row", "date", "fen", "region", "fund", "measure", "payee", "project"]
        rows = table.select("line", *same).filter(table["row"].is_duplicated()).sort("line")
        first = rows.with_columns(pl.col("line").first().over(same).alias("copy_of"))
        return first.filter(pl.col("line") != pl.col("copy_of")).select(
            "line", "copy_of", "fen", "region", "date"
        )

    @cached_property
    def reversed_lines(self) -> pl.Series:
        """The lines of payments that a later reversal undoes."""
        return reversed_lines(self.ledger.table)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of every region."""
        return {id: at for at, id in enumerate(self.case.regions.ids)}

    def region(self, number: int) -> str:
        """The id of a region of the ledger; the root for one that is not known."""
        return self.case.regions.ids[number] if number >= 0 else self.case.regions.root

    def region_name(self, number: int) -> str:
        """The name of a region of the ledger, as written where it is not known."""
        if number >= 0:
            return self.case.regions[self.case.regions.ids[number]].name
        return self.ledger.regions.unknown[-number - 1]

    def fund_title(self, number: int) -> Text:
        """The title of a fund of the ledger, as written where it is not known."""
        if number >= 0:
            return self.case.funds[self.ledger.funds.ids[number]].title
        return Text(zh=self.ledger.funds.unknown[-number - 1])

    def measure_title(self, number: int | None) -> Text:
        """The title of a measure of the ledger, as written where it is not known."""
        if number is None:
            return Text(zh="")
        if number >= 0:
            return self.case.measures[self.ledger.measures.ids[number]].title
        return Text(zh=self.ledger.measures.unknown[-number - 1])


def rows_text(count: int) -> str:
    """`1 row`, `2 rows`."""
    return f"{count:,} row{'' if count == 1 else 's'}"


def collected(frame: pl.LazyFrame) -> pl.DataFrame:
    """The rows of a query; the streaming engine keeps memory within bounds."""
    return frame.collect(engine="streaming")


def findings(books: Books, check: Check, result: Result) -> list[Finding]:
    """The findings of a check: at least one, whatever it saw."""
    if isinstance(result, Undecided):
        return [_plain(books, check, result.state, result.why)]
    count = len(result.hits) if result.count is None else result.count
    found = [_violated(books, check, hit) for hit in result.hits[:MOST]]
    if count > len(found):
        found.append(_rest(books, check, result, count))
    if result.open is not None:
        found.append(_plain(books, check, State.NOT_EVALUATED, result.open))
    if not count:
        zh = f"{check.title.zh}：核对 {result.looked:,} 项，没有发现。"
        en = f"{check.title.en}: {result.looked:,} looked at, none found."
        found.append(_plain(books, check, State.PASS, Text(zh=zh, en=en), titled=False))
    return found


def _plain(books: Books, check: Check, state: State, why: Text, titled: bool = True) -> Finding:
    if titled:
        why = Text(zh=f"{check.title.zh}：{why.zh}", en=f"{check.title.en}: {why.en}")
    return _finding(books, check, state, why)


def _finding(books: Books, check: Check, state: State, text: Text, hit: Hit | None = None) -> Finding:
    left = right = margin = None
    if hit is not None:
        left, right = Fraction(hit.left), Fraction(hit.right)
        apart = right - left if hit.compare is Comparison.AT_MOST else left - right
        margin = -abs(left - right) if hit.compare is Comparison.EQUAL else apart
    return Finding(
        rule=check.rule,
        severity=check.severity,
        state=state,
        region=books.case.regions.root if hit is None else hit.region,
        year=None if hit is None else hit.year,
        left=left,
        compare=Comparison.AT_MOST if hit is None else hit.compare,
        right=right,
        margin=margin,
        unit="money" if hit is None else hit.unit,
        words=text,
        citation=check.citation if hit is None or hit.citation is None else hit.citation,
        evidence=() if hit is None else _spots(books, hit),
        remedy=check.remedy if state is State.VIOLATED else None,
    )


def _spots(books: Books, hit: Hit) -> tuple[Spot, ...]:
    return (*hit.spots, *(books.ledger.spot(line, hit.cell) for line in hit.lines[:LINES]))


def _violated(books: Books, check: Check, hit: Hit) -> Finding:
    where = lines_text(hit.lines, hit.count)
    zh = f"{check.title.zh}：{hit.about.zh}{where.zh}。"
    en = f"{check.title.en}: {hit.about.en}{where.en}."
    return _finding(books, check, State.VIOLATED, Text(zh=zh, en=en), hit)


def _rest(books: Books, check: Check, result: Seen, count: int) -> Finding:
    """One finding for all hits that are not listed."""
    listed = list(result.hits[:MOST])
    shown = sum(abs(hit.left - hit.right) for hit in listed if hit.unit == "money")
    total = shown if result.total is None else result.total
    more = count - len(listed)
    zh, en = f"另有同类 {more:,} 项未逐项列出", f"{more:,} more like these are not listed"
    if any(hit.unit == "money" for hit in listed):
        zh += f"，合计 {spelled(total - shown)} 元（全部 {count:,} 项共 {spelled(total)} 元）"
        en += f", {spelled(total - shown)} yuan in all (all {count:,}: {spelled(total)} yuan)"
        hit = Hit(books.case.regions.root, None, total - shown, 0, Text(zh=zh, en=en))
    else:
        zh, en = f"{zh}（全部 {count:,} 项）", f"{en} ({count:,} in all)"
        hit = Hit(books.case.regions.root, None, more, 0, Text(zh=zh, en=en), unit=listed[0].unit)
    return _violated(books, check, hit)


def lines_text(lines: Sequence[int], count: int) -> Text:
    """`（第 3、9 行等 12 行）`, or nothing without lines."""
    if not lines:
        return Text(zh="", en="")
    shown = lines[:LINES]
    zh, en = "、".join(map(str, shown)), ", ".join(map(str, shown))
    more = max(count, len(lines))
    if more > len(shown):
        return Text(zh=f"（第 {zh} 行等，共 {more:,} 行）", en=f" (lines {en} ..., {more:,} in all)")
    return Text(zh=f"（第 {zh} 行）", en=f" (line{'s' if len(shown) > 1 else ''} {en})")


def title(text: Text) -> tuple[str, str]:
    """A title in both languages."""
    return text.zh, text.en or text.zh
