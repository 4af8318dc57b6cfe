"""A table as statistical packages keep it: numbers with labels, days, and the reasons for what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from eventcode.codebook import views
from eventcode.formats.export.losses import Losses
from eventcode.model import MISSING_REASONS, Codebook, Field, Vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

DERIVED = ("identification", "independence", "distance", "party_to_event", "date_precision", "missing_reason")
EXACT = 2**53  # the largest whole number that these files keep exactly


@dataclass(slots=True)
class Variable:
    """A variable: its name in the file, what it is called and what kind it is (number, text, date), its values and their labels.

    `reasons` are the missing reasons, by row number, where they are kept in the variable itself; `level` is nominal, ordinal or scale.
    """

    name: str
    column: str
    label: str
    kind: str
    values: list[Any]
    labels: dict[int, str]
    reasons: dict[int, str]
    level: str

    def marked(self, marks: Mapping[str, Any]) -> list[Any]:
        """The values; where a row has a missing reason, the mark that stands for it."""
        return [
            marks[self.reasons[row]] if row in self.reasons else value
            for row, value in enumerate(self.values)
        ]

    def said(self, marks: Mapping[str, Any]) -> dict[Any, str]:
        """The marks of the missing reasons that occur, each with what it says."""
        return {marks[reason]: reason.replace("_", " ") for reason in sorted(set(self.reasons.values()))}


@dataclass(frozen=True, slots=True)
class Form:
    """What a kind of file allows: how long names may be and which are taken, how long labels and texts may be, in bytes.

    A day is the number of days since `epoch`, times `day`.
    """

    name: str
    name_length: int
    label_length: int
    text_length: int | None
    reserved: frozenset[str]
    epoch: date
    day: int


def variables(table: pa.Table, name: str, codebook: Codebook, form: Form, losses: Losses) -> list[Variable]:
    """The variables of a table under its codebook; what the form cannot hold is told to `losses`."""
    fields = dict(_fields(codebook, name))
    columns = {column: table[column].to_pylist() for column in table.column_names}
    found: list[Variable] = []
    taken: set[str] = set()
    for column, values in columns.items():
        field = fields.get(column)
        made = _variable(column, str(table.schema.field(column).type), values, field, codebook, losses)
        made.name = _name(column, form, taken, losses)
        made.label = _cut(made.label, form.label_length)
        if made.kind == "text":
            made.values = [_short(value, column, form, losses) for value in made.values]
            empty = sum(value == "" for value in made.values)
            losses.tell(column, f"{form.name} does not tell an empty text from none", rows=empty)
        elif made.kind == "date":
            made.values = [_day(value, column, form, losses) for value in made.values]
        found.append(made)
    return _with_reasons(found, columns, fields, losses)


def labels(found: Sequence[Variable], marks: Mapping[str, Any]) -> dict[str, dict[Any, str]]:
    """The labels of every variable that has some: of its values, and of the marks of its missing reasons."""
    return {one.name: {**one.labels, **one.said(marks)} for one in found if one.labels or one.reasons}


def _fields(codebook: Codebook, table: str) -> Iterator[tuple[str, Field]]:
    """(column, field) of everything that the codebook asks for in a table."""
    for field in codebook.fields_of("codings" if table in ("reports", "events") else table):
        names = views.aggregated_columns(field) if table == "events" else field.columns
        yield from ((name, field) for name in names)


def _variable(
    column: str, kind: str, values: list[Any], field: Field | None, codebook: Codebook, losses: Losses
) -> Variable:
    label = column.replace("_", " ").capitalize()
    if field is not None:
        rest = column.removeprefix(field.name).replace("_", " ").strip()
        label = f"{field.label}: {rest}" if rest else field.label
    level = field.level if field is not None and field.name == column else "nominal"
    if kind.startswith("list"):
        return Variable(
            column, column, label, "text", [_list(v, column, losses) for v in values], {}, {}, "nominal"
        )
    if kind == "bool":
        return Variable(column, column, label, "number", _whole(values), {0: "no", 1: "yes"}, {}, "nominal")
    if kind in ("int64", "double"):
        kept = [_exact(value, column, losses) for value in values]
        return Variable(column, column, label, "number", kept, {}, {}, "scale")
    if kind.startswith("date"):
        return Variable(column, column, label, "date", values, {}, {}, "scale")
    numbers, labels = _coded(column, field, codebook)
    if not numbers:
        return Variable(column, column, label, "text", values, {}, {}, "nominal")
    coded = [_number(value, numbers, column, losses) for value in values]
    return Variable(
        column, column, label, "number", coded, labels, {}, "ordinal" if level == "ordinal" else "nominal"
    )


def _whole(values: Sequence[bool | None]) -> list[int | None]:
    return [None if value is None else int(value) for value in values]


def _exact(value: Any, column: str, losses: Losses) -> Any:
    """A number as these files keep it; NaN and infinities have no place."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        losses.tell(column, "no such number in these files: left empty", value)
        return None
    if isinstance(value, int) and abs(value) > EXACT:
        losses.tell(column, "too large to be kept exactly", value)
    return value


def _day(value: date | None, column: str, form: Form, losses: Losses) -> int | None:
    if value is not None and value < form.epoch and form.epoch.year < 1900:
        losses.tell(column, f"{form.name} has no days before {form.epoch}: left empty", value)
        return None
    return None if value is None else (value - form.epoch).days * form.day


def _list(value: list[Any] | None, column: str, losses: Losses) -> str | None:
    if value is None:
        return None
    if any(";" in str(item) for item in value):
        losses.tell(column, "an item holds a semicolon, which parts the items", ";".join(map(str, value)))
    return ";".join(map(str, value))


# ── codes as numbers ──────────────────────────────────────────────────────────────────────────────────────────────────


def _coded(column: str, field: Field | None, codebook: Codebook) -> tuple[dict[str, int], dict[int, str]]:
    """The number of every value of a column with a closed list, and the label of every number; empty where it has none."""
    if column == "event_type":
        kinds = codebook.event_types.values()
        numbers = {kind.code: kind.stata_value for kind in kinds if kind.stata_value is not None}
        return numbers, {numbers[k.code]: _label(k.code, k.label) for k in kinds if k.code in numbers}
    vocabulary = codebook.vocabularies.get(_vocabulary(column, field) or "")
    if vocabulary is None:
        reasons = {reason: i + 1 for i, reason in enumerate(MISSING_REASONS)}
        return (
            (reasons, {n: reason for reason, n in reasons.items()})
            if column.endswith("_missing")
            else ({}, {})
        )
    numbers = numbered(vocabulary)
    return numbers, {numbers[term.value]: _label(term.value, term.label) for term in vocabulary.terms}


def _vocabulary(column: str, field: Field | None) -> str | None:
    if column.endswith("_missing"):
        return "missing_reason"
    if column.endswith("_precision") and (field is None or field.type == "date"):
        return "date_precision"
    if field is not None and field.type == "code" and field.name == column:
        return field.vocabulary
    return column if column in DERIVED else None


def numbered(vocabulary: Vocabulary) -> dict[str, int]:
    """The number of every value: itself where all of them are whole numbers (`1`, `2`), else its place in the list, from 1."""
    if all(value.isdecimal() and str(int(value)) == value for value in vocabulary.values):
        return {value: int(value) for value in vocabulary.values}
    return {value: place for place, value in enumerate(vocabulary.values, start=1)}


def _label(value: str, label: str) -> str:
    """`072 Closing of a camp`; the label alone where it is the value."""
    return label if label.casefold() == value.replace("_", " ").casefold() else f"{value} {label}"


def _number(value: str | None, numbers: Mapping[str, int], column: str, losses: Losses) -> int | None:
    if value is not None and value not in numbers:
        losses.tell(column, "the codebook has no number for it: left empty", value)
    return numbers.get(value or "")


# ── missing reasons ───────────────────────────────────────────────────────────────────────────────────────────────────


def _with_reasons(
    found: list[Variable], columns: Mapping[str, Sequence[Any]], fields: Mapping[str, Field], losses: Losses
) -> list[Variable]:
    """Missing reasons moved into the variables that can hold them: numbers. The others keep the variable beside them."""
    gone = set()
    for variable in found:
        beside = f"{variable.column}_missing"
        reasons = columns.get(beside, ())
        if variable.kind != "number" or variable.column not in fields or not reasons:
            continue
        if any(reason not in (None, *MISSING_REASONS) for reason in reasons):
            continue
        for row, reason in enumerate(reasons):
            if reason is not None and columns[variable.column][row] is None:
                variable.reasons[row] = reason
            elif reason is not None:
                losses.tell(beside, "there is a value too, and the value is kept", reason)
        gone.add(beside)
    return [variable for variable in found if variable.column not in gone]


# ── names and lengths ─────────────────────────────────────────────────────────────────────────────────────────────────


def _name(column: str, form: Form, taken: set[str], losses: Losses) -> str:
    """The column's own name, unless the form has another use for it or finds it too long."""
    name = f"{column}_" if column.lower() in form.reserved else column
    if len(name) > form.name_length or name.lower() in taken:
        number = 1
        while (short := f"{name[: form.name_length - len(str(number)) - 1]}_{number}").lower() in taken:
            number += 1
        name = short
    if name != column:
        losses.tell(column, f"it is called {name}: {form.name} does not take the name", rows=1)
    taken.add(name.lower())
    return name


def _cut(text: str, most: int) -> str:
    """A text of at most so many bytes, cut between characters."""
    data = text.encode()
    return text if len(data) <= most else data[: most - 3].decode(errors="ignore") + "…"


def _short(value: str | None, column: str, form: Form, losses: Losses) -> str | None:
    if value is None or form.text_length is None or len(value.encode()) <= form.text_length:
        return value
    losses.tell(column, f"cut: {form.name} holds {form.text_length:,} bytes")
    return _cut(value, form.text_length)
