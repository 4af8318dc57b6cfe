"""Taking in other people's files: into a folder, into a dataset, by a map of one's own, or by a draft that is to be decided."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mapped
from eventcode import readings
from eventcode.cli import group
from eventcode.codebook import views
from eventcode.codebook.load import load
from eventcode.errors import DatasetError
from eventcode.formats import mapping
from eventcode.formats.foreign import registry
from eventcode.formats.tabular import spool
from eventcode.formats.tabular.opening import open_table
from eventcode.formats.tabular.tables import Reading
from eventcode.pipeline.check import check
from eventcode.pipeline.foreign import Source, check_foreign
from eventcode.pipeline.foreign_out import import_foreign
from eventcode.tables import build
from foreign_cases import ACLED, UCDP, delimited, put
from tiny_project import CARD

SHARED = os.environ.get("EVENTCODE_SHARED")
needs_real = pytest.mark.skipif(not SHARED, reason="EVENTCODE_SHARED names no folder with the real files")
QUIET = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def run(*words: object) -> Result:
    return CliRunner().invoke(group, [str(word) for word in words])


def refused(*words: object) -> str:
    result = run(*words)
    assert isinstance(result.exception, DatasetError), result.output
    return str(result.exception)


def tables(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {path.stem: pq.read_table(path).to_pylist() for path in folder.glob("*.parquet")}


# ── into a folder ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_becomes_a_folder_of_tables_without_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = put(tmp_path, "ged.csv", [UCDP])
    result = run("import", path, "--from", "ucdp", "--to", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "1 documents, 1 readings, 1 codings, 2 sources, 2 support, 2 participants" in result.output
    found = tables(tmp_path / "out")
    assert {"documents", "readings", "codings", "sources", "support", "participants", "evidence", "publishers", "links", "actors",
            "findings", "rule_counts", "codes", "fields", "vocabularies"} == found.keys()  # fmt: skip
    assert yaml.safe_load((tmp_path / "out" / "import.yaml").read_text())["file"] == "ged.csv"
    assert yaml.safe_load((tmp_path / "out" / "map.yaml").read_text())["file"] == "ged.csv"
    assert found["codings"][0]["reading_id"] == found["readings"][0]["reading_id"]


def test_importing_again_replaces_an_import_and_nothing_else(tmp_path: Path) -> None:
    path = put(tmp_path, "ged.csv", [UCDP])
    for _ in range(2):
        assert run("import", path, "--from", "ucdp", "--to", tmp_path / "out").exit_code == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("dear")
    assert "holds no import" in refused("import", path, "--from", "ucdp", "--to", tmp_path / "mine")
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_a_file_that_cannot_be_read_to_its_end_leaves_nothing(tmp_path: Path) -> None:
    path = put(tmp_path, "ged.csv", [UCDP])
    path.write_bytes(path.read_bytes() + b"1,2,3\n")
    assert "1 row of the wrong length" in refused("import", path, "--from", "ucdp", "--to", tmp_path / "out")
    assert [file.name for file in tmp_path.iterdir()] == ["ged.csv"]


@pytest.mark.parametrize(
    ("rows", "options", "told"),
    [
        ([{**UCDP, "colour": "red"}], [], "the column 'colour' is not in ucdp.yaml"),
        ([{k: v for k, v in UCDP.items() if k != "best"}], [], "has no column 'best'"),
        ([UCDP], ["--layout", "no-such"], "ucdp has no layout 'no-such'"),
    ],
)
def test_columns_that_do_not_fit_are_told(
    tmp_path: Path, rows: list[dict[str, str]], options: list[str], told: str
) -> None:
    assert told in refused(
        "import", put(tmp_path, "ged.csv", rows), "--from", "ucdp", "--to", tmp_path / "out", *options
    )


def test_an_unknown_format_is_told_with_those_there_are(tmp_path: Path) -> None:
    told = refused("import", put(tmp_path, "ged.csv", [UCDP]), "--from", "ucpd", "--to", tmp_path / "out")
    assert "there is no format 'ucpd'\n  → did you mean 'ucdp'?" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["f.csv"], "whose readings are these?"),
        (["f.csv", "--from", "ucdp"], "Where to?"),
        (["name", "f.csv", "--from", "ucdp", "--to", "x"], "not into both"),
        (["f.csv", "--guess"], "one --codebook"),
        (["f.csv", "--table", "events"], "needs --codebook, --table and --to"),
        (["a", "b", "c"], "unexpected extra argument"),
        (["f.csv", "--from", "ucdp", "--to", "x", "--delimiter", "ab"], "--delimiter is one sign"),
    ],
)
def test_what_goes_together_is_told(words: list[str], told: str) -> None:
    result = run("import", *words)
    assert result.exit_code == 2
    assert told in result.output


def test_values_without_a_place_are_left_out_and_told_with_their_lines(tmp_path: Path) -> None:
    rows = [
        UCDP,
        {**UCDP, "id": "1002", "type_of_violence": "4"},
        {**UCDP, "id": "1003", "best": "many"},
        {**UCDP, "id": ""},
        UCDP,
    ]
    result = run("import", put(tmp_path, "ged.csv", rows), "--from", "ucdp", "--to", tmp_path / "out")
    assert result.exit_code == 1
    found = tables(tmp_path / "out")
    told = {
        (row["rule"], row["field"], row["line"])
        for row in found["findings"]
        if row["rule"] in ("file.value", "file.key")
    }
    assert told == {
        ("file.value", "type_of_violence", 3), ("file.value", "best", 4), ("file.key", "id", 5), ("file.key", "id", 6),
    }  # fmt: skip
    assert sorted(row["key"] for row in found["codings"]) == ["1001", "1002", "1003"]
    counted = {row["rule"]: row["failed"] for row in found["rule_counts"]}
    assert (counted["file.value"], counted["file.key"]) == (2, 2)


def test_a_key_that_stands_twice_is_told_however_far_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "WHOLE", 2)
    monkeypatch.setattr(spool, "BATCH", 2)
    path = put(tmp_path, "acled.csv", [{**ACLED, "event_id_cnty": f"VEL{n}"} for n in (1, 2, 3, 4, 1, 5, 1)])
    import_foreign(Source(path, "acled"), tmp_path / "out")
    found = tables(tmp_path / "out")
    [told] = [row for row in found["findings"] if row["rule"] == "file.key"]
    assert (told["field"], told["line"]) == ("event_id_cnty", 6)
    assert told["message"] == "the key 'VEL1' stands on row 2 too (2 rows: 6, 8)"
    assert sorted(row["key"] for row in found["codings"]) == ["VEL1", "VEL2", "VEL3", "VEL4", "VEL5"]


@pytest.mark.parametrize(
    ("form", "rows"),
    [
        ("ucdp", [UCDP, {**UCDP, "id": "1002", "latitude": "0.00001", "longitude": "5.0"}]),
        ("acled", [ACLED, {**ACLED, "event_id_cnty": "VEL2", "latitude": "-0.0"}]),
    ],
)
def test_the_rows_are_those_that_a_build_makes(tmp_path: Path, form: str, rows: list[dict[str, Any]]) -> None:
    path = put(tmp_path, "rows.csv", rows)
    import_foreign(Source(path, form), tmp_path / "out")
    book = load(registry.FORMATS[form].codebook)
    done = mapping.apply(mapping.read_map(mapping.MAPS / f"{form}.yaml", book), path, book)
    ids = {row["document_key"]: row["document_id"] for row in done.documents}
    built = readings.Rows()
    for reading, place in done.readings:
        coder = readings.Coder(reading["coder"], "imported")
        built.extend(readings.explode(reading, ids[reading["document"]], coder, book, place))
    found = tables(tmp_path / "out")
    for name, wanted in built.tables.items():
        made = build(views.columns(book, name), wanted).to_pylist()
        assert sorted(map(repr, found[name])) == sorted(map(repr, made))


def test_what_a_map_makes_is_canonical_already(tmp_path: Path) -> None:
    book = load("ucdp")
    path = put(tmp_path, "ged.csv", [UCDP])
    applied = mapping.apply(mapping.read_map(mapping.MAPS / "ucdp.yaml", book), path, book)
    for reading, _ in applied.readings:
        assert readings.normalise(reading, book) == (reading, [])


@QUIET
@given(order=st.lists(st.integers(0, 4), min_size=1, max_size=14), whole=st.integers(1, 4))
def test_rows_of_a_document_come_together_however_far_apart_they_stand(
    tmp_path: Path, order: list[int], whole: int
) -> None:
    rows = [{"doc": f"d{document}", "n": str(i)} for i, document in enumerate(order)]
    path = put(tmp_path, "t.csv", rows)
    held, batch = spool.WHOLE, spool.BATCH
    spool.WHOLE, spool.BATCH = 0, whole
    try:
        found = list(spool.spool(open_table(path), tmp_path, lambda row: (row[0], row[1])).documents())
    finally:
        spool.WHOLE, spool.BATCH = held, batch
    batches = [[row[0] for row in one.rows] for one in found]
    assert sorted(row for one in found for row in one.rows) == sorted([row["doc"], row["n"]] for row in rows)
    assert sorted(line for one in found for line in one.lines) == list(range(2, len(rows) + 2))
    for i, one in enumerate(batches):
        assert not set(one) & {document for other in batches[i + 1 :] for document in other}


def test_every_format_has_a_map_that_can_be_used_and_a_codebook() -> None:
    for form in registry.FORMATS.values():
        book = load(form.codebook)
        assert form.layouts
        for path in form.layouts.values():
            assert mapping.read_map(path, book).columns


# ── into a dataset ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    card = CARD.replace("disarmament@1.0.1", "ucdp@1").replace(
        "  - {id: ben, kind: person}\n", "  - {id: ucdp, kind: imported}\n"
    )
    folder = tmp_path / "datasets" / "ged"
    folder.mkdir(parents=True)
    (folder / "dataset.yaml").write_text(card)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EVENTCODE_STORE", raising=False)
    return folder


def test_a_file_goes_into_a_dataset_with_its_origin_and_its_map(project: Path) -> None:
    path = put(project.parents[1], "ged.csv", [UCDP])
    result = run("import", "ged", path, "--from", "ucdp")
    assert result.exit_code == 0, result.output
    assert (project / "raw" / "ged.csv").read_bytes() == path.read_bytes()
    origin = yaml.safe_load((project / "raw" / "ged.csv.origin.yaml").read_text())
    assert (origin["licence"], origin["producer"]) == ("CC-BY-4.0", "UCDP Georeferenced Event Dataset")
    assert yaml.safe_load((project / "map.yaml").read_text())["file"] == "ged.csv"
    checked = run("check", "ged")
    assert "ucdp" in checked.output or checked.exit_code == 0
    assert "is there already" in refused("import", "ged", path, "--from", "ucdp")


def test_a_file_of_another_codebook_is_not_taken(project: Path) -> None:
    path = put(project.parents[1], "a.csv", [ACLED])
    told = refused("import", "ged", path, "--from", "acled")
    assert "dataset.yaml:4  codebook\n  ACLED events come under acled, and this dataset is of ucdp" in told
    assert "eventcode new dataset NAME --codebook acled" in told
    assert [file.name for file in project.iterdir()] == ["dataset.yaml"]


def test_a_dataset_must_name_the_coder_of_the_map(project: Path) -> None:
    card = project / "dataset.yaml"
    card.write_text(card.read_text().replace("  - {id: ucdp, kind: imported}\n", ""))
    told = refused("import", "ged", put(project.parents[1], "ged.csv", [UCDP]), "--from", "ucdp")
    assert "add to coders: {id: ucdp, kind: imported}" in told


# ── a map of one's own, and its draft ─────────────────────────────────────────────────────────────────────────────────


def test_a_map_of_ones_own_is_used_under_a_codebook(tmp_path: Path) -> None:
    mapped.codebook(tmp_path)
    path = mapped.write_rows(tmp_path, [mapped.row()])
    words = (
        "import",
        path,
        "--map",
        mapped.write_map(tmp_path),
        "--codebook",
        tmp_path / "small",
        "--to",
        tmp_path / "out",
    )
    result = run(*words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert [row["event_type"] for row in tables(tmp_path / "out")["codings"]] == ["010"]


FOREIGN = [
    {"event_id": f"e{i}", "event_date": f"{i % 9 + 10}.05.2024", "lat": "1.5", "lon": "36.5", "what": "Battles" if i % 2 else "Riots", "link": f"http://x.test/{i % 2}",
     "empty": "", "mood": "grim", "deaths": str(i)}
    for i in range(12)
]  # fmt: skip


@pytest.fixture
def draft(tmp_path: Path) -> str:
    result = run("import", put(tmp_path, "other.csv", FOREIGN), "--guess", "--codebook", "acled")
    assert result.exit_code == 0, result.output
    return result.output


def test_a_draft_is_a_map_that_accounts_for_every_column(draft: str) -> None:
    plain = yaml.safe_load(draft)
    assert plain["codings"]["key"] == "event_id"
    assert plain["documents"]["identity"] == ["link"]
    assert plain["codings"]["values"]["date"] == {"column": "event_date", "form": "DD.MM.YYYY"}
    assert plain["codings"]["values"]["event_type"] == "what"
    assert plain["codings"]["values"]["lat"] == "lat"
    assert {"empty", "mood", "deaths"} == plain["ignore"].keys()
    assert all(why.startswith("TODO") for why in plain["ignore"].values())


def test_a_draft_tells_what_it_saw(draft: str) -> None:
    assert "# text, all filled, 1 different: grim" in draft
    assert "# nothing, empty, 0 different" in draft
    assert "by its values, which may be of something else" in draft


def test_a_draft_is_refused_until_it_is_decided(tmp_path: Path, draft: str) -> None:
    (tmp_path / "draft.yaml").write_text(draft)
    words = (
        "import",
        tmp_path / "other.csv",
        "--map",
        tmp_path / "draft.yaml",
        "--codebook",
        "acled",
        "--to",
        tmp_path / "out",
    )
    told = refused(*words)
    assert "'mood' is undecided\n  → map it, or say why it is left out" in told
    (tmp_path / "draft.yaml").write_text(draft.replace("TODO: ", "because "))
    run(*words)
    assert len(tables(tmp_path / "out")["codings"]) == len(FOREIGN)


@QUIET
@given(
    rows=st.lists(
        st.fixed_dictionaries({name: st.text("ab1-. :#\"'{}", max_size=6) for name in ("a", "b: c", "#d")}),
        max_size=5,
    )
)
def test_any_table_has_a_draft_that_is_yaml(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    path = put(
        tmp_path,
        "t.csv",
        [
            {"id": "x", "a": "1", "b: c": "2", "#d": "3"},
            *({"id": str(i), **row} for i, row in enumerate(rows)),
        ],
    )
    result = run("import", path, "--guess", "--codebook", "acled")
    assert result.exit_code == 0, result.exception
    plain = yaml.safe_load(result.output)
    assert set(plain) >= {"file", "producer", "codebook", "coder", "documents", "codings"}


# ── in place ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_check_in_place_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "ged.csv", [UCDP])
    result = run("check", "ged.csv", "--as", "ucdp")
    assert result.exit_code == 0, result.output
    assert [file.name for file in tmp_path.iterdir()] == ["ged.csv"]


def test_the_rules_that_are_left_out_are_told_and_explained(tmp_path: Path) -> None:
    path = put(tmp_path, "ged.csv", [UCDP])
    for words in (
        ("check", path, "--as", "ucdp"),
        ("import", path, "--from", "ucdp", "--to", tmp_path / "out"),
    ):
        assert "not asked, as they make no sense for the file: 18 rules (" in run(*words).stderr
    told = run("check", path, "--as", "ucdp", "--explain", "sourcing.support-exists").output
    assert "Not asked here: before 2013 the file does not list articles" in told
    assert "not asked" not in run("check", path, "--as", "ucdp", "--format", "json").stdout


def test_a_check_reads_a_file_as_it_is_told_to(tmp_path: Path) -> None:
    path = tmp_path / "ged.csv"
    path.write_bytes(delimited([{**UCDP, "where_description": "Café"}], ";").decode().encode("cp1252"))
    assert "--encoding cp1252" in refused("check", path, "--as", "ucdp")
    words = ("--encoding", "cp1252", "--delimiter", ";", "--layout", "23.1")
    assert "0 errors" in run("check", path, "--as", "ucdp", "--encoding", "cp1252", "--delimiter", ";").stdout
    assert "has no layout '23.1'" in refused("check", path, "--as", "ucdp", *words)
    assert check(path, form="ucdp", reading=Reading(";", encoding="cp1252")).errors == 0
    alone = run("check", path, "--codebook", "ucdp", "--no-quotes")
    assert alone.exit_code == 2
    assert "--no-quotes says nothing here: it is for a foreign file, of --as or --map" in alone.output


@needs_real
def test_the_reports_of_maverick_give_the_known_counts() -> None:
    result = check_foreign(
        Path(SHARED or "", "data", "real", "maverick_event_report_3287.parquet"), "maverick"
    )
    found = {count.rule: count.failed for count in result.counts}
    known = {
        "codings.date-order": 10, "maverick.reported-after-it-happened": 35, "maverick.injuries-best-above-high": 3,
        "maverick.injuries-low-above-best": 1, "maverick.party-is-no-actor-id": 4,
        "maverick.event-told-once": 28,   # 14 pairs: an event told twice in one document
        "maverick.party-twins": 3,
    }  # fmt: skip
    assert {rule: found[rule] for rule in known} == known
