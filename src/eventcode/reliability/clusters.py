"""Which codings of all coders tell one event, for adjudication; measuring goes by pairs of coders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from eventcode.reliability.align import Alignment
from eventcode.reliability.assign import DECIMALS
from eventcode.reliability.records import Corpus, by_key

Coding = tuple[int, int, int]  # document, coder, index in the reading


@dataclass(frozen=True, slots=True)
class Cluster:
    """Codings that tell one event, at most one of each coder, sorted by coder: (coder, key). `document` is the
    document's id.

    `intransitive`: the pairs contradict each other. Two codings of the cluster were not paired, although a
    third was with both, or one of them was paired with a coding outside, which had to stay out.
    """

    document: str
    members: tuple[tuple[str, str], ...]
    intransitive: bool = False


def clusters(corpus: Corpus, alignment: Alignment) -> list[Cluster]:
    """All codings in clusters, in the order of documents and of the first member's key; a coding without a
    partner is a cluster of its own.

    Best first: pairs are taken from the most similar on, and join the clusters of their two codings unless a
    coder would be in it twice (agglomerative clustering with cannot-links: Wagstaff & Cardie 2000, ICML:
    1103–1110). Pairs that are equally similar go by document, coders and keys.
    """
    listed = corpus.codings
    keys: dict[Coding, str] = {
        (document, coder, position): str(row.get("key", ""))
        for row, document, coder, position in zip(
            listed.rows,
            listed.documents.tolist(),
            listed.coders.tolist(),
            listed.positions.tolist(),
            strict=True,
        )
    }
    pairs = _best_first(alignment, keys)
    home = {coding: {coding} for coding in keys}
    for one, other in pairs:
        ours, theirs = home[one], home[other]
        if ours is not theirs and not {c for _, c, _ in ours} & {c for _, c, _ in theirs}:
            ours |= theirs
            home.update(dict.fromkeys(theirs, ours))
    paired = {frozenset(pair) for pair in pairs}
    torn = {coding for pair in pairs if home[pair[0]] is not home[pair[1]] for coding in pair}
    groups = {id(group): sorted(group) for group in home.values()}
    found = [
        (
            group,
            bool(torn.intersection(group))
            or any(frozenset(two) not in paired for two in combinations(group, 2)),
        )
        for group in groups.values()
    ]
    found.sort(key=lambda item: (item[0][0][0], by_key({"key": keys[item[0][0]]}), item[0][0]))
    return [
        Cluster(
            corpus.documents[group[0][0]],
            tuple((corpus.coders[coder], keys[document, coder, i]) for document, coder, i in group),
            intransitive,
        )
        for group, intransitive in found
    ]


def _best_first(alignment: Alignment, keys: Mapping[Coding, str]) -> list[tuple[Coding, Coding]]:
    pairs = alignment.pairs
    columns = (pairs.document, pairs.coder_a, pairs.coder_b, pairs.i, pairs.j)
    found = [
        (-round(s, DECIMALS), (document, a, i), (document, b, j))
        for document, a, b, i, j, s in zip(
            *(column.tolist() for column in columns), pairs.similarity.tolist(), strict=True
        )
    ]

    def order(pair: tuple[float, Coding, Coding]) -> tuple[object, ...]:
        cost, one, other = pair
        ends = [(coder, by_key({"key": keys[document, coder, i]})) for document, coder, i in (one, other)]
        return cost, one[0], ends

    return [(one, other) for _, one, other in sorted(found, key=order)]
