"""The documentation as one site: every page, every link, every codebook, and nothing fetched."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import pytest

import html_pages
from eventcode.cli import reference, site
from eventcode.codebook.load import load
from eventcode.errors import DatasetError
from eventcode.pipeline import colours, docs_pages, docs_site

ROOT = Path(__file__).parents[1]
TEXTS = {
    "README.md": "# Camps\n\nFirst words. See [the guide](docs/README.md), [two](docs/two.md#a-part), [rules](docs/reference/rules.md).\n",
    "docs/README.md": "# Documentation\n\n[two.md](two.md), [one.md](one.md), [codebook](../codebook/), [licence](../LICENSE)\n",
    "docs/one.md": "# One\n\n[home](../README.md) [far](https://x.example/) [self](#one)\n",
    "docs/two.md": "# Two\n\n## A part\n\n```console\n$ eventcode check <name>\n0 errors\n```\n",
    "docs/reference/rules.md": '# Rules\n\n<a id="rule-x"></a>\n## x\n\n[072](codebook-disarmament.md#code-072), [it](codebook-disarmament.md)\n',
    "docs/reference/codebook-disarmament.md": "# Replaced by its site\n",
    "codebook/README.md": "# codebook/\n\n[ours](disarmament/), [changes](disarmament/CHANGELOG.md)\n",
}


@cache
def _small() -> dict[str, str]:
    books = {"disarmament": load("disarmament")}
    return docs_pages.site(TEXTS, books, {"disarmament": "# Changes\n"}, lambda path: path == "LICENSE")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The site of this repository."""
    root = tmp_path_factory.mktemp("repository")
    for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "CITATION.cff"):
        shutil.copy(ROOT / name, root / name)
    for name in ("docs", "codebook", "datasets", "benchmarks", "tests"):
        shutil.copytree(
            ROOT / name, root / name, ignore=shutil.ignore_patterns("reference", "__pycache__", "raw", "*.py")
        )
    (root / "src").mkdir()
    reference.write(root / "docs/reference")
    docs_site.write(root, root / "build/docs")
    folder = root / "build/docs"
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_page_of_the_documentation_is_there(whole: dict[str, str]) -> None:
    written = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "docs").rglob("*.md")
        if "reference" not in path.parts
    ]
    assert {docs_pages.address(path) for path in (*written, "README.md", "CHANGELOG.md")} <= whole.keys()
    assert {
        f"docs/reference/{name}.html" for name in ("commands", "rules", "fields", "tables")
    } <= whole.keys()
    assert "codebook/disarmament/codes/070.html" in whole


def test_every_link_and_anchor_of_the_documentation_leads_somewhere(whole: dict[str, str]) -> None:
    assert [*html_pages.nowhere(html_pages.sites(whole), whole, outside="nothing")] == []


def test_nothing_of_the_documentation_is_fetched(whole: dict[str, str]) -> None:
    for path, page in html_pages.sites(whole).items():
        assert {resource.rpartition("/")[2] for resource in page.resources} == {"style.css", "site.js"}, path


def test_pages_of_the_documentation_are_well_formed(whole: dict[str, str]) -> None:
    for path, page in html_pages.sites(whole).items():
        assert page.wrong == [], path
        assert sorted(page.ids) == sorted(set(page.ids)), path


def test_links_between_markdown_pages_become_links_between_pages() -> None:
    links = html_pages.sites(_small())["index.html"].links
    assert {"docs/index.html", "docs/two.html#a-part", "docs/reference/rules.html"} <= {*links}


def test_a_link_to_the_markdown_of_a_codebook_leads_into_its_site() -> None:
    links = html_pages.sites(_small())["docs/reference/rules.html"].links
    assert {
        "../../codebook/disarmament/codes/070.html#code-072",
        "../../codebook/disarmament/index.html",
    } <= {*links}
    links = html_pages.sites(_small())["codebook/index.html"].links
    assert {"disarmament/index.html", "disarmament/changelog.html"} <= {*links}


def test_a_link_to_a_file_that_is_no_page_keeps_its_words() -> None:
    page = html_pages.sites(_small())["docs/index.html"]
    assert "licence" in "".join(page.words)
    assert not [link for link in page.links if "LICENSE" in link]


@pytest.mark.parametrize(
    "link", ["three.md", "two.md#no-part", "#nothing", "../../outside.md", "../no/folder/"]
)
def test_a_link_that_leads_nowhere_is_refused_with_its_place(link: str) -> None:
    texts = {**TEXTS, "docs/one.md": f"# One\n\nSome words.\n\nSee [this]({link}).\n"}
    with pytest.raises(DatasetError) as error:
        docs_pages.site(texts, {"disarmament": load("disarmament")}, {}, lambda path: path == "LICENSE")
    assert f"docs/one.md:5\n  '{link}' leads nowhere" in str(error.value)
    assert str(error.value).startswith("the documentation has links that lead nowhere: ")


def test_the_navigation_follows_the_order_of_the_guide() -> None:
    text = _small()["docs/one.html"]
    assert text.index('href="two.html"') < text.index('aria-current="page">One')


def test_the_search_finds_pages_sections_and_codes() -> None:
    data = json.loads(_small()["search-index.js"].removeprefix("window.searchIndex=").rstrip(";\n"))
    found = {
        (kind, key, label): f"{data['pages'][page]}#{anchor}"
        for kind, key, label, page, anchor, _ in data["entries"]
    }
    code = ("code", "072", "Dismantle a base or headquarters (disarmament)")
    assert found["page", "Two", ""] == "docs/two.html#"
    assert found["section", "A part", "Two"] == "docs/two.html#a-part"
    assert found[code] == "codebook/disarmament/codes/070.html#code-072"


def test_what_is_typed_stands_out_from_what_is_printed() -> None:
    assert (
        colours.coloured("$ a <b>\nc", "console")
        == '<span class="gp">$ </span><b>a &lt;b&gt;</b>\n<span class="go">c</span>'
    )


def test_code_of_an_unknown_language_and_without_pygments_is_shown_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert colours.coloured("<x>", "unheard-of") == "&lt;x&gt;"

    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(colours, "import_module", missing)
    assert colours.coloured("a: <x>", "yaml") == "a: &lt;x&gt;"


def test_the_command_says_how_it_is_called() -> None:
    with pytest.raises(SystemExit, match=r"usage: python -m eventcode\.cli\.site FOLDER"):
        site.main([])
