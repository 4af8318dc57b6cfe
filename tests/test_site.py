"""A codebook as a site: whole, linked, escaped, reachable without a mouse, and without a network."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

import html_pages
from eventcode.bundled import codebook_folder
from eventcode.codebook import search
from eventcode.codebook.load import load, names
from eventcode.codebook.site import indexing, mentions, pages, prose
from eventcode.codebook.site.places import places
from eventcode.codebook.site.surroundings import Observed, Surroundings, Values
from eventcode.model import Codebook, Example
from html_pages import with_codes

HOSTILE = "<script>alert('x')</script> & \"so\" on"
BOOKS = names([codebook_folder()])


@cache
def _books() -> dict[str, Codebook]:
    return {name: load(name) for name in BOOKS}


@cache
def _site(name: str) -> dict[str, str]:
    around = Surroundings(
        books=_books(), beside=frozenset(BOOKS), changelog="# Changes\n\n## 1.0.0\n\nFirst."
    )
    return pages.render(load(name), around)


@cache
def _read(name: str) -> dict[str, html_pages.Read]:
    return html_pages.sites(_site(name))


def _all() -> dict[str, str]:
    return {f"{name}/{path}": text for name in BOOKS for path, text in _site(name).items()}


# ── every bundled codebook ────────────────────────────────────────────────────────────────────────────────────────────


def test_every_link_and_anchor_leads_somewhere_also_from_one_codebook_to_the_next() -> None:
    found = {f"{name}/{path}": page for name in BOOKS for path, page in _read(name).items()}
    assert [*html_pages.nowhere(found, _all(), outside="../")] == []


@pytest.mark.parametrize("name", BOOKS)
def test_a_site_is_whole_by_itself(name: str) -> None:
    site = pages.render(load(name))
    assert [*html_pages.nowhere(html_pages.sites(site), site, outside="nothing")] == []


@pytest.mark.parametrize("name", BOOKS)
def test_nothing_is_fetched(name: str) -> None:
    for path, page in _read(name).items():
        assert {resource.rpartition("/")[2] for resource in page.resources} == {"style.css", "site.js"}, path
        assert [link for link in page.links if "://" in link] == [], path
    for asset in ("style.css", "site.js"):
        assert not re.search(r"url\(|@import|https?:|fetch\(|XMLHttp|innerHTML", _site(name)[asset])


@pytest.mark.parametrize("name", BOOKS)
def test_pages_are_well_formed_and_no_id_stands_twice(name: str) -> None:
    for path, page in _read(name).items():
        assert page.wrong == [], path
        assert sorted(page.ids) == sorted(set(page.ids)), path


@pytest.mark.parametrize("name", BOOKS)
def test_headings_are_in_order_and_landmarks_are_there(name: str) -> None:
    for path, text in _site(name).items():
        if path.endswith(".html"):
            main = html_pages.read(text[text.index("<main") : text.index("</main>") + 7])
            assert main.headings[0] == 1
            assert main.headings.count(1) == 1, path
            steps = zip(main.headings, main.headings[1:], strict=False)
            assert all(after <= before + 1 for before, after in steps), path
            assert _read(name)[path].landmarks == ["header", "nav", "main", "footer"]
            assert '<html lang="en">' in text
            assert '<a class="skip" href="#main">' in text


@pytest.mark.parametrize("name", BOOKS)
def test_every_code_has_its_anchor_on_the_page_of_its_root(name: str) -> None:
    book = load(name)
    for code in book.event_types:
        page, _, anchor = places(book)["code", code].partition("#")
        assert anchor in _read(name)[page].ids
        assert page == places(book)["code", book.root(code)].partition("#")[0]


@pytest.mark.parametrize("name", BOOKS)
def test_every_field_and_vocabulary_has_a_page(name: str) -> None:
    book = load(name)
    assert {f"fields/{table}.{field}.html" for table, field in book.fields} <= _site(name).keys()
    assert len([path for path in _site(name) if path.startswith("vocabularies/")]) == len(
        book.vocabularies
    ) + bool(book.vocabularies)


@pytest.mark.parametrize("name", BOOKS)
def test_the_search_index_holds_every_code_and_the_words_of_its_label(name: str) -> None:
    book = load(name)
    entries = indexing.entries(book, places(book))
    numbers = {entry.key: number for number, entry in enumerate(entries) if entry.kind == "code"}
    assert numbers.keys() == book.event_types.keys()
    index = indexing.inverted(entries)
    for code, kind in book.event_types.items():
        assert all(numbers[code] in index[search.stem(word)] for word in search.words_of(kind.label))


@pytest.mark.parametrize("name", BOOKS)
def test_a_site_can_be_mailed(name: str) -> None:
    assert sum(len(text.encode()) for text in _site(name).values()) < 4_000_000
    assert len(_site(name)["search-index.js"].encode()) < 600_000


# ── what a page says ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_whatever_a_codebook_says_is_escaped(small_codebook: Codebook) -> None:
    book = replace(with_codes(small_codebook, "X1"), title=HOSTILE, description=HOSTILE, licence=HOSTILE)
    kind = replace(
        book.event_types["X1"], label=HOSTILE, definition=HOSTILE, includes=(HOSTILE,), note=HOSTILE, triggers={"verbs": (HOSTILE,)}
    )  # fmt: skip
    shown = Example(HOSTILE, HOSTILE, ({"event_type": "X1", HOSTILE: HOSTILE},), note=HOSTILE)
    book = replace(book, event_types={**book.event_types, "X1": kind}, examples=(shown,))
    site = pages.render(book, Surroundings(changelog=f"# {HOSTILE}\n\n{HOSTILE}\n\n<script>x</script>\n"))
    for path, page in html_pages.sites(site).items():
        assert len(page.scripts) == 1, path
        assert page.wrong == [], path
    assert HOSTILE in "".join(html_pages.sites(site)["codes/x1.html"].words)


def test_a_codebook_cannot_break_out_of_the_search_index(small_codebook: Codebook) -> None:
    book = with_codes(small_codebook, "X1")
    book = replace(book, event_types={"X1": replace(book.event_types["X1"], label="</script><b>")})
    text = pages.render(book)["search-index.js"]
    assert text.startswith("window.searchIndex={")
    assert text.count("\n") == 1


def test_a_code_shows_where_its_look_alikes_go() -> None:
    text = _site("disarmament")["codes/070.html"]
    part = text[text.index('id="code-072"') : text.index('id="code-073"')]
    assert "Do not confuse with" in part
    assert re.search(r'<a class="c" href="030.html#code-031">', part)
    assert "Not 072, but" in part


def test_codes_in_a_decision_rule_are_links_save_in_quotes(small_codebook: Codebook) -> None:
    book = load("disarmament")
    found = [
        *mentions.mentions(book, mentions.pattern(book), 'Take 072, not 0721, "not 071 either", see D3.')
    ]
    assert [thing for _, thing in found if thing] == [("code", "072"), ("guidance", "D3")]
    assert "".join(part for part, _ in found) == 'Take 072, not 0721, "not 071 either", see D3.'


def test_observed_counts_name_their_dataset_version_and_table(small_codebook: Codebook) -> None:
    code = next(iter(small_codebook.event_types))
    spec = next(
        spec
        for spec in small_codebook.fields.values()
        if spec.type == "code" and spec.vocabulary in small_codebook.vocabularies
    )
    assert spec.vocabulary
    value = small_codebook.vocabularies[spec.vocabulary].values[0]
    seen = Observed(
        "camps", "release 1.0", "Camps", small_codebook.reference, {"events": {code: 7}, "reports": {code: 9}},
        {(spec.table, spec.name): Values("reports", 12, 2, {value: 10})},
    )  # fmt: skip
    site = pages.render(small_codebook, Surroundings(observed=seen))
    read = html_pages.sites(site)
    said = " ".join(" ".join(read["index.html"].words).split())
    assert "events of camps, release 1.0 (Camps), table events , 7 rows" in said
    field = " ".join(
        " ".join(
            read[places(small_codebook)["field", f"{spec.table}-{spec.name}"].partition("#")[0]].words
        ).split()
    )
    assert "camps, release 1.0, table reports , 12 rows, 2 of them without a value" in field
    assert f"Counts: camps, release 1.0, made with {small_codebook.reference}." in said


def test_a_crosswalk_links_both_ways_where_the_other_codebook_stands_beside() -> None:
    rows = [row for row in load("disarmament").crosswalks if row.vocabulary is None and row.target_code]
    for other in {row.target_codebook for row in rows} & {*BOOKS}:
        assert f'href="../../{other}/codes/' in _site("disarmament")[f"crosswalks/{other}.html"]
        assert any('href="../../disarmament/codes/' in page for page in _site(other).values())


# ── search ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_index_counts_on_from_entry_to_entry() -> None:
    parts = [{"label": "camp"}, {"label": "x"}, {"label": "x", "code": "camp", "note": "the camp"}]
    entries = [indexing.Entry("code", str(i), "", "", "", part) for i, part in enumerate(parts)]
    assert '"camp":"0B2BAH"'.replace("2BAH", "2AH") in indexing.script(entries)


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (35, "z"), (36, "10"), (1295, "zz")])
def test_numbers_are_written_in_base_36(number: int, text: str) -> None:
    assert indexing.base36(number) == text
    assert int(text, 36) == number


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A `b` c", '<h1 id="a-b-c">A <code>b</code> c</h1>\n'),
        ("# A\n\n# A", '<h1 id="a">A</h1>\n<h1 id="a-1">A</h1>\n'),
        ('<a id="code-072"></a> x', '<p><a id="code-072"></a> x</p>\n'),
        ('<a id="x"></a> 1\n\n<a id="x"></a> 2', '<p><a id="x"></a> 1</p>\n<p> 2</p>\n'),
        ("<!-- file: x -->\nText", "<p>Text</p>\n"),
        ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"),
        ("<script>x</script>", "<pre><code>&lt;script&gt;x&lt;/script&gt;</code></pre>\n"),
        ("![a picture](https://x.example/p.png)", "<p>a picture</p>\n"),
        ("[here](README.md), [there](https://x.example)", '<p>here, <a href="https://x.example">there</a></p>\n'),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("x </a> y", "<p>x &lt;/a&gt; y</p>\n"),
    ],
)  # fmt: skip
def test_of_raw_html_only_anchors_stay(text: str, html: str) -> None:
    assert str(prose.html(text)) == html
