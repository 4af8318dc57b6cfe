"""Codings are paired by what says which event they tell, best overall, and whatever order they come in."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coders_at_work import TYPES, at_random, coding, corpus, keys, read
from eventcode.errors import EventcodeError
from eventcode.readings import Coder
from eventcode.reliability import align
from eventcode.reliability.alpha import alpha
from eventcode.reliability.records import Corpus
from eventcode.reliability.units import MISSING, Units

SETTINGS = align.Settings()


def paired(of: Corpus, **more: object) -> set[tuple[str, str, str]]:
    """What is paired, by document, coder and key."""
    return keys(of, align.align(of, SETTINGS, **more).pairs)  # type: ignore[arg-type]


def type_units(of: Corpus, alignment: align.Alignment) -> Units:
    """The event types of all pairs."""
    pairs = alignment.pairs
    codes = np.full((len(pairs), len(of.coders)), MISSING)
    for coder, at in ((pairs.coder_a, pairs.i), (pairs.coder_b, pairs.j)):
        said = [
            of.readings[d, c]["codings"][i]["event_type"]
            for d, c, i in zip(pairs.document.tolist(), coder.tolist(), at.tolist(), strict=True)
        ]
        codes[np.arange(len(pairs)), coder] = [list(TYPES).index(one) for one in said]
    return Units(codes, tuple(TYPES), pairs.document, pairs.weight * of.weights[pairs.document], of.coders)


# ── one table of similarities ──


def test_the_best_pairing_is_not_the_most_similar_pair_first() -> None:
    table = [[0.9, 0.8], [0.8, 0.1]]
    assert align.assign(table, 0.3) == [(0, 1), (1, 0)]
    assert align.align_matrices([table], 0.3).gain(0.3) == pytest.approx(1.0)


def test_a_pair_no_more_alike_than_theta_is_none() -> None:
    assert align.assign([[0.4, 0.2]], 0.4) == []
    assert align.assign([[0.41, 0.2]], 0.4) == [(0, 0)]


def test_a_sum_that_misses_theta_by_its_last_digit_does_not_pass_it() -> None:
    assert 0.1 + 0.2 > 0.3
    assert align.assign([[0.1 + 0.2]], 0.3) == []
    assert align.assign([[0.1]], 1 - 0.9) == []


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_nothing_is_paired_with_nothing(shape: tuple[int, int]) -> None:
    assert align.assign(np.zeros(shape), 0.3) == []


def test_of_equal_pairings_the_one_in_the_order_of_both_sides_is_taken() -> None:
    assert align.assign(np.full((3, 3), 0.8), 0.3) == [(0, 0), (1, 1), (2, 2)]
    assert align.assign(np.full((2, 4), 0.8), 0.3) == [(0, 0), (1, 2)]


def test_a_table_with_nan_or_of_another_shape_is_refused() -> None:
    with pytest.raises(EventcodeError, match="an infinite number"):
        align.assign([[np.inf, 1.0], [1.0, 0.0]], 0.4)
    with pytest.raises(EventcodeError, match="holds NaN") as caught:
        align.assign([[np.nan]], 0.3)
    assert caught.value.hint == "give 0 where two codings are not alike"
    with pytest.raises(EventcodeError, match="3 dimensions"):
        align.assign(np.zeros((1, 1, 1)), 0.3)


TABLES = st.tuples(st.integers(0, 4), st.integers(0, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.sampled_from([0, 0.1, 0.35, 0.5, 0.55, 0.9, 1]))
)


def brute(table: np.ndarray, theta: float) -> float:
    """The best gain, by trying every pairing."""
    n, m = table.shape
    if n > m:
        return brute(table.T, theta)
    gains = [sum(max(table[i, j] - theta, 0) for i, j in enumerate(of)) for of in permutations(range(m), n)]
    return max(gains, default=0.0)


@given(TABLES, st.sampled_from([0.0, 0.3, 0.4, 0.5]))
def test_no_other_pairing_gains_more(table: np.ndarray, theta: float) -> None:
    found = align.align_matrices([table], theta)
    assert found.gain(theta) == pytest.approx(brute(table, theta), abs=1e-9)
    assert len(set(found.rows.tolist())) == len(set(found.columns.tolist())) == len(found.rows)
    assert (found.similarity > theta).all()


@given(st.lists(TABLES, max_size=5))
def test_many_tables_at_once_are_paired_as_one_by_one(tables: list[np.ndarray]) -> None:
    found = align.align_matrices(tables, 0.3)
    at_once = zip(found.blocks.tolist(), found.rows.tolist(), found.columns.tolist(), strict=True)
    assert list(at_once) == [(b, i, j) for b, table in enumerate(tables) for i, j in align.assign(table, 0.3)]


def test_tables_of_one_shape_may_be_one_array() -> None:
    tables = np.random.default_rng(1).random((50, 5, 6))
    whole, single = align.align_matrices(tables, 0.4), align.align_matrices(list(tables), 0.4)
    assert np.array_equal(whole.rows, single.rows)
    assert np.array_equal(whole.columns, single.columns)


@given(TABLES)
def test_the_higher_theta_the_fewer_pairs(table: np.ndarray) -> None:
    counts = [len(align.assign(table, theta)) for theta in (0.3, 0.4, 0.5)]
    assert counts == sorted(counts, reverse=True)


# ── codings ──


def two(anna: list[dict], ben: list[dict]) -> Corpus:
    """Two coders' codings of one document."""
    return corpus([read("d", "anna", anna), read("d", "ben", ben)])


def test_codings_are_paired_by_where_their_evidence_stands() -> None:
    of = two(
        [coding("a1", span=(0, 100)), coding("a2", span=(200, 300))],
        [coding("b1", span=(210, 300)), coding("b2", span=(0, 90))],
    )
    assert paired(of) == {("d", "anna/a1", "ben/b2"), ("d", "anna/a2", "ben/b1")}


def test_the_event_type_pairs_nothing() -> None:
    spans = [(0, 100), (150, 250)]
    same = two(
        [coding("a1", "01", spans[0]), coding("a2", "02", spans[1])],
        [coding("b1", "01", spans[0]), coding("b2", "02", spans[1])],
    )
    swapped = two(
        [coding("a1", "02", spans[0]), coding("a2", "01", spans[1])],
        [coding("b1", "01", spans[0]), coding("b2", "02", spans[1])],
    )
    assert paired(same) == paired(swapped) == {("d", "anna/a1", "ben/b1"), ("d", "anna/a2", "ben/b2")}
    assert paired(two([coding("a1", "01")], [coding("b1", "01")])) == set()


def test_a_field_that_one_side_leaves_empty_counts_for_neither() -> None:
    of = two([coding("a1", span=(0, 100), day="2025-05-02")], [coding("b1", span=(0, 100))])
    assert align.align(of, SETTINGS).pairs.similarity.tolist() == [1.0]


def test_the_scored_field_is_left_out() -> None:
    same_day = {"day": "2025-05-02"}
    of = two([coding("a1", span=(0, 100), **same_day)], [coding("b1", span=(90, 190), **same_day)])
    whole = align.align(of, align.Settings(theta=0.3)).pairs
    assert whole.similarity.tolist() == pytest.approx([(0.4 * 0.1 + 0.2 * 1) / 0.6])
    for name in ("date", "date_start", "date_precision"):
        left_out = align.align(of, align.Settings(theta=0.3), leave_out=name)
        assert (len(left_out.pairs), left_out.left_out) == (0, "date")


@pytest.mark.parametrize(
    ("name", "field"),
    [("date_end", "date"), ("country", "place"), ("place_id", "place"), ("actor", "actor"), ("recipient", "recipient"),
     ("evidence", "evidence"), ("source_descriptor", "name"), ("event_type", None), ("n_sites", None), (None, None)],
)  # fmt: skip
def test_a_column_belongs_to_an_identity_field_or_to_none(name: str | None, field: str | None) -> None:
    assert align.identity_field(name) == field


def test_two_codings_of_one_span_have_one_partner_each() -> None:
    span = (0, 100)
    of = two(
        [coding("e1", span=span, place="Ras Amara"), coding("e2", span=span, place="Tell Zahra")],
        [coding("e1", span=span, place="Tell Zahra"), coding("e2", span=span, place="Ras Amara")],
    )
    assert paired(of) == {("d", "anna/e1", "ben/e2"), ("d", "anna/e2", "ben/e1")}
    lone = two([coding("e1", span=span), coding("e2", span=span)], [coding("e1", span=span)])
    assert paired(lone) == {("d", "anna/e1", "ben/e1")}


def test_who_found_nothing_is_there_with_nothing_to_pair() -> None:
    of = corpus(
        [
            read("d", "anna", [coding("e1", span=(0, 9))]),
            read("d", "ben"),
            read("f", "anna"),
            read("f", "ben"),
        ]
    )
    found = align.align(of, SETTINGS)
    assert len(found.pairs) == 0
    assert (found.n_a.tolist(), found.n_b.tolist()) == ([1, 0], [0, 0])
    assert found.coverage() == 0.0
    assert align.align(of.only(["ben"]), SETTINGS).coverage() is None


def test_a_document_without_codings_at_all_is_read_all_the_same() -> None:
    of = corpus([read("d", "anna"), read("d", "ben")])
    found = align.align(of, SETTINGS)
    assert (len(found.pairs), len(found.read_document), found.coverage()) == (0, 1, None)


def test_settings_that_say_nothing_are_refused() -> None:
    for wrong, said in [
        ({"weights": {"event_type": 1.0}}, "weights: 'event_type' is no identity field"),
        ({"weights": {"date": 0.0}}, "weights: no identity field has a weight"),
        ({"source_weights": {"name": -1.0}}, "source_weights: the weight of name is -1.0"),
        ({"tau": 0.0}, "tau is 0.0"),
        ({"theta": 1.0}, "theta is 1.0"),
        ({"thetas": (0.3, -0.1)}, "theta is -0.1"),
    ]:
        with pytest.raises(EventcodeError, match=said):
            align.Settings(**wrong)  # type: ignore[arg-type]


# ── whatever the order ──

CODINGS = st.lists(
    st.builds(
        lambda span, day, place, actor: {"span": span, "day": day, "place": place, "actor": actor},
        st.sampled_from([None, (0, 50), (0, 100), (60, 160)]),
        st.sampled_from([None, "2025-05-01", "2025-05-02"]),
        st.sampled_from([None, "Ras Amara", "Tell Zahra"]),
        st.sampled_from([None, "the union"]),
    ),
    max_size=4,
).map(lambda rows: [coding(f"e{i + 1}", **row) for i, row in enumerate(rows)])
READS = st.dictionaries(
    st.tuples(st.sampled_from(["d1", "d2"]), st.sampled_from(["anna", "ben", "chloe"])), CODINGS, min_size=1
)


@settings(max_examples=60)
@given(READS, st.randoms())
def test_the_order_of_codings_coders_and_documents_changes_nothing(given_: dict, chance: object) -> None:
    listed = [read(document, coder, rows) for (document, coder), rows in given_.items()]
    mixed = [
        read(one.document_id, one.coder, chance.sample(one.reading["codings"], len(one.reading["codings"])))  # type: ignore[attr-defined]
        for one in chance.sample(listed, len(listed))  # type: ignore[attr-defined]
    ]
    assert paired(corpus(mixed)) == paired(corpus(listed))


@settings(max_examples=60)
@given(CODINGS, CODINGS)
def test_who_is_called_what_changes_nothing(one: list, other: list) -> None:
    here, there = two(one, other), two(other, one)
    swap = {"anna": "ben", "ben": "anna"}
    renamed = {
        (d, *sorted(f"{swap[c.split('/')[0]]}/{c.split('/')[1]}" for c in ends)) for d, *ends in paired(there)
    }
    assert renamed == paired(here)


@settings(max_examples=60)
@given(CODINGS, CODINGS)
def test_each_coding_has_one_partner_and_no_other_pairing_gains_more(one: list, other: list) -> None:
    of = two(one, other)
    table = np.array([[_alike(a, b) for b in other] for a in one]).reshape(len(one), len(other))
    pairs = align.align(of, SETTINGS).pairs
    assert len(set(pairs.i.tolist())) == len(set(pairs.j.tolist())) == len(pairs)
    assert np.sum(pairs.similarity - 0.4) == pytest.approx(brute(table, 0.4), abs=1e-8)
    assert pairs.similarity.tolist() == pytest.approx(
        [table[i, j] for i, j in zip(pairs.i, pairs.j, strict=True)]
    )


def _alike(one: dict, other: dict) -> float:
    """The similarity of two codings of this module, in plain words."""
    found = []
    if one.get("evidence") and other.get("evidence"):
        a, b = (set(range(x["evidence"][0]["start"], x["evidence"][0]["end"])) for x in (one, other))
        found.append((0.4, 2 * len(a & b) / (len(a) + len(b))))
    if "date_start" in one and "date_start" in other:
        days = abs(int(one["date_start"][-2:]) - int(other["date_start"][-2:]))
        found.append((0.2, np.exp(-days / 3)))
    if "place_name" in one and "place_name" in other:
        found.append((0.15, float(one["place_name"] == other["place_name"])))
    if one["participants"] and other["participants"]:
        found.append((0.15, 1.0))
    return sum(w * s for w, s in found) / sum(w for w, _ in found) if found else 0.0


# ── what counts as a reading ──


def test_the_latest_revision_counts_and_withdrawn_or_skipped_documents_were_not_read() -> None:
    of = corpus(
        [
            read("d1", "anna", [coding("new")], revision=2),
            read("d1", "anna", [coding("old")]),
            read("d2", "anna", [coding("e1")]),
            read("d2", "anna", status="withdrawn", revision=2),
            read("d3", "anna", status="skipped"),
            read("d3", "ben"),
        ]
    )
    assert of.documents == ("d1", "d3")
    assert of.readings[0, 0]["codings"][0]["key"] == "new"
    assert of.read.tolist() == [[True, False], [False, True]]


def test_an_adjudicated_reading_is_no_coders() -> None:
    of = corpus(
        [read("d", "judge", [coding("e1")]), read("d", "ben")], {"judge": Coder("judge", "adjudicated")}
    )
    assert of.coders == ("ben",)


def test_documents_weigh_by_their_chance_to_be_drawn() -> None:
    reads = [
        read("d1", "anna", inclusion_p=0.2, sample_role="reliability"),
        read("d1", "ben", inclusion_p=0.2),
        read("d2", "anna"),
    ]
    of = corpus(reads)
    assert of.weights.tolist() == [5.0, 1.0]
    assert of.roles == (frozenset({"reliability"}), frozenset())


def test_a_part_of_the_coders_keeps_the_numbers_of_documents() -> None:
    of = corpus([read("d1", "anna"), read("d2", "ben"), read("d2", "chloe")])
    rest = of.without("anna")
    assert (rest.coders, rest.documents) == (("ben", "chloe"), ("d1", "d2"))
    assert sorted(rest.readings) == [(1, 0), (1, 1)]


# ── alpha over pairs ──


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from([None, *TYPES]), min_size=4, max_size=4), min_size=2, max_size=8))
def test_alpha_over_pairs_is_the_tables_alpha_where_the_pairs_are_consistent(rows: list) -> None:
    coders = ("anna", "ben", "chloe", "dora")
    reads = [
        read(
            "d",
            name,
            [coding(f"e{u:02}", row[c], (200 * u, 200 * u + 100)) for u, row in enumerate(rows) if row[c]],
        )
        for c, name in enumerate(coders)
    ]
    of = corpus(reads)
    table = np.array([[MISSING if v is None else list(TYPES).index(v) for v in row] for row in rows])
    whole = Units(table, tuple(TYPES), np.zeros(len(rows), dtype=np.int64), np.ones(len(rows)), coders)
    found = alpha(type_units(of, align.align(of, SETTINGS)), "nominal")
    expected = alpha(whole, "nominal")
    assert (found.estimate is None) == (expected.estimate is None)
    if found.estimate is not None:
        assert found.estimate == pytest.approx(expected.estimate, abs=1e-9)


def test_the_pairs_of_three_codings_of_one_event_weigh_one_half_each() -> None:
    of = corpus([read("d", name, [coding("e1", span=(0, 9))]) for name in ("anna", "ben", "chloe")])
    pairs = align.align(of, SETTINGS).pairs
    assert pairs.weight.tolist() == [0.5, 0.5, 0.5]


def test_random_types_agree_by_chance_alone() -> None:
    """Even where codings are so much alike that which is paired with which is a guess."""
    found = [_aligned_alpha(at_random(seed, 300, ("anna", "ben", "chloe"))) for seed in range(4)]
    assert np.mean(found) == pytest.approx(0, abs=0.02)
    alike = at_random(5, 300, ("anna", "ben"))
    same = {"evidence": [{"field": "event_type", "start": 0, "end": 100}], "date_start": "2025-05-01",
            "date_end": "2025-05-01", "place_name": "Ras Amara", "participants": []}  # fmt: skip
    for reading in alike.readings.values():
        for row in reading["codings"]:
            row |= same
    assert _aligned_alpha(alike) == pytest.approx(0, abs=0.06)


def _aligned_alpha(of: Corpus) -> float:
    found = alpha(type_units(of, align.align(of, SETTINGS)), "nominal").estimate
    assert found is not None
    return found


def test_faithful_coders_agree_wholly() -> None:
    of = at_random(1, 30, ("anna", "ben", "chloe"), faithful=True)
    assert _aligned_alpha(of) == 1.0
    assert align.align(of, SETTINGS).coverage() == 1.0


@pytest.mark.parametrize("theta", SETTINGS.thetas)
def test_another_theta_stands_in_for_that_of_the_settings(theta: float) -> None:
    of = at_random(3, 40, ("anna", "ben"), shared=False)
    found = align.align(of, SETTINGS, theta=theta)
    assert found.theta == theta
    assert (found.pairs.similarity > theta).all()
    assert len(found.pairs) == len(align.align(of, align.Settings(theta=theta)).pairs)


def test_chunks_of_pairs_are_paired_as_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    of = at_random(3, 40, ("anna", "ben", "chloe"), shared=False)
    whole = paired(of)
    monkeypatch.setattr(align, "_AT_ONCE", 7)
    assert paired(of) == whole
    assert len(whole) > 20


def test_every_two_coders_of_a_document_are_paired() -> None:
    of = at_random(1, 5, ("anna", "ben", "chloe", "dora"), faithful=True)
    found = align.align(of, SETTINGS)
    both = set(zip(found.read_a.tolist(), found.read_b.tolist(), strict=True))
    assert both == set(combinations(range(4), 2))
    assert len(found.read_document) == 5 * 6
