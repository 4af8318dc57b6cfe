"""Tables that belong to no dataset, as the checks take them: Arrow tables with the codebook's types, files as relations that are scanned.

What makes a table unusable stops the work: columns that the codebook does not know, values of a wrong type, codes stored as numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode import shape
from eventcode.checks.relations import ROW, Relation
from eventcode.codebook import views
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.formats import parquet, parquet_files
from eventcode.model import Codebook
from eventcode.pipeline import judge
from eventcode.tables import READING_TABLES, TABLES, arrow_type

if TYPE_CHECKING:
    import pyarrow as pa

Bare = Any  # an Arrow table, or a Relation
SHOWN = 20
STREAMED = ("RecordBatchReader", "LazyFrame")
MADE_FROM_THE_CODEBOOK = ("codes", "fields", "vocabularies", "actor_relations")
MADE_BY_CHECKS = ("findings", "rule_counts", "agreement", "changes", "deletions")


def table_called(name: str | None, table: str | None) -> str:
    """What the rows of a table are: `table`, or else the name of the file where that is a table's, or else `events`."""
    found = table or (name if name in TABLES else "events")
    if found not in TABLES:
        raise DatasetError(f"there is no table '{found}'", hint=shape.did_you_mean(found, [*TABLES]))
    return found


def from_path(target: str | Path, codebook: Codebook, table: str | None) -> dict[str, Bare]:
    """The tables behind a Parquet file, a folder or a glob; a folder that holds tables by name gives them all."""
    path = Path(target)
    if table is None and path.is_dir():
        left_out = (*MADE_FROM_THE_CODEBOOK, *MADE_BY_CHECKS)
        named = parquet_files.tables_in(path, [name for name in TABLES if name not in left_out])
        if named:
            return {name: _relation(files, None, codebook, name) for name, files in named.items()}
    name = table_called(path.stem, table)
    return {name: _relation(parquet_files.paths(target), path if path.is_dir() else None, codebook, name)}


def _relation(files: list[Path], root: Path | None, codebook: Codebook, table: str) -> Relation:
    opened = parquet_files.opened(files, root)
    return relation(opened, codebook, table)


def relation(files: parquet_files.ParquetFiles, codebook: Codebook, table: str) -> Relation:
    """Parquet files as a table of the codebook; DatasetError where they are none."""
    schema = views.columns(codebook, table)
    given = {name: [*types] for name, types in files.types.items()}
    _known(given, codebook, table)
    numbers = [
        (name, kind, where)
        for name, types in files.types.items()
        for kind, where in types.items()
        if name in _coded(codebook, table) and numeric(kind)
    ]
    _no_numbers(numbers if len(files.paths) > 1 else [(n, k, "") for n, k, _ in numbers], codebook, table)
    doubtful = {}
    for name, kinds in given.items():
        for kind in kinds:
            _possible(name, kind, schema[name])
            if not _safe(kind, schema[name]):
                doubtful[name] = str(kind)
    partitions = [name for name in files.partitions if name in schema]
    present = (*given, *(name for name in partitions if name not in given))
    nulls = {**dict.fromkeys(set(schema) - set(present), files.rows), **files.nulls}
    wanted = {name: arrow_type(kind) for name, kind in schema.items()}
    ranges = {
        name: files.ranges[name]
        for name, kinds in given.items()
        if name in files.ranges and all(kind == wanted[name] for kind in kinds)
    }
    return Relation(files.paths, present, files.rows, nulls, doubtful, tuple(partitions), ranges)


def from_memory(data: Any, codebook: Codebook, table: str, scratch: Path) -> dict[str, Bare]:
    """A table in memory or a stream; what can be read only once is put into a file in `scratch` first."""
    import pyarrow as pa

    if type(data).__name__ in STREAMED or _is_dataset(data):
        path = scratch / f"{table}.parquet"
        _spooled(data, path)
        return {table: _relation([path], None, codebook, table)}
    return {table: conformed(_arrow(data, pa), codebook, table)}


def _is_dataset(data: Any) -> bool:
    return type(data).__module__.startswith("pyarrow") and hasattr(data, "scanner")


def _spooled(data: Any, path: Path) -> None:
    import pyarrow.parquet as pq

    if hasattr(data, "sink_parquet"):
        data.sink_parquet(path, compression="lz4")
        return
    batches = data.scanner().to_reader() if hasattr(data, "scanner") else data
    with pq.ParquetWriter(path, batches.schema, compression="lz4") as writer:
        for batch in batches:
            writer.write_batch(batch)


def _arrow(data: Any, pa: Any) -> pa.Table:
    if isinstance(data, pa.Table):
        return data
    if isinstance(data, pa.RecordBatch):
        return pa.Table.from_batches([data])
    if hasattr(data, "to_arrow"):
        return data.to_arrow()
    if not hasattr(data, "columns"):
        raise DatasetError(
            f"a {type(data).__name__} is no table", "give a path, or a pandas, polars or Arrow table"
        )
    twice = [str(name) for name in data.columns[data.columns.duplicated()]]
    refuse(DatasetError, "this frame cannot be read", [_twice(name) for name in twice])
    return pa.Table.from_pandas(data, preserve_index=False)


def _twice(name: str) -> Problem:
    return Problem(f"the column '{name}' stands twice", "rename one", path=name)


def conformed(data: pa.Table, codebook: Codebook, table: str) -> pa.Table:
    """An Arrow table with exactly the codebook's columns and types; DatasetError where one cannot be, or is unknown."""
    import pyarrow as pa

    schema = views.schema(codebook, table)
    names = data.column_names
    refuse(
        DatasetError, "this table cannot be read", [_twice(n) for n in dict.fromkeys(names) if names.count(n) > 1]
    )  # fmt: skip
    _known({field.name: [field.type] for field in data.schema}, codebook, table)
    columns = []
    for field in schema:
        if field.name not in names:
            columns.append(pa.nulls(data.num_rows, field.type))
            continue
        try:
            columns.append(data.column(field.name).cast(field.type))
        except pa.ArrowException as error:
            raise _wrong_type(field.name, data.column(field.name).type, field.type, str(error)) from error
    coded = _coded(codebook, table)
    _no_numbers(
        [(f.name, f.type, "") for f in data.schema if f.name in coded and numeric(f.type)], codebook, table
    )
    whole = pa.Table.from_arrays(columns, schema=schema)
    own = TABLES[table].key[0]
    if whole.column(own).null_count:
        whole = whole.append_column(ROW, pa.array(f"row {i}" for i in range(1, len(whole) + 1)))
    return whole


def _wrong_type(name: str, found: Any, wanted: Any, why: str) -> DatasetError:
    hint = "store codes as text" if str(wanted) == "string" else "see `eventcode codebook show`"
    return DatasetError(f"column '{name}' is {found}, not {wanted}: {why}", hint)


def _known(given: Iterable[str], codebook: Codebook, table: str) -> None:
    known = views.columns(codebook, table)
    unknown = [name for name in given if name not in known]
    hints = [
        Problem(f"the column '{name}' is unknown", shape.did_you_mean(name, [*known]), path=name)
        for name in unknown[:SHOWN]
    ]
    if len(unknown) > SHOWN:
        hints.append(Problem(f"and {len(unknown) - SHOWN:,} more columns are unknown"))
    refuse(DatasetError, f"these are no {table} of {codebook.reference}", hints)


def _coded(codebook: Codebook, table: str) -> set[str]:
    """The columns of codes of a table; one that is a number there (`position` of participants) is none, whatever a field is called."""
    held = views.columns(codebook, table)
    codes = {field.name for field in codebook.fields.values() if field.type in ("code", "set")}
    return {name for name in codes if held.get(name) in ("string", "list<string>")}


def _no_numbers(found: Iterable[tuple[str, Any, str]], codebook: Codebook, table: str) -> None:
    """Columns of codes that hold numbers: 010 and 10 are one there."""
    problems = [
        Problem(
            f"the codes in '{name}' are numbers ({kind}): leading zeros are lost",
            "read that column as text",
            file,
            path=name,
        )
        for name, kind, file in found
    ]
    refuse(DatasetError, f"these are no {table} of {codebook.reference}", problems)


def numeric(kind: Any) -> bool:
    """Whether a column holds numbers, in categories and lists too."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind) or pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return numeric(kind.value_type)
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _possible(name: str, kind: Any, wanted: str) -> None:
    """DatasetError where no value of a type could become one of another."""
    import pyarrow as pa

    try:
        pa.nulls(0, kind).cast(arrow_type(wanted))
    except pa.ArrowException as error:
        raise _wrong_type(name, kind, arrow_type(wanted), str(error)) from error


def _safe(kind: Any, wanted: str) -> bool:
    """Whether every value of a type becomes one of another without a loss."""
    import pyarrow as pa

    if pa.types.is_null(kind) or wanted == "string":
        return True
    if pa.types.is_dictionary(kind):
        return _safe(kind.value_type, wanted)
    safe = {
        "int64": pa.types.is_integer(kind) and kind != pa.uint64(),
        "float64": pa.types.is_floating(kind) or pa.types.is_integer(kind),
        "bool": pa.types.is_boolean(kind),
        "date32": pa.types.is_date(kind) or pa.types.is_timestamp(kind),
        "list<string>": pa.types.is_list(kind) or pa.types.is_large_list(kind),
    }
    return bool(safe[wanted])


def coded(tables: Mapping[str, Bare], codebook: Codebook) -> Mapping[str, Bare]:
    """Tables without adopted readings, where they are those of a build; only such a build is read into memory for it."""
    readings = tables.get("readings")
    if not isinstance(readings, Relation) or readings.nulls.get("adopted_from") == readings.rows:
        return tables
    if not set(READING_TABLES) <= tables.keys():
        return tables
    held = {name: conformed(_read(tables[name].paths), codebook, name) for name in READING_TABLES}
    return judge.coded({**tables, **held})


def _read(paths: Iterable[str]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables([parquet.read(Path(path)) for path in paths], promote_options="permissive")
