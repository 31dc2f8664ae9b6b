"""Does each policy item make sense by itself? Sums, years, fields that belong together, prices, order."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from models.case import Case
from models.policy import (
    ConditionKind,
    Counts,
    Measure,
    NeedKind,
    Rule,
    Severity,
    StandardCondition,
    Target,
    TargetKind,
)
from optimizer.read.check_rules import unit_of_word
from optimizer.read.figures import plain_text
from optimizer.read.kinds import Path
from optimizer.read.problems import Log
from optimizer.read.sources import Sources

#: Fields that a condition of an exit standard needs, by kind; the others must be left out.
CONDITION_FIELDS: Mapping[ConditionKind, tuple[str, ...]] = {
    ConditionKind.POOR_SHARE: ("share", "of", "groups"),
    ConditionKind.NEED: ("share", "need"),
    ConditionKind.GROUP_OUT: ("share", "groups"),
    ConditionKind.REGIONS_OUT: ("share", "level"),
    ConditionKind.ATTRIBUTE: ("of", "amount"),
}
#: The field that says what a target counts, by kind; the others must be left out.
TARGET_FIELDS: Mapping[TargetKind, str] = {
    TargetKind.EXITS: "groups",
    TargetKind.LISTED: "standard",
    TargetKind.MET: "need",
}


def check_items(case: Case, sources: Sources, log: Log) -> None:
    """Every need, measure, exclusion, standard, target and rule by itself."""
    _check_ids_of_rows(case, sources, log)
    _check_needs(case, sources, log)
    for measure in case.measures.values():
        _check_measure(measure, case, sources, log)
    _check_order(case, sources, log)
    _check_goals(case, sources, log)
    _check_exclusions(case, sources, log)
    for standard in case.standards.values():
        for index, condition in enumerate(standard.conditions):
            path = ("standards", standard.id, "conditions", index)
            _check_condition(condition, path, case, sources, log)
    for target in case.targets.values():
        _check_target(target, case, sources, log)
        _check_apportion(target, case, sources, log)
        _check_price(("targets", target.id), target, sources, log)
    for rule in case.rules.values():
        _check_price(("rules", rule.id), rule, sources, log)
        if sources.horizon and (rule.years[0] > case.last_year or rule.years[1] < case.first_year):
            words = {"first": case.first_year, "last": case.last_year}
            found = f"[{rule.years[0]}, {rule.years[1]}]"
            log.add("rule-outside-horizon", sources.at("rules", rule.id, "years"), found, **words)


def _check_ids_of_rows(case: Case, sources: Sources, log: Log) -> None:
    for target in case.targets:
        if target in case.rules:
            first = str(sources.at("targets", target, "id"))
            log.add("rule-and-target", sources.at("rules", target, "id"), target, first=first)


def _check_years(path: Path, years: Mapping[int, object], case: Case, sources: Sources, log: Log) -> None:
    for year in years:
        _check_year((*path, year), year, case, sources, log)


def _check_year(path: Path, year: int, case: Case, sources: Sources, log: Log) -> None:
    if sources.horizon and not case.first_year <= year <= case.last_year:
        words = {"first": case.first_year, "last": case.last_year}
        log.add("year-outside", sources.at(*path), str(year), field=str(path[2]), **words)


def _check_needs(case: Case, sources: Sources, log: Log) -> None:
    for need in case.needs.values():
        _check_years(("needs", need.id, "due"), need.due, case, sources, log)
        if need.holds and need.kind is NeedKind.ENTITLEMENT:
            log.add("entitlement-holds", sources.at("needs", need.id, "holds"), need=need.id)


def _check_measure(measure: Measure, case: Case, sources: Sources, log: Log) -> None:
    here = ("measures", measure.id)
    for year in measure.years or ():
        _check_year((*here, "years"), year, case, sources, log)
    for field, parts in (("profile", measure.profile), ("shares", [share.share for share in measure.shares])):
        total = sum(parts, Fraction(0))
        if parts and total != 1:
            log.add("not-one", sources.at(*here, field), _percent(total), field=field, item=measure.id)
    if (measure.upkeep * measure.lot).denominator != 1:
        words = {"lot": _exact(measure.lot), "measure": measure.id}
        log.add(
            "lot-not-fen", sources.at(*here, "upkeep"), f"{_exact(Fraction(measure.upkeep, 100))}元", **words
        )
    if measure.one_payer and len(measure.shares) > 1:
        log.add("one-payer-shares", sources.at(*here, "one_payer"), measure=measure.id)


def _check_goals(case: Case, sources: Sources, log: Log) -> None:
    goals = (*case.first_goals, case.goal)
    for goal in {goal for goal in goals if goals.count(goal) > 1}:
        log.add("goal-twice", sources.at("first_goals"), goal.value, goal=goal.value)


def _check_apportion(target: Target, case: Case, sources: Sources, log: Log) -> None:
    """What is shared out goes with `each`, and every region that takes part has the number to share by."""
    if target.apportion is None:
        return
    here = sources.at("targets", target.id, "apportion")
    if target.each is None or not target.amounts or target.shares:
        log.add("apportion-needs", here, target.apportion)
    elif target.apportion != "stock" and target.apportion in case.attributes:
        regions = [region for region in case.regions if region.level is target.each]
        missing = [r for r in regions if target.apportion not in r.attributes]
        if missing or not any(r.attributes[target.apportion] for r in regions):
            region = (missing or regions)[0].id if regions else "-"
            log.add("apportion-base", here, target.apportion, base=target.apportion, region=region)


def _check_order(case: Case, sources: Sources, log: Log) -> None:
    """`after` must not lead back to where it started."""
    settled: set[str] = set()

    def walk(measure: str, path: tuple[str, ...]) -> None:
        if measure in path:
            cycle = (*path[path.index(measure) :], measure)
            log.add("after-cycle", sources.at("measures", measure, "after"), " -> ".join(cycle))
        elif measure in case.measures and measure not in settled:
            for after in case.measures[measure].after:
                walk(after.measure, (*path, measure))
            settled.add(measure)

    for measure in case.measures:
        walk(measure, ())


def _check_exclusions(case: Case, sources: Sources, log: Log) -> None:
    for exclusion in case.exclusions.values():
        here = ("exclusions", exclusion.id)
        if (exclusion.group is None) == (exclusion.need is None):
            log.add("exclusion-of-what", sources.at(*here), item=exclusion.id)
            continue
        for index, name in enumerate(exclusion.measures):
            measure = case.measures.get(name)
            if measure is None:
                continue
            place = sources.at(*here, "measures", index)
            if exclusion.measures.index(name) != index:
                log.add("listed-twice", place, name, field="measures")
            elif exclusion.group is not None and exclusion.group not in measure.serves:
                log.add("exclusion-measure", place, name, field="serves", of=exclusion.group)
            elif exclusion.need is not None and exclusion.need not in measure.meets:
                log.add("exclusion-measure", place, name, field="meets", of=exclusion.need)


def _check_condition(
    condition: StandardCondition, path: Path, case: Case, sources: Sources, log: Log
) -> None:
    needed = CONDITION_FIELDS[condition.kind]
    for field in ("share", "of", "need", "groups", "level", "amount"):
        given = getattr(condition, field) not in (None, ())
        words = {"field": field, "kind": str(condition.kind), "needed": " ".join(needed)}
        if field in needed and not given:
            log.add("condition-field-missing", sources.at(*path), **words)
        elif given and field not in needed:
            log.add("condition-field-unwanted", sources.at(*path, field), **words)
    if condition.kind is ConditionKind.POOR_SHARE:
        attribute = case.attributes.get(condition.of or "")
        if attribute is not None and unit_of_word(attribute.unit) != (("person", 1),):
            words = {"attribute": attribute.id, "unit": attribute.unit}
            log.add("poor-share-unit", sources.at(*path, "of"), attribute.id, **words)
        for index, group in enumerate(condition.groups):
            if group in case.groups and case.groups[group].counts is not Counts.PERSONS:
                log.add("poor-share-group", sources.at(*path, "groups", index), group)


def _check_target(target: Target, case: Case, sources: Sources, log: Log) -> None:
    here = ("targets", target.id)
    needed = TARGET_FIELDS[target.kind]
    for field in TARGET_FIELDS.values():
        given = getattr(target, field) not in (None, ())
        words = {"field": field, "kind": str(target.kind), "needed": needed}
        if field == needed and not given:
            log.add("target-field-missing", sources.at(*here), **words)
        elif given and field != needed:
            log.add("target-field-unwanted", sources.at(*here, field), **words)
    if not target.entrants and target.kind is not TargetKind.EXITS:
        words = {"field": "entrants", "kind": str(target.kind), "needed": needed}
        log.add("target-field-unwanted", sources.at(*here, "entrants"), **words)
    if target.amounts and target.shares:
        log.add("amounts-and-shares", sources.at(*here, "shares"), target=target.id)
    if not target.amounts and not target.shares:
        log.add("no-amounts", sources.at(*here), target=target.id)
    for field in ("amounts", "shares"):
        _check_years((*here, field), getattr(target, field), case, sources, log)
    counted = {case.groups[group].counts for group in target.groups if group in case.groups}
    if len(counted) > 1:
        log.add("mixed-counts", sources.at(*here, "groups"), " ".join(target.groups))


def _check_price(path: Path, item: Target | Rule, sources: Sources, log: Log) -> None:
    if item.severity is Severity.SOFT and item.price is None:
        log.add("price-missing", sources.at(*path), item=item.id)
    if item.severity is not Severity.SOFT and item.price is not None:
        log.add("price-unwanted", sources.at(*path, "price"), item=item.id, severity=str(item.severity))


def _percent(value: Fraction) -> str:
    return f"{_exact(value * 100)}%"


def _exact(value: Fraction) -> str:
    return plain_text(value) or str(value)
