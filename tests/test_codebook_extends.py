"""A codebook that extends another: what it takes over, puts in its place and removes, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventcode.codebook.load import load
from eventcode.errors import CodebookError
from eventcode.model import Codebook
from eventcode.pipeline import lint
from tiny_codebook import Files, field, files, write


def extension(**card: object) -> Files:
    """A codebook `mine` that extends `tiny`."""
    base = {
        "id": "mine",
        "title": "Mine",
        "version": "1.0.0",
        "kind": "codebook",
        "licence": "MIT",
        "description": "Ours.",
    }
    return {"codebook.yaml": {**base, "extends": "tiny@1", **card}}


def extended(folder: Path, found: Files) -> Codebook:
    write(folder, files())
    return load(write(folder, found, "mine"), [folder])


def refused(folder: Path, found: Files) -> list[tuple[str, str]]:
    with pytest.raises(CodebookError) as caught:
        extended(folder, found)
    return [(problem.message, problem.hint) for problem in caught.value.problems]


def test_everything_of_the_base_is_there_and_the_digest_covers_it(tmp_path: Path) -> None:
    mine = extended(tmp_path, extension())
    tiny = load("tiny", [tmp_path])

    assert mine.event_types == tiny.event_types
    assert (mine.fields, mine.rules, mine.examples, mine.crosswalks) == (
        tiny.fields,
        tiny.rules,
        tiny.examples,
        tiny.crosswalks,
    )
    assert mine.scales == tiny.scales
    before = mine.digest
    write(
        tmp_path, files() | {"guidance.yaml": {"guidance": [{"id": "G9", "title": "New", "text": "Read."}]}}
    )
    assert load("mine", [tmp_path]).digest != before


def test_an_own_entry_takes_the_place_of_the_inherited_one_whole(tmp_path: Path) -> None:
    found = extension()
    found["events/own.yaml"] = {
        "defaults": {"act": "word", "realis": ["occurred"]},
        "event_types": [
            {"code": "010", "name": "menace", "label": "Menace", "definition": "Ours."},
            {"code": "012", "name": "insult", "label": "Insult", "definition": "New.", "parent": "010"},
        ],
    }
    found["examples/own.yaml"] = {
        "examples": [{"name": "left", "text": "Gone.", "expect": [{"event_type": "020"}]}]
    }
    mine = extended(tmp_path, found)

    assert [*mine.event_types] == ["010", "011", "020", "030", "012"]
    assert (mine.event_types["010"].label, mine.event_types["010"].intensity) == ("Menace", None)
    assert [example.text for example in mine.examples if example.name == "left"] == ["Gone."]


def test_what_is_removed_goes_with_the_examples_and_crosswalk_rows_that_speak_of_it(tmp_path: Path) -> None:
    mine = extended(
        tmp_path,
        extension(removes={"event_types": ["011"], "fields": ["codings.extent"], "guidance": ["G2"]}),
    )

    assert "011" not in mine.event_types
    assert ("codings", "extent") not in mine.fields
    assert [entry.id for entry in mine.guidance] == ["G1"]
    assert "by noon" not in [example.name for example in mine.examples]
    assert "011" not in [row.code for row in mine.crosswalks]


def test_what_is_removed_must_be_there(tmp_path: Path) -> None:
    found = extension(removes={"event_types": ["0111"], "fields": ["codings.extents"], "examples": ["lift"]})

    assert refused(tmp_path, found) == [
        ("there is no code '0111' to remove", "did you mean '011'?"),
        ("there is no field 'codings.extents' to remove", "did you mean 'codings.extent'?"),
        ("there is no example 'lift' to remove", "did you mean 'left'?"),
    ]


def test_two_own_entries_of_one_code_are_refused_also_where_the_base_has_it(tmp_path: Path) -> None:
    found = extension()
    one = {
        "code": "010",
        "name": "menace",
        "label": "Menace",
        "definition": "Ours.",
        "act": "word",
        "realis": ["occurred"],
    }
    found["events/own.yaml"] = {"event_types": [one, {**one, "definition": "Ours too."}]}

    [(message, _)] = refused(tmp_path, found)
    assert message == "the code '010' is defined twice"


def test_a_circle_of_extensions_is_refused(tmp_path: Path) -> None:
    spoilt = files()
    spoilt["codebook.yaml"]["extends"] = "mine@1"
    write(tmp_path, extension(), "mine")

    with pytest.raises(CodebookError) as caught:
        load(write(tmp_path, spoilt), [tmp_path])
    assert caught.value.problems[0].message == "'tiny@1' leads back to itself: tiny → mine → tiny"


def test_a_base_of_another_version_is_refused(tmp_path: Path) -> None:
    [(message, hint)] = refused(tmp_path, extension(extends="tiny@2"))

    assert message == "tiny@2 is wanted, 1.2.0 is here"
    assert hint == "write tiny@1.2.0, and see its CHANGELOG for what changed"


def test_an_extension_of_a_bundled_standard_passes_the_linter(tmp_path: Path) -> None:
    folder = write(tmp_path, extension(extends="plover@1"), "mine")

    assert [
        found for found in lint.check(folder, [tmp_path], rule_examples=False).findings if not found.waived
    ] == []


def test_what_is_left_of_a_standard_after_removing_a_mode_passes_the_linter(tmp_path: Path) -> None:
    card = extension(extends="plover@1", removes={"event_types": ["PROTEST.boycott"]})
    folder = write(tmp_path, card, "mine")

    assert [
        found for found in lint.check(folder, [tmp_path], rule_examples=False).findings if not found.waived
    ] == []
    mine = load(folder, [tmp_path])
    assert all("PROTEST.boycott" not in example.not_ for example in mine.examples)
    borders = [exclude for kind in mine.event_types.values() for exclude in kind.excludes]
    assert "PROTEST.boycott" not in {border.see for border in borders}


def test_removing_a_root_and_not_what_is_below_is_one_problem_with_the_codes(tmp_path: Path) -> None:
    assert refused(tmp_path, extension(removes={"event_types": ["010"]})) == [
        (
            "'010' is removed, and the codes below it stay",
            "remove them too, or give them another parent in events/: 011",
        )
    ]


def test_removes_without_extends_is_refused(tmp_path: Path) -> None:
    found = files()
    found["codebook.yaml"]["removes"] = {"event_types": ["010"]}

    with pytest.raises(CodebookError) as caught:
        load(write(tmp_path, found))
    [problem] = caught.value.problems
    assert (problem.message, problem.hint) == (
        "'removes' stands without 'extends'",
        "add extends:, or take removes: out",
    )


def test_a_module_never_takes_the_place_of_what_is_inherited(tmp_path: Path) -> None:
    module = {
        "codebook.yaml": {
            "id": "told",
            "title": "Told",
            "version": "1.0.0",
            "kind": "module",
            "licence": "MIT",
            "description": "Who.",
        },
        "fields.yaml": {"fields": [field("n_sites", "integer", "ratio")]},
    }
    write(tmp_path, module, "told")

    [(message, _)] = refused(tmp_path, extension(uses=["told@1"]))
    assert message == "the field 'codings.n_sites' is defined twice"


def test_defaults_of_an_events_file_are_given_to_every_entry_that_does_not_say_otherwise(
    tmp_path: Path,
) -> None:
    found = files()
    events = found["events/all.yaml"]
    events["defaults"] = {"act": "deed", "realis": ["occurred"], "requires": ["recipient"]}
    events["event_types"].append(
        {"code": "040", "name": "go", "label": "Go", "definition": "Going.", "stata_value": 40}
    )
    tiny = load(write(tmp_path, found))

    assert (tiny.event_types["040"].act, tiny.event_types["040"].requires) == ("deed", ("recipient",))
    assert (tiny.event_types["010"].act, tiny.event_types["010"].requires) == ("word", ("actor",))


def test_an_event_type_without_act_and_realis_is_refused_with_the_two_ways_out(tmp_path: Path) -> None:
    found = files()
    del found["events/all.yaml"]["event_types"][0]["act"]

    with pytest.raises(CodebookError) as caught:
        load(write(tmp_path, found))
    [problem] = caught.value.problems
    assert (problem.message, problem.hint) == (
        "'act' is missing",
        "add act: to the entry, or to defaults: at the head of the file",
    )
    assert (problem.line, problem.path) == (2, "event_types[0]")
