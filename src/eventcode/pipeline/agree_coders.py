"""A row per coder, drift, and what the model of Dawid and Skene makes of three voters or more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from eventcode.pipeline import agree_rows
from eventcode.pipeline.agree_measure import World, version
from eventcode.reliability import clusters as grouped
from eventcode.reliability import dawid_skene as model
from eventcode.reliability import drift as drifting
from eventcode.reliability.fields_pairs import Comparison

Labels = dict[Any, dict[str, Any]]
# Column of a coder's row → the item whose alpha with the coders of other voters it holds.
COMPARED = {"alpha_detection": "detection", "alpha_root": "event_type.root", "alpha_leaf": "event_type.leaf"}
VOTERS = 3  # below that, who errs cannot be told
SMOOTHING = 0.01  # keeps a code that somebody never gave from being impossible, and hardly moves the others
NONE = "(no event)"


def coders(world: World, found: Sequence[Comparison]) -> tuple[Mapping[str, Any], ...]:
    """Who read how much, how each agrees with the coders of other voters, and, of three voters or more, how often each is right.

    `accuracy_root` is the share of a voter's codes that are right by the model of Dawid and Skene, at the roots; it is an estimate
    under a model that takes coders to err independently, not a measurement.
    """
    accuracy = accuracies(world)
    return tuple(_coder(world, found, i, accuracy) for i in range(len(world.corpus.coders)))


def _coder(
    world: World, found: Sequence[Comparison], i: int, accuracy: Mapping[str, float]
) -> dict[str, Any]:
    name = world.corpus.coders[i]
    kind = world.corpus.kinds[name]
    own = [row for (_, coder), row in world.corpus.readings.items() if coder == i]
    codings = sum(len(row.get("codings", ())) for row in own)
    return {
        "coder": name, "kind": kind.kind, "voter": world.voters[name], "version": kind.version, "n_documents": len(own),
        "n_no_event": sum(row["status"] == "no_event" for row in own), "n_codings": codings,
        "n_sources": sum(len(row.get("sources", ())) for row in own),
        "codings_per_document": codings / len(own) if own else None, **_with_others(world, found, name),
        "accuracy_root": accuracy.get(world.voters[name]),
    }  # fmt: skip


def _with_others(world: World, found: Sequence[Comparison], name: str) -> dict[str, float | None]:
    """Alpha with the coders of other voters, and the share of codings that found a partner there."""
    block = world.block(f"with:{name}", [pair for pair in world.every_pair if name in pair])
    items = {c.item.name: c for c in (world.detection, *found)}
    rows = {
        column: agree_rows.alone(items[item], block) if item in items else None
        for column, item in COMPARED.items()
    }
    leaf = rows["alpha_leaf"]
    return {"f1_events": leaf.coverage if leaf else None} | {
        column: row.estimate if row else None for column, row in rows.items()
    }


# ── who errs how often ────────────────────────────────────────────────────────────────────────────────────────────────


def accuracies(world: World) -> dict[str, float]:
    """The share of each voter's roots that is right, by the model; empty with fewer than three voters, or where it cannot be told.

    Units are the events of all coders' codings (`clusters`); a reader who has none of it said that there is no event.
    """
    labels = _events(world)
    said = {world.voters[coder] for own in labels.values() for coder in own}
    if len(said) < VOTERS:
        return {}
    fitted = model.dawid_skene(labels, voters=world.voters, smoothing=SMOOTHING, seed=world.plan.seed)
    return {name: float(sum(fitted.priors * fitted.matrix(name).diagonal())) for name in fitted.voters}


def _events(world: World) -> Labels:
    """Event → coder → root of its code, or that there is no event; and so for documents without any. Only what two voters or more read."""
    corpus = world.corpus
    alignment = world.aligned(None, world.plan.align.theta)
    index = {document: n for n, document in enumerate(corpus.documents)}
    codes = {
        (document, coder, str(row["key"])): world.root(row["event_type"])
        for (document, coder), reading in corpus.readings.items()
        for row in reading.get("codings", ())
    }
    readers = [
        {name: NONE for i, name in enumerate(corpus.coders) if (document, i) in corpus.readings}
        for document in range(len(corpus.documents))
    ]
    labels: Labels = {}
    for n, event in enumerate(grouped.clusters(corpus, alignment)):
        document = index[event.document]
        own = {name: codes[document, corpus.coders.index(name), key] for name, key in event.members}
        labels[event.document, n] = readers[document] | own
    seen = {document for document, _ in labels}
    labels |= {(name, None): readers[document] for name, document in index.items() if name not in seen}
    return {unit: own for unit, own in labels.items() if len({world.voters[name] for name in own}) > 1}


# ── drift ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def drift(world: World) -> tuple[Mapping[str, Any], ...]:
    """Agreement of each coder with those of other voters on events and their roots, by version and window of documents (`drift.drift`)."""
    labels = _events(world)
    readings = {
        (document, name): (version(row), row.get("coded_at"))
        for (n, i), row in world.corpus.readings.items()
        for document, name in [(world.corpus.documents[n], world.corpus.coders[i])]
    }
    documents = {unit: unit[0] for unit in labels}
    marks = drifting.marks(labels, readings, documents=documents, voters=world.voters)
    return tuple(asdict(row) for row in drifting.drift(marks, seed=world.plan.seed))
