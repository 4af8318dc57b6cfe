"""What is known of the rows of one reading without the database is what the database says of them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checking import ANNA, DISARMAMENT, DOCUMENT, HERE, checker
from eventcode import readings
from eventcode.checks.draft import TABLES_OF_A_READING, Draft
from eventcode.codebook.load import load
from eventcode.model import Codebook
from strategies import readings_for

FEW = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
BOOKS = [DISARMAMENT, load("plover"), load("acled")]


@pytest.mark.parametrize("codebook", BOOKS, ids=lambda book: str(book.id))
@FEW
@given(data=st.data())
def test_conditions_and_kept_rules_are_those_of_the_database(codebook: Codebook, data: st.DataObject) -> None:
    rows = readings.explode(data.draw(readings_for(codebook)), "ref:1", ANNA, codebook, HERE).tables
    tables = {**rows, "documents": data.draw(st.sampled_from([[], [DOCUMENT]]))}
    draft = _draft(codebook)
    draft._given = tables
    try:
        for name, table in draft.tables.items():
            if table.held.possible and tables[name]:
                held = table.held.rows(tables, draft.context, lambda name=name: draft._few(name))
                asked = draft._ask(f"EXECUTE ask_{name}", TABLES_OF_A_READING).fetchall()
                assert sorted(map(str, held)) == sorted(str([*row]) for row in asked), name
        for i, keeps in enumerate(draft.keeps):
            if keeps is not None and keeps(tables):
                assert draft._ask(f"EXECUTE set{i}", TABLES_OF_A_READING).fetchall() == [], draft.sets[
                    i
                ].rule.id
    finally:
        draft._empty()


_DRAFTS: dict[str, Draft] = {}


def _draft(codebook: Codebook) -> Draft:
    """One per codebook, since preparing its statements takes longer than a test."""
    if codebook.id not in _DRAFTS:
        _DRAFTS[codebook.id] = Draft(checker(codebook).plan)
    return _DRAFTS[codebook.id]
