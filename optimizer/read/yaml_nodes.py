"""YAML text to nodes that know their line and column; every scalar stays text.

Aliases, anchors, tags, merge keys, duplicate keys and further documents are refused: nothing in a case
file means anything but what stands there, so none of the surprises of YAML 1.1 (`no`, `010`, `12:30`) can
happen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

import yaml

from optimizer.read.problems import Log, Place, Refused

_DEEPEST = 30
#: Text of a cell of a workbook whose problem is on the log already: reading it says nothing more.
UNREADABLE = "\0"
_Loader: type[yaml.CBaseLoader] | type[yaml.BaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text with its place; `indent` is how many characters stand before its first (a quotation mark).

    Every node knows its file, since nodes of two files come together where an item is `like` a template.
    `one_line` says whether a place in the text can be counted from its column.
    """

    text: str
    line: int
    column: int
    indent: int = 0
    one_line: bool = True
    file: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping; keys in file order, each once."""

    entries: dict[str, tuple[Scalar, Node]]
    line: int
    column: int
    file: str = ""


Node = Scalar | Items | Entries


def read_yaml(file: str, text: str, log: Log) -> Node | None:
    """The one document of a file; None, and a problem on the log, where there is none that can be read."""
    reader = _Reader(file, log)
    try:
        return reader.document(yaml.parse(text, Loader=_Loader))
    except Refused:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        lines = text.splitlines()
        line = lines[mark.line] if mark and mark.line < len(lines) else ""
        if "\t" in line[: len(line) - len(line.lstrip())]:
            log.add("yaml-tab", place)
        else:
            log.add("yaml-syntax", place, line.strip(), reason=error.problem or error.context or "?")
    except yaml.YAMLError as error:
        log.add("yaml-syntax", Place(file), reason=str(error).splitlines()[0])
    return None


class _Reader:
    """Turns the events of PyYAML into nodes."""

    def __init__(self, file: str, log: Log) -> None:
        self.file, self.log = file, log

    def document(self, events: Iterator[yaml.Event]) -> Node | None:
        """The root node; the stream must end after it."""
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self.refuse("yaml-documents", event)
                root = self.node(next(events), events, 0)
        if root is None or root == Scalar("", root.line, root.column, file=self.file):
            self.log.add("empty-file", Place(self.file))
            return None
        return root

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        """The node that starts with this event."""
        line, column = _start(event)
        if isinstance(event, yaml.AliasEvent):
            self.refuse("yaml-alias", event, "*" + (event.anchor or ""))
        if getattr(event, "anchor", None) is not None:
            self.refuse("yaml-alias", event, f"&{getattr(event, 'anchor', '')}")
        if getattr(event, "tag", None) is not None:
            self.refuse("yaml-tag", event, str(getattr(event, "tag", "")))
        if depth > _DEEPEST:
            self.refuse("yaml-deep", event, most=_DEEPEST)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                items.append(self.node(inner, events, depth + 1))
            return Items(tuple(items), line, column, self.file)
        if isinstance(event, yaml.MappingStartEvent):
            return Entries(self.entries(events, depth), line, column, self.file)
        if not isinstance(event, yaml.ScalarEvent):  # pragma: no cover - the parser knows no other event here
            self.refuse("yaml-syntax", event, reason=type(event).__name__)
        if UNREADABLE in event.value:
            self.refuse("yaml-syntax", event, reason="NUL")
        one_line = event.end_mark is not None and event.end_mark.line == line - 1
        indent = 1 if event.style in ("'", '"') else 0
        return Scalar(event.value, line, column, indent, one_line, self.file)

    def entries(self, events: Iterator[yaml.Event], depth: int) -> dict[str, tuple[Scalar, Node]]:
        """The entries of a mapping; of two with one key the second is left out."""
        entries: dict[str, tuple[Scalar, Node]] = {}
        again: list[Scalar] = []
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self.node(event, events, depth + 1)
            if not isinstance(key, Scalar):
                self.refuse("yaml-key", event)
            if key.text == "<<":
                self.refuse("yaml-merge", event)
            value = self.node(next(events), events, depth + 1)
            if key.text in entries:
                again.append(key)
            else:
                entries[key.text] = (key, value)
        self.report_repeated(again, entries)
        return entries

    def report_repeated(self, again: list[Scalar], entries: dict[str, tuple[Scalar, Node]]) -> None:
        """Keys that stand there twice; many of them are two items run together."""
        if len(again) > 2:
            place = Place(self.file, again[0].line, again[0].column)
            self.log.add("items-merged", place, count=len(again))
            return
        for key in again:
            place = Place(self.file, key.line, key.column)
            self.log.add("duplicate-key", place, key=key.text, first=entries[key.text][0].line)

    def refuse(self, code: str, event: yaml.Event, found: str = "", **words: object) -> NoReturn:
        """Give the file up: what follows cannot be trusted."""
        self.log.add(code, Place(self.file, *_start(event)), found, **words)
        raise Refused


def _start(event: yaml.Event) -> tuple[int, int]:
    """Line and column from 1."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
