"""Names for rows and columns that LP and MPS files accept: ASCII, legal and unique, and still readable.

Chinese characters become their code points (项 -> u9879), since neither format knows them; the same names in
the same order always give the same result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

#: PuLP refuses LP names above 100 characters; some room stays for what makes a name unique.
LONGEST = 80
#: Words that mean something at the start of a line of an LP file.
KEYWORDS = frozenset(
    [
        "min",
        "max",
        "minimize",
        "minimise",
        "maximize",
        "maximise",
        "minimum",
        "maximum",
        "subject",
        "such",
        "st",
        "bounds",
        "bound",
        "free",
        "inf",
        "infinity",
        "end",
        "general",
        "generals",
        "gen",
        "integer",
        "integers",
        "int",
        "binary",
        "binaries",
        "bin",
        "sos",
        "sos1",
        "sos2",
        "semi",
        "semis",
        "obj",
    ]
)


def legal_names(names: Sequence[str], taken: Iterable[str] = ()) -> list[str]:
    """One legal name for each, all different from each other and from `taken`."""
    used = set(taken)
    last: dict[str, int] = {}
    legal = []
    for name in names:
        unique = stem = _legal(name)
        while unique in used:
            last[stem] = last.get(stem, 1) + 1
            unique = f"{stem}_{last[stem]}"
        used.add(unique)
        legal.append(unique)
    return legal


def _legal(name: str) -> str:
    """Letters, digits, dot and underscore only; not a keyword, and not to be read as a number such as e5."""
    text = "".join(c if c.isascii() else f"u{ord(c):04x}" for c in name)
    text = re.sub(r"[^A-Za-z0-9_.]+", "_", text)[:LONGEST]
    if (
        not re.match(r"[A-Za-z]", text)
        or re.match(r"[eE][0-9.eE+-]*$|[eE]\d", text)
        or text.lower() in KEYWORDS
    ):
        return f"n_{text}"
    return text
