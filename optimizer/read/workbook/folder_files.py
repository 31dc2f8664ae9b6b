"""The contents of a workbook to the files of a case folder: YAML for lists, CSV for tables, README.md."""

from __future__ import annotations

import csv
import io

from optimizer.read.csv_table import Rows
from optimizer.read.shapes import FILES, REQUIRED_FILES
from optimizer.read.workbook.gather import Gathered
from optimizer.read.workbook.layout import SHEETS
from optimizer.read.workbook.values import document_text
from optimizer.read.yaml_nodes import Node


def folder_files(found: Gathered) -> dict[str, str]:
    """File name -> text, in the order of docs/format.md."""
    files = {name: _yaml(found.roots[name]) for name in ("case.yaml", *FILES) if name in found.roots}
    files |= {name: _csv(name, rows) for name, rows in found.tables.items() if _wanted(name, rows)}
    if found.notes is not None:
        files["README.md"] = found.notes
    return files


def _wanted(name: str, rows: Rows) -> bool:
    return len(rows.rows) > 1 or name in REQUIRED_FILES


def _yaml(root: Node) -> str:
    """Lists and their items in lines, the values of an item on one line each."""
    return document_text(root, lambda depth: depth > 2)


def _csv(name: str, rows: Rows) -> str:
    """The table without the columns that may be left out and in which nothing stands."""
    header, *body = rows.rows
    optional = {
        column.name for sheet in SHEETS if sheet.file == name for column in sheet.table if column.optional
    }
    used = [
        at
        for at, text in enumerate(header)
        if text.partition("(")[0].strip() not in optional or any(row[at] for row in body)
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([row[at] for at in used] for row in rows.rows)
    return out.getvalue()
