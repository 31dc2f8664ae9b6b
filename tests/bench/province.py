"""A synthetic province of any size as a case folder: regions x 15 measures x 5 funds x 5 years, invented.

Counties of about 87 villages each. Houses, water, roads ... are needs of villages; seven measures lift
incomes; counties leave when few poor are left and houses are done. Amounts come from small formulas.
"""

from __future__ import annotations

from pathlib import Path

YEARS = (2016, 2020)
NEEDS = ("house", "water", "road", "clinic", "school", "power", "toilet", "net")
LIFTS = ("crop", "livestock", "solar", "shop", "job", "share", "craft")
#: Which of the five funds may pay for the i-th measure.
PAYERS = (
    "central, provincial, county",
    "central, provincial",
    "central, county",
    "provincial, county",
    "central, provincial",
)
SOURCE = "bench,1,illustrative"
CITATION = "{document: bench, section: '1', basis: illustrative}"


def write_province(folder: Path, villages: int, *, counties: int | None = None) -> None:
    """Write the case folder; `villages` leaves under `counties` (default: one per 87 villages)."""
    count = counties or max(1, villages // 87)
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"v{i:05d}" for i in range(villages)]
    for name, text in {**_policy(), **_tables(names, count)}.items():
        (folder / name).write_text(text, encoding="utf-8")


def _policy() -> dict[str, str]:
    measures = [
        f"""  - id: {need}_work
    title: {need}
    unit: {need}
    tags: [works]
    meets: {{{need}: 1}}
    payers: fund in ({PAYERS[i % 5]}{", pooled" if i == 1 else ""})
    citation: {CITATION}
"""
        for i, need in enumerate(NEEDS)
    ] + [
        f"""  - id: {lift}
    title: {lift}
    unit: share
    tags: [income]
    serves:
      able: {{lift: {600 + 150 * i}元, most: 1}}
{"      unable: {lift: 900元, most: 1}" if i > 3 else ""}
    payers: fund in ({PAYERS[i % 5]}{", social" if i == 2 else ""})
    citation: {CITATION}
"""
        for i, lift in enumerate(LIFTS)
    ]
    needs = [
        f"  - {{id: {need}, title: {need}, unit: {need}, kind: backlog, due: {{2020: 100%}}, "
        f"{'holds: {able: 2}, ' if need == 'house' else ''}citation: {CITATION}}}\n"
        for need in NEEDS
    ]
    return {
        "case.yaml": f"""case: province
title: synthetic province
years: [{YEARS[0]}, {YEARS[1]}]
documents:
  - {{id: bench, title: invented}}
attributes:
  - {{id: rural_population, title: rural population, unit: person}}
""",
        "groups.yaml": "groups:\n"
        + "".join(
            f"  - {{id: {group}, title: {group}, counts: persons, citation: {CITATION}}}\n"
            for group in ("able", "unable")
        ),
        "needs.yaml": "needs:\n" + "".join(needs),
        "measures.yaml": "measures:\n" + "".join(measures),
        "funds.yaml": "funds:\n"
        + _fund("central", "central", "given", "province", "carry_over: yes, spending_floor: 50%, ")
        + _fund("provincial", "provincial", "up_to", "province", "")
        + _fund("county", "county", "up_to", "county", "")
        + _fund("pooled", "county", "up_to", "county", "")
        + _fund("social", "social", "up_to", "province", ""),
        "exits.yaml": f"""standards:
  - id: county
    title: county leaves the list
    where: region.level == county
    citation: {CITATION}
    conditions:
      - id: poor
        kind: poor_share
        share: 2%
        of: rural_population
        groups: [able, unable]
        citation: {CITATION}
      - {{id: houses, kind: need, need: house, share: 100%, citation: {CITATION}}}
""",
        "targets.yaml": f"""targets:
  - id: exit
    title: persons out
    kind: exits
    groups: [able, unable]
    cumulative: yes
    shares: {{2016: 20%, 2017: 45%, 2018: 70%, 2019: 90%, 2020: 100%}}
    citation: {CITATION}
  - id: counties
    title: counties out
    kind: listed
    standard: county
    cumulative: yes
    shares: {{2018: 30%, 2019: 60%, 2020: 100%}}
    citation: {CITATION}
""",
        "rules.yaml": f"""rules:
  - id: B-40
    title: provincial at least 40 % of central
    years: [{YEARS[0]}, {YEARS[1]}]
    severity: hard
    for_each: [year]
    left: available(fund == provincial)
    is: ">="
    right: 2/5 * available(fund == central)
    citation: {CITATION}
  - id: B-20
    title: at least 20 % of pooled money on incomes or works of counties
    years: [{YEARS[0]}, {YEARS[1]}]
    severity: hard
    for_each: [year, region]
    where: region.level == county
    left: spent(measure.tag == income)
    is: ">="
    right: 20% * spent(measure.tag == works)
    citation: {CITATION}
""",
    }


def _fund(name: str, level: str, supply: str, pool: str, more: str) -> str:
    weight = 0 if level == "social" else 1
    return (
        f"  - {{id: {name}, title: {name}, level: {level}, supply: {supply}, pooled_at: {pool}, "
        f"cost_weight: {weight}, {more}citation: {CITATION}}}\n"
    )


def _tables(villages: list[str], counties: int) -> dict[str, str]:
    years = range(YEARS[0], YEARS[1] + 1)
    county = [f"c{i:03d}" for i in range(counties)]
    of = [county[i * counties // len(villages)] for i in range(len(villages))]
    poor = [(40 + (7 * i) % 31, 20 + (5 * i) % 17) for i in range(len(villages))]
    rural = dict.fromkeys(county, 0)
    for name in of:
        rural[name] += 900
    stocks = [
        f"{v},{g},{n},,{SOURCE}"
        for v, pair in zip(villages, poor, strict=True)
        for g, n in zip(("able", "unable"), pair, strict=True)
    ]
    needs = [
        f"{v},{need},,{1 + (i * (k + 3)) % (7 + k)},{SOURCE}"
        for i, v in enumerate(villages)
        for k, need in enumerate(NEEDS)
    ]
    costs = [
        f"{name},{v},,{(8000 if k < len(NEEDS) else 2500) + 100 * ((i * 13 + k * 29) % 41)},{SOURCE}"
        for i, v in enumerate(villages)
        for k, name in enumerate([*(f"{need}_work" for need in NEEDS), *LIFTS])
    ]
    size = len(villages)
    funds = [f"central,p,{t},{3 * size},,{SOURCE}" for t in years]
    funds += [f"provincial,p,{t},{60 * size},,{SOURCE}" for t in years]
    funds += [f"social,p,{t},{size},,{SOURCE}" for t in years]
    for fund, each in (("county", 12), ("pooled", 2)):
        funds += [f"{fund},{c},{t},{each * rural[c] // 900},,{SOURCE}" for c in county for t in years]
    gaps = [f"{group},,,{gap},{SOURCE}" for group, gap in (("able", 1900), ("unable", 1500))]
    cite = "document,section,basis"
    return {
        "regions.csv": _csv(
            f"region,name,level,parent,tags,code,rural_population,{cite}",
            [f"p,p,province,,,,{900 * size},{SOURCE}"]
            + [f"{c},{c},county,p,,,{rural[c]},{SOURCE}" for c in county]
            + [f"{v},{v},village,{c},,,900,{SOURCE}" for v, c in zip(villages, of, strict=True)],
        ),
        "stocks.csv": _csv(f"region,group,members,households,{cite}", stocks),
        "needs.csv": _csv(f"region,need,year,amount,{cite}", needs),
        "costs.csv": _csv(f"measure,region,year,cost(元),{cite}", costs),
        "gaps.csv": _csv(f"group,region,year,gap(元),{cite}", gaps),
        "funds.csv": _csv(f"fund,region,year,amount(万元),at_least(万元),{cite}", funds),
    }


def _csv(header: str, rows: list[str]) -> str:
    return "\n".join([header, *rows]) + "\n"
