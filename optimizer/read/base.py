"""The base that cases share: templates from which an item takes every field that it does not give itself.

`base: common` in case.yaml names a base that comes with fenpei (so that a case can be copied alone), and
`base: ../base` a folder of one's own: with a `base.yaml` and with files and lists named as those of a
case, whose items leave out whatever is not common to all. An item that says `like: ID` is completed from the
template of that id before its fields are read: field by field, what the item gives stands, and a nested value
is taken whole or not at all. A field that comes from a template keeps its place in the file of the base. Its
`id` and its `citation` are the template's own: an item must cite its own document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from models.rules.source import nearest
from optimizer.read.decode import decoded
from optimizer.read.files import read_files
from optimizer.read.kinds import Spot, entries, identity, items, scalar
from optimizer.read.messages import KIND_WORDS
from optimizer.read.problems import Log, Refused
from optimizer.read.shapes import BASE, BASE_FILES, FILES, Shape
from optimizer.read.yaml_nodes import Entries, Node, Scalar, read_yaml

HEAD_FILE = "base.yaml"
LIKE = "like"
#: Bases that come with fenpei, by name.
SHIPPED = Path(__file__).parent / "bases"
#: May lie in a case or a base, see `optimizer.read.catalogue`: no part of the Case, but of its hash.
CHECKS = "practice.yaml"
_OWN = ("id", "citation")  # what an item never takes from a template


@dataclass
class Base:
    """The templates by list and id; without a folder there is no base."""

    folder: str = ""
    raw: dict[str, bytes] = field(default_factory=dict)
    """The bytes of its files, by their names as messages have them: `../base/needs.yaml`."""
    documents: set[str] | None = None
    """The documents it declares; None where they could not be read."""
    templates: dict[str, dict[str, Entries]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """Lists whose templates could not be read: nothing is said about who wants one of them."""

    def file(self, name: str) -> str:
        """The name of a file in messages."""
        return f"{self.folder}/{name}"

    def completed(self, key: str, item: Node, spot: Spot) -> Node:
        """An item of the list `key` with the fields of the template it names; Refused where there is none."""
        if not isinstance(item, Entries) or LIKE not in item.entries or key not in _LISTS:
            return item
        wanted = item.entries[LIKE][1]
        id = scalar(wanted, spot.below(LIKE))
        if key in self.broken:
            raise Refused
        if not self.folder:
            spot.refuse("like-without-base", wanted, id)
        known = self.templates.get(key, {})
        if id not in known:
            words = {"kind": KIND_WORDS[key], "file": self.file(_LISTS[key]), "near": nearest(id, known)}
            spot.refuse("unknown-template", wanted, id, **words)
        taken = {name: entry for name, entry in known[id].entries.items() if name not in _OWN}
        own = {name: entry for name, entry in item.entries.items() if name != LIKE}
        return Entries({**taken, **own}, item.line, item.column, item.file)


#: List -> its file, for the lists that may have templates.
_LISTS: Mapping[str, str] = {key: file for file in BASE_FILES for key in FILES[file]}


def read_base(case: Path, head: Node | None, log: Log) -> Base:
    """The base that case.yaml names, with every problem of its files on the log."""
    named = head.entries.get("base") if isinstance(head, Entries) else None
    if named is None:
        return Base(broken=set(_LISTS)) if head is None else Base()
    base = Base(broken=set(_LISTS))
    spot = Spot("case.yaml", log, {}, ("base",))
    if not isinstance(named[1], Scalar) or not (text := named[1].text.strip()):
        base.folder = "?"  # reading case.yaml says what is wrong
        return base
    base.folder = text.rstrip("/") or text
    try:
        _check_folder(case, base.folder, named[1], spot)
    except Refused:
        return base
    names = (HEAD_FILE, *BASE_FILES, CHECKS)
    base.raw = read_files(_home(case, base.folder), names, (HEAD_FILE,), log, base.folder)
    base.broken = set()
    for name in (HEAD_FILE, *BASE_FILES):
        if base.file(name) in base.raw:
            _read_file(name, base, log)
    return base


def _home(case: Path, folder: str) -> Path:
    """Where the base is: a bare word names one that comes with fenpei, all else leads from the case."""
    shipped = SHIPPED / folder
    return shipped if folder.strip(".") and "/" not in folder and shipped.is_dir() else case / folder


def _check_folder(case: Path, folder: str, node: Node, spot: Spot) -> None:
    """The base is named by a way that leads from the case to it on every machine."""
    if PurePosixPath(folder).is_absolute() or "\\" in folder or ":" in folder:
        spot.refuse("base-path", node, folder)
    if not _home(case, folder).is_dir():
        spot.refuse("base-missing", node, folder)


def _read_file(name: str, base: Base, log: Log) -> None:
    """Put what one file of the base says into it."""
    file = base.file(name)
    text = decoded(file, base.raw[file], log)
    root = read_yaml(file, text, log) if text is not None else None
    spot = Spot(file, log, {})
    lists = FILES.get(name, {})
    try:
        if root is None:
            raise Refused
        if name == HEAD_FILE:
            values, _ = BASE.read_partly(root, spot)
            if "documents" in values:
                base.documents = {item["id"] for item in values["documents"]}
            return
        given = entries(root, spot)
    except Refused:
        base.broken |= set(lists)
        return
    for key, (written, _) in given.items():
        if key not in lists:
            words = {"known": " ".join(lists), "near": nearest(key, lists)}
            log.add("unknown-field", spot.at(written), key, **words)
    for key, (shape, required) in lists.items():
        if key in given:
            _read_templates(key, shape.template(), given[key][1], spot, base)
        elif required:
            base.broken.add(key)
            log.add("missing-field", spot.at(root), field=key)


def _read_templates(key: str, shape: Shape, node: Node, spot: Spot, base: Base) -> None:
    """The templates of one list; a fault is said here even where no case uses the template."""
    try:
        nodes = items(node, spot.below(key))
    except Refused:
        base.broken.add(key)
        return
    found = base.templates.setdefault(key, {})
    for index, item in enumerate(nodes):
        id = identity(item)
        if id in found:
            words = {"kind": KIND_WORDS[key], "first": found[id].line}
            spot.log.add("duplicate-id", spot.at(item), id, **words)
            continue
        if id and isinstance(item, Entries):
            found[id] = item
        below = spot.below(key, id or f"#{index + 1}")
        try:
            _check_citations(shape.read(item, below), below, base)
        except Refused:
            continue


def _check_citations(values: Mapping[str, Any], spot: Spot, base: Base) -> None:
    """A template that cites something cites a document of the base."""
    cited: dict[tuple[str | int, ...], Any] = {("citation",): values.get("citation")}
    for index, condition in enumerate(values.get("conditions", ())):
        cited["conditions", index, "citation"] = condition["citation"]
    for path, citation in cited.items():
        if citation is None or base.documents is None or citation["document"] in base.documents:
            continue
        id, place = citation["document"], spot.places[*spot.path, *path, "document"]
        near = nearest(id, base.documents)
        spot.log.add("unknown-id", place, id, kind=KIND_WORDS["documents"], near=near)
