"""What the codebooks bring that a workbook's codebook uses or extends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from eventcode.model import Codebook


@dataclass(frozen=True, slots=True)
class Context:
    """Names that a workbook may refer to without defining them; `extended` codebooks may be overridden entry by entry."""

    vocabularies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()  # names of the fields of codings
    extended: bool = False

    def values(self, vocabulary: str) -> tuple[str, ...]:
        """The values of a list, none for one that is not there."""
        return self.vocabularies.get(vocabulary, ())


def context(used: Iterable[Codebook], extended: Codebook | None = None) -> Context:
    """The names of modules, and of the codebook that is extended."""
    modules = [*used]
    books = [*([extended] if extended else []), *modules]
    return Context(
        {name: vocabulary.values for book in books for name, vocabulary in book.vocabularies.items()},
        {key: book.reference for book in modules for key in book.fields},
        frozenset(code for book in books for code in book.event_types),
        frozenset(actor for book in books for actor in book.actors),
        frozenset(name for book in books for table, name in book.fields if table == "codings"),
        extended is not None,
    )
