"""`check` on Spark: Parquet files, folders and globs, addresses that only the cluster can reach, and frames of a session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eventcode.checks.alone import alone
from eventcode.checks.progress import Say
from eventcode.checks.relations import ROW, Relation
from eventcode.checks.result import Result
from eventcode.checks.spark import frames
from eventcode.checks.spark.run import run
from eventcode.checks.spark.session import session
from eventcode.codebook import views
from eventcode.errors import DatasetError
from eventcode.formats import parquet_files
from eventcode.model import Codebook
from eventcode.pipeline import bare, judge


def is_frame(target: Any) -> bool:
    """Whether a target is a frame of Spark; answered without importing it."""
    return type(target).__module__.startswith("pyspark.")


def is_address(target: Any) -> bool:
    """Whether a target lies where this machine has no path to it: `s3://…`, `abfss://…`, `dbfs:/…`."""
    return isinstance(target, str) and ("://" in target or target.startswith(("dbfs:/", "hdfs:/")))


def check(
    target: Any,
    codebook: Codebook,
    *,
    table: str | None = None,
    without: Mapping[str, str] | None = None,
    cap: int | None = None,
    say: Say | None = None,
) -> Result:
    """Findings on a Spark frame, or on Parquet that Spark reads: a file, a folder, a glob, or a folder with several tables by name.

    The rules in `without` are not asked.
    """
    without = without or {}
    with _told():
        tables = _tables(target, codebook, table)
        plan = judge.checker_of(codebook, frozenset(without)).plan
        spark = next(iter(tables.values())).sparkSession
        if len(tables) == 1 and (name := next(iter(tables))) in judge.ABOVE:
            return run(spark, alone(plan, name), tables, cap=cap, say=say)
        below = tables.keys() - set(judge.ABOVE)
        results = [run(spark, plan.about(below), frames.without_adopted(tables), cap=cap, say=say)]
        if len(below) < len(tables):
            results.append(run(spark, plan.about(judge.ABOVE), tables, cap=cap, say=say))
    return Result.of(results, without)


@contextmanager
def _told() -> Iterator[None]:
    """What Spark says against the data, in its first line."""
    try:
        yield
    except Exception as error:
        if not type(error).__module__.startswith(("pyspark.", "py4j.")):
            raise
        reason = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
        raise DatasetError(
            f"Spark cannot check this: {reason}", "look into Spark's log for the rest"
        ) from error


def _tables(target: Any, codebook: Codebook, table: str | None) -> dict[str, Any]:
    if is_frame(target):
        name = bare.table_called(None, table)
        return {name: _of_frame(target, codebook, name)}
    if is_address(target):
        name = bare.table_called(
            target.rstrip("/").rsplit("/", 1)[-1].removesuffix(parquet_files.SUFFIX), table
        )
        return {name: _of_frame(session().read.parquet(target), codebook, name)}
    path = Path(target)
    if not parquet_files.is_parquet(target):
        raise DatasetError(
            f"Spark checks Parquet, and {path.name} is none",
            "leave out --engine spark, or `eventcode import` it",
        )
    relations = bare.from_path(target, codebook, table)
    return {name: _of_files(found, path, codebook, name) for name, found in relations.items()}


def _of_frame(frame: Any, codebook: Codebook, table: str) -> Any:
    """A frame with the columns of a table; what is wrong with its columns is told as it is for any other table."""
    from pyspark.sql.pandas.types import to_arrow_schema

    bare.conformed(to_arrow_schema(frame.schema).empty_table(), codebook, table)
    numbered = f"'row ' || (monotonically_increasing_id() + 1) AS `{ROW}`"
    return _typed(frame.selectExpr("*", numbered), codebook, table)


def _of_files(relation: Relation, root: Path, codebook: Codebook, table: str) -> Any:
    """Files whose columns are known to be those of the table, with the file and the number of each row."""
    reader = session().read.option("mergeSchema", len(relation.paths) > 1)
    if relation.partitions:
        reader = reader.option("basePath", str(root.absolute()))
    frame = reader.parquet(*relation.paths)
    name = "_metadata.file_name || ' row '" if len(relation.paths) > 1 else "'row '"
    own = [f"`{column}`" for column in frame.columns if column not in relation.partitions]
    given = [_partition(column) for column in relation.partitions]
    numbered = f"{name} || (_metadata.row_index + 1) AS `{ROW}`"
    return _typed(frame.selectExpr(*own, *given, numbered), codebook, table)


def _partition(column: str) -> str:
    """The value that a folder's name gives, as text: Spark would take 010 for a number."""
    return f"url_decode(regexp_extract(_metadata.file_path, '/{column}=([^/]*)/', 1)) AS `{column}`"


def _typed(frame: Any, codebook: Codebook, table: str) -> Any:
    return frames.typed(frame, views.columns(codebook, table), (ROW,))
