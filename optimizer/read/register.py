"""clauses.csv to the clause register: every row by itself; `check_register` holds it against the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.citation import Text
from models.register import Clause, Disposition, Reference
from optimizer.read import cells
from optimizer.read.csv_table import Column, Rows, Table, read_table
from optimizer.read.figures import Fault
from optimizer.read.kinds import ID
from optimizer.read.policy import Policy
from optimizer.read.tables import Figures

FILE = "clauses.csv"
COLUMNS = (
    *(Column(name) for name in ("clause", "section", "topic", "disposition", "items", "reason")),
    Column("topic.en", optional=True),
    Column("reason.en", optional=True),
)


def read_register(texts: Mapping[str, str | Rows], policy: Policy) -> Figures:
    """The clauses by id, in file order, and where they stand; everything wrong with a row is on the log."""
    found = Figures(FILE)
    table = uncited_table(FILE, COLUMNS, texts, policy)
    if table is None:
        return found
    ids = table.read("clause", _id)
    columns = (
        ids,
        table.read("section", cells.text),
        table.read("topic", cells.text),
        table.read("disposition", cells.word(Disposition)),
        table.read("items", _references),
        table.read("reason", cells.text_or_none),
        table.read("topic.en", cells.text_or_none),
        table.read("reason.en", cells.text_or_none),
    )
    _check_duplicates(table, ids)
    if not table.whole:
        policy.broken.add(FILE)
    rows = list(zip(*table.good(*columns), strict=True))
    for id, section, topic, disposition, items, reason, topic_en, reason_en in rows:
        found.values[id] = Clause(
            id=id,
            section=section,
            topic=Text(zh=topic, en=topic_en),
            disposition=disposition,
            items=items,
            reason=None if reason is None else Text(zh=reason, en=reason_en),
        )
    found.lines, found.headers = table.good_lines(), table.headers
    return found


def uncited_table(
    file: str, columns: Sequence[Column], texts: Mapping[str, str | Rows], policy: Policy
) -> Table | None:
    """A table without citation columns; None where the case has none, or where it cannot be read as one."""
    if file not in texts:
        return None
    table = read_table(file, texts[file], columns, policy.log)
    if table is None:
        policy.broken.add(file)
    return table


def _id(cell: str) -> str:
    if not ID.fullmatch(cells.text(cell)):
        raise Fault("bad-id")
    return cell


def _references(cell: str) -> tuple[Reference, ...]:
    """`need:housing measure:house`: kinds and ids."""
    found = []
    for word in cell.split():
        kind, colon, id = word.partition(":")
        if not (kind and colon and ID.fullmatch(id)):
            raise Fault("clause-item-form", item=word)
        found.append(Reference(kind=kind, id=id))
    return tuple(found)


def _check_duplicates(table: Table, ids: list[str | None]) -> None:
    first: dict[str, int] = {}
    for row, id in enumerate(ids):
        if id is not None and first.setdefault(id, row) != row:
            table.report("clause-twice", "clause", [row], {"first": table.lines[first[id]]})
