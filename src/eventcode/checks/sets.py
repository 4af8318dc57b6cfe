"""Set rules: SQL for each kind of the menu. A query gives one row per violation: `k` (the row's key) and columns for the message."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from eventcode.checks import near
from eventcode.checks.near import FUZZY, day
from eventcode.checks.scope import Trigger, key
from eventcode.checks.wording import normal
from eventcode.codebook import views
from eventcode.errors import CodebookError
from eventcode.model import Codebook, Rule
from eventcode.shape import did_you_mean
from eventcode.tables import TABLES, TEXTS


def sql(rule: Rule, codebook: Codebook) -> str:
    """The violations of a set rule; CodebookError where it names a table or column that is not there."""
    derived = rule.kind == "equals_derived" and rule.table == "codings"
    own = (*rule.columns, *rule.options.get("within", ()), *filter(None, [rule.options.get("parent")]))
    own = (*own, *near.columns(rule)) if rule.kind == "near_duplicate" else own
    _known(codebook, rule.table, own, "reports" if derived else rule.table)
    if rule.kind == "exists":
        target = rule.options["references"]
        if target not in TABLES:
            raise CodebookError(f"there is no table '{target}'", did_you_mean(target, [*TABLES]))
        _known(codebook, target, rule.options.get("reference_columns", rule.columns), target)
    return _KINDS[rule.kind](rule, codebook)


def _known(codebook: Codebook, table: str, names: Iterable[str], like: str) -> None:
    known = views.columns(codebook, like)
    for name in names:
        if name not in known:
            raise CodebookError(f"{table} has no column '{name}'", did_you_mean(name, [*known]))


def _list(columns: tuple[str, ...]) -> str:
    return ", ".join(f'self."{column}"' for column in columns)


def present(columns: tuple[str, ...]) -> str:
    """SQL that is true where a row has a value in each of some columns."""
    return " AND ".join(f'self."{column}" IS NOT NULL' for column in columns) or "TRUE"


def _unique(rule: Rule, codebook: Codebook) -> str:
    return (
        f"SELECT {key(rule.table)} AS k FROM {rule.table} AS self WHERE {present(rule.columns)} "
        f"QUALIFY count(*) OVER (PARTITION BY {_list(rule.columns)}) > 1"
    )


def _exists(rule: Rule, codebook: Codebook) -> str:
    target, own = rule.options["references"], rule.columns
    there = tuple(rule.options.get("reference_columns", own))
    pairs = [*zip(own, there, strict=True)]
    if views.columns(codebook, rule.table)[own[-1]] == TEXTS:
        item = f'(SELECT self.*, unnest(self."{own[-1]}") AS item FROM {rule.table} AS self) AS self'
        match = " AND ".join(
            [*(f'other."{b}" = self."{a}"' for a, b in pairs[:-1]), f'other."{there[-1]}" = self.item']
        )
        return f"SELECT {key(rule.table)} AS k, self.item FROM {item} ANTI JOIN {target} AS other ON {match}"
    match = " AND ".join(f'other."{b}" = self."{a}"' for a, b in pairs)
    return f"SELECT {key(rule.table)} AS k FROM {rule.table} AS self ANTI JOIN {target} AS other ON {match} WHERE {present(own)}"


def _acyclic(rule: Rule, codebook: Codebook) -> str:
    """`columns` is the row's own name, `parent` the column that names another, `within` what names are unique in."""
    name, parent = rule.columns[0], rule.options["parent"]
    within = tuple(rule.options.get("within", ()))
    same = "".join(f' AND s."{column}" = w."{column}"' for column in within)
    carried = "".join(f', s."{column}"' for column in within)
    return (
        f'WITH RECURSIVE walk AS (SELECT s."{name}" AS first, s."{parent}" AS at{carried} FROM {rule.table} s '
        f'WHERE s."{parent}" IS NOT NULL UNION SELECT w.first, s."{parent}"{carried} FROM walk w '
        f'JOIN {rule.table} s ON s."{name}" = w.at{same} WHERE s."{parent}" IS NOT NULL) '
        f'SELECT DISTINCT {key(rule.table)} AS k FROM walk w JOIN {rule.table} AS self ON self."{name}" = w.first'
        f"{same.replace('s.', 'self.')} WHERE w.at = w.first"
    )


def _constant_within(rule: Rule, codebook: Codebook) -> str:
    """`columns` have one value in every group of rows alike in `within`; nulls there are alike."""
    within = tuple(rule.options["within"])
    different = " OR ".join(f'min("{column}") <> max("{column}")' for column in rule.columns)
    names = ", ".join(f'"{column}"' for column in within)
    match = " AND ".join(f'bad."{column}" IS NOT DISTINCT FROM self."{column}"' for column in within)
    return (
        f"SELECT {key(rule.table)} AS k FROM {rule.table} AS self JOIN (SELECT {names} FROM {rule.table} "
        f"GROUP BY {names} HAVING {different}) AS bad ON {match}"
    )


def _twins(rule: Rule, codebook: Codebook) -> str:
    """Spellings of one name; every spelling but the commonest is a violation, and `other` is the commonest."""
    column, within = rule.columns[0], tuple(rule.options.get("within", ()))
    also = "".join(f', "{name}"' for name in within)
    return (
        f'WITH names AS (SELECT "{column}" AS name, min({key(rule.table)}) AS k, count(*) AS n{also} '
        f'FROM {rule.table} AS self WHERE "{column}" IS NOT NULL GROUP BY "{column}"{also}), '
        f"spelt AS (SELECT *, {normal('name')} AS normal FROM names) "
        f"SELECT k, name, first_value(name) OVER best AS other FROM spelt WHERE normal <> '' "
        f"WINDOW best AS (PARTITION BY normal{also} ORDER BY n DESC, name) QUALIFY row_number() OVER best > 1"
    )


def _near_duplicate(rule: Rule, codebook: Codebook) -> str:
    """Two rows alike in `within` (nulls never alike) whose `columns`, dates, lie at most `days` apart; `other` is the earliest key.

    With one date the rows of a group are compared in the order of their days, so that a large group costs no more than sorting it.
    """
    if any(name in rule.options for name in FUZZY):
        return near.sql(rule, codebook)
    within, days = tuple(rule.options["within"]), int(rule.options.get("days", 0))
    own = key(rule.table)
    if len(rule.columns) > 1:
        alike = " AND ".join(f'a."{column}" = self."{column}"' for column in within)
        close = " AND ".join(f"abs({day(column, 'a')} - {day(column)}) <= {days}" for column in rule.columns)
        return (
            f"SELECT {own} AS k, min({own.replace('self.', 'a.')}) AS other FROM {rule.table} AS self "
            f"JOIN {rule.table} AS a ON {alike} AND {close} AND {own.replace('self.', 'a.')} < {own} GROUP BY 1"
        )
    over = f"PARTITION BY {_list(within)}"
    if rule.columns:
        over += f" ORDER BY {day(rule.columns[0])} RANGE BETWEEN {days} PRECEDING AND {days} FOLLOWING"
    return (
        f"SELECT k, other FROM (SELECT {own} AS k, min({own}) OVER ({over}) AS other FROM {rule.table} AS self "
        f"WHERE {present((*within, *rule.columns))}) WHERE other < k"
    )


def _equals_derived(rule: Rule, codebook: Codebook) -> str:
    """A value that came with the input and differs from the derived one (`stated` holds both as text)."""
    names = ", ".join(f"'{column}'" for column in rule.columns)
    return (
        f"SELECT row_key AS k, column_name AS \"column\", given, derived FROM stated WHERE table_name = '{rule.table}' "
        f"AND column_name IN ({names}) AND given IS DISTINCT FROM derived"
    )


def _not_both(rule: Rule, codebook: Codebook) -> str:
    return f"SELECT {key(rule.table)} AS k FROM {rule.table} AS self WHERE {present(rule.columns)}"


def triggers(rule: Rule) -> tuple[Trigger, ...]:
    """What must be there for a set rule to find anything."""
    if rule.kind == "equals_derived":
        return ()
    pairs = rule.kind in ("unique", "constant_within", "twins", "near_duplicate")
    columns = {
        "acyclic": (rule.options.get("parent", ""),),
        "constant_within": (),
        "twins": rule.columns[:1],
    }.get(rule.kind, rule.columns)
    return (Trigger(rule.table, present(columns), 2 if pairs else 1),)


_KINDS: dict[str, Callable[[Rule, Codebook], str]] = {
    "unique": _unique, "exists": _exists, "acyclic": _acyclic, "constant_within": _constant_within, "twins": _twins,
    "near_duplicate": _near_duplicate, "equals_derived": _equals_derived, "not_both": _not_both,
}  # fmt: skip
KINDS = tuple(_KINDS)
