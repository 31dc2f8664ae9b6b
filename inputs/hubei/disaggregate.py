"""County and area tables of the Hubei case: the document's totals split so that they add up exactly.

The plan prints totals of the province and the names of four areas (片区), no figure of a county. This script splits
the totals by invented weights, in integers and Fractions only, without randomness or clock, and writes `regions.csv`,
`stocks.csv`, `needs.csv`, `funds.csv`, `capacity.csv` and `resources.csv` next to itself, or into the folder given as
its one argument. `check` refuses tables that contradict the document. costs.csv and gaps.csv are kept by hand. Totals
that the document does not print are assumptions (README.md, A1-A26). No figure of a county is real.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

YEARS = (2016, 2017, 2018, 2019, 2020)
ROOT = "420000"
REST = "420000-rest"

# --- what the document says -----------------------------------------------------------------------

PERSONS = 3_900_000  # H002
SAFETY_NET = 2_200_000  # H220, on dibao or wubao
LABOUR = 3_300_000  # H268, able to work
ABLE_DIBAO = SAFETY_NET + LABOUR - PERSONS  # both: 1,600,000, the least overlap
UNABLE = PERSONS - LABOUR  # 600,000
VILLAGES = 4_613  # H003
TOURISM_VILLAGES = 243  # H149
RELOCATION_VILLAGES = 200  # "few" in H099: assumed, README A2
COUNTIES_37 = 37  # H016

#: area node, Chinese name, what its counties are tagged with
AREAS = (
    ("dabie", "大别山片区"),
    ("wuling", "武陵山片区"),
    ("qinba", "秦巴山片区"),
    ("mufu", "幕阜山片区"),
    ("elsewhere", "四个片区以外"),
)

#: code, name, area, prefecture, year it left the national list (public record); tags m minority, o old base
NATIONAL = """
420222 阳新县 mufu huangshi 2018 o
420304 郧阳区 qinba shiyan 2019 -
420322 郧西县 qinba shiyan 2019 -
420323 竹山县 qinba shiyan 2019 -
420324 竹溪县 qinba shiyan 2019 -
420325 房县 qinba shiyan 2019 -
420381 丹江口市 qinba shiyan 2018 -
420527 秭归县 wuling yichang 2018 -
420528 长阳土家族自治县 wuling yichang 2019 m
420529 五峰土家族自治县 wuling yichang 2019 m
420626 保康县 qinba xiangyang 2018 -
420921 孝昌县 dabie xiaogan 2019 o
420922 大悟县 dabie xiaogan 2019 o
421121 团风县 dabie huanggang 2018 o
421122 红安县 dabie huanggang 2017 o
421123 罗田县 dabie huanggang 2018 o
421124 英山县 dabie huanggang 2018 o
421126 蕲春县 dabie huanggang 2019 o
421181 麻城市 dabie huanggang 2019 o
422801 恩施市 wuling enshi 2019 m
422802 利川市 wuling enshi 2019 m
422822 建始县 wuling enshi 2019 m
422823 巴东县 wuling enshi 2019 m
422825 宣恩县 wuling enshi 2018 m
422826 咸丰县 wuling enshi 2019 m
422827 来凤县 wuling enshi 2018 m
422828 鹤峰县 wuling enshi 2018 mo
429021 神农架林区 qinba direct 2017 -
"""

#: placeholders for the nine counties on the province's own list: number -> area (illustrative)
PROVINCIAL = {
    1: "mufu",
    2: "mufu",
    3: "mufu",
    4: "qinba",
    5: "qinba",
    6: "qinba",
    7: "wuling",
    8: "dabie",
    9: "elsewhere",
}


@dataclass(frozen=True)
class County:
    """A leaf of the case with its illustrative figures."""

    code: str
    name: str
    area: str
    city: str
    kind: str  # national_poor, provincial_poor, rest
    left: int
    marks: str
    persons: int
    rural: int
    able: int = 0
    able_dibao: int = 0
    unable: int = 0
    industry_villages: int = 0
    tourism_villages: int = 0
    relocation_villages: int = 0

    @property
    def poor(self) -> bool:
        """Whether the county is one of the 37."""
        return self.kind != "rest"

    @property
    def villages(self) -> int:
        """Poor villages of all types."""
        return self.industry_villages + self.tourism_villages + self.relocation_villages

    @property
    def labour(self) -> int:
        """Persons able to work."""
        return self.able + self.able_dibao


# --- the split --------------------------------------------------------------------------------------


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
    number = int(code) if code.isdigit() else 420_900 + 17 * sum(map(ord, code))
    return Fraction(number * salt % 1009, 1009)


def between(low: int, high: int, code: str, salt: int) -> int:
    """A whole number from `low` to `high`, by `spread`."""
    value = low + (high - low) * spread(code, salt)
    return value.numerator // value.denominator


def bare() -> Iterator[County]:
    """All leaves with persons and rural population; the rest of the province takes what is left."""
    found = []
    for line in NATIONAL.strip().splitlines():
        code, name, area, city, left, marks = line.split()
        persons = between(8_000, 9_000, code, 37) if code == "429021" else between(52_000, 96_000, code, 37)
        found.append((code, name, area, city, "national_poor", int(left), marks, persons))
    for number, area in PROVINCIAL.items():
        code = f"420000-p{number}"
        name = f"省定贫困县{number}(占位)"
        found.append(
            (code, name, area, "other", "provincial_poor", 0, "-", between(36_000, 58_000, code, 37))
        )
    rural_total = 0
    for entry in found:
        points = (
            between(1_050, 1_750, entry[0], 59)
            if entry[4] == "national_poor"
            else between(800, 1_150, entry[0], 59)
        )
        rural = entry[7] * 10_000 // points
        rural_total += rural
        yield County(*entry, rural)
    persons = PERSONS - sum(entry[7] for entry in found)
    yield County(
        REST, "其他县(市、区)合计", "elsewhere", "other", "rest", 0, "-", persons, RURAL - rural_total
    )


RURAL = 39_800_000  # rural registered population of the province: assumed, README A3


def counties() -> list[County]:
    """Groups and village types: the document's totals in proportion to persons."""
    found = list(bare())
    dibao = split(ABLE_DIBAO, {c.code: c.persons * (40 + 2 * spread(c.code, 23)) for c in found})
    unable = split(UNABLE, {c.code: c.persons * (15 + spread(c.code, 29)) for c in found})
    villages = split(VILLAGES, {c.code: c.persons * (5 if c.poor else 4) for c in found})
    tourism = split(TOURISM_VILLAGES, villages)
    moved = split(
        RELOCATION_VILLAGES,
        {c.code: villages[c.code] if c.poor else Fraction(villages[c.code], 3) for c in found},
    )
    return [
        County(
            c.code,
            c.name,
            c.area,
            c.city,
            c.kind,
            c.left,
            c.marks,
            c.persons,
            c.rural,
            c.persons - dibao[c.code] - unable[c.code],
            dibao[c.code],
            unable[c.code],
            villages[c.code] - tourism[c.code] - moved[c.code],
            tourism[c.code],
            moved[c.code],
        )
        for c in found
    ]


def village_poor(county: County) -> int:
    """Poor persons who live in poor villages: 60 %, assumed (README A4)."""
    return county.persons * 3 // 5


# --- needs --------------------------------------------------------------------------------------------

#: need | split by | total, or year:total ..., or a word: what the counties add up to | section | clauses | note.
#: What is "assumed" is in the README.
NEEDS = """
livelihood | labour | 3,300,000 | 三(三)、五(二) | H033 H200 H201 H202 | 3,300,000 able to work
transfer | labour | 250,000 | 四(三)、四主要目标3 | H126 | at most 250,000, README A7
small_loan | labour | 3,300,000 | 四(四) | H137 H138 | 330亿元 of demand, README A12
risk_fund | labour | 350,000 | 七(三) | H321 | 35亿元 are as much as is useful, README A12
loan_rating | areas | 1,033,633 | 四(四) | H132 H137 H139 | 3,300,000 x 30.63 / 97.79
loan_insurance | areas | 100,000 | 七(三) | H322 | A subsidy is printed, share and number are not.
crop_insurance | areas | 100,000 | 七(三) | H323 | Where possible (有条件的地方): number assumed.
enterprise_loan | areas | 80,000 | 四(四)、四(九) | H140 H173 | 80,000 poor households taken along each year: 40亿元 at 50,000 yuan, assumed.
dibao | net | 2,200,000 | 五(三) | H038 H220 H222 | 2,200,000 on the safety net
eco_post | poor | 20,000 | 五(五) | H252 | 20,000 posts in the 37 counties, README A22
temporary_relief | areas | 100,000 | 五(三) | H230 | Everybody in sudden need: a reserve for 100,000 cases a year (assumed).
pension | labour | 1,650,000 | 五(三) | H223 | All of the lowest premium, paid by the county alone, from 2019; half of those able to work pay in (assumed).
care_bed | areas | 60,000 | 五(三) | H226 | Everybody willing; 60,000 assumed.
welfare_home | areas | 300 | 五(三) | H227 | No number is printed: 300.
child_centre | poor | 430 | 五(三) | H232 | One in every township of the 37 counties; 430 townships assumed, no year printed.
child_home | child_home | HOMES | 五(三) | H231 | one where 500,000 people live or 300 orphans are, by illustrative figures; eight in the rest assumed
care_survey | areas | 800,000 | 五(三) | H228 | No year and no number are printed.
skill | labour_households | SKILL | 三(三)、四(八) | H034 H162 H166 H168 | 30.63 / 97.79 of those able to work, rounded up in every county
farm_session | labour | 1,000,000 | 四(八) | H167 | 1,000,000 sessions a year
leader | areas | 4,613 | 四(八) | H161 | 1 x 4,613
startup | areas | 20,000 | 四(八) | H163 H164 | Young people, women and the disabled; no number is printed.
ecommerce_training | areas | 30,000 | 四(五) | H144 H145 | Demand is not printed: 30,000 a year, fees of home shops included.
reloc_hh | mountain | 306,300 | 四(二) | H105 | 306,300 households
reloc_p | mountain | 977,900 | 四(二) | H011 H106 | 977,900 persons
reloc_followup | mountain | 306,300 | 四(二) | H112 | 306,300 households
reloc_loan | mountain | 60,000 | 四(二) | H114 | Rate and ceiling are not printed: 60,000 households, 50,000 yuan, three years at 4.35 %.
housing_poor | households | 200,000 | 四(二) | H011 H116 H122 | 200,000 of 320,000 houses, README A10
housing_other | households | 120,000 | 四(二) | H116 | 120,000 of 320,000 houses, README A10
house_loan | households | 80,000 | 四(二) | H121 | All of the interest; 80,000 loans of 30,000 yuan for three years at 4.35 % (assumed).
works_industry | industry | 4,170 | 四(一) | H098 H099 H100 H101 H102 | 4,170 of 4,613 villages
works_tourism | tourism | 243 | 四(一)、四(六) | H098 H099 H149 H150 H151 H152 | 243 of 4,613 villages
works_relocation | relocation | 200 | 四(一) | H098 H099 | 200 of 4,613 villages
environment | villages | 4,613 | 四(一) | H102 H103 | all 4,613 villages
beautiful_poor | areas | 600 | 四(一) | H104 | Poor villages first; number assumed.
beautiful_other | areas | 300 | 四(一) | H104 | Number assumed; never ahead of poor villages (rule beautiful-poor-first).
collective | villages | 4,613 | 三(三) | H044 | all 4,613 villages
coop | areas | 4,613 | 四(九) | H170 | one for each of 4,613
mutual | areas | 4,613 | 四(九) | H171 | one for each of 4,613
coop_member | areas | 1,033,633 | 四(九) | H172 | 3,300,000 x 30.63 / 97.79
land_consolidation | areas | 4,613 | 七(二) | H313 H314 | all 4,613 villages
village_renewal | areas | 1,000 | 七(二) | H315 | At most 20 % of the land fee may go here (rule land-fee-20).
consolidation | villages | 2017:1384 2018:2768 2019:3691 2020:4613 | 六(七) | H299 | villages out by the end of the year before, by the targets
sustain | persons | 2017:1,365,000 2018:2,730,000 2019:3,705,000 2020:3,900,000 | 六(七) | H299 | persons out by the end of the year before, by the targets
village_team | areas | 4,613 | 六(一)、八(三) | H272 H274 H275 H277 H329 | all 4,613 villages
contact | areas | 1,221,567 | 六(一) | H273 | 3,900,000 x 30.63 / 97.79
village_office | areas | 4,613 | 八(三) | H330 | No amount is printed.
administration | each_poor | 37 | 八(六) | H335 | No amount is printed: every one of the 37 counties.
township_road | areas4 | 120 | 三(三) | H053 H066 H080 H090 H185 | All townships of the four areas; how many have none is not printed: 120.
merged_road | areas | 6,000 | 三(三)、五(一) | H054 H067 H081 H091 H186 | All merged villages of the province, the areas among them; number assumed.
bus | areas4 | 1,500 | 三(三) | H055 H068 H082 H092 | All villages of the four areas; how many lack it is not printed: 1,500.
expressway | expressway | 4 | 三(三)、五(一) | H065 H079 H183 H185 | All 37; four counties without one are assumed.
industry_road | areas | 8,000 | 五(一) | H187 | Only where a village has promise; length assumed (rule industry-roads: half of it).
road_safety | areas | 12,000 | 五(一) | H188 | 基本完成 is read as 95 %; length assumed.
irrigation | poor | 1,200,000 | 五(一) | H191 H192 | 0.6亩 a person in 2020; what is missing is not printed: 1,200,000亩.
river | areas | 250 | 五(一) | H189 H190 | No number is printed: 250; with the sources at least half by 2020 (rule river-works).
water_source | areas | 150 | 五(一) | H189 H190 | No number is printed: 150; never behind the river works (rule sources-first).
drinking_water | persons | 1,500,000 | 五(一) | H193 | All of it by the end of 2019; how many lack it is not printed: 1,500,000.
elec_live | areas | 400 | 五(一) | H196 | All of it in 2016; number assumed.
elec_prod | areas | 2,500 | 五(一) | H197 | All of it in 2017; number assumed.
gas | each_poor | 37 | 五(一) | H198 | every one of the 37 counties
gas_township | poor | 23 | 五(一) | H198 | How many townships are key is not printed: 23.
network | areas | 1,200 | 四(五) | H142 H199 | All 4,613 in 2019; how many lack it is not printed: 1,200.
tv | areas | 600,000 | 五(四) | H199 H247 | Every household in 2019; how many lack it is not printed: 600,000.
ecommerce | areas | 3,000 | 四(五) | H143 | Every village where it is possible, in 2017; 3,000 of 4,613 assumed.
farm_service | areas | 4,613 | 四(五) | H146 | all 4,613 villages
hazard | areas | 300 | 五(五) | H253 | No number is printed (rule hazard-works: half by 2020).
watershed | areas | 500 | 七(一) | H310 | By work relief, more of it every year (rule work-relief-rises).
reservoir | areas | 300 | 五(二)、六(三) | H205 | Hydropower revenue goes here first; number assumed.
old_township | areas | 309 | 五(六) | H259 | 309 townships
premium | persons | 3,900,000 | 五(三) | H084 H208 H209 H211 | every poor person
inpatient | areas | 300,000 | 五(三) | H210 | 20 percentage points of 5,000 yuan for 300,000 stays a year (assumed); +20 % of the rate in scenario refund-relative.
critical | areas | 60,000 | 五(三) | H214 H215 H216 H218 | Every poor person is covered; 60,000 cases a year after insurance (assumed).
clinic | villages | 2,000 | 五(三) | H206 | All poor villages; how many lack one is not printed: 2,000, by 2019.
village_doctor | areas | 4,613 | 五(三) | H207 | one for each of 4,613
doctor_pension | areas | 2,000 | 五(三) | H229 | By rule and where possible; number assumed.
medical_student | areas | 1,500 | 五(三) | H219 | No number is printed: 1,500.
school | persons | 3,861 | 五(四) | H240 | 3,861 schools
kindergarten | persons | 945 | 五(四) | H238 H239 | 945 kindergartens
preschool_seat | areas | 160,000 | 五(四) | H233 H238 | 85 % in 2020 is printed; the years before and the number of children are assumed.
senior_school | persons | 150,000 | 五(四) | H124 H125 H234 H235 H236 H237 | 95 % in 2020 is printed; the years before and the number of children are assumed.
yulu | persons | 120,000 | 四(三) | H123 H128 | Everybody entitled; number assumed.
vocational | vocational | 34 | 五(四) | H241 | 34 counties
teacher | areas | 263,000 | 五(四) | H243 H244 | 263,000 trainees
teacher_pay | areas4 | 60,000 | 五(四) | H245 | All village teachers of the four areas; number assumed.
special_school | areas | 60 | 五(四) | H242 | No number is printed (rule special-schools: half by 2020).
sports | each_poor | 37 | 五(四) | H246 | No year is printed: 2020; every one of the 37 counties taken to lack some.
culture | villages | 3,000 | 五(四) | H248 H249 | 普遍 is read as 90 % by 2020; 3,000 villages without one are assumed.
village_industry | areas | 4,613 | 五(二) | H200 H276 | all 4,613 villages
resettle_site | areas | 600 | 四(二) | H113 | No number is printed: 600.
outpatient | each_poor | 37 | 五(三) | H213 | every one of the 37 counties
flex_insurance | areas | 10,000 | 五(三) | H225 | No number is printed: 10,000 a year.
firm_pair | root | 1,000 | 四(九) | H174 | the name's 1,000
tourism_plan | root | 4 | 四(六) | H148 | one for each of the four areas
county_audit | root | 37 | 八(四) | H331 | every one of the 37 counties, every year
"""


def weights_of(how: str, all_: Sequence[County]) -> dict[str, Fraction | int]:
    """What a total is split by: leaves, or the nodes of the areas, or the province itself."""
    leaves: dict[str, Callable[[County], int]] = {
        "persons": lambda c: c.persons,
        "poor": lambda c: c.persons if c.poor else 0,
        "labour": lambda c: c.labour,
        "labour_households": lambda c: households_of(c.labour),
        "child_home": lambda c: homes(c),
        "net": lambda c: c.able_dibao + c.unable,
        "villages": lambda c: c.villages,
        "poor_villages": lambda c: c.villages if c.poor else 0,
        "industry": lambda c: c.industry_villages,
        "tourism": lambda c: c.tourism_villages,
        "relocation": lambda c: c.relocation_villages,
        "mountain": lambda c: c.persons * 3 if c.poor else c.persons,
        "households": lambda c: 4 * c.persons if c.poor else 3 * c.persons,
        "old_base": lambda c: c.villages if "o" in c.marks else 0,
        "vocational": lambda c: 1 if c.poor and c.code not in NO_VOCATIONAL else 0,
        "expressway": lambda c: 1 if c.code in NO_EXPRESSWAY else 0,
        "each_poor": lambda c: 1 if c.poor else 0,
    }
    if how == "root":
        return {ROOT: 1}
    if how in leaves:
        return {c.code: leaves[how](c) for c in all_}
    nodes = [area for area, _ in AREAS if how == "areas" or area != "elsewhere"]
    return {area: sum(c.persons for c in all_ if c.area == area) for area in nodes}


def households_of(persons: int) -> int:
    """Households of so many people: 30.63 for 97.79, rounded up (H105, H106)."""
    return -(-persons * 3_063 // 9_779)


def orphans(county: County) -> int:
    """Orphans of a county, illustrative; the rest of the province is many counties together."""
    return between(80, 360, county.code, 43) if county.poor else 9_000


def homes(county: County) -> int:
    """Child welfare institutions (H231): one where 500,000 people live or 300 orphans are; the rest assumed."""
    if not county.poor:
        return 8
    return int(county.rural >= 500_000 or orphans(county) >= 300)


NO_VOCATIONAL = ("429021", "420000-p8", "420000-p9")  # illustrative: 34 of the 37 have a school (H241)
NO_EXPRESSWAY = ("422828", "420324", "420529", "420325")  # illustrative, README A15


#: Need, or what it is split by -> document and basis of its rows, where they are not illustrative.
CITED_OF = {
    "root": ("plan", "stated"),
    "each_poor": ("plan", "derived"),
    "county_audit": ("plan", "derived"),
}


@dataclass(frozen=True)
class Table:
    """A need by region (and year)."""

    need: str
    amounts: Mapping[str, int]
    section: str
    clause: str
    note: str
    year: int | None
    cited: tuple[str, str]
    """Document and basis of its rows."""


#: Households to be moved by size, of 100 (illustrative; the last is six and more, counted as six).
SIZES = (10, 23, 28, 22, 12, 5)


def by_size(households: int, persons: int) -> tuple[int, ...]:
    """Households of 1 to 6 persons that make both sums: of SIZES, single ones an even number, then households
    of three that have a fourth member (or of four that have three) until the persons are right."""
    found = list(split(households, {str(size): share for size, share in enumerate(SIZES, start=1)}).values())
    odd = found[0] % 2
    found[0], found[1] = found[0] - odd, found[1] + odd
    more = persons - sum(size * count for size, count in enumerate(found, start=1))
    found[2], found[3] = found[2] - more, found[3] + more
    if min(found) < 0:
        raise Contradiction(f"{households} households cannot have {persons} persons")
    return tuple(found)


def sized(tables: Mapping[str, Mapping[str, int]]) -> Iterator[Table]:
    """The needs of houses by size of household."""
    found = {
        region: by_size(households, tables["reloc_p"][region])
        for region, households in tables["reloc_hh"].items()
    }
    for size in range(1, 7):
        note = "illustrative sizes that make the county's households and persons, README A9"
        amounts = {region: counts[size - 1] for region, counts in found.items()}
        yield Table(f"reloc_{size}", amounts, "四(二)", "H110", note, None, ("illustration", "illustrative"))


def needs(all_: Sequence[County]) -> list[Table]:
    """Every need of the case."""
    tables = []
    for line in NEEDS.strip().splitlines():
        need, how, totals, section, clause, note = (part.strip() for part in line.split("|"))
        every = weights_of(how, all_) if how != "areas4" else weights_of("areas", all_)
        weights = {key: weight for key, weight in weights_of(how, all_).items() if weight}
        for item in (totals if totals[0].isdigit() else str(sum(every.values()))).split():
            year, _, total = item.rpartition(":")
            amounts = dict.fromkeys(every, 0) | split(int(total.replace(",", "")), weights)
            cited = CITED_OF.get(need) or CITED_OF.get(how, ("illustration", "illustrative"))
            tables.append(Table(need, amounts, section, clause, note, int(year) if year else None, cited))
    known = {table.need: table.amounts for table in tables}
    return [*tables, *sized(known)]


# --- rows -----------------------------------------------------------------------------------------------

Row = tuple[object, ...]
CITED = ("document", "section", "basis", "clause", "note")
UNKNOWN = (
    "gdp_growth",
    "revenue_growth",
    "revenue_ratio",
    "rural_income_ratio",
    "urban_income_ratio",
    "rural_income_growth",
    "urban_income_growth",
    "rural_income(元)",
    "urban_income(元)",
    "senior_enrolment",
    "insurance_rate",
    "pension_rate",
    "forest_rise",
    "forest_cover",
    "natural_growth",
    "urbanisation",
    "poor_income_growth",
    "poor_income_ratio",
    "village_income_ratio",
    "health_ratio",
    "village_service_ratio",
    "income_over_national",
    "service_ratio_national",
    "power_quota_growth",
    "hydro_retention_growth",
)
KNOWN = (
    "rural_population",
    "village_poor",
    "revenue_increment(元)",
    "own_townships",
    "irrigated",
    "orphans",
    "old_base_counties",
    "old_base_townships",
)


def regions_rows(all_: Sequence[County]) -> Iterator[Row]:
    """regions.csv: province, areas (at the level of cities), counties. Outcome statistics are left unknown."""
    blank = ("",) * len(UNKNOWN)
    yield (
        ROOT,
        "湖北省",
        "province",
        "",
        "",
        ROOT,
        RURAL,
        sum(map(village_poor, all_)),
        PROVINCE_INCREMENT,
        "",
        "",
        "",
        *OLD_BASE,
        *blank,
        "assumption",
        "A3、A20",
        "assumed",
        "H007 H256 H300",
        "rural population and yearly increment of provincial revenue; old base counties and townships are printed (五(六))",
    )
    for area, name in AREAS:
        members = [c for c in all_ if c.area == area]
        yield (
            area,
            name,
            "city",
            ROOT,
            "elsewhere" if area == "elsewhere" else f"area {area}",
            "",
            sum(c.rural for c in members),
            sum(map(village_poor, members)),
            *("",) * 6,
            *blank,
            "illustration",
            "三(一)",
            "illustrative",
            "H006 H017",
            "an area is no city; it stands at that level of the tree",
        )
    townships = split(TOWNSHIPS, {c.code: c.persons for c in all_ if c.poor})
    increments = split(CHAHUA_INCREMENT, {REST: 1})
    lacking = next(table.amounts for table in needs(all_) if table.need == "irrigation")
    for c in all_:
        known = c.kind == "national_poor"
        yield (
            c.code,
            c.name,
            "county",
            c.area,
            " ".join(tags(c)),
            c.code if known else "",
            c.rural,
            village_poor(c),
            increments.get(c.code, ""),
            townships.get(c.code, ""),
            -(-c.rural * 3 // 5) - lacking[c.code] if c.poor else "",
            orphans(c),
            "",
            "",
            *blank,
            "illustration",
            "README",
            "illustrative",
            clauses(c),
            "figures illustrative (irrigated: 0.6亩 a person less what is lacking); name, code and list are public record"
            if known
            else "placeholder: the document names no county"
            if c.kind == "provincial_poor"
            else "what the named leaves leave",
        )


OLD_BASE = (83, 855)  # counties and townships of the old base areas in the province (H256)
TOWNSHIPS = 430  # townships of the 37 counties: assumed, README A17
PROVINCE_INCREMENT = 1_200_000_000  # yearly increment of the province's own revenue, 元: assumed, README A20
CHAHUA_INCREMENT = 1_500_000_000  # the same of all counties outside the 37 together


def tags(c: County) -> Iterator[str]:
    """The tags conditions and rules ask for, in a fixed order."""
    yield c.kind
    if c.poor:
        yield "poor_county"
    if c.area != "elsewhere":
        yield f"in_{c.area}"
    else:
        yield "chahua"
    yield f"city_{c.city}"
    if "m" in c.marks:
        yield "minority"
    if "o" in c.marks:
        yield "old_base"
    if c.left:
        yield f"left_{c.left}"


def clauses(c: County) -> str:
    """Clauses that the region's tags stand for."""
    found = ["H016", "H018"] if c.poor else ["H013"]
    if "o" in c.marks:
        found.append("H256")
    return " ".join(found)


def stocks_rows(all_: Sequence[County]) -> Iterator[Row]:
    """stocks.csv: persons (with households of 3.19 persons) and villages by type."""
    for c in all_:
        for group, members, section, clause in (
            ("able", c.able, "一(三)、五主要目标7", "H002 H268"),
            ("able_dibao", c.able_dibao, "五(三)、五主要目标7", "H002 H220 H268"),
            ("unable", c.unable, "一(三)、五主要目标7", "H002 H220"),
            ("industry_village", c.industry_villages, "一(三)、四(一)", "H003 H099"),
            ("tourism_village", c.tourism_villages, "四(六)", "H003 H099 H149"),
            ("relocation_village", c.relocation_villages, "四(一)", "H003 H099"),
        ):
            if members:
                households = households_of(members) if group in ("able", "able_dibao", "unable") else ""
                yield (
                    c.code,
                    group,
                    members,
                    households,
                    "illustration",
                    section,
                    "illustrative",
                    clause,
                    "",
                )


def needs_rows(all_: Sequence[County]) -> Iterator[Row]:
    """needs.csv: a region without any has a row of 0, so that nothing can be bought there in excess."""
    for table in needs(all_):
        for region, amount in table.amounts.items():
            yield (
                region,
                table.need,
                table.year or "",
                amount,
                table.cited[0],
                table.section,
                table.cited[1],
                table.clause,
                table.note,
            )


#: fund | split by | year:万元 ... | document | section | basis | clauses | note. 2015 is history.
FUNDS = """
central_special | root | 2015:190000 2016:250000 2017:300000 2018:350000 2019:400000 2020:420000 | assumption | A20 | assumed | H010 H100 H129 H278 |
prov_special | root | 2015:80000 2016:110000 2017:130000 2018:150000 2019:170000 2020:190000 | assumption | A20 | assumed | H129 H278 H300 |
chahua_special | rest | 2015:40000 2016:66000 2017:92000 2018:118000 2019:144000 2020:170000 | assumption | A20 | assumed | H013 H300 |
county_own | persons | 2016:120000 2017:140000 2018:160000 2019:180000 2020:200000 | assumption | A20 | assumed | H129 H223 H308 |
agri_pool | poor | 2016:240000 2017:280000 2018:280000 2019:240000 2020:160000 | assumption | A20 | assumed | H100 H278 H279 H280 H281 H282 H302 |
stock_province | root | 2016:80000 2017:70000 2018:60000 2019:50000 2020:40000 | assumption | A20 | assumed | H301 |
stock_local | persons | 2016:80000 2017:70000 2018:60000 2019:50000 2020:40000 | assumption | A20 | assumed | H301 |
agri_development | root | 2016:100000 2017:100000 2018:100000 2019:100000 2020:100000 | assumption | A20 | assumed | H305 |
lottery | root | 2016:10000 2017:10000 2018:12000 2019:12000 2020:12000 | assumption | A20 | assumed | H257 H258 |
transport | root | 2016:140000 2017:170000 2018:190000 2019:200000 2020:200000 | assumption | A20 | assumed | H100 H113 H187 |
infra_province | root | 2015:60000 2016:120000 2017:150000 2018:180000 2019:200000 2020:210000 | assumption | A20 | assumed | H113 H307 H309 |
central_invest | root | 2016:350000 2017:380000 2018:330000 2019:200000 2020:130000 | assumption | A20 | assumed | H304 H308 |
work_relief | root | 2015:15000 2016:20000 2017:22000 2018:24000 2019:26000 2020:28000 | assumption | A20 | assumed | H113 H310 |
housing_central | root | 2016:60000 2017:60000 2018:50000 2019:40000 2020:0 | assumption | A20 | assumed | H119 |
housing_local | root | 2015:20000 2016:45000 2017:60000 2018:70000 2019:80000 2020:0 | assumption | A20 | assumed | H117 |
industry_invest | root | 2016:2000 2017:2000 2018:2000 2019:2000 2020:2000 | assumption | A20 | assumed | H175 |
carbon | root | 2016:0 2017:0 2018:0 2019:0 2020:0 | assumption | A20 | assumed | H255 | nothing by default
education | root | 2016:240000 2017:260000 2018:260000 2019:220000 2020:200000 | assumption | A20 | assumed | H235 H240 H241 |
eco_transfer | root | 2015:7000 2016:8000 2017:8500 2018:9000 2019:9500 2020:10000 | assumption | A20 | assumed | H113 H250 H251 |
land_fee | root | 2016:35000 2017:40000 2018:45000 2019:45000 2020:45000 | assumption | A20 | assumed | H113 H315 |
telecom_compensation | root | 2016:3000 2017:3000 2018:3000 2019:3000 2020:0 | assumption | A20 | assumed | H141 |
fund_industry | root | 2016:20000 2017:30000 2018:30000 2019:30000 2020:20000 | assumption | A20 | assumed | H175 H303 |
fund_tourism | root | 2016:8000 2017:8000 2018:8000 2019:8000 2020:5000 | assumption | A20 | assumed | H150 H303 |
fund_startup | root | 2016:15000 2017:15000 2018:15000 2019:15000 2020:15000 | assumption | A20 | assumed | H164 H303 |
fund_relief | root | 2016:10000 2017:10000 2018:10000 2019:10000 2020:10000 | assumption | A20 | assumed | H303 |
hydro | root | 2016:3000 2017:3000 2018:3000 2019:3000 2020:3000 | assumption | A20 | assumed | H205 |
social | root | 2016:10000 2017:10000 2018:10000 2019:10000 2020:10000 | assumption | A20 | assumed | H100 H113 H291 |
partner | root | 2016:10000 2017:12000 2018:14000 2019:15000 2020:15000 | assumption | A20 | assumed | H289 |
"""


def funds_rows(all_: Sequence[County]) -> Iterator[Row]:
    """funds.csv in 万元: the province's pools as they stand, the counties' by largest remainder."""
    for line in FUNDS.strip().splitlines():
        fund, how, amounts, document, section, basis, clause, note = (
            part.strip() for part in line.split("|")
        )
        if how == "root":
            weights: dict[str, Fraction | int] = {ROOT: 1}
        elif how == "rest":
            weights = {REST: 1}
        else:
            weights = {key: w for key, w in weights_of(how, all_).items() if w}
        split_up = how not in ("root", "rest")
        for item in amounts.split():
            year, total = item.split(":")
            for region, amount in split(int(total), weights).items():
                cited = ("illustration", section, "illustrative") if split_up else (document, section, basis)
                yield (fund, region, year, amount, "", *cited, clause, note)
    for city, (base, increment) in CITY.items():
        members = {c.code: c.persons for c in all_ if c.city == city}
        for when in (2015, *YEARS):
            most = base + (when - 2015) * increment * 3 // 20 * 6 // 5
            for region, amount in split(most, members).items():
                yield (
                    "city_special",
                    region,
                    when,
                    amount,
                    "",
                    "illustration",
                    "七(一)",
                    "illustrative",
                    "H300",
                    f"{city}: 2015 base and at most 6/5 of what the 15 % rule asks, README A20; booked where it is spent",
                )


#: prefecture: special fund in 2015, yearly increment of own revenue, 万元; illustrative, README A20
CITY = {
    "huangshi": (1_500, 6_000),
    "shiyan": (6_000, 12_000),
    "yichang": (4_000, 18_000),
    "xiangyang": (2_000, 12_000),
    "xiaogan": (2_500, 8_000),
    "huanggang": (6_000, 12_000),
    "enshi": (5_000, 9_000),
    "direct": (200, 400),
    "other": (16_000, 80_000),
}


#: Single land projects, illustrative: area -> villages with fields, villages renewed.
LAND_PROJECTS = {
    "dabie": (120, 30),
    "wuling": (160, 70),
    "qinba": (110, 50),
    "mufu": (40, 10),
    "elsewhere": (200, 60),
}


def capacity_rows(all_: Sequence[County]) -> Iterator[Row]:
    """capacity.csv: what can be organised in a year, in the whole province; and caps that the document prints."""
    for line in CAPACITY.strip().splitlines():
        measure, amounts, section, clause, note = (part.strip() for part in line.split("|"))
        for item in amounts.split():
            year, amount = item.split(":")
            yield (measure, ROOT, year, amount, "assumption", section, "assumed", clause, note)
    for area, sizes in LAND_PROJECTS.items():
        for measure, most in zip(("land", "renewal"), sizes, strict=True):
            row = ("total", most, "illustration", "A18", "illustrative", "H315", "size of a single project")
            yield (f"{measure}_{area}", area, *row)
    for c in all_:
        for measure in ("home_pv", "home_pv_large"):
            yield (
                measure,
                c.code,
                "total",
                c.unable // 40,
                "illustration",
                "A13",
                "illustrative",
                "H153 H157",
                "suitable roofs: one of each size for every 40 persons unable to work",
            )


CAPACITY = """
trade | 2016:700000 2017:600000 2018:500000 2019:400000 2020:200000 | A21 | H005 H012 | what can be organised in a year
orchard | 2016:500000 2017:600000 2018:500000 2019:300000 2020:200000 | A21 | H012 | land that is suitable
vacant_house | total:0 | A9 | H115 | none by default, scenario vacant-houses
place_worker | 2016:50000 2017:60000 2018:60000 2019:60000 2020:20000 | A21 | H126 | places found in a year
"""


def resources_rows(all_: Sequence[County]) -> Iterator[Row]:
    """resources.csv: building land of the areas, credit of the province."""
    land = weights_of("areas", all_)
    for year, total in LAND.items():
        for area, amount in split(total, land).items():
            yield (
                "build_land",
                area,
                year,
                amount,
                "illustration",
                "七(二)",
                "illustrative",
                "H312 H316 H317",
                "no quota is printed; README A18",
            )
    for year in YEARS:
        yield (
            "pv_land",
            ROOT,
            year,
            PV_LAND,
            "assumption",
            "A13",
            "assumed",
            "H160",
            "unused land for PV, no area is printed",
        )
    for year, total in CREDIT.items():
        yield (
            "credit",
            ROOT,
            year,
            total,
            "assumption",
            "A12",
            "assumed",
            "H164 H318 H319",
            "most that lenders can put out in a year, 万元",
        )


PV_LAND = 3_500  # 亩 of waste land and greenhouses a year, 2亩 a station: assumed, README A13
LAND = {2016: 22_000, 2017: 22_000, 2018: 16_000, 2019: 8_000, 2020: 4_000}
CREDIT = {2016: 900_000, 2017: 1_200_000, 2018: 1_400_000, 2019: 1_400_000, 2020: 600_000}

# --- checks and output --------------------------------------------------------------------------------


class Contradiction(ValueError):
    """The tables do not agree with the document."""


def check(all_: Sequence[County]) -> None:
    """Raises Contradiction where a total of the document does not hold."""
    totals: dict[tuple[str, int | None], int] = {}
    for table in needs(all_):
        key = (table.need, table.year)
        totals[key] = totals.get(key, 0) + sum(table.amounts.values())
    statements = [
        ("persons", sum(c.persons for c in all_) == PERSONS),
        ("safety net", sum(c.able_dibao + c.unable for c in all_) == SAFETY_NET),
        ("labour", sum(c.labour for c in all_) == LABOUR),
        ("villages", sum(c.villages for c in all_) == VILLAGES),
        ("tourism villages", sum(c.tourism_villages for c in all_) == TOURISM_VILLAGES),
        ("28 national counties", sum(c.kind == "national_poor" for c in all_) == 28),
        ("37 counties", sum(c.poor for c in all_) == COUNTIES_37),
        ("rural population", sum(c.rural for c in all_) == RURAL),
        ("relocation, households", totals["reloc_hh", None] == 306_300),
        ("relocation, persons", totals["reloc_p", None] == 977_900),
        ("houses", totals["housing_poor", None] + totals["housing_other", None] == 320_000),
        ("schools", totals["school", None] == 3_861),
        ("kindergartens", totals["kindergarten", None] == 945),
        ("vocational schools", totals["vocational", None] == 34),
        ("teachers", totals["teacher", None] == 263_000),
        ("sessions a year", totals["farm_session", None] == 1_000_000),
        ("old townships", totals["old_township", None] == 309),
        ("counties with gas", totals["gas", None] == COUNTIES_37),
        ("village industries", totals["village_industry", None] == VILLAGES),
        ("households able to work", totals["loan_rating", None] == LABOUR * 3_063 // 9_779),
        ("poor households", totals["contact", None] == -(-PERSONS * 3_063 // 9_779)),
    ]
    statements += [(f"{c.name}: positive", min(c.able, c.able_dibao, c.unable, c.rural) > 0) for c in all_]
    statements += [(f"{c.name}: incidence", not c.poor or c.persons * 50 > c.rural) for c in all_]
    hh = {t.need: t.amounts for t in needs(all_)}
    for region, households in hh["reloc_hh"].items():
        statements.append(
            (f"{region}: 2 to 5 persons a house", 2 * households <= hh["reloc_p"][region] <= 5 * households)
        )
    broken = [name for name, holds in statements if not holds]
    if broken:
        raise Contradiction("; ".join(broken))


FILES = (
    ("regions.csv", ("region", "name", "level", "parent", "tags", "code", *KNOWN, *UNKNOWN), regions_rows),
    ("stocks.csv", ("region", "group", "members", "households"), stocks_rows),
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
