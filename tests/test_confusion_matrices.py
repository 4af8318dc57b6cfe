"""Confusion matrices, their long form, and the corrections that read it."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pages
from eventcode.errors import EventcodeError
from eventcode.reliability.matrices import COLUMNS, against_gold, long, matrix

TREE = {"14": None, "141": "14", "145": "14", "18": None, "181": "18"}
PAIRS = [("141", "141"), ("141", "145"), ("145", "181"), (None, "181"), ("181", "181", 0.5)]


def test_pairs_of_coders_are_counted_both_ways() -> None:
    found = matrix(PAIRS, "event_type")
    assert found.values == ("141", "145", "181")
    assert found.counts == ((2, 1, 0), (1, 0, 1), (0, 1, 1))


def test_roots_stand_for_what_is_below_them() -> None:
    found = matrix(PAIRS, "event_type", "root", tree=TREE)
    assert (found.level, found.values, found.counts) == ("root", ("14", "18"), ((4, 1), (1, 1)))


def test_gold_stands_in_the_rows_and_each_pair_counts_once() -> None:
    found = matrix(PAIRS, "event_type", rows="gold", values=["181", "145", "141"])
    assert found.counts == ((0.5, 0, 0), (1, 0, 0), (0, 1, 1))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=20))
def test_matrices_between_coders_do_not_know_who_came_first(pairs: list[tuple[str, str]]) -> None:
    found = matrix(pairs, "kind")
    assert found == matrix([(b, a) for a, b in pairs], "kind")
    assert found.counts == tuple(zip(*found.counts, strict=True))
    assert sum(map(sum, found.counts)) == 2 * len(pairs)


def test_each_coder_has_a_matrix_against_gold() -> None:
    labels = {1: {"anna": "a", "ben": ["a", "b"]}, 2: {"anna": "b"}, 3: {"anna": "a"}}
    found = against_gold(labels, {1: "a", 2: "a"}, "kind")
    assert found["anna"].counts == ((1, 1), (0, 0))
    assert found["ben"].counts == ((1, 1), (0, 0))
    weighted = against_gold(labels, {1: "a", 2: "a"}, "kind", weights={1: 4, 2: 0.5})
    assert weighted["anna"].counts == ((4, 0.5), (0, 0))


def test_the_long_form_has_every_cell_and_the_share_of_its_row() -> None:
    rows = long(matrix([("a", "a"), ("a", "b"), ("a", "b"), ("c", "c")], "kind", rows="gold"), column="anna")
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 9
    assert rows[1] == {
        "field": "kind", "level": "leaf", "row": "gold", "column": "anna", "row_value": "a", "column_value": "b",
        "count": 2, "share": pytest.approx(2 / 3),
    }  # fmt: skip
    assert {row["share"] for row in rows if row["row_value"] == "b"} == {None}


def test_what_makes_no_matrix_is_refused() -> None:
    with pytest.raises(EventcodeError, match="root needs the tree"):
        matrix(PAIRS, "event_type", "root")
    with pytest.raises(EventcodeError, match="values of kind that are not among those given: b"):
        matrix([("a", "b")], "kind", values=["a"])


def test_the_page_on_misclassification_runs_and_prints_what_it_shows() -> None:
    page = pages.read(pages.ROOT / "docs" / "misclassification.md")
    names: dict[str, object] = {}
    shown = 0
    for block, after in zip(page.blocks, [*page.blocks[1:], None], strict=True):
        if block.language != "python":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(block.text, names)
        if after and after.language == "text":
            assert printed.getvalue() == after.text
            shown += 1
    assert shown >= 3


def test_codes_that_stand_below_themselves_have_no_root() -> None:
    with pytest.raises(EventcodeError, match="'a' stands below itself"):
        matrix([("a", "b")], "kind", "root", tree={"a": "b", "b": "a"})
