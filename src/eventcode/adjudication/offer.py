"""What may be decided about a question: the answers that are offered, and what an answer that somebody wrote means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eventcode import identity
from eventcode.adjudication import values, words
from eventcode.adjudication.cases import REF, Case, Member
from eventcode.adjudication.queue import FIELD, GROUP, NO_EVENT, ONE_REPORT, SEPARATE, SUPPORT, Question
from eventcode.codebook import views
from eventcode.model import ROLES, Codebook, Field
from eventcode.readings import Row
from eventcode.shape import did_you_mean

MISSING = "missing: "
MARK = " · "  # between a value and its label
_WHOSE = re.compile(r"([A-Z]{1,2}[0-9]*)(?:\s*,\s*[A-Z]{1,2}[0-9]*)*\s*(?::.*)?", re.DOTALL)
_WHOLE, _DECIMAL = re.compile(r"[+-]?[0-9]{1,15}"), re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
ROLE_REASONS = ("not_stated", "cannot_tell", "not_coded")


class AnswerError(ValueError):
    """An answer that cannot be taken: what is wrong, and the remedy."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint or "choose from the list, or write another"


def offered(case: Case, question: Question) -> list[str]:
    """The answers to choose from: what the readers say comes first, then the vocabulary; others may be typed where the field allows."""
    if question.kind == GROUP:
        several = len(question.group.members) > 1
        return [ONE_REPORT, SEPARATE, NO_EVENT] if several else [ONE_REPORT, NO_EVENT]
    if question.kind == SUPPORT:
        refs = question.group.refs
        return [*refs, *([" ".join(refs)] if len(refs) > 1 else [])]
    if question.kind != FIELD:
        return [*case.readers]
    name = str(question.field)
    said = different(case.codebook, name, question.group.members)
    own = [entry for entry, _ in said]
    shown = {words.in_line(case.codebook, name, coding) for _, coding in said}
    return [*own, *(entry for entry in _others(case.codebook, name) if entry not in shown)]


def different(codebook: Codebook, name: str, members: Sequence[Member]) -> list[tuple[str, Row]]:
    """(the offered answer, a coding that has it) for each different value: `A, C: 072 · Site closed`."""
    letters = [member.letter for member in members]
    found: list[tuple[list[str], Row]] = []
    for member in members:
        ref = member.letter if letters.count(member.letter) == 1 else member.ref
        for refs, coding in found:
            if not values.differ(codebook, name, [coding, member.coding]):
                refs.append(ref)
                break
        else:
            found.append(([ref], member.coding))
    return [(f"{', '.join(refs)}: {words.in_line(codebook, name, coding)}", coding) for refs, coding in found]


def _others(codebook: Codebook, name: str) -> Iterator[str]:
    field = words.field_of(codebook, name)
    if field is None:
        if name in ROLES:
            yield from (f"{key}{MARK}{actor.name}" for key, actor in codebook.actors.items())
            yield from (f"{MISSING}{reason}" for reason in ROLE_REASONS)
            yield words.NOTHING
        return
    if field.type == "boolean":
        yield from ("yes", "no")
    yield from (words.term(codebook, field, value) for value in views.allowed(codebook, field))
    yield from (f"{MISSING}{reason}" for reason in field.missing)
    if not field.required:
        yield words.NOTHING


# ── an answer ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def grouping(case: Case, question: Question, answer: str) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """(the reports, each as references of its codings; the codings that are no event) of an answer about a group.

    Beside the offered answers it may be written out: `A1 B2; B1; none: C1`. The first coding of a report gives it its key, its evidence
    and its free texts. AnswerError for anything else.
    """
    refs = question.group.refs
    plain = " ".join(answer.split()).casefold()
    if plain == ONE_REPORT:
        return [refs], ()
    if plain == SEPARATE:
        return [(ref,) for ref in refs], ()
    if plain == NO_EVENT:
        return [], refs
    kept: list[tuple[str, ...]] = []
    dropped: tuple[str, ...] = ()
    for part in filter(str.strip, answer.split(";")):
        head, colon, rest = part.partition(":")
        none = bool(colon) and head.strip().casefold() == "none"
        named = tuple(re.split(r"[\s,+]+", (rest if none else part).strip().upper()))
        for ref in named:
            if ref not in case.members:
                raise AnswerError(*_no_coding(case, ref, answer))
        dropped, kept = (dropped + named, kept) if none else (dropped, [*kept, named])
    return kept, dropped


def _no_coding(case: Case, ref: str, answer: str) -> tuple[str, str]:
    hint = (
        f"choose '{ONE_REPORT}', '{SEPARATE}' or '{NO_EVENT}', or write the codings out: A1 B2; B1; none: C1"
    )
    if REF.fullmatch(ref):
        return f"there is no coding {ref} in {case.name}", f"there are: {', '.join(case.members)}"
    return f"'{answer}' does not say which codings are one report", hint


def coder(case: Case, answer: str) -> str:
    """The coder whose sources an answer takes."""
    letter = answer.strip().partition(":")[0].strip().upper()
    if letter not in case.readers:
        raise AnswerError(f"'{answer}' is no reader of {case.name}", f"one of: {', '.join(case.readers)}")
    return case.readers[letter].coder


def supporters(case: Case, question: Question, answer: str) -> list[str]:
    """The names of the codings whose support an answer takes."""
    named = re.split(r"[\s,;+]+", answer.strip().upper())
    members = {key: m for m in question.group.members for key in (m.letter, m.ref)}
    for ref in named:
        if ref not in members:
            raise AnswerError(
                f"'{ref}' is no coding of this report", f"one or several of: {' '.join(question.group.refs)}"
            )
    return list(dict.fromkeys(members[ref].name for ref in named))


def value(case: Case, question: Question, answer: Any) -> Row:
    """What a field decision says: `from` a reader's coding, or a `chosen` value; AnswerError where it is neither."""
    name, codebook = str(question.field), case.codebook
    if isinstance(answer, str):
        answer = answer.replace("\N{NO-BREAK SPACE}", " ").strip()
        member = _whose(case, question, answer)
        if member is not None:
            return {"from": [member.name]}
    field = words.field_of(codebook, name)
    chosen = _role(codebook, name, answer) if field is None else _chosen(codebook, field, answer)
    try:
        values.given(codebook, name, chosen)
    except ValueError as error:
        raise AnswerError(
            f"'{answer}' cannot be taken: {error}", "choose from the list, or write another"
        ) from error
    return {"chosen": chosen}


def _whose(case: Case, question: Question, answer: str) -> Member | None:
    """The coding that an answer names by its reader: `A`, `A2`, `A, C: …`, and in small letters `a`, `a2`."""
    field = words.field_of(case.codebook, str(question.field))
    if answer in (case.codebook.actors if field is None else views.allowed(case.codebook, field)):
        return None
    match = _WHOSE.fullmatch(answer if ":" in answer else answer.upper())
    members = {key: m for m in reversed(question.group.members) for key in (m.letter, m.ref)}
    if match is None:
        return None
    if match[1] in members:
        return members[match[1]]
    if match[1].rstrip("0123456789") in case.readers:
        hint = f"one of: {', '.join(question.group.refs)}; or write the value itself"
        raise AnswerError(f"{match[1]} is not in this report", hint)
    return None


def _chosen(codebook: Codebook, field: Field, answer: Any) -> Any:
    if answer == words.NOTHING:
        return None
    if isinstance(answer, str) and answer.startswith(MISSING):
        reason = answer.removeprefix(MISSING).strip()
        if reason not in field.missing:
            raise AnswerError(
                f"'{reason}' is no reason of {field.name}", did_you_mean(reason, [*field.missing])
            )
        return {f"{field.name}_missing": reason}
    if isinstance(answer, dict):
        return answer
    if field.type in ("set", "list", "actors"):
        several = answer if isinstance(answer, list) else [part.strip() for part in str(answer).split(";")]
        return [_one(codebook, field, part) for part in several if part]
    return _READ.get(field.type, _one)(codebook, field, answer)


def _one(codebook: Codebook, field: Field, answer: Any) -> Any:
    """A value of a closed list, whatever label stands behind it, or plain text."""
    allowed = [*views.allowed(codebook, field)]
    if not allowed:
        return answer
    plain = str(answer).partition(MARK)[0].strip()
    if plain in allowed:
        return plain
    raise AnswerError(f"'{answer}' is no value of {field.name}", did_you_mean(plain, allowed))


def _integer(codebook: Codebook, field: Field, answer: Any) -> Any:
    if isinstance(answer, str) and _WHOLE.fullmatch(answer):
        return int(answer)
    if isinstance(answer, float) and answer.is_integer():
        return int(answer)
    if isinstance(answer, int) and not isinstance(answer, bool):
        return answer
    raise AnswerError(f"'{answer}' is not a whole number", "write digits only, such as 12")


def _number(codebook: Codebook, field: Field, answer: Any) -> Any:
    if isinstance(answer, str) and _DECIMAL.fullmatch(answer):
        return float(answer)
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        return answer
    raise AnswerError(f"'{answer}' is not a number", "write it with a point, such as 33.31")


def _boolean(codebook: Codebook, field: Field, answer: Any) -> Any:
    said = {"yes": True, "no": False, "true": True, "false": False}
    found = answer if isinstance(answer, bool) else said.get(str(answer).casefold())
    if found is None:
        raise AnswerError(f"'{answer}' is neither yes nor no", "write yes or no")
    return found


def _date(codebook: Codebook, field: Field, answer: Any) -> Any:
    """A date as text; a bare year may have become a number on its way."""
    return str(answer) if isinstance(answer, int) and not isinstance(answer, bool) else answer


_READ: Mapping[str, Any] = {"date": _date, "integer": _integer, "number": _number, "boolean": _boolean}


def _role(codebook: Codebook, name: str, answer: Any) -> Any:
    """Participants as a reading writes them; in a cell ids of actors with `;` between them, or a reason."""
    if not isinstance(answer, str):
        return answer
    if answer == words.NOTHING:
        return []
    if answer.startswith(MISSING):
        reason = answer.removeprefix(MISSING).strip()
        if reason not in ROLE_REASONS:
            raise AnswerError(f"'{reason}' is no reason", did_you_mean(reason, [*ROLE_REASONS]))
        return [{"actor_missing": reason}]
    ids = [part.partition(MARK)[0].strip() for part in answer.split(";") if part.strip()]
    for one in ids:
        if one not in codebook.actors:
            raise AnswerError(
                f"'{one}' is no actor", did_you_mean(one, [*codebook.actors]) or "add it to actors.csv"
            )
    return [{"actor_id": one} for one in ids]


def same(one: Row, other: Row) -> bool:
    """Whether two decisions come to the same."""
    names = ("kind", "report", "field", "from", "chosen")
    return identity.content_id({n: one[n] for n in names if n in one}) == identity.content_id(
        {n: other[n] for n in names if n in other}
    )
