"""The rules of the case, evaluated exactly: one finding for every combination of their for_each items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from models.allocation import Item
from models.citation import Text
from models.finding import Finding, State
from models.policy import Rule
from models.rules.tree import (
    Attribute,
    Claim,
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
)
from optimizer.audit.ledger import Ledger
from optimizer.audit.places import Kind
from optimizer.audit.quantities import Before, Sheet, Tally, sheets, tally
from optimizer.audit.statement import (
    Sides,
    Statement,
    Undecided,
    found,
    margin_of,
    not_applicable,
    not_evaluated,
    state_of,
)


def findings(ledger: Ledger) -> Iterator[Finding]:
    """Every rule, in the order of the case."""
    known = sheets(ledger)
    for rule in ledger.case.rules.values():
        yield from applied(ledger, rule, known)


def applied(ledger: Ledger, rule: Rule, known: Mapping[Name, Sheet]) -> Iterator[Finding]:
    """`rule id`, or `ID/item`: left compares with right, for each combination that `where` lets through."""
    evaluation = _Evaluation(ledger, rule, known)
    nothing = True
    for spot in evaluation.spots():
        nothing = False
        yield found(
            _statement(rule, "/".join((rule.id, *spot.ids))),
            ledger.case.regions[spot.region],
            spot.year,
            evaluation.sides(spot),
        )
    if nothing:
        root = ledger.case.regions[ledger.case.regions.root]
        why = not_applicable(
            "规划期内没有符合条件的年份、地区、措施或资金",
            "no year of the plan, region, measure or fund meets its condition",
        )
        yield found(_statement(rule, rule.id), root, None, why)


def _statement(rule: Rule, identifier: str) -> Statement:
    return Statement(
        rule=identifier,
        title=rule.title,
        left=Text(zh="左边", en="left side"),
        compare=rule.compare,
        right=Text(zh="右边", en="right side"),
        unit=rule.unit,
        citation=rule.citation,
        severity=rule.severity,
    )


@dataclass(frozen=True, slots=True)
class Spot:
    """One combination of for_each items; `ids` are its measure, fund and project in the order of for_each."""

    year: int | None
    region: str
    ids: Kind


class _Stop(Exception):
    """An expression that has no value here, and why."""

    def __init__(self, why: Undecided) -> None:
        super().__init__(why.why.zh)
        self.why = why


class _Evaluation:
    """One rule on one ledger; sums are made once for all its combinations."""

    def __init__(self, ledger: Ledger, rule: Rule, known: Mapping[Name, Sheet]) -> None:
        self._ledger = ledger
        self._rule = rule
        self._sheets = known
        self._items = tuple(s for s in rule.for_each if s not in (Subject.YEAR, Subject.REGION))
        first, last = rule.years
        self._years = tuple(year for year in ledger.case.years if first <= year <= last)
        self._tallies: dict[tuple[int, int], Tally] = {}
        self._root = ledger.case.regions.root
        self._parts = {id(side): tuple(_quantities(side, 0, False)) for _, side, _ in rule.parts}

    def spots(self) -> Iterator[Spot]:
        """The combinations that `where` lets through: by measure or fund, then region, then year."""
        case = self._ledger.case
        every = {
            Subject.MEASURE: tuple(case.measures),
            Subject.FUND: tuple(case.funds),
            Subject.PROJECT: tuple(case.projects),
        }
        years: tuple[int | None, ...] = self._years if Subject.YEAR in self._rule.for_each else (None,)
        if not self._years:
            return
        matcher, where = self._ledger.places.matcher, self._rule.where.condition
        for ids in product(*(every[subject] for subject in self._items)):
            bound: dict[Subject, str] = dict(zip(self._items, ids, strict=True))
            let = {
                year: matcher.regions(where, bound if year is None else {**bound, Subject.YEAR: str(year)})
                for year in years
            }
            regions = case.regions.ids if Subject.REGION in self._rule.for_each else (case.regions.root,)
            for region in regions:
                yield from (Spot(year, region, ids) for year in years if region in let[year])

    def sides(self, spot: Spot) -> Sides | Undecided:
        """Left and right, exactly; NOT_APPLICABLE where something that lifts the rule holds."""
        answer = self._compared(self._rule.left, self._rule.right, spot)
        if not self._rule.unless or isinstance(answer, Undecided):
            return answer
        broken = state_of(margin_of(answer[0], self._rule.compare, answer[1]), self._rule.compare)
        silent: Undecided | None = None
        for claim in self._rule.unless:
            lifted = self._lifted(claim, spot)
            if lifted is True:
                return not_applicable(
                    "规则的除外条件成立，不受此限", "what lifts the rule holds, so it asks nothing"
                )
            if isinstance(lifted, Undecided) and lifted.state is State.NOT_EVALUATED:
                silent = lifted
        return silent if silent is not None and broken is State.VIOLATED else answer

    def _lifted(self, claim: Claim, spot: Spot) -> bool | Undecided:
        """Whether one of the things that lift the rule holds here."""
        sides = self._compared(claim.left, claim.right, spot)
        if isinstance(sides, Undecided):
            return sides
        return margin_of(sides[0], claim.compare, sides[1]) >= 0

    def _compared(self, left: Expression, right: Expression, spot: Spot) -> Sides | Undecided:
        for side in (left, right):
            parts = self._parts[id(side)]
            if parts and not any(self._selects(*part, spot) for part in parts):
                return not_applicable(
                    "一边的量都没有选中任何对象", "all quantities of one side select nothing"
                )
        try:
            return self._value(left, 0, spot), self._value(right, 0, spot)
        except _Stop as stop:
            return stop.why

    def _selects(self, quantity: Quantity, shift: int, everywhere: bool, spot: Spot) -> bool:
        spot = replace(spot, region=self._root) if everywhere else spot
        key = self._key(quantity, spot)
        return any(
            key in self._tally(quantity, year).choice.selected for year in self._asked(quantity, shift, spot)
        )

    def _value(self, expression: Expression, shift: int, spot: Spot) -> Fraction:
        """Value of an expression `shift` years back; raises _Stop."""
        match expression:
            case Number():
                return expression.value
            case Attribute():
                return self._attribute(expression, shift, spot)
            case Previous():
                return self._value(expression.inner, shift + 1, spot)
            case Everywhere():
                return self._value(expression.inner, shift, replace(spot, region=self._root))
            case Sum():
                terms = (sign * self._value(term, shift, spot) for sign, term in expression.terms)
                return sum(terms, Fraction(0))
            case Product():
                return self._value(expression.left, shift, spot) * self._value(expression.right, shift, spot)
            case Quotient():
                divisor = self._value(expression.right, shift, spot)
                if divisor == 0:
                    raise _Stop(not_evaluated("无法核对，除数为零", "cannot be checked, division by zero"))
                return self._value(expression.left, shift, spot) / divisor
            case Quantity():
                return self._quantity(expression, shift, spot)

    def _attribute(self, attribute: Attribute, shift: int, spot: Spot) -> Fraction:
        year = (self._years[-1] if spot.year is None else spot.year) - shift
        value = self._ledger.case.attribute(spot.region, attribute.name, year)
        spec = self._ledger.case.attributes.get(attribute.name)
        if value is None and spec is not None and spec.by_year:
            raise _Stop(
                not_applicable(
                    f"没有{year}年的{attribute.name}，无从比较",
                    f"there is no {attribute.name} for {year} to compare with",
                )
            )
        if value is None:
            raise _Stop(
                not_evaluated(
                    f"无法核对，地区没有属性 {attribute.name}",
                    f"cannot be checked, the region has no {attribute.name}",
                )
            )
        return value

    def _quantity(self, quantity: Quantity, shift: int, spot: Spot) -> Fraction:
        sheet, key = self._sheets[quantity.name], self._key(quantity, spot)
        total = Fraction(0)
        for year in self._asked(quantity, shift, spot):
            sums = self._tally(quantity, year)
            early = year < self._ledger.case.first_year
            if not early and key in sums.no_history:
                raise _Stop(
                    not_applicable(
                        f"{year}年没有列出能力上限，无从比较",
                        f"no capacity is stated for {year} to compare with",
                    )
                )
            if early and (sheet.before is Before.NEVER or key in sums.no_history):
                raise _Stop(
                    not_applicable(
                        f"没有{year}年的历史数据，无从比较",
                        f"there is no history for {year} to compare with",
                    )
                )
            self._known(sums.unknown.get(key[1:], frozenset()))
            total += sums.amounts.get(key, 0)
        return total

    def _known(self, missing: frozenset[Item]) -> None:
        why = self._ledger.unknown(missing)
        if why is not None:
            raise _Stop(why)

    def _key(self, quantity: Quantity, spot: Spot) -> Kind:
        """Where a quantity's sum for the combination stands in its tally."""
        mine = dict(zip(self._items, spot.ids, strict=True))
        subjects = self._sheets[quantity.name].subjects
        if Subject.MEASURE in subjects:  # what is kept by measure is kept by its project
            subjects += (Subject.PROJECT,)
        return (spot.region, *(mine[s] for s in subjects if s in mine))

    def _asked(self, quantity: Quantity, shift: int, spot: Spot) -> tuple[int, ...]:
        """The years it is added up over: the row's own, else all for a flow and the last for a stock."""
        if spot.year is not None:
            return (spot.year - shift,)
        years = self._years if self._sheets[quantity.name].flow else self._years[-1:]
        if quantity.name is Name.RECOVERED:  # what is started in the horizon may come back after it
            years += tuple(range(self._ledger.case.last_year + 1, self._rule.years[1] + 1))
        return tuple(year - shift for year in years)

    def _tally(self, quantity: Quantity, year: int) -> Tally:
        key = (id(quantity), year)
        if key not in self._tallies:
            sheet = self._sheets[quantity.name]
            first = self._ledger.case.first_year
            look = max(year, first) if sheet.before is Before.SAME else year
            self._tallies[key] = tally(self._ledger, quantity, sheet, year, look, self._rule.for_each)
        return self._tallies[key]


def _quantities(expression: Expression, shift: int, everywhere: bool) -> Iterator[tuple[Quantity, int, bool]]:
    """Every quantity of an expression, how many years back it looks, and whether at the whole case."""
    match expression:
        case Quantity():
            yield expression, shift, everywhere
        case Previous():
            yield from _quantities(expression.inner, shift + 1, everywhere)
        case Everywhere():
            yield from _quantities(expression.inner, shift, True)
        case Sum():
            for _, term in expression.terms:
                yield from _quantities(term, shift, everywhere)
        case Product() | Quotient():
            yield from _quantities(expression.left, shift, everywhere)
            yield from _quantities(expression.right, shift, everywhere)
        case Number() | Attribute():
            return
