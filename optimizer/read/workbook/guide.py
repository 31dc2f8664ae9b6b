"""The sheet that says how a case workbook is filled in, in Chinese or English."""

from __future__ import annotations

from models.citation import Language
from optimizer.read.shapes import REQUIRED_FILES
from optimizer.read.workbook.layout import SHEETS

_STEPS_ZH = (
    "一张表填一类内容，按表的先后填写。红色标签的表必填，其余用到才填；不填的保持空白。",
    "每张表前两行是表头：第一行是中文名称（带 * 的必填），第二行是字段名，程序认第二行，请不要改。"
    "从第三行开始填。",
    "鼠标停在第一行的名称上，会显示这一栏怎么填。有下拉箭头的格子请从列表中选。",
    "编号先在各自的表里定好（地区、人群、需求、措施、资金等），别的表再引用。一格填几个编号时用空格隔开。",
    "金额的单位写在第二行的括号里：元、万元。格子里只填数字，不写「万」「元」，不加千分位逗号，不用全角数字。",
    "比例写 40%、0.4 或 2/5。分数请先把格子设为文本，否则会被当成日期。",
    "每个数字都要有依据：文件编号、条目、性质。文件先登记在「文件依据」表。",
    "地区表要另加数字栏（如农村人口）：先在「地区属性」表登记编号，再撤消「地区」表的保护，插一列，"
    "第二行写这个编号，金额写成 编号(元)。",
    "不要合并单元格，不要加合计行，不要隐藏行列。公式可以用，保存前请重新计算。",
    "自己的草稿、底表可以放在同一个工作簿里，表名以 _ 开头，程序不读。",
    "表头有保护但没有密码：可以插入、删除、排序、筛选数据行；确要改表头时「撤消工作表保护」即可。",
    "填好后运行 fenpei check 工作簿.xlsx，有问题会逐条指出表名和单元格；再运行 fenpei plan 工作簿.xlsx。",
)
_STEPS_EN = (
    "One sheet for each kind of thing; fill them in from left to right. Sheets with a red tab are needed, "
    "the others only where they are used.",
    "The first two rows of a sheet are its header: the Chinese name (* is needed) and the field name, by "
    "which the program goes. Leave the second row as it is; begin in the third.",
    "Rest the mouse on a name in the first row to see what belongs there. Cells with an arrow take a value "
    "of the list.",
    "Give ids on their own sheets first (regions, groups, needs, measures, funds); the other sheets refer to "
    "them. Several ids in one cell have spaces between.",
    "The unit of money stands in brackets in the second row: 元 yuan, 万元 ten thousand yuan. Cells hold "
    "plain numbers: no unit, no thousands separators, no full-width digits.",
    "Rates are 40%, 0.4 or 2/5. Format the cell as text before typing a fraction, or it becomes a date.",
    "Every figure has its source: document, section, basis. Documents are listed on their own sheet.",
    "For further figures of regions (rural population ...): give the attribute an id on its sheet, then "
    "unprotect the sheet of regions, insert a column and write the id, or id(元) for money, in its row 2.",
    "No merged cells, no totals rows, nothing hidden. Formulas are welcome; recalculate before saving.",
    "Sheets of your own may stand in the same workbook: begin their names with _ and they are left alone.",
    "The headers are protected without a password: rows can be inserted, deleted, sorted and filtered.",
    "Then run: fenpei check WORKBOOK.xlsx (faults come with sheet and cell), and fenpei plan WORKBOOK.xlsx.",
)


def steps(language: Language) -> tuple[str, ...]:
    """How to fill the workbook in."""
    return _STEPS_ZH if language is Language.ZH else _STEPS_EN


#: Key of a sheet -> what it holds.
HOLDS: dict[str, tuple[str, str]] = {
    "case": ("案例的编号、名称、年份、目标", "id, title, years and goal of the case"),
    "documents": ("数字和条款出自哪些文件", "the documents that figures come from"),
    "attributes": (
        "地区表里另加的数字栏（如农村人口），或按年给出的数字",
        "further columns of figures on the sheet of regions, or figures by year",
    ),
    "regions": ("省、市、县、乡、村及其上下级", "the tree of regions"),
    "groups": ("贫困人口的类别、贫困村", "kinds of poor people and villages"),
    "stocks": ("期初各地各类人数、户数", "how many there are at the start"),
    "entrants": ("规划期内新纳入的人数（新增、返贫、撤销）", "who comes into the stock during the plan"),
    "revoked": ("规划期内撤销的退出", "exits of the plan that are undone"),
    "gaps": ("人均收入还差多少", "income that a person lacks"),
    "needs": ("要解决的需求的种类", "kinds of needs"),
    "need_amounts": ("各地需求的数量", "how much of each need where"),
    "measures": ("花钱做什么", "what money buys"),
    "serves": ("措施给哪类人增收多少", "income that measures bring"),
    "shares": ("措施由谁按比例分担", "who pays which share of a measure"),
    "layers": ("账单由谁逐层支付", "who pays which layer of a bill"),
    "after": ("措施的先后次序", "measures that need another one before"),
    "costs": ("措施的单价", "unit costs"),
    "capacity": ("措施最多能做多少", "most that can be done"),
    "projects": ("由几项措施组成的单个项目", "single projects that measures are parts of"),
    "exclusions": ("不能重复享受的措施", "measures that exclude each other"),
    "funds": ("有哪些资金", "the funds"),
    "fund_amounts": ("各项资金每年多少", "what each fund brings in"),
    "resources": ("土地等其他资源", "other resources such as land"),
    "resource_limits": ("其他资源每年多少", "how much of them there is"),
    "attribute_amounts": ("按年给出的地区属性（如考核得分）", "figures of regions by year, such as marks"),
    "standards": ("村退出、县摘帽的标准", "standards for leaving the list"),
    "conditions": ("标准里的各项条件", "the conditions of the standards"),
    "targets": ("哪年要达到什么", "what is to be reached when"),
    "rules": ("资金使用的规则", "rules about money"),
    "checklist": ("要人工核对的事项", "what a person must look at"),
    "scenarios": ("几种设想", "named variants"),
    "uncertain": ("可能变动的数字及其幅度", "figures that may turn out otherwise, and by how much"),
    "statements": ("文件数字之间的关系", "how printed figures hang together"),
    "clauses": ("文件各条款的去向", "where every clause went"),
    "printed": ("条款所印数字在案例里的位置", "where the printed figures stand in the case"),
    "notes": ("案例说明 README.md", "README.md of the case"),
}
#: Sheets that must have rows.
NEEDED = frozenset(sheet.key for sheet in SHEETS if sheet.file in REQUIRED_FILES) - {
    "attributes",
    "exclusions",
    "projects",
    "resources",
}
