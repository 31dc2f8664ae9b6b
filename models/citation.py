"""Where a figure comes from, and texts in two languages.

Every figure of a case has a `Citation` with a basis; every title exists in Chinese and may exist in English.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Closed(BaseModel):
    """The base of every model: frozen, no unknown fields, no silent conversions between types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


class Language(StrEnum):
    """The languages users read."""

    ZH = "zh"
    EN = "en"


class Text(Closed):
    """A user-facing text; English falls back to Chinese."""

    zh: str
    en: str | None = None

    def said(self, language: Language) -> str:
        """The text in `language`."""
        return self.zh if language is Language.ZH or self.en is None else self.en


class Basis(StrEnum):
    """How far a figure can be trusted."""

    STATED = "stated"  # 文件明文
    DERIVED = "derived"  # 由文件数字推算
    ASSUMED = "assumed"  # 文件未给,合理假设
    ILLUSTRATIVE = "illustrative"  # 仅作演示,不代表真实数据


class Citation(Closed):
    """依据: the document and section a figure comes from."""

    document: str
    section: str
    basis: Basis
    clause: str | None = None
    """Numbers of the clauses in the document's clause register, e.g. "R043 R046"."""
    note: str | None = None


class Document(Closed):
    """A source: a policy document, a table, or the statement of an assumption."""

    id: str
    title: Text
    issuer: str | None = None
    date: str | None = None
