"""The folder of a plan: its files, written all at once or not at all, and checked against its manifest.

A folder is ours when its manifest says so. It is replaced whole by a newer run, and nothing else ever is.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.citation import Text
from optimizer.present.exchange import beside, heal, held, swap

MANIFEST = "manifest.json"
ALLOCATION = "allocation.csv"
MADE_BY = "fenpei"
#: With the mark by which spreadsheets know UTF-8.
CSV_ENCODING = "utf-8-sig"


class FolderError(Exception):
    """A folder that cannot be written; `text` says why in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text


@dataclass(frozen=True)
class NewFolder:
    """A folder being made beside its place."""

    path: Path

    def write(self, name: str, content: str | bytes) -> None:
        """One file, on disk when this returns. CSV gets the mark by which spreadsheets know UTF-8."""
        if isinstance(content, str):
            content = content.encode(CSV_ENCODING if name.endswith(".csv") else "utf-8")
        with (self.path / name).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def require_ours(path: Path) -> None:
    """Raise FolderError unless there is nothing at `path`, an empty folder, or a plan's folder of ours."""
    if not path.exists() and not path.is_symlink():
        return
    if not path.is_dir():
        raise FolderError(Text(zh=f"{path} 不是文件夹", en=f"{path} is not a folder"))
    there = {item.name for item in path.iterdir() if not item.name.startswith((".", "~$"))}
    if not there:
        return
    files = recorded(path)
    if files is None:
        raise FolderError(
            Text(
                zh=f"{path} 不是 fenpei 生成的文件夹，不会覆盖；请用 --out 指定别处",
                en=f"{path} was not made by fenpei and is left alone; name another folder with --out",
            )
        )
    strange = sorted(there - {*files, MANIFEST})
    if strange:
        raise FolderError(
            Text(
                zh=f"{path} 里有不是 fenpei 生成的 {'、'.join(strange)}，不会覆盖；请移走或用 --out 指定别处",
                en=f"{path} holds {', '.join(strange)}, not made by fenpei, and is left alone; "
                "move it or name another folder with --out",
            )
        )


@contextmanager
def replacing(path: Path, facts: dict[str, str]) -> Iterator[NewFolder]:
    """Make the folder `path`: files written inside the `with` appear together at its end, with a manifest.

    Whatever goes wrong, the old folder stays and nothing new is left behind; a process that is killed at any
    moment leaves the old folder or the new one, and the next run clears away the rest. `facts` go into the
    manifest.
    """
    final = Path(os.path.realpath(path))
    final.parent.mkdir(parents=True, exist_ok=True)
    heal(final)
    require_ours(final)
    token = uuid.uuid4().hex[:8]
    new, old = NewFolder(beside(final, token, "new")), beside(final, token, "old")
    new.path.mkdir()
    with held(new.path, wait=True):
        try:
            yield new
            hashes = {item.name: digest(item) for item in sorted(new.path.iterdir())}
            new.write(MANIFEST, json.dumps({"made_by": MADE_BY, **facts, "files": hashes}, indent=2) + "\n")
            _sync(new.path)
            require_ours(final)
            swap(new.path, final, old)
            _sync(final.parent)
        finally:
            shutil.rmtree(new.path, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def manifest(path: Path) -> dict[str, object] | None:
    """The manifest of a folder of ours; None when it has none that can be read."""
    try:
        found = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("made_by") == MADE_BY else None


def recorded(path: Path) -> dict[str, str] | None:
    """File name -> recorded hash; None without a manifest of ours."""
    found = manifest(path)
    files = None if found is None else found.get("files")
    if not isinstance(files, dict):
        return None
    return {str(name): str(value) for name, value in files.items()}


def altered(path: Path) -> list[Text]:
    """What differs from the manifest, one text for each file; the manifest itself when it cannot be read."""
    files = recorded(path)
    if files is None:
        return [Text(zh=f"{MANIFEST} 缺失或无法读取", en=f"{MANIFEST} is missing or cannot be read")]
    texts = []
    for name, value in files.items():
        file = path / name
        if Path(name).name != name or not file.is_file():
            texts.append(Text(zh=f"{name} 已登记但不存在", en=f"{name} is recorded and missing"))
        elif digest(file) != value:
            texts.append(
                Text(
                    zh=f"{name} 与登记的哈希值不符：写出之后被改动过",
                    en=f"{name} differs from its recorded hash: it was changed after it was written",
                )
            )
    return texts
