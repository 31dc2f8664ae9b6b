"""The group, and the commands of every day; each body is one call to the module that does the work."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Any

import click

from optimizer.cli.failures import Commands
from optimizer.cli.options import (
    ANY_ENGINE,
    GRAINS,
    case_argument,
    checking_options,
    execution_options,
    level_option,
    part_rate,
    program_file,
    reading_options,
    room_rate,
    second_engine,
    solving_options,
    speaking_options,
    table_options,
)


def show_version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    """`--version`: of the installed package; a checkout that is run without installing it says so."""
    if value and not ctx.resilient_parsing:
        try:
            click.echo(f"fenpei {metadata.version('fenpei')}")
        except metadata.PackageNotFoundError:
            click.echo("fenpei (not installed / 未安装)")
        ctx.exit()


CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(cls=Commands, context_settings=CONTEXT)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=show_version,
    help="Show the version. 显示版本。",
)
def main() -> None:
    """Plan, settle in whole fen and audit poverty-alleviation funding. 扶贫资金分配：编制、取整到分、审核。

    Exit codes: 0 done, 1 something broken found, 2 bad input, 3 infeasible, 4 stopped without proof,
    5 a fault of fenpei. 退出码：0 完成，1 发现违反，2 输入有误，3 无解，4 未证明，5 程序自身出错。
    """


class PlanCommand(click.Command):
    """`--cross-check` may stand alone: what follows is its engine only if it is the name of one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Complete a lone `--cross-check`."""
        if "--cross-check" in args:
            from optimizer.solve import engines

            names = {name for engine in engines() for name in (engine.name, *engine.aliases)}
            at = args.index("--cross-check")
            following = args[at + 1 : at + 2]
            named = bool(following) and following[0].lower() in names
            both = following if named else [ANY_ENGINE]
            args = [*args[:at], f"--cross-check={both[0]}", *args[at + 1 + named :]]
        return super().parse_args(ctx, args)


@main.command(cls=PlanCommand, short_help="The least-cost plan, audited and written. 编制最省方案。")
@case_argument
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write; default outputs/CASE[-SCENARIO]-HASH. 输出文件夹。",
)
@click.option("--scenarios", "listing", is_flag=True, help="List the scenarios and stop. 列出情景。")
@click.option(
    "--round",
    "grain",
    type=click.Choice(list(GRAINS)),
    default="分",
    show_default=True,
    help="Smallest amount of money. 金额取整单位。",
)
@click.option(
    "--cross-check",
    "second",
    type=second_engine,
    metavar="[ENGINE]",
    help="Solve again with another engine and compare. 用另一求解器复核。",
)
@click.option(
    "--prefer",
    type=click.Choice(["even", "stable"]),
    help="Of plans of nearly the same cost: even between regions, or close to --against. 均衡或少变动。",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True),
    metavar="PLAN",
    help="The plan to stay close to, for --prefer stable. 要贴近的方案。",
)
@click.option(
    "--alternatives",
    type=click.IntRange(0, 20),
    metavar="N",
    help="N other plans of nearly the same cost, and what each region could get. 另给 N 个方案。",
)
@click.option(
    "--protect",
    type=part_rate,
    metavar="P",
    help="Keep a reserve for what uncertainty.yaml says, e.g. 90%. 为不确定项留余地。",
)
@click.option(
    "--within",
    type=room_rate,
    default="0",
    show_default=True,
    help="How much more than the least cost such plans may cost, e.g. 1%. 允许的成本增幅。",
)
@level_option
@click.option(
    "--write-program",
    "program_file",
    type=program_file,
    metavar="FILE.lp|.mps",
    help="Write the linear program too. 另存数学规划。",
)
@solving_options
@reading_options
@speaking_options
@click.pass_context
def plan(ctx: click.Context, /, **options: Any) -> None:
    """The least-cost plan of CASE, settled in whole fen, audited, and written to a folder. 编制最省方案。"""
    from optimizer.cli.planning import Asked, list_scenarios, plan_case

    if options.pop("listing"):
        ctx.exit(list_scenarios(options["case"], options["form"]))
    ctx.exit(plan_case(Asked(**options)))


@main.command(short_help="Cross-check a case before any solver runs. 求解前核对案例。")
@case_argument
@reading_options
@speaking_options
@click.pass_context
def check(ctx: click.Context, /, **options: Any) -> None:
    """Check CASE: parts against totals, targets against stocks, money against needs. 求解前核对案例。"""
    from optimizer.cli.auditing import check_one

    ctx.exit(check_one(**options))


@main.command(short_help="Findings for any allocation. 审核任何分配表。")
@case_argument
@checking_options
@click.argument("allocation", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the audit to a folder. 审核结果文件夹。",
)
@table_options
@execution_options
@reading_options
@speaking_options
@click.pass_context
def audit(ctx: click.Context, /, **options: Any) -> None:
    """Audit ALLOCATION (.xlsx, .csv, or a plan's folder) against everything CASE demands. 审核任何分配表。

    A table that nobody prepared for fenpei is understood by its headers; docs/audit.md says how.
    """
    from optimizer.cli.auditing import audit_one
    from optimizer.cli.executing import asked

    wanted = asked(options)
    ctx.exit(audit_one(**options, execution=wanted))


@main.command(short_help="The rules in plain words with their citations. 用文字列出全部条款。")
@case_argument
@click.option(
    "--clauses", is_flag=True, help="The clause register: where every clause went. 条款登记：各条款的归宿。"
)
@click.option(
    "--checks", is_flag=True, help="The named checks of the audit, with law and thresholds. 审计检查目录。"
)
@reading_options
@speaking_options
@click.pass_context
def rules(ctx: click.Context, /, **options: Any) -> None:
    """What CASE demands, one sentence each, with years, severity and citation. 用文字列出全部条款及依据。"""
    from optimizer.cli.ruling import show_rules

    ctx.exit(show_rules(**options))


@main.command(short_help="An empty or filled case workbook. 生成案例工作簿。")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.xlsx")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="CASE",
    help="Fill it from this case. 用这个案例的数据填好。",
)
@click.option(
    "--years", metavar="FIRST-LAST", help="Years of an empty one, e.g. 2016-2018. 空白工作簿的年份。"
)
@click.option("--force", is_flag=True, help="Replace FILE.xlsx if it exists. 已有同名文件时替换。")
@speaking_options
@click.pass_context
def template(ctx: click.Context, /, **options: Any) -> None:
    """Write FILE.xlsx, a workbook with one sheet for each table of a case. 生成可填写的案例工作簿。"""
    from optimizer.cli.converting import write_template

    ctx.exit(write_template(**options))


@main.command(short_help="Case folder to workbook, workbook to folder. 文件夹与工作簿互转。")
@click.argument("source", type=click.Path(path_type=Path), metavar="A")
@click.argument("target", type=click.Path(path_type=Path), metavar="B")
@click.option("--force", is_flag=True, help="Replace B if it is a workbook. B 是工作簿时可替换。")
@speaking_options
@click.pass_context
def convert(ctx: click.Context, /, **options: Any) -> None:
    """Write case A (folder or workbook) as B: an .xlsx file, or else a folder. 案例文件夹与工作簿互转。"""
    from optimizer.cli.converting import convert_case

    ctx.exit(convert_case(**options))


@main.command(short_help="Tiny problems with known answers, for every engine. 自检求解器。")
@speaking_options
@click.pass_context
def selftest(ctx: click.Context, /, **options: Any) -> None:
    """Put tiny problems with known answers to every engine installed. 用已知答案的小题自检每个求解器。"""
    from optimizer.cli.testing import test_engines

    ctx.exit(test_engines(options["form"]))
