"""A form in XLSForm becomes fields, lists and event types: what has a counterpart is translated, what has none is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from codebook_sheets import chosen, grid, opened, workbook
from eventcode.cli.codebook import command
from eventcode.codebook.load import load
from eventcode.codebook.sheet.back import Back
from eventcode.codebook.sheet.complete import Wishes
from eventcode.codebook.sheet.records import Reading
from eventcode.codebook.xlsform.relevant import CannotTranslateError, Name, bounds, translate
from eventcode.codebook.xlsform.survey import read
from eventcode.pipeline.lint import check

NAMES = {
    "x": Name("x", "code"),
    "ys": Name("ys", "set"),
    "n": Name("n", "integer"),
    "t": Name("t", "string"),
    "Etype": Name("event_type", "code"),
}
HEAD = ["type", "name", "label", "hint", "required", "relevant", "constraint"]
CHOICES = [["list_name", "name", "label", "definition"], ["acts", "attack", "Attack", "Somebody attacks."], ["acts", "clash", "Clash", "Two fight."],
           ["arms", "gun", "Guns", None], ["arms", "none", "None", None]]  # fmt: skip


def form(
    survey: list[list[Any]],
    codes: str = "acts",
    choices: list[list[Any]] = CHOICES,
    language: str = "",
    **settings: str,
) -> Back:
    """What becomes of a form."""
    grids = {"survey": grid("survey", [HEAD, *survey]), "choices": grid("choices", choices)}
    grids["settings"] = grid("settings", [[*settings], [*settings.values()]])
    return read(grids, Wishes("mine"), codes, language, Reading(form=True), opened)


# ── conditions ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("xpath", "sql"),
    [
        ("${x} = 'a'", "x = 'a'"),
        ('${x}="a"', "x = 'a'"),
        ("'a' = ${x}", "x = 'a'"),
        ("3 < ${n}", "n > 3"),
        ("${x} != 'a'", "(x is null or x <> 'a')"),
        ("${x} != ''", "x is not null"),
        ("${x} = ''", "x is null"),
        ("${x} = 1", "x = '1'"),
        ("${n} >= -1", "n >= -1"),
        ("${Etype} = 'a''b'", None),
        ("${x} = 'a' and selected(${ys}, 'b')", "x = 'a' and coalesce(list_contains(ys, 'b'), false)"),
        ("selected(${x}, 'a') or ${n} > 2", "(x = 'a' or n > 2)"),
        ("not(selected(${ys}, 'b'))", "not coalesce(list_contains(ys, 'b'), false)"),
        ("not(${x} = 'a')", "not coalesce(x = 'a', false)"),
        ("(${x} = 'a' or ${x} = 'b') and ${Etype} = '010'", "(x = 'a' or x = 'b') and event_type = '010'"),
        ("count-selected(${ys}) > 1", "coalesce(len(ys), 0) > 1"),
        ("${ys} = 'b'", "coalesce(list_contains(ys, 'b') and len(ys) = 1, false)"),
        ('${t} = "it\'s"', "t = 'it''s'"),
        ("true()", "true"),
    ],
)
def test_a_condition_is_translated(xpath: str, sql: str | None) -> None:
    if sql is None:
        with pytest.raises(CannotTranslateError):
            translate(xpath, NAMES)
    else:
        assert translate(xpath, NAMES) == sql


@pytest.mark.parametrize(
    ("xpath", "why"),
    [
        ("${z} = 'a'", "it asks for z, which is no field of the codebook"),
        ("today() > '2020'", "today() has no counterpart"),
        ("${x}", "x alone is no condition"),
        ("${x} =", "it ends too early"),
        ("(${x} = 'a'", "it ends too early"),
        ("${x} = 'a' 'b'", "''b'' is not understood"),
        ("${n} + 1 > 2", "'+' is not understood"),
        ("", "it ends too early"),
        ("(" * 500, "it is nested too deep"),
    ],
)
def test_a_condition_without_counterpart_says_why(xpath: str, why: str) -> None:
    with pytest.raises(CannotTranslateError) as caught:
        translate(xpath, NAMES)
    assert str(caught.value) == why


@pytest.mark.parametrize(
    ("constraint", "found"),
    [
        (". >= 0", {"minimum": 0}),
        (".>0 and .<=100", {"minimum": 1, "maximum": 100}),
        (". >= 0.5 and . <= 1", {"minimum": 0.5, "maximum": 1}),
        ("regex(., '[A-Z]{3}')", {"pattern": "[A-Z]{3}"}),
    ],
)
def test_a_constraint_becomes_bounds_or_a_pattern(constraint: str, found: dict[str, Any]) -> None:
    assert bounds(constraint, whole=True) == found


def test_an_open_bound_of_a_decimal_has_no_counterpart() -> None:
    with pytest.raises(CannotTranslateError, match=r"'\. > 0' is no bound and no pattern"):
        bounds(". > 0", whole=False)


# ── forms ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_questions_become_fields_with_section_condition_and_bounds() -> None:
    found = form([
        ["begin group", "g", "The attack", None, None, "${what} = 'attack'"], ["select_one acts", "what", "Which act?"],
        ["select_multiple arms", "Arms", "With which arms?", "As printed.", "yes"], ["integer", "dead", "How many died?", None, None, "selected(${Arms}, 'gun')", ". >= 0"],
        ["end group"],
    ])  # fmt: skip
    assert found.problems == []
    condition = "event_type = 'attack'"
    assert found.draft.fields == [
        {"name": "arms", "table": "codings", "label": "With which arms?", "question": "With which arms?", "type": "set", "help": "As printed.",
         "vocabulary": "arms", "section": "The attack", "required": True, "applies_if": condition, "level": "set"},
        {"name": "dead", "table": "codings", "label": "How many died?", "question": "How many died?", "type": "integer", "section": "The attack",
         "minimum": 0, "applies_if": f"{condition} and coalesce(list_contains(arms, 'gun'), false)", "level": "ratio"},
    ]  # fmt: skip
    assert [(code["code"], code["definition"]) for code in found.draft.event_types] == [
        ("attack", "Somebody attacks."),
        ("clash", "Two fight."),
    ]
    assert [v["id"] for v in found.draft.vocabularies] == ["arms"]


def test_what_has_no_counterpart_is_named() -> None:
    found = form([
        ["start", "start"], ["note", "hello", "Welcome"], ["calculate", "sum"], ["image", "pic", "Picture"], ["geopoint", "gps", "Where"],
        ["text", "who", "Who?", None, "${x}", "today() > 1", "string-length(.) < 5"], ["date", "date", "Day"], ["begin repeat", "r"], ["end repeat"],
    ])  # fmt: skip
    assert [line for line in chosen(found) if "fields" in line and "level" not in line] == [
        "TODO fields: calculate left out (sum)",
        "TODO fields.type: geopoint taken for string (gps)",
        "TODO fields.required: left out, since it is an expression: ${x} (who)",
        "TODO fields.minimum, maximum: left out: string-length(.) < 5 ('string-length(.) < 5' is no bound and no pattern) (who)",
        "TODO fields: repeats: asked once for each record (r)",
        "TODO fields.applies_if: left out: today() > 1 (today() has no counterpart); the question is put always (who)",
        "TODO fields: left to record@1.1.0, which asks it already: see that it means the same (date)",
        "fields: start left out: the journal of readings knows it (start)",
        "fields: note left out (hello)",
        "fields: image left out (pic)",
    ]


@pytest.mark.parametrize(
    ("survey", "said"),
    [
        (
            [["selct_one acts", "what", "What?"]],
            "survey!A2: the type 'selct_one acts' is unknown → did you mean 'select_one'?",
        ),
        ([["text", None, "What?"]], "survey!A2: name is empty → name the question"),
        (
            [["select_one weapons", "w", "Which?"]],
            "survey!A2: there is no list 'weapons' → write it on the sheet choices; there: acts, arms",
        ),
        ([["end group"]], "survey!A2: a group ends that has not begun → delete the row, or add begin_group"),
        (
            [["begin group", "g", "G"], ["text", "x", "X"]],
            "survey!A2: the group 'G' does not end → add a row of type end_group",
        ),
        (
            [["begin repeat", "r", "R"]],
            "survey!A2: the group 'R' does not end → add a row of type end_repeat",
        ),
        ([[None, "x", "X"]], "survey!B2: type is empty → fill it, or delete the row"),
    ],
)
def test_a_mistake_in_a_form_has_its_cell(survey: list[list[Any]], said: str) -> None:
    found = [f"{p.path}: {p.message} → {p.hint}" for p in form(survey).problems]
    assert [line[: len(said)] for line in found] == [said]


def test_a_list_that_is_not_there_cannot_be_the_event_types() -> None:
    assert [p.message for p in form([["text", "a", "A"]], codes="act").problems] == [
        "there is no list 'act' in the form"
    ]


@pytest.mark.parametrize(
    ("choices", "could"),
    [(CHOICES, "the lists of this form: acts, arms"), (CHOICES[:1], "this form has no list of choices")],
)
def test_a_form_without_event_types_is_refused_with_the_lists_that_they_could_be(
    choices: list[list[Any]], could: str
) -> None:
    found = form([["text", "a", "A"]], codes="", choices=choices)
    assert [(p.message, p.hint) for p in found.problems] == [
        (
            "the form does not say what its event types are",
            f"name the list of choices that they are with --codes LIST; {could}",
        )
    ]


def test_a_language_that_the_form_does_not_speak_is_refused() -> None:
    rows = [
        ["type", "name", "label::English (en)", "label::Spanish (es)"],
        ["text", "who", "Who?", "¿Quién?"],
    ]
    grids = {"survey": grid("survey", rows), "choices": grid("choices", CHOICES)}
    found = read(grids, Wishes("mine"), "acts", "French", Reading(form=True), opened)
    assert [(p.message, p.hint) for p in found.problems] == [
        ("the form has no language 'French'", "there: English (en), Spanish (es)")
    ]
    found = form([["text", "a", "A"]], language="French")
    assert [(p.message, p.hint) for p in found.problems] == [
        ("the form has no language 'French'", "its columns name no language: leave --language out")
    ]


def test_columns_of_a_form_cannot_be_renamed() -> None:
    grids = {"survey": grid("survey", [HEAD, ["text", "a", "A"]]), "choices": grid("choices", CHOICES)}
    found = read(grids, Wishes("mine"), "acts", "", Reading(("x",), form=True), opened)
    assert [p.message for p in found.problems] == [
        "--map and --ignore are for workbooks and lists of codes, and this is a form"
    ]


def test_the_language_is_chosen_and_the_others_are_named() -> None:
    rows = [["type", "name", "label::English (en)", "label::French (fr)"], ["text", "who", "Who?", "Qui ?"]]
    grids = {"survey": grid("survey", rows), "choices": grid("choices", CHOICES)}
    french = read(grids, Wishes("mine"), "acts", "French", Reading(form=True), opened)
    assert french.draft.fields[0]["question"] == "Qui ?"
    assert "survey.label::English (en): left out: another language" in chosen(french)


def test_a_form_is_told_from_a_workbook_and_becomes_a_codebook_that_passes_the_check(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["select_one acts", "what", "Which act?"],
        ["select_multiple arms", "arms", "Arms?", None, None, "${what} = 'attack'"],
    ]
    path = workbook(
        tmp_path / "form.xlsx",
        {
            "survey": rows,
            "choices": CHOICES,
            "settings": [["form_title", "form_id"], ["Attacks", "attacks-24"]],
        },
    )
    result = CliRunner().invoke(
        command,
        ["import", str(path), "--into", str(tmp_path / "codebook"), "--codes", "acts", "--act", "deed"],
    )
    assert (result.exit_code, result.exception) == (0, None)
    book = load(tmp_path / "codebook" / "attacks_24")
    assert (book.title, [*book.event_types], book.fields["codings", "arms"].applies_if) == (
        "Attacks",
        ["attack", "clash"],
        "event_type = 'attack'",
    )
    assert check(book.folder).errors == 0
