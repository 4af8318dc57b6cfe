"""What a report of agreement shows, section by section, from the rows of the table `agreement`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventcode.model import Codebook
from eventcode.reliability.report import words
from eventcode.reliability.result import MAIN, Agreement, Estimate

ALL = "all"
EVENT_SECTIONS = {
    "coding": "Fields of events", "evidence": "Words marked as evidence",
}  # fmt: skip
SOURCING_SECTIONS = {
    "source": "Who told it", "support": "What each source says of an event", "derived": "Columns derived from the sources",
}  # fmt: skip
BESIDE = {
    "per cent agreement": ("percent_agreement",), "AC1": ("gwet_ac1",), "kappa": ("cohen_kappa", "conger_kappa"),
    "alpha (Jaccard)": ("alpha_jaccard", "alpha_pairwise_aligned_jaccard"),
}  # fmt: skip
MEASURES_BESIDE = tuple(name for names in BESIDE.values() for name in names)
CODER_COLUMNS = {
    "coder": "coder", "kind": "kind", "version": "version", "voter": "voter", "n_documents": "documents", "n_no_event": "without event",
    "n_codings": "codings", "codings_per_document": "codings a document", "n_sources": "sources",
    "alpha_detection": "detection", "f1_events": "events (F1)", "alpha_event_type": "event type",
    "alpha_root": "root", "alpha_leaf": "leaf", "accuracy_root": "accuracy, by Dawid and Skene’s model",
}  # fmt: skip
APART = ("linking", "adjudicated")  # of two persons who stand where no coders stand
AGREES = ("alpha_detection", "f1_events", "alpha_event_type", "alpha_root", "alpha_leaf", "accuracy_root")
COUNTS = ("n_documents", "n_no_event", "n_codings", "n_sources")


@dataclass(frozen=True, slots=True)
class Line:
    """A coefficient as a row of the page: what it is called, the estimate, and the measures that are printed beside it."""

    label: str
    row: Estimate
    beside: Mapping[str, Estimate] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """high, middle, low or open."""
        return words.verdict(self.row)

    def told(self, names: Sequence[str]) -> str:
        """The one of some measures that is printed beside it; nothing where none is."""
        for name in names:
            if name in self.beside:
                value = self.beside[name].estimate
                return words.per_cent(value) if name == "percent_agreement" else words.number(value)
        return ""


@dataclass(frozen=True, slots=True)
class Section:
    """Coefficients of one kind, and those that are undefined, each with its reason."""

    id: str
    title: str
    lines: tuple[Line, ...]
    undefined: tuple[Line, ...]

    @property
    def beside(self) -> dict[str, Sequence[str]]:
        """The measures that are printed beside at least one of the coefficients, by what heads their column."""
        lines = (*self.lines, *self.undefined)
        return {head: names for head, names in BESIDE.items() if any(line.told(names) for line in lines)}

    @property
    def measures(self) -> list[str]:
        """What the coefficients are called."""
        return list(dict.fromkeys(words.measure(line.row.measure) for line in (*self.lines, *self.undefined)))

    @property
    def reasons(self) -> dict[str, list[str]]:
        """What has no coefficient, by reason."""
        found: dict[str, list[str]] = {}
        for line in self.undefined:
            found.setdefault(line.row.reason or "no reason was given", []).append(line.label)
        return found


def is_main(row: Estimate, found: Agreement) -> bool:
    """Whether a row is a coefficient of its own, at the theta of the settings."""
    return row.measure in MAIN and row.theta in (None, found.settings.get("theta"))


def main_block(found: Agreement) -> str:
    """The block that the page is about: all coders, or where there is only one voter, its runs."""
    sections = (*EVENT_SECTIONS, *SOURCING_SECTIONS, "detection", "joint")
    others = {row.block for row in found.estimates if row.estimate is not None and row.section in sections}
    return ALL if ALL in others or not others else sorted(others, key=lambda b: b != "self-consistency")[0]


def headline(found: Agreement, book: Codebook) -> list[Line]:
    """What stands first: the coefficients that the settings name, among all coders."""
    return [_line(row, found, book) for row in found.first()]


def sections(found: Agreement, book: Codebook, titles: Mapping[str, str]) -> list[Section]:
    """The sections that have anything to show, with the coefficients of the main block."""
    block, made = main_block(found), []
    for id_, title in titles.items():
        own = [
            row
            for row in found.estimates
            if row.section == id_ and row.block == block and is_main(row, found)
        ]
        lines = [_line(row, found, book) for row in own]
        if lines:
            defined = [line for line in lines if line.row.estimate is not None]
            undefined = [line for line in lines if line.row.estimate is None]
            made.append(Section(id_, title, tuple(defined), tuple(undefined)))
    return made


def others(found: Agreement, book: Codebook) -> list[Line]:
    """Measures that are neither a coefficient of a field nor printed beside one: F1 of events; of two adjudications all that is
    compared; of two linkers F1 and B³.
    """
    block, known, theta = main_block(found), (*MAIN, *MEASURES_BESIDE), found.settings.get("theta")
    made = []
    for row in found.estimates:
        apart = row.section in APART
        if apart or (row.block == block and row.measure not in known and row.theta in (None, theta)):
            whose = f", {words.block(row.block)}" if apart else ""
            what = f": {words.field(book, row.table, row.field)}" if row.section == "adjudicated" else ""
            made.append(Line(f"{words.section_name(row.section)}{whose}{what}", row))
    return made


def differences(found: Agreement, book: Codebook, kind: str) -> dict[str, list[Line]]:
    """Differences between versions (`version`) or persons (`coder`), by what is held against what."""
    made: dict[str, list[Line]] = {}
    for row in found.estimates:
        if row.section == "difference" and row.block.startswith(f"{kind}:"):
            line = Line(words.field(book, row.table, row.field), row)
            made.setdefault(words.sides(row.block), []).append(line)
    return made


def gold(found: Agreement) -> dict[str, dict[str, Estimate]]:
    """By coder, and by root and leaf, the share that is right by gold."""
    made: dict[str, dict[str, Estimate]] = {}
    for row in found.estimates:
        if row.section == "gold":
            made.setdefault(words.block(row.block), {})[str(row.field).rpartition(".")[2]] = row
    return made


def _line(row: Estimate, found: Agreement, book: Codebook) -> Line:
    beside = {
        other.measure: other
        for other in found.estimates
        if (other.section, other.field, other.block, other.theta) == (row.section, row.field, row.block, row.theta)
        and other.measure in MEASURES_BESIDE
    }  # fmt: skip
    return Line(words.field(book, row.table, row.field, row.section), row, beside)


# ── sensitivity, and who is compared ──────────────────────────────────────────────────────────────────────────────────


def thetas(found: Agreement, book: Codebook) -> tuple[list[float], list[tuple[Line, list[float | None]]]]:
    """(the thetas tried, for each coefficient its estimates at them), for those that have one at two thetas or more."""
    block = main_block(found)
    rows = [r for r in found.estimates if r.block == block and r.measure in MAIN and r.theta is not None]
    tried = sorted({row.theta for row in rows if row.theta is not None})
    by: dict[tuple[str, str | None, str], dict[float, Estimate]] = {}
    for row in rows:
        by.setdefault((row.section, row.field, row.measure), {})[row.theta or 0.0] = row
    told = []
    for at in by.values():
        if sum(row.estimate is not None for row in at.values()) > 1:
            first = at.get(found.settings.get("theta", -1.0)) or next(iter(at.values()))
            estimates = [at[theta].estimate if theta in at else None for theta in tried]
            told.append((_line(first, found, book), estimates))
    return (tried, told) if len(tried) > 1 else ([], [])


def blocks(found: Agreement, book: Codebook) -> list[tuple[Line, list[Line]]]:
    """For each coefficient of the headline, what it comes to among other pairs of coders; versions of the codebook are left out."""
    return _by_block(found, book, lambda block: not block.startswith("version:"))


def versions(found: Agreement, book: Codebook) -> list[tuple[Line, list[Line]]]:
    """For each coefficient of the headline, what it comes to under each version of the codebook."""
    return _by_block(found, book, lambda block: block.startswith("version:"))


def _by_block(
    found: Agreement, book: Codebook, wanted: Callable[[str], bool]
) -> list[tuple[Line, list[Line]]]:
    made = []
    for line in headline(found, book):
        own = [
            Line(words.block(row.block), row)
            for row in found.estimates
            if (row.section, row.field, row.measure) == (line.row.section, line.row.field, line.row.measure)
            and is_main(row, found) and row.block != line.row.block and wanted(row.block)
        ]  # fmt: skip
        if own:
            made.append((line, own))
    return made


# ── coders ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class CoderTable:
    """A table with a row per coder: `heads` each with whether it is of numbers, and the cells."""

    title: str
    heads: list[tuple[str, bool]]
    cells: list[list[str]]


def coder_tables(rows: Sequence[Mapping[str, Any]]) -> list[CoderTable]:
    """How much each coder read and coded, and how each agrees with the others: one table would be wider than a screen."""
    names = list(dict.fromkeys([*CODER_COLUMNS, *(key for row in rows for key in row)]))
    parts = {
        "Who coded how much": [name for name in names if name not in AGREES],
        "How each agrees with the coders of other voters": ["coder", *AGREES],
    }
    made = [_coder_table(title, own, rows) for title, own in parts.items()]
    return [table for table in made if len(table.heads) > 1]


def _coder_table(title: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> CoderTable:
    """Without columns that say nothing."""
    names = [name for name in names if any(row.get(name) is not None for row in rows)]
    if all(row.get("voter") == row.get("coder") for row in rows):
        names = [name for name in names if name != "voter"]
    numeric = {
        name: all(isinstance(row[name], int | float) for row in rows if row.get(name) is not None)
        for name in names
    }
    heads = [(CODER_COLUMNS.get(name, name.replace("_", " ")), numeric[name]) for name in names]
    return CoderTable(title, heads, [[_cell(name, row.get(name)) for name in names] for row in rows])


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, int) or name in COUNTS:
        return f"{value:,}"
    if isinstance(value, float):
        return words.number(value, 2 if name == "codings_per_document" else 3)
    return str(value)


@dataclass(frozen=True, slots=True)
class Window:
    """A window of a coder's work: its agreement with others, the moving average, and the limits that chance would keep."""

    place: int
    label: str
    version: str
    value: float
    ewma: float
    low: float | None
    high: float | None
    n_documents: int
    usual: float
    side: str  # below or above the limits; empty within them


def drifts(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Window]]:
    """The windows of each coder, in the order of versions and of time."""
    found: dict[str, list[Window]] = {}
    for row in rows:
        own = found.setdefault(str(row["coder"]), [])
        limit = row.get("limit")
        low, high = (None, None) if limit is None else (row["mean"] - limit, row["mean"] + limit)
        days = " to ".join(dict.fromkeys(str(row[name])[:10] for name in ("first", "last")))
        own.append(
            Window(
                len(own) + 1, f"{row['version']}, {days}", str(row["version"]), row["agreement"], row["ewma"], low, high,
                row["n_documents"], row["mean"], _side(row),
            )
        )  # fmt: skip
    return found


def _side(row: Mapping[str, Any]) -> str:
    if not row["flagged"]:
        return ""
    return "below" if row["ewma"] < row["mean"] else "above"
