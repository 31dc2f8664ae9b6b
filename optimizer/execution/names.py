"""What a ledger calls a place, a fund, a measure, a group: ids, titles, codes, names with and without suffix.

A text that fits two things of the case fits none: it is reported with both, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from models.case import Case
from models.citation import Text
from models.place_names import PEOPLES
from models.rules.source import nearest

_SUFFIX = re.compile(
    r"(?:特别行政区|自治区|自治州|自治县|自治旗|矿区|林区|新区|省|市|县|区|旗|州|盟|镇|乡|街道|街道办事处|村)$"
)
#: Names of peoples in the full names of autonomous places: 乳源瑶族自治县 is 乳源.
_PEOPLE = re.compile(f"(?:(?:{'|'.join(PEOPLES)})族)+$")


def plain(text: str) -> str:
    """A name as it is compared: full-width as half-width, lower case, without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


@dataclass
class Names:
    """The things of one kind by everything they are called; `found` remembers texts and their numbers.

    A known text has the number of its id in `ids`; the k-th unknown text has -(k + 1).
    """

    ids: tuple[str, ...]
    called: Mapping[str, tuple[int, ...]]
    unknown: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> int:
        """The number of what a text names."""
        if text not in self._numbers:
            hits = self.called.get(plain(text), ())
            if len(hits) != 1:
                self.unknown.append(text)
            self._numbers[text] = hits[0] if len(hits) == 1 else -len(self.unknown)
        return self._numbers[text]

    def explained(self, text: str) -> Text:
        """Why a text is not known: it fits several, or it is near one; empty where nothing can be said."""
        hits = self.called.get(plain(text), ())
        if len(hits) > 1:
            listed = ", ".join(self.ids[hit] for hit in hits)
            return Text(zh=f"同名的有：{listed}。", en=f"It could be any of: {listed}. ")
        near = nearest(text, self.ids)
        return Text(zh=near[0], en=near[1])


def region_names(case: Case) -> Names:
    """Regions by id, code, name, and name without 县, 市 ... where that is still long enough to tell."""
    full: list[list[str]] = []
    for region in case.regions:
        short = _SUFFIX.sub("", region.name)
        bare = _PEOPLE.sub("", short)
        codes = [region.code, region.code.ljust(12, "0")] if region.code else []
        calls = [region.id, region.name, *codes]
        full.append([*calls, *(name for name in (short, bare) if len(name) >= 2)])
    return _names(case.regions.ids, full)


def fund_names(case: Case) -> Names:
    """Funds by id and title."""
    return _titled({id: fund.title for id, fund in case.funds.items()})


def measure_names(case: Case) -> Names:
    """Measures by id and title."""
    return _titled({id: measure.title for id, measure in case.measures.items()})


def group_names(case: Case) -> Names:
    """Groups by id and title."""
    return _titled({id: group.title for id, group in case.groups.items()})


def _titled(titles: Mapping[str, Text]) -> Names:
    return _names(tuple(titles), [[id, title.zh, title.en or ""] for id, title in titles.items()])


def _names(ids: tuple[str, ...], calls: Iterable[list[str]]) -> Names:
    """What each is called; an id or full name goes before the short name of something else."""
    called: dict[str, set[int]] = {}
    first: dict[str, set[int]] = {}
    for at, texts in enumerate(calls):
        for rank, text in enumerate(texts):
            if key := plain(text):
                called.setdefault(key, set()).add(at)
                if rank < 2:
                    first.setdefault(key, set()).add(at)
    by_id = {plain(id): {at} for at, id in enumerate(ids)}
    best = {key: by_id.get(key) or first.get(key) or hits for key, hits in called.items()}
    return Names(ids, {key: tuple(sorted(hits)) for key, hits in best.items()})
