"""Tables of the Anhui case: totals split over cities and counties so that they add up exactly.

The document prints one total that is shared out (80亿元 of small loans, by share of registered households)
and no table by county. This script invents the smallest thing that agrees with it and with a few published
totals. It is integer and Fraction arithmetic only, has no randomness and no clock, and writes `regions.csv`,
`stocks.csv`, `entrants.csv`, `needs.csv`, `funds.csv`, `capacity.csv` and `resources.csv` next to itself, or into the folder
given as its one argument. `check` refuses tables whose parts do not make their totals. costs.csv and gaps.csv
are kept by hand. README.md says what is assumed.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

YEARS = (2017, 2018)
ROOT = "340000"

# --- totals (README: where the figures come from) ------------------------------------------------

REGISTERED = 4_840_000  # persons registered as poor since 2014, published
POOR = 2_145_000  # still poor at the end of 2016: middle of 308.8万 (2015) and 120.2万 (2017), A1
EXITED = REGISTERED - POOR  # already out at the end of 2016
TASK = POOR - 1_202_000  # what 2017 has to bring down: 943,000
HOUSEHOLDS = 1_883_000  # registered households, A1
VILLAGES = 3_000  # poor villages, published
OUT_VILLAGES = 1_077  # of them out at the end of 2016, A2
OUT_POOR = 97_000  # persons still poor in villages already out, A2: 3 % of those who live there
OUT_POPULATION = 3_231_000  # 3,000 persons in each village already out, A2
NEW_POOR = 12_000  # persons who become poor in 2017, A16
EXITED_2016 = 3_088_000 - POOR  # exits of 2016, which 2017 checks, A1
REVOKED = EXITED_2016 * 5 // 1_000  # of them undone, A17
RELAPSED = (EXITED * 3 // 1_000, (EXITED - EXITED * 3 // 1_000 - REVOKED) * 3 // 1_000)  # 2017, 2018, A3
QUOTA = 800_000  # 80亿元 in 万元, A117
UNABLE = Fraction(45, 100)  # share of the poor who cannot work, A3

NATIONAL, PROVINCIAL, REST = "national_poor", "provincial_poor", "non_key"

CITIES = (
    ("340100", "合肥市"),
    ("340200", "芜湖市"),
    ("340300", "蚌埠市"),
    ("340400", "淮南市"),
    ("340500", "马鞍山市"),
    ("340600", "淮北市"),
    ("340700", "铜陵市"),
    ("340800", "安庆市"),
    ("341000", "黄山市"),
    ("341100", "滁州市"),
    ("341200", "阜阳市"),
    ("341300", "宿州市"),
    ("341500", "六安市"),
    ("341600", "亳州市"),
    ("341700", "池州市"),
    ("341800", "宣城市"),
)

#: code, name, city, list, year in which it left
COUNTIES = (
    ("340824", "潜山县", "340800", NATIONAL, 2018),
    ("340825", "太湖县", "340800", NATIONAL, 2019),
    ("340826", "宿松县", "340800", NATIONAL, 2018),
    ("340827", "望江县", "340800", NATIONAL, 2019),
    ("340828", "岳西县", "340800", NATIONAL, 2017),
    ("341203", "颍东区", "341200", NATIONAL, 2019),
    ("341221", "临泉县", "341200", NATIONAL, 2019),
    ("341225", "阜南县", "341200", NATIONAL, 2019),
    ("341226", "颍上县", "341200", NATIONAL, 2018),
    ("341321", "砀山县", "341300", NATIONAL, 2018),
    ("341322", "萧县", "341300", NATIONAL, 2019),
    ("341323", "灵璧县", "341300", NATIONAL, 2018),
    ("341324", "泗县", "341300", NATIONAL, 2018),
    ("341503", "裕安区", "341500", NATIONAL, 2018),
    ("341521", "寿县", "340400", NATIONAL, 2018),
    ("341522", "霍邱县", "341500", NATIONAL, 2019),
    ("341523", "舒城县", "341500", NATIONAL, 2018),
    ("341524", "金寨县", "341500", NATIONAL, 2019),
    ("341623", "利辛县", "341600", NATIONAL, 2018),
    ("341722", "石台县", "341700", NATIONAL, 2019),
    ("340321", "怀远县", "340300", PROVINCIAL, 2017),
    ("341622", "蒙城县", "341600", PROVINCIAL, 2017),
    ("341602", "谯城区", "341600", PROVINCIAL, 2017),
    ("341621", "涡阳县", "341600", PROVINCIAL, 2018),
    ("341302", "埇桥区", "341300", PROVINCIAL, 2018),
    ("341204", "颍泉区", "341200", PROVINCIAL, 2018),
    ("341202", "颍州区", "341200", PROVINCIAL, 2018),
    ("341222", "太和县", "341200", PROVINCIAL, 2018),
    ("341282", "界首市", "341200", PROVINCIAL, 2018),
    ("341125", "定远县", "341100", PROVINCIAL, 2018),
    ("341502", "金安区", "341500", PROVINCIAL, 2018),
)

#: In 阜阳, 宿州 and 亳州 every county is on one of the two lists: nothing is left over.
COMPLETE = ("341200", "341300", "341600")

#: Twelve counties of the Dabie Mountains area, pilots of the national school meal scheme, A10
MEAL = (
    "340824",
    "340825",
    "340826",
    "340827",
    "340828",
    "341221",
    "341225",
    "341226",
    "341521",
    "341522",
    "341524",
    "341623",
)

#: Where rural tourism may stand, A5
SCENIC = (
    "340824",
    "340825",
    "340826",
    "340828",
    "341503",
    "341523",
    "341524",
    "341722",
    "340800-rest",
    "341000-rest",
    "341500-rest",
    "341700-rest",
    "341800-rest",
)


# --- the split ------------------------------------------------------------------------------------


def split(total: int, weights: Mapping[str, Fraction | int]) -> dict[str, int]:
    """`total` in whole parts in proportion to the weights: largest remainder, ties to the first."""
    whole = sum(weights.values(), Fraction(0))
    exact = {key: Fraction(total) * weight / whole for key, weight in weights.items()}
    parts = {key: value.numerator // value.denominator for key, value in exact.items()}
    order = sorted(exact, key=lambda key: parts[key] - exact[key])
    for key in order[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


def spread(code: str, salt: int) -> Fraction:
    """A number in [0, 1) that means nothing: it only keeps counties from being all alike."""
    return Fraction(int(code[:6]) * salt % 1009, 1009)


@dataclass(frozen=True)
class County:
    """A leaf of the case with its illustrative figures."""

    code: str
    name: str
    city: str
    kind: str
    left: int
    poor: int = 0
    exited: int = 0
    households: int = 0
    villages: int = 0
    out_villages: int = 0
    out_poor: int = 0
    task: int = 0
    quota: int = 0
    new_poor: int = 0
    revoked: int = 0
    relapsed: tuple[int, ...] = ()

    @property
    def key(self) -> bool:
        """Whether the county is on one of the two lists."""
        return self.kind != REST

    @property
    def poor_households(self) -> int:
        """Registered households that are still poor, in proportion to persons."""
        return self.households * self.poor // (self.poor + self.exited)


def weight(code: str, kind: str) -> Fraction:
    """Relative number of registered people: national counties have most, the rest of a city least."""
    base = {NATIONAL: 80, PROVINCIAL: 60, REST: 30}[kind]
    return base * (Fraction(3, 4) + spread(code, 37) / 2)


def counties() -> list[County]:
    """All leaves, in the order of the cities."""
    named = [County(code, name, city, kind, left) for code, name, city, kind, left in COUNTIES]
    rest = [
        County(f"{code}-rest", f"{name}其他县(市、区)合计", code, REST, 0)
        for code, name in CITIES
        if code not in COMPLETE
    ]
    order = [code for code, _ in CITIES]
    leaves = sorted(named + rest, key=lambda c: (order.index(c.city), c.kind == REST))
    size = {c.code: weight(c.code, c.kind) for c in leaves}
    poor = split(POOR, {c.code: size[c.code] * (9 + 2 * spread(c.code, 23)) for c in leaves})
    exited = split(EXITED, {c.code: size[c.code] * (9 + 2 * spread(c.code, 29)) for c in leaves})
    people = {code: poor[code] + exited[code] for code in size}
    households = split(HOUSEHOLDS, {c: people[c] * (20 + spread(c, 31)) for c in people})
    villages = split(VILLAGES, {c.code: people[c.code] * (3 if c.key else 1) for c in leaves})
    out_villages = split(OUT_VILLAGES, villages)
    out_poor = split(OUT_POOR, {c: n * (4 + spread(c, 41)) for c, n in out_villages.items()})
    task = split(TASK, poor)
    quota = split(QUOTA, households)
    new_poor = split(NEW_POOR, people)
    revoked = split(REVOKED, exited)
    relapsed = [split(total, exited) for total in RELAPSED]
    return [
        County(
            c.code,
            c.name,
            c.city,
            c.kind,
            c.left,
            poor[c.code],
            exited[c.code],
            households[c.code],
            villages[c.code],
            out_villages[c.code],
            out_poor[c.code],
            task[c.code],
            quota[c.code],
            new_poor[c.code],
            revoked[c.code],
            tuple(year[c.code] for year in relapsed),
        )
        for c in leaves
    ]


# --- needs ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """A need by county (and year): what stands in needs.csv, with where its total comes from."""

    need: str
    amounts: Mapping[str, int]
    document: str
    section: str
    basis: str
    clause: str
    note: str
    year: int | None = None


def needs(all_: Sequence[County]) -> list[Table]:
    """Every need of the case, split over the counties that can have it."""
    people = {c.code: c.poor + c.exited for c in all_}
    poor = {c.code: c.poor for c in all_}
    households = {c.code: c.households for c in all_}
    poor_households = {c.code: c.poor_households for c in all_}
    uncovered = split(HOUSEHOLDS * 60 // 100, households)
    villages = {c.code: c.villages for c in all_}
    out = {c.code: c.out_villages for c in all_}
    meal = {c.code: people[c.code] for c in all_ if c.code in MEAL}
    listed = {c.code: people[c.code] for c in all_ if c.key}

    def share(points: int, weights: Mapping[str, int]) -> dict[str, int]:
        """So many ten-thousandths of the sum of the weights."""
        return split(sum(weights.values()) * points // 10_000, weights)

    def made(
        need: str,
        amounts: Mapping[str, int],
        section: str,
        clause: str,
        note: str,
        year: int | None = None,
    ) -> Table:
        return Table(need, amounts, "illustration", section, "illustrative", clause, note, year)

    return [
        made("industry_household", uncovered, "产业 二、三(三)", "A007 A008 A025", "60 % of households, A4"),
        made(
            "pv_three_none",
            split(60_000, poor_households),
            "产业 三(一)",
            "A010",
            "60,000 households without labour, resources or income, A6",
        ),
        made(
            "industry_village",
            split(1_800, villages),
            "产业 二、三(三)",
            "A007 A025",
            "60 % of 3,000 poor villages, A4",
        ),
        made(
            "weak_village",
            split(900, villages),
            "产业 三(一)",
            "A010",
            "half of the villages without an industry, A6",
        ),
        made("village_growth", out, "脱贫质量 二", "A099", "villages already out: 1,077, A2"),
        made(
            "growth_household",
            split(HOUSEHOLDS * 15 // 100, households),
            "脱贫质量 二、三(一)",
            "A100 A103",
            "15 % of households may take it, A13",
        ),
        made(
            "training",
            {c.code: c.poor_households for c in all_ if c.key},
            "产业 三(四)",
            "A026",
            "every household still poor in the 31 key counties, every year",
        ),
        made(
            "agri_premium",
            split(HOUSEHOLDS * 20 // 100, households),
            "产业 三(二)",
            "A017",
            "a fifth of households in farm insurance, A5",
        ),
        made(
            "credit",
            {c: 5 * (n * 35 // 100) for c, n in households.items()},
            "小额信贷 一(二)",
            "A014 A113 A118",
            "35 % of households rated fit, 5万元 each, A7",
        ),
        made("enterprise_village", split(1_000, villages), "精准帮扶 三(三)", "A091", "the name's 1,000"),
        made("preschool", share(200, people), "教育 三(一)", "A039", "2 % of registered people, A10"),
        made("boarding", share(200, people), "教育 三(一)", "A037 A039", "2 % of registered people, A10"),
        made(
            "meal", share(1_000, meal), "教育 三(一)", "A040", "10 % of registered people, 12 counties, A10"
        ),
        made("senior", share(300, people), "教育 三(一)", "A038 A039", "3 % of registered people, A10"),
        made(
            "vocational",
            share(150, people),
            "教育 三(一)",
            "A038 A039 A041",
            "1.5 % of registered people, A10",
        ),
        made("college", share(200, people), "教育 三(一)", "A035 A038 A039", "2 % of registered people, A10"),
        made("tech", share(30, people), "教育 三(一)", "A043 A046", "0.3 % of registered people, A10"),
        made(
            "tech_spring",
            share(27, people),
            "教育 三(一)、三(三)",
            "A043 A051",
            "0.27 % of registered people: last year's students, A10",
        ),
        made("dropout", split(1_000, poor), "教育 二", "A037", "1,000 children out of school, A10"),
        made("housing", split(60_000, poor), "脱贫质量 一(一)", "A094 A101", "60,000 unsafe houses, A12"),
        made("insured", people, "健康 三(一)", "A062 A101", "every registered person"),
        made("chronic", split(600_000, people), "健康 三(一)", "A061 A065", "600,000 patients, A9"),
        made(
            "chronic_back",
            split(600_000, people),
            "健康 二",
            "A060",
            "the same 600,000 patients, January to May 2017, A9",
        ),
        made(
            "inpatient", split(96_800, people), "健康 三(四)", "A062 A072", "2 % of people above the cap, A9"
        ),
        made("serious", split(14_520, people), "健康 三(二)", "A066", "0.3 % of people, A9"),
        made("doctor_contract", people, "健康 三(二)", "A068", "every registered person"),
        made("ward", split(1_355, people), "健康 三(二)", "A067", "1,250 township, 105 county hospitals, A9"),
        made("std_building", split(600, listed), "健康 三(三)", "A059 A069", "31 key counties, A9"),
        made("std_bed", split(6_000, listed), "健康 三(三)", "A059 A069", "31 key counties, A9"),
        made("std_equipment", split(3_000, listed), "健康 三(三)", "A059 A069", "31 key counties, A9"),
        made("settlement", dict.fromkeys(people, 1), "健康 三(一)", "A063", "one system in each region"),
        made("health_office", dict.fromkeys(people, 1), "健康 三(四)", "A073", "one office in each region"),
        made("pairing", households, "精准帮扶 二", "A028 A079", "every registered household"),
        made(
            "team_remaining",
            {c.code: c.villages - c.out_villages for c in all_},
            "精准帮扶 三(二)",
            "A028 A085",
            "3,000 - 1,077 villages",
        ),
        made("team_out", out, "精准帮扶 三(一)", "A084 A085", "1,077 villages already out"),
        made("exit_check", out, "脱贫质量 三(三)", "A106", "villages already out: 1,077"),
        made(
            "relapse_cover",
            {c.code: c.exited for c in all_},
            "脱贫质量 三(四)",
            "A108 A110",
            "every person already out, A13",
        ),
        Table("captain_course", {ROOT: 2}, "plan", "精准帮扶 三(二)", "stated", "A088", "", 2017),
        Table("captain_course", {ROOT: 0}, "plan", "精准帮扶 三(二)", "stated", "A088", "今年", 2018),
        Table("inspection", {ROOT: 2}, "plan", "精准帮扶 三(一)", "stated", "A081", "", 2017),
        Table("inspection", {ROOT: 0}, "plan", "精准帮扶 三(一)", "stated", "A081", "年内", 2018),
    ]


# --- rows -------------------------------------------------------------------------------------------

Row = tuple[object, ...]
CITED = ("document", "section", "basis", "clause", "note")
ATTRIBUTES = (
    "out_population",
    "exit_task",
    "village_income(元)",
    "village_growth",
    "village_growth_own",
    "exited_income(元)",
    "county_growth",
    "own_growth",
    "registered_households",
    "lead_places",
    "treatment_change",
)


def decimal(points: int) -> str:
    """Ten-thousandths as a decimal number."""
    return f"0.{points:04d}"


def regions_rows(all_: Sequence[County]) -> Iterator[Row]:
    """regions.csv: names, codes and lists are public; the attributes are not."""
    none = ("",) * len(ATTRIBUTES)
    cited = ("gb2260", "安徽省", "stated", "", "")
    yield (ROOT, "安徽省", "province", "", "", ROOT, *none, *cited)
    for code, name in CITIES:
        yield (code, name, "city", ROOT, "", code, *none, *cited)
    population = split(OUT_POPULATION, {c.code: c.out_villages for c in all_})
    for c in all_:
        growth = 880 + 10 * (int(c.code[:6]) % 7)
        yield (
            c.code,
            c.name,
            "county",
            c.city,
            " ".join(tags(c)),
            "" if c.kind == REST else c.code,
            population[c.code],
            c.task,
            c.out_villages * 80_000,
            decimal(growth + 200),
            decimal(growth - 80),
            c.exited * 4_500,
            decimal(growth),
            decimal(growth - 100),
            c.households,
            c.households * 40 // 100,
            "",
            "illustration",
            "README",
            "illustrative",
            "A098 A099 A100 A105 A118 A029",
            "attributes only; name, code and list are public record, see README",
        )


def tags(county: County) -> Iterator[str]:
    """The tags conditions and rules ask for, in a fixed order."""
    yield county.kind
    if county.key:
        yield "key"
    if county.code in MEAL:
        yield "meal_pilot"
    if county.code in SCENIC:
        yield "scenic"
    if county.left:
        yield f"left_{county.left}"


def stocks_rows(all_: Sequence[County]) -> Iterator[Row]:
    """stocks.csv: the poor at the end of 2016, in villages already out and elsewhere, able and unable."""
    for c in all_:
        other = c.poor - c.out_poor
        unable_out = c.out_poor * UNABLE.numerator // UNABLE.denominator
        unable_other = other * UNABLE.numerator // UNABLE.denominator
        for group, members, clause in (
            ("able_out", c.out_poor - unable_out, "A093 A098"),
            ("unable_out", unable_out, "A057 A093 A098"),
            ("able_other", other - unable_other, "A104 A105"),
            ("unable_other", unable_other, "A057 A104 A105"),
        ):
            if members:
                families = members * c.households // (c.poor + c.exited)
                yield (
                    c.code,
                    group,
                    members,
                    families,
                    "illustration",
                    "README A1-A3",
                    "illustrative",
                    clause,
                    "",
                )


def entrants_rows(all_: Sequence[County]) -> Iterator[Row]:
    """entrants.csv: who becomes poor, and who had left before the plan and fell back or was wrongly let out."""
    source = ("illustration", "README A3 A16 A17", "illustrative")
    for c in all_:
        yield (c.code, "able_other", 2017, "new", c.new_poor, *source, "A104", "12,000 newly poor, A16")
        for year, kind, members, clause, note in (
            (2017, "revoked", c.revoked, "A106", "0.5 % of the exits of 2016, A17"),
            (2017, "relapsed", c.relapsed[0], "A104", "0.3 % of those out before 2017, A3"),
            (2018, "relapsed", c.relapsed[1], "A104", "0.3 % of those out before 2017 and still out, A3"),
        ):
            unable = members * UNABLE.numerator // UNABLE.denominator
            for group, part in (("able_other", members - unable), ("unable_other", unable)):
                if part:
                    yield (c.code, group, year, kind, part, *source, clause, note)


def needs_rows(all_: Sequence[County]) -> Iterator[Row]:
    """needs.csv: regions without any have no row, save where a year without need must be said."""
    for table in needs(all_):
        for code, amount in table.amounts.items():
            if amount or table.year:
                yield (
                    code,
                    table.need,
                    table.year or "",
                    amount,
                    table.document,
                    table.section,
                    table.basis,
                    table.clause,
                    table.note,
                )


def funds_rows(all_: Sequence[County]) -> Iterator[Row]:
    """funds.csv, in 万元."""
    for fund, amounts, section, clause, note in (
        ("central_special", (65_000, 65_000), "A14", "A021", "6.5亿元 a year: the part for these six fields"),
        (
            "prov_special",
            (95_000, 90_000),
            "A14",
            "A021 A124",
            "9.5 and 9亿元: the part for these six fields",
        ),
        ("hospital_financing", (10_000, 10_000), "A9", "A070", "1亿元 a year"),
        ("social", (0, 0), "A14", "A023", "no amount is printed: nothing is counted on"),
    ):
        for year, amount in zip(YEARS, amounts, strict=True):
            yield (fund, ROOT, year, amount, "", "assumption", section, "assumed", clause, note)
    size = {code: sum(c.poor for c in all_ if c.city == code) for code, _ in CITIES}
    for code, amount in split(30_000, size).items():
        for year in YEARS:
            note = "3亿元 a year over 16 cities"
            yield (
                "city_special",
                code,
                year,
                amount,
                "",
                "illustration",
                "A14",
                "illustrative",
                "A124",
                note,
            )
    for code, amount in split(60_000, {c.code: c.poor for c in all_}).items():
        for year in YEARS:
            note = "6亿元 a year over all counties"
            yield (
                "county_special",
                code,
                year,
                amount,
                "",
                "illustration",
                "A14",
                "illustrative",
                "A124",
                note,
            )
    for code, amount in split(180_000, {c.code: c.poor for c in all_ if c.key}).items():
        for year in YEARS:
            note = "18亿元 a year over 31 key counties"
            yield ("agri_pool", code, year, amount, "", "illustration", "A14", "illustrative", "A021", note)
    note = "80亿元; target quota-by-county shares it out"
    yield ("microcredit", ROOT, 2017, QUOTA, "", "plan", "小额信贷 二", "stated", "A117", note)
    note = "no quota of 2018 is printed"
    yield ("microcredit", ROOT, 2018, 0, "", "plan", "小额信贷 二", "derived", "A117", note)


def capacity_rows(all_: Sequence[County]) -> Iterator[Row]:
    """capacity.csv: what can be organised in a place and year."""
    for c in all_:
        for measure, most, clause, note in (
            ("trade", c.households * 3 // 100, "A027", "3 % of households a year, A5"),
            ("craft", c.households * 3 // 100, "A009", "3 % of households a year, A5"),
            ("job", c.households * 4 // 100, "A012", "4 % of households a year, A5"),
            ("farming", c.households * 20 // 100, "A009", "20 % of households a year, A5"),
        ):
            for year in YEARS:
                yield (measure, c.code, year, most, "illustration", "A5", "illustrative", clause, note)
        if c.code in SCENIC:
            for year in YEARS:
                most = c.households // 100
                note = "1 % of households a year, A5"
                yield ("tourism", c.code, year, most, "illustration", "A5", "illustrative", "A009", note)
        note = "at most 40 % of the quota through enterprises, A7"
        yield (
            "loan_shared",
            c.code,
            2017,
            c.quota * 40 // 100,
            "illustration",
            "A7",
            "illustrative",
            "A015",
            note,
        )


def resources_rows(all_: Sequence[County]) -> Iterator[Row]:
    """resources.csv: people and land, never money."""
    for c in all_:
        for resource, amount, clause, note in (
            ("contact", -(-c.households * 105 // 300), "A086 A087", "a third of households and 5 %, A11"),
            ("technician", -(-c.households * 11 // 3_000), "A089", "one to 300 households and 10 %, A11"),
            ("captain", c.villages, "A085", "one of vice-county rank for each village, A11"),
            ("deputy", c.villages, "A085", "one for each village, A11"),
            ("specialist", c.villages, "A077 A085", "one who does nothing else for each village, A11"),
            ("doctor_team", -(-(c.poor + c.exited) // 1_800), "A068", "one to 1,800 people, A9"),
            ("land", c.households * 4 // 1_000, "A018", "0.004亩 a household a year, A5"),
        ):
            for year in YEARS:
                yield (resource, c.code, year, amount, "illustration", "README", "illustrative", clause, note)


# --- checks and output --------------------------------------------------------------------------


class Contradiction(ValueError):
    """The tables do not agree with the document or the published totals."""


def check(all_: Sequence[County]) -> None:
    """Raises Contradiction where parts do not make their total."""
    share = {c.code: Fraction(QUOTA * c.households, HOUSEHOLDS) for c in all_}
    statements = [
        ("poor", sum(c.poor for c in all_) == POOR),
        ("registered", sum(c.poor + c.exited for c in all_) == REGISTERED),
        ("households", sum(c.households for c in all_) == HOUSEHOLDS),
        ("villages", sum(c.villages for c in all_) == VILLAGES),
        ("villages out", sum(c.out_villages for c in all_) == OUT_VILLAGES),
        ("poor in villages out", sum(c.out_poor for c in all_) == OUT_POOR),
        ("task", sum(c.task for c in all_) == TASK),
        ("newly poor", sum(c.new_poor for c in all_) == NEW_POOR),
        ("exits of 2016 undone", sum(c.revoked for c in all_) == REVOKED),
        *(
            (f"fell back in {year}", sum(c.relapsed[at] for c in all_) == RELAPSED[at])
            for at, year in enumerate(YEARS)
        ),
        ("80亿元", sum(c.quota for c in all_) == QUOTA),
        ("20 national counties", sum(c.kind == NATIONAL for c in all_) == 20),
        ("11 provincial counties", sum(c.kind == PROVINCIAL for c in all_) == 11),
    ]
    for c in all_:
        statements.append((f"{c.name}: quota within one 万元 of its share", abs(c.quota - share[c.code]) < 1))
        statements.append((f"{c.name}: positive", min(c.poor, c.exited, c.out_poor, c.task) > 0))
        statements.append((f"{c.name}: out villages", c.out_villages <= c.villages))
    broken = [name for name, holds in statements if not holds]
    if broken:
        raise Contradiction("; ".join(broken))


FILES = (
    ("regions.csv", ("region", "name", "level", "parent", "tags", "code", *ATTRIBUTES), regions_rows),
    ("stocks.csv", ("region", "group", "members", "households"), stocks_rows),
    ("entrants.csv", ("region", "group", "year", "kind", "members"), entrants_rows),
    ("needs.csv", ("region", "need", "year", "amount"), needs_rows),
    ("funds.csv", ("fund", "region", "year", "amount(万元)", "at_least(万元)"), funds_rows),
    ("capacity.csv", ("measure", "region", "year", "most"), capacity_rows),
    ("resources.csv", ("resource", "region", "year", "amount"), resources_rows),
)


def write(folder: Path) -> None:
    """All tables, UTF-8, one line feed per row."""
    all_ = counties()
    check(all_)
    for name, columns, rows in FILES:
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow((*columns, *CITED))
            writer.writerows(rows(all_))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
