"""Drop-downs and other help while typing: a hidden sheet with every list, and data validations that point to it.

A list is a range of the sheet `lists`, never text inside the validation, which Excel cuts at 255 characters. Lists that depend on
another cell are windows on a sorted range (OFFSET, MATCH, COUNTIF): the codes of the category beside it, the keys of the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from eventcode.coding.workbook_columns import LABEL_MARK, Choices, Column
from eventcode.coding.workbook_layout import CATEGORY, LISTS, SHEETS, Sheet, tree
from eventcode.model import Codebook

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FIRST = 5  # the first row of entries: section, label, question and name stand above
DATES = "2025-06-16 · 2025-06 · 2025 · 2025-01/2025-06-16 · 2025-01/.. (since) · ../2025-06 (until) · 2025-04~ (about)"
_SHOWN = 250  # a prompt holds 255 characters, an error message 225
_KEY_COLUMNS = {"codings": "key", "sources": "key", "support": "no"}
Letters = Mapping[str, Mapping[str, str]]  # sheet → column name → its letter


def fill(lists: Worksheet, codebook: Codebook, layout: Mapping[str, Sheet]) -> dict[str, str]:
    """Write every list into the sheet; returns list id → its range. `root` and `event_type` are the two columns of the tree."""
    pairs = tree(codebook)
    columns = {"root": [root for root, _ in pairs], "event_type": [entry for _, entry in pairs]}
    for sheet in layout.values():
        columns |= {
            c.choices.id: [*c.choices.entries.values()]
            for c in sheet.columns
            if c.choices and c.choices.id not in columns
        }
    ranges = {}
    for number, (name, entries) in enumerate(columns.items(), 1):
        for row, text in enumerate((name, *entries), 1):
            cell = lists.cell(row, number, text)
            cell.data_type, cell.number_format = "s", "@"
        letter = get_column_letter(number)
        ranges[name] = f"{LISTS}!${letter}$2:${letter}${len(entries) + 1}"
    lists.sheet_state = "veryHidden"
    return ranges


def letters(layout: Mapping[str, Sheet]) -> Letters:
    """Where each column of each sheet stands."""
    return {
        name: {column.name: get_column_letter(number) for number, column in enumerate(sheet.columns, 1)}
        for name, sheet in layout.items()
    }


def validate(
    worksheet: Worksheet, sheet: Sheet, ranges: Mapping[str, str], where: Letters, last: Mapping[str, int]
) -> None:
    """Attach to each entry column what it accepts and what it says; `last` gives each sheet's last row of entries."""
    for column in sheet.columns:
        if column.locked or column.hidden:
            continue
        options = _options(sheet, column, ranges, where, last)
        if options:
            letter = where[sheet.name][column.name]
            validation = DataValidation(allow_blank=True, **options)
            validation.add(f"{letter}{FIRST}:{letter}{last[sheet.name]}")
            worksheet.add_data_validation(validation)


def _options(
    sheet: Sheet, column: Column, ranges: Mapping[str, str], where: Letters, last: Mapping[str, int]
) -> dict[str, Any] | None:
    if column.keys:
        return _list(
            _keys(sheet, column, where, last),
            column,
            "warning",
            f"No such {column.keys.removesuffix('s')} on the sheets here.",
        )
    if column.kind == "code" and column.choices:
        return _coded(sheet, column, column.choices, ranges, where)
    if column.kind == "set" and column.choices:
        values = " · ".join(column.choices.entries)
        return {"type": "list", "formula1": ranges[column.choices.id], "showErrorMessage": False} | _prompt(
            column, f"Choose one, or type several with ; between them: {values}"
        )
    return _typed(sheet, column, where, last)


def _typed(sheet: Sheet, column: Column, where: Letters, last: Mapping[str, int]) -> dict[str, Any] | None:
    letter = where[sheet.name][column.name]
    if column.kind in ("integer", "number"):
        return _range(column)
    if column.kind in ("date", "day"):
        said = "Write the date as text, for instance 2025-06-16, 2025-06 or 2025-01/.."
        return (
            {"type": "custom", "formula1": f"ISTEXT({letter}{FIRST})"}
            | _error(column, said)
            | _prompt(column, f"As text: {DATES}")
        )
    if column.name in _KEY_COLUMNS.values() and sheet.name in _KEY_COLUMNS:
        both = ",".join(f"${c}${FIRST}:${c}${last[sheet.name]},${c}{FIRST}" for c in ("A", letter))
        said = "This key stands in the same document already. Give each row its own."
        return {"type": "custom", "formula1": f"COUNTIFS({both})=1"} | _error(column, said)
    if column.kind in ("list", "set"):
        return _prompt(column, f"{column.question} Several: with ; between them.")
    return None


def _coded(
    sheet: Sheet, column: Column, choices: Choices, ranges: Mapping[str, str], where: Letters
) -> dict[str, Any]:
    labelled = any(LABEL_MARK in entry for entry in choices.entries.values())
    said = "It is not in the list. Choose with Alt+↓; the sheet 'guide' explains every value."
    if labelled:
        said = "It is not in the list. A bare code such as 012 is fine: choose Yes. Else choose with Alt+↓."
    formula = ranges[choices.id]
    if column.name == "event_type" and CATEGORY in where[sheet.name]:
        formula = _below(ranges, f"${where[sheet.name][CATEGORY]}{FIRST}")
    return _list(formula, column, "warning" if labelled or column.open else "stop", said)


def _below(ranges: Mapping[str, str], category: str) -> str:
    """The codes below the root in the cell `category`; all of them where it is empty or unknown."""
    roots, codes = ranges["root"], ranges["event_type"]
    head = codes.partition(":")[0]
    count = f"COUNTIF({roots},{category})"
    return f"OFFSET({head},IFERROR(MATCH({category},{roots},0)-1,0),0,IF({count}=0,ROWS({codes}),{count}),1)"


def _keys(sheet: Sheet, column: Column, where: Letters, last: Mapping[str, int]) -> str:
    """The keys that stand on another sheet for the document of the same row."""
    if column.keys == "documents":
        return f"documents!$A${FIRST}:$A${last['documents']}"
    if column.keys in SHEETS:
        return _window(column.keys, where, last)
    of = f"${where[sheet.name]['of']}{FIRST}"
    coding, source, support = (_window(name, where, last) for name in _KEY_COLUMNS)
    return f'IF({of}="coding",{coding},IF({of}="source",{source},{support}))'


def _window(name: str, where: Letters, last: Mapping[str, int]) -> str:
    letter, end = where[name][_KEY_COLUMNS[name]], last[name]
    documents = f"{name}!$A${FIRST}:$A${end}"
    row = f"IFERROR(MATCH($A{FIRST},{documents},0),{end})"
    return f"OFFSET({name}!${letter}${FIRST - 1},{row},0,MAX(1,COUNTIF({documents},$A{FIRST})),1)"


def _list(formula: str, column: Column, style: str, said: str) -> dict[str, Any]:
    return {"type": "list", "formula1": formula, "errorStyle": style} | _error(column, said)


def _range(column: Column) -> dict[str, Any]:
    kind, noun = ("whole", "a whole number") if column.kind == "integer" else ("decimal", "a number")
    bounds = [str(f"{bound:g}") for bound in (column.minimum, column.maximum) if bound is not None]
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return {"type": kind, "operator": "between", "formula1": bounds[0], "formula2": bounds[1]} | _error(
            column, f"Write {noun} from {bounds[0]} to {bounds[1]}."
        )
    if low is not None or high is not None:
        operator, words = (
            ("greaterThanOrEqual", "of at least") if low is not None else ("lessThanOrEqual", "of at most")
        )
        return {"type": kind, "operator": operator, "formula1": bounds[0]} | _error(
            column, f"Write {noun} {words} {bounds[0]}."
        )
    return {"type": kind, "operator": "greaterThan", "formula1": "-1E+15"} | _error(column, f"Write {noun}.")


def _error(column: Column, said: str) -> dict[str, Any]:
    return {"showErrorMessage": True, "errorTitle": column.label[:32], "error": said[:220]}


def _prompt(column: Column, said: str) -> dict[str, Any]:
    shown = said if len(said) <= _SHOWN else f"{said[: _SHOWN - 21]} … see the guide"
    return {"showInputMessage": True, "promptTitle": column.label[:32], "prompt": shown}
