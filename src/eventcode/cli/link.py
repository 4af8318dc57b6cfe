"""`eventcode link`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eventcode.cli import layout, output

if TYPE_CHECKING:
    from eventcode.pipeline.linking import Linking

PAIRS = 3  # of a group, whose likeness is told
FILE = click.Path(dir_okay=False, path_type=Path)
COLUMNS = (
    "group", "report", "event", "suggested", "likeness", "event_type", "date", "place", "actor", "recipient", "compared", "contested",
)  # fmt: skip


@click.command("link")
@click.argument("name")
@click.option(
    "--days",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="Days that may lie between two reports.",
)
@click.option(
    "--km",
    type=click.FloatRange(min=0, min_open=True),
    default=25.0,
    show_default=True,
    help="Kilometres that may lie between two places with coordinates.",
)
@click.option(
    "--minimum",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Likeness from which a pair is shown.",
)
@click.option(
    "--window",
    type=click.IntRange(min=1),
    default=40,
    show_default=True,
    help="With how many others of one block a report is compared.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="Show or write so many groups, and so many relations; 0 is all.",
)
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", show_default=True)
@click.option(
    "--write",
    "target",
    type=FILE,
    metavar="FILE",
    help="Write them into an .xlsx or .yaml file to decide in.",
)
@click.option(
    "--read",
    "source",
    type=FILE,
    metavar="FILE",
    help="Read decisions from such a file into the links of the linker that it names.",
)
@click.option("--by", metavar="PERSON", default="", help="Who decides, where the file does not say it.")
@click.option(
    "--second",
    is_flag=True,
    help="Work on links-second.jsonl: a second person's links, made without those of the first.",
)
def command(
    name: str, limit: int, form: str, target: Path | None, source: Path | None, by: str, second: bool,
    **settings: Any,
) -> None:  # fmt: skip
    """List which reports of dataset NAME may tell of one event, and which events may hang together.

    Nothing is linked by it: a person decides, in a file that --write makes and --read takes back.
    """
    from dataclasses import replace

    from eventcode.adjudication.linking_likeness import Settings
    from eventcode.pipeline import linking, linking_forms, linking_read, linking_sheet
    from eventcode.project import find

    dataset = find().dataset(name)
    if source is not None:
        if target is not None:
            raise click.UsageError("--read and --write exclude each other")
        taken = linking_read.read(dataset, source, by=by, second=second)
        file = linking.SECOND if taken.second else linking.FIRST
        known = f", {taken.known:,} there already" if taken.known else ""
        click.echo(f"{file}: {output.count(taken.added, 'link')} added{known}, {taken.open:,} open")
        return
    if target is not None and target.exists():
        raise click.UsageError(
            f"{target} is there already: it may hold decisions; read it, or name another file"
        )
    output.progress(f"{name}: comparing reports")
    found = linking.candidates(dataset, Settings(**settings), second=second)
    shown = (
        found
        if not limit
        else replace(found, groups=found.groups[:limit], suggestions=found.suggestions[:limit])
    )
    if target is not None:
        linking_sheet.write(shown, target, by)
        click.echo(f"{target}: {_counted(shown)}")
    elif form == "table":
        for block in [*_groups(shown), *_relations(shown)]:
            click.echo(block + "\n")
    elif form == "json":
        _json(linking_forms.plain(shown))
    else:
        output.rows(linking_forms.listed(shown), "csv", COLUMNS)
    output.note(_summary(found, shown))


def _json(whole: dict[str, Any]) -> None:
    import json

    click.echo(json.dumps(whole, ensure_ascii=False, indent=2, default=str))


def _counted(found: Linking) -> str:
    return f"{output.count(len(found.groups), 'group')}, {output.count(len(found.suggestions), 'relation')}"


def _summary(found: Linking, shown: Linking) -> str:
    """How much there is, how much of it is shown, and what was not looked at."""
    text = f"{output.count(len(found.linked.reports), 'report')}, {output.count(found.compared, 'pair')} compared: {_counted(found)}"
    if (len(shown.groups), len(shown.suggestions)) != (len(found.groups), len(found.suggestions)):
        text += f"; {_counted(shown)} of them here (--limit 0 gives all)"
    if found.left_out:
        text += (
            f"; up to {found.left_out:,} pairs in crowded blocks not compared (--window raises how many are)"
        )
    if found.linked.findings:
        text += f"; {output.count(len(found.linked.findings), 'finding')} about the links (eventcode check)"
    return text


def _groups(found: Linking) -> list[str]:
    """Each group as a block: the reports, what they have in common, what would be contested."""
    from eventcode.pipeline.linking_forms import Shown, told_contested, told_likeness

    shown = Shown(found.linked.assembled)
    blocks = []
    for number, group in enumerate(found.groups, 1):
        head = f"{len(group.members)} reports may tell of one event"
        lines = [layout.title(f"{number}", head, f"likeness {group.value:.2f}")]
        for member in group.members:
            lines.append(
                f"  {click.style(member.name, bold=True)}  {layout.dim(shown.document(member))}".rstrip()
            )
            lines.append(layout.fill(shown.short(member), "    "))
        compared = " | ".join(
            f"{pair.one.name}, {pair.other.name}: {told_likeness(pair.likeness)}"
            if len(group.members) > 2
            else told_likeness(pair.likeness)
            for pair in group.pairs[:PAIRS]
        )
        lines.append(layout.facts({"compared": compared, "contested": told_contested(group.contested)}))
        blocks.append("\n".join(lines))
    return blocks


def _relations(found: Linking) -> list[str]:
    """Each relation that may hold: from the first event to the second."""
    from eventcode.pipeline.linking_forms import Shown

    shown = Shown(found.linked.assembled)
    blocks = []
    for one in found.suggestions:
        lines = [layout.title(f"{one.relation}?", f"{one.one.name} → {one.other.name}", "suggestion")]
        lines += [layout.fill(shown.short(event), "    ") for event in (one.one, one.other)]
        lines.append(layout.facts({"why": one.why}))
        blocks.append("\n".join(lines))
    return blocks
