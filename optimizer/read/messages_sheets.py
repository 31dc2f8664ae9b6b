"""Texts about workbooks: the file as a whole and what stands in its cells; see `messages`."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.read.message import Message

SHEETS: Mapping[str, Message] = {
    "book-not-xlsx": Message(
        (
            "这不是 .xlsx 工作簿，看上去是{what}",
            "",
            "请用 Excel 或 WPS 打开后另存为「Excel 工作簿（*.xlsx）」",
        ),
        (
            "this is not an .xlsx workbook; it looks like {what}",
            "",
            "Open it in a spreadsheet program and save it as an Excel workbook (*.xlsx)",
        ),
    ),
    "book-not-workbook": Message(
        ("这个压缩文件不是工作簿（{part} 里没有应有的内容）", "", "请另存为「Excel 工作簿（*.xlsx）」"),
        (
            "this archive is not a workbook ({part} does not say so)",
            "",
            "Save it as an Excel workbook (*.xlsx)",
        ),
    ),
    "book-encrypted": Message(
        ("工作簿设了打开密码，读不了", "", "请在 Excel 里取消「用密码进行加密」，再保存"),
        ("the workbook is encrypted", "", "Take its password off and save it again"),
    ),
    "book-strict": Message(
        ("工作簿是「Strict Open XML」格式，读不了", "", "请另存为普通的「Excel 工作簿（*.xlsx）」"),
        (
            "the workbook is in the format 'Strict Open XML'",
            "",
            "Save it as an ordinary Excel workbook (*.xlsx)",
        ),
    ),
    "empty-book": Message(
        ("文件是空的，里面没有工作簿", "", "请检查文件是否传送完整"),
        ("the file is empty: there is no workbook in it", "", "Was it copied whole?"),
    ),
    "book-broken": Message(
        ("工作簿文件已损坏（{reason}）", "", "请检查文件是否传送完整，或打开后重新另存"),
        ("the workbook is damaged ({reason})", "", "Was it copied whole? Open it and save it again"),
    ),
    "book-part-missing": Message(
        ("工作簿里缺少部件 {part}", "", "请打开后重新另存为 .xlsx"),
        ("the workbook lacks its part {part}", "", "Open it and save it again as .xlsx"),
    ),
    "book-xml": Message(
        ("工作簿的部件 {part} 读不懂（{reason}）", "", "请打开后重新另存为 .xlsx"),
        ("part {part} of the workbook cannot be read ({reason})", "", "Open it and save it again as .xlsx"),
    ),
    "book-doctype": Message(
        (
            "工作簿的部件 {part} 里有 XML 文档类型声明（可用来撑爆内存或读取别的文件），已拒绝读取",
            "",
            "正常的工作簿里没有它：请弄清文件来历，再重新另存",
        ),
        (
            "part {part} has an XML document type, which can blow up memory or read other files: refused",
            "",
            "No proper workbook has one: find out where the file comes from, and save it anew",
        ),
    ),
    "book-too-big": Message(
        ("工作簿太大", "不超过 {limit} MB", "请删去不用的表和图片，或改用 CSV 文件夹"),
        (
            "the workbook is too big",
            "at most {limit} MB",
            "Take out sheets and pictures nobody needs, or use a folder of CSV files",
        ),
    ),
    "book-unpacked": Message(
        ("工作簿解开后太大", "不超过 {limit} MB", "请弄清文件来历；数据确实很多时改用 CSV 文件夹"),
        (
            "the workbook is too big when unpacked",
            "at most {limit} MB",
            "Find out where the file comes from; use a folder of CSV files for that much data",
        ),
    ),
    "book-ratio": Message(
        (
            "工作簿压缩得异常厉害，可能是压缩炸弹，已拒绝读取",
            "不超过 {limit}:1",
            "请弄清文件来历，再重新另存",
        ),
        (
            "the workbook is packed abnormally densely, as a zip bomb is: refused",
            "at most {limit}:1",
            "Find out where the file comes from, and save it anew",
        ),
    ),
    "book-many-parts": Message(
        ("工作簿的部件太多", "不超过 {limit} 个", "请弄清文件来历，再重新另存"),
        (
            "the workbook has too many parts",
            "at most {limit}",
            "Find out where the file comes from, and save it anew",
        ),
    ),
    "book-many-cells": Message(
        ("工作簿里有内容的单元格超过 {limit} 个", "", "请删去不用的表，或改用 CSV 文件夹"),
        (
            "the workbook has more than {limit} cells with content",
            "",
            "Take out sheets nobody needs, or use a folder of CSV files",
        ),
    ),
    "book-no-sheets": Message(
        ("工作簿里没有工作表", "", "请检查文件是否完整"),
        ("the workbook has no worksheet", "", "Is the file whole?"),
    ),
    # --- sheets of a case
    "sheet-missing": Message(
        ("缺少必需的工作表「{sheet}」", "", "请补上；fenpei template 可生成空白工作簿"),
        ("the sheet {sheet!r} is missing", "", "Add it; fenpei template writes an empty workbook"),
    ),
    "unknown-sheet": Message(
        ("不认识的工作表，不会被读取", "", "{near}请改表名；其他资料的表名请以 _ 开头"),
        (
            "this sheet is unknown and would not be read",
            "",
            "{near}Rename it; begin the name of a sheet of your own with _",
        ),
    ),
    "duplicate-sheet": Message(
        ("与工作表「{first}」重复", "", "请合并成一张，另一张改名以 _ 开头或删去"),
        (
            "this sheet is the same as {first!r}",
            "",
            "Make them one; begin the other's name with _ or delete it",
        ),
    ),
    "hidden-sheet": Message(
        ("这张有数据的工作表是隐藏的", "", "请取消隐藏并核对；不用就清空"),
        ("this sheet holds data and is hidden", "", "Unhide it and look at it, or empty it"),
    ),
    "hidden-row": Message(
        ("这一行有数据却是隐藏的（或被筛选掉）", "", "请取消隐藏或清除筛选并核对；不用就删去"),
        (
            "this row holds data and is hidden, by hand or by a filter",
            "",
            "Unhide it or clear the filter and look at it, or delete it",
        ),
    ),
    "hidden-column": Message(
        ("「{field}」这一列有数据却是隐藏的", "", "请取消隐藏并核对；不用就清空"),
        ("the column {field!r} holds data and is hidden", "", "Unhide it and look at it, or empty it"),
    ),
    "merged-cells": Message(
        ("数据区里有合并单元格", "一格一个值", "请取消合并，每格都填上值"),
        ("merged cells reach into the data", "one value in each cell", "Unmerge them and fill in every cell"),
    ),
    "sheet-header-missing": Message(
        ("前 10 行里找不到字段名那一行", "字段名：{known}", "请补上，或从 fenpei template 生成的空表复制"),
        (
            "no row of field names among the first ten",
            "the names {known}",
            "Add it, or copy it from what fenpei template writes",
        ),
    ),
    "no-header": Message(
        ("{column} 列有数据，却没有列名", "", "请补上列名，或清空这一列"),
        ("column {column} holds data and has no name", "", "Name it, or empty it"),
    ),
    "totals-row": Message(
        ("这是合计行，读进去会重复计算", "", "请删去这一行；合计由 fenpei 计算"),
        ("this is a totals row: it would count everything twice", "", "Delete it; fenpei adds up itself"),
    ),
    "unknown-owner": Message(
        ("「{field}」里的编号在「{parent}」表里没有", "", "{near}请更正，或先在那张表里添上"),
        ("{parent!r} has no such {field}", "", "{near}Correct it, or add it to that sheet first"),
    ),
    # --- cells
    "cell-too-long": Message(
        ("这段文字太长，一格放不下", "不超过 {limit} 个字符", "请缩短，或留在案例文件夹里"),
        (
            "this text is too long for a cell",
            "at most {limit} characters",
            "Shorten it, or stay with the folder",
        ),
    ),
    "cell-error": Message(
        ("「{field}」这一格是出错值", "数值或文字", "请改好公式或直接填值"),
        ("{field!r} is an error value", "a number or text", "Correct the formula, or fill in the value"),
    ),
    "cell-uncached": Message(
        (
            "「{field}」这一格的公式没有保存计算结果",
            "公式的结果",
            "请用 Excel 或 WPS 打开工作簿，重新计算后保存；或粘贴为数值",
        ),
        (
            "the formula in {field!r} has no stored result",
            "the result of the formula",
            "Open the workbook in a spreadsheet program, recalculate and save it; or paste the value",
        ),
    ),
    "cell-boolean": Message(
        ("「{field}」这一格是逻辑值", "yes 或 no，或应填的值", "请改成文字"),
        ("{field!r} is a logical value", "yes or no, or the value that belongs here", "Write it as text"),
    ),
    "cell-date": Message(
        (
            "「{field}」这一格被表格程序当成了日期",
            "数字或文字",
            "请先把单元格格式改成「文本」或「数值」，再重新输入（如 2/5）",
        ),
        (
            "the spreadsheet has made a date of {field!r}",
            "a number or text",
            "Format the cell as text or number, then type it again (2/5, for instance)",
        ),
    ),
    "cell-pairs": Message(
        ("「{field}」写法不对", "如 housing: 1; roads: 2", "请写成「编号: 数值」，几项之间用分号"),
        (
            "{field!r} cannot be read",
            "e.g. housing: 1; roads: 2",
            "Write 'id: number', with semicolons between several",
        ),
    ),
    "cell-form": Message(
        ("「{field}」不能写在一格里", "", "请填到它自己的工作表里，见「说明」"),
        ("{field!r} does not fit into one cell", "", "Fill it in on its own sheet, as the guide says"),
    ),
    # --- template and convert
    "exists-already": Message(
        ("已经存在，不会覆盖", "", "请换一个名字；确要替换这个工作簿时加 --force"),
        ("this exists already and is left alone", "", "Choose another name; --force replaces a workbook"),
    ),
    "folder-not-empty": Message(
        ("这个文件夹里已有内容，不会覆盖", "新的或空的文件夹", "请换一个名字"),
        ("this folder holds something and is left alone", "a new or empty folder", "Choose another name"),
    ),
    "no-folder-around": Message(
        ("没有文件夹「{folder}」", "", "请先建好"),
        ("there is no folder {folder!r}", "", "Make it first"),
    ),
    "convert-kinds": Message(
        ("两边都是文件夹", "一边是文件夹，一边是 .xlsx", "请把其中一个改成 .xlsx 文件名"),
        ("both are folders", "a folder and an .xlsx file", "Name an .xlsx file on one side"),
    ),
    "template-ending": Message(
        ("文件名须以 .xlsx 结尾", "", "请改文件名"),
        ("the name must end in .xlsx", "", "Change the name"),
    ),
    "not-the-same": Message(
        ("转换后读回来与原案例不一致（{part}），没有写出", "", "这是 fenpei 的缺陷，请报告；原件没有改动"),
        (
            "what was converted does not read as the same case ({part}); nothing was written",
            "",
            "This is a fault of fenpei: please report it; the original is as it was",
        ),
    ),
}
