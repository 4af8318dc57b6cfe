"""datapackage.json and CITATION.cff of a build."""

from __future__ import annotations

import hashlib
import json
import socket
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

import small_build
from eventcode.errors import DatasetError
from eventcode.release import metadata

Row = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_build.write(tmp_path_factory.mktemp("builds") / "camps", small_build.world())


@pytest.fixture(scope="module")
def package(folder: Path) -> Row:
    found: Row = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return found


def resource(package: Row, name: str) -> Row:
    return next(row for row in package["resources"] if row["name"] == name)


def field(package: Row, table: str, name: str) -> Row:
    return next(row for row in resource(package, table)["schema"]["fields"] if row["name"] == name)


def test_it_fits_the_profile_without_the_network(package: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)
    metadata.validate(package)


def test_the_vendored_profile_is_the_one_that_its_readme_names() -> None:
    vendor = files("eventcode").joinpath("vendor")
    digest = hashlib.sha256(vendor.joinpath("datapackage-2.0.json").read_bytes()).hexdigest()
    assert digest in vendor.joinpath("README.md").read_text("utf-8")


def test_every_table_is_described_column_by_column(folder: Path, package: Row) -> None:
    assert {row["path"] for row in package["resources"]} == {path.name for path in folder.glob("*.parquet")}
    for row in package["resources"]:
        names = [column["name"] for column in row["schema"]["fields"]]
        assert names == pq.read_schema(folder / row["path"]).names
        assert all(column["title"] for column in row["schema"]["fields"])
        undescribed = [column["name"] for column in row["schema"]["fields"] if not column.get("description")]
        assert undescribed == [], row["name"]


def test_bytes_and_hashes_are_those_of_the_files(folder: Path, package: Row) -> None:
    for row in package["resources"]:
        data = (folder / row["path"]).read_bytes()
        assert (row["bytes"], row["hash"]) == (len(data), "sha256:" + hashlib.sha256(data).hexdigest())


def test_the_question_the_labels_and_the_reasons_of_a_field_are_there(package: Row) -> None:
    realis = field(package, "codings", "realis")
    assert realis["description"] == "Did the coded act take place, according to the text?"
    assert realis["constraints"] == {"enum": ["occurred", "ongoing", "planned", "possible", "negated"]}
    assert realis["categories"][0] == {"value": "occurred", "label": "Occurred"}
    place = field(package, "reports", "place_name")
    assert (place["missingReasons"], place["missingReasonField"]) == (
        ["not_stated", "cannot_tell"],
        "place_name_missing",
    )
    assert field(package, "reports", "place_name_missing")["constraints"] == {
        "enum": ["not_stated", "cannot_tell"]
    }
    assert field(package, "codings", "setting")["unknownValues"] == ["unknown"]
    assert field(package, "sources", "n_persons")["constraints"] == {"minimum": 1}
    sets = field(package, "sources", "affiliations")
    assert sets["type"] == "array"
    assert "police" in sets["constraints"]["jsonSchema"]["items"]["enum"]


def test_codes_are_text_and_keys_lead_to_their_tables(package: Row) -> None:
    assert field(package, "events", "event_type")["type"] == "string"
    assert resource(package, "events")["schema"]["primaryKey"] == ["event_id"]
    links = resource(package, "events")["schema"]["foreignKeys"]
    assert links == [{"fields": ["event_type"], "reference": {"resource": "codes", "fields": ["code"]}}]
    assert {"fields": ["reading_id"], "reference": {"resource": "readings", "fields": ["reading_id"]}} in (
        resource(package, "codings")["schema"]["foreignKeys"]
    )
    assert resource(package, "events")["schema"]["missingValues"] == []  # an empty text is a text


def test_the_head_comes_from_the_card_and_never_from_the_clock(package: Row) -> None:
    assert package["created"] == "2025-07-01T00:00:00Z"
    assert package["licenses"] == [
        {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}
    ]
    assert package["contributors"] == [
        {
            "title": "Ada Example", "roles": ["author"], "organization": "Example University",
            "path": "https://orcid.org/0000-0000-0000-0001",
        }
    ]  # fmt: skip
    assert package["sources"] == [{"title": "Two pages of our own", "licence": "CC0-1.0"}]
    assert package["codebook"]["version"] == small_build.codebook().version
    assert "version" not in package


def test_a_card_that_the_profile_refuses_says_where(package: Row) -> None:
    wrong = {**package, "sources": [{"title": "A page", "path": "~/page"}]}
    with pytest.raises(DatasetError) as caught:
        metadata.validate(wrong)
    assert str(caught.value).startswith(
        "the metadata do not fit the Data Package profile: 1 problem\n  → correct dataset.yaml\n"
        'datapackage.json  sources[0].path\n  "~/page" is not written as it must be'
    )


def test_two_builds_of_the_same_rows_are_described_in_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = small_build.write(tmp_path / "again", small_build.world())
    for name in ("datapackage.json", "CITATION.cff", "README.md", "manifest.json"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_the_citation_file_names_people_whole(folder: Path) -> None:
    found = yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))
    assert found == {
        "cff-version": "1.2.0", "message": "If you use this dataset, please cite it as below.", "type": "dataset",
        "title": "Camps and promises", "date-released": "2025-07-01", "license": "CC-BY-4.0",
        "authors": [{"name": "Ada Example", "orcid": "https://orcid.org/0000-0000-0000-0001"}],
        "abstract": "A small dataset made by hand, to test releases with.", "keywords": ["disarmament", "tests"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "Ada Example (2025). Camps and promises. Version 1.0."),
        (
            {"doi": "10.1234/abc"},
            "Ada Example (2025). Camps and promises. Version 1.0. https://doi.org/10.1234/abc",
        ),
        ({"citation": "Example,\n  Ada: Camps."}, "Example, Ada: Camps."),
        ({"people": []}, "(2025). Camps and promises. Version 1.0."),
    ],
)
def test_a_citation_is_the_cards_own_or_put_together(more: Row, expected: str) -> None:
    assert metadata.citation({**small_build.CARD, **more}, "1.0") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CC0-1.0", {"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}),
        ("for research only", {"name": "for-research-only", "title": "for research only"}),
    ],
)
def test_a_licence_becomes_an_identifier(text: str, expected: Row) -> None:
    assert metadata.licence(text) == expected
