"""Invented texts with what they truly tell: composed of the parts in templates/simulated, so that every span is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from string import Formatter
from typing import Any

import numpy as np

from eventcode.model import Codebook
from eventcode.pipeline.simulate_parts import (
    Happening,
    Page,
    Second,
    Span,
    Teller,
    Told,
    World,
    affiliation,
    name,
    parts,
)  # fmt: skip

FIRST_DAY = date(2025, 1, 6)
TRAINING = 0.1  # the share of documents, read first, that trained the coders and were not drawn at random
TOLD_AGAIN = 0.3  # of the events, those that an earlier document of another outlet told
TOLD_TWICE = 0.3  # of the events that somebody tells, those that a second source speaks of
COARSE = 0.15  # of the events, those of which the text names the province alone
STANCES = {"confirms": 0.6, "denies": 0.25, "doubts": 0.15}
DIFFICULTIES = (0.4, 1.0, 2.2)  # times every rate of error: what makes the codings of one document alike
OPENINGS = {"occurred": ("On ", " "), "ongoing": ("From ", " on "), "possible": ("It seems that on ", " ")}


def world(n: int, book: Codebook, rng: np.random.Generator) -> World:
    """`n` documents, a day or so apart, with what they tell."""
    made = World()
    for i in range(n):
        publisher = _pick(rng, [*parts()["outlets"]])
        training = i < TRAINING * n
        page = Page(
            f"page-{i + 1:03}", publisher, FIRST_DAY + timedelta(days=int(i * 160 / n)),
            None if training else parts()["outlets"][publisher][3], _pick(rng, DIFFICULTIES),
        )  # fmt: skip
        _write(page, made, book, rng)
        made.pages.append(page)
    return made


# ── what happened ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _happening(act: Mapping[str, Any], page: Page, book: Codebook, rng: np.random.Generator) -> Happening:
    code: str = act["code"]
    cast: dict[str, Any] = {}
    for role in ("actor", "recipient", "about"):
        others = [a for a in parts()["casts"].get(act.get(role), ()) if a not in cast.values()]
        cast[role] = _pick(rng, others) if others else None
    province = _pick(rng, [*parts()["places"]])
    place = province if rng.random() < COARSE else _pick(rng, parts()["places"][province])
    kind = book.event_types[code]
    realis = rng.choice(["occurred", "ongoing", "possible"], p=[0.8, 0.12, 0.08])
    private = kind.act == "word" and rng.random() < 0.15
    deaths = int(rng.integers(1, 9)) if book.root(code) == "110" and rng.random() < 0.5 else None
    return Happening(
        code, page.published - timedelta(days=int(rng.integers(0, 6))), **cast, place=place, province=province,
        realis=str(realis) if realis in kind.realis else "occurred", setting="private" if private else "public",
        deaths=deaths, words=act["as"],
    )  # fmt: skip


def _told_before(page: Page, made: World, rng: np.random.Generator) -> int | None:
    """A happening that another outlet told not long ago."""
    near = [
        told.happening
        for other in made.pages[-8:]
        if other.publisher != page.publisher
        for told in other.told
    ]
    return _pick(rng, near) if near and rng.random() < TOLD_AGAIN else None


# ── how it is told ────────────────────────────────────────────────────────────────────────────────────────────────────


def _write(page: Page, made: World, book: Codebook, rng: np.random.Generator) -> None:
    """A head that makes the text unlike any other, and paragraphs: events, and sentences that tell none."""
    printed = f"{page.published.day} {page.published:%B %Y}"
    page.text = f"{parts()['outlets'][page.publisher][0]}, {printed}, no. {len(made.pages) + 1}"
    acts = parts()["acts"]
    odds = np.array([act["weight"] for act in acts], float) / sum(act["weight"] for act in acts)
    events = int(rng.choice([0, 1, 2, 3, 4], p=[0.22, 0.3, 0.26, 0.14, 0.08]))
    kinds = ["event"] * events + ["filler"] * int(rng.integers(1, 4)) + ["tempting"] * int(rng.random() < 0.4)
    used: set[int] = set()
    for kind in rng.permutation(np.array(kinds)):
        if kind == "filler":
            _add(page, [(_places(_pick(rng, parts()["fillers"]), rng), None)])
            continue
        if kind == "event":
            again = _told_before(page, made, rng)
            if again is None or again in used:
                made.happenings.append(_happening(acts[rng.choice(len(acts), p=odds)], page, book, rng))
                again = len(made.happenings) - 1
            used.add(again)
            page.told.append(_tell(page, again, made.happenings[again], book, rng))
        else:
            made.happenings.append(_happening(_pick(rng, parts()["temptations"]), page, book, rng))
            page.tempting.append(_tempt(page, len(made.happenings) - 1, made.happenings[-1], book, rng))


def _tell(page: Page, number: int, it: Happening, book: Codebook, rng: np.random.Generator) -> Told:
    """A sentence of an event: when, what, and who says so."""
    claim = [*_filled(it)]
    if it.setting == "private":
        claim.append((" behind closed doors", None))
    if it.deaths:
        claim.append((f", killing {it.deaths}", None))
    own = rng.random() < 0.25 and it.setting == "public"
    teller = _own_voice(page) if own else _teller(page, it, rng)
    day, (before, after) = f"{it.day.day} {it.day:%B %Y}", OPENINGS[it.realis]
    start = len(page.text) + 2
    spans = _add(
        page,
        [(before, None), (day, "date"), (after, None), *claim]
        + ([] if own else [(", ", None), (page.tellers[teller].words, "teller")]),
    )
    spans["event_type"] = (
        spans["actor"][0],
        spans["teller"][0] - 2 if "teller" in spans else len(page.text) - 1,
    )
    spans["sentence"] = (start, len(page.text))
    if "teller" in spans:
        _shown(page, teller, spans["teller"])
    second = None if own or rng.random() >= TOLD_TWICE else _second(page, it, teller, rng)
    return Told(number, teller, *_judged(it, book, rng), spans, second)


def _second(page: Page, it: Happening, first: int, rng: np.random.Generator) -> Second | None:
    """A sentence of another source in the same paragraph; none where the source drawn is the first one."""
    number = _source(page, it, parts()["seconds"], rng)
    if number == first:
        return None
    stance = str(rng.choice([*STANCES], p=[*STANCES.values()]))
    start = len(page.text) + 1
    said = page.tellers[number]
    words = said.words[:1].upper() + said.words[1:]
    page.text += f" {words} {parts()['stances'][stance]}."
    _shown(page, number, (start, start + len(words.rstrip(","))))
    return Second(number, stance, (start, len(page.text)))


def _tempt(page: Page, number: int, it: Happening, book: Codebook, rng: np.random.Generator) -> Told:
    """A sentence that seems to tell an event."""
    teller = _own_voice(page)
    start = len(page.text) + 2
    spans = _add(page, [*_filled(it)])
    spans["event_type"], spans["sentence"] = (start, len(page.text) - 1), (start, len(page.text))
    return Told(number, teller, *_judged(it, book, rng), spans)


def _shown(page: Page, number: int, span: Span) -> None:
    """Note where a teller first stands in the text."""
    said = page.tellers[number]
    if said.span is None:
        page.tellers[number] = replace(said, span=span)


def _judged(it: Happening, book: Codebook, rng: np.random.Generator) -> tuple[str, tuple[str, ...]]:
    """What careful readers judge: how much of it, and what it is about."""
    extent = "all" if it.code in ("075", "072") else _pick(rng, ["most", "some", "some", "token", "unknown"])
    about = parts()["objects"].get(book.root(it.code), ["unspecified"])
    return extent, (_pick(rng, about),)


def _filled(it: Happening) -> list[tuple[str, str | None]]:
    """The words of a happening in pieces, each with the field that it shows."""
    cast = {role: name(actor) for role in ("actor", "recipient", "about") if (actor := getattr(it, role))}
    pieces: list[tuple[str, str | None]] = []
    for words, slot, _, _ in Formatter().parse(it.words):
        pieces += [(words, None)] if words else []
        pieces += (
            [({**cast, "place": it.place}[slot], "place_name" if slot == "place" else slot)] if slot else []
        )
    return pieces


def _add(page: Page, pieces: Sequence[tuple[str, str | None]]) -> dict[str, Span]:
    """Put a sentence at the end of the text, as a paragraph; the spans of its named pieces."""
    page.text += "\n\n"
    spans: dict[str, Span] = {}
    for i, (words, slot) in enumerate(pieces):
        if slot:
            spans[slot] = (len(page.text), len(page.text) + len(words))
        page.text += words[:1].upper() + words[1:] if i == 0 else words
    page.text += "" if page.text.endswith(".") else "."
    return spans


def _own_voice(page: Page) -> int:
    for i, teller in enumerate(page.tellers):
        if teller.is_["identity"] == "own_voice":
            return i
    page.tellers.append(Teller({"identity": "own_voice"}, None, "unknown", ""))
    return len(page.tellers) - 1


def _teller(page: Page, it: Happening, rng: np.random.Generator) -> int:
    """One who was quoted already, or a new one."""
    quoted = [i for i, teller in enumerate(page.tellers) if teller.is_["identity"] != "own_voice"]
    if quoted and rng.random() < 0.3:
        return int(_pick(rng, quoted))
    return _source(page, it, parts()["tellers"], rng)


def _source(page: Page, it: Happening, kinds: Sequence[Mapping[str, Any]], rng: np.random.Generator) -> int:
    """A source of one of these kinds: one that the page has already, where it is the same, or a new one."""
    odds = np.array([kind["weight"] for kind in kinds], float)
    kind = kinds[rng.choice(len(kinds), p=odds / odds.sum())]
    group = it.actor if it.actor in parts()["casts"]["group"] else _pick(rng, parts()["casts"]["group"])
    body = _pick(rng, ["sim.army", "sim.interior"])
    free = [person for person in parts()["people"] if person not in str([t.words for t in page.tellers])]
    words = {
        "person": _pick(rng, free), "place": it.place, "group": name(group), "group_id": group, "body": name(body),
        "body_id": body, "affiliation": affiliation(body), "rank": "soldier" if body == "sim.army" else "police_officer",
    }  # fmt: skip
    made = _worded(kind["source"], words)
    if made in [teller.is_ for teller in page.tellers]:
        return [teller.is_ for teller in page.tellers].index(made)
    wrong = {**made, **_worded(kind["wrong"], words)} if "wrong" in kind else None
    if wrong and wrong["identity"] != made["identity"]:
        wrong = _worded(kind["wrong"], words)
    page.tellers.append(Teller(made, wrong and _given(wrong), kind["knowledge"], kind["as"].format(**words)))
    return len(page.tellers) - 1


def _worded(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _worded(child, words) for key, child in value.items()}
    if isinstance(value, list):
        return [_worded(child, words) for child in value]
    return value.format(**words) if isinstance(value, str) else value


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}


def _places(words: str, rng: np.random.Generator) -> str:
    province = _pick(rng, [*parts()["places"]])
    return words.format(place=_pick(rng, parts()["places"][province]))


def _pick(rng: np.random.Generator, values: Sequence[Any]) -> Any:
    return values[int(rng.integers(len(values)))]
