"""What changed in the event types of a codebook, by its migrations where they speak, else by the likeliest story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from eventcode.codebook.changes import Change, likeness, plain, shown
from eventcode.model import Codebook, EventType, Step

ALIKE = 0.8  # the share of words in common from which a definition counts as the same one in other words
JUDGE = "if the meaning changed too, it is major"
MEANING = ("act", "realis", "requires", "quad", "intensity", "stata_value")


def codes(old: Codebook, new: Codebook, steps: list[Step]) -> Iterator[Change]:
    """Every change of an event type."""
    gone = [kind for code, kind in old.event_types.items() if code not in new.event_types]
    come = [kind for code, kind in new.event_types.items() if code not in old.event_types]
    told = {
        step.of: step
        for step in steps
        if step.do in ("rename_code", "merge_code", "split_code", "deprecate_code")
    }
    explained: set[str] = set()
    for kind in gone:
        change = _told(kind, told[kind.code]) if kind.code in told else _guessed(kind, come, gone, new)
        explained |= {*change.after.split(", ")} if change.kind in ("renamed", "split") else set()
        yield change
    for kind in come:
        if kind.code not in explained:
            yield Change("minor", "added", "code", kind.code, after=kind.label)
    redefined = {step.of: step.why for step in steps if step.do == "redefine_code"}
    for code, kind in new.event_types.items():
        if code in old.event_types:
            yield from _code(old.event_types[code], kind, redefined)
    for step in told.values():
        if step.do == "rename_code" and step.of in old.event_types and step.to[0] in new.event_types:
            yield from _meaning(old.event_types[step.of], new.event_types[step.to[0]])


def _told(kind: EventType, step: Step) -> Change:
    """A code that is gone, as the migration tells it. A renamed code means the same; codings follow by themselves."""
    kinds = {
        "rename_code": "renamed",
        "merge_code": "merged",
        "split_code": "split",
        "deprecate_code": "removed",
    }
    return Change("major", kinds[step.do], "code", kind.code, kind.label, ", ".join(step.to), step.why)


def _guessed(kind: EventType, come: list[EventType], gone: list[EventType], new: Codebook) -> Change:
    """A code that is gone without a migration: the likeliest story, marked as a guess."""
    same = next(
        (
            other
            for other in come
            if other.name == kind.name or likeness(kind.definition, other.definition) >= ALIKE
        ),
        None,
    )
    note = "a guess: no migration says so"
    if same is not None:
        return Change("major", "renamed", "code", kind.code, kind.label, same.code, note)
    parts = [
        other.code for other in come if other.parent == kind.code or other.name.startswith(f"{kind.name}_")
    ]
    if len(parts) > 1:
        return Change("major", "split", "code", kind.code, kind.label, ", ".join(parts), note)
    into = next(
        (
            other
            for other in new.event_types.values()
            if kind.code in _words_of(other) or kind.label in other.includes
        ),
        None,
    )
    if into is not None:
        return Change("major", "merged", "code", kind.code, kind.label, into.code, note)
    return Change(
        "major",
        "removed",
        "code",
        kind.code,
        kind.label,
        note="no migration says what becomes of its codings",
    )


def _words_of(kind: EventType) -> set[str]:
    return {word for text in kind.includes for word in re.findall(r"[\w.-]+", text)}


def _code(before: EventType, after: EventType, redefined: Mapping[str, str]) -> Iterator[Change]:
    code = after.code
    if before.parent != after.parent:
        yield Change("major", "moved", "code", code, before.parent or "the top", after.parent or "the top")
    if code in redefined:
        yield Change("major", "redefined", "code", code, before.definition, after.definition, redefined[code])
    else:
        yield from _defined(before, after)
    yield from _meaning(before, after)
    if before.tier != after.tier:
        yield Change("minor", "moved", "code", code, f"tier {before.tier}", f"tier {after.tier}")
    if before.name != after.name:
        yield Change("major", "renamed", "code", code, before.name, after.name, "a name is what programs use")
    words = [name for name in ("label", "note", "triggers") if getattr(before, name) != getattr(after, name)]
    if words:
        a, b = (before.label, after.label) if "label" in words else ("", "")
        yield Change("patch", "reworded", "code", code, a, b, ", ".join(words))


def _meaning(before: EventType, after: EventType) -> Iterator[Change]:
    """What decides by itself; the number for Stata of a renamed code goes with its code."""
    for name in MEANING if before.code == after.code else MEANING[:-1]:
        a, b = getattr(before, name), getattr(after, name)
        if a != b:
            yield Change("major", "redefined", "code", after.code, f"{name} {shown(a)}", f"{name} {shown(b)}")


def _defined(before: EventType, after: EventType) -> Iterator[Change]:
    if plain(before.definition) != plain(after.definition):
        alike = likeness(before.definition, after.definition) >= ALIKE
        note = JUDGE if alike else ""
        level, kind = ("patch", "reworded") if alike else ("major", "redefined")
        yield Change(level, kind, "code", after.code, before.definition, after.definition, note)
    for name in ("includes", "excludes"):
        a, b = ([_said(entry) for entry in getattr(kind, name)] for kind in (before, after))
        if a != b:
            lost, won = [text for text in a if text not in b], [text for text in b if text not in a]
            level = "patch" if all(any(_alike(text, other) for other in won) for text in lost) else "major"
            kind = "redefined" if level == "major" else "reworded"
            yield Change(
                level,
                kind,
                "code",
                after.code,
                "; ".join(lost),
                "; ".join(won),
                name if lost else f"{name}: {JUDGE}",
            )


def _alike(text: str, other: str) -> bool:
    """Whether two lines draw the same border in other words: they point to the same code, if to any."""
    return text.partition(" → ")[2] == other.partition(" → ")[2] and likeness(text, other) >= ALIKE


def _said(entry: Any) -> str:
    return f"{entry.text} → {entry.see}" if hasattr(entry, "text") else str(entry)
