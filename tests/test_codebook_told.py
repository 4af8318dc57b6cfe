"""What an import says to somebody who comes with a workbook of their own: every mistake at its cell, every choice by its name."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from codebook_sheets import Rows, chosen, grid, opened, problems, read
from eventcode.codebook.sheet import back
from eventcode.codebook.sheet.complete import Wishes
from eventcode.codebook.sheet.records import Reading

CODES: Rows = [["code", "label", "definition"], ["010", "Threaten", "Says so."], ["020", "Leave", "Goes."]]
AS_TEXT = "format the cell as Text (Home → Number → Text) and type it again"


def _codes(column: str, cell: object) -> dict[str, Rows]:
    return {"codes": [["code", "label", column], ["010", "Threaten", cell]]}


def _field(*row: object) -> dict[str, Rows]:
    return {"codes": CODES, "fields": [["label", "type", "values"], [*row]]}


# ── all at once ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        (_codes("quad", "verbal_konflict"), "codes!C2: 'verbal_konflict' is not in the list quad → did you mean 'verbal_conflict'?"),
        (_codes("realis", "occurred, occured"), "codes!C2: 'occured' is not in the list realis → did you mean 'occurred'?"),
        (_codes("requires", "actr"), "codes!C2: 'actr' is neither a role nor a field → did you mean 'actor'?"),
        (_codes("excludes", "a promise → 011"), "codes!C2: there is no code '011' → did you mean '010'?"),
        (_field("Sort", "select one", "A; A"), "fields!C2: the value 'A' stands twice in this cell → keep one, or give one of them another value"),
        (_field("Sort", "select one", "1 = Yes; 2 = No; 2 = Perhaps"),
         "fields!C2: the value '2' stands twice in this cell (for 'No' and 'Perhaps') → keep one, or give one of them another value"),
        (_field("Dead", "int", "1; 2"), "fields!C2: a field of type integer has no list of values → make its type select one or select several, or empty the cell"),
        ({"codes": CODES, "values": [["vocabulary", "value"], ["sort", "2"], ["sort", "2"]]},
         "values!B3: the value '2' of the list sort stands twice → the first is at values!B2: keep one"),
        (_codes("intensity", date(2025, 1, 2)), f"codes!C2: the date 2025-01-02 stands where a number belongs → Excel made a date of it: {AS_TEXT}"),
        (_codes("intensity", datetime(2025, 1, 2)), f"codes!C2: the date 2025-01-02 stands where a number belongs → Excel made a date of it: {AS_TEXT}"),
        ({"codes": [["010", "Threaten"], ["020", "Leave"]]}, "codes!A1: row 1 is no heading → write code, label above it"),
        ({"codes": [["label", "code"], ["Threaten", None]]},
         "codes!B2: code is empty → fill it: The code, as text: 010 keeps its zero. Three digits throughout is a good habit."),
        ({"Tabelle1": CODES}, "Tabelle1: the sheet 'Tabelle1' is unknown → rename it to codes; or begin its name with _ to have it left out"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_cell_and_remedy(sheets: dict[str, Rows], said: str) -> None:
    assert said in problems(sheets)


def test_a_missing_name_and_a_wrong_wish_are_among_the_first_problems() -> None:
    sheets = {"codes": [["code", "label", "act"], ["010", "Threaten", "says"]]}
    assert [line.partition(" → ")[0] for line in problems(sheets, name="", realis=("occured",))] == [
        ": the codebook has no name",
        ": --realis names 'occured', which is not in the list realis",
        "codes!C2: 'says' is not allowed here",
    ]
    sheets["codebook"] = [["key", "value"], ["id", "My Book"]]
    assert problems(sheets, name="")[-1] == (
        "codebook!B2: 'My Book' is no name for a codebook → use small letters, digits, - and _, a letter first"
    )


def test_a_column_is_renamed_to_one_of_ours_only() -> None:
    grids = {"codes": grid("codes", [["code", "label", "Grad"], ["010", "Threaten", 1]])}
    found = back.read(grids, Wishes("mine"), Reading(renamed={"Grad": "intensty"}), opened)
    assert [f"{p.path}: {p.message} → {p.hint}" for p in found.problems] == [
        "codes!C1: the column 'Grad' is to be 'intensty', which is unknown here → did you mean 'intensity'?"
    ]


def test_a_raw_list_may_name_what_is_not_there_for_the_linter_to_find() -> None:
    assert read(_codes("requires", "actr"), raw=True).problems == []


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (Reading(ignore=("sen",)), "--ignore names 'sen', and there is no such column or sheet → did you mean 'seen'?"),
        (Reading(("seen",), {"zzz": "intensity"}), "--map names 'zzz', and there is no such column → one of: code, label, seen"),
    ],
)  # fmt: skip
def test_a_column_to_leave_out_or_rename_must_be_there(how: Reading, said: str) -> None:
    grids = {"codes": grid("codes", [["code", "label", "seen"], ["010", "Threaten", "yes"]])}
    found = back.read(grids, Wishes("mine"), how, opened)
    assert said in [f"{p.message} → {p.hint}" for p in found.problems]


# ── every choice is listed ────────────────────────────────────────────────────────────────────────────────────────────


def test_two_fields_that_become_one_name_are_listed() -> None:
    found = read({"codes": CODES, "fields": [["label", "type"], ["Sort", "text"], ["Sort!", "text"]]})
    assert [line for line in chosen(found) if "fields.name" in line] == [
        "TODO fields.name: made from the label, since another field is called sort (sort_2 for 'Sort!')",
        "fields.name: made from the label (sort for 'Sort')",
    ]


def test_a_column_that_is_read_by_another_name_is_listed() -> None:
    rows = [["code", "name", "root", "goldstein"], ["010", "Make threat", None, -4], ["011", "Demand", "010", -2]]  # fmt: skip
    assert [line for line in chosen(read({"codes": rows})) if " read as " in line] == [
        "codes.label: the column 'name' read as label, since it holds labels",
        "codes.parent: the column 'root' read as parent",
        "codes.intensity: the column 'goldstein' read as intensity",
    ]


def test_a_label_and_a_name_that_both_come_from_the_code_say_so() -> None:
    found = chosen(read({"codes": [["code", "definition"], ["attack", "Attacks."]]}))
    assert [line for line in found if line.startswith(("codes.label", "codes.name"))] == [
        "codes.label: made from the code (attack)",
        "codes.name: made from the code (attack)",
    ]
