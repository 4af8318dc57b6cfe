"""Who is one voter, and which pairs of coders are compared."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from eventcode.reliability.voters import MACHINES_ONLY, MIXED, PERSONS, SELF, blocks, ordered, repeats, voters


@dataclass(frozen=True)
class Coder:
    """A coder as a card declares it."""

    id: str
    kind: str
    version: str | None = None
    voter: str | None = None


def coders(*made: Coder) -> dict[str, Coder]:
    """Coders by id."""
    return {coder.id: coder for coder in made}


def test_runs_of_one_model_are_one_voter_and_persons_never() -> None:
    found = voters(
        coders(
            Coder("run-1", "llm", "m-2025"), Coder("run-2", "llm", "m-2025"), Coder("other", "llm", "n-2025"),
            Coder("anna", "person", "t1"), Coder("ben", "person", "t1"),
        )
    )  # fmt: skip
    assert found == {"run-1": "m-2025", "run-2": "m-2025", "other": "other", "anna": "anna", "ben": "ben"}


def test_models_of_one_family_are_one_voter_where_the_card_says_so() -> None:
    found = voters(
        coders(
            Coder("large", "llm", "m-large", "m"),
            Coder("small", "llm", "m-small", "m"),
            Coder("again", "llm", "m-small"),
        )
    )
    assert set(found.values()) == {"m"}


def test_a_declared_voter_parts_machines_of_the_same_version() -> None:
    found = voters(
        coders(
            Coder("a", "rules", "1.0", "tagger"),
            Coder("b", "rules", "1.0", "parser"),
            Coder("c", "rules", "1.0"),
        )
    )
    assert found == {"a": "tagger", "b": "parser", "c": "c"}


def test_a_second_id_of_a_person_is_that_person() -> None:
    found = voters(coders(Coder("anna", "person"), Coder("anna-2", "person", None, "anna")))
    assert found["anna-2"] == found["anna"] == "anna"


def test_machines_of_different_kinds_share_a_version_and_stay_apart() -> None:
    found = voters(
        coders(
            Coder("a", "rules", "1.0"),
            Coder("b", "rules", "1.0"),
            Coder("c", "learned", "1.0"),
            Coder("d", "learned", "1.0"),
        )
    )
    assert found == {"a": "rules 1.0", "b": "rules 1.0", "c": "learned 1.0", "d": "learned 1.0"}


def test_machines_without_a_version_are_voters_alone() -> None:
    assert voters(coders(Coder("a", "llm"), Coder("b", "llm"))) == {"a": "a", "b": "b"}


def test_a_version_that_is_also_the_id_of_a_person_does_not_join_them() -> None:
    found = voters(coders(Coder("x", "llm", "anna"), Coder("y", "llm", "anna"), Coder("anna", "person")))
    assert found["x"] == found["y"] != found["anna"]


def test_pairs_are_laid_into_blocks_and_a_voter_with_itself_is_no_agreement() -> None:
    who = coders(
        Coder("anna", "person"), Coder("ben", "person"), Coder("run-1", "llm", "m"), Coder("run-2", "llm", "m"),
        Coder("rules", "rules", "1"), Coder("final", "adjudicated"), Coder("gedded", "imported"),
    )  # fmt: skip
    assert blocks(who) == {
        PERSONS: [("anna", "ben")],
        MACHINES_ONLY: [("rules", "run-1"), ("rules", "run-2")],
        MIXED: [
            ("anna", "rules"), ("anna", "run-1"), ("anna", "run-2"), ("ben", "rules"), ("ben", "run-1"), ("ben", "run-2"),
        ],
        SELF: [("run-1", "run-2")],
    }  # fmt: skip


KINDS = st.sampled_from(["person", "llm", "learned", "rules", "imported"])


@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=2),
        st.tuples(KINDS, st.sampled_from([None, "1", "2"])),
        max_size=6,
    )
)
def test_every_pair_of_coders_stands_in_one_block_at_most(kinds: dict[str, tuple[str, str | None]]) -> None:
    who = coders(*(Coder(key, kind, version) for key, (kind, version) in kinds.items()))
    pairs = [pair for block in blocks(who).values() for pair in block]
    assert len(pairs) == len(set(pairs))
    assert all(a < b for a, b in pairs)
    assert set(voters(who)) == set(who)


def test_lists_hold_repeats_and_sets_are_values() -> None:
    assert repeats(frozenset({"a", "b"})) == (frozenset({"a", "b"}),)
    assert repeats(["a", None, float("nan"), "b"]) == ("a", "b")


@given(st.permutations([frozenset("a"), frozenset("ab"), frozenset("b"), "a", "b", 2, 1, True]))
def test_values_of_every_sort_have_one_order(values: list[object]) -> None:
    assert ordered(values) == [True, frozenset("a"), frozenset("ab"), frozenset("b"), 1, 2, "a", "b"]
