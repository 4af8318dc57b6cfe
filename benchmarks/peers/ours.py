"""Our own side, and the limit: what nobody can be faster than."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from peers import data

Answer = dict[str, list[str]]
OPTIONS: dict[str, str] = {}  # what the public function is given besides
# What our side imports when it needs it (pyarrow takes pandas along); the peers' own imports are not timed either.
LATE = (
    "eventcode.pipeline.check", "duckdb", "pandas", "pyarrow.compute", "pyarrow.parquet", "sqlglot", "sqlglot.dialects.duckdb",
)  # fmt: skip


def limit() -> Callable[[str], Answer]:
    """DuckDB reads and decodes the columns that the rules need, every value of them."""
    import duckdb

    days = ["date_start", "date_end"]
    numbers = ["lat", "lon", "fatalities_low", "fatalities_best", "fatalities_high", "n_sources", "n_named"]
    texts = [name for name in data.NEEDED if name not in (*days, *numbers)]
    sums = [f"sum(strlen({name}))" for name in texts] + [f"sum({name})" for name in numbers]
    sums += [f"sum({name} - DATE '1970-01-01')" for name in days]

    def run(path: str) -> Answer:
        with duckdb.connect() as connection:
            connection.execute(f"SELECT {', '.join(sums)} FROM read_parquet('{path}')").fetchall()
        return {}

    return run


def eventcode() -> Callable[[str], Answer]:
    """The public function, from the name of the codebook to the findings."""
    import eventcode

    for name in LATE:
        import_module(name)

    def run(path: str) -> Answer:
        codebook = str(Path(path).parent / data.CODEBOOK.name)
        found = eventcode.check(path, codebook=codebook, table="events", **OPTIONS)
        failing: dict[str, list[str]] = {}
        for finding in found.findings:
            failing.setdefault(finding.rule, []).append(finding.key)
        return failing | {f"count {count.rule}": [str(count.failed)] for count in found.counts}

    return run
