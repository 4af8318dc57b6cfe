"""`eventcode link`: candidates listed, decided in a file, read back; two linkers; what a check and a build make of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from click.testing import CliRunner

from eventcode.adjudication.linking_likeness import Settings
from eventcode.cli import group
from eventcode.errors import DatasetError
from eventcode.pipeline import check, linking, linking_read
from eventcode.project import Dataset, find
from link_project import SAME, link_project

SECOND = {**SAME, "by": "ben"}
SHARED = os.environ.get("EVENTCODE_SHARED")


@pytest.fixture
def camps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.chdir(tmp_path)
    return link_project(tmp_path)


def run(*words: str) -> str:
    """What the command prints, stderr after stdout; it must succeed."""
    result = CliRunner().invoke(group, ["link", "camps", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def links(dataset: Dataset, name: str = "links.jsonl") -> list[dict[str, Any]]:
    path = dataset.folder / name
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []


def decide(path: Path, *answers: tuple[str, str, str, str]) -> Path:
    """Fill (sheet, report, column, value) into a workbook."""
    book = openpyxl.load_workbook(path)
    for sheet, report, column, value in answers:
        rows = book[sheet]
        heads = {cell.value: cell.column for cell in rows[1]}
        at = next(
            row for row in range(2, rows.max_row + 2)
            if rows.cell(row, heads["report"]).value in (report, None)
        )  # fmt: skip
        rows.cell(at, heads["report"]).value = report
        rows.cell(at, heads[column]).value = value
    book.save(path)
    return path


def filled(path: Path) -> Path:
    return decide(
        path,
        ("reports", "radio/e1", "decision", "same_event"), ("reports", "radio/e1", "reason", "one camp"),
        ("reports", "gazette/e1", "decision", "unrelated"), ("reports", "gazette/e1", "reason", "another camp"),
        ("relations", "herald/e1", "decision", "retaliation"), ("relations", "herald/e1", "reason", "the paper says so"),
    )  # fmt: skip


DECIDED = [
    {
        "report": "gazette/e1",
        "event": "agency/e1",
        "relation": "unrelated",
        "by": "carla",
        "reason": "another camp",
    },
    {
        "report": "radio/e1",
        "event": "agency/e1",
        "relation": "same_event",
        "by": "carla",
        "reason": "one camp",
    },
    {
        "report": "herald/e1",
        "other_event": "agency/e2",
        "relation": "retaliation",
        "by": "carla",
        "reason": "the paper says so",
    },
]


# ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_shows_groups_with_what_agrees_and_what_would_be_contested(camps):
    shown = " ".join(run().split())
    assert "3 reports may tell of one event" in shown
    assert "072 Dismantle a base or headquarters; 2025-05-01; Kilo 40, IRQ; The River Brigades" in shown
    assert "place_name (Kilo 40 | Kilo Forty)" in shown
    assert "retaliation? herald/e1 → agency/e2" in shown
    assert "6 reports, 4 pairs compared: 1 group, 1 relation" in shown
    assert "weekly/e1" not in shown, "the same act two months later is another event"


def test_json_gives_every_pair_with_the_likeness_of_each_field(camps):
    result = CliRunner().invoke(group, ["link", "camps", "--format", "json"])
    found = json.loads(result.stdout)
    [one] = found["groups"]
    assert one["anchor"] == "agency/e1"
    assert [row["report"] for row in one["reports"]] == ["agency/e1", "gazette/e1", "radio/e1"]
    assert one["pairs"][0]["reports"] == ["agency/e1", "radio/e1"]
    assert one["pairs"][0]["agrees"] == ["event_type", "place", "actor"]
    assert one["pairs"][0]["untold"] == ["recipient"]
    assert one["contested"]["place_name"] == ["Kilo 40", "Kilo Forty"]
    assert found["relations"] == [
        {
            "report": "herald/e1", "other_event": "agency/e2", "suggested": "retaliation",
            "why": "The Army and The River Brigades change roles, 2 days later",
        }
    ]  # fmt: skip
    assert found["settings"] == {"days": 3, "km": 25.0, "minimum": 0.5, "window": 40}


def test_csv_gives_a_row_for_each_report(camps):
    lines = run("--format", "csv").splitlines()
    assert lines[0].startswith("group,report,event,suggested,likeness,")
    assert [line.split(",")[:4] for line in lines[1:5]] == [
        ["1", "agency/e1", "", ""], ["1", "gazette/e1", "agency/e1", "same_event"], ["1", "radio/e1", "agency/e1", "same_event"],
        ["", "herald/e1", "agency/e2", "retaliation"],
    ]  # fmt: skip


def test_the_settings_decide_what_is_a_candidate(camps):
    assert "1 group, 1 relation" in run("--days", "3")
    assert "1 group, 0 relations" in run("--days", "1")
    assert "0 groups" in run("--minimum", "0.99")
    assert "1 group, 1 relation" in run("--minimum", "0.6", "--limit", "1")


def test_decided_pairs_are_not_shown_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    link_project(tmp_path, *DECIDED)
    assert "0 groups, 0 relations" in run()


def test_a_new_report_is_held_against_the_event_that_is_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    dataset = link_project(tmp_path, SAME)
    [one] = linking.candidates(dataset).groups
    assert [member.name for member in one.members] == ["agency/e1", "radio/e1", "gazette/e1"]
    assert one.anchor.event == one.members[1].event


# ── deciding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_workbook_is_decided_in_and_read_back(camps, tmp_path):
    assert "links.xlsx: 1 group, 1 relation" in run("--write", "links.xlsx", "--by", "carla")
    assert "links.jsonl: 3 links added, 0 open" in run("--read", str(filled(tmp_path / "links.xlsx")))
    assert links(camps) == DECIDED
    assert [
        f for f in check.check_dataset(find(tmp_path), "camps").findings if f.rule.startswith("adjudication")
    ] == []


def test_yaml_is_decided_in_and_read_back(camps, tmp_path):
    run("--write", "links.yaml", "--by", "carla")
    path = tmp_path / "links.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    answers = {row["report"]: row for row in DECIDED}
    for name in ("reports", "relations"):
        for row in data[name]:
            if "decision" in row:
                said = answers[row["report"]]
                row |= {"decision": said["relation"], "reason": said["reason"]}
    path.write_text(yaml.safe_dump(data), "utf-8")
    assert "3 links added, 0 open" in run("--read", "links.yaml")
    assert links(camps) == DECIDED


def test_reading_twice_adds_nothing(camps, tmp_path):
    run("--write", "links.xlsx", "--by", "carla")
    path = filled(tmp_path / "links.xlsx")
    run("--read", str(path))
    before = (camps.folder / "links.jsonl").read_bytes()
    assert "0 links added, 3 there already, 0 open" in run("--read", str(path))
    assert (camps.folder / "links.jsonl").read_bytes() == before


def test_what_is_not_decided_stays_open(camps, tmp_path):
    run("--write", "links.xlsx")
    assert "0 links added, 3 open" in run("--read", "links.xlsx")
    assert not (camps.folder / "links.jsonl").exists()


def test_rows_may_be_added_by_hand(camps, tmp_path):
    run("--write", "links.xlsx", "--by", "carla")
    path = decide(
        tmp_path / "links.xlsx",
        *(("reports", "weekly/e1", column, value) for column, value in (
            ("event", "weekly/e1"), ("decision", "same_event"), ("reason", "an event of its own"), ("by", "carla"))),
    )  # fmt: skip
    assert "1 link added, 3 open" in run("--read", str(path))
    assert "0 links added, 1 there already" in run("--read", str(path))
    assert links(camps)[0]["event"] == "weekly/e1"


def test_a_report_that_was_linked_brings_its_event_along(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    dataset = link_project(tmp_path, {**SAME, "report": "gazette/e1", "event": "radio/e1"})
    path = tmp_path / "more.yaml"
    entry = {"report": "gazette/e1", "event": "agency/e1", "decision": "same_event", "reason": "why"}
    path.write_text(yaml.safe_dump({"dataset": "camps", "by": "carla", "reports": [entry]}), "utf-8")
    assert linking_read.read(dataset, path).added == 1
    assert links(dataset)[1] == {**SAME, "report": "radio/e1", "reason": "why"}
    found = linking.linked(dataset)
    assert found.findings == []
    assert found.events[found.known.report("gazette/e1")] == found.events[found.known.report("agency/e1")]


# ── mistakes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def refused(dataset: Dataset, path: Path) -> list[str]:
    """`place: message → hint` of everything wrong with a file; nothing is written."""
    before = links(dataset)
    with pytest.raises(DatasetError) as caught:
        linking_read.read(dataset, path)
    assert links(dataset) == before
    return [f"{p.path or p.line}: {p.message} → {p.hint}" for p in caught.value.problems]


def test_every_mistake_is_told_at_its_cell_and_nothing_is_written(camps, tmp_path):
    run("--write", "links.xlsx")
    path = decide(
        filled(tmp_path / "links.xlsx"),
        ("reports", "radio/e1", "decision", "same_evnt"), ("reports", "radio/e1", "reason", ""),
        ("reports", "gazette/e1", "event", "agency/e9"), ("relations", "herald/e1", "by", "carla"),
    )  # fmt: skip
    assert refused(camps, path) == [
        "reports!P3: the decision has no by → say who decides, there or with --by",
        "reports!C3: there is no event 'agency/e9' → did you mean 'agency/e2'?",
        "reports!N4: 'same_evnt' is no decision here → did you mean 'same_event'?",
        "reports!O4: the decision has no reason → say why",
        "reports!P4: the decision has no by → say who decides, there or with --by",
    ]


def test_a_reason_alone_and_an_event_that_is_not_named_are_told(camps, tmp_path):
    run("--write", "links.xlsx", "--by", "carla")
    path = decide(
        tmp_path / "links.xlsx",
        ("reports", "radio/e1", "reason", "the same raid"), ("reports", "gazette/e1", "event", None),
        ("reports", "gazette/e1", "decision", "unrelated"), ("reports", "gazette/e1", "reason", "other days"),
    )  # fmt: skip
    assert refused(camps, path) == [
        "reports!C3: no event is named → name one of its reports as document/key",
        "reports!N4: a reason without a decision → decide, or empty the reason",
    ]


def test_a_file_that_is_there_is_never_written_over(camps, tmp_path):
    run("--write", "links.xlsx", "--by", "carla")
    path = filled(tmp_path / "links.xlsx")
    before = path.read_bytes()
    again = CliRunner().invoke(group, ["link", "camps", "--write", "links.xlsx"])
    assert again.exit_code == 2
    assert "it may hold decisions" in again.output
    assert path.read_bytes() == before


def test_mistakes_in_yaml_have_their_lines(camps, tmp_path):
    path = tmp_path / "links.yaml"
    path.write_text(
        "by: carla\nreports:\n  - report: radio/e9\n    event: agency/e1\n    decision: same_event\n", "utf-8"
    )
    with pytest.raises(DatasetError) as caught:
        linking_read.read(camps, path)
    assert [(p.file, p.line, p.path, p.message) for p in caught.value.problems] == [
        ("links.yaml", 3, "reports[0].reason", "the decision has no reason"),
        ("links.yaml", 3, "reports[0].report", "there is no report 'radio/e9'"),
    ]
    path.write_text("dataset: other\nreports: []\n", "utf-8")
    assert refused(camps, path) == ["dataset: these are links of other → read it into other"]
    path.write_text("nothing: here\n", "utf-8")
    assert refused(camps, path) == [
        "1: there is no list reports or relations in it → write one with `eventcode link camps --write links.yaml`"
    ]


def test_decisions_that_cannot_be_true_together_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    dataset = link_project(tmp_path, SAME, {**SAME, "report": "gazette/e1"})
    path = tmp_path / "links.yaml"
    entry = {"report": "gazette/e1", "event": "radio/e1", "decision": "unrelated", "reason": "other names"}
    path.write_text(yaml.safe_dump({"by": "carla", "reports": [entry]}), "utf-8")
    [said] = refused(dataset, path)
    assert said.startswith(
        "reports[0].decision: 'gazette/e1' and 'radio/e1' are said to be unrelated, and are one event: "
        "gazette/e1 – agency/e1 – radio/e1 → correct the decision"
    )


def test_a_file_of_another_kind_is_refused(camps, tmp_path):
    with pytest.raises(DatasetError, match="neither a workbook nor YAML"):
        CliRunner().invoke(group, ["link", "camps", "--write", "links.txt"], catch_exceptions=False)
    (tmp_path / "old.xlsx").write_bytes(b"not a workbook")
    [said] = refused(camps, tmp_path / "old.xlsx")
    assert said.startswith("None: this is no Excel workbook")
    assert said.endswith("; a YAML file needs the ending .yaml")
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    assert refused(camps, tmp_path / "empty.xlsx")[0].startswith(
        "None: there is no sheet reports or relations in it"
    )


def test_a_links_file_whose_last_line_is_cut_off_is_not_added_to(camps, tmp_path):
    (camps.folder / "links.jsonl").write_text(json.dumps(SAME), "utf-8")
    path = tmp_path / "links.yaml"
    entry = {"report": "gazette/e1", "event": "agency/e1", "decision": "unrelated", "reason": "why"}
    path.write_text(yaml.safe_dump({"by": "carla", "reports": [entry]}), "utf-8")
    with pytest.raises(DatasetError, match="does not end with a line end"):
        linking_read.read(camps, path)


# ── two linkers ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_linker_sees_nothing_of_the_first_and_changes_nothing_of_the_events(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    dataset = link_project(tmp_path, *DECIDED)
    before = linking.linked(dataset).events
    assert "0 groups, 0 relations" in run()
    assert "1 group, 1 relation" in run("--second"), "as if nobody had decided"
    run("--second", "--write", "second.xlsx", "--by", "ben")
    assert "links-second.jsonl: 3 links added" in run(
        "--second", "--read", str(filled(tmp_path / "second.xlsx"))
    )
    assert links(dataset) == DECIDED
    assert linking.linked(dataset).events == before


@pytest.mark.parametrize("name", ["second.xlsx", "second.yaml"])
def test_a_file_says_whose_links_it_holds(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    dataset = link_project(tmp_path, *DECIDED)
    run("--second", "--write", name, "--by", "ben")
    if name.endswith("xlsx"):
        filled(tmp_path / name)
        assert [[cell.value for cell in row] for row in openpyxl.load_workbook(name)["read me"]["A2:B3"]] == [
            ["dataset", "camps"],
            ["linker", "second"],
        ]
        assert "links-second.jsonl: 3 links added" in run("--read", name)
    else:
        assert "dataset: camps\nlinker: second\n" in (tmp_path / name).read_text("utf-8")
        assert "links-second.jsonl: 0 links added, 3 open" in run("--read", name)
    assert links(dataset) == DECIDED


@pytest.mark.parametrize(("name", "place"), [("first.xlsx", "read me!B3"), ("first.yaml", "linker")])
def test_the_first_linkers_file_is_not_read_as_the_seconds(camps, tmp_path, name, place):
    run("--write", name, "--by", "carla")
    with pytest.raises(DatasetError) as caught:
        linking_read.read(camps, tmp_path / name, second=True)
    [problem] = caught.value.problems
    assert (problem.path, problem.message) == (place, "these are the first linker's links")
    assert problem.hint.startswith("read it without --second, or write one")


def test_a_workbook_of_another_dataset_or_of_no_linker_is_refused(camps, tmp_path):
    run("--write", "links.xlsx", "--by", "carla")
    path = filled(tmp_path / "links.xlsx")
    book = openpyxl.load_workbook(path)
    book["read me"]["B2"].value, book["read me"]["B3"].value = "other", "secnd"
    book.save(path)
    assert refused(camps, path) == [
        "read me!B2: these are links of other → read it into other",
        "read me!B3: 'secnd' is no linker → did you mean 'second'?",
    ]


def test_a_list_that_does_not_say_whose_it_is_is_read_as_asked(camps, tmp_path):
    path = tmp_path / "links.yaml"
    entry = {"report": "radio/e1", "event": "agency/e1", "decision": "same_event", "reason": "one camp"}
    path.write_text(yaml.safe_dump({"by": "ben", "reports": [entry]}), "utf-8")
    assert "links-second.jsonl: 1 link added" in run("--second", "--read", str(path))
    assert "links.jsonl: 1 link added" in run("--read", str(path))


def test_partitions_hold_the_reports_that_both_decided(tmp_path):
    other = {**SECOND, "relation": "unrelated"}
    dataset = link_project(tmp_path, *DECIDED, second=(other, {**SECOND, "report": "weekly/e1"}))
    found = linking.partitions(dataset)
    assert [*found] == ["carla", "ben"]
    assert [[*partition] for partition in found.values()] == [["agency/e1", "radio/e1"]] * 2
    first, second = found.values()
    assert first["agency/e1"] == first["radio/e1"]
    assert second["agency/e1"] != second["radio/e1"]


def test_there_are_no_partitions_where_nobody_linked_a_second_time(tmp_path):
    assert linking.partitions(link_project(tmp_path, SAME)) == {}


def test_a_linker_who_links_twice_is_told_apart(tmp_path):
    assert [*linking.partitions(link_project(tmp_path, SAME, second=(SAME,)))] == ["carla", "carla (second)"]


def test_a_second_file_of_bad_shape_is_refused_with_its_line(tmp_path):
    dataset = link_project(tmp_path, second=({"report": "radio/e1"},))
    with pytest.raises(DatasetError, match=r"links-second.jsonl cannot be read") as caught:
        linking.partitions(dataset)
    assert caught.value.problems[0].line == 1


# ── what a check and a build make of it ───────────────────────────────────────────────────────────────────────────────


def test_a_check_shows_links_that_contradict_each_other(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    link_project(tmp_path, SAME, {**SAME, "relation": "unrelated", "by": "ben"})
    shown = " ".join(CliRunner().invoke(group, ["check", "camps"]).output.split())
    assert "adjudication.linkers-differ" in shown
    assert "carla says that they are one event, ben that they are not" in shown


def test_a_relation_without_its_other_event_is_refused(tmp_path):
    link = {"report": "radio/e1", "relation": "sub_event", "by": "carla", "reason": "why"}
    dataset = link_project(tmp_path, link)
    with pytest.raises(DatasetError) as caught:
        linking.linked(dataset)
    assert [(p.line, p.message, p.hint) for p in caught.value.problems] == [
        (1, "'other_event' is missing", "add other_event:")
    ]


def test_two_people_who_agree_in_one_file_break_no_rule(tmp_path):
    link_project(tmp_path, SAME, SECOND)
    found = check.check_dataset(find(tmp_path), "camps").findings
    assert [f.rule for f in found if f.table in ("links", "event_links")] == []


@pytest.mark.skipif(not SHARED, reason="the rows of MAVERICK lie in EVENTCODE_SHARED")
def test_candidates_find_the_events_that_the_producers_of_maverick_declare(monkeypatch):
    from eventcode.pipeline import assemble, inputs

    monkeypatch.setenv("EVENTCODE_STORE", f"{SHARED}/data/real")
    dataset = find(Path(__file__).parent).dataset("maverick")
    assembled = assemble.assemble(inputs.load(dataset))
    truth = linking.linked_by(dataset, assembled, assembled.inputs.links)
    assert truth.findings == []
    assert linking.candidates_of(truth).groups == (), "all of it is decided"
    event = {truth.known.names[report]: found for report, found in truth.events.items()}
    found = linking.candidates_of(linking.linked_by(dataset, assembled, []), Settings(minimum=0.5))
    shown = [
        any(
            event[one.name] == event[other.name]
            for one in group.members
            for other in group.members
            if one is not other
        )
        for group in found.groups
    ]
    assert sum(shown[:100]) >= 90, "of the likest hundred groups, nearly all hold two reports of one event"
    assert found.compared < len(event) ** 2 / 2 / 20
