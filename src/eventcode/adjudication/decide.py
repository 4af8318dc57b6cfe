"""Answers to questions about documents, as decisions: all of them, or everything that is wrong, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventcode.adjudication import offer
from eventcode.adjudication.adopt import DROPPED
from eventcode.adjudication.cases import Case, Group
from eventcode.adjudication.cause import CAUSES
from eventcode.adjudication.offer import AnswerError
from eventcode.adjudication.queue import FIELD, GROUP, SOURCES, SUPPORT, Question
from eventcode.errors import Problem
from eventcode.model import Place
from eventcode.readings import Row
from eventcode.shape import did_you_mean

Key = tuple[str, tuple[str, ...], str | None]
AS_SUGGESTED = "as suggested: "


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody wrote to a question about a document, and where decision, cause and reason stand.

    `state` is that of the readings for which the question was written.
    """

    document: str
    key: Key
    state: str
    decision: Any = None
    cause: str | None = None
    reason: str | None = None
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        """Whether nothing is filled in."""
        return self.decision is None and self.cause is None and self.reason is None

    def problem(self, name: str, message: str, hint: str) -> Problem:
        """Something wrong with what stands in a cell or line."""
        place = self.places.get(name, Place())
        return Problem(message, hint, place.file, place.line, place.path)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file to decide in says: whose decisions about which dataset, the answers, the documents in which agreement is accepted."""

    dataset: str = ""
    by: str = ""
    adjudication: str = ""
    answers: Sequence[Answer] = ()
    accepted: Sequence[str] = ()
    problems: Sequence[Problem] = ()


@dataclass(slots=True)
class Decided:
    """New decisions, how many answers are recorded already, how many questions were left open, and what is wrong.

    Where something is wrong, the decisions are of no use.
    """

    decisions: list[Row] = field(default_factory=list)
    known: int = 0
    left_open: int = 0
    problems: list[Problem] = field(default_factory=list)


def decide(
    cases: Mapping[str, Case],
    answers: Sequence[Answer],
    accepted: Iterable[str],
    ask: Callable[[Case], Sequence[Question]],
    by: str,
) -> Decided:
    """Answers as decisions of `by`, document by document.

    `cases` are those of the documents by key; `accepted` names the documents for which whatever all readers agree on is taken as suggested;
    `ask` gives the questions that are open about a case.
    """
    result = Decided()
    agreed = set(accepted)
    for name in dict.fromkeys(answer.document for answer in answers):
        own = [answer for answer in answers if answer.document == name]
        if name not in cases:
            hint = did_you_mean(name, [*cases]) or "write the file anew"
            result.problems.append(own[0].problem("decision", f"nobody has read a document '{name}'", hint))
        elif stale := _stale(own, cases[name], name in agreed):
            result.problems.append(stale)
        else:
            _Document(cases[name], own, name in agreed, ask(cases[name]), by, result).decide()
    return result


def _stale(answers: Iterable[Answer], case: Case, accepted: bool) -> Problem | None:
    """That the readings are others than those that the questions were about, where something was decided about them."""
    for answer in answers:
        if answer.state != case.state and (accepted or not answer.blank):
            hint = (
                f"write it anew with --document {case.name} --write …, decide there, "
                f"and empty what is decided about {case.name} in this file"
            )
            message = f"the readings of {case.name} have changed since the file was written"
            return answer.problem("decision", message, hint)
    return None


class _Document:
    """The answers about one document."""

    def __init__(
        self,
        case: Case,
        answers: Sequence[Answer],
        accepted: bool,
        questions: Sequence[Question],
        by: str,
        result: Decided,
    ) -> None:
        self.case, self.by, self.result = case, by, result
        self.open = {question.key: question for question in questions}
        self.answers = [self._completed(answer, accepted) for answer in answers]
        self.groups: dict[frozenset[str], Group] = {frozenset(g.refs): g for g in case.groups if g.decided}
        self.keys = {group.report for group in self.groups.values() if group.report is not None}

    def decide(self) -> None:
        order = {GROUP: 0, SOURCES: 1, FIELD: 2, SUPPORT: 2}
        for answer in sorted(self.answers, key=lambda a: order.get(a.key[0], 2)):
            if answer.blank:
                question = self.open.get(answer.key)
                self.result.left_open += question is not None and not question.optional
            else:
                self._incomplete(answer)
                self._said(answer)

    def _completed(self, answer: Answer, accepted: bool) -> Answer:
        """An unanswered question that needs no cause, with what is suggested, where that was accepted."""
        question = self.open.get(answer.key)
        if not (accepted and answer.blank and question and question.suggestion and not question.needs_cause):
            return answer
        said = question.suggestion
        return Answer(
            answer.document,
            answer.key,
            answer.state,
            said.decision,
            None,
            AS_SUGGESTED + said.why,
            answer.places,
        )

    def _said(self, answer: Answer) -> None:
        """What an answer decides; also of a row that lacks something else, so that all its problems are told at once."""
        if answer.decision is None:
            return
        try:
            self._take(answer)
        except AnswerError as error:
            self.result.problems.append(answer.problem("decision", error.message, error.hint))

    def _incomplete(self, answer: Answer) -> None:
        """Tell what is missing of decision, reason and, where readers differ, a cause, and what is no cause."""
        if answer.decision is None:
            filled = "reason" if answer.reason else "cause"
            self._problem(answer, "decision", f"a {filled} without a decision", "decide, or empty the row")
        if not (answer.reason or "").strip():
            self._problem(answer, "reason", "no reason is given", "say in a few words why")
        question = self.open.get(answer.key)
        if answer.cause is not None and answer.cause not in CAUSES:
            self._problem(
                answer, "cause", f"'{answer.cause}' is no cause", did_you_mean(answer.cause, [*CAUSES])
            )
        elif answer.cause is None and (question.needs_cause if question else answer.key[0] == FIELD):
            self._problem(
                answer,
                "cause",
                "no cause is given for what the readers differ in",
                f"one of: {', '.join(CAUSES)}",
            )

    def _take(self, answer: Answer) -> None:
        kind, refs, name = answer.key
        members = tuple(self.case.members[ref] for ref in refs if ref in self.case.members)
        question = self.open.get(answer.key) or Question(kind, Group(members), name)
        if kind == GROUP:
            self._groups(answer, question)
        elif kind == SOURCES:
            self._record(answer, {"kind": "sources", "from": [offer.coder(self.case, str(answer.decision))]})
        else:
            report = self._report(refs)
            said = (
                {"from": offer.supporters(self.case, question, str(answer.decision))}
                if kind == SUPPORT
                else offer.value(self.case, question, answer.decision)
            )
            self._record(answer, {"kind": "field", "report": report, "field": name, **said})

    def _report(self, refs: tuple[str, ...]) -> str:
        """The key of the report that some codings make, decided before or in this file."""
        group = self.groups.get(frozenset(refs))
        shown = " ".join(refs)
        if group is None:
            several = any(set(refs) & set(other) for other in self.groups)
            raise AnswerError(
                f"{shown} {'are not one report' if several else 'are not decided to be one report'}",
                "empty this row; what is open about other reports is asked when the file is written anew"
                if several
                else "decide above which codings are one report, or empty this row, or write the file anew",
            )
        if group.report is None:
            raise AnswerError(f"{shown} were decided to be no event", "empty this row")
        return group.report

    def _groups(self, answer: Answer, question: Question) -> None:
        kept, dropped = offer.grouping(self.case, question, str(answer.decision))
        for refs in [*kept, *([dropped] if dropped else [])]:
            if len(set(refs)) < len(refs):
                raise AnswerError(f"a coding stands twice in '{' '.join(refs)}'", "name each once")
            self._group(answer, refs, none=refs is dropped)

    def _group(self, answer: Answer, refs: tuple[str, ...], *, none: bool) -> None:
        members = tuple(self.case.members[ref] for ref in refs)
        known = self.groups.get(frozenset(refs))
        if known is not None and (known.report is None) == none:
            self.result.known += 1
            return
        for other, group in self.groups.items():
            if taken := sorted(other & set(refs)):
                what = "no event" if group.report is None else f"the report '{group.report}'"
                hint = "leave it in one group; what is recorded can only be taken out of the decisions file itself"
                raise AnswerError(f"{taken[0]} is decided already: it belongs to {what}", hint)
        key = None if none else self._free(members[0].coding["key"])
        row: Row = {"kind": "group", "from": [member.name for member in members]}
        if none:
            row["chosen"] = DROPPED[0]
        elif key != members[0].coding["key"]:
            row["report"] = key
        self.groups[frozenset(refs)] = Group(members, True, key)
        self._add(answer, row)

    def _free(self, key: str) -> str:
        """A key for a report that no other report of the document has."""
        found = next(k for k in (key, *(f"{key}-{n}" for n in range(2, 1000))) if k not in self.keys)
        self.keys.add(found)
        return found

    def _record(self, answer: Answer, row: Row) -> None:
        """Add a decision about a field or the sources, unless it is recorded; one that says otherwise is a problem."""
        about = ("kind", "report", "field")
        for held in [*self.case.decisions, *self.result.decisions]:
            mine = held["document"] in (self.case.name, self.case.document_id)
            if mine and all(held.get(name) == row.get(name) for name in about):
                if offer.same(held, row):
                    self.result.known += 1
                    return
                hint = "empty this row, or take the recorded line out of the decisions file"
                raise AnswerError(f"{held['by']} has decided this otherwise already", hint)
        self._add(answer, row)

    def _add(self, answer: Answer, row: Row) -> None:
        said = {"cause": answer.cause, "reason": " ".join(str(answer.reason).split())}
        known = {name: value for name, value in said.items() if value is not None}
        head = {"document": self.case.name, "kind": row.pop("kind")}
        self.result.decisions.append({**head, **row, "by": self.by, **known})

    def _problem(self, answer: Answer, name: str, message: str, hint: str) -> None:
        self.result.problems.append(answer.problem(name, message, hint))
