"""The nodes of a parsed rule: frozen dataclasses, no behaviour.

An expression (`Expression`) is a sum, product or quotient of numbers, quantities and attributes. A
condition (`Condition`) says which funds, measures, regions, groups, needs and years a quantity adds up.
Numbers are exact: `Fraction` in the base unit of their dimension (money in fen).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Subject(StrEnum):
    """What a condition may speak of."""

    FUND = "fund"
    MEASURE = "measure"
    REGION = "region"
    GROUP = "group"
    NEED = "need"
    YEAR = "year"
    PROJECT = "project"


class Comparison(StrEnum):
    """How the two sides of a rule, or of a condition, compare."""

    EQUAL = "="
    NOT_EQUAL = "!="
    AT_LEAST = ">="
    AT_MOST = "<="
    MORE = ">"
    LESS = "<"


class Name(StrEnum):
    """The quantities a rule can add up. Unit and meaning of each stand in docs/rules.md."""

    SPENT = "spent"  # money paid in the year, fen
    AVAILABLE = "available"  # money a fund brings in in the year, fen (may be decided by the plan)
    GIVEN = "given"  # the same, but from the data alone: a constant; the fund's amount must be given
    CARRIED = "carried"  # money carried into the next year, fen
    RECOVERED = "recovered"  # principal that comes back to a fund in the year, fen; also after the horizon
    UNITS = "units"  # units of measures started in the year, in the measure's unit
    IN_EFFECT = "in_effect"  # units in effect in the year (a balance), in the measure's unit
    MET = "met"  # need met: backlog cumulative to the year, entitlement in the year
    NEED = "need"  # need as stated (a constant)
    EXITS = "exits"  # persons or villages that leave in the year
    OUT = "out"  # persons or villages that are out at the end of the year
    STOCK = "stock"  # persons or villages at the start and those who entered up to the year (a constant)
    ENTERED = "entered"  # persons who become poor in the year (a constant)
    RELAPSED = "relapsed"  # persons who fall back in the year
    REVOKED = "revoked"  # persons whose exit is undone in the year
    LISTED_OUT = "listed_out"  # regions that have left the list by the end of the year
    CAPACITY = "capacity"  # most units that capacity.csv lets start in the year (a constant)


#: Quantities that are known before anything is decided.
CONSTANT_QUANTITIES = frozenset({Name.GIVEN, Name.NEED, Name.STOCK, Name.ENTERED, Name.CAPACITY})

#: A unit as powers of base dimensions, sorted by name: money per village is
#: (("money", 1), ("village", -1)).
#: A pure number is the empty tuple.
Unit = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands in the source text, for messages with a caret: 0-based, end exclusive."""

    start: int
    end: int


# --- conditions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Test:
    """`fund.level == central`: one property of one subject compared with one of several values.

    `field` is "id" for a bare subject (`fund == central_special`), else `level`, `tag`, `kind`
    or, for a region, the name of a numeric attribute (then `values` holds one number as text).
    `!=` and `not in` are written as `Not(Test(...))`; `compare` is EQUAL for membership and otherwise one
    of >= <= > <.
    """

    subject: Subject
    field: str
    compare: Comparison
    values: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Not:
    """What `inner` does not let through."""

    inner: Condition
    place: Place


@dataclass(frozen=True, slots=True)
class And:
    """What every part lets through."""

    parts: tuple[Condition, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Or:
    """What some part lets through."""

    parts: tuple[Condition, ...]
    place: Place


Condition = Test | Not | And | Or


# --- expressions ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """An exact constant in base units: `50万元/village` is 50,000,000 with unit money per village."""

    value: Fraction
    unit: Unit
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Quantity:
    """`spent(fund.level == county)`: a named sum over everything the condition lets through."""

    name: Name
    where: Condition | None
    place: Place


@dataclass(frozen=True, slots=True)
class Attribute:
    """`region.rural_population`: a number of the region the rule is being applied to (a constant)."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Previous:
    """`previous(...)`: the same expression in the year before."""

    inner: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class Everywhere:
    """`everywhere(...)`: the same expression for the whole case, whatever region the rule is applied to."""

    inner: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class Sum:
    """`a + b - c`: terms with their signs (+1 or -1), at least one."""

    terms: tuple[tuple[int, Expression], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Product:
    """`left * right`."""

    left: Expression
    right: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class Quotient:
    """`left / right`."""

    left: Expression
    right: Expression
    place: Place


Expression = Number | Quantity | Attribute | Previous | Everywhere | Sum | Product | Quotient


@dataclass(frozen=True, slots=True)
class Claim:
    """`met(...) >= need(...)`: one of the things that lift a rule where they hold; >=, <= or =."""

    left: Expression
    compare: Comparison
    right: Expression
    place: Place
