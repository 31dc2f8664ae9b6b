"""Processes that write a folder and are killed on the way; run by test_present_killed.py.

Run as `killed_writer.py lines|fallback|unhealed|random|plan PLACE`; prints how many were killed and what was
found wrong.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from optimizer.present import exchange, folder

FILES = ("a.csv", "b.bin", "c.txt")


def write(place: Path, version: int) -> None:
    with folder.replacing(place, {"version": str(version)}) as new:
        for name in FILES:
            new.write(name, f"{version}\n" * 2000)


def version_of(place: Path) -> int | None:
    """The version of a whole folder; None for anything else."""
    found = folder.manifest(place)
    if found is None or folder.altered(place) or set(folder.recorded(place) or ()) != set(FILES):
        return None
    said = {int((place / name).read_text(encoding="utf-8-sig").split()[0]) for name in FILES}
    return said.pop() if said == {int(str(found["version"]))} else None


def in_child(work: Callable[[], None], after: float | None = None) -> bool:
    """Run in a child, killed after so many seconds if not None; whether it was killed."""
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def dying_at(line: int, work: Callable[[], None]) -> None:
    """Do the work, and die at the so-manyth line of our own code that runs."""
    ours = {folder.__file__, exchange.__file__}
    left = [line]

    def watch(frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename not in ours:
            return None
        if event == "line":
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
        return watch

    sys.settrace(watch)
    work()


def at_every_line(place: Path, wrong: list[str], *, at_once: bool) -> int:
    """Version 1 stands there; whoever writes version 2 dies at line 1, 2, ... until one gets through.

    `at_once`: the folder must be whole as the killed process leaves it, else when it is healed.
    """
    killed = 0
    while True:
        write(place, 1)
        line = killed + 1
        if not in_child(partial(dying_at, line, partial(write, place, 2))):
            break
        killed += 1
        if at_once and version_of(place) not in (1, 2):
            wrong.append(f"line {line}: {version_of(place)}")
        exchange.heal(place)
        if version_of(place) not in (1, 2):
            wrong.append(f"line {line}, healed: {version_of(place)}")
    if version_of(place) != 2:
        wrong.append("the one that got through did not write")
    return killed


def at_random(place: Path, wrong: list[str]) -> int:
    """Version after version is written until the process is killed at any time."""
    chance, killed = random.Random(7), 0
    write(place, 0)

    def forever() -> None:
        version = version_of(place) or 0
        while True:
            version += 1
            write(place, version)

    seen: set[int] = set()
    for _ in range(60):
        killed += in_child(forever, after=chance.uniform(0.0, 0.03))
        version = version_of(place)
        if version is None:
            wrong.append(f"after {killed}: {sorted(path.name for path in place.parent.iterdir())}")
        else:
            seen.add(version)
    write(place, 10**6)
    if len(seen) < 5:
        wrong.append(f"only {len(seen)} versions were ever seen")
    return killed


def at_every_file(place: Path, wrong: list[str]) -> int:
    """The command itself, killed before every third file it writes, while an older plan stands there."""
    from optimizer.cli import main

    def plan(*patch: str) -> None:
        words = [
            "plan",
            str(place.parent / "tiny"),
            "--out",
            str(place),
            "--quiet",
            "--format",
            "csv",
            *patch,
        ]
        main(words, standalone_mode=False)

    def dying(count: int) -> None:
        writing, left = folder.NewFolder.write, [count]

        def counted(self: folder.NewFolder, name: str, content: str | bytes) -> None:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            writing(self, name, content)

        folder.NewFolder.write = counted  # type: ignore[method-assign]
        plan("--set", "measure.house.cost=4万元")

    in_child(plan)
    before, killed = folder.recorded(place), 0
    while in_child(partial(dying, 3 * killed + 1)):
        killed += 1
        if folder.altered(place) or folder.recorded(place) != before:
            wrong.append(f"file {3 * killed - 2}")
    if folder.altered(place) or folder.recorded(place) == before:
        wrong.append("the one that got through did not write")
    return killed


def run(mode: str, place: Path) -> dict[str, object]:
    os.fsync = lambda fd: None  # a killed process loses nothing that the system has
    exchange._SECONDS = 0.0
    wrong: list[str] = []
    if mode == "lines":
        killed = at_every_line(place, wrong, at_once=True)
    elif mode in ("fallback", "unhealed"):
        exchange.exchange = lambda *_: False
        killed = at_every_line(place, wrong, at_once=mode == "unhealed")
    elif mode == "random":
        killed = at_random(place, wrong)
    else:
        killed = at_every_file(place, wrong)
    left = sorted(path.name for path in place.parent.iterdir() if path.name != "tiny")
    return {"killed": killed, "wrong": wrong, "left": left}


if __name__ == "__main__":
    outcome = run(sys.argv[1], Path(sys.argv[2]))
    sys.stderr.write(json.dumps(outcome))
