"""A table as a labelled SPSS file (.sav): codes as numbers with labels, measurement levels, missing reasons as user-missing values."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from eventcode.formats.export.labelled import Form, Variable, labels, variables
from eventcode.formats.export.losses import Losses
from eventcode.formats.export.stata import library, whole
from eventcode.model import MISSING_REASONS, Codebook

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

RESERVED = frozenset(["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"])
FORM = Form("SPSS", 64, 255, 32_767, RESERVED, date(1582, 10, 14), 86_400)
NUMBERS = {reason: -9991 - place for place, reason in enumerate(MISSING_REASONS)}
RANGE = {"lo": -9994, "hi": -9991}


def write(path: Path, table: pa.Table, name: str, codebook: Codebook, title: str, losses: Losses) -> None:
    """The table into a file; what it cannot hold is told to `losses`."""
    found = variables(table, name, codebook, FORM, losses)
    for one in found:
        if one.reasons and any(
            value is not None and RANGE["lo"] <= value <= RANGE["hi"] for value in one.values
        ):
            losses.tell(
                one.column,
                "missing reasons are left out, for the data have their numbers",
                rows=len(one.reasons),
            )
            one.reasons = {}
    make = partial(
        library().write_sav, _frame(found), path, file_label=title[:64], column_labels={one.name: one.label for one in found},
        variable_value_labels=labels(found, NUMBERS), missing_ranges={one.name: [RANGE] for one in found if one.reasons},
        variable_measure={one.name: one.level for one in found}, row_compress=True,
        variable_format={one.name: "DATE11" for one in found if one.kind == "date"},
    )  # fmt: skip
    whole(make, library().read_sav, path, table.num_rows)


def _frame(found: list[Variable]) -> pd.DataFrame:
    import pandas as pd

    columns = {}
    for one in found:
        kind = object if one.kind == "text" else "float64"
        columns[one.name] = pd.Series(one.marked(NUMBERS), dtype=kind)
    return pd.DataFrame(columns)
