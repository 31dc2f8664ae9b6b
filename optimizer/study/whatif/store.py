"""The store of a sweep: every finished run at once on disk, in SQLite with a write-ahead log.

A run's key is the hash of the case, its patches and the options, so that whatever finished before a crash, a
kill or a power cut is found again by the same command. One process at a time works on a store.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from models.case import Case
from models.citation import Text
from optimizer.present.folder import FolderError
from optimizer.present.whatif_report import RunRecord
from optimizer.study.whatif.evaluate import Handed, RunOptions

FILE = "runs.sqlite"
#: Says that an SQLite file is a store of ours ("fpwi").
APPLICATION = 0x66707769
#: Raised when runs come out otherwise than before: older stores are then made anew.
FORMAT = 2


class Store:
    """Records by key. Raises FolderError when the folder holds something else or is in use."""

    def __init__(self, folder: Path) -> None:
        _require_ours(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / FILE
        self._base = sqlite3.connect(self.path, timeout=1.0, isolation_level=None)
        try:
            self._base.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = FULL")
            self._base.execute("BEGIN EXCLUSIVE")
            self._base.execute(f"PRAGMA application_id = {APPLICATION}")
            self._base.execute(
                "CREATE TABLE IF NOT EXISTS runs (key TEXT PRIMARY KEY, record TEXT NOT NULL,"
                " basis BLOB, columns BLOB, near BLOB) STRICT"
            )
            self._base.execute("COMMIT")
        except sqlite3.Error as error:
            self._base.close()
            raise FolderError(_cannot(folder, error)) from error

    def get(self, key: str) -> tuple[RunRecord, Handed | None] | None:
        """A finished run and what it hands on; None where there is none."""
        row = self._base.execute(
            "SELECT record, basis, columns, near FROM runs WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        handed = None if row[1] is None and row[2] is None else Handed(*row[1:])
        return RunRecord.from_object(json.loads(row[0])), handed

    def put(self, key: str, record: RunRecord, handed: Handed | None) -> None:
        """A finished run, on disk when this returns."""
        text = json.dumps(record.object(), ensure_ascii=False)
        left = (None, None, None) if handed is None else (handed.basis, handed.columns, handed.near)
        self._base.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?)", (key, text, *left))

    def text(self, key: str) -> str | None:
        """The answer of another study, as it was kept; None where there is none."""
        row = self._base.execute("SELECT record FROM runs WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def keep(self, key: str, text: str) -> None:
        """An answer of another study, on disk when this returns."""
        self._base.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, NULL, NULL, NULL)", (key, text))

    def close(self) -> None:
        """Fold the log into the file and let go of it."""
        self._base.close()


def key_of(case: Case, patches: tuple[str, ...], options: RunOptions) -> str:
    """The hash of everything a run is made of."""
    facts: Mapping[str, object] = {
        "format": FORMAT,
        "case": case.sha256,
        "patches": patches,
        "options": asdict(options),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _require_ours(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FolderError(Text(zh=f"{folder} 不是文件夹", en=f"{folder} is not a folder"))
    there = {item.name for item in folder.iterdir() if not item.name.startswith((".", "~$"))}
    if there and not _is_store(folder / FILE):
        raise FolderError(
            Text(
                zh=f"{folder} 不是 fenpei whatif 或 stress 生成的文件夹，不会覆盖；请用 --out 指定别处",
                en=f"{folder} was not made by fenpei whatif or stress and stays; name another with --out",
            )
        )


def _is_store(path: Path) -> bool:
    """By the mark that SQLite keeps at byte 68; a file that was killed before its first run is empty."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(72)
    fresh = path.with_name(f"{FILE}-wal").exists() or not head
    return fresh or (head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION.to_bytes(4, "big"))


def _cannot(folder: Path, error: sqlite3.Error) -> Text:
    if "locked" in str(error):
        return Text(
            zh=f"另一个 fenpei 正在使用 {folder}；请等它结束，或用 --out 指定别处",
            en=f"another fenpei is working in {folder}; wait for it, or name another with --out",
        )
    return Text(
        zh=f"{folder / FILE} 无法使用（{error}）；请移走或用 --out 指定别处",
        en=f"{folder / FILE} cannot be used ({error}); move it or name another folder with --out",
    )
