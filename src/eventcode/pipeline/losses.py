"""What an import would take from the codebook that it replaces and that nobody asked to have taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from eventcode.codebook.draft import Draft
from eventcode.errors import CodebookError, Problem, refuse


def check(old: Draft, new: Draft) -> None:
    """CodebookError, with a list, where the version would fall, or where examples or migrations would go."""
    name = str(new.card.get("id"))
    hint = (
        f"work on a fresh workbook: `eventcode codebook export {name} --to xlsx`; "
        "or give --drop as well, and they go"
    )
    refuse(CodebookError, f"replacing '{name}' would take something away", [*_losses(old, new)], hint)


def _losses(old: Draft, new: Draft) -> Iterator[Problem]:
    before, after = str(old.card.get("version", "")), str(new.card.get("version", ""))
    if _number(after) < _number(before):
        yield Problem(f"the version falls from {before} to {after}", "", "codebook.yaml")
    kept = {str(example.get("name")) for example in new.examples}
    for example in old.examples:
        if str(example.get("name")) not in kept:
            yield Problem(f"the example '{example.get('name')}' goes", "", "examples")
    has, had = _steps(new), _steps(old)
    for (since, to), many in had.items():
        if has[since, to] < many:
            what = "goes" if not has[since, to] else f"keeps {has[since, to]} of its {many} steps"
            yield Problem(f"the migration from {since} to {to} {what}", "", "migrations")


def _steps(draft: Draft) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for migration in draft.migrations:
        found[str(migration.get("since")), str(migration.get("to"))] += len(migration.get("steps") or ())
    return found


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
