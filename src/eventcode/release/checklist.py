"""What a person looks at before a release is announced: what was verified, and what no program can decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventcode.model import Finding
from eventcode.release.markdown import count

SMALL_CELL = "small-cell"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One line: `ok` (verified), `look` (a person must decide), its title and what is to be known."""

    status: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the release met on its way. `evidence` counts spans by status and is empty where no texts were at hand."""

    card: Mapping[str, Any]
    findings: Mapping[str, int]
    gate: str
    documents: Sequence[Row] = ()
    coders: Mapping[str, int] = field(default_factory=dict)
    evidence: Mapping[str, int] = field(default_factory=dict)
    texts: int = 0
    withheld: int = 0
    guessable: Sequence[str] = ()
    late: Sequence[Finding] = ()
    checked: bool = False


def checklist(seen: Seen) -> tuple[Item, ...]:
    """The checklist of a release."""
    return (
        _checks(seen), _evidence(seen), _leaks(seen), _cells(seen), *_withheld(seen), _ethics(seen), _licence(seen), _limits(seen),
        _coders(seen),
    )  # fmt: skip


def _item(good: bool, title: str, text: str) -> Item:
    return Item("ok" if good else "look", title, text)


def _checks(seen: Seen) -> Item:
    told = ", ".join(_counted(name, number) for name, number in seen.findings.items()) or "none"
    gate = {"passed": "the gate passed", "none": "the card declares no expectations, so there was no gate"}
    good = seen.gate == "passed" and not seen.findings.get("waived")
    return _item(good, "checks", f"findings: {told}; {gate.get(seen.gate, seen.gate)}")


def _counted(name: str, number: int) -> str:
    """`1 error`, `2 flags`, and `2 waived`, which is no noun."""
    return f"{number:,} waived" if name == "waived" else count(number, name)


def _evidence(seen: Seen) -> Item:
    if not seen.evidence:
        return Item("look", "evidence", "not verified: no texts were given (--texts FOLDER)")
    told = ", ".join(f"{number:,} {status}" for status, number in seen.evidence.items() if number)
    return _item(set(+Counter(seen.evidence)) <= {"verified"}, "evidence", told or "there is none")


def _leaks(seen: Seen) -> Item:
    if not seen.texts:
        return Item(
            "look",
            "copied text",
            "only the length of quotations was checked: no texts were given to compare with",
        )
    return Item(
        "ok",
        "copied text",
        f"nothing copied from the {count(seen.texts, 'text')} at hand; quotations are short",
    )


def _cells(seen: Seen) -> Item:
    title = "anonymous persons"
    if not seen.checked:
        return Item(
            "look",
            title,
            "not checked: could one be recognised by position, affiliation, place and date together?",
        )
    alone = sorted({finding.key for finding in seen.late if finding.rule.endswith(SMALL_CELL)})
    if not alone:
        return Item("ok", title, "none is alone with its position, affiliation, place and date")
    shown = ", ".join(alone[:5]) + (" …" if len(alone) > 5 else "")
    return Item(
        "look",
        title,
        f"{count(len(alone), 'source')} could be recognised: coarsen place or date, or withhold ({shown})",
    )


def _withheld(seen: Seen) -> list[Item]:
    if not seen.withheld:
        return []
    found = [
        Item(
            "ok",
            "withheld",
            f"names and words of {count(seen.withheld, 'source')} are left out and stand nowhere else",
        )
    ]
    if seen.guessable:
        text = "the reading's id is a hash of all it says; with no salted span in it, a guess at the name can be confirmed: "
        found.append(Item("look", "withheld", text + ", ".join(seen.guessable)))
    return found


def _ethics(seen: Seen) -> Item:
    told = bool(seen.card.get("ethics"))
    return _item(
        told,
        "ethics",
        "the card says what was weighed"
        if told
        else "the card has no `ethics:`; whom could these data harm?",
    )


def _licence(seen: Seen) -> Item:
    texts = sorted({str(row.get("text_licence") or "not known") for row in seen.documents})
    sources = [
        f"{row['title']} ({row.get('licence') or 'licence not stated'})"
        for row in seen.card.get("sources", ())
    ]
    told = [f"the data: {seen.card['licence']}", f"texts read: {', '.join(texts) or 'none'}"]
    told += [f"made from: {'; '.join(sources)}"] if sources else []
    return Item(
        "look", "licence", "; ".join(told) + ". May you publish what is derived from them under this licence?"
    )


def _limits(seen: Seen) -> Item:
    limits = seen.card.get("limits", ())
    text = (
        f"the card names {count(len(limits), 'limit')}"
        if limits
        else "the card has no `limits:`; what can these data not show?"
    )
    return _item(bool(limits), "limits", text)


def _coders(seen: Seen) -> Item:
    told = ", ".join(f"{kind} {number:,}" for kind, number in sorted(seen.coders.items())) or "none"
    people = {*seen.coders} <= {"person", "imported"}
    return _item(
        people,
        "coders",
        f"readings by kind of coder: {told}" + ("" if people else "; does the card say so plainly?"),
    )
