"""How far the figures of each table can be trusted: stated, derived, assumed, illustrative."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from models.citation import Basis, Citation, Text
from models.finding import Finding, State
from models.policy import Severity
from models.rules.tree import Comparison
from optimizer.study.checks.ground import Ground
from optimizer.study.checks.verdicts import asked, verdicts

TABLES = (
    *("stocks", "entrants", "revoked", "needs", "costs", "gaps", "funds", "capacity", "resources"),
    "attributes",
)
_WORDS = {
    Basis.STATED: ("文件明文", "stated"),
    Basis.DERIVED: ("推算", "derived"),
    Basis.ASSUMED: ("假设", "assumed"),
    Basis.ILLUSTRATIVE: ("演示", "illustrative"),
}


def findings(ground: Ground) -> Iterator[Finding]:
    """Regions, then every table that has figures."""
    yield _counted(ground, "regions", (region.citation for region in ground.case.regions))
    for table in TABLES:
        yield _counted(ground, table, ground.case.tables.sources.get(table, {}).values())


def _counted(ground: Ground, table: str, citations: Iterable[Citation]) -> Finding:
    number = Counter(citation.basis for citation in citations)
    total, made_up = sum(number.values()), number[Basis.ILLUSTRATIVE]
    zh = "、".join(f"{words[0]} {number[basis]:,}" for basis, words in _WORDS.items())
    en = ", ".join(f"{number[basis]:,} {words[1]}" for basis, words in _WORDS.items())
    if not total:
        check = asked(
            f"basis.{table}",
            Text(zh=f"{table}.csv", en=f"{table}.csv"),
            ("", ""),
            Comparison.EQUAL,
            ("", ""),
            "",
            files=f"{table}.csv",
            remedy=("", ""),
            hard=False,
        )
        return next(verdicts(check, ground.root, (), ("没有数据", "no figures")))
    if made_up:
        zh += f"。有 {made_up:,} 个演示数字：正式使用前请换成真实数据"
        en += f". {made_up:,} figures are illustrative: replace them before use"
    return Finding(
        rule=f"check.basis.{table}",
        severity=Severity.ADVISORY,
        state=State.VIOLATED if made_up else State.PASS,
        region=ground.root.id,
        year=None,
        left=Fraction(made_up),
        compare=Comparison.EQUAL,
        right=Fraction(0),
        margin=Fraction(-made_up),
        unit="figure",
        words=Text(zh=f"{table}.csv 共 {total:,} 个数：{zh}", en=f"{table}.csv, {total:,} figures: {en}"),
    )
