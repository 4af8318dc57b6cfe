"""A codebook as tables and DDI: what other programs read is whole and obeys their rules."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from eventcode.bundled import codebook_folder
from eventcode.cli.codebook import command
from eventcode.codebook import data, ddi, skos
from eventcode.codebook.load import load, names
from eventcode.errors import DatasetError
from eventcode.pipeline.codebook_export import FORMS, export

BUNDLED = names([codebook_folder()])


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_csv_tables_keep_every_code_as_text(tmp_path: Path) -> None:
    made = export(load("disarmament"), "csv", tmp_path / "out")
    assert made == [
        f"{name}.csv"
        for name in (
            "codes",
            "fields",
            "vocabularies",
            "includes",
            "excludes",
            "examples",
            "crosswalks",
            "rules",
            "actors",
        )
    ]
    with (tmp_path / "out" / "codes.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert (rows[0]["code"], rows[0]["realis"], rows[0]["codebook_id"]) == (
        "010",
        "occurred;ongoing;planned;possible;negated",
        "disarmament",
    )
    assert len(rows) == len(load("disarmament").event_types)


@pytest.mark.parametrize("name", BUNDLED)
def test_parquet_tables_hold_every_row(name: str, tmp_path: Path) -> None:
    book = load(name)
    export(book, "parquet", tmp_path / "out")
    for table, rows in data.tables(book).items():
        found = pq.read_table(tmp_path / "out" / f"{table}.parquet")
        assert found.num_rows == len(rows)
        assert found.schema.metadata[b"codebook"] == book.reference.encode()
        kept = {json.dumps([row[key] for key in data.KEYS[table]]) for row in found.to_pylist()}
        assert kept == {json.dumps([row[key] for key in data.KEYS[table]]) for row in rows}


def test_what_is_there_already_is_replaced_on_demand_only(tmp_path: Path) -> None:
    book = load("ucdp")
    export(book, "csv", tmp_path / "out")
    with pytest.raises(DatasetError, match="is there already"):
        export(book, "csv", tmp_path / "out")
    assert "codes.csv" in export(book, "csv", tmp_path / "out", replace_it=True)
    (tmp_path / "out" / "thesis.docx").write_text("mine")
    with pytest.raises(DatasetError, match="holds something other than an export"):
        export(book, "csv", tmp_path / "out", replace_it=True)
    assert (tmp_path / "out" / "thesis.docx").read_text() == "mine"


@pytest.mark.parametrize("name", ["codes", "codes.csv.csv", "thesis.csv", "rules.parquet"])
def test_an_entry_that_only_resembles_a_table_is_no_export(name: str, tmp_path: Path) -> None:
    export(load("ucdp"), "csv", tmp_path / "out")
    (tmp_path / "out" / name).mkdir()
    (tmp_path / "out" / name / "thesis.docx").write_text("mine")
    with pytest.raises(DatasetError, match="holds something other than an export"):
        export(load("ucdp"), "csv", tmp_path / "out", replace_it=True)
    assert (tmp_path / "out" / name / "thesis.docx").read_text() == "mine"


def test_what_the_system_puts_into_a_folder_does_not_stop_an_export(tmp_path: Path) -> None:
    export(load("ucdp"), "csv", tmp_path / "out")
    (tmp_path / "out" / ".DS_Store").write_bytes(b"\0")
    export(load("ucdp"), "csv", tmp_path / "out", replace_it=True)
    assert not (tmp_path / "out" / ".DS_Store").exists()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_take_the_place_of_no_working_folder(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DatasetError) as caught:
        export(load("ucdp"), form, Path("."), replace_it=True)
    assert str(caught.value) == (
        ". is the working folder or above it, and the tables are a folder of their own\n  → name one with --out"
    )


@pytest.mark.parametrize("form", ["skos", "ddi", "xlsx"])
def test_a_file_takes_the_place_of_no_folder(form: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        export(load("ucdp"), form, tmp_path, replace_it=True)
    assert str(caught.value) == (
        f"{tmp_path} is a folder, and a file is to be written\n  → give the file's name with --out"
    )


def test_an_export_that_cannot_be_put_in_place_leaves_the_one_before(
    tmp_path: Path, closed: Callable[[Path], None]
) -> None:
    export(load("ucdp"), "csv", tmp_path / "out")
    before = (tmp_path / "out" / "codes.csv").read_bytes()
    closed(tmp_path / "out")
    with pytest.raises(DatasetError, match="cannot be written: Permission denied"):
        export(load("ucdp"), "csv", tmp_path / "out", replace_it=True)
    assert (tmp_path / "out" / "codes.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


# ── DDI ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

# What the schema of DDI Codebook 2.5 allows of what is written: attributes, and child elements in their order.
IDS = {"ID"}
SHAPE: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "codeBook": ({"version", "ID", "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"}, ("docDscr", "stdyDscr", "fileDscr", "dataDscr", "otherMat")),
    "stdyDscr": (set(), ("citation", "studyAuthorization", "stdyInfo", "studyDevelopment", "method", "dataAccs", "othrStdyMat", "notes")),
    "citation": (set(), ("titlStmt", "rspStmt", "prodStmt", "distStmt", "serStmt", "verStmt", "biblCit", "holdings", "notes")),
    "titlStmt": (set(), ("titl", "subTitl", "altTitl", "parTitl", "IDNo")),
    "rspStmt": (set(), ("AuthEnty", "othId")), "prodStmt": (set(), ("producer", "copyright", "prodDate")), "verStmt": (set(), ("version", "verResp", "notes")),
    "stdyInfo": (set(), ("studyBudget", "subject", "abstract", "sumDscr", "qualityStatement", "notes")),
    "sumDscr": (set(), ("timePrd", "collDate", "nation", "geogCover", "geogUnit", "geoBndBox", "boundPoly", "anlyUnit", "universe", "dataKind")),
    "dataAccs": (set(), ("setAvail", "useStmt", "notes")),
    "useStmt": (set(), ("confDec", "specPerm", "restrctn", "contact", "citReq", "deposReq", "conditions", "disclaimer")),
    "othrStdyMat": (set(), ("relMat", "relStdy", "relPubl", "othRefs")), "dataDscr": (set(), ("varGrp", "nCubeGrp", "var", "nCube", "notes")),
    "varGrp": (IDS | {"type", "otherType", "var", "name"}, ("labl", "txt", "concept", "defntn", "universe", "notes")),
    "var": (IDS | {"name", "intrvl", "nature", "measUnit", "representationType"},
            ("location", "labl", "imputation", "security", "embargo", "respUnit", "anlysUnit", "qstn", "valrng", "invalrng", "undocCod", "universe",
             "TotlResp", "sumStat", "txt", "stdCatgry", "catgryGrp", "catgry", "codInstr", "verStmt", "concept", "derivation", "varFormat", "geoMap",
             "catLevel", "notes")),
    "qstn": (set(), ("preQTxt", "qstnLit", "postQTxt", "forward", "backward", "ivuInstr")), "valrng": (set(), ("item", "range", "key", "notes")),
    "range": ({"UNITS", "min", "minExclusive", "max", "maxExclusive"}, ()),
    "catgryGrp": (IDS | {"missing", "missType", "catgry", "catGrp", "levelno", "levelnm", "compl", "excls"}, ("labl", "catStat", "txt")),
    "catgry": (IDS | {"missing", "missType", "country", "sdatrefs", "excls", "catgry", "level"}, ("catValu", "labl", "txt", "catStat", "mrow")),
    "titl": (set(), ()), "IDNo": ({"agency"}, ()), "AuthEnty": ({"affiliation"}, ()), "universe": ({"clusion", "level"}, ()), "concept": ({"vocab"}, ()),
    "varFormat": ({"type", "formatname", "schema", "otherSchema", "category"}, ()), "notes": ({"type", "subject", "level"}, ()),
}  # fmt: skip
ALLOWED = {
    ("var", "nature"): {"nominal", "ordinal", "interval", "ratio", "percent", "other"}, ("var", "intrvl"): {"contin", "discrete"},
    ("var", "representationType"): {"text", "numeric", "code", "datetime", "other"}, ("varFormat", "type"): {"character", "numeric"},
    ("varFormat", "schema"): {"other"}, ("catgry", "missing"): {"Y", "N"}, ("range", "UNITS"): {"INT", "REAL"}, ("universe", "clusion"): {"I", "E"},
    ("varGrp", "type"): {"other"},
}  # fmt: skip
REFERENCES = {("varGrp", "var"), ("catgryGrp", "catgry"), ("catgryGrp", "catGrp")}


@pytest.mark.parametrize("name", BUNDLED)
def test_a_ddi_document_is_built_as_its_schema_wants(name: str) -> None:
    root = ET.fromstring(ddi.xml(load(name)))
    ids = [element.get("ID") for element in root.iter() if element.get("ID")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", one or "") for one in ids)
    for element in root.iter():
        space, tag = element.tag[1:].split("}")
        attributes, children = SHAPE.get(tag, (set(), ()))
        assert space == ddi.SPACE
        assert {*element.attrib} <= attributes, tag
        order = [children.index(child.tag.split("}")[1]) for child in element]
        assert order == sorted(order), tag
        for (of, attribute), values in ALLOWED.items():
            assert of != tag or element.get(attribute, next(iter(values))) in values
        for of, attribute in REFERENCES:
            assert of != tag or {*element.get(attribute, "").split()} <= {*ids}


def test_the_same_codebook_gives_the_same_bytes() -> None:
    assert skos.turtle(load("plover")) == skos.turtle(load("plover"))
    assert ddi.xml(load("plover")) == ddi.xml(load("plover"))


def test_questions_values_missing_answers_and_the_tree_are_in_it() -> None:
    root = ET.fromstring(ddi.xml(load("disarmament")))
    space = {"d": ddi.SPACE}
    variables = {var.get("ID"): var for var in root.iterfind(".//d:var", space)}
    assert len(variables) == len(load("disarmament").fields)
    tree = variables["var-codings-event_type"]
    assert tree.findtext("d:qstn/d:qstnLit", namespaces=space) == "Which act is it?"
    assert tree.find("d:catgryGrp", space).get("catgry").split()[:2] == [
        "var-codings-event_type-code-010",
        "var-codings-event_type-code-011",
    ]
    extent = variables["var-codings-extent"]
    assert extent.get("nature") == "ordinal"
    values = {
        c.findtext("d:catValu", namespaces=space): c.get("missing")
        for c in extent.iterfind("d:catgry", space)
    }
    assert (values["all"], values["unknown"]) == ("N", "Y")


# ── the command ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", [*FORMS])
def test_every_form_is_written_under_the_name_of_the_codebook(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(command, ["export", "ucdp", "--to", form])
    assert (result.exit_code, result.exception) == (0, None)
    assert result.output.split(":")[0].strip() == FORMS[form].format(id="ucdp")
    assert (tmp_path / FORMS[form].format(id="ucdp")).exists()
    assert not [*tmp_path.glob(".*")]
