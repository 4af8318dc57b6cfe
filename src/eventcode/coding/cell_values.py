"""One value in one cell, and back: what a column's kind asks for, and what a spreadsheet may have made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

from eventcode.coding.workbook_columns import LABEL_MARK, Column

Plain = str | int | float | bool
LONGEST = 32_767  # characters that a cell holds
EXACT = 2**53  # whole numbers beyond it are not exact in a spreadsheet
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_|x005F_")
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*(?:;|$)|([^;]*)(?:;|$))')
_WHOLE = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_YES = {"yes": True, "true": True, "no": False, "false": False}
AS_TEXT = "format the cell as text (Home → Number → Text) and type it again"


class CellError(Exception):
    """A cell that does not hold what its column asks for: what is wrong, and the remedy."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(frozen=True, slots=True)
class Raw:
    """A cell as read: `kind` is text, number, boolean, date, formula or error."""

    value: Any
    kind: str


# ── out ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def to_cell(value: Any, column: Column) -> Plain:
    """What the cell holds for a JSON value; CellError where no cell can hold it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return _writable(join(str(item) for item in value))
    if isinstance(value, int | float):
        return _number_out(value)
    return _writable(column.choices.shown(value) if column.choices else value)


def _number_out(value: int | float) -> Plain:
    """The number itself, or its digits as text where sixteen of them are not enough."""
    if isinstance(value, int):
        return value if abs(value) < EXACT else str(value)
    return value if float(f"{value:.16g}") == value else repr(value)


def _writable(text: str) -> str:
    if len(text) > LONGEST:
        raise CellError(f"a text of {len(text):,} characters", f"shorten it: a cell holds {LONGEST:,}")
    bad = _UNWRITABLE.search(text)
    if bad:
        raise CellError(f"{bad.group()!r} cannot stand in a workbook", "take that character out of the text")
    return text


def join(items: Iterable[str]) -> str:
    """Several values in one cell, with `; ` between them; in quotes what would not come back otherwise."""
    return "; ".join(_quoted(item) for item in items)


def _quoted(item: str) -> str:
    plain = item and item == item.strip() and ";" not in item and '"' not in item
    return item if plain else '"' + item.replace('"', '""') + '"'


# ── in ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def from_cell(raw: Raw, column: Column) -> Any:
    """The JSON value of a cell, None for an empty one; CellError where it is not what the column asks for."""
    if raw.kind == "formula":
        raise CellError("a formula stands here", "copy the cell and paste it as a value")
    if raw.kind == "error":
        raise CellError(
            f"the spreadsheet shows an error here: {raw.value}", "clear the cell and type the value"
        )
    value = raw.value.strip() if isinstance(raw.value, str) else raw.value
    if value is None or value == "":
        return None
    return _READERS.get(column.kind, _text_in)(Raw(value, raw.kind), column)


def _text_in(raw: Raw, column: Column) -> str:
    if raw.kind == "text":
        return column.choices.value(raw.value) if column.choices else str(raw.value)
    if raw.kind == "number":
        raise CellError(*_number_for_text(raw.value, column))
    if raw.kind == "boolean":
        raise CellError(f"the truth value {str(raw.value).upper()} stands where text belongs", AS_TEXT)
    raise CellError(f"the date {_shown(raw.value)} stands where text belongs", AS_TEXT)


def _number_for_text(number: float, column: Column) -> tuple[str, str]:
    """What to say of a number in a column of text: which code has probably lost its zeros."""
    what = "a code" if column.choices else "text"
    digits = f"{number:g}"
    entries = column.choices.entries if column.choices else {}
    meant = [value for value in entries if value.lstrip("0") == digits.lstrip("0")]
    if meant:
        shown = " or ".join(f"'{entries[value].split(LABEL_MARK)[0]}'" for value in meant)
        return f"the number {digits} stands where {what} belongs", f"choose {shown} from the list; {AS_TEXT}"
    return f"the number {digits} stands where {what} belongs", AS_TEXT


def _list_in(raw: Raw, column: Column) -> list[str] | None:
    items = split(_text_in(raw, Column(column.name, "string", column.label)))
    return [column.choices.value(item) if column.choices else item for item in items] or None


def split(text: str) -> list[str]:
    """The values in a cell that `join` wrote or a person typed; empty ones are dropped."""
    items = []
    for match in _ITEM.finditer(text):
        quoted, plain = match.groups()
        if quoted is not None:
            items.append(quoted.replace('""', '"'))
        elif plain.strip():
            items.append(plain.strip())
    return items


def _integer_in(raw: Raw, column: Column) -> int:
    value = raw.value
    if raw.kind == "number" and float(value).is_integer():
        return int(value)
    if raw.kind == "text" and _WHOLE.fullmatch(value) and len(value) < 20:
        return int(value)
    raise CellError(f"{_shown(value)} is not a whole number", "write digits only, such as 12")


def _number_in(raw: Raw, column: Column) -> float:
    if raw.kind == "number":
        return float(raw.value)
    if raw.kind == "text" and _DECIMAL.fullmatch(raw.value) and isfinite(float(raw.value)):
        return float(raw.value)
    raise CellError(
        f"{_shown(raw.value)} is not a number", "write it with a point and no spaces, such as 33.31"
    )


def _boolean_in(raw: Raw, column: Column) -> bool:
    if raw.kind == "boolean":
        return bool(raw.value)
    value = _YES.get(str(raw.value).lower()) if raw.kind == "text" else None
    if value is None:
        raise CellError(f"{_shown(raw.value)} is neither yes nor no", "write yes or no, or leave it empty")
    return value


def _date_in(raw: Raw, column: Column) -> str:
    """The EDTF text of a date; a real date becomes its day, and a bare number is never guessed at."""
    if raw.kind == "text":
        return str(raw.value)
    if raw.kind == "number":
        raise CellError(f"the number {raw.value:g} stands where a date belongs", _day_meant(raw.value))
    if isinstance(raw.value, datetime) and (raw.value.hour, raw.value.minute, raw.value.second) == (0, 0, 0):
        return raw.value.date().isoformat()
    if isinstance(raw.value, date) and not isinstance(raw.value, datetime):
        return raw.value.isoformat()
    raise CellError(
        f"{_shown(raw.value)} stands where a date belongs", f"write the day only, as 2025-06-16; {AS_TEXT}"
    )


def _day_meant(number: float) -> str:
    """The remedy for a number in a date's column: a year, or a count of days since 1899."""
    if 1000 <= number <= 2999 and float(number).is_integer():
        return f"for the year {number:g}, {AS_TEXT}"
    if 1 <= number < 2_958_466:
        day = date.fromordinal(date(1899, 12, 30).toordinal() + int(number))
        return f"if it is a count of days, it means {day}: {AS_TEXT}"
    return AS_TEXT


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, str):
        return f"'{value if len(value) <= 40 else value[:39] + '…'}'"
    return f"{value:g}" if isinstance(value, float) else str(value)


_READERS: dict[str, Any] = {
    "integer": _integer_in, "number": _number_in, "boolean": _boolean_in, "date": _date_in, "day": _date_in,
    "list": _list_in, "set": _list_in,
}  # fmt: skip
