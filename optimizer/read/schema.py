"""The JSON Schemas of the YAML files, made from `shapes`, the table that the reader itself uses.

`case.schema.json` beside this module is the schema of a case's files, `base.schema.json` that of a base's; a
test holds them and this module together. To write them anew:
`python -c "from optimizer.read.schema import write; write()"`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from optimizer.read.kinds import ID_KIND
from optimizer.read.shapes import BASE, BASE_FILES, FILES, HEAD, Shape

PATH = Path(__file__).with_name("case.schema.json")
BASE_PATH = Path(__file__).with_name("base.schema.json")


def case_schema() -> dict[str, Any]:
    """One schema for all files of a case."""
    files = {
        file: {
            key: (_completed(shape) if file in BASE_FILES else shape.schema(), required)
            for key, (shape, required) in lists.items()
        }
        for file, lists in FILES.items()
    }
    return _schema("fenpei case files (YAML)", "case.yaml", "case", HEAD, files)


def base_schema() -> dict[str, Any]:
    """One schema for all files of a base: their items may leave out everything but the id."""
    files = {
        file: {key: (shape.template().schema(), required) for key, (shape, required) in FILES[file].items()}
        for file in BASE_FILES
    }
    return _schema("fenpei base files (YAML)", "base.yaml", "base", BASE, files)


def _completed(shape: Shape) -> dict[str, Any]:
    """An item that may be `like` a template: then only its id and its citation must be there."""
    schema = shape.schema()
    schema["properties"]["like"] = ID_KIND.schema
    schema["if"] = {"not": {"required": ["like"]}}
    schema["then"] = {"required": schema["required"]}
    schema["required"] = ["id", "citation"]
    return schema


def _schema(
    title: str,
    head_file: str,
    head_sign: str,
    head: Shape,
    files: Mapping[str, Mapping[str, tuple[dict[str, Any], bool]]],
) -> dict[str, Any]:
    """One schema for several files: which file it is shows in its top-level fields."""
    definitions: dict[str, Any] = {head_file: head.schema()}
    for file, lists in files.items():
        definitions[file] = {
            "type": "object",
            "properties": {key: {"type": "array", "items": item} for key, (item, _) in lists.items()},
            "required": [key for key, (_, required) in lists.items() if required],
            "additionalProperties": False,
        }
    signs = {head_file: head_sign, **{file: next(iter(lists)) for file, lists in files.items()}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "anyOf": [{"required": [sign]} for sign in signs.values()],
        "allOf": [
            {"if": {"required": [sign]}, "then": {"$ref": f"#/$defs/{file}"}} for file, sign in signs.items()
        ],
        "$defs": definitions,
    }


def schema_text(schema: Mapping[str, Any]) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def write() -> None:
    """Write both files anew."""
    PATH.write_text(schema_text(case_schema()), encoding="utf-8")
    BASE_PATH.write_text(schema_text(base_schema()), encoding="utf-8")
