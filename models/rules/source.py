"""Reading a line of rule text from left to right, and saying where it went wrong.

`Reader` moves over the text and refuses full-width signs and thousands separators; `RuleSyntaxError` holds a
message in Chinese and English with its place; `point_at` draws carets under a place.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import NoReturn

from models.citation import Language
from models.rules.tree import Place

DEEPEST = 50  # levels of nesting, and factors in one product

WORD = re.compile(r"[^\W\d]\w*")
THOUSANDS = re.compile(r"(?<![\w.])\d{1,3}(?:[,，]\d{3})+(?!\d)")
QUOTED = re.compile(r'"([^"\n]*)"')
_WIDE_ONLY = {"、": ",", "。": ".", "“": '"', "”": '"', "‘": '"', "’": '"', "【": "(", "】": ")", "×": "*"}
_WIDE_ONLY |= {"÷": "/", "≥": ">=", "≤": "<=", "≠": "!=", "−": "-", "–": "-", "—": "-"}
WIDE = re.compile("[\uff01-\uff5e" + "".join(_WIDE_ONLY) + "]+")


class RuleSyntaxError(ValueError):
    """A rule text that cannot be read: what is wrong and what to write, in both languages, and where."""

    def __init__(self, message_zh: str, message_en: str, text: str, place: Place) -> None:
        super().__init__(message_zh, message_en, text, place)
        self.message_zh = message_zh
        self.message_en = message_en
        self.text = text
        self.place = place

    def render(self, lang: Language = Language.ZH) -> str:
        """The message, the line it is about, and carets under the place."""
        message = self.message_zh if lang is Language.ZH else self.message_en
        return f"{message}\n{point_at(self.text, self.place)}"

    def __str__(self) -> str:
        return f"{self.message_zh} | {self.message_en}\n{point_at(self.text, self.place)}"


def point_at(text: str, place: Place) -> str:
    """The source line of `place`, indented by two, and below it carets that line up on a terminal.

    A Chinese character is two columns wide: below it stand an ideographic space or two carets.
    """
    first = text.rfind("\n", 0, place.start) + 1
    last = text.find("\n", place.start)
    line = text[first:] if last < 0 else text[first:last]
    wide = [unicodedata.east_asian_width(character) in "WF" for character in line]
    start, end = place.start - first, min(place.end - first, len(line))
    padding = "".join(
        "\t" if character == "\t" else "\u3000" if is_wide else " "
        for character, is_wide in zip(line[:start], wide[:start], strict=True)
    )
    carets = "".join("^^" if is_wide else "^" for is_wide in wide[start:end])
    return f"  {line}\n  {padding}{carets or '^'}"


class Reader:
    """Reads from left to right; `at` is the next character, `end` the end of what was last taken."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.end, self.depth = text, 0, 0, 0
        self._refuse_wide_characters()

    # --- reading ------------------------------------------------------------------------------

    def fail(self, zh: str, en: str, start: int, end: int | None = None) -> NoReturn:
        """Raise RuleSyntaxError for text[start:end]; one character where no end is given."""
        raise RuleSyntaxError(zh, en, self.text, Place(start, start + 1 if end is None else end))

    def skip(self) -> int:
        """Move over white space; where the next character stands."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """The text that matches here, or None."""
        found = pattern.match(self.text, self.skip())
        if found is None:
            return None
        self.at = self.end = found.end()
        return found.group()

    def take_mark(self, mark: str) -> bool:
        """Whether this sign stands here; if so, move past it."""
        if not self.text.startswith(mark, self.skip()):
            return False
        self.at = self.end = self.at + len(mark)
        return True

    def take_word(self, word: str) -> bool:
        """Whether this whole word stands here; if so, move past it."""
        found = WORD.match(self.text, self.skip())
        if found is None or found.group() != word:
            return False
        self.at = self.end = found.end()
        return True

    def place(self, start: int) -> Place:
        """From `start` to the end of what was taken last."""
        return Place(start, self.end)

    def deeper(self, start: int) -> None:
        """Count one more level of nesting."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(
                f"层次太多（最多 {DEEPEST} 层），请拆成几条规则",
                f"nested too deeply (at most {DEEPEST} levels): split the rule",
                start,
            )

    def _refuse_wide_characters(self) -> None:
        at = 0
        while at < len(self.text):
            if found := QUOTED.match(self.text, at):
                at = found.end()
            elif (found := THOUSANDS.match(self.text, at)) and not found.group().isascii():
                self.refuse_thousands(found)
            elif found := WIDE.match(self.text, at):
                wrong = found.group()
                right = "".join(_WIDE_ONLY.get(c) or unicodedata.normalize("NFKC", c) for c in wrong)
                self.fail(
                    f"「{wrong}」是全角字符，请改用半角「{right}」",
                    f"{wrong!r} is a full-width character: write {right!r}",
                    *found.span(),
                )
            else:
                at += 1

    def refuse_thousands(self, found: re.Match[str]) -> NoReturn:
        """Say how to write 1,000."""
        plain = unicodedata.normalize("NFKC", found.group()).replace(",", "")
        self.fail(
            f"数字里不写千分位逗号，请写「{plain}」",
            f"no thousands separators in numbers: write {plain!r}",
            *found.span(),
        )

    def expected(self, zh: str, en: str) -> NoReturn:
        """Something else stands here, or nothing."""
        start = self.skip()
        if start == len(self.text):
            self.fail(f"写到这里就断了，后面应当是{zh}", f"the text ends here; expected {en}", start)
        word = WORD.match(self.text, start)
        shown = word.group() if word else self.text[start]
        self.fail(
            f"这里应当是{zh}，不是「{shown}」", f"expected {en}, not {shown!r}", start, start + len(shown)
        )

    def unclosed(self, opened: int) -> NoReturn:
        """The text ends inside the parenthesis opened there."""
        self.fail("这个括号没有配对的「)」", "this parenthesis is never closed: ')' is missing", opened)


def nearest(word: str, known: Iterable[str]) -> tuple[str, str]:
    """Suggest in both languages the known word that was meant; empty when nothing is near."""
    close = difflib.get_close_matches(word, [str(name) for name in known], n=1, cutoff=0.5)
    return (f"是不是「{close[0]}」？", f"Did you mean {close[0]!r}? ") if close else ("", "")
