"""Readings outlive their codebook: a dataset replayed through three versions, and what a person must decide."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import eventcode
from eventcode.cli import group
from eventcode.codebook import migrate
from eventcode.codebook.load import load
from eventcode.errors import CodebookError
from tiny_codebook import files, write

CARD = """\
title: Camps
description: Invented.
licence: CC-BY-4.0
codebook: camps@1
date: "2025-06-01"
as_of: "2025-06-01"
people: [{name: A. Person, role: editor}]
coders: [{id: anna, kind: person}]
coverage: {time: 2025-05, places: [IRQ]}
limits: [It is invented.]
"""
DOCUMENTS = """\
documents:
  - {key: gazette, published_at: "2025-05-04", published_at_basis: printed, document_relation: original}
"""


def code(key: str, name: str, definition: str) -> dict[str, Any]:
    return {"code": key, "name": name, "label": name.replace("_", " ").capitalize(), "definition": definition}


def field(name: str, kind: str = "code", level: str = "nominal", **more: Any) -> dict[str, Any]:
    own = {
        "name": name,
        "table": "codings",
        "label": name.capitalize(),
        "question": f"{name}?",
        "type": kind,
        "level": level,
    }
    return own | more


def values(name: str, *terms: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": name,
        "terms": [{"value": term, "label": term.capitalize()} for term in terms],
    }


def camps(
    version: str, codes: list[dict[str, Any]], fields: list[dict[str, Any]], **lists: Any
) -> dict[str, Any]:
    """One version of the codebook `camps`."""
    return {
        "codebook.yaml": {
            "id": "camps", "title": "Camps", "version": version, "kind": "codebook", "licence": "MIT", "description": "Camps.",
            "uses": ["sourcing@1", "record@1"],
        },
        "events/all.yaml": {"defaults": {"act": "deed", "realis": ["occurred"], "requires": []}, "event_types": codes},
        "fields.yaml": {"fields": fields},
        **{f"vocabularies/{name}.yaml": values(name, *terms) for name, terms in lists.items()},
    }  # fmt: skip


PLEDGE = code("010", "pledge", "A promise to close a camp.")
FIRST = camps(
    "1.0.0",
    [
        PLEDGE,
        code("020", "end_camp", "A camp ends, in whatever way."),
        code("030", "menace", "Harm is announced."),
    ],
    [field("manner", vocabulary="manner"), field("size", vocabulary="size")],
    manner=["torn_down", "handed_over"],
    size=["few", "many"],
)
SECOND = camps(
    "2.0.0",
    [
        PLEDGE,
        code("021", "dismantle", "It is taken down."),
        code("022", "hand_over", "It is given away."),
        code("040", "threaten", "Harm is announced."),
    ],
    [
        field("manner", vocabulary="manner"),
        field("extent", vocabulary="extent"),
        field("armed", "boolean", missing=["not_coded"]),
    ],
    manner=["torn_down", "handed_over"],
    extent=["few", "most"],
)
SECOND["migrations/2.0.0.yaml"] = {
    "since": "1.0.0", "to": "2.0.0",
    "steps": [
        {"do": "split_code", "of": "020", "to": ["021", "022"], "field": "manner",
         "value": {"torn_down": "021", "handed_over": "022"}, "why": "How it ended is what people ask for."},
        {"do": "rename_code", "of": "030", "to": "040"},
        {"do": "rename_field", "of": "size", "to": "extent"},
        {"do": "rename_value", "field": "extent", "of": "many", "to": "most"},
        {"do": "add_field", "of": "armed", "missing": "not_coded"},
    ],
}  # fmt: skip
THIRD = camps(
    "3.0.0",
    [
        PLEDGE,
        code("021", "dismantle", "It is taken down by its owner."),
        code("022", "hand_over", "It is given away."),
        code("050", "press", "Pressure of any kind."),
    ],
    [field("extent", vocabulary="extent"), field("armed", "boolean", missing=["not_coded"])],
    extent=["few", "most"],
)
THIRD["migrations/2.0.0.yaml"] = SECOND["migrations/2.0.0.yaml"]
THIRD["migrations/3.0.0.yaml"] = {
    "since": "2.0.0", "to": "3.0.0",
    "steps": [
        {"do": "redefine_code", "of": "021", "why": "Only the owner's own hand counts now."},
        {"do": "merge_code", "of": "040", "to": "050"},
        {"do": "remove_field", "of": "manner"},
    ],
}  # fmt: skip


def coding(key: str, event_type: str, **more: Any) -> dict[str, Any]:
    return {
        "key": key, "event_type": event_type, "realis": "occurred", "setting": "public", "date": "2025-05-02", "place_name": "Kilo 40",
        "participants": [{"role": "actor", "actor_missing": "not_coded", "name_as_printed": "the Brigades"}],
        "support": [{"source": "s0", "stance": "asserts", "knowledge": "unknown", "quote_form": "own_words", "scope_basis": "same_sentence"}],
        **more,
    }  # fmt: skip


def reading(*codings: dict[str, Any], version: str, revision: int = 1) -> str:
    line = {
        "document": "gazette", "coder": "anna", "codebook": f"camps@{version}", "revision": revision, "status": "coded",
        "sources": [{"key": "s0", "identity": "own_voice"}], "codings": list(codings),
    }  # fmt: skip
    return json.dumps(line) + "\n"


READING = reading(
    coding("e1", "010"), coding("e2", "020", manner="torn_down", size="many"), coding("e3", "020", size="few"), coding("e4", "030"),
    version="1.0.0",
)  # fmt: skip


class Project:
    """A project whose codebook can be put to another version."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = root / "datasets" / "camps-2025"
        self.home.mkdir(parents=True)
        (self.home / "documents.yaml").write_text(DOCUMENTS)
        self.put(FIRST)

    def put(self, found: dict[str, Any]) -> None:
        import shutil

        shutil.rmtree(self.root / "codebook", ignore_errors=True)
        write(self.root / "codebook", found, "camps")
        version = found["codebook.yaml"]["version"]
        (self.home / "dataset.yaml").write_text(CARD.replace("camps@1", f"camps@{version}"))

    def run(self, *words: str, code: int = 0) -> Any:
        result = CliRunner().invoke(group, [*words])
        assert result.exit_code == code, (result.exit_code, result.output, result.exception)
        return result

    def add(self, line: str, code: int = 0) -> Any:
        batch = self.root / "batch.jsonl"
        batch.write_text(line)
        return self.run("import", "camps-2025", str(batch), code=code)

    def codes(self, code: int = 0) -> dict[str, str]:
        self.run("build", "camps-2025", code=code)
        table = eventcode.load("camps-2025", "codings")
        return dict(zip(table["key"], table["event_type"], strict=True))

    def queue(self) -> list[dict[str, Any]]:
        return json.loads(self.run("codebook", "recode", "camps-2025", "--format", "json").stdout)


def own_id() -> str:
    """The id of the coder's reading in the build."""
    readings = eventcode.load("camps-2025", "readings")
    return str(readings.loc[readings["coder_kind"] == "person", "reading_id"].item())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def test_a_dataset_is_replayed_through_three_versions_and_its_lines_stay_as_they_were(
    project: Project,
) -> None:
    project.add(READING)
    journal = next(project.home.rglob("*.jsonl"))
    first = journal.read_bytes()
    assert project.codes() == {"e1": "010", "e2": "020", "e3": "020", "e4": "030"}
    made = own_id()

    project.put(SECOND)
    assert project.codes(code=1) == {"e1": "010", "e2": "021", "e3": "020", "e4": "040"}
    codings = eventcode.load("camps-2025", "codings").set_index("key")
    assert codings["extent"].dropna().to_dict() == {"e2": "most", "e3": "few"}
    assert set(codings["armed_missing"]) == {"not_coded"}
    readings = eventcode.load("camps-2025", "readings").set_index("coder_kind")
    assert readings["codebook_version"].to_dict() == {"person": "1.0.0", "adjudicated": "2.0.0"}

    project.put(THIRD)
    assert project.codes(code=1) == {"e1": "010", "e2": "021", "e3": "020", "e4": "050"}
    assert "manner" not in eventcode.load("camps-2025", "codings").columns
    assert own_id() == made
    assert journal.read_bytes() == first


def test_what_no_migration_can_decide_is_a_queue_and_a_finding_until_somebody_codes_it_anew(
    project: Project,
) -> None:
    project.add(READING)
    project.put(THIRD)

    assert [(row["severity"], row["coding"], row["what"], row["remedy"]) for row in project.queue()] == [
        (
            "error", "gazette/anna/e3", "made under camps@1.0.0; since then code 020 was split",
            "code it anew: 021, 022. How it ended is what people ask for.",
        ),
        (
            "warning", "gazette/anna/e2", "made under camps@1.0.0; since then code 021 has a new meaning",
            "code it anew. Only the owner's own hand counts now.",
        ),
    ]  # fmt: skip
    assert "readings.recode" in project.run("check", "camps-2025", code=1).stdout

    again = [
        coding("e1", "010"),
        coding("e2", "021", extent="most"),
        coding("e3", "022"),
        coding("e4", "050"),
    ]
    for one in again:
        one["armed_missing"] = "not_coded"
    project.add(reading(*again, version="3.0.0", revision=2))
    assert project.queue() == []
    assert project.codes() == {"e1": "010", "e2": "021", "e3": "022", "e4": "050"}


def test_a_late_reading_under_an_old_version_is_kept_as_it_was_said(project: Project) -> None:
    project.put(THIRD)
    project.add(reading(coding("e1", "030"), version="1.0.0"))

    [line] = [json.loads(text) for text in next(project.home.rglob("*.jsonl")).read_text().splitlines()]
    assert (line["codebook"], line["codings"][0]["event_type"]) == ("camps@1.0.0", "030")
    assert project.codes() == {"e1": "050"}


def test_a_major_version_without_a_migration_refuses_older_readings(project: Project) -> None:
    project.add(READING)
    without = {path: content for path, content in THIRD.items() if not path.startswith("migrations/3")}
    project.put(without)

    result = project.run("check", "camps-2025", code=1)
    assert "made under camps@1.0.0, which is not known here" in str(result.exception)


def test_a_bare_file_of_old_readings_is_checked_under_the_new_codebook(project: Project) -> None:
    project.put(SECOND)
    (project.root / "old.jsonl").write_text(reading(coding("e4", "030"), version="1.0.0"))

    project.run("check", "old.jsonl", "--codebook", "camps")


def moved(
    folder: Path, line: dict[str, Any], *steps: dict[str, Any]
) -> tuple[dict[str, Any], tuple[migrate.Recode, ...]]:
    """A line of tiny@1.1.0 as tiny@1.2.0 has it, by these steps."""
    found = files()
    found["migrations/one.yaml"] = {"since": "1.0.0", "to": "1.2.0", "steps": list(steps)}
    return migrate.project({"codebook": "tiny@1.1.0", **line}, load(write(folder, found)))


def one(**coding: Any) -> dict[str, Any]:
    return {"codings": [{"key": "e1", "event_type": "010", **coding}]}


def test_a_field_that_is_no_date_leaves_its_neighbours_alone(tmp_path: Path) -> None:
    line, _ = moved(
        tmp_path,
        one(place="x", place_precision="town"),
        {"do": "rename_field", "of": "place", "to": "extent"},
    )

    assert line["codings"][0] == {"key": "e1", "event_type": "010", "extent": "x", "place_precision": "town"}


def test_a_date_moves_with_its_three_columns_its_reason_and_its_evidence(tmp_path: Path) -> None:
    coding = one(
        due_start="2025-05-01",
        due_precision="after",
        evidence=[{"field": "due"}],
        support=[{"source": "s0", "field": "due"}],
    )
    line, _ = moved(tmp_path, coding, {"do": "rename_field", "of": "due", "to": "deadline"})

    [found] = line["codings"]
    assert (found["deadline_start"], found["deadline_precision"]) == ("2025-05-01", "after")
    assert [found["evidence"][0]["field"], found["support"][0]["field"]] == ["deadline", "deadline"]
    gone, _ = moved(tmp_path, coding, {"do": "remove_field", "of": "due", "type": "date"})
    assert gone["codings"][0] == {"key": "e1", "event_type": "010", "evidence": [], "support": []}


def test_what_stands_under_the_new_name_already_is_kept(tmp_path: Path) -> None:
    line, _ = moved(
        tmp_path, one(size="few", extent="all"), {"do": "rename_field", "of": "size", "to": "extent"}
    )

    assert line["codings"][0]["extent"] == "all"


def test_an_added_list_is_a_list_of_each_row_and_a_condition_may_be_a_truth_or_a_number(
    tmp_path: Path,
) -> None:
    line, _ = moved(
        tmp_path,
        {"codings": [{"key": "e1"}, {"key": "e2"}]},
        {"do": "add_field", "of": "topics", "value": ["all"]},
    )
    assert [row["topics"] for row in line["codings"]] == [["all"], ["all"]]
    assert line["codings"][0]["topics"] is not line["codings"][1]["topics"]

    split = {
        "do": "split_code",
        "of": "009",
        "to": ["010", "020"],
        "field": "armed",
        "value": {"true": "010", "2": "020"},
    }
    codings = [
        {"key": "a", "event_type": "009", "armed": True},
        {"key": "b", "event_type": "009", "armed": 2},
    ]
    line, recodes = moved(tmp_path, {"codings": codings}, split)
    assert [row["event_type"] for row in line["codings"]] == ["010", "020"]
    assert recodes == ()


def test_the_options_of_a_split_are_those_of_today(tmp_path: Path) -> None:
    steps = [
        {"do": "split_code", "of": "009", "to": ["051", "052"]},
        {"do": "rename_code", "of": "051", "to": "010"},
    ]
    _, [recode] = moved(tmp_path, {"codings": [{"key": "a", "event_type": "009"}]}, *steps)

    assert recode.options == ("010", "052")


def test_a_step_on_sources_and_one_for_some_codes_only(tmp_path: Path) -> None:
    line = {
        "sources": [{"key": "s0", "kind": "man"}],
        "codings": [{"key": "a", "event_type": "010", "x": 1}, {"key": "b", "event_type": "020", "x": 1}],
    }
    steps = [
        {"do": "rename_value", "table": "sources", "field": "kind", "of": "man", "to": "person"},
        {"do": "remove_field", "of": "x", "codes": ["020"]},
    ]
    found, _ = moved(tmp_path, line, *steps)

    assert found["sources"] == [{"key": "s0", "kind": "person"}]
    assert [("x" in row) for row in found["codings"]] == [True, False]


def test_a_step_that_needs_a_target_is_refused_without_one(tmp_path: Path) -> None:
    found = files()
    found["migrations/one.yaml"] = {
        "since": "1.0.0",
        "to": "1.2.0",
        "steps": [{"do": "rename_field", "of": "size"}],
    }

    with pytest.raises(CodebookError) as caught:
        load(write(tmp_path, found))
    assert [(p.message, p.line) for p in caught.value.problems] == [("'to' is missing", 4)]


def test_migrations_of_a_module_are_not_those_of_the_codebook(tmp_path: Path) -> None:
    module = {
        "codebook.yaml": {
            "id": "told",
            "title": "Told",
            "version": "2.0.0",
            "kind": "module",
            "licence": "MIT",
            "description": "Who.",
        },
        "migrations/2.0.0.yaml": {
            "since": "1.0.0",
            "to": "2.0.0",
            "steps": [{"do": "rename_code", "of": "010", "to": "020"}],
        },
    }
    found = files()
    found["codebook.yaml"]["uses"] = ["told@2"]
    write(tmp_path, module, "told")
    tiny = load(write(tmp_path, found), [tmp_path])

    assert tiny.migrations == ()
    assert migrate.covers(tiny, "tiny@1.2.0")
    line = {"codebook": "tiny@1.1.0", **one()}
    assert migrate.project(line, tiny) == (line, ())


def test_a_renamed_date_leaves_the_id_of_the_line_as_it_was(project: Project) -> None:
    first = camps("1.0.0", [PLEDGE], [field("due", "date", "interval")])
    second = camps("1.1.0", [PLEDGE], [field("term", "date", "interval")])
    second["migrations/1.1.0.yaml"] = {
        "since": "1.0.0",
        "to": "1.1.0",
        "steps": [{"do": "rename_field", "of": "due", "to": "term"}],
    }
    project.put(first)
    project.add(reading(coding("e1", "010", due="2025-06"), version="1.0.0"))
    project.codes()
    made = own_id()
    journal = next(project.home.rglob("*.jsonl"))
    journal.write_text(reading(coding("e1", "010", due="2025-06"), version="1.0.0"))

    project.put(second)
    project.codes()
    assert own_id() == made
    assert str(eventcode.load("camps-2025", "codings")["term_precision"][0]) == "month"


STEPS = st.lists(
    st.fixed_dictionaries(
        {
            "do": st.sampled_from(["rename_code", "merge_code", "deprecate_code", "redefine_code"]),
            "of": st.sampled_from(["010", "011", "020", "090"]),
            "to": st.sampled_from(["010", "011", "020", "099"]),
        }
    ),
    min_size=1,
    max_size=4,
)


@given(steps=STEPS, codes=st.lists(st.sampled_from(["010", "011", "020", "090", "x"]), max_size=4))
def test_projecting_never_changes_the_line_nor_the_number_of_codings(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, Any]], codes: list[str]
) -> None:
    found = files()
    found["migrations/one.yaml"] = {"since": "1.0.0", "to": "1.2.0", "steps": steps}
    tiny = load(write(tmp_path_factory.mktemp("m"), found))
    line = {
        "codebook": "tiny@1.1.0",
        "codings": [{"key": f"e{i}", "event_type": code} for i, code in enumerate(codes)],
    }
    before = json.dumps(line)

    projected, recodes = migrate.project(line, tiny)

    assert json.dumps(line) == before
    assert [row["key"] for row in projected["codings"]] == [row["key"] for row in line["codings"]]
    assert {recode.key for recode in recodes} <= {row["key"] for row in line["codings"]}
    assert migrate.project({**line, "codebook": "tiny@1.2.0"}, tiny) == (
        {**line, "codebook": "tiny@1.2.0"},
        (),
    )
