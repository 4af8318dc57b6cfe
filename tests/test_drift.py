"""Drift: which windows are flagged, how often by chance, and what is compared with what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from eventcode.errors import EventcodeError
from eventcode.reliability.drift import Mark, drift, marks


def day(i: int) -> str:
    """A time for document i; twelve a month."""
    return f"{2020 + i // 144}-{i // 12 % 12 + 1:02}-{2 * (i % 12) + 1:02}T10:00:00Z"


def made(n: int, seed: int, fall: float = 0.0, coder: str = "anna") -> list[Mark]:
    """A coder who agrees four times of five, and from the middle on less by `fall`."""
    rng = np.random.default_rng(seed)
    found = []
    for i in range(n):
        units = int(rng.integers(1, 6))
        right = rng.binomial(units, 0.8 - (fall if i >= n / 2 else 0))
        found.append(Mark(coder, "1.0.0", f"d{i:03}", day(i), right / units, units))
    return found


def test_a_stable_coder_is_flagged_about_one_time_in_twenty() -> None:
    flagged = [
        any(window.flagged for window in drift(made(80, seed), seed=seed, draws=199)) for seed in range(600)
    ]
    assert 0.03 < np.mean(flagged) < 0.075


def test_a_coder_who_falls_off_is_flagged_late() -> None:
    windows = drift(made(100, 2, fall=0.4), seed=1)
    assert [window.window for window in windows] == list(range(1, 11))
    assert windows[-1].flagged
    assert windows[-1].ewma < windows[-1].mean - windows[-1].limit
    assert windows[-1].agreement < windows[0].agreement


def test_the_moving_average_is_the_one_of_the_docstring() -> None:
    windows = drift(made(50, 3), seed=1, smoothing=0.2)
    before = windows[0].mean
    for window in windows:
        before = 0.2 * window.agreement + 0.8 * before
        assert window.ewma == pytest.approx(before)


def test_windows_hold_documents_in_the_order_of_time_and_a_short_rest_joins_the_last() -> None:
    windows = drift(reversed(made(54, 4)), seed=1)
    assert [window.n_documents for window in windows] == [10, 10, 10, 10, 14]
    assert windows[0].first == day(0)
    assert windows[-1].last == day(53)
    assert sum(window.n_units for window in windows) == sum(mark.n_units for mark in made(54, 4))
    assert [window.n_documents for window in drift(made(56, 4), seed=1)] == [10, 10, 10, 10, 10, 6]


def test_time_zones_are_minded() -> None:
    early, late = (
        Mark("anna", "1.0.0", "late", "2025-01-01T10:00:00Z", 1.0, 1),
        Mark("anna", "1.0.0", "early", "2025-01-01T11:00:00.5+05:00", 0.0, 1),
    )
    assert [window.agreement for window in drift([early, late], seed=1, documents=1)] == [0.0, 1.0]


def test_windows_may_be_months() -> None:
    windows = drift(made(60, 5), seed=1, months=True)
    assert [window.first[:7] for window in windows] == ["2020-01", "2020-02", "2020-03", "2020-04", "2020-05"]
    assert {window.n_documents for window in windows} == {12}


def test_coders_and_versions_are_looked_at_apart() -> None:
    second = [replace(mark, version="2.0.0") for mark in made(40, 6)]
    windows = drift([*made(40, 6), *second, *made(40, 7, coder="ben")], seed=1)
    assert {(window.coder, window.version) for window in windows} == {
        ("anna", "1.0.0"), ("anna", "2.0.0"), ("ben", "1.0.0"),
    }  # fmt: skip


def test_too_few_windows_have_no_limit_and_say_why() -> None:
    windows = drift(made(30, 8), seed=1)
    assert [(window.limit, window.flagged, window.reason) for window in windows] == [
        (None, False, "fewer than 4 windows")
    ] * 3


def test_the_seed_decides() -> None:
    assert drift(made(60, 9), seed=5) == drift(made(60, 9), seed=5)
    assert drift(made(60, 9), seed=5) != drift(made(60, 9), seed=6)


def test_documents_without_a_time_are_left_out() -> None:
    untimed = [replace(mark, coded_at=None) for mark in made(20, 10)]
    assert drift(untimed, seed=1) == ()


def test_a_coder_is_compared_with_other_voters_or_with_gold() -> None:
    labels = {
        "u1": {"anna": "x", "run-1": "x", "run-2": "y"},
        "u2": {"anna": "x", "run-1": "y", "run-2": "y"},
        "u3": {"anna": "x"},
    }
    readings = {("d", coder): ("1.0.0", day(1)) for coder in ("anna", "run-1", "run-2")}
    documents = dict.fromkeys(labels, "d")
    voters = {"anna": "anna", "run-1": "m", "run-2": "m"}
    found = {mark.coder: mark for mark in marks(labels, readings, documents=documents, voters=voters)}
    assert (found["anna"].agreement, found["anna"].n_units) == (0.25, 2)
    assert found["run-1"].agreement == 0.5
    golden = {mark.coder: mark for mark in marks(labels, readings, documents=documents, gold={"u1": "y"})}
    assert (golden["anna"].agreement, golden["run-2"].agreement) == (0, 1)


def test_settings_without_sense_are_refused() -> None:
    with pytest.raises(EventcodeError, match="smoothing lies above 0"):
        drift([], seed=1, smoothing=0)


def test_a_month_is_that_of_universal_time_whatever_zone_a_coder_is_in() -> None:
    times = [
        "2025-01-31T20:00:00Z",
        "2025-02-01T00:30:00+00:00",
        "2025-01-31T23:30:00-05:00",
        "2025-02-01T09:00:00Z",
    ]
    own = [Mark("anna", "1.0.0", f"d{i}", time, 1.0, 1) for i, time in enumerate(times)]
    assert [window.n_documents for window in drift(own, seed=1, months=True)] == [1, 3]
