"""A release: the build of the moment, checked once more as it would leave, and put in its place for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eventcode.checks import builtin
from eventcode.checks.engine import Checker
from eventcode.model import Codebook, Finding
from eventcode.pipeline import inputs
from eventcode.pipeline.build import build_dataset
from eventcode.pipeline.explain import tables_of
from eventcode.pipeline.folders import FOLDER, locked
from eventcode.project import Dataset
from eventcode.release.publish import Release, publish

RELEASES = "releases"


def release_dataset(
    dataset: Dataset, version: str, *, say: Callable[[str], None] = lambda _: None
) -> Release:
    """Build a dataset where anything changed, and release it as `version` (MAJOR.MINOR).

    DatasetError, with every reason and nothing written, for errors that are not waived, a gate that failed, a version that exists or is not
    above the last, text that would leak, and withheld names.
    """
    built = build_dataset(dataset, say=say)
    with locked(dataset.project.root / FOLDER, f"{dataset.name}.release"):
        say(f"{dataset.name}: releasing {version}")
        return publish(
            built.folder, dataset.project.root / RELEASES / dataset.name, version, dataset.card,
            texts=inputs.texts(dataset, tables_of(built.folder)["documents"]), check=release_check(dataset.codebook),
        )  # fmt: skip


def release_check(codebook: Codebook) -> Callable[[Mapping[str, Any]], Sequence[Finding]]:
    """The rules that hold only for what is published, as `publish` asks for them."""
    late = [rule.id for rule in codebook.rules.values() if rule.options.get("builtin") in builtin.AT_RELEASE]
    checker = Checker(codebook, only=late)
    return lambda tables: checker.check(tables, release=True).findings
