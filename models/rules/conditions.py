"""The half of the grammar that says which funds, measures, regions, groups, needs and years are meant.

`ConditionReader` reads `fund.level == central and not (year in (2018, 2019))` into the condition nodes of
`models.rules.tree`; `models.rules.parse` builds the expressions on top of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from models.rules.source import QUOTED, WIDE, WORD, Reader, nearest
from models.rules.tree import And, Comparison, Condition, Not, Or, Subject, Test

#: The fields of each subject; "id" is the bare subject. A region also has its numeric attributes.
FIELDS: Mapping[Subject, tuple[str, ...]] = {
    Subject.FUND: ("id", "level", "tag"),
    Subject.MEASURE: ("id", "tag"),
    Subject.REGION: ("id", "level", "tag"),
    Subject.GROUP: ("id", "tag", "counts"),
    Subject.NEED: ("id", "tag", "kind"),
    Subject.YEAR: ("id",),
    Subject.PROJECT: ("id",),
}

#: Words that mean something in a condition: as a value they must stand in quotation marks.
RESERVED = frozenset({"and", "or", "not", "in"})

_SIGNED = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?![\w.-])")
_YEAR = re.compile(r"[0-9]{4}")
_VALUE = re.compile(r"\w[\w-]*")
_COMPARISON = re.compile(r"==|!=|>=|<=|>|<")
_OTHER_WORDS = {"且": "and", "并且": "and", "或": "or", "或者": "or", "非": "not", "AND": "and", "OR": "or"}
_OTHER_WORDS |= {"&&": "and", "&": "and", "||": "or", "|": "or"}


def is_plain_value(value: str) -> bool:
    """Whether `value` can stand in a condition without quotation marks."""
    plain = _SIGNED.fullmatch(value) or _VALUE.fullmatch(value)
    return plain is not None and value not in RESERVED and WIDE.search(value) is None


class ConditionReader(Reader):
    """The grammar of conditions, one method per line of it."""

    def condition(self) -> Condition:
        """condition := both ("or" both)*"""
        start = self.skip()
        parts = [self.both()]
        while self.take_word("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts), self.place(start))

    def both(self) -> Condition:
        """both := one ("and" one)*"""
        start = self.skip()
        parts = [self.one()]
        while self.take_word("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else And(tuple(parts), self.place(start))

    def one(self) -> Condition:
        """one := "not" one | "(" condition ")" | test"""
        start = self.skip()
        self.deeper(start)
        result: Condition
        if self.take_word("not"):
            result = Not(self.one(), self.place(start))
        elif self.take_mark("("):
            result = self.condition()
            self.finish_condition(start)
        else:
            result = self.test()
        self.depth -= 1
        return result

    def test(self) -> Condition:
        """test := subject ["." field] (sign value | ["not"] "in" values)"""
        start = self.skip()
        subject = self.subject()
        field = self.field(subject, start)
        shape = _YEAR if subject is Subject.YEAR else None if field in FIELDS[subject] else _SIGNED
        outside = self.take_word("not")
        if outside or self.take_word("in"):
            if outside and not self.take_word("in"):
                self.expected("in（not in 要连写）", "'in' after 'not'")
            values = self.values(shape)
            test = Test(subject, field, Comparison.EQUAL, values, self.place(start))
            return Not(test, test.place) if outside else test
        sign = self.comparison(shape is not None)
        values = (self.value(shape),)
        if sign in ("==", "!="):
            test = Test(subject, field, Comparison.EQUAL, values, self.place(start))
            return test if sign == "==" else Not(test, test.place)
        return Test(subject, field, Comparison(sign), values, self.place(start))

    def subject(self) -> Subject:
        """One of `tree.Subject`."""
        start = self.skip()
        word = self.take(WORD)
        subjects = " ".join(Subject)
        if word is None or word in RESERVED:
            self.at = start
            self.expected(f"条件的主语（{subjects}）", f"a subject ({subjects})")
        if word not in frozenset(Subject):
            owners = [f"{subject}.{word}" for subject in Subject if word in FIELDS[subject]]
            hint_zh, hint_en = nearest(word, Subject)
            if owners:
                hint_zh, hint_en = f"是不是「{owners[0]}」？", f"Did you mean {owners[0]!r}? "
            self.fail(
                f"条件里不认识的主语「{word}」。{hint_zh}可用的主语：{subjects}",
                f"unknown subject {word!r}. {hint_en}Subjects are: {subjects}",
                start,
                self.end,
            )
        return Subject(word)

    def field(self, subject: Subject, start: int) -> str:
        """What stands after the dot of a subject; "id" without a dot."""
        if not self.take_mark("."):
            return "id"
        field = self.take(WORD)
        fields = [f"{subject}.{name}" for name in FIELDS[subject] if name != "id"]
        known_zh = f"可写：{' '.join([str(subject), *fields])}"
        known_en = f"Write one of: {' '.join([str(subject), *fields])}"
        if field is None or field == "id" or (field not in FIELDS[subject] and subject is not Subject.REGION):
            hint_zh, hint_en = nearest(f"{subject}.{field}", fields)
            self.fail(
                f"「{subject}」没有这个字段。{hint_zh}{known_zh}（单写 {subject} 指编号）",
                f"'{subject}' has no such field. {hint_en}{known_en} ('{subject}' alone is its id)",
                start,
                self.end,
            )
        return field

    def comparison(self, number: bool) -> str:
        """One of == != >= <= > <; the last four only where numbers are compared."""
        start = self.skip()
        sign = self.take(_COMPARISON)
        if sign is None:
            if self.take_mark("="):
                self.fail("条件里的等号要写两个：==", "a single '=' in a condition: write '=='", start)
            self.expected("== != >= <= > < in 或 not in", "== != >= <= > < in or not in")
        if sign not in ("==", "!=") and not number:
            self.fail(
                f"「{sign}」只能用于 year 和 region 的数值属性；这里请用 ==、!= 或 in",
                f"{sign!r} is only for year and numeric attributes of region: write ==, != or in",
                start,
                self.end,
            )
        return sign

    def values(self, shape: re.Pattern[str] | None) -> tuple[str, ...]:
        """values := "(" value ("," value)* ")" """
        opened = self.skip()
        if not self.take_mark("("):
            self.expected("「(」，如 in (a, b)", "'(' as in: in (a, b)")
        values = [self.value(shape)]
        while self.take_mark(","):
            values.append(self.value(shape))
        if not self.take_mark(")"):
            if self.skip() == len(self.text):
                self.unclosed(opened)
            self.expected("「,」或「)」", "',' or ')'")
        return tuple(values)

    def value(self, shape: re.Pattern[str] | None) -> str:
        """An id, a word, a number or "quoted text"; `shape` is what a number must look like."""
        start = self.skip()
        quoted = self.take(QUOTED)
        value = quoted[1:-1] if quoted is not None else self.take(_SIGNED) or self.take(_VALUE)
        if not value or (quoted is None and value in RESERVED):
            self.at = start
            self.expected(
                '一个值（编号、词、数或 "引号里的文字"）', 'a value: an id, a word, a number or "quoted text"'
            )
        if shape and not shape.fullmatch(value):
            want_zh, want_en = (
                ("四位年份", "a year of four digits")
                if shape is _YEAR
                else ("不带单位的数", "a plain number")
            )
            self.fail(
                f"这里应当是{want_zh}（写全，如 40000、2018），不是「{value}」",
                f"expected {want_en} (written out, as in 40000 or 2018), not {value!r}",
                start,
                self.end,
            )
        return value

    def finish_condition(self, opened: int | None) -> None:
        """Take the `)` of the parenthesis opened there, or make sure that the text ends."""
        if self.take_mark(")") if opened is not None else self.skip() == len(self.text):
            return
        start = self.skip()
        if start == len(self.text):
            self.unclosed(opened or 0)
        for wrong, right in _OTHER_WORDS.items():
            if re.match(rf"{re.escape(wrong)}(?!\w)", self.text[start:]):
                self.fail(
                    f"「{wrong}」请写「{right}」", f"write {right!r} for {wrong!r}", start, start + len(wrong)
                )
        close_zh, close_en = ("「)」", "')'") if opened is not None else ("结尾", "the end")
        self.expected(f"and、or 或{close_zh}", f"and, or or {close_en}")
