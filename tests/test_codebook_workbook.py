"""A codebook as a workbook and back: nothing is lost, nothing is guessed in silence, and whatever is wrong has its cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from codebook_sheets import bring, chosen, problems, read, workbook
from eventcode.bundled import codebook_folder
from eventcode.codebook.load import load, names
from eventcode.codebook.same import differences
from eventcode.errors import CodebookError
from eventcode.pipeline import authoring
from eventcode.pipeline.lint import check
from tiny_codebook import files, write

BUNDLED = names([codebook_folder()])
CODES = [
    ["code", "label", "definition"],
    ["010", "Threaten", "Says that it will do harm."],
    ["020", "Leave", "Goes."],
]


# ── there and back ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", BUNDLED)
def test_every_bundled_codebook_comes_back_from_its_workbook_as_it_was(name: str, tmp_path: Path) -> None:
    book = load(name)
    authoring.write_workbook(book, tmp_path / "book.xlsx")
    made = bring(tmp_path / "book.xlsx", tmp_path / "codebook")
    assert (differences(book, load(made.folder)), made.chosen) == ([], ())


def test_a_codebook_without_modules_comes_back_without_them(tmp_path: Path) -> None:
    book = load(write(tmp_path, files()))
    authoring.write_workbook(book, tmp_path / "book.xlsx")
    made = bring(tmp_path / "book.xlsx", tmp_path / "codebook")
    assert differences(book, load(made.folder)) == []
    assert load(made.folder).uses == ()


def test_a_codebook_that_extends_another_keeps_what_it_removes(tmp_path: Path) -> None:
    card = {"id": "mine", "title": "Mine", "version": "1.0.0", "kind": "codebook", "licence": "CC0-1.0", "description": "Less.",
            "extends": "disarmament@1", "removes": {"event_types": ["116"], "fields": ["codings.due"]}}  # fmt: skip
    book = load(write(tmp_path, {"codebook.yaml": card}, "mine"))
    authoring.write_workbook(book, tmp_path / "book.xlsx")
    again = load(bring(tmp_path / "book.xlsx", tmp_path / "codebook").folder)
    assert differences(book, again) == []
    assert ("codings", "due") not in again.fields


def test_what_was_edited_in_the_workbook_is_in_the_codebook(tmp_path: Path) -> None:
    home = tmp_path / "codebook"
    authoring.write_workbook(load(write(home, files())), tmp_path / "book.xlsx")
    (home / "tiny" / "README.md").write_text("# Tiny\n")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    book["codes"]["B2"] = "Threaten with harm"
    book["codes"].append(
        ["021", "Leave at night", "020", "deed", "Goes in the dark.", None, None, "occurred"]
    )
    book["codes"].cell(6, 19, "leave_at_night")
    book.save(tmp_path / "book.xlsx")
    authoring.import_workbook(
        tmp_path / "book.xlsx", home, authoring.Wishes(), authoring.Reading(), replace_it=True
    )
    again = load(home / "tiny")
    assert (again.event_types["010"].label, again.event_types["021"].parent) == ("Threaten with harm", "020")
    assert (home / "tiny" / "README.md").read_text() == "# Tiny\n"


def test_the_workbook_can_be_used(tmp_path: Path) -> None:
    authoring.write_workbook(load("disarmament"), tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    codes = book["codes"]
    assert (codes.freeze_panes, codes["A2"].value, codes["A2"].data_type, codes["A2"].number_format) == (
        "C2",
        "010",
        "s",
        "@",
    )
    assert codes["E2"].alignment.wrap_text
    assert "Must be filled." in codes["A1"].comment.text
    assert {str(v.sqref).split(":")[0]: v.formula1 for v in codes.data_validations.dataValidation}[
        "C2"
    ] == "codes!$A$2:$A$371"
    assert book["_lists"].sheet_state == "hidden"
    assert book.sheetnames[:4] == ["read me", "codebook", "authors", "scales"]


# ── a person's own workbook ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_sheet_of_codes_is_enough_and_every_default_is_listed(tmp_path: Path) -> None:
    made = bring(workbook(tmp_path / "book.xlsx", {"codes": CODES}), tmp_path / "codebook", "mine")
    assert chosen(made) == [
        "TODO codebook.licence: all rights reserved; say under which terms others may use it, such as CC-BY-4.0",
        "TODO codebook.description: to be written",
        "TODO codes.act: mixed: say of each whether it is a word or a deed (010, 020)",
        "TODO codes.realis: occurred, ongoing, planned, possible, negated: say which of them each code may carry (010, 020)",
        "codebook.title: made from the id",
        "codebook.version: 0.1.0",
        "codebook.kind: codebook",
        "codebook.uses: the modules sourcing@1 and record@1",
        "codes.name: made from the label (010, 020)",
    ]
    book = load(made.folder)
    assert [(kind.code, kind.name, kind.act) for kind in book.event_types.values()] == [
        ("010", "threaten", "mixed"), ("020", "leave", "mixed"),
    ]  # fmt: skip
    assert (
        "- [ ] codes.act: mixed: say of each whether it is a word or a deed (010, 020)"
        in (made.folder / "TODO.md").read_text()
    )
    assert check(made.folder).errors == 0


def test_what_was_asked_for_is_no_todo() -> None:
    found = read({"codes": CODES}, act="word", realis=("occurred",))
    assert [line for line in chosen(found) if "codes" in line] == [
        "codes.name: made from the label (010, 020)",
        "codes.act: word, as asked for (010, 020)",
        "codes.realis: occurred: say which of them each code may carry (010, 020)",
    ]


def test_questions_may_bring_their_values_along() -> None:
    fields = [
        ["label", "type", "values"],
        ["How it ended", "categorical", "Peacefully; With violence; 99 = Cannot be told"],
        ["Dead", "int", None],
    ]
    found = read({"codes": CODES, "fields": fields})
    assert found.problems == []
    assert [
        {k: f[k] for k in ("name", "type", "level", "question")} | {"list": f.get("vocabulary")}
        for f in found.draft.fields
    ] == [
        {
            "name": "how_it_ended",
            "type": "code",
            "level": "nominal",
            "question": "How it ended?",
            "list": "how_it_ended",
        },
        {"name": "dead", "type": "integer", "level": "ratio", "question": "Dead?", "list": None},
    ]
    assert found.draft.vocabularies[0]["terms"] == [
        {"value": "peacefully", "label": "Peacefully"}, {"value": "with_violence", "label": "With violence"},
        {"value": "99", "label": "Cannot be told"},
    ]  # fmt: skip
    assert "fields.type: categorical taken for code (how_it_ended)" in chosen(found)


def test_texts_beside_a_code_become_examples() -> None:
    found = read(
        {"codes": [[*CODES[0], "example"], [*CODES[1], "Leave, it said.\nGo, it said."], [*CODES[2]]]}
    )
    assert [(e["name"], e["text"], e["expect"]) for e in found.draft.examples] == [
        ("Threaten, example 1", "Leave, it said.", [{"event_type": "010"}]),
        ("Threaten, example 2", "Go, it said.", [{"event_type": "010"}]),
    ]


def test_spaces_around_prose_are_taken_off_and_it_is_said() -> None:
    found = read({"codes": [CODES[0], ["010", "Threaten", " Says so.\n"]]})
    assert found.draft.event_types[0]["definition"] == "Says so."
    assert "codes.definition: spaces at the ends taken off (C2)" in chosen(found)


def test_a_title_above_the_heading_does_no_harm() -> None:
    found = read({"codes": [["Codes of our project, spring"], *CODES]})
    assert [code["code"] for code in found.draft.event_types] == ["010", "020"]


# ── what is wrong has its cell ────────────────────────────────────────────────────────────────────────────────────────

AS_TEXT = "format the cell as Text (Home → Number → Text) and type it again"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([10, "Threaten"], f"codes!A2: the number 10 stands where text belongs → a code such as 010 has lost its zero: {AS_TEXT}"),
        ([100000.0, "Threaten"], f"codes!A2: the number 100000 stands where text belongs → {AS_TEXT}"),
        (["1E+05", "Threaten"], f"codes!A2: 1E+05 is a number in scientific notation → type the code anew; {AS_TEXT}"),
        ([date(2025, 3, 4), "Threaten"], f"codes!A2: the date 2025-03-04 stands where text belongs → {AS_TEXT}"),
        (["=A1+1", "Threaten"], "codes!A2: a formula stands here → copy the cell and paste it as a value"),
        (["010 ", "Threaten"], "codes!A2: '010 ' has a space at an end → delete it"),
        (["010\u00a0", "Threaten"], "codes!A2: '010\u00a0' holds the invisible character U+00A0 → type it anew with plain spaces, or with none"),
        (["010", "Threaten\u00a0all"], "codes!B2: 'Threaten\u00a0all' holds the invisible character U+00A0 → type it anew with plain spaces, or with none"),
        ([True, "Threaten"], f"codes!A2: the truth value TRUE stands where text belongs → {AS_TEXT}"),
        ([None, "Threaten"], "codes!A2: code is empty → fill it: The code, as text: 010 keeps its zero. Three digits throughout is a good habit."),
    ],
)  # fmt: skip
def test_a_cell_that_is_no_code_is_refused(row: list[object], said: str) -> None:
    assert problems({"codes": [["code", "label"], row]}) == [said]


def test_all_problems_are_listed_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    rows = [
        ["code", "label", "parent", "act", "intensity", "label", None],
        ["010", "Threaten", "", "says", "much", "", ""],
        ["010", "Leave", "099", "deed", 1, "", "lost"],
    ]
    path = workbook(tmp_path / "book.xlsx", {"codes": rows, "feilds": [["name"], ["x"]]})
    with pytest.raises(CodebookError) as caught:
        bring(path, tmp_path / "codebook", "mine")
    assert [(p.path, p.message) for p in caught.value.problems] == [
        ("codes!F1", "the column 'label' stands twice"),
        ("codes!D2", "'says' is not allowed here"),
        ("codes!E2", "'much' is not a number"),
        ("codes!A3", "'010' stands twice"),
        ("codes!C3", "there is no code '099'"),
        ("codes!G3", "the column has no heading"),
        ("feilds", "the sheet 'feilds' is unknown"),
    ]
    assert str(caught.value).startswith(
        "book.xlsx makes no codebook yet: 7 problems\n  → nothing was written"
    )
    assert not (tmp_path / "codebook").exists()


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", {"codes": CODES})
    book = openpyxl.load_workbook(path)
    book["codes"].merge_cells("C2:C3")
    book.save(path)
    with pytest.raises(CodebookError) as caught:
        bring(path, tmp_path / "codebook", "mine")
    assert [(p.path, p.message, p.hint) for p in caught.value.problems] == [
        ("codes!C2", "the cells C2:C3 are merged", "undo the merging and fill each cell")
    ]


def test_an_unknown_column_is_refused_or_left_out_by_name(tmp_path: Path) -> None:
    rows = [["code", "label", "definition", "seen"], ["010", "Threaten", "Says so.", "yes"]]
    hint = "leave it out with --ignore 'seen', or say which of ours it is with --map 'seen=…'"
    assert problems({"codes": rows}) == [f"codes!D1: the column 'seen' is unknown here → {hint}"]
    path = workbook(tmp_path / "book.xlsx", {"codes": rows})
    how = authoring.Reading(ignore=("seen",))
    assert (
        authoring.import_workbook(path, tmp_path, authoring.Wishes("mine"), how).folder == tmp_path / "mine"
    )
    how = authoring.Reading(renamed={"seen": "note"})
    made = authoring.import_workbook(path, tmp_path, authoring.Wishes("other"), how)
    assert load(made.folder).event_types["010"].note == "yes"


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ({"notes": [["a"], ["b"]]}, "notes: the sheet 'notes' is unknown"),
        ({"codes": [["label"], ["Threaten"]]}, "codes!A1: the column 'code' is missing"),
        ({"codes": CODES, "fields": [["name", "type"], ["ended", "code"]]}, "fields!A2: vocabulary is empty"),
        ({"codes": CODES, "fields": [["name", "type"], ["realis", "string"]]}, "fields!A2: record@1.1.0 has a field codings.realis already"),
        ({"codes": CODES, "fields": [["name", "vocabulary"], ["ended", "ends"]]}, "fields!B2: there is no list 'ends'"),
        ({"codes": CODES, "fields": [["name", "type"], ["Ended", "string"]]}, "fields!A2: 'Ended' is not written as it must be"),
        ({"codes": CODES, "examples": [["text", "expect"], ["Leave.", "event_type: ["]]}, "examples!B2: this is not written as YAML: line 2: did not find expected node content"),
        ({"codes": CODES, "actors": [["id", "kind"], ["gov", "state"]], "ties": [["actor", "relation", "to_actor"], ["gov", "leads", "army"]]}, "ties!C2: there is no actor 'army'"),
        ({"codes": CODES, "codebook": [["key", "value"], ["uses", "sorcing@1"]]}, "codebook!B2: no codebook 'sorcing'"),
        ({"codes": CODES, "codebook": [["key", "value"], ["licens", "x"]]}, "codebook!A2: the key 'licens' is unknown here"),
        ({"codes": [["code", "label", "parent"], ["010", "A", "011"], ["011", "B", "010"]]}, "codes!C2: code 010 is its own ancestor"),
        ({"codes": [["code", "label", "includes"], ["010", "A", 'json:["a"']]}, "codes!C2: what follows json: is no JSON"),
    ],
)  # fmt: skip
def test_other_mistakes_have_their_cell(sheets: dict[str, list[list[object]]], said: str) -> None:
    assert said in [line.partition(" → ")[0] for line in problems(sheets)]


def test_a_workbook_without_a_name_asks_for_one() -> None:
    assert problems({"codes": CODES}, name="") == [
        ": the codebook has no name → give one with --name NAME, or as id on the sheet codebook"
    ]


def test_a_name_that_is_taken_or_no_name_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", {"codes": CODES})
    bring(path, tmp_path, "mine")
    with pytest.raises(CodebookError, match="there is a codebook 'mine' already"):
        bring(path, tmp_path, "mine")
    with pytest.raises(CodebookError, match="'../mine' is no name for a codebook"):
        bring(path, tmp_path, "../mine")
