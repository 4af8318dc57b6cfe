"""Ids that depend on content alone: canonical JSON (RFC 8785), sha256, salted hashes of quotes."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any


def sha256(data: bytes) -> str:
    """Hex sha256 of `data`."""
    return hashlib.sha256(data).hexdigest()


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value; raises ValueError for NaN, infinities and other things JSON has not."""
    import rfc8785

    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise ValueError(str(error)) from error


def content_id(value: Any) -> str:
    """The first 32 hex digits of the sha256 of `value`'s canonical JSON."""
    return sha256(canonical_json(value))[:32]


def child_id(parent: str, table: str, path: str) -> str:
    """Id of a row below a reading: a hash of the reading's id, the table and the row's path in the line."""
    return content_id([parent, table, path])


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
    return "ref:" + content_id([producer, key])
