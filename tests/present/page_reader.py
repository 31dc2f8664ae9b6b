"""A page read back: checked for being well formed, with its tables and texts by language.

Nothing but the standard parser: what it accepts without a fault a browser reads the same way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "input", "br", "link", "img", "hr"}


@dataclass
class Table:
    """A table: its caption, its headings and its rows of cells, the foot last."""

    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)

    @property
    def head(self) -> list[str]:
        return self.rows[0]

    def row(self, name: str) -> list[str]:
        """The one row that begins with `name`, without the name."""
        (found,) = [row for row in self.rows if row[0] == name]
        return found[1:]

    def numbers(self, name: str) -> list[int]:
        """The amounts in a row of exact yuan, in fen; cells that are no such amount are left out."""
        return [fen(cell) for cell in self.row(name) if re.fullmatch(r"-?[\d,]+\.\d\d", cell)]


def fen(text: str) -> int:
    return int(text.replace(",", "").replace(".", ""))


@dataclass
class Main:
    """The part of one language."""

    tables: list[Table] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    alerts: int = 0
    warnings: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def table(self, words: str) -> Table:
        """The first table whose caption holds these words."""
        return next(table for table in self.tables if words in table.caption)

    def headed(self, *headings: str) -> Table:
        """The first table whose headings begin so."""
        return next(t for t in self.tables if t.rows and t.head[: len(headings)] == list(headings))


class Page(HTMLParser):
    """Reads a page; `faults` lists what is not well formed or leads outside."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.mains: dict[str, Main] = {}
        self.ids: list[str] = []
        self.wanted: list[str] = []
        self.tags: list[str] = []
        self.scripts: list[str] = []
        self._open: list[str] = []
        self._main: Main | None = None
        self._tables: list[Table] = []
        self._cell: list[str] | None = None
        self._caption = False
        self._warning = False
        self.feed(html)
        self.close()
        self.faults += [f"not closed: {tag}" for tag in self._open]
        self.faults += [f"twice: {i}" for i in {i for i in self.ids if self.ids.count(i) > 1}]
        self.faults += [f"not there: {i}" for i in self.wanted if i not in self.ids]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self._attributes(tag, known)
        if tag == "main":
            self._main = self.mains[known["class"]] = Main()
        if known.get("role") == "alert" and self._main:
            self._main.alerts += 1
        self._warning = known.get("class") == "warning"
        if tag == "table":
            self._tables.append(Table())
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
        elif tag in ("td", "th"):
            self._cell = []
        elif tag == "caption":
            self._caption = True
        if tag not in VOID:
            self._open.append(tag)

    def _attributes(self, tag: str, known: dict[str, str]) -> None:
        if len(known) != len(set(known)):
            self.faults.append(f"attribute twice: {tag}")
        if "id" in known:
            self.ids.append(known["id"])
        for name in ("for", "aria-labelledby"):
            self.wanted += known.get(name, "").split()
        for name in ("href", "src", "xlink:href", "action", "data", "poster"):
            value = known.get(name, "#")
            if value.startswith("#") and len(value) > 1:
                self.wanted.append(value[1:])
            elif value != "#":
                self.faults.append(f"leads outside: {tag} {name}={value}")
        self.faults += [f"handler: {tag} {name}" for name in known if name.startswith("on")]
        if tag == "svg" and known.get("role") == "img" and not {"aria-label", "aria-labelledby"} & set(known):
            self.faults.append("a drawing without a name")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"{self.getpos()}: </{tag}> closes {self._open[-1:]}")
            return
        self._open.pop()
        if tag == "table" and self._main:
            self._main.tables.append(self._tables.pop())
        elif tag in ("td", "th") and self._cell is not None:
            self._tables[-1].rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None
        elif tag == "caption":
            self._caption = False
        elif tag == "main":
            self._main = None

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults.append(f"<{tag}/> is not HTML")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            self.scripts.append(data)
        if self._cell is not None:
            self._cell.append(data)
        elif self._caption:
            self._tables[-1].caption += data
        if self._main is not None and data.strip():
            self._main.texts.append(data.strip())
            if self._warning:
                self._main.warnings.append(data.strip())
