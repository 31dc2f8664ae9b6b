"""What units are called: those of findings and of rules, and those that cases count in (户, 公里, 所).

A case writes its units in Chinese, and an English sentence must not. A unit that has no word here stands as
the case writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from models.citation import Language

#: In Chinese, one in English, many in English.
UNIT_WORDS: Mapping[str, tuple[str, str, str]] = {
    # dimensions of rules, and what findings count
    "person": ("人", "person", "persons"),
    "household": ("户", "household", "households"),
    "village": ("村", "village", "villages"),
    "county": ("县", "county", "counties"),
    "region": ("个地区", "region", "regions"),
    "fund": ("项资金", "fund", "funds"),
    "mu": ("亩", "mu", "mu"),
    "kw": ("千瓦", "kW", "kW"),
    "file": ("个文件", "file", "files"),
    # units of cases
    "人": ("人", "person", "persons"),
    "名": ("名", "person", "persons"),
    "生": ("名学生", "student", "students"),
    "户": ("户", "household", "households"),
    "村": ("个村", "village", "villages"),
    "镇": ("个镇", "township", "townships"),
    "县": ("个县", "county", "counties"),
    "公里": ("公里", "km", "km"),
    "亩": ("亩", "mu", "mu"),
    "千瓦": ("千瓦", "kW", "kW"),
    "元": ("元", "yuan", "yuan"),
    "万元": ("万元", "x 10,000 yuan", "x 10,000 yuan"),
    "次": ("次", "time", "times"),
    "人次": ("人次", "person-time", "person-times"),
    "县次": ("县次", "county-time", "county-times"),
    "场": ("场", "event", "events"),
    "场次": ("场次", "session", "sessions"),
    "期": ("期", "course", "courses"),
    "年": ("年", "year", "years"),
    "间": ("间", "room", "rooms"),
    "所": ("所", "facility", "facilities"),
    "处": ("处", "site", "sites"),
    "座": ("座", "structure", "structures"),
    "眼": ("眼", "well", "wells"),
    "张": ("张", "bed", "beds"),
    "套": ("套", "set", "sets"),
    "台套": ("台套", "set of equipment", "sets of equipment"),
    "岗": ("个岗位", "post", "posts"),
    "家": ("家", "organisation", "organisations"),
    "条": ("条", "line", "lines"),
    "对": ("对", "pair", "pairs"),
    "份": ("份", "copy", "copies"),
    "例": ("例", "case", "cases"),
    "项": ("项", "item", "items"),
    "个": ("个", "unit", "units"),
}


def unit_word(unit: str, language: Language, count: Fraction | int = 2) -> str:
    """The word for a unit; one of it in English is singular.

    Products and rates of units are said part by part; in Chinese a rate (元/人) stands as it is written.
    """
    if "/" in unit:
        over, _, below = unit.partition("/")
        if language is Language.ZH:
            return unit
        return f"{unit_word(over, language, count)}/{unit_word(below, language, 1)}"
    if "*" in unit:
        return " × ".join(unit_word(part, language, count) for part in unit.split("*"))
    zh, one, many = UNIT_WORDS.get(unit, (unit, unit, unit))
    if language is Language.ZH:
        return zh
    return one if count == 1 else many
