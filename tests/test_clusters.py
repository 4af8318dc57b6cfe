"""Codings of all coders that tell one event stand together for whoever decides."""

from __future__ import annotations

from hypothesis import given, settings

from coders_at_work import coding, corpus, read
from eventcode.reliability import align
from eventcode.reliability.clusters import Cluster, clusters
from eventcode.reliability.records import Corpus
from test_alignment import READS

SETTINGS = align.Settings()


def found(of: Corpus) -> list[Cluster]:
    return clusters(of, align.align(of, SETTINGS))


def test_codings_of_one_event_stand_together_and_a_lone_one_by_itself() -> None:
    of = corpus(
        [
            read("d", "anna", [coding("e1", span=(0, 50)), coding("e2", span=(100, 150))]),
            read("d", "ben", [coding("e1", span=(100, 150))]),
            read("d", "chloe", [coding("e1", span=(100, 150)), coding("e2", span=(0, 50))]),
        ]
    )
    assert found(of) == [
        Cluster("d", (("anna", "e1"), ("chloe", "e2"))),
        Cluster("d", (("anna", "e2"), ("ben", "e1"), ("chloe", "e1"))),
    ]


def test_a_document_that_one_coder_read_has_clusters_of_one() -> None:
    of = corpus([read("d", "anna", [coding("e10"), coding("e2")])])
    assert found(of) == [Cluster("d", (("anna", "e2"),)), Cluster("d", (("anna", "e10"),))]


def test_three_codings_of_which_two_were_not_paired_are_flagged() -> None:
    """The middle one overlaps both, and they each other too little."""
    of = corpus(
        [
            read("d", "anna", [coding("e1", span=(0, 100))]),
            read("d", "ben", [coding("e1", span=(50, 150))]),
            read("d", "chloe", [coding("e1", span=(100, 200))]),
        ]
    )
    assert found(of) == [Cluster("d", (("anna", "e1"), ("ben", "e1"), ("chloe", "e1")), intransitive=True)]


def test_a_coder_is_in_a_cluster_once_and_what_had_to_stay_out_is_flagged() -> None:
    """Anna's e1 goes with Ben's, Ben's with Chloe's, Chloe's with Anna's e2: a ring that has to be cut somewhere."""
    of = corpus(
        [
            read("d", "anna", [coding("e1", span=(0, 100)), coding("e2", span=(90, 190))]),
            read("d", "ben", [coding("e1", span=(0, 110))]),
            read("d", "chloe", [coding("e1", span=(50, 150))]),
        ]
    )
    assert found(of) == [
        Cluster("d", (("anna", "e1"), ("ben", "e1")), intransitive=True),
        Cluster("d", (("anna", "e2"), ("chloe", "e1")), intransitive=True),
    ]


@settings(max_examples=60)
@given(READS)
def test_every_coding_is_in_one_cluster_and_no_coder_twice(given_: dict) -> None:
    of = corpus([read(document, coder, rows) for (document, coder), rows in given_.items()])
    groups = found(of)
    members = [(group.document, *member) for group in groups for member in group.members]
    assert sorted(members) == sorted((d, c, row["key"]) for (d, c), rows in given_.items() for row in rows)
    for group in groups:
        coders = [coder for coder, _ in group.members]
        assert coders == sorted(set(coders))


@settings(max_examples=60)
@given(READS)
def test_pairs_of_two_coders_are_never_intransitive(given_: dict) -> None:
    of = corpus(
        [read(document, coder, rows) for (document, coder), rows in given_.items() if coder != "chloe"]
    )
    assert not any(group.intransitive for group in found(of))
