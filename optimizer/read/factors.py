"""Factor methods (因素法): a YAML file, or one of the presets that come with fenpei, to a FactorMethod.

Same manners as a case's files: closed, every problem at once with its place.
"""

from __future__ import annotations

from pathlib import Path

from models.citation import Citation
from models.factors import Direction, Factor, FactorKind, FactorMethod
from optimizer.read.decode import decoded
from optimizer.read.kinds import ID_KIND, TEXT, TITLE, Kind, Spot, list_of, number, word
from optimizer.read.problems import Log, Place, Refused
from optimizer.read.shapes import CITED, Field, Shape
from optimizer.read.yaml_nodes import Node, read_yaml

#: Presets that come with fenpei, by name: `NAME.yaml`.
PRESETS = Path(__file__).parent / "factor_methods"

_FACTOR = Shape(
    (
        Field("factor", word(FactorKind), to="kind"),
        Field("of", ID_KIND, required=False),
        Field("per", ID_KIND, required=False),
        Field("weight", number(0, above=True)),
        Field("direction", word(Direction), required=False),
        Field("note", TEXT, required=False),
    )
)


def _read_factor(node: Node, spot: Spot) -> Factor:
    values = _FACTOR.read(node, spot)
    needs_of = values["kind"] in (FactorKind.NEED, FactorKind.ATTRIBUTE)
    if needs_of != ("of" in values):
        spot.refuse("factor-of", node, values["kind"].value)
    return Factor(**values)


METHOD = Shape(
    (
        Field("id", ID_KIND),
        Field("title", TITLE),
        CITED,
        Field("factors", list_of(Kind(_read_factor, _FACTOR.schema()), 1)),
    )
)


def presets() -> tuple[str, ...]:
    """The names of the presets."""
    return tuple(sorted(path.stem for path in PRESETS.glob("*.yaml")))


def read_factors(name: str) -> FactorMethod:
    """The preset of that name, or the method in the file of that name. Raises CaseErrors."""
    log = Log()
    path = PRESETS / f"{name}.yaml" if name in presets() else Path(name)
    if not path.is_file():
        log.add("factors-missing", Place(name), name, known=" ".join(presets()))
        log.check()
    text = decoded(path.name, path.read_bytes(), log)
    root = read_yaml(path.name, text, log) if text is not None else None
    if root is not None:
        try:
            values = METHOD.read(root, Spot(path.name, log, {}))
            values["citation"] = Citation(**values["citation"])
            log.check()
            return FactorMethod(**values)
        except Refused:
            pass
    log.check()
    raise AssertionError("a file that could not be read has a problem on the log")
