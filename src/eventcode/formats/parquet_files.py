"""Parquet files that are read where they lie: one file, a folder (partitioned or not), or a glob, and what their footers tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.errors import DatasetError, Problem, refuse

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"
WILD = "*?["


@dataclass(frozen=True, slots=True)
class ParquetFiles:
    """The files of one table: the types of each column (a type → the first file that has it), rows, and nulls where footers say.

    `ranges` are the least and greatest value of columns of whole numbers or days, where all footers give them.

    `partitions` are the columns that folder names give (`country=IRQ/`). A column that some file lacks is null there.
    """

    paths: tuple[str, ...]
    types: Mapping[str, Mapping[Any, str]]
    partitions: tuple[str, ...]
    rows: int
    nulls: Mapping[str, int]
    ranges: Mapping[str, tuple[Any, Any]]


def is_glob(text: str) -> bool:
    """Whether a path is a pattern of paths, and no file of that very name."""
    return any(sign in text for sign in WILD) and not Path(text).exists()


def is_parquet(target: str | Path) -> bool:
    """Whether a path can only mean Parquet: a folder, a pattern, or a file by its ending."""
    path = Path(target)
    return path.is_dir() or is_glob(str(target)) or path.suffix.lower() == SUFFIX


def paths(target: str | Path) -> list[Path]:
    """The Parquet files that a path or glob names, in the order of their names; DatasetError where there is none."""
    path = Path(target)
    if is_glob(str(target)):
        found = [
            file for part in _expanded(path) for file in ([part] if part.is_file() else sorted(_within(part)))
        ]
        if not found:
            raise DatasetError(f"no file matches {target}", "check the pattern, and quote it for the shell")
        return found
    if path.is_dir():
        found = sorted(_within(path))
        if not found:
            raise DatasetError(f"{path} holds no Parquet files", f"name a folder with files in *{SUFFIX}")
        return found
    return [path]


def _expanded(pattern: Path) -> list[Path]:
    anchor = Path(pattern.anchor)
    return (
        sorted(anchor.glob(str(pattern.relative_to(anchor))))
        if pattern.anchor
        else sorted(Path().glob(str(pattern)))
    )


def _within(folder: Path) -> Iterator[Path]:
    """The Parquet files below a folder; what begins with `.` or `_` is a writer's own."""
    for path in folder.rglob(f"*{SUFFIX}"):
        inside = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith((".", "_")) for part in inside):
            yield path


def tables_in(folder: Path, known: Iterable[str]) -> dict[str, list[Path]]:
    """The tables of a folder whose files or folders are named after them (`codings.parquet`, `events/part-0.parquet`)."""
    found = {}
    for name in known:
        file, inner = folder / f"{name}{SUFFIX}", folder / name
        if file.is_file():
            found[name] = [file]
        elif inner.is_dir() and (files := sorted(_within(inner))):
            found[name] = files
    return found


def opened(files: Sequence[Path], root: Path | None = None) -> ParquetFiles:
    """What the footers of some files say; DatasetError names a file that is not there or not whole, or columns that stand twice."""
    types: dict[str, dict[Any, str]] = {}
    held: list[tuple[int, dict[str, _Told]]] = []
    parts = _partitions(files[0], root) if root is not None else ()
    for path in files:
        schema, footer = _footer(path)
        _once(schema.names, path)
        for field in schema:
            if field.name not in parts:
                types.setdefault(field.name, {}).setdefault(field.type, str(path))
        held.append((footer.num_rows, _told(schema, footer)))
    nulls, ranges = dict[str, int](), dict[str, tuple[Any, Any]]()
    for name in types:
        told = [columns.get(name, _Told(rows)) for rows, columns in held]
        if all(one.nulls is not None for one in told):
            nulls[name] = sum(one.nulls or 0 for one in told)
        ends = [end for one in told for end in one.ends]
        if ends and None not in ends:
            ranges[name] = min(ends), max(ends)
    whole = tuple(str(path.absolute()) for path in files)
    return ParquetFiles(whole, types, parts, sum(rows for rows, _ in held), nulls, ranges)


def _footer(path: Path) -> tuple[pa.Schema, Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            return file.schema_arrow, file.metadata
    except FileNotFoundError as error:
        raise DatasetError(f"{path} is not there", "check the name") from error
    except (OSError, pa.ArrowException) as error:
        why = str(error).splitlines()[0]
        raise DatasetError(f"{path} is not a Parquet file: {why}", "fetch or write the file again") from error


def _once(names: Iterable[str], path: Path) -> None:
    """Column names as the database compares them, without case."""
    counted = Counter(name.lower() for name in names)
    twice = [
        Problem(f"the column '{name}' stands twice", "rename one", str(path), path=name)
        for name, n in counted.items()
        if n > 1
    ]
    refuse(DatasetError, f"{path} cannot be read", twice)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a footer tells of a column: how many values are null, and ends between which the others lie; None where it does not say."""

    nulls: int | None
    ends: tuple[Any, ...] = ()


def _told(schema: pa.Schema, footer: Any) -> dict[str, _Told]:
    """What is told of each flat column; nothing of others."""
    found = dict.fromkeys(schema.names, _Told(None, (None,)))
    groups = [footer.row_group(i) for i in range(footer.num_row_groups)]
    for i in range(footer.num_columns):
        name = footer.schema.column(i).path
        if name in found:
            found[name] = _column(groups, i, _is_ordered(schema.field(name).type))
    return found


def _is_ordered(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_signed_integer(kind) or pa.types.is_date32(kind))


def _column(groups: Sequence[Any], column: int, ordered: bool) -> _Told:
    nulls, ends = 0, list[Any]([] if ordered else [None])
    for group in groups:
        statistics = group.column(column).statistics
        if statistics is None or not statistics.has_null_count:
            return _Told(None, (None,))
        nulls += statistics.null_count
        if ordered and statistics.null_count < group.num_rows:
            ends += [statistics.min, statistics.max] if statistics.has_min_max else [None]
    return _Told(nulls, tuple(ends))


def _partitions(path: Path, root: Path) -> tuple[str, ...]:
    folders = path.absolute().parent.relative_to(root.absolute()).parts
    return tuple(part.split("=", 1)[0] for part in folders if "=" in part)
