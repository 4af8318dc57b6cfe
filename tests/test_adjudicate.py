"""What needs a decision: the queue, its ranking, blind to who coded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from adjudicating import add, letters, project, recorded
from eventcode import shape
from eventcode.adjudication import cases, cause
from eventcode.bundled import schema_file
from eventcode.cli import group
from eventcode.errors import DatasetError
from eventcode.pipeline import adjudicate
from eventcode.project import Dataset, find
from tiny_project import CARD, DOCUMENT, NAME, reading

GROUPS = [
    {"kind": "group", "from": ["anna/e1", "ben/e1"], "reason": "same"},
    {"kind": "group", "from": ["anna/e2", "ben/x9"], "reason": "same"},
    {"kind": "group", "from": ["ben/x3"], "chosen": "none", "reason": "nothing happens"},
    {"kind": "sources", "from": ["anna"], "reason": "current"},
]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return project(tmp_path)


def decide(
    dataset: Dataset, *decisions: dict[str, Any], name: str = "decisions.jsonl", by: str = "carla"
) -> None:
    """Put decisions on record."""
    rows = [{"document": DOCUMENT, "by": by, "reason": "so", **row} for row in decisions]
    path = dataset.folder / name
    held = path.read_text("utf-8") if path.is_file() else ""
    path.write_text(held + "".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def asked(dataset: Dataset, **options: Any) -> list[tuple[str, str | None]]:
    """(kind, field) of what is open, in the ranking."""
    return [(row["kind"], row["field"]) for row in adjudicate.rows(adjudicate.load(dataset, **options))]


def run(dataset: Dataset, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.chdir(dataset.project.root)
    return CliRunner().invoke(group, ["adjudicate", NAME, *arguments])


# ── what is open ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_in_which_two_readers_differ_is_asked(dataset: Dataset) -> None:
    assert sorted(map(str, asked(dataset))) == sorted(
        map(
            str,
            [
                ("group", None), ("group", None), ("group", None), ("field", "event_type"), ("field", "date"),
                ("field", "recipient"), ("sources", None),
            ],
        )
    )  # fmt: skip


def test_codings_that_the_alignment_pairs_are_shown_together_and_one_that_only_one_reader_has_alone(
    dataset: Dataset,
) -> None:
    of = letters(dataset)
    groups = [
        set(row["codings"]) for row in adjudicate.rows(adjudicate.load(dataset)) if row["kind"] == "group"
    ]
    pairs = [{f"{of['anna']}{n}", f"{of['ben']}{n}"} for n in (1, 2)]
    assert sorted(map(sorted, groups)) == sorted(map(sorted, [*pairs, {f"{of['ben']}3"}]))


def test_a_document_that_readers_agree_on_wholly_needs_nothing(tmp_path: Path) -> None:
    from tiny_project import tiny_project

    tiny_project(tmp_path)
    add(tmp_path, reading(coder="ben"), "ben")
    assert asked(find(tmp_path).dataset(NAME)) == []


def test_what_is_decided_is_not_asked_again(dataset: Dataset) -> None:
    decide(dataset, *GROUPS)
    assert asked(dataset) == [("field", "date"), ("field", "event_type"), ("field", "recipient")]
    decide(
        dataset,
        {"kind": "field", "report": "e1", "field": "date", "chosen": "2025-05-02", "cause": "coder_slip"},
    )
    assert asked(dataset) == [("field", "event_type"), ("field", "recipient")]


def test_what_is_left_open_is_what_the_check_finds_undecided(dataset: Dataset) -> None:
    from eventcode.pipeline.check import check_dataset

    decide(dataset, *GROUPS)
    found = check_dataset(dataset.project, NAME).findings
    undecided = {f.field for f in found if f.rule == "adjudication.undecided"}
    assert undecided == {field for kind, field in asked(dataset) if kind == "field"}


def test_a_reader_who_found_nothing_makes_every_event_of_the_other_a_question(tmp_path: Path) -> None:
    nothing = reading(coder="ben", status="no_event", codings=[], sources=[])
    from tiny_project import tiny_project

    tiny_project(tmp_path)
    add(tmp_path, nothing, "ben")
    dataset = find(tmp_path).dataset(NAME)
    found = [row for row in adjudicate.rows(adjudicate.load(dataset)) if row["kind"] == "group"]
    assert [(row["disagreement"], row["suggested"]) for row in found] == [(0.5, None), (0.5, None)]


def test_a_withdrawn_reading_asks_nothing(dataset: Dataset, tmp_path: Path) -> None:
    add(tmp_path, reading(coder="ben", revision=2, status="withdrawn", codings=[], sources=[]), "gone")
    assert asked(find(tmp_path).dataset(NAME)) == []


# ── ranking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_score_is_disagreement_times_weight_times_rows(dataset: Dataset) -> None:
    for row in adjudicate.rows(adjudicate.load(dataset)):
        assert row["score"] == pytest.approx(row["disagreement"] * row["weight"] * row["rows"], abs=0.002)


def test_two_codes_below_one_root_differ_by_half_and_two_roots_wholly(
    dataset: Dataset, tmp_path: Path
) -> None:
    def disagreement() -> float:
        rows = adjudicate.rows(adjudicate.load(find(tmp_path).dataset(NAME)))
        [found] = [row["disagreement"] for row in rows if row["field"] == "event_type"]
        return float(found)

    assert disagreement() == 0.5
    from adjudicating import bens

    plain = bens()
    plain["codings"][0]["event_type"] = "071"
    add(tmp_path, plain | {"revision": 2}, "more")
    assert disagreement() == 1.0


def test_the_card_says_what_weighs_how_much(dataset: Dataset, tmp_path: Path) -> None:
    (dataset.folder / "dataset.yaml").write_text(
        CARD + "adjudication: {weights: {recipient: 90, report: 0}}\n", "utf-8"
    )
    rows = adjudicate.rows(adjudicate.load(find(tmp_path).dataset(NAME)))
    assert rows[0]["field"] == "recipient"
    assert {row["score"] for row in rows if row["kind"] == "group"} == {0}


def test_a_weight_for_a_field_that_there_is_not_is_refused_with_the_nearest_name(
    dataset: Dataset, tmp_path: Path
) -> None:
    (dataset.folder / "dataset.yaml").write_text(CARD + "adjudication: {weights: {recipeint: 9}}\n", "utf-8")
    with pytest.raises(DatasetError, match="did you mean 'recipient'"):
        adjudicate.load(find(tmp_path).dataset(NAME))


def test_a_field_that_an_expectation_is_about_weighs_more(dataset: Dataset, tmp_path: Path) -> None:
    before = adjudicate.weights(dataset)["extent"]
    expectation = "expectations:\n  - {kind: complete, table: events, column: extent, reason: it matters}\n"
    (dataset.folder / "dataset.yaml").write_text(CARD + expectation, "utf-8")
    assert adjudicate.weights(find(tmp_path).dataset(NAME))["extent"] == before + 1


# ── suggestions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_that_all_readers_have_is_suggested_and_one_that_some_lack_is_not(dataset: Dataset) -> None:
    rows = [row for row in adjudicate.rows(adjudicate.load(dataset)) if row["kind"] == "group"]
    assert {len(row["codings"]): row["suggested"] for row in rows} == {2: "one report", 1: None}


def test_no_value_is_suggested_where_the_rules_allow_both(dataset: Dataset) -> None:
    rows = adjudicate.rows(adjudicate.load(dataset))
    assert [row["suggested"] for row in rows if row["kind"] == "field"] == [None] * 3


def test_the_value_that_the_rules_leave_is_suggested_and_which_rule_the_other_breaks(tmp_path: Path) -> None:
    from adjudicating import bens

    plain = bens()
    plain["codings"][0] |= {"event_type": "014", "harm": ["other_force"]}
    plain["codings"][0]["participants"][1] = {"role": "recipient", "actor_missing": "not_stated"}
    dataset = project(tmp_path, plain | {"revision": 2})
    of = letters(dataset)
    decide(dataset, *GROUPS, {"kind": "field", "report": "e1", "field": "event_type", "from": ["anna/e1"]})
    rows = {row["field"]: row for row in adjudicate.rows(adjudicate.load(dataset))}
    assert rows["harm"]["suggested"] == f"{of['anna']}: (nothing)"
    assert rows["harm"]["why"].startswith(f"the rules leave no other: {of['ben']} breaks codings.harm-")


# ── blind ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_coder_is_named_unless_that_is_asked_for(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in ("table", "json", "csv"):
        said = run(dataset, monkeypatch, "--format", form).output
        assert "anna" not in said
        assert "ben" not in said.replace("been", "")
    assert "anna" in run(dataset, monkeypatch, "--show-coders").output


@given(
    st.sets(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=30),
    st.text(min_size=1, max_size=8),
)
def test_letters_depend_on_the_document_and_on_no_order_of_coders(coders: set[str], document: str) -> None:
    ordered = cases.blind(document, sorted(coders))
    assert ordered == cases.blind(document, sorted(coders, reverse=True))
    assert set(ordered.values()) == coders
    assert len(ordered) == len(coders)


def test_over_many_documents_each_coder_is_the_first_about_equally_often() -> None:
    first = [cases.blind(f"text:{n}", ["anna", "ben"])["A"] for n in range(400)]
    assert 160 < first.count("anna") < 240


# ── the command ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_shows_values_words_and_how_many_questions_there_are(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = run(dataset, monkeypatch).output
    assert "7 questions about 1 document" in said
    assert "032 · Pledge to disarm" in said
    assert "“said on Friday it would close its camp near Ras Amara by June”" in " ".join(said.split())
    assert "to be confirmed, all readers agree: " in said


def test_without_the_text_the_words_are_a_place_in_it(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dataset.folder / "raw" / f"{DOCUMENT}.txt").unlink()
    said = run(dataset, monkeypatch).output
    assert "characters 111–136" in said
    assert "said on Friday" not in said


def test_json_and_csv_have_a_row_per_question(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = json.loads(run(dataset, monkeypatch, "--format", "json").output)
    assert [row["rank"] for row in rows] == [*range(1, 8)]
    assert len(run(dataset, monkeypatch, "--format", "csv").output.splitlines()) == 8


def test_one_document_can_be_asked_for_and_an_unknown_one_is_refused(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "1 document" in run(dataset, monkeypatch, "--document", DOCUMENT).output
    other = run(dataset, monkeypatch, "--document", "agency-2025-05-04").output
    assert other.strip() == "nothing needs a decision"
    refused = run(dataset, monkeypatch, "--document", "agency-2025-05-3")
    assert isinstance(refused.exception, DatasetError)
    assert "did you mean" in str(refused.exception)


def test_a_file_that_is_there_is_never_written_over(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(dataset, monkeypatch, "--write", "d.xlsx").exit_code == 0
    again = run(dataset, monkeypatch, "--write", "d.xlsx")
    assert again.exit_code == 2
    assert "it may hold decisions" in again.output


def test_no_file_is_written_where_nothing_needs_a_decision(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = run(dataset, monkeypatch, "--document", "agency-2025-05-04", "--write", "d.xlsx")
    assert (said.exit_code, said.output) == (0, "nothing needs a decision, so nothing was written\n")
    assert not (dataset.project.root / "d.xlsx").exists()


# ── causes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_causes_are_counted_by_field(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    decide(
        dataset, *GROUPS,
        {"kind": "field", "report": "e1", "field": "date", "from": ["anna/e1"], "cause": "codebook_gap"},
        {"kind": "field", "report": "e2", "field": "date", "from": ["anna/e2"], "cause": "coder_slip"},
    )  # fmt: skip
    rows = {row["about"]: row for row in adjudicate.causes(adjudicate.load(dataset))}
    assert (rows["date"]["decisions"], rows["date"]["codebook_gap"], rows["date"]["coder_slip"]) == (2, 1, 1)
    assert rows[cause.REPORT]["no_cause"] == 3
    assert "codebook_gap" in run(dataset, monkeypatch, "--causes").output


def test_without_decisions_there_are_no_causes_to_count(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(dataset, monkeypatch, "--causes").output == "nothing is decided yet\n"
    assert run(dataset, monkeypatch, "--causes", "--format", "json").output == "[]\n"


def test_a_cause_of_somebodys_own_is_refused_with_the_nearest_one(dataset: Dataset) -> None:
    decide(dataset, {**GROUPS[0], "cause": "coder_slips"})
    with pytest.raises(DatasetError, match="did you mean 'coder_slip'"):
        adjudicate.load(dataset)


def test_the_causes_are_those_of_the_schema() -> None:
    schema = json.loads(schema_file("decision").read_text("utf-8"))
    assert schema["properties"]["cause"]["enum"] == [*cause.CAUSES]


def test_decisions_of_the_first_dataset_are_valid() -> None:
    root = Path(__file__).parent.parent
    for line in (root / "datasets/iraq-militias-2025/decisions.jsonl").read_text("utf-8").splitlines():
        assert [*shape.violations(json.loads(line), shape.bundled("decision"))] == []


def test_agreement_is_that_of_the_coders_whatever_is_decided(dataset: Dataset) -> None:
    from eventcode.pipeline.agree import agreement

    before = agreement(dataset, draws=100)
    decide(dataset, *GROUPS, {"kind": "field", "report": "e1", "field": "date", "from": ["anna/e1"]})
    after = agreement(find(dataset.project.root).dataset(NAME), draws=100)
    assert after.estimates == before.estimates
    assert after.confusions == before.confusions
    assert len(recorded(dataset)) == 5
