"""What a unit costs: against the standard of the case, and against the level above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from models.allocation import Item
from models.catalogue import Check
from models.citation import Citation, Language, Text
from models.finding import State
from models.submission import Line, Spot
from optimizer.audit.chains import cost_of_bill, cost_of_unit
from optimizer.audit.practice.books import Books, Found, Hit, Key, Open
from optimizer.audit.statement import Undecided, amount, not_applicable

#: (region, measure, year)
Place = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Price:
    """What a unit costs at a place, fen; `units` is how many the price is for, None where not said."""

    cost: Fraction
    units: Fraction | None
    spots: tuple[Spot, ...]


def unit_cost(books: Books, check: Check) -> Iterator[Found]:
    """`unit_cost`: unit cost <= (1 + over) x the standard of the case; money where the units are known.

    A printed unit cost counts; without one the money divided by the units, for measures that are paid in the
    year of their start and have no upkeep. What `layered_cost` finds is not said again.
    """
    prices = _prices(books)
    raised = _raised(books)
    if not prices:
        zh, en = (
            "无法核对，表中没有单价，也没有数量",
            "cannot be checked, the table gives no unit costs and no units",
        )
        yield Open(books.root, None, Undecided(State.NOT_EVALUATED, Text(zh=zh, en=en)))
    for (region, measure, year), price in prices:
        standard = cost_of_unit(books.case, books.case.measures[measure], region, year)
        title = books.case.measures[measure].title
        if standard is None:
            zh = f"无法核对，案例没有给出{title.zh}的单位成本"
            en = f"cannot be checked, no unit cost of {title.said(Language.EN)} is given"
            yield Open(region, year, Undecided(State.NOT_EVALUATED, Text(zh=zh, en=en)))
            continue
        if (region, measure, year, price.cost) in raised:
            yield Open(region, year, _said_by_layers())
            continue
        limit = (1 + check.number("over")) * standard
        units = 1 if price.units is None else price.units
        what = (
            Text(zh="单价", en="unit cost")
            if price.units is None
            else _of(price.units, books.case.measures[measure].unit)
        )
        yield Hit(
            region=region,
            year=year,
            left=price.cost * units,
            right=limit * units,
            about=Text(zh=f"{title.zh} {what.zh}", en=f"{title.said(Language.EN)}, {what.said(Language.EN)}"),
            left_name=Text(zh="实列", en="as submitted"),
            right_name=Text(zh="按标准", en="by the standard"),
            evidence=price.spots,
            citation=_source(books, region, measure, year),
            explains=(f"cost.{measure}",),
        )


def _of(units: Fraction, unit: str) -> Text:
    zh, en = amount(units, unit)
    return Text(zh=f"{zh}的成本", en=f"cost of {en}")


def _said_by_layers() -> Undecided:
    return not_applicable("已由 practice.layered_cost 报告", "practice.layered_cost speaks of it")


def _source(books: Books, region: str, measure: str, year: int) -> Citation | None:
    """Where the standard comes from: the most specific row of costs.csv."""
    rows = books.case.tables.sources.get("costs", {})
    keys = ((measure, region, year), (measure, region, None), (measure, None, year), (measure, None, None))
    return next((rows[key] for key in keys if key in rows), None)


def _prices(books: Books) -> list[tuple[Place, Price]]:
    """Every printed price of the details; else what the money and the units of a place come to."""
    printed = _printed(books, books.lines)
    found = [(place, price) for place, prices in printed.items() for price in prices]
    if Item.UNITS not in books.allocation.covers:
        return found
    for (region, measure, year), units in books.allocation.units.items():
        if (region, measure, year) in printed or units <= 0 or measure not in books.case.measures:
            continue
        item = books.case.measures[measure]
        paid = books.ledger.paid.get((region, measure, year), ())
        if not paid or len(item.profile) != 1 or item.upkeep:
            continue
        keys: list[Key] = [(region, measure, fund, year) for fund, _ in paid]
        cost = Fraction(sum(fen for _, fen in paid)) / units
        found.append(((region, measure, year), Price(cost, units, books.cells(keys))))
    return found


def _printed(books: Books, lines: tuple[Line, ...]) -> Mapping[Place, list[Price]]:
    """Place -> its different printed prices.

    A single price is for all units of the place; of several, funds that share a cost repeat its units.
    """
    groups: dict[tuple[str, str, int, Fraction], list[Line]] = {}
    for line in lines:
        if line.unit_cost is not None and line.region and line.measure and line.year is not None:
            groups.setdefault((line.region, line.measure, line.year, line.unit_cost), []).append(line)
    found: dict[Place, list[Price]] = {}
    for (region, measure, year, cost), alike in groups.items():
        by_fund: dict[str | None, Fraction] = {}
        for line in alike:
            by_fund[line.fund] = by_fund.get(line.fund, Fraction(0)) + (line.quantity or 0)
        units = max(by_fund.values()) or None
        spots = tuple(line.spot for line in alike)
        found.setdefault((region, measure, year), []).append(Price(cost, units, spots))
    for place, prices in found.items():
        if len(prices) == 1 and prices[0].units is not None:
            known = books.allocation.units.get(place, prices[0].units)
            found[place] = [replace(prices[0], units=known)]
    return found


def layered_cost(books: Books, check: Check) -> Iterator[Found]:
    """`layered_cost`: a place's printed unit cost <= (1 + over) x that of the nearest region above it."""
    steps = list(_steps(books))
    if not steps:
        why = not_applicable(
            "没有上下级都列出单价的措施", "no measure has unit costs at two levels, one above the other"
        )
        yield Open(books.root, None, why)
    for (region, measure, year), price, above, limit in steps:
        units = 1 if price.units is None else price.units
        title, upper = books.case.measures[measure].title, books.case.regions[above].name
        yield Hit(
            region=region,
            year=year,
            left=price.cost * units,
            right=(1 + check.number("over")) * limit * units,
            about=Text(
                zh=f"{title.zh} 单价高于上级（{upper}）",
                en=f"{title.said(Language.EN)}, unit cost above {upper}'s",
            ),
            left_name=Text(zh="实列", en="as submitted"),
            right_name=Text(zh="按上级标准", en="by the standard above"),
            evidence=price.spots,
            explains=(f"cost.{measure}",),
        )


def _steps(books: Books) -> Iterator[tuple[Place, Price, str, Fraction]]:
    """Each printed price, the nearest region above with a price (printed or in costs.csv), that price."""
    totals = tuple(line for line in books.submission.totals if line.region in books.case.regions)
    printed = _printed(books, (*books.lines, *totals))
    for (region, measure, year), prices in printed.items():
        if measure not in books.case.measures:
            continue
        for above in list(books.case.regions.ancestors(region))[1:]:
            standard = _standard(books, printed, above, measure, year)
            if standard is not None:
                for price in prices:
                    yield (region, measure, year), price, above, standard
                break


def _standard(
    books: Books, printed: Mapping[Place, list[Price]], above: str, measure: str, year: int
) -> Fraction | None:
    if (above, measure, year) in printed:
        return min(price.cost for price in printed[above, measure, year])
    rows = books.case.tables.costs
    for key in ((measure, above, year), (measure, above, None)):
        if key in rows:
            return Fraction(cost_of_bill(books.case.measures[measure], rows[key]))
    return None


def _raised(books: Books) -> frozenset[tuple[str, str, int, Fraction]]:
    """The prices that `layered_cost` speaks of."""
    check = books.speaks("layered_cost")
    if check is None:
        return frozenset()
    most = 1 + check.number("over")
    return frozenset(
        (*place, price.cost) for place, price, _, standard in _steps(books) if price.cost > most * standard
    )
