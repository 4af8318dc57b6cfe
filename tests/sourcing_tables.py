"""Small tables for the tests of `eventcode.sourcing`: pages with sources that all affirm one record unless told otherwise."""

from __future__ import annotations

from typing import Any

from eventcode.model import Actor, Relation

Row = dict[str, Any]


def named(key: str, name: str, **more: Any) -> Row:
    """A named person."""
    return {"key": key, "identity": "named", "source_kind": "person", "source_name": name, **more}


def body(key: str, name: str, **more: Any) -> Row:
    """A named organization."""
    return named(key, name, source_kind="organization", **more)


def anonymous(key: str, words: str, **more: Any) -> Row:
    """An anonymous person."""
    shape = {"identity": "anonymous", "anonymity": "not_explained", "source_kind": "person"}
    return {"key": key, **shape, "source_descriptor": words, **more}


def of(actor_id: str) -> Row:
    """What a source that belongs to this actor has."""
    return {"affiliation_actors": [actor_id]}


def own(key: str = "s0") -> Row:
    """The page's own voice."""
    return {"key": key, "identity": "own_voice"}


def says(source: str, stance: str = "asserts", **more: Any) -> Row:
    """A support row."""
    return {"source": source, "stance": stance, **more}


def page(key: str, *sources: Row, support: list[Row] | None = None, **more: Any) -> Row:
    """A document with one reading and one coding `<key>/e1`, affirmed by every source if no support is given."""
    rows = [says(source["key"]) for source in sources] if support is None else support
    return {
        "key": key,
        "sources": list(sources),
        "support": rows,
        "relation": "original",
        "publisher": key,
        **more,
    }


def tables(*pages: Row) -> dict[str, list[Row]]:
    """The rows of these pages; `reading` on a page makes it another reading of the document named by `key`."""
    found: dict[str, list[Row]] = {
        name: []
        for name in ("documents", "readings", "codings", "sources", "support", "participants", "publishers")
    }
    for one in pages:
        _add(found, one)
    return found


def _add(found: dict[str, list[Row]], one: Row) -> None:
    reading = f"{one['key']}:{one.get('reading', 'r1')}"
    coding = coding_of(one)
    if all(row["document_id"] != one["key"] for row in found["documents"]):
        found["documents"].append(
            {
                "document_id": one["key"], "document_key": one.get("document_key"), "publisher": one["publisher"],
                "document_relation": one["relation"], "relation_of": one.get("relation_of"),
                "duplicate_of": one.get("duplicate_of"),
            }
        )  # fmt: skip
    found["readings"].append({"reading_id": reading, "document_id": one["key"]})
    dates = {name: one.get(name) for name in ("date_start", "date_end")}
    found["codings"].append({"coding_id": coding, "reading_id": reading, "key": "e1", **dates})
    for source in one["sources"]:
        found["sources"].append({"source_id": f"{reading}/{source['key']}", "reading_id": reading, **source})
    for number, row in enumerate(one["support"]):
        rest = {name: value for name, value in row.items() if name != "source"}
        ids = {
            "support_id": f"{coding}/{number}",
            "coding_id": coding,
            "source_id": f"{reading}/{row['source']}",
        }
        found["support"].append(ids | rest)
    for number, row in enumerate(one.get("participants", ())):
        found["participants"].append({"coding_id": coding, "position": number, **row})


def coding_of(one: Row) -> str:
    """The id of a page's coding."""
    return f"{one['key']}:{one.get('reading', 'r1')}/e1"


def actor(name: str, *parents: tuple[str, ...], kind: str = "armed_group") -> Actor:
    """An actor; a parent is (actor, relation) or (actor, relation, from, to), "" for an open end."""
    ties = [Relation(p[0], p[1], *(text or None for text in p[2:])) for p in parents]
    return Actor(name, name.title(), kind, parents=tuple(ties))


ACTORS = {
    one.id: one
    for one in (
        actor("state", kind="state"),
        actor("cabinet", ("state", "part_of"), kind="ministry"),
        actor("army", ("state", "part_of"), kind="military"),
        actor("minister", ("cabinet", "leads", "2020", "2024-06"), kind="person"),
        actor("front", kind="coalition"),
        actor("river", ("front", "member_of"), ("guards", "sponsored_by")),
        actor("hill", ("front", "member_of", "2023", "")),
        actor("coast", ("guards", "sponsored_by")),
        actor("guards", ("sponsor", "part_of"), kind="military"),
        actor("sponsor", ("union", "member_of"), kind="state"),
        actor("embassy", ("sponsor", "part_of"), kind="ministry"),
        actor("neighbour", ("union", "member_of"), kind="state"),
        actor("union", kind="igo"),
    )
}
