"""Opening a foreign file by what its name says it is."""

from __future__ import annotations

from pathlib import Path

from eventcode.errors import DatasetError
from eventcode.formats.tabular import columnar, delimited, records
from eventcode.formats.tabular.packed import PACKED, plain_suffix
from eventcode.formats.tabular.tables import AS_TOLD, ForeignTable, Reading

PARQUET, WORKBOOKS = (".parquet", ".pq"), (".xlsx", ".xlsm")
SUFFIXES = (*PARQUET, *delimited.SUFFIXES, *records.SUFFIXES, *WORKBOOKS)


def open_table(path: Path, reading: Reading = AS_TOLD) -> ForeignTable:
    """A file as a table of texts; DatasetError where it is none that can be read."""
    if not path.is_file():
        raise _no_file(path)
    suffix = plain_suffix(path)
    packed = path.suffix.lower() in PACKED
    if suffix in PARQUET + WORKBOOKS and packed:
        raise DatasetError(
            f"{path.name} is packed twice", f"unpack it: {suffix} files are packed by themselves"
        )
    if suffix in PARQUET:
        return columnar.open_parquet(path, reading)
    if suffix in WORKBOOKS:
        return columnar.open_workbook(path, reading)
    if suffix in records.SUFFIXES:
        return records.open_records(path, reading)
    if suffix in delimited.SUFFIXES:
        return delimited.open_delimited(path, reading)
    raise DatasetError(
        f"{path.name} is no table that can be read",
        f"use a file that ends in {', '.join(SUFFIXES)}, or one of them in .gz or .zip",
    )


def _no_file(path: Path) -> DatasetError:
    """What is wrong with a path at which no file is."""
    if path.is_dir():
        few = sorted(one.name for one in path.iterdir() if one.suffix.lower() in (*SUFFIXES, *PACKED))[:1]
        hint = f"name a file in it, such as {path / few[0]}" if few else "name a file"
        return DatasetError(f"{path} is a folder, and one file is wanted", hint)
    if any(sign in path.name for sign in "*?["):
        return DatasetError(
            f"{path} stands for many files, and one is wanted", "take them one by one, or join them first"
        )
    return DatasetError(f"{path} is not there", "check the name")


def is_delimited(path: Path) -> bool:
    """Whether a file is delimited text, so that a delimiter and names of columns matter."""
    return path.is_file() and plain_suffix(path) in delimited.SUFFIXES
