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
}
