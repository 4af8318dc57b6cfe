"""Who told the reporter: origins, parties to the event, and the summary columns."""

from __future__ import annotations

from typing import Any

import pytest

from eventcode.sourcing import derive, explain, origins, render
from eventcode.tables import SOURCING
from sourcing_tables import ACTORS, anonymous, body, coding_of, named, of, own, page, says, tables

Row = dict[str, Any]
GOVERNMENT = {"affiliations": ["government"]}
CABINET = {"affiliations": ["government"], "affiliation_actors": ["cabinet"]}
RIVER = {"affiliations": ["armed_group"], "affiliation_actors": ["river"]}
HILL = {"affiliations": ["armed_group"], "affiliation_actors": ["hill"]}
MILITIA = {"affiliations": ["armed_group"]}
DID = {"role": "actor", "actor_id": "river"}


def columns(*pages: Row) -> Row:
    return derive(tables(*pages), {"r": [coding_of(one) for one in pages]}, ACTORS)["r"]


def interval(*pages: Row) -> tuple[int, int]:
    row = columns(*pages)
    return row["origins_min"], row["origins_max"]


def reasons(*pages: Row) -> set[tuple[str, bool]]:
    edges = origins(tables(*pages), [coding_of(one) for one in pages], ACTORS).edges
    return {(edge.reason, edge.certain) for edge in edges}


# ── origins ───────────────────────────────────────────────────────────────────────────────────────────────────────────

ONE_PAGE = [
    ("two people", [named("s1", "Ali Hasan"), named("s2", "Omar Said")], (2, 2)),
    ("one name printed twice", [named("s1", "Ali Hasan"), named("s2", "ALI  HASAN")], (1, 1)),
    ("two spokespersons of one body", [named("s1", "A", speaks_for="cabinet"), named("s2", "B", speaks_for="cabinet")], (1, 1)),
    ("a body and its spokesperson", [body("s1", "Cabinet", **CABINET), named("s2", "B", speaks_for="cabinet")], (1, 1)),
    ("a body and one who only belongs to it", [body("s1", "Cabinet", **CABINET), named("s2", "B", **CABINET)], (2, 2)),
    ("one of the group", [anonymous("s1", "ten"), named("s2", "B", part_of="s1", part_of_basis="yes")], (1, 1)),
    ("perhaps one of the group", [anonymous("s1", "ten"), named("s2", "B", part_of="s1", part_of_basis="cannot_tell")], (1, 2)),
    ("part of nothing that is there", [named("s1", "A", part_of="s9", part_of_basis="yes"), named("s2", "B")], (2, 2)),
    ("part of itself", [named("s1", "A", part_of="s1", part_of_basis="yes"), named("s2", "B")], (2, 2)),
    ("two told by one person", [named("s1", "A", via=["s3"]), named("s2", "B", via=["s3"]), named("s3", "Mayor")], (1, 1)),
    ("two told by one listed person", [named("s1", "A", via=["minister"]), named("s2", "B", via=["Minister"])], (1, 1)),
    ("two told by one outlet", [named("s1", "A", via=["wire"]), named("s2", "B", via=["wire"])], (2, 2)),
    ("a person further down the path", [named("s1", "A", via=["wire", "minister"]), named("s2", "B", via=["minister"])], (2, 2)),
    ("anonymous of one actor, one outlet", [anonymous("s1", "x", **RIVER), anonymous("s2", "y", **RIVER)], (1, 1)),
    ("anonymous of one actor, two outlets", [anonymous("s1", "x", **RIVER, via=["b"]), anonymous("s2", "y", **RIVER)], (1, 2)),
    ("anonymous of two actors", [anonymous("s1", "x", **RIVER), anonymous("s2", "y", **HILL)], (2, 2)),
    ("anonymous of one affiliation", [anonymous("s1", "x", **MILITIA), anonymous("s2", "y", **MILITIA)], (1, 1)),
    ("anonymous of two affiliations", [anonymous("s1", "x", **MILITIA), anonymous("s2", "y", **GOVERNMENT)], (2, 2)),
    ("one with an actor, one without", [anonymous("s1", "x", **RIVER), anonymous("s2", "y", **MILITIA)], (1, 2)),
    ("anonymous of whom nothing is known", [anonymous("s1", "x"), anonymous("s2", "y", affiliations=["unknown"])], (1, 2)),
    ("one unknown, one known, on one page", [anonymous("s1", "x", **RIVER), anonymous("s2", "an American source")], (2, 2)),
    ("a post and a person, both unknown", [anonymous("s1", "x"), anonymous("s2", "posts", source_kind="social_media")], (2, 2)),
    ("own voice beside a source", [own(), named("s1", "A")], (1, 1)),
    ("own voice alone", [own()], (1, 1)),
    ("nobody", [], (0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("case", "sources", "expected"), ONE_PAGE, ids=[case for case, *_ in ONE_PAGE])
def test_the_origins_of_one_page(case: str, sources: list[Row], expected: tuple[int, int]) -> None:
    assert interval(page("a", *sources)) == expected


def test_a_source_that_fits_two_classes_joins_one_and_does_not_make_them_one() -> None:
    three = [anonymous("s1", "x", **RIVER), anonymous("s2", "y", **HILL), anonymous("s3", "z", **MILITIA)]
    assert interval(page("a", *three)) == (2, 3)


def test_two_members_of_a_group_that_does_not_affirm_are_one_origin() -> None:
    member = {"part_of": "s1", "part_of_basis": "yes"}
    sources = [anonymous("s1", "ten"), named("s2", "A", **member), named("s3", "B", **member)]
    assert interval(page("a", *sources, support=[says("s2"), says("s3")])) == (1, 1)


def test_anonymous_sources_on_a_page_that_is_no_original_spoke_to_an_unknown_outlet() -> None:
    two = [anonymous("s1", "x", **RIVER), anonymous("s2", "y", **RIVER)]
    assert interval(page("a", *two, relation="rewrite")) == (1, 2)


def test_an_unknown_source_may_be_the_known_one_of_another_page() -> None:
    assert interval(page("a", anonymous("s1", "x", **RIVER)), page("b", anonymous("s1", "a source"))) == (
        1,
        2,
    )


def test_on_scene_staff_count_beside_others_and_other_own_voice_does_not() -> None:
    seen = page("a", own(), named("s1", "A"), support=[says("s0", knowledge="eyewitness"), says("s1")])
    assert interval(seen) == (2, 2)
    assert interval(seen, page("b", own())) == (2, 2)


def test_on_scene_staff_of_two_publishers_are_two_origins_and_of_an_unknown_one_perhaps_the_same() -> None:
    def seen(key: str, **more: Any) -> Row:
        return page(key, own(), support=[says("s0", knowledge="eyewitness")], **more)

    assert interval(seen("a"), seen("b")) == (2, 2)
    assert interval(seen("a"), seen("b", publisher="A")) == (1, 1)
    assert interval(seen("a"), seen("b"), seen("c", publisher=None)) == (2, 3)


def test_pages_that_name_nobody_may_be_one_origin() -> None:
    assert interval(page("a", own()), page("b", own()), page("c", own(), publisher="b")) == (1, 2)


# ── copies ────────────────────────────────────────────────────────────────────────────────────────────────────────────

THREE = [named("s1", "A"), anonymous("s2", "a guard", **MILITIA), anonymous("s3", "an aide", **GOVERNMENT)]
OTHERS = [named("s1", "Z"), anonymous("s2", "somebody", **HILL)]
COPIES = [
    ("a duplicate", THREE, {"duplicate_of": "a"}, (3, 3)),
    ("a reprint", THREE, {"relation": "reprint", "relation_of": "a"}, (3, 3)),
    ("a rewrite", THREE, {"relation": "rewrite", "relation_of": "a"}, (3, 3)),
    ("a duplicate read differently", OTHERS, {"duplicate_of": "a"}, (3, 3)),
    ("a rewrite with other people", OTHERS, {"relation": "rewrite", "relation_of": "a"}, (3, 5)),
    (
        "a rewrite of the same outlet's text",
        OTHERS,
        {"relation": "rewrite", "relation_of": "Delta Press"},
        (3, 5),
    ),
    ("a page that cites it", OTHERS, {"relation": "cites", "relation_of": "a"}, (4, 5)),
    ("the same page, read again", OTHERS, {"key": "a", "reading": "r2"}, (3, 3)),
]


@pytest.mark.parametrize(("case", "sources", "more", "expected"), COPIES, ids=[case for case, *_ in COPIES])
def test_a_copy_adds_no_origin(case: str, sources: list[Row], more: Row, expected: tuple[int, int]) -> None:
    first = page("a", *THREE, publisher="Delta Press")
    assert interval(first, {**page("b", *sources), **more}) == expected


def test_a_ring_of_copies_is_one_family() -> None:
    pages = [page(k, named("s1", k), duplicate_of=other) for k, other in (("a", "b"), ("b", "a"), ("c", "a"))]
    assert interval(*pages) == (1, 1)


def test_two_rewrites_of_one_outlet_may_be_one_text() -> None:
    wire = {"relation": "rewrite", "relation_of": "Delta Press"}
    pages = page("a", named("s1", "A"), **wire), page("b", named("s1", "B"), **wire)
    assert interval(*pages) == (1, 2)
    assert reasons(*pages) == {("wire", False)}


# ── summary columns ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_columns_are_those_of_the_table_in_their_order() -> None:
    assert list(columns(page("a", named("s1", "A")))) == list(SOURCING)


def test_who_is_counted() -> None:
    sources = [
        own(), named("s1", "A"), body("s2", "Police"), anonymous("s3", "x", anonymity="stated_reason"),
        anonymous("s4", "y", anonymity="stated_no_reason"), anonymous("s5", "z"), named("s6", "F"), named("s7", "G"),
    ]  # fmt: skip
    support = [
        *(says(f"s{n}") for n in range(6)),
        says("s6", "denies"),
        says("s7", "declines_comment"),
        says("s1", "confirms"),
    ]
    row = columns(
        page("a", *sources, support=support),
        page("b", own(), publisher="A"),
        page("c", own(), publisher=None),
    )
    names = (
        "n_articles",
        "n_outlets",
        "n_sources",
        "n_named",
        "n_anonymous_stated",
        "n_anonymous_unexplained",
        "n_denying",
    )
    assert [row[name] for name in names] == [3, 1, 8, 2, 2, 1, 1]
    assert row["contested"] is True


def test_no_known_publisher_leaves_the_number_of_outlets_unknown() -> None:
    assert columns(page("a", own(), publisher=None))["n_outlets"] is None


@pytest.mark.parametrize(
    ("field", "stance", "expected"),
    [
        (None, "denies", (1, True)), ("realis", "denies", (1, True)), ("n_dead", "denies", (0, False)),
        (None, "doubts", (0, False)),
    ],
)  # fmt: skip
def test_only_who_denies_the_record_contests_it(
    field: str | None, stance: str, expected: tuple[int, bool]
) -> None:
    support = [says("s1"), says("s2", stance, field=field)]
    row = columns(page("a", named("s1", "A"), named("s2", "B"), support=support))
    assert (row["n_denying"], row["contested"]) == expected


def test_who_affirms_one_field_affirms_the_record() -> None:
    two = [named("s1", "A"), named("s2", "B")]
    assert interval(page("a", *two, support=[says("s1", field="date"), says("s2", field="n_dead")])) == (2, 2)


IDENTIFICATION = [
    ([], "none"), ([own()], "own_voice_only"), ([anonymous("s1", "x", **RIVER), anonymous("s2", "y")], "anonymous_only"),
    ([anonymous("s1", "x"), body("s2", "Police")], "mixed"), ([named("s1", "A"), own()], "one_named"),
    ([named("s1", "A"), named("s2", "B")], "several_named"),
    ([anonymous("s1", "x", speaks_for="cabinet"), named("s2", "B", speaks_for="cabinet")], "one_named"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sources", "expected"), IDENTIFICATION, ids=[expected for _, expected in IDENTIFICATION]
)
def test_identification(sources: list[Row], expected: str) -> None:
    assert columns(page("a", *sources))["identification"] == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [(None, "own_voice_only"), (anonymous("s1", "x"), "mixed"), (named("s1", "A"), "several_named")],
)  # fmt: skip
def test_on_scene_staff_count_as_named_beside_others(other: Row | None, expected: str) -> None:
    sources = [own()] if other is None else [own(), other]
    support = [says(source["key"], knowledge="eyewitness") for source in sources]
    assert columns(page("a", *sources, support=support))["identification"] == expected


def outsider(number: int) -> Row:
    return named(f"o{number}", f"O{number}", **of("neighbour"))


INDEPENDENCE = [
    ("none", [], None),
    ("deniers_only", [named("s1", "A")], [says("s1", "denies")]),
    ("deniers_only", [named("s1", "A")], [says("s1", "declines_comment")]),
    ("own_voice_only", [own()], None),
    ("party_only", [named("s1", "A", **RIVER), named("s2", "B", **of("guards"))], None),
    ("one_outside", [named("s1", "A", **RIVER), outsider(1)], None),
    ("several_outside", [outsider(1), outsider(2), named("s1", "somebody")], None),
    ("unknown", [named("s1", "somebody"), named("s2", "A", **RIVER)], None),
    ("unknown", [named("s1", "somebody"), outsider(1)], None),
    ("party_only", [named("s1", "A", **RIVER), named("s2", "A", **of("neighbour"))], None),
    ("party_only", [named("s1", "A", **RIVER), named("s2", "A")], None),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "sources", "support"), INDEPENDENCE)
def test_independence(expected: str, sources: list[Row], support: list[Row] | None) -> None:
    assert columns(page("a", *sources, support=support, participants=[DID]))["independence"] == expected


DISTANCE = [
    ("direct", page("a", named("s1", "A"), named("s2", "B", via=["wire"]))),
    ("relayed", page("a", named("s1", "A", via=["wire"]), own())),
    ("unknown", page("a", named("s1", "A"), relation="rewrite")),
    ("unknown", page("a", named("s1", "A"), named("s2", "B", via=["wire"]), relation=None)),
    ("relayed", page("a", named("s1", "A", via=["wire"]), relation="rewrite")),
    ("unknown", page("a", named("s1", "A"), support=[says("s1", "denies")])),
    ("direct", page("a", own())),
]


@pytest.mark.parametrize(("expected", "one"), DISTANCE)
def test_distance(expected: str, one: Row) -> None:
    assert columns(one)["distance"] == expected


def test_a_support_row_of_no_known_source_is_left_out() -> None:
    assert columns(page("a", named("s1", "A"), support=[says("s1"), says("s9")]))["n_sources"] == 1


def test_an_unknown_coding_is_a_bug() -> None:
    with pytest.raises(KeyError):
        derive(tables(), {"r": ["no such coding"]}, ACTORS)


# ── the explanation ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_explanation_says_why_two_sources_are_one() -> None:
    sources = [
        own(), anonymous("s1", "ten commanders and officials", source_kind="group", affiliations=["armed_group", "government"]),
        anonymous("s2", "one commander", **RIVER, part_of="s1", part_of_basis="cannot_tell"),
        named("s3", "Farhad Karim", **CABINET, via=["Delta Press"]), named("s4", "Lina Aziz"), named("s5", "Omar Said"),
    ]  # fmt: skip
    support = [*(says(f"s{n}") for n in range(4)), says("s4", "denies"), says("s5", "doubts", field="date")]
    one = page("a", *sources, support=support, participants=[DID])
    assert render(explain(tables(one), "a/e1", [coding_of(one)], ACTORS)) == EXPLAINED


EXPLAINED = """\
a/e1: 2 to 3 origins (method 1)
  identification mixed · independence one_outside · distance direct
  1 article · 1 known outlet · 4 affirming sources · 1 denying · contested

Origin 1, anonymous
  s1  “ten commanders and officials” · anonymous · asserts · party: unknown
  s2  “one commander” · anonymous · asserts · party: actor
    s1 = s2: both belong to one group: ten commanders and officials; it cannot be told, so at the
      least only

Origin 2, named
  s3  Farhad Karim · named · asserts · via Delta Press · party: no

At the most 3 origins, if all that cannot be told is apart
  1  s1
  2  s2
  3  s3

Not counted: own voice, where there are other origins
  s0  the page's own voice · asserts · party: no

Denying
  s4  Lina Aziz · named · denies · party: unknown

Neither affirming nor denying the record
  s5  Omar Said · named · doubts (date) · party: unknown
"""
