"""Whether coders find the same events: over all that was read, and among what was found."""

from __future__ import annotations

import numpy as np
import pytest

from coders_at_work import at_random, coding, corpus, read
from eventcode.reliability import align, detection
from eventcode.reliability.alpha import alpha

SETTINGS = align.Settings()


def test_every_document_that_was_read_is_a_unit_with_or_without_an_event() -> None:
    of = corpus(
        [
            read("d1", "anna", [coding("e1")]), read("d1", "ben"),
            read("d2", "anna"), read("d2", "ben"),
            read("d3", "anna", [coding("e1")], inclusion_p=0.5), read("d3", "ben", status="skipped"),
        ]
    )  # fmt: skip
    units = detection.documents(of)
    assert units.values == ("no_event", "coded")
    assert units.codes.tolist() == [[1, 0], [0, 0], [1, -1]]
    assert units.weights.tolist() == [1, 1, 2]
    assert alpha(units, "nominal").n_units == 2


def test_coders_who_find_events_in_the_same_documents_agree_although_no_coding_is_paired() -> None:
    reads = []
    for number in range(20):
        rows = [([coding("e1", span=(0, 9))], [coding("e1", span=(90, 99))]), ([], [])][number % 2]
        reads += [read(f"d{number}", "anna", rows[0]), read(f"d{number}", "ben", rows[1])]
    of = corpus(reads)
    assert alpha(detection.documents(of), "nominal").estimate == 1.0
    assert detection.events(of, align.align(of, SETTINGS)).f1().estimate == 0.0


TEXT = (
    'The brigade left the camp. "We go," it said.\n\nThe council met at 3.5 km from Ras Amara! 40 men came.'
)


def test_a_text_is_cut_into_sentences_without_rest() -> None:
    assert [TEXT[start:end] for start, end in detection.split(TEXT)] == [
        "The brigade left the camp.", '"We go," it said.', "The council met at 3.5 km from Ras Amara!", "40 men came.",
    ]  # fmt: skip
    assert detection.split("") == []
    assert detection.split("no end") == [(0, 6)]


def test_sentences_are_units_where_the_text_is_there() -> None:
    left, met = (0, 26), (TEXT.index("The council"), TEXT.index("40 men"))
    of = corpus(
        [
            read("d1", "anna", [coding("e1", span=left)]),
            read("d1", "ben", [coding("e1", span=left), coding("e2", span=met)]),
            read("d1", "chloe", [coding("e1")]),
            read("d1", "dora"),
            read("d2", "anna"),
        ],
        texts={"d1": TEXT},
    )
    units = detection.sentences(of)
    assert units.codes.T.tolist() == [[1, 0, 0, 0], [1, 0, 1, 0], [-1, -1, -1, -1], [0, 0, 0, 0]]
    assert units.documents.tolist() == [0, 0, 0, 0]
    assert len(detection.sentences(corpus([read("d", "anna")])).codes) == 0


def test_f1_counts_the_events_that_both_found() -> None:
    of = corpus(
        [
            read("d1", "anna", [coding("e1", span=(0, 9)), coding("e2", span=(50, 59))]), read("d1", "ben", [coding("e1", span=(0, 9))]),
            read("d2", "anna"), read("d2", "ben", [coding("e1", span=(0, 9))]),
            read("d3", "anna"), read("d3", "ben"),
        ]
    )  # fmt: skip
    found = detection.events(of, align.align(of, SETTINGS))
    assert [column.tolist() for column in found.by_document()] == [[2, 0, 0], [3, 1, 0]]
    f1 = found.f1()
    assert (f1.estimate, f1.n_units, f1.n_values, f1.n_documents, f1.n_coders) == (0.5, 3, 4, 3, 2)
    assert found.f1(np.array([3.0, 1.0, 1.0])).estimate == 0.6
    assert found.estimates(np.array([[1.0, 0, 0], [0, 0, 1]]))[0] == pytest.approx(2 / 3)
    assert np.isnan(found.estimates(np.array([[0.0, 0, 1]]))[0])


def test_f1_is_that_of_any_two_coders_when_asked_for_them() -> None:
    of = at_random(1, 20, ("anna", "ben", "chloe"), shared=False)
    found = detection.events(of, align.align(of, SETTINGS))
    rest = detection.events(of.without("chloe"), align.align(of.without("chloe"), SETTINGS))
    assert found.where((found.coder_a == 0) & (found.coder_b == 1)).f1() == rest.f1()


def test_f1_is_undefined_where_nobody_found_an_event_or_nobody_read_with_another() -> None:
    empty = corpus([read("d", "anna"), read("d", "ben")])
    assert detection.events(empty, align.align(empty, SETTINGS)).f1().reason == detection.NO_CODINGS
    lone = corpus([read("d", "anna", [coding("e1")])])
    f1 = detection.events(lone, align.align(lone, SETTINGS)).f1()
    assert (f1.estimate, f1.reason) == (None, "no document was read by two coders")
