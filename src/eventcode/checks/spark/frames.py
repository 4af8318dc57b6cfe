"""The tables of the model in a Spark session, as views under names of our own: those given, those of the codebook, and empty ones."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from eventcode.checks import database
from eventcode.checks.compile import EXTRA
from eventcode.checks.context import EXCLUDES, context_tables
from eventcode.checks.relations import wrong_type
from eventcode.model import Codebook
from eventcode.tables import READING_TABLES, TABLES

TYPES = {
    "string": "STRING", "int64": "BIGINT", "float64": "DOUBLE", "bool": "BOOLEAN", "date32": "DATE", "list<string>": "ARRAY<STRING>",
}  # fmt: skip


def columns(codebook: Codebook) -> dict[str, dict[str, str]]:
    """The columns of every table that a rule may read: name → type name."""
    found = {name: database.columns(codebook, name) for name in [*TABLES, *EXTRA]}
    return {**found, "code_excludes": EXCLUDES}


@contextmanager
def views(spark: Any, codebook: Codebook, frames: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Every table as a temporary view, by the name it has in the model. Afterwards these views are gone, and those added to the mapping."""
    prefix = f"eventcode_{uuid.uuid4().hex[:12]}_"
    context = context_tables(codebook)
    made = {}
    try:
        for name, kinds in columns(codebook).items():
            if name in frames:
                frame = frames[name]
            elif name in context and len(context[name]):
                frame = of_arrow(spark, context[name])
            else:
                frame = spark.sql(f"SELECT {_nulls(kinds)} WHERE FALSE")
            frame.createOrReplaceTempView(prefix + name)
            made[name] = prefix + name
        yield made
    finally:
        for name in made.values():
            spark.catalog.dropTempView(name)


@contextmanager
def view(spark: Any, frame: Any, name: str) -> Iterator[str]:
    """A frame as a temporary view for a moment."""
    frame.createOrReplaceTempView(name)
    try:
        yield name
    finally:
        spark.catalog.dropTempView(name)


def of_arrow(spark: Any, table: Any) -> Any:
    """An Arrow table as a frame. In one piece: of a small table in several, PySpark 4.3 loses what follows an empty one."""
    return spark.createDataFrame(table.combine_chunks())


def firsts(frame: Any, key: str) -> Any:
    """The rows of a frame, of those that share a key the first by all columns, as DuckDB orders them."""
    ordered = ", ".join(f"`{name}` ASC NULLS LAST" for name in frame.columns)
    placed = frame.selectExpr("*", f"row_number() OVER (PARTITION BY `{key}` ORDER BY {ordered}) AS `place`")
    return placed.where("`place` = 1").select(*frame.columns)


def _nulls(kinds: Mapping[str, str]) -> str:
    return ", ".join(f"CAST(NULL AS {TYPES[kind]}) AS `{name}`" for name, kind in kinds.items())


def typed(frame: Any, kinds: Mapping[str, str], extra: tuple[str, ...] = ()) -> Any:
    """A frame with exactly the columns of a table and their types, null where it lacks one; DatasetError for a value of another type."""
    there = {name.lower(): name for name in frame.columns}
    found = {name: frame.schema[there[name]].dataType.simpleString() for name in kinds if name in there}
    _refuse_strange(
        frame, {name: kind for name, kind in found.items() if not _safe(kind, kinds[name])}, kinds
    )
    parts = [
        f"CAST(`{name}` AS {TYPES[kind]}) AS `{name}`"
        if name in found
        else f"CAST(NULL AS {TYPES[kind]}) AS `{name}`"
        for name, kind in kinds.items()
    ]
    return frame.selectExpr(*parts, *(f"`{name}`" for name in extra))


def _safe(kind: str, wanted: str) -> bool:
    """Whether every value of a Spark type becomes one of another without a loss."""
    whole = ("tinyint", "smallint", "int", "bigint")
    safe = {
        "string": True, "int64": kind in whole, "float64": kind in (*whole, "float", "double"), "bool": kind == "boolean",
        "date32": kind in ("date", "timestamp", "timestamp_ntz"), "list<string>": kind.startswith("array<"),
    }  # fmt: skip
    return kind == "void" or safe[wanted]


def _refuse_strange(frame: Any, doubtful: Mapping[str, str], kinds: Mapping[str, str]) -> None:
    """One pass over the columns whose values may be of another type."""
    if not doubtful:
        return
    parts = []
    for name in doubtful:
        kind = TYPES[kinds[name]]
        broken = f"`{name}` IS NOT NULL AND try_cast(`{name}` AS {kind}) IS NULL"
        if kind == "BIGINT":
            broken += f" OR try_cast(`{name}` AS DOUBLE) <> try_cast(try_cast(`{name}` AS DOUBLE) AS BIGINT)"
        parts.append(f"min(CASE WHEN {broken} THEN CAST(`{name}` AS STRING) END) AS `{name}`")
    [row] = frame.selectExpr(*parts).collect()
    for name, value in row.asDict().items():
        if value is not None:
            raise wrong_type(name, doubtful[name], kinds[name], value)


def without_adopted(frames: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of a build without adopted readings: they repeat a coder's reading, and what is wrong there is found there."""
    left = dict(frames)
    if not set(READING_TABLES) <= frames.keys():
        return left
    adopted = frames["readings"].where("adopted_from IS NOT NULL").select("reading_id")
    if adopted.isEmpty():
        return left
    gone = {"reading_id": adopted}
    for name in READING_TABLES:
        for column, ids in gone.items():
            if column in left[name].columns:
                left[name] = left[name].join(ids, column, "left_anti").select(*frames[name].columns)
        left[name] = left[
            name
        ].localCheckpoint()  # else every statement would ask anew which readings are adopted
        own = {"codings": "coding_id", "sources": "source_id", "support": "support_id"}.get(name)
        if own is not None:
            gone[own] = frames[name].select(own).join(left[name].select(own), own, "left_anti")
    return left
