"""Names as bureaus write them to ids of the case: with and without suffix, codes, abbreviations, fillers
left out.

A name is looked up in tiers: what the user said, ids and full names, shortened forms. The first tier that
knows the
name answers, with one id or with all that fit: nothing is ever chosen by likeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from models.case import Case
from models.citation import Text
from models.place_names import PEOPLES
from models.region import Region
from optimizer.read.foreign.words import narrow, normal, vocabulary, without_brackets

Forms = Mapping[str, frozenset[str]]
NOTHING: frozenset[str] = frozenset()
_ENUMERATED = re.compile(r"^(?:\(?[一二三四五六七八九十\d]{1,3}[)、.]|[一二三四五六七八九十]+、)\s*(?=\D)")
_SHORTEST_LATIN = 8  # letters of a name that is looked for inside a title


@dataclass(frozen=True, slots=True)
class Match:
    """What a name stands for: no id (unknown), one, or several (ambiguous); `exact`: written as the case
    has it."""

    ids: frozenset[str] = NOTHING
    exact: bool = True
    own: bool = False
    """A region's own level: 市本级."""

    @property
    def one(self) -> str | None:
        """The one id, if it is one."""
        return next(iter(self.ids)) if len(self.ids) == 1 else None


class Names:
    """The names of a case's regions, measures and funds; `aliases` is what the user said: name -> (kind,
    id)."""

    def __init__(self, case: Case, aliases: Mapping[str, tuple[str, str]] | None = None) -> None:
        self.case = case
        self.aliases = dict(aliases or {})
        self.used: set[str] = set()
        """The aliases that stood in the table."""
        self._cache: dict[tuple[str, str, str | None], Match] = {}

    def find(self, kind: str, text: str, hint: str | None = None) -> Match:
        """The region (hint: a region above it), measure or fund (hint: its level) of a name."""
        key = (kind, text, hint)
        if key not in self._cache:
            found = self._look_up(kind, text, hint)
            if not found.ids and (bare := _ENUMERATED.sub("", narrow(text))) != narrow(text):
                found = self._look_up(kind, bare, hint)
            self._cache[key] = found
        return self._cache[key]

    def _look_up(self, kind: str, text: str, hint: str | None) -> Match:
        return self._alias(kind, text) or (
            self._region(text, hint) if kind == "region" else self._item(kind, text, hint)
        )

    def titles(self, kind: str) -> list[str]:
        """Every id and name of a kind, for suggestions."""
        if kind == "region":
            return [word for region in self.case.regions for word in (region.name, region.id)]
        return [word for id, title in self._titles(kind).items() for word in (title.zh, id, title.en or id)]

    def title(self, kind: str, id: str) -> str:
        """An id with its name."""
        name = self.case.regions[id].name if kind == "region" else self._titles(kind)[id].zh
        return id if name == id else f"{name}({id})"

    def in_order(self, kind: str, ids: Iterable[str]) -> list[str]:
        """Ids in the order of the case's files."""
        known = self.case.regions.ids if kind == "region" else tuple(self._titles(kind))
        return sorted(ids, key=known.index)

    def inside(self, kind: str, text: str, least: int) -> frozenset[str]:
        """The ids whose names stand in a text (normal form); of names inside one another only the longest."""
        tiers = self._region_forms if kind == "region" else self._item_forms[kind]
        endings = vocabulary().lists["region_endings"]
        found = {
            form: ids
            for forms in tiers
            for form, ids in forms.items()
            if len(form) >= least
            and form in text
            and (kind != "region" or form.endswith(endings))
            and not form.isdigit()
            and not (form.isascii() and len(form) < _SHORTEST_LATIN)
        }
        longest = [form for form in found if not any(form != other and form in other for other in found)]
        ids = frozenset(id for form in longest for id in found[form])
        if kind != "region":
            return ids
        above = {upper for id in ids for upper in self.case.regions.ancestors(id) if upper != id}
        return ids - above

    def _alias(self, kind: str, text: str) -> Match | None:
        known = self.aliases.get(normal(text))
        if known is None or known[0] != kind:
            return None
        self.used.add(normal(text))
        return Match(frozenset({known[1]}))

    def _titles(self, kind: str) -> Mapping[str, Text]:
        items = self.case.measures if kind == "measure" else self.case.funds
        return {id: item.title for id, item in items.items()}

    # ------------------------------------------------------------------ measures and funds

    def _item(self, kind: str, text: str, level: str | None) -> Match:
        exact, short = self._item_forms[kind]
        written = normal(text)
        for forms, keys in ((exact, (written,)), (short, tuple(_item_shortened(text)))):
            ids = frozenset(id for key in keys for id in forms.get(key, NOTHING))
            if ids:
                return Match(self._of_level(ids, kind, level), forms is exact)
        if kind == "fund" and (said := vocabulary().levels.get(written)) is not None:
            at_level = frozenset(id for id, fund in self.case.funds.items() if fund.level.value == said)
            return Match(at_level, exact=False)
        return Match()

    def _of_level(self, ids: frozenset[str], kind: str, level: str | None) -> frozenset[str]:
        if kind != "fund" or level is None or len(ids) == 1:
            return ids
        return frozenset(id for id in ids if self.case.funds[id].level.value == level) or ids

    @cached_property
    def _item_forms(self) -> Mapping[str, tuple[Forms, Forms]]:
        found = {}
        for kind in ("measure", "fund"):
            titles = self._titles(kind)
            exact = _forms(
                (id, normal(word)) for id, title in titles.items() for word in (id, title.zh, title.en or id)
            )
            short = _forms(
                (id, form)
                for id, title in titles.items()
                for word in (title.zh, title.en or id)
                for form in _item_shortened(word)
            )
            found[kind] = (exact, short)
        return found

    # ------------------------------------------------------------------ regions

    def _region(self, text: str, above: str | None) -> Match:
        written = normal(text)
        own = self._own_level(written, above)
        if own is not None:
            return own
        exact, short = self._region_forms
        for forms in (exact, short):
            ids = forms.get(written, NOTHING)
            if ids:
                return Match(self._below(ids, above), forms is exact)
        return self._prefixed(written, above)

    def _own_level(self, written: str, above: str | None) -> Match | None:
        """市本级, 合肥市本级: the region itself."""
        for ending in vocabulary().lists["own_level"]:
            if not written.endswith(ending):
                continue
            stem = written.removesuffix(ending) + (ending[0] if ending[0] in "省市县区" else "")
            if len(stem) <= 1:  # the column beside it says whose, or only the root is of that level
                whose = above or (self.case.regions.root if self._is_root(stem) else None)
                return Match(frozenset({whose}) if whose else NOTHING, exact=False, own=True)
            found = self._region(stem, above)
            return Match(found.ids, exact=False, own=True)
        return None

    def _is_root(self, word: str) -> bool:
        level = self.case.regions[self.case.regions.root].level.value
        return {"省": "province", "市": "city", "县": "county", "区": "county"}.get(word) == level

    def _below(self, ids: frozenset[str], above: str | None) -> frozenset[str]:
        """Those below the region that stands beside the name, if any are."""
        if above is None or len(ids) == 1:
            return ids
        return frozenset(id for id in ids if above in self.case.regions.ancestors(id)) or ids

    def _prefixed(self, written: str, above: str | None) -> Match:
        """安徽省合肥市肥东县: a name behind the names of regions above it."""
        exact, short = self._region_forms
        ids: set[str] = set()
        for cut in range(2, len(written) - 1):
            rest = exact.get(written[cut:], NOTHING) | short.get(written[cut:], NOTHING)
            for id in rest:
                uppers = [upper for upper in self.case.regions.ancestors(id) if upper != id]
                if self._chain(written[:cut], uppers):
                    ids.add(id)
        return Match(self._below(frozenset(ids), above), exact=False)

    def _chain(self, text: str, uppers: list[str]) -> bool:
        """The text is made of names of regions above, one after the other."""
        if not text:
            return True
        forms = [form for id in uppers for form in _region_all(self.case.regions[id])]
        return any(text.startswith(form) and self._chain(text[len(form) :], uppers) for form in forms)

    @cached_property
    def _region_forms(self) -> tuple[Forms, Forms]:
        exact = _forms((region.id, form) for region in self.case.regions for form in _region_exact(region))
        short = _forms((region.id, form) for region in self.case.regions for form in _region_short(region))
        return exact, short


def _forms(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for id, form in pairs:
        if form:
            found.setdefault(form, set()).add(id)
    return {form: frozenset(ids) for form, ids in found.items()}


def _item_shortened(text: str) -> list[str]:
    """A title without its brackets, with synonyms put in, without filler words."""
    words = vocabulary()
    forms = {normal(without_brackets(text)), normal(text)} - {""}
    for form in list(forms):
        for one, other in words.synonyms:
            if one in form and other not in form:
                forms.add(form.replace(one, other))
    for form in list(forms):
        bare = form
        for filler in words.lists["fillers"]:
            bare = bare.replace(filler, "")
        if len(bare) > 1:
            forms.add(bare)
    return sorted(forms)


def _region_exact(region: Region) -> list[str]:
    code = [region.code] if region.code else []
    longer = [code + "000000" for code in (*code, region.id) if len(code) == 6 and code.isdigit()]
    return [normal(word) for word in (region.id, region.name, *code, *longer)]


def _region_short(region: Region) -> list[str]:
    """乳源瑶族自治县: 乳源, 乳源县, 乳源自治县, 乳源瑶族县."""
    words = vocabulary()
    name = normal(region.name)
    ending = next((word for word in words.lists["region_endings"] if name.endswith(word)), "")
    stem = name.removesuffix(ending)
    if not ending or len(stem) < 2:
        return []
    bare = _without_peoples(stem)
    found = {stem} if len(stem) > 1 else set()
    if len(bare) > 1:
        found |= {bare, bare + ending, bare + ending[-1], stem + ending[-1]}
    return sorted(found - {name})


def _region_all(region: Region) -> list[str]:
    return [normal(region.name), *_region_short(region)]


def _without_peoples(stem: str) -> str:
    """土家族苗族 and the like cut off the end: as many as there are."""
    for people in PEOPLES:
        if stem.endswith(people + "族") and len(stem) > len(people) + 2:
            return _without_peoples(stem.removesuffix(people + "族"))
    return stem
