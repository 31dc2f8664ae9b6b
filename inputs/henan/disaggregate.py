"""County tables of the Henan case: the document's totals split over counties so that they add up exactly.

The three-year plan prints totals of the province, lists of named counties and thresholds; county figures are
not public. This script invents the smallest thing that agrees with all of that. It is integer and Fraction
arithmetic only, has no randomness and no clock, and writes `regions.csv`, `stocks.csv`,
`entrants.csv`, `needs.csv`, `funds.csv`, `capacity.csv` and `resources.csv` next to itself, or into the folder given as its one argument.
`check` refuses tables that contradict the document. costs.csv and gaps.csv are kept by hand. README.md says
what is assumed.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

YEARS = (2018, 2019, 2020)
ROOT = "410000"
REST = "410000-rest"

# --- what the document says -------------------------------------------------------------------

PERSONS = 2_214_000  # N003
UNABLE = PERSONS * 47 // 100  # N007
VILLAGES = 3_723  # N002
DEEP_VILLAGES = 1_235  # N005
RURAL = 86_147_860  # 2,214,000 / 2.57 %, the incidence of the government work report of January 2018

#: Year -> newly poor, and fallen back of those out before 2018 (12,000 in 2017): assumed, A33
ENTRANTS = {2018: (5_000, 6_000), 2019: (2_500, 3_000), 2020: (1_000, 1_000)}

NATIONAL, PROVINCIAL, OTHER = "national_poor", "provincial_poor", "non_poor"
DEEP = ("411224", "410325", "411326", "410927")  # N037
RELIEF = ("411224", "410325", "411326")  # N040
OVER_40000 = ("410423", "411421", "411425", "411426", "411525", "411626", "411627", "411722")  # N074
OVER_5_PERCENT = ("410423", "410326", "410926", "411321", "411327", "411330", "411527")  # N075
OVER_20000 = ("411203", "410221", "411328", "411381", "411721")  # N076
OVER_3_PERCENT = ("411203", "410322", "410323", "410404", "410602", "410603", "410923", "411221")  # N077
DISTRICTS = ("410404", "410602", "410603")  # small urban districts among them

# --- what is public record ----------------------------------------------------------------------

DABIE = (
    "411522",
    "411524",
    "411525",
    "411526",
    "411527",
    "411521",
    "411528",
    "411722",
    "411723",
    "411725",
    "411724",
    "411726",
    "411727",
    "411721",
    "411330",
    "411328",
)
MOUNTAIN = (
    "410324",
    "410325",
    "410326",
    "410327",
    "410328",
    "410329",
    "410423",
    "410422",
    "411224",
    "411321",
    "411322",
    "411324",
    "411325",
    "411326",
    "411330",
    "411521",
    "411522",
    "411524",
    "411525",
    "411725",
    "411726",
    "411203",
    "411221",
    "410323",
)

#: code, name, list, year in which it left. Of the non-poor counties: those the document names (N076, N077).
COUNTIES = (
    ("410324", "栾川县", NATIONAL, 2018),
    ("410325", "嵩县", NATIONAL, 2019),
    ("410326", "汝阳县", NATIONAL, 2019),
    ("410327", "宜阳县", NATIONAL, 2018),
    ("410328", "洛宁县", NATIONAL, 2018),
    ("410423", "鲁山县", NATIONAL, 2019),
    ("410727", "封丘县", NATIONAL, 2018),
    ("410926", "范县", NATIONAL, 2019),
    ("410927", "台前县", NATIONAL, 2019),
    ("411224", "卢氏县", NATIONAL, 2019),
    ("411321", "南召县", NATIONAL, 2019),
    ("411324", "镇平县", NATIONAL, 2018),
    ("411325", "内乡县", NATIONAL, 2018),
    ("411326", "淅川县", NATIONAL, 2019),
    ("411327", "社旗县", NATIONAL, 2019),
    ("411330", "桐柏县", NATIONAL, 2019),
    ("411421", "民权县", NATIONAL, 2018),
    ("411422", "睢县", NATIONAL, 2018),
    ("411423", "宁陵县", NATIONAL, 2018),
    ("411424", "柘城县", NATIONAL, 2018),
    ("411425", "虞城县", NATIONAL, 2018),
    ("411522", "光山县", NATIONAL, 2018),
    ("411524", "商城县", NATIONAL, 2018),
    ("411525", "固始县", NATIONAL, 2018),
    ("411526", "潢川县", NATIONAL, 2018),
    ("411527", "淮滨县", NATIONAL, 2019),
    ("411623", "商水县", NATIONAL, 2018),
    ("411625", "郸城县", NATIONAL, 2018),
    ("411626", "淮阳县", NATIONAL, 2018),
    ("411627", "太康县", NATIONAL, 2018),
    ("411722", "上蔡县", NATIONAL, 2019),
    ("411723", "平舆县", NATIONAL, 2019),
    ("411725", "确山县", NATIONAL, 2019),
    ("410329", "伊川县", PROVINCIAL, 2018),
    ("410422", "叶县", PROVINCIAL, 2018),
    ("410527", "内黄县", PROVINCIAL, 2018),
    ("410725", "原阳县", PROVINCIAL, 2018),
    ("410928", "濮阳县", PROVINCIAL, 2018),
    ("411322", "方城县", PROVINCIAL, 2018),
    ("411426", "夏邑县", PROVINCIAL, 2018),
    ("411521", "罗山县", PROVINCIAL, 2018),
    ("411528", "息县", PROVINCIAL, 2018),
    ("411621", "扶沟县", PROVINCIAL, 2018),
    ("411622", "西华县", PROVINCIAL, 2018),
    ("411724", "正阳县", PROVINCIAL, 2018),
    ("411726", "泌阳县", PROVINCIAL, 2018),
    ("411727", "汝南县", PROVINCIAL, 2018),
    ("410221", "杞县", OTHER, 0),
    ("410322", "孟津县", OTHER, 0),
    ("410323", "新安县", OTHER, 0),
    ("410404", "石龙区", OTHER, 0),
    ("410602", "鹤山区", OTHER, 0),
    ("410603", "山城区", OTHER, 0),
    ("410923", "南乐县", OTHER, 0),
    ("411203", "陕州区", OTHER, 0),
    ("411221", "渑池县", OTHER, 0),
    ("411328", "唐河县", OTHER, 0),
    ("411381", "邓州市", OTHER, 0),
    ("411721", "西平县", OTHER, 0),
)


@dataclass(frozen=True)
class County:
    """A leaf of the case with its illustrative figures."""

    code: str
    name: str
    kind: str
    left: int
    persons: int
    rural: int
    unable: int = 0
    deep_villages: int = 0
    other_villages: int = 0

    @property
    def able(self) -> int:
        """Persons able to work."""
        return self.persons - self.unable

    @property
    def poor(self) -> bool:
        """Whether the county is on one of the two lists."""
        return self.kind in (NATIONAL, PROVINCIAL)

    @property
    def mountain(self) -> bool:
        """Whether relocation, rangers and tourism villages may stand here."""
        return self.code in MOUNTAIN or self.code == REST


# --- the split ----------------------------------------------------------------------------------


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


def between(low: int, high: int, code: str, salt: int) -> int:
    """A whole number from `low` to `high`, by `spread`."""
    value = low + (high - low) * spread(code, salt)
    return value.numerator // value.denominator


def persons_of(code: str, kind: str) -> int:
    """Poor persons, inside the bounds the document's lists leave."""
    if code in DEEP:
        return between(28_000, 38_000, code, 37)
    if code in OVER_40000:
        return between(41_000, 58_000, code, 37)
    if kind == NATIONAL:
        return between(20_000, 37_000, code, 37)
    if kind == PROVINCIAL:
        return between(15_000, 30_000, code, 37)
    if code in OVER_20000:
        return between(20_500, 29_000, code, 37)
    if code in DISTRICTS:
        return between(1_000, 1_900, code, 37)
    return between(9_000, 15_000, code, 37)


def incidence_of(code: str, kind: str) -> Fraction:
    """Share of the rural population that is poor, in basis points, inside the bounds of the lists."""
    if code in DEEP:
        points = between(700, 900, code, 59)
    elif code in OVER_5_PERCENT:
        points = between(520, 640, code, 59)
    elif code in OVER_40000:
        points = between(380, 480, code, 59)
    elif kind == NATIONAL:
        points = between(330, 480, code, 59)
    elif kind == PROVINCIAL:
        points = between(280, 400, code, 59)
    elif code in OVER_20000:
        points = 850 if code in OVER_3_PERCENT else between(210, 290, code, 59)
    else:
        points = between(315, 430, code, 59)
    return Fraction(points, 10_000)


def counties() -> list[County]:
    """All leaves; the rest of the province takes what the named counties leave of each total."""
    found = []
    for code, name, kind, left in COUNTIES:
        persons = persons_of(code, kind)
        rural = Fraction(persons) / incidence_of(code, kind)
        found.append(County(code, name, kind, left, persons, rural.numerator // rural.denominator))
    persons = PERSONS - sum(county.persons for county in found)
    rural_rest = RURAL - sum(county.rural for county in found)
    found.append(County(REST, "其他县(市、区)合计", OTHER, 0, persons, rural_rest))
    unable = split(UNABLE, {c.code: c.persons * (46 + 2 * spread(c.code, 23)) for c in found})
    deep = split(DEEP_VILLAGES, {c.code: c.persons * _deep_weight(c) for c in found})
    other = split(VILLAGES - DEEP_VILLAGES, {c.code: c.persons * (3 if c.poor else 2) for c in found})
    return [
        County(
            c.code, c.name, c.kind, c.left, c.persons, c.rural, unable[c.code], deep[c.code], other[c.code]
        )
        for c in found
    ]


def _deep_weight(county: County) -> int:
    if county.code in DEEP:
        return 12
    return {NATIONAL: 5, PROVINCIAL: 4}.get(county.kind, 2)


# --- needs ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """A need by county (and year): what stands in needs.csv, with where its total comes from."""

    need: str
    amounts: Mapping[str, int]
    section: str
    clause: str
    note: str
    year: int | None = None


def needs(all_: Sequence[County]) -> list[Table]:
    """Every need of the case, split over the counties that can have it."""
    poor = [c for c in all_ if c.poor]
    persons = {c.code: c.persons for c in all_}
    villages = {c.code: c.deep_villages + c.other_villages for c in all_}
    deep = {c.code: c.deep_villages for c in all_}
    other = {c.code: c.other_villages for c in all_}
    mountain = {c.code: c.persons if c.poor else Fraction(c.persons, 4) for c in all_ if c.mountain}
    first = {c.code: c.persons for c in poor if c.left == 2018}
    second = {c.code: c.persons for c in poor if c.left == 2019}
    named = {c.code: c.persons for c in all_ if c.kind == OTHER and c.code != REST}
    housing = {**split(50_000, first), **split(38_000, second), **split(6_000, named), REST: 21_000}
    tables = [
        Table("housing", housing, "二(三)5", "N201 N203", "115,000 = 60,000 + 55,000 houses"),
        Table(
            "relocation",
            split(62_900, mountain),
            "一(三)2、二(三)4",
            "N034 N194",
            "62,900 persons, mountain counties",
        ),
        Table("deep_works", deep, "引言、二(一)1", "N005 N052", "one package per deep village: 1,235"),
        Table("road", other, "二(四)1", "N214 N216", "one per other poor village: 2,488"),
        Table("clinic", split(1_493, other), "二(三)1", "N162", "assumed: 60 % of 2,488 other poor villages"),
        Table(
            "water_deep",
            split(800, deep),
            "二(四)2",
            "N221 N223",
            "assumed: 800 of 1,804 villages, README A14",
        ),
        Table(
            "water_other",
            split(1_004, other),
            "二(四)2",
            "N221 N223",
            "assumed: 1,004 of 1,804 villages, README A14",
        ),
        Table("grid_village", split(249, other), "二(四)3", "N225", "249 villages"),
        Table("grid_county", {c.code: 1 for c in poor}, "二(四)3", "N229", "one upgrade per poor county"),
        Table("ecommerce", villages, "二(二)1", "N094 N097", "every poor village may have a service point"),
        Table("collective", deep, "二(一)1", "N059", "every deep village: 1,235"),
        Table("tourism", split(100, mountain), "二(二)1", "N104 N106", "100 villages, mountain counties"),
        Table("school_2018", split(5_019, persons), "二(三)2", "N174", "5,019 schools"),
        Table("school_later", split(3_096, persons), "二(三)2", "N176", "3,096 schools, both years together"),
        Table(
            "dormitory",
            split(3_291, {c.code: c.persons for c in poor}),
            "二(三)2",
            "N182",
            "3,291 flats, poor counties",
        ),
        Table(
            "hospital",
            dict.fromkeys(first, 1),
            "二(三)1",
            "N155 N156 N157",
            "33 = 27 + 3 + 3, one for each county that left in 2018",
        ),
        Table("risk_fund", dict.fromkeys(DEEP, 1), "二(一)1", "N041", "one for each deep county"),
        Table("ranger_post", split(20_000, mountain), "二(二)3", "N134", "20,000 posts, mountain counties"),
        Table(
            "dibao",
            {c.code: c.unable * 7 // 10 for c in all_},
            "二(一)2",
            "N063 N064",
            "assumed: 70 % of those unable to work, README A7",
        ),
        Table("medical", persons, "二(三)1", "N149 N150", "every poor person"),
    ]
    tables += [
        Table("agronomist", {c.code: 5 for c in poor}, "二(二)1", "N112", "at most five in a county"),
        Table(
            "small_loan",
            {c.code: c.persons * 15 // 300 for c in all_},
            "二(二)4",
            "N141",
            "assumed: 15 % of households of three, README A28",
        ),
    ]
    yearly = (
        ("barrier_free", (35_000, 18_900, 16_200), "N191", "households"),
        ("devices", (43_700, 8_500, 4_250), "N190", "persons"),
        ("child_rehab", (1_456, 1_260, 1_130), "N189", "children"),
    )
    for need, totals, clause, counted in yearly:
        for year, total in zip(YEARS, totals, strict=True):
            note = f"{total:,} {counted} in {year}"
            tables.append(Table(need, split(total, persons), "二(三)3", clause, note, year))
    kept = {2018: 5_514, 2019: 5_514 + 2_365, 2020: 5_514 + 2_365 + 1_080}
    for year, total in kept.items():
        note = f"{total:,} villages out before {year}: 5,514 to 2017 and the document's targets since"
        tables.append(Table("consolidation", split(total, villages), "三(九)", "N281 N282 N288", note, year))
    return tables


#: need | year:amount ... (no year: every year, or a backlog) | document | section | basis | clauses | note.
PROVINCE_NEEDS = """
special_teacher | 2018:9000 2019:17000 2020:25000 | plan | 二(三)2 | derived | N177 |
trainee_teacher | 2018:1648 2019:3269 2020:4890 | plan | 二(三)2 | derived | N178 |
teacher_course | 2018:14913 2019:14703 2020:14703 | plan | 二(三)2 | stated | N179 |
teacher_loan | 2018:2500 2019:2500 2020:2500 | plan | 二(三)2 | stated | N180 |
township_doctor | 2018:0 2019:0 2020:705 | assumption | A21 | illustrative | N170 |
student_aid | :177000 | assumption | A22 | illustrative | N011 N172 |
three_hospitals | :141 | plan | 二(三)1 | derived | N158 N160 |
township_hospital | :211 | assumption | A22 | illustrative | N158 N161 N168 |
specialty | :47 | plan | 二(三)1 | derived | N169 |
serious_case | :40000 | assumption | A22 | illustrative | N159 N163 N165 N167 |
chronic_contract | :700000 | assumption | A22 | illustrative | N159 N164 N166 |
outpatient | :300000 | assumption | A22 | illustrative | N151 N152 |
pension_premium | 2018:36000 2019:364000 2020:728000 | assumption | A23 | illustrative | N070 N071 |
basic_pension | :575640 | plan | 引言、二(一)2 | derived | N008 N072 N073 |
care_service | 2018:20000 2019:25000 2020:30000 | assumption | A23 | illustrative | N066 N192 N193 |
disabled_living | :300000 | assumption | A23 | illustrative | N186 |
disabled_nursing | :250000 | assumption | A23 | illustrative | N186 |
leading_firm | :47 | plan | 二(二)1 | derived | N085 |
village_industry | :2606 | assumption | A24 | illustrative | N091 |
ecom_household | :10000 | plan | 二(二)1 | stated | N095 |
ecom_county | :47 | plan | 二(二)1 | derived | N096 |
ecom_center | :47 | plan | 二(二)1 | derived | N098 |
ecom_leader | :2606 | assumption | A24 | illustrative | N099 |
ecom_event | :2 | plan | 二(二)1 | stated | N101 |
ecom_course | :20000 | assumption | A24 | illustrative | N102 |
tour_county | :10 | plan | 二(二)1 | stated | N104 N105 |
tour_household | :1000 | plan | 二(二)1 | stated | N104 N107 |
tour_course | :110 | plan | 二(二)1 | stated | N108 |
tour_route | :15 | plan | 二(二)1 | stated | N109 |
tour_star | :40 | plan | 二(二)1 | stated | N110 |
science_group | :30 | plan | 二(二)1 | stated | N113 |
science_team | :53 | plan | 二(二)1 | stated | N114 |
science_envoy | 2018:2000 2019:2001 2020:2002 | plan | 二(二)1 | derived | N115 N116 N121 |
tech_leader | :10000 | plan | 二(二)1 | stated | N117 |
science_project | :100 | plan | 二(二)1 | stated | N118 |
science_base | :53 | plan | 二(二)1 | stated | N119 |
platform | :50 | plan | 二(二)1 | stated | N120 |
job_help | :300000 | assumption | A26 | illustrative | N124 N126 |
untrained | :150000 | assumption | A26 | illustrative | N125 N126 |
startup_course | :5000 | assumption | A26 | illustrative | N128 |
startup_award | :2000 | assumption | A26 | illustrative | N129 |
startup_loan | :2000 | assumption | A26 | illustrative | N127 |
moved_job | :20967 | plan | 二(三)4 | derived | N197 |
forest_work | :150000 | plan | 二(二)3 | stated | N136 |
forest_industry | :60000 | plan | 二(二)3 | stated | N139 |
forest_land | :2000000 | assumption | A27 | illustrative | N137 |
retired_land | :100000 | assumption | A27 | illustrative | N138 |
finance_point | :1000 | assumption | A28 | illustrative | N146 |
deep_insurance | :40000 | assumption | A28 | illustrative | N047 N048 |
bus | :500 | assumption | A29 | illustrative | N215 N217 |
power_village | :300 | assumption | A29 | illustrative | N227 |
county_grid | :13 | plan | 二(四)3 | stated | N226 |
mobile | :2000 | assumption | A29 | illustrative | N230 |
fibre | :500 | assumption | A29 | illustrative | N231 |
rubbish | :47 | plan | 二(四)4 | derived | N233 |
reclaim | :65000 | assumption | A29 | illustrative | N196 |
pair_village | :1235 | plan | 二(一)1 | stated | N061 |
audit_poor | :47 | plan | 三(三) | derived | N259 |
audit_other | :110 | assumption | A30 | illustrative | N260 |
secretary_course | :9237 | plan | 三(五) | derived | N268 |
head_course | :450 | assumption | A30 | illustrative | N269 |
deep_plan | :1235 | plan | 二(一)1 | stated | N062 |
dibao_match | :628 | assumption | A31 | illustrative | N064 | 4 a year in 47 + 110 counties
deep_pair | :4 | plan | 二(一)1 | stated | N054 |
heavy_pair | :15 | plan | 二(一)3 | stated | N080 |
public_post | :10000 | assumption | A31 | illustrative | N130 |
settlement | :157 | assumption | A31 | illustrative | N153 | one in each of 47 + 110 counties
toilet | :200000 | assumption | A31 | illustrative | N235 |
inspection | :157 | assumption | A31 | illustrative | N266 | every county once: 47 + 110
"""


# --- rows -------------------------------------------------------------------------------------------

Row = tuple[object, ...]
#: Attributes without a figure in the document; the last two are left for the bureau to fill in (README A32).
INDICATORS = ("income_growth", "service_ratio", "power_ratio")
CITED = ("document", "section", "basis", "clause", "note")


def regions_rows(all_: Sequence[County]) -> Iterator[Row]:
    """regions.csv: names, codes and lists are public; the rural population is not."""
    yield (
        ROOT,
        "河南省",
        "province",
        "",
        "",
        ROOT,
        RURAL,
        "",
        "",
        "",
        "work_report_2018",
        "2.57%",
        "derived",
        "N003",
        "rural_population = 2,214,000 / 2.57 %",
    )
    for county in all_:
        code = "" if county.code == REST else county.code
        yield (
            county.code,
            county.name,
            "county",
            ROOT,
            " ".join(tags(county)),
            code,
            county.rural,
            income_growth(county),
            "",
            "",
            "illustration",
            "README",
            "illustrative",
            " ".join(filter(None, ("N016" if county.poor else "", clauses(county)))),
            "attributes only; name, code and list are public record, see README",
        )


def income_growth(county: County) -> str:
    """Yearly growth of rural income in a poverty county: meaningless figures, to be replaced (README A32)."""
    return f"0.{between(840, 1000, county.code, 71):04d}" if county.poor else ""


def tags(county: County) -> Iterator[str]:
    """The tags conditions and rules ask for, in a fixed order."""
    yield "rest" if county.code == REST else county.kind
    lists = (
        ("deep_poor", DEEP),
        ("relocation_relief", RELIEF),
        ("over_40000", OVER_40000),
        ("over_5_percent", OVER_5_PERCENT),
        ("over_20000", OVER_20000),
        ("over_3_percent", OVER_3_PERCENT),
        ("dabie_old_base", DABIE),
    )
    yield from (tag for tag, codes in lists if county.code in codes)
    if county.mountain:
        yield "mountain"
    if county.deep_villages:
        yield "has_deep_village"
    if county.left:
        yield f"left_{county.left}"


def clauses(county: County) -> str:
    """Clauses that name the county."""
    lists = (
        ("N004 N037", DEEP),
        ("N074", OVER_40000),
        ("N075", OVER_5_PERCENT),
        ("N076", OVER_20000),
        ("N077", OVER_3_PERCENT),
    )
    return " ".join(clause for clause, codes in lists if county.code in codes)


def stocks_rows(all_: Sequence[County]) -> Iterator[Row]:
    """stocks.csv: four groups; a household is taken as three persons."""
    for county in all_:
        for group, members, clause in (
            ("able", county.able, "N003 N007"),
            ("unable", county.unable, "N003 N007"),
            ("deep_village", county.deep_villages, "N005"),
            ("other_village", county.other_villages, "N002 N005"),
        ):
            if members:
                households = -(-members // 3) if group in ("able", "unable") else ""
                yield (
                    county.code,
                    group,
                    members,
                    households,
                    "illustration",
                    "引言",
                    "illustrative",
                    clause,
                    "",
                )


def entrants_rows(all_: Sequence[County]) -> Iterator[Row]:
    """entrants.csv: the newly poor, and who had left before 2018 and falls back, by poor people."""
    persons = {c.code: c.persons for c in all_}
    for year, totals in ENTRANTS.items():
        notes = (("new", f"{totals[0]:,} newly poor, A33"), ("relapsed", f"{totals[1]:,} fall back, A33"))
        for total, (kind, note) in zip(totals, notes, strict=True):
            members = split(total, persons)
            unable = split(total * 47 // 100, members)
            for code in members:
                for group, part in (("able", members[code] - unable[code]), ("unable", unable[code])):
                    if part:
                        source = ("illustration", "三(九)", "illustrative", "N284", note)
                        yield (code, group, year, kind, part, *source)


def needs_rows(all_: Sequence[County]) -> Iterator[Row]:
    """needs.csv: counties without any have no row."""
    for table in needs(all_):
        for code, amount in table.amounts.items():
            if amount:
                yield (
                    code,
                    table.need,
                    table.year or "",
                    amount,
                    "illustration",
                    table.section,
                    "illustrative",
                    table.clause,
                    table.note,
                )
    yield from province_needs_rows()


def province_needs_rows() -> Iterator[Row]:
    """Needs counted for the whole province, from the table above."""
    for line in PROVINCE_NEEDS.strip().splitlines():
        need, amounts, *citation = (part.strip() for part in line.split("|"))
        for year, amount in (pair.split(":") for pair in amounts.split()):
            yield (ROOT, need, year, amount, *citation)


def funds_rows(all_: Sequence[County]) -> Iterator[Row]:
    """funds.csv, in 万元: the province's pools by hand, the counties' by rule."""
    yield from province_rows()
    for code in DEEP:
        for year, amount in zip(YEARS, (20_000, 20_000, 10_000), strict=True):
            note = "credit: 2, 2 and 1亿元 a deep county"
            yield ("relending", code, year, amount, "", "plan", "二(一)1", "stated", "N045 N046", note)
    for code in DEEP:
        for year, amount in zip(YEARS, (10_000, 10_000, 0), strict=True):
            yield (
                "deep_county",
                code,
                year,
                amount,
                "",
                "plan",
                "二(一)1",
                "stated",
                "N038",
                "1亿元 for each deep county, read as a year",
            )
    for county in all_:
        if county.deep_villages:
            for year in YEARS:
                amount = 0 if year == 2020 else 50 * county.deep_villages
                yield (
                    "deep_village",
                    county.code,
                    year,
                    amount,
                    "",
                    "illustration",
                    "二(一)1",
                    "illustrative",
                    "N055",
                    "at most 50万元 for each deep village; rule deep-village-grant says how much",
                )
    for county in all_:
        if county.deep_villages:
            for year in YEARS:
                amount = 0 if year == 2020 else 50 * county.deep_villages
                yield (
                    "city_support",
                    county.code,
                    year,
                    amount,
                    "",
                    "illustration",
                    "二(一)1",
                    "illustrative",
                    "N056",
                    "at most what the province gives; rule city-as-province",
                )
    poor = {county.code: county.persons for county in all_ if county.poor}
    for code, amount in split(300_000, poor).items():
        for year in YEARS:
            yield (
                "agri_pool",
                code,
                year,
                amount,
                "",
                "illustration",
                "三(三)",
                "illustrative",
                "N253 N256",
                "30亿元 a year for 47 counties, README A18",
            )


def province_rows() -> Iterator[Row]:
    """The pools of the province, from the table below."""
    for line in PROVINCE_FUNDS.strip().splitlines():
        fund, amounts, *citation = (part.strip() for part in line.split("|"))
        for year, amount in (pair.split(":") for pair in amounts.split()):
            yield (fund, ROOT, year, amount, "", *citation)


#: fund | year:万元 ... | document | section | basis | clauses | note. 2017 is history for the growth rule.
PROVINCE_FUNDS = """
central_special | 2017:344000 2018:423900 2019:503800 | assumption | A16 | assumed | N249 N250 |
central_special | 2020:583700 | special_2020 | 中央资金 | stated | N249 N250 | 58.37亿元, as of August 2020
prov_special | 2018:220000 2019:260000 | assumption | A17 | assumed | N249 N250 |
prov_special | 2020:328500 | special_2020 | 省级资金 | stated | N249 N250 | 32.85亿元, as of August 2020
transfer | 2018:100000 2019:120000 2020:140000 | plan | 三(三) | stated | N252 | 10, 12, 14亿元
village_bond | 2018:150000 2019:100000 2020:50000 | assumption | A19 | assumed | N251 |
water_fund | 2018:90000 | plan | 二(四)2 | stated | N220 | 9亿元
water_fund | 2019:0 2020:0 | assumption | A14 | assumed | N222 | no later amount is printed
school_fund | 2018:335800 2019:107700 2020:107700 | plan | 二(三)2 | stated | N173 N175 |
dorm_fund | 2018:21500 | plan | 二(三)2 | stated | N181 | 2.15亿元
dorm_fund | 2019:0 2020:0 | assumption | A14 | assumed | N183 | no later amount is printed
health_fund | 2018:132900 | plan | 二(三)1 | stated | N154 | 13.29亿元, hoped for
health_fund | 2019:0 2020:0 | assumption | A14 | assumed | N154 | no later amount is printed
housing_central | 2018:90000 2019:80000 2020:10000 | assumption | A9 | assumed | N201 N203 N206 |
ranger_fund | 2018:10000 2019:15000 2020:20000 | assumption | A8 | assumed | N131 N134 | 1万元 a post
grid_company | 2018:103800 | assumption | A15 | assumed | N225 N226 N227 | 249 x 200, 13 x 3,000, 300 x 50万元
grid_company | 2019:500000 2020:500000 | plan | 二(四)3 | derived | N229 | 100亿元 over two years, halved
land_cross_province | 2018:0 2019:0 2020:0 | assumption | A28 | assumed | N042 N262 | no amount printed
land_city | 2018:0 2019:0 2020:0 | assumption | A28 | assumed | N060 | no amount printed
land_ticket | 2018:0 2019:0 2020:0 | assumption | A28 | assumed | N199 N261 | no amount printed
pair_cities | 2018:0 2019:0 2020:0 | assumption | A28 | assumed | N053 | no amount printed
lottery | 2018:0 2019:0 2020:0 | assumption | A28 | assumed | N069 | no amount printed
donations | 2018:0 2019:0 2020:0 | assumption | A28 | assumed | N184 N280 | no amount printed
development_funds | 2018:0 2019:0 2020:0 | assumption | A28 | assumed | N254 | no amount printed
revitalization | 2018:0 2019:0 2020:0 | assumption | A28 | assumed | N289 | no amount printed
"""


def capacity_rows(all_: Sequence[County]) -> Iterator[Row]:
    """capacity.csv: what can be organised in a year."""
    for year, amount in zip(YEARS, (400_000, 500_000, 500_000), strict=True):
        yield (
            "industry",
            ROOT,
            year,
            amount,
            "assumption",
            "A20",
            "assumed",
            "N009",
            "half of 2018 is gone when the plan appears",
        )
    for year, amount in zip(YEARS, (600, 800, 800), strict=True):
        yield (
            "build_deep_village",
            ROOT,
            year,
            amount,
            "assumption",
            "A20",
            "assumed",
            "N009",
            "half of 2018 is gone when the plan appears",
        )
    for county in all_:
        for year in YEARS:
            yield (
                "job_training",
                county.code,
                year,
                -(-county.able // 10),
                "illustration",
                "二(二)2",
                "illustrative",
                "N122 N124",
                "a tenth of the able-bodied a year, README A20",
            )
    for county in all_:
        if county.poor:
            for year in YEARS:
                yield (
                    "do_review",
                    county.code,
                    year,
                    2,
                    "plan",
                    "三(七)",
                    "stated",
                    "N273",
                    "at most two a year",
                )


def resources_rows(all_: Sequence[County]) -> Iterator[Row]:
    """resources.csv: extra building land of the deep counties."""
    for code in DEEP:
        for year in YEARS:
            yield (
                "land_quota",
                code,
                year,
                1_000,
                "plan",
                "二(一)1",
                "stated",
                "N049",
                "1,000亩 a year for each deep county",
            )


# --- checks and output --------------------------------------------------------------------------


class Contradiction(ValueError):
    """The tables do not agree with the document."""


def check(all_: Sequence[County]) -> None:
    """Raises Contradiction where a total or a list of the document does not hold."""
    statements = [
        ("persons", sum(c.persons for c in all_) == PERSONS),
        ("unable", sum(c.unable for c in all_) == 1_040_580),
        ("deep villages", sum(c.deep_villages for c in all_) == DEEP_VILLAGES),
        ("villages", sum(c.deep_villages + c.other_villages for c in all_) == VILLAGES),
        ("rural population", sum(c.rural for c in all_) == RURAL),
        ("33 national counties", sum(c.kind == NATIONAL for c in all_) == 33),
        ("14 provincial counties", sum(c.kind == PROVINCIAL for c in all_) == 14),
        ("19 national counties left in 2018", sum(c.kind == NATIONAL and c.left == 2018 for c in all_) == 19),
    ]
    for c in all_:
        rate = Fraction(c.persons, c.rural)
        statements.append((f"{c.name}: positive", min(c.persons, c.rural, c.able, c.unable) > 0))
        if c.poor and c.code not in DEEP:
            statements.append((f"{c.name}: 40,000", (c.persons > 40_000) == (c.code in OVER_40000)))
            statements.append((f"{c.name}: 5 %", (rate > Fraction(1, 20)) == (c.code in OVER_5_PERCENT)))
        if c.kind == OTHER and c.code != REST:
            statements.append((f"{c.name}: 20,000", (c.persons > 20_000) == (c.code in OVER_20000)))
            statements.append((f"{c.name}: 3 %", (rate > Fraction(3, 100)) == (c.code in OVER_3_PERCENT)))
        if c.code == REST:
            statements.append(("rest: incidence", rate < Fraction(2, 100)))
    totals: dict[str, int] = {}
    for table in needs(all_):
        totals[table.need] = totals.get(table.need, 0) + sum(table.amounts.values())
    stated = {
        "housing": 115_000,
        "relocation": 62_900,
        "school_2018": 5_019,
        "school_later": 3_096,
        "dormitory": 3_291,
        "hospital": 33,
        "barrier_free": 70_100,
        "devices": 56_450,
        "child_rehab": 3_846,
        "grid_village": 249,
        "ranger_post": 20_000,
        "tourism": 100,
        "collective": 1_235,
        "ecommerce": 3_723,
        "medical": PERSONS,
    }
    statements += [(need, totals[need] == total) for need, total in stated.items()]
    broken = [name for name, holds in statements if not holds]
    if broken:
        raise Contradiction("; ".join(broken))


FILES = (
    (
        "regions.csv",
        ("region", "name", "level", "parent", "tags", "code", "rural_population", *INDICATORS),
        regions_rows,
    ),
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
