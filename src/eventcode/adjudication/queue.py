"""What of a document needs a decision: which codings are one report, which value of a field, whose sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from eventcode.adjudication import agree, told_by, values, words
from eventcode.adjudication.cases import Case, Group, Member
from eventcode.model import Codebook
from eventcode.readings import Row

ONE_REPORT, SEPARATE, NO_EVENT = "one report", "separate reports", "no event"
GROUP, FIELD, SOURCES, SUPPORT = "group", "field", "sources", "support"
BELOW_ROOT = 0.5  # what two codes below one root differ by, where codes of two roots differ by 1


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A decision that nothing speaks against, and why: all readers agree, or the rules leave no other."""

    decision: str
    why: str
    rules: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to decide about a document.

    `kind` is group, field, sources or support; `group` holds the codings that it is about. `disagreement` lies between 0 and 1, `weight`
    says how much hangs on the answer and `rows` how many codings or reports it touches; `optional` ones may stay unanswered.
    """

    kind: str
    group: Group
    field: str | None = None
    disagreement: float = 0.0
    weight: float = 1.0
    rows: int = 1
    suggestion: Suggestion | None = None
    needs_cause: bool = True
    optional: bool = False

    @property
    def score(self) -> float:
        """Disagreement × weight × rows: what the ranking goes by."""
        return self.disagreement * self.weight * self.rows

    @property
    def key(self) -> tuple[str, tuple[str, ...], str | None]:
        """What tells it from the other questions about the document."""
        return self.kind, self.group.refs, self.field


def questions(case: Case, weights: Mapping[str, float]) -> list[Question]:
    """What is open in a document, group by group in the order of the text, its sources last; nothing where its readers agree wholly."""
    readings = [read.reading for read in case.readers.values()]
    if not case.decisions and (not readings or agree.whole(readings)):
        return []
    found = [question for group in case.groups for question in _of_group(case, group)]
    found += _sources(case)
    return [replace(q, weight=weights.get(q.field or q.kind, 1.0)) for q in found]


def _of_group(case: Case, group: Group) -> Iterator[Question]:
    if not group.decided:
        yield _group(case, group)
    elif group.report is None:
        return
    for name in values.names(case.codebook):
        decided = group.report is not None and (group.report, name) in case.fields_decided
        if not decided and values.differ(case.codebook, name, [m.coding for m in group.members]):
            yield Question(FIELD, group, name, _field_disagreement(case.codebook, name, group.members))
    told = {told_by.support(case, member) for member in group.members}
    if len(told) > 1 and (group.report, SUPPORT) not in case.fields_decided:
        yield Question(SUPPORT, group, SUPPORT, optional=True)


def _group(case: Case, group: Group) -> Question:
    have = {member.letter for member in group.members}
    missing = 1 - len(have) / len(case.readers)
    clear = not missing and not group.intransitive
    everybody = "all readers have it" if len(case.readers) > 1 else "its only reader has it"
    suggestion = Suggestion(ONE_REPORT, everybody) if clear else None
    disagreement = max(missing, 0.5 if group.intransitive else 0.0)
    return Question(
        GROUP,
        group,
        None,
        disagreement,
        rows=len(group.members),
        suggestion=suggestion,
        needs_cause=not clear,
    )


def _field_disagreement(codebook: Codebook, name: str, members: Iterable[Member]) -> float:
    """The share of pairs of codings that say different things; two codes below one root differ by half."""
    pairs = list(combinations([member.coding for member in members], 2))
    return sum(_differ(codebook, name, *pair) for pair in pairs) / len(pairs)


def _differ(codebook: Codebook, name: str, one: Row, other: Row) -> float:
    if not values.differ(codebook, name, [one, other]):
        return 0.0
    codes = [coding.get("event_type") for coding in (one, other)]
    if name == "event_type" and all(code in codebook.event_types for code in codes):
        roots = {codebook.root(str(code)) for code in codes}
        return 1.0 if len(roots) == 2 else BELOW_ROOT
    return 1.0


def _sources(case: Case) -> Iterator[Question]:
    """Whose sources are taken: asked where several coders read the document and something in it is or may become a report."""
    kept = [group for group in case.groups if not group.decided or group.report is not None]
    if case.base is not None or not kept:
        return
    said = [told_by.all_of(case, letter) for letter in case.readers]
    pairs = list(combinations(said, 2))
    share = sum(one != other for one, other in pairs) / len(pairs)
    suggestion = None if share else Suggestion(next(iter(case.readers)), "all readers have the same sources")
    yield Question(
        SOURCES, Group(()), None, share, rows=len(kept), suggestion=suggestion, needs_cause=bool(share)
    )


# ── rows for a list ───────────────────────────────────────────────────────────────────────────────────────────────────


def row(case: Case, question: Question, place: int, texts: Mapping[str, str]) -> Row:
    """A question as a plain row: what it is about, what each reader says (by letter), and what it weighs."""
    return {
        "rank": place, "document": case.name, "kind": question.kind, "codings": list(question.group.refs), "report": question.group.report,
        "field": question.field, "readers": said(case, question, texts), "score": round(question.score, 3),
        "disagreement": round(question.disagreement, 3), "weight": question.weight, "rows": question.rows,
        "suggested": question.suggestion.decision if question.suggestion else None,
        "why": question.suggestion.why if question.suggestion else None,
        "question": asked(case.codebook, question),
    }  # fmt: skip


def asked(codebook: Codebook, question: Question) -> str:
    """The question in words."""
    if question.kind == GROUP:
        several = len(question.group.members) > 1
        return "Do these codings tell one report?" if several else "Is it a report?"
    if question.kind == SOURCES:
        return "Whose sources and support are taken?"
    if question.kind == SUPPORT:
        return "Whose support is taken for this report, if not that of the reader whose sources are taken?"
    field = words.field_of(codebook, str(question.field))
    if field is not None:
        return field.question
    return "Who is it about?" if question.field == "about" else f"Who is the {question.field}?"


def said(case: Case, question: Question, texts: Mapping[str, str]) -> dict[str, str]:
    """What each reader says to a question, by letter (by reference where a reader has two codings in the group)."""
    text = texts.get(case.document_id)
    if question.kind == SOURCES:
        return told_by.shown(case)
    found: dict[str, str] = {}
    letters = [member.letter for member in question.group.members]
    for member in question.group.members:
        own = member.ref if question.kind == GROUP or letters.count(member.letter) > 1 else member.letter
        found[own] = _said(case, question, member, text)
    return found


def _said(case: Case, question: Question, member: Member, text: str | None) -> str:
    if question.kind == SUPPORT:
        return told_by.shown_support(case, member)
    if question.kind == GROUP:
        parts = [words.summary(case.codebook, member.coding), words.evidence(member.coding, None, text)]
    else:
        name = str(question.field)
        parts = [words.shown(case.codebook, name, member.coding), words.evidence(member.coding, name, text)]
    return "\n".join(part for part in parts if part)


def agreed(case: Case, group: Group) -> dict[str, str]:
    """What all codings of a group say alike, field by field; what nobody filled is left out."""
    codings = [member.coding for member in group.members]
    found = {}
    for name in values.names(case.codebook):
        shown = words.shown(case.codebook, name, codings[0])
        if shown != words.NOTHING and not values.differ(case.codebook, name, codings):
            found[name] = shown
    return found if len(codings) > 1 else {}


def meanings(case: Case, question: Question) -> dict[str, str]:
    """The definitions of the values that readers differ in, by value."""
    name, codebook = str(question.field), case.codebook
    found = {}
    for member in question.group.members:
        text = words.meaning(codebook, name, member.coding)
        if text:
            found[words.shown(codebook, name, member.coding)] = text
    return found


def ranked(cases: Iterable[Case], weights: Mapping[str, float]) -> list[tuple[Case, list[Question]]]:
    """The documents with open questions, the one with most at stake first; those of equal score by name."""
    found = [(case, questions(case, weights)) for case in cases]
    open_ = [(case, asked_) for case, asked_ in found if any(not q.optional for q in asked_)]
    return sorted(open_, key=lambda pair: (-sum(q.score for q in pair[1]), pair[0].name))
