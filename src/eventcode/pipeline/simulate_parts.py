"""What a simulated world is made of: happenings, pages that tell them, and the parts that texts are composed of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files as resources
from typing import Any

from eventcode import yamlfile

Span = tuple[int, int]
AFFILIATIONS = {"armed_group": "armed_group", "military": "military", "igo": "igo"}


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened, whoever tells it."""

    code: str
    day: date
    actor: str
    recipient: str | None
    about: str | None
    place: str
    province: str
    realis: str
    setting: str
    deaths: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Teller:
    """A source as it is, what a careless reader makes of it, and where it stands in the text (None: the page's own voice)."""

    is_: Mapping[str, Any]
    wrong: Mapping[str, Any] | None
    knowledge: str
    words: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Second:
    """Another source of an event: an index of the document's tellers, what it does to the account, and the span of its sentence."""

    teller: int
    stance: str
    span: Span


@dataclass(frozen=True, slots=True)
class Told:
    """An event as one document tells it: the happening, who tells it (an index of the document's tellers), and the spans of its words."""

    happening: int
    teller: int
    extent: str
    objects: tuple[str, ...]
    spans: Mapping[str, Span]
    second: Second | None = None


@dataclass(slots=True)
class Page:
    """A document: its text, its metadata, what it tells, and what it only seems to tell."""

    key: str
    publisher: str
    published: date
    drawn: float | None
    difficulty: float
    text: str = ""
    tellers: list[Teller] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    tempting: list[Told] = field(default_factory=list)


@dataclass(slots=True)
class World:
    """Everything that is true in the simulation."""

    happenings: list[Happening] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)


@cache
def parts() -> Mapping[str, Any]:
    """What texts are composed of."""
    path = resources("eventcode") / "templates" / "simulated" / "parts.yaml"
    found: dict[str, Any] = dict(yamlfile.parse(path.read_bytes(), "parts.yaml").data)
    return found


def name(actor: str) -> str:
    """An actor's name as it is printed."""
    return str(parts()["actors"][actor][0])


def affiliation(actor: str) -> str:
    """What somebody belongs to who belongs to an actor."""
    return AFFILIATIONS.get(parts()["actors"][actor][1], "government")
