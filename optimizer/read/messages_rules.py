"""Texts about rules and figures by year; see `messages`."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.read.message import Message

RULES: Mapping[str, Message] = {
    "rule-not-linear": Message(
        ("规则「{rule}」不能用：{problem}", "", "写法见 docs/rules.md"),
        ("rule {rule!r} cannot be used: {problem}", "", "The grammar is in docs/rules.md"),
    ),
    "rule-units": Message(
        ("规则「{rule}」的单位不对：{problem}", "", "单位见 docs/rules.md"),
        ("the units of rule {rule!r} are wrong: {problem}", "", "Units are explained in docs/rules.md"),
    ),
    "unless-equal": Message(
        (
            "规则「{rule}」有 unless，不能用「=」",
            ">= 或 <=",
            "请拆成两条规则，一条 >=、一条 <=；等于 0 的写成 <= 0",
        ),
        (
            "rule {rule!r} has an unless and cannot be an equality",
            ">= or <=",
            "Write two rules, one with >= and one with <=; for = 0 write <= 0",
        ),
    ),
    "attribute-by-year": Message(
        (
            "「{found}」是按年给出的属性（by_year），只能用在规则的左右两边和 unless",
            "regions.csv 里的属性",
            "请改用不按年的属性，或把条件写成规则里的算式",
        ),
        (
            "{found!r} is kept by year (by_year): only the sides and the unless of a rule may name it",
            "an attribute of regions.csv",
            "Use an attribute that is not kept by year, or say it in the expressions of a rule",
        ),
    ),
    "not-by-year": Message(
        (
            "属性「{found}」不是按年给出的",
            "按年的属性：{known}",
            "请在 case.yaml 给它写上 by_year: yes，或把数填在 regions.csv 里",
        ),
        (
            "the attribute {found!r} is not kept by year",
            "attributes kept by year: {known}",
            "Give it by_year: yes in case.yaml, or put the figure into regions.csv",
        ),
    ),
}
