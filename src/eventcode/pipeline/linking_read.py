"""Decided links back from a workbook or a YAML file into links.jsonl: all of them, or none and every problem with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventcode import shape, yamlfile
from eventcode.adjudication import events
from eventcode.adjudication.relations import is_about_reports
from eventcode.coding import sheet_grid
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.model import Place
from eventcode.pipeline import linking
from eventcode.pipeline.folders import FOLDER, locked
from eventcode.pipeline.linking import Linked
from eventcode.pipeline.linking_forms import ANSWERS, DECISIONS, OTHER, RELATIONS
from eventcode.pipeline.linking_head import README, Head, of_grid
from eventcode.project import Dataset
from eventcode.readings import Row


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read: links added, decisions that are there already, rows that nobody decided, and whose these are."""

    added: int
    known: int
    open: int
    second: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a file: the sheet or list, what is written in it, and the place of each value."""

    sheet: str
    values: Row
    places: dict[str, Place]

    def problem(self, column: str, message: str, hint: str = "") -> Problem:
        """A problem with a value, at its cell or line."""
        place = self.places.get(column) or self.places["report"]
        return Problem(message, hint, place.file, place.line, place.path)


def read(dataset: Dataset, source: Path, *, by: str = "", second: bool = False) -> Taken:
    """Add the decisions of a file to the links of the linker that it names.

    `by` is who decided, and `second` whether that is the second linker, where the file does not say it. Reading a file twice adds
    nothing. DatasetError, with nothing written, where the file is for another dataset or the other linker, or where a decision
    lacks its reason, names what is not there, or cannot be true together with the others.
    """
    taken = f"another file of links of {dataset.name} is being read"
    with locked(dataset.project.root / FOLDER, f"{dataset.name}.link", taken=taken):
        entries, head, problems = _entries(source, dataset, by)
        refuse(DatasetError, f"{source.name} was not read", [*head.wrong(dataset.name, second)])
        second = head.second(second)
        state = linking.linked(dataset, second=second)
        decided = [entry for entry in entries if entry.values.get("decision")]
        problems += [problem for entry in entries for problem in _wrong(entry, state)]
        refuse(DatasetError, f"{source.name} was not read", problems)
        added, at = _links(decided, state)
        refuse(DatasetError, f"{source.name} was not read", _contradictions(state, added, at))
        if added:
            linking.append(dataset, added, second=second)
        return Taken(len(added), len(decided) - len(added), len(entries) - len(decided), second)


# ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _entries(source: Path, dataset: Dataset, by: str) -> tuple[list[Entry], Head, list[Problem]]:
    if source.suffix.lower() in (".yaml", ".yml"):
        return _of_yaml(source, dataset, by)
    headers = {name: {"report", OTHER[name], *ANSWERS} for name in DECISIONS}
    book = sheet_grid.read(source, headers, beside="YAML")
    problems = list(book.problems)
    if not problems and not any(name in book.grids for name in DECISIONS):
        hint = f"write one with `eventcode link {dataset.name} --write {source.name}`"
        problems.append(Problem("there is no sheet reports or relations in it", hint, str(source)))
    found = []
    for name in DECISIONS:
        if name in book.grids:
            entries, wrong = _of_grid(book.grids[name], name, by)
            found += entries
            problems += wrong
    return found, of_grid(book.grids.get(README) or sheet_grid.Grid(README, str(source))), problems


def _of_grid(grid: Any, name: str, by: str) -> tuple[list[Entry], list[Problem]]:
    """The rows of a sheet; its first row names the columns."""
    heads = {str(raw.value).strip(): column for column, raw in grid.rows.get(1, {}).items()}
    wanted = ("report", OTHER[name], *ANSWERS)
    if missing := [column for column in wanted if column not in heads]:
        place = grid.place(1, 1)
        hint = f"the first row must have {', '.join(wanted)}"
        return [], [Problem(f"the column {missing[0]} is missing", hint, place.file, None, place.path)]
    found, problems = [], []
    for at, cells in sorted(grid.rows.items()):
        if at == 1 or not any(heads[column] in cells for column in wanted if column != "by"):
            continue
        places = {column: grid.place(at, heads[column]) for column in wanted}
        entry = Entry(name, {"by": by}, places)
        for column in wanted:
            raw = cells.get(heads[column])
            if raw is not None and raw.kind in ("formula", "error"):
                problems.append(
                    entry.problem(column, "a formula stands here", "copy the cell and paste it as a value")
                )
            elif raw is not None:
                entry.values[column] = str(raw.value).strip()
        if _is_asked(entry.values, name):
            found.append(entry)
    return found, problems


def _is_asked(values: Row, name: str) -> bool:
    """Whether a row asks something: an anchor, and a report that is linked already, are only shown."""
    return bool(values.get("decision") or (values.get("report") and values.get(OTHER[name])))


def _of_yaml(source: Path, dataset: Dataset, by: str) -> tuple[list[Entry], Head, list[Problem]]:
    try:
        document = yamlfile.read(source, source.name)
    except yamlfile.YamlError as error:
        raise DatasetError(f"{source.name} cannot be read", problems=error.problems) from error
    except OSError as error:
        raise DatasetError(f"{source} cannot be read: {error.strerror}", "check the path") from error
    data = document.data if isinstance(document.data, dict) else {}
    problems = []
    said = {name: None if data.get(name) is None else str(data[name]) for name in ("dataset", "linker")}
    places = {name: Place(source.name, document.line((name,)), name) for name in said}
    head = Head(said["dataset"], said["linker"], places)
    if not any(isinstance(data.get(name), list) for name in DECISIONS):
        hint = f"write one with `eventcode link {dataset.name} --write {source.name}`"
        problems.append(document.problem((), "there is no list reports or relations in it", hint))
    found = []
    for name in DECISIONS:
        for at, row in enumerate(data.get(name) or ()):
            if not isinstance(row, dict):
                problems.append(
                    document.problem((name, at), "this is no entry", "write {report: …, decision: …}")
                )
                continue
            columns = ("report", OTHER[name], *ANSWERS)
            paths = {column: (name, at, column) if column in row else (name, at) for column in columns}
            places = {
                c: Place(source.name, document.line(p), yamlfile.dotted((name, at, c)))
                for c, p in paths.items()
            }
            values = {c: str(row[c]).strip() for c in columns if row.get(c) is not None}
            who = values.get("by") or str(data.get("by") or "").strip() or by
            entry = Entry(name, {**values, "by": who}, places)
            if "decision" in row and _is_asked(entry.values, name):
                found.append(entry)
    return found, head, problems


# ── decisions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _wrong(entry: Entry, state: Linked) -> Iterator[Problem]:
    """What is wrong with one row, taken alone."""
    values, other = entry.values, OTHER[entry.sheet]
    decision, names = values.get("decision"), sorted(state.known.names.values())
    if not decision:
        if values.get("reason"):
            yield entry.problem("decision", "a reason without a decision", "decide, or empty the reason")
        return
    if decision not in DECISIONS[entry.sheet]:
        allowed = [*DECISIONS[entry.sheet]]
        yield entry.problem(
            "decision", f"'{decision}' is no decision here", shape.did_you_mean(decision, allowed)
        )
    for column in ("reason", "by"):
        if not values.get(column):
            hint = "say why" if column == "reason" else "say who decides, there or with --by"
            yield entry.problem(column, f"the decision has no {column}", hint)
    report = values.get("report", "")
    if state.known.report(report) is None:
        message = f"there is no report '{report}'" if report else "no report is named"
        hint = shape.did_you_mean(report, names) if report else "name it as document/key"
        yield entry.problem("report", message, hint)
    target = values.get(other, "")
    if state.known.event(target) is None:
        message = f"there is no event '{target}'" if target else f"no {other} is named"
        hint = shape.did_you_mean(target, names) if target else "name one of its reports as document/key"
        yield entry.problem(other, message, hint)
    elif entry.sheet == RELATIONS and state.known.event(target) == state.known.report(report):
        yield entry.problem(other, "an event does not hang together with itself", "name another event")


def _links(decided: Sequence[Entry], state: Linked) -> tuple[list[Row], list[Entry]]:
    """The links to add, and the entry of each; what is known already, or said twice, is left out."""
    said = _Said(state)
    added, at = list[Row](), list[Entry]()
    for entry in decided:
        values, other = entry.values, OTHER[entry.sheet]
        link = {
            "report": values["report"], other: values[other], "relation": values["decision"], "by": values["by"],
            "reason": values["reason"],
        }  # fmt: skip
        new = said.add(link)
        if new is not None:
            added.append(new)
            at.append(entry)
    return added, at


class _Said:
    """What links say so far, while more are added."""

    def __init__(self, state: Linked) -> None:
        self.known = state.known
        self.into = dict(state.events)  # report → event, and event → the event that it became
        self.others = [self._ends(link) for link in state.links if link["relation"] != "same_event"]
        self.own = {
            link["report"] for link in state.links if link["relation"] == "same_event" and self._is_own(link)
        }

    def add(self, link: Row) -> Row | None:
        """The link as it is to be written, or None where it is said already.

        A report that was linked before brings its whole event along: the link is then of the report that founds it.
        """
        relation, report, other = self._ends(link)
        mine, theirs = self._event(report), self._event(other)
        if relation == "same_event" and report == other:
            new = link["report"] not in self.own
            self.own.add(link["report"])
            return link if new else None
        if relation == "same_event":
            if mine == theirs:
                return None
            self.into[mine] = theirs
            founder = self.known.event(mine)
            return {**link, "report": self.known.names[founder or report]}
        if self._is_said(relation, mine, theirs):
            return None
        self.others.append((relation, report, other))
        return link

    def _is_said(self, relation: str, mine: str, theirs: str) -> bool:
        undirected = relation.startswith("unrelated")
        for held, report, other in self.others:
            if held == relation:
                ends = (self._event(report), self._event(other))
                if ends == (mine, theirs) or (undirected and ends == (theirs, mine)):
                    return True
        return False

    def _event(self, name: str) -> str:
        while name in self.into:
            name = self.into[name]
        return name

    def _ends(self, link: Row) -> tuple[str, str, str]:
        """Relation and both reports; `unrelated` of events is told apart from that of reports."""
        report = self.known.report(link["report"]) or link["report"]
        about = is_about_reports(link)
        name = link.get("event" if about else "other_event")
        other = report if about and not name else self.known.event(name) or str(name)
        relation = link["relation"] if about or link["relation"] != "unrelated" else "unrelated events"
        return relation, report, other

    def _is_own(self, link: Row) -> bool:
        _, report, other = self._ends(link)
        return report == other


def _contradictions(state: Linked, added: Sequence[Row], at: Sequence[Entry]) -> list[Problem]:
    """What could not be true any more if these links were added."""
    before = {(finding.rule, finding.row) for finding in state.findings}
    _, _, found = events.resolve(state.reports, [*state.links, *added], state.assembled.inputs.names)
    problems = []
    for finding in found:
        if (finding.rule, finding.row) in before or finding.severity != "error":
            continue
        names = finding.row.split(" ")
        entries = [
            entry for entry, link in zip(at, added, strict=True)
            if {link["report"], link.get("event"), link.get("other_event")} & {*names}
        ]  # fmt: skip
        entry = entries[-1] if entries else at[-1]
        problems.append(
            entry.problem(
                "decision", finding.message, "correct the decision, or what links.jsonl says already"
            )
        )
    return problems
