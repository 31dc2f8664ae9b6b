"""The words of the tables and files: one entry per word, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from models.citation import Basis, Citation, Language
from models.finding import State
from models.money import spelled, wan
from models.plan import Status
from models.policy import FundLevel, Severity
from models.region import Level
from models.register import Disposition
from models.rules.tree import Comparison

Pair = tuple[str, str]

#: Words by their key; keys of enumerations are the members themselves.
WORDS: Mapping[str, Pair] = {
    # columns and headings
    "amount": ("金额", "amount"),
    "audit": ("审核", "audit"),
    "binding rows": ("处数", "rows"),
    "citation": ("依据", "citation"),
    "count": ("条数", "findings"),
    "engine": ("求解器", "engine"),
    "evidence": ("证据位置", "evidence"),
    "expected": ("应得", "expected"),
    "fund": ("资金", "fund"),
    "got": ("所得", "got"),
    "id": ("编号", "id"),
    "kind": ("类别", "kind"),
    "measure": ("措施", "measure"),
    "met": ("达标", "met"),
    "other": ("其他", "other"),
    "problem": ("算题", "problem"),
    "reached": ("达到", "reached"),
    "region": ("地区", "region"),
    "remedy": ("整改建议", "remedy"),
    "result": ("结果", "result"),
    "scenario": ("情景", "scenario"),
    "sentence": ("内容", "what it says"),
    "severity": ("效力", "severity"),
    "state": ("结论", "state"),
    "target": ("目标", "target"),
    "title": ("名称", "title"),
    "total": ("合计", "total"),
    "waiver": ("豁免", "waiver"),
    "where": ("位置", "where"),
    "why": ("说明", "why"),
    "year": ("年份", "year"),
    "years": ("年份", "years"),
    # exits
    "persons": ("脱贫（人）", "persons"),
    "villages": ("出列（村）", "villages"),
    "counties": ("摘帽（县）", "counties"),
    # steps of a run
    "read": ("读取", "read"),
    "build": ("建模", "build"),
    "solve": ("求解", "solve"),
    "settle": ("取整", "settle"),
    "write": ("写出", "write"),
    "explain": ("查找冲突", "explain"),
}

#: Words for the members of enumerations.
MEMBERS: Mapping[type[StrEnum], Mapping[str, Pair]] = {
    State: {
        State.PASS: ("通过", "pass"),
        State.BINDING: ("刚好达到", "binding"),
        State.VIOLATED: ("违反", "violated"),
        State.NOT_APPLICABLE: ("不适用", "not applicable"),
        State.NOT_EVALUATED: ("未能核对", "not evaluated"),
    },
    Severity: {
        Severity.HARD: ("必须", "hard"),
        Severity.SOFT: ("尽量", "soft"),
        Severity.ADVISORY: ("参考", "advisory"),
    },
    Status: {
        Status.OPTIMAL: ("已证明最优", "proven within the gap"),
        Status.FEASIBLE: ("可行，未证明最优", "feasible, not proven"),
        Status.INFEASIBLE: ("无解", "infeasible"),
        Status.UNKNOWN: ("未得出结果", "nothing found"),
    },
    Basis: {
        Basis.STATED: ("明文", "stated"),
        Basis.DERIVED: ("推算", "derived"),
        Basis.ASSUMED: ("假设", "assumed"),
        Basis.ILLUSTRATIVE: ("示意", "illustrative"),
    },
    Level: {
        Level.PROVINCE: ("省", "province"),
        Level.CITY: ("市", "city"),
        Level.COUNTY: ("县", "county"),
        Level.TOWNSHIP: ("乡镇", "township"),
        Level.VILLAGE: ("村", "village"),
    },
    FundLevel: {
        FundLevel.CENTRAL: ("中央", "central"),
        FundLevel.PROVINCIAL: ("省级", "provincial"),
        FundLevel.CITY: ("市级", "city"),
        FundLevel.COUNTY: ("县级", "county"),
        FundLevel.SOCIAL: ("社会", "social"),
        FundLevel.ENTERPRISE: ("企业和金融机构", "enterprises and banks"),
        FundLevel.HOUSEHOLD: ("农户", "households"),
    },
    Disposition: {
        Disposition.ENCODED: ("已编入", "encoded"),
        Disposition.CHECKLIST: ("人工核对", "checklist"),
        Disposition.CONTEXT: ("背景", "context"),
        Disposition.REPEATED: ("重复", "repeated"),
    },
    Comparison: {
        Comparison.EQUAL: ("等于", "exactly"),
        Comparison.AT_LEAST: ("不少于", "at least"),
        Comparison.AT_MOST: ("不超过", "at most"),
    },
}


def said(language: Language, zh: str, en: str) -> str:
    """One of two texts."""
    return zh if language is Language.ZH else en


def word(key: str, language: Language) -> str:
    """The word for a key of WORDS or for a member of an enumeration; what has none stands for itself."""
    words = MEMBERS.get(type(key), {}) if isinstance(key, StrEnum) else WORDS
    return said(language, *words[key]) if key in words else str(key)


def money(fen: int, language: Language) -> str:
    """An amount for reading in a sentence: 亿元 or 万元, millions of yuan or yuan."""
    size = abs(fen)
    if language is Language.ZH:
        return f"{wan(fen // 10_000, 4)} 亿元（{wan(fen)} 万元）" if size >= 10**10 else f"{wan(fen)} 万元"
    if size >= 10**11:
        return f"{wan(fen // 100_000, 4)} billion yuan ({wan(fen // 100)} million yuan)"
    if size >= 10**8:
        return f"{wan(fen // 100)} million yuan"
    return f"{spelled(fen)} yuan"


def cited(citation: Citation | None, documents: Mapping[str, str], language: Language) -> str:
    """《document》section (basis, clause); `documents` gives titles by id."""
    if citation is None:
        return ""
    title = documents.get(citation.document, citation.document)
    text = said(language, f"《{title}》{citation.section}", f"{title}, {citation.section}")
    details = [word(citation.basis, language)] + ([citation.clause] if citation.clause else [])
    return text + said(language, f"（{'，'.join(details)}）", f" ({', '.join(details)})")
