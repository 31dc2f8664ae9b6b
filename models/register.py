"""The clause register: every numbered clause of a document, and where the case puts it.

A clause is encoded by items of the case, stands on the checklist for a person, is context that asks for
nothing, or repeats another clause. The reader holds register and citations against each other.
"""

from __future__ import annotations

from enum import StrEnum

from models.citation import Closed, Text


class Disposition(StrEnum):
    """What has become of a clause."""

    ENCODED = "encoded"  # items of the case compute it
    CHECKLIST = "checklist"  # nobody can compute it: a person looks
    CONTEXT = "context"  # nothing is to be encoded, and the reason says why
    REPEATED = "repeated"  # another clause says it: counted there


class Reference(Closed):
    """`need:housing`: an item of the case (or `clause:R016`) by its kind and id."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class Clause(Closed):
    """条款: one row of clauses.csv."""

    id: str
    section: str
    topic: Text
    """What it is about, in a few words of the case's author."""
    disposition: Disposition
    items: tuple[Reference, ...] = ()
    reason: Text | None = None
    """Why it is not encoded, or how the encoding departs from it."""
