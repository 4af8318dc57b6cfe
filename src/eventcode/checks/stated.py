"""Derived values that came with the input: compared with what is derived, reported where they differ, and then dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eventcode import sourcing
from eventcode.model import Codebook
from eventcode.readings import Row

Given = Sequence[tuple[str, str, str, Any]]


def stated_rows(
    given: Given, derived: Mapping[str, Row], tables: Mapping[str, Sequence[Row]], codebook: Codebook
) -> list[Row]:
    """(table, row, column, given, derived) of every derived value in the input, values as text.

    `derived` holds the derived columns by coding id; those of support rows are derived here.
    """
    party = (
        sourcing.party_to_event(tables, codebook.actors)
        if any(table == "support" for table, *_ in given)
        else {}
    )
    return [
        {
            "table_name": table, "row_key": row, "column_name": column, "given": _text(value),
            "derived": _text(party.get(row) if table == "support" else derived.get(row, {}).get(column)),
        }
        for table, row, column, value in given
    ]  # fmt: skip


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
