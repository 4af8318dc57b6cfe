"""Foreign tables through a declarative map: `read_map` reads `map.yaml`, `apply` turns the rows of a file into ours.

Every column of the file is mapped, ignored by name with a reason, or refused; every value is mapped, explained as missing,
or becomes a problem. Nothing falls through to a default.
"""

from __future__ import annotations

from pathlib import Path

from eventcode.errors import DatasetError, Problem, refuse
from eventcode.formats.mapping.decimals import everywhere
from eventcode.formats.mapping.model import Mapping
from eventcode.formats.mapping.read import MAPS, read_map
from eventcode.formats.mapping.run import Imported, Run
from eventcode.formats.tabular.opening import open_table
from eventcode.model import Codebook
from eventcode.shape import did_you_mean

__all__ = ["MAPS", "Imported", "Mapping", "Run", "apply", "fit", "read_map"]
SHOWN_COLUMNS = 4


def apply(mapping: Mapping, raw_path: Path, codebook: Codebook) -> Imported:
    """The rows of a file as `mapping` has them, all at once.

    DatasetError where the file cannot be read, or its columns are not exactly those that the map names.
    """
    table = open_table(raw_path, mapping.reading)
    fit(mapping, table.columns, table.file, sparse=table.sparse)
    decimals = everywhere(mapping, table.columns, table.batches())
    run = Run(mapping, codebook, table.file, table.columns, decimals=decimals)
    for batch in table.batches():
        run.rows(batch)
    done = run.take()
    done.problems = run.signals.problems(table.file)
    return done


def fit(mapping: Mapping, found: tuple[str, ...], file: str, *, sparse: bool = False) -> None:
    """Refuse a file whose columns are not those that the map names; in a sparse one a column may be absent."""
    absent, unknown = mapping.amiss(found, sparse=sparse)
    problems = [
        Problem(
            f"{file} has no column '{column}'",
            did_you_mean(column, (unknown or list(found))[:500]),
            mapping.name,
            mapping.lines[column],
        )
        for column in absent[:SHOWN_COLUMNS]
    ]
    for column in unknown[:SHOWN_COLUMNS]:
        guess = did_you_mean(column, absent)
        close = (
            guess if guess.startswith("did you mean") else "map it, or list it under ignore: with a reason"
        )
        problems.append(Problem(f"the column '{column}' is not in {mapping.name}", close, file, path=column))
    for what, columns in (("are missing", absent), ("are unknown", unknown)):
        if len(columns) > SHOWN_COLUMNS:
            problems.append(Problem(f"… and {len(columns) - SHOWN_COLUMNS:,} more columns {what}", "", file))
    refuse(DatasetError, f"{file} does not fit {mapping.name}", problems)
