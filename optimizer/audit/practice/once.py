"""Each thing is said once: which findings of the case's statements stand beside the named checks.

A statement whose violation a named check explains in full is left out; one that compares money with units of
which the table says nothing is not evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from models.citation import Language, Text
from models.finding import Finding, State
from models.submission import Spot, Submission
from optimizer.audit.practice.books import Books
from optimizer.audit.practice.verdict import Explained

#: (rule, region, year)
Place = tuple[str, str, int | None]
#: Families of statements that compare money with what the units of a place should cost.
_BY_UNITS = ("cost", "share")


def not_said(own: Iterable[Finding], named: Iterable[Explained]) -> Iterator[Finding]:
    """The statements of the case without those that named checks explain: one check, or several together,
    with the same margin in all."""
    explained: dict[Place, dict[str, Fraction]] = {}
    for finding, rules in named:
        for rule in rules:
            checks = explained.setdefault((rule, finding.region, finding.year), {})
            checks[finding.rule] = checks.get(finding.rule, Fraction(0)) + (finding.margin or 0)
    own = tuple(own)
    broken: dict[Place, Fraction] = {}
    for finding in own:
        place = (finding.rule, finding.region, finding.year)
        if finding.state is State.VIOLATED and finding.margin is not None and place in explained:
            broken[place] = broken.get(place, Fraction(0)) + finding.margin
    said = {place for place, margin in broken.items() if margin in _sums(explained[place].values())}
    for finding in own:
        place = (finding.rule, finding.region, finding.year)
        if finding.state is not State.VIOLATED or place not in said:
            yield finding


def _sums(margins: Iterable[Fraction]) -> set[Fraction]:
    """What one margin comes to, or several of them together."""
    found: set[Fraction] = set()
    for margin in margins:
        found |= {margin, *(margin + other for other in found)}
    return found


def without_quantities(submission: Submission, own: Iterable[Finding]) -> Iterator[Finding]:
    """Costs of places where money is stated and no quantity: unknown units are not zero units.

    Only where the rows of the table state quantities; an allocation.csv has lines of their own for units.
    """
    quantities: dict[tuple[str | None, str | None, int | None], bool] = {}
    for line in submission.details:
        place = (line.region, line.measure, line.year)
        quantities[place] = quantities.get(place, False) or line.quantity is not None
    stated = any(quantities.values())
    for finding in own:
        family, _, subject = finding.rule.partition(".")
        place = (finding.region, subject.partition(".")[0], finding.year)
        silent = stated and family in _BY_UNITS and quantities.get(place) is False
        yield _unknown(finding) if silent and finding.state is State.VIOLATED else finding


def _unknown(finding: Finding) -> Finding:
    head = finding.message.zh.partition("：")[0], finding.message.said(Language.EN).partition(": ")[0]
    return replace(
        finding,
        state=State.NOT_EVALUATED,
        left=None,
        right=None,
        margin=None,
        words=Text(
            zh=f"{head[0]}：无法核对，表中没有写数量",
            en=f"{head[1]}: cannot be checked, the table states no quantity",
        ),
    )


#: Families of statements about the money of a measure at a place, and about that of a fund at its pool.
_OF_MEASURES = ("cost", "share", "layer", "match", "one_payer", "payer")
_OF_FUNDS = ("account", "floor", "supply")


def with_cells(books: Books, finding: Finding) -> Finding:
    """A violated statement with the cells of the money that it is about, if it is about money."""
    if finding.state is not State.VIOLATED or finding.evidence or not books.submission.details:
        return finding
    family, _, subject = finding.rule.partition(".")
    subject = subject.partition(".")[0]
    cells: tuple[Spot, ...] = ()
    if family in _OF_MEASURES:
        place = (finding.region, subject, finding.year)
        cells = books.cells(key for key in books.money if (key[0], key[1], key[3]) == place)
    elif family in _OF_FUNDS and subject in books.case.funds:
        pool_of = books.ledger.places.pool_of[subject]
        about = (subject, finding.region, finding.year)
        cells = books.cells(k for k in books.money if (k[2], pool_of.get(k[0]), k[3]) == about)
    elif finding.rule == "known.money":
        known = frozenset(id(line) for line in books.lines)
        cells = tuple(
            line.spot
            for line in books.submission.details
            if id(line) not in known
            and (str(line.region), line.year) == (finding.region, finding.year)
            and line.amount == finding.left
        )
    return replace(finding, evidence=cells) if cells else finding
