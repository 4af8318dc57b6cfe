"""The checks that nobody writes by hand: compiled from the codebook's fields and codes, with the same ids, messages and engine.

Their `when` and `require` are SQL over the qualified scope (`self."realis"`); `applies` gives the checked `applies_if` of a field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from eventcode import dates
from eventcode.checks import generated_values
from eventcode.checks.expression import literals, quoted
from eventcode.checks.wording import SPACE
from eventcode.codebook import views
from eventcode.model import CODER_KINDS, MISSING_REASONS, STATUSES, Codebook, Field, Rule
from eventcode.tables import TABLES

Applies = Callable[[Field], str | None]
CHECKED_TABLES = ("documents", "readings", "codings", "sources", "support", "participants", "evidence")
KEYED_TABLES = (*CHECKED_TABLES, "reports", "events", "actors", "publishers")
PRINTED_WORDS = 12


def rules(codebook: Codebook, applies: Applies) -> Iterator[Rule]:
    """Every generated rule of a codebook, table by table."""
    for field in codebook.fields.values():
        if field.table in CHECKED_TABLES and (field.table, field.name) not in (
            ("support", "source"),
            ("support", "field"),
        ):
            yield from _field(codebook, field, applies(field))
    yield from generated_values.bounded(codebook)
    yield from generated_values.placed(codebook)
    yield from generated_values.reported(codebook)
    yield from _codes(codebook)
    yield from _structure()
    for table in KEYED_TABLES:
        yield from _keys(table)


def _rule(
    table: str,
    name: str,
    require: str,
    message: str,
    hint: str,
    *,
    when: str | None = None,
    field: str | None = None,
) -> Rule:
    return Rule(
        id=f"{table}.{name}", table=table, severity="error", message=message, hint=hint, field=field, when=when, require=require,
        generated=True,
    )  # fmt: skip


def _own(column: str) -> str:
    return f'self."{column}"'


def _field(codebook: Codebook, field: Field, applies: str | None) -> Iterator[Rule]:
    table, name, value = field.table, field.name, _own(field.presence)
    if field.type in ("code", "set") and views.allowed(codebook, field):  # a module has no codes of its own
        yield _allowed(codebook, field)
    if field.missing:
        yield from _reason(field, applies)
    elif field.required:
        hint = f"answer: {field.question}"
        yield _rule(
            table,
            f"{name}-required",
            f"{value} IS NOT NULL",
            f"{name} is empty",
            hint,
            when=applies,
            field=name,
        )
    if applies:
        empty = " AND ".join(f"{_own(column)} IS NULL" for column in field.columns)
        message, hint = f"{name} does not apply here", f"clear {name}: it applies only if {field.applies_if}"
        when = f"NOT coalesce({applies}, FALSE)" + (
            ' AND "type".code IS NOT NULL' if '"type".' in applies else ""
        )
        yield _rule(table, f"{name}-not-applicable", empty, message, hint, when=when, field=name)
    yield from _value(field)


def _allowed(codebook: Codebook, field: Field) -> Rule:
    values = literals(views.allowed(codebook, field))
    value = _own(field.name)
    require = f"list_has_all([{values}], {value})" if field.type == "set" else f"{value} IN ({values})"
    where = (
        f"vocabularies/{field.vocabulary}"
        if field.vocabulary != "event_type"
        else "the codes: `eventcode codebook tree`"
    )
    return _rule(
        field.table, f"{field.name}-code", require, f"'{{{field.name}}}' is no value of {field.name}",
        f"use one of {where}", when=f"{value} IS NOT NULL", field=field.name,
    )  # fmt: skip


def _reason(field: Field, applies: str | None) -> Iterator[Rule]:
    table, name, value, reason = field.table, field.name, _own(field.presence), _own(f"{field.name}_missing")
    reasons = literals(field.missing)
    yield _rule(
        table, f"{name}-reason-code", f"{reason} IN ({reasons})", f"'{{{name}_missing}}' is no missing reason of {name}",
        f"use one of {', '.join(field.missing)}", when=f"{reason} IS NOT NULL", field=f"{name}_missing",
    )  # fmt: skip
    yield _rule(
        table, f"{name}-value-or-reason", f"({value} IS NULL AND {reason} IS NOT NULL) OR ({value} IS NOT NULL AND {reason} IS NULL)",
        f"{name} needs a value or a missing reason, and not both",
        f"give {name}, or set {name}_missing to one of {', '.join(field.missing)}", when=applies, field=name,
    )  # fmt: skip


def _value(field: Field) -> Iterator[Rule]:
    table, name, value = field.table, field.name, _own(field.name)
    if field.type == "date":
        yield from _date(table, name)
    bounds = [(field.minimum, ">=", "at least"), (field.maximum, "<=", "at most")]
    for bound, operator, words in bounds:
        if bound is not None:
            require, message = (
                f"{value} {operator} {bound}",
                f"{name} is {{{name}}}, and must be {words} {bound:g}",
            )
            suffix = "minimum" if operator == ">=" else "maximum"
            if field.type == "number" and field.maximum is None:
                require += f" AND NOT isnan({value})"  # no number is above every bound: a maximum finds it
            yield _rule(
                table,
                f"{name}-{suffix}",
                require,
                message,
                "look for a slip of the pen",
                when=f"{value} IS NOT NULL",
                field=name,
            )
    if field.pattern:
        require = f"regexp_full_match({value}, {quoted(field.pattern)})"
        message = f"'{{{name}}}' is not written as {name} must be"
        hint, allowed = generated_values.spelt(field.pattern)
        rule = _rule(
            table, f"{name}-pattern", require, message, hint, when=f"{value} IS NOT NULL", field=name,
        )  # fmt: skip
        yield replace(rule, options={"words": allowed}) if allowed else rule
    if field.max_words:
        yield _words(table, name, field.max_words)


def _words(table: str, name: str, limit: int) -> Rule:
    value = _own(name)
    require = f"len(regexp_extract_all({value}, '[^{SPACE}]+')) <= {limit}"
    return _rule(
        table, f"{name}-words", require, f"{name} has more than {limit} words", f"shorten it to {limit} words, in your own",
        when=f"{value} IS NOT NULL", field=name,
    )  # fmt: skip


def _date(table: str, name: str) -> Iterator[Rule]:
    start, end, precision = (_own(f"{name}_{part}") for part in ("start", "end", "precision"))
    both = literals(tuple(p for p in dates.PRECISIONS if p not in ("before", "after")))
    fits = (
        f"(coalesce({precision} IN ({both}), FALSE) AND {start} IS NOT NULL AND {end} IS NOT NULL) "
        f"OR (coalesce({precision} = 'before', FALSE) AND {start} IS NULL AND {end} IS NOT NULL) "
        f"OR (coalesce({precision} = 'after', FALSE) AND {start} IS NOT NULL AND {end} IS NULL) "
        f"OR ({precision} IS NULL AND {start} IS NULL AND {end} IS NULL)"
    )
    yield _rule(
        table,
        f"{name}-precision",
        fits,
        f"the bounds of {name} do not fit its precision '{{{name}_precision}}'",
        dates.HINT,
        field=name,
    )
    message = f"{name} ends on {{{name}_end}}, before its start on {{{name}_start}}"
    both_known = f"{start} IS NOT NULL AND {end} IS NOT NULL"
    yield _rule(
        table,
        f"{name}-order",
        f"{start} <= {end}",
        message,
        "swap or mend the two days",
        when=both_known,
        field=name,
    )
    yield from generated_values.dated(table, name)


def _codes(codebook: Codebook) -> Iterator[Rule]:
    """What the codes themselves ask for: realis, roles and fields."""
    if not codebook.event_types:
        return
    allowed = 'list_contains("type".realis, self.realis)'
    yield _rule(
        "codings", "realis-fits-code", allowed, "code {event_type} cannot be '{realis}'",
        "see the code's entry: a promise and its deed are different codes",
        when='self.realis IS NOT NULL AND "type".code IS NOT NULL', field="realis",
    )  # fmt: skip
    names = {name for kind in codebook.event_types.values() for name in kind.requires}
    for field in codebook.fields_of("codings"):
        if field.name in names:
            filled = [
                f"{_own(field.presence)} IS NOT NULL",
                *([f"{_own(field.name + '_missing')} IS NOT NULL"] if field.missing else []),
            ]
            yield _rule(
                "codings", f"{field.name}-required-by-code", " OR ".join(filled), f"code {{event_type}} needs {field.name}",
                f"answer: {field.question}", when=f"list_contains(\"type\".requires, '{field.name}')", field=field.name,
            )  # fmt: skip
    yield Rule(
        id="codings.role-required", table="codings", severity="error", kind="builtin", generated=True, field="participants",
        options={"builtin": "role-required"}, message="code {event_type} needs a participant in the role '{role}'",
        hint="name the actor, or add the role with actor_missing",
    )  # fmt: skip
    if any(f.evidence == "required" for f in codebook.fields_of("codings")):
        yield Rule(
            id="codings.evidence-required", table="codings", severity="error", kind="builtin", generated=True, field="evidence",
            options={"builtin": "evidence-required"}, message="no words of the text are given for {field}",
            hint="add an evidence span for it",
        )  # fmt: skip


def _structure() -> Iterator[Rule]:
    """What the core tables ask for under every codebook."""
    for column, values in (("status", STATUSES), ("coder_kind", CODER_KINDS)):
        yield _rule(
            "readings", f"{column}-code", f"{_own(column)} IN ({literals(values)})", f"'{{{column}}}' is no {column}",
            f"use one of {', '.join(values)}", field=column,
        )  # fmt: skip
    yield Rule(
        id="readings.status-agrees", table="readings", severity="error", kind="builtin", generated=True, field="status",
        options={"builtin": "status-agrees"}, message="the status is '{status}' and there are {n} codings",
        hint="`coded` needs at least one coding, every other status has none",
    )  # fmt: skip
    yield from _date("documents", "published_at")
    reasons = literals(MISSING_REASONS)
    yield _rule("participants", "actor-missing-code", f"self.actor_missing IN ({reasons})", "'{actor_missing}' is no missing reason",
                f"use one of {', '.join(MISSING_REASONS)}", when="self.actor_missing IS NOT NULL", field="actor_missing")  # fmt: skip
    yield _rule("participants", "actor-or-missing", "(self.actor_id IS NULL) OR (self.actor_missing IS NULL)",
                "both actor_id and actor_missing are given", "keep the one that is true", field="actor_id")  # fmt: skip
    named = "self.actor_id IS NOT NULL OR self.actor_missing IS NOT NULL OR self.member_of IS NOT NULL OR self.name_as_printed IS NOT NULL"
    yield _rule("participants", "actor-named", named, "nobody is named in the role '{role}'",
                "give actor_id, name_as_printed or member_of, or say why not in actor_missing", field="actor_id")  # fmt: skip
    yield _words("participants", "name_as_printed", PRINTED_WORDS)
    owners = " + ".join(
        f"CAST({_own(c)} IS NOT NULL AS INTEGER)" for c in ("coding_id", "support_id", "source_id")
    )
    yield _rule(
        "evidence",
        "one-owner",
        f"({owners}) = 1",
        "evidence must belong to one coding, support row or source",
        "split it",
    )
    yield _rule("evidence", "field-named", "self.field IS NOT NULL", "the evidence of a coding names no field",
                "say which field the words justify", when="self.coding_id IS NOT NULL", field="field")  # fmt: skip
    yield _rule("evidence", "span-order", 'self."start" < self."end"', "the span ends at {end}, not after its start at {start}",
                "the end is the code point after the last", field="end")  # fmt: skip
    yield _rule("evidence", "inside-text", 'self."end" <= document.n_chars', "the span ends at {end}, the text at {document.n_chars}",
                "count code points of the canonical text", when="document.n_chars IS NOT NULL", field="end")  # fmt: skip
    yield _rule("evidence", "anchored", 'self."start" IS NOT NULL AND self."end" IS NOT NULL', "the quoted words are not in the text",
                "copy them from the text again", when="document.n_chars IS NOT NULL", field="start")  # fmt: skip
    yield _rule("evidence", "hashed", "self.quote_hash IS NOT NULL AND self.salt IS NOT NULL", "the span has no salt and quote hash",
                "import it with the quote or with the text at hand", field="quote_hash")  # fmt: skip


def _keys(table: str) -> Iterator[Rule]:
    """Primary and foreign keys."""
    spec = TABLES[table]
    yield Rule(
        id=f"{table}.key-unique", table=table, severity="error", kind="unique", columns=spec.key, generated=True,
        message="the same key stands twice", hint="an id or a key must be used once",
    )  # fmt: skip
    for column, target in spec.keys.items():
        if table in ("documents", "readings") and column == "duplicate_of":
            continue
        yield Rule(
            id=f"{table}.{column.replace('_', '-')}-exists", table=table, severity="error", kind="exists", columns=(column,),
            options={"references": target, "reference_columns": TABLES[target].key[:1]}, generated=True, field=column,
            message=f"{column} '{{{column}}}' is not among the {target}", hint=f"add it to the {target}, or correct {column}",
        )  # fmt: skip
