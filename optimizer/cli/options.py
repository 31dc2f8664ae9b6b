"""The options that commands share, and how their values are read. Nothing is imported before it is needed."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import click

from optimizer.cli.language import remember

Command = TypeVar("Command", bound=Callable[..., Any])

#: Fen in one step of `--round`.
GRAINS = {"分": 1, "元": 100, "万元": 1_000_000, "fen": 1, "yuan": 100, "wanyuan": 1_000_000}
#: `--cross-check` without a name: the first other engine that is installed.
ANY_ENGINE = "any"


def engine_name(value: str) -> str:
    """A solver by its name or alias; the solve room says which there are."""
    from optimizer.solve import engines

    wanted = value.strip().lower()
    for engine in engines():
        if wanted in (engine.name, *engine.aliases):
            return engine.name
    known = ", ".join(engine.name for engine in engines())
    raise click.BadParameter(f'there is no solver "{value}"; choose one of {known} / 没有这个求解器')


def second_engine(value: str) -> str:
    """The engine of a cross-check, or ANY_ENGINE."""
    return value if value == ANY_ENGINE else engine_name(value)


def rate(value: str | float) -> float:
    """A gap, `0.001` or `0.1%`: a finite number of at least 0."""
    text = str(value).strip()
    number = _number(text.removesuffix("%"))
    if not number >= 0:
        raise click.BadParameter(f'"{value}" is not a gap such as 0.001 or 0.1% / 应如 0.001 或 0.1%')
    return number / 100 if text.endswith("%") else number


def exact_rate(value: str) -> Fraction:
    """A rate such as 5% or 0.05, exactly."""
    from models.money import MoneyError
    from models.money import rate as read

    try:
        return read(str(value))
    except MoneyError:
        raise click.BadParameter(f'"{value}" is not a rate such as 5% or 0.05 / 应如 5% 或 0.05') from None


def room_rate(value: str) -> Fraction:
    """A rate of at least 0, exactly: what something may cost more."""
    found = exact_rate(value)
    if found < 0:
        raise click.BadParameter(f'"{value}" is below 0: nothing is that much cheaper / 不能是负数')
    return found


def growth_rate(value: str) -> Fraction:
    """A rate of growth, exactly: at worst all is gone, -100%."""
    found = exact_rate(value)
    if found < -1:
        raise click.BadParameter(f'"{value}" takes away more than there is / 不能低于 -100%')
    return found


def part_rate(value: str) -> Fraction:
    """A rate above 0 and of at most 1, exactly: how much is to be certain."""
    found = exact_rate(value)
    if not 0 < found <= 1:
        raise click.BadParameter(f'"{value}" is not above 0 and at most 100% / 应大于 0、不超过 100%')
    return found


def duration(value: str | float) -> float:
    """Seconds: a finite number of at least 0."""
    number = _number(str(value))
    if not number >= 0:
        raise click.BadParameter(f'"{value}" is not a number of seconds / 应为秒数')
    return number


def program_file(value: str) -> Path:
    """A file to write the program to; its ending says in which format."""
    path = Path(value)
    if path.suffix not in (".lp", ".mps"):
        raise click.BadParameter(f'"{value}" must end in .lp or .mps / 文件名须以 .lp 或 .mps 结尾')
    if not path.parent.is_dir():
        raise click.BadParameter(f'there is no folder "{path.parent}" / 没有这个文件夹')
    return path


def _number(text: str) -> float:
    """A finite number, or NaN."""
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def case_argument(command: Command) -> Command:
    """CASE: the folder or the workbook of a case."""
    return click.argument("case", type=click.Path(path_type=Path))(command)


def level_option(command: Command) -> Command:
    """`--level`: the regions that are looked at."""
    return click.option(
        "--level",
        type=click.Choice(["city", "county", "township", "village"]),
        help="Level of the regions compared; default: counties. 按哪一级地区。",
    )(command)


def reading_options(command: Command) -> Command:
    """Which reading of the case: `--set` and `--scenario`."""
    command = click.option(
        "--set",
        "patches",
        metavar="PATH=VALUE",
        multiple=True,
        help="Change the case, e.g. fund.central.amount=0.92x; repeatable. 修改案例数据，可多次使用。",
    )(command)
    return click.option("--scenario", metavar="NAME", help="A named reading of the case. 案例里定义的情景。")(
        command
    )


def table_options(command: Command) -> Command:
    """How somebody else's table is to be understood: `--map`, `--sheet` and `--unit`."""
    for option in (
        click.option(
            "--unit", metavar="UNIT", help="Unit of money where the table states none: 元 万元 ... 金额单位。"
        ),
        click.option(
            "--sheet",
            "sheets",
            metavar="NAME",
            multiple=True,
            help="The sheet to read; repeatable. 工作表名。",
        ),
        click.option(
            "--map",
            "maps",
            metavar="A=B",
            multiple=True,
            help='What a column or name means: "金额=下达金额(万元)", "年度=2018", '
            '"中央=central_special"; repeatable. '
            "列或名称的含义，可多次使用。",
        ),
    ):
        command = option(command)
    return command


def execution_options(command: Command) -> Command:
    """`--executed` and what goes with it."""
    for option in (
        click.option(
            "--as-of",
            type=click.DateTime(["%Y-%m-%d"]),
            metavar="DATE",
            help="Day of audit; default: the ledger's last payment. 审计日，默认为最后一笔支付的日期。",
        ),
        click.option(
            "--beneficiaries",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Register of who may be paid (.csv, .xlsx), with --executed. 受益人名册。",
        ),
        click.option(
            "--executed",
            type=click.Path(path_type=Path),
            metavar="PAYMENTS",
            help="Payment ledger (.csv, .csv.gz, .xlsx) held against the plan. 支付台账，与计划核对。",
        ),
    ):
        command = option(command)
    return command


def typed(scenario: str | None, patches: Iterable[str]) -> str:
    """The options of `reading_options` that make another case of the same files, as they are typed."""
    words = [] if scenario is None else ["--scenario", scenario]
    for patch in patches:
        words += ["--set", patch]
    return shlex.join(words)


def speaking_options(command: Command) -> Command:
    """How the result is shown: `--format`, `--quiet` and `--lang`."""
    command = click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help="What goes to standard output. 标准输出的格式。",
    )(command)
    command = click.option("--quiet", is_flag=True, help="No progress, no notes. 不显示进度和提示。")(command)
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        callback=remember,
        is_eager=True,
        expose_value=False,
        help="Language; default: the locale's. 语言，默认随系统。",
    )(command)


def solving_options(command: Command) -> Command:
    """How to solve."""
    for option in (
        click.option(
            "--seed",
            type=click.IntRange(0, 2**31 - 2),
            default=0,
            show_default=True,
            help="Seed of the solver. 求解器的随机种子。",
        ),
        click.option(
            "--time-limit", type=duration, metavar="SECONDS", help="Stop after so long. 求解时限（秒）。"
        ),
        click.option(
            "--gap",
            type=rate,
            default="0.001",
            show_default=True,
            help="How far from the proven bound a plan may be. 允许的差距。",
        ),
        click.option(
            "--solver",
            type=engine_name,
            default="highs",
            show_default=True,
            metavar="highs|ortools|cbc",
            help="The engine that solves. 求解器。",
        ),
    ):
        command = option(command)
    return command


def checking_options(command: Command) -> Command:
    """`--thresholds` and `--waivers`: other checks than the case's, and findings accepted in writing."""
    command = click.option(
        "--thresholds",
        type=click.Path(path_type=Path),
        metavar="FILE.yaml",
        help="Changes to the named checks, as in practice.yaml. 改变各项检查的阈值、效力。",
    )(command)
    return click.option(
        "--waivers",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Findings accepted in writing (.yaml, .csv); they stay visible. 豁免文件：已书面接受的问题。",
    )(command)
