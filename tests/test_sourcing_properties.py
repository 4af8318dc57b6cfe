"""What holds of the sourcing columns of any record."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from eventcode.sourcing import derive, explain, origins, party_to_event, render
from sourcing_tables import ACTORS, coding_of, page, says, tables

Row = dict[str, Any]
STANCES = ("asserts", "confirms", "claims_responsibility", "denies", "doubts", "declines_comment")
ORIGIN_COLUMNS = ("origins_min", "origins_max", "identification", "distance")


def some_source(pick: random.Random, key: str) -> Row:
    identity = pick.choice(("named", "anonymous", "anonymous", "own_voice"))
    if identity == "own_voice":
        return {"key": key, "identity": identity}
    words = "source_name" if identity == "named" else "source_descriptor"
    choices: dict[str, tuple[Any, ...]] = {
        "source_kind": ("person", "group", "organization", "imagery"),
        words: ("Ali", "ALI ", "an aide", "guards"),
        "affiliations": (None, ["armed_group"], ["government"], ["armed_group", "government"], ["unknown"]),
        "affiliation_actors": (None, ["river"], ["hill"], ["river", "cabinet"], ["neighbour"]),
        "speaks_for": (None, None, "cabinet", "river"),
        "tenure": (None, "current", "former"),
        "part_of": (None, None, "s0", "s1"),
        "part_of_basis": (None, "yes", "cannot_tell"),
        "via": (None, None, ["wire"], ["s0"], ["Minister", "wire"]),
    }
    anonymity = pick.choice((None, "stated_reason", "not_explained")) if identity == "anonymous" else None
    drawn = {name: pick.choice(found) for name, found in choices.items()}
    return {"key": key, "identity": identity, "anonymity": anonymity, **drawn}


def some_page(pick: random.Random, key: str) -> Row:
    sources = [some_source(pick, f"s{number}") for number in range(pick.randrange(5))]
    keys = [source["key"] for source in sources] or ["s9"]
    return page(
        key,
        *sources,
        support=[some_support(pick, keys) for _ in range(pick.randrange(7))],
        publisher=pick.choice((None, "p1", "P1.", "p2")),
        relation=pick.choice((None, "original", "rewrite", "reprint", "cites")),
        relation_of=pick.choice((None, "a", "b", "p1")),
        duplicate_of=pick.choice((None, None, None, None, "a")) if key != "a" else None,
        participants=[some_participant(pick) for _ in range(pick.randrange(3))],
        date_start=pick.choice((None, "2025-05-03")),
    )


def some_support(pick: random.Random, keys: list[str]) -> Row:
    more = {"knowledge": pick.choice((None, "eyewitness")), "field": pick.choice((None, None, "date"))}
    return says(pick.choice(keys), pick.choice((*STANCES, "asserts")), **more)


def some_participant(pick: random.Random) -> Row:
    actor = pick.choice((None, "river", "front", "cabinet"))
    role = pick.choice(("actor", "recipient", "about"))
    return {"role": role, "actor_id": actor, "member_of": pick.choice((None, "front"))}


def some_record(seed: int, keys: str) -> tuple[Row, ...]:
    pick = random.Random(seed)
    return tuple(some_page(pick, key) for key in keys)


SEEDS = st.integers(0, 2**32)
RECORDS = st.builds(some_record, SEEDS, st.sampled_from(("a", "ab", "abc")))
OTHERS = st.builds(some_page, SEEDS.map(random.Random), st.just("z"))
many = settings(deadline=None, max_examples=150)


def columns(found: tuple[Row, ...] | list[Row]) -> Row:
    return derive(tables(*found), {"r": [coding_of(one) for one in found]}, ACTORS)["r"]


@given(RECORDS)
@many
def test_the_counts_agree_with_each_other(record: tuple[Row, ...]) -> None:
    row = columns(record)
    counted = row["n_named"] + row["n_anonymous_stated"] + row["n_anonymous_unexplained"]
    assert 0 <= row["origins_min"] <= row["origins_max"] <= row["n_sources"]
    assert (row["origins_min"] == 0) == (row["n_sources"] == 0) == (row["identification"] == "none")
    assert counted <= row["n_sources"]
    assert row["contested"] == (row["n_sources"] > 0 and row["n_denying"] > 0)
    assert row["n_articles"] == len(record) >= (row["n_outlets"] or 0)


@given(RECORDS, st.randoms(use_true_random=False))
@many
def test_the_order_of_rows_does_not_matter(record: tuple[Row, ...], order: random.Random) -> None:
    rows = tables(*record)
    mixed = {name: order.sample(table, len(table)) for name, table in rows.items()}
    codings = [coding_of(one) for one in record]
    assert explain(mixed, "r", codings[::-1], ACTORS) == explain(rows, "r", codings, ACTORS)
    assert party_to_event(mixed, ACTORS) == party_to_event(rows, ACTORS)


@given(RECORDS)
@many
def test_a_denial_never_changes_the_origins(record: tuple[Row, ...]) -> None:
    denier = {"key": "d", "identity": "named", "source_kind": "person", "source_name": "Ali"}
    first, *rest = record
    told = {
        **first,
        "sources": [*first["sources"], denier],
        "support": [*first["support"], says("d", "denies")],
    }
    before, after = columns(record), columns([told, *rest])
    assert [before[name] for name in ORIGIN_COLUMNS] == [after[name] for name in ORIGIN_COLUMNS]
    assert after["n_denying"] == before["n_denying"] + 1


@given(RECORDS, st.data())
@many
def test_a_duplicate_of_a_page_never_adds_an_origin(record: tuple[Row, ...], data: st.DataObject) -> None:
    of = data.draw(st.sampled_from(record))
    twin = {**of, "key": "z", "duplicate_of": of["key"], "relation_of": None}
    before, after = columns(record), columns([*record, twin])
    assert (after["origins_min"], after["origins_max"]) == (before["origins_min"], before["origins_max"])


@given(RECORDS, OTHERS, st.data())
@many
def test_a_page_marked_as_a_duplicate_adds_none_at_the_most_however_it_was_read(
    record: tuple[Row, ...], other: Row, data: st.DataObject
) -> None:
    of = data.draw(st.sampled_from(record))
    twin = {**other, "duplicate_of": of["key"]}
    spoke = {source["key"] for source in of["sources"] if source["identity"] != "own_voice"}
    assume(any(row["stance"] in STANCES[:3] and row["source"] in spoke for row in of["support"]))
    assert columns([*record, twin])["origins_max"] <= columns(record)["origins_max"]


@given(RECORDS)
@many
def test_every_affirming_source_is_in_one_origin_or_left_out(record: tuple[Row, ...]) -> None:
    codings = [coding_of(one) for one in record]
    found = origins(tables(*record), codings, ACTORS)
    for classes in (found.minimum, found.maximum):
        members = [name for origin in classes for name in origin.sources]
        assert len(members) == len(set(members))
        assert len(members) + len(found.left_out) == columns(record)["n_sources"]


@given(RECORDS)
@many
def test_every_explanation_can_be_printed(record: tuple[Row, ...]) -> None:
    told = explain(tables(*record), "r", [coding_of(one) for one in record], ACTORS)
    assert all(edge.why for edge in told.origins.edges)
    assert render(told).startswith("r: ")
