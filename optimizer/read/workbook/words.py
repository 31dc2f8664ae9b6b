"""What the columns of a case workbook are called, and what their notes say, in Chinese and English.

Columns go by name; a column that means something else on one sheet stands under (sheet, name).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The title above a column and the note on it; `unit` where the title should name one."""

    title: str
    zh: str
    en: str


_ID = Words(
    "编号",
    "这一行的编号，全表唯一。用字母、汉字、数字、_ 和 -，不要空格和点。",
    "The id of this row, unique on this sheet: letters of any script, digits, _ and -; no spaces or dots.",
)
_WHERE = Words(
    "适用地区",
    "哪些地区适用，用规则语言写，如 region.tag == mountain；空 = 全部。见 docs/rules.md。",
    "Which regions it is for, in the rule grammar, e.g. region.tag == mountain; empty: all of them.",
)
_YEAR = Words("年份", "四位年份；空 = 每年都一样。", "A year of four digits; empty: the same in every year.")

#: Column -> its words, on every sheet that says nothing else.
WORDS: Mapping[str, Words] = {
    "id": _ID,
    "like": Words(
        "套用模板",
        "基础库里的模板编号；本行没填的栏目取自模板。不用就留空。",
        "A template of the base: what this row leaves out is taken from there. Leave it empty without one.",
    ),
    "title": Words("名称", "中文名称。", "The title in Chinese."),
    "title.en": Words("英文名称", "可空。", "The title in English; may be empty."),
    "unit": Words("计量单位", "如 户、人、村、公里。", "The unit, e.g. 户 人 村."),
    "tags": Words(
        "标签", "几个标签用空格隔开，供规则引用。", "Tags with spaces between; rules refer to them."
    ),
    "years": Words(
        "起止年份", "首年和末年，如 2016 2018 或 2016-2018。", "First and last year, e.g. 2016 2018."
    ),
    "where": _WHERE,
    "level": Words("层级", "从下拉列表中选。", "Choose from the list."),
    "document": Words(
        "依据文件", "数字出自哪个文件（「文件依据」表的编号）。", "The document a figure comes from."
    ),
    "section": Words("条目", "文件里的章节，如 二(一)1。", "The section of that document, e.g. 二(一)1."),
    "basis": Words(
        "依据性质",
        "stated 文件明文；derived 由文件数字推算；assumed 文件未给、合理假设；illustrative 仅作演示。",
        "stated: printed; derived: worked out from printed figures; assumed; illustrative: no real data.",
    ),
    "clause": Words(
        "条款号", "条款登记里的编号，几个用空格隔开；可空。", "Numbers of the clause register; may be empty."
    ),
    "note": Words("备注", "可空。", "Remarks; may be empty."),
    "region": Words("地区", "「地区」表的编号。", "An id of the sheet of regions."),
    "group": Words("人群", "「人群」表的编号。", "An id of the sheet of groups."),
    "groups": Words("人群", "「人群」表的编号，几个用空格隔开。", "Ids of groups with spaces between."),
    "need": Words("需求", "「需求」表的编号。", "An id of the sheet of needs."),
    "measure": Words("措施", "「措施」表的编号。", "An id of the sheet of measures."),
    "fund": Words("资金", "「资金」表的编号。", "An id of the sheet of funds."),
    "attribute": Words("属性", "「地区属性」表的编号。", "An id of the sheet of attributes."),
    "by_year": Words(
        "按年给出",
        "yes 时填在「属性数值」表，否则是「地区」表的一栏。",
        "yes: on the sheet of its figures by year.",
    ),
    "unless": Words(
        "除外条件", "成立时规则不适用，如 met(...) >= need(...)。", "Where this holds the rule asks nothing."
    ),
    "resource": Words("资源", "「资源」表的编号。", "An id of the sheet of resources."),
    "year": _YEAR,
    "issuer": Words("发文机关", "可空。", "Who issued it; may be empty."),
    "date": Words("日期", "如 2016-11-29；可空。", "E.g. 2016-11-29; may be empty."),
    "kind": Words("类型", "从下拉列表中选。", "Choose from the list."),
    "severity": Words(
        "刚性",
        "hard 必须；soft 可违反但要付代价；advisory 仅提示。",
        "hard: must; soft: at a price; advisory: said.",
    ),
    "price": Words("违反的代价", "每差一个单位的代价，soft 时必填。", "Money per unit short; for soft ones."),
    "why": Words("说明", "中文说明。", "Why, in Chinese."),
    "why.en": Words("英文说明", "可空。", "Why, in English; may be empty."),
    # case
    "field": Words("栏目", "不要改动。", "Leave these as they are."),
    "value": Words("内容", "按右边提示填写。", "Fill it in as the hint beside it says."),
    "text": Words("案例说明（README.md）", "一行一格。", "README.md, a line in each cell."),
    # regions
    "name": Words("名称", "地区名称，如 乳源瑶族自治县。", "The region's name."),
    "parent": Words(
        "上级地区", "上级的编号；最高一级留空。", "The id of the region above; empty for the topmost."
    ),
    "code": Words("行政区划代码", "GB/T 2260 代码，没有就留空。", "The GB/T 2260 code, or empty."),
    # groups, stocks, gaps
    "counts": Words("计数对象", "persons 人；villages 村。", "persons or villages."),
    "relapse": Words(
        "年返贫率", "如 1%；空 = 不返贫。", "Share that falls back a year, e.g. 1%; empty: none."
    ),
    "revoked": Words(
        "年退出撤销率",
        "上年退出的人经核查撤销的比例，如 1%；空 = 不撤销。",
        "Share of a year's exits that the next year's check undoes, e.g. 1%; empty: none.",
    ),
    "waits": Words(
        "当年纳入的当年不退出",
        "yes：当年新增、返贫、撤销的人次年起才能退出。",
        "yes: who comes in, falls back or is put back may leave from the next year on.",
    ),
    "members": Words(
        "期初数量（人或村）",
        "规划开始时的人数或村数，填在最低一级地区。",
        "Members at the start, lowest regions.",
    ),
    "households": Words("户数（户）", "可空。", "Households; may be empty."),
    "gap": Words("人均年收入缺口", "每人每年还差多少收入。", "Yearly income a person lacks."),
    # needs
    "holds": Words(
        "不解决就不能脱贫的人数",
        "每单位需求牵住几人，如 able: 3；几项用分号隔开。",
        "Members held back by one unit, e.g. able: 3; semicolons between several.",
    ),
    "due": Words("应完成比例", "各年底前应完成的比例，如 100%。", "Share due by the year, e.g. 100%."),
    "brought_by": Words(
        "新增贫困人口带来的需求",
        "每新增一人增加多少，如 able: 0.1；几项用分号隔开。",
        "Units that each newly poor person brings along, e.g. able: 0.1; semicolons between several.",
    ),
    # measures
    "project": Words("所属项目", "项目编号；可空。", "The project it is a part of; may be empty."),
    "lot": Words("批量", "一批多少单位；空 = 1。", "Units in a lot; empty: 1."),
    "indivisible": Words("不可分", "yes 只能整批；no 可分。", "yes: whole lots only."),
    "smallest": Words("最小规模", "一处至少多少单位；可空。", "Least units at a site; may be empty."),
    "profile": Words(
        "分年付款", "各年付款比例，合计 100%，如 60% 40%。", "Shares paid year by year, e.g. 60% 40%."
    ),
    "upkeep": Words("年运行费", "每单位每年。", "Money a unit and year."),
    "lag": Words("滞后年数", "几年后见效；空 = 当年。", "Years until it takes effect; empty: none."),
    "lifetime": Words("有效年数", "管用几年；空 = 一直有效。", "Years it lasts; empty: for ever."),
    "meets": Words(
        "解决的需求", "每单位解决多少，如 housing: 1。", "Units of needs met by a unit, e.g. housing: 1."
    ),
    "adds": Words("增加的地区属性", "如 collective_income: 600元。", "E.g. collective_income: 600元."),
    "uses": Words("占用的资源", "每单位占用多少，如 land: 0.5。", "Resources a unit uses, e.g. land: 0.5."),
    "benefit": Words("效益", "每单位的效益分值；可空。", "Benefit of a unit; may be empty."),
    "payers": Words(
        "由谁出资", "哪些资金可付，如 fund.tag == special。", "Which funds may pay, e.g. fund.tag == special."
    ),
    "match.by": Words("配套方", "哪些资金来配套。", "The funds that match."),
    "match.of": Words("被配套方", "对哪些资金配套。", "The funds that are matched."),
    "match.ratio": Words("配套比例", "如 1 = 1:1。", "E.g. 1 for 1:1."),
    "recovers.after": Words("几年后收回", "可空。", "Years until the principal comes back."),
    "recovers.share": Words("收回比例", "如 100%。", "Share that comes back."),
    "recovers.into": Words("收回到哪项资金", "资金编号。", "The fund it comes back to."),
    "one_payer": Words("一处只由一项资金支付", "yes 或 no。", "yes: one fund pays for a site."),
    "subject_codes": Words("功能科目", "该年的功能科目编码。", "The budget subject code of the year."),
    "serves.lift": Words("增收", "", ""),
    "lift": Words("每单位年增收", "服务一人群时每单位每年增收。", "Income a unit brings this group a year."),
    "payer": Words(
        "出资方", "哪些资金，如 fund.level == central。", "Which funds, e.g. fund.level == central."
    ),
    "deductible": Words("起付线", "这一层不付的部分；空 = 0。", "What this layer leaves; empty: 0."),
    "cap": Words("封顶线", "这一层最多付多少；空 = 不封顶。", "The most this layer pays; empty: no limit."),
    "share": Words("比例", "如 70%；除不尽写 1/3。", "E.g. 70%; write thirds as 1/3."),
    "after": Words("须先有的措施", "措施编号。", "The measure that must be there before."),
    "ratio": Words("一单位先行措施可带几单位", "如 30。", "Units for each unit of the one before."),
    "cost": Words(
        "单价", "每单位；地区、年份空 = 各地各年都一样。", "A unit's cost; region, year empty: everywhere."
    ),
    # funds
    "supply": Words(
        "来源方式",
        "given 数额给定；up_to 不超过；open 不限。",
        "given: exact; up_to: at most; open: no limit.",
    ),
    "pooled_at": Words("统筹层级", "在哪一级统筹使用。", "The level at which it is pooled."),
    "cost_weight": Words(
        "成本权重", "目标函数里的权重；财政资金一般为 1，社会资金可为 0。", "Weight in the cost."
    ),
    "pays": Words(
        "可用于哪些措施", "如 measure in (grid, pv)；空 = 全部。", "E.g. measure in (grid, pv); empty: all."
    ),
    "carry_over": Words("可否结转", "yes 或 no。", "yes or no."),
    "spending_floor": Words("最低支出比例", "如 92%。", "E.g. 92%."),
    "amount": Words("数量", "", ""),
    "at_least": Words("至少", "up_to 的下限；可空。", "Least amount of an up_to fund; may be empty."),
    "most": Words("上限", "", ""),
    # the rest
    "measures": Words("互斥的措施", "编号，用空格隔开。", "Ids with spaces between."),
    "standard": Words("退出标准", "「退出标准」表的编号。", "An id of the sheet of standards."),
    "of": Words("以何为基数", "属性编号。", "The attribute it is a share of, or that counts."),
    "each": Words("逐个落实到", "层级；空 = 合计。", "A level: for each of its regions; empty: in all."),
    "cumulative": Words("是否累计", "yes 累计；no 当年。", "yes: cumulative; no: in the year."),
    "compare": Words("比较", ">= 默认。", ">= if empty."),
    "amounts": Words("目标数", "该年的目标数。", "The amount of the year."),
    "entrants": Words(
        "存量是否含新纳入的人",
        "yes 含（默认）；no 只算期初。",
        "yes (if empty): the stock with entrants; no: without.",
    ),
    "shares": Words("目标比例", "该年的目标比例，如 35%。", "The share of the year, e.g. 35%."),
    "apportion": Words("按什么分解", "属性编号，或 stock。", "An attribute, or stock."),
    "for_each": Words(
        "逐个检查",
        "year region measure fund 中的几个；合计一次写 []。",
        "Of year region measure fund; [] for once.",
    ),
    "left": Words("左边", "如 available(fund.tag == own)。", "E.g. available(fund.tag == own)."),
    "is": Words("比较", "", "How left and right compare."),
    "right": Words("右边", "如 10% * available(fund.level == central)。", "E.g. 10% * available(...)."),
    "patches": Words("修改", "同 --set，一行一条。", "As for --set, one to a line."),
    "path": Words("哪个数字", "同 --set，不写值，如 fund.central.amount。", "As for --set, without a value."),
    "low": Words("最低", "原数的倍数，如 80%。", "A factor, e.g. 80%."),
    "high": Words("最高", "原数的倍数，如 105%。", "A factor, e.g. 105%."),
    "mode": Words("最可能", "原数的倍数；可空。", "The likeliest factor; may be empty."),
    "total": Words(
        "合计值", "数字带单位，或路径如 stock.able.members。", "A number with its unit, or a path."
    ),
    "parts": Words("各分项", "一行一个。", "One to a line."),
    "percent": Words("百分比", "如 47%。", "E.g. 47%."),
    "digits": Words("小数位数", "可空。", "Decimals; may be empty."),
    "expect": Words("预期", "slip = 文件自身有误。", "slip: the document itself is wrong."),
    "topic": Words("主题", "几个字。", "A few words."),
    "disposition": Words(
        "去向", "encoded 已编入；checklist 人工核对；context 无须编入；repeated 重复。", "Where it went."
    ),
    "items": Words("对应条目", "如 need:housing measure:house。", "E.g. need:housing measure:house."),
    "topic.en": Words("英文主题", "可空。", "The topic in English; may be empty."),
    "reason.en": Words("英文理由", "可空。", "The reason in English; may be empty."),
    "reason": Words("理由", "context、repeated 必填。", "Required for context and repeated."),
}

#: (sheet, column) -> words that hold there alone.
SPECIAL: Mapping[tuple[str, str], Words] = {
    ("documents", "title"): Words("文件名称", "中文名称。", "The title in Chinese."),
    ("attributes", "unit"): Words(
        "计量单位",
        "money 金额；person 人；village 村；1 纯数。",
        "money, person, village, 1 or a word of your own.",
    ),
    ("regions", "region"): Words("地区编号", _ID.zh, _ID.en),
    ("clauses", "clause"): Words("条款号", "每条一行。", "One row for each clause."),
    ("entrants", "kind"): Words(
        "来源",
        "new 新增；relapsed 规划前已脱贫、又返贫；revoked 规划前的退出被撤销。",
        "new; relapsed: had left before the plan and fell back; revoked: an exit before the plan was undone.",
    ),
    ("entrants", "year"): Words("纳入年份", "四位年份，在规划期内。", "A year of the plan."),
    ("entrants", "members"): Words("人数（人或村）", "当年纳入多少。", "Members who come in that year."),
    ("revoked", "year"): Words(
        "撤销年份", "四位年份，规划第二年起。", "A year of the plan, from its second on."
    ),
    ("revoked", "members"): Words(
        "人数（人或村）",
        "规划期内以前年度的退出，当年撤销多少。",
        "Exits of earlier years of the plan undone.",
    ),
    ("printed", "clause"): Words("条款号", "条款登记里的编号。", "A number of the clause register."),
    ("printed", "printed"): Words(
        "文件所印数字", "带单位：2500人、1.5亿元、40%。", "With its unit: 2500人, 1.5亿元, 40%."
    ),
    ("printed", "at"): Words(
        "在案例里的位置", "数据路径：need.housing.amount。", "A path to figures: need.housing.amount."
    ),
    ("printed", "rows"): Words(
        "各行",
        "sum（默认）：各行合计；each：每行都是。",
        "sum (default): all rows together; each: every row.",
    ),
    ("need_amounts", "amount"): Words("数量（需求的单位）", "整数。", "Whole units of the need."),
    ("need_amounts", "year"): Words(
        "年份", "空 = 一次性需求，或每年都一样。", "Empty: a backlog, or the same every year."
    ),
    ("fund_amounts", "amount"): Words(
        "当年到位", "up_to 资金可填 unknown。", "May be the word unknown for an up_to fund."
    ),
    ("fund_amounts", "year"): Words("年份", "规划期前的年份作历史。", "Years before the first are history."),
    ("resource_limits", "amount"): Words(
        "上限（资源的单位）", "该年该地区及以下最多可用。", "Most in the region and below."
    ),
    ("attribute_amounts", "amount"): Words(
        "数值", "属性的单位，金额带单位，如 5万元。", "In the attribute's unit; money with its unit."
    ),
    ("attribute_amounts", "year"): Words(
        "年份", "规划期前的年份作历史。", "Years before the first are history."
    ),
    ("resource_limits", "year"): Words("年份", "四位年份。", "A year of four digits."),
    ("capacity", "most"): Words(
        "上限（措施的单位）", "该地区及以下最多开工多少。", "Most started in the region and below."
    ),
    ("capacity", "year"): Words("年份", "四位年份，或 total（各年合计）。", "A year, or the word total."),
    ("serves", "most"): Words("每人最多", "每人最多几单位，如 1、255/892。", "Most units a person can take."),
    ("layers", "id"): Words("层编号", _ID.zh, _ID.en),
    ("layers", "rate"): Words(
        "支付比例", "起付线以上部分的比例，如 75%。", "Of what is above the deductible."
    ),
    ("layers", "payer"): Words(
        "支付方", "本案例的哪些资金；空 = 案例之外支付。", "Funds of the case; empty: paid outside it."
    ),
    ("conditions", "share"): Words("比例", "如 2%。", "E.g. 2%."),
    ("conditions", "amount"): Words(
        "达到", "属性的单位，金额带单位，如 5万元。", "In the attribute's unit; money with its unit."
    ),
    ("conditions", "id"): Words("条件编号", _ID.zh, _ID.en),
    ("statements", "unit"): Words(
        "单位", "没写单位的数用它；可空。", "The unit of bare numbers; may be empty."
    ),
    ("case", "case"): Words("案例编号", "如 ruyuan。", "The id of the case."),
    ("case", "title"): Words("案例名称", "中文。", "The title in Chinese."),
    ("case", "base"): Words(
        "基础库",
        "common = 随 fenpei 提供的基础库；不用就留空。",
        "common: the base of fenpei; empty without one.",
    ),
    ("case", "goal"): Words(
        "优化目标",
        "least cost 最省（默认）；most benefit 效益最大；most exits 脱贫最多；least shortfall 缺口最小。",
        "least cost (if empty), most benefit, most exits or least shortfall.",
    ),
    ("case", "first_goals"): Words(
        "先行目标", "可空；如 least shortfall。", "May be empty; e.g. least shortfall."
    ),
}


def words(sheet: str, name: str) -> Words:
    """The words of a column; `amounts.2018` has those of `amounts` with the year."""
    known = SPECIAL.get((sheet, name)) or WORDS.get(name)
    if known is not None:
        return known
    first, _, last = name.rpartition(".")
    above = SPECIAL.get((sheet, first)) or WORDS.get(first)
    if above is not None:
        return above._replace(title=f"{last}年{above.title}" if last.isdigit() else f"{above.title} {last}")
    return Words(name, "", "")
