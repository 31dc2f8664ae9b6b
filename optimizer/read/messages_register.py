"""Texts about the clause register and about statements, and about paths to figures; see `messages`."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.read.message import Message

REGISTER: Mapping[str, Message] = {
    # --- the register
    "clause-twice": Message(
        ("条款「{found}」登记了两次（第一次在第 {first} 行）", "", "请只留一行：一个条款只有一个归宿"),
        (
            "clause {found!r} is registered twice (first on line {first})",
            "",
            "Keep one row: a clause has one disposition",
        ),
    ),
    "clause-item-form": Message(
        ("「{item}」不是条目", "以空格分开的 kind:id，如 need:housing measure:house", "请改写"),
        (
            "{item!r} is not an item",
            "kind:id separated by spaces, as in need:housing measure:house",
            "Rewrite it",
        ),
    ),
    "clause-item-kind": Message(
        ("条款「{clause}」的条目没有种类「{found}」", "下列之一：{known}", "{near}请更正"),
        (
            "there is no kind {found!r} for an item of clause {clause!r}",
            "one of: {known}",
            "{near}Correct it",
        ),
    ),
    "clause-item-twice": Message(
        ("条款「{clause}」的条目「{found}」写了两次", "", "请只留一个"),
        ("{found!r} stands twice in the items of clause {clause!r}", "", "Keep one of them"),
    ),
    "clause-items-missing": Message(
        ("条款「{clause}」标为 {disposition}，但没有写条目", "{form}", "请写上，或改 disposition"),
        (
            "clause {clause!r} is {disposition} and names no item",
            "{form}",
            "Add it, or change the disposition",
        ),
    ),
    "clause-items-unwanted": Message(
        (
            "条款「{clause}」标为 context，却写了条目",
            "空",
            "请清空 items，或把 disposition 改为 encoded",
        ),
        (
            "clause {clause!r} is context and names items",
            "an empty cell",
            "Clear the items, or make it encoded",
        ),
    ),
    "clause-reason": Message(
        ("条款「{clause}」标为 {disposition}，但没有写理由", "", "请在 reason 里写明"),
        ("clause {clause!r} is {disposition} and gives no reason", "", "Say why in the column reason"),
    ),
    "clause-only-checklist": Message(
        (
            "条款「{clause}」标为 encoded，却只有清单条目",
            "至少一个可计算的条目",
            "请补上条目，或把 disposition 改为 checklist",
        ),
        (
            "clause {clause!r} is encoded and names checklist items only",
            "an item that is computed",
            "Add one, or make it checklist",
        ),
    ),
    "clause-not-checklist": Message(
        (
            "条款「{clause}」标为 checklist，条目「{found}」却不是清单条目",
            "checklist:ID",
            "请更正，或把 disposition 改为 encoded",
        ),
        (
            "clause {clause!r} is checklist, and {found!r} is not an item of the checklist",
            "checklist:ID",
            "Correct it, or make it encoded",
        ),
    ),
    "clause-not-cited": Message(
        (
            "「{item}」没有引用条款「{clause}」",
            "",
            "请写进它的 citation 的 clause，或它在表格里的行的 clause 列；或从 items 里删去它",
        ),
        (
            "{item!r} does not cite clause {clause!r}",
            "",
            "Add it to clause of its citation or of its rows, or take the item out",
        ),
    ),
    "clause-repeats": Message(
        (
            "条款「{clause}」重复的条款「{found}」标为 {is_}，没有编入",
            "标为 encoded 或 checklist 的条款",
            "请指向真正编入的那一条",
        ),
        (
            "clause {clause!r} repeats {found!r}, which is {is_}",
            "a clause that is encoded or on the checklist",
            "Name the clause that is counted",
        ),
    ),
    "clause-unregistered": Message(
        (
            "「{item}」引用的条款「{found}」不在 clauses.csv 里（共 {count} 处引用）",
            "",
            "请更正，或登记它",
        ),
        (
            "{item!r} cites clause {found!r}, which clauses.csv does not have (cited {count} time(s))",
            "",
            "Correct it, or register the clause",
        ),
    ),
    # --- statements
    "value-form": Message(
        (
            "「{field}」不是数值",
            "带单位的数（2500人、1.5亿元、40%），或指向数据的路径（target.exit[2018].amount）",
            "请改写",
        ),
        (
            "{field!r} is not a value",
            "a number with its unit (2500人, 1.5亿元, 40%) or a path to figures (target.exit[2018].amount)",
            "Rewrite it",
        ),
    ),
    # --- printed figures
    "printed-number": Message(
        ("「{found}」是路径", "文件所印的数，带单位（2500人、1.5亿元、40%）", "路径写在 at 一栏"),
        ("{found!r} is a path", "the figure as printed, with its unit (2500人, 40%)", "Paths go under at"),
    ),
    "printed-path": Message(
        ("「{found}」不是路径", "指向案例数据的路径，如 need.housing.amount", "请改写"),
        (
            "{found!r} is not a path",
            "a path to figures of the case, such as need.housing.amount",
            "Rewrite it",
        ),
    ),
    "printed-twice": Message(
        ("条款与路径重复：第 {first} 行已有", "", "请删去一行"),
        ("the same clause and path as in row {first}", "", "Remove one of them"),
    ),
    "stated-missing": Message(
        ("「{item}」缺少「{field}」（{kind} 要写：{needed}）", "", "请补上"),
        ("{item!r} has no {field!r} (a {kind} has: {needed})", "", "Add it"),
    ),
    "stated-unwanted": Message(
        ("「{item}」不用「{field}」（{kind} 只写：{needed}）", "", "请删去"),
        ("{item!r} takes no {field!r} (a {kind} has: {needed})", "", "Remove it"),
    ),
    "stated-one-part": Message(
        ("「{item}」有 {found} 个 parts", "恰好一个：占总数百分比的那一部分", "请更正"),
        ("{item!r} has {found} parts", "one: the part that the percentage is about", "Correct it"),
    ),
    "stated-units": Message(
        ("「{item}」各数的单位不同（{units}）", "同一种单位", "请核对单位；没有写单位的数用 unit 的单位"),
        (
            "the values of {item!r} are in different units ({units})",
            "one unit",
            "Correct them; a number without a unit takes that of the field unit",
        ),
    ),
    # --- paths to figures
    "path-kind": Message(
        ("没有种类「{found}」可以引用", "下列之一：{known}", "{near}请更正"),
        ("there is no kind {found!r} to refer to", "one of: {known}", "{near}Correct it"),
    ),
    "path-field": Message(
        ("「{kind}」没有可以引用的字段「{found}」", "下列之一：{known}", "{near}请更正"),
        ("{kind!r} has no field {found!r} to refer to", "one of: {known}", "{near}Correct it"),
    ),
    "path-nothing": Message(
        ("「{found}」没有对应的数", "方括号里可写：{known}", "请检查方括号，或补上数据"),
        ("{found!r} names no figure", "in the brackets: {known}", "Check the brackets, or give the figure"),
    ),
    "path-unknown": Message(
        ("「{found}」的金额是 unknown，无从核对", "", "请换成别的数"),
        ("the amount of {found!r} is unknown: nothing can be compared", "", "Refer to another figure"),
    ),
    "path-units": Message(
        ("「{found}」各行的单位不同（{units}），不能相加", "", "请分开写"),
        ("the rows of {found!r} are in different units ({units})", "", "Name them one by one"),
    ),
    "path-rule": Message(
        ("规则「{rule}」的 {field} 里有 {count} 个数，不知指哪一个", "恰好一个数", "请换成别的数"),
        (
            "{field} of rule {rule!r} has {count} numbers, so it is not clear which is meant",
            "one number",
            "Refer to another figure",
        ),
    ),
}
