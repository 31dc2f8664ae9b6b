"""Texts about waiver files; see `messages`."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.read.message import Message

PRACTICE: Mapping[str, Message] = {
    "waiver-type": Message(
        ("豁免文件应当是 .yaml、.yml 或 .csv", "", "请改存为其中一种；格式见 docs/practice.md"),
        (
            "a waiver file ends in .yaml, .yml or .csv",
            "",
            "Save it as one of them; docs/practice.md has the form",
        ),
    ),
    "waiver-rule": Message(
        (
            "「{found}」不能作为豁免的编号",
            "审核报告里的编号，如 practice.equal_split、cost.house；末尾可用 *，如 practice.*",
            "请照报告填写",
        ),
        (
            "{found!r} cannot be the rule of a waiver",
            "a rule as the audit prints it (practice.equal_split, cost.house), with * at most at its end",
            "Copy it from the audit",
        ),
    ),
    "waiver-never": Message(
        (
            "「{found}」涉及 {kept}，这类问题不得豁免",
            "",
            "请删去这一行，或写明可以豁免的编号；问题本身须整改",
        ),
        (
            "{found!r} would reach {kept}, which may never be waived",
            "",
            "Remove the line or name rules that may be waived; this one has to be put right",
        ),
    ),
    "waiver-year": Message(
        ("「{field}」应当是年份或 *", "2018 这样的四位年份，或 *（所有年份）", "请更正"),
        ("{field!r} must be a year or *", "four digits as in 2018, or * for every year", "Correct it"),
    ),
    "bad-date": Message(
        ("「{field}」不是日期", "2019-03-15 这样的日期", "请更正"),
        ("{field!r} is not a date", "a date as in 2019-03-15", "Correct it"),
    ),
    "waiver-later": Message(
        ("批准日期 {found} 晚于今天（{today}）", "", "请核对批准日期"),
        ("the approval of {found} is later than today ({today})", "", "Check the date of approval"),
    ),
    "waiver-expired": Message(
        ("豁免已于 {found} 到期（今天 {today}）", "", "请删去这一行，或取得新的批准"),
        ("this waiver ended on {found} (today is {today})", "", "Remove the line, or get a new approval"),
    ),
}
