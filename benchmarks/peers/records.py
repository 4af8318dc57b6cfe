"""The slow ones, which are asked of a part of the rows and scaled: jsonschema record by record, and great_expectations on pandas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from peers import data

Answer = dict[str, list[str]]


def jsonschema_rows() -> Callable[[str], Answer]:
    """A schema of closed lists, bounds and conditions; keywords of our own where it cannot compare two columns; sets in Python."""
    import jsonschema
    import pyarrow.parquet as pq

    def compare(validator: Any, pairs: Any, row: Any, schema: Any) -> Iterator[Any]:
        for low, high in pairs:
            if row.get(low) is not None and row.get(high) is not None and row[low] > row[high]:
                yield jsonschema.ValidationError(f"{low} is over {high}")

    def same(validator: Any, pair: Any, row: Any, schema: Any) -> Iterator[Any]:
        if row[pair[0]] != row[pair[1]]:
            yield jsonschema.ValidationError("two days")

    kind = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"inOrder": compare, "same": same})
    nothing, number = {"type": "null"}, {"type": "number"}
    nowhere = {"properties": {"lat": nothing, "lon": nothing}}

    def among(name: str, values: list[str]) -> dict[str, Any]:
        return {"properties": {name: {"enum": [*values, None]}}}

    def when(name: str, condition: Any, then: Any) -> dict[str, Any]:
        return {"if": {"properties": {name: condition}}, "then": then}

    bounds = {"lat": {"minimum": -90, "maximum": 90}, "lon": {"minimum": -180, "maximum": 180}}
    rules: dict[str, Any] = {
        "codings.event_type-code": among("event_type", data.CODES),
        "codings.realis-code": among("realis", data.REALIS),
        "codings.country-code": among("country", data.COUNTRIES),
        "codings.place_precision-code": among("place_precision", data.PRECISIONS),
        data.EXISTS: among("actor", data.ACTORS),
        "codings.date-order": {"inOrder": [["date_start", "date_end"]]},
        "bench.coordinates-in-range": {"properties": bounds},
        "bench.coordinates-whole": {"anyOf": [nowhere, {"properties": {"lat": number, "lon": number}}]},
        "bench.coarse-place": when("place_precision", {"enum": ["country", "unknown"]}, nowhere),
        "bench.deaths-in-order": {"inOrder": [["fatalities_low", "fatalities_best"], ["fatalities_best", "fatalities_high"]]},
        "bench.deaths-need-a-deed": when(
            "fatalities_best", {"type": "integer", "exclusiveMinimum": 0}, among("realis", ["occurred", "ongoing"])
        ),
        "bench.named-among-sources": {"inOrder": [["n_named", "n_sources"]]},
        "bench.day-is-one-day": when("date_precision", {"const": "day"}, {"same": ["date_start", "date_end"]}),
    }  # fmt: skip
    names = [*rules]

    def run(path: str) -> Answer:
        validator = kind({"allOf": [*rules.values()]})
        found: Answer = {rule: [] for rule in data.RULES}
        seen: set[str] = set()
        days: dict[tuple[str, str, str], Any] = {}
        for row in pq.read_table(path, columns=data.NEEDED).to_pylist():
            broken = {names[error.absolute_schema_path[1]] for error in validator.iter_errors(row)}
            for rule in broken:
                found[rule].append(row["event_id"])
            if row["event_id"] in seen:
                found[data.UNIQUE].append(row["event_id"])
            seen.add(row["event_id"])
            key = (row["event_type"], row["place_name"], row["actor"])
            before = days.get(key)
            if row["actor"] is not None and before is not None and (row["date_start"] - before).days <= 1:
                found[data.NEAR].append(row["event_id"])
            days[key] = row["date_start"]
        return found

    return run


def great_expectations_native() -> Callable[[str], Answer]:
    """Fifteen expectations of its own on a pandas frame, ids asked for; what no expectation can say is a column made before."""
    import os

    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    import great_expectations.expectations as gxe

    from peers.frames import BROKEN, LISTS, near, read

    def run(path: str) -> Answer:
        frame = read(path)
        rules: dict[str, Any] = {}
        for column, (rule, values) in LISTS.items():
            rules[rule] = gxe.ExpectColumnValuesToBeInSet(column=column, value_set=values)
        pairs = {
            "codings.date-order": ("date_end", "date_start"),
            "bench.named-among-sources": ("n_sources", "n_named"),
        }
        for name, (high, low) in pairs.items():
            rules[name] = gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=high, column_B=low, or_equal=True, ignore_row_if="either_value_is_missing"
            )
        rules[data.UNIQUE] = gxe.ExpectColumnValuesToBeUnique(column="event_id")
        for name in data.RULES:
            if name not in rules:
                bad = frame["event_id"].isin(near(frame)) if name == data.NEAR else BROKEN[name](frame)
                frame[name] = (~bad).astype("int8")
                rules[name] = gxe.ExpectColumnValuesToBeInSet(column=name, value_set=[1])
        return _run(gx, frame, rules)

    return run


def great_expectations_rules() -> Callable[[str], Answer]:
    """Our rules inside great_expectations: the suite that `checks.predicate` makes of the codebook, on a pandas frame."""
    import os

    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    import pandas as pd

    from eventcode.checks import predicate
    from eventcode.checks.predicate_expectation import ExpectRowsToFollowRule
    from eventcode.codebook.load import load

    def run(path: str) -> Answer:
        codebook = load(str(Path(path).parent / data.CODEBOOK.name))
        about = [
            predicate.suite_data(codebook, table, severities=("error", "warning"))
            for table in ("events", "codings")
        ]
        asked = [one["kwargs"] for suite in about for one in suite["expectations"]]
        rules = {
            said["rule"]: ExpectRowsToFollowRule(**said) for said in asked if said.get("rule") in data.RULES
        }
        frame = pd.read_parquet(path)
        frame["coding_id"] = frame["event_id"]  # the closed lists are those of codings
        return _run(gx, frame, rules)

    return run


def _run(gx: Any, frame: Any, rules: dict[str, Any]) -> Answer:
    for name, rule in rules.items():
        rule.meta = {"rule": name}  # results come in an order of their own
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = (
        context.data_sources.add_pandas("p")
        .add_dataframe_asset("events")
        .add_batch_definition_whole_dataframe("all")
    )
    suite = context.suites.add(gx.ExpectationSuite(name="events", expectations=[*rules.values()]))
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name="v", data=batch, suite=suite)
    )
    form = {"result_format": "COMPLETE", "unexpected_index_column_names": ["event_id"]}
    result = definition.run(batch_parameters={"dataframe": frame}, result_format=form)
    found = {}
    for outcome in result.results:
        rows = outcome.result.get("unexpected_index_list") or []
        found[outcome.expectation_config.meta["rule"]] = sorted({row["event_id"] for row in rows})
    return found
