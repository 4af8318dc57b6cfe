"""Small corpora of invented codings: who coded what in which document, in one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eventcode.model import Actor, Codebook, EventType
from eventcode.readings import Coder
from eventcode.reliability import records
from eventcode.reliability.records import Corpus

Coding = dict[str, Any]
TYPES = {"01": None, "011": "01", "012": "01", "02": None, "021": "02", "03": None}


def _type(code: str, parent: str | None) -> EventType:
    return EventType(code, f"type_{code}", code, parent, "core", "deed", f"Invented type {code}.")


CODEBOOK = Codebook(
    "invented", "Invented", "1.0.0", "codebook", "0" * 64, "For tests.", "CC0-1.0",
    event_types={code: _type(code, parent) for code, parent in TYPES.items()},
    actors={
        "front": Actor("front", "The Front", "armed_group", aliases=("Front",)),
        "north": Actor("north", "Northern Brigade", "armed_group"),
        "gov": Actor("gov", "The Government", "state"),
    },
)  # fmt: skip


@dataclass(frozen=True)
class Read:
    """A reading as the pipeline hands it over."""

    coder: str
    document_id: str
    reading: dict[str, Any]


def coding(
    key: str, event_type: str = "01", span: tuple[int, int] | None = None, day: str | None = None, place: str | None = None,
    actor: str | None = None, recipient: str | None = None, **more: Any,
) -> Coding:  # fmt: skip
    """A coding with the given identity fields; `more` are columns."""
    row: Coding = {"key": key, "event_type": event_type}
    if span:
        row["evidence"] = [{"field": "event_type", "start": span[0], "end": span[1]}]
    if day:
        row |= {"date_start": day, "date_end": day, "date_precision": "day"}
    if place:
        row["place_name"] = place
    people = [("actor", actor), ("recipient", recipient)]
    row["participants"] = [
        {"role": role, "position": 0, "name_as_printed": who} for role, who in people if who
    ]
    return row | more


def read(document: str, coder: str, codings: Sequence[Coding] = (), **head: Any) -> Read:
    """A reading; without codings it is one of no event."""
    status = "coded" if codings or head.get("sources") else "no_event"
    return Read(
        coder, document, {"coder": coder, "revision": 1, "status": status, "codings": list(codings)} | head
    )


def corpus(
    reads: Iterable[Read], coders: Mapping[str, Coder] | None = None, texts: Mapping[str, str] | None = None
) -> Corpus:
    """The corpus of some readings; coders are persons unless said otherwise."""
    listed = list(reads)
    people = {one.coder: Coder(one.coder, "person") for one in listed}
    return records.corpus(listed, people | dict(coders or {}), CODEBOOK, {}, texts)


def keys(of: Corpus, pairs: Any, table: str = "codings") -> set[tuple[str, str, str]]:
    """Pairs as (document, coder/key, coder/key), whatever their order in the arrays."""
    found = set()
    for document, a, b, i, j in zip(
        *(one.tolist() for one in (pairs.document, pairs.coder_a, pairs.coder_b, pairs.i, pairs.j)),
        strict=True,
    ):
        ends = [f"{of.coders[c]}/{of.readings[document, c][table][at]['key']}" for c, at in ((a, i), (b, j))]
        found.add((of.documents[document], *sorted(ends)))
    return found


def at_random(
    seed: int,
    n_documents: int,
    coders: Sequence[str],
    mean: float = 3.0,
    shared: bool = True,
    faithful: bool = False,
) -> Corpus:
    """Coders who give every event a random type.

    With `shared` all of them find the same events, in the same spans, on the same days; without it nothing that one coder says of a
    document has to do with what another says of it. `faithful` coders give the same types too.
    """
    draw = np.random.default_rng(seed)
    found = []
    for number in range(n_documents):
        truth = _events(draw, mean)
        for coder in coders:
            own = truth if shared else _events(draw, mean)
            types = [row["event_type"] if faithful else str(draw.choice(list(TYPES))) for row in own]
            rows = [row | {"event_type": kind} for row, kind in zip(own, types, strict=True)]
            found.append(read(f"d{number:04}", coder, rows))
    return corpus(found)


def _events(draw: np.random.Generator, mean: float) -> list[Coding]:
    return [
        coding(
            f"e{k + 1}", str(draw.choice(list(TYPES))), (200 * int(draw.integers(6)), 200 * int(draw.integers(6)) + 1200),
            f"2025-05-{int(draw.integers(1, 29)):02}", str(draw.choice(["Ras Amara", "Tell Zahra", "Wadi Nur"])),
            str(draw.choice(["the brigade", "the council", "the union"])),
        )
        for k in range(int(draw.poisson(mean)))
    ]  # fmt: skip
