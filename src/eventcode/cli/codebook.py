"""`eventcode codebook`."""

from __future__ import annotations

import click

from eventcode.cli import codebook_author, codebook_compare, codebook_export, codebook_render, output


@click.group("codebook")
def command() -> None:
    """Look things up in a codebook, and check one.

    NAME is a codebook of the project, a bundled one, or the path of a codebook's folder. Left out, it is the one that the project's
    datasets use.
    """


command.add_command(codebook_render.command)


@command.command("check")
@click.argument("name", required=False)
@click.option("--format", "form", type=output.FINDING_FORMATS, default="table", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--all", "show_all", is_flag=True, help="Show the warnings that the codebook accepts, too.")
@click.option(
    "--rules/--no-rules",
    "rule_examples",
    default=True,
    help="Try the examples of every rule, too (a few seconds).",
    show_default=True,
)
@click.pass_context
def check(
    ctx: click.Context, name: str | None, form: str, strict: bool, show_all: bool, rule_examples: bool
) -> None:
    """Look for what is wrong with the codebook NAME: all of it, with file, line and remedy.

    Exit code 1 means errors; warnings count with --strict. A warning that the codebook accepts, with its reason, is counted as waived.
    """
    from eventcode.pipeline import codebooks, lint

    wanted = name or codebooks.obvious()
    output.progress(f"checking the codebook {wanted}")
    result = lint.check(wanted, codebooks.folders(), rule_examples=rule_examples)
    output.findings(result, form, show_all=show_all, cap=None)
    ctx.exit(output.exit_code(result, strict))


@command.command("show")
@click.argument("item", required=False)
@click.option("--codebook", "name", metavar="NAME", help="The codebook to look in.")
def show(item: str | None, name: str | None) -> None:
    """Show a code, field, rule, vocabulary, decision rule or actor, or the codebook itself.

    ITEM is 072, disarmament:072, realis, sources.identity, sourcing.anonymous-has-name, D3, irq.kataib_hezbollah …
    """
    from eventcode.cli import codebook_pages as pages
    from eventcode.codebook.lookup import lookup, unknown
    from eventcode.pipeline import codebooks

    name, item = _split(item, name)
    book = codebooks.open_codebook(name)
    if item is None:
        click.echo(pages.overview(book))
        return
    found = lookup(book, item)
    if found:
        click.echo("\n\n\n".join(pages.show(book, one) for one in found))
        return
    line = codebooks.lint_rule(item) if item.startswith("lint.") else None
    compiled = codebooks.rule(book, item) if "." in item and line is None else None
    if line is not None:
        click.echo(pages.lint_rule(line))
    elif compiled is not None:
        click.echo(pages.rule(book, compiled))
    else:
        raise unknown(book, item)


def _split(item: str | None, name: str | None) -> tuple[str | None, str | None]:
    """(codebook, item) of `disarmament:072`, `disarmament` or `072`."""
    from eventcode.pipeline import codebooks

    if item is None:
        return name, None
    head, colon, tail = item.partition(":")
    if colon and name is not None and name != head:
        raise click.UsageError(f"'{item}' names the codebook {head}, and --codebook says {name}")
    if colon:
        return head, tail or None
    return (item, None) if name is None and item in codebooks.at_hand() else (name, item)


@command.command("tree")
@click.argument("names", nargs=-1, metavar="[NAME] [CODE]")
def tree(names: tuple[str, ...]) -> None:
    """Show the event types of NAME (those below CODE): label, word or deed, intensity."""
    from eventcode.cli import codebook_pages as pages
    from eventcode.codebook.lookup import unknown
    from eventcode.pipeline import codebooks

    if len(names) > 2:
        raise click.UsageError("give a codebook and a code at most")
    name, code = names if len(names) == 2 else _split(names[0] if names else None, None)
    book = codebooks.open_codebook(name)
    if code is not None and code not in book.event_types:
        raise unknown(book, code)
    click.echo(pages.tree(book, code) or f"{book.reference} is a module and has no event types of its own")


@command.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--codebook", "name", metavar="NAME", help="The codebook to search.")
@click.option("--all", "everywhere", is_flag=True, help="Search all codebooks at hand.")
@click.option("--limit", default=10, show_default=True, metavar="N", help="Show so many at most.")
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", show_default=True)
@click.pass_context
def search(
    ctx: click.Context, words: tuple[str, ...], name: str | None, everywhere: bool, limit: int, form: str
) -> None:
    """Find the codes, fields, values, rules and actors that speak of WORDS, best first.

    Case, accents, hyphens and endings do not matter. Where the project's codebook has nothing, the others at hand are searched. Exit code 1
    means that nothing was found.
    """
    from eventcode.codebook.search import search as find
    from eventcode.pipeline import codebooks

    own = None if everywhere else codebooks.open_codebook(name)
    hits = find(own, words, limit) if own else codebooks.search_all(words, limit)
    if own and not hits:
        output.note(f"nothing in {own.reference} speaks of '{' '.join(words)}'")
        hits = codebooks.search_all(words, limit) if name is None else []
    if form != "table":
        names = ("kind", "key", "label", "text", "score")
        output.rows([{n: getattr(hit, n) for n in names} for hit in hits], form, names)
    for hit in hits if form == "table" else ():
        _print_hit(hit.kind, hit.key, hit.label, hit.text)
    ctx.exit(int(not hits))


def _print_hit(kind: str, key: str, label: str, text: str) -> None:
    from eventcode.cli import layout as pages

    shown = label if kind != "rule" else ""
    click.echo(f"{pages.dim(f'{kind:<9}')}{click.style(key, bold=True, fg='blue')}  {shown}".rstrip())
    if text or kind == "rule":
        click.echo(pages.dim(pages.fill(text or label, " " * 9)))


@command.command("schema")
@click.argument("name", required=False)
@click.option(
    "--strict", is_flag=True, help="With every closed list of values, as editors and language models want it."
)
def schema(name: str | None, strict: bool) -> None:
    """Print the JSON Schema of one reading (a line of a readings file) under the codebook NAME."""
    import json

    from eventcode.codebook.views import json_schema
    from eventcode.pipeline import codebooks

    click.echo(json.dumps(json_schema(codebooks.open_codebook(name), strict), ensure_ascii=False, indent=2))


@command.command("list")
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", show_default=True)
def list_(form: str) -> None:
    """List the codebooks at hand."""
    from eventcode.errors import CodebookError
    from eventcode.pipeline import codebooks

    rows: list[dict[str, object]] = []
    for name in codebooks.at_hand():
        try:
            book = codebooks.open_codebook(name)
        except CodebookError as error:
            rows.append({"codebook": name, "title": f"cannot be used: {error.message}"})
            continue
        counts = {"codes": len(book.codes), "fields": len(book.fields), "rules": len(book.rules)}
        rows.append(
            {"codebook": name, "version": book.version, "kind": book.kind, **counts, "title": book.title}
        )
    output.rows(rows, form, ("codebook", "version", "kind", "codes", "fields", "rules", "title"))


@command.command("fields")
@click.argument("name", required=False)
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", show_default=True)
def fields(name: str | None, form: str) -> None:
    """List the fields of NAME; json and csv hold everything about them."""
    from eventcode.cli import codebook_pages as pages
    from eventcode.codebook import views
    from eventcode.pipeline import codebooks

    book = codebooks.open_codebook(name)
    if form != "table":
        output.rows(views.fields(book), form)
        return
    rows = [
        {
            "field": f"{spec.table}.{spec.name}", "type": spec.type, "level": spec.level, "asked": _asked(spec.required, spec.applies_if),
            "values": pages.values(book, spec),
        }
        for spec in book.fields.values()
    ]  # fmt: skip
    output.rows(rows, form, ("field", "type", "level", "asked", "values"))


def _asked(required: bool, applies_if: str | None) -> str:
    return (
        ("always" if required else "optional")
        if applies_if is None
        else "if it applies"
        if required
        else "optional, if"
    )


for _command in codebook_compare.COMMANDS:
    command.add_command(_command)
for _command in (codebook_export.export, *codebook_author.COMMANDS):
    command.add_command(_command)
