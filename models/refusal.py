"""An input that cannot be used: one exception that carries everything that was found wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from models.citation import Language


class Said(Protocol):
    """What can be said in both languages."""

    def said(self, language: Language) -> str:
        """The text in a language."""
        ...


Found = TypeVar("Found", bound=Said)


class InputErrors(ValueError, Generic[Found]):
    """`problems` holds everything that was found, each with its place, in the order in which it is said."""

    def __init__(self, problems: Sequence[Found]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)

    def said(self, language: Language) -> str:
        """One problem per line (a rule's source and carets take two more)."""
        return "\n".join(problem.said(language) for problem in self.problems)

    def __str__(self) -> str:
        return self.said(Language.EN)
