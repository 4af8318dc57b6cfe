"""YAML in the style of the bundled codebooks: codes and versions in quotes, `>-` for long texts, short lists on one line.

PyYAML writes it, by what `yamlfile` reads: YAML 1.2, in which 089 and 1e3 want quotes and `no` does not. Whatever does not read back
as it was is written once more with every text in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from eventcode.errors import EventcodeError
from eventcode.yamlfile import parse

WIDTH = 100
LONG = 90  # characters of a text that goes below its key
FLAT = 104  # characters of a list or mapping that stands on one line
QUOTED = ("code", "parent", "version", "see", "not", "event_type", "event_types", "negative", "edition")
LINES = (
    "pass",
    "fail",
    "expect",
    "sources",
    "support",
    "codings",
    "participants",
    "document",
    "terms",
    "excludes",
    "parents",
    "authors",
    "scale",
    "fields",
    "spans",
)  # what is a row of something, or part of one
SPACED = re.compile(r"\n  - (?=\w+: )")
SPACED_FILES = ("event_types", "fields", "rules", "guidance", "examples")
_ODD = re.compile(r"[\x85\u2028\u2029\ufeff\r\t]|^\s|\s$| \n")
_NUMBERS = re.compile(r"[-+.]?[0-9]\S*|~|null|true|false|yes|no|on|off|y|n", re.IGNORECASE)


class _Quoted(str):
    """Text that stands in quotes whatever it is."""


class _Line(dict[str, Any]):
    """A mapping that stands on one line if it fits there."""


def dump(value: Mapping[str, Any]) -> str:
    """A file that reads back as `value`, in the house style."""
    plain = _flat_safe(value)
    for style in (_House, _Careful):
        text = _space(_text(plain, style), value) if style is _House else _text(plain, style)
        if _back(text) == plain:
            return f"---\n{text}"
    raise AssertionError(
        "YAML that does not read back"
    )  # pragma: no cover - the careful style escapes everything


def scalar(value: Any) -> str:
    """A nested value as a person reads it in a cell: block style, codes in quotes."""
    plain = _flat_safe(value)
    for style in (_House, _Careful):
        text = _text(plain, style).strip("\n")
        if _back(text) == plain:
            return text
    raise AssertionError("YAML that does not read back")  # pragma: no cover


def _back(text: str) -> Any:
    try:
        return parse(text.encode("utf-8", "surrogatepass"), "").data
    except EventcodeError:
        return _Quoted("unreadable")


def _text(value: Any, style: type[yaml.SafeDumper]) -> str:
    written: str = yaml.dump(_top(value), Dumper=style, sort_keys=False, allow_unicode=True, width=2 * WIDTH)
    return written


def _space(text: str, value: Mapping[str, Any]) -> str:
    """An empty line between the entries of a long list."""
    if not any(isinstance(value.get(name), list) for name in SPACED_FILES):
        return text
    first, *rest = SPACED.split(text)
    return first + "".join(f"{chr(10) if i else ''}\n  - {part}" for i, part in enumerate(rest))


def _flat_safe(value: Any) -> Any:
    """Mappings and tuples of any kind as plain dicts and lists, text of any kind as plain text."""
    if isinstance(value, Mapping):
        return {str(key): _flat_safe(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_flat_safe(child) for child in value]
    return str(value) if isinstance(value, str) else value


def _top(value: Any) -> Any:
    """A file's value, marked; the entries of its lists are no lines, whatever the list is called."""
    if not isinstance(value, dict):
        return _marked(value)
    return {name: _marked(child, "" if name in SPACED_FILES else name) for name, child in value.items()}


def _marked(value: Any, key: str = "") -> Any:
    """The value with its codes marked as text that wants quotes."""
    if isinstance(value, dict):
        kind = _Line if key in LINES else dict
        return kind((name, _marked(child, name)) for name, child in value.items())
    if isinstance(value, list):
        return [_marked(child, key) for child in value]
    return _Quoted(value) if isinstance(value, str) and key in QUOTED and len(value) < LONG else value


# ── styles ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class _House(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Always: a value is written out wherever it stands."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Entries of a list stand two spaces in from its key."""
        super().increase_indent(flow, False)

    def write_folded(self, text: str) -> None:
        """Long texts are broken at a width of their own; nothing else is broken."""
        kept, self.best_width = self.best_width, WIDTH
        super().write_folded(text)
        self.best_width = kept

    def choose_scalar_style(self) -> Any:
        """Double quotes where PyYAML would take single ones."""
        style = super().choose_scalar_style()
        return '"' if style == "'" else style


class _Careful(_House):
    pass


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style: str | None = None
    if isinstance(text, _Quoted) or not text or _NUMBERS.fullmatch(text) or _ODD.search(text):
        style = '"'
    elif "\n" in text:
        style = "|"
    elif len(text) > LONG:
        style = ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


def _list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=_short(items, nested=False))


def _mapping(dumper: yaml.SafeDumper, plain: dict[str, Any]) -> yaml.MappingNode:
    named = {_key(key): value for key, value in plain.items()}
    return dumper.represent_mapping("tag:yaml.org,2002:map", named, flow_style=_inline(plain))


def _key(key: str) -> str:
    return _Quoted(key) if _NUMBERS.fullmatch(key) else key


def _short(value: list[Any], nested: bool) -> bool:
    """Whether a list fits on one line; a list of mappings only within such a line."""
    scalars = not any(isinstance(item, dict | list) for item in value)
    return (scalars or nested) and _size(value) <= FLAT


def _inline(plain: dict[str, Any]) -> bool:
    """Whether a mapping is a line of a list rather than an entry with a block of its own."""
    if not plain or not isinstance(plain, _Line):
        return not plain
    return _size(plain) <= FLAT and not any("\n" in str(value) for value in plain.values())


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return 2 + sum(len(str(key)) + 4 + _size(child) for key, child in value.items())
    if isinstance(value, list):
        return 2 + sum(2 + _size(child) for child in value)
    return len(str(value)) + (2 if isinstance(value, _Quoted) else 0)


def _quote_all(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')


_House.add_representer(str, _string)
_House.add_representer(_Quoted, _string)
_House.add_representer(list, _list)
_House.add_representer(dict, _mapping)
_House.add_representer(_Line, _mapping)
_Careful.add_representer(str, _quote_all)
_Careful.add_representer(_Line, _mapping)
_Careful.add_representer(_Quoted, _quote_all)
