"""Pages that repeat another page: which of their sources are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from eventcode.sourcing.forest import Edge, Forest
from eventcode.sourcing.names import normal_name
from eventcode.sourcing.rows import COPIES, Index, Plain, Voice

ORIGINAL, EXACT, REWRITE = 0, 1, 2
Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """One reading of one document, with the positions of its voices in order.

    `above` maps the documents from which it descends, nearest first, to whether every step up to there is a
    duplicate or reprint; `family` is the last of them, or itself; `wire` the outlet outside the corpus from
    which it was taken.
    """

    document: Plain
    members: tuple[int, ...]
    family: str
    above: dict[str, bool]
    rank: int
    wire: str | None

    @property
    def order(self) -> tuple[int, int, int]:
        """Originals first, then duplicates and reprints, then rewrites; each after what it was taken from."""
        return self.rank, len(self.above), self.members[0]


@dataclass(frozen=True, slots=True)
class Left:
    """A voice of a copy that no earlier page has, and the one it is taken for if it stands alone."""

    position: int
    target: int
    reason: str
    words: str


@dataclass(slots=True)
class Copied:
    """Matched voices: their edges, and with what; what is left of duplicates (`sure`) and of rewrites."""

    edges: list[Edge] = field(default_factory=list)
    matched: dict[int, int] = field(default_factory=dict)
    sure: list[Left] = field(default_factory=list)
    unsure: list[Left] = field(default_factory=list)

    def rests_on(self, position: int, alone: set[int]) -> bool:
        """Whether a voice, or one that it was matched with, is among those left `alone`."""
        while position not in alone and position in self.matched:
            position = self.matched[position]
        return position in alone


def copies(index: Index, voices: Sequence[Voice]) -> Copied:
    """How the sources of copied pages hang together (reasons `copy` and `wire`)."""
    copied = Copied()
    grouped = groupby(enumerate(voices), key=lambda pair: pair[1].page)
    groups = [tuple(position for position, _ in group) for _, group in grouped]
    if len(groups) < 2:
        return copied
    pages = sorted((_page(index, voices, members) for members in groups), key=lambda page: page.order)
    for family in _families(pages):
        _match(voices, family, copied, None)
    for wire, family in _wires(index, pages):
        _match(voices, family, copied, wire)
    return copied


def settle(voices: Sequence[Voice], forest: Forest, copied: Copied, certain: bool) -> list[Edge]:
    """Join what is left of a copy to its target, unless it is one already with a voice not left over."""
    lefts = copied.sure if certain else copied.unsure
    if not lefts:
        return []
    alone = {left.position for left in (copied.sure if certain else [*copied.sure, *copied.unsure])}
    settled = {
        forest.root(position) for position in range(len(voices)) if not copied.rests_on(position, alone)
    }
    edges = []
    for left in lefts:
        if forest.root(left.position) not in settled:
            edge = _edge(voices, left.target, left.position, left.reason, left.words, certain)
            forest.join([edge])
            settled.add(forest.root(left.position))
            edges.append(edge)
    return edges


def _page(index: Index, voices: Sequence[Voice], members: tuple[int, ...]) -> Page:
    document = voices[members[0]].document
    above, exact, row = dict[str, bool](), True, document
    path = [str(document["document_id"])]
    while (link := _link(index, row)) is not None:
        parent, faithful = link
        exact = exact and faithful
        if parent is None or parent in path:
            break
        above[parent] = exact
        path.append(parent)
        row = index.documents.get(parent, {})
    ring = path[path.index(link[0]) :] if link and link[0] else path[-1:]
    family = min(ring)
    rank = ORIGINAL if _link(index, document) is None else EXACT if exact else REWRITE
    wire = (
        document.get("relation_of")
        if rank != ORIGINAL and not above and not document.get("duplicate_of")
        else None
    )
    return Page(document, members, family, above, rank, wire)


def _link(index: Index, document: Plain) -> tuple[str | None, bool] | None:
    """What a document copies (None: a thing outside the corpus) and whether faithfully; None for no copy."""
    if duplicate_of := document.get("duplicate_of"):
        return index.document(duplicate_of) or str(duplicate_of), True
    relation, of = document.get("document_relation"), document.get("relation_of")
    return (index.document(of), relation == "reprint") if of and relation in COPIES else None


def _families(pages: Iterable[Page]) -> list[list[Page]]:
    groups: dict[str, list[Page]] = {}
    for page in pages:
        groups.setdefault(page.family, []).append(page)
    return [group for group in groups.values() if len(group) > 1]


def _wires(index: Index, pages: Sequence[Page]) -> Iterator[tuple[str, list[Page]]]:
    """Pages taken from one outlet that name no document of the corpus, after that outlet's own pages."""
    taken: dict[str, list[Page]] = {}
    own: dict[str, list[Page]] = {}
    for page in pages:
        if page.rank == ORIGINAL and (publisher := index.outlet(page.document.get("publisher"))):
            own.setdefault(publisher, []).append(page)
        elif page.wire:
            taken.setdefault(index.outlet(page.wire) or "", []).append(page)
    for outlet, copied in taken.items():
        yield str(copied[0].wire), [*own.get(outlet, ()), *copied]


def _match(voices: Sequence[Voice], pages: Sequence[Page], copied: Copied, wire: str | None) -> None:
    """Match the sources of every copy with those of the pages before it; nothing is certain for a `wire`."""
    pool: dict[Words, list[int]] = {}
    firsts: dict[str, dict[str, int]] = {}
    for page in pages:
        name = page.document["document_id"]
        by_words = _by_words(voices, page.members)
        if firsts and (name in firsts or page.rank != ORIGINAL):
            _repeated(voices, by_words, pool, copied, wire, *_target(page, firsts))
        firsts.setdefault(name, _firsts(voices, page.members))
        for words, positions in by_words.items():
            pool.setdefault(words, positions)


def _target(page: Page, firsts: dict[str, dict[str, int]]) -> tuple[dict[str, int], bool]:
    """The page before this one from which what is left is taken to come, and whether that is certain."""
    own = page.document["document_id"]
    if own in firsts:
        return firsts[own], True
    nearest = next((name for name in page.above if name in firsts), None)
    if nearest is not None:
        return firsts[nearest], page.above[nearest]
    return next(iter(firsts.values())), page.rank == EXACT


def _repeated(
    voices: Sequence[Voice],
    by_words: dict[Words, list[int]],
    pool: dict[Words, list[int]],
    copied: Copied,
    wire: str | None,
    target: dict[str, int],
    sure: bool,
) -> None:
    reason = "wire" if wire else "copy"
    for words, positions in by_words.items():
        earlier = pool.get(words, ())
        for rank, position in enumerate(positions):
            other = earlier[min(rank, len(earlier) - 1)] if earlier else target.get(words[0], target[""])
            said = wire or _said(voices[other], voices[position])
            if not earlier:
                lefts = copied.sure if sure and not wire else copied.unsure
                lefts.append(Left(position, other, reason, said))
                continue
            copied.edges.append(_edge(voices, other, position, reason, said, not wire))
            copied.matched.setdefault(position, other)


def _by_words(voices: Sequence[Voice], members: Iterable[int]) -> dict[Words, list[int]]:
    """Positions by identity and name or descriptor."""
    found: dict[Words, list[int]] = {}
    for position in members:
        source = voices[position].source
        words = source.get("source_name") or source.get("source_descriptor") or ""
        found.setdefault((str(source.get("identity")), normal_name(words)), []).append(position)
    return found


def _firsts(voices: Sequence[Voice], members: Sequence[int]) -> dict[str, int]:
    """The first position of each identity, and under "" the first of all."""
    found = {"": members[0]}
    for position in members:
        found.setdefault(str(voices[position].source.get("identity")), position)
    return found


def _edge(voices: Sequence[Voice], one: int, other: int, reason: str, words: str, certain: bool) -> Edge:
    return Edge(voices[one].id, voices[other].id, reason, words, certain, one, other)


def _said(one: Voice, other: Voice) -> str:
    ours, theirs = (
        voice.document.get("document_key") or voice.document["document_id"] for voice in (one, other)
    )
    if ours == theirs:
        return f"{ours} was read twice"
    return f"{theirs} and {ours} tell the same: one is a copy, or both are copies of a third page"
