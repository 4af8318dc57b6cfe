"""The rules that a check asks, by id, with what is told of each: what it says in words and SQL, why it exists, where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from eventcode.bundled import codebook_folder
from eventcode.checks import generated, reasons
from eventcode.checks.report.groups import meaning
from eventcode.checks.surface.rules import RULES as SURFACE
from eventcode.codebook.load import load
from eventcode.errors import CodebookError, EventcodeError
from eventcode.model import Codebook, Field, Place, Rule
from eventcode.pipeline import codebooks, mentions
from eventcode.project import find
from eventcode.release import manifest
from eventcode.shape import did_you_mean

OWN = re.compile(r'\bself\."?(\w+)"?')
KINDS = {
    "unique": "No two rows have the same {columns}.",
    "exists": "{columns} is found among the {references}.",
    "acyclic": "Following {columns} from row to row never comes back to where it began.",
    "constant_within": "Rows of one group have the same {columns}.",
    "twins": "No two names of {columns} differ by no more than case, spacing or punctuation.",
    "near_duplicate": "No two rows are so alike that they tell of the same event.",
    "equals_derived": "{columns}, where it is given, is what is derived from the other tables.",
    "not_both": "At most one of {columns} is given.",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule as it is told to people. `sql` selects what violates it, empty for what no query finds."""

    rule: Rule
    reference: str
    about: str
    why: str
    words: tuple[str, ...]
    sql: str
    origin: str


def book_of(
    target: str | None, codebook: str | Codebook | None = None, form: str | None = None
) -> Codebook | None:
    """The codebook that a check of `target` follows: the one named, the dataset's, or that of the foreign format; None where none is
    known."""
    book = codebooks.given(codebook, form)
    if book is not None:
        return book
    try:
        return find().dataset(target.partition("@")[0]).codebook if target else None
    except EventcodeError:
        return None


def rules_of(book: Codebook | None) -> dict[str, Rule]:
    """Every rule by id: those of the codebook, generated and written, of the raw columns of foreign files, and of the stages."""
    made = generated.rules(book, lambda field: field.applies_if) if book else ()
    written = book.rules.values() if book else ()
    return {
        rule.id: rule
        for rule in (
            *reasons.stages().values(),
            *_signals(),
            *mentions.RULES,
            *SURFACE.values(),
            *made,
            *written,
        )
    }


def _signals() -> Iterator[Rule]:
    """What a map has no place for."""
    from eventcode.pipeline.foreign_asked import SIGNALS

    for id_, severity, says in SIGNALS.values():
        yield Rule(id_, "file", severity, says, "see the map of the format", kind=reasons.STAGE)


def explain(name: str, book: Codebook | None) -> Explained:
    """A rule by id, in the codebook given, else in the obvious one, else in the first at hand that has it.

    CodebookError, with what is spelled alike, for an id that no codebook has.
    """
    tried: set[str] = set()
    for candidate in [book] if book else _books():
        assert candidate is not None
        known = rules_of(candidate)
        if name in known:
            return _explained(known[name], candidate)
        tried |= known.keys()
    close = did_you_mean(name, sorted(tried))
    where = f"{book.reference} has no rule" if book else "no codebook has a rule"
    hint = close if close.startswith("did you mean") else "`eventcode codebook search WORDS` finds rules too"
    if name.startswith("lint."):
        hint = f"it is a line of the linter: `eventcode codebook show {name}`"
    raise CodebookError(f"{where} '{name}'", hint)


def _books() -> Iterable[Codebook]:
    try:
        first = codebooks.obvious()
    except EventcodeError:
        first = codebooks.USUAL
    for name in dict.fromkeys([first, *codebooks.at_hand()]):
        try:
            yield codebooks.open_codebook(name)
        except CodebookError:
            continue


def _explained(rule: Rule, book: Codebook) -> Explained:
    own = rule.kind not in (reasons.STAGE, "surface")
    return Explained(
        rule=rule,
        reference=book.reference if own else "",
        about=f"{rule.table}, column {rule.field}" if rule.field else rule.table,
        why=meaning(rule),
        words=tuple(words(rule)),
        sql=_sql(rule, book) if own else "",
        origin=origin(rule, book),
    )


def words(rule: Rule) -> list[str]:
    """What a rule asks, in words; nothing where the finding says it all."""
    if rule.require is not None:
        when = (
            f"Asked of {rule.table} where: {_plain(rule.when)}"
            if rule.when
            else f"Asked of every row of {rule.table}"
        )
        return [when, f"Must hold: {_plain(rule.require)}"]
    if rule.kind in KINDS:
        columns = " and ".join(rule.columns) or "these columns"
        told = KINDS[rule.kind].format(columns=columns, references=rule.options.get("references", "rows"))
        options = [
            f"{name.replace('_', ' ')}: {', '.join(map(str, value)) if isinstance(value, tuple | list) else value}"
            for name, value in rule.options.items()
            if name not in ("references", "reference_columns")
        ]
        return [told, *options]
    if rule.kind == "builtin":
        said = str(rule.options.get("definition", "")) or f"{rule.message}: none of these"
        return [" ".join(said.split())]
    return []


def _plain(condition: str) -> str:
    """A condition on one line, the row's own columns by their bare names."""
    return OWN.sub(r"\1", " ".join(condition.split()))


def _sql(rule: Rule, book: Codebook) -> str:
    """The query that gives what violates a rule; nothing where it cannot be compiled."""
    from eventcode.checks.compile import plan

    try:
        compiled = plan(book, only=[rule.id])
    except EventcodeError:
        return ""
    for table in compiled.tables:
        for row in table.rules:
            return f"SELECT * FROM {rule.table} AS self\nWHERE {row.fails}"
    return next((found.violations for found in compiled.sets), "")


def origin(rule: Rule, book: Codebook | None) -> str:
    """Where a rule stands, or what it follows from."""
    if rule.kind == reasons.STAGE:
        return "a stage of eventcode finds it, and no rule of a codebook"
    if rule.kind == "surface":
        return "asked of every foreign file before it is mapped"
    if not rule.generated:
        return shown(rule.place)
    field = _field(rule, book) if book else None
    if field is not None and field.place.file:
        return f"follows from the field {field.table}.{field.name} ({shown(field.place)})"
    return "follows from the tables that every codebook has"


def _field(rule: Rule, book: Codebook) -> Field | None:
    """The field that a generated rule follows from: its own, or the one whose missing reason it is about."""
    name = rule.field or ""
    return book.fields.get((rule.table, name)) or book.fields.get((rule.table, name.removesuffix("_missing")))


def shown(place: Place) -> str:
    """A place in a codebook as `file:line`; one that eventcode comes with lies below `codebook/`, wherever it is installed."""
    path = Path(place.file)
    if path.is_absolute() and path.is_relative_to(codebook_folder()):
        path = Path("codebook") / path.relative_to(codebook_folder())
    return f"{path.as_posix()}:{place.line}" if place.line else path.as_posix()


def codebook_in(folder: Path) -> Codebook:
    """The codebook that a build or release holds a copy of; CodebookError or DatasetError where there is none."""
    named = manifest.read(folder)["codebook"]["id"]
    return load(str(named), [folder / "codebook"])
