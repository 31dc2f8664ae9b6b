"""The clause register against the case, both ways: every clause has what its disposition asks for, every item
exists and cites its clause, and every clause that is cited stands in the register.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.case import Case
from models.citation import Citation
from models.register import Clause, Disposition, Reference
from models.rules.source import nearest
from optimizer.read.messages import KIND_WORDS
from optimizer.read.problems import Log, Place
from optimizer.read.sources import Sources

#: Kind in a reference -> the collection of the case.
KINDS: Mapping[str, str] = {
    "group": "groups",
    "need": "needs",
    "measure": "measures",
    "exclusion": "exclusions",
    "project": "projects",
    "fund": "funds",
    "resource": "resources",
    "standard": "standards",
    "target": "targets",
    "rule": "rules",
    "attribute": "attributes",
    "scenario": "scenarios",
    "uncertain": "uncertain",
    "region": "regions",
    "document": "documents",
    "statement": "statements",
    "checklist": "checklist",
}
#: Kinds that have no citation of their own, or one for the whole row.
UNCITED = frozenset({"region", "attribute", "document", "scenario"})
#: Table -> the kind of item its rows belong to, and where its id stands in their keys.
_ROWS: Mapping[str, tuple[str, int]] = {
    "stocks": ("group", 1),
    "entrants": ("group", 1),
    "revoked": ("group", 1),
    "needs": ("need", 1),
    "costs": ("measure", 0),
    "gaps": ("group", 0),
    "funds": ("fund", 0),
    "capacity": ("measure", 0),
    "resources": ("resource", 0),
    "attributes": ("attribute", 0),
}


@dataclass(frozen=True)
class _Use:
    """A citation with clauses: whose it is, and where it stands."""

    item: str
    citation: Citation
    path: tuple[str | int, ...] = ()
    table: str = ""
    key: object = None

    def place(self, sources: Sources) -> Place:
        if self.table:
            return sources.row(self.table, self.key, "clause")
        return sources.at(*self.path, "citation", "clause")


def check_register(case: Case, sources: Sources, log: Log) -> None:
    """All clauses of the register, and all clauses that are cited; nothing without a register."""
    if not case.clauses:
        return
    uses = list(_uses(case))
    cited: dict[str, set[str]] = defaultdict(set)
    for use in uses:
        cited[use.item].update((use.citation.clause or "").split())
    for clause in case.clauses.values():
        _check_clause(clause, case, cited, _Row(clause, sources, log))
    _check_cited(case, uses, sources, log)


@dataclass(frozen=True)
class _Row:
    """A row of the register, to report about."""

    clause: Clause
    sources: Sources
    log: Log

    def add(self, code: str, column: str, found: str = "", **words: object) -> None:
        place = self.sources.row("clauses", self.clause.id, column)
        self.log.add(code, place, found, clause=self.clause.id, **words)


def _check_clause(clause: Clause, case: Case, cited: Mapping[str, set[str]], row: _Row) -> None:
    asks = clause.disposition
    if asks in (Disposition.CONTEXT, Disposition.REPEATED) and clause.reason is None:
        row.add("clause-reason", "reason", disposition=asks)
    if asks is Disposition.CONTEXT:
        if clause.items:
            row.add("clause-items-unwanted", "items", " ".join(map(str, clause.items)))
        return
    if not clause.items:
        form = {Disposition.CHECKLIST: "checklist:ID", Disposition.REPEATED: "clause:ID"}
        row.add("clause-items-missing", "items", disposition=asks, form=form.get(asks, "kind:id"))
    for index, item in enumerate(clause.items):
        if item in clause.items[:index]:
            row.add("clause-item-twice", "items", str(item))
        elif asks is Disposition.REPEATED:
            _check_repeated(item, case, row)
        else:
            _check_item(item, case, cited, row)
    if asks is Disposition.ENCODED and clause.items and all(i.kind == "checklist" for i in clause.items):
        row.add("clause-only-checklist", "items", str(clause.items[0]))


def _check_item(item: Reference, case: Case, cited: Mapping[str, set[str]], row: _Row) -> None:
    if row.clause.disposition is Disposition.CHECKLIST and item.kind != "checklist":
        row.add("clause-not-checklist", "items", str(item))
        return
    if item.kind not in KINDS:
        near = nearest(item.kind, KINDS)
        row.add("clause-item-kind", "items", item.kind, known=" ".join(KINDS), near=near)
        return
    collection = getattr(case, KINDS[item.kind])
    if item.id not in collection:
        ids = case.regions.ids if item.kind == "region" else collection
        row.add("unknown-id", "items", item.id, kind=KIND_WORDS[KINDS[item.kind]], near=nearest(item.id, ids))
    elif item.kind not in UNCITED and row.clause.id not in cited.get(str(item), ()):
        row.add("clause-not-cited", "items", item=str(item))


def _check_repeated(item: Reference, case: Case, row: _Row) -> None:
    other = case.clauses.get(item.id)
    if item.kind != "clause":
        row.add("clause-item-kind", "items", item.kind, known="clause", near="")
    elif other is None:
        near = nearest(item.id, case.clauses)
        row.add("unknown-id", "items", item.id, kind=KIND_WORDS["clauses"], near=near)
    elif other.disposition not in (Disposition.ENCODED, Disposition.CHECKLIST):
        row.add("clause-repeats", "items", item.id, is_=other.disposition)


def _check_cited(case: Case, uses: list[_Use], sources: Sources, log: Log) -> None:
    """Each clause that is cited and not registered, once: where it is cited first, and how often."""
    missing: dict[str, list[_Use]] = defaultdict(list)
    for use in uses:
        for clause in dict.fromkeys((use.citation.clause or "").split()):
            if clause not in case.clauses:
                missing[clause].append(use)
    for clause, where in missing.items():
        place = where[0].place(sources)
        log.add("clause-unregistered", place, clause, item=where[0].item, count=len(where))


def _uses(case: Case) -> Iterator[_Use]:
    """Every citation with clauses, of items, of exit conditions, of regions and of rows."""
    for kind, collection in KINDS.items():
        if kind in UNCITED:
            continue
        for item in getattr(case, collection).values():
            if item.citation.clause:
                yield _Use(f"{kind}:{item.id}", item.citation, (collection, item.id))
    for standard in case.standards.values():
        for at, condition in enumerate(standard.conditions):
            if condition.citation.clause:
                path = ("standards", standard.id, "conditions", at)
                yield _Use(f"standard:{standard.id}", condition.citation, path)
    for region in case.regions:
        if region.citation.clause:
            yield _Use(f"region:{region.id}", region.citation, table="regions", key=region.id)
    for table, (kind, at) in _ROWS.items():
        for key, citation in case.tables.sources.get(table, {}).items():
            if citation.clause and isinstance(key, tuple):
                yield _Use(f"{kind}:{key[at]}", citation, table=table, key=key)
