"""payments.yaml to the catalogue of checks of a payment ledger: the one that comes with fenpei, and a user's
changes to it.

A file of changes lists `checks`; each gives the `id` of a check and what is to be different: `severity`,
`off` (why it is not wanted), `set` (threshold: value). Anything else is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.citation import Citation, Document
from models.payments import PaymentCheck, PaymentChecks, PaymentThreshold, ThresholdKind
from models.policy import Severity
from models.rules.source import nearest
from optimizer.read.decode import decoded
from optimizer.read.kinds import (
    ID_KIND,
    TEXT,
    TITLE,
    Kind,
    Spot,
    entries,
    identity,
    items,
    list_of,
    mapping,
    word,
)
from optimizer.read.problems import Log, Place, Refused
from optimizer.read.shapes import CITATION, DOCUMENT, NOT_NEGATIVE, Field, Shape
from optimizer.read.yaml_nodes import Node, read_yaml

#: The checks that come with fenpei.
SHIPPED = Path(__file__).parent / "payments.yaml"

_WORDS = list_of(TEXT)
_VALUES: Mapping[ThresholdKind, Kind] = {
    ThresholdKind.NUMBER: NOT_NEGATIVE,
    ThresholdKind.WORDS: _WORDS,
    ThresholdKind.HEADINGS: mapping(TEXT, _WORDS),
}
_RAW = Kind(lambda node, spot: node)
_ID = Field("id", ID_KIND)
_THRESHOLD = Shape((_ID, Field("title", TITLE), Field("kind", word(ThresholdKind)), Field("value", _RAW)))
_SEVERITY = word(Severity, Severity.HARD, Severity.ADVISORY)
_CHECK = Shape(
    (
        _ID,
        Field("title", TITLE),
        Field("looks_at", TITLE),
        Field("severity", _SEVERITY),
        Field("citation", CITATION.kind),
        Field("remedy", TITLE),
        Field("thresholds", list_of(_RAW), required=False),
    )
)
_CHANGE = Shape(
    (
        _ID,
        Field("severity", _SEVERITY, required=False),
        Field("off", TITLE, required=False),
        Field("set", mapping(ID_KIND, _RAW), required=False),
    )
)


@dataclass(frozen=True)
class _File:
    """The lists of a file as nodes."""

    name: str
    log: Log
    lists: Mapping[str, tuple[Node, ...]]

    def spot(self, *path: str) -> Spot:
        return Spot(self.name, self.log, {}, path)


def read_payment_checks(changes: Path | None = None) -> PaymentChecks:
    """The checks with their thresholds, after the changes of a file. Raises CaseErrors."""
    log = Log()
    shipped = _read(_file(SHIPPED, ("documents", "checks"), log))
    log.check()
    if changes is None:
        return shipped
    changed = _changed(shipped, _file(changes, ("checks",), log))
    log.check()
    return changed


def _file(path: Path, known: tuple[str, ...], log: Log) -> _File:
    if not path.is_file():
        log.add("file-not-found", Place(str(path)))
        return _File(path.name, log, {})
    text = decoded(path.name, path.read_bytes(), log)
    root = read_yaml(path.name, text, log) if text is not None else None
    spot = Spot(path.name, log, {})
    lists: dict[str, tuple[Node, ...]] = {}
    if root is not None:
        try:
            for name, (key, value) in entries(root, spot).items():
                if name not in known:
                    words = {"known": " ".join(known), "near": nearest(name, known)}
                    log.add("unknown-field", spot.at(key), name, **words)
                else:
                    lists[name] = items(value, spot.below(name))
        except Refused:
            pass
    return _File(path.name, log, lists)


def _read(file: _File) -> PaymentChecks:
    documents = {}
    for node in file.lists.get("documents", ()):
        values = DOCUMENT.read(node, file.spot("documents", identity(node)))
        documents[values["id"]] = Document(**values)
    checks = {}
    for node in file.lists.get("checks", ()):
        spot = file.spot("checks", identity(node))
        values = _CHECK.read(node, spot)
        values["citation"] = Citation(**values["citation"])
        values["thresholds"] = dict(_threshold(part, spot) for part in values.get("thresholds", ()))
        checks[values["id"]] = PaymentCheck(**values)
    return PaymentChecks(documents=documents, checks=checks)


def _threshold(node: Node, spot: Spot) -> tuple[str, PaymentThreshold]:
    values = _THRESHOLD.read(node, spot)
    values["value"] = _VALUES[values["kind"]].read(values["value"], spot.below(values["id"]))
    return values["id"], PaymentThreshold(**values)


def _changed(shipped: PaymentChecks, file: _File) -> PaymentChecks:
    """The catalogue with what a file of changes gives; a check that is named twice is an error."""
    checks = dict(shipped.checks)
    lines: dict[str, int] = {}
    for node in file.lists.get("checks", ()):
        spot = file.spot("checks", identity(node))
        try:
            values = _CHANGE.read(node, spot)
            id = values.pop("id")
            if id not in checks:
                near = nearest(id, checks)
                spot.refuse("unknown-word", node, id, known=" ".join(checks), near=near)
            if id in lines:
                spot.refuse("duplicate-id", node, id, kind=("检查", "check"), first=lines[id])
            lines[id] = node.line
            thresholds = _changed_thresholds(checks[id], values.pop("set", {}), spot)
            checks[id] = checks[id].model_copy(update={**values, "thresholds": thresholds})
        except Refused:
            continue
    return shipped.model_copy(update={"checks": checks})


def _changed_thresholds(
    check: PaymentCheck, changes: Mapping[str, Node], spot: Spot
) -> dict[str, PaymentThreshold]:
    found = dict(check.thresholds)
    for id, node in changes.items():
        if id not in found:
            spot.refuse("unknown-word", node, id, known=" ".join(found) or "-", near=nearest(id, found))
        kind = _VALUES[found[id].kind]
        found[id] = found[id].model_copy(update={"value": kind.read(node, spot.below(id))})
    return found
