"""The works of benchmarks/agreement.py, at sizes that take no time: both engines are given the same and say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from peers import agreement

    return agreement


@pytest.mark.parametrize(("name", "size"), [("many_units", 2000), ("many_codes", 60), ("continuous", 30)])
def test_both_engines_find_the_same_alpha(works: Any, name: str, size: int) -> None:
    pytest.importorskip("krippendorff")
    ours, theirs = (getattr(works, name)(engine, size)() for engine in ("eventcode", "krippendorff"))
    assert ours == pytest.approx(theirs, abs=1e-12)


def test_draws_of_both_engines_lie_around_the_same_alpha(works: Any) -> None:
    pytest.importorskip("krippendorff")
    ours, theirs = (works.bootstraps(engine, 10)() for engine in ("eventcode", "krippendorff"))
    assert ours == pytest.approx(theirs, abs=0.01)


def test_the_works_without_a_peer_run(works: Any) -> None:
    assert 0 < works.documents("eventcode", 20)() < 1
    assert works.pairing("eventcode", 10)() > 0
    assert works.alignment("eventcode", 10)() > 0
