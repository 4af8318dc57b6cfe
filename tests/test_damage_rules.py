"""Rules about typed rows that real files taught: order of numbers and days, days that stand for none, lists of sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode import dates
from eventcode.checks.engine import Checker
from eventcode.checks.result import Result
from eventcode.codebook import views
from eventcode.codebook.load import load as loaded
from eventcode.model import Codebook, Field, Rule
from eventcode.tables import build

Row = dict[str, Any]
load = cache(loaded)


@cache
def checker(book: Codebook, *rules: str) -> Checker:
    """Only the rules that are tried, so that each is compiled once."""
    return Checker(book, only=list(rules))


def asked(book: Codebook, rule: str, *rows: Row, document: Row | None = None) -> Result:
    """What one rule says of codings."""
    codings = [{"coding_id": f"c{i}", "key": f"c{i}", "reading_id": "r", **row} for i, row in enumerate(rows)]
    readings = [{"reading_id": "r", "document_id": "d", "coder_id": "anna", "revision": 1, "status": "coded"}]
    tables = {
        "codings": codings,
        "readings": readings,
        "documents": [{"document_id": "d", "document_key": "d", **(document or {})}],
    }
    built = {name: build(views.columns(book, name), found) for name, found in tables.items()}
    return checker(book, rule).check(built)


def failed(result: Result) -> list[str]:
    return [found.message for found in result.findings]


def numbers(*names: str) -> dict[tuple[str, str], Field]:
    return {("codings", name): Field(name, "codings", name, f"{name}?", "integer") for name in names}


def with_fields(*names: str, rules: tuple[Rule, ...] = ()) -> Codebook:
    book = load("plover")
    own = {rule.id: rule for rule in rules}
    return replace(book, fields={**book.fields, **numbers(*names)}, rules={**book.rules, **own})


def generated(book: Codebook) -> set[str]:
    return {rule.id for rule in Checker(book).plan.rules if rule.generated}


# ── low, best and high ────────────────────────────────────────────────────────────────────────────────────────────────

HURT = with_fields("hurt_low", "hurt_best", "hurt_high")


def test_numbers_called_low_best_and_high_are_held_in_order():
    rows = [{"hurt_low": 3, "hurt_best": 2, "hurt_high": 5}, {"hurt_low": 1, "hurt_best": 2, "hurt_high": 2}]
    assert failed(asked(HURT, "codings.hurt_low-bounds", *rows)) == ["hurt_low is 3 and hurt_best is 2"]
    assert failed(asked(HURT, "codings.hurt_high-bounds", *rows)) == []
    rows = [{"hurt_best": 6, "hurt_high": 5}, {"hurt_best": 6}, {"hurt_high": 1}]
    assert failed(asked(HURT, "codings.hurt_high-bounds", *rows)) == ["hurt_best is 6 and hurt_high is 5"]


def test_low_and_high_without_a_best_are_held_against_each_other():
    book = with_fields("low", "high")
    assert failed(asked(book, "codings.low-bounds", {"low": 9, "high": 5})) == ["low is 9 and high is 5"]


def test_a_rule_of_the_codebook_takes_the_place_of_the_generated_one():
    for name in ("ucdp", "maverick", "disarmament"):
        assert not [rule for rule in generated(load(name)) if rule.endswith("-bounds")]
    own = Rule(
        "mine.low", "codings", "error", "m", "h", when="hurt_low is not null", require="hurt_low <= hurt_best"
    )
    left = generated(with_fields("hurt_low", "hurt_best", "hurt_high", rules=(own,)))
    assert {rule for rule in left if rule.endswith("-bounds")} == {"codings.hurt_high-bounds"}


# ── days ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def days(text: str) -> Row:
    interval = dates.parse(text)
    return {"date_start": interval.start, "date_end": interval.end, "date_precision": interval.precision}


FORMS = ("day", "month", "about_month", "year", "season", "decade")


def written(day: date, form: str) -> str:
    iso, year = day.isoformat(), day.isoformat()[:4]
    texts = {
        "day": iso,
        "month": iso[:7],
        "about_month": f"{iso[:7]}~",
        "year": year,
        "season": f"{year}-{21 + day.month % 4}",
    }
    return texts.get(form, f"{year[:3]}X")


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.dates(date(10, 1, 1), date(9980, 12, 31)), st.sampled_from(FORMS)), max_size=30))
def test_whatever_a_date_may_be_fits_its_own_precision(given_):
    rows = [days(written(day, form)) for day, form in given_]
    assert failed(asked(load("plover"), "codings.date-span", *rows)) == []


@pytest.mark.parametrize(
    ("start", "end", "precision"),
    [
        ("2025-05-03", "2025-05-04", "day"), ("2025-05-03", "2025-06-02", "month"), ("2025-05-01", "2025-05-30", "month"),
        ("2025-05-01", "2025-06-30", "about_month"), ("2025-01-01", "2025-12-30", "year"), ("2024-01-01", "2025-12-31", "year"),
        ("2025-01-01", "2025-03-31", "season"), ("2021-01-01", "2030-12-31", "decade"),
    ],
)  # fmt: skip
def test_a_span_of_another_length_is_told_with_its_precision(start, end, precision):
    row = {
        "date_start": date.fromisoformat(start),
        "date_end": date.fromisoformat(end),
        "date_precision": precision,
    }
    said = f"date from {start} to {end} is not of the precision '{precision}'"
    assert failed(asked(load("plover"), "codings.date-span", row)) == [said]


@pytest.mark.parametrize(
    "text",
    ["1753-01-01", "1900-01-01", "1900", "1899-12-30", "1970-01-01", "9999-12-31", "2025-01-01/9999-12-31"],
)
def test_a_day_that_programs_write_for_none_is_a_warning(text):
    result = asked(load("plover"), "codings.date-placeholder", days(text), days("2025-05-03"))
    assert len(result.findings) == 1
    assert result.findings[0].severity == "warning"
    assert "is a day that programs write where there is none" in result.findings[0].message


def test_a_report_is_not_older_than_what_took_place():
    book, document = (
        load("plover"),
        {"published_at_start": date(2025, 6, 16), "published_at_end": date(2025, 6, 16)},
    )
    rows = [
        {**days("2025-07-03"), "realis": realis}
        for realis in ("occurred", "ongoing", "planned", "possible", "negated")
    ]
    rows += [{**days("2025-06-16"), "realis": "occurred"}, {**days("../2025-07-03"), "realis": "occurred"}]
    result = asked(book, "codings.date-reported", *rows, document=document)
    assert [found.row for found in result.findings] == ["c0", "c1"]
    assert "told as occurred, it begins on 2025-07-03" in result.findings[0].message


def test_codebooks_with_such_a_rule_of_their_own_do_not_tell_it_twice():
    assert "codings.date-reported" in generated(load("ucdp"))
    assert "codings.date-reported" not in generated(load("disarmament")) | generated(load("maverick"))


def test_vaguely_many_acts_are_not_all_of_one_day():
    book = load("plover")
    rows = [
        {**days("2025-05-03"), "n_acts": "vague"},
        {**days("2025-05"), "n_acts": "vague"},
        {**days("2025-05-03"), "n_acts": "one"},
    ]
    assert [found.row for found in asked(book, "record.sum-of-one-day", *rows).findings] == ["c0"]


# ── articles ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_articles_of_one_outlet_are_one_outlet():
    rows = [
        {"source_office": ["Velmar News", "Velmar News"], "number_of_sources": 2},
        {"source_office": ["Velmar News", "Qurra Post", "Velmar News"], "number_of_sources": 3},
        {"source_office": ["Velmar News"], "number_of_sources": 1},
        {"source_office": None},
    ]
    found = asked(load("ucdp"), "ucdp.one-outlet-is-one", *rows)
    assert failed(found) == ["2 articles are counted, all of one outlet: Velmar News, Velmar News"]


def test_articles_that_are_all_older_than_the_event_are_told():
    rows = [
        {**days("2025-05-03"), "source_date": ["2025-05-01", "2025-05-02"]},
        {**days("2025-05-03"), "source_date": ["2025-05-01", "2025-05-03"]},
        {**days("2025-05-03"), "source_date": None},
        {"source_date": ["2025-05-01"]},
    ]
    found = asked(load("ucdp"), "ucdp.articles-before-the-event", *rows)
    assert failed(found) == ["the event begins on 2025-05-03, and its articles are of 2025-05-01, 2025-05-02"]


# ── real files ────────────────────────────────────────────────────────────────────────────────────────────────────────


def counts(path: Path, form: str) -> dict[str, int]:
    from eventcode.pipeline.foreign import check_foreign

    return {count.rule: count.failed for count in check_foreign(path, form, cap=1).counts if count.failed}


def test_the_known_faults_of_a_thousand_events_of_ucdp_are_found(real):
    found = counts(real / "ucdp_ged231_1000.parquet", "ucdp")
    wanted = {
        "ucdp.deaths-low-to-best": 8, "ucdp.deaths-best-to-high": 5, "ucdp.sources-not-counted": 326, "ucdp.original-source-named": 124,
        "ucdp.one-outlet-is-one": 37, "ucdp.articles-before-the-event": 9,
    }  # fmt: skip
    assert {rule: n for rule, n in found.items() if rule.startswith("ucdp.")} == wanted
    assert not [rule for rule in found if rule.startswith("codings.")]


def test_the_known_faults_of_the_reports_of_maverick_are_found(real):
    found = counts(real / "maverick_event_report_3287.parquet", "maverick")
    wanted = {
        "codings.date-order": 10, "maverick.reported-after-it-happened": 35, "maverick.party-is-no-actor-id": 4,
        "maverick.party-twins": 3, "maverick.event-told-once": 28, "maverick.injuries-best-above-high": 3,
        "maverick.injuries-low-above-best": 1, "file.foreign-id": 3, "file.mojibake": 2,
    }  # fmt: skip
    assert {rule: found.get(rule) for rule in wanted} == wanted
