"""`eventcode adjudicate`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eventcode.cli import layout, output

if TYPE_CHECKING:
    from eventcode.pipeline.adjudicate import Adjudication
    from eventcode.project import Dataset
    from eventcode.readings import Row

SHOWN = 5  # documents, in a table
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("adjudicate")
@click.argument("name")
@click.option(
    "--document", "documents", multiple=True, metavar="KEY", help="Only this document (may be given again)."
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help="At most so many documents, those with most at stake.",
)
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", help="How to print the list.")
@click.option(
    "--write", "target", type=FILE, metavar="FILE", help="Write a file to decide in: .xlsx, or .yaml."
)
@click.option("--read", "source", type=FILE, metavar="FILE", help="Record the decisions of such a file.")
@click.option("--by", default="", metavar="WHO", help="Who decides.")
@click.option("--causes", is_flag=True, help="Instead: how often each cause was given, by field.")
@click.option("--show-coders", is_flag=True, help="Show who the readers are; by default they are letters.")
@click.option("--second", is_flag=True, help="Adjudicate for a second time, without the first decisions.")
@click.option("--twice", is_flag=True, help="Instead: how far the first and the second adjudication agree.")
@click.option("--sample", type=click.IntRange(1), metavar="N", help="So many documents, drawn at random.")
@click.option("--seed", type=int, default=1, metavar="N", help="What the sample is drawn by; 1 by default.")
def command(
    name: str,
    documents: tuple[str, ...],
    limit: int | None,
    form: str,
    target: Path | None,
    source: Path | None,
    by: str,
    causes: bool,
    show_coders: bool,
    second: bool,
    twice: bool,
    sample: int | None,
    seed: int,
) -> None:
    """List what of dataset NAME needs a decision, write a file to decide in, or record its decisions.

    Questions are ranked by disagreement × what hangs on the answer. Readings stay as they are; agreement is computed on them.
    """
    from eventcode.pipeline import adjudicate
    from eventcode.project import find

    if source is not None and target is not None:
        raise click.UsageError("--read and --write are two steps: read first, then write what is left")
    dataset = find().dataset(name)
    if source is not None:
        _read(dataset, source, by)
        return
    if twice:
        _twice(dataset, form)
        return
    output.progress(f"{name}: reading")
    work = adjudicate.load(dataset, documents, second=second, sample=sample, seed=seed)
    if causes:
        _causes(work, form)
    elif target is not None:
        _write(work, target, by, limit, show_coders)
    else:
        shown = SHOWN if form == "table" and not documents and limit is None else limit
        _list(work, form, shown, show_coders)


def _causes(work: Adjudication, form: str) -> None:
    from eventcode.pipeline import adjudicate

    counted = adjudicate.causes(work)
    if not counted and form == "table":
        click.echo("nothing is decided yet")
    else:
        output.rows(counted, form)


def _write(work: Adjudication, target: Path, by: str, limit: int | None, show_coders: bool) -> None:
    from eventcode.pipeline import adjudicate_files

    if target.exists():
        raise click.UsageError(
            f"{target} is there already: it may hold decisions; read it, or name another file"
        )
    if not work.asked(None):
        click.echo("nothing needs a decision, so nothing was written")
        return
    n_documents, n_questions = adjudicate_files.write(
        work, target, by=by, limit=limit, show_coders=show_coders
    )
    click.echo(
        f"{target}: {output.count(n_questions, 'open question')} about {output.count(n_documents, 'document')}"
    )


def _list(work: Adjudication, form: str, limit: int | None, show_coders: bool) -> None:
    from eventcode.pipeline import adjudicate

    rows = adjudicate.rows(work, limit=limit, show_coders=show_coders)
    if form == "table":
        click.echo("\n".join(_lines(rows, *adjudicate.counts(work))))
    else:
        output.rows([_flat(row) for row in rows] if form == "csv" else rows, form)


def _read(dataset: Dataset, source: Path, by: str) -> None:
    from eventcode.pipeline import adjudicate_files

    result, file = adjudicate_files.read(dataset, source, by=by)
    shown = dataset.project.shown(file)
    more = f"; {result.known:,} recorded already" if result.known else ""
    left = f"; {output.count(result.left_open, 'question')} left open" if result.left_open else ""
    click.echo(f"{output.count(len(result.decisions), 'decision')} recorded in {shown}{more}{left}")


def _twice(dataset: Dataset, form: str) -> None:
    from eventcode.cli import agree_lines
    from eventcode.pipeline import adjudicate_twice

    measured = adjudicate_twice.measured(dataset)
    if form == "table":
        click.echo(layout.dim("The adjudications, first and second, stand where coders stand.\n"))
    agree_lines.write(measured, form, block=None, every=False)


def _flat(row: Row) -> dict[str, Any]:
    said = " | ".join(f"{who}: {' '.join(text.split())}" for who, text in row["readers"].items())
    return {**row, "codings": " ".join(row["codings"]), "readers": said}


def _lines(rows: Sequence[Row], n_documents: int, n_questions: int) -> Iterator[str]:
    """The questions by document, and a last line that counts them, with those that are not shown."""
    if not rows:
        yield "nothing needs a decision"
        return
    documents = list(dict.fromkeys(row["document"] for row in rows))
    for document in documents:
        own = [row for row in rows if row["document"] == document]
        total = sum(row["score"] for row in own)
        who = ", ".join(f"{letter} = {coder}" for letter, coder in own[0].get("coders", {}).items())
        yield layout.title(document, who, f"{output.count(len(own), 'question')}, {total:.1f} at stake")
        for row in own:
            if row["disagreement"]:
                yield from _question(row)
        agreed = [" ".join(row["codings"]) or "sources" for row in own if not row["disagreement"]]
        if agreed:
            yield layout.dim(
                layout.fill(f"to be confirmed, all readers agree: {'; '.join(agreed)}", " " * 9, " " * 11)
            )
        yield ""
    if more := n_documents - len(documents):
        yield layout.dim(f"… and {output.count(more, 'more document')} (--limit {n_documents} shows them)\n")
    yield f"{output.count(n_questions, 'question')} about {output.count(n_documents, 'document')}"


def _question(row: Row) -> Iterator[str]:
    what = {"group": "which report", "sources": "whose sources"}.get(row["kind"], row["field"])
    about = f" of {' '.join(row['codings'])}" if row["codings"] else ""
    yield layout.fill(f"{row['score']:5.1f}  {what}{about}: {row['question']}", "  ", " " * 9)
    for who, text in row["readers"].items():
        yield layout.dim(layout.fill(f"{who}  {' · '.join(text.splitlines())}", " " * 9, " " * 12))
    if row["suggested"]:
        yield layout.fill(f"suggested: {row['suggested']} ({row['why']})", " " * 9, " " * 12)
