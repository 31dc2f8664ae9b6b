"""Rich tables as text of a given width: in colour for a terminal, plain for a pipe or a file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Column, Table
from rich.text import Text as Line


@dataclass(frozen=True)
class Screen:
    """Where the text goes: its width in cells, and whether it may carry colours."""

    width: int
    colour: bool


def render(parts: Iterable[RenderableType], screen: Screen) -> str:
    """The parts one below the other. Chinese characters count two cells; no line has trailing blanks."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=screen.width,
        force_terminal=screen.colour,
        no_color=not screen.colour,
        color_system="standard" if screen.colour else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    for part in parts:
        console.print(part, crop=False)  # a line to be copied may be wider than the screen
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


@dataclass(frozen=True)
class Sentence:
    """A line of text that folds at the width, between Chinese characters too; what follows is indented."""

    text: str
    style: str
    indent: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines of the sentence."""
        for line in folded(self.text, options.max_width, self.indent):
            yield Line(line, style=self.style, no_wrap=True)


def sentence(text: str, style: str = "", indent: int = 0) -> Sentence:
    """A sentence; `indent` blanks stand before all of its lines."""
    return Sentence(text, style, indent)


@dataclass(frozen=True)
class Verbatim:
    """A line that is meant to be copied: never folded, wider than the screen if need be."""

    text: str
    style: str
    indent: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The line as it is."""
        line = Line(" " * self.indent + self.text, style=self.style, no_wrap=True, overflow="ignore")
        yield from console.render(line, options.update(no_wrap=True, overflow="ignore"))


def verbatim(text: str, style: str = "", indent: int = 0) -> Verbatim:
    """A line to be copied, after so many blanks."""
    return Verbatim(text, style, indent)


#: A word with the punctuation that belongs to it: one wide character, or a run of others; blanks before it.
_WORD = re.compile(r"(\s*)([（《“]*(?:[^\s⺀-\uffef]+|[⺀-\uffef])[，。、；：！？）》”]*)")


def folded(text: str, width: int, indent: int = 0) -> list[str]:
    """`text` in lines of at most `width` cells; none begins with a comma, full stop or closing bracket."""
    lines = [" " * indent]
    for blank, word in _WORD.findall(text):
        fits = cell_len(lines[-1] + blank + word) <= width
        started = bool(lines[-1].strip())
        if started and not fits:
            lines.append(" " * indent + word)
        else:
            lines[-1] += (blank if started else "") + word
    return lines


def table(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[str]], *, total: bool = False
) -> RenderableType:
    """A table below its title, if any; with `total` its last row stands out."""
    built = Table(
        *columns,
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
    )
    listed = list(rows)
    for number, row in enumerate(listed):
        last = total and number == len(listed) - 1
        built.add_row(*(Line(cell) for cell in row), style="bold" if last else "")
    return Group(Line(title, style="bold"), built) if title else built


def text_column(heading: str, least: int | None = None) -> Column:
    """A column of words, folded where it must be."""
    return Column(heading, overflow="fold", min_width=least)


def number_column(heading: str) -> Column:
    """A column of numbers, to the right and never broken."""
    return Column(heading, justify="right", no_wrap=True)
