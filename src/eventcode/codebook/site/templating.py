"""The templates of this package: Jinja with everything escaped, and an error for every name that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from eventcode.codebook.markdown_parts import within
from eventcode.codebook.site.words import printable
from eventcode.errors import EventcodeError

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TICKED = re.compile(r"`([^`]+)`")
PACKAGE = "eventcode.codebook.site"
ASSETS = ("style.css", "site.js")


def made(package: str, **options: Any) -> Environment:
    """Jinja with the templates of a package, and those of this one; EventcodeError where it is not installed."""
    try:
        from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        raise EventcodeError("jinja2 is not installed", hint="run `pip install jinja2`") from error
    loader = ChoiceLoader([PackageLoader(name, "templates") for name in dict.fromkeys((package, PACKAGE))])
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, **options,
    )  # fmt: skip


@cache
def environment() -> Environment:
    """Jinja with the templates of this package."""
    found = made(PACKAGE, cache_size=-1)
    found.filters["groupby_order"] = grouped
    found.filters["within"] = within
    return found


def ticked(words: str) -> Markup:
    """A text with what stands between backticks as code."""
    from markupsafe import Markup, escape

    parts = TICKED.split(printable(words))
    return Markup("").join(
        Markup("<code>{}</code>").format(p) if i % 2 else escape(p) for i, p in enumerate(parts)
    )


def grouped(items: Iterable[Any], name: str) -> Iterator[tuple[Any, list[Any]]]:
    """Items that follow each other with the same value of an attribute, with that value."""
    for value, found in groupby(items, key=lambda item: getattr(item, name)):
        yield value, list(found)


def render(template: str, **names: Any) -> str:
    """A template as text."""
    return environment().get_template(template).render(names)


def assets() -> dict[str, str]:
    """The files that every site has: style and search."""
    return {name: _file(PACKAGE, name) for name in ASSETS}


def style(package: str) -> Markup:
    """The style of a page that stands alone (`report.html`): that of every site, and the `page.css` of a package."""
    from markupsafe import Markup

    return Markup(f"{_file(PACKAGE, ASSETS[0])}\n{_file(package, 'page.css')}")


def _file(package: str, name: str) -> str:
    from importlib.resources import files

    return (files(package) / "templates" / name).read_text("utf-8")
