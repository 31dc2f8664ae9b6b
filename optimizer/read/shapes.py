"""The YAML files, field by field: the one table that reading, the JSON Schema and its documentation are made
from.

A `Shape` lists the fields of an item. `FILES` says which lists stand in which file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from models.case import Goal
from models.citation import Basis
from models.policy import ConditionKind, Counts, FundLevel, NeedKind, Severity, Supply, TargetKind
from models.region import Level
from models.rules.source import nearest
from models.rules.tree import Comparison, Subject
from models.stated import Expect, StatedKind
from optimizer.read.kinds import (
    CLAIMS,
    CONDITION,
    COUNT,
    EXPRESSION,
    ID_KIND,
    MEASURED,
    MONEY,
    SUBJECT_KIND,
    TEXT,
    TITLE,
    YEAR,
    YEARS,
    YES_NO,
    Form,
    Kind,
    Spot,
    entries,
    list_of,
    mapping,
    number,
    set_of,
    tried,
    whole,
    word,
)
from optimizer.read.problems import Refused
from optimizer.read.values import VALUE
from optimizer.read.yaml_nodes import Node


@dataclass(frozen=True)
class Field:
    """A field of an item; `name` in the file, `to` in the model."""

    name: str
    kind: Kind
    required: bool = True
    to: str = ""


@dataclass(frozen=True)
class Shape:
    """The fields of an item, in the order of docs/format.md."""

    fields: tuple[Field, ...]

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the item."""
        return {
            "type": "object",
            "properties": {field.name: field.kind.schema for field in self.fields},
            "required": [field.name for field in self.fields if field.required],
            "additionalProperties": False,
        }

    def read(self, node: Node, spot: Spot) -> dict[str, Any]:
        """The values of the fields that are given, by their name in the model; Refused if one is bad."""
        values, faulty = self.read_partly(node, spot)
        if faulty:
            raise Refused
        return values

    def read_partly(self, node: Node, spot: Spot) -> tuple[dict[str, Any], bool]:
        """The values of the good fields, and whether anything was wrong."""
        given = entries(node, spot)
        known = [field.name for field in self.fields]
        unknown = [key for name, (key, _) in given.items() if name not in known]
        for key in unknown:
            words = {"known": " ".join(known), "near": nearest(key.text, known)}
            spot.log.add("unknown-field", spot.at(key), key.text, **words)
        missing = [field.name for field in self.fields if field.required and field.name not in given]
        for name in missing:
            spot.log.add("missing-field", spot.at(node), field=name)
        parts = {}
        for field in self.fields:
            if field.name in given:
                value, below = given[field.name][1], spot.below(field.to or field.name)
                spot.places[below.path] = spot.at(value)
                parts[field.to or field.name] = partial(field.kind.read, value, below)
        values, refused = tried(parts)
        return values, bool(unknown or missing or refused)

    @property
    def kind(self) -> Kind:
        """The shape as the kind of a field."""
        return Kind(self.read, self.schema(), form=Form.SHAPE, fields=self.fields)

    def template(self) -> Shape:
        """The shape of a template of such an item: only its id must be there."""
        return Shape(tuple(replace(field, required=field.name == "id") for field in self.fields))


def _optional(name: str, kind: Kind, to: str = "") -> Field:
    return Field(name, kind, required=False, to=to)


ID_FIELD = Field("id", ID_KIND)
TITLE_FIELD = Field("title", TITLE)
RATE = number(0, 1)
POSITIVE = number(0, above=True)
NOT_NEGATIVE = number(0)
IDS = list_of(ID_KIND, 1)

CITATION = Shape(
    (
        Field("document", ID_KIND),
        Field("section", TEXT),
        Field("basis", word(Basis)),
        _optional("clause", TEXT),
        _optional("note", TEXT),
    )
)
CITED = Field("citation", CITATION.kind)
TAGS = _optional("tags", set_of(ID_KIND))

DOCUMENT = Shape((ID_FIELD, TITLE_FIELD, _optional("issuer", TEXT), _optional("date", TEXT)))
ATTRIBUTE = Shape((ID_FIELD, TITLE_FIELD, Field("unit", TEXT), _optional("by_year", YES_NO)))
HEAD = Shape(
    (
        Field("case", ID_KIND, to="id"),
        TITLE_FIELD,
        Field("years", YEARS),
        _optional("base", TEXT),
        _optional("goal", word(Goal)),
        _optional("first_goals", list_of(word(Goal))),
        Field("documents", list_of(DOCUMENT.kind, 1)),
        _optional("attributes", list_of(ATTRIBUTE.kind)),
    )
)
BASE = Shape((Field("base", ID_KIND, to="id"), TITLE_FIELD, Field("documents", list_of(DOCUMENT.kind, 1))))
GROUP = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("counts", word(Counts)),
        TAGS,
        _optional("relapse", number(0, 1, below=True)),
        _optional("revoked", number(0, 1, below=True)),
        _optional("waits", YES_NO),
        CITED,
    )
)
NEED = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("unit", TEXT),
        Field("kind", word(NeedKind)),
        TAGS,
        _optional("holds", mapping(ID_KIND, POSITIVE)),
        _optional("due", mapping(YEAR, RATE)),
        _optional("brought_by", mapping(ID_KIND, POSITIVE)),
        CITED,
    )
)
SERVES = Shape((Field("lift", MONEY), Field("most", POSITIVE)))
SHARE = Shape((Field("payer", CONDITION), Field("share", number(0, 1, above=True))))
LAYER = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        _optional("deductible", MONEY),
        Field("rate", number(0, 1, above=True)),
        _optional("cap", MONEY),
        _optional("payer", CONDITION),
    )
)
MATCH = Shape((Field("by", CONDITION), Field("of", CONDITION), Field("ratio", POSITIVE)))
RECOVERY = Shape((Field("after", whole(1)), Field("share", number(0, 1, above=True)), Field("into", ID_KIND)))
AFTER = Shape((Field("measure", ID_KIND), Field("ratio", POSITIVE)))
MEASURE = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("unit", TEXT),
        TAGS,
        _optional("project", ID_KIND),
        _optional("level", word(Level)),
        _optional("where", CONDITION),
        _optional("years", YEARS),
        _optional("lot", POSITIVE),
        _optional("indivisible", YES_NO),
        _optional("smallest", POSITIVE),
        _optional("profile", list_of(RATE, 1)),
        _optional("upkeep", MONEY),
        _optional("lag", COUNT),
        _optional("lifetime", whole(1)),
        _optional("meets", mapping(ID_KIND, POSITIVE)),
        _optional("serves", mapping(ID_KIND, SERVES.kind)),
        _optional("adds", mapping(ID_KIND, MEASURED)),
        _optional("uses", mapping(ID_KIND, POSITIVE)),
        _optional("benefit", NOT_NEGATIVE),
        Field("payers", CONDITION),
        _optional("shares", list_of(SHARE.kind, 1)),
        _optional("layers", list_of(LAYER.kind, 1)),
        _optional("match", MATCH.kind),
        _optional("recovers", RECOVERY.kind),
        _optional("one_payer", YES_NO),
        _optional("after", list_of(AFTER.kind)),
        _optional("subject_codes", mapping(YEAR, SUBJECT_KIND)),
        CITED,
    )
)
EXCLUSION = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("measures", list_of(ID_KIND, 2)),
        _optional("group", ID_KIND),
        _optional("need", ID_KIND),
        CITED,
    )
)
PROJECT = Shape((ID_FIELD, TITLE_FIELD, CITED))
FUND = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("level", word(FundLevel)),
        TAGS,
        Field("supply", word(Supply)),
        Field("pooled_at", word(Level)),
        Field("cost_weight", NOT_NEGATIVE),
        _optional("where", CONDITION),
        _optional("pays", CONDITION),
        _optional("carry_over", YES_NO),
        _optional("spending_floor", RATE),
        CITED,
    )
)
RESOURCE = Shape((ID_FIELD, TITLE_FIELD, Field("unit", TEXT), CITED))
CONDITION_OF_STANDARD = Shape(
    (
        ID_FIELD,
        Field("kind", word(ConditionKind)),
        _optional("share", RATE),
        _optional("of", ID_KIND),
        _optional("need", ID_KIND),
        _optional("groups", IDS),
        _optional("level", word(Level)),
        _optional("amount", MEASURED),
        CITED,
    )
)
STANDARD = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("where", CONDITION),
        CITED,
        Field("conditions", list_of(CONDITION_OF_STANDARD.kind, 1)),
    )
)
_COMPARE = word(Comparison, Comparison.AT_LEAST, Comparison.EQUAL, Comparison.AT_MOST)
TARGET = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("kind", word(TargetKind)),
        _optional("groups", IDS),
        _optional("standard", ID_KIND),
        _optional("need", ID_KIND),
        _optional("where", CONDITION),
        _optional("each", word(Level)),
        Field("cumulative", YES_NO),
        _optional("compare", _COMPARE),
        _optional("amounts", mapping(YEAR, COUNT)),
        _optional("shares", mapping(YEAR, RATE)),
        _optional("apportion", ID_KIND),
        _optional("entrants", YES_NO),
        _optional("severity", word(Severity, Severity.HARD, Severity.SOFT)),
        _optional("price", MONEY),
        CITED,
    )
)
RULE = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("years", YEARS),
        Field("severity", word(Severity)),
        _optional("price", MONEY),
        Field(
            "for_each",
            list_of(
                word(Subject, Subject.YEAR, Subject.REGION, Subject.MEASURE, Subject.FUND, Subject.PROJECT)
            ),
        ),
        _optional("where", CONDITION),
        Field("left", EXPRESSION),
        Field("is", _COMPARE, to="compare"),
        Field("right", EXPRESSION),
        _optional("unless", CLAIMS),
        CITED,
    )
)
CHECKLIST = Shape((ID_FIELD, TITLE_FIELD, CITED))
SCENARIO = Shape((ID_FIELD, TITLE_FIELD, Field("why", TITLE), Field("patches", list_of(TEXT, 1))))
UNCERTAIN = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("path", TEXT),
        Field("low", NOT_NEGATIVE),
        Field("high", NOT_NEGATIVE),
        _optional("mode", NOT_NEGATIVE),
        CITED,
    )
)
STATEMENT = Shape(
    (
        ID_FIELD,
        TITLE_FIELD,
        Field("kind", word(StatedKind)),
        _optional("total", VALUE),
        Field("parts", list_of(VALUE, 1)),
        _optional("percent", VALUE),
        _optional("digits", COUNT),
        _optional("unit", TEXT),
        _optional("expect", word(Expect)),
        _optional("why", TITLE),
        CITED,
    )
)

#: File -> list in it -> (shape of its items, whether the list must be there). case.yaml is one HEAD.
FILES: Mapping[str, Mapping[str, tuple[Shape, bool]]] = {
    "groups.yaml": {"groups": (GROUP, True)},
    "needs.yaml": {"needs": (NEED, True)},
    "measures.yaml": {
        "measures": (MEASURE, True),
        "exclusions": (EXCLUSION, False),
        "projects": (PROJECT, False),
    },
    "funds.yaml": {"funds": (FUND, True), "resources": (RESOURCE, False)},
    "exits.yaml": {"standards": (STANDARD, True)},
    "targets.yaml": {"targets": (TARGET, True)},
    "rules.yaml": {"rules": (RULE, True)},
    "checklist.yaml": {"checklist": (CHECKLIST, True)},
    "scenarios.yaml": {"scenarios": (SCENARIO, True)},
    "uncertainty.yaml": {"uncertain": (UNCERTAIN, True)},
    "statements.yaml": {"statements": (STATEMENT, True)},
}
#: The files a base may have beside base.yaml; their items are templates.
BASE_FILES = ("groups.yaml", "needs.yaml", "measures.yaml", "funds.yaml", "exits.yaml")
REQUIRED_FILES = ("case.yaml", "measures.yaml", "funds.yaml", "regions.csv", "costs.csv", "funds.csv")
