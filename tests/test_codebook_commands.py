"""`eventcode codebook`, as a user at a terminal meets it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eventcode.cli import group
from eventcode.errors import CodebookError
from tiny_codebook import Files, files, write


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is in no project, and a terminal of 100 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(group, ["codebook", *words])


def answer(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*words: str) -> str:
    result = run(*words)
    assert isinstance(result.exception, CodebookError)
    return str(result.exception)


@pytest.fixture
def project(elsewhere: Path) -> Path:
    """A project with a codebook of its own that its one dataset uses."""
    (elsewhere / "datasets").mkdir()
    write(elsewhere / "codebook", alone())
    return elsewhere


def alone() -> Files:
    """The tiny codebook without its crosswalk, which leads to another."""
    return {path: content for path, content in files().items() if not path.startswith("crosswalks")}


# ── check ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_sound_codebook_passes(project: Path) -> None:
    result = run("check", "tiny", "--strict")

    assert result.exit_code == 0
    assert result.stdout.startswith("0 errors, 0 warnings, 0 waived, 0 flags; ")


def spoil(project: Path) -> None:
    found = alone()
    found["events/all.yaml"]["event_types"][0]["excludes"][0]["see"] = "022"
    write(project / "codebook", found)


def test_a_fault_is_told_with_place_rule_and_remedy_and_exit_code_1(project: Path) -> None:
    spoil(project)

    result = run("check", "tiny", "--no-rules")

    assert result.exit_code == 1
    assert (
        "codebook/tiny/events/all.yaml:2  event_types[0]  [010]\n"
        "  lint.excludes-see: code 010 points to '022', which does not exist\n"
        "  → did you mean '020'?\n"
    ) in result.stdout
    assert result.stdout.splitlines()[-1].startswith("1 error, 0 warnings, 0 waived")


def test_warnings_count_only_when_asked_for(project: Path) -> None:
    found = files()
    del found["fields.yaml"]["fields"][4]["scale"]
    write(project / "codebook", found)

    assert run("check", "tiny", "--no-rules").exit_code == 0
    assert run("check", "tiny", "--no-rules", "--strict").exit_code == 1


def test_findings_come_as_json_csv_and_github_annotations(project: Path) -> None:
    spoil(project)

    rows = json.loads(run("check", "--no-rules", "--format", "json").stdout)
    table = list(csv.DictReader(io.StringIO(run("check", "--no-rules", "--format", "csv").stdout)))
    notes = run("check", "--no-rules", "--format", "github").stdout.splitlines()

    [error] = [row for row in rows if row["severity"] == "error"]
    assert (error["rule"], error["table"], error["key"], error["line"]) == (
        "lint.excludes-see",
        "codes",
        "010",
        2,
    )
    assert [row["rule"] for row in table] == [row["rule"] for row in rows]
    assert (
        "::error file=codebook/tiny/events/all.yaml,line=2,title=lint.excludes-see::"
        "code 010 points to '022', which does not exist → did you mean '020'?"
    ) in notes


def test_a_codebook_that_does_not_load_is_reported_in_every_format(project: Path) -> None:
    found = files()
    found["events/all.yaml"]["event_types"][1]["parent"] = "101"
    write(project / "codebook", found)

    result = run("check", "tiny", "--format", "github")

    assert result.exit_code == 1
    assert result.stdout == (
        "::error file=codebook/tiny/events/all.yaml,line=19,title=lint.loads::"
        "code 011: its parent '101' does not exist → did you mean '011'?\n"
    )


def test_a_codebook_that_is_not_there_is_an_error() -> None:
    assert refused("check", "disarmement") == "no codebook 'disarmement'\n  → did you mean 'disarmament'?"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sourcing", "disarmament", "maverick"])
def test_the_bundled_codebooks_pass_with_every_example_of_every_rule(name: str) -> None:
    assert run("check", name, "--strict").exit_code == 0


# ── show ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words", [("disarmament:072",), ("072", "--codebook", "disarmament"), ("072",), ("dismantle_base",)]
)
def test_a_code_is_shown_by_any_of_its_names(words: tuple[str, ...]) -> None:
    shown = answer("show", *words)

    assert shown.startswith("072  Dismantle a base or headquarters ")
    assert "    – destroyed or damaged by an enemy → 112 Destroy or damage a site\n" in shown
    assert "  Intensity     +6 on a scale from -10 to 10: Progress of disarmament, edition 1.0\n" in shown
    assert "\n  Do not confuse with\n" in shown
    assert "    cameo 1.1b3     0873 (broad)\n" in shown


@pytest.mark.parametrize(
    "item",
    ["072", "010", "130", "event_type", "country", "date", "source", "sourcing.part-of-smaller", "D4", "R12",
     "irq.kataib_hezbollah", "usa", "actor_kind", "codings.realis-fits-code", "lint.not-stated", "disarmament"],
)  # fmt: skip
def test_no_page_is_wider_than_100_columns_or_ends_a_line_in_space(item: str) -> None:
    for line in (
        answer("show", item, "--codebook", "disarmament").splitlines()
        if item != "disarmament"
        else answer("show", item).splitlines()
    ):
        assert len(line) <= 100
        assert line == line.rstrip()


def test_a_rule_is_shown_with_its_reason_its_sql_and_its_examples() -> None:
    shown = answer("show", "sourcing.anonymous-has-name")

    assert (
        "A name beside the word anonymous is either a wrong identity or a person exposed by mistake." in shown
    )
    assert "  Remedy        clear source_name, or set identity to 'named'\n" in shown
    assert "    when    identity = 'anonymous'\n    require source_name is null\n" in shown
    assert (
        "  Fails for\n    – {identity: anonymous, source_name: Ali Hasan, source_descriptor: the mayor}\n"
        in shown
    )


def test_a_rule_that_nobody_wrote_is_shown_too() -> None:
    shown = answer("show", "codings.realis-fits-code")

    assert "Says          code {event_type} cannot be '{realis}'" in shown
    assert "compiled from the codebook's fields and codes" in shown


def test_a_line_of_the_linter_is_shown() -> None:
    assert "Asks that     no two codes are one number, as 010 and 10 are" in answer(
        "show", "lint.codes-collide"
    )


def test_a_field_is_shown_with_its_values_and_a_name_in_two_tables_with_both() -> None:
    assert "    occurred  Occurred. The text reports the act as done, or, for a word, as said.\n" in answer(
        "show", "realis"
    )
    assert "  If not told   empty, with date_missing one of not_stated, cannot_tell\n" in answer(
        "show", "date_missing"
    )


def test_an_actor_is_found_by_id_name_and_alias() -> None:
    for name in ("irn.irgc", "IRGC", "Revolutionary Guards"):
        assert answer("show", name).startswith("irn.irgc  Islamic Revolutionary Guard Corps ")


def test_a_codebook_without_an_item_is_shown_as_a_whole() -> None:
    shown = answer("show", "sourcing")

    assert shown.startswith("sourcing  Who told the reporter ")
    assert "39 rules" in shown


def test_an_unknown_item_is_refused_with_what_was_meant() -> None:
    assert refused("show", "0722") == (
        "disarmament@1.0.1 has no code, field, rule, vocabulary, guidance or actor '0722'\n  → did you mean '072'?"
    )
    assert refused("show", "zzzzzz").endswith('→ look for it: eventcode codebook search "zzzzzz"')


def test_two_codebooks_at_once_are_a_mistake_in_usage() -> None:
    assert run("show", "disarmament:072", "--codebook", "maverick").exit_code == 2


# ── tree, search, schema, list, fields ────────────────────────────────────────────────────────────────────────────────


def test_the_tree_shows_label_act_and_intensity() -> None:
    assert answer("tree", "disarmament", "070").splitlines()[:3] == [
        "070  Dismantle or withdraw               deed    +5.0",
        "  071  Vacate a site                     deed    +4.0",
        "  072  Dismantle a base or headquarters  deed    +6.0",
    ]
    assert len(answer("tree").splitlines()) == 70
    assert answer("tree", "070") == answer("tree", "disarmament", "070")
    assert answer("tree", "sourcing") == "sourcing@1.0.0 is a module and has no event types of its own\n"


def test_an_unknown_code_of_the_tree_is_refused() -> None:
    assert "did you mean" in refused("tree", "disarmament", "0700")


def test_words_are_found_where_they_are_meant() -> None:
    first = answer("search", "dismantled", "headquarters").splitlines()

    assert first[0] == "code     072  Dismantle a base or headquarters"
    assert first[1].startswith(
        "         dismantled its base, dismantled its headquarters, began dismantling its"
    )


def test_a_search_that_finds_nothing_says_so_and_exits_1() -> None:
    result = run("search", "zzqq")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "nothing in disarmament@1.0.1 speaks of 'zzqq'\n"


def test_hits_come_as_json_with_a_limit() -> None:
    hits = json.loads(answer("search", "pull-out", "--format", "json", "--limit", "2"))

    assert len(hits) == 2
    assert hits[0]["key"] == "075"


def test_the_schema_is_json_and_the_strict_one_knows_the_codes() -> None:
    loose, strict = (json.loads(answer("schema", "disarmament", *more)) for more in ([], ["--strict"]))

    def code_of(schema: dict[str, object]) -> object:
        return schema["properties"]["codings"]["items"]["properties"]["event_type"].get("enum")  # type: ignore[index,call-overload]

    assert loose["title"] == "A reading under disarmament@1.0.1"
    assert code_of(loose) is None
    assert "072" in code_of(strict)  # type: ignore[operator]


def test_the_codebooks_at_hand_are_listed_a_broken_one_too(project: Path) -> None:
    (project / "codebook/tiny/fields.yaml").write_text("fields: 1\n")

    rows = {row["codebook"]: row for row in json.loads(answer("list", "--format", "json"))}

    assert rows["disarmament"]["codes"] == 66
    assert rows["sourcing"]["kind"] == "module"
    assert rows["tiny"]["title"] == "cannot be used: codebook/tiny cannot be used: 1 problem"


def test_fields_are_listed_with_what_is_asked() -> None:
    lines = answer("fields", "disarmament").splitlines()
    rows = json.loads(answer("fields", "disarmament", "--format", "json"))

    assert "codings.realis               code     nominal       always         5 values" in lines
    assert len(rows) == len(lines) - 1
    assert max(map(len, lines)) <= 100


# ── which codebook is meant ───────────────────────────────────────────────────────────────────────────────────────────


def test_outside_a_project_the_bundled_one_is_meant() -> None:
    assert "disarmament@1.0.1" in answer("show").splitlines()[0]


def test_in_a_project_its_own_codebook_is_meant(project: Path) -> None:
    assert "tiny@1.2.0" in answer("show").splitlines()[0]
    assert answer("show", "011").startswith("011  Give an ultimatum ")


def test_a_codebook_of_the_project_wins_over_the_bundled_one_of_that_name(project: Path) -> None:
    found = files()
    found["codebook.yaml"] |= {"id": "disarmament", "title": "Ours"}
    write(project / "codebook", found, "disarmament")

    assert "Ours" in answer("show", "disarmament").splitlines()[0]


def test_a_path_names_a_codebook_too(elsewhere: Path) -> None:
    home = write(elsewhere, files())

    assert answer("tree", str(home), "020") == "020  Leave  deed    +5.0\n"
