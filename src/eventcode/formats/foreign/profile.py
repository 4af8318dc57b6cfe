"""What stands in the columns of a foreign file: how much, how many different values, and what they look like."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from eventcode.formats.mapping.days import FORMS, day
from eventcode.formats.mapping.slots import DECIMAL, WHOLE
from eventcode.formats.tabular.tables import ForeignTable

MANY = 5_000  # different values of a column that are kept


@dataclass(slots=True)
class Profile:
    """What stands in a column: rows, rows with something, and the different values as far as they are kept."""

    name: str
    rows: int = 0
    nulls: int = 0
    empty: int = 0
    values: Counter[str] = field(default_factory=Counter)
    more: bool = False

    @property
    def filled(self) -> int:
        """Rows in which something stands."""
        return self.rows - self.nulls - self.empty

    @property
    def kind(self) -> str:
        """What the values look like."""
        if not self.values:
            return "nothing"
        if self.all_are(WHOLE):
            return "days" if self.forms else "whole numbers"
        if self.all_are(DECIMAL):
            return "numbers"
        return "days" if self.forms else "text"

    def all_are(self, pattern: re.Pattern[str]) -> bool:
        """Whether every value is written in this way."""
        return all(map(pattern.fullmatch, self.values))

    @property
    def forms(self) -> list[str]:
        """The forms of a date that all values have."""
        dated = [form for form in FORMS if form not in ("unix", "YYYY")]
        return [form for form in dated if self.values and all(day(text, form) for text in self.values)]


def profile(table: ForeignTable) -> list[Profile]:
    """Every column of a table, in one pass."""
    found = [Profile(name) for name in table.columns]
    for batch in table.batches():
        for one, texts in zip(found, zip(*batch.rows, strict=True), strict=bool(batch.rows)):
            one.rows += len(texts)
            counted = Counter(texts)
            one.nulls += counted.pop(None, 0)
            one.empty += counted.pop("", 0)
            for text, n in counted.items():
                if text is not None and (text in one.values or len(one.values) < MANY):
                    one.values[text] += n
                else:
                    one.more = True
    return found
