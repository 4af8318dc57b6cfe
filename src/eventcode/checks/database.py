"""An in-memory DuckDB that holds the tables of the model and can reach nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventcode.checks.compile import EXTRA
from eventcode.checks.context import EXCLUDES, context_tables
from eventcode.checks.expression import quoted
from eventcode.checks.facts import Facts
from eventcode.checks.memory import amount
from eventcode.checks.relations import ROW, Relation, wrong_type
from eventcode.checks.relations import TYPES as TYPES
from eventcode.codebook import views
from eventcode.model import Codebook
from eventcode.tables import TABLES, arrow_schema

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Means:
    """What a check may use: memory (`500MB`), threads, and a folder for what does not fit into memory."""

    memory_limit: str | None = None
    threads: int | None = None
    scratch: str | None = None
    told: bool = False  # whether how far a statement is can be asked for
    plain: bool = (
        False  # statements as they are written: planning them well costs more than it saves on few rows
    )

    def __post_init__(self) -> None:
        if self.memory_limit is not None:
            amount(self.memory_limit)


FREE = Means()


def connect(files: Sequence[str] = (), means: Means = FREE) -> duckdb.DuckDBPyConnection:
    """A connection without network, extensions to fetch, or files but those named: nothing that it runs can reach more."""
    import duckdb

    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    listed = ", ".join(quoted(path) for path in files)
    wanted = {
        "allowed_paths": f"[{listed}]" if files else None,
        "temp_directory": quoted(means.scratch or ""),
        "memory_limit": means.memory_limit and quoted(means.memory_limit),
        "threads": means.threads,
        "enable_progress_bar_print": "false",  # it would be written between the lines of the answer
        "preserve_insertion_order": "false",
        "enable_progress_bar": "true" if means.told else "false",
        "disabled_optimizers": "'in_clause'",  # which makes a join of every longer list, and plans hundreds of them for ever
        "enable_external_access": "false",
    }
    for name, value in wanted.items():
        if value is not None:
            connection.execute(f"SET {name} = {value}")
    if means.plain:
        connection.execute("PRAGMA disable_optimizer")
    return connection


def fill(connection: duckdb.DuckDBPyConnection, codebook: Codebook, tables: Mapping[str, Any]) -> None:
    """Every table of the model in the connection: those given, and empty typed ones for the rest."""
    for name in [*TABLES, *EXTRA]:
        table = tables.get(name)
        if isinstance(table, Relation):
            _view(connection, name, table, columns(codebook, name))
        else:
            connection.register(name, empty(codebook, name) if table is None else table)
    connection.register("code_excludes", context_tables(codebook)["code_excludes"])
    connection.execute("SET lock_configuration = true")


def _view(
    connection: duckdb.DuckDBPyConnection, name: str, table: Relation, wanted: Mapping[str, str]
) -> None:
    """The view of a table that lies in files; DatasetError where a column holds what is not of its type."""
    if table.doubtful:
        [found] = connection.execute(table.strange(wanted)).fetchall()
        for (column, kind), value in zip(table.doubtful.items(), found, strict=True):
            if value is not None:
                raise wrong_type(column, kind, wanted[column], value)
    connection.execute(f"CREATE TEMP VIEW {name} AS {table.sql(wanted)}")


def lay(connection: duckdb.DuckDBPyConnection, codebook: Codebook) -> None:
    """Every table of the model in the connection, without rows: what statements are bound against, in a tenth of the time of `fill`."""
    tables = {name: columns(codebook, name) for name in [*TABLES, *EXTRA]}
    tables["code_excludes"] = EXCLUDES
    for name, kinds in tables.items():
        listed = ", ".join(f'"{column}" {TYPES[kind]}' for column, kind in kinds.items())
        connection.execute(f"CREATE TABLE {name} ({listed})")


def empty(codebook: Codebook, name: str) -> pa.Table:
    """A table of the model without rows."""
    return arrow_schema(columns(codebook, name)).empty_table()


def columns(codebook: Codebook, name: str) -> dict[str, str]:
    """The columns of a table of the model, those that only checks need included."""
    return EXTRA[name] if name in EXTRA else views.columns(codebook, name)


def facts_of(tables: Mapping[str, Any]) -> dict[str, Facts]:
    """What is known of tables before they are read."""
    return {name: _facts(table) for name, table in tables.items()}


def _facts(table: Any) -> Facts:
    if isinstance(table, Relation):
        return Facts(table.rows, table.nulls, has_row=True, ranges=table.ranges)
    nulls = {name: table.column(i).null_count for i, name in enumerate(table.column_names)}
    return Facts(len(table), nulls, has_row=ROW in nulls)
