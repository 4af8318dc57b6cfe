"""Words of a text around spans, each marked as whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int]
ENDS = re.compile(r"[.!?…][\"'”’)\]]*\s+|\n+")
AROUND = 320  # code points that are shown at most before and after a span, where no sentence ends


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row with the same marks: `whose` is "", "one", "other" or "both"."""

    words: str
    whose: str


def passages(text: str, one: Iterable[Span], other: Iterable[Span]) -> list[list[Piece]]:
    """The sentences around the spans of two sides, those that touch as one passage; none where no span lies in the text."""
    sides = [[s for s in side if 0 <= s[0] < s[1] <= len(text)] for side in (one, other)]
    joined: list[Span] = []
    for start, end in sorted({_sentences(text, span) for side in sides for span in side}):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return [_pieces(text, part, sides) for part in joined]


def _sentences(text: str, span: Span) -> Span:
    """From the start of the sentence that a span begins in to the end of that in which it ends."""
    first, last = max(0, span[0] - AROUND), min(len(text), span[1] + AROUND)
    start = max([first, *(m.end() for m in ENDS.finditer(text, first, span[0] + 1) if m.end() <= span[0])])
    ends = [m.end() for m in ENDS.finditer(text, max(span[1] - 2, 0), last) if m.end() >= span[1]]
    end = min([last, *ends])
    return start, start + len(text[start:end].rstrip())


def _pieces(text: str, part: Span, sides: Sequence[Sequence[Span]]) -> list[Piece]:
    """A passage cut where a mark begins or ends."""
    cuts = {*part, *(at for side in sides for span in side for at in span if part[0] < at < part[1])}
    found = []
    for start, end in pairwise(sorted(cuts)):
        one, other = (any(s[0] <= start and end <= s[1] for s in side) for side in sides)
        whose = "both" if one and other else "one" if one else "other" if other else ""
        found.append(Piece(" ".join(text[start:end].splitlines()), whose))
    return found
