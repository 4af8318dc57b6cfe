"""One good reading under the disarmament codebook, changed in one place at a time, and checked."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from eventcode import readings
from eventcode.checks.draft import TABLES_OF_A_READING
from eventcode.checks.engine import Checker, Result
from eventcode.codebook import views
from eventcode.codebook.load import load
from eventcode.model import Codebook, Finding, Place
from eventcode.readings import Coder, Row
from eventcode.tables import build

DISARMAMENT = load("disarmament")
HERE, ANNA = Place("batch.jsonl", 7), Coder("anna", "person")
HASH = "sha256:" + "0" * 64
SPAN = {"start": 0, "end": 40, "salt": "ab", "quote_hash": HASH}
DOCUMENT = {
    "document_id": "ref:1", "document_key": "page-1", "publisher": "morning_star", "n_chars": 900, "document_relation": "original",
    "published_at_start": "2025-06-16", "published_at_end": "2025-06-16", "published_at_precision": "day",
}  # fmt: skip
GOOD: Row = {
    "document": "page-1", "coder": "anna", "codebook": DISARMAMENT.reference, "revision": 1, "status": "coded",
    "sources": [
        {"key": "s0", "identity": "own_voice"},
        {
            "key": "s1", "identity": "anonymous", "anonymity": "stated_no_reason", "source_kind": "person",
            "source_descriptor": "a commander", "n_persons": 1, "n_persons_basis": "exact", "position": "fighter",
            "affiliations": ["armed_group"], "tenure": "current", "medium": "not_stated",
        },
    ],
    "codings": [
        {
            "key": "e1", "event_type": "072", "realis": "occurred", "setting": "public", "date": "2025-05-03", "place_name": "Hit",
            "participants": [{"role": "actor", "actor_missing": "not_coded", "name_as_printed": "the Brigades"}],
            "support": [
                {
                    "source": "s1", "stance": "asserts", "knowledge": "participant", "quote_form": "indirect",
                    "scope_basis": "same_sentence", "evidence": [SPAN],
                }
            ],
            "evidence": [{"field": "event_type", **SPAN}],
        }
    ],
}  # fmt: skip


def changed(*changes: tuple[str, Any], base: Row = GOOD) -> Row:
    """A copy of a reading with values set at dotted paths: `("codings.0.realis", None)`; `…` takes a value away."""
    reading = copy.deepcopy(base)
    for path, value in changes:
        *above, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        at: Any = reading
        for part in above:
            at = at[part]
        if isinstance(at, list) and last == len(at):
            at.append(value)
        elif value is ...:
            del at[last]
        else:
            at[last] = value
    return reading


def laid_out(
    raw: Row,
    codebook: Codebook = DISARMAMENT,
    document: Row = DOCUMENT,
    coder: Coder = ANNA,
    place: Place = HERE,
) -> readings.Rows:
    """The rows of a reading and its document."""
    clean, problems = readings.normalise(raw, codebook, place)
    assert problems == []
    rows = readings.explode(clean, document["document_id"], coder, codebook, place)
    rows.tables["documents"] = [document]
    return rows


def side_by_side(raws: Sequence[Row]) -> readings.Rows:
    """Many readings as one dataset: the reading at place i is that of a document of its own, and stands on line i."""
    rows = readings.Rows()
    for i, raw in enumerate(raws):
        document = {**DOCUMENT, "document_id": f"ref:{i}", "document_key": f"page-{i}"}
        rows.extend(laid_out(raw, document=document, place=Place("batch.jsonl", i)))
    return rows


@lru_cache(maxsize=4)
def checker(codebook: Codebook) -> Checker:
    """The compiled checks of a codebook, once per run of the tests."""
    return Checker(codebook)


def checked(rows: readings.Rows, codebook: Codebook = DISARMAMENT) -> Result:
    """What the check of whole tables says of the rows."""
    tables = {name: build(views.columns(codebook, name), rows.tables[name]) for name in TABLES_OF_A_READING}
    return checker(codebook).check(tables, places=rows.places)


def drafted(rows: readings.Rows, codebook: Codebook = DISARMAMENT) -> Result:
    """What the check of one reading says of the rows."""
    return checker(codebook).draft(rows.tables, places=rows.places)


def told(result: Result, rule: str) -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in result.findings if finding.rule == rule]


def counted(result: Result, rule: str) -> tuple[int, int, int, int]:
    """(rows, passed, failed, unknown) of one rule."""
    [count] = [count for count in result.counts if count.rule == rule]
    return count.rows, count.passed, count.failed, count.unknown
