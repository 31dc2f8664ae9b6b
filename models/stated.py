"""What a document says about its own figures: parts and their total, one figure in several places, shares.

A `Stated` holds such a sentence with its values, a `Printed` one figure of a clause. A value is a number as
printed or a `FigurePath` to figures of the case (`models.paths` looks them up): a figure altered in a table
no longer agrees with the rest.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from models.citation import Citation, Closed, Text


class StatedKind(StrEnum):
    """How the values hang together."""

    SUM = "sum"  # the parts add up to the total
    EQUAL = "equal"  # every part is the total: one figure, stated in several places
    HUNDRED = "hundred"  # the parts are percentages and add up to 100 %
    PERCENT = "percent"  # the one part is `percent` of the total, rounded half up to `digits` decimals
    PRODUCT = "product"  # the parts multiplied make the total


class Expect(StrEnum):
    """What is expected of a statement that does not hold."""

    SLIP = "slip"  # the document itself is wrong here: the values must disagree


class FigurePath(Closed):
    """`target.exit[2016].amount`: figures of the case, in the form of `--set`; `id` may be `*` for all."""

    kind: str
    id: str
    keys: frozenset[str]
    field: str


class StatedValue(Closed):
    """A value as written. `value` is None for a path."""

    text: str
    value: Fraction | None = None
    """In base units: fen, persons, ...; a percentage as a rate."""
    unit: str | None = None
    """`money`, `person`, ..., `%`, `money/person`, a word of its own; None fits any."""
    path: FigurePath | None = None


class Printed(Closed):
    """文件所印数字: a figure as a clause prints it, and where it stands in the case."""

    clause: str
    value: StatedValue
    """A number."""
    at: FigurePath
    where: str
    """The path as written."""
    each: bool = False
    """Every figure that the path names is the printed one; otherwise all of them together are."""


class Stated(Closed):
    """文件数字关系: how figures that the document prints must agree."""

    id: str
    title: Text
    kind: StatedKind
    total: StatedValue | None = None
    parts: tuple[StatedValue, ...]
    percent: StatedValue | None = None
    digits: int | None = None
    """Decimals of the percentage; None: as many as it is written with."""
    expect: Expect | None = None
    why: Text | None = None
    """What the slip is, and how the case reads it."""
    citation: Citation
