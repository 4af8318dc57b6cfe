"""How long a coder waits for the check of one reading: prepared statements against the check of whole tables.

    python benchmarks/draft_check.py

The same reading under the disarmament codebook, with one coding and with five, and with one that breaks a rule, which has to be looked
up; 41 warm runs of each, medians, the ways in turn.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from eventcode import readings
from eventcode.checks.engine import Checker
from eventcode.codebook import views
from eventcode.codebook.load import load
from eventcode.model import Codebook
from eventcode.readings import Coder
from eventcode.tables import build

RUNS = 41
SOURCE = {
    "key": "s1", "identity": "anonymous", "anonymity": "not_explained", "source_kind": "person", "source_descriptor": "a commander",
    "n_persons": 1, "n_persons_basis": "exact", "position": "fighter", "affiliations": ["armed_group"], "tenure": "current",
    "medium": "interview",
}  # fmt: skip
SUPPORT = {
    "source": "s1", "stance": "asserts", "knowledge": "participant", "quote_form": "indirect", "scope_basis": "same_sentence",
}  # fmt: skip


def reading(codings: int, **more: Any) -> dict[str, Any]:
    """A reading that breaks no rule but those that `more` breaks in each coding."""
    one = {
        "event_type": "035", "realis": "occurred", "setting": "private", "date": "2025-05", "place_name_missing": "not_stated",
        "participants": [{"role": "actor", "actor_id": "irq.kataib_hezbollah"}], "support": [SUPPORT],
        **more,
    }  # fmt: skip
    head = {"document": "d", "coder": "c", "codebook": "disarmament@1.0.0", "revision": 1, "status": "coded"}
    return {**head, "sources": [SOURCE], "codings": [{**one, "key": f"e{i}"} for i in range(codings)]}


def _rows(clean: dict[str, Any], codebook: Codebook) -> dict[str, list[dict[str, Any]]]:
    rows = readings.explode(clean, "doc", Coder("c", "person"), codebook).tables
    return {**rows, "documents": [{"document_id": "doc", "document_key": "d"}]}


def milliseconds(work: Callable[[], Any]) -> float:
    """The wall time of one call."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def main() -> None:
    """Print a line per number of codings."""
    codebook = load("disarmament")
    checker = Checker(codebook)
    print(f"{len(checker.plan.rules)} rules")
    for codings in (1, 5):
        clean, _ = readings.normalise(reading(codings), codebook)
        rows = _rows(clean, codebook)
        wrong = _rows(readings.normalise(reading(codings, n_sites=0), codebook)[0], codebook)
        tables = {name: build(views.columns(codebook, name), found) for name, found in rows.items()}
        ways: dict[str, Callable[[], Any]] = {
            "prepared, one reading": lambda rows=rows: checker.draft(rows),
            "prepared, a rule broken": lambda rows=wrong: checker.draft(rows),
            "unprepared, whole tables": lambda tables=tables: checker.check(tables),
        }
        assert not checker.draft(rows).findings
        assert len(checker.draft(wrong).findings) == codings
        times: dict[str, list[float]] = {name: [] for name in ways}
        for i in range(RUNS):
            for name, work in ways.items():
                if name.startswith("prepared") or i < 5:
                    times[name].append(milliseconds(work))
        for name, found in times.items():
            print(
                f"{codings} coding{'s' * (codings > 1)}  {name:26s} {statistics.median(found):8.1f} ms  (min {min(found):.1f})"
            )


if __name__ == "__main__":
    main()
