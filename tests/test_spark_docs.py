"""The page on Spark tells which rules move rows; a change of the rules changes it, and this test writes it anew on request."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

from eventcode.checks.compile import plan
from eventcode.checks.spark.moves import BOTH, GROUPED, JOINED, NOTHING, moves
from eventcode.codebook.load import load

PAGE = Path(__file__).parent.parent / "docs" / "spark.md"
BEGIN, END = "<!-- moves: written by the test of this page -->\n", "<!-- end -->\n"


def listed() -> str:
    """The rules by how their rows are moved."""
    compiled = plan(load("disarmament"))
    found = dict(moves(compiled))
    rows = {row.rule.id for table in compiled.tables for row in table.rules}
    still = sum(found[rule] == NOTHING for rule in rows)
    parts = [
        f"- row rules: {still} on their own row alone, {len(rows) - still} joined with the rows above it"
    ]
    for way in (NOTHING, JOINED, GROUPED, BOTH):
        names = [f"`{rule}`" for rule, moved in found.items() if moved == way and rule not in rows]
        if names:
            parts.append(f"- set and built-in rules, {way}: {', '.join(names)}")
    return "".join(
        textwrap.fill(part, 120, subsequent_indent="  ", break_on_hyphens=False) + "\n" for part in parts
    )


def test_the_page_lists_the_rules_that_move_rows() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    written, _, after = rest.partition(END)
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(f"{before}{BEGIN}{listed()}{END}{after}", encoding="utf-8")
        written = listed()
    assert written == listed(), "run this test with WRITE_DOCS=1 to write the list anew"


def test_a_rule_on_its_own_row_moves_nothing_and_a_foreign_key_is_joined() -> None:
    found = dict(moves(plan(load("disarmament"))))

    assert found["codings.country-code"] == NOTHING
    assert found["codings.realis-fits-code"] == JOINED
    assert found["codings.reading-id-exists"] == JOINED
    assert found["codings.key-unique"] == GROUPED
