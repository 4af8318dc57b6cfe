"""`eventcode codebook crosswalk`, `diff`, `recode` and `date`: codebooks against each other, against their past, against a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from eventcode.cli import output

if TYPE_CHECKING:
    from eventcode.codebook.changes import Change
    from eventcode.model import Codebook, Crossing


@click.command("crosswalk")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option(
    "--vocabulary",
    metavar="NAME",
    help="The crosswalk of this vocabulary of FROM instead of its event types.",
)
@click.option(
    "--code", "codes", multiple=True, metavar="CODE", help="Only this code of FROM (may be repeated)."
)
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", show_default=True)
def crosswalk(source: str, target: str, vocabulary: str | None, codes: tuple[str, ...], form: str) -> None:
    """Print how the codes of FROM are told in TO: counterpart, match, note, and what is lost on the way.

    Goes through other codebooks where there is no direct crosswalk, and backwards where only that is declared. A match is read from FROM:
    exact, close, broad (the counterpart is broader), narrow, related (they overlap), none.
    """
    from eventcode.codebook.crosswalk import loss
    from eventcode.pipeline import crossing

    if vocabulary is not None:
        rows = crossing.of_vocabulary(source, target, vocabulary)
        known = crossing.labels(source, target)
        told = [
            _row(known(vocabulary, row.code), known(row.target_vocabulary, row.target_code), row)
            | {"target_list": row.target_vocabulary}
            for row in rows
            if not codes or row.code in codes
        ]
        output.rows(told, form, ("code", "label", "match", "target_list", "target", "target_label", "note"))
        return
    walk = crossing.between(source, target)
    unknown = [code for code in codes if code not in walk.source.event_types]
    if unknown:
        from eventcode.codebook.lookup import unknown as refused

        raise refused(walk.source, unknown[0])
    ours, theirs = walk.source.event_types, walk.target.event_types
    told = [
        _row(ours[row.code].label, theirs[row.target_code].label if row.target_code else "", row)
        for row in walk.rows
        if not codes or row.code in codes
    ]
    output.rows(told, form)
    output.note(f"{' → '.join(walk.steps)}: {loss(walk)}")


def _row(label: str, target_label: str, row: Crossing) -> dict[str, object]:
    implied = "; ".join(f"{name}={value}" for name, value in row.fields.items())
    return {
        "code": row.code, "label": label, "match": row.match, "target": row.target_code or "", "target_label": target_label,
        "implies": implied, "note": row.note,
    }  # fmt: skip


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", show_default=True)
@click.pass_context
def diff(ctx: click.Context, old: str, new: str, form: str) -> None:
    """Tell what changed from the codebook OLD to NEW (names, or paths of folders), and which version bump is owed.

    Exit code 1 means that the version of NEW does not own up to its changes.
    """
    from eventcode.codebook import changes
    from eventcode.codebook.diff import diff as compare
    from eventcode.pipeline import codebooks

    before, after = codebooks.open_codebook(old), codebooks.open_codebook(new)
    found = compare(before, after)
    if form == "table":
        _print_changes(found, after)
    else:
        names = ("level", "kind", "what", "key", "before", "after", "note")
        output.rows([{name: getattr(change, name) for name in names} for change in found], form, names)
    level = changes.owed(found)
    fits = changes.enough(before.version, after.version, level)
    owe = "owes" if len(found) == 1 else "owe"
    short = "" if fits else f"; the version says {after.version}"
    told = f"{output.count(len(found), 'change')} {owe} a {level} bump, {changes.bumped(before.version, level)}{short}"
    output.note(f"{before.reference} → {after.reference}: {told if found else 'no change'}")
    ctx.exit(int(not fits))


COLOURS = {"major": "red", "minor": "yellow", "patch": "bright_black"}


def _print_changes(found: Sequence[Change], book: Codebook) -> None:
    """Change by change, the gravest first: what, then what was and what is."""
    from eventcode.cli.layout import dim, fill

    for level in COLOURS:
        for change in (one for one in found if one.level == level):
            kind = book.event_types.get(change.key)
            label = f" {kind.label}" if kind and change.what == "code" else ""
            head = click.style(f"{change.key}{label}", bold=True)
            click.echo(f"{click.style(f'{level:<6}', fg=COLOURS[level])} {change.what} {head}: {change.kind}")
            for sign, text in (("−", change.before), ("+", change.after)):
                if text:
                    click.echo(fill(text, f"       {sign} ", " " * 9))
            if change.note:
                click.echo(dim(fill(change.note, "       → ", " " * 9)))


@click.command("recode")
@click.argument("dataset", metavar="DATASET")
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", show_default=True)
def recode(dataset: str, form: str) -> None:
    """List what must be coded anew in DATASET, because the codebook changed and no migration can decide.

    `error`: the code is gone. `warning`: it stands, and its meaning changed.
    """
    from eventcode.pipeline import inputs, lines
    from eventcode.project import find

    held = inputs.load(find().dataset(dataset))
    queue = lines.recodes(held.current, held.names)
    names = ("severity", "coding", "what", "remedy", "file", "line")
    rows = [(f.severity, f.key, f.message, f.hint, f.place.file, f.place.line) for f in queue]
    output.rows([dict(zip(names, row, strict=True)) for row in rows], form, names)
    if not queue:
        output.note(f"{dataset}: nothing is to be coded anew under {held.codebook.reference}")


@click.command("date")
@click.argument("words", nargs=-1, metavar="[WORDS]…")
@click.option(
    "--codebook",
    "name",
    default="ucdp",
    show_default=True,
    metavar="NAME",
    help="The codebook whose table decides.",
)
@click.option("--published", required=True, metavar="DATE", help="The day of publication, as in 2025-06-16.")
def date(words: tuple[str, ...], name: str, published: str) -> None:
    """Tell which days WORDS of a text stand for ("last night", "three weeks ago", nothing at all), by a codebook's table of phrases."""
    from datetime import date as day

    from eventcode.codebook import date_phrases
    from eventcode.pipeline import codebooks

    try:
        when = day.fromisoformat(published)
    except ValueError:
        raise click.UsageError(f"'{published}' is no day; write it as 2025-06-16") from None
    found = date_phrases.date(codebooks.open_codebook(name), " ".join(words), when)
    days = found.start.isoformat() if found.start == found.end else f"{found.start}/{found.end}"
    click.echo(f"{days}  precision {found.precision}")
    output.note(found.entry.note)


COMMANDS = (crosswalk, diff, recode, date)
