"""A cell back as a value, or what is wrong with it and the remedy."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from math import isfinite
from typing import Any

from eventcode.codebook.sheet.cells import JSON, NONE, POWER, SPACES, SPLIT, CellError, Raw, Text, told_apart
from eventcode.errors import EventcodeError
from eventcode.yamlfile import parse

AS_TEXT = "format the cell as Text (Home → Number → Text) and type it again"
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,30}(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_YES = {"yes": True, "true": True, "x": True, "no": False, "false": False}


def from_cell(raw: Raw, kind: str) -> Any:
    """The value of a cell; CellError where it is not what the column asks for."""
    if raw.kind == "formula":
        raise CellError("a formula stands here", "copy the cell and paste it as a value")
    if raw.kind == "error":
        raise CellError(
            f"the spreadsheet shows an error here: {raw.value}", "clear the cell and type the value"
        )
    if kind == "asis":
        return raw
    if raw.kind == "text" and str(raw.value).startswith(JSON):
        return _json_in(str(raw.value), kind)
    return _READERS[kind](raw)


def _json_in(text: str, kind: str) -> Any:
    try:
        value = json.loads(text[len(JSON) :], parse_constant=lambda word: _refuse_json())
    except (ValueError, RecursionError):
        raise CellError(
            "what follows json: is no JSON", "write plain text without json:, or mend it"
        ) from None
    wanted = _JSON_KINDS.get(kind)
    listed = isinstance(value, list) and (
        kind not in ("keys", "lines") or all(isinstance(v, str) for v in value)
    )
    if wanted and not (listed if wanted is list else isinstance(value, wanted)):
        raise CellError(
            f"json: holds {text[len(JSON) :][:40]}, which does not belong here", "write plain text"
        )
    return value


def _refuse_json() -> Any:
    raise ValueError


_JSON_KINDS: dict[str, Any] = {
    "key": str, "name": str, "text": str, "lines": list, "keys": list, "excludes": list, "coded": list, "number": (int, float),
    "integer": int, "boolean": bool,
}  # fmt: skip


def shown(value: Any) -> str:
    """A value in a message."""
    if isinstance(value, str):
        return f"'{value if len(value) <= 40 else value[:39] + '…'}'"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _key_in(raw: Raw) -> str:
    """Text that must be right to the letter: a code, a name, a value."""
    text = _name_in(raw)
    if POWER.fullmatch(text):
        raise CellError(f"{text} is a number in scientific notation", f"type the code anew; {AS_TEXT}")
    return text


def _name_in(raw: Raw) -> str:
    if raw.kind == "number":
        digits = shown(raw.value)
        hint = f"a code such as 0{digits} has lost its zero: {AS_TEXT}" if len(digits) < 5 else AS_TEXT
        raise CellError(f"the number {digits} stands where text belongs", hint)
    text = _text_in(raw, strip=False)
    odd = SPACES.search(text)
    if odd:
        raise CellError(
            f"{shown(text)} holds the invisible character U+{ord(odd[0]):04X}",
            "type it anew with plain spaces, or with none",
        )
    if text != text.strip():
        raise CellError(f"{shown(text)} has a space at an end", "delete it")
    return text


def _text_in(raw: Raw, strip: bool = True) -> str:
    if raw.kind == "boolean":
        raise CellError(f"the truth value {str(raw.value).upper()} stands where text belongs", AS_TEXT)
    if raw.kind == "date":
        raise CellError(f"the date {_day(raw)} stands where text belongs", AS_TEXT)
    if raw.kind == "number":
        if isinstance(raw.value, float) and not raw.value.is_integer():
            raise CellError(f"the number {shown(raw.value)} stands where text belongs", AS_TEXT)
        return str(int(raw.value)) if isfinite(raw.value) else str(raw.value)
    return str(raw.value).strip() if strip else str(raw.value)


def _lines_in(raw: Raw) -> list[str]:
    text = _text_in(raw)
    return [] if text == NONE else [line.strip() for line in text.split("\n") if line.strip()]


def _items_in(raw: Raw) -> list[str]:
    """Values that a person wrote into one cell, with line breaks, semicolons, bars or else commas between them."""
    text = _text_in(raw)
    joint = next((mark for mark in "\n;|" if mark in text), ",")
    return [part.strip() for part in text.split(joint) if part.strip()]


def _keys_in(raw: Raw) -> list[str]:
    text = _name_in(raw)
    return [] if text == NONE else [part.strip() for part in SPLIT.split(text) if part.strip()]


def _excludes_in(raw: Raw) -> list[dict[str, str]]:
    text = _text_in(raw)
    return [] if text == NONE else told_apart(line for line in text.split("\n") if line.strip())


def _day(raw: Raw) -> str:
    return str(raw.value).removesuffix(" 00:00:00")


def _no_date(raw: Raw) -> None:
    if raw.kind == "date":
        raise CellError(
            f"the date {_day(raw)} stands where a number belongs", f"Excel made a date of it: {AS_TEXT}"
        )


def _integer_in(raw: Raw) -> int:
    _no_date(raw)
    if raw.kind == "number" and isfinite(raw.value) and float(raw.value).is_integer():
        return int(raw.value)
    if raw.kind == "text" and _WHOLE.fullmatch(str(raw.value).strip()):
        return int(raw.value)
    raise CellError(f"{shown(raw.value)} is not a whole number", "write digits only, such as 12")


def _number_in(raw: Raw) -> float | int:
    _no_date(raw)
    if raw.kind == "number" and isfinite(raw.value):
        number: float | int = raw.value
        return number
    text = str(raw.value).strip().replace("\u2212", "-")
    if raw.kind == "text" and _DECIMAL.fullmatch(text) and isfinite(float(text)):
        return int(text) if _WHOLE.fullmatch(text) else float(text)
    raise CellError(
        f"{shown(raw.value)} is not a number", "write it with a point and no spaces, such as -6.5"
    )


def _boolean_in(raw: Raw) -> bool:
    value = raw.value if raw.kind == "boolean" else _YES.get(str(raw.value).strip().lower())
    if value is None:
        raise CellError(f"{shown(raw.value)} is neither yes nor no", "write yes or no, or leave it empty")
    return bool(value)


def _any_in(raw: Raw) -> Any:
    return raw.value if raw.kind in ("number", "boolean") else _text_in(raw, strip=False)


def _yaml_in(raw: Raw) -> Any:
    text = _text_in(raw, strip=False)
    try:
        return parse(text.encode("utf-8", "surrogatepass"), "").data
    except EventcodeError as error:
        first = error.problems[0] if error.problems else None
        said = f"line {first.line}: {first.message}" if first and first.line else str(first and first.message)
        raise CellError(f"this is not written as YAML: {said}", first.hint if first else "") from None


def _coded_in(raw: Raw) -> list[Any]:
    text = _text_in(raw, strip=False) if raw.kind != "number" else _name_in(raw)
    if not re.search(r"[:\[{]", text):
        return [{"event_type": code} for code in _keys_in(Text(text.strip()))]
    value = _yaml_in(raw)
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise CellError("expected codings are a list", 'write codes with commas between, or - event_type: "010"')


_READERS: dict[str, Callable[[Raw], Any]] = {
    "key": _key_in, "name": _name_in, "text": _text_in, "lines": _lines_in, "keys": _keys_in, "excludes": _excludes_in,
    "number": _number_in,
    "integer": _integer_in, "boolean": _boolean_in, "any": _any_in, "yaml": _yaml_in, "coded": _coded_in,
    "items": _items_in,
}  # fmt: skip
