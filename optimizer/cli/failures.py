"""Exit codes, and what is said when a command cannot do its work. The one place that catches exceptions."""

from __future__ import annotations

import os
import traceback
from enum import IntEnum
from typing import Any, NoReturn

import click

from optimizer.cli.language import language, say
from optimizer.cli.output import message


class ExitCode(IntEnum):
    """The contract of the command line."""

    DONE = 0
    BROKEN = 1
    BAD_INPUT = 2
    INFEASIBLE = 3
    UNPROVEN = 4
    FAULT = 5


class Commands(click.Group):
    """A group whose commands end with one of the exit codes, whatever happens in them."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; click's own errors (usage, exit) pass through."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):
            message(say("已中断；没有写出文件。", "Interrupted; nothing was written."))
            ctx.exit(ExitCode.UNPROVEN)
        except Exception as error:
            ctx.exit(_told(error))


def refuse(zh: str, en: str) -> NoReturn:
    """Bad usage or input that is found before anything was done."""
    message(say(f"错误：{zh}", f"Error: {en}"))
    click.get_current_context().exit(ExitCode.BAD_INPUT)


def _told(error: Exception) -> ExitCode:
    """Say what went wrong; the exit code for it."""
    if os.environ.get("FENPEI_TRACEBACK") == "1":
        message("".join(traceback.format_exception(error)).rstrip())
    from models.refusal import InputErrors
    from optimizer.present.folder import FolderError

    if isinstance(error, InputErrors):
        count = len(error.problems)
        message(
            say(
                f"输入有 {count} 处问题，没有写出文件：",
                f"The input has {count} problem(s); nothing was written:",
            )
        )
        message(error.said(language()))
        return ExitCode.BAD_INPUT
    if isinstance(error, FolderError):
        message(say(f"错误：{error.text.zh}", f"Error: {error.text.en}"))
        return ExitCode.BAD_INPUT
    if isinstance(error, OSError):
        why = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        message(say(f"无法读写 {why}；没有写出文件。", f"Cannot read or write {why}; nothing was written."))
        return ExitCode.BAD_INPUT
    return _fault(error)


def _fault(error: Exception) -> ExitCode:
    from optimizer.solve import EnginesDisagree, EngineUnavailable

    if isinstance(error, EngineUnavailable):
        message(say(f"错误：求解器不可用：{error}", f"Error: {error}"))
        return ExitCode.BAD_INPUT
    if isinstance(error, EnginesDisagree):
        message(
            say(
                f"!! 两个求解器的结果互相矛盾，任何一个都不可信；没有写出文件。\n   {error}",
                f"!! Two solvers contradict each other; trust neither. Nothing was written.\n   {error}",
            )
        )
        return ExitCode.FAULT
    kind = type(error).__name__
    message(
        say(
            f"fenpei 自身出错（{kind}：{error}）。这不是案例的问题，请报告；设 FENPEI_TRACEBACK=1 可看详情。",
            f"A fault of fenpei itself ({kind}: {error}). It is not the case's fault: please report it; "
            "FENPEI_TRACEBACK=1 shows where.",
        )
    )
    return ExitCode.FAULT
