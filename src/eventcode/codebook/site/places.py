"""Where things stand in a site: `code 072` → `codes/070.html#code-072`.

Anchors are those of the Markdown view. A page's name is the anchor of what it is about, so that both depend on ids alone, never on a
label or an order.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from eventcode.codebook.markdown_parts import anchor
from eventcode.codebook.slugs import address_part, short_hash
from eventcode.errors import CodebookError
from eventcode.model import Codebook, Crossing, Vocabulary

Thing = tuple[str, str]  # kind and key


def field_key(table: str, name: str) -> str:
    """The key of a field, as anchors have it."""
    return f"{table}-{name}"


def places(book: Codebook) -> dict[Thing, str]:
    """Every thing of a codebook that has an anchor, with its address in the site; CodebookError where two would have the same."""
    found = dict(_things(book))
    _refuse_doubles(found)
    return found


def _things(book: Codebook) -> Iterator[tuple[Thing, str]]:
    for code in book.event_types:
        yield ("code", code), f"{code_page(book, code)}#{anchor('code', code)}"
    for table, name in book.fields:
        key = field_key(table, name)
        yield ("field", key), f"{field_page(table, name)}#{anchor('field', key)}"
    for id_ in book.vocabularies:
        yield ("vocabulary", id_), f"{vocabulary_page(id_)}#{anchor('vocabulary', id_)}"
    pages: Mapping[str, Iterable[str]] = {
        "guidance": (entry.id for entry in book.guidance),
        "rule": book.rules,
        "actor": book.actors,
    }
    for kind, keys in pages.items():
        for key in keys:
            yield (kind, key), f"{LISTS[kind]}#{anchor(kind, key)}"
    for target in crosswalks(book):
        yield ("crosswalk", target), f"{crosswalk_page(target)}#{anchor('crosswalk', target)}"


LISTS = {"guidance": "guidance.html", "rule": "rules.html", "actor": "actors.html"}


def code_page(book: Codebook, code: str) -> str:
    """The page of a code: that of its root."""
    return f"codes/{address_part(book.root(code))}.html"


def field_page(table: str, name: str) -> str:
    """The page of a field."""
    return f"fields/{address_part(table)}.{address_part(name)}.html"


def vocabulary_page(id_: str) -> str:
    """The page of a closed list."""
    return f"vocabularies/{address_part(id_)}.html"


def value_anchors(vocabulary: Vocabulary) -> dict[str, str]:
    """The anchor of each value of a closed list on its page: `value-occurred`.

    Of values that would share one, as `all` and `ALL`, each but the one that is written like its anchor gets a hash of itself.
    """
    shared = Counter(map(address_part, vocabulary.values))
    return {
        value: anchor("value", value)
        if shared[address_part(value)] == 1 or address_part(value) == value
        else f"{anchor('value', value)}-{short_hash(value)}"
        for value in vocabulary.values
    }


def crosswalk_page(target: str) -> str:
    """The page of the crosswalk to another codebook."""
    return f"crosswalks/{address_part(target)}.html"


def _refuse_doubles(found: Mapping[Thing, str]) -> None:
    seen: dict[str, Thing] = {}
    for thing, address in found.items():
        other = seen.setdefault(address, thing)
        if other != thing:
            raise CodebookError(
                f"the {thing[0]} '{thing[1]}' and the {other[0]} '{other[1]}' would have the same address, {address}",
                "in an address capitals become small and marks hyphens: rename one of them",
            )


def relative(page: str, address: str) -> str:
    """An address of the site as a link on one of its pages; `../plover/index.html` leads out of the site."""
    target, mark, fragment = address.partition("#")
    if target == page and mark:
        return f"#{fragment}"
    base = "/a/b/c/d"
    path = posixpath.relpath(posixpath.normpath(f"{base}/{target}"), posixpath.dirname(f"{base}/{page}"))
    return f"{path}{mark}{fragment}"


def tables(book: Codebook) -> list[str]:
    """The tables that have fields, codings first."""
    return sorted(dict.fromkeys(table for table, _ in book.fields), key=lambda table: table != "codings")


def crosswalks(book: Codebook) -> dict[str, list[Crossing]]:
    """The rows of the crosswalks by target, those between event types first.

    Those between the lists of a module that the codebook uses belong to the module's own site.
    """
    found: dict[str, list[Crossing]] = {}
    for row in sorted(book.crosswalks, key=lambda row: row.vocabulary is not None):
        if row.vocabulary is None or _own(book, row):
            found.setdefault(row.target_codebook, []).append(row)
    return found


def _own(book: Codebook, row: Crossing) -> bool:
    """Whether a row stands in the codebook's own folder, which holds `crosswalks/<file>`."""
    folder = row.place.file.split("/")[-3:-2]
    return not folder or folder[0] == posixpath.basename(book.folder.rstrip("/"))
