"""Ids that depend on content and on nothing else."""

from __future__ import annotations

import hashlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode import identity

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8),
    lambda child: st.lists(child, max_size=3) | st.dictionaries(st.text(max_size=4), child, max_size=3),
    max_leaves=8,
)


def test_an_id_is_the_same_whatever_the_order_of_the_keys() -> None:
    assert identity.content_id({"a": 1, "b": [2, 3]}) == identity.content_id({"b": [2, 3], "a": 1})


@pytest.mark.parametrize(
    "other", [{"a": "1"}, {"a": 2}, {"a": [1]}, {"a": None}, {"b": 1}, {}, {"a": 1, "b": None}]
)
def test_an_id_changes_with_the_content(other: object) -> None:
    assert identity.content_id({"a": 1}) != identity.content_id(other)


def test_an_id_has_thirty_two_hex_digits_of_a_sha256() -> None:
    assert identity.content_id({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()[:32]


def test_a_child_is_known_by_its_parent_its_table_and_its_path() -> None:
    found = {
        identity.child_id(parent, table, path)
        for parent in ("p", "q") for table in ("sources", "codings") for path in ("s1", "s2")
    }  # fmt: skip
    assert len(found) == 8


@given(st.lists(st.text(max_size=8), max_size=4))
def test_a_list_of_texts_has_the_id_of_any_list(texts: list[str]) -> None:
    assert identity.content_id_of_texts(*texts) == identity.content_id(texts)


VALUES = st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=4)


@given(st.dictionaries(st.text("abc_", min_size=1, max_size=3), VALUES))
def test_what_is_plain_has_the_same_id_without_being_looked_at(row: dict[str, float | int | str]) -> None:
    plain = {name: value for name, value in row.items() if isinstance(value, str) or identity.is_plain(value)}
    assert identity.content_id_of_plain(plain) == identity.content_id(plain)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, {"a": [math.nan]}, {1: "a"}, {"a", "b"}, 2**60]
)
def test_what_json_has_not_gets_no_id(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        identity.content_id(value)


def test_nesting_without_end_gets_no_id_and_no_crash() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(ValueError, match=r".+"):
        identity.content_id(value)


@given(JSON)
def test_every_json_value_has_an_id_that_is_stable(value: object) -> None:
    assert identity.content_id(value) == identity.content_id(value)


def test_a_quote_cannot_be_looked_up_without_its_salt() -> None:
    first, second = identity.new_salt(), identity.new_salt()
    assert first != second
    assert len(first) == 16
    assert identity.quote_hash(first, "yes") != identity.quote_hash(second, "yes")
    assert identity.quote_hash(first, "yes") == identity.quote_hash(first, "yes")


def test_salt_and_quote_are_kept_apart_in_the_hash() -> None:
    assert identity.quote_hash("ab", "c") != identity.quote_hash("a", "bc")
    assert identity.quote_hash("s", "words") == "sha256:" + hashlib.sha256(b"s\0words").hexdigest()


def test_a_document_with_a_text_is_known_by_it_and_one_without_by_who_lists_it() -> None:
    assert identity.text_document_id("words") == "text:" + hashlib.sha256(b"words").hexdigest()
    assert identity.reference_document_id("iraq", "page-1").startswith("ref:")
    assert identity.reference_document_id("iraq", "page-1") != identity.reference_document_id(
        "iran", "page-1"
    )


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(value=VALUES)
def test_what_the_standard_library_writes_is_what_rfc_8785_says(value):
    import rfc8785

    quick = identity._quick(value)
    assert quick is None or quick == rfc8785.dumps(value)


def test_numbers_keep_to_rfc_8785_where_the_standard_library_does_not():
    assert identity.canonical_json([1.0, 1e21, 1e-7, 0.1, -0.0]) == b"[1,1e+21,1e-7,0.1,0]"
