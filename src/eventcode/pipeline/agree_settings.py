"""How agreement is measured: what the card settles under `reliability:`, and what stands where it says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from eventcode.errors import DatasetError, Problem
from eventcode.model import Codebook
from eventcode.project import Dataset
from eventcode.reliability import align, fields
from eventcode.shape import did_you_mean

SEED, DRAWS = 1, 1000
HEAD = ("detection", "joint")
EVIDENCE = ("evidence.event_type", "evidence.event_type.root")
HEADLINE = ("detection", "joint", "event_type", "event_type.root")


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides the numbers.

    `minimum` is what lower bounds must reach, by the name of a measure; `samples` keeps to documents with such a sample_role; `authors` are
    the coders who wrote the codebook.
    """

    align: align.Settings
    seed: int = SEED
    draws: int = DRAWS
    headline: tuple[str, ...] = HEADLINE
    minimum: tuple[tuple[str, float], ...] = ()
    samples: tuple[str, ...] | None = None
    authors: tuple[str, ...] = ()
    codebook_version: str | None = None

    def told(self, voters: Mapping[str, str]) -> dict[str, Any]:
        """As a report prints it."""
        own = self.align
        return {
            **align.summary(own), "seed": self.seed, "draws": self.draws,
            "samples": list(self.samples) if self.samples else None, "headline": list(self.headline),
            "minimum": dict(self.minimum), "codebook_version": self.codebook_version, "voters": dict(voters),
        }  # fmt: skip


def plan(
    dataset: Dataset,
    *,
    seed: int | None = None,
    theta: float | None = None,
    draws: int | None = None,
    codebook_version: str | None = None,
) -> Plan:
    """The card's settings, with what a caller sets instead; DatasetError for an author who is no coder of the dataset."""
    card: dict[str, Any] = dict(dataset.card.get("reliability") or {})
    _known(dataset, card)
    return Plan(
        _alignment(card, theta),
        int(card.get("seed", SEED)) if seed is None else seed,
        int(card.get("draws", DRAWS)) if draws is None else draws,
        tuple(card.get("headline", HEADLINE)),
        tuple(sorted(card.get("minimum", {}).items())),
        tuple(card["samples"]) if "samples" in card else None,
        tuple(card.get("authors", ())),
        codebook_version,
    )


def _alignment(card: Mapping[str, Any], theta: float | None) -> align.Settings:
    """The settings of the alignment; a weight that the card leaves out keeps its default."""
    own = align.Settings()
    return replace(
        own,
        weights={**own.weights, **card.get("weights", {})},
        source_weights={**own.source_weights, **card.get("source_weights", {})},
        tau=float(card.get("tau", own.tau)),
        kilometres=float(card.get("kilometres", own.kilometres)),
        theta=float(card.get("theta", own.theta) if theta is None else theta),
        thetas=tuple(card.get("thetas", own.thetas)),
    )


def _known(dataset: Dataset, card: Mapping[str, Any]) -> None:
    strangers = [name for name in card.get("authors", ()) if name not in dataset.coders]
    if strangers:
        place: Problem = dataset.document.problem(
            ("reliability", "authors"),
            f"'{strangers[0]}' is no coder of the dataset",
            "name coders by their id",
        )
        raise DatasetError(f"dataset {dataset.name} cannot be used", problems=[place])


def compared(dataset: Dataset, codebook: Codebook) -> None:
    """DatasetError, at its line, for a measure in `minimum` or `headline` of the card that is not compared under the codebook."""
    card: Mapping[str, Any] = dataset.card.get("reliability") or {}
    named: list[tuple[tuple[str, ...], str]] = [
        (("reliability", "minimum", name), name) for name in card.get("minimum", {})
    ]
    named += [(("reliability", "headline"), name) for name in card.get("headline", ())]
    if not named:
        return
    known = [*HEAD, *(item.name for item in fields.items(codebook)), *EVIDENCE]
    problems: list[Problem] = [
        dataset.document.problem(path, f"nothing called '{name}' is compared", did_you_mean(name, known))
        for path, name in named
        if name not in known
    ]
    if problems:
        raise DatasetError(f"dataset {dataset.name} cannot be used", problems=problems)
