"""Importing readings: bad shape refuses the whole file and touches nothing, broken rules are imported and reported."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eventcode.cli import group
from eventcode.errors import DatasetError
from tiny_project import DOCUMENT, NAME, WORDS, reading, tiny_project

OTHER = "agency-2025-05-04"
NO_TEXT = (
    "a quote needs the text of the document, which is not at hand",
    "give the folder of the texts with --texts, or the offsets and hash instead of the quote",
)


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """The tiny project with one reading of another page in the journal, as working folder."""
    root = tiny_project(tmp_path / "project", with_readings=False)
    monkeypatch.chdir(root)
    first = reading(document=OTHER, status="no_event", sources=[], codings=[])
    assert run(json.dumps(first), batch="held").exit_code == 0
    return root


def run(*lines: str | bytes, batch: str = "new", options: tuple[str, ...] = ()) -> Result:
    """`eventcode import` of a file with these lines."""
    data = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    Path(f"{batch}.jsonl").write_bytes(data)
    return CliRunner().invoke(group, ["import", NAME, f"{batch}.jsonl", *options])


def journal(root: Path) -> dict[str, bytes]:
    """Every file below `datasets/` with its bytes, hidden ones too."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in (root / "datasets").rglob("*")
        if path.is_file()
    }


def changed(change: Callable[[dict[str, Any]], object], **head: Any) -> str:
    """Anna's reading with a change, as a line."""
    plain = reading(**head)
    change(plain)
    return json.dumps(plain)


def coding(**values: Any) -> str:
    """Anna's reading with other values in its first coding."""
    return changed(lambda plain: plain["codings"][0].update(values))


def quoted(**evidence: Any) -> str:
    """Anna's reading whose first coding rests on this evidence alone."""
    return coding(evidence=[{"field": "event_type", **evidence}])


def refused(root: Path, *lines: str | bytes) -> list[tuple[str, str, str]]:
    """(place, message, remedy) of every problem of a refused import, which has left everything untouched."""
    before = journal(root)
    result = run(*lines)
    assert isinstance(result.exception, DatasetError), result.output
    assert journal(root) == before
    problems = result.exception.problems
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    assert result.exception.message == f"new.jsonl was not imported: {count}"
    return [(problem.place, problem.message, problem.hint) for problem in problems]


# ── shape ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

CUT = json.dumps(reading())[:40]
CUT_OFF = f"not JSON: Unterminated string starting at character {CUT.rindex(chr(34)) + 1}"
SHAPES = {
    "a code without quotes": (
        [coding(event_type=31)],
        [("new.jsonl:1  codings[0].event_type", "31 is not text or nothing", 'put it in quotes: "31"')],
    ),
    "an unknown field": (
        [coding(relais="x")],
        [("new.jsonl:1  codings[0].relais", "'relais' is unknown here", "did you mean 'realis'?")],
    ),
    "a wrong type": (
        [coding(participants="the brigade")],
        [("new.jsonl:1  codings[0].participants", '"the brigade" is not a list or nothing', "write a list: [one, two]")],
    ),
    "a date that is none": (
        [coding(date="early May")],
        [
            (
                "new.jsonl:1  codings[0].date", "'early May' is no date",
                "write a date as 2025-06-16, 2025-06, 2025, 2025-01/2025-06-16, 2025-01/.. or 2025-04~",
            )
        ],
    ),
    "a line that is cut off": (
        [CUT],
        [("new.jsonl:1", CUT_OFF, "write one JSON object per line, in UTF-8")],
    ),
    "a line that is not UTF-8": (
        [b'{"document": "\xff"}'],
        [("new.jsonl:1", "byte 14 of the line is not UTF-8", "write one JSON object per line, in UTF-8")],
    ),
    "a line that is no object": (["[1]"], [("new.jsonl:1", "the line is not a JSON object", "write {…}")]),
    "a name twice in one object": (
        ['{"coder": "anna", "coder": "ben"}'],
        [("new.jsonl:1", "the key 'coder' stands twice", "write one JSON object per line, in UTF-8")],
    ),
    "a key of two codings": (
        [changed(lambda plain: plain["codings"][1].update(key="e1"))],
        [("new.jsonl:1  codings[1].key", "the key 'e1' stands twice", "give each its own")],
    ),
    "the same reading twice": (
        [json.dumps(reading(status="no_event", sources=[], codings=[]))] * 2,
        [("new.jsonl:2", "the same reading is there already", "leave the line out")],
    ),
    "the same revision twice": (
        [json.dumps(reading())] * 2,
        [
            (
                "new.jsonl:2  revision", f"revision 1 of {DOCUMENT} by anna, and revision 1 is there",
                "number it 2, if it corrects what is there; else it was imported already",
            )
        ],
    ),
    "a revision that is held": (
        [json.dumps(reading(document=OTHER, status="no_event", sources=[], codings=[], note="other"))],
        [
            (
                "new.jsonl:1  revision", f"revision 1 of {OTHER} by anna, and revision 1 is there",
                "number it 2, if it corrects what is there; else it was imported already",
            )
        ],
    ),
    "a correction of nothing": (
        [json.dumps(reading(revision=2))],
        [("new.jsonl:1  revision", f"revision 2 of {DOCUMENT} by anna, and there is no reading yet", "number it 1")],
    ),
    "an unknown coder": (
        [json.dumps(reading(coder="cara"))],
        [("new.jsonl:1  coder", "dataset tiny has no coder 'cara'", "add it to coders: of datasets/tiny/dataset.yaml")],
    ),
    "an unknown document": (
        [json.dumps(reading(document="agency-2025-05-05", status="no_event", sources=[], codings=[]))],
        [("new.jsonl:1  document", "no document 'agency-2025-05-05' in documents.yaml", "did you mean 'agency-2025-05-04'?")],
    ),
    "an unknown version of the codebook": (
        [json.dumps(reading(codebook="disarmament@1.7.0"))],
        [
            (
                "new.jsonl:1  codebook", "made under disarmament@1.7.0, which is not known here",
                "the dataset uses disarmament@1.0.1; readings may be made under an earlier version with the same first number, or with one from which its migrations lead here",
            )
        ],
    ),
    "two coders in one file": (
        [json.dumps(reading()), json.dumps(reading(coder="ben"))],
        [("new.jsonl:2  coder", "the file holds readings of 2 coders: anna, ben", "split it: one file per coder")],
    ),
    "a quote without the text": (
        [json.dumps(reading(document=OTHER, revision=2))],
        [("new.jsonl:1  codings[0].evidence[0]", *NO_TEXT)],
    ),
    "a quote that stands there more than once": (
        [quoted(quote="the")],
        [
            (
                "new.jsonl:1  codings[0].evidence[0]", "the quote stands 3 times in the text",
                "lengthen it until it stands there once, or give start and end",
            )
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SHAPES)
def test_bad_shape_is_refused_with_its_place_and_the_journal_is_untouched(project, case):
    lines, problems = SHAPES[case]
    assert refused(project, *lines) == problems


def test_every_problem_of_a_file_is_told_line_by_line(project):
    lines = [
        coding(event_type=31, relais="x"),
        json.dumps(reading()),
        CUT,
        coding(date="tomorrow"),
        json.dumps(reading(coder="cara")),
    ]
    places = [place for place, _, _ in refused(project, *lines)]
    assert places == [
        "new.jsonl:1  codings[0].relais", "new.jsonl:1  codings[0].event_type", "new.jsonl:3",
        "new.jsonl:4  codings[0].date", "new.jsonl:5  coder",
    ]  # fmt: skip


def test_an_empty_file_is_refused(project):
    assert refused(project) == [("new.jsonl", "there is no reading in it", "write one JSON object per line")]


def test_a_file_that_is_not_there_is_refused(project):
    result = CliRunner().invoke(group, ["import", NAME, "none.jsonl"])
    assert str(result.exception) == "none.jsonl is not there\n  → check the name"


# ── rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

HASH = "sha256:" + 64 * "0"
RULES = {
    "an unknown code": (coding(event_type="099"), "codings[0].event_type", "codings.event_type-code: '099' is no value of event_type"),
    "an end before the start": (
        coding(date="2025-05-02/2025-04-01"), "codings[0].date",
        "codings.date-order: date ends on 2025-04-01, before its start on 2025-05-02",
    ),
    "offsets outside the text": (
        quoted(start=5, end=5000, salt="0123456789abcdef", quote_hash=HASH), "codings[0].evidence[0].end",
        "evidence.inside-text: the span ends at 5000, the text at 187",
    ),
    "a quote that is not at its offsets": (
        quoted(start=5, end=11, quote="Hassan"), "codings[0].evidence[0]", "evidence.quote-matches: the quoted words are not in the text",
    ),
    "a quote that is elsewhere": (
        quoted(start=5, end=11, quote="Marwan"), "codings[0].evidence[0]",
        "evidence.quote-matches: the quoted words are not at this place of the text",
    ),
    "a quote that is not in the text": (
        quoted(quote="it would never leave"), "codings[0].evidence[0].start", "evidence.anchored: the quoted words are not in the text",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RULES)
def test_broken_rules_are_imported_and_reported(project, case):
    line, path, message = RULES[case]
    result = run(line)
    assert result.exit_code == 1, result.exception
    assert result.stdout.startswith(f"new.jsonl:1  {path}  [")
    assert f"  {message}\n  → " in result.stdout
    assert "1 error, 0 warnings" in result.stdout
    assert result.stderr == "1 reading: added to readings/anna/new.jsonl\n"
    assert (project / "datasets" / NAME / "readings" / "anna" / "new.jsonl").read_bytes().count(b"\n") == 1


@pytest.mark.parametrize("case", RULES)
def test_what_an_import_reports_a_check_reports_again(project, case):
    line, _, message = RULES[case]
    run(line)
    result = CliRunner().invoke(group, ["check", NAME])
    assert result.exit_code == 1, result.exception
    rule, _, said = message.partition(": ")
    assert f"{rule}  error, 1" in result.stdout
    assert f"    {said}\n" in result.stdout


# ── what is written ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("empty", [None, []])
def test_no_words_of_the_text_are_kept_whatever_else_is_empty(project, empty):
    line = changed(
        lambda plain: plain.update(sources=empty) or plain["codings"][1].update(support=empty, evidence=empty)
    )
    run(line)
    kept = (project / "datasets" / NAME / "readings" / "anna" / "new.jsonl").read_text("utf-8")
    assert '"quote"' not in kept
    assert "close its camp" not in kept


def test_a_quote_becomes_offsets_salt_and_hash(project):
    run(json.dumps(reading()))
    line = json.loads((project / "datasets" / NAME / "readings" / "anna" / "new.jsonl").read_bytes())
    [evidence] = line["codings"][0]["evidence"]
    assert sorted(evidence) == ["end", "field", "quote_hash", "salt", "start"]
    assert WORDS[evidence["start"] : evidence["end"]].startswith("said on Friday it would close")


def test_a_correction_is_the_next_revision_in_the_same_or_another_file(project):
    assert run(json.dumps(reading())).exit_code == 0
    first = journal(project)["datasets/tiny/readings/anna/new.jsonl"]
    assert run(json.dumps(reading(revision=2, note="looked again"))).exit_code == 0
    both = journal(project)["datasets/tiny/readings/anna/new.jsonl"]
    assert both.startswith(first)
    assert [json.loads(line)["revision"] for line in both.splitlines()] == [1, 2]
    assert run(json.dumps(reading(revision=3)), batch="later").exit_code == 0
    assert run(json.dumps(reading(revision=4)), json.dumps(reading(revision=5)), batch="last").exit_code == 0


def test_a_reading_may_be_withdrawn_and_made_anew(project):
    assert run(json.dumps(reading())).exit_code == 0
    gone = reading(revision=2, status="withdrawn", sources=None, codings=None)
    assert run(json.dumps(gone), batch="gone").exit_code == 0
    assert "0 errors" in CliRunner().invoke(group, ["check", NAME]).stdout
    assert run(json.dumps(reading(revision=3)), batch="again").exit_code == 0


def test_no_event_is_a_reading_too(project):
    result = run(json.dumps(reading(status="no_event", sources=[], codings=[])))
    assert result.exit_code == 0
    assert result.stderr == "1 reading: added to readings/anna/new.jsonl\n"


def test_a_dry_run_reports_and_writes_nothing(project):
    before = journal(project)
    result = run(coding(event_type="099"), options=("--dry-run",))
    assert result.exit_code == 1
    assert "'099' is no value of event_type" in result.stdout
    assert result.stderr == "1 reading: nothing written (dry run)\n"
    assert journal(project) == before


@pytest.mark.parametrize("batch", ["../other", ".hidden", "a/b", ""])
def test_a_batch_whose_name_is_a_path_is_refused(project, batch):
    from eventcode.coding import journal as writing

    with pytest.raises(DatasetError, match="is no name for a batch"):
        writing.append(project, "anna", batch, [])


def test_a_journal_file_whose_last_line_is_cut_off_is_not_appended_to(project):
    path = project / "datasets" / NAME / "readings" / "anna" / "held.jsonl"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    before = journal(project)
    result = run(json.dumps(reading()), batch="held")
    assert str(result.exception) == (
        "held.jsonl does not end with a line end, so its last line may be cut off\n  → mend that line first"
    )
    assert journal(project) == before


# ── faults ────────────────────────────────────────────────────────────────────────────────────────────────────────────

FULL = OSError(errno.ENOSPC, "No space left on device")
READ_ONLY = PermissionError(errno.EACCES, "Permission denied")
HINTS = {FULL: "free some space", READ_ONLY: "check that the folder exists and may be written to"}


@pytest.mark.parametrize(("owner", "name"), [(os, "fsync"), (Path, "replace"), (Path, "write_bytes")])
@pytest.mark.parametrize("error", HINTS, ids=["full disk", "read-only folder"])
def test_a_disk_that_refuses_leaves_the_old_file(project, monkeypatch, owner, name, error):
    Path("held.jsonl").write_text(json.dumps(reading()) + "\n", "utf-8")
    before = journal(project)

    def fail(*_: Any, **__: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, fail)
        result = CliRunner().invoke(group, ["import", NAME, "held.jsonl"])
    assert isinstance(result.exception, DatasetError)
    assert str(result.exception).endswith(
        f"held.jsonl cannot be written: {error.strerror}\n  → {HINTS[error]}"
    )
    assert journal(project) == before
    assert CliRunner().invoke(group, ["import", NAME, "held.jsonl"]).exit_code == 0


def test_a_process_that_dies_before_the_new_file_is_in_place_leaves_the_old_one(project, monkeypatch):
    class Stop(BaseException):
        """Nothing catches this but `finally`."""

    def die(*_: Any) -> None:
        raise Stop

    Path("held.jsonl").write_text(json.dumps(reading()) + "\n", "utf-8")
    before = journal(project)
    monkeypatch.setattr(Path, "replace", die)
    with pytest.raises(Stop):
        CliRunner().invoke(group, ["import", NAME, "held.jsonl"])
    assert journal(project) == before


def test_a_folder_that_cannot_be_synced_after_the_change_leaves_a_whole_file(project, monkeypatch):
    Path("held.jsonl").write_text(json.dumps(reading()) + "\n", "utf-8")
    real, calls = os.fsync, []

    def second(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise FULL
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", second)
        result = CliRunner().invoke(group, ["import", NAME, "held.jsonl"])
    assert isinstance(result.exception, DatasetError)
    path = project / "datasets" / NAME / "readings" / "anna" / "held.jsonl"
    assert [json.loads(line)["document"] for line in path.read_bytes().splitlines()] == [OTHER, DOCUMENT]
