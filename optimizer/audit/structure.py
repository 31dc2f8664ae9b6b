"""Lines of an allocation that have no lawful place: one finding for each, none when there is nothing to say.

A line with an id or a year that the case does not have is `known.<item>` and nothing else; any other line may
be found at several faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from models.allocation import Item
from models.citation import Citation, Language, Text
from models.finding import Finding, State
from models.policy import Severity, Supply
from models.rules.tree import Comparison
from optimizer.audit.ledger import Ledger
from optimizer.audit.measures import unit_of
from optimizer.audit.statement import Exact, amount, margin_of

#: The ids in the keys of each item, in order; the year comes last.
_KEYS: Mapping[Item, tuple[str, ...]] = {
    Item.MONEY: ("region", "measure", "fund"),
    Item.UNITS: ("region", "measure"),
    Item.SERVES: ("region", "measure", "group"),
    Item.EXITS: ("region", "group"),
    Item.RETURNED: ("region", "group"),
    Item.REVOKED: ("region", "group"),
    Item.LEAVES: ("region", "standard"),
    Item.BROUGHT: ("region", "fund"),
    Item.CARRIED: ("region", "fund"),
    Item.LAPSED: ("region", "fund"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the allocation; ids that its item has no use for are empty."""

    item: Item
    year: int
    amount: Exact
    region: str
    measure: str = ""
    fund: str = ""
    group: str = ""
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line: the rule it breaks, what would be lawful, and why."""

    rule: str
    lawful: Exact
    why: Text
    compare: Comparison = Comparison.EQUAL


def findings(ledger: Ledger) -> Iterator[Finding]:
    """Every fault of every line, by rule, region and year."""
    found = [
        (fault.rule, line, _finding(ledger, line, fault))
        for line in lines(ledger)
        for fault in faults(ledger, line)
    ]
    rank = ledger.places.rank
    found.sort(key=lambda one: (one[0], rank.get(one[1].region, len(rank)), one[1].year, _ids(one[1])))
    yield from (finding for _, _, finding in found)


def lines(ledger: Ledger) -> Iterator[Line]:
    """Every line of the allocation."""
    for item, keys in _KEYS.items():
        table: Mapping[tuple[str | int, ...], Exact] = getattr(ledger.allocation, item.value)
        for (*ids, year), value in table.items():
            named = dict(zip(keys, map(str, ids), strict=True))
            yield Line(item=item, year=int(year), amount=value, **named)


def faults(ledger: Ledger, line: Line) -> Iterator[Fault]:
    """What is wrong with one line."""
    strange = [repr(word) for word in _strange(ledger, line)]
    if strange:
        words = ", ".join(strange)
        why = Text(zh=f"案例中没有 {words}", en=f"the case does not have {words}")
        yield Fault(f"known.{line.item}", 0, why)
        return
    yield from _whole(line)
    match line.item:
        case Item.MONEY:
            yield from payer(ledger, line)
        case Item.UNITS:
            yield from opened(ledger, line)
            yield from lots(ledger, line)
        case Item.EXITS | Item.RETURNED | Item.REVOKED if line.region not in ledger.stock[line.group]:
            yield members(line)
        case _:
            yield from _misplaced(ledger, line)


def _strange(ledger: Ledger, line: Line) -> Iterator[str]:
    """`known.<item>`: ids that the case does not have, and years outside the horizon."""
    case = ledger.case
    known = (
        (line.region, line.region in case.regions),
        (line.measure, not line.measure or line.measure in case.measures),
        (line.fund, not line.fund or line.fund in case.funds),
        (line.group, not line.group or line.group in case.groups),
        (line.standard, not line.standard or line.standard in case.standards),
        (str(line.year), line.year in case.years),
    )
    yield from (word for word, is_known in known if not is_known)


def _whole(line: Line) -> Iterator[Fault]:
    """`whole.<item>`: no amount is negative, and all but units (`lots.m`) are whole."""
    if line.amount < 0:
        why = Text(zh="数值不能为负", en="an amount must not be negative")
        yield Fault(f"whole.{line.item}", 0, why, Comparison.AT_LEAST)
    elif line.item is not Item.UNITS and line.amount.denominator != 1:
        why = Text(zh="数值应为整数", en="an amount must be whole")
        yield Fault(f"whole.{line.item}", line.amount.numerator // line.amount.denominator, why)


def payer(ledger: Ledger, line: Line) -> Iterator[Fault]:
    """`payer.m`: money of a fund that may not pay for the measure there."""
    if line.region not in ledger.places.flows.get((line.measure, line.fund), ()):
        fund = ledger.case.funds[line.fund].title
        why = Text(
            zh=f"{fund.zh}不得在此用于该措施",
            en=f"{fund.said(Language.EN)} may not pay for this measure here",
        )
        yield Fault(f"payer.{line.measure}", 0, why)


def opened(ledger: Ledger, line: Line) -> Iterator[Fault]:
    """`open.m`: units at a region that is no site, or in a year outside `years`."""
    years = ledger.case.measures[line.measure].years
    if line.region not in ledger.places.site_sets[line.measure]:
        why = Text(zh="该措施不在此地实施", en="the measure is not open to this region")
        yield Fault(f"open.{line.measure}", 0, why)
    elif years is not None and not years[0] <= line.year <= years[1]:
        why = Text(
            zh=f"该措施只在{years[0]}至{years[1]}年开工",
            en=f"the measure is started in {years[0]} to {years[1]} only",
        )
        yield Fault(f"open.{line.measure}", 0, why)


def lots(ledger: Ledger, line: Line) -> Iterator[Fault]:
    """`lots.m`: units that are not whole lots."""
    lot = ledger.case.measures[line.measure].lot
    count = line.amount / lot
    if count.denominator != 1:
        why = Text(zh=f"应为 {lot} 的整数倍", en=f"must be a whole multiple of {lot}")
        yield Fault(f"lots.{line.measure}", count.numerator // count.denominator * lot, why)


def members(line: Line) -> Fault:
    """`members.g`: members that leave (fall back, are put back) in a region without any."""
    why = Text(zh="该地区没有此人群", en="the region has no members of this group")
    return Fault(f"members.{line.group}", 0, why)


def _misplaced(ledger: Ledger, line: Line) -> Iterator[Fault]:
    """`place.<item>`: money at no pool, carried or lapsed where the law has none, service of nobody ..."""
    zh, en = "", ""
    if line.item in (Item.BROUGHT, Item.CARRIED, Item.LAPSED):
        fund = ledger.case.funds[line.fund]
        if line.region not in ledger.places.pools[line.fund]:
            zh, en = "该资金不在此地归集", "the fund is not pooled at this region"
        elif line.item is Item.CARRIED and not fund.carry_over:
            zh, en = "该资金不得结转", "the fund may not be carried over"
        elif line.item is Item.LAPSED and fund.supply is Supply.OPEN:
            zh, en = "不限额资金没有结余", "nothing of a fund without limit can lapse"
    elif line.item is Item.SERVES:
        if line.group not in ledger.case.measures[line.measure].serves:
            zh, en = "该措施不服务此人群", "the measure does not serve this group"
        elif line.region not in ledger.places.site_sets[line.measure]:
            zh, en = "该措施不在此地实施", "the measure is not open to this region"
        elif line.region not in ledger.stock[line.group]:
            zh, en = "该地区没有此人群", "the region has no members of this group"
    elif line.item is Item.RETURNED and not ledger.case.groups[line.group].relapse:
        zh, en = "该人群没有返贫率", "the group has no relapse"
    elif line.item is Item.REVOKED and not ledger.may_revoke(ledger.case.groups[line.group]):
        zh, en = "该人群没有撤销退出的规定", "no exits of the group are undone"
    elif line.item is Item.LEAVES and line.region not in ledger.places.listed[line.standard]:
        zh, en = "该地区不适用此退出标准", "the standard does not list this region"
    if zh:
        yield Fault(f"place.{line.item}", 0, Text(zh=zh, en=en))


def _ids(line: Line) -> tuple[str, ...]:
    return (line.region, line.measure, line.fund, line.group, line.standard)


def _finding(ledger: Ledger, line: Line, fault: Fault) -> Finding:
    unit = _unit(ledger, line)
    value_zh, value_en = amount(line.amount, unit)
    words = list(_words(ledger, line))
    zh = " ".join(word.zh for word in words)
    en = ", ".join(word.said(Language.EN) for word in words)
    return Finding(
        rule=fault.rule,
        severity=Severity.HARD,
        state=State.VIOLATED,
        region=line.region,
        year=line.year,
        left=Fraction(line.amount),
        compare=fault.compare,
        right=Fraction(fault.lawful),
        margin=Fraction(margin_of(line.amount, fault.compare, fault.lawful)),
        unit=unit,
        words=Text(
            zh=f"{line.year}年 {zh} {value_zh}：{fault.why.zh}",
            en=f"{line.year}, {en}, {value_en}: {fault.why.said(Language.EN)}",
        ),
        citation=_citation(ledger, line),
    )


def _words(ledger: Ledger, line: Line) -> Iterable[Text]:
    """The names of what the line speaks of; the ids as written where the case does not have them."""
    case = ledger.case
    region = case.regions[line.region].name if line.region in case.regions else line.region
    yield Text(zh=region)
    for ids, items in (
        (line.measure, case.measures),
        (line.fund, case.funds),
        (line.group, case.groups),
        (line.standard, case.standards),
    ):
        if ids:
            yield items[ids].title if ids in items else Text(zh=ids)


def _unit(ledger: Ledger, line: Line) -> str:
    if line.item in (Item.MONEY, Item.BROUGHT, Item.CARRIED, Item.LAPSED):
        return "money"
    if line.item is Item.LEAVES:
        return "region"
    if line.item in (Item.UNITS, Item.SERVES):
        measure = ledger.case.measures.get(line.measure)
        return "" if measure is None else measure.unit
    group = ledger.case.groups.get(line.group)
    return "" if group is None else unit_of(group)


def _citation(ledger: Ledger, line: Line) -> Citation | None:
    """Of what the line is about: its measure, fund, group or standard."""
    case = ledger.case
    measure, fund = case.measures.get(line.measure), case.funds.get(line.fund)
    group, standard = case.groups.get(line.group), case.standards.get(line.standard)
    for item in (measure, fund, group, standard):
        if item is not None:
            return item.citation
    return None
