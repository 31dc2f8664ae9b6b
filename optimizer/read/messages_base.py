"""Texts about the base that cases share; see `messages`."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.read.message import Message

BASE: Mapping[str, Message] = {
    "base-path": Message(
        ("base 应当是从案例文件夹算起的相对路径", "如 ../base", "请改写，目录之间用 /"),
        ("base is a path from the case's folder", "e.g. ../base", "Rewrite it, with / between folders"),
    ),
    "base-missing": Message(
        (
            "没有 base 文件夹「{found}」",
            "",
            "案例换了地方，base 要一起带去；否则请写出从案例文件夹算起的路径，如 ../base",
        ),
        (
            "there is no base folder {found!r}",
            "",
            "Take the base along when a case moves, or give the path from the case's folder, as in ../base",
        ),
    ),
    "like-without-base": Message(
        (
            "写了 like: {found}，但 case.yaml 没有写 base",
            "",
            "请在 case.yaml 写上 base，或写全各字段并删去 like",
        ),
        (
            "there is like: {found}, and case.yaml names no base",
            "",
            "Name the base in case.yaml, or write the fields out and remove like",
        ),
    ),
    "unknown-template": Message(
        ("{file} 里没有编号为「{found}」的{kind}模板", "", "{near}请更正，或在那里加上"),
        ("there is no template {found!r} of a {kind} in {file}", "", "{near}Correct it, or add it there"),
    ),
}
