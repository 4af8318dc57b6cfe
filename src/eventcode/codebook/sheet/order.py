"""The sheets of a workbook as wholes: what was asked for and is in none, and problems in the order in which a reader meets them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from eventcode.codebook.sheet.cells import Grid
from eventcode.codebook.sheet.layout import CODES
from eventcode.codebook.sheet.records import HEADING_WITHIN, Reading
from eventcode.codebook.slugs import slug
from eventcode.errors import Problem
from eventcode.shape import did_you_mean

_CELL = re.compile(r"(?P<sheet>.*)!(?P<column>[A-Z]+)(?P<row>[0-9]+)")


def sorted_by_cell(problems: Iterable[Problem], sheets: Iterable[str]) -> list[Problem]:
    """Problems by sheet, row and column; those without a cell first."""
    ranks = {name.strip().lower(): rank for rank, name in enumerate(sheets, 1)}

    def key(problem: Problem) -> tuple[int, int, int, str]:
        cell = _CELL.fullmatch(problem.path)
        if cell is None:
            return ranks.get(problem.path.strip().lower(), 0), 0, 0, ""
        rank = ranks.get(cell["sheet"].strip().lower(), len(ranks) + 1)
        return rank, int(cell["row"]), len(cell["column"]), cell["column"]

    return sorted(problems, key=key)


def absent(grids: Mapping[str, Grid], how: Reading) -> Iterator[Problem]:
    """Columns and sheets that --map and --ignore name and that are nowhere."""
    heads = {str(name).strip() for name in grids}
    for grid in grids.values():
        for row in sorted(grid.rows)[:HEADING_WITHIN]:
            heads |= {str(raw.value).strip() for raw in grid.rows[row].values()}
    tidy, first = {slug(head, "_") for head in heads}, _headings(grids)
    for option, also, names in (("--map", "", how.renamed), ("--ignore", " or sheet", how.ignore)):
        for name in names:
            if name not in heads and slug(name, "_") not in tidy:
                hint = did_you_mean(name, first)
                yield Problem(f"{option} names '{name}', and there is no such column{also}", hint)


def _headings(grids: Mapping[str, Grid]) -> list[str]:
    tops = (grid.rows[min(grid.rows)] for grid in grids.values() if grid.rows)
    return [*dict.fromkeys(str(raw.value).strip() for top in tops for raw in top.values())]


def holds_codes(grid: Grid) -> bool:
    """Whether a sheet of any name has the columns code and label."""
    top = {slug(str(raw.value), "_") for raw in grid.rows[min(grid.rows)].values()}
    return all(top & {name, *CODES.known[name].also} for name in ("code", "label"))
