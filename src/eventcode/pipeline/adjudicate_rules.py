"""Each reader's value of a field that differs, held against the rules of the codebook: where they leave one, it is suggested."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from eventcode import readings
from eventcode.adjudication import suggest
from eventcode.adjudication.cases import Case
from eventcode.adjudication.queue import Question, Suggestion
from eventcode.checks.engine import Checker
from eventcode.codebook import views
from eventcode.model import Codebook
from eventcode.pipeline.asking import checker_of
from eventcode.pipeline.inputs import Inputs
from eventcode.readings import Coder, Rows
from eventcode.tables import READING_TABLES, build

TABLES = ("codings", "participants")
KINDS = ("row", "exists")  # rules about a row and what hangs on it; a trial is never held against another


def left(held: Inputs, asked: Iterable[tuple[Case, list[Question]]]) -> dict[int, Suggestion]:
    """By the identity of a question: the value that the rules leave."""
    tried = [
        (case.document_id, trial) for case, questions in asked for trial in suggest.trials(case, questions)
    ]
    if not tried:
        return {}
    rows = Rows()
    for number, (document, trial) in enumerate(tried):
        coder = Coder(f"trial-{number}", "person")
        rows.extend(readings.explode({**trial.reading, "coder": coder.id}, document, coder, held.codebook))
    broken = _broken(held, rows)
    return suggest.suggested(
        (trial, frozenset(broken.get(number, ()))) for number, (_, trial) in enumerate(tried)
    )


def _broken(held: Inputs, rows: Rows) -> dict[int, set[str]]:
    """The errors of each trial, by the ids of their rules."""
    of_reading = {row["reading_id"]: int(row["coder_id"][6:]) for row in rows.tables["readings"]}
    of_coding = {row["coding_id"]: of_reading[row["reading_id"]] for row in rows.tables["codings"]}
    found: dict[int, set[str]] = {}
    for finding in _checker(held.codebook).check(_tables(held, rows)).findings:
        trial = of_coding.get(finding.row.partition("/")[0])
        if finding.severity == "error" and trial is not None:
            found.setdefault(trial, set()).add(finding.rule)
    return found


def _tables(held: Inputs, rows: Rows) -> dict[str, Any]:
    plain = {**{name: rows.tables.get(name, []) for name in READING_TABLES}, "documents": held.documents}
    return {name: build(views.columns(held.codebook, name), given) for name, given in plain.items()}


@lru_cache(maxsize=4)
def _checker(codebook: Codebook) -> Checker:
    rules = checker_of(codebook).plan.rules
    return Checker(codebook, [rule.id for rule in rules if rule.table in TABLES and rule.kind in KINDS])
