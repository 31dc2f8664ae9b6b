# ruff: noqa: RUF001, E501
"""A random allocation written in a random layout, unit and hand reads back to the same allocation, to the fen."""

import csv
import io
import random
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.case import Case
from optimizer.read.foreign import read_submission
from optimizer.read.foreign.words import vocabulary

Key = tuple[str, str, str, int]
REGION_NAMES = {
    "a": ("甲县", "a", "410225", "甲 县"),
    "b": ("乙县", "b", "某省乙县", "乙縣"),
    "ry": ("乳源瑶族自治县", "乳源", "乳源县", "440232", "韶关市乳源县", "乳 源"),
    "g1": ("韶关市鼓楼区", "440299", "韶关鼓楼区", "g1"),
    "g2": ("开封市鼓楼区", "410204", "某省开封市鼓楼区", "g2"),
    "lk": ("兰考县", "蘭考縣", "兰考", "lk", "开封兰考县"),
}
MEASURE_NAMES = {
    "house": ("危房改造", "house", "危改", "农村危房改造", "1.危房改造"),
    "pv": ("光伏", "pv", "光伏扶贫", "光　伏"),
    "grant": ("助学金", "grant", "助學金", "（二）助学金"),
}
FUND_NAMES = {
    "central": ("中央专项", "central", "中央财政专项扶贫资金", "中央專項資金", "中央"),
    "local": ("县级", "local", "县级财政资金", "縣級"),
    "company": ("企业", "company", "企业资金"),
}
YEAR_NAMES = ("{}", "{}年", "{}年度")
UNITS = {"元": 100, "千元": 100_000, "万元": 1_000_000, "亿元": 10_000_000_000}
HEADERS = {
    "region": ("县(市、区)", "县区", "地区", "行政区划", "縣（市、區）", "County"),
    "measure": ("项目类别", "措施", "支出内容", "项目", "资金用途"),
    "fund": ("资金来源", "资金名称", "资金渠道", "资金"),
    "year": ("年度", "年份", "预算年度", "Year"),
    "amount": ("金额", "下达金额", "安排资金", "分配金额", "金 额"),
}
#: What stands across the top; the rest stands in columns.
ACROSS = ((), ("fund",), ("year",), ("measure",), ("year", "fund"), ("fund", "year"), ("measure", "fund"))

amounts = st.one_of(
    st.integers(1, 99),
    st.integers(-10_000_000, 10**13).filter(bool),
    st.integers(1, 10**6).map(lambda n: n * 10**6),
)
keys = st.tuples(
    st.sampled_from(sorted(REGION_NAMES)),
    st.sampled_from(sorted(MEASURE_NAMES)),
    st.sampled_from(sorted(FUND_NAMES)),
    st.sampled_from((2017, 2018)),
)


class Writer:
    """Writes an allocation in a layout of its own choice; `pick` chooses."""

    def __init__(
        self, money: Mapping[Key, int], across: tuple[str, ...], unit: str, pick: random.Random
    ) -> None:
        self.money, self.across, self.unit, self.pick = money, across, unit, pick
        self.down = [name for name in ("year", "region", "measure", "fund") if name not in across]
        pick.shuffle(self.down)
        self.unit_in_line = pick.random() < 0.5
        self.totals = pick.random() < 0.5

    def named(self, kind: str, value: str | int) -> str:
        if kind == "year":
            return self.pick.choice(YEAR_NAMES).format(value)
        names = {"region": REGION_NAMES, "measure": MEASURE_NAMES, "fund": FUND_NAMES}[kind]
        return self.pick.choice(names[str(value)])

    def number(self, fen: int) -> str:
        text = f"{Decimal(fen) / UNITS[self.unit]:f}"
        style = self.pick.choice(("plain", "plain", "plain", "thousands", "wide", "unit"))
        if style == "thousands":
            whole, point, rest = text.partition(".")
            return f"{int(whole):,}{point}{rest}" if whole not in ("0", "-0") else text
        if style == "wide":
            return text.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
        return text + self.unit if style == "unit" else text

    def rows(self) -> list[list[str]]:
        """Titles, header, body and sums."""
        index = {"region": 0, "measure": 1, "fund": 2, "year": 3}
        across = sorted({tuple(key[index[name]] for name in self.across) for key in self.money})
        down: dict[tuple[str | int, ...], dict[tuple[str | int, ...], int]] = defaultdict(dict)
        for key, fen in self.money.items():
            column = tuple(key[index[name]] for name in self.across)
            down[tuple(key[index[name]] for name in self.down)][column] = fen
        body = [
            [*(self.named(kind, value) for kind, value in zip(self.down, line, strict=True)),
             *(self.number(cells[column]) if column in cells else "" for column in across),
             *([self.number(sum(cells.values()))] if self.total_column else [])]
            for line, cells in down.items()
        ]  # fmt: skip
        self.pick.shuffle(body)
        if self.totals:
            sums = [self.number(sum(cells.get(column, 0) for cells in down.values())) for column in across]
            whole = [self.number(sum(self.money.values()))] if self.total_column else []
            body.append(
                [self.pick.choice(("合计", "总 计", "共计")), *[""] * (len(self.down) - 1), *sums, *whole]
            )
        return [*self.above(len(body[0])), *self.header(across), *body, *self.below(len(body[0]))]

    @property
    def total_column(self) -> bool:
        return self.totals and bool(self.across)

    def above(self, width: int) -> list[list[str]]:
        lines = [["扶贫资金分配情况表", *[""] * (width - 1)]] if self.pick.random() < 0.5 else []
        if self.unit_in_line:
            lines.append([*[""] * (width - 1), f"单位：{self.unit}"])
        return lines

    def below(self, width: int) -> list[list[str]]:
        return [["注：本表由各县填报", *[""] * (width - 1)]] if self.pick.random() < 0.3 else []

    def header(self, across: Sequence[tuple[str | int, ...]]) -> list[list[str]]:
        bracket = (
            ""
            if self.unit_in_line
            else self.pick.choice(("({})", "（单位：{}）", "（{}）")).format(self.unit)
        )
        labels = [self.pick.choice(HEADERS[name]) for name in self.down]
        if not self.across:
            return [[*labels, self.pick.choice(HEADERS["amount"]) + bracket]]
        depth = len(self.across)
        total = [f"合计{bracket}"] if self.total_column else []
        lines = []
        for level, name in enumerate(self.across):
            said = {value: self.named(name, value) for value in {column[level] for column in across}}
            texts = [said[column[level]] + bracket for column in across]
            if level < depth - 1:  # a heading over several columns stands in the first
                texts = [
                    text if not at or across[at][: level + 1] != across[at - 1][: level + 1] else ""
                    for at, text in enumerate(texts)
                ]
            lines.append(
                [
                    *(labels if not level else [""] * len(labels)),
                    *texts,
                    *(total if not level else [""] * len(total)),
                ]
            )
        return lines


def save(rows: list[list[str]], form: str, folder: Path) -> Path:
    if form == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append([float(cell) if plain_number(cell) else cell or None for cell in row])
        book.save(folder / "t.xlsx")
        return folder / "t.xlsx"
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    (folder / "t.csv").write_bytes(out.getvalue().encode(form))
    return folder / "t.csv"


def plain_number(cell: str) -> bool:
    """A number that a spreadsheet holds exactly: at most fifteen digits."""
    digits = cell.removeprefix("-")
    return (
        digits.replace(".", "", 1).isdigit()
        and digits.isascii()
        and len(digits.replace(".", "").strip("0")) <= 15
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    money=st.dictionaries(keys, amounts, min_size=1, max_size=12),
    across=st.sampled_from(ACROSS),
    unit=st.sampled_from(sorted(UNITS)),
    form=st.sampled_from(("utf-8", "utf-8-sig", "gb18030", "xlsx")),
    seed=st.integers(0, 2**32),
)
def test_what_was_written_is_what_is_read(
    case: Case, money: dict[Key, int], across: tuple[str, ...], unit: str, form: str, seed: int
) -> None:
    rows = Writer(money, across, unit, random.Random(seed)).rows()
    with tempfile.TemporaryDirectory() as folder:
        found = read_submission(save(rows, form, Path(folder)), case)
    assert found.allocation.money == money, rows
    assert sum(line.amount for line in found.details) == sum(money.values())


def test_the_comparison_can_fail(case: Case, tmp_path: Path) -> None:
    money = {("a", "house", "central", 2017): 12_345}
    rows = Writer(money, (), "元", random.Random(1)).rows()
    path = save(rows, "utf-8", tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("123.45", "123.46"), encoding="utf-8")
    assert read_submission(path, case).allocation.money != money


@pytest.mark.parametrize("kind", sorted(HEADERS))
def test_the_headers_written_here_are_words_of_the_vocabulary(kind: str) -> None:
    """So that the property speaks of the vocabulary and not of luck."""
    assert kind in {meaning for meanings in vocabulary().sure.values() for meaning in meanings}
