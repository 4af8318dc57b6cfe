"""Which reports may tell of one event, which events may hang together, and what linkers decided: from a dataset's inputs.

`links.jsonl` makes the events. `links-second.jsonl` holds what a second person decided about the same reports, without looking at the
first; it is read for the agreement of the two, and never for a build.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from eventcode import shape
from eventcode.adjudication import candidates as reports_like
from eventcode.adjudication import events, linking_groups, linking_relations
from eventcode.adjudication.linking_groups import Group
from eventcode.adjudication.linking_likeness import Settings, Told
from eventcode.adjudication.linking_relations import Suggestion
from eventcode.adjudication.relations import Reports, is_about_reports
from eventcode.errors import DatasetError, refuse
from eventcode.formats import files, jsonl
from eventcode.model import Finding
from eventcode.pipeline import assemble, inputs, lines
from eventcode.pipeline.assemble import Assembled
from eventcode.project import Dataset
from eventcode.readings import Row

FIRST, SECOND = "links.jsonl", "links-second.jsonl"
LINKERS = ("first", "second")  # whose links a file to decide in holds
DEFAULT = Settings()


@dataclass(frozen=True, slots=True)
class Linked:
    """The reports of a dataset, and what the links of one linker make of them.

    `links` are those of the file and, for the first linker, of a map; `events` the event by report id, `decided` the events that somebody
    decided about, `findings` what cannot be.
    """

    dataset: Dataset
    assembled: Assembled
    known: Reports
    links: list[Row]
    events: Mapping[str, str]
    decided: set[str]
    findings: list[Finding] = field(default_factory=list)

    @property
    def reports(self) -> list[Row]:
        """The reports as rows."""
        return self.assembled.rows["reports"]


@dataclass(frozen=True, slots=True)
class Linking:
    """What may be linked: groups of reports that may be one event, and relations that may hold between events, both as suggestions.

    `compared` counts the pairs of reports that were compared, `left_out` those, at the most, that were not because their block is crowded.
    `second` says that they are for the second linker.
    """

    linked: Linked
    settings: Settings
    groups: tuple[Group, ...]
    suggestions: tuple[Suggestion, ...]
    compared: int
    left_out: int
    second: bool = False


def linked(dataset: Dataset, *, second: bool = False) -> Linked:
    """The reports of a dataset, linked by the first or the second linker; DatasetError where an input is of bad shape."""
    held = inputs.load(dataset)
    assembled = assemble.assemble(held)
    links = _lines(dataset, SECOND) if second else list(held.links)
    return linked_by(dataset, assembled, links)


def linked_by(dataset: Dataset, assembled: Assembled, links: Sequence[Row]) -> Linked:
    """The reports of a dataset, linked by these links."""
    reports, names = assembled.rows["reports"], assembled.inputs.names
    found, decided, findings = events.resolve(reports, links, names)
    return Linked(dataset, assembled, Reports(reports, names), list(links), found, decided, findings)


def _lines(dataset: Dataset, name: str) -> list[Row]:
    path = dataset.folder / name
    if not path.is_file():
        return []
    shown = dataset.project.shown(path)
    rows, problems = jsonl.parse(path.read_bytes(), shown)
    for row, place in rows:
        problems += lines.shape_problems(row, shape.bundled("link"), place)
    refuse(DatasetError, f"{shown} cannot be read", problems)
    return [row for row, _ in rows]


def candidates(dataset: Dataset, settings: Settings = DEFAULT, *, second: bool = False) -> Linking:
    """What may be linked and is not decided yet, by the links of the first linker, or of the second one alone."""
    return replace(candidates_of(linked(dataset, second=second), settings), second=second)


def candidates_of(state: Linked, settings: Settings = DEFAULT) -> Linking:
    """What may be linked among reports that are linked so far."""
    rows, held = state.assembled.rows, state.assembled.inputs
    told = reports_like.lay_out(
        state.reports, rows["participants"], held.documents, state.known, state.events, held.codebook
    )
    closed, order = _closed(state), _order(state)
    found = reports_like.candidates(told, settings, held.codebook, closed)
    groups = linking_groups.groups(found, told, settings, held.codebook, closed, order)
    members: dict[str, list[Told]] = {}
    for one in sorted(told, key=lambda one: (order(one), one.name)):
        members.setdefault(one.event, []).append(one)
    alike = {frozenset((pair.one.event, pair.other.event)) for pair in found.pairs}
    whole = [linking_relations.merged(those) for those in members.values()]
    suggested = linking_relations.suggestions(
        whole, settings, held.codebook, settled=_related(state), alike=alike
    )
    return Linking(state, settings, tuple(groups), tuple(suggested), found.compared, found.left_out)


def partitions(dataset: Dataset, assembled: Assembled | None = None) -> dict[str, dict[str, str]]:
    """Event by report (`document/key`) for each of two linkers, the first one first; empty where nobody linked a second time.

    A linker is called by the names in `by`. Only reports that both decided about are there: a link names them, on either side. `assembled`
    spares reading the dataset once more.
    """
    links = _lines(dataset, SECOND)
    if not links:
        return {}
    assembled = assembled or assemble.assemble(inputs.load(dataset))
    first = linked_by(dataset, assembled, assembled.inputs.links)
    second = linked_by(dataset, assembled, links)
    both = _decided(first) & _decided(second)
    made = {}
    for state, word in ((first, "first"), (second, "second")):
        by = ", ".join(sorted({link["by"] for link in state.links if is_about_reports(link)}))
        name = f"{by} ({word})" if not by or by in made else by
        events_ = {state.known.names[report]: state.events[report] for report in both}
        made[name] = dict(sorted(events_.items()))
    return made


def _decided(state: Linked) -> set[str]:
    """The reports that a link names, on either side."""
    ends = [
        (state.known.report(link["report"]), state.known.event(link.get("event")))
        for link in state.links
        if is_about_reports(link)
    ]
    return {end for pair in ends for end in pair if end is not None}


# ── what is decided ───────────────────────────────────────────────────────────────────────────────────────────────────


def _closed(state: Linked) -> Callable[[Told, Told], bool]:
    """Whether two reports are decided not to be one event: said of the two events, or of each that it is one of its own."""
    apart, alone = set[frozenset[str]](), set[str]()
    for link in state.links:
        report = state.known.report(link["report"])
        if report is None or not is_about_reports(link):
            continue
        other = state.known.event(link.get("event")) or report
        if other == report:
            alone.add(state.events[report])
        elif link["relation"] == "unrelated":
            apart.add(frozenset((state.events[report], state.events[other])))

    def closed(one: Told, other: Told) -> bool:
        return (one.event in alone and other.event in alone) or frozenset((one.event, other.event)) in apart

    return closed


def _related(state: Linked) -> set[frozenset[str]]:
    """Pairs of events of which somebody said how, or that they do not, hang together."""
    ends = [
        (state.known.report(link["report"]), state.known.event(link.get("other_event")))
        for link in state.links
        if not is_about_reports(link)
    ]
    return {frozenset((state.events[a], state.events[b])) for a, b in ends if a and b}


def _order(state: Linked) -> Callable[[Told], tuple[bool, bool, str, str]]:
    """What founds an event: what somebody decided, and founds one already, then the earliest document."""
    published = {
        row["document_id"]: str(row.get("published_at_start") or "9999")
        for row in state.assembled.inputs.documents
    }
    founders = {state.known.names[report]: event for report, event in state.known.founded.items()}
    return lambda one: (
        one.event not in state.decided,
        founders[one.name] != one.event,
        published.get(one.document, "9999"),
        one.name,
    )


# ── into the file ─────────────────────────────────────────────────────────────────────────────────────────────────────


def append(dataset: Dataset, rows: Sequence[Row], *, second: bool = False) -> None:
    """Add links to the file of the first or the second linker, all of them or none."""
    path = dataset.folder / (SECOND if second else FIRST)
    with files.refusing(path):
        old = path.read_bytes() if path.is_file() else b""
    if old and not old.endswith(b"\n"):
        message = f"{path.name} does not end with a line end, so its last line may be cut off"
        raise DatasetError(message, "mend that line first")
    files.write(path, old + jsonl.dump(list(rows)))
