"""What is compared in a dataset: its corpus, the alignments, and every item's answers on what was aligned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from eventcode.pipeline.agree_main import ALL
from eventcode.pipeline.agree_settings import Plan
from eventcode.reliability import align, fields, fields_pairs, voters
from eventcode.reliability.fields import Item
from eventcode.reliability.fields_derived import with_derived
from eventcode.reliability.fields_pairs import Block, Comparison, Pairs, Rows
from eventcode.reliability.records import Corpus
from eventcode.reliability.unitizing import Continuum
from eventcode.reliability.units import Numbers

STATUS = Item(
    "detection", "readings", "status", "nominal", lambda row: row["status"], values=("coded", "no_event")
)


class World:
    """A corpus with its voters, blocks and alignments, each worked out when it is first asked for."""

    def __init__(
        self,
        corpus: Corpus,
        plan: Plan,
        documents: Sequence[Mapping[str, Any]],
        publishers: Sequence[Mapping[str, Any]],
    ) -> None:
        self.corpus, self.plan = corpus, plan
        self.voters = voters.voters(corpus.kinds)
        self.votes = fields_pairs.voted(corpus.coders, self.voters)
        self._known, self._publishers = documents, publishers
        self._aligned: dict[tuple[str | None, float], Any] = {}
        # Spans of documents with their disagreements, by field, document and readers: `agree_joint.evidence` keeps them for other blocks.
        self.marked: dict[tuple[str, int, tuple[int, ...]], tuple[Continuum, tuple[float, float]]] = {}

    @cached_property
    def readings(self) -> Mapping[tuple[int, int], Mapping[str, Any]]:
        """The readings with the sourcing columns of each coder's codings."""
        own = self.corpus
        if not own.codebook.fields_of("support"):
            return own.readings
        return with_derived(
            own.readings, own.documents, own.coders, own.codebook, [dict(row) for row in self._known],
            [dict(row) for row in self._publishers],
        )  # fmt: skip

    @cached_property
    def weights(self) -> Numbers:
        """The weight of each document, on average 1 over those that two coders or more read."""
        double = self.corpus.read.sum(axis=1) > 1
        mean = float(self.corpus.weights[double].mean()) if double.any() else 1.0
        return self.corpus.weights / mean

    def length(self, document: int) -> int | None:
        """The length of a document in code points, by index; None where nobody knows it."""
        return self._lengths.get(self.corpus.documents[document])

    @cached_property
    def _lengths(self) -> dict[str, int]:
        stated = {row["document_id"]: row["n_chars"] for row in self._known if row.get("n_chars")}
        return {**stated, **{document: len(text) for document, text in self.corpus.texts.items() if text}}

    def root(self, code: str) -> str:
        """The topmost code above a code; one that the codebook does not have is its own."""
        book = self.corpus.codebook
        return book.root(code) if code in book.event_types else code

    # ── blocks ──

    @cached_property
    def pairs_of(self) -> dict[str, list[tuple[str, str]]]:
        """The pairs of coders by kind of coder (`voters.blocks`)."""
        return voters.blocks(self.corpus.kinds, self.voters)

    @cached_property
    def every_pair(self) -> list[tuple[str, str]]:
        """The pairs of coders who are different voters."""
        names = self.corpus.coders
        return [
            (a, b) for i, a in enumerate(names) for b in names[i + 1 :] if self.voters[a] != self.voters[b]
        ]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Which coders are compared: all, by kind, each left out once, by version of the codebook, runs of one voter."""
        found = [self.block(ALL, self.every_pair)]
        found += [self.block(name, pairs) for name, pairs in self.pairs_of.items() if pairs]
        if len({self.voters[name] for pair in self.every_pair for name in pair}) > 2:
            found += [self.block(f"without:{name}", self._without(name)) for name in self.corpus.coders]
        if len(self.versions) > 1:
            found += [self.of_version(version) for version in self.versions]
        return tuple(found)

    def block(self, name: str, pairs: Sequence[tuple[str, str]]) -> Block:
        """A block of some pairs of coders over all that they read."""
        return fields_pairs.block(name, self.corpus.coders, pairs, self.corpus.read)

    def _without(self, coder: str) -> list[tuple[str, str]]:
        return [pair for pair in self.every_pair if coder not in pair]

    @cached_property
    def versions(self) -> tuple[str, ...]:
        """The versions of the codebook that readings were made under."""
        found = {version(row) for row in self.corpus.readings.values()}
        return tuple(
            sorted(found, key=lambda text: [int(part) for part in text.split(".") if part.isdigit()])
        )

    def of_version(self, wanted: str) -> Block:
        """All voters, in the readings that were made under one version."""
        made = np.zeros_like(self.corpus.read)
        for (document, coder), row in self.corpus.readings.items():
            made[document, coder] = version(row) == wanted
        return replace(self.block(f"version:{wanted}", self.every_pair), readings=made)

    # ── comparisons ──

    def aligned(self, leave_out: str | None, theta: float) -> Any:
        """The codings that tell of the same event, found without one identity field."""
        key = (align.identity_field(leave_out), theta)
        if key not in self._aligned:
            self._aligned[key] = align.align(self.corpus, self.plan.align, leave_out, theta)
        return self._aligned[key]

    @cached_property
    def codings(self) -> Rows:
        """The codings of all readings."""
        return fields_pairs.coding_rows(self.readings)

    @cached_property
    def sources(self) -> Rows:
        """The sources of all readings."""
        return fields_pairs.source_rows(self.readings)

    def told(self, leave_out: str | None = None) -> Pairs:
        """The sources that are the same, as positions in `sources`."""
        found = align.align_sources(self.corpus, self.plan.align, leave_out)
        return fields_pairs.aligned(self.sources, found.pairs)

    def coded(self, leave_out: str | None, theta: float) -> Pairs:
        """The codings that tell of the same event, as positions in `codings`."""
        return fields_pairs.aligned(self.codings, self.aligned(leave_out, theta).pairs)

    @cached_property
    def detection(self) -> Comparison:
        """Event or none, over all documents that were read."""
        rows = fields_pairs.reading_rows(self.corpus.readings)
        return self._compared(STATUS, rows, fields_pairs.same_document(rows))

    def comparisons(self, theta: float | None = None) -> list[Comparison]:
        """Every item on what is aligned; with another `theta` those of codings alone."""
        used = self.plan.align.theta if theta is None else theta
        items = fields.items(self.corpus.codebook)
        coding = [item for item in items if item.section in ("coding", "derived")]
        found = [
            self._compared(item, self.codings, self.coded(item.leave_out, used))
            for item in coding
            if theta is None or item.section == "coding"
        ]
        if theta is not None:
            return found
        told = self.told()
        found += [
            self._compared(item, self.sources, self.told(item.leave_out) if item.leave_out else told)
            for item in items
            if item.section == "source"
        ]
        supported = [item for item in items if item.section == "support"]
        if supported:
            rows, owners = fields_pairs.support_rows(self.codings)
            coded = self.coded(None, used)
            pairs = fields_pairs.support_pairs(self.codings, coded, self.sources, told, rows, owners)
            found += [self._compared(item, rows, pairs) for item in supported]
        return found

    def _compared(self, item: Item, rows: Rows, pairs: Pairs) -> Comparison:
        return fields_pairs.compare(item, rows, pairs, self.corpus.coders, self.votes, self.weights)


def version(reading: Mapping[str, Any]) -> str:
    """The version of the codebook that a reading was made under."""
    return str(reading["codebook"]).rpartition("@")[2]
