"""What needs a decision as a YAML file for a text editor, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from eventcode import yamlfile
from eventcode.adjudication import offer, queue, words
from eventcode.adjudication.cases import Case
from eventcode.adjudication.cause import CAUSES
from eventcode.adjudication.decide import Answer, Sheet
from eventcode.adjudication.queue import FIELD, GROUP, SOURCES, SUPPORT, Question
from eventcode.codebook import yamlout
from eventcode.errors import Problem
from eventcode.formats import files
from eventcode.model import Place
from eventcode.pipeline.adjudicate import Adjudication
from eventcode.readings import Row

FEW = 12  # offered answers beside those of the readers; of longer lists the vocabulary is named
FILLED = ("decision", "cause", "reason")
_OPEN = re.compile(rf"^(\s*(?:{'|'.join(FILLED)})): null$", re.MULTILINE)
HEAD = """\
# Fill in decision, cause and reason. What you leave empty stays open and is asked again.
# decision: one of the offered answers, a reader's letter (A), or a value written as in a reading.
# For codings it may be written out: A1 B2; B1; none: C1. The first coding of a report gives its key and evidence.
# accept_agreed: true takes what is suggested wherever no cause is asked for.
# cause:
"""


def write(
    path: Path,
    work: Adjudication,
    asked: Sequence[tuple[Case, list[Question]]],
    about: Mapping[str, str],
    show_coders: bool,
) -> None:
    """Write the open questions, document by document."""
    documents = [_document(work, case, questions, show_coders) for case, questions in asked]
    body = yamlout.dump({"about": dict(about), "documents": documents})
    meanings = "".join(f"#   {name}: {meaning}\n" for name, meaning in CAUSES.items())
    files.write(path, (HEAD + meanings + _OPEN.sub(r"\1:", body)).encode())


def _document(work: Adjudication, case: Case, questions: Sequence[Question], show_coders: bool) -> Row:
    row: Row = {"document": case.name, "readings": case.state}
    if show_coders:
        row["coders"] = {letter: read.coder for letter, read in case.readers.items()}
    if any(q.suggestion and not q.needs_cause for q in questions):
        row["accept_agreed"] = False
    row["questions"] = [_question(work, case, question) for question in questions]
    return row


def _question(work: Adjudication, case: Case, question: Question) -> Row:
    row: Row = {"kind": question.kind}
    if question.group.members:
        row["codings"] = list(question.group.refs)
    if question.kind == FIELD:
        row["field"] = question.field
    row["question"] = queue.asked(case.codebook, question)
    row["readers"] = queue.said(case, question, work.held.texts)
    if question.kind == GROUP:
        row["agreed"] = queue.agreed(case, question.group)
    if question.kind == FIELD and (means := queue.meanings(case, question)):
        row["means"] = means
    row["offered"] = _few(case, question)
    if question.suggestion:
        row["suggested"] = f"{question.suggestion.decision} ({question.suggestion.why})"
    if question.optional:
        row["optional"] = True
    return {name: value for name, value in row.items() if value not in ({}, [])} | dict.fromkeys(FILLED)


def _few(case: Case, question: Question) -> list[str]:
    offered = offer.offered(case, question)
    if question.kind != FIELD:
        return offered
    own = len(offer.different(case.codebook, str(question.field), question.group.members))
    if len(offered) - own <= FEW:
        return offered
    field = words.field_of(case.codebook, str(question.field))
    return [*offered[:own], f"or another value of {field.vocabulary if field else 'the actors'}"]


# ── back ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(path: Path) -> Sheet:
    """The answers of a file, and what is wrong with its shape."""
    try:
        document = yamlfile.read(path, path.name)
    except yamlfile.YamlError as error:
        return Sheet(problems=error.problems)
    problems: list[Problem] = []
    data = document.data if isinstance(document.data, dict) else {}
    about = data.get("about")
    if not isinstance(about, dict) or not isinstance(data.get("documents"), list):
        problems.append(
            document.problem(
                (), "this is no file of questions", "write one with `eventcode adjudicate NAME --write`"
            )
        )
        return Sheet(problems=problems)
    answers: list[Answer] = []
    accepted: list[str] = []
    for i, row in enumerate(data["documents"]):
        if not isinstance(row, dict) or not isinstance(row.get("questions"), list):
            problems.append(
                document.problem(("documents", i), "'questions' is missing", "write the file anew")
            )
            continue
        name = str(row.get("document"))
        if row.get("accept_agreed") is True:
            accepted.append(name)
        elif row.get("accept_agreed") not in (None, False):
            hint = "write true or false"
            problems.append(
                document.problem(("documents", i, "accept_agreed"), "neither true nor false", hint)
            )
        answers += _answers(document, i, name, row, problems)
    dataset, by, adjudication = (str(about.get(key) or "") for key in ("dataset", "by", "adjudication"))
    return Sheet(dataset, by, adjudication, answers, accepted, problems)


def _answers(
    document: yamlfile.Document, i: int, name: str, row: Row, problems: list[Problem]
) -> Iterator[Answer]:
    for j, question in enumerate(row["questions"]):
        path = ("documents", i, "questions", j)
        if not isinstance(question, dict) or question.get("kind") not in (GROUP, FIELD, SOURCES, SUPPORT):
            problems.append(document.problem(path, "this is no question", "leave what was written as it is"))
            continue
        said = {key: question.get(key) for key in FILLED}
        for key in ("cause", "reason"):
            if said[key] is not None and not isinstance(said[key], str):
                problems.append(document.problem((*path, key), "this is not text", "put it in quotes"))
                said[key] = None
        field = SUPPORT if question["kind"] == SUPPORT else question.get("field")
        key_ = (question["kind"], tuple(map(str, question.get("codings") or ())), field)
        places = {
            key: Place(document.file, document.line((*path, key)), yamlfile.dotted((*path, key)))
            for key in FILLED
        }
        yield Answer(
            name, key_, str(row.get("readings")), said["decision"], said["cause"], said["reason"], places
        )
