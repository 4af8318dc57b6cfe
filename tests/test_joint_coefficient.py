"""Finding and coding events in one coefficient: 0 for coders who might have read other documents, 1 for those who say the same."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from coders_at_work import CODEBOOK, at_random, coding, corpus, read
from eventcode.errors import EventcodeError
from eventcode.reliability import align, joint
from eventcode.reliability.records import Corpus

SETTINGS = align.Settings()


def estimate(of: Corpus, level: str = "nominal", **more: object) -> float | None:
    return joint.joint(of, SETTINGS, level, **more).coefficient().estimate  # type: ignore[arg-type]


@pytest.mark.parametrize("level", joint.LEVELS)
def test_readings_that_have_nothing_to_do_with_the_document_agree_by_chance_alone(level: str) -> None:
    found = [estimate(at_random(seed, 150, ("anna", "ben"), shared=False), level) for seed in range(6)]
    assert np.mean([one for one in found if one is not None]) == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize("level", joint.LEVELS)
def test_coders_who_say_the_same_agree_wholly(level: str) -> None:
    assert estimate(at_random(1, 40, ("anna", "ben", "chloe"), faithful=True), level) == pytest.approx(1.0)


def test_random_types_of_events_that_all_found_leave_what_finding_is_worth() -> None:
    of = at_random(1, 150, ("anna", "ben"))
    found = estimate(of)
    assert found is not None
    assert 0.05 < found < 0.3


def test_worse_than_chance_is_below_zero() -> None:
    """Anna finds an event exactly where Ben finds none."""
    rows = [coding("e1", span=(0, 9))]
    reads = [
        read(f"d{n}", coder, rows if n % 2 == k else [])
        for n in range(10)
        for k, coder in enumerate(("anna", "ben"))
    ]
    found = estimate(corpus(reads))
    assert found is not None
    assert found < -0.5


def two_documents() -> list:
    """Anna and Ben: one event alike but for the type, one that only Ben found; a document where both found the same."""
    return [
        read("d1", "anna", [coding("e1", "011", (0, 100))]),
        read("d1", "ben", [coding("e1", "012", (0, 100)), coding("e2", "02", (200, 300))]),
        read("d2", "anna", [coding("e1", "03", (400, 500))]),
        read("d2", "ben", [coding("e1", "03", (400, 500))]),
    ]


@pytest.mark.parametrize(("level", "apart"), [("nominal", 1.0), ("root", 0.0), ("hierarchical", 0.5)])
def test_a_lone_coding_costs_one_and_a_pair_twice_what_its_types_lie_apart(level: str, apart: float) -> None:
    found = joint.joint(corpus(two_documents()), SETTINGS, level)
    assert found.disagreement.tolist() == pytest.approx([(1 + 2 * apart) / 3, 0.0])
    assert found.chance_disagreement.tolist() == [1.0, 1.0]
    assert found.coefficient().estimate == pytest.approx(1 - (1 + 2 * apart) / 3 / 2)
    assert [column.tolist() for column in found.by_document()] == [
        pytest.approx([(1 + 2 * apart) / 3, 0]),
        [1, 1],
    ]


def test_agreement_that_there_is_no_event_counts() -> None:
    few = corpus(two_documents())
    more = corpus([*two_documents(), *(read(f"e{n}", coder) for n in range(4) for coder in ("anna", "ben"))])
    one, other = estimate(few), estimate(more)
    assert one is not None
    assert other is not None
    assert joint.joint(more, SETTINGS).disagreement.tolist()[2:] == [0, 0, 0, 0]
    assert other > one


def undefined() -> Iterable[tuple[Corpus, str]]:
    yield corpus([read("d", "anna", [coding("e1")]), read("f", "ben")]), joint.NO_PAIRS
    yield corpus(two_documents()[:2]), joint.ONE_DOCUMENT
    yield corpus([read(d, c) for d in ("d1", "d2") for c in ("anna", "ben")]), joint.NO_VARIATION


@pytest.mark.parametrize(("of", "reason"), tuple(undefined()))
def test_without_two_documents_or_without_variation_there_is_no_coefficient(of: Corpus, reason: str) -> None:
    found = joint.joint(of, SETTINGS).coefficient()
    assert (found.estimate, found.reason) == (None, reason)


def test_three_coders_are_the_mean_over_pairs_who_read_the_same_documents() -> None:
    of = at_random(2, 30, ("anna", "ben", "chloe"), shared=False)
    found = joint.joint(of, SETTINGS, "nominal")
    assert found.share.tolist() == [0.5] * 90
    single = [joint.joint(of.without(name), SETTINGS, "nominal") for name in of.coders]
    observed = np.mean([one.disagreement.mean() for one in single])
    expected = np.mean([one.chance_disagreement.mean() for one in single])
    assert found.coefficient().estimate == pytest.approx(1 - observed / expected)


def test_documents_count_by_their_weight() -> None:
    of = at_random(3, 12, ("anna", "ben"), shared=False)
    found = joint.joint(of, SETTINGS)
    twice = found.estimates(np.array([[2.0] * 12, [1.0] * 12, [1.0] * 6 + [0.0] * 6]))
    assert twice[0] == pytest.approx(twice[1])
    assert twice[1] == pytest.approx(found.coefficient().estimate)
    half = corpus([one for one in _reads(of) if one.document_id < "d0006"])
    assert twice[2] == pytest.approx(estimate(half, "hierarchical"))


def _reads(of: Corpus) -> list:
    return [read(of.documents[d], of.coders[c], row["codings"]) for (d, c), row in of.readings.items()]


def test_a_document_alone_has_no_coefficient_in_a_bootstrap_either() -> None:
    found = joint.joint(corpus(two_documents()), SETTINGS)
    assert np.isnan(found.estimates(np.array([[2.0, 0.0], [0.0, 0.0]]))).all()


def test_only_the_pairs_and_readings_asked_for_count() -> None:
    of = at_random(2, 20, ("anna", "ben", "chloe"), shared=False)
    pairs = np.zeros((3, 3), dtype=bool)
    pairs[2, 0] = True
    found = joint.joint(of, SETTINGS, pairs=pairs).coefficient()
    assert found == joint.joint(of.without("ben"), SETTINGS).coefficient()
    readings = np.zeros((20, 3), dtype=bool)
    readings[:10, :2] = True
    some = joint.joint(of, SETTINGS, readings=readings).coefficient()
    assert (some.n_documents, some.n_coders) == (10, 2)


def test_two_runs_of_one_voter_share_its_vote() -> None:
    """Twice the same machine changes nothing but the count of readings."""
    of = at_random(4, 20, ("anna", "ben"), shared=False)
    doubled = corpus(
        [
            *_reads(of),
            *(
                read(of.documents[d], "run-2", row["codings"])
                for (d, c), row in of.readings.items()
                if c == 1
            ),
        ]
    )
    pairs = np.array([[0, 1, 1], [0, 0, 0], [0, 0, 0]], dtype=bool)
    once, twice = joint.joint(of, SETTINGS), joint.joint(doubled, SETTINGS, pairs=pairs, voters=[0, 1, 1])
    assert twice.by_document()[1].tolist() == pytest.approx(once.by_document()[1].tolist())
    assert twice.coefficient().estimate == pytest.approx(once.coefficient().estimate)


def test_many_documents_are_compared_by_a_sample_that_the_seed_fixes() -> None:
    of = at_random(5, 40, ("anna", "ben"), shared=False)
    whole, some = joint.joint(of, SETTINGS), joint.joint(of, SETTINGS, drawn=500, seed=7)
    assert (whole.drawn, some.drawn) == (False, True)
    assert (len(whole.chance_a), len(some.chance_a)) == (40 * 39, 500)
    assert not (some.chance_a == some.chance_b).any()
    assert some.coefficient() == joint.joint(of, SETTINGS, drawn=500, seed=7).coefficient()
    assert some.coefficient().estimate == pytest.approx(whole.coefficient().estimate, abs=0.05)


def test_types_lie_apart_by_level() -> None:
    values = ["01", "011", "012", "02"]
    assert joint.type_distances(values, CODEBOOK, "hierarchical")[1].tolist() == pytest.approx(
        [1 / 3, 0, 1 / 2, 1]
    )
    assert joint.type_distances(values, CODEBOOK, "root")[1].tolist() == [0, 0, 0, 1]
    assert joint.type_distances(values, CODEBOOK, "nominal")[1].tolist() == [1, 0, 1, 1]


def test_a_level_that_it_has_not_is_refused() -> None:
    with pytest.raises(EventcodeError, match="no level 'ordinal'") as caught:
        joint.joint(corpus(two_documents()), SETTINGS, "ordinal")
    assert caught.value.hint == "use hierarchical, root, nominal"
