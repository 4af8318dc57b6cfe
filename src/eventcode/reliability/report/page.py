"""The report of agreement: one HTML page with everything in it, that needs no network, no scripts and no other file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import ceil
from typing import TYPE_CHECKING

from eventcode.codebook.site import drawing, templating
from eventcode.codebook.site.words import plain
from eventcode.model import Codebook
from eventcode.reliability.report import charts, pairs, shown, words
from eventcode.reliability.report.charts import Dot
from eventcode.reliability.result import HIGH, LOW, Agreement, Matrix

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

PACKAGE = "eventcode.reliability.report"
CONFUSED, SOURCING = 10, 5  # pairs of event types and of answers about sources
OPEN, CASES = 1, 5  # pairs whose places stand open, places of each
ROWS = 14  # dots of one chart; longer sections have several, which stand side by side where there is room


def page(
    agreement: Agreement,
    codebook: Codebook,
    texts: Mapping[str, str],
    *,
    title: str = "",
    limits: Sequence[str] = (),
) -> str:
    """The page. `texts` are by document key, as far as they are at hand; `title` and `limits` are those of the dataset's card.

    EventcodeError where the extra `report` is not installed.
    """
    drawing.needed()
    tried, sensitive = shown.thetas(agreement, codebook)
    confused = pairs.of_events(agreement, codebook, texts, CONFUSED)
    return environment().get_template("page.html").render(
        found=agreement, title=title or agreement.dataset, limits=limits, words=words, low=LOW, high=HIGH,
        block=shown.main_block(agreement), headline=shown.headline(agreement, codebook),
        headline_chart=_headline(agreement, codebook), others=shown.others(agreement, codebook),
        coding=_sections(agreement, codebook, shown.EVENT_SECTIONS), sourcing=_sections(agreement, codebook, shown.SOURCING_SECTIONS),
        tried=tried, sensitive=sensitive, blocks=_blocks("block", shown.blocks(agreement, codebook)),
        versions=_blocks("version", shown.versions(agreement, codebook)), heats=_heats(agreement, codebook),
        pairs=confused, quoted=any(place.passages for pair in confused for place in pair.places),
        sourcing_pairs=pairs.of_sourcing(agreement, codebook, texts, SOURCING),
        version_differences=shown.differences(agreement, codebook, "version"),
        coder_differences=shown.differences(agreement, codebook, "coder"), gold=shown.gold(agreement),
        coders=shown.coder_tables(agreement.coders), drifts=_drifts(agreement), open=OPEN, cases=CASES,
        kind="Agreement", name=agreement.dataset, style=templating.style(PACKAGE),
    )  # fmt: skip


def _drawn(svg: str) -> Markup:
    from markupsafe import Markup

    return Markup(svg)


def _dots(lines: Iterable[shown.Line]) -> list[Dot]:
    return [
        Dot(line.label, line.row.estimate, line.row.low, line.row.high, line.verdict)
        for line in lines
        if line.row.estimate is not None
    ]


def _headline(found: Agreement, book: Codebook) -> Markup | None:
    made = _dots(shown.headline(found, book))
    return _drawn(charts.dots(made, "headline-chart")) if made else None


def _sections(
    found: Agreement, book: Codebook, titles: Mapping[str, str]
) -> list[tuple[shown.Section, list[tuple[str, Markup]]]]:
    """Each section with its charts, of which a long section has several."""
    made = []
    for section in shown.sections(found, book, titles):
        parts = _chunks(_dots(section.lines))
        drawn = [
            (f"{section.id}-{i + 1}", _drawn(charts.dots(part, f"{section.id}-{i + 1}")))
            for i, part in enumerate(parts)
        ]
        made.append((section, drawn))
    return made


def _chunks(dots: Sequence[Dot]) -> list[Sequence[Dot]]:
    """Parts of nearly one length; two for what would leave half a line empty."""
    n = max(ceil(len(dots) / ROWS), 2 if len(dots) > ROWS / 2 else 1)
    size = ceil(len(dots) / n) or 1
    return [dots[i : i + size] for i in range(0, len(dots), size)]


def _blocks(
    kind: str, of: Sequence[tuple[shown.Line, list[shown.Line]]]
) -> list[tuple[str, shown.Line, list[shown.Line], Markup | None]]:
    made = []
    for i, (line, lines) in enumerate(of):
        id_ = f"{kind}-{i + 1}"
        whole = shown.Line(words.block(line.row.block), line.row)
        dots = _dots([whole, *lines])
        made.append((id_, line, [whole, *lines], _drawn(charts.dots(dots, id_)) if dots else None))
    return made


def _heats(found: Agreement, book: Codebook) -> list[tuple[str, str, Matrix, Markup]]:
    """(id, title, matrix, picture) of the matrices between coders of event types."""
    made = []
    for matrix in found.matrices:
        if matrix.field != "event_type" or matrix.rows != "coder" or not matrix.values:
            continue
        id_ = f"heat-{matrix.level}"
        names = {value: kind.label for value, kind in book.event_types.items()}
        roots = pairs.roots(book, matrix.values) if matrix.level == "leaf" else {}
        title = "Leaves, in the order of the tree" if matrix.level == "leaf" else "Roots"
        made.append((id_, title, matrix, _drawn(charts.heat(matrix, names, roots, id_))))
    return made


def _drifts(found: Agreement) -> list[tuple[str, str, list[shown.Window], Markup]]:
    made = []
    for i, (coder, rows) in enumerate(shown.drifts(found.drift).items()):
        made.append((f"drift-{i + 1}", coder, rows, _drawn(charts.drift(rows, f"drift-{i + 1}"))))
    return made


@cache
def environment() -> Environment:
    """Jinja with the template of this package, everything escaped and printable."""
    found = templating.made(PACKAGE, finalize=plain)
    found.filters["ticked"] = templating.ticked
    return found
