"""The codebook as Markdown, and words found in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.codebook import markdown, markdown_lists, markdown_parts
from eventcode.codebook.load import load
from eventcode.codebook.lookup import lookup, unknown
from eventcode.codebook.search import search, stem
from eventcode.model import Codebook
from tiny_codebook import files, write


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load("disarmament")


@pytest.fixture(scope="module")
def page(book: Codebook) -> str:
    return markdown.codebook(book)


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_link_of_the_page_leads_to_an_anchor_and_no_anchor_stands_twice(page: str) -> None:
    anchors = re.findall(r'<a id="([^"]+)"></a>', page)
    links = re.findall(r"\]\(#([^)]+)\)", page)

    assert len(anchors) == len(set(anchors))
    assert set(links) <= set(anchors)


def test_everything_of_the_codebook_has_its_anchor(book: Codebook, page: str) -> None:
    wanted = {f"code-{code}" for code in book.event_types} | {
        f"field-{table}-{name}" for table, name in book.fields
    }
    wanted |= {f"vocabulary-{name}" for name in book.vocabularies} | {
        markdown_parts.anchor("rule", name) for name in book.rules
    }
    wanted |= {markdown_parts.anchor("guidance", entry.id) for entry in book.guidance} | {
        markdown_parts.anchor("actor", name) for name in book.actors
    }

    assert all(f'<a id="{name}"></a>' in page for name in wanted)
    assert {
        "code-072",
        "field-codings-realis",
        "rule-sourcing-anonymous-has-name",
        "guidance-d3",
        "actor-irq-kataib_hezbollah",
    } <= wanted


def test_a_code_is_shown_with_all_that_is_known_of_it(book: Codebook) -> None:
    shown = markdown.code(book, "072")

    assert shown.startswith(
        '<a id="code-072"></a>\n#### 072 Dismantle a base or headquarters\n\nThe owner itself takes down,'
    )
    assert "- Parent: [070 Dismantle or withdraw](#code-070)\n" in shown
    assert "- Requires: actor, [place_name](#field-codings-place_name)\n" in shown
    assert "- Intensity: 6 on Progress of disarmament, edition 1.0 (-10 to 10)\n" in shown
    assert "- Quad: material cooperation\n" in shown
    assert "**Includes**\n\n- tearing down barracks" in shown
    assert "- destroyed or damaged by an enemy → [112 Destroy or damage a site](#code-112)\n" in shown
    assert "- phrases: dismantled its base; " in shown
    assert "**Do not confuse with**\n\n- “" in shown
    assert "- cameo 1.1b3: `0873` (broad)\n" in shown


def test_a_code_in_a_page_of_its_own_links_to_the_others(book: Codebook) -> None:
    assert "(index.html#code-070)" in markdown.code(book, "072", "index.html")


def test_a_field_is_shown_with_its_question_and_its_values(book: Codebook) -> None:
    shown = markdown.field(book, book.fields["codings", "extent"])

    assert shown.startswith(
        '<a id="field-codings-extent"></a>\n### Extent\n\n`codings.extent` — **How much of it, in this place?**'
    )
    assert "- Applies if: `type.root in ('030', '060', '070', '080')`\n" in shown
    assert "- If the text does not tell: the value unknown\n" in shown
    assert "- Scale: best all, worst token: " in shown
    assert shown.endswith("- Values: [extent](#vocabulary-extent): all, most, some, token, unknown")


def test_a_rule_is_shown_with_its_sql_and_its_examples(book: Codebook) -> None:
    shown = markdown_lists.rule(book.rules["sourcing.anonymous-has-name"])

    assert "```sql\nwhen    identity = 'anonymous'\nrequire source_name is null\n```" in shown
    assert (
        "- fails for `{identity: anonymous, source_name: Ali Hasan, source_descriptor: the mayor}`" in shown
    )


def test_own_examples_come_before_those_of_a_module(book: Codebook) -> None:
    origins = [example.codes_of for example in book.examples_of("072")]

    assert origins[0] is None
    assert origins == sorted(origins, key=lambda origin: origin is not None)


def test_a_module_has_no_event_types_to_show() -> None:
    shown = markdown.codebook(load("sourcing"))

    assert "## Event types" not in shown
    assert "## Rules" in shown


def test_words_with_a_meaning_in_markdown_are_shown_as_they_are(tmp_path: Path) -> None:
    found = files()
    found["events/all.yaml"]["event_types"][0] |= {
        "label": "Threaten *all* <b>",
        "definition": "# not a heading | or `code`",
    }

    shown = markdown.code(load(write(tmp_path, found)), "010")

    assert r"### 010 Threaten \*all\* \<b\>" in shown
    assert r"\# not a heading \| or \`code\`" in shown


@settings(deadline=None)
@given(st.text())
def test_any_text_stays_on_one_line_and_opens_nothing(words: str) -> None:
    shown = markdown_parts.text(words)

    assert "\n" not in shown
    assert not re.search(r"(?<!\\)(\\\\)*[<|`]", shown)
    assert not re.match(r"([-+#=]+|\d+[.)])(\s|$)", shown)


def test_a_table_without_rows_is_nothing() -> None:
    assert markdown_parts.table(("A", "B"), []) == ""
    assert markdown_parts.table(("A", "B"), [("1", "2")]) == "| A | B |\n|---|---|\n| 1 | 2 |"


# ── search ────────────────────────────────────────────────────────────────────────────────────────────────────────────

FOUND = [
    ("072", "code", "072"),
    ("dismantle_base", "code", "072"),
    ("dismantled headquarters", "code", "072"),
    ("DISMANTLING a Base", "code", "072"),
    ("withdrawal", "code", "075"),
    ("Pull-Out", "code", "075"),
    ("pullout", "code", "075"),
    ("pull out", "code", "075"),
    ("handover of weapons", "code", "061"),
    ("hand-over weapon", "code", "061"),
    ("threat of air strikes", "code", "011"),
    ("ultimatum", "code", "012"),
    ("kataib hezbollah", "actor", "irq.kataib_hezbollah"),
    ("Asa'ib Ahl al-Haq", "actor", "irq.asaib_ahl_al_haq"),
    ("sanctions", "value", "harm_kind: sanctions"),
    ("n_persons", "field", "sources.n_persons"),
    ("latitude", "field", "codings.lat"),
    ("D17", "guidance", "D17"),
    ("sourcing.anonymous-has-name", "rule", "sourcing.anonymous-has-name"),
]


@pytest.mark.parametrize(("words", "kind", "key"), FOUND, ids=[words for words, _, _ in FOUND])
def test_what_is_meant_comes_first(book: Codebook, words: str, kind: str, key: str) -> None:
    best = search(book, words)[0]

    assert (best.kind, best.key) == (kind, key)


def test_leaving_a_base_is_among_the_first_three(book: Codebook) -> None:
    assert "071" in [hit.key for hit in search(book, "leave a base", 3)]


def test_more_of_the_words_counts_more(book: Codebook) -> None:
    hits = search(book, "give up rockets to the army")

    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].kind == "code"
    assert book.root(hits[0].key) in ("030", "060")


def test_case_accents_and_hyphens_do_not_matter(book: Codebook) -> None:
    asked = ("hand-over", "HAND-OVER", "hand over", "hánd‑over")

    assert len({tuple(hit.key for hit in search(book, words, 5)) for words in asked}) == 1


def test_words_may_be_given_one_by_one(book: Codebook) -> None:
    assert search(book, ["leave", "a", "base"]) == search(book, "leave a base")


def test_what_stands_nowhere_finds_nothing(book: Codebook) -> None:
    assert search(book, "zzqq") == []
    assert search(book, "") == []
    assert search(book, "?!") == []


def test_a_hit_shows_the_words_that_speak_of_it(book: Codebook) -> None:
    [hit] = search(book, "watchtower barracks", 1)

    assert hit.key == "072"
    assert "tore down its watchtower" in hit.text
    assert len(hit.text) <= 170


@pytest.mark.parametrize(
    "words",
    ["dismantle dismantles dismantled dismantling", "pledge pledges pledged pledging", "withdraw withdraws withdrawal", "city cities",
     "stop stops stopped stopping", "refuse refused refusing", "threat threats", "disarm disarms disarmed disarming"],
)  # fmt: skip
def test_the_endings_of_a_word_do_not_matter(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("arm", "army"), ("party", "part"), ("base", "basis"), ("010", "10")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_words_can_be_searched(words: str) -> None:
    for hit in search(load("sourcing"), words, 3):
        assert hit.score > 0
        assert hit.label


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "kinds"),
    [("072", ["code"]), ("realis", ["field"]), ("sources.identity", ["field"]), ("date_precision", ["field"]), ("quad", ["vocabulary"]),
     ("d3", ["guidance"]), ("usa", ["actor"]), ("sourcing.person-counts-one", ["rule"]), ("nothing", [])],
)  # fmt: skip
def test_a_name_stands_for_one_kind_of_thing(book: Codebook, name: str, kinds: list[str]) -> None:
    assert [found.kind for found in lookup(book, name)] == kinds


def test_an_unknown_name_is_told_with_the_one_that_was_meant(book: Codebook) -> None:
    assert unknown(book, "realiss").hint == "did you mean 'realis'?"
