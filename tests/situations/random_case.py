"""Random small cases as folders: every feature of the format turns up, each with some chance.

A case is one province with up to three counties (sometimes with villages) and two or three years. Figures
are small, so that most cases have a plan and a person could follow one on paper.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from pathlib import Path

CITATION = "{document: made_up, section: '1', basis: illustrative}"
SOURCE = "made_up,1,illustrative"
HEAD = "document,section,basis"


@dataclass
class Draft:
    """The texts of a case folder while they are being written."""

    rng: random.Random
    movement: random.Random
    """Draws who comes and goes, apart from `rng`: a seed's other figures stay what they are without it."""
    years: list[int]
    counties: list[str]
    leaves: list[str]
    solar: bool = False
    late: bool = False
    lists: dict[str, list[str]] = field(default_factory=dict)
    tables: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, item: str) -> None:
        self.lists.setdefault(kind, []).append(f"  - {{{item}, citation: {CITATION}}}")

    def row(self, table: str, *cells: object) -> None:
        text = ",".join("" if cell is None else str(cell) for cell in cells)
        self.tables.setdefault(table, []).append(f"{text},{SOURCE}")

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability


def write_random_case(folder: Path, seed: int, *, forms: bool = False) -> None:
    """Write the case of this seed into the folder; `forms`: with rules that name the whole, or are lifted."""
    rng = random.Random(seed)
    years = list(range(2016, 2016 + rng.choice([2, 2, 3])))
    counties = [f"c{i}" for i in range(rng.choice([1, 2, 3]))]
    villages = {c: [f"{c}v{j}" for j in range(2)] if rng.random() < 0.25 else [] for c in counties}
    leaves = [leaf for c in counties for leaf in (villages[c] or [c])]
    draft = Draft(rng, random.Random(f"{seed} comes and goes"), years, counties, leaves)
    draft.row("regions", "p", "province", "province", None, None, None, 5000)
    for county in counties:
        tag = "poor" if draft.chance(0.7) or county == "c0" else None
        draft.row("regions", county, county, "county", "p", tag, None, 1000)
        for village in villages[county]:
            draft.row("regions", village, village, "village", county, None, None, 400)
    _people(draft)
    _measures(draft)
    _funds(draft)
    _goals(draft)
    _rules(draft)
    _rules_of_movement(draft)
    _further(replace(draft, rng=random.Random(seed + 100_000)))
    if forms:
        _forms(replace(draft, rng=random.Random(f"forms {seed}")))
    _write(folder, draft)


def _further(draft: Draft) -> None:
    """Bills with layers, projects, principal that comes back: drawn apart, so that older seeds stay what they
    are. What they need is paid by funds of their own without limit."""
    rng = draft.rng
    for fund, level in (("aid", "provincial"), ("care", "social")):
        item = f"id: {fund}, title: {fund}, level: {level}, supply: open, pooled_at: county"
        draft.add("funds", f"{item}, cost_weight: {rng.choice(['1', '1/2'])}, pays: measure.tag == further")
    draft.add("needs", "id: stay, title: stay, unit: stay, kind: entitlement")
    terms = [("basic", None), ("relief", "aid"), ("top", rng.choice(["aid", "care"]))]
    layers = []
    for name, payer in terms:
        layer = f"id: {name}, title: {name}, rate: {rng.choice(['1/3', '70%', '1'])}"
        layer += f", deductible: {rng.choice([0, 99, 1000])}元" if draft.chance(0.7) else ""
        layer += f", cap: {rng.choice(['50', '1234.56'])}元" if draft.chance(0.4) else ""
        layers.append(f"{{{layer}{f', payer: fund == {payer}' if payer else ''}}}")
    draft.add(
        "measures",
        "id: stay, title: stay, unit: stay, tags: [further], lifetime: 1, meets: {stay: 1},"
        f" payers: fund == aid or fund == care, layers: [{', '.join(layers)}]",
    )
    for year in draft.years:
        draft.row("costs", "stay", None, year, rng.choice(["5000", "3333.33", "60"]))
    for leaf in draft.leaves:
        draft.row("needs", leaf, "stay", None, rng.randint(0, 7))
    if draft.chance(0.5):
        _projects(draft)


def _projects(draft: Draft) -> None:
    rng, first, last = draft.rng, draft.years[0], draft.years[-1]
    draft.add("needs", "id: field, title: field, unit: field, kind: backlog")
    for name in ("one", "two"):
        draft.lists.setdefault("projects", []).append(
            f"  - {{id: {name}, title: {name}, citation: {CITATION}}}"
        )
        for part in ("land", "hall"):
            back = f", recovers: {{after: {rng.choice([1, 2])}, share: 2/3, into: province}}"
            draft.add(
                "measures",
                f"id: {part}_{name}, title: {part}, unit: field, tags: [further, {part}],"
                f" project: {name}, meets: {{field: 1}}, payers: fund == aid or fund == care"
                f"{back if draft.chance(0.5) else ''}",
            )
            draft.row("costs", f"{part}_{name}", None, None, rng.choice(["1000", "777.77"]))
    for leaf in draft.leaves:
        draft.row("needs", leaf, "field", None, rng.randint(2, 6))
    draft.add(
        "targets",
        f"id: fields, title: fields, kind: met, need: field, cumulative: yes, shares: {{{last}: 1/2}}",
    )
    span = f"years: [{first}, {last + rng.choice([0, 2])}], severity: hard"
    each = rng.choice(["project", "year, project", "project, region"])
    draft.add(
        "rules",
        f"id: P0, title: halls, {span}, for_each: [{each}],"
        " left: spent(fund == aid and measure.tag == hall), is: '<=', right: 20% * spent(fund == aid)",
    )
    if any("recovers" in item for item in draft.lists["measures"]):
        each = rng.choice(["", "year", "project", "fund"])
        draft.add(
            "rules",
            f"id: P1, title: back, {span}, for_each: [{each}], left: recovered(), is: '<=',"
            " right: 2/3 * recovered(fund == province) + 3000元",
        )


def _people(draft: Draft) -> None:
    rng = draft.rng
    relapse = f", relapse: {rng.choice(['5%', '1/7'])}" if draft.chance(0.25) else ""
    checked = {name: _checked(draft.movement) for name in ("able", "weak")}
    draft.add("groups", f"id: able, title: able, counts: persons{relapse}{checked['able']}")
    draft.add("groups", f"id: weak, title: weak, counts: persons{checked['weak']}")
    members = []
    for leaf in draft.leaves:
        draft.row("stocks", leaf, "able", rng.randint(5, 60), None)
        members.append((leaf, "able"))
        if draft.chance(0.8):
            draft.row("stocks", leaf, "weak", rng.randint(1, 30), None)
            members.append((leaf, "weak"))
    _movement(draft, members)
    draft.row("gaps", "able", None, None, rng.choice([800, 1000, 1500]))
    if draft.chance(0.7):
        for year in draft.years:
            draft.row("gaps", "weak", None, year, rng.choice([500, 700]))
    holds = ", holds: {able: 2}" if draft.chance(0.6) else ""
    draft.add("needs", f"id: house, title: house, unit: house, kind: backlog{holds}{_brought(draft)}")
    due = f", due: {{{draft.years[-1]}: {rng.choice(['50%', '100%'])}}}" if draft.chance(0.5) else ""
    draft.add("needs", f"id: grant, title: grant, unit: grant, kind: entitlement{due}{_brought(draft)}")
    for leaf in draft.leaves:
        draft.row("needs", leaf, "house", None, rng.randint(1, 9))
        draft.row("needs", leaf, "grant", None, rng.randint(1, 12))


def _checked(rng: random.Random) -> str:
    """What is said of a group's exits: some are undone a year later; nobody leaves in the year of entry."""
    share = f", revoked: {rng.choice(['5%', '1/7'])}" if rng.random() < 0.25 else ""
    return share + (", waits: yes" if rng.random() < 0.2 else "")


def _movement(draft: Draft, members: list[tuple[str, str]]) -> None:
    """Who enters in which year, and exits that are undone by number."""
    rng = draft.movement
    if rng.random() < 0.5:
        for leaf, group in members:
            for year in draft.years:
                for kind in rng.sample(["new", "relapsed", "revoked"], k=rng.choice([0, 0, 1, 2])):
                    draft.row("entrants", leaf, group, year, kind, rng.randint(0, 4))
    if rng.random() < 0.3:
        for leaf, group in rng.sample(members, k=1):
            draft.row("revoked", leaf, group, draft.years[-1], rng.randint(0, 3))


def _brought(draft: Draft) -> str:
    return ", brought_by: {able: 1/2}" if draft.movement.random() < 0.3 else ""


def _rules_of_movement(draft: Draft) -> None:
    """Now and then a reserve for those who come back, and a rule about those who come."""
    rng, span = draft.movement, f"years: [{draft.years[0]}, {draft.years[-1]}]"
    options = [
        "for_each: [year], left: available(fund == province), is: '>=',"
        " right: 300元/人 * (relapsed() + revoked(group == able))",
        "for_each: [], left: spent(measure.tag == income), is: '>=', right: 100元/人 * entered()",
        "for_each: [year, region], where: region.level == county, left: exits(), is: '>=',"
        " right: 1/2 * previous(revoked(group == weak) + entered())",
    ]
    if rng.random() < 0.5:
        chosen, severity = rng.choice(options), rng.choice(["severity: hard", "severity: soft, price: 3元"])
        draft.add("rules", f"id: M0, title: who comes and goes, {span}, {severity}, {chosen}")


def _measures(draft: Draft) -> None:
    rng = draft.rng
    first, last = draft.years[0], draft.years[-1]
    house = (
        "id: rebuild, title: rebuild, unit: house, meets: {house: 1}, tags: [works],"
        " payers: fund.level != social"
    )
    if draft.chance(0.4):
        house += ", profile: [60%, 40%]"
    if draft.chance(0.3):
        house += ", indivisible: yes"
    if draft.chance(0.3):
        house += ", shares: [{payer: fund == county, share: 3/10}, {payer: fund == central, share: 7/10}]"
    elif draft.chance(0.25):
        house += ", match: {by: fund == county, of: fund == central, ratio: 1}"
    elif draft.chance(0.3):
        house += ", one_payer: yes"
    draft.add("measures", house)
    draft.row("costs", "rebuild", None, None, "20000.01")
    draft.add(
        "measures",
        "id: repair, title: repair, unit: house, meets: {house: 1}, tags: [works], payers: fund == county",
    )
    draft.row("costs", "repair", None, None, rng.choice(["3333.33", "9000"]))
    for leaf in draft.leaves:
        draft.row("capacity", "repair", leaf, "total", rng.randint(0, 4))
    draft.add(
        "measures", "id: pay, title: pay, unit: grant, meets: {grant: 1}, lifetime: 1, payers: fund != gift"
    )
    draft.row("costs", "pay", None, None, 500)
    crop = "id: crop, title: crop, unit: share, tags: [income], payers: fund == central or fund == county"
    crop += f", serves: {{able: {{lift: {rng.choice([400, 700])}元, most: 3}}}}"
    if draft.chance(0.3):
        crop += ", lag: 1"
        draft.late = True
    if draft.chance(0.3):
        crop += ", uses: {land: 1/2}"
        draft.lists.setdefault("resources", []).append(
            f"  - {{id: land, title: land, unit: mu, citation: {CITATION}}}"
        )
        for year in draft.years:
            draft.row("resources", "land", "p", year, rng.randint(40, 120))
    draft.add("measures", crop)
    draft.row("costs", "crop", None, None, rng.choice([1500, "777.77"]))
    draft.add(
        "measures",
        "id: job, title: job, unit: job, tags: [income], upkeep: 300元, lifetime: 2, payers: fund != county,"
        f" serves: {{able: {{lift: 900元, most: {rng.choice(['1', '1/2'])}}},"
        " weak: {lift: 600元, most: 2}}",
    )
    draft.row("costs", "job", None, None, 1200)
    if draft.chance(0.4):
        draft.solar = True
        solar = (
            "id: solar, title: solar, unit: kW, lot: 5, smallest: 10, payers: fund =="
            " central, adds: {collective: 200}"
        )
        solar += ", after: [{measure: grid, ratio: 5}]" if draft.chance(0.5) else ""
        draft.add("measures", f"{solar}, serves: {{able: {{lift: 100元, most: 4}}}}")
        draft.row("costs", "solar", None, None, 300)
        draft.row("capacity", "solar", "p", "total", 60)
        draft.add(
            "measures",
            f"id: grid, title: grid, unit: line, payers: fund == central, years: [{first}, {last}]",
        )
        draft.row("costs", "grid", None, None, 1000)
    if draft.chance(0.4):
        draft.lists.setdefault("exclusions", []).append(
            f"  - {{id: once, title: once, measures: [crop, job], group: able, citation: {CITATION}}}"
        )


def _funds(draft: Draft) -> None:
    rng = draft.rng
    central = (
        "id: central, title: central, level: central, supply: given, pooled_at: province, cost_weight: 1"
    )
    central += ", carry_over: yes" if draft.chance(0.6) else ""
    central += ", spending_floor: 1/7" if draft.chance(0.4) else ""
    draft.add("funds", central)
    for year in [draft.years[0] - 1, *draft.years]:
        draft.row("funds", "central", "p", year, rng.randint(8, 25), None)
    draft.add(
        "funds",
        (
            "id: province, title: province, level: provincial, supply: up_to, pooled_at:"
            " province, cost_weight: 1"
        ),
    )
    for year in [draft.years[0] - 1, *draft.years]:
        draft.row("funds", "province", "p", year, rng.randint(10, 40), rng.choice([None, 1]))
    county = rng.choice(["open", "up_to"])
    draft.add(
        "funds",
        f"id: county, title: county, level: county, supply: {county}, pooled_at: county, cost_weight: 1",
    )
    if county == "up_to":
        for name in draft.counties:
            for year in draft.years:
                draft.row("funds", "county", name, year, rng.randint(10, 40), None)
    draft.add(
        "funds",
        "id: gift, title: gift, level: social, supply: up_to, pooled_at: province, cost_weight: 1/3,"
        " where: region.level != village, pays: measure.tag == income",
    )
    for year in draft.years:
        draft.row("funds", "gift", "p", year, rng.randint(0, 3), None)


def _goals(draft: Draft) -> None:
    rng, years = draft.rng, draft.years
    shares = ", ".join(
        f"{year}: {percent}%" for year, percent in zip(years, (0 if draft.late else 30, 60, 90), strict=False)
    )
    left_out = ", entrants: no" if draft.movement.random() < 0.3 else ""
    draft.add(
        "targets",
        "id: exit, title: exit, kind: exits, groups: [able, weak], cumulative: yes,"
        f" shares: {{{shares}}}{left_out}",
    )
    soft = ", severity: soft, price: 1000元" if draft.chance(0.5) else ""
    draft.add(
        "targets",
        f"id: houses, title: houses, kind: met, need: house, cumulative: {rng.choice(['yes', 'no'])}{soft},"
        f" each: county, amounts: {{{years[-1]}: 1}}",
    )
    if draft.chance(0.6):
        poor = (
            f"{{id: few, kind: poor_share, share: 2%, of: rural, groups: [able, weak], citation: {CITATION}}}"
        )
        done = f"{{id: houses, kind: need, need: house, share: 100%, citation: {CITATION}}}"
        gone = f"{{id: half, kind: group_out, groups: [able], share: 1/2, citation: {CITATION}}}"
        rich = f"{{id: rich, kind: attribute, of: collective, amount: 600, citation: {CITATION}}}"
        known = [poor, done, gone, *([rich] if draft.solar else [])]
        chosen = rng.sample(known, k=rng.randint(1, 3))
        draft.add(
            "standards",
            f"id: leave, title: leave, where: region.level == county, conditions: [{', '.join(chosen)}]",
        )
        hard = ", severity: soft, price: 50000元" if draft.chance(0.6) else ""
        draft.add(
            "targets",
            (
                f"id: gone, title: gone, kind: listed, standard: leave, cumulative: yes{hard},"
                f" amounts: {{{years[-1]}: 1}}"
            ),
        )


def _rules(draft: Draft) -> None:
    span = f"years: [{draft.years[0]}, {draft.years[-1]}]"
    by_year, county = "for_each: [year]", "where: region.level == county"
    own, up = "available(fund == province)", "available(fund == central)"
    growth = "given(fund == central) / previous(given(fund == central))"
    options = [
        f"{by_year}, left: {own}, is: '>=', right: 2/5 * {up}",
        f"for_each: [year, region], {county}, left: spent(measure.tag == income), is: '>=',"
        " right: 1/10 * spent(measure.tag == works)",
        f"{by_year}, left: {own}, is: '>=', right: {growth} * 1/3 * previous({own})",
        f"{by_year}, left: spent(fund == province), is: '<=', right: 5000元/人 * (stock() - previous(out()))",
        "for_each: [region], where: region.tag == poor, left: units(measure == rebuild), is: '<=', right: 8",
        "for_each: [year, fund], where: fund == central or fund == province,"
        " left: spent(measure == pay), is: '<=', right: 20000元",
        f"{by_year}, left: in_effect(measure == job), is: '<=',"
        f" right: 1.5 * previous(in_effect(measure == job)) + 60",
        f"{by_year}, left: carried(fund == central), is: '<=', right: 30% * {up}",
    ]
    for i, option in enumerate(draft.rng.sample(options, k=draft.rng.randint(1, 4))):
        severity = draft.rng.choice(["severity: hard", "severity: hard", "severity: soft, price: 2元"])
        if "1/3" in option or "units" in option:
            severity = "severity: hard"
        draft.add("rules", f"id: R{i}, title: rule {i}, {span}, {severity}, {option}")


def _forms(draft: Draft) -> None:
    """Rules that name the whole, figures by year, or what lifts them; a random stream of their own."""
    rng, years = draft.rng, draft.years
    span = f"years: [{years[0]}, {years[-1]}]"
    county = "for_each: [year, region], where: region.level == county"
    for place in ["p", *draft.counties]:
        for year in [years[0] - 1, *years]:
            if draft.chance(0.9):
                draft.row("attributes", "score", place, year, rng.randint(60, 100))
    for leaf in draft.leaves:
        for year in years:
            if draft.chance(0.7):
                draft.row("capacity", "repair", leaf, year, rng.randint(0, 3))
    whole = "stock() / everywhere(stock()) * everywhere(spent(fund == central))"
    marks = "(previous(region.score) - everywhere(previous(region.score)))"
    done = "met(need == house) >= need(need == house)"
    full = "units(measure == repair) >= capacity(measure == repair)"
    later = "left: spent(fund == central and measure.tag == income), is: '<=', right: '0'"
    options = [
        f"{county}, left: spent(fund == central), is: '>=', right: 1/3 * {whole}",
        "for_each: [region], where: region.level == county, left: spent(), is: '<=',"
        " right: 60% * everywhere(spent()) + 50000元",
        f"{county}, left: spent(fund == county), is: '<=', right: 150000元 * (1 + 1/100 * {marks})",
        f"{county}, left: units(measure == pay), is: '>=',"
        " right: 1/4 * region.score / everywhere(region.score) * everywhere(units(measure == pay))",
        f"for_each: [year], {later}, unless: '{done}'",
        f"{county}, {later}, unless: 'met(need == house) >= 1/2 * need(need == house) or {full}'",
        f"{county}, left: units(measure == rebuild), is: '<=', right: '1', unless: '{full}'",
        "for_each: [year], left: spent(fund == province), is: '>=', right: 3000元,"
        " unless: 'out() >= 1/2 * stock() or exits(group == weak) = 0'",
        "for_each: [], left: spent(fund == gift), is: '>=', right: 1000元/house * units(measure == rebuild),"
        " unless: 'units(measure == repair) >= 1'",
    ]
    for i, option in enumerate(rng.sample(options, k=rng.randint(1, 3))):
        severity = rng.choice(["severity: hard", "severity: soft, price: 2元"])
        if "left: units" in option:
            severity = "severity: hard"
        draft.add("rules", f"id: F{i}, title: form {i}, {span}, {severity}, {option}")


def _write(folder: Path, draft: Draft) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "case.yaml": f"""case: random
title: random
years: [{draft.years[0]}, {draft.years[-1]}]
documents: [{{id: made_up, title: made up}}]
attributes:
  - {{id: rural, title: rural population, unit: person}}
  - {{id: collective, title: collective income, unit: collective_yuan}}
  - {{id: score, title: score, unit: "1", by_year: yes}}
"""
    }
    places = {
        "groups": "groups", "needs": "needs", "measures": "measures", "exclusions": "measures",
        "projects": "measures",
        "funds": "funds", "resources": "funds", "standards": "exits", "targets": "targets", "rules": "rules",
    }  # fmt: skip
    for kind, file in places.items():
        if kind in draft.lists:
            files[f"{file}.yaml"] = (
                files.get(f"{file}.yaml", "") + f"{kind}:\n" + "\n".join(draft.lists[kind]) + "\n"
            )
    headers = {
        "regions": "region,name,level,parent,tags,code,rural,collective",
        "stocks": "region,group,members,households",
        "entrants": "region,group,year,kind,members",
        "revoked": "region,group,year,members",
        "needs": "region,need,year,amount",
        "costs": "measure,region,year,cost(元)",
        "gaps": "group,region,year,gap(元)",
        "funds": "fund,region,year,amount(万元),at_least(万元)",
        "capacity": "measure,region,year,most",
        "resources": "resource,region,year,amount",
        "attributes": "attribute,region,year,amount",
    }
    for table, header in headers.items():
        if table in draft.tables:
            rows = draft.tables[table]
            if table == "regions":
                rows = [row.replace(f",{SOURCE}", f",100,{SOURCE}") for row in rows]
            files[f"{table}.csv"] = "\n".join([f"{header},{HEAD}", *rows]) + "\n"
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
