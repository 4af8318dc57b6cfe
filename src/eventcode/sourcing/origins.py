"""Origins: which of a record's sources may go back to one and the same teller.

Nodes are the sources with at least one affirming row (asserts, confirms, claims_responsibility), for the
record or for one field of it; edges say that two of them are one origin, and why; origins are the connected
components. A certain edge joins at the most and at the least; an uncertain one ("cannot tell") joins at the
least only, so that the number of origins is an interval from `minimum` to `maximum`.

| reason | edge between sources that | certain |
|---|---|---|
| name | have the same normalised name | yes |
| body | speak for the same body; an organization with one affiliation actor speaks for it | yes |
| group | are part of one another or of one group, itself affirming or not | part_of_basis yes |
| relay | have the same person at the head of `via`, or are that person | yes |
| outlet | are anonymous, of the same actors (else affiliations), and first in the same known outlet | yes |
| actor, affiliation | are anonymous and share an actor, or have none and share an affiliation | no |
| some_actor | are anonymous, one without actors, and share an affiliation | no |
| nobody | are anonymous people (or documents, images, posts) of whom nothing says whom they belong to | no |
| elsewhere | are anonymous, on different pages, and of one nothing says whom it belongs to | no |
| copy | stand on a page and on its duplicate, reprint or rewrite, or on two codings of one page | see below |
| wire | stand on pages rewritten from one outlet, or on such a page and one of the outlet | no |
| publisher | are own voice of the same publisher | yes |
| staff | are own voice on the scene, one of them on a page whose publisher is not known | no |
| page | are own voice, and the record has nothing else | no |

Copies. Sources of a copy are matched with those of the pages before it (originals, then duplicates and
reprints, then rewrites) by name or descriptor. What is left of a duplicate or reprint, and is one with nobody
else, joins a source of the page it was taken from, so that a copy adds no origin (one that was coded
otherwise may settle what could not be told, and so raise the least); what is left of a rewrite does so at the
least only, since a rewriter may have asked somebody else.

`some_actor`, `elsewhere` and `staff` join one class only: "a militia source" may be the commander of one
group or of another, but that does not make the two commanders one. Own voice is left out where the record has
any other origin, except on the scene (an affirming row with knowledge eyewitness).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eventcode.sourcing.copies import copies, settle
from eventcode.sourcing.forest import Edge, Forest, link
from eventcode.sourcing.names import normal_name
from eventcode.sourcing.rows import Index, Record, Voice, values

VERSION = "1"

# A claim on a voice: a key that the voices of one origin share, the reason, words for it, certain or not.
Claim = tuple[tuple[str, ...], str, str, bool]


@dataclass(frozen=True, slots=True)
class Origin:
    """Ids of the sources that are one origin, in order, and whether it is named, anonymous or own_voice."""

    sources: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Origins:
    """A record's origins at the least and at the most, the edges between sources, own voices left out."""

    minimum: tuple[Origin, ...]
    maximum: tuple[Origin, ...]
    edges: tuple[Edge, ...]
    left_out: tuple[str, ...]


def find(index: Index, record: Record) -> Origins:
    """The origins of a record."""
    voices = [voice for voice in record.voices if not voice.own or voice.on_scene]
    only_own = not voices
    voices = voices or list(record.voices)
    kept = {voice.id for voice in voices}
    left_out = tuple(voice.id for voice in record.voices if voice.id not in kept)
    least, most = Forest(len(voices)), Forest(len(voices))
    edges = _join(index, voices, only_own, least, most) if len(voices) > 1 else []
    return Origins(_classes(voices, least), _classes(voices, most), tuple(edges), left_out)


def _join(index: Index, voices: Sequence[Voice], only_own: bool, least: Forest, most: Forest) -> list[Edge]:
    """Every edge, joined in both forests or in the least only; those that depend on classes come last."""
    copied = copies(index, voices)
    edges = _edges(index, voices, only_own) + copied.edges
    most.join(edge for edge in edges if edge.certain)
    edges += settle(voices, most, copied, certain=True)
    least.join(edges)
    edges += settle(voices, least, copied, certain=False)
    for further in (_some_actor, _elsewhere, _staff):
        edges += (new := further(voices, least))
        least.join(new)
    return edges


def _classes(voices: Sequence[Voice], forest: Forest) -> tuple[Origin, ...]:
    groups = [[voices[i] for i in group] for group in forest.groups()]
    return tuple(Origin(tuple(voice.id for voice in group), _kind(group)) for group in groups)


def _kind(group: Iterable[Voice]) -> str:
    found = {voice.source.get("identity") for voice in group}
    if "named" in found:
        return "named"
    return "own_voice" if found == {"own_voice"} else "anonymous"


def _edges(index: Index, voices: Sequence[Voice], only_own: bool) -> list[Edge]:
    shared: dict[tuple[str, ...], list[tuple[int, str, str, bool]]] = {}
    wholes = {key for voice in voices for key, *_ in _wholes(index, voice)}
    for position, voice in enumerate(voices):
        for key, reason, words, certain in _claims(index, voice, only_own):
            shared.setdefault(key, []).append((position, reason, words, certain))
        if (own := ("source", voice.id)) in wholes:
            shared.setdefault(own, []).append((position, "itself", "", True))
    return [edge for members in shared.values() for edge in link(voices, members)]


def _claims(index: Index, voice: Voice, only_own: bool) -> Iterator[Claim]:
    if voice.own:
        yield from _own_voice(index, voice, only_own)
        return
    name = voice.source.get("source_name")
    if name:
        yield ("name", normal_name(name)), "name", name, True
    if body := _body(voice):
        yield ("body", body), "body", body, True
    yield from _wholes(index, voice)
    if voice.anonymous:
        yield from _anonymous(index, voice)


def _own_voice(index: Index, voice: Voice, only_own: bool) -> Iterator[Claim]:
    publisher = voice.document.get("publisher")
    if publisher:
        yield ("publisher", index.outlet(publisher) or ""), "publisher", publisher, True
    elif voice.on_scene:
        yield ("staff",), "staff", "", False
    if only_own:
        yield ("page",), "page", "", False


def _body(voice: Voice) -> str | None:
    """The body whose account it is."""
    speaks_for: str | None = voice.source.get("speaks_for")
    if speaks_for or voice.source.get("source_kind") != "organization":
        return speaks_for
    return next(iter(voice.actors)) if len(voice.actors) == 1 else None


def _wholes(index: Index, voice: Voice) -> Iterator[Claim]:
    """The groups that a voice is part of, up to the largest, and the person through whom it came."""
    reading, source, certain, seen = voice.source["reading_id"], voice.source, True, {voice.id}
    while source.get("part_of"):
        name = index.source_of(reading, source["part_of"])
        if name is None or name in seen:
            break
        certain = certain and source.get("part_of_basis") == "yes"
        source = index.sources[name]
        seen.add(name)
        yield ("source", name), "group", str(source.get("source_descriptor") or source.get("key")), certain
    if via := values(voice.source.get("via")):
        person, key = index.station(reading, via[0])
        if person:
            yield key, "relay", via[0], True


def _anonymous(index: Index, voice: Voice) -> Iterator[Claim]:
    actors, affiliations = sorted(voice.actors), sorted(voice.affiliations)
    belongs, sort = actors or affiliations, "actor" if actors else "affiliation"
    if not belongs:
        yield ("nobody", _sort(voice)), "nobody", "", False
        return
    if outlet := index.first_outlet(voice):
        yield ("outlet", outlet, sort, *belongs), "outlet", f"{' and '.join(belongs)}, through {outlet}", True
    for one in belongs:
        yield (sort, one), sort, one, False


def _sort(voice: Voice) -> str:
    """People and bodies are one sort; a document, an image and a post each are another."""
    kind = voice.source.get("source_kind") or "person"
    return kind if kind in ("document", "imagery", "social_media") else "people"


def _some_actor(voices: Sequence[Voice], forest: Forest) -> list[Edge]:
    """Join each class of anonymous sources without actors to the first one with, of a shared affiliation."""
    first: dict[str, int] = {}
    settled: dict[int, set[str]] = {}
    vague: dict[int, list[int]] = {}
    for position, voice in enumerate(voices):
        if voice.anonymous and voice.actors:
            settled.setdefault(forest.root(position), set()).update(voice.affiliations)
            for affiliation in voice.affiliations:
                first.setdefault(affiliation, position)
        elif voice.anonymous and voice.affiliations:
            vague.setdefault(forest.root(position), []).append(position)
    edges = []
    for root, members in vague.items():
        affiliations = {one for position in members for one in voices[position].affiliations}
        found = [(first[one], one) for one in affiliations if one in first]
        if found and affiliations.isdisjoint(settled.get(root, ())):
            target, words = min(found)
            edges.append(_edge(voices, target, members[0], "some_actor", words))
    return edges


def _elsewhere(voices: Sequence[Voice], forest: Forest) -> list[Edge]:
    """Join the anonymous sources of whom nothing is known to the first class that is on none of their pages.

    On one page they stay apart: whoever coded the page told the two from each other.
    """
    pages: dict[int, set[tuple[str, str]]] = {}
    known: dict[str, dict[int, int]] = {}
    blank: dict[str, dict[int, int]] = {}
    for position, voice in enumerate(voices):
        root = forest.root(position)
        pages.setdefault(root, set()).add(voice.page)
        if voice.anonymous:
            side = known if voice.actors or voice.affiliations else blank
            side.setdefault(_sort(voice), {}).setdefault(root, position)
    edges = []
    for sort, classes in blank.items():
        for root, position in classes.items():
            others = known.get(sort, {})
            target = next((at for other, at in others.items() if pages[root].isdisjoint(pages[other])), None)
            if root not in others and target is not None:
                edges.append(_edge(voices, target, position, "elsewhere", ""))
    return edges


def _staff(voices: Sequence[Voice], forest: Forest) -> list[Edge]:
    """Join on-scene staff of an unknown publisher to the first of a known one."""
    staff = [position for position, voice in enumerate(voices) if voice.on_scene]
    known = [position for position in staff if voices[position].document.get("publisher")]
    unknown = [position for position in staff if not voices[position].document.get("publisher")]
    if not known or not unknown:
        return []
    return [_edge(voices, known[0], unknown[0], "staff", "")]


def _edge(voices: Sequence[Voice], one: int, other: int, reason: str, words: str) -> Edge:
    return Edge(voices[one].id, voices[other].id, reason, words, False, one, other)
