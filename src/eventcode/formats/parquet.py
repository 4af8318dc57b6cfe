"""Parquet as eventcode publishes it: the same bytes for the same table under one pyarrow, whatever its chunks and row order were.

Settings, each measured to pay: zstd level 3, dictionary encoding, row groups of 122,880 rows (DuckDB's own size), a page index, one
chunk per column. Rows are sorted by the primary key; where there is a `date_start` (events, reports, codings) by that first, which
lets a reader skip row groups by date. Codes are plain strings, never dictionaries. Bytes may differ between versions of pyarrow:
`formats.content` gives the hash that does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.errors import DatasetError
from eventcode.formats import files

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 122_880
SETTINGS: Mapping[str, Any] = {
    "compression": "zstd", "compression_level": 3, "use_dictionary": True, "write_statistics": True,
    "write_page_index": True, "row_group_size": ROW_GROUP, "version": "2.6", "data_page_version": "1.0",
}  # fmt: skip

IN_PIECES = {
    name: value for name, value in SETTINGS.items() if name != "row_group_size"
}  # for a writer of many tables


def write(
    path: Path, table: pa.Table, key: Sequence[str], *, metadata: Mapping[str, str] | None = None
) -> None:
    """Put a table in place in one step, sorted and with plain strings.

    `metadata` (dataset, codebook, codebook_digest …) is added to that of the table's schema; labels in the metadata of its fields
    are kept. Raises DatasetError, the old file untouched, where the disk refuses.
    """
    import pyarrow.parquet as pq

    ready = arranged(table, key, metadata)
    order = [(name, "ascending") for name in sort_columns(ready.column_names, key)]
    sorting = pq.SortingColumn.from_ordering(ready.schema, order) if order else None
    files.write(path, lambda temporary: pq.write_table(ready, temporary, sorting_columns=sorting, **SETTINGS))


def read(path: Path) -> pa.Table:
    """A Parquet file as a table; DatasetError where it is none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            return file.read()
    except FileNotFoundError as error:
        raise DatasetError(f"{path} is not there", "build the dataset again") from error
    except (OSError, pa.ArrowException) as error:
        raise DatasetError(
            f"{path} is not a Parquet file: {str(error).splitlines()[0]}", "build the dataset again"
        ) from error


def read_folder(folder: Path) -> dict[str, pa.Table]:
    """Every table of a build or a release, by name; DatasetError where the folder has none."""
    tables = {path.stem: read(path) for path in sorted(folder.glob("*.parquet"))}
    if not tables:
        raise DatasetError(f"{folder} holds no tables", "name the folder of a build or of a release")
    return tables


def sort_columns(names: Sequence[str], key: Sequence[str]) -> list[str]:
    """What the rows of a table are sorted by: its date if it has one, then its primary key."""
    date = [name for name in ("date_start",) if name in names]
    return list(dict.fromkeys([*date, *(name for name in key if name in names)]))


def arranged(table: pa.Table, key: Sequence[str], metadata: Mapping[str, str] | None = None) -> pa.Table:
    """The table as it is written: plain strings, sorted (nulls last), one chunk a column."""
    own = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
    plain = _plain(table)
    order = [(name, "ascending") for name in sort_columns(plain.column_names, key)]
    rows = plain.sort_by(order) if order else plain
    return rows.combine_chunks().replace_schema_metadata({**own, **(metadata or {})} or None)


def _plain(table: pa.Table) -> pa.Table:
    """Dictionary, large and view strings as plain strings; fields keep their metadata."""
    import pyarrow as pa

    schema = pa.schema([field.with_type(_plain_type(field.type)) for field in table.schema])
    return table.cast(schema)


def _plain_type(kind: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if pa.types.is_large_string(kind) or str(kind) == "string_view":
        return pa.string()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(_plain_type(kind.value_type))
    return kind
