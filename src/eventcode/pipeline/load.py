"""Tables of a build or a release as pandas, with the codes as Categoricals that know their order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.errors import DatasetError
from eventcode.formats import parquet
from eventcode.pipeline import crossing
from eventcode.pipeline.folders import dataset_folder

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def load(
    name: str | Path, table: str = "events", *, version: str | None = None, as_: str | None = None
) -> pd.DataFrame:
    """A table of a dataset as a pandas DataFrame.

    `name` is a dataset of the project that the working folder lies in (its last build, or the release `version`), or the
    path of a build or release folder. Codes and other closed lists become Categoricals with all values of the codebook as categories,
    so that counts show zeros; dates are `datetime64`, integers `Int64`, sets lists of strings. With `as_` the event types are those of
    another codebook (`as_="plover"`), by the crosswalk between the two, and a CrosswalkWarning says what is lost. DatasetError where
    there is no such dataset, release or table; CodebookError where no crosswalk leads there.
    """
    folder = dataset_folder(name, version)
    path = folder / f"{table}.parquet"
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in folder.glob("*.parquet")))
        raise DatasetError(f"there is no table '{table}' in {folder.name}", hint=f"there are: {there}")
    data = frame(parquet.read(path), _lists(folder, table))
    return data if as_ is None else crossing.translated(data, str(name), as_)


def _lists(folder: Path, table: str) -> dict[str, list[str]]:
    """The values of every column that holds one of a closed list, from the folder's own codebook tables."""
    fields = parquet.read(folder / "fields.parquet").to_pylist()
    values: dict[str, list[str]] = {}
    for row in sorted(
        parquet.read(folder / "vocabularies.parquet").to_pylist(), key=lambda row: row["position"]
    ):
        values.setdefault(row["vocabulary"], []).append(row["value"])
    values["event_type"] = sorted(row["code"] for row in parquet.read(folder / "codes.parquet").to_pylist())
    of = "codings" if table in ("events", "reports") else table
    found = {
        row["name"]: values.get(row["vocabulary"], [])
        for row in fields
        if row["table"] == of and row["type"] == "code"
    }
    derived = {
        name: values[name]
        for name in ("identification", "independence", "distance", "party_to_event")
        if name in values
    }
    return found | derived


def frame(table: pa.Table, lists: dict[str, list[str]]) -> pd.DataFrame:
    """An Arrow table as pandas: nullable integers and booleans, days as datetime64, closed lists as Categoricals."""
    import pandas as pd
    import pyarrow as pa

    nullable: dict[Any, Any] = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    data: pd.DataFrame = table.to_pandas(types_mapper=nullable.get, date_as_object=False)
    for name, values in lists.items():
        if name in data.columns:
            seen = [value for value in data[name].dropna().unique() if value not in values]
            data[name] = pd.Categorical(data[name], categories=[*values, *sorted(seen)])
    return data
