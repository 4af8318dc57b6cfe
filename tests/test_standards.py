"""The bundled standards hold the facts of the standards: every code, parent, score and list, and nothing besides."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventcode.bundled import codebook_folder
from eventcode.codebook.load import load, names
from eventcode.model import Codebook

SHARED = os.environ.get("EVENTCODE_SHARED")
LISTS = Path(SHARED or ".") / "data" / "lists"
needs_lists = pytest.mark.skipif(
    not SHARED, reason="EVENTCODE_SHARED is not set: the published lists are not at hand"
)
CAMEO, PLOVER, ACLED, UCDP = (load(name) for name in ("cameo", "plover", "acled", "ucdp"))
STANDARDS = (CAMEO, PLOVER, ACLED, UCDP)
BOTH_WAYS = ("08", "10", "12", "13", "17", "18", "19", "02", "03")


def rows(name: str) -> Iterator[dict[str, str]]:
    with (LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_every_standard_has_as_many_codes_as_its_authors_gave_it() -> None:
    assert Counter(len(code) for code in CAMEO.event_types) == {2: 20, 3: 149, 4: 148}
    assert Counter("." in code for code in PLOVER.event_types) == {False: 16, True: 66}
    assert len(PLOVER.vocabularies["context"].terms) == 37
    assert [len(ACLED.children(None)), len(ACLED.event_types)] == [6, 31]
    assert [*UCDP.event_types] == ["1", "2", "3"]


@pytest.mark.parametrize("book", STANDARDS, ids=lambda book: book.id)
def test_every_code_has_a_definition_of_its_own_a_border_an_example_and_a_look_alike(book: Codebook) -> None:
    for code, kind in book.event_types.items():
        assert len(kind.definition.split()) >= 6, code
        assert any(exclude.see for exclude in kind.excludes), code
        assert book.examples_of(code), code
        assert book.lookalikes_of(code), code


@pytest.mark.parametrize("book", STANDARDS, ids=lambda book: book.id)
def test_every_code_can_be_told_in_stata_by_a_number_that_is_no_other_code(book: Codebook) -> None:
    values = [kind.stata_value for kind in book.event_types.values()]

    assert None not in values
    assert len({*values}) == len(values)


@pytest.mark.parametrize("book", STANDARDS, ids=lambda book: book.id)
def test_a_border_is_mostly_drawn_from_both_sides(book: Codebook) -> None:
    pairs = {(code, e.see) for code, kind in book.event_types.items() for e in kind.excludes if e.see}
    back = {(a, b) for a, b in pairs if (b, a) in pairs}

    assert len(back) >= 0.5 * len(pairs)


def test_the_auxiliary_modes_of_plover_are_fields_and_agree_with_realis() -> None:
    for name in ("historical", "future", "hypothetical", "negation"):
        assert PLOVER.fields["codings", name].type == "boolean"
    assert any(
        "future" in str(rule.require) + str(rule.when) and "planned" in str(rule.require) + str(rule.when)
        for rule in PLOVER.rules.values()
    )


def test_countries_have_their_numbers_and_the_days_on_which_they_hold() -> None:
    country = load("world").vocabularies["country"]
    told = {
        value: term.extra for value in ("DEU", "YEM", "SSD", "SUN", "VNM") if (term := country.get(value))
    }

    assert {value: (extra.get("cow"), extra.get("gw")) for value, extra in told.items()} == {
        "DEU": ("255", "260"), "YEM": ("679", "678"), "SSD": ("626", "626"), "SUN": ("365", "365"), "VNM": ("816", "816"),
    }  # fmt: skip
    assert told["SUN"]["valid_to"].startswith("1991-12")
    assert told["SSD"]["valid_from"] == "2011-07-09"


# ── against the published lists ───────────────────────────────────────────────────────────────────────────────────────


@needs_lists
def test_cameo_is_the_list_with_its_parents_and_scores() -> None:
    published = {row["code"]: row for row in rows("cameo_events")}

    assert [*CAMEO.event_types] == sorted(published, key=lambda code: code)
    for code, row in published.items():
        kind = CAMEO.event_types[code]
        assert kind.parent == (row["parent"] or None), code
        assert kind.intensity == (None if row["goldstein"] == "NA" else float(row["goldstein"])), code
        assert kind.label.casefold() == row["name"].casefold() or code == "1952", code


@needs_lists
def test_cameo_tells_where_the_other_list_of_scores_differs() -> None:
    other = {row["code"]: float(row["goldstein"]) for row in rows("cameo_goldstein_phoenix")}

    for code, kind in CAMEO.event_types.items():
        differs = code in other and kind.intensity is not None and other[code] != kind.intensity
        assert dict(kind.other_intensities) == ({"phoenix": other[code]} if differs else {}), code


@needs_lists
def test_plover_is_the_list_but_for_the_sign_of_accuse() -> None:
    for row in rows("plover_events_modes"):
        code = ".".join(part for part in (row["event"], row["mode"]) if part)
        kind = PLOVER.event_types[code]
        score = -3.0 if code == "ACCUSE" else float(row["plover_score"])
        assert (kind.intensity, kind.parent) == (score, row["parent"] or None), code
        assert kind.quad == row["quad"].lower().replace(" ", "_"), code
        assert ("recipient" in kind.requires) == (row["requires_recipient"] == "Yes"), code
    assert {*PLOVER.vocabularies["context"].values} == {row["code"] for row in rows("plover_contexts")}


@needs_lists
def test_acled_is_the_list_with_the_disorder_type_of_every_sub_type() -> None:
    for row in rows("acled_event_types"):
        assert ACLED.event_types[row["sub_event_type"]].parent == row["event_type"]
    assert len(ACLED.vocabularies["interaction"].terms) == len([*rows("acled_interaction_codes")])
    assert {*ACLED.vocabularies["inter"].values} == {row["code"] for row in rows("acled_inter_codes")}
    atoms = {row["source_scale"] for row in rows("acled_source_scale") if row["kind"] == "atom"}
    assert {*ACLED.vocabularies["source_scale"].values} == atoms


@needs_lists
def test_every_combined_source_scale_of_acled_fits_the_grammar_of_pairs() -> None:
    import re

    pattern = re.compile(str(ACLED.fields["codings", "source_scale"].pattern))
    for row in rows("acled_source_scale"):
        assert pattern.fullmatch(row["source_scale"]), row["source_scale"]
    assert not pattern.fullmatch("National;Other")


@needs_lists
def test_the_draft_crosswalk_is_taken_up_row_by_row_or_the_note_says_why_not() -> None:
    ours = {code: {row.target_code for row in CAMEO.crossings(code)} for code in CAMEO.event_types}
    notes = {code: " ".join(row.note for row in CAMEO.crossings(code)) for code in CAMEO.event_types}
    for row in rows("cameo_to_plover_2021"):
        code = row["cameo_code"]
        target = ".".join(part for part in (row["plover_event"], row["plover_mode"]) if part)
        assert code == "1214" or target in ours[code] or notes[code], code


def test_the_bundled_codebooks_are_the_standards_the_modules_and_those_of_formats() -> None:
    standards, modules = ["acled", "cameo", "plover", "ucdp"], ["record", "sourcing", "world"]
    formats = ["gdelt", "gdelt-mentions", "icews", "maverick", "phoenix", "plover-records"]
    assert names([codebook_folder()]) == sorted(["disarmament", *standards, *modules, *formats])
