"""The codebook as tables that rules can join: codes, what they exclude, actors, their ties."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from eventcode import dates
from eventcode.codebook import views
from eventcode.errors import CodebookError
from eventcode.model import Actor, Codebook
from eventcode.tables import TABLES, build

if TYPE_CHECKING:
    import pyarrow as pa

EXCLUDES = {
    "code": "string",
    "see": "string",
}  # the columns of `code_excludes`, which is no table of the model


@cache
def context_tables(codebook: Codebook) -> dict[str, pa.Table]:
    """Arrow tables `codes`, `code_excludes`, `actors`, `actor_relations`, by name."""
    return {
        "codes": build(TABLES["codes"].columns, views.codes(codebook)),
        "code_excludes": build(EXCLUDES, _excludes(codebook)),
        "actors": build(TABLES["actors"].columns, actor_rows(codebook)),
        "actor_relations": build(TABLES["actor_relations"].columns, relation_rows(codebook)),
    }


def _excludes(codebook: Codebook) -> list[dict[str, Any]]:
    kinds = codebook.event_types.values()
    return [
        {"code": kind.code, "see": exclude.see} for kind in kinds for exclude in kind.excludes if exclude.see
    ]


def actor_rows(codebook: Codebook) -> list[dict[str, Any]]:
    """One row per actor, with the affiliations that its kind agrees with."""
    return [_actor(codebook, actor) for actor in codebook.actors.values()]


def _actor(codebook: Codebook, actor: Actor) -> dict[str, Any]:
    kinds = codebook.vocabularies.get("actor_kind")
    term = kinds.get(actor.kind) if kinds else None
    return {
        "actor_id": actor.id, "name": actor.name, "kind": actor.kind, "country": actor.country, "aliases": list(actor.aliases),
        "affiliations": list(term.extra.get("affiliations", ())) if term else [],
        "valid_from": first_day(actor.valid_from), "valid_to": last_day(actor.valid_to),
    }  # fmt: skip


def relation_rows(codebook: Codebook) -> list[dict[str, Any]]:
    """One row per tie between two actors, with the days on which it holds."""
    return [
        {
            "actor_id": actor.id, "relation": tie.relation, "parent_id": tie.actor, "valid_from": first_day(tie.valid_from),
            "valid_to": last_day(tie.valid_to),
        }
        for actor in codebook.actors.values()
        for tie in actor.parents
    ]  # fmt: skip


def first_day(text: str | None) -> Any:
    """The first day that a date in EDTF allows, or None."""
    return _interval(text).start if text else None


def last_day(text: str | None) -> Any:
    """The last day that a date in EDTF allows, or None."""
    return _interval(text).end if text else None


def _interval(text: str) -> dates.Interval:
    try:
        return dates.parse(text)
    except ValueError as error:
        raise CodebookError(f"in the list of actors {error}", dates.HINT) from error
