"""What an exact answer has found so far, kept piece by piece: a killed run goes on from there.

Notes belong to one question about one case: the same command finds them again, any other does not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from models.case import Case
from models.citation import Text
from optimizer.present.whatif_report import RunRecord
from optimizer.study.whatif.evaluate import Handed, Ready, RunOptions, evaluate
from optimizer.study.whatif.store import FORMAT, Store, key_of


@dataclass(frozen=True)
class Step:
    """What is being done: `done` of `total` steps, None where nobody can know how many there are."""

    what: Text
    done: int
    total: int | None = None


Told = Callable[[Step], None]


class Notes:
    """JSON by name, in a store or (without one) for this run; and who wants to know how far it is."""

    def __init__(
        self,
        case: Case,
        question: str,
        options: RunOptions,
        store: Store | None = None,
        told: Told | None = None,
    ) -> None:
        facts = {"format": FORMAT, "case": case.sha256, "question": question, "options": asdict(options)}
        self._facts = json.dumps(facts, sort_keys=True)
        self.store = store
        self._told = told
        self._own: dict[str, Any] = {}
        self.recalled = 0

    def tell(self, zh: str, en: str, done: int, total: int | None = None) -> None:
        """Say how far it is."""
        if self._told is not None:
            self._told(Step(Text(zh=zh, en=en), done, total))

    def recall(self, name: str) -> Any:
        """What was kept under a name; None where nothing was."""
        if name in self._own:
            return self._own[name]
        text = None if self.store is None else self.store.text(self._key(name))
        if text is None:
            return None
        self.recalled += 1
        return json.loads(text)

    def keep(self, name: str, found: Any) -> None:
        """On disk when this returns."""
        self._own[name] = found
        if self.store is not None:
            self.store.keep(self._key(name), json.dumps(found, ensure_ascii=False))

    def run(
        self,
        ready: Ready,
        name: str,
        patches: tuple[str, ...],
        options: RunOptions,
        before: Handed | None,
    ) -> tuple[RunRecord, Handed | None]:
        """A run as a sweep makes it, from the store if it is there."""
        key = key_of(ready.case, patches, options)
        known = None if self.store is None else self.store.get(key)
        if known is not None:
            self.recalled += 1
            return known
        record, handed = evaluate(ready, name, patches, options, before)
        if self.store is not None:
            self.store.put(key, record, handed)
        return record, handed

    def _key(self, name: str) -> str:
        return hashlib.sha256(f"{self._facts}\n{name}".encode()).hexdigest()
