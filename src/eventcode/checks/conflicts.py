"""What no row can do under a codebook's rules: make a rule fire, or meet two of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from eventcode.checks.cases import Cases, Row
from eventcode.checks.compile import TablePlan
from eventcode.checks.domains import Domains
from eventcode.checks.truths import Condition, Formula, formula
from eventcode.model import Codebook, Field, Rule

if TYPE_CHECKING:
    import duckdb

# Generated rules that ask only for values of a list, which every value here is.
_ALWAYS_MET = ("-code", "-words", "-pattern")
_BY_CODE = ("-required-by-code", "realis-fits-code")
_BARRED = "-not-applicable"
_FILLED = ("-required", "-value-or-reason")


@dataclass(frozen=True, eq=False)
class Halves:
    """A row rule as two formulas, as it was written: a generated one without what `compile` adds to spare an echo."""

    rule: Rule
    when: Formula
    require: Formula

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All of both."""
        return (*self.when.conditions, *self.require.conditions)

    @cached_property
    def columns(self) -> frozenset[tuple[str, str]]:
        """The columns of both."""
        return self.when.columns | self.require.columns


@dataclass(frozen=True)
class Conflict:
    """Two rules that no row of some kind can meet, and such a row: the columns that make both apply."""

    one: Rule
    other: Rule
    row: Row


@dataclass(frozen=True)
class Misapplied:
    """A field that applies to no row at all; or not to codes that require it; or not to such rows of them as `row`."""

    field: Field
    codes: tuple[str, ...] = ()
    row: Row | None = None


class Meeting:
    """The row rules of one table, held against every row that there can be, and against each other."""

    def __init__(self, codebook: Codebook, plan: TablePlan, connection: duckdb.DuckDBPyConnection) -> None:
        self.codebook, self.table = codebook, plan.table
        self.written = [
            Halves(row.rule, formula(row.when), formula(row.require))
            for row in plan.rules
            if not row.rule.generated
        ]
        self._plan, self._connection = plan, connection

    @cached_property
    def _generated(self) -> list[Halves]:
        """The generated rules about columns that a written one reads, and those that say where a field does not apply."""
        read = {name for pair in self.written for _, name in pair.columns}
        return [
            Halves(rule, formula(rule.when or "TRUE"), formula(rule.require or "TRUE"))
            for rule in (row.rule for row in self._plan.rules)
            if rule.generated
            and (not rule.id.endswith(_ALWAYS_MET) or rule.id.endswith(_BY_CODE))
            and (rule.id.endswith(_BARRED) or any(name in f"{rule.require}" for name in read))
        ]

    @cached_property
    def domains(self) -> Domains:
        """The cases that these rules tell apart."""
        conditions = [c for pair in (*self.written, *self._generated) for c in pair.conditions]
        return Domains(self.codebook, self.table, conditions, self._connection)

    # ── rules that never fire ─────────────────────────────────────────────────────────────────────────────────────────

    def idle(self) -> Iterator[tuple[Rule, str]]:
        """Written rules that can never fire, and which part is to blame: `when`, or `require`."""
        for pair in self.written:
            cases = self.domains.cases(pair.conditions)
            if cases is None:
                continue
            when, _ = pair.when.judge(cases.truths, cases.every)
            _, broken = pair.require.judge(cases.truths, cases.every)
            if not when & broken:
                yield pair.rule, "require" if when else "when"

    # ── rules that no row can meet ────────────────────────────────────────────────────────────────────────────────────

    def conflicts(self) -> Iterator[Conflict]:
        """Every two rules, one of them written, of which some row falls under both and no row can meet both."""
        written = [pair for pair in self.written if pair.rule.severity != "flag"]
        for i, one in enumerate(written):
            for other in (*written[i + 1 :], *self._generated):
                if self._touch(one, other):
                    found = self._conflict(one, other)
                    if found is not None:
                        yield Conflict(one.rule, other.rule, found)

    def _touch(self, one: Halves, other: Halves) -> bool:
        """Whether both ask something of one column."""
        mine = {self.domains.variable(column) for column in one.require.columns}
        return any(self.domains.variable(column) in mine for column in other.require.columns)

    def _conflict(self, one: Halves, other: Halves) -> Row | None:
        third = self._about({*one.when.columns, *other.when.columns}, one, other)
        cases = self.domains.cases([c for pair in (one, other, *third) for c in pair.conditions])
        if cases is None or not all(
            map(self.domains.exhausted, (*one.when.conditions, *other.when.conditions))
        ):
            return None
        given = cases.given(self._filled(one, other)) & cases.of(self.codebook.codes)
        for pair in third:
            given &= ~_side(cases, pair).fails
        held = _Held(cases, given, _side(cases, one), _side(cases, other))
        bad, code = held.unmeetable(), None
        if not bad:
            bad, code = held.code_lost(self.codebook.codes)
        return self._shown(cases.row(bad), code, one, other) if bad else None

    def _shown(self, row: Row, code: str | None, *pairs: Halves) -> Row:
        """Of a row what makes rules apply, in the order in which they ask for it."""
        asked = [c for pair in pairs for condition in pair.when.conditions for c in sorted(condition.columns)]
        found = {name: row[name] for name in map(self.domains.variable, asked) if name in row}
        return found if code is None else found | {str(self.domains.event_type): code}

    def _about(self, columns: set[tuple[str, str]], *but: Halves) -> list[Halves]:
        """The other rules about some columns alone: a row that they refuse shows no conflict of two rules that ask when it is so."""
        return [
            pair
            for pair in (*self.written, *self._generated)
            if all(pair is not one for one in but)
            and pair.rule.severity == "error"
            and pair.columns <= columns
        ]

    def _filled(self, one: Halves, other: Halves) -> list[str]:
        """The columns that are never empty in a row worth the question, but for those of which the rules themselves say so."""
        asked = {pair.rule.field for pair in (one, other) if pair.rule.id.endswith(_FILLED)}
        own = [
            f"self.{f.presence}"
            for f in self.codebook.fields_of(self.table)
            if _always(f) and f.name not in asked
        ]
        return [*own, *([self.domains.event_type] if self.domains.event_type else [])]

    # ── fields that apply nowhere ─────────────────────────────────────────────────────────────────────────────────────

    def misapplied(self) -> Iterator[Misapplied]:
        """Fields that apply to no row, and fields that a code requires where they do not apply."""
        for pair in self._generated:
            field = self.codebook.fields.get((self.table, pair.rule.field or ""))
            if field is None or not pair.rule.id.endswith(_BARRED):
                continue
            cases = self.domains.cases(pair.when.conditions)
            if cases is not None:
                yield from self._misapplied(field, pair, cases)

    def _misapplied(self, field: Field, pair: Halves, cases: Cases) -> Iterator[Misapplied]:
        given = cases.of(self.codebook.codes)
        out = pair.when.judge(cases.truths, cases.every)[0] & given
        if out == given:
            yield Misapplied(field)
            return
        wanting = [code for code in self.codebook.codes if self._wants(field, code)]
        never = [code for code in wanting if not cases.of([code]) & given & ~out]
        if never:
            yield Misapplied(field, tuple(never))
        if not all(map(self.domains.exhausted, pair.when.conditions)):
            return
        known = out & cases.given({self.domains.variable(column) for column in pair.when.columns})
        partly = [code for code in wanting if code not in never and cases.of([code]) & known]
        if partly:
            shown = self._shown(cases.row(cases.of(partly[:1]) & known), None, pair)
            yield Misapplied(
                field, tuple(partly), {n: v for n, v in shown.items() if n != self.domains.event_type}
            )

    def _wants(self, field: Field, code: str) -> bool:
        return self.table == "codings" and field.name in self.codebook.event_types[code].requires


def _always(field: Field) -> bool:
    return field.required and not field.missing and field.applies_if is None


@dataclass(frozen=True)
class _Side:
    """The cases in which a rule applies, in which what it requires is there, and in which it is not."""

    when: int
    met: int
    broken: int

    @property
    def fails(self) -> int:
        return self.when & self.broken


def _side(cases: Cases, pair: Halves) -> _Side:
    when, _ = pair.when.judge(cases.truths, cases.every)
    return _Side(when, *pair.require.judge(cases.truths, cases.every))


@dataclass(frozen=True)
class _Held:
    cases: Cases
    given: int
    one: _Side
    other: _Side

    def unmeetable(self) -> int:
        """The cases under both rules, where none of them meets both and each could be met without the other.

        One that meets the one and leaves the other unknown, by an empty column that it compares, is let pass.
        """
        both = self.one.when & self.other.when & self.given
        alone = both & self.one.met and both & self.other.met
        passes = both & (self.one.met | self.other.met) & ~(self.one.fails | self.other.fails)
        barred = alone and not passes
        return (
            both if barred or self._spoils(self.one, self.other) or self._spoils(self.other, self.one) else 0
        )

    def _spoils(self, one: _Side, other: _Side) -> bool:
        """Whether a rule that could be met never is, unless the other fails."""
        asked = one.when & self.given
        return bool(asked & one.met and asked & ~other.fails and not asked & one.met & ~other.fails)

    def code_lost(self, codes: Iterable[str]) -> tuple[int, str | None]:
        """The cases of a code that no row can carry, though it could without either of the rules; and the code."""
        for code in codes if self.cases.by_code else ():
            mine = self.cases.of([code]) & self.given
            one, other = mine & self.one.fails, mine & self.other.fails
            if mine and one | other == mine and mine not in (one, other):
                return mine & self.one.when & self.other.when or mine, code
        return 0, None
