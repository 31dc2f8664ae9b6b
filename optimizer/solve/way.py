"""The ways in which one engine can be asked the same question; each adapter has a table of them."""

from __future__ import annotations

from enum import StrEnum, auto


class Way(StrEnum):
    """FIRST is the fastest known, OTHER another algorithm, AGAIN without presolve and with another seed."""

    FIRST = auto()
    OTHER = auto()
    AGAIN = auto()
