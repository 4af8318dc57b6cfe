"""Ids that depend on content alone: canonical JSON (RFC 8785), sha256, salted hashes of quotes."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

LARGEST = 2**53  # whole numbers from here on are not the same in every program


def sha256(data: bytes) -> str:
    """Hex sha256 of `data`."""
    return hashlib.sha256(data).hexdigest()


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value; raises ValueError for NaN, infinities and other things JSON has not."""
    quick = _quick(value)
    if quick is not None:
        return quick
    import rfc8785

    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise ValueError(str(error)) from error


_written = json.encoder.encode_basestring
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


class _Unusual(Exception):  # noqa: N818 - never leaves this module
    """A value that only the whole of RFC 8785 can write, or refuse."""


def _quick(value: Any) -> bytes | None:
    """The same bytes from the standard library, twenty times as fast; None where it would write them in another way.

    That is so for numbers that are very large or small, and for keys beyond U+D7FF, which RFC 8785 sorts as UTF-16.
    """
    try:
        text = _ENCODER.encode(_usual(value))
    except (_Unusual, RecursionError):
        return None
    return text.encode() if text.isascii() or max(text) < "\ud800" else None


def _usual(value: Any) -> Any:
    """A value of plain types, its numbers such that Python writes them as JavaScript does."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is dict:
        for key in value:
            if type(key) is not str:
                raise _Unusual
        return {key: child if type(child) is str else _usual(child) for key, child in value.items()}
    if kind is list:
        return [child if type(child) is str else _usual(child) for child in value]
    if kind in (int, float) and is_plain(value):
        return value
    if kind is float and value.is_integer() and abs(value) < LARGEST:
        return int(value)
    raise _Unusual


def content_id(value: Any) -> str:
    """The first 32 hex digits of the sha256 of `value`'s canonical JSON."""
    return sha256(canonical_json(value))[:32]


def content_id_of_texts(*texts: str) -> str:
    """`content_id` of a list of texts, without looking at what it is a list of."""
    listed = ",".join([_written(text) for text in texts])
    return hashlib.sha256(f"[{listed}]".encode()).hexdigest()[:32]


def content_id_of_plain(value: Any) -> str:
    """`content_id` of a value whose keys are ASCII and whose numbers are written alike in Python and JavaScript: see `is_plain`."""
    return hashlib.sha256(_ENCODER.encode(value).encode()).hexdigest()[:32]


def is_plain(number: float) -> bool:
    """Whether Python writes a number as RFC 8785 wants it."""
    if type(number) is int:
        return abs(number) < LARGEST
    return not number.is_integer() and 1e-4 <= abs(number) < 1e16


def child_id(parent: str, table: str, path: str) -> str:
    """Id of a row below a reading: a hash of the reading's id, the table and the row's path in the line."""
    return content_id_of_texts(parent, table, path)


def new_salt() -> str:
    """A fresh random salt of 16 hex digits for one quote."""
    return secrets.token_hex(8)


def quote_hash(salt: str, quote: str) -> str:
    """`sha256:` + hex of the salt's and the quote's UTF-8 bytes, with a NUL between them.

    The salt keeps a short quote from being found by hashing a dictionary without the text; who holds the text can
    always check.
    """
    return "sha256:" + sha256(salt.encode() + b"\0" + quote.encode())


def text_document_id(canonical_text: str) -> str:
    """`text:<sha256>` of a canonical text (see `eventcode.text.canonical`)."""
    return "text:" + sha256(canonical_text.encode())


def reference_document_id(producer: str, key: str) -> str:
    """`ref:<hash>` for a document whose text is not at hand, from who lists it and its key there."""
    return "ref:" + content_id_of_texts(producer, key)
