"""The unit words a rule may use, and how units multiply.

A unit is a product of powers of base dimensions (`tree.Unit`); a word such as 万元 is a number of base units.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.money import MONEY_UNITS
from models.rules.tree import Unit

#: What may follow a number: the word, its dimension, how many base units it is.
WRITTEN_UNITS: Mapping[str, tuple[str, int]] = {
    **{word: ("money", fen) for word, fen in MONEY_UNITS.items()},
    **{"人": ("person", 1), "万人": ("person", 10**4), "person": ("person", 1)},
    **{"户": ("household", 1), "万户": ("household", 10**4), "household": ("household", 1)},
    **{"村": ("village", 1), "village": ("village", 1), "县": ("county", 1), "county": ("county", 1)},
    **{"亩": ("mu", 1), "mu": ("mu", 1), "千瓦": ("kw", 1), "kw": ("kw", 1), "kW": ("kw", 1)},
}


def writable(unit: Unit) -> bool:
    """Whether a number of this unit can be written: a unit of the case stands only below, in a rate."""
    known = {dimension for dimension, _ in WRITTEN_UNITS.values()}
    own = [power for dimension, power in unit if dimension not in known]
    return not own or (own == [-1] and len(unit) == 2 and sum(power for _, power in unit) == 0)


def multiply_units(left: Unit, right: Unit, power: int = 1) -> Unit:
    """The unit of left x right^power."""
    powers = dict(left)
    for dimension, exponent in right:
        powers[dimension] = powers.get(dimension, 0) + power * exponent
    return tuple(sorted((dimension, exponent) for dimension, exponent in powers.items() if exponent))
