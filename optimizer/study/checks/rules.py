"""Rules that cannot bind: quantities that select nothing in the whole case, years outside the plan.

`rule_years` some year of the rule lies in the plan; `rule_base` every quantity of a rule selects something,
and where its amounts are known, something that is more than zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from models.citation import Text
from models.finding import Finding
from models.policy import Entry, Rule
from models.rules.tree import (
    Attribute,
    Comparison,
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
from optimizer.audit.places import Kind
from optimizer.audit.quantities import Sheet, sheets
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.verdicts import asked, there_is


def findings(ground: Ground) -> Iterator[Finding]:
    """Every rule in the order of the case."""
    known = sheets(ground.ledger)
    for rule in ground.case.rules.values():
        years = [year for year in ground.case.years if rule.years[0] <= year <= rule.years[1]]
        check = asked(
            f"rule_years.{rule.id}",
            rule.title,
            ("规划期内的年份数", "years within the plan"),
            Comparison.MORE,
            ("零", "none"),
            "",
            files="rules.yaml, case.yaml",
            remedy=(
                f"规则的年份 {rule.years[0]}–{rule.years[1]} 不在规划期内，规则不起作用；请核对年份",
                f"the rule's years {rule.years[0]} to {rule.years[1]} are outside the plan: correct them",
            ),
            citation=rule.citation,
            hard=False,
        )
        yield from there_is(check, ground.root, len(years))
        seen: Counter[str] = Counter()
        for side, tree, text in rule.parts:
            for quantity, shift in quantities(tree, 0):
                seen[side] += 1
                written = text[quantity.place.start : quantity.place.end]
                asked_years = [year - shift for year in years]
                name = f"rule_base.{rule.id}.{side}.{seen[side]}"
                yield from _base(ground, rule, name, quantity, written, asked_years, known[quantity.name])


def _base(
    ground: Ground, rule: Rule, name: str, quantity: Quantity, written: str, years: list[int], sheet: Sheet
) -> Iterator[Finding]:
    """One quantity: how many things (funds, measures, groups or needs at regions) it counts."""
    check = asked(
        name,
        Text(zh=f"{rule.title.zh}：{written}", en=f"{rule.title.en or rule.title.zh}: {written}"),
        ("选中的大于零的对象", "things above zero that it counts"),
        Comparison.MORE,
        ("零", "none"),
        "",
        files="rules.yaml",
        remedy=(
            "规则的基数为空，不起作用；请核对条件里的编号、级别和标签，以及数据",
            "the rule has no base and binds nobody: look up ids, levels and tags it names, and the data",
        ),
        citation=rule.citation,
        hard=False,
    )
    if years:
        yield from there_is(check, ground.root, _selected(ground, quantity, years, sheet))


def _selected(ground: Ground, quantity: Quantity, years: list[int], sheet: Sheet) -> int:
    """How many of the sheet's kinds (a fund, a measure and a fund, a group ...) it lets through somewhere."""
    return sum(
        any(_lets(ground, quantity, sheet, kind, places, year) for year in years)
        for kind, places in sheet.places.items()
    )


def _lets(
    ground: Ground, quantity: Quantity, sheet: Sheet, kind: Kind, places: frozenset[str], year: int
) -> bool:
    bound = {**dict(zip(sheet.subjects, kind, strict=False)), Subject.YEAR: str(year)}
    let = ground.places.matcher.regions(quantity.where, bound)
    return any(region in let and _positive(ground, quantity.name, kind, region, year) for region in places)


def _positive(ground: Ground, name: Name, kind: Kind, region: str, year: int) -> bool:
    """Whether the thing can be more than zero, as far as the data alone can tell."""
    case, first = ground.case, ground.case.first_year
    if name in (Name.GIVEN, Name.AVAILABLE):
        row = case.tables.supplied.get((kind[0], region, year))
        return row is None or row.most is None or row.most > 0
    if name in (Name.STOCK, Name.OUT, Name.EXITS):
        return ground.ledger.stock_by[kind[0], case.last_year][region] > 0
    if name is Name.ENTERED:
        return ground.ledger.entered.get((kind[0], year, Entry.NEW), {}).get(region, 0) > 0
    if name in (Name.NEED, Name.MET):
        return (case.need(region, kind[0], max(year, first)) or 0) > 0
    return True


def quantities(expression: Expression, shift: int) -> Iterator[tuple[Quantity, int]]:
    """Every quantity of an expression, and how many years back it looks."""
    match expression:
        case Quantity():
            yield expression, shift
        case Previous():
            yield from quantities(expression.inner, shift + 1)
        case Everywhere():
            yield from quantities(expression.inner, shift)
        case Sum():
            for _, term in expression.terms:
                yield from quantities(term, shift)
        case Product() | Quotient():
            yield from quantities(expression.left, shift)
            yield from quantities(expression.right, shift)
        case Number() | Attribute():
            return
