"""polars, and what is built on it: pandera, dataframely, pointblank. Each in its own words, with its own way to name what failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peers import data

Answer = dict[str, list[str]]


def row_rules(pl: Any) -> dict[str, Any]:
    """The twelve row rules as expressions that are true where the rule holds; null is no failure."""
    c = pl.col
    return {
        "codings.event_type-code": c("event_type").is_in(data.CODES),
        "codings.realis-code": c("realis").is_in(data.REALIS),
        "codings.country-code": c("country").is_in(data.COUNTRIES),
        "codings.place_precision-code": c("place_precision").is_in(data.PRECISIONS),
        "codings.date-order": c("date_start") <= c("date_end"),
        "bench.coordinates-in-range": c("lat").is_between(-90, 90) & c("lon").is_between(-180, 180),
        "bench.coordinates-whole": c("lat").is_null() == c("lon").is_null(),
        "bench.coarse-place": ~c("place_precision").is_in(["country", "unknown"]) | (c("lat").is_null() & c("lon").is_null()),
        "bench.deaths-in-order": (c("fatalities_low") <= c("fatalities_best")) & (c("fatalities_best") <= c("fatalities_high")),
        "bench.deaths-need-a-deed": ~(c("fatalities_best") > 0) | c("realis").is_in(["occurred", "ongoing"]),
        "bench.named-among-sources": c("n_named") <= c("n_sources"),
        "bench.day-is-one-day": (c("date_precision") != "day") | (c("date_start") == c("date_end")),
    }  # fmt: skip


def all_rules(pl: Any, frame: Any) -> dict[str, Any]:
    """The row rules, the foreign key and the near-duplicates (which a join has found) as expressions that are true where all is well."""
    later = near_pairs(pl, frame.lazy()).collect(engine="streaming")["event_id"]
    sets = {
        data.EXISTS: pl.col("actor").is_in(data.ACTORS),
        data.NEAR: ~pl.col("event_id").is_in(later.implode()),
    }
    return {rule: holds.fill_null(True) for rule, holds in {**row_rules(pl), **sets}.items()}


def polars_streaming() -> Callable[[str], Answer]:
    """Lazy queries over the file, run together by the streaming engine."""
    import polars as pl

    def run(path: str) -> Answer:
        scan = pl.scan_parquet(path)
        rules = row_rules(pl)
        rows = scan.filter(~pl.all_horizontal(rules.values())).select(
            "event_id", *((~holds).alias(rule) for rule, holds in rules.items())
        )
        known = pl.LazyFrame({"actor": data.ACTORS})
        queries = [
            rows,
            scan.group_by("event_id").len().filter(pl.col("len") > 1).select("event_id"),
            scan.filter(pl.col("actor").is_not_null()).join(known, on="actor", how="anti").select("event_id"),
            near_pairs(pl, scan),
        ]
        rows, *sets = pl.collect_all(queries, engine="streaming")
        found = {rule: rows.filter(pl.col(rule))["event_id"].to_list() for rule in rules}
        return found | {
            rule: ids["event_id"].unique().to_list() for rule, ids in zip(data.RULES[12:], sets, strict=True)
        }

    return run


def near_pairs(pl: Any, scan: Any) -> Any:
    """The later rows of near-duplicate pairs, by a join on type, place and actor."""
    keys = ["event_type", "place_name", "actor"]
    rows = scan.select("event_id", "date_start", *keys).filter(pl.col("actor").is_not_null())
    pairs = rows.join(rows, on=keys, suffix="_before")
    days = (pl.col("date_start") - pl.col("date_start_before")).dt.total_days().abs()
    return pairs.filter((days <= 1) & (pl.col("event_id_before") < pl.col("event_id"))).select("event_id")


def pandera_polars() -> Callable[[str], Answer]:
    """A schema of checks, validated lazily so that every failure is kept."""
    import pandera.polars as pa
    import polars as pl

    def run(path: str) -> Answer:
        frame = pl.read_parquet(path, columns=data.NEEDED)
        rules = all_rules(pl, frame)
        checks = [_check(pa, rule, holds) for rule, holds in rules.items()]
        schema = pa.DataFrameSchema(checks=checks, unique=["event_id"], report_duplicates="all")
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            return _failures(errors, frame)
        return {}

    return run


def _check(pa: Any, rule: str, holds: Any) -> Any:
    return pa.Check(lambda data: data.lazyframe.select(holds), name=rule)


def _failures(errors: Any, frame: Any) -> Answer:
    cases = errors.failure_cases
    found = {}
    for rule, index in cases.group_by("check").agg("index").iter_rows():
        name = rule if rule in data.RULES else data.UNIQUE
        found[name] = frame["event_id"].gather(sorted(set(index))).unique().to_list()
    return found


def dataframely_filter() -> Callable[[str], Answer]:
    """A schema whose rules are class attributes; `filter` keeps what failed and why."""
    import dataframely as dy
    import polars as pl

    def run(path: str) -> Answer:
        frame = pl.read_parquet(path, columns=data.NEEDED)
        rules = all_rules(pl, frame)
        columns: dict[str, Any] = {name: dy.Any() for name in data.NEEDED} | {
            "event_id": dy.String(primary_key=True)
        }
        names = {rule.replace(".", "_").replace("-", "_"): rule for rule in rules}
        made = {name: dy.rule()(_holds(rules[rule])) for name, rule in names.items()}
        schema = type("Events", (dy.Schema,), {**columns, **made})
        _, failed = schema.filter(frame)
        details = failed.details()
        found = {}
        for name, rule in {**names, "primary_key": data.UNIQUE}.items():
            found[rule] = details.filter(pl.col(name) == "invalid")["event_id"].unique().to_list()
        return found

    return run


def _holds(expression: Any) -> Any:
    return lambda cls: expression


def pointblank_interrogate() -> Callable[[str], Answer]:
    """A plan of steps; the extracts of the steps hold the failing rows."""
    import pointblank as pb
    import polars as pl

    def run(path: str) -> Answer:
        frame = pl.read_parquet(path, columns=data.NEEDED)
        plan = pb.Validate(frame)
        rules = all_rules(pl, frame)
        for holds in rules.values():
            plan = plan.col_vals_expr(holds)
        plan = plan.rows_distinct(columns_subset="event_id").interrogate(extract_limit=1_000_000)
        found = {}
        for step, rule in enumerate([*rules, data.UNIQUE], 1):
            found[rule] = plan.get_data_extracts(step, frame=True)["event_id"].unique().to_list()
        return found

    return run
