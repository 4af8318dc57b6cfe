"""pandas with both kinds of dtypes, and pandera on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peers import data

Answer = dict[str, list[str]]
DEEDS, COARSE = ["occurred", "ongoing"], ["country", "unknown"]

# The closed lists and the foreign key by column, and every other row rule as a mask that is true where it is broken.
LISTS = {
    "event_type": ("codings.event_type-code", data.CODES),
    "realis": ("codings.realis-code", data.REALIS),
    "country": ("codings.country-code", data.COUNTRIES),
    "place_precision": ("codings.place_precision-code", data.PRECISIONS),
    "actor": (data.EXISTS, data.ACTORS),
}
BROKEN: dict[str, Callable[[Any], Any]] = {
    "codings.date-order": lambda f: f["date_start"] > f["date_end"],
    "bench.coordinates-in-range": lambda f: (f["lat"].abs() > 90) | (f["lon"].abs() > 180),
    "bench.coordinates-whole": lambda f: f["lat"].isna() != f["lon"].isna(),
    "bench.coarse-place": lambda f: f["place_precision"].isin(COARSE) & ~(f["lat"].isna() & f["lon"].isna()),
    "bench.deaths-in-order": lambda f: (
        (f["fatalities_low"] > f["fatalities_best"]) | (f["fatalities_best"] > f["fatalities_high"])
    ),
    "bench.deaths-need-a-deed": lambda f: (f["fatalities_best"] > 0) & ~f["realis"].isin(DEEDS),
    "bench.named-among-sources": lambda f: f["n_named"] > f["n_sources"],
    "bench.day-is-one-day": lambda f: (f["date_precision"] == "day") & (f["date_start"] != f["date_end"]),
}


def near(frame: Any) -> Any:
    """The later ids of near-duplicate pairs, by a join on type, place and actor."""
    import pandas as pd

    keys = ["event_type", "place_name", "actor"]
    rows = frame.loc[frame["actor"].notna(), ["event_id", "date_start", *keys]]
    pairs = rows.merge(rows, on=keys, suffixes=("", "_before"))
    pairs = pairs[pairs["event_id_before"] < pairs["event_id"]]
    days = (pd.to_datetime(pairs["date_start"]) - pd.to_datetime(pairs["date_start_before"])).dt.days.abs()
    return pairs["event_id"][days <= 1]


def read(path: str) -> Any:
    """The needed columns as a frame with default dtypes."""
    import pandas as pd

    frame = pd.read_parquet(path, columns=data.NEEDED)
    for name in ("date_start", "date_end"):  # they come as Python objects
        frame[name] = pd.to_datetime(frame[name])
    return frame


def pandas_arrow() -> Callable[[str], Answer]:
    """pandas with Arrow dtypes."""
    import pandas as pd

    return lambda path: _checked(pd.read_parquet(path, columns=data.NEEDED, dtype_backend="pyarrow"))


def pandas_default() -> Callable[[str], Answer]:
    """pandas with its default dtypes."""
    import pandas as pd

    assert pd  # before the clock starts
    return lambda path: _checked(read(path))


def _checked(frame: Any) -> Answer:
    ids = frame["event_id"]
    masks = {rule: ~frame[n].isin(values) & frame[n].notna() for n, (rule, values) in LISTS.items()}
    masks |= {rule: broken(frame).fillna(False) for rule, broken in BROKEN.items()}
    found: Answer = {rule: ids[mask].tolist() for rule, mask in masks.items()}
    return found | {
        data.UNIQUE: ids[ids.duplicated()].unique().tolist(),
        data.NEAR: near(frame).unique().tolist(),
    }


def pandera_pandas() -> Callable[[str], Answer]:
    """A schema of checks, validated lazily so that every failure is kept."""
    import pandera.pandas as pa

    def run(path: str) -> Answer:
        frame = read(path)
        columns = {
            n: pa.Column(nullable=True, checks=pa.Check.isin(values)) for n, (_, values) in LISTS.items()
        }
        columns["event_id"] = pa.Column(unique=True, report_duplicates="exclude_first")
        checks = [_check(pa, rule, broken) for rule, broken in BROKEN.items()]
        apart = pa.Check(lambda f: ~f["event_id"].isin(near(f)), name=data.NEAR, ignore_na=False)
        try:
            pa.DataFrameSchema(columns, checks=[*checks, apart]).validate(frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            return _failures(errors.failure_cases, frame["event_id"])
        return {}

    return run


def _check(pa: Any, rule: str, broken: Callable[[Any], Any]) -> Any:
    return pa.Check(lambda f: ~broken(f), name=rule, ignore_na=False)


def _failures(cases: Any, ids: Any) -> Answer:
    found = {}
    for (check, column), group in cases.groupby(["check", "column"], dropna=False):
        rule = check if check in data.RULES else LISTS.get(column, (data.UNIQUE,))[0]
        found[rule] = ids.iloc[group["index"].astype(int).unique()].unique().tolist()
    return found
