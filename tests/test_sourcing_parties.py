"""Whether a source is a party to the event."""

from __future__ import annotations

from typing import Any

import pytest

from eventcode.errors import CodebookError
from eventcode.sourcing import party_to_event
from sourcing_tables import ACTORS, actor, named, of, page, tables

Row = dict[str, Any]
DID = {"role": "actor", "actor_id": "river"}


def party(source: Row, *participants: Row, when: Any = "2025-05-03") -> str:
    one = page(
        "a", {**named("s1", "A"), **source}, participants=list(participants), date_start=when, date_end=when
    )
    (value,) = party_to_event(tables(one), ACTORS).values()
    return value


TO_STATE = {"role": "recipient", "actor_id": "state"}
PARTIES = [
    ("the actor itself", of("river"), [DID, TO_STATE], "actor"),
    ("who speaks for the actor", {"speaks_for": "river"}, [DID], "actor"),
    ("an organ of the recipient", of("cabinet"), [DID, TO_STATE], "recipient"),
    ("whom it concerns", of("hill"), [TO_STATE, {"role": "about", "actor_id": "hill"}], "about"),
    ("the whole of which the actor is a member", of("front"), [DID], "actor"),
    ("the nearest tie counts", of("cabinet"), [{"role": "actor", "actor_id": "state"}, {"role": "about", "actor_id": "cabinet"}], "about"),
    ("with equal ties the actor comes first", of("cabinet"), [TO_STATE, {"role": "actor", "actor_id": "state"}], "actor"),
    ("any actor of a joint source", {"affiliation_actors": ["neighbour", "river"]}, [DID], "actor"),
    ("the sponsor", of("guards"), [DID], "allied"),
    ("the whole of the sponsor", of("sponsor"), [DID], "allied"),
    ("the client", of("coast"), [{"role": "actor", "actor_id": "guards"}], "allied"),
    ("a fellow member of a coalition", of("hill"), [DID], "allied"),
    ("a member, where some member did it", of("hill"), [{"role": "actor", "member_of": "front"}], "allied"),
    ("the coalition, where some member did it", of("front"), [{"role": "actor", "member_of": "front"}], "actor"),
    ("two organs of one state", of("cabinet"), [{"role": "actor", "actor_id": "army"}], "unknown"),
    ("two clients of one sponsor", of("coast"), [DID], "unknown"),
    ("an organ of the sponsor's state", of("embassy"), [DID], "unknown"),
    ("a fellow member of an intergovernmental organization", of("neighbour"), [{"role": "actor", "actor_id": "sponsor"}], "no"),
    ("somebody else", of("neighbour"), [DID, TO_STATE], "no"),
    ("somebody else, where a participant is missing", of("neighbour"), [DID, {"role": "recipient"}], "unknown"),
    ("a party, where another participant is missing", of("river"), [DID, {"role": "recipient"}], "actor"),
    ("an actor that is in no list", of("nobody"), [DID], "unknown"),
    ("a source without actors", {"affiliations": ["civilian"]}, [DID], "unknown"),
    ("a record without participants", of("river"), [], "unknown"),
    ("a former fighter", {**of("river"), "tenure": "former"}, [DID], "no"),
    ("own voice", {"identity": "own_voice"}, [DID, {"role": "recipient"}], "no"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "source", "participants", "expected"), PARTIES, ids=[case for case, *_ in PARTIES]
)
def test_whether_a_source_is_a_party(case: str, source: Row, participants: list[Row], expected: str) -> None:
    assert party(source, *participants) == expected


@pytest.mark.parametrize(
    ("when", "expected"), [("2019-12-31", "no"), ("2020-01-01", "actor"), ("2024-06-30", "actor"), ("2024-07-01", "no"), (None, "actor")]
)  # fmt: skip
def test_a_tie_counts_only_while_it_holds(when: str | None, expected: str) -> None:
    assert party(of("minister"), {"role": "actor", "actor_id": "cabinet"}, when=when) == expected


def test_a_date_of_a_tie_that_cannot_be_read_is_refused_with_its_place() -> None:
    broken = {"a": actor("a", ("b", "member_of", "lately", "")), "b": actor("b")}
    with pytest.raises(CodebookError, match="actor a, member_of b: `from`: 'lately' is no date"):
        party_to_event(tables(page("a", named("s1", "A"))), broken)
