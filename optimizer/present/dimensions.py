"""CSV of what the ids of a plan's tables mean, and of its accounts and needs: what its tables join to."""

from __future__ import annotations

from collections.abc import Mapping

from models.allocation import Allocation
from models.case import Case
from models.citation import Language
from models.money import yuan
from optimizer.present.accounts import accounts
from optimizer.present.csv_texts import csv_text
from optimizer.present.needs import met_needs
from optimizer.present.objects import exact


def regions_csv(case: Case) -> str:
    """Every region with its parent and its GB/T 2260 code."""
    return csv_text(
        ["region", "name", "level", "parent", "code"],
        ([r.id, r.name, r.level.value, r.parent, r.code] for r in case.regions),
    )


def measures_csv(case: Case, language: Language) -> str:
    """Every measure with its unit and its subject codes: one code, or year=code where they differ."""
    return csv_text(
        ["measure", "title", "unit", "subject_codes"],
        (
            [m.id, m.title.said(language), m.unit, _codes(m.subject_codes, case)]
            for m in case.measures.values()
        ),
    )


def _codes(by_year: Mapping[int, str], case: Case) -> str:
    known = {year: by_year[year] for year in case.years if year in by_year}
    if len(set(known.values())) <= 1:
        return "".join(set(known.values()))
    return " ".join(f"{year}={code}" for year, code in known.items())


def funds_csv(case: Case, language: Language) -> str:
    """Every fund: who gives it, where it is pooled, and whether it counts as public cost."""
    return csv_text(
        ["fund", "title", "level", "pooled_at", "public_cost"],
        (
            [f.id, f.title.said(language), f.level.value, f.pooled_at.value, str(f.cost_weight > 0).lower()]
            for f in case.funds.values()
        ),
    )


def accounts_csv(case: Case, allocation: Allocation) -> str:
    """What every fund has at every pool in every year, 元."""
    header = ["fund", "pool", "year", "carried_in(元)", "brought(元)", "recovered(元)", "spent(元)",
              "carried_out(元)", "lapsed(元)"]  # fmt: skip
    return csv_text(
        header,
        (
            [a.fund, a.pool, a.year, *map(yuan, (a.carried_in, a.brought, a.recovered, a.spent,
                                                 a.carried_out, a.lapsed))]
            for a in accounts(case, allocation)
        ),
    )  # fmt: skip


def needs_csv(case: Case, allocation: Allocation, language: Language) -> str:
    """Every need and what is met of it: to date for a backlog, in the year for an entitlement."""
    return csv_text(
        ["need", "title", "unit", "kind", "year", "needed", "met"],
        (
            [n.need, case.needs[n.need].title.said(language), case.needs[n.need].unit,
             case.needs[n.need].kind.value, n.year, n.needed, exact(n.met)]
            for n in met_needs(case, allocation)
        ),
    )  # fmt: skip
