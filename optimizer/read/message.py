"""The form of the texts in `messages`."""

from __future__ import annotations

from typing import NamedTuple


class Message(NamedTuple):
    """(cause, expected, remedy) in each language; `expected` may be empty."""

    zh: tuple[str, str, str]
    en: tuple[str, str, str]
