"""A copy of Henan in which nothing is whole: no 0/1 column and no indivisible measure is left.

What is 0/1 in Henan is whether a county has left the list, so the copy has no standards (`exits.yaml`), no
targets for counties, and every county is reviewed every year, not only those on the list. The registers,
which say where every figure was printed, name what is gone and are left out; no row of the program is
made of them.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

REGISTERS = ("exits.yaml", "statements.yaml", "clauses.csv", "printed.csv", "scenarios.yaml")
ITEM = re.compile(r"(?m)^(?=  - id: )")


def without_whole_numbers(henan: Path, copy: Path) -> Path:
    """Write the copy and give its folder back; measures are made divisible by `--set` (WORDS)."""
    shutil.copytree(henan, copy)
    for name in REGISTERS:
        (copy / name).unlink()
    targets = copy / "targets.yaml"
    items = ITEM.split(targets.read_text(encoding="utf-8"))
    targets.write_text("".join(one for one in items if "kind: listed" not in one), encoding="utf-8")
    rules = copy / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    reviewed = text.replace("1县 - previous(listed_out())", "1县")
    if reviewed == text:
        raise ValueError("the rule that asks for the list has another wording now")
    rules.write_text(reviewed, encoding="utf-8")
    return copy


#: What makes every measure divisible.
WORDS = ("--set", "measure.*.indivisible=no")
