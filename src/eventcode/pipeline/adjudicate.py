"""What of a dataset needs a decision: its documents as cases, what weighs how much, and the ranking."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from eventcode.adjudication import adopt, agree, cases, queue, suggest, values
from eventcode.adjudication.cases import Case, Proposal
from eventcode.adjudication.cause import tally
from eventcode.adjudication.queue import Question
from eventcode.errors import DatasetError, refuse
from eventcode.formats import jsonl
from eventcode.model import ROLES
from eventcode.pipeline import adjudicate_rules, inputs, lines
from eventcode.pipeline.inputs import Inputs
from eventcode.project import Dataset
from eventcode.readings import Row
from eventcode.shape import bundled, did_you_mean

FIRST, SECOND = "decisions.jsonl", "decisions-second.jsonl"
REPORT, SOURCES = (
    "report",
    "sources",
)  # what `adjudication: weights:` calls the questions that are about no field
REPORT_WEIGHT, TYPE_WEIGHT, SOURCES_WEIGHT = 4.0, 4.0, 2.0


@dataclass
class Adjudication:
    """The documents of a dataset with what is decided about them, for a first adjudicator or a second one."""

    held: Inputs
    cases: dict[str, Case]
    weights: Mapping[str, float]
    second: bool = False

    @property
    def dataset(self) -> Dataset:
        """The dataset."""
        return self.held.dataset

    @property
    def file(self) -> Path:
        """Where the decisions are recorded."""
        return self.dataset.folder / (SECOND if self.second else FIRST)

    @cached_property
    def open(self) -> list[tuple[Case, list[Question]]]:
        """The documents with open questions, that with most at stake first."""
        return queue.ranked(self.cases.values(), self.weights)

    def asked(self, limit: int | None = None) -> list[tuple[Case, list[Question]]]:
        """The first documents of `open`, with what the rules suggest."""
        shown = self.open[:limit]
        left = adjudicate_rules.left(self.held, shown)
        return [(case, suggest.with_suggestions(questions, left)) for case, questions in shown]


def load(
    dataset: Dataset,
    documents: Collection[str] = (),
    *,
    second: bool = False,
    sample: int | None = None,
    seed: int = 0,
) -> Adjudication:
    """The documents of a dataset (those named, or all) as cases for adjudication.

    `second` asks for those of the second adjudicator, to whom the decisions of the first are unknown; `sample` draws that many of
    the documents on which coders differ, by `seed`. DatasetError for unknown documents.
    """
    held = inputs.load(dataset)
    names = held.names
    for key in documents:
        if key not in names.values():
            raise DatasetError(f"no document '{key}' in {dataset.name}", did_you_mean(key, [*names.values()]))
    recorded = decisions(dataset, SECOND) if second else held.decisions
    proposed = proposals(held)
    found: dict[str, Case] = {}
    for document, reads in by_document(held).items():
        name = names.get(document, document)
        if not documents or name in documents:
            known = [row for row in recorded if row["document"] in (name, document)]
            found[name] = cases.case(document, name, reads, known, proposed.get(document, ()), held.codebook)
    if sample is not None:
        found = _sample(found, sample, seed)
    return Adjudication(held, found, weights(dataset), second)


def by_document(held: Inputs) -> dict[str, list[adopt.Read]]:
    """The current readings of a dataset by document id, those that were withdrawn left out."""
    found: dict[str, list[adopt.Read]] = {}
    for read in held.current:
        if read.reading["status"] != "withdrawn":
            own = adopt.Read(read.coder, read.reading, read.reading_id, read.place)
            found.setdefault(read.document_id, []).append(own)
    return found


def _sample(found: Mapping[str, Case], size: int, seed: int) -> dict[str, Case]:
    """A random sample of the documents in which something must be decided, whether it is decided or not; the same for the same seed."""
    import numpy as np

    names = sorted(name for name, case in found.items() if _differ(case))
    if size > len(names):
        raise DatasetError(
            f"a sample of {size} of {len(names)} documents", f"give --sample {len(names)} at most"
        )
    drawn = np.random.default_rng(seed).choice(len(names), size, replace=False)
    return {names[i]: found[names[i]] for i in sorted(drawn.tolist())}


def _differ(case: Case) -> bool:
    readings = [read.reading for read in case.readers.values()]
    return len(readings) > 1 and not agree.whole(readings)


def decisions(dataset: Dataset, name: str) -> list[Row]:
    """The decisions of a file, or none where it is not there; DatasetError with every line that is no decision."""
    path = dataset.folder / name
    if not path.is_file():
        return []
    rows, problems = jsonl.parse(path.read_bytes(), dataset.project.shown(path))
    problems += [p for row, place in rows for p in lines.shape_problems(row, bundled("decision"), place)]
    refuse(DatasetError, f"{dataset.project.shown(path)} cannot be used", problems)
    return [row for row, _ in rows]


# ── which codings seem to be one report ───────────────────────────────────────────────────────────────────────────────


def proposals(held: Inputs) -> dict[str, list[Proposal]]:
    """By document id: the clusters of codings that the alignment of coders makes."""
    from eventcode.pipeline.agree_settings import plan
    from eventcode.reliability import align, clusters, records

    corpus = records.corpus(held.current, held.dataset.coders, held.codebook, held.names, held.texts)
    alignment = align.align(corpus, plan(held.dataset).align)
    found: dict[str, list[Proposal]] = {}
    for cluster in clusters.clusters(corpus, alignment):
        members = tuple(f"{coder}/{key}" for coder, key in cluster.members)
        found.setdefault(cluster.document, []).append(Proposal(members, cluster.intransitive))
    return found


# ── what weighs how much ──────────────────────────────────────────────────────────────────────────────────────────────


def weights(dataset: Dataset) -> dict[str, float]:
    """How much hangs on each field, role, on what is a report (`group`) and on whose sources are taken (`sources`).

    A field weighs 1, and 1 more for each of these: it must be filled, it goes into the events, an expectation of the dataset is
    about it. The event type weighs 4, so does what is a report at all; a role and the sources weigh 2. What the card says under
    `adjudication: {weights: …}` goes before.
    """
    codebook, card = dataset.codebook, dataset.card
    expected = {row.get("column") for row in card.get("expectations", ())}
    found = {"group": REPORT_WEIGHT, "sources": SOURCES_WEIGHT, **dict.fromkeys(ROLES, 2.0)}
    for name in values.names(codebook):
        field = codebook.fields.get(("codings", name))
        if field is not None:
            said = expected & {name, *field.columns}
            found[name] = 1.0 + field.required + (field.aggregate != "none") + bool(said)
    found["event_type"] = max(TYPE_WEIGHT, found.get("event_type", 1.0))
    return found | _own_weights(dataset, found)


def _own_weights(dataset: Dataset, known: Mapping[str, float]) -> dict[str, float]:
    own = dataset.card.get("adjudication", {}).get("weights", {})
    names = [REPORT, *(name for name in known if name != "group")]
    problems = [
        dataset.document.problem(
            ("adjudication", "weights", name), f"'{name}' is no field of codings", did_you_mean(name, names)
        )
        for name in own
        if name not in names
    ]
    refuse(DatasetError, f"{dataset.document.file} cannot be used", problems)
    return {"group" if name == REPORT else name: float(weight) for name, weight in own.items()}


# ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def rows(work: Adjudication, *, limit: int | None = None, show_coders: bool = False) -> list[Row]:
    """The open questions as plain rows, documents in their ranking and within each the question with most at stake first."""
    found: list[Row] = []
    for case, asked in work.asked(limit):
        ordered = sorted((q for q in asked if not q.optional), key=lambda q: -q.score)
        found += [queue.row(case, question, 0, work.held.texts) for question in ordered]
        if show_coders:
            of = {letter: read.coder for letter, read in case.readers.items()}
            for row in found[-len(ordered) :]:
                row["coders"] = of
    return [{**row, "rank": place} for place, row in enumerate(found, 1)]


def counts(work: Adjudication) -> tuple[int, int]:
    """How many documents have open questions, and how many these are."""
    return len(work.open), sum(not q.optional for _, asked in work.open for q in asked)


def causes(work: Adjudication) -> list[Row]:
    """How often each cause was given, by field."""
    kept = {name for case in work.cases.values() for name in (case.name, case.document_id)}
    recorded = decisions(work.dataset, SECOND) if work.second else work.held.decisions
    return tally(row for row in recorded if row["document"] in kept)
