"""The contents of a workbook to the files of a case folder: YAML for lists, CSV for tables, README.md."""

from __future__ import annotations

import csv
import io

from optimizer.read.csv_table import Rows
from optimizer.read.shapes import FILES
from optimizer.read.workbook.gather import Gathered
from optimizer.read.workbook.values import document_text
from optimizer.read.yaml_nodes import Node


def folder_files(found: Gathered) -> dict[str, str]:
    """File name -> text, in the order of docs/format.md."""
    files = {name: _yaml(found.roots[name]) for name in ("case.yaml", *FILES) if name in found.roots}
    files |= {name: _csv(rows) for name, rows in found.tables.items() if _wanted(name, rows)}
    if found.notes is not None:
        files["README.md"] = found.notes
    return files


def _wanted(name: str, rows: Rows) -> bool:
    return len(rows.rows) > 1 or name in ("regions.csv", "costs.csv", "funds.csv")


def _yaml(root: Node) -> str:
    """Lists and their items in lines, the values of an item on one line each."""
    return document_text(root, lambda depth: depth > 2)


def _csv(rows: Rows) -> str:
    """The table without the columns in which nothing stands."""
    header, *body = rows.rows
    used = [at for at, name in enumerate(header) if name not in _OPTIONAL or any(row[at] for row in body)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([row[at] for at in used] for row in rows.rows)
    return out.getvalue()


_OPTIONAL = frozenset({"tags", "code", "households", "at_least(万元)", "at_least(元)", "clause", "note"})
