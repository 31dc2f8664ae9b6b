"""资金收支: what every fund brings in, spends, carries over and gives back, pool by pool, year by year.

What is spent is a formula over the allocation sheet, what is carried in is the carried-out cell of the year
before, and the last column must come out as zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from models.allocation import Allocation
from models.case import Case
from models.citation import Language
from optimizer.present.accounts import Account, accounts
from optimizer.present.principal import back_later, pools
from optimizer.present.words import said, word
from optimizer.present.workbook.allocation import Amounts
from optimizer.present.workbook.book import Book, Column, Line, Sheet
from optimizer.present.workbook.cells import Cell, Formula, in_yuan, share
from optimizer.present.workbook.payments import Block
from optimizer.present.workbook.style import Kind, Row

#: Columns: fund, level, pool, year, carried in, brought, recovered, available, spent, carried out, lapsed,
#: rate, check.
_YEAR, _CARRIED_IN, _BROUGHT, _RECOVERED, _AVAILABLE, _SPENT, _CARRIED_OUT, _LAPSED = range(3, 11)


def accounts_sheet(book: Book, amounts: Amounts, allocation: Allocation) -> Sheet:
    """Write the sheet."""
    language, case = book.language, amounts.case
    sheet = book.sheet(said(language, "资金收支", "Funds in and out"))
    columns = _columns(language)
    sheet.columns = len(columns)
    sheet.title(
        said(language, "资金收支与结转表", "Funds in and out, with carry-over"),
        said(language, "单位：元。上年结转＋当年到位＋收回本金＝支出＋结转下年＋结余；“平衡校验”应为 0.00。",
             "In yuan. Carried in + brought + principal recovered = spent + carried out + lapsed: "
             "the check must be 0.00."),
    )  # fmt: skip
    head = sheet.row
    sheet.head(columns)
    rows = accounts(case, allocation)
    by_fund: dict[str, list[Account]] = {}
    for row in rows:
        by_fund.setdefault(row.fund, []).append(row)
    last = sheet.row + len(rows) + len(by_fund)
    top = sheet.row
    sheet.line(
        columns, Line(_sums(top, last, rows, word("total", language).capitalize(), case.years), Row.TOTAL)
    )
    for fund, own in by_fund.items():
        first = sheet.row + 1
        cells = _sums(sheet.row, first + len(own) - 1, own, case.funds[fund].title.said(language), case.years)
        cells[1] = word(case.funds[fund].level, language)
        sheet.line(columns, Line(cells, Row.GROUP, level=1))
        _fund(sheet, columns, amounts, fund, own)
    sheet.raw.freeze_panes(head + 2, 4)
    sheet.raw.outline_settings(True, False, True, False)
    sheet.filtered(head, sheet.row - 1, len(columns) - 1)
    _later(sheet, columns, case, allocation)
    return sheet


def _later(sheet: Sheet, columns: Sequence[Column], case: Case, allocation: Allocation) -> None:
    """Below the accounts: the principal that comes back after the plan's years."""
    language, found = sheet.book.language, back_later(case, allocation)
    if not found:
        return
    sheet.row += 1
    heading = said(language, "规划期后收回的本金（未列入上表）", "Principal back after the plan (not above)")
    top = sheet.row + 1
    area = xl_range(top, _RECOVERED, top + len(found) - 1, _RECOVERED)
    total = Formula(f"SUM({area})", in_yuan(sum(back.fen for back in found)))
    rest: list[Cell] = [None] * (len(columns) - _RECOVERED - 1)
    cells: list[Cell] = [heading, *[None] * (_RECOVERED - 1), total, *rest]
    sheet.line(columns, Line(cells, Row.GROUP))
    for back in found:
        fund = case.funds[back.fund]
        place = case.regions[back.pool].name
        row: list[Cell] = [fund.title.said(language), word(fund.level, language), place, back.year]
        sheet.line(columns, Line([*row, None, None, in_yuan(back.fen), *rest], indent=1))


def _columns(language: Language) -> list[Column]:
    return [
        Column(said(language, "资金", "Fund"), most=40),
        Column(said(language, "级次", "Level"), Kind.CODE, 16),
        Column(said(language, "统筹地区", "Pooled at"), most=24),
        Column(word("year", language).capitalize(), Kind.YEAR),
        Column(said(language, "上年结转", "Carried in"), Kind.YUAN),
        Column(said(language, "当年到位", "Brought in"), Kind.YUAN),
        Column(said(language, "收回本金", "Principal recovered"), Kind.YUAN),
        Column(said(language, "可用合计", "Available"), Kind.YUAN),
        Column(said(language, "当年支出", "Spent"), Kind.YUAN),
        Column(said(language, "结转下年", "Carried out"), Kind.YUAN),
        Column(said(language, "结余（收回）", "Lapsed (returned)"), Kind.YUAN),
        Column(said(language, "支出率", "Spent share"), Kind.SHARE),
        Column(said(language, "平衡校验", "Check"), Kind.YUAN),
    ]


def _sums(row: int, last: int, rows: Sequence[Account], name: str, years: Sequence[int]) -> list[Cell]:
    """Sums over years: carried in before the first, carried out of the last, everything else in all of them.

    The rows of years have a number in the column of years; the rows of sums have none.
    """
    first, opening, closing = row + 1, years[0], years[-1]
    sums = {
        _CARRIED_IN: (opening, sum(a.carried_in for a in rows if a.year == opening)),
        _BROUGHT: ('">0"', sum(a.brought for a in rows)),
        _RECOVERED: ('">0"', sum(a.recovered for a in rows)),
        _SPENT: ('">0"', sum(a.spent for a in rows)),
        _CARRIED_OUT: (closing, sum(a.carried_out for a in rows if a.year == closing)),
        _LAPSED: ('">0"', sum(a.lapsed for a in rows)),
    }
    key = xl_range(first, _YEAR, last, _YEAR)
    found = {
        at: Formula(f"SUMIF({key},{which},{xl_range(first, at, last, at)})", in_yuan(fen))
        for at, (which, fen) in sums.items()
    }
    came = sum(sums[at][1] for at in (_CARRIED_IN, _BROUGHT, _RECOVERED))
    spent, rest = sums[_SPENT][1], sums[_CARRIED_OUT][1] + sums[_LAPSED][1]
    found[_AVAILABLE] = Formula(f"SUM({xl_range(row, _CARRIED_IN, row, _RECOVERED)})", in_yuan(came))
    cells: list[Cell] = [name, None, None, None, *(found[at] for at in sorted(found))]
    return cells + _rate_and_check(row, came, spent, came - spent - rest)


def _rate_and_check(row: int, available: int, spent: int, balance: int) -> list[Cell]:
    cell = {at: xl_rowcol_to_cell(row, at) for at in range(_CARRIED_IN, _LAPSED + 1)}
    rate = share(spent, available)
    check = f"ROUND({cell[_AVAILABLE]}-{cell[_SPENT]}-{cell[_CARRIED_OUT]}-{cell[_LAPSED]},2)"
    return [
        None if rate is None else Formula(f"{cell[_SPENT]}/{cell[_AVAILABLE]}", rate),
        Formula(check, in_yuan(balance)),
    ]


def _fund(
    sheet: Sheet, columns: Sequence[Column], amounts: Amounts, fund: str, rows: Sequence[Account]
) -> None:
    case, language = amounts.case, sheet.book.language
    known = case.funds[fund]
    blocks = _blocks(amounts, fund)
    for account in rows:
        row = sheet.row
        first = account.year == case.first_year
        carried: Cell = in_yuan(account.carried_in)
        if not first:
            carried = Formula(xl_rowcol_to_cell(row - 1, _CARRIED_OUT), in_yuan(account.carried_in))
        came = account.carried_in + account.brought + account.recovered
        block = blocks.get(account.pool)
        spent: Cell = in_yuan(account.spent)
        if block is not None:
            column = amounts.column(account.year)
            spent = Formula(amounts.of(fund, amounts.span(block), column, fund=True), in_yuan(account.spent))
        cells: list[Cell] = [
            known.title.said(language),
            word(known.level, language),
            case.regions[account.pool].name,
            account.year,
            carried,
            in_yuan(account.brought),
            in_yuan(account.recovered),
            Formula(f"SUM({xl_range(row, _CARRIED_IN, row, _RECOVERED)})", in_yuan(came)),
            spent,
            in_yuan(account.carried_out),
            in_yuan(account.lapsed),
            *_rate_and_check(row, came, account.spent, account.balance),
        ]
        sheet.line(columns, Line(cells, indent=1, level=2))


def _blocks(amounts: Amounts, fund: str) -> Mapping[str, Block]:
    """Pool -> its block of lines; pools that hold other pools of the same fund have none of their own."""
    regions = amounts.case.regions
    own = pools(amounts.case, fund)
    simple = {pool for pool in own if not set(regions.subtree(pool)) & (set(own) - {pool})}
    found: dict[str, Block] = {}
    for block in amounts.root.walk():
        if block.region in simple and not block.own:
            found.setdefault(block.region, block)
    return found
