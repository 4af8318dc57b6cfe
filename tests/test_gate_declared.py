"""What a dataset card may expect: how it is answered, and how a declaration that cannot be used is refused."""

from __future__ import annotations

from datetime import date

import pytest

from eventcode.checks import gate as gates
from eventcode.codebook import views
from eventcode.codebook.load import load
from eventcode.errors import DatasetError
from eventcode.model import Codebook
from eventcode.shape import bundled, violations
from eventcode.tables import TABLES, build
from eventcode.yamlfile import parse
from gated import COUNTS, DECLARED, Row, ask, card, dataset, event, failed

EVENTS: Row = {"table": "events"}


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load("disarmament")


def test_what_a_card_declares_is_asked_and_answered(codebook: Codebook) -> None:
    verdict = ask(codebook, dataset(codebook), *(entry for entry, _, _ in DECLARED.values()))
    first = {one["origin"]: one for one in reversed(verdict.results)}
    found = {name: first[f"expectations[{i}]"] for i, name in enumerate(DECLARED)}
    assert {name: (one["observed"], one["passed"]) for name, one in found.items()} == {
        name: (observed, holds) for name, (_, observed, holds) in DECLARED.items()
    }


def test_every_kind_of_the_schema_is_tried_above_and_fits_it() -> None:
    schema = bundled("dataset").schema["properties"]["expectations"]
    entries = [{"reason": "we say so", **entry} for entry, _, _ in DECLARED.values()]
    assert {entry["kind"] for entry in entries} == {*schema["items"]["properties"]["kind"]["enum"]}
    assert list(violations(entries, schema)) == []


def test_the_words_say_what_is_expected_and_why(codebook: Codebook) -> None:
    share = {
        "kind": "share",
        **EVENTS,
        "column": "realis",
        "value": "occurred",
        "minimum": 0.5,
        "reason": "we code deeds",
    }
    said = gates.statements(card(share), codebook, COUNTS)
    own = [one for one in said if one.origin == "expectations[0]"]
    assert [(one.words, one.expected, one.reason) for one in own] == [
        ("occurred make up at least 0.5 of the values of events.realis", "at least 0.5", "we code deeds"),
        (
            "events.realis has values at all", "at least 1",
            "an expectation about the values of an empty column would hold of nothing",
        ),
    ]  # fmt: skip


def test_an_expectation_about_values_fails_where_there_are_none(codebook: Codebook) -> None:
    tables = dataset(codebook, events=[event(n, country=None) for n in range(12)])
    verdict = ask(codebook, tables, {"kind": "values", **EVENTS, "column": "country", "values": ["IRQ"]})
    assert failed(verdict) == ["events.country has values at all: 0"]


def test_a_declared_range_of_dates_takes_the_place_of_ours(codebook: Codebook) -> None:
    tables = dataset(codebook, events=[event(0, date_start=date(1688, 11, 5))])
    years = {"minimum": "1600-01-01", "maximum": "2025-12-31"}
    assert failed(ask(codebook, tables, {"kind": "range", **EVENTS, "column": "date_start", **years})) == []


def test_a_month_without_rows_counts_as_none(codebook: Codebook) -> None:
    tables = dataset(codebook, events=[event(0, date_start=date(2024, 10, 31))])
    monthly = {"kind": "rows", **EVENTS, "per": "date_start", "step": "month", "minimum": 1}
    assert failed(ask(codebook, tables, monthly)) == [
        "events has at least 1 row for each month of date_start: 2 of 9 differ: 0 (2024-11), 0 (2024-12)"
    ]


def test_every_table_of_a_build_can_be_asked_about(codebook: Codebook) -> None:
    names = [name for name in TABLES if name not in ("changes", "deletions")]
    tables = {name: build(views.columns(codebook, name), []) for name in names} | dataset(codebook)
    entries = [{"kind": "rows", "table": name, "minimum": 0} for name in names]
    assert failed(ask(codebook, tables, *entries)) == []


# ── declarations that cannot be used: the declaration, the path, what is wrong, the remedy ────────────────────────────

BROKEN: dict[str, tuple[Row, str, str, str]] = {
    "unknown table": (
        {"kind": "rows", "table": "evnets", "minimum": 1}, ".table", "there is no table 'evnets'", "did you mean 'events'?",
    ),
    "unknown column": (
        {"kind": "complete", **EVENTS, "column": "realiss"}, ".column", "events has no column 'realiss'", "did you mean 'realis'?",
    ),
    "unknown kind": ({"kind": "meen", **EVENTS}, ".kind", '"meen" is not allowed here', "did you mean 'mean'?"),
    "mean of text": (
        {"kind": "mean", **EVENTS, "column": "realis", "minimum": 1}, ".column", "events.realis holds text",
        "an expectation of kind mean is about whole numbers, numbers",
    ),
    "values of a list": (
        {"kind": "values", **EVENTS, "column": "object", "values": ["x"]}, ".column", "events.object holds lists",
        "an expectation of kind values is about text, whole numbers, numbers, yes or no",
    ),
    "minimum above maximum": (
        {"kind": "rows", **EVENTS, "minimum": 9, "maximum": 2}, "", "the minimum 9 is above the maximum 2", "swap or mend them",
    ),
    "neither bound": ({"kind": "rows", **EVENTS}, "", "it has neither minimum nor maximum", "add minimum:, maximum:, or both"),
    "no reason": (
        {"kind": "rows", **EVENTS, "minimum": 1, "reason": " "}, ".reason", '" " is not written as it must be', "say why it must hold",
    ),
    "no column": ({"kind": "mean", **EVENTS, "minimum": 1}, "", "an expectation of kind mean needs 'column'", "add column:"),
    "key of another kind": (
        {"kind": "rows", **EVENTS, "minimum": 1, "quantile": 0.5}, ".quantile",
        "'quantile' says nothing in an expectation of kind rows", "take it out, or choose another kind",
    ),
    "half a row": (
        {"kind": "rows", **EVENTS, "minimum": 0.5}, ".minimum", "0.5 cannot be the minimum here", "write a whole number of 0 or more",
    ),
    "90 percent as 90": (
        {"kind": "complete", **EVENTS, "column": "realis", "minimum": 90}, ".minimum", "90 cannot be the minimum here",
        "write a share between 0 and 1: 0.9 for 90 percent",
    ),
    "number in quotes": (
        {"kind": "rows", **EVENTS, "maximum": "10"}, ".maximum", "'10' cannot be the maximum here", "write a number without quotes",
    ),
    "year for a day": (
        {"kind": "range", **EVENTS, "column": "date_start", "minimum": 2025}, ".minimum", "2025 cannot be the minimum here",
        'write a day in quotes: "2025-06-16"',
    ),
    "value and values": (
        {"kind": "share", **EVENTS, "column": "realis", "value": "x", "values": ["y"], "minimum": 0.1}, "",
        "a share is of one 'value' or of several 'values'", "give one of the two",
    ),
    "word among numbers": (
        {"kind": "values", **EVENTS, "column": "n_reports", "values": ["one"]}, ".values", "'one' is no value of n_reports",
        "the column holds whole numbers",
    ),
    "no values": (
        {"kind": "values", **EVENTS, "column": "realis", "values": []}, ".values", "[] is too short",
        "write something, or leave the key out",
    ),
    "date without step": (
        {"kind": "rows", **EVENTS, "per": "date_start", "minimum": 1}, ".per", "a group per date_start needs a 'step'",
        "add step: day, month, year",
    ),
    "step without date": (
        {"kind": "rows", **EVENTS, "per": "realis", "step": "day", "minimum": 1}, ".per", "a group per realis takes no 'step'",
        "take step: out",
    ),
    "groups of lists": (
        {"kind": "rows", **EVENTS, "per": "object", "minimum": 1}, ".per", "events.object makes no groups",
        "name a column of codes, names or days",
    ),
    "unknown rule": (
        {"kind": "rule", "rule": "sourcing.name-twin"}, ".rule", "there is no rule 'sourcing.name-twin'",
        "did you mean 'sourcing.name-twins'?",
    ),
    "errors by number": (
        {"kind": "rule", "rule": "codings.realis-code", "maximum": 3}, ".maximum",
        "'codings.realis-code' is an error, and errors are not allowed by number", "waive the rows, with a reason, in waivers.csv",
    ),
    "no quantile": (
        {"kind": "quantile", **EVENTS, "column": "lat", "quantile": 95, "minimum": 1}, ".quantile", "95 is no quantile",
        "write 0.5 for the median",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_declaration_is_refused_with_its_path_and_remedy(codebook: Codebook, name: str) -> None:
    entry, path, message, hint = BROKEN[name]
    with pytest.raises(DatasetError) as error:
        gates.statements(card(entry), codebook, COUNTS)
    assert str(error.value) == (
        "the expectations of the dataset card cannot be used: 1 problem\n"
        f"dataset.yaml  expectations[0]{path}\n  {message}\n  → {hint}"
    )


def test_every_broken_declaration_is_listed_at_once(codebook: Codebook) -> None:
    unknown, good = ({"kind": "rows", "table": table, "minimum": 1} for table in ("evnets", "events"))
    with pytest.raises(DatasetError) as error:
        gates.statements(card(unknown, good, {"kind": "mean"}), codebook, COUNTS)
    paths = [problem.path for problem in error.value.problems]
    assert paths == ["expectations[0].table", "expectations[2]", "expectations[2]"]


def test_a_broken_declaration_is_refused_with_the_line_of_the_card(codebook: Codebook) -> None:
    text = "expectations:\n  - kind: mean\n    table: events\n    column: realis\n    maximum: 2\n    reason: r\n"
    read = parse(text.encode(), "datasets/x/dataset.yaml")
    with pytest.raises(DatasetError) as error:
        gates.statements(read.data, codebook, COUNTS, read.problem)
    assert error.value.problems[0].place == "datasets/x/dataset.yaml:4  expectations[0].column"


def test_freshness_needs_a_day_to_count_from(codebook: Codebook) -> None:
    fresh = {"kind": "fresh", "maximum": 3, "reason": "r"}
    with pytest.raises(DatasetError, match="the card does not say as_of"):
        gates.statements({"expectations": [fresh]}, codebook, COUNTS)


def test_an_expectation_about_a_table_that_was_not_built_is_refused(codebook: Codebook) -> None:
    tables = {name: table for name, table in dataset(codebook).items() if name != "sources"}
    with pytest.raises(DatasetError) as error:
        ask(codebook, tables, {"kind": "rows", "table": "sources", "minimum": 1})
    assert str(error.value) == (
        "the gate has not all of its tables: 1 problem\n"
        "expectations[0]\n  there is no table 'sources' in this build\n  → build the dataset first"
    )
