"""A table of the model where it lies: Parquet files or a scannable Arrow source, given the codebook's columns and types by a view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eventcode.checks.expression import quoted
from eventcode.errors import DatasetError

TYPES = {
    "string": "VARCHAR", "int64": "BIGINT", "float64": "DOUBLE", "bool": "BOOLEAN", "date32": "DATE", "list<string>": "VARCHAR[]",
}  # fmt: skip


ROW = "row at"  # where a row without a key stands


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows that are scanned and never held: the Parquet files `paths`, in all of which a column that is not `present` is null.

    `rows`, `nulls` (column → how many are null) and `ranges` (column → its least and greatest value) are known before anything is read.
    `doubtful` are the columns some of whose values may not be of the codebook's type, with their own type; `partitions` those that folder
    names give.
    """

    paths: tuple[str, ...]
    present: tuple[str, ...]
    rows: int
    nulls: Mapping[str, int] = field(default_factory=dict)
    doubtful: Mapping[str, str] = field(default_factory=dict)
    partitions: tuple[str, ...] = ()
    ranges: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def sql(self, columns: Mapping[str, str]) -> str:
        """The query behind the view of the table."""
        listed = [
            f'CAST("{column}" AS {TYPES[kind]}) AS "{column}"'
            if column in self.present
            else f'CAST(NULL AS {TYPES[kind]}) AS "{column}"'
            for column, kind in columns.items()
        ]
        file = "parse_filename(filename) || ' " if len(self.paths) > 1 else "'"
        return (
            f'SELECT {", ".join(listed)}, {file}row \' || (file_row_number + 1) AS "{ROW}" FROM {self.scan}'
        )

    @property
    def scan(self) -> str:
        """The files as they are."""
        files = ", ".join(quoted(path) for path in self.paths)
        options = ["file_row_number = true"]
        if len(self.paths) > 1:
            options += ["union_by_name = true", "filename = true"]
        named = ", ".join(f"'{name}': VARCHAR" for name in self.partitions)
        options += [
            f"hive_partitioning = true, hive_types = {{{named}}}" if named else "hive_partitioning = false"
        ]
        return f"read_parquet([{files}], {', '.join(options)})"

    def strange(self, columns: Mapping[str, str]) -> str:
        """SQL for one row: for each doubtful column a value, as text, that is not of the codebook's type; null where there is none."""
        parts = []
        for name in self.doubtful:
            kind = TYPES[columns[name]]
            broken = f'"{name}" IS NOT NULL AND TRY_CAST("{name}" AS {kind}) IS NULL'
            if kind == "BIGINT":
                broken += f' OR TRY_CAST("{name}" AS DOUBLE) <> trunc(TRY_CAST("{name}" AS DOUBLE))'
            parts.append(f'min(CAST("{name}" AS VARCHAR)) FILTER (WHERE {broken})')
        return f"SELECT {', '.join(parts)} FROM {self.scan}"


def wrong_type(column: str, kind: str, wanted: str, value: str) -> DatasetError:
    """What is said of a column of the type `kind` for a value in it that is none of the type wanted."""
    message = f"column '{column}' is {kind}, not {wanted}: '{value}' is no value of that type"
    return DatasetError(message, "see `eventcode codebook show`")


def files_of(tables: Iterable[Any]) -> list[str]:
    """The files that some tables are read from."""
    return [path for table in tables if isinstance(table, Relation) for path in table.paths]
