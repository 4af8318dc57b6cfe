"""Addresses in a codebook's site: made of the id alone, for any id, the same in every view."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import html_pages
from eventcode.codebook import markdown
from eventcode.codebook.load import load
from eventcode.codebook.site import indexing, pages
from eventcode.codebook.site.places import places, relative, value_anchors
from eventcode.codebook.slugs import address_part
from eventcode.errors import CodebookError
from eventcode.model import Codebook, Term, Vocabulary
from html_pages import with_codes


def test_addresses_of_codes_are_what_people_cite() -> None:
    found = places(load("disarmament"))
    assert found["code", "072"] == "codes/070.html#code-072"
    assert found["field", "codings-realis"] == "fields/codings.realis.html#field-codings-realis"
    assert found["guidance", "D3"] == "guidance.html#guidance-d3"


def test_a_code_with_spaces_and_slashes_has_an_address_too(small_codebook: Codebook) -> None:
    book = with_codes(small_codebook, "Explosions/Remote violence")
    assert (
        places(book)["code", "Explosions/Remote violence"]
        == "codes/explosions-remote-violence.html#code-explosions-remote-violence"
    )


def test_two_codes_that_would_share_an_address_are_refused(small_codebook: Codebook) -> None:
    book = with_codes(small_codebook, "A.b", "A b")
    with pytest.raises(CodebookError) as error:
        pages.render(book)
    assert str(error.value) == (
        "the code 'A b' and the code 'A.b' would have the same address, codes/a-b.html#code-a-b\n"
        "  → in an address capitals become small and marks hyphens: rename one of them"
    )


@pytest.mark.parametrize(
    ("page", "address", "link"),
    [
        ("index.html", "codes/070.html#code-072", "codes/070.html#code-072"),
        ("codes/070.html", "codes/070.html#code-072", "#code-072"),
        ("codes/010.html", "codes/070.html#code-072", "070.html#code-072"),
        ("fields/x.html", "index.html", "../index.html"),
        (
            "codes/070.html",
            "../plover/codes/agree.html#code-agree",
            "../../plover/codes/agree.html#code-agree",
        ),
    ],
)
def test_links_are_relative(page: str, address: str, link: str) -> None:
    assert relative(page, address) == link


# ── any id ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "part"),
    [
        ("072", "072"), ("ACCUSE.allege", "accuse-allege"), ("no_event", "no_event"), ("-a-", "a"),
        ("日本", "_65e5__672c_"), ("ä", "_e4_"), ("Ä", "_e4_"), ("Côte d'Ivoire", "c_f4_te-d-ivoire"), ("..", "_2e__2e_"), ("//", "_2f__2f_"),
    ],
)  # fmt: skip
def test_letters_of_other_scripts_and_bare_marks_are_written_by_their_number(key: str, part: str) -> None:
    assert address_part(key) == part


def test_a_long_code_is_cut_and_ends_in_a_hash() -> None:
    one, other = address_part("x" * 400), address_part("x" * 401)
    assert one != other
    assert len(one) == len(other) == 100
    assert address_part("x" * 100) == "x" * 100


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_any_code_has_an_address_that_is_a_file_name(key: str) -> None:
    assert re.fullmatch(r"[a-z0-9_][a-z0-9_-]{0,99}", address_part(key))


def test_codes_of_any_script_and_length_can_be_rendered_and_linked(small_codebook: Codebook) -> None:
    codes = ("日本", "中国", "ä", "..", "//", "x" * 400)
    book = with_codes(small_codebook, *codes)
    site = pages.render(book)
    assert [*html_pages.nowhere(html_pages.sites(site), site, outside="nothing")] == []
    assert len([path for path in site if path.startswith("codes/")]) == len(codes)
    assert all(len(path.rpartition("/")[2]) < 150 for path in site)


def test_markdown_has_the_anchors_of_the_site(small_codebook: Codebook) -> None:
    codes = ("日本", "ä", "..", "ACCUSE.allege", "x" * 400)
    book = with_codes(small_codebook, *codes)
    shown = markdown.codebook(book)
    found = places(book)
    for code in codes:
        anchor = found["code", code].partition("#")[2]
        assert f'<a id="{anchor}"></a>' in shown
        assert f"(#{anchor})" in shown


def test_values_that_differ_in_case_or_marks_alone_have_each_an_anchor() -> None:
    found = value_anchors(_list("all", "ALL", "a l l", "A-L-L", "ä", "none"))
    assert (found["all"], found["none"], found["ä"]) == ("value-all", "value-none", "value-_e4_")
    assert len({*found.values()}) == 6
    assert found["ALL"].startswith("value-all-")


def test_the_anchor_of_a_value_does_not_depend_on_the_order() -> None:
    assert value_anchors(_list("ALL", "all", "All")) == value_anchors(_list("All", "all", "ALL"))


def test_every_value_is_found_at_an_anchor_that_is_there_once(small_codebook: Codebook) -> None:
    amounts = _list("all", "ALL", "日本", "y" * 400)
    book = replace(with_codes(small_codebook, "X1"), kind="module", vocabularies={"amount": amounts})
    ids = html_pages.sites(pages.render(book))["vocabularies/amount.html"].ids
    assert sorted(ids) == sorted({*ids})
    found = [entry.address for entry in indexing.entries(book, places(book)) if entry.kind == "value"]
    assert len({*found}) == 4
    assert {address.partition("#")[2] for address in found} <= {*ids}


def _list(*values: str) -> Vocabulary:
    return Vocabulary("amount", "Amount", "", tuple(Term(value, value) for value in values))
