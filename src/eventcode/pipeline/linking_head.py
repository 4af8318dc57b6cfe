"""What a file to decide links in says at its top: for which dataset it was written, and whose links it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eventcode import shape
from eventcode.coding.sheet_grid import Grid
from eventcode.errors import Problem
from eventcode.model import Place
from eventcode.pipeline.linking import LINKERS, Linking

README = "read me"


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says at its top, and where: the dataset, and the linker whose links it holds; None for what it does not say."""

    dataset: str | None
    linker: str | None
    places: dict[str, Place]

    def wrong(self, dataset: str, second: bool) -> Iterator[Problem]:
        """That the file is for another dataset, or for another linker than the one asked for."""
        if self.dataset not in (None, dataset):
            yield self._problem(
                "dataset", f"these are links of {self.dataset}", f"read it into {self.dataset}"
            )
        if self.linker is not None and self.linker not in LINKERS:
            hint = shape.did_you_mean(self.linker, [*LINKERS])
            yield self._problem("linker", f"'{self.linker}' is no linker", hint)
        elif second and self.linker == LINKERS[0]:
            message = "these are the first linker's links"
            hint = "read it without --second, or write one for the second linker with --second --write"
            yield self._problem("linker", message, hint)

    def second(self, asked: bool) -> bool:
        """Whether these are the second linker's: what the file says, else what is asked for."""
        return asked if self.linker is None else self.linker == LINKERS[1]

    def _problem(self, name: str, message: str, hint: str) -> Problem:
        place = self.places[name]
        return Problem(message, hint, place.file, place.line, place.path)


def told(linking: Linking) -> dict[str, str]:
    """What is written at the top of a file: the dataset, and the linker whose links it is to hold."""
    return {"dataset": linking.linked.dataset.name, "linker": LINKERS[linking.second]}


def of_grid(grid: Grid) -> Head:
    """What the sheet that explains the workbook says of it: the name in the first column, the value in the second."""
    said, places = dict[str, str](), dict[str, Place]()
    for at, cells in grid.rows.items():
        if 1 in cells and 2 in cells:
            said[str(cells[1].value).strip()] = str(cells[2].value).strip()
            places[str(cells[1].value).strip()] = grid.place(at, 2)
    return Head(said.get("dataset"), said.get("linker"), places)
