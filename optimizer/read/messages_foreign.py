"""What is said about tables that nobody prepared for us; see `messages`."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.read.message import Message

FOREIGN: Mapping[str, Message] = {
    # --- the table
    "foreign-no-header": Message(
        (
            "找不到表头",
            "一行列名，如「年度、县(市、区)、项目、资金来源、金额(万元)」",
            "请确认表里有列名；工作簿有多张表时用 --sheet 指明",
        ),
        (
            "no row reads like a header",
            "a row of column names such as 年度, 县(市、区), 项目, 资金来源, 金额(万元)",
            "See that the table has column names; name the sheet of a workbook with --sheet",
        ),
    ),
    "foreign-sheets": Message(
        ("有 {count} 张工作表都像分配表：{candidates}", "", "请用 {option} 指明（可多次使用）"),
        (
            "{count} sheets read like an allocation: {candidates}",
            "",
            "Say which one with {option} (repeatable)",
        ),
    ),
    "foreign-sheet-unknown": Message(
        ("没有名为「{found}」的工作表（现有：{known}）", "", "{near}请更正 --sheet"),
        ("there is no sheet {found!r} (there are: {known})", "", "{near}Correct --sheet"),
    ),
    "foreign-empty": Message(
        ("表头下面没有一行读得出的金额", "", "请确认表格有数据"),
        ("below the header there is no row with an amount", "", "See that the table has data"),
    ),
    # --- options
    "foreign-map-form": Message(
        (
            "--map 的写法不对",
            "「含义=列名」或「名称=编号」，如 金额=下达金额(万元)、中央=central_special",
            "含义有：{known}",
        ),
        (
            "this is not how --map is written",
            "MEANING=HEADER or NAME=ID, e.g. amount=下达金额(万元), 中央=central_special",
            "Meanings are: {known}",
        ),
    ),
    "foreign-map-unknown": Message(
        (
            "「{name}」不是列的含义，「{found}」也不是案例里的资金、措施或地区",
            "",
            "含义有：{known}；名称请对应到案例的编号",
        ),
        (
            "{name!r} is no meaning of a column, and {found!r} no fund, measure or region of the case",
            "",
            "Meanings are: {known}; a name stands for an id of the case",
        ),
    ),
    "foreign-map-several": Message(
        ("「{found}」对应不止一个：{candidates}", "", "请写编号"),
        ("{found!r} fits several: {candidates}", "", "Write the id"),
    ),
    "foreign-map-value": Message(
        ("「{found}」既不是这张表的列名，也不是可用的{meaning}", "", "请更正 --map"),
        ("{found!r} is neither a header of this table nor a known {meaning}", "", "Correct --map"),
    ),
    "foreign-map-header": Message(
        ("表里没有名为「{found}」的列（现有：{known}）", "", "请照表头写列名，或写列的字母，如 F"),
        (
            "the table has no column {found!r} (there are: {known})",
            "",
            "Write the header as it stands, or the column's letter, e.g. F",
        ),
    ),
    "foreign-map-headers": Message(
        ("有不止一列叫「{found}」：{candidates}", "", "请写列的字母，如 F"),
        ("several columns are called {found!r}: {candidates}", "", "Write the column's letter, e.g. F"),
    ),
    "foreign-map-unused": Message(
        ("--map 里的名称「{found}」在表里没有出现", "", "请照表里的写法更正，或删去这一项"),
        (
            "the name {found!r} of --map does not stand in the table",
            "",
            "Write it as the table does, or drop the option",
        ),
    ),
    "foreign-options-unwanted": Message(
        ("这是 fenpei 自己的分配表，列和单位都已写明，用不着 --map、--sheet、--unit", "", "请去掉这些选项"),
        (
            "this is a table of fenpei itself: its columns and units are known without"
            " --map, --sheet and --unit",
            "",
            "Leave these options out",
        ),
    ),
    # --- columns
    "foreign-column-ambiguous": Message(
        ("不止一列可以是「{meaning}」：{candidates}", "", "请指明用哪一列，如 {option}"),
        ("several columns could be the {meaning}: {candidates}", "", "Say which one, e.g. {option}"),
    ),
    "foreign-column-missing": Message(
        ("没有一列读得出是「{meaning}」（现有：{known}）", "", "请指明是哪一列：{option}"),
        ("no column reads like the {meaning} (there are: {known})", "", "Say which one it is: {option}"),
    ),
    "foreign-key-missing": Message(
        (
            "表里没有说明「{meaning}」：没有这样的列，标题、工作表名里也没有（现有列：{known}）",
            "",
            "请指明是哪一列，或给出整张表的值：{option}",
        ),
        (
            "the table does not say the {meaning}: there is no such column, and neither title nor sheet name"
            " tells (columns: {known})",
            "",
            "Name the column, or give the value for the whole table: {option}",
        ),
    ),
    "foreign-key-several": Message(
        (
            "没有「{meaning}」这一列，标题里却提到不止一个：{candidates}",
            "",
            "请给出整张表的值，如 {option}",
        ),
        (
            "there is no column for the {meaning}, and the title names several: {candidates}",
            "",
            "Give the value for the whole table, e.g. {option}",
        ),
    ),
    "foreign-column-unknown": Message(
        (
            "「{found}」与金额各列排在一起，却看不懂是什么",
            "",
            "请说明它是哪项资金（{candidates}）：{option}；确实不用就写 {ignore}",
        ),
        (
            "{found!r} stands among columns of money and cannot be understood",
            "",
            "Say which fund it is ({candidates}): {option}; or leave it out on purpose: {ignore}",
        ),
    ),
    "foreign-column-lacks": Message(
        (
            "「{found}」是金额，却没有说明{meaning}，而「{other}」说明了",
            "",
            "请在列名里写明；确实不用就写 {ignore}",
        ),
        (
            "{found!r} holds money and does not say its {meaning}, as {other!r} does",
            "",
            "Put it into the header; or leave the column out on purpose: {ignore}",
        ),
    ),
    "foreign-column-twice": Message(
        ("两列说的是同一件事：{candidates}", "", '请留一列，另一列写 --map "忽略=列的字母"'),
        (
            "two columns say the same thing: {candidates}",
            "",
            'Keep one; leave the other out with --map "ignore=LETTER"',
        ),
    ),
    "foreign-said-twice": Message(
        (
            "「{meaning}」既有一列、又写在金额的表头里：{candidates}",
            "",
            '请用 --map "忽略=…" 去掉其中一处',
        ),
        (
            "the {meaning} is told by a column and by the header of an amount: {candidates}",
            "",
            'Leave one of them out with --map "ignore=..."',
        ),
    ),
    # --- units
    "foreign-unit-missing": Message(
        (
            "金额「{field}」没有说明单位",
            "列名里写「(万元)」，或表头上方写「单位：万元」",
            "请补上，或用 --unit 万元 说明；单位从不猜测",
        ),
        (
            "the amount {field!r} has no unit",
            "(万元) in the header, or a line 单位：万元 above the table",
            "Add it, or state it with --unit 万元; a unit is never guessed",
        ),
    ),
    "foreign-unit-unknown": Message(
        ("--unit 不是金额单位", "元、千元、万元、亿元", "请更正"),
        ("--unit takes a unit of money", "元, 千元, 万元 or 亿元", "Correct it"),
    ),
    "foreign-unit-conflict": Message(
        ("表里写的单位是「{found}」，--unit 说的是「{option}」", "", "请核对；表里已写明时不要用 --unit"),
        (
            "the table states the unit {found!r}, and --unit says {option!r}",
            "",
            "Check which is right; leave --unit out where the table states it",
        ),
    ),
    "foreign-units-differ": Message(
        ("表头上方写了不止一个金额单位：{candidates}", "", "请在各列的列名里写明单位"),
        (
            "the lines above the table state several money units: {candidates}",
            "",
            "Put the unit into the header of each column",
        ),
    ),
    "foreign-cell-unit": Message(
        ("「{field}」这一格自己写着{cell}，这一列的单位却是{column}", "", "请核对并改成同一单位"),
        (
            "this cell of {field!r} says {cell}, its column {column}",
            "",
            "Check it and write one unit",
        ),
    ),
    "foreign-quantity-unit": Message(
        (
            "「{field}」的单位是「{found}」，措施「{measure}」按「{unit}」计",
            "",
            "请核对：改单位或改措施；不核对数量时用 {ignore}",
        ),
        (
            "{field!r} is counted in {found!r}, the measure {measure!r} in {unit!r}",
            "",
            "Check unit and measure; to leave the quantities out: {ignore}",
        ),
    ),
    # --- names
    "foreign-name-unknown": Message(
        ("案例里没有叫「{found}」的{kind}", "", "{near}请更正，或说明它是什么：{option}"),
        (
            "the case has no {kind} called {found!r}",
            "",
            "{near}Correct it, or say what it stands for: {option}",
        ),
    ),
    "foreign-name-ambiguous": Message(
        ("「{found}」可以是不止一个{kind}：{candidates}", "", "请写全称，或说明是哪一个，如 {option}"),
        (
            "{found!r} could be more than one {kind}: {candidates}",
            "",
            "Write the full name, or say which, e.g. {option}",
        ),
    ),
    "foreign-code-mismatch": Message(
        ("区划代码「{found}」是{by_code}，名称却是{by_name}", "", "请更正其中一个"),
        ("the code {found!r} is {by_code}, but the name is {by_name}", "", "Correct one of them"),
    ),
    "foreign-not-below": Message(
        ("{region}不在同一行所写的{parent}之下", "", "请更正其中一个"),
        ("{region} does not lie in {parent}, which stands beside it", "", "Correct one of them"),
    ),
    # --- rows
    "foreign-blank": Message(
        (
            "「{field}」是空的",
            "写明{kind}；只有上下合并的单元格才表示「同上」",
            "请填上，或合并单元格；合计行请写「合计」或「小计」",
        ),
        (
            "{field!r} is empty",
            "the {kind}; only cells merged downwards mean 'as above'",
            "Fill it in, or merge the cells; a row of sums says 合计 or 小计",
        ),
    ),
    "foreign-amount-blank": Message(
        ("这一行没有金额", "金额；没有就写 0", "请填上"),
        ("this row has no amount", "an amount; 0 if there is none", "Fill it in"),
    ),
    "foreign-only-total": Message(
        ("这一行只有合计，没有分项的金额", "各项资金的金额", "请填上各项"),
        ("this row gives only a total and none of its parts", "the amounts by fund", "Fill in the parts"),
    ),
    "foreign-merged-amount": Message(
        (
            "「{field}」的一个金额合并了 {cells} 格，分不清各行各列是多少",
            "",
            "请拆开合并的单元格，逐行写明金额",
        ),
        (
            "one amount of {field!r} is merged over {cells} cells: which row has how much cannot be told",
            "",
            "Split the merged cells and write each amount",
        ),
    ),
    "foreign-not-fen": Message(
        (
            "「{field}」不是整分：{found}{unit}是 {exact} 元",
            "精确到分的金额，如 {near} 元",
            "请更正；分以下的小数不作四舍五入",
        ),
        (
            "{field!r} is not a whole number of fen: {found} {unit} is {exact} yuan",
            "an amount of whole fen such as {near} yuan",
            "Correct it; nothing below a fen is rounded away",
        ),
    ),
    "foreign-not-a-figure": Message(
        ("「{field}」里是{kind}，不是数字", "数字", "请更正单元格的内容和格式"),
        ("{field!r} holds {kind}, not a number", "a number", "Correct the cell and its format"),
    ),
    "foreign-uncached": Message(
        ("「{field}」是公式，文件里没有它的结果", "数字", "请在表格软件里打开、重新计算并保存"),
        (
            "{field!r} is a formula whose result the file does not hold",
            "a number",
            "Open the file in a spreadsheet, let it calculate, and save it",
        ),
    ),
}
