"""The sheets of a workbook, or a list of codes, back as a draft: with every default that was taken and everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eventcode.codebook.draft import Draft
from eventcode.codebook.sheet import checks, complete, layout, lists, order, references
from eventcode.codebook.sheet.cells import CellError, Grid
from eventcode.codebook.sheet.cells_in import from_cell
from eventcode.codebook.sheet.complete import Book, Wishes
from eventcode.codebook.sheet.context import Context, context
from eventcode.codebook.sheet.layout import Column
from eventcode.codebook.sheet.records import Entry, Reading, at, entries
from eventcode.codebook.sheet.told import Chosen, Report
from eventcode.errors import CodebookError, Problem
from eventcode.model import Codebook, Place
from eventcode.shape import did_you_mean

Open = Callable[[str], Codebook]
# Columns that only a person's own workbook has.
HAND_MADE = {
    "fields": Column("values", "items", also=("options", "choices", "allowed_values", "categories")),
    "codes": Column("examples", "lines", also=("example",)),
}


@dataclass(slots=True)
class Back:
    """A draft, the defaults that were taken, and what is wrong: with a problem, the draft is not to be used."""

    draft: Draft = field(default_factory=Draft)
    chosen: list[Chosen] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(grids: Mapping[str, Grid], wishes: Wishes, how: Reading, open_codebook: Open) -> Back:
    """The draft that the sheets hold; `open_codebook` loads a codebook that it uses or extends, by reference."""
    back, report = Back(), Report()
    book = _book(grids, how, report, back.problems)
    back.problems += order.absent(grids, how)
    if not book and not back.problems:
        file = next((grid.file for grid in grids.values()), "")
        hint = "name the sheets codes, fields, values …; `eventcode codebook export disarmament --to xlsx` shows all"
        back.problems.append(Problem("no sheet of a codebook is in it", hint, file))
    lists.examples(book, report)
    lists.touched(book, report)
    settle(book, wishes, how, open_codebook, report, back)
    back.problems = order.sorted_by_cell(back.problems, grids)
    return back


def settle(book: Book, wishes: Wishes, how: Reading, open_codebook: Open, report: Report, back: Back) -> Back:
    """Entries as a draft: what is missing is filled in and reported, what is wrong is listed."""
    said = _said(book, back.problems)
    card = _card(book, said, wishes, report, back.problems)
    around = _around(card, book, open_codebook, back.problems)
    if how.form:
        lists.leave_to_modules(book, around, report)
    complete.complete(book, card, wishes, around, report, back.problems)
    found = [*checks.problems(book, around), *(() if how.raw else references.problems(book, around))]
    back.problems += [one for one in found if not (how.raw and _left_to_linter(one))]
    if not back.problems:
        back.draft = _draft(book, card, said)
    back.problems, back.chosen = [*dict.fromkeys(back.problems)], report.chosen()
    return back


def _left_to_linter(problem: Problem) -> bool:
    """What the linter finds in a raw list that is taken as it is."""
    return any(
        said in problem.message for said in ("stands twice", "there is no code", "is its own ancestor")
    )


def _book(grids: Mapping[str, Grid], how: Reading, report: Report, problems: list[Problem]) -> Book:
    book: Book = {}
    for name, grid in grids.items():
        plain = name.strip().lower()
        if plain in layout.BY_NAME:
            sheet = layout.BY_NAME[plain]
            more = (HAND_MADE[plain],) if plain in HAND_MADE else ()
            own = lists.prepare(grid, report) if plain == "codes" else grid
            wider = replace(sheet, columns=(*sheet.columns, *more))
            book[plain] = entries(own, wider, how, problems, report)
        elif (
            grid.rows
            and not plain.startswith("_")
            and plain not in (layout.README, *how.ignore)
            and name not in how.ignore
        ):
            hint = "rename it to codes" if order.holds_codes(grid) else did_you_mean(plain, [*layout.BY_NAME])
            hint += "; or begin its name with _ to have it left out"
            problems.append(Problem(f"the sheet '{name}' is unknown", hint, grid.file, None, name))
    return book


# ── the codebook's own page ───────────────────────────────────────────────────────────────────────────────────────────


def _said(book: Book, problems: list[Problem]) -> dict[str, Any]:
    """The keys that the sheet has, with their values; None for an empty one."""
    given: dict[str, Any] = {}
    for entry in book.get("codebook", ()):
        key = entry.plain.get("key")
        if key not in layout.KEYS:
            hint = did_you_mean(str(key), [*layout.KEYS])
            problems += [entry.problem("key", f"the key '{key}' is unknown here", hint)] if key else []
            continue
        try:
            value = entry.plain.get("value")
            given[key] = None if value is None else from_cell(value, layout.KEYS[key][0])
            if key == "version" and given[key] and not re.fullmatch(layout.VERSION, str(given[key])):
                raise CellError(
                    f"'{given[key]}' is no version", "write three numbers with dots between: 1.2.0"
                )
        except CellError as error:
            problems.append(entry.problem("value", error.message, error.hint))
    return given


def _card(
    book: Book, said: dict[str, Any], wishes: Wishes, report: Report, problems: list[Problem]
) -> dict[str, Any]:
    card = {key: value for key, value in said.items() if " " not in key}
    removes = {
        key.removeprefix("removes "): value
        for key, value in said.items()
        if key.startswith("removes ") and value
    }
    card |= {"removes": removes} if removes else {}
    scales = {
        entry.plain.get("scale", ""): _without(entry.plain, "scale") for entry in book.get("scales", ())
    }
    card |= {"scales": scales} if scales else {}
    for name in ("authors", "accepted"):
        card |= {name: [entry.plain for entry in book[name]]} if book.get(name) else {}
    made = complete.card(card, {*said}, wishes, report)
    problems += _nameless(
        made.get("id"), {entry.plain.get("key"): entry for entry in book.get("codebook", ())}
    )
    return made


def _nameless(name: str | None, keys: Mapping[Any, Entry]) -> Iterator[Problem]:
    """What is wrong with the name, among the first problems to be seen: none, or one that no folder can have."""
    place = keys["id"].at("value") if "id" in keys else Place()
    unread = "id" in keys and keys["id"].plain.get("value") is not None
    if not name and not unread:
        yield Problem("the codebook has no name", "give one with --name NAME, or as id on the sheet codebook")
    elif name and not re.fullmatch(layout.ID, name):
        hint = "use small letters, digits, - and _, a letter first"
        yield at(place, f"'{name}' is no name for a codebook", hint)


def _around(card: dict[str, Any], book: Book, open_codebook: Open, problems: list[Problem]) -> Context:
    """The codebooks that this one uses and extends."""
    wheres = {entry.plain.get("key"): entry.at("value") for entry in book.get("codebook", ())}

    def opened(reference: str, key: str) -> Codebook | None:
        try:
            return open_codebook(reference)
        except CodebookError as error:
            place = wheres.get(key)
            problems.append(
                at(place, error.message, error.hint) if place else Problem(error.message, error.hint)
            )
            return None

    used = [opened(reference, "uses") for reference in card.get("uses") or ()]
    extended = opened(card["extends"], "extends") if card.get("extends") else None
    return context([module for module in used if module], extended)


# ── assembly ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _draft(book: Book, card: dict[str, Any], said: dict[str, Any]) -> Draft:
    def plain(name: str) -> list[dict[str, Any]]:
        return [entry.plain for entry in book.get(name, ())]

    return Draft(
        card=card, event_types=plain("codes"), fields=plain("fields"), vocabularies=_vocabularies(book), rules=plain("rules"),
        guidance=plain("guidance"), examples=plain("examples"), actors=_actors(book),
        actor_list={key: said[f"actors {key}"] for key in ("title", "definition") if said.get(f"actors {key}")},
        crosswalks=plain("crosswalks"), phrases=plain("dates"),
        dates={key: said[f"dates {key}"] for key in ("field", "spans") if said.get(f"dates {key}")},
        migrations=[*_migrations(plain("migrations"))],
    )  # fmt: skip


def _without(plain: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in plain.items() if key not in names}


def _vocabularies(book: Book) -> list[dict[str, Any]]:
    terms: dict[str, list[dict[str, Any]]] = {}
    for entry in book.get("values", ()):
        terms.setdefault(entry.plain["vocabulary"], []).append(_term(entry.plain))
    return [
        {**entry.plain, "terms": terms.get(entry.plain["id"], [])} for entry in book.get("vocabularies", ())
    ]


def _term(plain: dict[str, Any]) -> dict[str, Any]:
    """A term; an attribute that is called vocabulary comes back from under the name it had on the sheet."""
    renamed = {
        ("vocabulary" if key == "+vocabulary" else key): value
        for key, value in _without(plain, "vocabulary").items()
    }
    return renamed


def _actors(book: Book) -> list[dict[str, Any]]:
    ties: dict[str, list[dict[str, Any]]] = {}
    for entry in book.get("ties", ()):
        ties.setdefault(entry.plain["of"], []).append(_without(entry.plain, "of"))
    found = []
    for entry in book.get("actors", ()):
        parents = ties.get(entry.plain["id"])
        found.append({**entry.plain, **({"parents": parents} if parents else {})})
    return found


def _migrations(steps: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for step in steps:
        groups.setdefault((step["since"], step["until"]), []).append(_without(step, "since", "until"))
    for (since, to), some in groups.items():
        yield {"since": since, "to": to, "steps": some}
