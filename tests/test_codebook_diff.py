"""What changed between two versions of a codebook, and the bump that is owed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from eventcode.cli import group
from eventcode.codebook import changes
from eventcode.codebook.diff import diff
from eventcode.codebook.load import load
from tiny_codebook import Files, code, field, files, write
from tiny_parts import actors, codes, examples, fields, rule, terms

Told = tuple[str, str, str, str]  # level, kind, what, key


def compared(folder: Path, change: Callable[[Files], object]) -> list[changes.Change]:
    new = files()
    change(new)
    return [*diff(load(write(folder / "old", files())), load(write(folder / "new", new)))]


def split(found: Files) -> None:
    del codes(found)[1]
    codes(found).extend(
        [
            code("012", "a", "Short ultimatum", "word", "010"),
            code("013", "b", "Long ultimatum", "word", "010"),
        ]
    )
    examples(found).pop(1)
    for example in examples(found):
        example["not"] = [one for one in example.get("not", []) if one != "011"]
    found["crosswalks/other.csv"] = found["crosswalks/other.csv"].replace("011,other,1,13,broad,\n", "")
    fields(found)[3]["applies_if"] = "type.code = '012'"
    found["migrations/1.3.0.yaml"] = {
        "since": "1.0.0", "to": "1.3.0", "steps": [{"do": "split_code", "of": "011", "to": ["012", "013"], "why": "By length."}],
    }  # fmt: skip


CHANGES: list[tuple[str, Callable[[Files], object], list[Told]]] = [
    ("nothing", lambda f: None, []),
    ("another order of the files", lambda f: codes(f).reverse(), []),
    ("a new code", lambda f: codes(f).append(code("040", "go", "Go", "deed")), [("minor", "added", "code", "040")]),
    ("a code moved", lambda f: codes(f)[1].update(parent="020"), [("major", "moved", "code", "011")]),
    ("a label", lambda f: codes(f)[0].update(label="Menace"), [("patch", "reworded", "code", "010")]),
    ("a definition said anew", lambda f: codes(f)[0].update(definition="Harm is announced by whom it may concern."),
     [("major", "redefined", "code", "010")]),
    ("a definition with other punctuation", lambda f: codes(f)[0].update(definition="Threaten as told"), []),
    ("what may be", lambda f: codes(f)[0].update(realis=["occurred"]), [("major", "redefined", "code", "010")]),
    ("what is required", lambda f: codes(f)[0].update(requires=[]), [("major", "redefined", "code", "010")]),
    ("an exclude gone", lambda f: codes(f)[0].update(excludes=[]), [("major", "redefined", "code", "010")]),
    ("an include more", lambda f: codes(f)[0].update(includes=["by letter"]), [("patch", "reworded", "code", "010")]),
    ("a new field", lambda f: fields(f).append(field("note", "string", "text")), [("minor", "added", "field", "codings.note")]),
    ("a new required field", lambda f: fields(f).append(field("note", "string", "text", required=True)),
     [("major", "added", "field", "codings.note")]),
    ("a field gone", lambda f: fields(f).pop(4), [("major", "removed", "field", "codings.extent")]),
    ("a question", lambda f: fields(f)[4].update(question="How much?"), [("patch", "reworded", "field", "codings.extent")]),
    ("a bound", lambda f: fields(f)[5].update(maximum=9), [("major", "redefined", "field", "codings.n_sites")]),
    ("a field now required", lambda f: fields(f)[4].update(required=True), [("major", "redefined", "field", "codings.extent")]),
    ("a value more", lambda f: terms(f, "extent").append({"value": "none", "label": "None"}), [("minor", "added", "value", "extent/none")]),
    ("a value gone", lambda f: terms(f, "setting").pop(1), [("major", "removed", "value", "setting/private")]),
    ("a rule", lambda f: rule(f).update(require="n_sites >= 1"), [("minor", "redefined", "rule", "tiny.some-sites")]),
    ("a message", lambda f: rule(f).update(hint="mend it"), [("patch", "reworded", "rule", "tiny.some-sites")]),
    ("an exclude to another code", lambda f: codes(f)[0].update(excludes=[{"text": "done", "see": "030"}]),
     [("major", "redefined", "code", "010")]),
    ("an exclude said better", lambda f: codes(f)[0].update(excludes=[{"text": "Done.", "see": "020"}]),
     [("patch", "reworded", "code", "010")]),
    ("the scale turned", lambda f: f["codebook.yaml"]["scales"]["intensity"].update(direction="Down is calmer."),
     [("major", "redefined", "scale", "intensity")]),
    ("an actor's country", lambda f: actors(f)[0].update(country="IRN"), [("minor", "redefined", "actor", "gov")]),
    ("a match", lambda f: f.update({"crosswalks/other.csv": f["crosswalks/other.csv"].replace("010,other,1,13,exact", "010,other,1,13,close")}),
     [("minor", "redefined", "crosswalk", "010 → other@1")]),
    ("what means unknown", lambda f: f["vocabularies/setting.yaml"].update(missing_values=["unknown"]),
     [("major", "redefined", "vocabulary", "setting")]),
    ("the order of a list", lambda f: terms(f, "extent").reverse(), [("minor", "moved", "vocabulary", "extent")]),
    ("a date phrase", lambda f: f.update({"dates.yaml": {"phrases": [{"phrase": "today", "start": "P", "end": "P", "precision": "1"}]}}),
     [("minor", "added", "date phrase", "today")]),
    ("the licence", lambda f: f["codebook.yaml"].update(licence="CC0-1.0"), [("patch", "reworded", "page", "licence")]),
    ("an actor gone", lambda f: actors(f).pop(0), [("major", "removed", "actor", "gov")]),
    ("an example", lambda f: examples(f)[2].update(text="They have left."), [("patch", "reworded", "example", "left")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "told"), CHANGES, ids=[name for name, _, _ in CHANGES])
def test_a_change_is_told_with_its_level(
    tmp_path: Path, name: str, change: Callable[[Files], object], told: list[Told]
) -> None:
    found = compared(tmp_path, change)

    assert [(one.level, one.kind, one.what, one.key) for one in found] == told


def test_a_split_names_the_codes_and_the_reason_of_its_migration(tmp_path: Path) -> None:
    [change] = [one for one in compared(tmp_path, split) if one.kind == "split"]

    assert (change.level, change.key, change.after, change.note) == ("major", "011", "012, 013", "By length.")


def test_a_code_that_is_gone_without_a_migration_is_a_guess_and_says_so(tmp_path: Path) -> None:
    def renumber(found: Files) -> None:
        split(found)
        del found["migrations/1.3.0.yaml"]
        codes(found)[-1].update(name="give_an_ultimatum")

    [change] = [one for one in compared(tmp_path, renumber) if one.key == "011"]
    assert (change.kind, change.after, change.note) == ("renamed", "013", "a guess: no migration says so")


@pytest.mark.parametrize(
    ("old", "level", "owed"),
    [
        ("1.2.3", "none", "1.2.3"),
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "major", "2.0.0"),
        ("1.9.9", "patch", "1.9.10"),
    ],
)
def test_the_version_that_is_owed(old: str, level: str, owed: str) -> None:
    assert changes.bumped(old, level) == owed
    assert changes.enough(old, owed, level)


def test_the_command_fails_where_the_version_does_not_own_up(tmp_path: Path) -> None:
    new = files()
    codes(new)[0].update(realis=["occurred"])
    old_folder, new_folder = write(tmp_path / "old", files()), write(tmp_path / "new", new)

    result = CliRunner().invoke(group, ["codebook", "diff", str(old_folder), str(new_folder)])
    assert result.exit_code == 1
    assert (
        result.stderr
        == "tiny@1.2.0 → tiny@1.2.0: 1 change owes a major bump, 2.0.0; the version says 1.2.0\n"
    )
    assert "code 010 Threaten" in result.stdout

    new["codebook.yaml"]["version"] = "2.0.0"
    write(tmp_path / "new", new)
    result = CliRunner().invoke(
        group, ["codebook", "diff", str(old_folder), str(new_folder), "--format", "json"]
    )
    assert result.exit_code == 0
    assert json.loads(result.stdout)[0]["level"] == "major"


def test_a_codebook_does_not_differ_from_itself() -> None:
    result = CliRunner().invoke(group, ["codebook", "diff", "plover", "plover"])

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "plover@1.0.0 → plover@1.0.0: no change\n"
