"""A table as a labelled Stata file (.dta): codes as numbers with labels, days as Stata days, missing reasons as .a to .d."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.errors import DatasetError
from eventcode.formats.export.labelled import Form, Variable, labels, variables
from eventcode.formats.export.losses import Losses
from eventcode.model import MISSING_REASONS, Codebook

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

RESERVED = "_all _b _coef _cons _n _pi _pred _rc _skip byte double float if in int long strl using with"
FORM = Form("Stata", 32, 80, None, frozenset(RESERVED.split()), date(1960, 1, 1), 1)
LETTERS = dict(zip(MISSING_REASONS, "abcd", strict=True))


def library() -> Any:
    """pyreadstat; DatasetError says how to get it."""
    try:
        import pyreadstat
    except ImportError as error:
        raise DatasetError(
            "Stata and SPSS files need pyreadstat", 'pip install "eventcode[stata]"'
        ) from error
    return pyreadstat


def whole(write: Callable[[], None], read: Callable[[Path], Any], path: Path, rows: int) -> None:
    """Write a file and read it back, since a full disk may cut it short without a word; OSError where it is not whole."""
    error = library().ReadstatError
    path.open("wb").close()  # the system's own words where it may not be written
    try:
        write()
        found = len(read(path)[0])
    except error as wrong:
        raise OSError(errno.ENOSPC, f"it did not come out whole ({wrong})") from wrong
    if found != rows:
        raise OSError(errno.ENOSPC, f"only {found:,} of {rows:,} rows came out")


def write(path: Path, table: pa.Table, name: str, codebook: Codebook, title: str, losses: Losses) -> None:
    """The table into a file of Stata 14 or later; what it cannot hold is told to `losses`."""
    found = variables(table, name, codebook, FORM, losses)
    make = partial(
        library().write_dta, _frame(found), path, file_label=title[:80], version=15,
        column_labels={one.name: one.label for one in found}, variable_value_labels=labels(found, LETTERS),
        missing_user_values={one.name: sorted(one.said(LETTERS)) for one in found if one.reasons},
        variable_format={one.name: "%td" for one in found if one.kind == "date"},
    )  # fmt: skip
    whole(make, library().read_dta, path, table.num_rows)


def _frame(found: list[Variable]) -> pd.DataFrame:
    import pandas as pd

    columns = {}
    for one in found:
        plain = one.kind != "text" and not one.reasons
        columns[one.name] = pd.Series(one.marked(LETTERS), dtype="float64" if plain else object)
    return pd.DataFrame(columns)
