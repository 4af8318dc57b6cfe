"""What differs between two builds or releases, by names that survive a correction.

Ids are content hashes and change with every correction, so rows are matched by lineage: `document/coder/key` for codings and sources,
`document/report` for reports, the event id for events. Only the current revision of a reading counts, and the adjudicated reading is
compared as reports. Evidence is not compared: an offset that moved is no change of the data.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.errors import DatasetError
from eventcode.formats import parquet
from eventcode.release import diff_silent, diff_sql, manifest
from eventcode.tables import NOT_RELEASED

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Row = dict[str, Any]
Tables = Mapping[str, "pa.Table"]
CORE = ("documents", "readings", "codings", "sources", "reports", "events")


@dataclass(frozen=True, slots=True)
class TableDiff:
    """How one table changed: rows before and now, keys added and removed, and changed values by field."""

    before: int
    now: int
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    fields: Mapping[str, int] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that differs. `changes` has the rows of the table of that name, sorted; `recoded` how often one event type became
    another (None: the reports differ); `codebooks` the two codebooks as `id@version`; `silent` the rows, by table and key, that changed
    although what marks a change did not, and what that is; `columns` those of a foreign file that were added and removed."""

    before: str
    now: str
    codebooks: tuple[str, str]
    tables: Mapping[str, TableDiff]
    changes: tuple[Row, ...]
    recoded: Mapping[tuple[str | None, str | None], int]
    silent: Mapping[tuple[str, str], str] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return all(table.same for table in self.tables.values()) and not any(self.columns.values())

    def redefined(self) -> dict[str, list[str]]:
        """What changed of the definition of each code that both codebooks have."""
        found: dict[str, list[str]] = {}
        for row in self.changes:
            if row["table"] == "codes" and row["change"] == "changed":
                found.setdefault(row["key"], []).append(row["field"])
        return found


def diff(before: Path, now: Path) -> Diff:
    """The differences between two folders; DatasetError where one of them is no build or release."""
    names = (_label(before), _label(now))
    return compare(parquet.read_folder(before), parquet.read_folder(now), *names)


def compare(before: Tables, now: Tables, name_before: str = "before", name_now: str = "now") -> Diff:
    """The differences between two sets of tables; DatasetError where one of the core tables is missing."""
    connection = _connect(before, now)
    compared = [name for name in diff_sql.KEYS if name in before and name in now and name not in NOT_RELEASED]
    rows = {name: [*_rows(connection, name, before, now)] for name in compared}
    changes = tuple(change for name in compared for row in rows[name] for change in changes_of(name, row))
    tables = {
        name: summary(
            _count(connection, "old", name),
            _count(connection, "new", name),
            [c for c in changes if c["table"] == name],
        )
        for name in compared
    }
    codebooks = (_codebook(before), _codebook(now))
    recoded = _recoded(rows.get("events", []))
    silent = diff_silent.silent(connection, changes, codebooks, before, now)
    return Diff(name_before, name_now, codebooks, tables, changes, recoded, silent)


def _connect(before: Tables, now: Tables) -> duckdb.DuckDBPyConnection:
    """Both sides in one database, each table as `old_…` and `new_…`."""
    import duckdb

    connection = duckdb.connect()
    for side, tables in (("old", before), ("new", now)):
        missing = [name for name in CORE if name not in tables]
        if missing:
            raise DatasetError(f"there is no table {missing[0]}", "compare whole builds or releases")
        for name in diff_sql.KEYS:
            if name in tables:
                connection.register(f"{side}_{name}", tables[name])
    return connection


def _label(folder: Path) -> str:
    """`name version` of a release, `name` and the beginning of the input digest of a build, else the folder's name."""
    if not (folder / manifest.NAME).is_file():
        return folder.name
    found = manifest.read(folder)
    version = found.get("release", {}).get("version") or f"({str(found.get('input_digest', ''))[:8]})"
    return f"{found.get('dataset', folder.name)} {version}"


def _codebook(tables: Tables) -> str:
    for name in ("codes", "fields", "events"):
        if name in tables and tables[name].num_rows and "codebook_id" in tables[name].column_names:
            row = tables[name].select(["codebook_id", "codebook_version"]).slice(0, 1).to_pylist()[0]
            return f"{row['codebook_id']}@{row['codebook_version']}"
    return "none"


# ── rows that differ ──────────────────────────────────────────────────────────────────────────────────────────────────


def _rows(connection: duckdb.DuckDBPyConnection, name: str, before: Tables, now: Tables) -> Iterator[Row]:
    """key, change, and (field, before, now) of what differs, of every row that is not the same on both sides."""
    columns = diff_sql.columns(name, before, now)
    cursor = connection.execute(diff_sql.differing(name, columns, before, now))
    while batch := cursor.fetchmany(10_000):
        for key, gone, new, *values in batch:
            change = "removed" if gone else "added" if new else "changed"
            pairs = zip(columns, values[::2], values[1::2], strict=True)
            cells = [(column, was, is_) for column, was, is_ in pairs if was != is_]
            yield {"key": key, "change": change, "cells": cells}


def changes_of(table: str, row: Row) -> Iterator[Row]:
    """Rows of the table `changes`."""
    head = {
        "table": table,
        "key": row["key"],
        "change": row["change"],
        "field": None,
        "before": None,
        "after": None,
    }
    if row["change"] != "changed":
        yield head
        return
    for name, before, after in row["cells"]:
        yield {**head, "field": name, "before": shown(before), "after": shown(after)}


def shown(value: Any) -> str | None:
    """A value as text: numbers in their shortest form, truth as true and false, lists as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int | float | list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value.isoformat() if isinstance(value, date) else str(value)


def summary(before: int, now: int, changes: Sequence[Row]) -> TableDiff:
    """How one table changed, from its row counts and its rows of `changes`."""
    keys = {
        kind: tuple(dict.fromkeys(c["key"] for c in changes if c["change"] == kind))
        for kind in ("added", "removed", "changed")
    }
    fields = Counter(c["field"] for c in changes if c["change"] == "changed")
    return TableDiff(before, now, **keys, fields=dict(sorted(fields.items())))


def _count(connection: duckdb.DuckDBPyConnection, side: str, name: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM ({diff_sql.keyed(name, side)})").fetchone()
    return int(found[0]) if found else 0


def _recoded(events: Sequence[Row]) -> dict[tuple[str | None, str | None], int]:
    pairs = [
        (was, now)
        for row in events
        if row["change"] == "changed"
        for name, was, now in row["cells"]
        if name == "event_type"
    ]
    return dict(sorted(Counter(pairs).items(), key=lambda item: [str(part) for part in item[0]]))


# ── events that are gone ──────────────────────────────────────────────────────────────────────────────────────────────


def deletions(
    before: Tables, now: Tables, last_release: str, reasons: Mapping[str, str] | None = None
) -> list[Row]:
    """Rows of the table `deletions`: events that an earlier release had, and why they are gone.

    `reasons` (by event id) comes before what can be told from the tables: its reports now belong to another event, its document is gone,
    its readings were withdrawn, or else nobody codes it any more. Deletions of earlier releases are carried on.
    """
    connection = _connect(before, now)
    found = {row["event_id"]: row for row in before["deletions"].to_pylist()} if "deletions" in before else {}
    for event, merged, documents, withdrawn in connection.execute(diff_sql.GONE).fetchall():
        reason = (reasons or {}).get(event) or _reason(merged, documents, withdrawn)
        found[event] = {"event_id": event, "last_release": last_release, "reason": reason}
    kept = {*now["events"].column("event_id").to_pylist()}
    return [found[event] for event in sorted(found) if event not in kept]


def _reason(merged: Sequence[str] | None, documents: int, withdrawn: bool) -> str:
    if merged:
        return f"merged: its reports belong to {', '.join(sorted(merged))}"
    if not documents:
        return "its document is no longer in the dataset"
    return "its readings were withdrawn" if withdrawn else "no longer coded"
