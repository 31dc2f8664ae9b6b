"""The JSON Schema of the YAML files, made from `shapes`, the table that the reader itself uses.

`case.schema.json` beside this module is `schema_text()`; a test holds them together. To write it anew:
`python -c "from optimizer.read.schema import write; write()"`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from optimizer.read.shapes import FILES, HEAD

PATH = Path(__file__).with_name("case.schema.json")


def case_schema() -> dict[str, Any]:
    """One schema for all files: which file it is shows in its top-level fields."""
    definitions: dict[str, Any] = {"case.yaml": HEAD.schema()}
    for file, lists in FILES.items():
        definitions[file] = {
            "type": "object",
            "properties": {
                key: {"type": "array", "items": shape.schema()} for key, (shape, _) in lists.items()
            },
            "required": [key for key, (_, required) in lists.items() if required],
            "additionalProperties": False,
        }
    signs = {"case.yaml": "case", **{file: next(iter(lists)) for file, lists in FILES.items()}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "fenpei case files (YAML)",
        "type": "object",
        "anyOf": [{"required": [sign]} for sign in signs.values()],
        "allOf": [
            {"if": {"required": [sign]}, "then": {"$ref": f"#/$defs/{file}"}} for file, sign in signs.items()
        ],
        "$defs": definitions,
    }


def schema_text() -> str:
    """The schema as it stands in the file."""
    return json.dumps(case_schema(), ensure_ascii=False, indent=1) + "\n"


def write() -> None:
    """Write case.schema.json anew."""
    PATH.write_text(schema_text(), encoding="utf-8")
