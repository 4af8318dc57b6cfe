"""A workbook, or a YAML file, to decide links in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eventcode.errors import DatasetError
from eventcode.formats import files
from eventcode.pipeline import linking_forms
from eventcode.pipeline.linking import Linking
from eventcode.pipeline.linking_forms import ANSWERS, DECISIONS, RELATIONS, REPORTS
from eventcode.pipeline.linking_head import README, told
from eventcode.readings import Row

SPARE = 200  # rows below the last that have drop-downs, for what nobody suggested
# Columns of a sheet: name, width, what it is.
COLUMNS = {
    REPORTS: (
        ("group", 7, "Reports with one number may tell of one event."),
        ("report", 24, "Document and key of the report."),
        ("event", 24, "The report that it is held against. Another report of the group may be written here."),
        ("likeness", 10, "From 0 to 1; the likest groups come first."),
        ("document", 22, "Who published it, and when."),
        ("event_type", 26, "The code."),
        ("date", 22, "The days between which it happened."),
        ("place", 26, "The place and what lies around it."),
        ("actor", 26, "Who did it."),
        ("recipient", 26, "To whom it was done."),
        ("words", 48, "The words of the text that justify the type, where the text is at hand."),
        ("compared", 34, "What agrees, is near, or differs."),
        ("contested", 34, "On what the event would be contested if all the group were linked."),
    ),
    RELATIONS: (
        ("report", 24, "The event of this report: the part, or the answer."),
        ("other_event", 24, "The event of this report: the whole, or what is answered."),
        ("suggested", 14, "What may hold. It is a suggestion, and nothing is decided by it."),
        ("why", 40, "Why it is suggested."),
        ("told", 48, "The first event."),
        ("other_told", 48, "The other event."),
    ),
}  # fmt: skip
ASKED = (
    ("decision", 16, "Choose from the list; leave it empty if it is open."),
    ("reason", 44, "Why: needed with each decision."),
    ("by", 14, "Who decides: needed with each decision."),
)
ABOUT = (
    "Which reports tell of one event, and which events hang together. Nothing here is decided: what you leave empty stays open.",
    "Sheet reports: each group begins with the report that the others are held against. same_event: the two tell of one event. unrelated: "
    "they do not. To link a report to another one of the group, write that one's name under event. You may add rows.",
    "Sheet relations: the relation goes from the event of report to other_event. sub_event: is a part of it. campaign: belongs to the "
    "campaign that it began. counter: is set against it while it goes on. retaliation: answers it afterwards. unrelated: they do not hang "
    "together. Turn the two names round where the direction is wrong.",
)


def write(linking: Linking, path: Path, by: str = "") -> None:
    """Write the candidates into an .xlsx or .yaml file to decide in; DatasetError for another ending, or where the disk refuses."""
    rows = {REPORTS: linking_forms.groups(linking, by), RELATIONS: linking_forms.relations(linking, by)}
    if path.suffix.lower() in (".yaml", ".yml"):
        files.write(path, _yaml(linking, rows, by).encode())
    elif path.suffix.lower() == ".xlsx":
        files.write(path, lambda temporary: _book(linking, rows, path.stem).save(temporary))
    else:
        raise DatasetError(f"{path.name} is neither a workbook nor YAML", "call it links.xlsx or links.yaml")


def _yaml(linking: Linking, rows: dict[str, list[Row]], by: str) -> str:
    from eventcode.codebook import yamlout

    listed: dict[str, Any] = {**told(linking), "by": by}
    for name, held in rows.items():
        listed[name] = [_entry(row) for row in held]
    about = "".join(f"# {line}\n" for text in ABOUT for line in _filled(text.replace("Sheet ", "")))
    return about + yamlout.dump(listed)


def _entry(row: Row) -> Row:
    """A row without empty cells, but for what is asked; `by` stands once at the top of the file."""
    kept = {name: value for name, value in row.items() if value not in ("", None) and name not in ANSWERS}
    return {**kept, **({"decision": "", "reason": ""} if "decision" in row else {})}


def _filled(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, 100)


# ── the workbook ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _book(linking: Linking, rows: dict[str, list[Row]], title: str) -> Any:
    import openpyxl

    from eventcode.coding.sheet_style import based_on_arial

    book = openpyxl.Workbook()
    based_on_arial(book)
    book.properties.creator, book.properties.title = "eventcode", title
    _read_me(book.active, linking, rows)
    for name, held in rows.items():
        _sheet(book.create_sheet(name), name, held)
    book.active = 1
    return book


def _read_me(sheet: Any, linking: Linking, rows: dict[str, list[Row]]) -> None:
    from openpyxl.styles import Alignment

    from eventcode.coding.sheet_style import fit, font, page

    name = linking.linked.dataset.name
    sheet.title = README
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 12, 110
    said = (
        (f"Links of {name}", ""),
        *told(linking).items(),
        *(("", text) for text in ABOUT),
        (
            "",
            f"Groups: {len(linking.groups)}. Relations: {len(rows[RELATIONS])}. When you are done, or have done a part: "
            f"eventcode link {name} --read FILE.xlsx. Whatever is wrong is listed with sheet and cell, and then nothing is written.",
        ),
    )
    for at, texts in enumerate(said, 1):
        size = 15 if at == 1 else 11
        for column, text in enumerate(texts, 1):
            cell = sheet.cell(at, column)
            if text:
                cell.value, cell.data_type = text, "s"
            cell.font = font(size, bold=column == 1)
            cell.alignment = Alignment(wrap_text=column == 2, vertical="top")
        fit(sheet, at, [(texts[1], 110)], size)
        sheet.row_dimensions[at].height += 5
    page(sheet, "A1", titles=0)


def _sheet(sheet: Any, name: str, rows: Sequence[Row]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    from eventcode.coding.sheet_style import page

    columns = (*COLUMNS[name], *ASKED)
    for number, (column, width, about) in enumerate(columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = width
        dimension.hidden = column in ("recipient", "words") and not any(row.get(column) for row in rows)
        _heading(sheet.cell(1, number), column, about)
    for at, row in enumerate(rows, 2):
        _entries(
            sheet, at, row, columns, [earlier["group"] for earlier in rows[: at - 2][-1:] if "group" in row]
        )
    decision = get_column_letter(1 + [column for column, *_ in columns].index("decision"))
    choice = DataValidation(
        type="list", formula1=f'"{",".join(DECISIONS[name])}"', allow_blank=True, showErrorMessage=True,
        errorTitle="decision", error="Choose from the list (Alt+↓).",
    )  # fmt: skip
    choice.add(f"{decision}2:{decision}{len(rows) + 1 + SPARE}")
    sheet.add_data_validation(choice)
    page(sheet, "D2" if name == REPORTS else "C2", across=2, titles=1)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.sheet_properties.tabColor = "FFF7C948" if name == REPORTS else "FF2C5F6F"


def _heading(cell: Any, column: str, about: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment

    from eventcode.coding.sheet_style import FREE, MUST, font, solid

    asked = column in ANSWERS
    cell.value, cell.data_type = column, "s"
    cell.font, cell.fill = font(10, bold=True), solid(MUST if asked else FREE)
    cell.alignment = Alignment(vertical="center")
    cell.comment = Comment(about, "eventcode", height=60, width=280)


def _entries(
    sheet: Any, at: int, row: Row, columns: Sequence[tuple[str, int, str]], before: Sequence[Any]
) -> None:
    from openpyxl.styles import Alignment, Border, Side

    from eventcode.coding.sheet_style import EMPTY, GREY, INK, LINE, PAPER, fit, font, solid

    fit(sheet, at, [(str(row.get(column) or ""), width) for column, width, _ in columns])
    is_asked = "decision" in row
    new = "group" in row and [row["group"]] != before
    edge = Side("medium" if new else "thin", GREY if new else LINE)
    for number, (column, _, _) in enumerate(columns, 1):
        cell = sheet.cell(at, number)
        value = row.get(column)
        cell.border = Border(*(Side("thin", LINE),) * 2, top=edge, bottom=Side("thin", LINE))
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
        cell.font = font(
            10, GREY if column in ("words", "compared", "why") else INK, bold=new and column == "report"
        )
        cell.number_format = "General" if isinstance(value, int | float) else "@"
        if column in ANSWERS and is_asked:
            cell.fill = solid(EMPTY)
        elif "group" in row and not is_asked:
            cell.fill = solid(PAPER)
        if value not in (None, ""):
            cell.value = value
            if isinstance(value, str):  # never a formula, whatever it begins with
                cell.data_type = "s"
                cell.quotePrefix = value.startswith(("=", "+", "-", "@", "#", "'"))
