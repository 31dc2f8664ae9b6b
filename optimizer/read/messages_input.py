"""Texts about files and single values; see `messages`."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.read.message import Message

INPUT: Mapping[str, Message] = {
    # --- files
    "folder-missing": Message(
        ("没有这个案例文件夹或工作簿", "", "请检查路径"),
        ("there is no such case folder or workbook", "", "Check the path"),
    ),
    "not-a-folder": Message(
        ("案例应当是一个文件夹或 .xlsx 工作簿", "", "请给出含有 case.yaml 的文件夹，或案例工作簿"),
        (
            "a case is a folder or an .xlsx workbook, and this is another file",
            "",
            "Give the folder that holds case.yaml, or the workbook of the case",
        ),
    ),
    "file-missing": Message(
        ("缺少必需的文件（在文件夹 {folder} 里）", "", "{near}请按 docs/format.md 补上"),
        ("a required file is missing (in folder {folder})", "", "{near}Add it as docs/format.md says"),
    ),
    "unknown-file": Message(
        ("不认识的数据文件，不会被读取", "", "{near}请改成 docs/format.md 里的文件名；其他资料放进子文件夹"),
        (
            "this data file is unknown and would not be read",
            "",
            "{near}Give it a name of docs/format.md, or move other material to a subfolder",
        ),
    ),
    "unreadable": Message(
        ("文件打不开（{reason}）", "", "请检查权限，或关闭正在使用它的程序"),
        (
            "the file cannot be opened ({reason})",
            "",
            "Check its permissions, or close the program that uses it",
        ),
    ),
    "encoding": Message(
        ("文件不是 UTF-8 编码（{guess}）", "", "请另存为 UTF-8；Excel 里选「CSV UTF-8（逗号分隔）」"),
        (
            "the file is not UTF-8 ({guess})",
            "",
            "Save it as UTF-8; in Excel choose 'CSV UTF-8 (Comma delimited)'",
        ),
    ),
    "empty-file": Message(
        ("文件是空的", "", "请按 docs/format.md 填写，不需要的可选文件请删掉"),
        ("the file is empty", "", "Fill it in as docs/format.md says, or delete a file that is not needed"),
    ),
    # --- YAML
    "yaml-syntax": Message(
        ("YAML 语法错误（{reason}）", "", "请检查这一行和上一行的缩进、冒号、引号和括号"),
        (
            "YAML syntax error ({reason})",
            "",
            "Check indentation, colons, quotes and brackets here and one line above",
        ),
    ),
    "yaml-tab": Message(
        ("缩进里有制表符（Tab）", "", "请用空格缩进"),
        ("there is a tab in the indentation", "", "Indent with spaces"),
    ),
    "yaml-alias": Message(
        ("不能用 YAML 的锚点和别名（& *）", "", "请把内容写全；文字若以 & 或 * 开头，请加引号"),
        (
            "YAML anchors and aliases (& *) are not allowed",
            "",
            "Write it out; put text that begins with & or * in quotes",
        ),
    ),
    "yaml-tag": Message(
        ("不能用 YAML 的类型标记", "", "请删去标记；文字若以 ! 开头，请加引号"),
        ("YAML tags are not allowed", "", "Remove the tag; put text that begins with ! in quotes"),
    ),
    "yaml-merge": Message(
        ("不能用 YAML 的合并键 <<", "", "请把内容写全"),
        ("the YAML merge key << is not allowed", "", "Write it out"),
    ),
    "yaml-documents": Message(
        ("一个文件里只能有一份内容", "", "请删去第二个 --- 及其后面的内容"),
        ("a file holds one YAML document", "", "Remove the second --- and what follows it"),
    ),
    "yaml-deep": Message(
        ("嵌套超过 {most} 层", "", "请检查括号和缩进"),
        ("nested more than {most} levels deep", "", "Check brackets and indentation"),
    ),
    "yaml-key": Message(
        ("字段名应当是一个词", "", "请检查冒号和括号"),
        ("a field name must be a single word", "", "Check colons and brackets"),
    ),
    "duplicate-key": Message(
        ("字段「{key}」写了两次（第一次在第 {first} 行）", "", "请只留一个"),
        ("field {key!r} stands here twice (first on line {first})", "", "Keep one of them"),
    ),
    "items-merged": Message(
        ("从这里起有 {count} 个字段与前面重复", "", "是不是漏了新一项开头的「- 」？"),
        (
            "from here on {count} fields repeat those before",
            "",
            "Is the '- ' that begins a new item missing?",
        ),
    ),
    "not-a-value": Message(
        ("「{field}」应当只有一个值，这里是列表或映射", "", "请写成「{field}: 值」"),
        ("{field!r} takes a single value, not a list or a mapping", "", "Write it as '{field}: value'"),
    ),
    "not-a-mapping": Message(
        ("「{field}」应当是「字段: 值」的形式", "", "请按 docs/format.md 改写"),
        ("{field!r} must be a mapping of fields to values", "", "Write it as docs/format.md shows"),
    ),
    "not-a-list": Message(
        ("「{field}」应当是一个列表", "", "请写成 [甲, 乙]，或每行一个「- 」"),
        ("{field!r} must be a list", "", "Write it as [a, b], or one '- ' per line"),
    ),
    "list-too-short": Message(
        ("「{field}」至少要有 {least} 项", "", "请补上"),
        ("{field!r} needs at least {least} item(s)", "", "Add what is missing"),
    ),
    "empty-value": Message(
        ("「{field}」没有值", "", "请填上；可选的字段不用时整行删去"),
        ("{field!r} has no value", "", "Fill it in; leave an optional field out altogether"),
    ),
    "unknown-field": Message(
        ("不认识的字段「{found}」", "下列之一：{known}", "{near}请改名或删去"),
        ("unknown field {found!r}", "one of: {known}", "{near}Rename it or remove it"),
    ),
    "missing-field": Message(
        ("缺少字段「{field}」", "", "请按 docs/format.md 补上"),
        ("field {field!r} is missing", "", "Add it as docs/format.md says"),
    ),
    "duplicate-id": Message(
        ("{kind}的编号「{found}」用了两次（第一次在第 {first} 行）", "", "请改掉其中一个编号"),
        ("the {kind} id {found!r} is used twice (first on line {first})", "", "Change one of them"),
    ),
    "unknown-language": Message(
        ("标题的语言只有 zh 和 en", "zh 或 en", "花括号里的文字若有逗号，请给文字加上引号"),
        ("a title has the languages zh and en", "zh or en", "Put text with a comma inside braces in quotes"),
    ),
    "title-zh-missing": Message(
        ("标题缺少中文（zh）", "", "请写成 {{zh: 文字, en: text}}"),
        ("the title has no Chinese (zh)", "", "Write {{zh: 文字, en: text}}"),
    ),
    # --- values
    "bad-id": Message(
        ("编号写法不对", "字母、汉字、数字、_ 和 -，没有空格和点", "请改编号"),
        (
            "this cannot be an id",
            "letters of any script, digits, _ and -, no spaces or dots",
            "Change the id",
        ),
    ),
    "bad-subject": Message(
        ("功能科目编码「{found}」写法不对", "三位（类）、五位（款）或七位（项）数字，如 2130599", "请更正"),
        (
            "{found!r} is not the code of a budget subject",
            "three, five or seven digits (类, 款, 项), such as 2130599",
            "Correct it",
        ),
    ),
    "bad-code": Message(
        ("行政区划代码只能是数字", "GB/T 2260 代码，如 410225", "请更正，没有代码就留空"),
        (
            "a region code has digits only",
            "a GB/T 2260 code such as 410225",
            "Correct it, or leave the cell empty",
        ),
    ),
    "bad-year": Message(
        ("「{field}」里的年份写法不对", "四位年份，如 2018", "请更正"),
        ("this is no year in {field!r}", "a year of four digits such as 2018", "Correct it"),
    ),
    "not-two-years": Message(
        ("「{field}」要写首尾两个年份", "如 [2016, 2018]", "只有一年就写两遍：[2018, 2018]"),
        (
            "{field!r} takes the first and the last year",
            "e.g. [2016, 2018]",
            "For a single year write [2018, 2018]",
        ),
    ),
    "years-reversed": Message(
        ("「{field}」的首年在末年之后", "{right}", "请对调"),
        ("the first year of {field!r} is after the last", "{right}", "Swap them"),
    ),
    "year-outside": Message(
        ("「{field}」的年份不在案例的年份里", "{first} 到 {last}", "请更正，或改 case.yaml 的 years"),
        (
            "the year in {field!r} is outside the case",
            "{first} to {last}",
            "Correct it, or change years in case.yaml",
        ),
    ),
    "not-yes-or-no": Message(
        ("「{field}」只能写 yes 或 no", "yes 或 no", "请改正"),
        ("{field!r} is answered by yes or no", "yes or no", "Correct it"),
    ),
    "range-reversed": Message(
        ("low、mode、high 应当从小到大", "low <= mode <= high", "请更正"),
        ("low, mode and high must rise", "low <= mode <= high", "Correct them"),
    ),
    "factors-missing": Message(
        ("没有因素法「{found}」，也没有这个文件", "下列之一：{known}，或一个 YAML 文件", "请更正 --factors"),
        (
            "there is no factor method or file {found!r}",
            "one of: {known}, or a YAML file",
            "Correct --factors",
        ),
    ),
    "factor-of": Message(
        ("因素「{found}」与字段 of 不相配", "", "need、attribute 须写 of（需求或属性的编号），其余不写"),
        (
            "the factor {found!r} does not go with the field 'of'",
            "",
            "need and attribute take 'of' (the id of the need or attribute), the others do not",
        ),
    ),
    "unknown-word": Message(
        ("「{field}」不能是「{found}」", "下列之一：{known}", "{near}请改成其中一个"),
        ("{field!r} cannot be {found!r}", "one of: {known}", "{near}Write one of them"),
    ),
    "not-a-number": Message(
        ("「{field}」不是数字", "数字，如 1200、0.4、40%", "请更正"),
        ("{field!r} is not a number", "a number such as 1200, 0.4 or 40%", "Correct it"),
    ),
    "not-whole": Message(
        ("「{field}」应当是整数", "整数", "请更正；户数、人数、个数没有小数"),
        (
            "{field!r} must be a whole number",
            "a whole number",
            "Correct it: households, persons and things are counted",
        ),
    ),
    "negative": Message(
        ("「{field}」是负数", "不小于 0 的数", "请更正"),
        ("{field!r} is negative", "a number of at least 0", "Correct it"),
    ),
    "out-of-range": Message(
        ("「{field}」超出范围", "{limits}", "请更正；百分数写成 40% 或 0.4"),
        ("{field!r} is out of range", "{limits}", "Correct it; 40 per cent is 40% or 0.4"),
    ),
    "divides-by-zero": Message(
        ("「{field}」的分母是 0", "如 2/5", "请更正"),
        ("{field!r} divides by zero", "a fraction such as 2/5", "Correct it"),
    ),
    "no-value": Message(
        ("「{field}」没有数值", "数字", "请填上数字；可以不填的格子请留空"),
        (
            "{field!r} holds no number",
            "a number",
            "Fill it in, or leave the cell empty where that is allowed",
        ),
    ),
    "excel-error": Message(
        ("「{field}」是 Excel 的出错值", "数字", "请在原表里改好公式，再导出"),
        ("{field!r} is an Excel error", "a number", "Correct the formula in the sheet and export it again"),
    ),
    "thousands": Message(
        ("「{field}」的数字里有千分位分隔符", "{plain}", "请去掉分隔符"),
        ("the number in {field!r} has thousands separators", "{plain}", "Remove the separators"),
    ),
    "wide-characters": Message(
        ("「{field}」的数字里有全角字符", "{plain}", "请改用半角字符"),
        ("the number in {field!r} has full-width characters", "{plain}", "Write plain digits"),
    ),
    "exponent": Message(
        ("「{field}」用了科学计数法", "写全的数字", "请把数字写全；Excel 里先把格式改为「数值」"),
        (
            "{field!r} is in scientific notation",
            "the number in full",
            "Write it in full; in Excel format it as a number",
        ),
    ),
    "plus-sign": Message(
        ("「{field}」的数字前有加号", "{plain}", "请去掉加号"),
        ("the number in {field!r} has a plus sign", "{plain}", "Remove the sign"),
    ),
    "too-long": Message(
        ("「{field}」的数字太长", "整数部分至多 18 位，小数至多 12 位", "请更正"),
        ("the number in {field!r} is too long", "at most 18 digits and 12 decimals", "Correct it"),
    ),
    "unit-in-number": Message(
        ("「{field}」里不能带单位", "数字", "请去掉单位；钱的单位写在列名里，如 cost(元)"),
        (
            "{field!r} takes no unit",
            "a number",
            "Remove it; a money column has its unit in the header, as in cost(元)",
        ),
    ),
    "not-fen": Message(
        ("「{field}」不是整分", "精确到分的金额（单位{unit}）", "请去掉分以下的小数"),
        (
            "{field!r} is not a whole number of fen",
            "an amount in {unit} of whole fen",
            "Remove the decimals below one fen",
        ),
    ),
    "money-unit-missing": Message(
        ("金额「{field}」没有单位", "带单位的金额，如 2000元、3.5万元", "请写上单位：分 元 万元 亿元"),
        (
            "the amount {field!r} has no unit",
            "an amount such as 2000元 or 3.5万元",
            "Add the unit: 分 元 万元 亿元",
        ),
    ),
    "money-unit-unwanted": Message(
        ("「{field}」不是金额（单位是{unit}）", "不带钱的单位的数", "请去掉单位，或把属性的 unit 改成 money"),
        (
            "{field!r} is not money (its unit is {unit})",
            "a plain number",
            "Remove the unit, or make the attribute's unit money",
        ),
    ),
    "rule-syntax": Message(
        ("「{field}」读不懂：{problem}", "", "写法见 docs/rules.md"),
        ("{field!r} cannot be read: {problem}", "", "The grammar is in docs/rules.md"),
    ),
    # --- CSV
    "csv-syntax": Message(
        ("CSV 的引号不配对（{reason}）", "", "请检查这一行的引号"),
        (
            "the quotation marks of this CSV do not match ({reason})",
            "",
            "Check the quotation marks of this line",
        ),
    ),
    "header-missing": Message(
        ("第一行不是列名", "列名：{known}", "请在最前面加上列名一行"),
        ("the first line holds no column names", "the columns {known}", "Put a line of column names first"),
    ),
    "missing-column": Message(
        ("缺少列「{name}」（现有：{known}）", "", "请按 docs/format.md 补上这一列"),
        ("column {name!r} is missing (there are: {known})", "", "Add it as docs/format.md says"),
    ),
    "unknown-column": Message(
        (
            "不认识的列「{found}」",
            "下列之一：{known}",
            "{near}请改名或删去这一列；地区属性先在 case.yaml 里声明",
        ),
        (
            "unknown column {found!r}",
            "one of: {known}",
            "{near}Rename or remove it; attributes of regions are declared in case.yaml",
        ),
    ),
    "wide-column": Message(
        ("列名里有全角括号", "{plain}", "请改用半角括号"),
        ("the column name has full-width parentheses", "{plain}", "Write plain parentheses"),
    ),
    "duplicate-column": Message(
        ("列「{name}」出现两次（另一列写作「{first}」）", "", "请只留一列；同一金额不能又写元又写万元"),
        ("column {name!r} stands here twice (also as {first!r})", "", "Keep one; an amount has one unit"),
    ),
    "column-unit": Message(
        (
            "金额列「{name}」的列名没有可用的单位",
            "如 {name}(元)、{name}(万元)",
            "请在列名里写上单位：分 元 万元 亿元",
        ),
        (
            "the money column {name!r} does not declare a known unit",
            "e.g. {name}(元) or {name}(万元)",
            "Put the unit into the header: 分 元 万元 亿元",
        ),
    ),
    "column-unit-unwanted": Message(
        ("列「{name}」不是金额，列名不带单位", "{name}", "请去掉括号和单位"),
        ("column {name!r} is not money and takes no unit", "{name}", "Remove the parentheses"),
    ),
    "ragged-row": Message(
        (
            "这一行有 {found} 格，表头有 {width} 格",
            "{width} 格",
            "请检查多余或缺少的逗号；文字里有逗号要加引号",
        ),
        (
            "this row has {found} cells and the header {width}",
            "{width} cells",
            "Look for a comma too many or too few; put text with commas in quotes",
        ),
    ),
    "empty-cell": Message(
        ("「{field}」是空的", "", "请填上"),
        ("{field!r} is empty", "", "Fill it in"),
    ),
    "duplicate-row": Message(
        ("与第 {first} 行重复（同一对象写了两行）", "", "请只留一行"),
        ("this row repeats line {first} (two rows for one thing)", "", "Keep one of them"),
    ),
    "two-parents": Message(
        (
            "地区「{found}」有两个上级：第 {first} 行是「{one}」，这里是「{other}」",
            "",
            "一个地区只有一个上级，请只留一行",
        ),
        (
            "region {found!r} has two parents: {one!r} on line {first} and {other!r} here",
            "",
            "A region has one parent: keep one of the rows",
        ),
    ),
    "more": Message(
        ("「{field}」还有 {more} 处同样的问题没有列出", "", "请一并更正"),
        ("{more} more of the same in {field!r} are not listed", "", "Correct them too"),
    ),
}
