"""Where the parts of a case stand in its files, for messages of the checks that look across files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.case import Case
from optimizer.read.kinds import Path
from optimizer.read.problems import Place
from optimizer.read.shapes import FILES
from optimizer.read.tables import Figures

_FILE_OF = {name: file for file, lists in FILES.items() for name in lists}


@dataclass(frozen=True)
class Sources:
    """Places of fields and rows; what could not be read, so that nothing is said about it a second time.

    `patches`: the checks run after these patches, and everything they find is due to them.
    """

    places: Mapping[Path, Place] = field(default_factory=dict)
    figures: Mapping[str, Figures] = field(default_factory=dict)
    declared: Mapping[str, set[str]] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    tree: bool = True
    """The regions form a sound tree."""
    horizon: bool = True
    """The years of the case are known."""
    patches: tuple[str, ...] = ()

    def at(self, *path: str | int) -> Place:
        """Where a field stands, or the nearest thing around it."""
        if self.patches:
            return self._patched()
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return Place(_FILE_OF.get(str(path[0]), "case.yaml"))

    def row(self, table: str, key: object, column: str) -> Place:
        """Where the row of a key stands."""
        if self.patches:
            return self._patched()
        return self.figures[table].place(key, column) if table in self.figures else Place(f"{table}.csv")

    def file(self, name: str) -> Place:
        """A file as a whole."""
        return self._patched() if self.patches else Place(name)

    def known(self, collection: str, id: str) -> bool | None:
        """Whether an item was declared; None where its collection could not be read."""
        if collection in self.broken:
            return None
        return id in self.declared.get(collection, ())

    def complete(self, case: Case, *collections: str) -> bool:
        """Whether every declared item of these collections could be read."""
        return not any(
            name in self.broken or len(getattr(case, name)) < len(self.declared.get(name, ()))
            for name in collections
        )

    def _patched(self) -> Place:
        return Place("--set " + " --set ".join(self.patches))
