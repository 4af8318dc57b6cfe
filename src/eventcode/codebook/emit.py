"""A draft as the files of a codebook folder, in the style of the bundled ones: quoted codes, `>-` for long texts, a file per root."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from eventcode.codebook.draft import LISTED, Draft, Plain
from eventcode.codebook.folder import CROSSWALK, CROSSWALK_MORE
from eventcode.codebook.slugs import slug
from eventcode.codebook.yamlout import dump

CARD = ("id", "title", "version", "edition", "kind", "licence", "authors", "description", "unit", "uses", "extends", "removes",
        "references",
        "scales", "accepted")  # fmt: skip
CODE = ("code", "name", "label", "parent", "tier", "act", "definition", "includes", "excludes", "realis", "requires", "intensity",
        "other_intensities", "quad", "triggers", "stata_value", "note")  # fmt: skip
FIELD = ("name", "table", "label", "question", "help", "type", "level", "required", "always_answerable", "applies_if", "vocabulary",
         "evidence", "missing", "missing_values", "minimum", "maximum", "pattern", "max_words", "unit", "scale", "aggregate",
         "section")  # fmt: skip
RULE = ("id", "table", "field", "severity", "kind", "when", "require", "columns", "within", "references", "reference_columns", "parent",
        "days",
        "builtin", "definition", "message", "hint", "why", "examples")  # fmt: skip
ORDERS = {"fields": FIELD, "rules": RULE}
LONG_LIST = 30  # terms; a list without definitions that is longer is a CSV file
Group = tuple[str, list[Plain]]


def files(draft: Draft) -> dict[str, str]:
    """The folder's files by name."""
    found = {"codebook.yaml": dump(_ordered(draft.card, CARD))}
    roots = _roots(draft.event_types)
    for name, entries in runs(draft.event_types, lambda entry: roots[entry["code"]], _root_names(draft)):
        found[f"events/{name}.yaml"] = dump({"event_types": [_ordered(entry, CODE) for entry in entries]})
    for file, (attribute, key) in LISTED.items():
        entries = getattr(draft, attribute)
        if entries:
            found[file] = dump(_headed(entries, key))
    if draft.phrases:
        found["dates.yaml"] = dump({**draft.dates, "phrases": draft.phrases})
    found |= _examples(draft, roots) | _vocabularies(draft) | _crosswalks(draft)
    for number, migration in enumerate(draft.migrations, 1):
        found[f"migrations/{number:03}-{migration['to']}.yaml"] = dump(migration)
    return found


def _headed(entries: Iterable[Plain], key: str) -> Plain:
    """A file's content; what `codes_of` says of every entry stands at its head."""
    bare = [
        _ordered({name: value for name, value in entry.items() if name != "codes_of"}, ORDERS.get(key, ()))
        for entry in entries
    ]
    said = {entry.get("codes_of") for entry in entries} - {None}
    return {**({"codes_of": said.pop()} if said else {}), key: bare}


def _ordered(plain: Plain, order: Sequence[str]) -> Plain:
    return {name: plain[name] for name in (*order, *plain) if name in plain}


# ── which entries share a file ────────────────────────────────────────────────────────────────────────────────────────


def runs(entries: Sequence[Plain], key: Callable[[Plain], str], names: Mapping[str, str]) -> list[Group]:
    """(file name, entries) so that reading the files in the order of their names gives the entries back in theirs.

    A key whose entries do not stand together puts everything into one file.
    """
    groups = [(found, [*some]) for found, some in groupby(entries, key)]
    if len({found for found, _ in groups}) < len(groups):
        return [("all", [*entries])]
    named = [(names.get(found) or slug(found) or "all", some) for found, some in groups]
    plain = [f"{name}." for name, _ in named]  # sorted as file names are: a-b.yaml comes before a.yaml
    if plain == sorted(set(plain)):
        return named
    width = len(str(len(named)))
    return [(f"{number:0{width}}-{name}", some) for number, (name, some) in enumerate(named, 1)]


def shelves(keys: Sequence[str], order: Sequence[str]) -> list[str]:
    """A key of `order` for each position, never going back in `order`, that differs from `keys` as seldom as can be."""
    costs, ways = [0] * len(order), []
    for key in keys:
        best = [0] * len(order)
        for i in range(1, len(order)):
            best[i] = i if costs[i] < costs[best[i - 1]] else best[i - 1]
        ways.append(best)
        costs = [costs[best[i]] + (key in order and key != order[i]) for i in range(len(order))]
    at, found = costs.index(min(costs)), []
    for best in reversed(ways):
        found.append(order[at])
        at = best[at]
    return found[::-1]


def _roots(event_types: Iterable[Plain]) -> dict[str, str]:
    """The topmost code above each, as far as the way up leads."""
    parents = {entry["code"]: entry.get("parent") for entry in event_types}
    found = {}
    for code in parents:
        at, seen = code, {code}
        while (above := parents.get(at)) in parents and above not in seen:
            at = str(above)
            seen.add(at)
        found[code] = at
    return found


def _root_names(draft: Draft) -> dict[str, str]:
    """The file name of each root: its code and its label."""
    found = {}
    for entry in draft.event_types:
        words = (slug(entry["code"]), slug(entry["label"]))
        found[entry["code"]] = "-".join(dict.fromkeys(word for word in words if word))[:60]
    return found


def _examples(draft: Draft, roots: Mapping[str, str]) -> dict[str, str]:
    """The examples in their order, each file as far as can be those of one root."""
    order = [*dict.fromkeys(roots.values())] or ["all"]
    found: dict[str, str] = {}
    of = [[*some] for _, some in groupby(draft.examples, lambda e: e.get("codes_of") or "")]
    for number, some in enumerate(of):
        shelf = iter(shelves([_shown(example, roots) for example in some], order))
        for name, entries in runs(some, lambda _: next(shelf), _root_names(draft)):  # noqa: B023 - used up at once
            place = f"{number}-{name}" if len(of) > 1 else name
            found[f"examples/{place}.yaml"] = dump(_headed(entries, "examples"))
    return found


def _shown(example: Plain, roots: Mapping[str, str]) -> str:
    """The root of the first code that an example speaks of; empty for none."""
    codes = [coding.get("event_type") for coding in example.get("expect") or ()]
    every = (*codes, example.get("negative"), *example.get("not", ()))
    return next((roots[code] for code in every if code in roots), "")


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _vocabularies(draft: Draft) -> dict[str, str]:
    found = {}
    for vocabulary in draft.vocabularies:
        columns = _columns(vocabulary)
        if columns:
            found[f"vocabularies/{vocabulary['id']}.csv"] = table(columns, vocabulary["terms"])
        else:
            found[f"vocabularies/{vocabulary['id']}.yaml"] = dump(vocabulary)
    if draft.actors or draft.actor_list:
        head = {"id": "actors", "kind": "actors", **draft.actor_list}
        found["vocabularies/actors.yaml"] = dump({**head, "actors": draft.actors})
    return found


def _columns(vocabulary: Plain) -> list[str]:
    """The columns of a long list that a CSV file holds whole; none for a list that it does not."""
    terms = vocabulary["terms"]
    told = {name for name in ("definition", "missing_values") if vocabulary.get(name)}
    if told or len(terms) < LONG_LIST or vocabulary["title"] != vocabulary["id"].replace("_", " "):
        return []
    whole = all(isinstance(v, str) and v.strip() and v.isprintable() for term in terms for v in term.values())
    columns = [*dict.fromkeys(["value", "label", *(name for term in terms for name in term)])]
    return columns if whole and all(name == name.strip() and name for name in columns) else []


def _crosswalks(draft: Draft) -> dict[str, str]:
    def target(row: Plain) -> str:
        return "-".join(filter(None, (row["target_codebook"], row.get("target_vocabulary"))))

    found = {}
    for name, rows in runs(draft.crosswalks, target, {}):
        more = [column for column in CROSSWALK_MORE if any(column in row for row in rows)]
        found[f"crosswalks/{name}.csv"] = table([*CROSSWALK, *more], rows)
    return found


def table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV: every cell text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def cell(value: Any) -> str:
    """A value as the text of a CSV cell: lists with `;` between them, other nested values as JSON, truth as true and false."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return ";".join(value)
    return json.dumps(value, ensure_ascii=False)
