"""Where results and messages go: results to standard output, everything else to standard error."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.present.terminal import Screen

#: Width of tables that go to a pipe or a file and of terminals that do not tell theirs.
PLAIN_WIDTH = 100


def result(text: str, *, data: bool = False) -> None:
    """Text for standard output; `data` (JSON, CSV) is UTF-8 whatever the terminal's encoding.

    When whoever reads it has gone away, the rest is dropped: the exit code still says what was found.
    """
    try:
        if data:
            click.echo(text.encode(), nl=False)
        else:
            _lenient()
            click.echo(text, nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def message(text: str) -> None:
    """A line for standard error."""
    click.echo(text, err=True)


def _lenient() -> None:
    """A character that the terminal's encoding lacks becomes a question mark, not a crash."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


def screen() -> Screen:
    """The width of standard output, and whether it takes colours."""
    from optimizer.present.terminal import Screen

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns
    return Screen(max(width, 40), colour)


def write_file(folder: Path, name: str, content: str) -> None:
    """A file of the folder, whole or not at all."""
    beside = folder / f".{name}.new"
    with beside.open("w", encoding="utf-8-sig" if name.endswith(".csv") else "utf-8", newline="") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / name)
