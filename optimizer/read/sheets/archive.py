"""The .xlsx file as a zip archive: what it really is, how big it really is, and its parts as XML events.

Nothing is parsed before the whole archive has been measured, by its directory and by unpacking it piece by
piece. No part may have a document type, so that no entity can be declared, let alone expanded.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from optimizer.read.problems import Log, Place, Refused

_MB = 1024 * 1024
_PIECE = 256 * 1024


@dataclass(frozen=True)
class Limits:
    """How big a workbook may be; every refusal names its limit."""

    file_mb: int = 200
    unpacked_mb: int = 1024
    ratio: int = 300
    """Unpacked bytes for one of the file; counts only for parts of more than `small_mb`."""
    small_mb: int = 8
    parts: int = 10_000
    cells: int = 4_000_000


LIMITS = Limits()

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS: tuple[tuple[bytes, tuple[str, str]], ...] = (
    (b"%PDF", ("PDF", "a PDF")),
    (b"\x1f\x8b", ("gzip 压缩文件", "a gzip file")),
    (b"Rar!", ("RAR 压缩文件", "a RAR archive")),
    (b"7z\xbc\xaf", ("7z 压缩文件", "a 7z archive")),
    (b"{\\rtf", ("RTF 文档", "an RTF document")),
)


class Archive:
    """An opened workbook: its parts by name, measured."""

    def __init__(self, raw: bytes, name: str, log: Log) -> None:
        """Refused, with the problem on the log, for anything but a sound zip of bearable size."""
        self.name, self.log = name, log
        if len(raw) > LIMITS.file_mb * _MB:
            self.refuse("book-too-big", f"{len(raw) // _MB} MB", limit=LIMITS.file_mb)
        if not raw.startswith(b"PK"):
            self._refuse_other(raw)
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
            self.refuse("book-broken", reason=str(error))
        self.parts = {info.filename.lstrip("/"): info for info in self.zip.infolist()}
        self._measure()

    def refuse(self, code: str, found: str = "", /, *, sheet: str | None = None, **words: object) -> NoReturn:
        """Give the file, or one sheet of it, up."""
        self.log.add(code, Place(self.name, sheet=sheet), found, **words)
        raise Refused

    def _refuse_other(self, raw: bytes) -> NoReturn:
        """Say what a file that is no zip archive seems to be."""
        if not raw.strip(b"\0 \r\n\t"):
            self.refuse("empty-book")
        if raw.startswith(_OLE):
            if "EncryptedPackage".encode("utf-16-le") in raw:
                self.refuse("book-encrypted")
            self.refuse("book-not-xlsx", what=("旧格式 .xls（Excel 97-2003）", "an old .xls (Excel 97-2003)"))
        for sign, what in _KINDS:
            if raw.startswith(sign):
                self.refuse("book-not-xlsx", what=what)
        start = raw[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
        if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
            self.refuse("book-not-xlsx", what=("网页或 XML 文本", "a web page or XML text"))
        if b"\0" not in raw[:4096]:
            self.refuse("book-not-xlsx", what=("文本文件（如 CSV）", "a text file such as CSV"))
        self.refuse("book-not-xlsx", what=("别的格式", "something else"))

    def _measure(self) -> None:
        """Hold the directory and then the real bytes against the limits; a damaged part is found here."""
        infos = self.zip.infolist()
        if len(infos) > LIMITS.parts:
            self.refuse("book-many-parts", str(len(infos)), limit=LIMITS.parts)
        if any(info.flag_bits & 1 for info in infos):
            self.refuse("book-encrypted")
        total = sum(info.file_size for info in infos)
        if total > LIMITS.unpacked_mb * _MB:
            self.refuse("book-unpacked", f"{total // _MB} MB", limit=LIMITS.unpacked_mb)
        for info in infos:
            dense = info.file_size > LIMITS.ratio * max(info.compress_size, 1)
            if dense and info.file_size > LIMITS.small_mb * _MB:
                found = f"{info.filename}: {info.file_size // max(info.compress_size, 1)}:1"
                self.refuse("book-ratio", found, limit=LIMITS.ratio)
        unpacked = 0
        for info in infos:
            with self.opened(info) as part:
                while piece := self.piece(part, info.filename):
                    unpacked += len(piece)
                    if unpacked > LIMITS.unpacked_mb * _MB:
                        self.refuse("book-unpacked", f"> {LIMITS.unpacked_mb} MB", limit=LIMITS.unpacked_mb)

    def opened(self, info: zipfile.ZipInfo) -> zipfile.ZipExtFile:
        """A part for reading."""
        try:
            return self.zip.open(info)  # type: ignore[return-value]
        except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError) as error:
            self.refuse("book-broken", reason=f"{info.filename}: {error}")

    def piece(self, part: zipfile.ZipExtFile, name: str) -> bytes:
        """The next bytes of a part."""
        try:
            return part.read(_PIECE)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            self.refuse("book-broken", reason=f"{name}: {error}")

    def parse(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], object],
        end: Callable[[str], object] | None = None,
        text: Callable[[str], object] | None = None,
        sheet: str | None = None,
    ) -> None:
        """Call back for every element of a part; tags and attributes are `namespace name`.

        Refused for a missing part, for XML that is not well formed and for any document type.
        """
        info = self.parts.get(name)
        if info is None:
            self.refuse("book-part-missing", sheet=sheet, part=name)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text

        def no_document_type(*declared: object) -> None:
            self.refuse("book-doctype", sheet=sheet, part=name)

        parser.StartDoctypeDeclHandler = no_document_type
        parser.EntityDeclHandler = no_document_type
        with self.opened(info) as part:
            try:
                while piece := self.piece(part, name):
                    parser.Parse(piece, False)
                parser.Parse(b"", True)
            except (expat.ExpatError, UnicodeError, LookupError) as error:
                self.refuse("book-xml", sheet=sheet, part=name, reason=str(error))
