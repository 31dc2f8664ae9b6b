"""The catalogue of named checks: the files beside this module, then what base, case and auditor change.

A shipped file says everything of the checks of one family. A base or a case (`practice.yaml`) and the file of
`--thresholds` change what their documents say otherwise: severity, thresholds, citation, or that a check does
not apply (`off`, with the reason). All of them are closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from models.case import Case
from models.catalogue import Catalogue, Check, Family, SubjectName, Threshold, ThresholdKind
from models.citation import Citation, Document
from models.policy import Severity
from models.rules.source import nearest
from models.rules.tree import Subject
from optimizer.read.base import CHECKS as OWN
from optimizer.read.base import SHIPPED as BASES
from optimizer.read.decode import decoded
from optimizer.read.kinds import (
    TEXT,
    TITLE,
    YEAR,
    YES_NO,
    Kind,
    Spot,
    each,
    entries,
    items,
    list_of,
    mapping,
    word,
)
from optimizer.read.problems import Log, Place, Refused
from optimizer.read.shapes import CITED, DOCUMENT, ID_FIELD, NOT_NEGATIVE, TITLE_FIELD, Field, Shape
from optimizer.read.yaml_nodes import Entries, Node, Scalar, read_yaml

#: The checks that come with fenpei, a file per family.
SHIPPED = ("practice.yaml", "payments.yaml")

_NAME = Shape(
    (Field("name", TEXT), Field("first", YEAR, required=False), Field("last", YEAR, required=False))
)
#: How the value of a threshold is written, by its kind.
VALUES: Mapping[ThresholdKind, Kind] = {
    ThresholdKind.NUMBER: NOT_NEGATIVE,
    ThresholdKind.WORDS: list_of(TEXT),
    ThresholdKind.HEADINGS: mapping(TEXT, list_of(TEXT, 1)),
    ThresholdKind.NAMES: mapping(
        TEXT,
        Kind(
            lambda node, spot: tuple(SubjectName(**name) for name in list_of(_NAME.kind, 1).read(node, spot))
        ),
    ),
}
_RAW = Kind(lambda node, spot: node)
_SEVERITY = word(Severity, Severity.HARD, Severity.ADVISORY)
_THRESHOLD = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("kind", word(ThresholdKind)),
        Field("of", word(Subject, Subject.FUND, Subject.MEASURE, Subject.NEED), required=False),
        Field("value", _RAW),
    )
)
_CHECK = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("looks_at", TITLE),
        Field("severity", _SEVERITY),
        Field("waivable", YES_NO, required=False),
        CITED,
        Field("remedy", TITLE),
        Field("thresholds", list_of(_THRESHOLD.kind), required=False),
    )
)
_FAMILY = Shape(
    (
        Field("family", word(Family)),
        Field("documents", list_of(DOCUMENT.kind)),
        Field("never_waived", list_of(TEXT), required=False),
        Field("checks", list_of(_CHECK.kind)),
    )
)
_CHANGE = Shape(
    (
        Field("id", TEXT),
        Field("severity", _SEVERITY, required=False),
        Field("off", TITLE, required=False),
        Field("set", _RAW, required=False),
        Field("citation", CITED.kind, required=False),
    )
)
_CHANGES = ("checks", "never_waived")


def shipped() -> Catalogue:
    """The catalogue that comes with fenpei: the checks of every family."""
    log = Log()
    documents: dict[str, Document] = {}
    checks: dict[str, Check] = {}
    kept: list[str] = []
    for name in SHIPPED:
        spot = Spot(name, log, {})
        try:
            node = _root(Path(__file__).with_name(name).read_bytes(), name, log)
            if node is None:
                raise Refused
            read = _FAMILY.read(node, spot)
            made = [_check(values, read["family"], spot) for values in read["checks"]]
        except Refused:
            continue
        documents |= {values["id"]: Document(**values) for values in read["documents"]}
        checks |= {check.rule: check for check in made}
        kept += read.get("never_waived", ())
    log.check()
    return Catalogue(documents=documents, checks=checks, never_waived=tuple(kept))


def read_catalogue(path: Path, case: Case, thresholds: Path | None = None) -> Catalogue:
    """The catalogue for a case: the shipped one with what its base, the case and `thresholds` change in turn.

    `path` is the case's folder; a case that is no folder has nothing to change. Raises CaseErrors.
    """
    catalogue = shipped()
    log = Log()
    files = _files(path)
    if thresholds is not None and not thresholds.is_file():
        log.add("file-not-found", Place(str(thresholds)))
    elif thresholds is not None:
        files.append((thresholds.name, thresholds))
    for name, file in files:
        root = _root(file.read_bytes(), name, log)
        if root is not None:
            catalogue = _changed(catalogue, case, root, Spot(name, log, {}))
    log.check()
    return catalogue


def _files(path: Path) -> list[tuple[str, Path]]:
    """The files of the base and of the case that change checks, as they are called in messages."""
    if not path.is_dir():
        return []
    found = []
    head = read_yaml("case.yaml", (path / "case.yaml").read_text(encoding="utf-8-sig"), Log())
    base = head.entries.get("base") if isinstance(head, Entries) else None
    if base is not None and isinstance(base[1], Scalar):
        name = base[1].text.strip().rstrip("/")
        home = BASES / name if "/" not in name and (BASES / name).is_dir() else path / name
        found.append((f"{name}/{OWN}", home / OWN))
    return [(name, file) for name, file in (*found, (OWN, path / OWN)) if file.is_file()]


def _root(raw: bytes, name: str, log: Log) -> Node | None:
    text = decoded(name, raw, log)
    return None if text is None else read_yaml(name, text, log)


def _check(values: dict[str, Any], family: Family, spot: Spot) -> Check:
    thresholds = {}
    for given in values.pop("thresholds", ()):
        below = spot.below("checks", values["id"], given["id"])
        thresholds[given["id"]] = Threshold(
            **{**given, "value": VALUES[given["kind"]].read(given["value"], below)}
        )
    citation = Citation(**values["citation"])
    return Check(**{**values, "family": family, "citation": citation, "thresholds": thresholds})


def _changed(catalogue: Catalogue, case: Case, root: Node, spot: Spot) -> Catalogue:
    """The catalogue with what one file changes; its problems are on the log."""
    checks = dict(catalogue.checks)
    kept = list(catalogue.never_waived)
    try:
        given = entries(root, spot)
    except Refused:
        return catalogue
    for name, (key, _) in given.items():
        if name not in _CHANGES:
            words = {"known": " ".join(_CHANGES), "near": nearest(name, _CHANGES)}
            spot.log.add("unknown-field", spot.at(key), name, **words)
    try:
        if "never_waived" in given:
            kept += list_of(TEXT).read(given["never_waived"][1], spot.below("never_waived"))
        nodes = items(given["checks"][1], spot.below("checks")) if "checks" in given else ()
    except Refused:
        return catalogue
    rules = _called(catalogue)
    first: dict[str, int] = {}
    for index, node in enumerate(nodes):
        below = spot.below("checks", index)
        try:
            values = _CHANGE.read(node, below)
            id = values["id"]
            if id not in rules:
                below.refuse("unknown-id", node, id, kind=("检查", "check"), near=nearest(id, rules))
            rule = rules[id]
            if rule in first:
                below.refuse("duplicate-id", node, id, kind=("检查", "check"), first=first[rule])
            first[rule] = node.line
            checks[rule] = _with(catalogue, case, catalogue.checks[rule], values, node, below)
        except Refused:
            continue
    return Catalogue(documents=catalogue.documents, checks=checks, never_waived=tuple(kept))


def _called(catalogue: Catalogue) -> dict[str, str]:
    """What a file may call a check -> its rule: the id, which no two families share, or the rule itself."""
    short = {check.id: rule for rule, check in catalogue.checks.items()}
    return short | {rule: rule for rule in catalogue.checks}


def _with(
    catalogue: Catalogue, case: Case, check: Check, values: dict[str, Any], node: Node, spot: Spot
) -> Check:
    """One check with what the item gives."""
    changes: dict[str, Any] = {name: values[name] for name in ("severity", "off") if name in values}
    if "citation" in values:
        changes["citation"] = Citation(**values["citation"])
        document, known = changes["citation"].document, {**case.documents, **catalogue.documents}
        if document not in known:
            near = nearest(document, known)
            spot.refuse("unknown-id", node, document, kind=("文件依据", "document"), near=near)
    thresholds = dict(check.thresholds)
    if "set" in values:
        below = spot.below("set")
        parts = {}
        for name, (key, value) in entries(values["set"], below).items():
            if name not in thresholds:
                words = {"known": " ".join(thresholds) or "-", "near": nearest(name, thresholds)}
                below.refuse("unknown-field", key, name, **words)
            parts[name] = partial(VALUES[thresholds[name].kind].read, value, below.below(name))
        for name, value in each(parts).items():
            old = thresholds[name]
            thresholds[name] = old.model_copy(update={"value": value})
    fields = {name: getattr(check, name) for name in Check.model_fields}
    return Check(**{**fields, **changes, "thresholds": thresholds})
