"""What differs between two editions of one producer's file: Parquet, CSV, or whatever else can be imported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.errors import DatasetError
from eventcode.formats.files import scratch
from eventcode.formats.tabular.opening import SUFFIXES, open_table
from eventcode.formats.tabular.packed import plain_suffix
from eventcode.formats.tabular.spool import spool
from eventcode.release import diff_sql
from eventcode.release.diff import Diff, Row, changes_of, shown, summary
from eventcode.shape import did_you_mean

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

TABLE = "rows"
KEYS = ("event_id_cnty", "globaleventid", "event_id", "id")
STAMPS = (
    "timestamp", "last_modified", "last_modified_release", "modified", "updated", "updated_at", "version", "revision", "dateadded",
)  # fmt: skip


def is_file(name: str) -> bool:
    """Whether a name is that of a file that can be compared."""
    path = Path(name)
    return plain_suffix(path) in SUFFIXES and not path.is_dir()


def diff_files(before: Path, now: Path, keys: Sequence[str] = (), stamps: Sequence[str] = ()) -> Diff:
    """The differences between two files whose rows are known by `keys`.

    `stamps` name the columns that a producer changes with every change of a row: a row that differs while none of them does has
    changed silently. What is not given is looked for by its usual names. DatasetError where a file cannot be read or lacks a column.
    """
    with scratch() as folder:
        old, new = _tables(before, now, folder)
        shared = [name for name in new.column_names if name in old.column_names]
        own = [_named(name, shared) for name in keys] or _key(shared, old, new)
        marks = [_named(name, shared) for name in stamps] or [
            name for name in shared if name.lower() in STAMPS
        ]
        marks = [name for name in marks if name not in own]
        return _compare(old, new, own, marks, (before.name, now.name))


def _tables(before: Path, now: Path, folder: Path) -> tuple[pa.Table, pa.Table]:
    """Both files, as they are if their columns have the same types, else as text."""
    if all(plain_suffix(path) == ".parquet" for path in (before, now)):
        import pyarrow.parquet as pq

        for path in (before, now):
            open_table(path)  # refuses what is no table, with a remedy
        old, new = pq.read_table(before), pq.read_table(now)
        types = {field.name: field.type for field in old.schema}
        if all(types.get(field.name, field.type) == field.type for field in new.schema):
            return old, new
    texts = []
    for i, path in enumerate((before, now)):
        own = folder / str(i)
        own.mkdir()
        texts.append(spool(open_table(path), own).texts())
    alike = plain_suffix(before) == plain_suffix(now)  # only some formats tell an empty text from none
    return (texts[0], texts[1]) if alike else (_no_empty(texts[0]), _no_empty(texts[1]))


def _no_empty(table: pa.Table) -> pa.Table:
    """Empty texts as nulls."""
    import pyarrow as pa
    import pyarrow.compute as pc

    nothing = pa.scalar(None, pa.string())
    columns = [
        pc.if_else(pc.equal(column, ""), nothing, column.cast(pa.string())) for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


def _named(name: str, columns: Sequence[str]) -> str:
    if name not in columns:
        raise DatasetError(f"there is no column '{name}' in both files", did_you_mean(name, list(columns)))
    return name


def _key(columns: Sequence[str], old: pa.Table, new: pa.Table) -> list[str]:
    """The column that is usually the key, and is one in both files."""
    for name in KEYS:
        for column in columns:
            if column.lower() == name and all(_unique(table, column) for table in (old, new)):
                return [column]
    raise DatasetError(
        "no column is known to tell the rows apart", "name it, or several that do so together: --key event_id"
    )


def _unique(table: pa.Table, column: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.count_distinct(table.column(column)).as_py() == table.num_rows)


def _compare(
    old: pa.Table, new: pa.Table, keys: list[str], stamps: list[str], names: tuple[str, str]
) -> Diff:
    import duckdb

    connection = duckdb.connect()
    columns = {
        "added": tuple(name for name in new.column_names if name not in old.column_names),
        "removed": tuple(name for name in old.column_names if name not in new.column_names),
    }
    compared = [name for name in new.column_names if name in old.column_names and name not in keys]
    changes: list[Row] = []
    silent: dict[tuple[str, str], str] = {}
    for row, marks in _rows(connection, old, new, keys, compared, stamps):
        changes += changes_of(TABLE, row)
        if row["change"] == "changed" and marks:
            silent[TABLE, row["key"]] = marks
    tables = {TABLE: summary(old.num_rows, new.num_rows, changes)}
    return Diff(*names, ("none", "none"), tables, tuple(changes), {}, silent, columns)


def _rows(
    connection: duckdb.DuckDBPyConnection,
    old: pa.Table,
    new: pa.Table,
    keys: Sequence[str],
    compared: Sequence[str],
    stamps: Sequence[str],
) -> Iterator[tuple[Row, str]]:
    """Every row that differs, and its stamps if it has some and none of them changed."""
    numbers = {name: f"c{i}" for i, name in enumerate(dict.fromkeys([*new.column_names, *old.column_names]))}
    old, new = (table.rename_columns([numbers[name] for name in table.column_names]) for table in (old, new))
    for side, table in (("old", old), ("new", new)):
        connection.register(f"{side}_rows", table)
    own = f"concat_ws('/', {', '.join(f'CAST({numbers[key]} AS VARCHAR)' for key in keys)})"
    sides = [f"SELECT {own} AS k, * FROM {side}_rows" for side in ("old", "new")]
    twice = [
        connection.execute(f"SELECT count(DISTINCT k) <> count(*) FROM ({side})").fetchall()[0][0]
        for side in sides
    ]
    cursor = connection.execute(
        diff_sql.unlike(
            sides[0], sides[1], [numbers[name] for name in compared], old, new, unique=not any(twice)
        )
    )
    while batch := cursor.fetchmany(10_000):
        for key, gone, fresh, *values in batch:
            pairs = [*zip(compared, values[::2], values[1::2], strict=True)]
            change = "removed" if gone else "added" if fresh else "changed"
            yield {"key": key, "change": change, "cells": [*_unlike(pairs)]}, _still(pairs, stamps)


def _unlike(pairs: Sequence[tuple[str, Any, Any]]) -> Iterator[tuple[str, Any, Any]]:
    """The values that differ; NaN is NaN."""
    for name, was, is_ in pairs:
        if was != is_ and not (was != was and is_ != is_):
            yield name, was, is_


def _still(pairs: Sequence[tuple[str, Any, Any]], stamps: Sequence[str]) -> str:
    """The stamps of a row, if it has some and none of them changed."""
    marks = [(name, was, is_) for name, was, is_ in pairs if name in stamps and was is not None]
    if any(was != is_ for _, was, is_ in marks):
        return ""
    return ", ".join(f"{name} {shown(was)}" for name, was, _ in marks)
