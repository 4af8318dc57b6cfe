"""Values that mean unknown: told by label and by number on import, listed, and never against what is said of the list."""

from __future__ import annotations

import pytest

from codebook_sheets import chosen, grid, opened, read
from eventcode.codebook.sheet.complete import Wishes
from eventcode.codebook.sheet.records import Reading
from eventcode.codebook.sheet.unknown import means_unknown
from eventcode.codebook.xlsform import survey

CODES = [["code", "label", "definition"], ["010", "Threaten", "Says that it will do harm."]]
TAKEN = "TODO vocabularies.missing_values: taken for no answer: take it out where it is one"


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ({"peace": "Peacefully", "99": "Cannot be told"}, ["99"]),
        ({"a": "A", "b": "Don't know", "c": "Not stated", "d": "Unknown (no source)", "e": "No answer"}, ["b", "c", "d", "e"]),
        ({"1": "Yes", "2": "No", "-99": "NR", "-9": "NA"}, ["-99", "-9"]),
        ({"1": "Low", "2": "High", "98": "x", "99": "y"}, ["98", "99"]),
        ({"1": "Yes", "2": "No", "8": "Don't know", "9": "Refused to say"}, ["8", "9"]),
        ({"1": "A", "2": "B", "99": "Other"}, []),
        ({"8": "Eighth", "9": "Ninth"}, []),
        ({"-10": "Worst", "-9": "Nearly", "0": "Even"}, []),
        ({"9": "Nine", "12": "Twelve"}, []),
        ({"unknown": "Perpetrator unknown", "known": "Known"}, ["unknown"]),
        ({"a": "An unknown actor attacks", "b": "B"}, []),
    ],
)  # fmt: skip
def test_a_value_means_unknown_by_its_label_or_by_a_number_apart(
    labels: dict[str, str], found: list[str]
) -> None:
    assert [value for value in labels if means_unknown(value, labels)] == found


def test_a_value_written_beside_a_field_that_means_unknown_is_listed() -> None:
    fields = [["label", "type", "values"], ["How it ended", "select one", "Peacefully; 99 = Cannot be told"]]
    found = read({"codes": CODES, "fields": fields})
    assert found.draft.vocabularies[0]["missing_values"] == ["99"]
    assert f"{TAKEN} (how_it_ended: 99 = Cannot be told)" in chosen(found)


@pytest.mark.parametrize(
    ("sheet", "rows"),
    [
        ("vocabularies", [["vocabulary", "title", "missing_values"], ["ended", "Ended", None]]),
        ("fields", [["name", "type", "vocabulary", "missing_values"], ["ended", "code", "ended", "99"]]),
    ],
)
def test_where_something_is_said_of_unknown_values_nothing_is_guessed(
    sheet: str, rows: list[list[str | None]]
) -> None:
    values = [["vocabulary", "value", "label"], ["ended", "1", "Well"], ["ended", "99", "Unknown"]]
    found = read({"codes": CODES, "values": values, sheet: rows})
    assert found.problems == []
    assert "missing_values" not in found.draft.vocabularies[0]
    assert not [line for line in chosen(found) if line.startswith(TAKEN)]


def test_the_choices_of_a_form_that_mean_unknown_are_listed() -> None:
    choices = [["list_name", "name", "label"], ["acts", "a", "Attack"], ["yn", "1", "Yes"], ["yn", "-99", "Don’t know"]]  # fmt: skip
    rows = [["type", "name", "label"], ["select_one yn", "hurt", "Hurt?"]]
    grids = {"survey": grid("survey", rows), "choices": grid("choices", choices)}
    found = survey.read(grids, Wishes("mine"), "acts", "", Reading(form=True), opened)
    assert found.draft.vocabularies[0]["missing_values"] == ["-99"]
    assert f"{TAKEN} (yn: -99 = Don’t know)" in chosen(found)
