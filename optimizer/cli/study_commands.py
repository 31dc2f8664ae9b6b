"""The commands of planners: what if, why, what else, what habit would do, what changed, what may go wrong.

Each body is one call to the module that does the work; importing this module adds them to the group.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from optimizer.cli.commands import main
from optimizer.cli.options import (
    case_argument,
    duration,
    growth_rate,
    level_option,
    reading_options,
    room_rate,
    solving_options,
    speaking_options,
)


@main.command(short_help="What habit would do, for comparison. 习惯做法的分配，供比较。")
@case_argument
@click.option(
    "--method",
    type=click.Choice(["factor", "equal", "per-head", "greedy", "last-year"]),
    required=True,
    help="How habit divides the money among regions. 习惯的分配方法。",
)
@click.option(
    "--factors",
    default="rules-2021",
    show_default=True,
    metavar="NAME|FILE",
    help="The factors of the factor method: hubei-5311, index-631, rules-2021, or a YAML file. 因素与权重。",
)
@click.option(
    "--last",
    "before",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Last year's allocation, for last-year. 上年的分配表。",
)
@click.option(
    "--growth",
    type=growth_rate,
    default="0",
    show_default=True,
    help="Growth a year for last-year, e.g. 5%. 上年基数的年增幅。",
)
@level_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write; default outputs/CASE-baseline-METHOD-HASH. 输出文件夹。",
)
@solving_options
@reading_options
@speaking_options
@click.pass_context
def baseline(ctx: click.Context, /, **options: Any) -> None:
    """Divide CASE's funds among its regions as habit would, and audit what comes of it. 按习惯做法分配。"""
    from optimizer.cli.habits import Asked, baseline_case

    ctx.exit(baseline_case(Asked(**options)))


@main.command(short_help="What differs between two plans. 比较两个方案。")
@click.argument("first", metavar="PLAN", type=click.Path(path_type=Path, exists=True))
@click.argument("second", metavar="PLAN", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--case",
    "cases",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="CASE",
    help="The case, if the plans do not know it; twice if they have two. 方案所属的案例。",
)
@level_option
@click.option(
    "--why/--no-why",
    default=True,
    show_default=True,
    help="Plan again to tell data, prices, money and rules apart, where cases differ. 区分差别的原因。",
)
@solving_options
@speaking_options
@click.pass_context
def compare(ctx: click.Context, /, **options: Any) -> None:
    """Compare two plans or any two allocations: money, exits, rules, who wins, who loses. 比较两个方案。"""
    from optimizer.cli.comparing import Asked, compare_two

    ctx.exit(compare_two(Asked(**options)))


@main.command(short_help="How often a plan holds when figures turn out otherwise. 方案的抗风险能力。")
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--case",
    type=click.Path(path_type=Path),
    metavar="CASE",
    help="The case, if the plan does not know it. 方案所属的案例。",
)
@click.option(
    "--draws",
    type=click.IntRange(1, 100_000),
    default=200,
    show_default=True,
    help="How many draws. 抽样次数。",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 2),
    default=0,
    show_default=True,
    help="Seed of the draws: the same seed draws the same. 抽样的随机种子。",
)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes; default: all cores. 并行进程数。")
@click.option(
    "--time-limit", type=duration, metavar="SECONDS", help="Seconds for each draw. 每次抽样的时限（秒）。"
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write and to go on from; default outputs/CASE-stress-HASH. 输出文件夹，可续算。",
)
@speaking_options
@click.pass_context
def stress(ctx: click.Context, /, **options: Any) -> None:
    """Carry PLAN out again and again with figures drawn from uncertainty.yaml. 对方案作抽样检验。"""
    from optimizer.cli.stressing import Asked, stress_plan

    ctx.exit(stress_plan(Asked(**options)))


@main.command(short_help="Plan the years that are left. 执行后重新编制其余年份。")
@case_argument
@click.option(
    "--executed",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    metavar="FILE",
    help="What happened before --from: an allocation with money, units, exits and leaves. 已执行的情况。",
)
@click.option(
    "--from", "start", type=int, required=True, metavar="YEAR", help="First year to plan. 起始年份。"
)
@click.option(
    "--plan",
    "followed",
    type=click.Path(path_type=Path, exists=True),
    metavar="PLAN",
    help="The plan that was followed: change little of it, and say what changes. 原方案。",
)
@click.option(
    "--within",
    type=room_rate,
    default="0",
    show_default=True,
    help="How much more than the least cost few changes may cost, e.g. 1%. 为少变动允许的成本增幅。",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write; default outputs/CASE-replan-YEAR-HASH. 输出文件夹。",
)
@solving_options
@reading_options
@speaking_options
@click.pass_context
def replan(ctx: click.Context, /, **options: Any) -> None:
    """Keep what happened before a year as it was, and plan the rest of CASE anew. 执行后重新编制。"""
    from optimizer.cli.replanning import Asked, replan_case

    ctx.exit(replan_case(Asked(**options)))


@main.command(
    short_help="Why there is no plan and what would help; what figures are worth. 解释无解原因和价格。"
)
@case_argument
@click.option(
    "--keep",
    metavar="ID",
    multiple=True,
    help="Must not be changed, e.g. central or 'due.*'; repeatable. 不得改动的条款，可多次使用。",
)
@click.option(
    "--relax",
    metavar="ID",
    multiple=True,
    help="A rule that a document states may be changed all the same. 允许改动文件明文规定的规则。",
)
@click.option("--region", metavar="REGION", help="Why this region gets so much. 该地区为何得到这些资金。")
@click.option(
    "--repairs",
    "most",
    type=click.IntRange(1, 20),
    default=5,
    show_default=True,
    help="Ways out to look for. 查找办法的个数。",
)
@click.option("--time-limit", type=duration, metavar="SECONDS", help="Stop after so long. 求解时限（秒）。")
@reading_options
@speaking_options
@click.pass_context
def explain(ctx: click.Context, /, **options: Any) -> None:
    """Explain CASE. Infeasible: what contradicts what, and priced ways out. Feasible: what one more 万元 of
    each fund, and each target and rule, is worth. 无解时指出矛盾与办法，有解时给出各项的价格。
    """
    from optimizer.cli.explaining import Asked, explain_case

    ctx.exit(explain_case(Asked(**options)))


@main.command(short_help="Many levels, exact curves, thresholds. 假如……：多种情形与临界值。")
@case_argument
@click.option(
    "--vary",
    metavar="PATH=FROM:TO:STEP",
    multiple=True,
    help="A range of levels, e.g. fund.central.amount=0.7x:1.3x:0.05x; several make a grid. 逐档变化。",
)
@click.option(
    "--runs",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Runs from a file: run, what, how (set, times, plus), value, note. 从表格读入各种情形。",
)
@click.option(
    "--scenario",
    "scenarios",
    metavar="NAME",
    multiple=True,
    help="A scenario of the case as a run; repeatable. 案例情景，可多次使用。",
)
@click.option(
    "--curve", metavar="PATH", help="The exact curve over the level of a fund. 资金额度的精确曲线。"
)
@click.option("--from", "start", metavar="LEVEL", help="Where the curve begins, e.g. 0.5x. 曲线起点。")
@click.option("--to", "end", metavar="LEVEL", help="Where the curve ends, e.g. 1.5x. 曲线终点。")
@click.option("--least", metavar="PATH", help="The least level at which everything still holds. 最低额度。")
@click.option("--latest", metavar="FUND", help="The latest year a fund may arrive. 资金最迟到位年份。")
@click.option("--earliest", is_flag=True, help="The earliest year everybody can be out. 最早全部脱贫年份。")
@click.option(
    "--relaxed",
    is_flag=True,
    help="Bounds only: no whole numbers, no plans, no audit. 只求界限，不取整不审核。",
)
@click.option(
    "--workers", type=click.IntRange(1), metavar="N", help="Processes; default: all cores. 进程数。"
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Where the runs are made. 在何处计算。",
)
@click.option("--scheduler", metavar="ADDRESS", help="Of a Dask cluster, e.g. tcp://10.0.0.5:8786. 调度器。")
@click.option(
    "--set",
    "patches",
    metavar="PATH=VALUE",
    multiple=True,
    help="Change the case before everything else; repeatable. 先修改案例数据，可多次使用。",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write; the same one again goes on where it was left. 输出文件夹，可续算。",
)
@solving_options
@speaking_options
@click.pass_context
def whatif(ctx: click.Context, /, **options: Any) -> None:
    """Many readings of CASE in one table and chart; or one exact answer about it. 假如……会怎样。"""
    from optimizer.cli.whatif import what_if
    from optimizer.cli.whatif_asked import AskedWhatIf

    ctx.exit(what_if(AskedWhatIf(**options)))
