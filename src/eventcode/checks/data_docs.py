"""Data Docs of great_expectations: its own pages about what the gate asked and found. They load styles and scripts from a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from eventcode.checks import gx
from eventcode.checks.frames import Tables, frames
from eventcode.checks.gate import TOLD, statements
from eventcode.checks.suite import as_suites
from eventcode.model import Codebook, RuleCount

NOTICE = "Data Docs load their styles and scripts from the network when they are opened; their bytes differ in each run"


def data_docs(
    folder: Path,
    tables: Tables,
    counts: Sequence[RuleCount],
    card: Mapping[str, Any],
    codebook: Codebook,
    *,
    name: str = "dataset",
) -> bool:
    """Run the gate and write its pages, `index.html` first, into an empty folder; returns whether the dataset passes."""
    asked = statements(card, codebook, counts)
    data = frames(asked, tables, counts)
    with gx.quiet():
        context = gx.context(pages=folder, name=name)
        source = context.data_sources.add_pandas(name)
        passed = True
        for table, suite in as_suites(asked, name).items():
            batch = gx.batch(source, table, data[table])
            result = batch.validate(context.suites.add(gx.loaded(suite)), result_format=TOLD)
            passed &= bool(result.success)
            _keep(context, result, name, table)
        context.build_data_docs()
    return passed


def _keep(context: Any, result: Any, name: str, table: str) -> None:
    """A result where the pages are made from, under the names that they show. Truth as numpy has it cannot be stored there, so that it is
    made plain.
    """
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    result.success = bool(result.success)
    for one in result.results:
        one.success = bool(one.success)
    run = RunIdentifier(run_name=name, run_time=datetime.now(timezone.utc))
    result.meta |= {
        "run_id": run,
        "validation_time": run.run_time,
        "batch_kwargs": {"data_asset_name": table},
    }
    suite = ExpectationSuiteIdentifier(result.suite_name)
    context.validation_results_store.set(ValidationResultIdentifier(suite, run, "whole"), result)
