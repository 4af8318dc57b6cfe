"""Whether coders find the same events: over a universe that does not depend on what they found, and as the
share of events found by both.

Codings without a partner are no rows "event / no event" of a table of events: such a table has no row on which
both saw nothing, and its alpha is far too low (−.20 where that over all documents read was .72). The universe
is fixed instead: every document that a coder read (status coded or no_event), or every sentence of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from eventcode.readings import Row
from eventcode.reliability.align import Alignment
from eventcode.reliability.assign import Mask
from eventcode.reliability.identity_fields import coding_evidence
from eventcode.reliability.records import Corpus
from eventcode.reliability.result import NO_PAIRS
from eventcode.reliability.units import MISSING, Coefficient, Integers, Numbers, Units

VALUES = ("no_event", "coded")
_END = re.compile(r"[.!?…؟]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*(\w))|\n")
NO_CODINGS = "neither coder found an event in any document that both read"


def documents(corpus: Corpus) -> Units:
    """A unit for each document, with the status of each coder's reading; who did not read it says nothing.
    Level nominal."""
    codes = np.full((len(corpus.documents), len(corpus.coders)), MISSING, dtype=np.int64)
    for at, reading in corpus.readings.items():
        codes[at] = VALUES.index(reading["status"])
    return Units(codes, VALUES, np.arange(len(corpus.documents)), corpus.weights, corpus.coders)


def sentences(corpus: Corpus) -> Units:
    """A unit for each sentence of the documents whose texts are at hand: does the evidence of a coding touch
    it? Level nominal.

    The evidence is that of the event type, or all of a coding where that has none. A coder one of whose codings
    has no place in the text says nothing of that document's sentences. Weights are those of documents.
    """
    codes, numbers = [np.zeros((0, len(corpus.coders)), dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for number, document in enumerate(corpus.documents):
        if document in corpus.texts:
            bounds = split(corpus.texts[document])
            own = np.full((len(bounds), len(corpus.coders)), MISSING, dtype=np.int64)
            for coder in range(len(corpus.coders)):
                if (number, coder) in corpus.readings:
                    own[:, coder] = _touched(corpus.readings[number, coder], bounds)
            codes.append(own)
            numbers.append(np.full(len(bounds), number, dtype=np.int64))
    of = np.concatenate(numbers)
    return Units(np.concatenate(codes), VALUES, of, corpus.weights[of], corpus.coders)


def split(text: str) -> list[tuple[int, int]]:
    """The sentences of a canonical text as (start, end): up to a full stop with no small letter after it, or the
    end of a line.

    The rule knows no abbreviations. It cuts alike for all coders, which is what agreement needs.
    """
    found, start = [], 0
    ends = [match.end() for match in _END.finditer(text) if not (match[1] or "").islower()]
    for end in [*ends, len(text)]:
        words = text[start:end]
        if words.strip():
            found.append((start + len(words) - len(words.lstrip()), start + len(words.rstrip())))
        start = end
    return found


def _touched(reading: Row, bounds: list[tuple[int, int]]) -> Integers:
    touched = np.zeros(len(bounds), dtype=np.int64)
    starts, ends = np.array(bounds, dtype=np.int64).reshape(-1, 2).T
    for coding in reading.get("codings") or ():
        spans = [(e["start"], e["end"]) for e in coding_evidence(coding) if e.get("start") is not None]
        if not spans:
            return np.full(len(bounds), MISSING, dtype=np.int64)
        for start, end in spans:
            touched[(starts < end) & (ends > start)] = 1
    return touched


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """How many events two coders found in a document (`n_a`, `n_b`), and how many of them are the same (`matched`).

    One row per document and two coders who both read it, also where there is no event.
    """

    document: Integers
    coder_a: Integers
    coder_b: Integers
    matched: Integers
    n_a: Integers
    n_b: Integers
    n_documents: int

    def where(self, kept: Mask) -> Found:
        """Some of the rows."""
        document, coder_a, coder_b = self.document[kept], self.coder_a[kept], self.coder_b[kept]
        counts = self.matched[kept], self.n_a[kept], self.n_b[kept]
        return Found(document, coder_a, coder_b, *counts, self.n_documents)

    def by_document(self) -> tuple[Integers, Integers]:
        """(documents,) twice the events found by both, and the events found by either: F1 is their ratio over
        documents."""
        n = self.n_documents
        above = np.bincount(self.document, 2 * self.matched, n)
        below = np.bincount(self.document, self.n_a + self.n_b, n)
        return above.astype(np.int64), below.astype(np.int64)

    def estimates(self, weights: Numbers) -> Numbers:
        """(B,) F1 for weights (B, documents), NaN where no event was found: what a bootstrap asks."""
        above, below = self.by_document()
        total = weights @ below
        found = np.full(len(total), np.nan)
        np.divide(weights @ above, total, out=found, where=total > 0)
        return found

    def f1(self, weights: Numbers | None = None) -> Coefficient:
        """F1 of the events found, 2 · both / (found by one + found by the other), over all pairs of coders (van
        Rijsbergen 1979, Information Retrieval, ch. 7).

        `weights` (documents,) are those of documents. It is symmetric, so that no coder has to be the truth, and
        leaves out what neither found, so that it needs no universe (Hripcsak & Rothschild 2005, JAMIA 12: 296–298).
        """
        own = np.ones(self.n_documents) if weights is None else weights
        value = float(self.estimates(own[None, :])[0])
        undefined = value != value
        reason = (NO_CODINGS if len(self.document) else NO_PAIRS) if undefined else None
        return Coefficient(
            "f1", "nominal", None if undefined else value, reason, len(self.document), int((self.n_a + self.n_b).sum()),
            len(np.unique(self.document)), len(np.union1d(self.coder_a, self.coder_b)),
        )  # fmt: skip


def events(corpus: Corpus, alignment: Alignment) -> Found:
    """What two coders each found in the documents that both read."""
    size = len(corpus.documents), len(corpus.coders), len(corpus.coders)
    pairs = alignment.pairs
    at = np.ravel_multi_index((alignment.read_document, alignment.read_a, alignment.read_b), size)
    own = np.ravel_multi_index((pairs.document, pairs.coder_a, pairs.coder_b), size)
    where, count = np.unique(own, return_counts=True)
    counts = np.zeros(len(at), dtype=np.int64)
    counts[np.searchsorted(at, where)] = count
    return Found(
        alignment.read_document, alignment.read_a, alignment.read_b, counts, alignment.n_a, alignment.n_b,
        len(corpus.documents),
    )  # fmt: skip
