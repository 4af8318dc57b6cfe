"""Lint of what hangs on the codes and fields: actors, crosswalks, rules, guidance, the codebook's own name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eventcode import dates
from eventcode.codebook import views
from eventcode.codebook.crosswalk import MATCHES
from eventcode.codebook.lint_rules import Hit, groups, plain, quoted
from eventcode.model import Actor, Codebook, Crossing, Place
from eventcode.shape import did_you_mean
from eventcode.tables import TABLES

INSIDE = ("member_of", "part_of")


def folder_name(codebook: Codebook) -> Iterator[Hit]:
    """A codebook is found by the name of its folder and cited by its id."""
    name = Path(codebook.folder).resolve().name
    if name != codebook.id:
        yield Hit(
            codebook.id,
            f"the id is '{codebook.id}' and the folder '{name}'",
            Place(f"{codebook.folder}/codebook.yaml"),
        )


# ── actors ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def actor_kinds(codebook: Codebook) -> Iterator[Hit]:
    """The kind of an actor is in vocabulary actor_kind."""
    yield from _in_vocabulary(codebook, "kind", "actor_kind")


def actor_countries(codebook: Codebook) -> Iterator[Hit]:
    """The country of an actor is in vocabulary country."""
    yield from _in_vocabulary(codebook, "country", "country")


def _in_vocabulary(codebook: Codebook, attribute: str, name: str) -> Iterator[Hit]:
    vocabulary = codebook.vocabularies.get(name)
    known = {*vocabulary.values} if vocabulary else set()
    for actor in codebook.actors.values() if known else ():
        value = getattr(actor, attribute)
        if value is not None and value not in known:
            message = f"actor {actor.id} has the {attribute} '{value}', which is not in vocabulary {name}"
            yield Hit(actor.id, message, actor.place, did_you_mean(value, sorted(known)))


def actor_dates(codebook: Codebook) -> Iterator[Hit]:
    """The days on which an actor exists and a tie holds do not run backwards."""
    for actor in codebook.actors.values():
        spans = [(f"actor {actor.id}", actor.valid_from, actor.valid_to)]
        spans += [
            (f"actor {actor.id}, {tie.relation} {tie.actor},", tie.valid_from, tie.valid_to)
            for tie in actor.parents
        ]
        for what, first, last in spans:
            start, end = first and dates.parse(first).start, last and dates.parse(last).end
            if start and end and start > end:
                yield Hit(actor.id, f"{what} ends ({last}) before it starts ({first})", actor.place)


def actor_names(codebook: Codebook) -> Iterator[Hit]:
    """A name or alias stands for one actor."""
    said = [
        (plain(name), name, actor)
        for actor in codebook.actors.values()
        for name in dict.fromkeys((actor.name, *actor.aliases))
    ]
    for group in groups(said, lambda entry: entry[0]):
        owners = dict.fromkeys(actor.id for _, _, actor in group)
        if len(owners) > 1:
            actor = group[-1][2]
            yield Hit(actor.id, f"the name '{group[0][1]}' stands for {quoted(owners)}", actor.place)


def actor_circles(codebook: Codebook) -> Iterator[Hit]:
    """No actor is a member or a part of itself."""
    for actor in codebook.actors.values():
        if actor.id in _wholes(actor, codebook):
            yield Hit(actor.id, f"actor {actor.id} is a member or part of itself", actor.place)


def _wholes(actor: Actor, codebook: Codebook) -> set[str]:
    found: set[str] = set()
    ahead = [actor]
    while ahead:
        for tie in ahead.pop().parents:
            if tie.relation in INSIDE and tie.actor not in found and tie.actor in codebook.actors:
                found.add(tie.actor)
                ahead.append(codebook.actors[tie.actor])
    return found


# ── crosswalks ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _known(codebook: Codebook, vocabulary: str | None) -> list[str]:
    """The codes that a crosswalk starts from: event types, or the values of a vocabulary."""
    if vocabulary is None:
        return [*codebook.event_types]
    return [*codebook.vocabularies[vocabulary].values] if vocabulary in codebook.vocabularies else []


def crosswalk_rows(codebook: Codebook) -> Iterator[Hit]:
    """A row of a crosswalk names a code that exists, a known match, and a target unless there is none."""
    for row in codebook.crosswalks:
        for message, hint in _row(codebook, row):
            yield Hit(f"{row.code} → {row.target}", message, row.place, hint)
    for group in groups(
        codebook.crosswalks, lambda row: (row.vocabulary, row.code, row.target, row.target_code, _said(row))
    ):
        first = group[0]
        yield Hit(
            f"{first.code} → {first.target}",
            f"code {first.code} is mapped to the same target twice",
            group[-1].place,
            "keep one",
        )


def _said(row: Crossing) -> tuple[tuple[str, str], ...]:
    return tuple(row.fields.items())


def _row(codebook: Codebook, row: Crossing) -> Iterator[tuple[str, str]]:
    known = _known(codebook, row.vocabulary)
    if row.vocabulary is not None and row.vocabulary not in codebook.vocabularies:
        yield (
            f"there is no vocabulary '{row.vocabulary}'",
            did_you_mean(row.vocabulary, [*codebook.vocabularies]),
        )
    elif row.code not in known:
        yield (
            f"the crosswalk to {row.target} has code '{row.code}', which does not exist",
            did_you_mean(row.code, known),
        )
    if (row.vocabulary is None) != (row.target_vocabulary is None):
        yield (
            f"code {row.code} is mapped between an event type and a value",
            "give vocabulary and target_vocabulary both, or neither",
        )
    if row.match not in MATCHES:
        yield f"'{row.match}' is no match", f"one of: {', '.join(MATCHES)}"
    elif (row.match == "none") != (row.target_code is None):
        has = f"the target '{row.target_code}'" if row.target_code else "no target"
        yield (
            f"code {row.code} has the match '{row.match}' and {has}",
            "`none` goes with an empty target_code",
        )


def crosswalk_gaps(codebook: Codebook) -> Iterator[Hit]:
    """A crosswalk says something of every code, even if it is that there is no target."""
    for vocabulary, target in dict.fromkeys((row.vocabulary, row.target) for row in codebook.crosswalks):
        rows = [row for row in codebook.crosswalks if (row.vocabulary, row.target) == (vocabulary, target)]
        said = {row.code for row in rows}
        missing = [code for code in _known(codebook, vocabulary) if code not in said]
        if missing:
            listed = ", ".join(missing[:12]) + (f" and {len(missing) - 12} more" if len(missing) > 12 else "")
            yield Hit(
                target, f"the crosswalk to {target} says nothing of {listed}", Place(rows[0].place.file)
            )


# ── rules and guidance ────────────────────────────────────────────────────────────────────────────────────────────────


def rule_parts(codebook: Codebook) -> Iterator[Hit]:
    """A rule is born with its reason, a remedy, and examples that pass and fail."""
    for rule in codebook.rules.values():
        there = {
            "hint": rule.hint,
            "why": rule.why,
            "a passing example": rule.examples.get("pass"),
            "a failing example": rule.examples.get("fail"),
        }
        lacking = [name for name, value in there.items() if not value]
        if lacking:
            yield Hit(rule.id, f"rule {rule.id} lacks {' and '.join(lacking)}", rule.place)


def rule_fields(codebook: Codebook) -> Iterator[Hit]:
    """The table and the field that a rule is about exist."""
    for rule in codebook.rules.values():
        if rule.table not in TABLES:
            yield Hit(
                rule.id,
                f"rule {rule.id} is about the table '{rule.table}', which does not exist",
                rule.place,
                did_you_mean(rule.table, [*TABLES]),
            )
        elif rule.field is not None:
            known = _fields(codebook, rule.table)
            if rule.field not in known:
                message = (
                    f"rule {rule.id} is about the field '{rule.field}', which {rule.table} does not have"
                )
                yield Hit(rule.id, message, rule.place, did_you_mean(rule.field, known))


def _fields(codebook: Codebook, table: str) -> list[str]:
    own = [field.name for field in codebook.fields_of("codings" if table in ("reports", "events") else table)]
    return list(
        dict.fromkeys(
            [*own, *views.columns(codebook, table), "participants", "support", "evidence", "sources", "date"]
        )
    )


def guidance_ids(codebook: Codebook) -> Iterator[Hit]:
    """Coders cite guidance by its id."""
    for group in groups(codebook.guidance, lambda entry: entry.id):
        for entry in group[1:]:
            yield Hit(
                entry.id,
                f"the guidance {entry.id} stands twice: '{group[0].title}' and '{entry.title}'",
                entry.place,
            )
