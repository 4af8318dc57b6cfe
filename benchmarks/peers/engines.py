"""The engines by name. Each is a function that imports what it needs and gives back the check of a file: failing ids by rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peers import columns, frames, lazy, ours, records

Engine = Callable[[], Callable[[str], dict[str, list[str]]]]

ENGINES: dict[str, Any] = {
    "limit": ours.limit,
    "eventcode.check()": ours.eventcode,
    "polars": lazy.polars_streaming,
    "pandera, polars": lazy.pandera_polars,
    "dataframely": lazy.dataframely_filter,
    "pointblank": lazy.pointblank_interrogate,
    "pandas, arrow": frames.pandas_arrow,
    "pandas": frames.pandas_default,
    "pandera, pandas": frames.pandera_pandas,
    "pyarrow.compute": columns.pyarrow_compute,
    "great_expectations": records.great_expectations_native,
    "great_expectations, rules": records.great_expectations_rules,
    "jsonschema": records.jsonschema_rows,
}
SAMPLED = ("great_expectations", "great_expectations, rules", "jsonschema")
