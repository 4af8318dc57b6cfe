"""Do coders agree on who told it: sources, what each says of an event, and the columns derived from them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import coders_at_work
from coders_at_work import coding
from eventcode.codebook.load import load
from eventcode.pipeline import agree_shown
from eventcode.pipeline.agree_measure import World
from eventcode.pipeline.agree_settings import Plan
from eventcode.readings import Row
from eventcode.reliability import align, alpha
from eventcode.reliability.fields_derived import with_derived
from eventcode.reliability.fields_pairs import Comparison

DISARMAMENT = load("disarmament")
DOCUMENTS = [
    {"document_id": f"d{n}", "document_key": f"d{n}", "publisher": "gazette", "document_relation": "original"}
    for n in range(4)
]
OWN = {"key": "s0", "identity": "own_voice", "evidence": [{"start": 0, "end": 9}]}


def source(key: str, at: int, **values: Any) -> dict[str, Any]:
    """A named person with the given answers, whose cue stands at `at`."""
    return {
        "key": key, "identity": "named", "source_kind": "person", "source_name": f"Person {at}", "n_persons": 1, "n_persons_basis": "exact",
        "affiliations": ["government"], "medium": "interview", "evidence": [{"start": at, "end": at + 20}], **values,
    }  # fmt: skip


def told(*keys: str, stance: str = "asserts") -> list[dict[str, Any]]:
    """Support by some sources."""
    return [
        {"source": key, "stance": stance, "knowledge": "unknown", "quote_form": "indirect"} for key in keys
    ]


def world(*readings: tuple[str, str, list[Row], list[Row]]) -> World:
    """A corpus of (document, coder, sources, support rows of one coding)."""
    reads = []
    for document, coder, sources, support in readings:
        head = {"sources": sources, "codebook": "disarmament@1.0.1"}
        own = coders_at_work.read(
            document, coder, [coding("e1", "031", span=(0, 50), support=support)], **head
        )
        own.reading["document"] = document
        reads.append(own)
    found = replace(coders_at_work.corpus(reads), codebook=DISARMAMENT)
    return World(found, Plan(align.Settings()), DOCUMENTS, [])


def pairs(of: World, name: str) -> list[tuple[Any, Any]]:
    """What two coders answered to an item, pair by pair."""
    own: Comparison = next(c for c in of.comparisons() if c.item.name == name)
    chosen = own.chosen(of.blocks[0])
    return [
        (own.values[own.codes[i]], own.values[own.codes[j]]) for i, j in zip(chosen.a, chosen.b, strict=True)
    ]


def test_sources_are_paired_by_their_words_whatever_their_keys_and_order() -> None:
    ann = [source("s1", 100, medium="interview"), source("s2", 300, medium="statement")]
    bob = [source("a", 300, medium="statement"), source("b", 100, medium="speech")]
    of = world(("d0", "ann", ann, told("s1")), ("d0", "bob", bob, told("b")))
    assert sorted(pairs(of, "sources.medium")) == [("interview", "speech"), ("statement", "statement")]


def test_a_source_that_only_one_found_is_no_pair_and_lowers_the_coverage() -> None:
    of = world(("d0", "ann", [OWN, source("s1", 100)], told("s0")), ("d0", "bob", [OWN], told("s0")))
    own = next(c for c in of.comparisons() if c.item.name == "sources.identity")
    assert pairs(of, "sources.identity") == [("own_voice", "own_voice")]
    assert own.coverage(of.blocks[0]) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("field", "one", "other", "values"),
    [
        ("identity", "named", "anonymous", ("named", "anonymous")),
        ("source_kind", "person", "group", ("person", "group")),
        ("n_persons", 2, 10, (2.0, 10.0)),
        ("affiliations", ["government"], ["government", "armed_group"], ({"government"}, {"government", "armed_group"})),
        ("via", [], ["Reuters"], (set(), {"reuters"})),
        ("position", "unknown", "fighter", ("unknown", "fighter")),
    ],
)  # fmt: skip
def test_each_answer_about_a_source_is_compared(
    field: str, one: Any, other: Any, values: tuple[Any, Any]
) -> None:
    of = world(
        ("d0", "ann", [source("s1", 100, **{field: one})], told("s1")),
        ("d0", "bob", [source("s1", 100, **{field: other})], told("s1")),
    )
    assert pairs(of, f"sources.{field}") == [values]


def test_who_was_never_asked_why_a_source_is_unnamed_says_nothing() -> None:
    of = world(
        ("d0", "ann", [source("s1", 100)], told("s1")),
        ("d0", "bob", [source("s1", 100, identity="anonymous", anonymity="not_explained")], told("s1")),
    )
    assert pairs(of, "sources.anonymity") == []


def test_a_station_on_the_way_is_known_by_what_it_is_called() -> None:
    def own(relay: str) -> list[Row]:
        return [source(relay, 300, source_name="Sana Ali"), source("s9", 100, via=[relay])]

    of = world(("d0", "ann", own("s1"), told("s9")), ("d0", "bob", own("b7"), told("s9")))
    assert ({"sana ali"}, {"sana ali"}) in pairs(of, "sources.via")


def test_stance_is_compared_on_the_same_source_of_the_same_event() -> None:
    own = [source("s1", 100), source("s2", 300)]
    of = world(
        ("d0", "ann", own, [*told("s1"), *told("s2", stance="denies")]),
        ("d0", "bob", own, [*told("s2", stance="doubts"), *told("s1")]),
    )
    assert sorted(pairs(of, "support.stance")) == [("asserts", "asserts"), ("denies", "doubts")]


def test_support_by_different_sources_is_no_pair() -> None:
    own = [source("s1", 100), source("s2", 300)]
    of = world(("d0", "ann", own, told("s1")), ("d0", "bob", own, told("s2")))
    assert pairs(of, "support.stance") == []


def test_support_for_one_field_is_not_held_against_support_for_the_whole() -> None:
    own = [source("s1", 100)]
    of = world(("d0", "ann", own, told("s1")), ("d0", "bob", own, [{**told("s1")[0], "field": "date"}]))
    assert pairs(of, "support.stance") == []


def test_columns_are_derived_from_each_coders_own_sources() -> None:
    two = [source("s1", 100), source("s2", 300, identity="anonymous", anonymity="not_explained")]
    of = world(("d0", "ann", two, told("s1", "s2")), ("d0", "bob", two, told("s1")))
    assert pairs(of, "derived.n_sources") == [(2.0, 1.0)]
    assert pairs(of, "derived.n_anonymous_unexplained") == [(1.0, 0.0)]
    assert pairs(of, "derived.origins_max") == [(2.0, 1.0)]


def test_a_denial_makes_an_event_contested_for_that_coder_alone() -> None:
    own = [source("s1", 100), source("s2", 300)]
    of = world(
        ("d0", "ann", own, [*told("s1"), *told("s2", stance="denies")]), ("d0", "bob", own, told("s1"))
    )
    assert pairs(of, "derived.contested") == [(True, False)]


def test_derived_columns_replace_those_that_came_with_a_line() -> None:
    line = {
        "document": "d0", "coder": "ann", "codebook": "disarmament@1.0.1", "revision": 1, "status": "coded", "sources": [source("s1", 100)],
        "codings": [coding("e1", "031", span=(0, 50), support=told("s1"), n_sources=77)],
    }  # fmt: skip
    [found] = with_derived({(0, 0): line}, ["d0"], ["ann"], DISARMAMENT, DOCUMENTS, []).values()
    assert found["codings"][0]["n_sources"] == 1
    assert found["codings"][0]["support"][0]["party_to_event"] in (
        "no",
        "unknown",
        "yes",
        "partly",
        "party",
        "outside",
        "allied",
    )
    assert line["codings"][0]["n_sources"] == 77  # what was read stays as it is


def test_confusions_of_sources_point_to_their_words() -> None:
    of = world(
        ("d0", "ann", [source("s1", 100)], told("s1")),
        ("d0", "bob", [source("b1", 102, identity="anonymous", anonymity="not_explained")], told("b1")),
    )
    listed = [c for c in of.comparisons() if agree_shown.is_confused(c, DISARMAMENT)]
    found = {row.field: row for row in agree_shown.confusions(of, listed, of.blocks[0])}
    assert found["sources.identity"].values == ("anonymous", "named")
    [case] = found["sources.identity"].cases
    assert case.codings == ("ann/s1", "bob/b1")
    assert case.spans == ((100, 120), (102, 122))


def test_two_coders_who_agree_on_all_sources_have_an_alpha_of_one() -> None:
    own = [OWN, source("s1", 100), source("s2", 300, identity="anonymous", anonymity="not_explained")]
    of = world(*((f"d{n}", who, own, told("s1")) for n in range(3) for who in ("ann", "bob")))
    comparison = next(c for c in of.comparisons() if c.item.name == "sources.identity")
    assert alpha.alpha(comparison.units(of.blocks[0]), "nominal").estimate == 1
