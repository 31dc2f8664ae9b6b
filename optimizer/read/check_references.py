"""Does everything that is named exist? Ids in fields, documents of citations, names in conditions.

Every check of this room takes the case, the `Sources` of its parts and the `Log`; nothing is reported
about what could not be read in the first place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from models.case import Case
from models.citation import Citation
from models.policy import Counts, FundLevel, NeedKind, Selector, StandardCondition
from models.region import Level
from models.rules.conditions import FIELDS
from models.rules.questions import NameUse, names_used, tests
from models.rules.source import nearest, point_at
from models.rules.tree import Condition, Expression, Subject
from optimizer.read.kinds import Path
from optimizer.read.messages import KIND_WORDS
from optimizer.read.problems import Log
from optimizer.read.sources import Sources

_COLLECTIONS = {
    Subject.FUND: "funds",
    Subject.MEASURE: "measures",
    Subject.REGION: "regions",
    Subject.GROUP: "groups",
    Subject.NEED: "needs",
    Subject.PROJECT: "projects",
}
_WORDS: Mapping[tuple[Subject, str], Iterable[str]] = {
    (Subject.FUND, "level"): [str(one) for one in FundLevel],
    (Subject.REGION, "level"): [str(one) for one in Level],
    (Subject.GROUP, "counts"): [str(one) for one in Counts],
    (Subject.NEED, "kind"): [str(one) for one in NeedKind],
}
_CITED = (
    "groups",
    "needs",
    "measures",
    "exclusions",
    "projects",
    "funds",
    "resources",
    "standards",
    "targets",
    "rules",
    "checklist",
    "statements",
)


def check_references(case: Case, sources: Sources, log: Log) -> None:
    """Ids named in fields, and documents named in citations."""
    for path, collection, wanted in _references(case):
        if sources.known(collection, wanted) is False:
            known = sources.declared.get(collection, set())
            near = nearest(wanted, known)
            log.add("unknown-id", sources.at(*path), wanted, kind=KIND_WORDS[collection], near=near)
        elif collection == "attributes" and wanted in case.attributes and case.attributes[wanted].by_year:
            log.add("attribute-by-year", sources.at(*path), wanted)
    for path, citation in _citations(case):
        if sources.known("documents", citation.document) is False:
            near = nearest(citation.document, case.documents)
            place = sources.at(*path, "citation", "document")
            log.add("unknown-id", place, citation.document, kind=KIND_WORDS["documents"], near=near)


def _references(case: Case) -> Iterator[tuple[Path, str, str]]:
    """(path of the field, collection, id) of everything that names another item."""
    for need in case.needs.values():
        for field in ("holds", "brought_by"):
            named = getattr(need, field)
            yield from ((("needs", need.id, field, group), "groups", group) for group in named)
    for measure in case.measures.values():
        here = ("measures", measure.id)
        for field, collection in (("meets", "needs"), ("serves", "groups"), ("adds", "attributes")):
            yield from (((*here, field, name), collection, name) for name in getattr(measure, field))
        yield from (((*here, "uses", name), "resources", name) for name in measure.uses)
        for index, after in enumerate(measure.after):
            yield (*here, "after", index, "measure"), "measures", after.measure
        if measure.project is not None:
            yield (*here, "project"), "projects", measure.project
        if measure.recovers is not None:
            yield (*here, "recovers", "into"), "funds", measure.recovers.into
    for exclusion in case.exclusions.values():
        here = ("exclusions", exclusion.id)
        for index, name in enumerate(exclusion.measures):
            yield (*here, "measures", index), "measures", name
        yield from _named(here, exclusion, ("group", "need"))
    for standard in case.standards.values():
        for index, condition in enumerate(standard.conditions):
            yield from _of_condition(("standards", standard.id, "conditions", index), condition)
    for target in case.targets.values():
        here = ("targets", target.id)
        yield from (((*here, "groups", i), "groups", group) for i, group in enumerate(target.groups))
        yield from _named(here, target, ("standard", "need"))
        if target.apportion not in (None, "stock"):
            yield (*here, "apportion"), "attributes", str(target.apportion)


def _of_condition(here: Path, condition: StandardCondition) -> Iterator[tuple[Path, str, str]]:
    yield from (((*here, "groups", i), "groups", group) for i, group in enumerate(condition.groups))
    yield from _named(here, condition, ("need",))
    if condition.of is not None:
        yield (*here, "of"), "attributes", condition.of


def _named(here: Path, item: Any, fields: tuple[str, ...]) -> Iterator[tuple[Path, str, str]]:
    for field in fields:
        if (name := getattr(item, field)) is not None:
            yield (*here, field), f"{field}s", name


def _citations(case: Case) -> Iterator[tuple[Path, Citation]]:
    for collection in _CITED:
        for item in getattr(case, collection).values():
            yield (collection, item.id), item.citation
    for standard in case.standards.values():
        for index, condition in enumerate(standard.conditions):
            yield ("standards", standard.id, "conditions", index), condition.citation


# --- conditions ---------------------------------------------------------------------------------


def check_conditions(case: Case, sources: Sources, log: Log) -> frozenset[Path]:
    """Every `where`, `payers`, ...: the subjects it may speak of, and the names it uses.

    Returns (collection, id) of the items with a condition that cannot be relied on.
    """
    faulty: set[Path] = set()
    for path, selector, subjects in _selectors(case):
        if selector.condition is None:
            continue
        before = len(log.problems)
        for test in tests(selector.condition):
            if test.subject not in subjects:
                allowed = " ".join(subjects) or "-"
                carets = point_at(selector.text, test.place)
                words = {"field": str(path[-1]), "allowed": allowed}
                log.add("wrong-subject", sources.at(*path), test.subject, carets, **words)
        check_names(selector.condition, selector.text, path, case, sources, log)
        if len(log.problems) > before:
            faulty.add(path[:2])
    return frozenset(faulty)


def _selectors(case: Case) -> Iterator[tuple[Path, Selector, tuple[Subject, ...]]]:
    region, fund, measure = (Subject.REGION,), (Subject.FUND,), (Subject.MEASURE,)
    for item in case.measures.values():
        here = ("measures", item.id)
        yield (*here, "where"), item.where, region
        yield (*here, "payers"), item.payers, fund
        yield from (((*here, "shares", i, "payer"), s.payer, fund) for i, s in enumerate(item.shares))
        for i, layer in enumerate(item.layers):
            if layer.payer is not None:
                yield (*here, "layers", i, "payer"), layer.payer, fund
        if item.match is not None:
            yield (*here, "match", "by"), item.match.by, fund
            yield (*here, "match", "of"), item.match.of, fund
    for money in case.funds.values():
        yield ("funds", money.id, "where"), money.where, region
        yield ("funds", money.id, "pays"), money.pays, measure
    for standard in case.standards.values():
        yield ("standards", standard.id, "where"), standard.where, region
    for target in case.targets.values():
        yield ("targets", target.id, "where"), target.where, region
    for rule in case.rules.values():
        yield ("rules", rule.id, "where"), rule.where, rule.for_each


def check_names(
    node: Expression | Condition, text: str, path: Path, case: Case, sources: Sources, log: Log
) -> None:
    """Every id, level, tag and attribute that a condition or expression names must be in the case."""
    for use in names_used(node):
        if use.value and _by_year(case, use.subject, use.field):
            log.add("attribute-by-year", sources.at(*path), use.field, point_at(text, use.place))
            continue
        judged = _judge(use, case, sources)
        if judged is not None:
            kind, found, known = judged
            place, carets, near = sources.at(*path), point_at(text, use.place), nearest(found, known)
            log.add("unknown-in-condition", place, found, carets, kind=kind, near=near, field=str(path[-1]))


def _by_year(case: Case, subject: Subject, field: str) -> bool:
    """Whether a test asks for a figure that a region has year by year."""
    spec = case.attributes.get(field) if subject is Subject.REGION else None
    return spec is not None and spec.by_year and field not in FIELDS[Subject.REGION]


def _judge(use: NameUse, case: Case, sources: Sources) -> tuple[tuple[str, str], str, Iterable[str]] | None:
    """(what it should be, what stands there, what there is) of an unknown name; None for a known one."""
    if use.subject is Subject.YEAR:
        return None
    collection = _COLLECTIONS[use.subject]
    if use.subject is Subject.REGION and use.field not in FIELDS[Subject.REGION]:
        known = sources.known("attributes", use.field)
        return (KIND_WORDS["attributes"], use.field, case.attributes) if known is False else None
    if (use.subject, use.field) in _WORDS:
        words = _WORDS[use.subject, use.field]
        return None if use.value in words else (KIND_WORDS["levels"], use.value, words)
    if collection in sources.broken:
        return None
    if use.field == "id":
        ids = sources.declared.get(collection, set())
        return None if use.value in ids else (KIND_WORDS[collection], use.value, ids)
    items = list(case.regions) if use.subject is Subject.REGION else list(getattr(case, collection).values())
    if not sources.complete(case, collection):
        return None  # the tag may stand at an item that was refused
    tags = sorted({tag for item in items for tag in item.tags})
    words_of = {side: KIND_WORDS[collection][side] for side in (0, 1)}
    kind = (f"{words_of[0]}标签", f"tag of a {words_of[1]}")
    return None if use.value in tags else (kind, use.value, tags)
