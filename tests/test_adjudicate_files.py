"""Deciding in a workbook or a YAML file: what is written, what is read back, what is refused and where."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from adjudicating import Workbook, add, bens, letters, project, recorded
from eventcode.adjudication import offer
from eventcode.adjudication.cases import Case, Group, Member
from eventcode.adjudication.cause import CAUSES
from eventcode.adjudication.queue import Question
from eventcode.cli import group
from eventcode.errors import DatasetError
from eventcode.pipeline import adjudicate, adjudicate_files, adjudicate_lines
from eventcode.pipeline.check import check_dataset
from eventcode.pipeline.folders import FOLDER, locked
from eventcode.project import Dataset, find
from tiny_project import DOCUMENT, NAME

FORMS = ["d.xlsx", "d.yaml"]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return project(tmp_path)


@pytest.fixture
def of(dataset: Dataset) -> dict[str, str]:
    """Coder → letter."""
    return letters(dataset)


class Yaml:
    """A YAML file to decide in, filled by the same names as a workbook."""

    def __init__(self, path: Path) -> None:
        self.path, self.data = path, yaml.safe_load(path.read_text("utf-8"))

    def names(self) -> list[str]:
        return [self._key(q) for row in self.data["documents"] for q in row["questions"]]

    def fill(
        self,
        key: str,
        decision: Any = None,
        cause: str | None = None,
        reason: str | None = "so the text says",
    ) -> None:
        if key == "document":
            self.data["documents"][0]["accept_agreed"] = decision == "yes"
            return
        [question] = [q for row in self.data["documents"] for q in row["questions"] if self._key(q) == key]
        question |= {"decision": decision, "cause": cause, "reason": reason}

    def save(self) -> Path:
        self.path.write_text(yaml.safe_dump(self.data, sort_keys=False, allow_unicode=True), "utf-8")
        return self.path

    def _key(self, question: dict[str, Any]) -> str:
        field = "support" if question["kind"] == "support" else question.get("field", "")
        return " | ".join((question["kind"], " ".join(question.get("codings", ())), field))


def written(dataset: Dataset, name: str = "d.xlsx", **options: Any) -> Workbook | Yaml:
    """A fresh file with what is open."""
    path = dataset.project.root / name
    path.unlink(missing_ok=True)
    adjudicate_files.write(adjudicate.load(dataset), path, by="carla", **options)
    return Workbook(path) if path.suffix == ".xlsx" else Yaml(path)


def groups(of: dict[str, str]) -> tuple[str, str, str]:
    """The names of the three questions about reports: both readers', both readers', Ben's alone."""
    pair = [" ".join(sorted((f"{of['anna']}{n}", f"{of['ben']}{n}"))) for n in (1, 2)]
    return f"group | {pair[0]} |", f"group | {pair[1]} |", f"group | {of['ben']}3 |"


def key(book: Workbook | Yaml, start: str) -> str:
    """The one question whose name begins so, or ends so."""
    [found] = [name for name in book.names() if name.startswith(start) or name.endswith(start)]
    return found


def fill_all(book: Workbook | Yaml, of: dict[str, str]) -> None:
    """Answer everything: Anna is right throughout, and the third coding is no event."""
    book.fill("document", "yes", reason=None)
    book.fill(key(book, groups(of)[2].rstrip()), "no event", "coder_slip")
    book.fill(key(book, "sources"), of["anna"], "text_ambiguous")
    for name in ("event_type", "date", "recipient"):
        book.fill(key(book, f"| {name}"), of["anna"], "codebook_gap")


def problems(dataset: Dataset, book: Workbook | Yaml) -> list[tuple[str, str, str]]:
    """(place, message, hint) of everything for which a file is refused; nothing is recorded then."""
    before = recorded(dataset)
    with pytest.raises(DatasetError) as caught:
        adjudicate_files.read(dataset, book.save())
    assert recorded(dataset) == before
    return [(p.path, p.message, p.hint) for p in caught.value.problems]


def run(dataset: Dataset, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.chdir(dataset.project.root)
    return CliRunner().invoke(group, ["adjudicate", NAME, *arguments])


# ── there and back ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", FORMS)
def test_a_filled_file_decides_everything_and_the_check_finds_nothing_open(
    dataset: Dataset, of: dict[str, str], form: str
) -> None:
    book = written(dataset, form)
    fill_all(book, of)
    result, file = adjudicate_files.read(dataset, book.save())
    assert (len(result.decisions), result.known, result.left_open) == (7, 0, 0)
    assert file.name == "decisions.jsonl"
    found = check_dataset(dataset.project, NAME).findings
    assert [f.rule for f in found if f.rule.startswith("adjudication.")] == []
    assert adjudicate.rows(adjudicate.load(dataset)) == []


@pytest.mark.parametrize("form", FORMS)
def test_decisions_name_coders_and_keys_again(dataset: Dataset, of: dict[str, str], form: str) -> None:
    book = written(dataset, form)
    fill_all(book, of)
    adjudicate_files.read(dataset, book.save())
    rows = recorded(dataset)
    assert {row["by"] for row in rows} == {"carla"}
    assert {tuple(sorted(row["from"])) for row in rows if row["kind"] == "group"} == {
        ("anna/e1", "ben/e1"), ("anna/e2", "ben/x9"), ("ben/x3",)
    }  # fmt: skip
    assert [row for row in rows if row.get("field") == "date"] == [
        {
            "document": DOCUMENT, "kind": "field", "report": "e1", "field": "date", "from": ["anna/e1"], "by": "carla",
            "cause": "codebook_gap", "reason": "so the text says",
        }
    ]  # fmt: skip
    accepted = [row for row in rows if row["reason"].startswith("as suggested: ")]
    assert [row["reason"] for row in accepted] == ["as suggested: all readers have it"] * 2
    assert all("cause" not in row for row in accepted)


@pytest.mark.parametrize("form", FORMS)
def test_reading_a_file_twice_adds_nothing(dataset: Dataset, of: dict[str, str], form: str) -> None:
    book = written(dataset, form)
    fill_all(book, of)
    adjudicate_files.read(dataset, book.save())
    rows = recorded(dataset)
    again, _ = adjudicate_files.read(dataset, book.path)
    assert again.decisions == []
    assert again.known == 5  # the two that were accepted are not asked any more
    assert recorded(dataset) == rows


@pytest.mark.parametrize("form", FORMS)
def test_work_may_be_left_half_done_and_the_next_file_holds_what_is_open(
    dataset: Dataset, of: dict[str, str], form: str
) -> None:
    book = written(dataset, form)
    pair = key(book, groups(of)[0].rstrip())
    book.fill(pair, "one report")
    book.fill(key(book, "| event_type"), of["ben"], "coder_slip")
    result, _ = adjudicate_files.read(dataset, book.save())
    assert (len(result.decisions), result.left_open) == (2, 5)
    left = written(dataset, form)
    assert pair not in left.names()
    assert [name for name in left.names() if "event_type" in name] == []
    assert [name for name in left.names() if name.endswith("date")] != []
    fresh = find(dataset.project.root).dataset(NAME)
    left.fill(key(left, "| date"), "2025-05-02", "coder_slip")
    adjudicate_files.read(fresh, left.save())
    assert recorded(dataset)[-1]["chosen"] == "2025-05-02"


def test_readings_are_untouched(dataset: Dataset, of: dict[str, str]) -> None:
    before = {path: path.read_bytes() for path in (dataset.folder / "readings").rglob("*.jsonl")}
    book = written(dataset)
    fill_all(book, of)
    adjudicate_files.read(dataset, book.save())
    assert {path: path.read_bytes() for path in (dataset.folder / "readings").rglob("*.jsonl")} == before


def test_an_empty_file_leaves_everything_open(dataset: Dataset) -> None:
    result, _ = adjudicate_files.read(dataset, written(dataset).path)
    assert (result.decisions, result.left_open) == ([], 7)
    assert not (dataset.folder / "decisions.jsonl").exists()


# ── the workbook ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_workbook_shows_values_words_and_definitions_side_by_side(
    dataset: Dataset, of: dict[str, str]
) -> None:
    book = written(dataset)
    assert isinstance(book, Workbook)
    name = key(book, "| event_type")
    said = {coder: str(book.cell(name, of[coder]).value) for coder in of}
    assert said["anna"].startswith("031 · Pledge to close sites or leave\n“said on Friday it would close")
    assert "The holder of arms says that it will hand over" in said["ben"]


def test_the_workbook_names_no_coder(dataset: Dataset) -> None:
    book = written(dataset)
    text = "\n".join(str(c.value) for sheet in book.book.worksheets for row in sheet for c in row if c.value)  # type: ignore[union-attr]
    assert not re.search(r"\b(anna|ben)\b", text)
    shown = written(dataset, show_coders=True)
    assert isinstance(shown, Workbook)
    assert {shown.cell("document", letter).value for letter in "AB"} == {"anna", "ben"}


def test_the_widths_of_the_workbook_are_counted_in_the_font_of_its_cells(dataset: Dataset) -> None:
    """Otherwise its rows, made high enough for their text in Arial, are too high or too low."""
    book = written(dataset)
    assert isinstance(book, Workbook)
    assert (book.book._fonts[0].name, book.book._fonts[0].sz) == ("Arial", 10)


def test_what_is_agreed_is_folded_away(dataset: Dataset) -> None:
    book = written(dataset)
    assert isinstance(book, Workbook)
    folded = {
        str(book.sheet.cell(n, book.columns["what"]).value).partition("\n")[0]
        for n in range(3, book.sheet.max_row + 1)
        if book.sheet.row_dimensions[n].hidden
    }
    assert {"Realis", "Setting", "Place"} <= folded
    assert "Event type" in folded  # of the second report, where both say 074


def test_a_drop_down_offers_the_readers_values_before_the_vocabulary(dataset: Dataset) -> None:
    book = written(dataset)
    assert isinstance(book, Workbook)
    cell = book.cell(key(book, "| event_type"), "decision").coordinate
    [list_] = [v.formula1 for v in book.sheet.data_validations.dataValidation if str(v.sqref) == cell]
    letter, last = re.fullmatch(r"lists!\$([A-Z]+)\$1:\$[A-Z]+\$(\d+)", list_).groups()  # type: ignore[union-attr]
    entries = [book.book["lists"][f"{letter}{n}"].value for n in range(1, int(last) + 1)]
    assert [entry[:2] for entry in entries[:2]] == ["A:", "B:"]
    assert "032 · Pledge to disarm" not in entries[2:]  # it stands among the readers' values
    assert "074 · Reduce presence" in entries


def test_every_offered_answer_can_be_taken(dataset: Dataset, of: dict[str, str]) -> None:
    for case, questions in adjudicate.load(dataset).asked():
        for question in questions:
            if question.kind == "field":
                for answer in offer.offered(case, question):
                    assert offer.value(case, question, answer).keys() <= {"from", "chosen"}


# ── YAML ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_yaml_file_lists_what_is_agreed_and_leaves_three_keys_empty(dataset: Dataset) -> None:
    text = written(dataset, "d.yaml").path.read_text("utf-8")
    assert "decision:\n" in text
    assert "null" not in text
    [first, *_] = yaml.safe_load(text)["documents"][0]["questions"]
    assert first["agreed"]["realis"] == "occurred"
    assert not re.search(r"\b(anna|ben)\b", text)


def test_a_yaml_decision_may_be_written_as_in_a_reading(dataset: Dataset, of: dict[str, str]) -> None:
    book = written(dataset, "d.yaml")
    book.fill(key(book, groups(of)[0].rstrip()), "one report")
    people = [{"name_as_printed": "the villagers", "actor_missing": "cannot_tell"}]
    book.fill(key(book, "| recipient"), people, "text_ambiguous")
    adjudicate_files.read(dataset, book.save())
    assert recorded(dataset)[-1]["chosen"] == people


# ── reports ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_codings_can_be_regrouped_by_hand_and_reports_get_keys_of_their_own(
    dataset: Dataset, of: dict[str, str]
) -> None:
    a, b = of["anna"], of["ben"]
    book = written(dataset)
    book.fill(key(book, groups(of)[0].rstrip()), f"{b}1; {a}1; none: {b}3", "codebook_gap")
    adjudicate_files.read(dataset, book.save())
    assert [(row["from"], row.get("report"), row.get("chosen")) for row in recorded(dataset)] == [
        (["ben/e1"], None, None), (["anna/e1"], "e1-2", None), (["ben/x3"], None, "none")
    ]  # fmt: skip
    left = written(find(dataset.project.root).dataset(NAME))
    assert [name for name in left.names() if name.startswith("field")] == []  # each stands alone now


def test_separate_reports_is_one_for_each_coding(dataset: Dataset, of: dict[str, str]) -> None:
    book = written(dataset)
    book.fill(key(book, groups(of)[1].rstrip()), "separate reports", "text_ambiguous")
    adjudicate_files.read(dataset, book.save())
    assert sorted(row["from"] for row in recorded(dataset)) == [["anna/e2"], ["ben/x9"]]


def test_the_first_coding_that_is_written_gives_the_evidence(dataset: Dataset, of: dict[str, str]) -> None:
    book = written(dataset)
    name = key(book, groups(of)[1].rstrip())
    book.fill(name, f"{of['ben']}2 {of['anna']}2")
    adjudicate_files.read(dataset, book.save())
    assert recorded(dataset)[0]["from"] == ["ben/x9", "anna/e2"]


def test_support_can_be_taken_from_several_codings(
    dataset: Dataset, of: dict[str, str], tmp_path: Path
) -> None:
    plain = bens()
    plain["codings"][0]["support"][0]["stance"] = "denies"
    add(tmp_path, plain | {"revision": 2}, "again")
    book = written(find(tmp_path).dataset(NAME))
    pair = key(book, groups(of)[0].rstrip())
    book.fill(pair, "one report")
    refs = pair.split("|")[1].strip()
    book.fill(f"support | {refs} | support", refs, "source_conflict")
    adjudicate_files.read(dataset, book.save())
    assert sorted(recorded(dataset)[-1]["from"]) == ["anna/e1", "ben/e1"]
    assert recorded(dataset)[-1]["field"] == "support"


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("decision", "cause", "reason", "message", "hint"),
    [
        ("B", None, "so", "no cause is given for what the readers differ in", f"one of: {', '.join(CAUSES)}"),
        ("B", "coder_slips", "so", "'coder_slips' is no cause", "did you mean 'coder_slip'?"),
        ("B", "coder_slip", None, "no reason is given", "say in a few words why"),
        (None, "coder_slip", "so", "a reason without a decision", "decide, or empty the row"),
        ("C", "coder_slip", "so", "'C' is no value of event_type", ""),
        ("A7", "coder_slip", "so", "A7 is not in this report", "one of: A1, B1"),
        ("301", "coder_slip", "so", "'301' is no value of event_type", ""),
        (31, "coder_slip", "so", "'31' is no value of event_type", "did you mean '031'?"),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_wrong_with_an_answer_is_told_with_its_place(
    dataset: Dataset,
    of: dict[str, str],
    form: str,
    decision: Any,
    cause: Any,
    reason: Any,
    message: str,
    hint: str,
) -> None:
    book = written(dataset, form)
    book.fill(key(book, groups(of)[0].rstrip()), "one report")
    name = key(book, "| event_type")
    book.fill(name, decision, cause, reason)
    [(place, said, remedy)] = problems(dataset, book)
    assert said == message
    assert remedy.startswith(hint)
    if isinstance(book, Workbook):
        column = (
            "cause" if "cause" in message else "reason" if message == "no reason is given" else "decision"
        )
        assert place == f"decide!{book.cell(name, column).coordinate}"
    else:
        assert place.startswith("documents[0].questions[")


def test_a_row_with_a_wrong_cause_tells_its_other_problems_too(dataset: Dataset, of: dict[str, str]) -> None:
    book = written(dataset)
    book.fill(key(book, groups(of)[0].rstrip()), "one report")
    book.fill(key(book, "| event_type"), "301", "coder_slips", None)
    assert [message for _, message, _ in problems(dataset, book)] == [
        "no reason is given",
        "'coder_slips' is no cause",
        "'301' is no value of event_type",
    ]


def test_readers_may_be_written_in_small_letters(dataset: Dataset, of: dict[str, str]) -> None:
    book = written(dataset)
    pair = key(book, groups(of)[0].rstrip())
    book.fill(pair, pair.split("|")[1].strip().lower())
    book.fill(key(book, "sources"), of["ben"].lower(), "text_ambiguous")
    book.fill(key(book, "| date"), of["ben"].lower(), "coder_slip")
    adjudicate_files.read(dataset, book.save())
    said = [(row["kind"], sorted(row["from"])) for row in recorded(dataset)]
    assert said == [("group", ["anna/e1", "ben/e1"]), ("sources", ["ben"]), ("field", ["ben/e1"])]


def test_every_problem_of_a_file_is_told_at_once(dataset: Dataset, of: dict[str, str]) -> None:
    book = written(dataset)
    book.fill(key(book, groups(of)[0].rstrip()), "perhaps")
    book.fill(key(book, "sources"), "Q", "coder_slip")
    book.fill(key(book, "| date"), "last May", "coder_slip")
    said = [message for _, message, _ in problems(dataset, book)]
    assert len(said) == 3
    assert said[0] == "'perhaps' does not say which codings are one report"
    assert said[1].startswith("'Q' is no reader")
    assert said[2].endswith("are not decided to be one report")


def test_a_field_without_its_report_is_refused_with_the_remedy(dataset: Dataset, of: dict[str, str]) -> None:
    book = written(dataset)
    book.fill(key(book, "| date"), of["anna"], "coder_slip")
    [(_, message, hint)] = problems(dataset, book)
    assert message.endswith("are not decided to be one report")
    assert hint == "decide above which codings are one report, or empty this row, or write the file anew"


def test_a_coding_cannot_be_in_two_reports(dataset: Dataset, of: dict[str, str]) -> None:
    a, b = of["anna"], of["ben"]
    book = written(dataset)
    book.fill(key(book, groups(of)[0].rstrip()), f"{a}1 {b}3", "coder_slip")
    book.fill(key(book, groups(of)[2].rstrip()), "no event", "coder_slip")
    [(_, message, _)] = problems(dataset, book)
    assert message == f"{b}3 is decided already: it belongs to the report 'e1'"


def test_a_date_that_is_none_is_refused_in_the_words_of_the_reader_of_dates(
    dataset: Dataset, of: dict[str, str]
) -> None:
    book = written(dataset)
    book.fill(key(book, groups(of)[0].rstrip()), "one report")
    book.fill(key(book, "| date"), "2025-13", "coder_slip")
    [(_, message, _)] = problems(dataset, book)
    assert message.startswith("'2025-13' cannot be taken: ")


def test_a_formula_is_refused(dataset: Dataset) -> None:
    book = written(dataset)
    book.fill(key(book, "sources"), "=A1", "coder_slip")
    assert ("a formula stands here") in [message for _, message, _ in problems(dataset, book)]


def test_a_file_for_other_readings_is_refused_with_the_remedy(
    dataset: Dataset, of: dict[str, str], tmp_path: Path
) -> None:
    book = written(dataset)
    fill_all(book, of)
    plain = bens()
    plain["codings"][0]["date"] = "2025-05-01"
    add(tmp_path, plain | {"revision": 2}, "again")
    [(_, message, hint)] = problems(find(tmp_path).dataset(NAME), book)
    assert message == f"the readings of {DOCUMENT} have changed since the file was written"
    assert f"--document {DOCUMENT} --write" in hint


def test_an_unfilled_file_for_other_readings_is_harmless(dataset: Dataset, tmp_path: Path) -> None:
    book = written(dataset)
    add(tmp_path, bens() | {"revision": 2, "note": "again"}, "again")
    result, _ = adjudicate_files.read(find(tmp_path).dataset(NAME), book.path)
    assert result.decisions == []


def test_what_somebody_decided_otherwise_in_the_meantime_is_not_overruled(
    dataset: Dataset, of: dict[str, str]
) -> None:
    book = written(dataset)
    other = written(dataset, "other.xlsx")
    for one, letter in ((book, of["anna"]), (other, of["ben"])):
        one.fill(key(one, groups(of)[0].rstrip()), "one report")
        one.fill(key(one, "| date"), letter, "coder_slip")
    adjudicate_files.read(dataset, other.save(), by="dora")
    [(_, message, _)] = problems(dataset, book)
    assert message == "dora has decided this otherwise already"


def test_a_dark_row_with_another_word_than_yes_or_no_is_told(dataset: Dataset) -> None:
    book = written(dataset)
    assert isinstance(book, Workbook)
    book.fill("document", "maybe", reason=None)
    [(place, message, hint)] = problems(dataset, book)
    assert place.startswith("decide!")
    assert (message, hint) == ("'maybe' is neither yes nor no", "write yes, or empty the cell")


def test_two_files_are_not_read_at_once(dataset: Dataset, of: dict[str, str]) -> None:
    book = written(dataset)
    fill_all(book, of)
    with locked(dataset.project.root / FOLDER, f"{NAME}.adjudicate"):
        with pytest.raises(DatasetError, match=f"another file of decisions about {NAME} is being read"):
            adjudicate_files.read(dataset, book.save())
        assert not recorded(dataset)
    assert len(adjudicate_files.read(dataset, book.save())[0].decisions) == 7


def test_somebody_must_decide(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(dataset, monkeypatch, "--write", "n.xlsx").exit_code == 0
    refused = run(dataset, monkeypatch, "--read", "n.xlsx")
    assert isinstance(refused.exception, DatasetError)
    assert "→ give --by NAME" in str(refused.exception)


def test_a_file_of_another_dataset_is_refused(dataset: Dataset) -> None:
    book = written(dataset, "d.yaml")
    assert isinstance(book, Yaml)
    book.data["about"]["dataset"] = "other"
    with pytest.raises(DatasetError, match="was written for the dataset 'other'"):
        adjudicate_files.read(dataset, book.save())


@pytest.mark.parametrize(("name", "content", "said"), [
    ("d.xlsx", b"", "the file is empty"), ("d.xlsx", b"PK", "the workbook is damaged"),
    ("d.yaml", b"a: [", "YAML|check indentation"), ("d.yaml", b"a: 1\n", "this is no file of questions"),
    ("d.xlsx", b"key,decision", "(?s)no Excel workbook.*a YAML file needs the ending .yaml"),
    ("d.docx", b"", "is no ending of a file to decide in"),
])  # fmt: skip
def test_a_file_that_is_none_is_refused(dataset: Dataset, name: str, content: bytes, said: str) -> None:
    path = dataset.project.root / name
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=said):
        adjudicate_files.read(dataset, path)


def test_a_workbook_without_its_hidden_columns_is_refused(dataset: Dataset) -> None:
    book = written(dataset)
    assert isinstance(book, Workbook)
    book.sheet.delete_cols(1)
    with pytest.raises(DatasetError, match="the column 'key' is gone"):
        adjudicate_files.read(dataset, book.save())


def test_a_decision_in_a_row_that_asks_nothing_is_told(dataset: Dataset) -> None:
    book = written(dataset)
    assert isinstance(book, Workbook)
    row = next(n for n in range(3, book.sheet.max_row + 1) if book.sheet.row_dimensions[n].hidden)
    book.sheet.cell(row, book.columns["decision"]).value = "yes"
    assert ("nothing is asked in this row") in [message for _, message, _ in problems(dataset, book)]


def test_a_workbook_that_was_saved_by_somebody_else_is_read(dataset: Dataset, of: dict[str, str]) -> None:
    """Columns moved about and rows sorted change nothing: every row says what it is about."""
    book = written(dataset)
    fill_all(book, of)
    assert isinstance(book, Workbook)
    source = openpyxl.load_workbook(book.save())["decide"]
    rows = [[cell.value for cell in row] for row in source.iter_rows()]
    order = [*range(len(rows[0]))][::-1]
    sheet = book.book["decide"]
    for number, row in enumerate([*rows[:2], *rows[2:][::-1]], 1):
        for column, at in enumerate(order, 1):
            sheet.cell(number, column).value = row[at]
    result, _ = adjudicate_files.read(dataset, book.save())
    assert len(result.decisions) == 7


# ── the command ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_counts_what_was_recorded_and_what_is_open(
    dataset: Dataset, of: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = run(dataset, monkeypatch, "--write", "d.xlsx", "--by", "carla").output
    assert said == "d.xlsx: 7 open questions about 1 document\n"
    book = Workbook(dataset.project.root / "d.xlsx")
    book.fill("document", "yes", reason=None)
    book.save()
    assert run(dataset, monkeypatch, "--read", "d.xlsx").output == (
        "2 decisions recorded in datasets/tiny/decisions.jsonl; 5 questions left open\n"
    )
    book.fill("document", "no", reason=None)
    book.fill(key(book, groups(of)[0].rstrip()), "one report")
    book.save()
    assert run(dataset, monkeypatch, "--read", "d.xlsx").output == (
        "0 decisions recorded in datasets/tiny/decisions.jsonl; 1 recorded already; 5 questions left open\n"
    )


def test_a_decisions_file_without_a_last_line_end_is_not_broken(dataset: Dataset, of: dict[str, str]) -> None:
    line = {
        "document": DOCUMENT,
        "kind": "group",
        "from": ["anna/e1", "ben/e1"],
        "by": "dora",
        "reason": "same",
    }
    (dataset.folder / "decisions.jsonl").write_text(json.dumps(line), "utf-8")
    book = written(find(dataset.project.root).dataset(NAME))
    book.fill(key(book, "| date"), of["anna"], "coder_slip")
    adjudicate_files.read(dataset, book.save())
    assert [row["kind"] for row in recorded(dataset)] == ["group", "field"]


def test_a_value_that_looks_like_a_coding_is_a_value(tmp_path: Path) -> None:
    plain = bens()
    plain["codings"][0]["place_name"] = "the road"
    dataset = project(tmp_path, plain | {"revision": 2})
    book = written(dataset, "d.yaml")
    book.fill(key(book, groups(letters(dataset))[0].rstrip()), "one report")
    book.fill(key(book, "| place_name"), "M5", "coder_slip")
    book.fill(key(book, "| date"), 2025, "coder_slip")
    adjudicate_files.read(dataset, book.save())
    assert {row["chosen"] for row in recorded(dataset) if "chosen" in row} == {"M5", "2025"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below, max_size=3),
    max_leaves=6,
)


TEXTS = st.text(max_size=12) | st.sampled_from(
    [" A1", "A1 B1; B2", "none: A1", ";", "A", "a", "missing: x", ":", "B: "]
)
Questions = list[tuple[Case, Question]]


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Questions:
    dataset = project(tmp_path_factory.mktemp("fuzz"))
    return [(case, q) for case, asked in adjudicate.load(dataset).asked() for q in asked if not q.optional]


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 6), text=TEXTS, plain=JSON)
def test_whatever_is_written_is_taken_or_refused_with_a_remedy(
    questions: Questions, at: int, text: str, plain: Any
) -> None:
    for answer in (text, plain):
        assert refusal(*questions[at], answer) != ("", "")


def refusal(case: Case, question: Question, answer: Any) -> tuple[str, str] | None:
    """(what is wrong with an answer, the remedy), or None where it is taken."""
    try:
        if question.kind == "field":
            assert len(offer.value(case, question, answer)) == 1
        elif question.kind == "group":
            kept, dropped = offer.grouping(case, question, str(answer))
            assert {*dropped}.union(*kept) <= case.members.keys()
        else:
            assert offer.coder(case, str(answer)) in ("anna", "ben")
    except offer.AnswerError as error:
        return (error.message and error.hint, error.hint)
    return None


REFS = st.from_regex(r"[A-Z]{1,2}[1-9][0-9]{0,2}", fullmatch=True)


@given(
    st.sampled_from(["group", "field", "sources", "support"]),
    st.lists(REFS, max_size=6),
    st.from_regex(r"[a-z_]{0,12}", fullmatch=True),
)
def test_the_name_of_a_row_says_which_question_it_is(kind: str, refs: list[str], name: str) -> None:
    members = tuple(
        Member(ref.rstrip("0123456789"), int(ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), "x", {})
        for ref in refs
    )
    question = Question(kind, Group(members), name or None)
    assert adjudicate_lines.key_of(adjudicate_lines.key_text(question)) == question.key
