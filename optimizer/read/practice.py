"""The catalogue of named checks: `practice.yaml` beside this module, then the base's, then the case's own.

The shipped file says everything of a check; a base or a case changes what its documents say otherwise:
severity, thresholds, citation, or that it does not apply (`off`, with the reason). All of them are closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from models.case import Case
from models.citation import Citation, Document
from models.policy import Severity
from models.practice import Check, Practice, SubjectName, Threshold, ThresholdKind
from models.rules.source import nearest
from optimizer.read.base import PRACTICE as FILE
from optimizer.read.base import SHIPPED
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
    number,
    word,
)
from optimizer.read.problems import Log, Refused
from optimizer.read.shapes import CITED, DOCUMENT, ID_FIELD, TITLE_FIELD, Field, Shape
from optimizer.read.yaml_nodes import Entries, Node, Scalar, read_yaml

_OWN = Path(__file__).with_name(FILE)

_NAME = Shape(
    (Field("name", TEXT), Field("first", YEAR, required=False), Field("last", YEAR, required=False))
)
#: How the value of a threshold is written, by its kind.
VALUES: Mapping[ThresholdKind, Kind] = {
    ThresholdKind.NUMBER: number(0),
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
_THRESHOLD = Shape((ID_FIELD, TITLE_FIELD, Field("kind", word(ThresholdKind)), Field("value", _RAW)))
_CHECK = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("looks_at", TITLE),
        Field("severity", word(Severity, Severity.HARD, Severity.ADVISORY)),
        Field("waivable", YES_NO, required=False),
        CITED,
        Field("remedy", TITLE),
        Field("thresholds", list_of(_THRESHOLD.kind), required=False),
    )
)
_CHANGE = Shape(
    (
        ID_FIELD,
        Field("severity", word(Severity, Severity.HARD, Severity.ADVISORY), required=False),
        Field("off", TITLE, required=False),
        Field("set", _RAW, required=False),
        Field("citation", CITED.kind, required=False),
    )
)
_FILE = ("documents", "never_waived", "checks")


def shipped() -> Practice:
    """The catalogue that comes with fenpei."""
    log = Log()
    spot = Spot(FILE, log, {})
    try:
        node = _root(_OWN.read_bytes(), FILE, log)
        if node is None:
            raise Refused
        root = entries(node, spot)
        read: Mapping[str, Any] = each(
            {
                "documents": partial(
                    list_of(DOCUMENT.kind).read, root["documents"][1], spot.below("documents")
                ),
                "never_waived": partial(
                    list_of(TEXT).read, root["never_waived"][1], spot.below("never_waived")
                ),
                "checks": partial(list_of(_CHECK.kind).read, root["checks"][1], spot.below("checks")),
            }
        )
        checks = [_check(values, spot) for values in read["checks"]]
    except Refused:
        log.check()
        raise
    return Practice(
        documents={values["id"]: Document(**values) for values in read["documents"]},
        checks={check.id: check for check in checks},
        never_waived=read["never_waived"],
    )


def read_practice(path: Path, case: Case) -> Practice:
    """The catalogue for a case: the shipped one with what its base and the case itself change.

    `path` is the case's folder; a case that is no folder has nothing to change. Raises CaseErrors.
    """
    practice = shipped()
    log = Log()
    for name, file in _files(path):
        root = _root(file.read_bytes(), name, log)
        if root is not None:
            practice = _changed(practice, case, root, Spot(name, log, {}))
    log.check()
    return practice


def _files(path: Path) -> list[tuple[str, Path]]:
    """The practice files of the base and of the case, as they are called in messages."""
    if not path.is_dir():
        return []
    found = []
    head = read_yaml("case.yaml", (path / "case.yaml").read_text(encoding="utf-8-sig"), Log())
    base = head.entries.get("base") if isinstance(head, Entries) else None
    if base is not None and isinstance(base[1], Scalar):
        name = base[1].text.strip().rstrip("/")
        home = SHIPPED / name if "/" not in name and (SHIPPED / name).is_dir() else path / name
        found.append((f"{name}/{FILE}", home / FILE))
    return [(name, file) for name, file in (*found, (FILE, path / FILE)) if file.is_file()]


def _root(raw: bytes, name: str, log: Log) -> Node | None:
    text = decoded(name, raw, log)
    return None if text is None else read_yaml(name, text, log)


def _check(values: dict[str, Any], spot: Spot) -> Check:
    thresholds = {}
    for given in values.pop("thresholds", ()):
        below = spot.below("checks", values["id"], given["id"])
        thresholds[given["id"]] = Threshold(
            **{**given, "value": VALUES[given["kind"]].read(given["value"], below)}
        )
    return Check(**{**values, "citation": Citation(**values["citation"]), "thresholds": thresholds})


def _changed(practice: Practice, case: Case, root: Node, spot: Spot) -> Practice:
    """The catalogue with what one file changes; its problems are on the log."""
    checks = dict(practice.checks)
    kept = list(practice.never_waived)
    try:
        given = entries(root, spot)
    except Refused:
        return practice
    known = [key for key in _FILE if key != "documents"]
    for name, (key, _) in given.items():
        if name not in known:
            words = {"known": " ".join(known), "near": nearest(name, known)}
            spot.log.add("unknown-field", spot.at(key), name, **words)
    try:
        if "never_waived" in given:
            kept += list_of(TEXT).read(given["never_waived"][1], spot.below("never_waived"))
        nodes = items(given["checks"][1], spot.below("checks")) if "checks" in given else ()
    except Refused:
        return practice
    first: dict[str, int] = {}
    for index, node in enumerate(nodes):
        below = spot.below("checks", index)
        try:
            values = _CHANGE.read(node, below)
            id = values["id"]
            if id in first:
                below.refuse("duplicate-id", node, id, kind=("检查", "check"), first=first[id])
            first[id] = node.line
            if id not in practice.checks:
                below.refuse(
                    "unknown-id", node, id, kind=("检查", "check"), near=nearest(id, practice.checks)
                )
            checks[id] = _with(practice, case, practice.checks[id], values, node, below)
        except Refused:
            continue
    return Practice(documents=practice.documents, checks=checks, never_waived=tuple(kept))


def _with(
    practice: Practice, case: Case, check: Check, values: dict[str, Any], node: Node, spot: Spot
) -> Check:
    """One check with what the item gives."""
    changes: dict[str, Any] = {name: values[name] for name in ("severity", "off") if name in values}
    if "citation" in values:
        changes["citation"] = Citation(**values["citation"])
        document, known = changes["citation"].document, {**case.documents, **practice.documents}
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
            thresholds[name] = Threshold(id=old.id, title=old.title, kind=old.kind, value=value)
    fields = {name: getattr(check, name) for name in Check.model_fields}
    return Check(**{**fields, **changes, "thresholds": thresholds})
