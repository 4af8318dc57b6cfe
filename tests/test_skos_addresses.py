"""What addresses in SKOS begin with, and the language of its texts: whole addresses and tags, or a refusal."""

from __future__ import annotations

import pytest

from eventcode.codebook import skos
from eventcode.codebook.load import load
from eventcode.errors import EventcodeError


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://example.org/cb", "https://example.org/cb/ucdp/code/1"),
        ("https://example.org/cb/", "https://example.org/cb/ucdp/code/1"),
        ("https://example.org/cb#", "https://example.org/cb#ucdp/code/1"),
        ("https://example.org/本", "https://example.org/本/ucdp/code/1"),
        ("urn:example", "urn:example:ucdp:code:1"),
        ("urn:example:", "urn:example:ucdp:code:1"),
    ],
)
def test_what_addresses_begin_with_is_parted_from_the_codebook(base: str, address: str) -> None:
    assert f"\n<{address}> a skos:Concept ;" in skos.turtle(load("ucdp"), base)


@pytest.mark.parametrize(
    "base",
    ["", "example.org/cb/", "/cb/", "https:", "https://", "http:///cb/", "https://example.org/my books/", "https://a.example/<b>", "skos:", "rdf:x",
     'https://a.example/"', "https://a.example/{id}/", "https://a.example/\n", "https://a.example/\\", "1a:b", "urn:"],
)  # fmt: skip
def test_a_base_that_begins_no_address_is_refused(base: str) -> None:
    with pytest.raises(EventcodeError) as caught:
        skos.turtle(load("ucdp"), base)
    assert str(caught.value) == (
        f"'{base}' begins no address\n  → write a whole one, without spaces: https://example.org/codebooks/"
    )


@pytest.mark.parametrize("language", ["en", "EN", "pt-BR", "zh-Hant-TW", "de-1996", "es-419", "ckb", "x-own"])
def test_a_tag_of_a_language_is_taken(language: str) -> None:
    assert f'"@{language}' in skos.turtle(load("ucdp"), language=language)


@pytest.mark.parametrize(
    "language",
    ["", "english", "e", "en_GB", "en-", "en GB", "-en", "en .\n<urn:x>", "dé", "en-\u0661\u0662\u0663"],
)
def test_what_is_no_tag_of_a_language_is_refused(language: str) -> None:
    with pytest.raises(EventcodeError) as caught:
        skos.turtle(load("ucdp"), language=language)
    assert str(caught.value) == (
        f"'{language}' is no tag of a language\n  → write one of BCP 47: en, pt-BR, zh-Hant"
    )
