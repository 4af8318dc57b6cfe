"""What changed between two versions of a codebook, and the version bump that it owes.

Patch: wording. Minor: a new code, field or value. Major: the meaning of an existing code changed, or something that codings carry is
gone. A machine cannot tell a better wording from a new meaning: a definition that keeps most of its words counts as reworded and is shown,
so that a person can judge; what it includes, excludes, requires or may be counts as meaning. A migration that the newer one carries
decides where it speaks.
"""

from __future__ import annotations

from eventcode.codebook import diff_codes, diff_fields, migrate
from eventcode.codebook.changes import Change
from eventcode.model import Codebook


def diff(old: Codebook, new: Codebook) -> tuple[Change, ...]:
    """Everything that changed, codes first; what only moved in the files is no change."""
    steps = [
        step
        for migration in new.migrations
        if migrate.version(migration.to) > migrate.version(old.version)
        for step in migration.steps
    ]
    return (
        *diff_codes.codes(old, new, steps),
        *diff_fields.fields(old, new, steps),
        *diff_fields.values(old, new, steps),
        *diff_fields.rules(old, new),
        *diff_fields.rest(old, new),
    )
