"""Bytes of a file to text: UTF-8 and nothing else, and a guess at what else it is."""

from __future__ import annotations

import re

from optimizer.read.problems import Log, Place


def decoded(name: str, raw: bytes, log: Log) -> str | None:
    """The text of a UTF-8 file, with or without BOM; anything else is a problem on the log."""
    try:
        text = raw.decode("utf-8-sig")
        wrong = _looks_like_gbk(raw, text)
    except UnicodeDecodeError as error:
        wrong, text = error.start, ""
    if wrong is None:
        return text
    log.add("encoding", Place(name, raw.count(b"\n", 0, wrong) + 1), guess=_guess(raw))
    return None


def _looks_like_gbk(raw: bytes, text: str) -> int | None:
    """Where GBK characters, such as 一, happen to be UTF-8 of Cyrillic or Greek; None for real UTF-8.

    Nothing is there but letters from U+0250 to U+07FF, and as GBK the bytes make sense.
    """
    if _LATER_SCRIPTS.search(text):
        return None
    other = _OTHER_SCRIPTS.search(text)
    return raw.index(other.group().encode()) if other and _guess(raw) == _GBK else None


_LATER_SCRIPTS = re.compile("[\u0800-\U0010ffff]")
_OTHER_SCRIPTS = re.compile("[\u0250-\u07ff]")
_GBK = ("看上去是 GBK（GB 18030）", "it looks like GBK (GB 18030)")


def _guess(raw: bytes) -> tuple[str, str]:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "看上去是 UTF-16", "it looks like UTF-16"
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return "编码认不出来", "the encoding is not recognised"
    return _GBK
