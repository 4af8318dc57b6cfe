"""Whose word counts as one: coders, the voters that they are, and the blocks of pairs that are compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations
from typing import Any

from eventcode.readings import Coder

MACHINES = ("llm", "learned", "rules")
PERSONS = "person–person"
MACHINES_ONLY = "machine–machine"
MIXED = "person–machine"
SELF = "self-consistency"  # runs of one voter against each other: never agreement

Labels = Mapping[Any, Mapping[str, Any]]  # unit → coder → a value, or a list or tuple of values: repeats


def voters(coders: Mapping[str, Coder]) -> dict[str, str]:
    """The voter of each coder: id → name of the voter.

    Coders that declare one `voter` are one voter: two runs of one model, two models of one family, a person's second id (naming the id
    of another coder joins it). Machines of one kind and version that declare none are one voter too, and join a declared one where all
    who declare for that version declare the same. Everybody else is a voter alone, machines without a version among them.

    >>> voters({"a": Coder("a", "llm", "m-1"), "b": Coder("b", "llm", "m-1"), "c": Coder("c", "person", "m-1")})
    {'a': 'm-1', 'b': 'm-1', 'c': 'c'}
    """
    declared = {key: str(name) for key, coder in coders.items() if (name := getattr(coder, "voter", None))}
    machines = {key: machine for key, coder in coders.items() if (machine := _machine(coder))}
    stated: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, name in declared.items():
        if key in machines:
            stated[machines[key]].add(name)
    sizes = Counter(machine for key, machine in machines.items() if key not in declared)
    versions = Counter(version for _, version in sizes)
    taken = {*coders, *declared.values()}

    def voter(key: str) -> str:
        if key in declared or key not in machines:
            return declared.get(key, key)
        kind, version = machine = machines[key]
        if len(stated[machine]) == 1:
            return next(iter(stated[machine]))
        if sizes[machine] == 1:
            return key
        return version if versions[version] == 1 and version not in taken else f"{kind} {version}"

    return {key: voter(key) for key in sorted(coders)}


def _machine(coder: Coder) -> tuple[str, str] | None:
    return (coder.kind, coder.version) if coder.kind in MACHINES and coder.version else None


def blocks(
    coders: Mapping[str, Coder], of: Mapping[str, str] | None = None
) -> dict[str, list[tuple[str, str]]]:
    """The pairs of coders by block, in the order of ids; `of` tells the voter of each coder, as `voters` does.

    The blocks are person–person, machine–machine, person–machine, and self-consistency: pairs of one voter, which say how steady it is
    and nothing about agreement. Pairs with imported or adjudicated readings are in none: nobody knows who coded them, or they are no
    first readings.
    """
    found: dict[str, list[tuple[str, str]]] = {PERSONS: [], MACHINES_ONLY: [], MIXED: [], SELF: []}
    names = of if of is not None else voters(coders)
    for a, b in combinations(sorted(coders), 2):
        kinds = (coders[a].kind in MACHINES) + (coders[b].kind in MACHINES)
        if names[a] == names[b]:
            found[SELF].append((a, b))
        elif all(coders[key].kind in (*MACHINES, "person") for key in (a, b)):
            found[(PERSONS, MIXED, MACHINES_ONLY)[kinds]].append((a, b))
    return found


def repeats(said: Any) -> tuple[Hashable, ...]:
    """What a coder said of a unit as values: a list or tuple holds repeat codings, None and NaN say nothing.

    >>> repeats("riot"), repeats(["riot", "march", None]), repeats(None)
    (('riot',), ('riot', 'march'), ())
    """
    values = said if isinstance(said, list | tuple) else (said,)
    return tuple(value for value in values if value is not None and value == value)


def ordered(values: Iterable[Hashable]) -> list[Hashable]:
    """Values in an order that is the same every time, sets by their members.

    >>> ordered({"b", "a"}), ordered([frozenset({2}), frozenset({1, 2})])
    (['a', 'b'], [frozenset({1, 2}), frozenset({2})])
    """

    def key(value: Any) -> tuple[str, Any]:
        return type(value).__name__, sorted(map(str, value)) if isinstance(value, frozenset) else value

    return sorted(values, key=key)
