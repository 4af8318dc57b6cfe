"""A codebook of one's own: laid out whole, and free of findings from the first minute."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eventcode.cli.codebook import command
from eventcode.codebook.load import load
from eventcode.codebook.same import differences
from eventcode.errors import CodebookError
from eventcode.pipeline import new_codebook
from eventcode.pipeline.lint import check


def run(*arguments: str) -> Result:
    """A `eventcode codebook` command."""
    return CliRunner().invoke(command, [*arguments])


def test_a_new_codebook_passes_the_check_without_a_finding(tmp_path: Path) -> None:
    made = new_codebook.new("strikes", tmp_path)
    assert made.files == ("CHANGELOG.md", "codebook.yaml", "events/010-protest.yaml", "examples/010-protest.yaml", "fields.yaml", "guidance.yaml",
                          "vocabularies/demand_on.yaml")  # fmt: skip
    book = load(made.folder)
    assert (book.id, book.uses, [*book.event_types]) == (
        "strikes",
        ("sourcing@1", "record@1"),
        ["010", "011", "012"],
    )
    assert check(made.folder).findings == ()


@pytest.mark.parametrize("like", ["disarmament", "plover", "ucdp"])
def test_a_codebook_like_another_holds_what_that_one_holds(like: str, tmp_path: Path) -> None:
    made = new_codebook.new("mine", tmp_path, like)
    book, other = load(made.folder), load(like)
    assert book.extends == f"{like}@1"
    assert (book.event_types.keys(), book.fields.keys(), book.rules.keys()) == (
        other.event_types.keys(),
        other.fields.keys(),
        other.rules.keys(),
    )
    assert check(made.folder, rule_examples=False).errors == 0


def test_an_entry_of_ones_own_takes_the_place_of_the_other(tmp_path: Path) -> None:
    made = new_codebook.new("mine", tmp_path, "disarmament")
    path = made.folder / "events" / "own.yaml"
    path.write_text(re.sub("(?m)^#  ", "  ", path.read_text().replace("event_types: []", "event_types:")))
    book, other = load(made.folder), load("disarmament")
    assert (
        book.event_types["011"].definition,
        other.event_types["011"].definition != "Your definition.",
    ) == ("Your definition.", True)


def test_a_code_made_from_the_template_has_a_number_for_stata_where_the_others_have_one(
    tmp_path: Path,
) -> None:
    text = {}
    for like in ("disarmament", "plover"):
        path = new_codebook.new(f"my_{like}", tmp_path, like).folder / "events" / "own.yaml"
        text[like] = path.read_text()
        numbered = any(kind.stata_value is not None for kind in load(like).event_types.values())
        assert ("#    stata_value:" in text[like]) == numbered
        own = re.sub("(?m)^#  ", "  ", text[like].replace("event_types: []", "event_types:"))
        own = re.sub('code: ".*"', 'code: "own"', re.sub("name: .*", "name: own", own))
        path.write_text(own)
        found = check(tmp_path / f"my_{like}", rule_examples=False).findings
        assert [f.message for f in found if f.rule == "lint.stata-value"] == []
    assert "#    stata_value:" in text["disarmament"]


def test_a_copy_is_the_whole_codebook_under_another_name(tmp_path: Path) -> None:
    made = new_codebook.new("mine", tmp_path, "disarmament", copy=True)
    assert differences(load("disarmament"), load(made.folder)) == ["id", "version"]
    assert "# Threats, ultimatums" in (made.folder / "examples" / "010-threaten.yaml").read_text()


@pytest.mark.parametrize(
    ("name", "like", "copy", "said"),
    [
        ("Strikes", None, False, "'Strikes' is no name for a codebook"),
        ("../x", None, False, "'../x' is no name for a codebook"),
        ("plover", None, False, "there is a codebook 'plover' already"),
        ("mine", "plovr", False, "no codebook 'plovr'"),
        ("mine", "sourcing", False, "sourcing is a module and has no event types"),
        ("mine", None, True, "nothing to copy"),
    ],
)
def test_a_bad_wish_is_refused(name: str, like: str | None, copy: bool, said: str, tmp_path: Path) -> None:
    with pytest.raises(CodebookError) as caught:
        new_codebook.new(name, tmp_path, like, copy=copy)
    assert (caught.value.message, [*tmp_path.iterdir()]) == (said, [])


def test_a_folder_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(CodebookError, match="there is a codebook 'mine' already"):
        new_codebook.new("mine", tmp_path)


def test_the_command_lists_the_files_and_says_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("new", "strikes")
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "  codebook/strikes/CHANGELOG.md"
    assert result.output.splitlines()[-1] == "→ eventcode codebook check codebook/strikes"
    assert run("check", "codebook/strikes").exit_code == 0


def test_what_only_forms_have_is_refused_for_lists(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("code,label\n010,Threaten\n")
    result = run("import", str(tmp_path / "list.csv"), "--codes", "acts")
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        2,
        "Error: --codes and --language are for forms, and this file has no sheet survey",
    )
    result = run("import", str(tmp_path / "list.csv"), "--map", "score")
    assert (result.exit_code, result.output.splitlines()[-1]) == (2, "Error: 'score' is not THEIRS=OURS")


def test_the_report_is_printed_and_kept(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("code,label\n010,Threaten\n")
    result = run("import", str(tmp_path / "list.csv"), "--name", "mine", "--into", str(tmp_path))
    assert (result.exit_code, result.output.splitlines()[0]) == (0, f"{tmp_path}/mine: 3 files")
    assert (
        "  TODO codes.act: mixed: say of each whether it is a word or a deed (010)"
        in result.output.splitlines()
    )
    assert (
        "- [ ] codes.act: mixed: say of each whether it is a word or a deed (010)"
        in (tmp_path / "mine" / "TODO.md").read_text()
    )
