"""What stops the reading of a ledger or register as a whole; a row that is wrong by itself is a finding."""

from __future__ import annotations

from collections.abc import Sequence

from models.citation import Language, Text


class LedgerErrors(ValueError):
    """A file that cannot be used; `problems` holds everything that was found, each with its place."""

    def __init__(self, problems: Sequence[Text]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)

    def said(self, language: Language) -> str:
        """One problem per line."""
        return "\n".join(problem.said(language) for problem in self.problems)

    def __str__(self) -> str:
        return self.said(Language.EN)


def refused(zh: str, en: str) -> LedgerErrors:
    """One problem."""
    return LedgerErrors([Text(zh=zh, en=en)])
