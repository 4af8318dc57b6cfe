"""A difference as people read it, as JSON, and as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence

from eventcode.release.diff import Diff
from eventcode.release.diff_sql import CODEBOOK_TABLES
from eventcode.release.markdown import count
from eventcode.tables import TABLES

SHOWN = 12  # keys and fields listed before "and n more"
LONG = 40  # characters of a value that are shown
KEYED = ("events", "rows")  # tables whose keys are listed


def sentence(diff: Diff) -> str:
    """One line on the events: how many came, went and changed."""
    events = diff.tables.get("events")
    if events is None or diff.same:
        return f"Nothing changed since {diff.before}."
    recoded = sum(diff.recoded.values())
    parts = [
        f"{count(len(events.added), 'event')} added",
        f"{len(events.removed):,} removed",
        f"{len(events.changed):,} changed",
    ]
    return f"Since {diff.before}: {', '.join(parts)}" + (
        f" ({recoded:,} of them recoded)." if recoded else "."
    )


def as_text(diff: Diff, labels: Mapping[str, str] | None = None) -> str:
    """What differs, for a terminal; `labels` names the codes."""
    if diff.same:
        return f"{diff.before} → {diff.now}: no difference\n"
    parts = [f"{diff.before} → {diff.now}", *_parts(diff, labels or {})]
    return "\n\n".join(part for part in parts if part) + "\n"


def _parts(diff: Diff, labels: Mapping[str, str]) -> Iterator[str]:
    rows = [
        (
            name,
            f"{t.before:,}",
            f"{t.now:,}",
            f"{len(t.added):,}",
            f"{len(t.removed):,}",
            f"{len(t.changed):,}",
        )
        for name, t in diff.tables.items()
        if not t.same
    ]
    yield _aligned([("table", "before", "now", "added", "removed", "changed"), *rows], right=range(1, 6))
    fields = [
        (f"{name}.{f}", f"{n:,}")
        for name, t in diff.tables.items()
        if name not in CODEBOOK_TABLES
        for f, n in t.fields.items()
    ]
    yield _titled("changed values by field", _aligned(fields, right=(1,)))
    recoded = [
        (_code(was, labels), "→", _code(now, labels), f"{n:,}") for (was, now), n in diff.recoded.items()
    ]
    yield _titled("events recoded", _aligned(recoded, right=(3,)))
    for kind in ("added", "removed"):
        for name in KEYED:
            keys = getattr(diff.tables[name], kind) if name in diff.tables else ()
            yield _titled(f"{name} {kind}", "\n".join(key or "(no name)" for key in _some(keys)))
        yield _titled(f"columns {kind}", "\n".join(_some(diff.columns.get(kind, ()))))
    yield _titled(
        f"changed silently: {count(len(diff.silent), 'row')}", "\n".join(_some(tuple(_silent(diff))))
    )
    yield _titled(f"codebook {' → '.join(dict.fromkeys(diff.codebooks))}", "\n".join(_codebook(diff)))


def _silent(diff: Diff) -> Iterator[str]:
    """What changed although the mark of a change did not, row by row."""
    cells: dict[tuple[str, str], list[str]] = {}
    for row in diff.changes:
        own = (row["table"], row["key"])
        if own in diff.silent:
            told = (
                f"{row['field']} {_short(row['before'])} → {_short(row['after'])}"
                if row["field"]
                else row["change"]
            )
            cells.setdefault(own, []).append(told)
    for (table, key), told in cells.items():
        yield f"{table} {key}: {', '.join(told)} (still {diff.silent[table, key]})"


def _short(value: str | None) -> str:
    return "nothing" if value is None else value if len(value) <= LONG else f"{value[: LONG - 1]}…"


def _codebook(diff: Diff) -> Iterator[str]:
    codes = diff.tables.get("codes")
    if codes is None:
        return
    for kind in ("added", "removed"):
        if found := getattr(codes, kind):
            yield f"codes {kind}: {', '.join(found)}"
    for code, fields in diff.redefined().items():
        yield f"code {code} redefined: {', '.join(fields)}"
    for name in CODEBOOK_TABLES[1:]:
        table = diff.tables.get(name)
        if table and not table.same:
            yield f"{name}: {len(table.added):,} added, {len(table.removed):,} removed, {len(table.changed):,} changed"


def _code(code: str | None, labels: Mapping[str, str]) -> str:
    return "the reports differ" if code is None else f"{code} {labels.get(code, '')}".strip()


def _some(items: tuple[str, ...]) -> list[str]:
    more = len(items) - SHOWN
    return [*items[:SHOWN], *([f"… and {more:,} more"] if more > 0 else [])]


def _titled(title: str, body: str) -> str:
    lines = "\n".join(f"  {line}" for line in body.splitlines())
    return f"{title}\n{lines}" if body else ""


def _aligned(rows: Sequence[tuple[str, ...]], right: Sequence[int] = ()) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    cells = (
        [c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        for row in rows
    )
    return "\n".join("  ".join(row).rstrip() for row in cells)


def as_json(diff: Diff) -> str:
    """What differs, for a program."""
    tables = {
        name: {
            "before": t.before, "now": t.now, "added": [*t.added], "removed": [*t.removed], "changed": [*t.changed],
            "fields": dict(t.fields),
        }
        for name, t in diff.tables.items()
    }  # fmt: skip
    plain = {
        "before": diff.before, "now": diff.now, "same": diff.same,
        "codebook": {"before": diff.codebooks[0], "now": diff.codebooks[1], "redefined": diff.redefined()},
        "recoded": [{"before": was, "now": now, "events": n} for (was, now), n in diff.recoded.items()],
        "tables": tables, "columns": {kind: [*names] for kind, names in diff.columns.items()}, "changes": [*diff.changes],
        "silent": [{"table": table, "key": key, "still": still} for (table, key), still in diff.silent.items()],
    }  # fmt: skip
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def as_csv(diff: Diff) -> str:
    """Every changed value as a line: the columns of the table `changes`."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [*TABLES["changes"].columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows(diff.changes)
    return out.getvalue()
