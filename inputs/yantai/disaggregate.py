"""County tables of the Yantai case: the document's totals split over twelve counties so that they add up.

The plan prints totals of the city only; county figures are not public. This script invents the smallest thing
that agrees with the totals. Integer and Fraction arithmetic, no randomness, no clock. It writes regions.csv,
stocks.csv, needs.csv, funds.csv, capacity.csv and resources.csv next to itself, or into the folder given as
its one argument. `check` refuses tables that contradict the document. costs.csv and gaps.csv are kept by
hand. README.md says what is assumed.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

YEARS = (2016, 2017, 2018, 2019, 2020)
ROOT = "370600"

# --- what the document says ---------------------------------------------------------------------

GROUPS = {  # persons by path; reservoir resettlers are taken out of the 19,000 of production (README A2)
    "production": 18_100,
    "reservoir": 900,
    "training": 4_000,
    "mixed": 8_000,
    "medical": 12_000,
    "safety": 2_201,
}
PERSONS = 45_201
HOUSEHOLDS = 27_998
PROV_VILLAGES = 277
CITY_VILLAGES = 73
GRAIN_MU = 2_180_000
GRID_OPEN = 48
REVENUE = 54_270_000_000  # yuan, 2015
RURAL_DIBAO = 89_434
DIBAO_STANDARD = 3_789  # yuan a year, mean of 2015

#: Attributes of the city that the document asks for without a figure: the bureau fills them in.
INDICATORS = (
    "wellbeing_2020",
    "village_index_2015",
    "village_index_2020",
    "assets_shared",
    "firms_hiring",
    "pv_sold",
    "rural_titles",
    "directed_seats",
    "treated_first",
    "serious_in_county",
    "destitute_ratio",
    "destitute_town_country",
    "police_companies",
    "police_households",
    "schools_paired",
    "low_cost_clinics",
    "paved_villages",
    "projects_published",
)
TO_FILL_IN = ("",) * len(INDICATORS)

# --- what is public record: names and codes; weights are invented ----------------------------------

#: code, name, weight of poor persons, weight of villages, weight of grain land, tags
COUNTIES = (
    ("370611", "福山区", 4, 5, 4, ""),
    ("370612", "牟平区", 10, 11, 10, "heavy"),
    ("370613", "莱山区", 2, 2, 2, ""),
    ("370634", "长岛县", 1, 1, 1, "island"),
    ("370681", "龙口市", 6, 6, 9, ""),
    ("370682", "莱阳市", 18, 17, 18, "heavy"),
    ("370683", "莱州市", 13, 12, 20, ""),
    ("370684", "蓬莱市", 8, 8, 9, ""),
    ("370685", "招远市", 9, 9, 10, ""),
    ("370686", "栖霞市", 14, 15, 7, "heavy"),
    ("370687", "海阳市", 14, 13, 14, "heavy"),
    ("370600-12", "第十二个有脱贫任务的区(推定昆嵛山保护区)", 1, 1, 1, ""),
)
NO_TASK = (("370602", "芝罘区"), ("370600-kfq", "烟台开发区"), ("370600-gxq", "烟台高新区"))
CODES = tuple(county[0] for county in COUNTIES)
HEAVY = tuple(county[0] for county in COUNTIES if "heavy" in county[5])

CITED = ("document", "section", "basis", "clause", "note")
Row = tuple[object, ...]


def split(total: int, weights: Mapping[str, Fraction | int]) -> dict[str, int]:
    """`total` in whole parts in proportion to the weights: largest remainder, ties to the first."""
    whole = sum(weights.values(), Fraction(0))
    exact = {key: Fraction(total) * weight / whole for key, weight in weights.items()}
    parts = {key: value.numerator // value.denominator for key, value in exact.items()}
    order = sorted(exact, key=lambda key: parts[key] - exact[key])
    for key in order[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


def spread(position: int, salt: int) -> Fraction:
    """A number in [0, 1) that means nothing: it only keeps counties from being all alike."""
    return Fraction((position + 1) * salt % 101, 101)


def weights(column: int) -> dict[str, int]:
    """One column of the county table."""
    return {county[0]: int(county[column]) for county in COUNTIES}


def members() -> dict[tuple[str, str], int]:
    """(county, group) -> persons or villages."""
    found: dict[tuple[str, str], int] = {}
    for salt, (group, total) in enumerate(GROUPS.items(), start=7):
        by = {c[0]: c[2] * (9 + 2 * spread(i, salt * 11)) for i, c in enumerate(COUNTIES)}
        found |= {(code, group): amount for code, amount in split(total, by).items()}
    for group, total in (("prov_village", PROV_VILLAGES), ("city_village", CITY_VILLAGES)):
        found |= {(code, group): amount for code, amount in split(total, weights(3)).items()}
    return found


MEMBERS = members()
MEMBER_HOUSEHOLDS = split(
    HOUSEHOLDS, {f"{code} {group}": MEMBERS[code, group] for code in CODES for group in GROUPS}
)


def basis_of_split(key: str) -> dict[str, int]:
    """The weights a need or fund is split by."""
    if key == "persons":
        return {code: sum(MEMBERS[code, group] for group in GROUPS) for code in CODES}
    if key == "households":
        return {code: sum(MEMBER_HOUSEHOLDS[f"{code} {group}"] for group in GROUPS) for code in CODES}
    if key == "prov":
        return {code: MEMBERS[code, "prov_village"] for code in CODES}
    if key == "city":
        return {code: MEMBERS[code, "city_village"] for code in CODES}
    if key == "villages":
        return {code: MEMBERS[code, "prov_village"] + MEMBERS[code, "city_village"] for code in CODES}
    if key == "mu":
        return weights(4)
    if key == "each":
        return dict.fromkeys(CODES, 1)
    if key == "heavy":
        return dict.fromkeys(HEAVY, 1)
    if key in GROUPS or key == "4 x training":
        return {code: MEMBERS[code, key.removeprefix("4 x ")] for code in CODES}
    raise ValueError(key)


def parts_of(total: int, key: str) -> dict[str, int]:
    """`total` over the counties; "4 x KEY" and the like: that many for each whole unit of KEY's own split."""
    if key == "4 x training":
        return {code: 4 * amount for code, amount in basis_of_split("training").items()}
    if key == "8 x treatment":
        return {code: 8 * amount for code, amount in split(total // 8, basis_of_split("persons")).items()}
    return split(total, basis_of_split(key))


# --- needs: id, year (None: every year), total, split, basis and section of the total, clause, note

NEEDS = (
    (
        "subsidy_poor",
        2016,
        15000,
        "households",
        "stated",
        "三/一/二",
        "Y075 Y076",
        "about 15,000 poor households gain somewhat more than 400 yuan each",
    ),
    (
        "subsidy_poor",
        2017,
        15000,
        "households",
        "stated",
        "三/一/二",
        "Y075 Y076",
        "about 15,000 poor households gain somewhat more than 400 yuan each",
    ),
    (
        "subsidy_poor",
        2018,
        15000,
        "households",
        "stated",
        "三/一/二",
        "Y075 Y076",
        "about 15,000 poor households gain somewhat more than 400 yuan each",
    ),
    (
        "subsidy_poor",
        2019,
        15000,
        "households",
        "stated",
        "三/一/二",
        "Y075 Y076",
        "about 15,000 poor households gain somewhat more than 400 yuan each",
    ),
    (
        "subsidy_poor",
        2020,
        15000,
        "households",
        "stated",
        "三/一/二",
        "Y075 Y076",
        "about 15,000 poor households gain somewhat more than 400 yuan each",
    ),
    ("subsidy_other", 2016, 592000, "mu", "derived", "三/一/二", "Y075", "607,000 less 15,000 households"),
    ("subsidy_other", 2017, 592000, "mu", "derived", "三/一/二", "Y075", "607,000 less 15,000 households"),
    ("subsidy_other", 2018, 592000, "mu", "derived", "三/一/二", "Y075", "607,000 less 15,000 households"),
    ("subsidy_other", 2019, 592000, "mu", "derived", "三/一/二", "Y075", "607,000 less 15,000 households"),
    ("subsidy_other", 2020, 592000, "mu", "derived", "三/一/二", "Y075", "607,000 less 15,000 households"),
    ("asset_2017", None, 144, "mixed", "stated", "三/一/三", "Y082", "144 households, 162 persons in 2017"),
    (
        "lead_firm",
        None,
        102,
        "production",
        "stated",
        "三/一/四",
        "Y085",
        "at least 102 households, 134 persons",
    ),
    ("coop_link", None, 418, "production", "stated", "三/一/五", "Y088", "418 households, 789 persons"),
    ("star", None, 208, "production", "stated", "三/一/六", "Y090", "208 households, 378 persons"),
    ("coop_prov", None, 277, "prov", "stated", "三/导语", "Y065", "277: one in each village"),
    ("coop_city", None, 73, "city", "stated", "三/导语", "Y065", "73: one in each village"),
    (
        "member",
        None,
        14246,
        "households",
        "derived",
        "三/导语",
        "Y066",
        "27,998 x (19,000 + 4,000) / 45,201 = 14,246; README A5",
    ),
    (
        "skill",
        None,
        14246,
        "households",
        "derived",
        "三/导语",
        "Y067",
        "as for member; one skill, the lower figure of 1-2",
    ),
    ("pillar", None, 139, "prov", "derived", "一/一/二、三/导语", "Y018 Y069", "277 x 50 %, rounded up"),
    ("fruit", None, 79, "villages", "stated", "三/一/一", "Y070", "79 villages"),
    ("veg", None, 20, "villages", "stated", "三/一/一", "Y071", "20 villages"),
    ("sustain", 2018, 99, "villages", "derived", "三/一/一", "Y072", "79 + 20 from 2018 on"),
    ("sustain", 2019, 99, "villages", "derived", "三/一/一", "Y072", "79 + 20 from 2018 on"),
    ("sustain", 2020, 99, "villages", "derived", "三/一/一", "Y072", "79 + 20 from 2018 on"),
    ("tech_session", None, 100, "root", "stated", "三/一/七", "Y092", "at least 100 a year"),
    ("handout", None, 10000, "root", "stated", "三/一/七", "Y093", "10,000 a year or more"),
    ("technician", None, 350, "villages", "derived", "三/一/七", "Y094", "277 + 73 villages"),
    (
        "farm_training",
        None,
        3000,
        "production",
        "assumed",
        "A17",
        "Y095",
        "number of willing people not printed",
    ),
    ("tour_base", None, 17, "prov", "stated", "三/二/一", "Y097 Y099", "17 villages"),
    ("tour_model", None, 17, "prov", "stated", "三/二/一", "Y102", "17 villages"),
    ("tour_train", None, 17, "prov", "stated", "三/二/三", "Y109", "17 villages"),
    ("ecom_start", None, 12, "each", "derived", "三/三/一", "Y112", "the 12 counties with a task"),
    ("ecom_network", None, 12, "each", "derived", "三/三/一", "Y113", "the 12 counties with a task"),
    ("ecom_train", None, 3000, "villages", "stated", "三/三/四", "Y117", "about 3,000 in 2016-2017"),
    ("pv_village", None, 277, "prov", "stated", "三/四/一", "Y120", "277 villages"),
    ("pv_house", None, 6308, "medical", "stated", "三/四/一", "Y121", "6,308 households"),
    ("pv_town", None, 67, "villages", "stated", "三/四/一", "Y119", "67 townships"),
    ("jobs", None, 1538, "training", "stated", "四/导语", "Y137 Y138", "1,538 persons by the end of 2017"),
    (
        "skills",
        None,
        4000,
        "training",
        "derived",
        "四/导语",
        "Y138 Y139",
        "the path of 4,000 persons, all taken as willing",
    ),
    ("kindergarten", None, 40, "prov", "stated", "五/一/一", "Y155", "about 40"),
    ("school_upgrade", None, 60, "persons", "assumed", "A13", "Y151", "60 schools: number not printed"),
    ("teacher", None, 300, "persons", "assumed", "A13", "Y153", "300 posts: number not printed"),
    ("aid_pre", None, 700, "persons", "assumed", "A13", "Y178", "700 children"),
    ("aid_basic", None, 2700, "persons", "assumed", "A13", "Y055 Y178", "2,700 pupils"),
    ("aid_senior", None, 700, "persons", "assumed", "A13", "Y178", "700 pupils"),
    ("aid_voc", None, 400, "persons", "assumed", "A13", "Y169 Y178", "400 pupils"),
    ("aid_univ", None, 500, "persons", "assumed", "A13", "Y165 Y178", "500 students"),
    (
        "voc_place",
        None,
        6000,
        "persons",
        "assumed",
        "A13",
        "Y170 Y171 Y172 Y173",
        "6,000 rural graduates a year who do not go to a general senior school",
    ),
    ("voc_poor", None, 130, "persons", "assumed", "A13", "Y167", "130 a year"),
    ("left_child", None, 900, "persons", "assumed", "A13", "Y179", "900 children"),
    ("care_room", None, 120, "persons", "assumed", "A13", "Y180", "120 rooms"),
    (
        "treatment",
        None,
        31867,
        "persons",
        "derived",
        "一/二/二(一)、二/三/二、六/导语",
        "Y036 Y055 Y182",
        "70.5 % of 45,201, rounded",
    ),
    ("serious_aid", None, 12000, "medical", "stated", "二/三/一、七/一/三", "Y051 Y220", "12,000"),
    ("premium", None, 45201, "persons", "derived", "七/一/三", "Y219 Y220", "every registered person"),
    ("clinic", None, 70, "villages", "assumed", "A14", "Y189", "70 of 350 villages"),
    ("gp", None, 24, "heavy", "assumed", "A14", "Y190", "24 township hospitals with heavy tasks"),
    ("village_doctor", None, 600, "villages", "assumed", "A14", "Y191", "600 doctors"),
    ("public_health", None, 45201, "persons", "derived", "六/二/一", "Y192", "every registered person"),
    ("hospital_pair", 2016, 12, "each", "derived", "六/二/二", "Y193", "12 counties, 2016-2017"),
    ("hospital_pair", 2017, 12, "each", "derived", "六/二/二", "Y193", "12 counties, 2016-2017"),
    ("changdao", None, 10, "island", "stated", "六/二/二", "Y195", "10 a year"),
    ("special_dept", None, 8, "heavy", "assumed", "A14", "Y196", "two in each county with a heavy task"),
    ("tcm", None, 40, "persons", "assumed", "A14", "Y199", "40"),
    ("mch", None, 12, "each", "derived", "六/二/三", "Y201", "one in each of the 12 counties"),
    ("delivery", None, 16000, "persons", "assumed", "A14", "Y202", "16,000 rural births a year"),
    ("folic", None, 16000, "persons", "assumed", "A14", "Y203", "as many as births"),
    ("screening", 2016, 30000, "persons", "assumed", "A14", "Y204", "grows by 2,000 a year"),
    ("screening", 2017, 32000, "persons", "assumed", "A14", "Y204", "grows by 2,000 a year"),
    ("screening", 2018, 34000, "persons", "assumed", "A14", "Y204", "grows by 2,000 a year"),
    ("screening", 2019, 36000, "persons", "assumed", "A14", "Y204", "grows by 2,000 a year"),
    ("screening", 2020, 38000, "persons", "assumed", "A14", "Y204", "grows by 2,000 a year"),
    ("tb", None, 800, "persons", "assumed", "A14", "Y208", "800 cases, 6-8 months of drugs"),
    (
        "dibao",
        None,
        20612,
        "persons",
        "derived",
        "一/二/二(一)、七/一/一",
        "Y039 Y213",
        "45.6 % of 45,201, rounded",
    ),
    ("tekun", None, 1500, "safety", "assumed", "A15", "Y217", "1,500 registered persons"),
    ("temp_relief", 2016, 1000, "persons", "assumed", "A15", "Y223", "1,000 cases a year"),
    ("temp_relief", 2017, 1000, "persons", "assumed", "A15", "Y223", "1,000 cases a year"),
    ("temp_relief", 2018, 1000, "persons", "assumed", "A15", "Y223", "1,000 cases a year"),
    ("temp_relief", 2019, 1000, "persons", "assumed", "A15", "Y223", "1,000 cases a year"),
    ("temp_relief", 2020, 1000, "persons", "assumed", "A15", "Y223", "1,000 cases a year"),
    (
        "disabled",
        None,
        7820,
        "persons",
        "derived",
        "一/二/二(一)、七/二/三",
        "Y037 Y234",
        "17.3 % of 45,201, rounded",
    ),
    ("elder80", None, 3000, "persons", "assumed", "A15", "Y235", "3,000 persons"),
    ("child_welfare", None, 300, "persons", "assumed", "A15", "Y234", "300 children"),
    ("heart", None, 10, "persons", "assumed", "A15", "Y236", "10 a year"),
    ("fire", None, 80, "persons", "assumed", "A15", "Y229", "80 homes"),
    ("beds", None, 500, "safety", "assumed", "A15", "Y228 Y230", "500 beds for those willing"),
    ("jijiunan", None, 12, "each", "derived", "七/一/三", "Y224", "12 counties"),
    ("first_secretary", None, 277, "prov", "stated", "八/一/一", "Y242", "277 villages"),
    ("village_team", None, 277, "prov", "stated", "八/一/一", "Y243", "277 villages"),
    ("helper", None, 27998, "households", "stated", "八/一/一", "Y244", "27,998 households"),
    ("inspection", None, 48, "each", "derived", "八/一/三", "Y249", "12 counties x 4"),
    ("secretary_training", None, 6000, "persons", "assumed", "A16", "Y293", "6,000 villages of the city"),
    ("admin", None, 12, "each", "derived", "十/一/二", "Y290", "12 counties"),
    ("audit", None, 12, "each", "derived", "十/四/一", "Y321", "12 counties"),
    ("purchase", 2016, 24, "each", "assumed", "A16", "Y301", "steadily more"),
    ("purchase", 2017, 30, "each", "assumed", "A16", "Y301", "steadily more"),
    ("purchase", 2018, 36, "each", "assumed", "A16", "Y301", "steadily more"),
    ("purchase", 2019, 42, "each", "assumed", "A16", "Y301", "steadily more"),
    ("purchase", 2020, 48, "each", "assumed", "A16", "Y301", "steadily more"),
    ("counterpart", None, 3, "root", "stated", "八/二/一", "Y250", "3 partners"),
    ("dezhou", 2016, 1, "root", "stated", "八/二/二", "Y251", "one partner city"),
    ("dezhou", 2017, 1, "root", "stated", "八/二/二", "Y251", "one partner city"),
    ("dezhou", 2018, 1, "root", "stated", "八/二/二", "Y251", "one partner city"),
    ("road_task", None, 277, "prov", "stated", "一/一/二、九/一/一", "Y015 Y260", "277 villages"),
    (
        "road_bus",
        None,
        277,
        "prov",
        "stated",
        "九/一/一",
        "Y261",
        "277 villages; the city-level ones are not named",
    ),
    ("hardening", None, 277, "prov", "stated", "九/一/一", "Y270", "277 villages"),
    ("road_net", None, 4, "heavy", "assumed", "A11", "Y269", "4 counties"),
    ("grid_key", None, 48, "prov", "stated", "九/一/二", "Y271 Y274", "48 villages"),
    ("grid_admin", None, 48, "mu", "stated", "九/一/二", "Y272", "48 villages"),
    ("well", None, 18800, "mu", "stated", "九/一/二", "Y273", "18,800 wells"),
    (
        "tap_water",
        None,
        14,
        "prov",
        "derived",
        "一/一/二、九/一/三",
        "Y016",
        "277 x (100 % - 94.9 %), rounded",
    ),
    ("water_upgrade", None, 350, "villages", "assumed", "A11", "Y275", "every key village"),
    ("small_water", None, 200, "villages", "assumed", "A11", "Y276", "200 of 350 villages"),
    ("farmland", None, 10000, "mu", "assumed", "A11", "Y319", "10,000 mu"),
    (
        "housing",
        None,
        1297,
        "households",
        "stated",
        "一/一/二、二/三/二、九/一/六",
        "Y017 Y055 Y279",
        "1,297 households",
    ),
    ("housing_city", None, 3000, "persons", "assumed", "A11", "Y280", "3,000 houses"),
    ("toilet", None, 28000, "villages", "assumed", "A11", "Y282", "80 households in each of 350 villages"),
    ("improve", None, 350, "villages", "derived", "九/三", "Y285", "277 + 73 villages"),
    ("beautiful", None, 20, "villages", "assumed", "A11", "Y286", "20 villages"),
    ("monitor", 2018, 27998, "households", "derived", "九/四", "Y288", "27,998 households"),
    ("monitor", 2019, 27998, "households", "derived", "九/四", "Y288", "27,998 households"),
    ("monitor", 2020, 27998, "households", "derived", "九/四", "Y288", "27,998 households"),
    (
        "retain",
        None,
        480000,
        "persons",
        "assumed",
        "A13",
        "Y145",
        "480,000 children of compulsory school age",
    ),
    ("preschool", None, 150000, "persons", "assumed", "A13", "Y146", "150,000 children"),
    ("senior_place", None, 160000, "persons", "assumed", "A13", "Y147", "160,000 young people"),
    ("county_visit", None, 100000, "persons", "assumed", "A14", "Y197", "100,000 visits of the poor a year"),
    ("chronic", 2016, 10000, "persons", "assumed", "A14", "Y206", "grows by 500 a year"),
    ("chronic", 2017, 10500, "persons", "assumed", "A14", "Y206", "grows by 500 a year"),
    ("chronic", 2018, 11000, "persons", "assumed", "A14", "Y206", "grows by 500 a year"),
    ("chronic", 2019, 11500, "persons", "assumed", "A14", "Y206", "grows by 500 a year"),
    ("chronic", 2020, 12000, "persons", "assumed", "A14", "Y206", "grows by 500 a year"),
    ("vct", None, 12, "each", "derived", "六/三/二", "Y209", "one in each of the 12 counties"),
    ("health_scheme", None, 1, "root", "derived", "六/二/一", "Y188", "one scheme of the city, 2016"),
    ("county_industry", None, 12, "each", "derived", "三/三/三", "Y116", "one in each of the 12 counties"),
    ("logistics", None, 12, "each", "assumed", "A11", "Y114", "one in each of the 12 counties"),
    ("job_fair", None, 24, "each", "assumed", "A16", "Y142", "two a county and year"),
    ("village_plan", None, 277, "prov", "derived", "八/一/二", "Y246", "277 villages"),
    ("county_plan", None, 12, "each", "derived", "十/二/二", "Y300", "12 counties"),
    ("seconded", None, 80, "heavy", "assumed", "A16", "Y291", "80 cadres, counties with heavy tasks"),
    ("cadre_college", None, 300, "villages", "assumed", "A16", "Y294", "300 places a year"),
    ("graduates", None, 30, "persons", "assumed", "A16", "Y258", "30 a year"),
    ("firm_pair", None, 100, "prov", "stated", "八/三/二", "Y254", "100 villages"),
    ("land_service", None, 36, "each", "derived", "三/一/三", "Y079", "12 counties x 3 levels"),
    ("job_ledger", None, 36, "each", "derived", "四/一/一", "Y140", "12 counties x 3 levels"),
    ("job_class", None, 4000, "training", "derived", "四/一/二", "Y141", "the path of 4,000 persons"),
    ("job_service", None, 16000, "4 x training", "derived", "四/一/二", "Y141", "4,000 persons x 4 services"),
    ("preschool_access", None, 277, "prov", "stated", "五/一/一", "Y154", "277 villages"),
    ("equipment_zone", None, 1, "root", "stated", "五/导语", "Y152", "the city's one zone"),
    ("voc_mentor", None, 130, "persons", "assumed", "A13", "Y175", "130 a year"),
    ("eight_items", None, 254936, "8 x treatment", "derived", "六/一/一", "Y184", "31,867 persons x 8 items"),
    ("disease_week", None, 52, "root", "derived", "六/三/一", "Y205", "every week"),
    ("disease_month", None, 12, "root", "derived", "六/三/一", "Y205", "every month"),
    ("aid_modes", None, 48, "each", "derived", "七/一/三", "Y219", "12 counties x 4 modes"),
    ("relief_council", None, 13, "root", "derived", "七/一/三", "Y225", "the city and 12 counties"),
    ("secretary_contract", None, 277, "prov", "derived", "八/一/三", "Y248", "277 first secretaries"),
    ("police_village", None, 1, "root", "stated", "八/四/一", "Y256", "one village"),
    ("annual_report", None, 13, "root", "derived", "十/四/一", "Y323", "the city and 12 counties"),
    ("vaccination", None, 16000, "persons", "assumed", "A14", "Y207", "16,000 children, as many as births"),
)

# --- funds: id, split ("": at the city), basis and section of the total, clause, note,
# --- amounts in 万元 of 2015 (history, or None) and of 2016 to 2020

FUNDS = (
    (
        "central_special",
        "",
        "assumed",
        "A7",
        "Y013 Y247",
        "A7 of 84 million yuan a year on average in 2011-2015",
        (600, 800, 800, 800, 800, 800),
    ),
    ("prov_special", "", "assumed", "A7", "Y013 Y247", "A7", (2700, 3600, 4000, 4200, 3600, 3000)),
    ("city_special", "", "assumed", "A7", "Y013 Y306", "A7", (2300, 8000, 8000, 8000, 8000, 8000)),
    (
        "county_special",
        "persons",
        "assumed",
        "A7",
        "Y013 Y289 Y306",
        "A7",
        (2800, 9000, 9000, 9000, 9000, 9000),
    ),
    ("agri_pool", "mu", "assumed", "A8", "Y289 Y296", "A8", (None, 25000, 25000, 25000, 25000, 25000)),
    (
        "universal",
        "",
        "stated",
        "三/一/二、十/三/一",
        "Y074 Y310",
        "2.82亿元; the year is not printed",
        (None, 28200, 28200, 28200, 28200, 28200),
    ),
    (
        "road_block",
        "",
        "stated",
        "九/一/一",
        "Y268",
        "约2000万元 a year",
        (None, 2000, 2000, 2000, 2000, 2000),
    ),
    ("road_tax", "", "assumed", "A9", "Y266", "A9", (None, 500, 500, 0, 0, 0)),
    ("road_net_fund", "", "assumed", "A9", "Y266", "A9", (None, 400, 400, 0, 0, 0)),
    ("bus_station", "", "assumed", "A9", "Y266", "A9", (None, 150, 150, 0, 0, 0)),
    ("road_precise", "", "assumed", "A9", "Y266", "A9", (None, 450, 450, 0, 0, 0)),
    ("univ_fund", "", "assumed", "A13", "Y166", "A13", (None, 20, 20, 20, 20, 20)),
    ("grid_company", "", "assumed", "A12", "Y271", "A12", (None, 14000, 14000, 0, 0, 0)),
    ("donation", "", "assumed", "A9", "Y226 Y231 Y253 Y255", "A9", (None, 800, 800, 800, 400, 400)),
    ("love", "", "assumed", "A9", "Y232 Y233", "A9", (None, 1000, 1000, 1000, 1000, 1000)),
    ("pv_rent", "", "assumed", "A12", "Y128", "A12: not printed, 0 until known", (None, 0, 0, 0, 0, 0)),
    ("tour_capital", "", "assumed", "A9", "Y106", "A9: not printed, 0 until known", (None, 0, 0, 0, 0, 0)),
    ("pv_loan", "", "assumed", "A12", "Y129", "A12", (None, 2500, 2500, 0, 0, 0)),
    ("pv_partner", "", "assumed", "A12", "Y129", "A12", (None, 1000, 1000, 0, 0, 0)),
    ("own", "persons", "assumed", "A9", "Y129", "A9", (None, 6000, 6000, 3000, 2000, 2000)),
    ("land_gain", "", "assumed", "A9", "Y320", "A9", (None, 500, 500, 500, 500, 500)),
)

# --- capacity: measure, year, total, split, clause, note

CAPACITY = (
    ("industry", 2016, 12000, "production", "Y048", "A19 what 2016 could start"),
    ("industry", 2017, 12000, "production", "Y048", "A19"),
    ("pv_village", 2016, 150, "prov", "Y120", "A19"),
    ("pv_house", 2016, 4000, "medical", "Y121", "A19"),
    ("grid_key", 2016, 30, "root", "Y271", "A19"),
    ("well", 2016, 10000, "root", "Y273", "A19"),
    ("jobs", 2016, 1000, "training", "Y137", "A19"),
    ("skills", 2016, 3000, "training", "Y139", "A19"),
    ("treatment", 2016, 22000, "persons", "Y182", "A19"),
    ("improve", "total", 350, "villages", "Y285", "every key village once"),
    ("asset_share", "total", 4000, "root", "Y134", "A19"),
    ("ecommerce", "total", 6000, "root", "Y115", "A19"),
    ("ecom_train_city", "total", 1000, "root", "Y118", "A19 the introductory part"),
    ("disabled", 2016, 7820, "persons", "Y234", "need"),
)

# --- resources: id, total a year at the city, basis, section, clause, note

RESOURCES = (
    ("cadre", 1672, "derived", "一/一/三", "Y025", "1,981 - 309"),
    ("loan_quota", 3000, "assumed", "A18", "Y314 Y316", "A18 300 of risk fund x 10"),
    ("land_quota", 400, "assumed", "A12", "Y318", "A12"),
    ("unused_land", 500, "assumed", "A12", "Y127", "A12 enough for all stations"),
)


def regions_rows() -> Iterator[Row]:
    """regions.csv: names and codes are public; grain land and villages with a good grid by county are not."""
    yield (
        ROOT,
        "烟台市",
        "city",
        "",
        "",
        ROOT,
        GRAIN_MU,
        PROV_VILLAGES - GRID_OPEN,
        REVENUE,
        "6.4%",
        "",
        "",
        RURAL_DIBAO,
        DIBAO_STANDARD,
        *TO_FILL_IN,
        "plan",
        "一/一/三、一/二/一(二)、三/一/二、九/一/二、十/三/一",
        "stated",
        "Y023 Y024 Y030 Y073 Y271 Y307",
        "2.18 million mu, 89,434 people and 3,789 yuan printed; 277 - 48 villages derived; "
        "revenue growth README A4 (assumed)",
    )
    mu = split(GRAIN_MU, weights(4))
    open_grid = split(GRID_OPEN, basis_of_split("prov"))
    for position, (code, name, _persons, _villages, _mu, tags) in enumerate(COUNTIES):
        growth = Fraction(55 + position % 4 * 5, 10)
        percent = (
            f"{growth.numerator // growth.denominator}.{growth.numerator * 10 // growth.denominator % 10}%"
        )
        official = code if code.isdigit() else ""
        ready = MEMBERS[code, "prov_village"] - open_grid[code]
        yield (
            code,
            name,
            "county",
            ROOT,
            f"task {tags}".strip(),
            official,
            mu[code],
            ready,
            "",
            percent,
            "",
            "",
            "",
            DIBAO_STANDARD,
            *TO_FILL_IN,
            "illustration",
            "README",
            "illustrative",
            "Y032 Y073 Y212 Y307",
            "name and code are public record; the figures are not; dibao standard: the city's mean",
        )
    for code, name in NO_TASK:
        official = code if code.isdigit() else ""
        yield (
            code,
            name,
            "county",
            ROOT,
            "no_task",
            official,
            0,
            0,
            "",
            "6.4%",
            "",
            "",
            "",
            "",
            *TO_FILL_IN,
            "plan",
            "前言、一/二/二(一)",
            "stated",
            "Y009 Y031",
            "named as without task; no figures",
        )


def stocks_rows() -> Iterator[Row]:
    """stocks.csv."""
    clause = {
        "production": "Y048",
        "reservoir": "Y048 Y277",
        "training": "Y049",
        "mixed": "Y050",
        "medical": "Y051",
        "safety": "Y052",
        "prov_village": "Y033 Y056",
        "city_village": "Y056",
    }
    for code in CODES:
        for group in (*GROUPS, "prov_village", "city_village"):
            households = MEMBER_HOUSEHOLDS.get(f"{code} {group}", "")
            total = GROUPS.get(group) or (PROV_VILLAGES if group == "prov_village" else CITY_VILLAGES)
            yield (
                code,
                group,
                MEMBERS[code, group],
                households,
                "illustration",
                "README",
                "illustrative",
                f"{clause[group]}{' Y034 Y035' if group in GROUPS else ''}",
                f"city total {total}",
            )


def needs_rows() -> Iterator[Row]:
    """needs.csv."""
    for need, year, total, key, basis, section, clause, note in NEEDS:
        when = "" if year is None else year
        if key in ("root", "island"):
            place = ROOT if key == "root" else "370634"
            document = "assumption" if basis == "assumed" else "plan"
            yield (place, need, when, total, document, section, basis, clause, note)
            continue
        for code, amount in parts_of(total, key).items():
            if amount:
                yield (
                    code,
                    need,
                    when,
                    amount,
                    "illustration",
                    section,
                    "illustrative",
                    clause,
                    f"city total {total}, {basis}: {note}",
                )


def funds_rows() -> Iterator[Row]:
    """funds.csv; tenths of 万元 are not split, so parts stay whole 万元."""
    for fund, key, basis, section, clause, note, amounts in FUNDS:
        for year, amount in zip((2015, *YEARS), amounts, strict=True):
            if amount is None:
                continue
            if not key:
                document = "assumption" if basis == "assumed" else "plan"
                yield (fund, ROOT, year, amount, "", document, section, basis, clause, note)
                continue
            for code, part in split(amount, basis_of_split(key)).items():
                yield (
                    fund,
                    code,
                    year,
                    part,
                    "",
                    "illustration",
                    section,
                    "illustrative",
                    clause,
                    f"city total {amount}, {basis}: {note}",
                )


def capacity_rows() -> Iterator[Row]:
    """capacity.csv."""
    for measure, year, total, key, clause, note in CAPACITY:
        if key == "root":
            yield (measure, ROOT, year, total, "assumption", "A19", "assumed", clause, note)
            continue
        for code, amount in split(total, basis_of_split(key)).items():
            yield (
                measure,
                code,
                year,
                amount,
                "illustration",
                "A19",
                "illustrative",
                clause,
                f"city total {total}: {note}",
            )


def resources_rows() -> Iterator[Row]:
    """resources.csv."""
    for resource, total, basis, section, clause, note in RESOURCES:
        for year in YEARS:
            document = "plan" if basis == "derived" else "assumption"
            yield (resource, ROOT, year, total, document, section, basis, clause, note)
            if resource == "land_quota":
                lean = {c: n * (6 if c in HEAVY else 5) for c, n in basis_of_split("persons").items()}
                for code, amount in split(total, lean).items():
                    words = f"city total {total}, by poor people, a fifth more where tasks are heavy"
                    yield (
                        resource,
                        code,
                        year,
                        amount,
                        "illustration",
                        section,
                        "illustrative",
                        clause,
                        words,
                    )


TABLES = {
    "regions.csv": (
        (
            "region",
            "name",
            "level",
            "parent",
            "tags",
            "code",
            "grain_mu",
            "grid_ready",
            "own_revenue(元)",
            "revenue_growth",
            "service_ratio",
            "health_ratio",
            "rural_dibao",
            "dibao_standard(元)",
            *INDICATORS,
        ),
        regions_rows,
    ),
    "stocks.csv": (("region", "group", "members", "households"), stocks_rows),
    "needs.csv": (("region", "need", "year", "amount"), needs_rows),
    "funds.csv": (("fund", "region", "year", "amount(万元)", "at_least(万元)"), funds_rows),
    "capacity.csv": (("measure", "region", "year", "most"), capacity_rows),
    "resources.csv": (("resource", "region", "year", "amount"), resources_rows),
}


def check() -> None:
    """The document's totals hold exactly."""
    assert sum(GROUPS.values()) == PERSONS
    assert GROUPS["production"] + GROUPS["reservoir"] == 19_000
    for group, total in GROUPS.items():
        assert sum(MEMBERS[code, group] for code in CODES) == total, group
    assert sum(MEMBER_HOUSEHOLDS.values()) == HOUSEHOLDS
    assert sum(MEMBERS[code, "prov_village"] for code in CODES) == PROV_VILLAGES
    assert sum(MEMBERS[code, "city_village"] for code in CODES) == CITY_VILLAGES
    assert all(MEMBERS[code, "prov_village"] > 0 for code in CODES)
    assert len(CODES) == 12


def main(folder: Path) -> None:
    """Write every table."""
    check()
    for name, (columns, rows) in TABLES.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow((*columns, *CITED))
            writer.writerows(rows())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
