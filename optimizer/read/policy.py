"""The YAML files of a case as models: what the case is called, its years, and its policy items.

Items that were refused are left out of the collections but stay `declared`, so that a reference to one of
them is not reported as unknown. Nothing here looks from one item to another; that is done in the checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.case import AttributeSpec, Goal
from models.citation import Citation, Closed, Document, Text
from models.policy import (
    EVERYTHING,
    After,
    ChecklistItem,
    Exclusion,
    Fund,
    Group,
    Layer,
    Match,
    Measure,
    Need,
    Project,
    Recovery,
    Resource,
    Rule,
    Scenario,
    Serves,
    Severity,
    Share,
    Standard,
    StandardCondition,
    Target,
    Uncertain,
)
from models.rules.source import nearest
from models.rules.tree import Comparison
from models.stated import Stated
from optimizer.read.base import Base
from optimizer.read.kinds import Measured, Path, Spot, entries, identity, items
from optimizer.read.messages import KIND_WORDS
from optimizer.read.problems import Log, Place, Refused
from optimizer.read.shapes import FILES, HEAD, Shape
from optimizer.read.values import finish_statement
from optimizer.read.yaml_nodes import Node

_MODELS: Mapping[str, type[Closed]] = {
    "groups": Group,
    "needs": Need,
    "measures": Measure,
    "exclusions": Exclusion,
    "projects": Project,
    "funds": Fund,
    "resources": Resource,
    "standards": Standard,
    "targets": Target,
    "rules": Rule,
    "checklist": ChecklistItem,
    "scenarios": Scenario,
    "uncertain": Uncertain,
    "statements": Stated,
}


@dataclass
class Policy:
    """What the YAML files say. `years` is None, where case.yaml does not give them."""

    log: Log
    base: Base = field(default_factory=Base)
    id: str = "?"
    title: Text = field(default_factory=lambda: Text(zh="?"))
    years: tuple[int, int] | None = None
    goal: Goal = Goal.LEAST_COST
    first_goals: tuple[Goal, ...] = ()
    documents: dict[str, Document] = field(default_factory=dict)
    attributes: dict[str, AttributeSpec] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in _MODELS})
    declared: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in _MODELS})
    places: dict[Path, Place] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """Collections that could not be read as a whole: a reference to them cannot be judged."""


def read_policy(roots: Mapping[str, Node | None], log: Log, base: Base) -> Policy:
    """The models of all YAML files; `roots` is None for a file that could not be read at all."""
    policy = Policy(log, base)
    head = roots.get("case.yaml")
    if head is None:
        policy.broken |= {"documents", "attributes"}
    else:
        _read_head(head, policy)
    for file, lists in FILES.items():
        if file in roots:
            _read_file(file, lists, roots[file], policy)
    return policy


def _read_file(file: str, lists: Mapping[str, tuple[Shape, bool]], root: Node | None, policy: Policy) -> None:
    spot = Spot(file, policy.log, policy.places)
    try:
        given = entries(root, spot) if root is not None else None
    except Refused:
        given = None
    if root is None or given is None:
        policy.broken |= set(lists)
        return
    for name, (key, _) in given.items():
        if name not in lists:
            words = {"known": " ".join(lists), "near": nearest(name, lists)}
            policy.log.add("unknown-field", spot.at(key), name, **words)
    for name, (shape, required) in lists.items():
        if name in given:
            _read_list(name, shape, given[name][1], spot, policy)
        elif required:
            policy.broken.add(name)
            policy.log.add("missing-field", spot.at(root), field=name)


def _read_head(root: Node, policy: Policy) -> None:
    spot = Spot("case.yaml", policy.log, policy.places)
    try:
        values, _ = HEAD.read_partly(root, spot)
    except Refused:
        values = {}
    policy.id, policy.title = values.get("id", policy.id), values.get("title", policy.title)
    policy.years, policy.goal = values.get("years"), values.get("goal", policy.goal)
    policy.first_goals = tuple(values.get("first_goals", ()))
    for key, model in (("documents", Document), ("attributes", AttributeSpec)):
        if key not in values and (key == "documents" or (key,) in policy.places):
            policy.broken.add(key)
        found: dict[str, Any] = getattr(policy, key)
        for index, item in enumerate(values.get(key, ())):
            place = policy.places[key, index]
            if item["id"] in found:
                first = policy.places[key, item["id"]].line or 0
                policy.log.add("duplicate-id", place, item["id"], kind=KIND_WORDS[key], first=first)
                continue
            found[item["id"]] = model(**item)
            policy.places[key, item["id"]] = place


def _read_list(key: str, shape: Shape, node: Node, spot: Spot, policy: Policy) -> None:
    """Put the items of one list into the policy; the second item of an id is refused, naming both lines."""
    lines: dict[str, int] = {}
    try:
        nodes = items(node, spot.below(key))
    except Refused:
        policy.broken.add(key)
        return
    for index, item in enumerate(nodes):
        id = identity(item)
        if id in lines:
            policy.log.add("duplicate-id", spot.at(item), id, kind=KIND_WORDS[key], first=lines[id])
            continue
        below = spot.below(key, id or f"#{index + 1}")
        policy.places[below.path] = spot.at(item)
        if id:
            lines[id] = item.line
            policy.declared[key].add(id)
        try:
            whole = policy.base.completed(key, item, below)
            policy.items[key][id] = _model(key, shape.read(whole, below), policy, below)
        except Refused:
            continue


def _model(key: str, values: dict[str, Any], policy: Policy, spot: Spot) -> Closed:
    """The model of an item from the values of its fields."""
    if "citation" in values:
        values["citation"] = Citation(**values["citation"])
    match key:
        case "measures":
            _finish_measure(values, policy, spot)
        case "standards":
            values["conditions"] = _conditions(values["conditions"], policy, spot)
        case "targets":
            values.setdefault("severity", Severity.HARD)
            values.setdefault("compare", Comparison.AT_LEAST)
        case "rules":
            values.setdefault("where", EVERYTHING)
            values["left"], values["left_text"] = values["left"]
            values["right"], values["right_text"] = values["right"]
            if "unless" in values:
                values["unless"], values["unless_text"] = values["unless"]
            values["unit"] = ""  # filled in by check_rules, which knows the units of the case
        case "statements":
            finish_statement(values)
    return _MODELS[key](**values)


def _finish_measure(values: dict[str, Any], policy: Policy, spot: Spot) -> None:
    if "serves" in values:
        values["serves"] = {group: Serves(**parts) for group, parts in values["serves"].items()}
    if "shares" in values:
        values["shares"] = tuple(Share(**parts) for parts in values["shares"])
    if "layers" in values:
        values["layers"] = _layers(values["layers"], policy, spot)
    if "match" in values:
        values["match"] = Match(**values["match"])
    if "recovers" in values:
        values["recovers"] = Recovery(**values["recovers"])
    if "after" in values:
        values["after"] = tuple(After(**parts) for parts in values["after"])
    if "adds" in values:
        values["adds"] = {
            attribute: attribute_value(attribute, measured, policy, spot.below("adds", attribute))
            for attribute, measured in values["adds"].items()
        }


def _layers(given: tuple[dict[str, Any], ...], policy: Policy, spot: Spot) -> tuple[Layer, ...]:
    layers: dict[str, Layer] = {}
    for index, values in enumerate(given):
        if values["id"] in layers:
            place = policy.places[*spot.path, "layers", index]
            first = policy.places[*spot.path, "layers", list(layers).index(values["id"])].line or 0
            policy.log.add("duplicate-id", place, values["id"], kind=KIND_WORDS["layers"], first=first)
            continue
        layers[values["id"]] = Layer(**values)
    return tuple(layers.values())


def _conditions(
    given: tuple[dict[str, Any], ...], policy: Policy, spot: Spot
) -> tuple[StandardCondition, ...]:
    conditions: dict[str, StandardCondition] = {}
    for index, values in enumerate(given):
        below = spot.below("conditions", index)
        if values["id"] in conditions:
            first = policy.places[*spot.path, "conditions", list(conditions).index(values["id"])].line or 0
            kind = KIND_WORDS["conditions"]
            policy.log.add("duplicate-id", policy.places[below.path], values["id"], kind=kind, first=first)
            continue
        values["citation"] = Citation(**values["citation"])
        if "amount" in values:
            attribute = values.get("of", "")
            values["amount"] = attribute_value(attribute, values["amount"], policy, below.below("amount"))
        conditions[values["id"]] = StandardCondition(**values)
    return tuple(conditions.values())


def attribute_value(attribute: str, measured: Measured, policy: Policy, spot: Spot) -> Any:
    """The number of an attribute; a money unit stands there exactly where the attribute is money."""
    known = policy.attributes.get(attribute)
    if known is not None and measured.money != (known.unit == "money"):
        code = "money-unit-missing" if known.unit == "money" else "money-unit-unwanted"
        spot.log.add(code, policy.places[spot.path], field=attribute, unit=known.unit)
        raise Refused
    return measured.value
