"""Which values coders confuse, and where: the commonest pairs of differing values with their cases, and the matrices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eventcode.model import Codebook
from eventcode.pipeline.agree_measure import World
from eventcode.reliability import matrices
from eventcode.reliability.fields_pairs import Block, Comparison
from eventcode.reliability.result import Case, Confusion, Matrix

MOST, CASES = 10, 12
SOURCING = ("source", "support")
LEAF, ROOT = "event_type.leaf", "event_type.root"


def is_confused(comparison: Comparison, codebook: Codebook) -> bool:
    """Whether an item is one of closed codes whose confusions are listed: event types, and what is said of sources."""
    item = comparison.item
    field = codebook.fields.get((item.table, item.field))
    listed = field is not None and field.type == "code" and item.level == "nominal"
    return item.field == LEAF or (item.section in SOURCING and listed)


def confusions(world: World, found: list[Comparison], block: Block) -> tuple[Confusion, ...]:
    """The ten commonest pairs of each listed item, heaviest first, with a dozen of the places each."""
    return tuple(row for comparison in found for row in _confusions(world, comparison, block))


def _confusions(world: World, comparison: Comparison, block: Block) -> list[Confusion]:
    pairs, weights = comparison.chosen(block), comparison.units(block).weights
    counts: dict[tuple[str, str], float] = {}
    cases: dict[tuple[str, str], list[Case]] = {}
    for i, j, weight in zip(pairs.a.tolist(), pairs.b.tolist(), weights.tolist(), strict=True):
        one, other = str(comparison.values[comparison.codes[i]]), str(comparison.values[comparison.codes[j]])
        if one != other:
            key = (min(one, other), max(one, other))
            counts[key] = counts.get(key, 0.0) + weight
            cases.setdefault(key, []).append(case(world, comparison, i, j))
    ordered = sorted(counts, key=lambda key: (-counts[key], key))[:MOST]
    name = "event_type" if comparison.item.field == LEAF else comparison.item.name
    return [Confusion(name, key, counts[key], tuple(cases[key][:CASES])) for key in ordered]


def case(world: World, comparison: Comparison, i: int, j: int) -> Case:
    """Where two rows stand, and what each says."""
    rows = comparison.rows
    document = world.corpus.names[world.corpus.documents[int(rows.document[i])]]
    said = [str(comparison.values[comparison.codes[n]]) for n in (i, j)]
    spans = [span(rows.rows[n], comparison.item.field) for n in (i, j)]
    keys = [f"{world.corpus.coders[int(rows.coder[n])]}/{_key(rows.rows[n])}" for n in (i, j)]
    return Case(document, (keys[0], keys[1]), (said[0], said[1]), (spans[0], spans[1]))


def _key(row: Mapping[str, Any]) -> str:
    """The key of a coding or source; of a support row that of its source."""
    return str(row.get("key") or row.get("source") or "")


def span(row: Mapping[str, Any], field: str) -> tuple[int, int] | None:
    """The words that stand behind a row: those for its field, else those for its event type, else the first; None without evidence."""
    spans = [e for e in row.get("evidence", ()) if e.get("start") is not None and e.get("end") is not None]
    name = field.partition(".")[0]
    for wanted in (name, "event_type"):
        spans = [e for e in spans if e.get("field") == wanted] or spans
    return (int(spans[0]["start"]), int(spans[0]["end"])) if spans else None


def shown_matrices(found: list[Comparison], block: Block, codebook: Codebook) -> tuple[Matrix, ...]:
    """Matrices of the event types at leaf and root, in the order of the tree, and of each listed item of sourcing."""
    made = []
    for comparison in found:
        if comparison.item.field == ROOT or is_confused(comparison, codebook):
            event_type = comparison.item.section == "coding"
            level = "root" if comparison.item.field == ROOT else "leaf"
            name = "event_type" if event_type else comparison.item.name
            pairs, weights = comparison.chosen(block), comparison.units(block).weights
            said = [
                (
                    str(comparison.values[comparison.codes[i]]),
                    str(comparison.values[comparison.codes[j]]),
                    weight,
                )
                for i, j, weight in zip(pairs.a.tolist(), pairs.b.tolist(), weights.tolist(), strict=True)
            ]
            if said:
                order = _order({value for pair in said for value in pair[:2]}, comparison, codebook)
                tops: dict[str, str | None] = dict.fromkeys(order)
                made.append(matrices.matrix(said, name, level, values=order, tree=tops))
    return tuple(made)


def _order(given: set[str], comparison: Comparison, codebook: Codebook) -> list[str]:
    """The values given, in the order of the codebook; those that it does not list come last."""
    if comparison.item.section == "coding":
        listed = [kind.code for _, kind in codebook.walk()]
    else:
        field = codebook.fields[comparison.item.table, comparison.item.field]
        listed = [*codebook.vocabularies[field.vocabulary].values] if field.vocabulary else []
    return [value for value in listed if value in given] + sorted(given - {*listed})
