"""Lint of what hangs on the codes and fields: actors, crosswalks, rules, guidance, the codebook's own name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eventcode import dates
from eventcode.codebook import views
from eventcode.codebook.lint_rules import Hit, groups, plain, quoted
from eventcode.model import Actor, Codebook, Crossing, Place
from eventcode.shape import did_you_mean
from eventcode.tables import TABLES

MATCHES = ("exact", "close", "broad", "narrow", "none")
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


def _target(row: Crossing) -> str:
    return f"{row.target_codebook}@{row.target_version}"


def crosswalk_rows(codebook: Codebook) -> Iterator[Hit]:
    """A row of a crosswalk names a code that exists, a known match, and a target unless there is none."""
    for row in codebook.crosswalks:
        key = f"{row.code} → {_target(row)}"
        if row.code not in codebook.event_types:
            hint = did_you_mean(row.code, [*codebook.event_types])
            yield Hit(
                key,
                f"the crosswalk to {_target(row)} has code '{row.code}', which does not exist",
                row.place,
                hint,
            )
        if row.match not in MATCHES:
            yield Hit(key, f"'{row.match}' is no match", row.place, f"one of: {', '.join(MATCHES)}")
        elif (row.match == "none") != (row.target_code is None):
            has = f"the target '{row.target_code}'" if row.target_code else "no target"
            yield Hit(
                key,
                f"code {row.code} has the match '{row.match}' and {has}",
                row.place,
                "`none` goes with an empty target_code",
            )
    for group in groups(codebook.crosswalks, lambda row: (row.code, _target(row), row.target_code)):
        yield Hit(
            f"{group[0].code} → {_target(group[0])}",
            f"code {group[0].code} is mapped to the same target twice",
            group[-1].place,
            "keep one",
        )


def crosswalk_gaps(codebook: Codebook) -> Iterator[Hit]:
    """A crosswalk says something of every code, even if it is that there is no target."""
    for target in dict.fromkeys(_target(row) for row in codebook.crosswalks):
        rows = [row for row in codebook.crosswalks if _target(row) == target]
        missing = [code for code in codebook.event_types if code not in {row.code for row in rows}]
        if missing:
            yield Hit(
                target,
                f"the crosswalk to {target} says nothing of {', '.join(missing)}",
                Place(rows[0].place.file),
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
