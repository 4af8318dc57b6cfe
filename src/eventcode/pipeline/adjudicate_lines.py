"""The rows of a workbook to decide in, before there is a workbook: what stands in which row, and which answers it offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from eventcode.adjudication import offer, queue, words
from eventcode.adjudication.cases import Case, Group
from eventcode.adjudication.queue import FIELD, GROUP, SOURCES, SUPPORT, Question

DOCUMENT, REPORT, AGREED = "document", "report", "agreed"
ACCEPT = "Take what all agree on?"


@dataclass(frozen=True, slots=True)
class Said:
    """What one reader says in a row: the value, the words of the text, and what the value means."""

    value: str
    words: str = ""
    means: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row. `kind` is document, report (one that is decided, as context), agreed, or that of a question.

    `choices` are the answers offered, and `free` ones may be written beside them; `folded` rows are there to be unfolded.
    """

    kind: str
    document: str
    state: str
    what: str
    asked: str = ""
    key: str = ""
    said: Mapping[str, Said] = field(default_factory=dict)
    suggested: str = ""
    choices: tuple[str, ...] = ()
    free: bool = False
    needs_cause: bool = False
    folded: bool = False


def lines(
    case: Case, questions: Sequence[Question], text: str | None, title: str, *, show_coders: bool
) -> Iterator[Line]:
    """The rows of one document: itself, each report with what is open and what is agreed, and its sources."""
    agreement = any(q.suggestion and not q.needs_cause for q in questions)
    readers = {letter: Said(read.coder if show_coders else letter) for letter, read in case.readers.items()}
    yield Line(
        DOCUMENT, case.name, case.state, f"{case.name}\n{title}".strip(), key=DOCUMENT, said=readers,
        suggested=ACCEPT if agreement else "", choices=("yes", "no") if agreement else (),
    )  # fmt: skip
    for number, group in enumerate(case.groups, 1):
        own = [q for q in questions if q.group.refs == group.refs and q.kind != SOURCES]
        if own:
            yield from _group(case, group, own, text, number)
    yield from (_sources(case, question) for question in questions if question.kind == SOURCES)


def _group(
    case: Case, group: Group, questions: Sequence[Question], text: str | None, number: int
) -> Iterator[Line]:
    by_kind = {kind: [q for q in questions if q.kind == kind] for kind in (GROUP, FIELD, SUPPORT)}
    named = f"Report {number}: {' '.join(group.refs)}"
    if by_kind[GROUP]:
        yield _question(case, by_kind[GROUP][0], named, _codings(case, group, text), free=True)
    else:
        said = _codings(case, group, text)
        yield Line(REPORT, case.name, case.state, named, f"decided: report {group.report}", said=said)
    for question in by_kind[FIELD]:
        name = str(question.field)
        label = words.label(case.codebook, name)
        yield _question(case, question, label, _values(case, question, text), free=True)
    for question in by_kind[SUPPORT]:
        said = {ref: Said(value) for ref, value in _lettered(case, queue.said(case, question, {})).items()}
        yield _question(case, question, "Support (optional)", said, folded=True)
    for name, value in queue.agreed(case, group).items():
        first = group.members[0].letter
        label = words.label(case.codebook, name)
        yield Line(AGREED, case.name, case.state, label, "all agree", said={first: Said(value)}, folded=True)


def _question(
    case: Case,
    question: Question,
    what: str,
    said: Mapping[str, Said],
    *,
    free: bool = False,
    folded: bool = False,
) -> Line:
    suggestion = question.suggestion
    return Line(
        question.kind, case.name, case.state, what, queue.asked(case.codebook, question), key_text(question), said,
        f"{suggestion.decision}\n{suggestion.why}" if suggestion else "", tuple(offer.offered(case, question)), free,
        question.needs_cause, folded,
    )  # fmt: skip


def key_text(question: Question) -> str:
    """A question's key as text: `field | A1 B1 | event_type`."""
    kind, refs, name = question.key
    return " | ".join((kind, " ".join(refs), name or ""))


def key_of(text: str) -> tuple[str, tuple[str, ...], str | None] | None:
    """The key that `key_text` wrote; None for anything else."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 3 or parts[0] not in (GROUP, FIELD, SOURCES, SUPPORT):
        return None
    return parts[0], tuple(parts[1].split()), parts[2] or None


def _codings(case: Case, group: Group, text: str | None) -> dict[str, Said]:
    found: dict[str, Said] = {}
    for member in group.members:
        told = Said(
            f"{member.ref}  {words.summary(case.codebook, member.coding)}",
            words.evidence(member.coding, None, text),
        )
        found[member.letter] = _joined(found.get(member.letter), told)
    return found


def _values(case: Case, question: Question, text: str | None) -> dict[str, Said]:
    name, codebook = str(question.field), case.codebook
    letters = [member.letter for member in question.group.members]
    found: dict[str, Said] = {}
    explained: set[str] = set()
    for member in question.group.members:
        value = words.shown(codebook, name, member.coding)
        means = "" if value in explained else words.meaning(codebook, name, member.coding)
        explained.add(value)
        value = f"{member.ref}  {value}" if letters.count(member.letter) > 1 else value
        told = Said(value, words.evidence(member.coding, name, text), means)
        found[member.letter] = _joined(found.get(member.letter), told)
    return found


def _lettered(case: Case, said: Mapping[str, str]) -> dict[str, str]:
    """What is said by reference, by letter."""
    found: dict[str, str] = {}
    for ref, value in said.items():
        letter = ref.rstrip("0123456789")
        found[letter] = f"{found[letter]}\n{value}" if letter in found else value
    return found


def _joined(held: Said | None, more: Said) -> Said:
    if held is None:
        return more
    pairs = ((held.value, more.value), (held.words, more.words), (held.means, more.means))
    return Said(*("\n".join(filter(None, pair)) for pair in pairs))


def _sources(case: Case, question: Question) -> Line:
    said = {letter: Said(value) for letter, value in queue.said(case, question, {}).items()}
    return _question(case, question, "Sources", said)
