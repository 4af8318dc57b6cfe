"""What a rule's expression may name: the row's own columns, and those of the rows above it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from eventcode.codebook import views
from eventcode.model import ACTS, TIERS, Codebook
from eventcode.tables import TABLES

_READING = ("reading", "readings", "reading.reading_id = self.reading_id")
_DOCUMENT = ("document", "documents", "document.document_id = reading.document_id")
_OWN_DOCUMENT = ("document", "documents", "document.document_id = self.document_id")
_TYPE = ("type", "codes", '"type".code = self.event_type')
_CODING = ("coding", "codings", "coding.coding_id = self.coding_id")
_VIA_CODING = (("reading", "readings", "reading.reading_id = coding.reading_id"), _DOCUMENT)
_CODING_TYPE = ("type", "codes", '"type".code = coding.event_type')

# For each table the rows above a row: (name in expressions, table, join condition), in the order they are joined.
JOINS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "documents": (("publisher", "publishers", "publisher.publisher_id = self.publisher"),),
    "readings": (_OWN_DOCUMENT,),
    "sources": (_READING, _DOCUMENT),
    "codings": (_READING, _DOCUMENT, _TYPE),
    "support": (
        _CODING,
        ("source", "sources", "source.source_id = self.source_id"),
        *_VIA_CODING,
        _CODING_TYPE,
    ),
    "participants": (_CODING, *_VIA_CODING, _CODING_TYPE),
    "evidence": (
        ("support", "support", "support.support_id = self.support_id"),
        ("source", "sources", "source.source_id = coalesce(self.source_id, support.source_id)"),
        ("coding", "codings", "coding.coding_id = coalesce(self.coding_id, support.coding_id)"),
        ("reading", "readings", "reading.reading_id = coalesce(coding.reading_id, source.reading_id)"),
        _DOCUMENT,
    ),
    "reports": (_OWN_DOCUMENT, _TYPE),
    "events": (_TYPE,),
    "decisions": (_OWN_DOCUMENT,),
    "links": (_OWN_DOCUMENT,),
}
SELF = "self"
ONE_READING = ("reading", "document")  # where the tables hold one reading, every row lies below these


@dataclass(frozen=True, slots=True)
class Trigger:
    """A set rule can find something only where at least `at_least` rows of `table` meet `where` (SQL over the row's own columns)."""

    table: str
    where: str
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Scope:
    """A table, the rows above it, and the type name of every column in reach, by (prefix, column)."""

    table: str
    columns: dict[tuple[str, str], str]

    def kind(self, prefix: str, column: str) -> str | None:
        """The type name of a column, or None where there is no such column."""
        return self.columns.get((prefix or SELF, column))

    @property
    def own(self) -> list[str]:
        """The table's own columns."""
        return [name for prefix, name in self.columns if prefix == SELF]


@cache
def scope(codebook: Codebook, table: str) -> Scope:
    """The scope of a table under a codebook."""
    found = {(SELF, name): kind for name, kind in views.columns(codebook, table).items()}
    for prefix, joined, _ in JOINS.get(table, ()):
        found |= {(prefix, name): kind for name, kind in views.columns(codebook, joined).items()}
    return Scope(table, found)


def values(codebook: Codebook, table: str, prefix: str, column: str) -> tuple[str, ...] | None:
    """The closed list of a column in reach of a table, or None where it has none."""
    of = next((joined for name, joined, _ in JOINS.get(table, ()) if name == prefix), table)
    if of == "codes":
        return _type_values(codebook, column)
    field = codebook.fields.get((of, column))
    if field is None or not field.vocabulary or field.type not in ("code", "set"):
        return None
    return tuple(codebook.event_types) if field.vocabulary == "event_type" else views.allowed(codebook, field)


def _type_values(codebook: Codebook, column: str) -> tuple[str, ...] | None:
    """The closed lists of an event type's own attributes; a module without codes of its own knows none."""
    if not codebook.event_types:
        return None
    if column in ("code", "root", "parent"):
        return tuple(codebook.event_types)
    if column == "quad" and "quad" in codebook.vocabularies:
        return codebook.vocabularies["quad"].values
    return {"act": ACTS, "tier": TIERS}.get(column)


def type_of(table: str) -> str | None:
    """The column in reach of a table by which its rows find their event type, as "self.event_type"; None where there is none."""
    return next((on.split(" = ")[1] for prefix, _, on in JOINS.get(table, ()) if prefix == "type"), None)


def source(table: str, used: frozenset[str] | None = None, *, one_reading: bool = False) -> str:
    """The FROM clause of a table's scope with the joins that `used` prefixes need (all of them for None).

    With `one_reading` the tables hold one reading and its document, so that these two need no join condition.
    """
    clause = f"{table} AS {SELF}"
    for prefix, joined, condition in needed(table, used, one_reading=one_reading):
        clause += f' LEFT JOIN {joined} AS "{prefix}" ON {condition}'
    return clause


def needed(table: str, used: frozenset[str] | None, *, one_reading: bool) -> list[tuple[str, str, str]]:
    """The joins of `source`: prefix, table and condition."""
    own = JOINS.get(table, ())
    joins = [
        (p, joined, "TRUE" if one_reading and p in ONE_READING else condition) for p, joined, condition in own
    ]
    if used is None:
        return joins
    wanted = set(used)
    for prefix, _, condition in reversed(joins):
        if prefix in wanted:
            wanted |= {other for other, _, _ in joins if f"{other}." in condition}
    return [join for join in joins if join[0] in wanted]


def key(table: str) -> str:
    """SQL for the primary key of a row as one string."""
    columns = TABLES[table].key
    parts = ", ".join(f'CAST({SELF}."{column}" AS VARCHAR)' for column in columns)
    return f"concat_ws('/', {parts})" if len(columns) > 1 else f'{SELF}."{columns[0]}"'


def lineage(table: str) -> str:
    """SQL for the lineage of a row."""
    return TABLES[table].lineage
