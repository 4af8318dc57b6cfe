"""Sources are paired by where their cue stands and by what they are called, before anything else about them is compared."""

from __future__ import annotations

from typing import Any

from coders_at_work import corpus, keys, read
from eventcode.reliability import align
from eventcode.reliability.records import Corpus

SETTINGS = align.Settings()


def source(key: str, span: tuple[int, int] | None = None, **more: Any) -> dict[str, Any]:
    """A source with its cue."""
    return {"key": key, **({"evidence": [{"start": span[0], "end": span[1]}]} if span else {}), **more}


def two(anna: list[dict], ben: list[dict]) -> Corpus:
    return corpus([read("d", "anna", sources=anna), read("d", "ben", sources=ben)])


def paired(of: Corpus, leave_out: str | None = None) -> set[tuple[str, str, str]]:
    return keys(of, align.align_sources(of, SETTINGS, leave_out).pairs, "sources")


def test_sources_are_paired_by_their_cue() -> None:
    of = two(
        [source("s1", (0, 40)), source("s2", (100, 140))], [source("s1", (100, 130)), source("s2", (0, 40))]
    )
    assert paired(of) == {("d", "anna/s1", "ben/s2"), ("d", "anna/s2", "ben/s1")}


def test_sources_are_paired_by_name_in_whatever_spelling() -> None:
    of = two(
        [source("s1", source_name="M. Okoro"), source("s2", source_name="J. Haddad")],
        [source("s1", source_name="j  haddad"), source("s2", source_name="Okoro, M.")],
    )
    assert paired(of) == {("d", "anna/s1", "ben/s2"), ("d", "anna/s2", "ben/s1")}


def test_the_descriptor_serves_where_there_is_no_name_and_may_be_longer() -> None:
    of = two(
        [source("s1", source_descriptor="a senior officer of the brigade")],
        [source("s1", source_descriptor="senior officer", source_name="A. Nur")],
    )
    assert paired(of) == {("d", "anna/s1", "ben/s1")}


def test_one_name_and_one_descriptor_cannot_be_compared() -> None:
    assert (
        paired(two([source("s1", source_name="A. Nur")], [source("s1", source_descriptor="A. Nur")])) == set()
    )


def test_two_anonymous_sources_of_one_descriptor_are_told_apart_by_their_cues() -> None:
    told = {"source_descriptor": "an official"}
    of = two(
        [source("s1", (0, 40), **told), source("s2", (100, 140), **told)],
        [source("s1", (100, 140), **told), source("s2", (0, 40), **told)],
    )
    assert paired(of) == {("d", "anna/s1", "ben/s2"), ("d", "anna/s2", "ben/s1")}


def test_the_organisation_counts_too() -> None:
    of = two([source("s1", affiliation_actors=["gov"])], [source("s1", speaks_for="gov")])
    assert paired(of) == {("d", "anna/s1", "ben/s1")}
    assert paired(of, "affiliation_actors") == set()


def test_what_kind_of_source_it_is_pairs_nothing() -> None:
    """Identity, kind and number are what is scored."""
    alike = {"identity": "own_voice", "source_kind": "person", "n_persons": 1}
    assert paired(two([source("s0", **alike)], [source("s0", **alike)])) == set()


def test_the_scored_field_is_left_out() -> None:
    of = two([source("s1", (0, 40), source_name="A. Nur")], [source("s1", (60, 90), source_name="A. Nur")])
    assert align.align_sources(of, SETTINGS).pairs.similarity.tolist() == [0.35 / 0.85]
    assert paired(of, "source_name") == set()


def test_who_names_no_sources_has_none_to_pair() -> None:
    found = align.align_sources(two([source("s1", (0, 9)), source("s2", (20, 29))], []), SETTINGS)
    assert (len(found.pairs), found.n_a.tolist(), found.n_b.tolist(), found.coverage()) == (0, [2], [0], 0.0)
