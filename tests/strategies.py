"""Hypothesis strategies: canonical readings under any codebook, for round trips through every format."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from eventcode import dates
from eventcode.codebook.views import allowed
from eventcode.model import MISSING_REASONS, ROLES, STATUSES, Codebook, Field
from eventcode.readings import Row

# What has gone wrong in spreadsheets and CSV files, and once somewhere in each of ours.
AWKWARD = (
    "=1+1", "+x", "-x", "@x", "=SUM(A1:A9)", "'quoted", '"', '"a";b', "a; b", ";", "010", "1e5", "1,5", "TRUE", "NULL", "null",
    "NA", "#N/A", "2025-06-16", "16.06.2025", "12:30", "a,b\tc", "two\nlines", "مرحبا", "Ṣāliḥ al-ʿIrāqī", "𐍈🕊", "x\u00a0y", "e\u0301", "·",
)  # fmt: skip
BIG = 2**53 - 1


@cache
def texts(max_size: int = 30) -> st.SearchStrategy[str]:
    """Text without control characters and without space at its ends."""
    letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    free = st.text(letters, min_size=1, max_size=max_size).map(str.strip)
    return (st.sampled_from(AWKWARD) | free).filter(
        lambda text: text and "_x" not in text and "x005F_" not in text
    )


@cache
def keys() -> st.SearchStrategy[str]:
    """Keys of codings and sources."""
    return st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,5}\Z")


@cache
def intervals() -> st.SearchStrategy[dates.Interval]:
    """Mostly intervals that EDTF can write; some that only three columns hold."""
    days = st.dates(date(1000, 1, 1), date(2999, 12, 31))
    points = st.builds(
        lambda day, form: dates.parse(form.format(y=f"{day.year:04}", m=f"{day.month:02}", d=f"{day.day:02}")), days,
        st.sampled_from(["{y}-{m}-{d}", "{y}-{m}", "{y}", "{y}-{m}-{d}~", "{y}-{m}~", "{y}~", "../{y}-{m}", "{y}-{m}/..", "{y}-22"]),
    )  # fmt: skip
    spans = st.builds(
        lambda a, n: dates.Interval(a, a + timedelta(days=n), "interval"), days, st.integers(0, 300)
    )
    odd = st.builds(dates.Interval, st.none() | days, st.none() | days, st.sampled_from(dates.PRECISIONS))
    return points | spans | odd


@st.composite
def readings_for(
    draw: st.DrawFn, codebook: Codebook, document: str = "doc-1", coder: str = "reader-1", max_rows: int = 3
) -> Row:
    """A canonical reading of the right shape; codes are mostly, and not always, those of the codebook."""
    row: Row = {
        "document": document, "coder": coder, "codebook": codebook.reference, "revision": draw(st.integers(1, 9)),
        "status": draw(st.sampled_from(STATUSES)),
    }  # fmt: skip
    _maybe(
        draw, row, "coded_at", st.sampled_from(["2025-06-20T10:00:00Z", "2025-06-20T10:00:00.123456+03:00"])
    )
    _maybe(draw, row, "sample_role", st.sampled_from(["production", "pilot"]))
    _maybe(draw, row, "inclusion_p", st.floats(min_value=0, max_value=1, exclude_min=True))
    _maybe(draw, row, "note", texts())
    sources = draw(st.lists(keys(), max_size=max_rows, unique=True))
    _rows(row, "sources", [_source(draw, codebook, key, sources) for key in sources])
    names = draw(st.lists(keys(), max_size=max_rows, unique=True))
    _rows(row, "codings", [_coding(draw, codebook, key, sources, max_rows) for key in names])
    return row


def _maybe(draw: st.DrawFn, row: Row, name: str, values: st.SearchStrategy[Any]) -> None:
    value = draw(st.none() | values)
    if value is not None:
        row[name] = value


def _rows(row: Row, name: str, rows: list[Row]) -> None:
    if rows:
        row[name] = rows


def _source(draw: st.DrawFn, codebook: Codebook, key: str, sources: list[str]) -> Row:
    row = {"key": key, **_fields(draw, codebook, "sources", sources)}
    _rows(row, "evidence", draw(st.lists(evidence(), max_size=2)))
    return row


def _coding(draw: st.DrawFn, codebook: Codebook, key: str, sources: list[str], max_rows: int) -> Row:
    row = {"key": key, **_fields(draw, codebook, "codings", sources)}
    row["event_type"] = draw(st.sampled_from(codebook.codes) | texts(8))
    _rows(row, "participants", draw(_participants(codebook, max_rows)))
    _rows(
        row,
        "support",
        [_support(draw, codebook, sources) for _ in range(draw(st.integers(0, max_rows if sources else 0)))],
    )
    names = [field.name for field in codebook.fields_of("codings")]
    spans = st.builds(lambda span, name: span | {"field": name}, evidence(), st.sampled_from(names))
    _rows(row, "evidence", draw(st.lists(spans, max_size=2)))
    return row


def _support(draw: st.DrawFn, codebook: Codebook, sources: list[str]) -> Row:
    row = {**_fields(draw, codebook, "support", sources), "source": draw(st.sampled_from(sources))}
    row.pop("field", None)
    _maybe(draw, row, "field", st.sampled_from([field.name for field in codebook.fields_of("codings")]))
    _rows(row, "evidence", draw(st.lists(evidence(), max_size=2)))
    return row


@cache
def evidence() -> st.SearchStrategy[Row]:
    """A span with its salted hash, as committed lines hold it."""
    digits = "0123456789abcdef"
    return st.builds(
        lambda start, length, salt, digest: {"start": start, "end": start + length, "salt": salt, "quote_hash": f"sha256:{digest}"},
        st.integers(0, 10**6), st.integers(1, 500), st.text(digits, min_size=16, max_size=16), st.text(digits, min_size=64, max_size=64),
    )  # fmt: skip


@st.composite
def _participants(draw: st.DrawFn, codebook: Codebook, max_rows: int) -> list[Row]:
    """Participants whose positions within a role differ, mostly in their natural order."""
    rows: list[Row] = []
    counts: dict[str, int] = {}
    gap = draw(st.sampled_from([0, 0, 0, 2]))
    for role in draw(st.lists(st.sampled_from(ROLES), max_size=max_rows)):
        row: Row = {"role": role, "position": counts.get(role, gap)}
        counts[role] = row["position"] + 1
        if draw(st.booleans()):
            row["actor_id"] = draw(actor_ids(codebook))
        else:
            row["actor_missing"] = draw(st.sampled_from(MISSING_REASONS))
        _maybe(draw, row, "name_as_printed", texts())
        _maybe(draw, row, "member_of", actor_ids(codebook))
        rows.append(row)
    return rows


def actor_ids(codebook: Codebook) -> st.SearchStrategy[str]:
    """Ids of the actor list, and now and then one that is not in it."""
    return st.sampled_from([*codebook.actors, "some.other"])


def _fields(draw: st.DrawFn, codebook: Codebook, table: str, sources: list[str]) -> Row:
    row: Row = {}
    for field in codebook.fields_of(table):
        kind = draw(st.sampled_from(["value", "value", "reason", "nothing"]))
        if kind == "reason" and field.missing:
            row[f"{field.name}_missing"] = draw(st.sampled_from(field.missing))
        elif kind == "value":
            row |= draw(_value(codebook, field, sources))
    return row


def _value(codebook: Codebook, field: Field, sources: list[str]) -> st.SearchStrategy[Row]:
    if field.type == "date":
        return intervals().map(lambda interval: _columns(field.name, interval))
    return _plain(codebook, field, sources).map(lambda value: {field.name: value})


def _columns(name: str, interval: dates.Interval) -> Row:
    days = {f"{name}_start": interval.start, f"{name}_end": interval.end}
    return {column: day.isoformat() for column, day in days.items() if day} | {
        f"{name}_precision": interval.precision
    }


def _plain(codebook: Codebook, field: Field, sources: list[str]) -> st.SearchStrategy[Any]:
    codes = st.sampled_from([*allowed(codebook, field), "010", "no such code"])
    many = {"unique": True, "min_size": 1, "max_size": 3}
    strategies: dict[str, st.SearchStrategy[Any]] = {
        "string": texts(), "code": codes, "set": st.lists(codes | texts(8), **many), "integer": st.integers(-BIG, BIG),
        "number": st.floats(allow_nan=False, allow_infinity=False), "boolean": st.booleans(), "actor": actor_ids(codebook),
        "actors": st.lists(actor_ids(codebook), **many), "source": st.sampled_from([*sources, "s0"]),
        "list": st.lists(texts(12), min_size=1, max_size=3),
    }  # fmt: skip
    return strategies[field.type]
