"""What every column says, in words: from the codebook where it has a field, else from the list of core columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from eventcode.codebook import views
from eventcode.model import CODER_KINDS, ROLES, STATUSES, Codebook, Field
from eventcode.release.core_columns import CORE

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = {
    "string": "text", "int64": "whole number", "double": "number", "bool": "true or false", "date32[day]": "date",
    "list": "list of texts",
}  # fmt: skip
SUFFIXES = {
    "_start": "first day possible", "_end": "last day possible", "_precision": "how exact the date is",
    "_missing": "why there is no value", "_contested": "every value that the reports give, where they differ",
    "_low": "lowest of the reports", "_best": "the value, where all reports agree", "_high": "highest of the reports",
}  # fmt: skip
CLOSED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("readings", "status"): STATUSES, ("readings", "coder_kind"): CODER_KINDS, ("participants", "role"): ROLES,
    ("events", "status"): ("candidate", "final"), ("changes", "change"): ("added", "removed", "changed"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column in words. `values` is its closed list, `field` the codebook's field behind it, `part` which part of the field."""

    name: str
    kind: str
    title: str
    description: str
    values: tuple[str, ...] = ()
    field: Field | None = None
    part: str = ""


def describe(codebook: Codebook, table: str, schema: pa.Schema) -> list[Column]:
    """Every column of a table in words."""
    fields = dict(_fields(codebook, table))
    return [_column(codebook, table, column, fields) for column in schema]


def kind(arrow: pa.DataType) -> str:
    """An Arrow type in words."""
    return KINDS["list"] if str(arrow).startswith("list") else KINDS.get(str(arrow), str(arrow))


@cache
def _fields(codebook: Codebook, table: str) -> tuple[tuple[str, Field], ...]:
    """(column, field) of everything that the codebook asks for in a table."""
    return tuple(_pairs(codebook, table))


def _pairs(codebook: Codebook, table: str) -> Iterator[tuple[str, Field]]:
    for field in codebook.fields_of("codings" if table in ("reports", "events") else table):
        names = views.aggregated_columns(field) if table == "events" else field.columns
        yield from ((name, field) for name in names)


def _column(codebook: Codebook, table: str, column: pa.Field, fields: Mapping[str, Field]) -> Column:
    name, shown = column.name, kind(column.type)
    field = fields.get(name)
    if field is None:
        return Column(
            name,
            shown,
            _title(name),
            CORE.get(f"{table}.{name}", CORE.get(name, "")),
            _closed(codebook, table, name),
        )
    part = name.removeprefix(field.name)
    if not part:
        return Column(name, shown, field.label, field.question, views.allowed(codebook, field), field)
    values = field.missing if part == "_missing" else ()
    return Column(name, shown, f"{field.label}: {SUFFIXES[part]}", field.question, values, field, part)


def _closed(codebook: Codebook, table: str, name: str) -> tuple[str, ...]:
    vocabulary = codebook.vocabularies.get(name) if table in ("reports", "events", "support") else None
    return vocabulary.values if vocabulary else CLOSED.get((table, name), ())


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
