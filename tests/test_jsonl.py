"""JSON Lines: whatever is wrong with a line is said with its number, and nothing else is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode.errors import Problem
from eventcode.formats import jsonl
from eventcode.model import Place

ONE_PER_LINE = "write one JSON object per line, in UTF-8"


def _problems(data: bytes) -> list[Problem]:
    return jsonl.parse(data, "batch.jsonl")[1]


def test_every_line_has_its_place() -> None:
    rows, problems = jsonl.parse(b'{"a": 1}\n\n  \n{"b": "\xd8\xb9"}\n', "batch.jsonl")
    assert rows == [({"a": 1}, Place("batch.jsonl", 1)), ({"b": "ع"}, Place("batch.jsonl", 4))]
    assert problems == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"a": 1', "not JSON: Expecting ',' delimiter at character 8"),
        (b'{"a": "x', "not JSON: Unterminated string starting at character 7"),
        (b'{"a": "\xff"}', "byte 7 of the line is not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "byte 7 of the line is not UTF-8"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b'{"a": [-Infinity]}', "-Infinity is not JSON"),
        (b'{"a": 1e999}', "1e999 is out of range"),
        (b'{"a": 9007199254740992}', "9007199254740992 is out of range: whole numbers go up to 9,007,199,254,740,991"),
        (b'{"a": -1' + b"0" * 5000 + b"}", "-1000000000000000000 is out of range: whole numbers go up to 9,007,199,254,740,991"),
        (b'{"a": 1, "b": 2, "a": 3}', "the key 'a' stands twice"),
        (b'{"x": {"a": 1, "a": 1}}', "the key 'a' stands twice"),
        (b'{"a": "\\ud800"}', "half a character (a lone surrogate) stands in a text"),
        (b'{"a": 012}', "not JSON: Expecting ',' delimiter at character 8"),
        (b'{"a": 1} {"b": 2}', "not JSON: Extra data at character 10"),
        (b"{'a': 1}", "not JSON: Expecting property name enclosed in double quotes at character 2"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_json_is_a_problem_with_its_number(line: bytes, message: str) -> None:
    rows, problems = jsonl.parse(b'{"ok": 1}\n' + line + b'\n{"ok": 2}\n', "batch.jsonl")
    assert [row for row, _ in rows] == [{"ok": 1}, {"ok": 2}]
    assert problems == [Problem(message, ONE_PER_LINE, "batch.jsonl", 2)]


@pytest.mark.parametrize("line", [b"[1]", b"1", b"null", b'"a"', b"true"])
def test_a_line_that_is_json_but_no_object_is_a_problem(line: bytes) -> None:
    assert _problems(line) == [Problem("the line is not a JSON object", "write {…}", "batch.jsonl", 1)]


def test_a_line_without_end_is_told_by_its_length() -> None:
    line = b'{"a": "' + b"x" * jsonl.MAX_LINE + b'"}'
    assert _problems(line)[0].message == "the line has 10,000,009 bytes, more than 10,000,000"


def test_nesting_without_end_is_a_problem_and_no_crash() -> None:
    assert _problems(b'{"a": ' + b"[" * 100_000)[0].message == "nested too deeply"
    assert _problems(b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}")[0].message == "nested too deeply"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    rows, problems = jsonl.parse(b'\xef\xbb\xbf{"a": 1}\r\n{"b": 2}\r\n', "batch.jsonl")
    assert [row for row, _ in rows] == [{"a": 1}, {"b": 2}]
    assert problems == []


def test_every_line_that_is_wrong_is_told_of() -> None:
    assert [problem.line for problem in _problems(b"{\nx\n{}\n]\n")] == [1, 2, 4]


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_stumble(data: bytes) -> None:
    rows, problems = jsonl.parse(data, "batch.jsonl")
    lines = [line for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()]
    assert len(rows) + len(problems) == len(lines)
    assert all(problem.line for problem in problems)


OBJECTS = st.dictionaries(
    st.text(max_size=5), st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)  # fmt: skip


@given(st.lists(OBJECTS, max_size=5))
def test_what_is_written_is_read_back(rows: list[dict[str, object]]) -> None:
    found, problems = jsonl.parse(jsonl.dump(rows), "batch.jsonl")
    assert problems == []
    assert json.dumps([row for row, _ in found]) == json.dumps(rows)


@given(st.lists(OBJECTS, min_size=1, max_size=3), st.data())
def test_a_file_cut_anywhere_loses_no_more_than_its_last_line(
    rows: list[dict[str, object]], data: st.DataObject
) -> None:
    whole = jsonl.dump(rows)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    found, problems = jsonl.parse(cut, "batch.jsonl")
    complete = cut.count(b"\n")
    assert [row for row, _ in found][:complete] == [
        json.loads(line) for line in whole.split(b"\n")[:complete]
    ]
    assert len(problems) <= 1
