"""Damage in the raw columns of foreign files: what is found, and what is left in peace."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.checks import surface
from eventcode.checks.result import Result
from eventcode.checks.surface import encoding
from eventcode.codebook.load import load

RULES = [*surface.RULES.values()]
NAMES = (
    """
Côte d’Ivoire|São Tomé e Príncipe|Åland|Ñandú|MAÇÃ|CAFÉ–BAR|«CAFÉ»|Úžice|Ústí nad Labem|Žižkov|Kragujevac|Đakovica|Łódź|Öğünç|Şanlıurfa
İstanbul|Beşiktaş|Reykjavík|Ísafjörður|Ðurð|Þingvellir|Tórshavn|Ærø|Malmö|Jyväskylä|Õnne|Põlva|Šiauliai|Rēzekne|Győr|Hódmezővásárhely
Iași|Târgu Mureș|Pleven|Пловдив|Молдова|Київ|Ђаково|Θεσσαλονίκη|Άγιος Ευστράτιος|Երևան|თბილისი|ירושלים|العراق|الحشد الشعبي|تهران
کابل|काठमाण्डौ|বাংলাদেশ|กรุงเทพฯ|မြန်မာ|Việt Nam|Đà Nẵng|TP. Hồ Chí Minh|北京|東京|서울|L’ÎLE D’YEU|“État islamique”|À bas !|ÂGE…|PARÁ’S
SÃO JOÃO DEL-REI|1ª Região|2º BPM|MANHÃ|¿Qué?|¡Sí!|Nariño’s|ESPAÑA–PERÚ|Île–de–France|Ouagadougou|N’Djamena|Sa‘da|Ta`izz|Naḥal ‘Oz
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


def failed(result: Result, rule: str) -> int:
    """How often a rule failed."""
    return {count.rule: count.failed for count in result.counts}[f"file.{rule}"]


def messages(result: Result, rule: str) -> list[str]:
    """What a rule says."""
    return [found.message for found in result.findings if found.rule == f"file.{rule}"]


# ── every rule ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_holds_what_its_examples_say(rule):
    for example in rule.examples["pass"]:
        assert failed(surface.check(example), rule.id[5:]) == 0
    for example in rule.examples["fail"]:
        assert failed(surface.check(example), rule.id[5:]) > 0


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_says_why_and_what_to_do(rule):
    assert rule.why.endswith((".", "�"))
    assert rule.hint
    assert rule.severity in ("warning", "flag")


def test_a_finding_names_its_column_and_its_first_row():
    result = surface.check({"place": ["Velmar", "Qurra"], "party": ["NRC", "Nrc"]}, file="events.csv")
    [found] = [f for f in result.findings if f.rule == "file.case-twins"]
    assert (found.table, found.field, found.key) == ("file", "party", "party:2")
    assert (found.place.file, found.place.path) == ("events.csv", "party:2")


def test_counts_are_exact_while_findings_are_capped():
    values = [f"Name {i}" for i in range(40)] + [f"NAME {i}" for i in range(40)]
    result = surface.check({"party": values}, cap=5)
    assert failed(result, "case-twins") == 40
    assert len(messages(result, "case-twins")) == 5


def test_duplicate_rows_are_counted_beyond_the_cap():
    result = surface.check({"a": ["x"] * 30, "b": ["y"] * 30}, cap=3)
    assert failed(result, "duplicate-rows") == 29
    assert len(messages(result, "duplicate-rows")) == 3


def test_every_rule_is_counted_even_on_an_empty_file():
    assert {c.rule for c in surface.check({}).counts} == {*surface.RULES}
    assert {c.rule for c in surface.check({"a": []}).counts} == {*surface.RULES}
    assert surface.check({"a": [], "b": []}).findings == ()


# ── no value ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_ways_to_say_nothing_are_listed_with_counts():
    result = surface.check({"form": ["Unknown", "", None, "Shooting", "Unknown", "Arson"]})
    [said] = messages(result, "mixed-missing")
    assert said == "form says in 3 ways that there is no value: 'Unknown' (2), empty text (1), null (1)"


def test_a_number_that_stands_for_none_is_told_from_a_number():
    assert failed(surface.check({"n": ["1", "2", "-99", "", "3"]}), "mixed-missing") == 1
    assert failed(surface.check({"n": ["1", "2", "9999", "", "3"]}), "mixed-missing") == 1
    assert failed(surface.check({"longitude": ["-99", "-98.5", "", "12"]}), "mixed-missing") == 0
    assert failed(surface.check({"n": ["60", "99", "", "140"]}), "mixed-missing") == 0


def test_zero_among_texts_is_no_value():
    result = surface.check({"party": ["Reform", "0", "", "Unity"]})
    assert messages(result, "mixed-missing") == [
        "party says in 2 ways that there is no value: '0' among texts (1), empty text (1)"
    ]


def test_namibia_is_a_country():
    assert failed(surface.check({"country": ["NA", "ZA", "BW", "AO", ""]}), "mixed-missing") == 0


# ── twins ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_rarer_spelling_is_told_with_the_more_frequent():
    result = surface.check({"party": ["Nrc", "NRC", "NRC"]})
    assert messages(result, "case-twins") == [
        "'Nrc' (1 row) differs from 'NRC' (2 rows) only by capital letters"
    ]


def test_numbered_columns_are_compared_with_each_other():
    data = {"actor1_party": ["NRC", "NRC"], "actor2_party": ["", "Nrc"], "place": ["nrc", "nrc"]}
    assert failed(surface.check(data), "case-twins") == 1


def test_what_nobody_sees_is_named():
    result = surface.check({"place": ["Qurra", "Qurra", "Qur\u200bra"]})
    assert messages(result, "space-twins") == [
        "'Qur⟨zero-width space⟩ra' (1 row) looks like 'Qurra' (2 rows) and is not the same text"
    ]


def test_composed_and_decomposed_letters_are_told_apart_by_their_code_points():
    [said] = messages(surface.check({"place": ["Vélmar", "Ve\u0301lmar"]}), "space-twins")
    assert "⟨U+0301⟩" in said


def test_addresses_of_pages_are_no_twins():
    data = {"url": ["https://example.org/A", "https://example.org/a"]}
    assert failed(surface.check(data), "case-twins") == 0


# ── encoding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_names_of_many_languages_are_sound(name):
    assert encoding.sound(name) is None


def test_every_word_of_the_bundled_codebooks_is_sound():
    for book in ("world", "disarmament", "acled", "ucdp", "cameo", "plover", "maverick"):
        codebook = load(book)
        names = [name for actor in codebook.actors.values() for name in (actor.name, *actor.aliases)]
        terms = [term for vocabulary in codebook.vocabularies.values() for term in vocabulary.terms]
        names += [
            text for term in terms for text in (term.label, term.definition, *map(str, term.extra.values()))
        ]
        assert [name for name in names if encoding.sound(name)] == []


@pytest.mark.parametrize("coding", ["cp1252", "latin-1"])
@pytest.mark.parametrize("name", [name for name in NAMES if any(ord(sign) > 127 for sign in name)])
def test_a_name_read_in_a_wrong_encoding_is_found_and_put_right(name, coding):
    try:
        garbled = name.encode().decode(coding)
    except UnicodeDecodeError:
        pytest.skip("bytes that Windows-1252 does not know")
    assert encoding.sound(garbled) is not None


@given(st.text(st.characters(codec="ascii", exclude_characters="\x00"), max_size=60))
def test_plain_text_is_always_sound(text):
    assert encoding.sound(text) is None


@given(st.text(max_size=40))
def test_any_text_is_judged_without_an_error(text):
    encoding.sound(text)


def test_letters_that_are_lost_are_told():
    assert "letters are lost" in messages(surface.check({"name": ["Velm\ufffdr"]}), "mojibake")[0]


def test_what_was_garbled_is_shown_as_it_was():
    [said] = messages(surface.check({"name": ["CÃ´te dâ€™Ivoire"]}), "mojibake")
    assert "'Côte d’Ivoire' before" in said


# ── codes, days, ids, lists, numbers ──────────────────────────────────────────────────────────────────────────────────


def test_codes_that_lost_their_zeros_are_found_by_the_closed_list():
    hints = surface.Hints(codes={"EventCode": ["010", "043", "0431", "190"]})
    result = surface.check({"EventCode": ["10", "190", "431", "43.0", "77"]}, hints)
    assert messages(result, "lost-zeros") == [
        "'10' (1 row) has lost something that the code 010 has",
        "'431' (1 row) has lost something that the code 0431 has",
        "'43.0' (1 row) has lost something that the code 043 has",
    ]


def test_a_code_of_the_list_has_lost_nothing():
    hints = surface.Hints(codes={"code": ["1", "01", "10", "010"]})
    assert failed(surface.check({"code": ["1", "01", "10", "010"]}, hints), "lost-zeros") == 0


@pytest.mark.parametrize(
    "day", ["1900-01-01", "1900-01-01T00:00:00Z", "19000101", "01/01/1900", "1 January 1900", "01 Jan 1900"]
)
def test_a_day_that_stands_for_none_is_found_in_every_spelling(day):
    others = ["2025-05-03", "2025-05-04", "2025-05-05"] * 5
    assert (
        failed(
            surface.check({"event_date": [*others, day]}, surface.Hints(dates=["event_date"])),
            "sentinel-date",
        )
        == 1
    )


def test_a_first_day_among_days_of_its_time_is_a_day():
    days = ["1898-03-01", "1899-12-30", "1900-01-01", "1901-04-05"]
    assert failed(surface.check({"date": days}), "sentinel-date") == 0


def test_lists_that_are_declared_parallel_must_have_one_length():
    hints = surface.Hints(parallel=[("office", "day")])
    data = {
        "office": ["A;B", "C", "", "D;E;"],
        "day": ["x;y", "x;y", "", "x;y"],
        "notes": ["a;b;c", "", "", ""],
    }
    result = surface.check(data, hints)
    assert messages(result, "parallel-lists") == [
        "lists that go together item by item have different lengths: office 1, day 2"
    ]
    assert result.findings[-1].key == "office:2"


def test_lists_of_lengths_that_have_nothing_to_do_with_each_other_are_not_compared():
    data = {"a": ["x;y", "x", "x;y;z", "x"], "b": ["1", "1;2", "1", "1;2;3"]}
    assert failed(surface.check(data), "parallel-lists") == 0


def test_an_id_in_another_column_is_found_across_numbered_columns():
    data = {
        "event": ["AA-0001", "AA-0002", "AA-0003", "AA-0004"],
        "actor1_id": ["AA-101", "AA-102", "AA-103", "AA-104"],
        "actor2_id": ["AA-101", "", "", "AA-104"],
        "actor1_party": ["Reform", "Unity", "AA-107", "Accord"],
    }
    assert messages(surface.check(data), "foreign-id") == [
        "'AA-107' (1 row) stands in actor1_party and is an id of actor1_id"
    ]


def test_rows_are_compared_without_what_tells_them_apart():
    data = {"event_id": ["1", "2", "3"], "place": ["Velmar", "Qurra", "Velmar"]}
    assert messages(surface.check(data), "duplicate-rows") == ["row 3 is the same as row 1 but for event_id"]
    assert failed(surface.check(data, surface.Hints(key="place")), "duplicate-rows") == 0


def test_where_no_single_column_tells_rows_apart_they_are_compared_whole():
    data = {"event_id": ["1", "2", "3"], "article": ["a", "b", "a"]}
    assert failed(surface.check(data, surface.Hints(key="")), "duplicate-rows") == 0
    same = {name: [*values, values[0]] for name, values in data.items()}
    assert failed(surface.check(same, surface.Hints(key="")), "duplicate-rows") == 1


def test_the_remedy_for_lists_names_their_separator():
    [found] = surface.check(surface.RULES["file.parallel-lists"].examples["fail"][0]).findings
    assert "take ';' out of the items" in found.hint


# ── odd files ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_columns_may_have_any_names_and_the_same_one_twice():
    table = pa.Table.from_arrays(
        [pa.array(["a", "A"]), pa.array(["b", "b"]), pa.array(["c", "c"])],
        names=["x'; DROP TABLE cells; --", "", ""],
    )
    assert failed(surface.check(table), "case-twins") == 1


def test_columns_of_numbers_and_days_are_read_as_text():
    table = pa.table({"n": pa.array([1.0, 2.0, -99.0, None]), "yes": pa.array([True, None, False, True])})
    assert failed(surface.check(table), "mixed-missing") == 1


def test_a_column_of_a_great_many_values_is_still_looked_through(monkeypatch):
    monkeypatch.setattr("eventcode.checks.surface.columns.MANY", 10)
    notes = [f"Note {i}" for i in range(300)] + ["", "Unknown", None, "CÃ´te", "1900-01-01"]
    result = surface.check({"notes": notes})
    assert failed(result, "mixed-missing") == 1
    assert failed(result, "mojibake") == 1


def test_many_columns_are_looked_through_in_portions_with_the_same_result(monkeypatch):
    rows = {"office": ["a;b", "c;d", "e;f"], "day": ["1;2", "3;4", "5"], "note": ["x", "", "Unknown"]}
    whole = surface.check(rows)
    monkeypatch.setattr("eventcode.checks.surface.columns.AT_ONCE", 1)
    assert surface.check(rows) == whole
    assert failed(whole, "parallel-lists") == 1
    monkeypatch.setattr("eventcode.checks.surface.between.COMPARED", 1)
    assert failed(surface.check(rows), "parallel-lists") == 0


_CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(["", " ", "Unknown", "AA-1", "0", "-99", "1900-01-01", "a;b", "1,5"]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(_CELLS, _CELLS, _CELLS), max_size=12), st.randoms())
def test_any_file_is_checked_and_the_counts_add_up(rows, random):
    data = {name: [row[i] for row in rows] for i, name in enumerate("abc")}
    result = surface.check(data)
    told: dict[str, int] = {}
    for found in result.findings:
        told[found.rule] = told.get(found.rule, 0) + 1
    assert {c.rule: c.failed for c in result.counts if c.failed} == told
    assert all(c.passed >= 0 for c in result.counts)


# ── real files ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_maverick_has_an_actors_id_in_three_columns_of_parties(real):
    import pyarrow.parquet as pq

    result = surface.check(pq.read_table(real / "maverick_event_report_3287.parquet"))
    ids = [found for found in result.findings if found.rule == "file.foreign-id"]
    assert [found.field for found in ids] == ["actor2_party", "actor3_party", "actor4_party"]
    assert all("'KE-517'" in found.message for found in ids)
    twins = [
        found
        for found in result.findings
        if found.rule == "file.case-twins" and found.field.endswith("_party")
    ]
    assert len(twins) == 3
    assert failed(result, "mojibake") == 2


def test_ucdp_has_ten_rows_whose_lists_of_sources_differ_in_length(real):
    import pyarrow.parquet as pq

    hints = surface.Hints(parallel=[("source_office", "source_date", "source_headline")])
    result = surface.check(pq.read_table(real / "ucdp_ged231_1000.parquet"), hints)
    assert failed(result, "parallel-lists") == 10
    assert failed(result, "mojibake") == failed(result, "lost-zeros") == failed(result, "foreign-id") == 0
