"""Foreign tables through a map: what becomes of a row, and what a user is told where the map does not fit."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mapped
from eventcode import shape
from eventcode.codebook import views
from eventcode.errors import DatasetError
from eventcode.formats import mapping
from eventcode.formats.tabular.opening import open_table

SOURCE = "The Bell (2020-05-02) Fire in Lisane"
KEY = "the-bell-2020-05-02-"


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """A copy of the small map with something changed."""
    plain = copy.deepcopy(mapped.MAP)
    change(plain)
    return plain


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(DatasetError) as caught:
        call()
    return str(caught.value)


def columns(path: Path) -> dict[str, list[str | None]]:
    """A file as columns of text."""
    table = open_table(path)
    rows = [row for batch in table.batches() for row in batch.rows]
    return {name: [row[at] for row in rows] for at, name in enumerate(table.columns)}


# ── what becomes of a row ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_becomes_a_coding_of_its_document(tmp_path: Path) -> None:
    result = mapped.imported(tmp_path, mapped.ROW)
    reading, place = result.readings[0]
    assert not result.problems
    assert str(place) == "small.parquet:1"
    assert reading["document"].startswith(KEY)
    assert (reading["coder"], reading["codebook"], reading["status"]) == ("them", "small@1.2.0", "coded")
    assert reading["codings"] == [
        {
            "key": "r1", "event_type": "010", "target": "police", "forms": ["arson", "riot"], "first_1": ["arson", "riot"],
            "date_start": "2020-05-01", "date_end": "2020-05-01", "date_precision": "day", "deaths": 2, "damage": True,
            "participants": [{"role": "actor", "position": 0, "actor_id": "X-1"}],
        }
    ]  # fmt: skip


def test_a_document_is_cut_from_its_source_text(tmp_path: Path) -> None:
    (document,) = mapped.imported(tmp_path, mapped.ROW).documents
    assert document["document_id"].startswith("ref:")
    assert document["document_key"] == KEY + document["document_id"].removeprefix("ref:")[:8]
    assert {k: v for k, v in document.items() if not k.startswith("document_")} == {
        "publisher": "the-bell", "title": "Fire in Lisane", "published_at_start": "2020-05-02",
        "published_at_end": "2020-05-02", "published_at_precision": "day",
    }  # fmt: skip


def test_a_title_that_runs_over_lines_is_one_line(tmp_path: Path) -> None:
    result = mapped.imported(tmp_path, mapped.row(source="The Bell (2020-05-02) Fire\nin  Lisane"))
    assert result.documents[0]["title"] == "Fire in Lisane"


def test_rows_with_the_same_source_are_one_reading(tmp_path: Path) -> None:
    result = mapped.imported(
        tmp_path, mapped.ROW, mapped.row(id="r2"), mapped.row(id="r3", source="Sun (2020) Calm")
    )
    assert [len(reading["codings"]) for reading, _ in result.readings] == [2, 1]
    assert [row["publisher_id"] for row in result.publishers] == ["the-bell", "sun"]


def test_readings_have_the_shape_of_a_readings_file(tmp_path: Path) -> None:
    result = mapped.imported(tmp_path, mapped.ROW, mapped.row(id="r2", target=None, actor1_did=0.0))
    schema = views.json_schema(mapped.codebook(tmp_path))
    assert [list(shape.violations(reading, schema)) for reading, _ in result.readings] == [[]]


def test_every_row_has_its_place(tmp_path: Path) -> None:
    result = mapped.imported(tmp_path, mapped.ROW, mapped.row(id="r2"))
    head = f"{result.documents[0]['document_key']}/them"
    assert str(result.places[f"{head}/r2"]) == "small.parquet:2"
    assert str(result.places[f"{head}/r2/actor/0"]) == "small.parquet:2"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("Voters", {"target": "voters"}), ("Unknown", {"target_missing": "not_stated"}), ("", {"target_missing": "not_coded"}),
     (None, {"target_missing": "not_coded"})],
)  # fmt: skip
def test_each_way_to_say_unknown_gets_its_reason(
    tmp_path: Path, raw: str | None, expected: dict[str, str]
) -> None:
    (coding,) = mapped.codings(mapped.imported(tmp_path, mapped.row(target=raw)))
    assert {k: v for k, v in coding.items() if k.startswith("target")} == expected


def test_participants_keep_the_number_of_their_columns_as_position(tmp_path: Path) -> None:
    both = mapped.row(actor2_id="X-2", actor2_did=1.0)
    (coding,) = mapped.codings(mapped.imported(tmp_path, both))
    assert [(p["role"], p["position"], p["actor_id"]) for p in coding["participants"]] == [
        ("actor", 0, "X-1"), ("actor", 1, "X-2"),
    ]  # fmt: skip


def test_a_role_that_nobody_fills_says_so(tmp_path: Path) -> None:
    (coding,) = mapped.codings(mapped.imported(tmp_path, mapped.row(actor1_did=0.0, actor1_id="X-0")))
    assert coding["participants"] == [
        {"role": "about", "position": 0, "actor_missing": "not_stated"},
        {"role": "actor", "position": 0, "actor_missing": "cannot_tell"},
    ]


def test_actors_are_listed_once_and_without_those_that_mean_nobody(tmp_path: Path) -> None:
    rows = [mapped.ROW, mapped.row(id="r2", actor2_id="X-0"), mapped.row(id="r3", actor2_id="X-2")]
    assert [row["id"] for row in mapped.imported(tmp_path, *rows).actors] == ["X-1", "X-2"]


def test_the_first_report_of_an_event_founds_it(tmp_path: Path) -> None:
    rows = [mapped.ROW, mapped.row(id="r2", source="Sun (2020) Calm"), mapped.row(id="r3", event="E-2")]
    links = mapped.imported(tmp_path, *rows).links
    first = f"{mapped.imported(tmp_path, *rows).documents[0]['document_key']}/r1"
    assert links[0] == {
        "event": first,
        "report": first,
        "relation": "same_event",
        "by": "them",
        "reason": "they say so",
    }
    assert links[1]["event"] == first
    assert links[2]["event"] == links[2]["report"]


def test_two_days_make_an_interval_as_written(tmp_path: Path) -> None:
    (coding,) = mapped.codings(mapped.imported(tmp_path, mapped.row(start="2020-05-03", end="2020-05-01")))
    dates = (coding["date_start"], coding["date_end"], coding["date_precision"])
    assert dates == ("2020-05-03", "2020-05-01", "interval")


def test_a_category_may_be_dropped_by_name(tmp_path: Path) -> None:
    (coding,) = mapped.codings(mapped.imported(tmp_path, mapped.row(actor1_form="Riot; Victim")))
    assert coding["forms"] == ["riot"]


def test_the_first_cell_that_has_something_is_taken(tmp_path: Path) -> None:
    cell = {
        "first": [
            {"column": "event", "missing": {"": None}},
            {"value": "nowhere", "where": {"kind": "March"}},
        ]
    }
    plain = changed(lambda m: m["codings"]["values"].update(place_name=cell))
    result = mapped.imported(tmp_path, mapped.ROW, mapped.row(id="r2", event=""), plain=plain)
    assert [coding["place_name"] for coding in mapped.codings(result)] == ["E-1", "nowhere"]


def test_columns_of_ones_and_noughts_become_a_set(tmp_path: Path) -> None:
    cell = {"flags": {"damage": "arson", "actor1_did": "riot"}}
    plain = changed(lambda m: m["codings"]["values"].update(grounds=cell))
    result = mapped.imported(tmp_path, mapped.ROW, mapped.row(id="r2", damage=0), plain=plain)
    assert [coding["grounds"] for coding in mapped.codings(result)] == [["arson", "riot"], ["riot"]]


def test_a_template_needs_all_its_columns(tmp_path: Path) -> None:
    plain = changed(
        lambda m: m["codings"]["values"].update(place_name={"template": "{event} by {actor2_id}"})
    )
    rows = [mapped.ROW, mapped.row(id="r2", actor2_id="X-2")]
    found = [
        coding.get("place_name") for coding in mapped.codings(mapped.imported(tmp_path, *rows, plain=plain))
    ]
    assert found == [None, "E-1 by X-2"]


# ── what does not fit ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_column_that_is_not_in_the_map_is_refused(tmp_path: Path) -> None:
    message = refused(lambda: mapped.imported(tmp_path, mapped.row(colour="red")))
    assert message == (
        "small.parquet does not fit map.yaml: 1 problem\n"
        "small.parquet  colour\n"
        "  the column 'colour' is not in map.yaml\n"
        "  → map it, or list it under ignore: with a reason"
    )


def test_a_renamed_column_is_refused_with_both_of_its_names(tmp_path: Path) -> None:
    rows = {("targets" if name == "target" else name): value for name, value in mapped.ROW.items()}
    message = refused(lambda: mapped.imported(tmp_path, rows))
    assert "small.parquet has no column 'target'\n  → did you mean 'targets'?" in message
    assert "the column 'targets' is not in map.yaml\n  → did you mean 'target'?" in message
    assert "map.yaml:" in message


def test_a_category_that_is_not_listed_is_counted_with_its_first_rows(tmp_path: Path) -> None:
    rows = [mapped.ROW, *(mapped.row(id=f"r{i}", target="Polise") for i in range(2, 8))]
    result = mapped.imported(tmp_path, *rows)
    assert [str(problem) for problem in result.problems] == [
        "small.parquet:2  target\n  'Polise' is not in the recode (6 rows: 2, 3, 4, 5 …)\n"
        "  → add it to recode:, or mend it there (did you mean 'Police'?)"
    ]
    assert [coding.get("target") for coding in mapped.codings(result)] == ["police", *[None] * 6]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({"deaths": 2.5}, "'2.5' is not a whole number (row 1)"),
        ({"damage": 2}, "'2' is not 1, 0, true or false (row 1)"),
        ({"start": "1 May"}, "'1 May' is no date (row 1)"),
        ({"start": None}, "only one end of the interval stands here (row 1)"),
        ({"source": "The Bell"}, "'The Bell' does not fit the part 'source' (row 1)"),
        ({"unit": "event"}, "the ignored column holds 'event' (row 1)"),
        ({"kind": ""}, "'' is not in the recode (row 1)"),
        ({"event": ""}, "the row belongs to no event (row 1)"),
        ({"id": ""}, "the row has no key (row 1)"),
    ],
)
def test_a_value_that_does_not_fit_is_told(tmp_path: Path, raw: dict[str, Any], problem: str) -> None:
    sound = mapped.row(id="r9", source="Sun (2020) Calm")
    assert problem in [p.message for p in mapped.imported(tmp_path, mapped.row(**raw), sound).problems]


def agreeing(**agree: Any) -> dict[str, Any]:
    return changed(lambda m: m.update(agree=agree))


@pytest.mark.parametrize(("year", "told"), [("2020", []), (None, []), ("20-20", []), ("2019", [1])])
def test_a_column_that_says_something_again_is_held_against_it(
    tmp_path: Path, year: str | None, told: list[int]
) -> None:
    rows = [mapped.row(year=year), mapped.row(id="r2", year="2020")]
    result = mapped.imported(tmp_path, *rows, plain=agreeing(date={"column": "year", "form": "YYYY"}))
    message = "'2019' does not go with date, which is 2020-05-01 (row 1)"
    assert [problem.message for problem in result.problems] == [message] * len(told)
    assert [coding["date_start"] for coding in mapped.codings(result)] == ["2020-05-01"] * 2


def test_only_what_is_mapped_can_be_said_again(tmp_path: Path) -> None:
    said = refused(lambda: mapped.imported(tmp_path, mapped.row(x="a"), plain=agreeing(place_name="x")))
    assert "place_name is not mapped\n  → add it under values: of codings:" in said


def test_an_empty_text_is_never_a_value(tmp_path: Path) -> None:
    plain = changed(lambda m: m["codings"]["values"].update(place_name="event"))
    result = mapped.imported(tmp_path, mapped.row(event=""), plain=plain)
    assert "an empty text is not explained (row 1)" in [problem.message for problem in result.problems]
    assert "place_name" not in mapped.codings(result)[0]


def test_nothing_where_a_reason_is_wanted_is_told(tmp_path: Path) -> None:
    plain = changed(lambda m: m["codings"]["values"]["target"].pop("when_null"))
    result = mapped.imported(tmp_path, mapped.row(target=None), mapped.row(id="r2"), plain=plain)
    assert [p.message for p in result.problems] == [
        "nothing stands here, and the map gives no reason (row 1)"
    ]


def test_rows_that_disagree_on_their_document_are_told(tmp_path: Path) -> None:
    plain = changed(lambda m: m["documents"]["values"].update(language="event"))
    result = mapped.imported(tmp_path, mapped.ROW, mapped.row(id="r2", event="E-2"), plain=plain)
    own = result.documents[0]["document_id"]
    assert [p.message for p in result.problems] == [
        f"language of documents '{own}' is 'E-2', and 'E-1' on row 1 (row 2)"
    ]


def test_a_key_that_stands_twice_is_told_and_kept_once(tmp_path: Path) -> None:
    result = mapped.imported(tmp_path, mapped.ROW, mapped.row(source="Sun (2020) Calm"))
    assert [p.message for p in result.problems] == ["the key 'r1' stands on row 1 too (row 2)"]
    assert len(mapped.codings(result)) == 1


# ── what is wrong with a map ──────────────────────────────────────────────────────────────────────────────────────────


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(plain: dict[str, Any]) -> None:
        *above, last = path.split("/")
        for key in above:
            plain = plain[key]
        plain[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("codings/values/tagret", "target", "codings has no column 'tagret' to map\n  → did you mean 'target'?"),
        ("codings/values/key", "id", "codings has no column 'key' to map"),
        ("codings/values/target", {"column": "target", "recode": "tragets"}, "there is no recode 'tragets'\n  → did you mean"),
        ("recodes/targets/Police", "polices", "'polices' is no value of codings.target\n  → did you mean 'police'?"),
        ("codings/values/target/when_null", "unsaid", "'unsaid' is no missing reason of codings.target\n  → one of: not_stated"),
        ("codings/values/deaths", {"column": "deaths", "when_null": "not_stated"}, "'not_stated' is no missing reason of codings"),
        ("codings/values/deaths", {"column": "deaths", "split": ";"}, "codings.deaths takes one value, and the cell gives several"),
        ("codings/values/deaths", {"value": "two"}, 'codings.deaths cannot be "two"\n  → it is of type int64'),
        ("codings/values/deaths", {"from": "start", "to": "end"}, "codings.deaths is no date"),
        ("codings/values/deaths", {"column": "deaths", "value": 2}, "the cell needs one source"),
        ("codings/values/deaths", {"from": "start"}, "the cell needs one source"),
        ("codings/values/deaths", "actor{n}_did", "codings.deaths is mapped more than once"),
        ("codings/values/place_name", "source.titel", "the part 'source' has no piece 'titel'\n  → did you mean 'title'?"),
        ("parts/source/pattern", "(?P<outlet", "the pattern cannot be read"),
        ("parts/source/pattern", "(.*)", "the pattern names no group"),
        ("ignore/target", "not wanted", "'target' is mapped and ignored"),
        ("recodes/spare", {"a": "b"}, "the recode 'spare' is used nowhere"),
        ("codebook", "small@2", "the map is for small@2, not for small@1.2.0"),
        ("codebook", "other@1", "the map is for other@1, not for small@1.2.0"),
        ("actors", [{"values": {"name": "actor1_id"}}], "id is not mapped\n  → add id: under values:"),
        ("codings/participants", [{"role": "helper", "values": {"actor_id": "id"}}], '"helper" is not allowed here'),
        ("codings/values/deaths", {"colum": "deaths"}, "'colum' is unknown here\n  → did you mean 'column'?"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_map_is_told_with_its_line(
    tmp_path: Path, path: str, value: Any, message: str
) -> None:
    told = refused(lambda: mapped.imported(tmp_path, mapped.ROW, plain=changed(_set(path, value))))
    assert message in told
    assert "map.yaml:" in told


def test_a_repeat_that_is_used_must_be_given(tmp_path: Path) -> None:
    told = refused(lambda: mapped.imported(tmp_path, mapped.ROW, plain=changed(lambda m: m.pop("repeat"))))
    assert '{n} is used, and nothing is repeated\n  → add repeat: ["1", "2"]' in told


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    def change(plain: dict[str, Any]) -> None:
        plain["codings"]["values"]["tagret"] = "target"
        plain["codings"]["values"]["daet"] = "start"

    assert "map.yaml cannot be used: 2 problems" in refused(
        lambda: mapped.imported(tmp_path, mapped.ROW, plain=changed(change))
    )


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_csv_file_keeps_codes_as_text_and_counts_its_header_as_a_line(tmp_path: Path) -> None:
    path = tmp_path / "small.csv"
    path.write_bytes('\ufeffcode,note\n010,"two\nlines"\n011,\n'.encode())
    assert columns(path) == {"code": ["010", "011"], "note": ["two\nlines", ""]}
    assert [line for batch in open_table(path).batches() for line in batch.lines] == [2, 4]


def test_numbers_in_parquet_are_written_as_people_write_them(tmp_path: Path) -> None:
    numbers = {
        "a": [1.0, float("nan"), 2.5],
        "b": [True, False, None],
        "c": pa.array([1, None, 3], pa.int32()),
    }
    pyarrow.parquet.write_table(pa.table(numbers), tmp_path / "t.parquet")
    found = columns(tmp_path / "t.parquet")
    assert found == {"a": ["1", None, "2.5"], "b": ["true", "false", None], "c": ["1", None, "3"]}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.doc", b"", "t.doc is no table that can be read"),
        ("t.xlsx", b"", "t.xlsx is damaged"),
        ("t.parquet", b"no", "t.parquet cannot be read:"),
        ("t.csv", b"a,a\n1,2\n", "the column 'a' stands twice"),
        ("t.csv", b"a,b\n1\n", "t.csv has 1 row of the wrong length"),
        ("t.csv", b"a\n\xff\xfe\n", "t.csv is not UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert message in refused(lambda: columns(tmp_path / name))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "is not there" in refused(lambda: columns(tmp_path / "t.parquet"))


def test_a_column_of_lists_is_refused(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"a": [[1], [2]]}), tmp_path / "t.parquet")
    assert "holds list" in refused(lambda: columns(tmp_path / "t.parquet"))


CELLS = st.lists(
    st.sampled_from(["Police", "Voters", "Unknown", "", None, "Polise", "0", "police"]),
    min_size=1,
    max_size=12,
)
QUIET = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(cells=CELLS)
def test_every_value_is_mapped_explained_or_told(tmp_path: Path, cells: list[str | None]) -> None:
    rows = [mapped.row(id=f"r{i}", target=cell) for i, cell in enumerate(cells)]
    result = mapped.imported(tmp_path, *rows, mapped.row(id="last"))
    told = sum(cell in ("Polise", "0", "police") for cell in cells)
    kept = [
        coding for coding in mapped.codings(result) if ("target" in coding) != ("target_missing" in coding)
    ]
    assert len(kept) == len(cells) + 1 - told
    assert bool(result.problems) == bool(told)


@QUIET
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {name: st.text(st.characters(exclude_categories=["Cs", "Cc"])) for name in ("a", "b")}
        ),
        min_size=1,
    )
)
def test_csv_and_parquet_read_alike(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    found = [columns(mapped.write_rows(tmp_path, rows, suffix)) for suffix in (".parquet", ".csv")]
    assert found[0] == found[1]


@QUIET
@given(count=st.integers(1, 20), documents=st.integers(1, 4))
def test_no_row_is_lost_and_none_is_made_up(tmp_path: Path, count: int, documents: int) -> None:
    rows = [mapped.row(id=f"r{i}", source=f"Sun (2020-01-0{i % documents + 1}) Calm") for i in range(count)]
    result = mapped.imported(tmp_path, *rows)
    assert sorted(coding["key"] for coding in mapped.codings(result)) == sorted(row["id"] for row in rows)
    assert len(result.links) == count
    assert len(result.documents) == len(result.readings) == min(count, documents)


def test_the_same_file_gives_the_same_ids(tmp_path: Path) -> None:
    first, again = (mapped.imported(tmp_path, mapped.ROW) for _ in range(2))
    assert (first.documents, first.readings, first.links) == (again.documents, again.readings, again.links)


def test_a_map_can_be_read_without_its_file(tmp_path: Path) -> None:
    found = mapping.read_map(mapped.write_map(tmp_path), mapped.codebook(tmp_path))
    assert found.file == "small.parquet"
    assert set(found.columns) == set(mapped.ROW)


# ── what the language has for other people's formats ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "text", "found"),
    [
        ({"form": "DD Month YYYY"}, "3 May 2024", "2024-05-03"),
        ({"form": "DD Month YYYY"}, "03 Sep 2024", "2024-09-03"),
        ({"form": ["ISO", "DD.MM.YYYY"]}, "3.5.2024", "2024-05-03"),
        ({"form": "ISO"}, "2024-05-03T10:00:00Z", "2024-05-03"),
        ({"form": "YYYYMMDD"}, "20240503", "2024-05-03"),
        ({"form": "YYYYMMDDHHMMSS"}, "20240503101500", "2024-05-03"),
        ({"form": "MM/DD/YYYY"}, "05/03/2024", "2024-05-03"),
        ({"form": "DD/MM/YYYY"}, "05/03/2024", "2024-03-05"),
        ({"form": "DD-Mon-YYYY"}, "03-May-2024", "2024-05-03"),
        ({"form": "unix"}, "1714730000", "2024-05-03"),
        ({"form": "YYYYMMDD"}, "20241303", None),
        ({"form": "DD Month YYYY"}, "3 Mai 2024", None),
    ],
)
def test_a_day_is_read_in_the_form_that_the_map_names(
    tmp_path: Path, cell: dict[str, Any], text: str, found: str | None
) -> None:
    plain = changed(lambda one: one["codings"]["values"].update(date={"column": "start", **cell}))
    plain["ignore"]["end"] = "the same"
    result = mapped.imported(tmp_path, mapped.row(start=text), plain=plain)
    assert mapped.codings(result)[0].get("date_start") == found
    assert bool(result.problems) == (found is None)


def test_a_pattern_takes_its_group_and_tells_what_lacks_it(tmp_path: Path) -> None:
    plain = changed(
        lambda one: one["codings"]["values"].update(place_name={"column": "unit", "match": "at (.+)"})
    )
    plain["ignore"] = {"nothing": "not there"}
    plain["optional"] = ["nothing"]
    rows = [mapped.row(unit="near the well at Lisane"), mapped.row(id="r2", unit="nowhere")]
    result = mapped.imported(tmp_path, *rows, plain=plain)
    assert [coding.get("place_name") for coding in mapped.codings(result)] == ["Lisane", None]
    assert "does not match the pattern" in result.problems[0].message


def test_labels_of_the_list_are_its_values_in_any_case(tmp_path: Path) -> None:
    plain = changed(
        lambda one: one["codings"]["values"].update(
            target={"column": "target", "by": "label", "when_null": "not_coded"}
        )
    )
    plain["recodes"].pop("targets")
    result = mapped.imported(tmp_path, mapped.row(target="POLICE"), plain=plain)
    assert mapped.codings(result)[0]["target"] == "police"


def test_lists_side_by_side_become_rows_and_an_unequal_one_is_told(tmp_path: Path) -> None:
    def change(plain: dict[str, Any]) -> None:
        plain["lists"] = {"outlet": {"at": ";", "columns": {"name": "unit", "town": "place"}}}
        plain["ignore"] = {"other": "not there"}
        plain["optional"] = ["other"]
        plain["publishers"] = [
            {
                "each": "outlet",
                "values": {"publisher_id": {"column": "outlet.name", "slug": True}, "name": "outlet.town"},
            }
        ]

    rows = [
        mapped.row(unit="Sun; Moon", place="Lisane;Velmar"),
        mapped.row(id="r2", unit="Star;Sea", place="one"),
    ]
    result = mapped.imported(tmp_path, *rows, plain=changed(change))
    assert [(row["publisher_id"], row.get("name")) for row in result.publishers] == [
        ("sun", "Lisane"), ("moon", "Velmar"), ("star", None), ("sea", None),
    ]  # fmt: skip
    assert [problem.path for problem in result.problems] == ["place"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: one["ignore"].update(unit="TODO: what is it?"), "'unit' is undecided"),
        (lambda one: one.update(optional=["colour"]), "'colour' is neither mapped nor ignored"),
        (
            lambda one: one["codings"]["values"].update(date={"column": "start", "form": "YY"}),
            "'YY' is no form of a date",
        ),
        (
            lambda one: one["codings"]["values"].update(place_name={"column": "unit", "match": "at"}),
            "the pattern has no group",
        ),
        (lambda one: one["codings"]["participants"][0].update(each="outlet"), "there is no list 'outlet'"),
        (lambda one: one.update(lists={"l": {"columns": {"x": "unit"}}}), "where 'unit' is cut is not said"),
        (lambda one: one.update(like="no-such"), "there is no map 'no-such'"),
    ],
)
def test_what_is_wrong_with_a_map_is_told(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], told: str
) -> None:
    assert told in refused(lambda: mapped.imported(tmp_path, mapped.ROW, plain=changed(change)))
