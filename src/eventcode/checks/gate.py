"""The dataset gate: the expectations of the codebook and the card, run by great_expectations on the tables of a build.

great_expectations takes seconds to import, so that is done inside functions alone (`checks.gx`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from eventcode.checks import declared, gx
from eventcode.checks.frames import Tables, frames
from eventcode.checks.observed import SHOWN, observed
from eventcode.checks.suite import Statement, as_suites, defaults, export, left_to_rules
from eventcode.model import Codebook, RuleCount

if TYPE_CHECKING:
    import pandas as pd


TOLD = {"result_format": "BASIC", "partial_unexpected_count": SHOWN}


class Outcome(TypedDict):
    """What came of one expectation; `origin` is `codebook` or the path of its declaration in the card."""

    expectation: str
    table: str
    column: str | None
    expected: str
    observed: str
    passed: bool
    reason: str
    origin: str


@dataclass(frozen=True, slots=True)
class Gate:
    """The verdict on a dataset, expectation by expectation, and the suites as JSON: the same bytes in every run."""

    passed: bool
    results: tuple[Outcome, ...]
    suite_json: bytes

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The expectations that do not hold."""
        return tuple(outcome for outcome in self.results if not outcome["passed"])


def gate(
    tables: Tables,
    counts: Sequence[RuleCount],
    card: Mapping[str, Any],
    codebook: Codebook,
    *,
    name: str = "dataset",
    report: declared.Report | None = None,
) -> Gate:
    """Whether a dataset may be released: the Arrow tables of a build, what each rule met, the dataset card, the codebook.

    `name` begins the names of the suites; `report` makes a problem of a path in the card, what is wrong and the remedy, as
    `yamlfile.Document.problem` does with the line. DatasetError for a broken declaration, and for a table that is not there.
    """
    asked = statements(card, codebook, counts, report)
    data = frames(asked, tables, counts)
    suites = as_suites(asked, name)
    found = _run(suites, data)
    results = tuple(_outcome(said, found[said.id], data[said.table]) for said in asked)
    left = left_to_rules(codebook, counts)
    return Gate(all(outcome["passed"] for outcome in results), results, export(suites, codebook, left))


def statements(
    card: Mapping[str, Any],
    codebook: Codebook,
    counts: Sequence[RuleCount] = (),
    report: declared.Report | None = None,
) -> list[Statement]:
    """Everything that the gate asks, each once: what every dataset must hold, then what the card declares.

    It imports nothing heavy, so that a broken declaration (DatasetError) is told at once.
    """
    own = declared.statements(card, codebook, counts, report)
    found: dict[str, Statement] = {}
    for statement in (*defaults(codebook, counts, own), *own):
        found.setdefault(statement.id, statement)
    return list(found.values())


def suite(
    card: Mapping[str, Any], codebook: Codebook, counts: Sequence[RuleCount] = (), *, name: str = "dataset"
) -> dict[str, Any]:
    """The same as objects of great_expectations: one ExpectationSuite per table, by table."""
    suites = as_suites(statements(card, codebook, counts), name)
    with gx.quiet():
        return {table: gx.loaded(data) for table, data in suites.items()}


def _outcome(statement: Statement, result: Any, frame: pd.DataFrame) -> Outcome:
    return {
        "expectation": statement.words,
        "table": statement.table,
        "column": statement.column,
        "expected": statement.expected,
        "observed": observed(statement, result, frame),
        "passed": bool(result.success),
        "reason": statement.reason,
        "origin": statement.origin,
    }


# ── great_expectations ────────────────────────────────────────────────────────────────────────────────────────────────


def _run(suites: Mapping[str, Mapping[str, Any]], data: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """The result of great_expectations for every expectation, by id: one pass over each table."""
    found: dict[str, Any] = {}
    with gx.quiet():
        source = gx.context().data_sources.add_pandas("build")
        for table, suite in suites.items():
            batch = gx.batch(source, table, data[table])
            validated = batch.validate(gx.loaded(suite), result_format=TOLD)
            found |= {result.expectation_config.id: result for result in validated.results}
    return found
