"""The words of tables that others made (`vocabulary.yaml`), and the one form in which words are compared.

Full width is half width, traditional characters are simplified ones, blanks and punctuation do not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_BRACKETED = re.compile(r"[(\[{【\u3014<《][^()\[\]{}【】\u3014\u3015<>《》]*[)\]}】\u3015>》]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)\s*(?:年度|年)?")
_CHINESE_DIGITS = str.maketrans("\u3007○零一二三四五六七八九", "000123456789")
#: The meanings of columns that tell what an amount is about.
KEYS = ("region", "measure", "fund", "year")
#: The meanings of columns that hold figures.
FIGURES = ("amount", "quantity", "exits")


@dataclass(frozen=True)
class Vocabulary:
    """The words, all in their `normal` form."""

    sure: Mapping[str, tuple[str, ...]]
    """Header -> meanings that it surely has."""
    maybe: Mapping[str, tuple[str, ...]]
    """Header -> meanings that it takes when nothing else does, in order."""
    rather: Mapping[str, tuple[str, ...]]
    """Header -> the meaning that it leaves others to another column for."""
    said: Mapping[str, tuple[str, str]]
    """Meaning -> its name in Chinese and English."""
    money: Mapping[str, int]
    """Money unit -> fen."""
    levels: Mapping[str, str]
    """Word -> level of a fund."""
    units: Mapping[str, frozenset[str]]
    """Unit -> all words for it."""
    sets: Mapping[str, frozenset[str]]
    """totals, notes, pages ...: the words of each list."""
    lists: Mapping[str, tuple[str, ...]]
    """The same in the order in which they are tried: longest first."""
    synonyms: tuple[tuple[str, str], ...]


@cache
def vocabulary() -> Vocabulary:
    """The words of `vocabulary.yaml`; read once."""
    text = resources.files(__package__).joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    found = yaml.load(text, _LOADER)
    columns = found["columns"]
    lists = {
        name: tuple(sorted({normal(word) for word in words}, key=lambda word: (-len(word), word)))
        for name, words in found.items()
        if isinstance(words, list) and not isinstance(words[0], list)
    }
    units: dict[str, frozenset[str]] = {}
    for same in found["same_units"]:
        group = frozenset(map(normal, same))
        for word in group:
            units[word] = units.get(word, frozenset()) | group
    return Vocabulary(
        sure=_meanings(columns, "sure"),
        maybe=_meanings(columns, "maybe"),
        rather=_meanings(columns, "rather"),
        said={meaning: (entry["said"]["zh"], entry["said"]["en"]) for meaning, entry in columns.items()},
        money={normal(unit): int(fen) for unit, fen in found["money_units"].items()},
        levels={normal(word): level for level, words in found["levels"].items() for word in words},
        units=units,
        sets={name: frozenset(words) for name, words in lists.items()},
        lists=lists,
        synonyms=tuple((normal(one), normal(other)) for one, other in found["synonyms"]),
    )


def _meanings(columns: Mapping[str, Any], kind: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for meaning, entry in columns.items():
        for word in entry.get(kind, ()):
            key = normal(word)
            if meaning not in found.get(key, ()):
                found[key] = (*found.get(key, ()), meaning)
    return found


@cache
def _simplified() -> dict[int, str]:
    text = resources.files(__package__).joinpath("traditional.txt").read_text(encoding="utf-8")
    return {ord(pair[0]): pair[1] for pair in text.split() if len(pair) == 2}


@cache
def narrow(text: str) -> str:
    """Half width, simplified, white space as single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_simplified()).split())


@cache
def normal(text: str) -> str:
    """The form in which words are compared: letters, digits and `%`, in small letters."""
    return "".join(sign for sign in narrow(text).casefold() if sign.isalnum() or sign in "%㎡")


def without_brackets(text: str) -> str:
    """The text without what stands in brackets."""
    previous, current = "", narrow(text)
    while previous != current:
        previous, current = current, _BRACKETED.sub("", current)
    return current.strip()


def in_brackets(text: str) -> list[str]:
    """What stands in the brackets of a text, innermost only."""
    return [found.group()[1:-1].strip() for found in _BRACKETED.finditer(narrow(text))]


def year_in(text: str) -> int | None:
    """The year of `2018`, `2018年`, `2018年度`, `二〇一八年`; None for anything else."""
    plain = narrow(text).translate(_CHINESE_DIGITS).replace(" ", "")
    found = _YEAR.fullmatch(plain)
    return int(found.group(1)) if found else None


def split_year(text: str) -> tuple[int | None, str]:
    """The one year in a header, and the header without it: `2018年下达金额` is 2018 and `下达金额`."""
    plain = narrow(text)
    years = {int(found) for found in _YEAR.findall(plain)}
    if len(years) != 1:
        return None, plain
    return years.pop(), _YEAR.sub("", plain).strip(" -_:/")


def money_unit(text: str) -> str | None:
    """A money unit as it is called here, or None: `万元`, `人民币万元`, `单位:万元`."""
    word = normal(re.sub(r"^.*?单位\s*[::]?", "", narrow(text)))
    return word if word in vocabulary().money else None


def is_number(text: str) -> bool:
    """A text reads like a number that is not a year."""
    plain = narrow(text).replace(" ", "").replace(",", "")
    return bool(re.fullmatch(r"[-+]?\d+(\.\d+)?", plain)) and year_in(text) is None
