"""Which language to speak: `--lang`, else the locale. Imports nothing heavy, so that help stays quick."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from models.citation import Language

_KEY = "fenpei.language"


def from_locale() -> str:
    """`zh` when the first of LC_ALL, LC_MESSAGES and LANG that is set begins with zh, else `en`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def remember(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    """The callback of `--lang`: kept for messages that are made outside the command."""
    chosen = value or from_locale()
    context.find_root().meta[_KEY] = chosen
    return chosen


def spoken() -> str:
    """The language of this run."""
    context = click.get_current_context(silent=True)
    chosen = None if context is None else context.find_root().meta.get(_KEY)
    return str(chosen or from_locale())


def say(zh: str, en: str) -> str:
    """One of two texts."""
    return zh if spoken() == "zh" else en


def language() -> Language:
    """The language of this run as the models name it."""
    from models.citation import Language

    return Language(spoken())
