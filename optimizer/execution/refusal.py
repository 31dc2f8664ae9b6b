"""What stops the reading of a ledger or register as a whole; a row that is wrong by itself is a finding."""

from __future__ import annotations

from models.citation import Text
from models.refusal import InputErrors


class LedgerErrors(InputErrors[Text]):
    """A ledger or register that cannot be used."""


def refused(zh: str, en: str) -> LedgerErrors:
    """One problem."""
    return LedgerErrors([Text(zh=zh, en=en)])
