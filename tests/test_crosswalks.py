"""From one codebook to another: declared, backwards, through others, and what is lost on the way."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import eventcode
import small_build
from eventcode.cli import group
from eventcode.codebook import crosswalk
from eventcode.codebook.load import load
from eventcode.errors import CodebookError, DatasetError
from eventcode.model import Codebook, Crossing, EventType
from eventcode.pipeline import crossing
from eventcode.pipeline.crossing import CrosswalkWarning
from tiny_codebook import files, write

STANDARDS = ("acled", "cameo", "plover", "ucdp", "disarmament")


def run(*words: str, code: int = 0) -> Any:
    result = CliRunner().invoke(group, ["codebook", "crosswalk", *words])
    assert result.exit_code == code, (result.output, result.exception)
    return result


@pytest.mark.parametrize(
    ("source", "target"), [pair for pair in product(STANDARDS, STANDARDS) if pair[0] != pair[1]]
)
def test_every_standard_can_be_told_in_every_other_code_by_code(source: str, target: str) -> None:
    walk = crossing.between(source, target)

    assert {row.code for row in walk.rows} == {*walk.source.event_types}
    assert {row.target_code for row in walk.rows} - {None} <= {*walk.target.event_types}
    assert all((row.match == "none") == (row.target_code is None) for row in walk.rows)
    assert (walk.steps[0], walk.steps[-1]) == (source, target)


def test_a_declared_row_is_taken_as_it_stands() -> None:
    result = json.loads(run("cameo", "plover", "--code", "139", "--format", "json").stdout)

    assert [(row["code"], row["label"], row["target"]) for row in result] == [
        ("139", "Give ultimatum", "THREATEN")
    ]


def test_backwards_a_broader_target_is_a_narrower_one(tmp_path: Path) -> None:
    tiny, other = load(write(tmp_path, files()), [tmp_path]), load("other", [tmp_path])
    found = crosswalk.find(other, tiny)
    assert found is not None

    assert [(row.code, row.target_code, row.match) for row in found.rows] == [
        ("13", "010", "exact"),
        ("13", "011", "narrow"),
        ("14", None, "none"),
    ]


def test_where_there_is_no_direct_way_it_goes_through_others_and_says_so() -> None:
    result = run("ucdp", "cameo")

    assert " → ".join(("ucdp", "acled", "cameo")) in result.stderr
    assert "through acled" in result.stdout


def test_what_is_lost_is_told() -> None:
    lost = crosswalk.loss(crossing.between("disarmament", "ucdp"))

    assert "031" in lost.none
    assert "without a counterpart" in str(lost)


def test_an_extension_leads_to_its_base_by_the_codes_they_share(tmp_path: Path) -> None:
    card = {
        "id": "mine",
        "title": "Mine",
        "version": "1.0.0",
        "kind": "codebook",
        "licence": "MIT",
        "description": "Ours.",
        "extends": "tiny@1",
    }
    tiny = load(write(tmp_path, files()), [tmp_path])
    mine = load(write(tmp_path, {"codebook.yaml": card}, "mine"), [tmp_path])
    found = crosswalk.find(mine, tiny)
    assert found is not None

    assert [(row.code, row.target_code, row.match) for row in found.rows] == [
        (code, code, "exact") for code in tiny.event_types
    ]


def test_a_code_that_an_extension_redefines_is_not_called_exact(tmp_path: Path) -> None:
    card = {
        "id": "mine",
        "title": "Mine",
        "version": "1.0.0",
        "kind": "codebook",
        "licence": "MIT",
        "description": "Ours.",
        "extends": "tiny@1",
    }
    own = {
        "code": "010",
        "name": "read",
        "label": "Read",
        "definition": "Quiet reading.",
        "act": "deed",
        "realis": ["occurred"],
        "stata_value": 10,
    }
    tiny = load(write(tmp_path, files()), [tmp_path])
    mine = load(
        write(tmp_path, {"codebook.yaml": card, "events/own.yaml": {"event_types": [own]}}, "mine"),
        [tmp_path],
    )
    walk = crosswalk.find(mine, tiny)
    assert walk is not None

    assert [(row.match, row.note) for row in walk.of("010")] == [
        ("close", "the same code, with a definition of its own in mine")
    ]


def test_a_codebook_to_which_nothing_leads_is_an_error_with_what_there_is() -> None:
    with pytest.raises(CodebookError, match="no crosswalk leads from maverick to cameo") as caught:
        crossing.between("maverick", "cameo")
    assert "add codebook/maverick/crosswalks/cameo.csv" in caught.value.hint


def test_values_of_vocabularies_are_mapped_too() -> None:
    [row] = json.loads(
        run("world", "world", "--vocabulary", "cameo_country", "--code", "ROM", "--format", "json").stdout
    )

    assert (row["code"], row["target"], row["match"]) == ("ROM", "ROU", "exact")
    with pytest.raises(
        CodebookError, match="no crosswalk leads from the vocabulary 'cameo_contry' of world to world"
    ):
        crossing.of_vocabulary("world", "world", "cameo_contry")


MATCH = st.sampled_from(["exact", "close", "broad", "narrow", "none"])


@given(MATCH, MATCH, MATCH)
def test_composing_matches_is_associative_and_exact_changes_nothing(a: str, b: str, c: str) -> None:
    assert crosswalk.composed(crosswalk.composed(a, b), c) == crosswalk.composed(a, crosswalk.composed(b, c))
    assert crosswalk.composed("exact", a) == crosswalk.composed(a, "exact") == a
    assert "none" in (a, b) if crosswalk.composed(a, b) == "none" else "none" not in (a, b)


def book(
    name: str,
    *crossings: Crossing,
    tree: tuple[tuple[str, str | None], ...] = (("010", None), ("011", "010"), ("020", None)),
) -> Codebook:
    """A codebook of three codes with these crosswalk rows."""
    kinds = {code: EventType(code, f"n{code}", code, parent, "core", "deed", "d") for code, parent in tree}
    return Codebook(
        id=name,
        title=name,
        version="1.0.0",
        kind="codebook",
        digest="",
        description="",
        licence="",
        event_types=kinds,
        crosswalks=crossings,
    )


def row(code: str, to: str, target: str, match: str, **fields: str) -> Crossing:
    return Crossing(code, to, "1", target, match, fields=fields)


def test_a_step_that_needs_a_field_of_its_target_leaves_the_whole_broader() -> None:
    a, b = (
        book("a", row("010", "b", "020", "exact", setting="public")),
        book("b", row("020", "c", "020", "exact")),
    )
    walk = crosswalk.find(a, book("c"), [b])
    assert walk is not None

    assert [(found.target_code, found.match) for found in walk.of("010")] == [("020", "broad")]


def test_of_two_ways_to_one_code_the_closer_match_is_kept() -> None:
    a = book("a", row("010", "b", "010", "broad"), row("010", "b", "020", "exact"))
    b = book("b", row("010", "c", "010", "exact"), row("020", "c", "010", "exact"))
    walk = crosswalk.find(a, book("c"), [b])
    assert walk is not None

    assert [(found.target_code, found.match) for found in walk.of("010")] == [("010", "exact")]


def test_a_narrower_code_is_never_taken_even_if_it_holds_the_others() -> None:
    walk = crosswalk.find(
        book("a", row("010", "b", "010", "narrow"), row("010", "b", "011", "narrow")), book("b")
    )
    assert walk is not None

    assert crosswalk.counterpart(walk, "010") == (None, "none")
    assert crosswalk.loss(walk).narrower == ("010",)


def test_a_related_code_is_no_counterpart_and_is_counted_so() -> None:
    a, b = book("a", row("010", "b", "020", "broad")), book("b", row("020", "c", "011", "narrow"))
    walk = crosswalk.find(a, book("c"), [b])
    assert walk is not None

    assert [found.match for found in walk.of("010")] == ["related"]
    assert crosswalk.counterpart(walk, "010") == (None, "none")
    assert "010" in crosswalk.loss(walk).none


# ── a table read under another codebook ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_build.write(tmp_path_factory.mktemp("builds") / "plain", small_build.world())


def test_events_are_loaded_under_another_codebook_and_the_loss_is_told(folder: Path) -> None:
    plain = eventcode.load(folder)
    with pytest.warns(CrosswalkWarning, match="as plover@1.0.0: "):
        events = eventcode.load(folder, as_="plover")

    assert len(events) == len(plain)
    assert [*events["event_type_original"]] == [*plain["event_type"]]
    assert {*events["event_type"].dropna()} <= {*load("plover").codes}
    assert events["event_type"].isna().equals(events["event_type_match"] == "none")
    assert events.attrs["crosswalk"]["steps"] == ["disarmament", "plover"]


def test_a_table_without_event_types_cannot_be_translated(folder: Path) -> None:
    with pytest.raises(DatasetError, match="has no event_type to translate"):
        eventcode.load(folder, "documents", as_="plover")


def table(*codes: str) -> pd.DataFrame:
    return pd.DataFrame({"event_type": codes, "codebook_id": "cameo", "codebook_version": "1.0.0"})


def test_several_counterparts_become_the_code_that_holds_them_all_and_implied_fields_are_columns() -> None:
    with pytest.warns(CrosswalkWarning):
        found = crossing.translated(table("0874", "1056", "010"), "raw", "plover")

    assert [*found["event_type"].astype(object).where(found["event_type"].notna(), None)] == [
        "RETREAT",
        "REQUEST.yield",
        None,
    ]
    assert [*found["event_type_match"]] == ["broad", "broad", "none"]
    assert found["context"][1] == ["military"]


def test_a_table_of_two_codebooks_is_refused() -> None:
    mixed = pd.concat([table("010"), table("020").assign(codebook_id="plover")])

    with pytest.raises(DatasetError, match="'raw' is made under 2 codebooks: cameo, plover"):
        crossing.translated(mixed, "raw", "ucdp")


def test_a_table_of_another_major_version_is_refused() -> None:
    with pytest.raises(DatasetError, match="'raw' is made under cameo@3.0.0, and 1.0.0 is here"):
        crossing.translated(table("010").assign(codebook_version="3.0.0"), "raw", "plover")
