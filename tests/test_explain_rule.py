"""`eventcode check --explain`: what a rule asks, why, where it comes from, its examples, and what it finds here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eventcode.bundled import codebook_folder
from eventcode.checks import reasons
from eventcode.checks.surface.rules import RULES as SURFACE
from eventcode.cli import group
from eventcode.codebook.load import load, names
from eventcode.errors import CodebookError
from eventcode.pipeline import rules
from tiny_project import reading

BOOKS = names([codebook_folder()])


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """A folder that belongs to no project."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: object) -> Result:
    """`eventcode check`."""
    return CliRunner().invoke(group, ["check", *map(str, words)], env={"COLUMNS": "100"})


def test_a_written_rule_is_told_in_words_and_sql_with_its_reason_its_place_and_its_examples():
    result = run("--explain", "sourcing.anonymous-has-name")
    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    for part in (
        "A name beside the word anonymous is either a wrong identity or a person exposed by mistake.",
        "Severity error About sources, column source_name",
        "Says the source is anonymous but source_name is '{source_name}'",
        "Remedy clear source_name, or set identity to 'named'",
        "Comes from codebook/sourcing/rules.yaml:",
        "Asked of sources where: identity = 'anonymous' Must hold: source_name is null",
        "Finds, as SQL SELECT * FROM sources AS self WHERE",
        "Holds for – {identity: anonymous, source_descriptor: a senior officer}",
        "Fails for – {identity: anonymous, source_name: Ali Hasan",
    ):
        assert part in said


def test_a_generated_rule_says_which_field_it_follows_from():
    said = run("--explain", "codings.realis-code", "--codebook", "disarmament").stdout
    assert "Comes from    follows from the field codings.realis (codebook/record/fields.yaml:" in said
    assert "Asked of codings where: realis IS NOT NULL\n" in said


def test_a_set_rule_is_told_in_words():
    said = run("--explain", "codings.key-unique", "--codebook", "disarmament").stdout
    assert "No two rows have the same coding_id.\n" in said
    assert "follows from the tables that every codebook has" in said


@pytest.mark.parametrize("name", BOOKS)
def test_every_rule_can_be_explained(name):
    book = load(name)
    for rule in rules.rules_of(book).values():
        assert rules.words(rule) or rule.kind in (reasons.STAGE, "surface"), rule.id
        assert rules.origin(rule, book), rule.id


@pytest.mark.parametrize("name", [*reasons.OTHER][:3] + [*SURFACE][:3])
def test_what_no_rule_of_a_codebook_finds_is_explained_too(name):
    result = run("--explain", name)
    assert result.exit_code == 0, result.exception
    assert result.stdout.splitlines()[0] == name
    assert "\n  Says " in result.stdout
    assert "Asks" not in result.stdout  # what it says is all that there is to tell


def test_a_slip_in_the_id_is_answered_with_what_is_spelled_alike():
    result = run("--explain", "sourcing.anonymous-has-nam")
    assert isinstance(result.exception, CodebookError)
    assert str(result.exception) == (
        "no codebook has a rule 'sourcing.anonymous-has-nam'\n  → did you mean 'sourcing.anonymous-has-name'?"
    )
    other = run("--explain", "maverick.party-twins", "--codebook", "disarmament")
    assert str(other.exception).startswith("disarmament@1.")


def test_a_rule_of_another_codebook_at_hand_is_found_by_its_id():
    assert "maverick@" in run("--explain", "maverick.party-twins").stdout.splitlines()[0]


def test_with_a_target_it_tells_what_the_rule_finds_there():
    plain = reading()
    plain["codings"][0]["event_type"] = "099"
    Path("bad.jsonl").write_text(json.dumps(plain), "utf-8")
    result = run("bad.jsonl", "--codebook", "disarmament", "--explain", "codings.event_type-code")
    assert result.exit_code == 0
    said = result.stdout.partition("In bad.jsonl\n")[2]
    assert said == (
        "    asked of 2 rows: 1 found, 0 waived, 1 passed, 0 unknown\n"
        "    bad.jsonl:1  codings[0].event_type  [agency-2025-05-03/anna/e1]\n"
        "      '099' is no value of event_type\n"
    )
    away = run("bad.jsonl", "--codebook", "disarmament", "--explain", "events.key-unique")
    assert away.stdout.endswith("In bad.jsonl\n    not asked: what it is about is not there\n")


def test_of_a_raw_file_it_tells_how_often_it_was_asked_for_that_is_not_once_a_row():
    from foreign_cases import ACLED, put

    put(Path(), "a.csv", [ACLED, {**ACLED, "event_id_cnty": "VEL2", "location": "LISANE"}])
    said = run("a.csv", "--as", "acled", "--explain", "file.case-twins").stdout.partition("In a.csv\n")[2]
    assert re.match(r"    asked [0-9]+ times: 1 found, 0 waived", said)
