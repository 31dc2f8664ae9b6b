"""Case folder to workbook and back, and empty workbooks: read, laid out anew, read again and compared.

Nothing is put in its place before it reads as the same case, and then whole or not at all.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.case import Case
from models.citation import Language, Text
from optimizer.read.base import SHIPPED
from optimizer.read.files import read_files
from optimizer.read.folder import is_workbook, read_folder, read_gathered
from optimizer.read.problems import Log, Place
from optimizer.read.sheets import book_bytes, sheets_of
from optimizer.read.workbook.fill import NAMES, empty, fill
from optimizer.read.workbook.folder_files import folder_files
from optimizer.read.workbook.gather import gather
from optimizer.read.workbook.layout import OWN_PREFIX
from optimizer.read.workbook.write import workbook_bytes
from optimizer.read.yaml_nodes import Entries, Scalar

ENDING = ".xlsx"


@dataclass(frozen=True)
class Converted:
    """What was written where, and what of the original it does not hold."""

    case: Case | None
    out: Path
    left: tuple[Text, ...] = ()


@dataclass(frozen=True)
class _Source:
    """A case that has been read, with its texts by the names of the folder's files."""

    case: Case
    texts: Mapping[str, str]
    home: Path
    """Where the way to its base begins."""
    left: tuple[Text, ...]


def template(out: Path, years: Sequence[int], language: Language, *, force: bool = False) -> Converted:
    """Write an empty case workbook. Raises CaseErrors."""
    _check_file(out, force)
    sheets = empty(years)
    first = {"years": f"{years[0]} {years[-1]}" if years else ""}
    sheets["case"].rows = [[name, first.get(name, value)] for name, value in sheets["case"].rows]
    _put_file(out, workbook_bytes(sheets, years, language), force)
    return Converted(None, out)


def to_workbook(case: Path, out: Path, language: Language, *, force: bool = False) -> Converted:
    """Write a case, folder or workbook, as a workbook. Raises CaseErrors."""
    _check_file(out, force)
    source = _read(case)
    sheets = fill(source.texts, source.case.years, _moved_base(source, out.parent))
    raw = workbook_bytes(sheets, source.case.years, language)
    log = Log()
    found = gather(sheets_of(raw, out.name, log), out.name, log)
    again, _ = read_gathered(found, out.parent, raw, log)
    _check_same(source.case, again, out)
    _put_file(out, raw, force)
    return Converted(again, out, source.left)


def to_folder(case: Path, out: Path) -> Converted:
    """Write a workbook as a case folder. Raises CaseErrors."""
    log = Log()
    if case.is_dir():
        log.add("convert-kinds", Place(str(out)))
    elif out.exists() and not (out.is_dir() and not any(out.iterdir())):
        log.add("folder-not-empty", Place(str(out)))
    elif not out.absolute().parent.is_dir():
        log.add("no-folder-around", Place(str(out)), folder=str(out.parent))
    log.check()
    source = _read(case, base_from=out)
    new = out.absolute().parent / f".{out.name}.{uuid.uuid4().hex[:8]}.new"
    new.mkdir()
    try:
        for name, text in source.texts.items():
            _write(new / name, text.encode())
        again, _ = read_folder(new)
        _check_same(source.case, again, out)
        if out.exists():
            out.rmdir()  # empty, or this fails
        new.rename(out)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return Converted(again, out, source.left)


def _read(case: Path, base_from: Path | None = None) -> _Source:
    """The case and its texts; the way to its base leads from `base_from`, where that is given."""
    if not is_workbook(case):
        read, _ = read_folder(case)
        texts = {name: raw.decode("utf-8-sig") for name, raw in _raw(case).items()}
        return _Source(read, texts, case, _left_of_folder(case))
    log = Log()
    raw = book_bytes(case, log) or b""
    log.check()
    sheets = sheets_of(raw, case.name, log)
    log.check()
    found = gather(sheets, case.name, log)
    read, _ = read_gathered(found, case.parent, raw, log)
    left = [
        Text(zh=f"工作表「{sheet.name}」（fenpei 不读它）", en=f"the sheet {sheet.name!r}, which is not read")
        for sheet in sheets
        if sheet.name.startswith(OWN_PREFIX) and sheet.cells
    ]
    formulas = sum(cell.formula for sheet in sheets for cell in sheet.cells.values())
    if formulas:
        left.append(
            Text(zh=f"公式（{formulas} 个，只留下计算结果）", en=f"formulas ({formulas}): their results stay")
        )
    source = _Source(read, folder_files(found), case.parent, tuple(left))
    if base_from is not None and (base := _moved_base(source, base_from)) is not None:
        head = found.roots["case.yaml"]
        if isinstance(head, Entries):
            head.entries["base"] = (head.entries["base"][0], Scalar(base, 0, 0))
        source = _Source(read, folder_files(found), case.parent, tuple(left))
    return source


def _raw(folder: Path) -> dict[str, bytes]:
    log = Log()
    raw = read_files(folder, NAMES, (), log)
    log.check()
    return raw


def _left_of_folder(folder: Path) -> tuple[Text, ...]:
    """What a workbook made of the folder does not hold."""
    others = sorted(
        entry.name + ("/" if entry.is_dir() else "")
        for entry in folder.iterdir()
        if entry.name not in NAMES and not entry.name.startswith((".", "~$", "__pycache__"))
    )
    left = [Text(zh=name, en=name) for name in others]
    comments = 0
    for name, raw in _raw(folder).items():
        if name.endswith(".yaml"):
            lines = raw.decode("utf-8-sig").splitlines()
            comments += sum(line.lstrip().startswith("#") or " # " in line for line in lines)
    if comments:
        left.append(
            Text(
                zh=f"YAML 文件里的注释（约 {comments} 行）",
                en=f"comments of YAML files (about {comments})",
            )
        )
    return tuple(left)


def _moved_base(source: _Source, home: Path) -> str | None:
    """The way to a base of one's own from a new place; None where it stays as it is."""
    text = source.texts.get("case.yaml", "")
    base = next(
        (line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("base:")), ""
    )
    base = base.strip("'\"").rstrip("/")
    if not base or ("/" not in base and base.strip(".") and (SHIPPED / base).is_dir()):
        return None
    way = Path(os.path.relpath((source.home / base).resolve(), home.resolve())).as_posix()
    return way if "/" in way or not way.strip(".") else f"./{way}"


def _check_same(old: Case, new: Case, out: Path) -> None:
    part = difference(old, new)
    if part is not None:  # pragma: no cover - a fault of ours, which nobody should see
        log = Log()
        log.add("not-the-same", Place(str(out)), part=part)
        log.check()


def difference(old: Case, new: Case) -> str | None:
    """The first part in which two cases differ, but for the hash of their bytes."""
    for name in Case.model_fields:
        one, other = _plain(getattr(old, name)), _plain(getattr(new, name))
        if name != "sha256" and one != other:
            return name
    return None


def _plain(value: Any) -> Any:
    """A tree of regions as the list of them."""
    return list(value) if hasattr(value, "ancestors") else value


def _check_file(out: Path, force: bool) -> None:
    log = Log()
    if out.suffix.lower() != ENDING:
        log.add("template-ending", Place(str(out)))
    elif not out.absolute().parent.is_dir():
        log.add("no-folder-around", Place(str(out)), folder=str(out.parent))
    elif out.exists() and not (force and out.is_file()):
        log.add("exists-already", Place(str(out)))
    log.check()


def _put_file(out: Path, raw: bytes, force: bool) -> None:
    """The file whole or not at all; without `force` nothing that has come up meanwhile is replaced."""
    new = out.absolute().parent / f".{out.name}.{uuid.uuid4().hex[:8]}.new"
    try:
        _write(new, raw)
        if not force:
            _check_file(out, force)
        os.replace(new, out)
    finally:
        new.unlink(missing_ok=True)


def _write(path: Path, raw: bytes) -> None:
    with path.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
