"""Words → the codes, fields, values, rules, decision rules and actors that speak of them, best first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from eventcode.model import Codebook, EventType, Vocabulary

# What a word counts for where it stands; `code` is the thing's own code, name or id.
WEIGHTS = {
    "code": 12.0,
    "label": 8.0,
    "triggers": 6.0,
    "definition": 4.0,
    "includes": 4.0,
    "text": 2.5,
    "excludes": 1.5,
    "note": 1.0,
}
# How much a kind of thing is looked for.
KINDS = {"code": 1.0, "field": 0.8, "guidance": 0.75, "value": 0.7, "actor": 0.7, "rule": 0.5}
LINE = {"code": 40.0}  # a query that is exactly the code, name or id of a thing
STOP = {
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "from", "in", "is", "it", "its", "not", "of", "on", "or", "that", "the",
    "their", "they", "this", "to", "was", "were", "who", "will", "with",
}  # fmt: skip
ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "als", "al", "ers", "er", "ed", "es", "s", "e")
LISTED = " · "  # between the items of a list
_SPLIT = re.compile(r"[^\w]+|_+")
_HYPHEN = re.compile(r"(?<=\w)[-‐‑–](?=\w)")

Parts = Mapping[str, str]  # where → the words that stand there


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its kind (`code`, `field`, `value`, `guidance`, `rule`, `actor`), key, label, and the words that speak of it."""

    kind: str
    key: str
    label: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    key: str
    label: str
    parts: Parts


def search(codebook: Codebook, words: str | Iterable[str], limit: int | None = None) -> list[Hit]:
    """What speaks of `words` (a text, or words one by one), best first; nothing for words that stand nowhere.

    Case, accents and hyphens do not matter (`Pull-Out` finds "pulled out"), endings hardly. What holds more of the words comes first;
    words that stand together in this order count more.
    """
    query = words if isinstance(words, str) else " ".join(words)
    wanted = _wanted(query)
    hits = [hit for entry in entries(codebook) if (hit := _hit(entry, query, wanted)) is not None]
    hits.sort(key=lambda hit: -hit.score)  # stable: alike stay in the order of the codebook
    return hits[:limit]


def _wanted(query: str) -> list[str]:
    said = [word for word in words_of(query) if word]
    telling = [word for word in said if word not in STOP]
    return list(dict.fromkeys(telling or said))


def folded(text: str) -> str:
    """A text in lower case without accents, and hyphens inside words as spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _HYPHEN.sub(" ", bare).replace("’", "'").replace("'s ", " ")


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return [word for word in _SPLIT.split(folded(text)) if word]


@cache
def stem(word: str) -> str:
    """A word without its ending, roughly: `dismantling`, `dismantled` and `dismantles` are one, `withdrawal` and `withdraws` too."""
    if word.isdigit() or len(word) < 4:
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 + (ending in ("al", "als", "er", "ers")):
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls" else word


@dataclass(frozen=True, slots=True)
class _Text:
    stems: frozenset[str]
    joined: frozenset[str]  # two words run together, so that "handover" finds "hand over"
    line: str


@cache
def _text(text: str) -> _Text:
    words = words_of(text)
    stems = [stem(word) for word in words]
    pairs = frozenset(stem(a + b) for a, b in pairwise(words))
    return _Text(frozenset(stems), pairs, f" {' '.join(stems)} ")


def _hit(entry: _Entry, query: str, wanted: Sequence[str]) -> Hit | None:
    found: dict[str, float] = {}
    best, shown = 0.0, ""
    for where, text in entry.parts.items():
        told = _text(text)
        gains = {word: gain for word in wanted if (gain := _gain(word, told) * WEIGHTS[where])}
        for word, gain in gains.items():
            found[word] = found.get(word, 0) + gain
        if where not in ("code", "label") and sum(gains.values()) > best:
            best, shown = sum(gains.values()), text
    if not found:
        return None
    score = sum(found.values()) * (len(found) / len(wanted)) ** 2 * KINDS[entry.kind]
    return Hit(
        entry.kind, entry.key, entry.label, _around(shown, wanted), round(score + _together(entry, query), 4)
    )


def _gain(word: str, told: _Text) -> float:
    root = stem(word)
    if root in told.stems:
        return 1.0
    if root in told.joined:
        return 0.9
    if len(root) >= 5 and any(
        len(other) >= 5 and (other.startswith(root) or root.startswith(other)) for other in told.stems
    ):
        return 0.5
    return 0.0


def _together(entry: _Entry, query: str) -> float:
    """More for a query that is the code itself, or stands word for word in the label, a trigger or the definition."""
    if folded(query).strip() in (folded(part) for part in entry.parts["code"].split()):
        return LINE["code"]
    line = " ".join(stem(word) for word in words_of(query))
    places = [where for where, text in entry.parts.items() if " " in line and f" {line} " in _text(text).line]
    return max((WEIGHTS[where] for where in places), default=0.0) * KINDS[entry.kind]


def _around(text: str, wanted: Sequence[str], width: int = 160) -> str:
    """The part of a long text where the words stand first."""
    line = " ".join(text.split())
    if LISTED in line:
        told = [item for item in line.split(LISTED) if any(_gain(word, _text(item)) for word in wanted)]
        line = ", ".join(told[:4]) + (" …" if len(told) > 4 else "")
    if len(line) <= width:
        return line
    stems = {stem(word) for word in wanted}
    first = next((match.start() for match in re.finditer(r"\w+", line) if stem(folded(match[0])) in stems), 0)
    start = 0 if first < width - 40 else line.rfind(" ", 0, first - 40) + 1
    end = len(line) if len(line) - start <= width else line.rfind(" ", start, start + width)
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"


# ── what can be found ─────────────────────────────────────────────────────────────────────────────────────────────────


def entries(codebook: Codebook) -> Iterator[_Entry]:
    """Everything of a codebook that can be found, in the order of its files."""
    for kind in codebook.event_types.values():
        yield _Entry("code", kind.code, kind.label, _code(kind))
    for field in codebook.fields.values():
        text = {"code": field.name, "label": field.label, "definition": field.question, "text": field.help}
        yield _Entry("field", f"{field.table}.{field.name}", field.label, text)
    for entry in codebook.guidance:
        yield _Entry(
            "guidance",
            entry.id,
            entry.title,
            {"code": entry.id, "label": entry.title, "text": entry.text, "note": entry.example},
        )
    for vocabulary in searched(codebook):
        for term in vocabulary.terms:
            text = {"code": term.value, "label": term.label, "definition": term.definition}
            yield _Entry("value", f"{vocabulary.id}: {term.value}", term.label, text)
    for actor in codebook.actors.values():
        text = {
            "code": actor.id,
            "label": actor.name,
            "triggers": LISTED.join(actor.aliases),
            "note": actor.note,
        }
        yield _Entry("actor", actor.id, actor.name, text)
    for rule in codebook.rules.values():
        yield _Entry(
            "rule",
            rule.id,
            rule.message,
            {"code": rule.id, "label": rule.message, "text": rule.why, "note": rule.hint},
        )


def searched(codebook: Codebook) -> list[Vocabulary]:
    """The lists whose values are found: all of a module; of a codebook those that a field asks for, since the others are its modules'."""
    asked = {field.vocabulary for field in codebook.fields.values()}
    return [
        found for found in codebook.vocabularies.values() if codebook.kind == "module" or found.id in asked
    ]


def _code(kind: EventType) -> Parts:
    said = [phrase for group in ("phrases", "verbs", "nouns") for phrase in kind.triggers.get(group, ())]
    return {
        "code": f"{kind.code} {kind.name}", "label": kind.label, "definition": kind.definition, "includes": LISTED.join(kind.includes),
        "triggers": LISTED.join(said), "excludes": LISTED.join(exclude.text for exclude in kind.excludes), "note": kind.note,
    }  # fmt: skip
