"""What people read: full texts in both languages, all problems at once, and a text for every code."""

import re
from pathlib import Path

import pytest

import optimizer.read
from models.citation import Language
from optimizer.read.messages import MESSAGES
from tests.read.conftest import Folder

TEXTS = [
    (
        ("needs.csv", "b,housing,,3,", "b,housing,,1.5,"),
        "needs.csv:3:amount: 「amount」应当是整数：现为「1.5」，应为整数。请更正；户数、人数、个数没有小数。",
        "needs.csv:3:amount: 'amount' must be a whole number: found '1.5', expected a whole number."
        " Correct it: households, persons and things are counted.",
    ),
    (
        ("needs.csv", "b,housing,,3,", "b,housing,,#DIV/0!,"),
        "needs.csv:3:amount: 「amount」是 Excel 的出错值：现为「#DIV/0!」，应为数字。"
        "请在原表里改好公式，再导出。",
        "needs.csv:3:amount: 'amount' is an Excel error: found '#DIV/0!', expected a number."
        " Correct the formula in the sheet and export it again.",
    ),
    (
        ("funds.csv", "local,b,2017", "locl,b,2017"),
        "funds.csv:9:fund: 没有编号为「locl」的资金。是不是「local」？请更正，或先声明它。",
        "funds.csv:9:fund: there is no fund 'locl'. Did you mean 'local'? Correct it, or declare it first.",
    ),
    (
        ("needs.csv", "b,housing,", "乙县,housing,"),
        "needs.csv:3:region: 没有编号为「乙县」的地区。「乙县」是名称，编号是「b」。请更正，或先声明它。",
        "needs.csv:3:region: there is no region '乙县'."
        " That is a name; the id is 'b'. Correct it, or declare it first.",
    ),
    (
        ("costs.csv", "cost(元)", "cost"),
        "costs.csv:1:cost: 金额列「cost」的列名没有可用的单位：应为如 cost(元)、cost(万元)。"
        "请在列名里写上单位：分 元 万元 亿元。",
        "costs.csv:1:cost: the money column 'cost' does not declare a known unit:"
        " expected e.g. cost(元) or cost(万元). Put the unit into the header: 分 元 万元 亿元.",
    ),
    (
        ("costs.csv", "grid,,,300000", "grid,,,300，000"),
        "costs.csv:5:cost(元): 「cost(元)」的数字里有千分位分隔符：现为「300，000」，应为300000。"
        "请去掉分隔符。",
        "costs.csv:5:cost(元): the number in 'cost(元)' has thousands separators: found '300，000',"
        " expected 300000. Remove the separators.",
    ),
    (
        ("rules.yaml", "left: units(measure", "left: unit(measure"),
        "rules.yaml:18:11: 「left」读不懂：不认识的量「unit」。是不是「units」？可用的量：spent "
        "available given carried recovered"
        " units in_effect met need exits out stock entered relapsed revoked listed_out capacity"
        " previous everywhere region。"
        "写法见 docs/rules.md。\n"
        "  unit(measure.tag == building)\n  ^^^^",
        "rules.yaml:18:11: 'left' cannot be read: unknown quantity 'unit'. Did you mean 'units'? "
        "Quantities are:"
        " spent available given carried recovered units in_effect met need exits out stock"
        " entered relapsed revoked listed_out capacity previous everywhere region."
        " The grammar is in docs/rules.md.\n  unit(measure.tag == building)\n  ^^^^",
    ),
    (
        ("rules.yaml", "id: enough-houses", "id: match-central"),
        "rules.yaml:12:5: 规则的编号「match-central」用了两次（第一次在第 2 行）。请改掉其中一个编号。",
        "rules.yaml:12:5: the rule id 'match-central' is used twice (first on line 2). Change one of them.",
    ),
    (
        ("measures.yaml", "share: 70%", "share: 60%"),
        "measures.yaml:10:7: 「house」的 shares 加起来不是 100%：现为「90%」，应为合计 100%。"
        "请更正各项；除不尽的写成分数，如 1/3。",
        "measures.yaml:10:7: shares of 'house' does not add up to 100%: found '90%', expected 100% in all."
        " Correct the parts; write thirds as 1/3.",
    ),
    (
        ("rules.yaml", "fund.tag == own", "fund.tag == owns"),
        "rules.yaml:8:11: 「left」里的「owns」不是案例里有的资金标签。是不是「own」？请更正。\n"
        "  available(fund.tag == owns)\n            ^^^^^^^^^^^^^^^^",
        "rules.yaml:8:11: 'owns' in 'left' is not a known tag of a fund. Did you mean 'own'?"
        " Correct it.\n  available(fund.tag == owns)\n            ^^^^^^^^^^^^^^^^",
    ),
    (
        ("regions.csv", "b,乙县,county,p,", "a,甲县,county,b,,,,,plan,一,stated\nb,乙县,county,p,"),
        "regions.csv:4:region: 地区「a」有两个上级：第 3 行是「p」，这里是「b」。"
        "一个地区只有一个上级，请只留一行。",
        "regions.csv:4:region: region 'a' has two parents: 'p' on line 3 and 'b' here."
        " A region has one parent: keep one of the rows.",
    ),
    (
        ("targets.yaml", "    price: 100万元\n", ""),
        "targets.yaml:9:5: 「counties」是 soft，但没有价格。请写 price，如 price: 1万元；或把 "
        "severity 改为 hard。",
        "targets.yaml:9:5: 'counties' is soft and has no price. Add price, as in price: 1万元, or "
        "make it hard.",
    ),
]


@pytest.mark.parametrize(("change", "zh", "en"), TEXTS, ids=[text[0][2] for text in TEXTS])
def test_texts_in_full(change: tuple[str, str, str], zh: str, en: str, folder: Folder) -> None:
    folder.change(*change)
    problems = folder.problems()
    assert zh in [problem.said(Language.ZH) for problem in problems]
    assert en in [problem.said(Language.EN) for problem in problems]


def test_all_problems_come_at_once_in_the_order_of_files_and_lines(folder: Folder) -> None:
    folder.change("costs.csv", "grid,,,300000", "grid,,,x")
    folder.change("needs.yaml", "kind: backlog", "kind: backlogs")
    folder.change("rules.yaml", "right: 5户", "right: 5户 +")
    folder.change("funds.csv", "local,a,2017,50,5", "local,a,2017,-50,5")
    folder.change("regions.csv", "410225", "x")
    folder.change("targets.yaml", "2018: 110", "2019: 110")
    codes = [(problem.place.file, problem.code) for problem in folder.problems()]
    assert codes == [
        ("needs.yaml", "unknown-word"),
        ("targets.yaml", "year-outside"),
        ("rules.yaml", "rule-syntax"),
        ("regions.csv", "bad-code"),
        ("costs.csv", "not-a-number"),
        ("funds.csv", "negative"),
    ]


def test_a_broken_file_does_not_make_others_look_wrong(folder: Folder) -> None:
    for file in ("case.yaml", "regions.csv", "funds.yaml", "groups.yaml", "measures.yaml", "needs.yaml"):
        before = folder.text(file)
        folder.write(file, "[" if file.endswith(".yaml") else "x\n")
        assert [problem.place.file for problem in folder.problems()] == [file]
        folder.write(file, before)


def test_many_bad_rows_are_counted_and_twenty_are_shown(folder: Folder) -> None:
    rows = "".join(f"b,housing,,x{n},plan,一,stated\n" for n in range(50))
    folder.write("needs.csv", folder.text("needs.csv") + rows)
    problems = folder.problems()
    assert [problem.code for problem in problems] == ["not-a-number"] * 20 + ["more"]
    assert problems[-1].said(Language.EN) == (
        "needs.csv:26:amount: 30 more of the same in 'amount' are not listed. Correct them too."
    )


def test_the_error_itself_reads_as_its_problems(folder: Folder) -> None:
    folder.change("targets.yaml", "2018: 110", "2019: 110")
    [problem] = folder.problems()
    assert str(problem.place) == "targets.yaml:7:25"
    assert problem.said(Language.EN).startswith(
        "targets.yaml:7:25: the year in 'amounts' is outside the case"
    )


def test_every_text_has_both_languages_and_the_same_blanks() -> None:
    for code, message in MESSAGES.items():
        for zh, en in zip(message.zh, message.en, strict=True):
            blanks = [set(re.findall(r"\{(\w+)", text.replace("{{", ""))) for text in (zh, en)]
            assert bool(zh) == bool(en), code
            assert blanks[0] ^ blanks[1] <= {"found", "unit"}, code


def test_every_code_is_used_and_every_use_has_a_text() -> None:
    folder = Path(optimizer.read.__file__).parent
    code = "".join(path.read_text() for path in folder.rglob("*.py") if not path.stem.startswith("messages"))
    used = set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', code))
    assert set(MESSAGES) - used == set()
