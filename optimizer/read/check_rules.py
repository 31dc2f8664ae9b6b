"""Are the rules of the case linear, do their units agree, and in which unit are their two sides?"""

from __future__ import annotations

from collections.abc import Mapping

from models.case import Case
from models.policy import Counts, Rule
from models.region import Level
from models.rules.questions import (
    RuleProblem,
    UnitBook,
    UnitsDisagreeError,
    check_everywhere,
    check_linear,
    check_subjects,
    check_unit_words,
    check_units,
    unit_of,
)
from models.rules.source import point_at
from models.rules.tree import Comparison, Name, Quantity, Unit
from models.rules.units import WRITTEN_UNITS
from optimizer.read.check_references import check_names
from optimizer.read.problems import Log
from optimizer.read.selection import holds, lets
from optimizer.read.sources import Sources

#: Where the units of a rule come from.
_UNITS_FROM = ("needs", "groups", "measures", "attributes", "regions", "standards")
_COUNTED = {Counts.PERSONS: "person", Counts.VILLAGES: "village"}


def check_rules(case: Case, sources: Sources, log: Log) -> Mapping[str, Rule]:
    """The rules with their units filled in; whatever is wrong with one is on the log."""
    book, words = unit_book(case), _unit_words(case)
    checked: dict[str, Rule] = {}
    for rule in case.rules.values():
        before = len(log.problems)
        for side, expression, text in rule.parts:
            check_names(expression, text, ("rules", rule.id, side), case, sources, log)
            problems = [*check_linear(expression), *check_subjects(expression)]
            for problem in [*problems, *check_everywhere(expression, rule.for_each)]:
                _add("rule-not-linear", problem, rule, side, text, sources, log)
        if rule.unless and rule.compare is Comparison.EQUAL:
            log.add("unless-equal", sources.at("rules", rule.id, "compare"), "=", rule=rule.id)
        if len(log.problems) == before and sources.complete(case, *_UNITS_FROM):
            _check_units(rule, book, words, sources, log)
        unit = _unit(rule, book) if len(log.problems) == before else ""
        checked[rule.id] = rule.model_copy(update={"unit": unit})
    return checked


def _check_units(rule: Rule, book: UnitBook, words: frozenset[str], sources: Sources, log: Log) -> None:
    """Every number's unit is known, and the two sides of the rule and of what lifts it agree."""
    before = len(log.problems)
    for side, expression, text in rule.parts:
        for problem in check_unit_words(expression, words):
            _add("rule-units", problem, rule, side, text, sources, log)
    if len(log.problems) > before:
        return
    for problem in check_units(rule.left, rule.right, book):
        of_right = _is_of_right(problem, rule, book)
        side, text = ("right", rule.right_text) if of_right else ("left", rule.left_text)
        _add("rule-units", problem, rule, side, text, sources, log)
    for claim in rule.unless:
        for problem in check_units(claim.left, claim.right, book):
            _add("rule-units", problem, rule, "unless", rule.unless_text, sources, log)


def _unit_words(case: Case) -> frozenset[str]:
    """The words in which the case itself counts."""
    needs, measures = case.needs.values(), case.measures.values()
    words = {*(item.unit for item in needs), *(item.unit for item in measures)}
    words |= {item.unit for item in case.resources.values()}
    return frozenset(words | {spec.unit for spec in case.attributes.values()})


def _add(
    code: str, problem: RuleProblem, rule: Rule, side: str, text: str, sources: Sources, log: Log
) -> None:
    words = (problem.message_zh.rstrip("。"), problem.message_en.rstrip("."))
    carets = point_at(text, problem.place)
    log.add(code, sources.at("rules", rule.id, side), "", carets, rule=rule.id, problem=words)


def _is_of_right(problem: RuleProblem, rule: Rule, book: UnitBook) -> bool:
    """Whether a problem of units is about the right side: check_units gives places of both texts."""
    try:
        unit_of(rule.left, book)
    except UnitsDisagreeError as error:
        return problem not in error.problems
    return True


def _unit(rule: Rule, book: UnitBook) -> str:
    try:
        unit = unit_of(rule.left, book) or unit_of(rule.right, book)
    except UnitsDisagreeError:
        return ""
    return unit_text(unit)


def unit_text(unit: Unit) -> str:
    """`money`, `person`, `money/village`, or `1` for a pure number."""
    above = ["".join([name] if power == 1 else [name, "^", str(power)]) for name, power in unit if power > 0]
    below = [
        "".join([name] if power == -1 else [name, "^", str(-power)]) for name, power in unit if power < 0
    ]
    return "*".join(above or ["1"]) + "".join(f"/{name}" for name in below)


def unit_of_word(word: str) -> Unit:
    """The unit that a case's own word stands for: a base dimension, or a dimension of its own."""
    if word in ("1", "%"):
        return ()
    dimension, factor = WRITTEN_UNITS.get(word, (word, 1))
    return ((dimension, 1),) if factor == 1 else ((word, 1),)


def unit_book(case: Case) -> UnitBook:
    """The units of the case's attributes, and of what a quantity adds up."""

    def counted(quantity: Quantity) -> Unit | None:
        units = set(_units(quantity, case))
        return units.pop() if len(units) == 1 else None

    attributes = {name: unit_of_word(spec.unit) for name, spec in case.attributes.items()}
    return UnitBook(
        {**attributes, **{n: (("money", 1),) for n, s in case.attributes.items() if s.unit == "money"}},
        counted,
    )


def _units(quantity: Quantity, case: Case) -> list[Unit]:
    """The unit of everything that the quantity's condition may let through."""
    where = quantity.where
    if quantity.name in (Name.UNITS, Name.IN_EFFECT, Name.CAPACITY):
        return [unit_of_word(item.unit) for item in case.measures.values() if holds(where, item) is not False]
    if quantity.name in (Name.MET, Name.NEED):
        return [unit_of_word(item.unit) for item in case.needs.values() if holds(where, item) is not False]
    if quantity.name is Name.LISTED_OUT:
        levels = {
            region.level
            for region in case.regions
            if holds(where, region) is not False
            and any(lets(standard.where, region) is not False for standard in case.standards.values())
        }
        return [((_LISTED.get(levels.pop() if len(levels) == 1 else Level.PROVINCE, "region"), 1),)]
    groups = [item for item in case.groups.values() if holds(where, item) is not False]
    return [((_COUNTED[item.counts], 1),) for item in groups]


_LISTED = {Level.COUNTY: "county", Level.VILLAGE: "village"}
