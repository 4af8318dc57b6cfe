"""Lint of migrations: they lead from an earlier version to names that exist, and leave nothing that a later version lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from eventcode.codebook.lint_rules import Hit, groups
from eventcode.codebook.migrate import version
from eventcode.model import Codebook, Field, Migration, Step

Said = Iterator[tuple[str, str]]  # what is wrong, and the remedy
CODES = ("rename_code", "merge_code", "split_code", "deprecate_code", "redefine_code")


def wrong(codebook: Codebook) -> Iterator[Hit]:
    """Everything wrong with the migrations of a codebook."""
    for group in groups(codebook.migrations, lambda migration: migration.to):
        yield Hit(
            group[-1].to,
            f"two migrations lead to {group[-1].to}",
            group[-1].place,
            "put their steps into one file",
        )
    ordered = sorted(codebook.migrations, key=lambda migration: version(migration.to))
    for i, migration in enumerate(ordered):
        yield from _versions(codebook, migration)
        later = {step.of for after in ordered[i:] for step in after.steps}
        for step in migration.steps:
            for message, hint in _step(codebook, step, later):
                yield Hit(f"{migration.to}/{step.of}", f"{step.do} {step.of}: {message}", step.place, hint)


def _versions(codebook: Codebook, migration: Migration) -> Iterator[Hit]:
    if version(migration.since) >= version(migration.to):
        yield Hit(
            migration.to,
            f"the migration leads from {migration.since} back to {migration.to}",
            migration.place,
            "swap them",
        )
    elif version(migration.to) > version(codebook.version):
        hint = f'write version: "{migration.to}" in codebook.yaml'
        yield Hit(
            migration.to,
            f"the migration leads to {migration.to}, and the codebook is {codebook.version}",
            migration.place,
            hint,
        )


def _step(codebook: Codebook, step: Step, later: set[str]) -> Said:
    if step.do in CODES:
        yield from _codes(codebook, step, later)
    elif step.do == "add_field":
        yield from _added(codebook, step, later)
    elif step.do == "rename_field":
        yield from _targets(step, {f.name for f in codebook.fields_of(step.table)} | later, "field", one=True)
    elif step.do in ("rename_value", "remove_value"):
        yield from _value(codebook, step, later)


def _codes(codebook: Codebook, step: Step, later: set[str]) -> Said:
    there = step.of in codebook.event_types
    if step.do == "redefine_code":
        if not there and step.of not in later - {step.of}:
            yield "there is no such code", "correct the code under of:"
        return
    if there:
        yield "the code is still in the codebook", "take it out of events/, or the step out of here"
    if step.do == "deprecate_code":
        return
    yield from _targets(step, {*codebook.event_types} | later, "code", one=step.do != "split_code")
    if step.do == "split_code" and len(step.to) < 2:
        yield "a split has two codes or more", "list them under to:, or rename the code"
    if step.do == "split_code":
        yield from _decides(codebook, step, later)


def _decides(codebook: Codebook, step: Step, later: set[str]) -> Said:
    """What decides a split: a field with a closed list, values of it, and codes among the targets."""
    values = dict(step.value) if isinstance(step.value, Mapping) else {}
    for code in sorted({*values.values()} - {*step.to}):
        yield f"the value decides for '{code}', which is not under to:", "add it to the list under to:"
    if (step.field is None) != (not values):
        yield "a split is decided by a field and its values", "write both field: and value:, or neither"
    field = codebook.fields.get(("codings", step.field or ""))
    if step.field is None or step.field in later - {step.of}:
        return
    if field is None:
        yield f"there is no field codings.{step.field}", "correct the name under field:"
    elif field.vocabulary in codebook.vocabularies:
        known = codebook.vocabularies[field.vocabulary or ""].values
        for value in [value for value in values if value not in known and value not in later]:
            yield f"'{value}' is no value of {field.vocabulary}", "correct the value"


def _targets(step: Step, known: set[str], what: str, *, one: bool) -> Said:
    if one and len(step.to) != 1:
        yield f"it leads to {len(step.to)} {what}s", f"write one {what} under to:"
    for name in step.to:
        if name not in known:
            yield f"there is no {what} '{name}'", "correct the name under to:"


def _added(codebook: Codebook, step: Step, later: set[str]) -> Said:
    field = codebook.fields.get((step.table, step.of))
    if field is None and step.of not in later - {step.of}:
        yield f"there is no field {step.table}.{step.of}", "correct of: or table:"
    if (step.value is None) == (step.missing is None):
        yield "a new field gets a value or a missing reason", "write value: or missing: not_coded"
    elif field is not None:
        yield from _filled(codebook, field, step)


def _filled(codebook: Codebook, field: Field, step: Step) -> Said:
    if step.missing is not None and step.missing not in field.missing:
        yield (
            f"the field has no missing reason '{step.missing}'",
            f"one of: {', '.join(field.missing) or 'none'}",
        )
    vocabulary = codebook.vocabularies.get(field.vocabulary or "")
    if vocabulary is not None and isinstance(step.value, str) and step.value not in vocabulary.values:
        yield f"'{step.value}' is no value of {field.vocabulary}", "correct value:"


def _value(codebook: Codebook, step: Step, later: set[str]) -> Said:
    field = codebook.fields.get((step.table, step.field or ""))
    if step.field is None:
        yield "it names no field", "write field:"
        return
    if field is None:
        if step.field not in later:
            yield f"there is no field {step.table}.{step.field}", "correct field: or table:"
        return
    vocabulary = codebook.vocabularies.get(field.vocabulary or "")
    values = {*vocabulary.values} if vocabulary else set()
    if step.of in values:
        yield (
            f"'{step.of}' is still a value of {field.vocabulary}",
            "take it out of the vocabulary, or the step out of here",
        )
    if step.do == "rename_value":
        yield from _targets(step, values | later, "value", one=True)
