"""What the rules leave: each reader's value of a field is tried on the rules of the codebook, and where one stands it is suggested.

A value is tried within the coding of every reader of the group, with what is decided already put in. It is ruled out where it breaks
some rule within each of them, and a rule that not every value breaks there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from eventcode.adjudication import offer, values
from eventcode.adjudication.cases import Case, Group
from eventcode.adjudication.queue import FIELD, Question, Suggestion
from eventcode.model import ROLES, Codebook
from eventcode.readings import Row


@dataclass(frozen=True, slots=True)
class Trial:
    """A value tried within a coding: what a reading of the document with this coding alone would say."""

    question: Question
    answer: str
    context: str
    reading: Row


def trials(case: Case, questions: Iterable[Question]) -> Iterator[Trial]:
    """All trials of the open fields of a document."""
    for question in questions:
        if question.kind == FIELD:
            name = str(question.field)
            for answer, coding in offer.different(case.codebook, name, question.group.members):
                value = values.value(case.codebook, coding, name)
                for context, tried in _contexts(case, question.group):
                    reading = case.readers[context.rstrip("0123456789")].reading
                    with_it = put(case.codebook, tried, name, value)
                    yield Trial(question, answer, context, {**reading, "codings": [with_it]})


def _contexts(case: Case, group: Group) -> Iterator[tuple[str, Row]]:
    """Each coding of a group with the decided fields of its report."""
    decided = {
        str(d["field"]): d for d in case.decisions if d["kind"] == "field" and d.get("report") == group.report
    }
    names = values.names(case.codebook)
    codings = {member.name: member.coding for member in case.members.values()}
    for member in group.members:
        coding = member.coding
        for name, decision in decided.items() if group.report is not None else ():
            source = codings.get((decision.get("from") or [""])[0])
            if name in names and source is not None:
                coding = put(case.codebook, coding, name, values.value(case.codebook, source, name))
            elif name in names and "chosen" in decision:
                coding = _given(case.codebook, coding, name, decision)
        yield member.ref, coding


def _given(codebook: Codebook, coding: Row, name: str, decision: Row) -> Row:
    try:
        return put(codebook, coding, name, values.given(codebook, name, decision["chosen"]))
    except ValueError:
        return coding


def put(codebook: Codebook, coding: Row, name: str, value: object) -> Row:
    """A coding with another value of a field or role."""
    field = codebook.fields.get(("codings", name))
    columns = field.columns if field else (name,)
    made = {key: old for key, old in coding.items() if key not in columns}
    if name in ROLES:
        made["participants"] = [row for row in coding.get("participants", ()) if row["role"] != name]
    values.put(name, value, made)
    return made


def suggested(tried: Iterable[tuple[Trial, frozenset[str]]]) -> dict[int, Suggestion]:
    """By the identity of a question: what the rules leave, from each trial with the ids of the rules that it broke."""
    broken: dict[int, dict[str, dict[str, frozenset[str]]]] = {}
    for trial, rules in tried:
        broken.setdefault(id(trial.question), {}).setdefault(trial.answer, {})[trial.context] = rules
    return {question: found for question, by in broken.items() if (found := _left(by))}


def _left(broken: Mapping[str, Mapping[str, frozenset[str]]]) -> Suggestion | None:
    """The one answer that is not ruled out; None where there are several, or none."""
    contexts = next(iter(broken.values()))
    common = {c: frozenset.intersection(*(own[c] for own in broken.values())) for c in contexts}
    out = {
        answer: sorted({rule for c, rules in own.items() for rule in rules - common[c]})
        for answer, own in broken.items()
        if all(rules - common[c] for c, rules in own.items())
    }
    left = [answer for answer in broken if answer not in out]
    if len(left) != 1 or not out:
        return None
    why = "; ".join(
        f"{answer.partition(':')[0]} breaks {', '.join(rules[:2])}" for answer, rules in out.items()
    )
    return Suggestion(left[0], f"the rules leave no other: {why}", rules=True)


def with_suggestions(questions: Iterable[Question], found: Mapping[int, Suggestion]) -> list[Question]:
    """The questions with what was found for them."""
    return [replace(q, suggestion=found[id(q)]) if id(q) in found else q for q in questions]
