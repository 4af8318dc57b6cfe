"""A rule answered over the frame of a batch, by DuckDB: what the expectation that carries a rule runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from eventcode.checks.database import connect
from eventcode.errors import DatasetError
from eventcode.tables import TABLES, arrow_schema, arrow_type

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

ROW = "row of the batch"  # the column that numbers the rows: no column of a table has spaces


class Program(TypedDict):
    """What answers one rule: a query that gives the rows of `table` that break it, and what the query reads.

    `types` are the columns of the batch that it needs; `context` small tables from the codebook, whole; `beside` tables that are read as
    Parquet from `folder`.
    """

    table: str
    sql: str
    types: dict[str, str]
    context: dict[str, dict[str, list[Any]]]
    beside: list[str]
    folder: str | None


def breaking(frame: pd.DataFrame, program: Program) -> np.ndarray[Any, Any]:
    """Which rows of a batch break the rule: one boolean per row, in the order of the frame.

    ValueError where a column does not hold what the codebook says; DatasetError where a table beside it is not there.
    """
    import numpy
    import pyarrow as pa

    own = {name: _column(frame[name], kind) for name, kind in program["types"].items()}
    connection = connect()
    connection.register(program["table"], pa.table({**own, ROW: pa.array(range(len(frame)), pa.int64())}))
    for name, held in program["context"].items():
        connection.register(name, _small(name, held))
    for name in program["beside"]:
        connection.register(name, _beside(program, name))
    found = numpy.zeros(len(frame), dtype=bool)
    found[connection.execute(program["sql"]).fetchnumpy()[ROW]] = True
    return found


def _column(series: pd.Series, kind: str) -> pa.Array:
    """A column of a frame, whatever its dtype, with the type of the model."""
    import pandas as pd
    import pyarrow as pa

    plain = series.astype(object) if isinstance(series.dtype, pd.CategoricalDtype) else series
    try:
        made = pa.array(plain, from_pandas=True)
        whole = made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made
        return whole.cast(arrow_type(kind))
    except (pa.ArrowException, TypeError) as error:
        what = str(error).splitlines()[0]
        raise ValueError(
            f"column {series.name} does not hold what the codebook says ({kind}): {what}"
        ) from error


def _small(name: str, held: Mapping[str, list[Any]]) -> pa.Table:
    import pyarrow as pa

    kinds = {"code": "string", "see": "string"} if name == "code_excludes" else TABLES[name].columns
    schema = arrow_schema({column: kinds[column] for column in held})
    arrays = [pa.array(values) for values in held.values()]
    return pa.table(
        [array.cast(kind) for array, kind in zip(arrays, schema.types, strict=True)], schema=schema
    )


def _beside(program: Program, name: str) -> pa.Table:
    import pyarrow.parquet as pq

    path = Path(str(program["folder"])) / f"{name}.parquet"
    if not path.is_file():
        raise DatasetError(f"{path} is not there, and the rule reads it", "build the dataset first")
    return pq.read_table(path)
