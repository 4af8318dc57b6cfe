"""pyarrow's compute functions, one column at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peers import data

Answer = dict[str, list[str]]


def pyarrow_compute() -> Callable[[str], Answer]:
    """Masks by pyarrow.compute; grouping and joining by Arrow's own engine."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    def outside(column: Any, values: list[str]) -> Any:
        return pc.and_(pc.invert(pc.is_in(column, pa.array(values))), pc.is_valid(column))

    def run(path: str) -> Answer:
        table = pq.read_table(path, columns=data.NEEDED)
        c = {name: table.column(name) for name in table.column_names}
        no_lat, no_lon = pc.is_null(c["lat"]), pc.is_null(c["lon"])
        deed = pc.is_in(c["realis"], pa.array(["occurred", "ongoing"]))
        order = (
            pc.greater(c["fatalities_low"], c["fatalities_best"]),
            pc.greater(c["fatalities_best"], c["fatalities_high"]),
        )
        off = (pc.greater(pc.abs(c["lat"]), 90), pc.greater(pc.abs(c["lon"]), 180))
        coarse = pc.is_in(c["place_precision"], pa.array(["country", "unknown"]))
        masks = {
            "codings.event_type-code": outside(c["event_type"], data.CODES),
            "codings.realis-code": outside(c["realis"], data.REALIS),
            "codings.country-code": outside(c["country"], data.COUNTRIES),
            "codings.place_precision-code": outside(c["place_precision"], data.PRECISIONS),
            "codings.date-order": pc.greater(c["date_start"], c["date_end"]),
            "bench.coordinates-in-range": pc.or_kleene(*off),
            "bench.coordinates-whole": pc.xor(no_lat, no_lon),
            "bench.coarse-place": pc.and_(coarse, pc.invert(pc.and_(no_lat, no_lon))),
            "bench.deaths-in-order": pc.or_kleene(*order),
            "bench.deaths-need-a-deed": pc.and_kleene(pc.greater(c["fatalities_best"], 0), pc.invert(deed)),
            "bench.named-among-sources": pc.greater(c["n_named"], c["n_sources"]),
            "bench.day-is-one-day": pc.and_(pc.equal(c["date_precision"], "day"), pc.not_equal(c["date_start"], c["date_end"])),
            data.EXISTS: outside(c["actor"], data.ACTORS),
        }  # fmt: skip
        found = {rule: pc.filter(c["event_id"], mask).to_pylist() for rule, mask in masks.items()}
        ids = table.select(["event_id"]).group_by("event_id").aggregate([([], "count_all")])
        found[data.UNIQUE] = ids.filter(pc.greater(ids.column("count_all"), 1)).column("event_id").to_pylist()
        found[data.NEAR] = near(table.filter(pc.is_valid(c["actor"])))
        return found

    def near(rows: Any) -> list[str]:
        keys = ["event_type", "place_name", "actor"]
        rows = rows.select(["event_id", "date_start", *keys])
        pairs = rows.join(rows, keys, join_type="inner", right_suffix="_before")
        later = pc.less(pairs.column("event_id_before"), pairs.column("event_id"))
        days = pc.abs(
            pc.subtract(*(pairs.column(n).cast(pa.int32()) for n in ("date_start", "date_start_before")))
        )
        ids: list[str] = (
            pairs.filter(pc.and_(later, pc.less_equal(days, 1))).column("event_id").unique().to_pylist()
        )
        return ids

    return run
