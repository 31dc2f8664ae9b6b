"""Every kind of bad input: one change to a sound case, and the problem that must come of it, at its place."""

from dataclasses import dataclass, field

import pytest

from tests.read.conftest import Folder


@dataclass(frozen=True)
class Bad:
    """`changes`: (file, old, new), new None deletes the file; `at`: (file, text at the place, CSV column)."""

    code: str
    changes: tuple[tuple[str, str, str | None], ...]
    at: tuple[str, str | None, str | None]
    others: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.code}: {self.changes[0][2]}"


def yaml(code: str, file: str, old: str, new: str, at: str, *others: str) -> Bad:
    return Bad(code, ((f"{file}.yaml", old, new),), (f"{file}.yaml", at, None), others)


def csv(code: str, file: str, old: str, new: str, at: str | None, column: str | None, *others: str) -> Bad:
    return Bad(code, ((f"{file}.csv", old, new),), (f"{file}.csv", at, column), others)


CITED = "citation: {document: plan, section: 一(一), basis: stated}"

FILES = [
    Bad("file-missing", (("case.yaml", "", None),), ("case.yaml", None, None)),
    Bad("file-missing", (("costs.csv", "", None),), ("costs.csv", None, None)),
    Bad("file-missing", (("regions.csv", "", None),), ("regions.csv", None, None)),
    Bad("empty-file", (("groups.yaml", "", ""),), ("groups.yaml", None, None)),
    yaml("yaml-tab", "groups", "  - {id: able", "\t- {id: able", "\t"),
    yaml("yaml-syntax", "groups", "counts: persons, relapse", "counts: persons: relapse", ": relapse"),
    yaml("yaml-alias", "case", "title: 规划", "title: &x 规划", "&x"),
    yaml("yaml-alias", "case", "title: 规划", "title: *x", "*x"),
    yaml("yaml-tag", "case", "case: small", "case: !!str small", "!!str"),
    yaml("yaml-merge", "case", "case: small", "<<: {a: b}\ncase: small", "<<"),
    yaml("yaml-documents", "case", "case: small", "--- \na: 1\n---\ncase: small", "---\ncase"),
    yaml("duplicate-key", "case", "case: small", "case: other\ncase: small", "case: small"),
    yaml(
        "items-merged",
        "groups",
        "counts: villages,",
        "counts: villages, id: x, title: y, counts: persons,",
        "id: x",
    ),
    yaml("yaml-key", "case", "case: small", "[a]: small", "[a]"),
    yaml("yaml-deep", "groups", "title: 有劳力", "title: " + "[" * 40 + "]" * 40, "[" * 12 + "]"),
]

FIELDS = [
    yaml("unknown-field", "needs", "unit: 户", "units: 户", "units", "missing-field"),
    yaml("unknown-field", "needs", "needs:", "need: []\nneeds:", "need"),
    yaml("missing-field", "needs", "needs:", "need:", "need:", "unknown-field"),
    yaml("missing-field", "needs", "    unit: 户\n", "", "id: housing"),
    yaml("empty-value", "needs", "unit: 户", "unit:", "\n    kind"),
    yaml("not-a-value", "needs", "unit: 户", "unit: [户]", "[户]"),
    yaml("not-a-mapping", "needs", "holds: {able: 3}", "holds: able", "able"),
    yaml("not-a-list", "needs", "tags: [education]", "tags: education", "education\n"),
    yaml("list-too-short", "targets", "groups: [able, unable]", "groups: []", "[]"),
    yaml("title-zh-missing", "needs", "title: 危房", "title: {en: houses}", "{en"),
    yaml("unknown-language", "needs", "title: 危房", "title: {zh: 危房,改造}", "改造"),
    yaml("bad-id", "needs", "id: housing", "id: hou sing", "hou sing", "unknown-id"),
    yaml("bad-id", "needs", "tags: [education]", "tags: [a.b]", "a.b"),
    yaml(
        "duplicate-id", "needs", "id: schooling", "id: housing", "id: housing\n    title: 助学", "unknown-id"
    ),
    yaml(
        "duplicate-id",
        "rules",
        "id: enough-houses",
        "id: match-central",
        "id: match-central\n    title: 每年",
    ),
    yaml("duplicate-id", "exits", "id: homes", "id: rate", "{id: rate, kind: need"),
    yaml(
        "duplicate-id",
        "case",
        "attributes:",
        "  - {id: plan, title: 二}\nattributes:",
        "{id: plan, title: 二",
    ),
    yaml("not-yes-or-no", "measures", "indivisible: yes", "indivisible: true", "true"),
    yaml("unknown-word", "needs", "kind: backlog", "kind: backlogs", "backlogs"),
    yaml("unknown-word", "rules", 'is: ">="', "is: <", "<"),
    yaml("unknown-word", "targets", "kind: listed", "kind: list", "list"),
    yaml("unknown-word", "groups", "basis: stated", "basis: sure", "sure"),
    yaml("bad-year", "targets", "{2017: 40", "{17: 40", "17: 40"),
    yaml("not-two-years", "case", "years: [2017, 2018]", "years: [2017]", "[2017]"),
    yaml("years-reversed", "case", "years: [2017, 2018]", "years: [2018, 2017]", "[2018, 2017]"),
    yaml("money-unit-missing", "measures", "upkeep: 50元", "upkeep: 50", "50\n"),
    yaml(
        "money-unit-missing",
        "measures",
        "collective_income: 600元",
        "collective_income: 600",
        "collective_inc",
    ),
    yaml("money-unit-missing", "exits", "amount: 5万元", "amount: 5", "5, citation"),
    yaml(
        "money-unit-unwanted",
        "exits",
        "of: collective_income, amount",
        "of: rural_population, amount",
        "5万元",
    ),
    yaml("not-fen", "measures", "upkeep: 50元", "upkeep: 50.001元", "50.001"),
    yaml("not-whole", "measures", "lag: 1", "lag: 1.5", "1.5"),
    yaml("negative", "measures", "lag: 1", "lag: -1", "-1"),
    yaml("negative", "measures", "upkeep: 50元", "upkeep: -50元", "-50元"),
    yaml("not-a-number", "needs", "able: 3", "able: three", "three"),
    yaml("out-of-range", "measures", "lot: 0.5", "lot: 0", "0\n    smallest"),
    yaml("out-of-range", "groups", "relapse: 1%", "relapse: 100%", "100%"),
    yaml("out-of-range", "groups", "relapse: 1%", "relapse: -1%", "-1%"),
    yaml("out-of-range", "measures", "share: 70%", "share: 170%", "170%"),
    yaml("out-of-range", "targets", "shares: {2018: 100%}", "shares: {2018: 101%}", "101%"),
    yaml("out-of-range", "measures", "lifetime: 20", "lifetime: 0", "0\n    serves"),
    yaml("divides-by-zero", "measures", "share: 3/10", "share: 3/0", "3/0"),
    yaml("wide-characters", "measures", "share: 3/10", "share: \uff13/10", "\uff13"),
    yaml("thousands", "targets", "price: 100万元", "price: '1,000万元'", "'1,000"),
    yaml("exponent", "measures", "share: 3/10", "share: 3e-1", "3e-1"),
    yaml("too-long", "targets", "2018: 110", "2018: 1234567890123456789", "1234"),
    yaml("plus-sign", "measures", "lag: 1", "lag: +1", "+1"),
    yaml("unit-in-number", "measures", "lag: 1", "lag: 1年", "1年"),
    yaml("bad-subject", "measures", "lag: 1", "lag: 1\n    subject_codes: {2018: 21305990}", "21305990"),
    yaml(
        "rule-syntax",
        "rules",
        "left: available(fund.tag == own)",
        "left: availible(fund.tag == own)",
        "availible",
    ),
    yaml("rule-syntax", "rules", "right: 5户", "right: 5户 x 3", "x 3"),
    yaml("rule-syntax", "measures", "fund.tag == special", "fund.tag = special", "= special"),
]

TABLES = [
    Bad("encoding", (("needs.csv", "", "GBK"),), ("needs.csv", "region", None)),
    csv("header-missing", "needs", "region,need,year,amount,document,section,basis\n", "", None, None),
    csv("missing-column", "needs", "amount,", "", "region", None),
    Bad(
        "missing-column",
        (("case.yaml", "attributes:", "attributes:\n  - {id: revenue, title: 收入, unit: money}"),),
        ("regions.csv", "region", None),
    ),
    csv("ragged-row", "regions", ",rural_population,", ",", "p,", None),
    csv("unknown-column", "needs", "need,", "needs,", "region", "needs", "missing-column"),
    csv("unknown-column", "regions", "rural_population", "population", "region", "population"),
    csv("wide-column", "costs", "cost(元)", "cost（元）", "measure", "cost（元）", "missing-column"),
    csv("column-unit", "costs", "cost(元)", "cost", "measure", "cost"),
    csv("column-unit", "costs", "cost(元)", "cost(块)", "measure", "cost(块)"),
    csv("column-unit", "regions", "collective_income(元)", "collective_income", None, "collective_income"),
    csv("column-unit-unwanted", "needs", "amount", "amount(元)", "region", "amount(元)"),
    csv("duplicate-column", "needs", "year,", "need,", "region", "need", "missing-column"),
    csv("duplicate-column", "funds", "at_least(万元)", "amount(元)", "fund", "amount(元)"),
    csv("ragged-row", "needs", "b,housing,,3,", "b,housing,3,", "b,housing,3", None),
    csv("ragged-row", "needs", "b,housing,,3,", 'b,housing,,3,"x,y",', "b,housing,,3", None),
    csv("csv-syntax", "needs", "b,housing,,3,", 'b,"hou"sing,,3,', 'b,"hou"', None),
    csv("empty-cell", "needs", "b,housing,,3,", "b,housing,,,", "b,housing", "amount"),
    csv("empty-cell", "needs", "b,housing,,3,plan", "b,housing,,3,", "b,housing", "document"),
    csv("not-whole", "needs", "b,housing,,3,", "b,housing,,1.5,", "b,housing", "amount"),
    csv("not-a-number", "needs", "b,housing,,3,", "b,housing,,x,", "b,housing", "amount"),
    csv("no-value", "needs", "b,housing,,3,", "b,housing,,NaN,", "b,housing", "amount"),
    csv("no-value", "costs", "house,,,20000", "house,,,inf", "house,,", "cost(元)"),
    csv("excel-error", "needs", "b,housing,,3,", "b,housing,,#DIV/0!,", "b,housing", "amount"),
    csv("excel-error", "needs", "b,housing,,3,", "b,housing,,#N/A,", "b,housing", "amount"),
    csv("negative", "needs", "b,housing,,3,", "b,housing,,-3,", "b,housing", "amount"),
    csv("negative", "costs", "grid,,,300000", "grid,,,-1", "grid", "cost(元)"),
    csv("wide-characters", "needs", "b,housing,,3,", "b,housing,,\uff13,", "b,housing", "amount"),
    csv("thousands", "costs", "grid,,,300000", 'grid,,,"300,000"', "grid", "cost(元)"),
    csv("thousands", "costs", "grid,,,300000", "grid,,,300，000", "grid", "cost(元)"),
    csv("not-fen", "costs", "grid,,,300000", "grid,,,300000.001", "grid", "cost(元)"),
    csv("unit-in-number", "costs", "grid,,,300000", "grid,,,30万元", "grid", "cost(元)"),
    csv("unknown-id", "funds", "central,b,2017", "centrl,b,2017", "centrl", "fund"),
    csv("unknown-id", "needs", "b,housing", "乙县,housing", "乙县", "region"),
    csv("unknown-id", "needs", "b,housing", "b,houses", "b,houses", "need"),
    csv("unknown-id", "stocks", "b,able", "b,abel", "b,abel", "group"),
    csv("unknown-id", "costs", "grid,", "gird,", "gird", "measure"),
    csv("unknown-id", "resources", "land,", "lend,", "lend", "resource"),
    csv("unknown-id", "needs", "b,housing,,3,plan", "b,housing,,3,pln", "b,housing", "document"),
    csv("unknown-word", "needs", "3,plan,一(一),stated", "3,plan,一(一),sure", "b,housing", "basis"),
    csv("bad-year", "costs", "house,a,2018", "house,a,18", "house,a", "year"),
    csv("year-outside", "costs", "house,a,2018", "house,a,2019", "house,a", "year"),
    csv("year-outside", "funds", "central,b,2018", "central,b,2019", "central,b,2019", "year"),
    csv("duplicate-row", "needs", "b,housing", "a,housing", "a,housing,,3", "region"),
    csv("duplicate-row", "costs", "house,a,2018", "house,,", "house,,,21000", "measure"),
    csv("backlog-year", "needs", "b,housing,", "b,housing,2018", "b,housing", "year"),
    csv("bad-code", "regions", "410225", "41o225", "a,", "code"),
    csv("bad-id", "regions", "b,乙县", "b c,乙县", "b c", "region", "unknown-id"),
    csv("two-parents", "regions", "b,乙县,county,p,", "a,乙县,county,a,", "a,乙县", "region", "unknown-id"),
    csv("duplicate-row", "regions", "b,乙县", "a,乙县", "a,乙县", "region", "unknown-id"),
    csv("unknown-id", "regions", "b,乙县,county,p", "b,乙县,county,q", "b,", "parent"),
    csv(
        "no-root",
        "regions",
        "p,某省,province,,",
        "p,某省,province,a,",
        None,
        "parent",
        "region-cycle",
        "level-order",
    ),
    csv("several-roots", "regions", "b,乙县,county,p", "b,乙县,county,", "b,", "parent"),
    csv("region-cycle", "regions", "b,乙县,county,p", "b,乙县,county,b", "b,", "parent", "level-order"),
    csv("level-order", "regions", "b,乙县,county,p", "b,乙县,province,p", "b,", "level"),
    csv("not-a-leaf", "entrants", "b,able,2018", "p,able,2018", "p,able,2018", "region"),
    csv("unknown-word", "entrants", ",new,", ",newly,", "b,able,2018", "kind"),
    csv("year-outside", "entrants", "b,able,2018", "b,able,2019", "b,able,2019", "year"),
    csv("no-stock-row", "entrants", "b,able,2018", "b,unable,2018", "b,unable,2018", "region"),
    csv("no-stock-row", "revoked", "a,unable", "b,unable", "b,unable", "region"),
    csv("revoked-early", "revoked", "a,unable,2018", "a,unable,2017", "a,unable,2017", "year"),
    yaml("brought-nowhere", "needs", "tags: [education]", "brought_by: {able: 2}", "able: 2"),
    yaml("unknown-id", "needs", "brought_by: {able", "brought_by: {abel", "abel"),
    yaml("out-of-range", "groups", "revoked: 2%", "revoked: 100%", "100%"),
    yaml(
        "target-field-unwanted",
        "targets",
        "standard: county_exit",
        "standard: county_exit\n    entrants: no",
        "no",
    ),
    csv("not-a-leaf", "stocks", "b,able", "p,able", "p,able", "region"),
    csv("wrong-pool-level", "funds", "central,b,2017", "central,p,2017", "central,p", "region"),
    csv(
        "at-least-unwanted",
        "funds",
        "central,b,2017,20,",
        "central,b,2017,20,1",
        "central,b,2017",
        "at_least(万元)",
    ),
    csv(
        "at-least-above", "funds", "local,a,2017,50,5", "local,a,2017,50,51", "local,a,2017", "at_least(万元)"
    ),
]

REFERENCES = [
    yaml("unknown-id", "needs", "holds: {able: 3}", "holds: {abel: 3}", "abel"),
    yaml("unknown-id", "measures", "meets: {housing: 1}", "meets: {houses: 1}", "houses"),
    yaml("unknown-id", "measures", "adds: {collective_income", "adds: {collective_incom", "collective_incom"),
    yaml("unknown-id", "measures", "uses: {land", "uses: {lnd", "lnd"),
    yaml("unknown-id", "measures", "measure: grid", "measure: gird", "gird"),
    yaml("unknown-id", "measures", "measures: [pv, grant]", "measures: [pv, grants]", "grants"),
    yaml("unknown-id", "exits", "need: housing", "need: hosing", "hosing"),
    yaml("unknown-id", "exits", "of: rural_population", "of: rural_poplation", "rural_poplation"),
    yaml("unknown-id", "targets", "groups: [able, unable]", "groups: [able, unabel]", "unabel"),
    yaml("unknown-id", "targets", "standard: county_exit", "standard: county_exits", "county_exits"),
    yaml("unknown-id", "checklist", "document: plan", "document: plans", "plans"),
    yaml("unknown-id", "exits", "document: plan", "document: paln", "paln"),
    yaml("unknown-in-condition", "measures", "fund.tag == special", "fund.tag == specal", "fund.tag"),
    yaml("unknown-in-condition", "measures", "fund == company", "fund == compny", "fund == compny"),
    yaml(
        "unknown-in-condition",
        "measures",
        "fund.level == county\n",
        "fund.level == countie\n",
        "fund.level == countie",
    ),
    yaml("unknown-in-condition", "measures", "region.tag == nat", "region.tag == nit", "region.tag"),
    yaml("unknown-in-condition", "rules", "measure.tag == building", "measure.tag == bilding", "units("),
    yaml(
        "unknown-in-condition",
        "rules",
        "region.level == county",
        "region.population > 4",
        "region.population",
    ),
    yaml(
        "unknown-in-condition",
        "rules",
        "10% *",
        "region.rural_pop / region.rural_population *",
        "region.rural_pop ",
    ),
    yaml("wrong-subject", "measures", "fund == company", "region == a", "region == a"),
    yaml("wrong-subject", "rules", "for_each: [year, region]", "for_each: [year]", "region.level"),
]

FITTING = [
    yaml("not-one", "measures", "profile: [60%, 40%]", "profile: [60%, 41%]", "[60%, 41%]"),
    yaml("not-one", "measures", "share: 70%", "share: 60%", "- {payer: fund.level == central"),
    yaml("year-outside", "targets", "2018: 110", "2019: 110", "2019"),
    yaml("year-outside", "needs", "due: {2018: 100%}", "due: {2020: 100%}", "2020"),
    yaml("year-outside", "measures", "years: [2017, 2018]", "years: [2017, 2019]", "[2017, 2019]"),
    yaml("entitlement-holds", "needs", "tags: [education]", "holds: {able: 1}", "{able: 1}"),
    yaml("lot-not-fen", "measures", "upkeep: 50元", "upkeep: 50.01元", "50.01元"),
    csv("lot-not-fen", "costs", "pv,,,7000", "pv,,,7000.01", "pv", "cost(元)"),
    yaml("one-payer-shares", "measures", "profile: [60%, 40%]", "one_payer: yes", "yes\n    meets"),
    yaml(
        "after-cycle", "measures", "indivisible: yes", "after: [{measure: pv, ratio: 1}]", "[{measure: grid"
    ),
    yaml("exclusion-of-what", "measures", "group: able, ", "", "{id: one-help"),
    yaml("exclusion-measure", "measures", "[pv, grant]", "[pv, house]", "house], group"),
    yaml("listed-twice", "measures", "[pv, grant]", "[pv, pv]", "pv], group"),
    yaml("no-site", "measures", "indivisible: yes", "level: village", "village"),
    yaml("no-region", "exits", "region.tag == national_poor", "region.level == village", "region.level"),
    yaml("no-region", "targets", "standard: county_exit", "standard: county_exit\n    each: city", "city"),
    yaml(
        "no-payer",
        "measures",
        "fund == company",
        "fund == company and fund.level == county",
        "fund == company",
    ),
    yaml("no-payer", "measures", "payer: fund.level == county", "payer: fund == company", "fund == company"),
    yaml(
        "payer-twice",
        "measures",
        "payer: fund.level == county",
        "payer: fund.tag == special",
        "fund.tag == special, share",
    ),
    yaml("fund-without-amounts", "funds", "supply: open", "supply: given", "id: company", "no-flow"),
    csv("cost-missing", "costs", "house,,,20000", "house,b,2017,20000", None, None),
    yaml("unbounded", "measures", "indivisible: yes", "one_payer: yes", "yes\n    payers"),
    csv("row-unused", "costs", "house,a,2018", "house,p,2018", "house,p", "region"),
    csv("row-unused", "gaps", "able,a,2018", "able,p,2018", "able,p", "region"),
    csv(
        "pool-year-missing", "funds", "central,b,2018,20,,plan,一(一),stated\n", "", "central,b,2017", "year"
    ),
    yaml("condition-field-missing", "exits", "        share: 2%\n", "", "id: rate"),
    yaml("condition-field-unwanted", "exits", "share: 1, need", "share: 1, amount: 2, need", "2, need"),
    yaml("poor-share-unit", "exits", "of: rural_population", "of: collective_income", "collective_income"),
    yaml("poor-share-group", "exits", "[able, unable]", "[able, poor_village]", "poor_village"),
    yaml("target-field-missing", "targets", "    groups: [able, unable]\n", "", "id: persons"),
    yaml(
        "target-field-unwanted",
        "targets",
        "    groups: [able",
        "    need: housing\n    groups: [able",
        "housing",
    ),
    yaml("amounts-and-shares", "targets", "amounts: {", "shares: {2017: 10%}\n    amounts: {", "{2017: 10%}"),
    yaml("no-amounts", "targets", "    amounts: {2017: 40, 2018: 110}\n", "", "id: persons"),
    yaml("mixed-counts", "targets", "[able, unable]", "[able, poor_village]", "[able, poor"),
    yaml("price-missing", "targets", "    price: 100万元\n", "", "id: counties"),
    yaml("price-missing", "rules", "    price: 1万元\n", "", "id: enough"),
    yaml("price-unwanted", "targets", "severity: soft", "severity: hard", "100万元"),
    yaml("rule-and-target", "rules", "id: enough-houses", "id: persons", "persons"),
    yaml("rule-outside-horizon", "rules", "years: [2016, 2020]", "years: [2019, 2020]", "[2019"),
    yaml("rule-not-linear", "rules", "10% * available", "spent(fund.tag == own) * available", "spent("),
    yaml(
        "rule-not-linear",
        "rules",
        "available(fund.tag == own)",
        "available(measure.tag == building)",
        "available(m",
    ),
    yaml("rule-units", "rules", "right: 5户", "right: 5万元", "5万元"),
    yaml("rule-units", "rules", "right: 5户", "right: met()", "met()"),
    yaml("patch-kind", "scenarios", "fund.central", "funds.central", "funds.central"),
    yaml("patch-id", "scenarios", "fund.central", "fund.centrl", "fund.centrl"),
    yaml("patch-syntax", "scenarios", "fund.central.amount=", "fund central ", "fund central"),
]


@pytest.mark.parametrize("bad", [*FILES, *FIELDS, *TABLES, *REFERENCES, *FITTING], ids=str)
def test_bad_input_is_named_at_its_place(bad: Bad, folder: Folder) -> None:
    for file, old, new in bad.changes:
        if new is None:
            (folder.path / file).unlink()
        elif not old and not new:
            folder.write(file, "")
        elif new == "GBK":
            folder.write(file, folder.text(file).encode("gbk"))
        else:
            folder.change(file, old, new)
    problems = folder.problems()
    assert {problem.code for problem in problems} == {bad.code, *bad.others}
    found = next(problem for problem in problems if problem.code == bad.code)
    file, needle, column = bad.at
    assert found.place.file == file
    if file.endswith(".yaml"):
        line, at = folder.place_of(file, needle) if needle else (None, None)
        assert (found.place.line, found.place.column) == (line, at)
    else:
        line = (
            folder.place_of(file, needle)[0] if needle and "GBK" not in bad.changes[0] else found.place.line
        )
        assert (found.place.line, found.place.column) == (line, column)


def test_a_nul_is_never_passed_over(folder: Folder) -> None:
    """The reader itself uses it for cells of a workbook whose problem has been said."""
    folder.change("costs.csv", "grid,", "grid\0,")
    folder.change("needs.yaml", "title: 危房", 'title: "\\0"')
    said = [(str(problem.place), problem.code) for problem in folder.problems()]
    assert ("costs.csv:5", "csv-syntax") in said
    assert ("needs.yaml:3:12", "yaml-syntax") in said
