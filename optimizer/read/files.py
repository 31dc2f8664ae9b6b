"""The bytes of the files of a folder, by name: what is missing, unreadable or unknown is on the log."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.rules.source import nearest
from optimizer.read.problems import Log, Place


def read_files(
    folder: Path, known: Sequence[str], required: Sequence[str], log: Log, prefix: str = ""
) -> dict[str, bytes]:
    """The bytes of the known files that are there; `prefix` is the folder's name in keys and messages."""

    def said(name: str) -> str:
        return f"{prefix}/{name}" if prefix else name

    raw: dict[str, bytes] = {}
    present = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    for name in present:
        if name in known:
            try:
                raw[said(name)] = (folder / name).read_bytes()
            except OSError as error:
                log.add("unreadable", Place(said(name)), reason=error.strerror or str(error))
                raw[said(name)] = b""
        elif name.lower().endswith((".csv", ".yaml", ".yml")) and not name.startswith((".", "~$")):
            log.add("unknown-file", Place(said(name)), near=nearest(name, known))
    for name in required:
        if said(name) not in raw:
            near = nearest(name, [other for other in present if other not in known])
            log.add("file-missing", Place(said(name)), folder=str(folder), near=near)
    return raw


def read_one(path: Path, log: Log) -> bytes | None:
    """The bytes of a file; None, and the problem on the log, where there are none to be had."""
    if not path.is_file():
        log.add("file-not-found", Place(str(path)))
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        log.add("unreadable", Place(path.name), reason=error.strerror or str(error))
        return None
