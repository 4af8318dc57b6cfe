"""The formats of other people's files that eventcode knows, and which of their layouts a file has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from eventcode.errors import DatasetError, Problem
from eventcode.formats.mapping import MAPS, Mapping, Run, read_map
from eventcode.formats.tabular.delimited import NAMES as DELIMITERS
from eventcode.formats.tabular.delimited import SUFFIXES, first_record
from eventcode.formats.tabular.opening import is_delimited, open_table
from eventcode.formats.tabular.packed import plain_suffix
from eventcode.formats.tabular.tables import AS_TOLD, Batch, ForeignTable, Reading
from eventcode.model import Codebook
from eventcode.shape import did_you_mean

TRIED, MISFITS = 50, 3  # rows that are tried, and columns of a row that hold what they cannot


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its name on the command line: what it is, the codebook that its files come under, and where it is described.

    `private` files may not be passed on. Its layouts are the maps `maps/<name>.yaml` and `maps/<name>-<layout>.yaml`.
    """

    name: str
    label: str
    codebook: str
    homepage: str
    licence: str = "see the home page"
    private: bool = False

    @property
    def layouts(self) -> dict[str, Path]:
        """The map of every layout by its name, which is empty where there is but one."""
        others = [other for other in FORMATS if other.startswith(f"{self.name}-")]
        found = {}
        for path in sorted(MAPS.glob(f"{self.name}*.yaml")):
            rest = path.stem.removeprefix(self.name)
            foreign = any(path.stem == other or path.stem.startswith(f"{other}-") for other in others)
            if (not rest or rest.startswith("-")) and not foreign:
                found[rest.removeprefix("-")] = path
        return found


FORMATS = {
    one.name: one
    for one in (
        Format(
            "ucdp", "UCDP Georeferenced Event Dataset", "ucdp", "https://ucdp.uu.se/downloads/", "CC-BY-4.0"
        ),
        Format(
            "acled",
            "ACLED events",
            "acled",
            "https://acleddata.com/",
            "ACLED's terms forbid passing the data on",
            private=True,
        ),
        Format(
            "maverick",
            "MAVERICK event reports",
            "maverick",
            "https://CRAN.R-project.org/package=eventreport",
            "CC-BY-4.0",
        ),
        Format("gdelt", "GDELT events", "gdelt", "https://www.gdeltproject.org/data.html"),
        Format(
            "gdelt-mentions", "GDELT mentions", "gdelt-mentions", "https://www.gdeltproject.org/data.html"
        ),
        Format("icews", "ICEWS coded events", "icews", "https://dataverse.harvard.edu/dataverse/icews"),
        Format("phoenix", "Phoenix and PETRARCH", "phoenix", "https://github.com/openeventdata"),
        Format("plover", "PLOVER records", "plover-records", "https://github.com/openeventdata/PLOVER"),
    )
}


def format_of(name: str) -> Format:
    """A format by its name; DatasetError where it is unknown."""
    if name not in FORMATS:
        raise DatasetError(f"there is no format '{name}'", did_you_mean(name, [*FORMATS]))
    return FORMATS[name]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file of a known format: its table, and the map of its layout."""

    table: ForeignTable
    mapping: Mapping
    layout: str


def open_as(
    form: Format, path: Path, codebook: Codebook, reading: Reading = AS_TOLD, layout: str | None = None
) -> Opened:
    """A file by the layout whose columns are its own, or by the one that is named; what `reading` says goes before what a map says.

    DatasetError where no layout fits, with what is amiss in the one that comes closest.
    """
    maps = {name: read_map_once(file, codebook) for name, file in form.layouts.items()}
    if not maps:
        raise DatasetError(f"there is no map for {form.label} yet", "write one, and name it with --map")
    if layout is not None:
        if layout not in maps:
            raise DatasetError(f"{form.name} has no layout '{layout}'", did_you_mean(layout, [*maps]))
        return _tried(_opened(path, layout, maps[layout], reading), codebook)
    table = None if is_delimited(path) else open_table(path, reading)
    closest, distance = _closest(path, maps, reading, table)
    if distance and table is None and reading.delimiter is None:
        for other in DELIMITERS:
            said = replace(reading, delimiter=other)
            if _closest(path, maps, said, None)[1] == 0:
                return open_as(form, path, codebook, said, layout)
    if distance and table is None:
        _check_width(form, path, maps, reading)
    opened = _opened(path, closest, maps[closest], reading)
    if distance and len(maps) > 1:
        raise _no_layout(form, path, opened, maps)
    return _tried(opened, codebook)


def _check_width(form: Format, path: Path, maps: dict[str, Mapping], reading: Reading) -> None:
    """Refuse a file without names whose rows are as long as those of no layout."""
    widths = {name: len(one.reading.header) for name, one in maps.items() if one.reading.header}
    if not widths or reading.header:
        return
    how = merged(next(one.reading for one in maps.values() if one.reading.header), reading)
    first = first_record(path, _delimited(path, how))
    names = {column for one in maps.values() for column in one.lines}
    if len(first) < 2 or len(first) in widths.values() or names & set(first):
        return
    known = ", ".join(f"{name or form.name} {width:,}" for name, width in widths.items())
    told = f"the first row of {path.name} has {len(first):,} cells and no names of columns"
    raise DatasetError(
        told, f"layouts of {form.name} without names have so many columns: {known}; fetch the whole file"
    )


def _tried(opened: Opened, codebook: Codebook) -> Opened:
    """A file whose columns are named by its map alone, once its first rows have been found to hold what they should."""
    header = opened.mapping.reading.header
    if not header or opened.table.columns != header:
        return opened
    run = Run(opened.mapping, codebook, opened.table.file, header)
    first = next(opened.table.batches(TRIED))
    rows, wrong = len(first.rows), 0
    for values, line in zip(first.rows, first.lines, strict=True):
        before = {key: signal.count for key, signal in run.signals.all.items()}
        run.rows(Batch([values], [line]))
        told = {
            key[1] for key, signal in run.signals.all.items() if signal.count != before.get(key, 0) and key[0] == "value"
        }  # fmt: skip
        wrong += len(told) >= MISFITS
    if wrong * 2 > rows:
        raise DatasetError(
            f"the columns of {opened.table.file} are not those of the layout '{opened.layout}', though as many: "
            f"in {wrong:,} of the first {rows:,} rows {MISFITS} or more hold what they cannot",
            "it may be a file of another layout that was cut: fetch it again, or write a map of your own",
        )
    return opened


def _closest(
    path: Path, maps: dict[str, Mapping], reading: Reading, table: ForeignTable | None
) -> tuple[str, int]:
    """The layout that comes closest, and how many columns are missing or unknown in it."""
    distances = {name: _distance(path, mapping, reading, table) for name, mapping in maps.items()}
    closest = min(distances, key=lambda name: distances[name])
    return closest, distances[closest][0]


@lru_cache(maxsize=32)
def read_map_once(path: Path, codebook: Codebook) -> Mapping:
    """`read_map`, kept for the next time."""
    return read_map(path, codebook)


def _opened(path: Path, layout: str, mapping: Mapping, reading: Reading) -> Opened:
    return Opened(open_table(path, merged(mapping.reading, reading)), mapping, layout)


def merged(own: Reading, said: Reading) -> Reading:
    """How a map wants a file read, but for what the user says."""
    return Reading(
        said.delimiter or own.delimiter, said.header or own.header, own.quotes and said.quotes, said.nulls or own.nulls,
        said.encoding or own.encoding,
    )  # fmt: skip


def _distance(path: Path, mapping: Mapping, reading: Reading, table: ForeignTable | None) -> tuple[int, int]:
    """(columns that are missing or unknown, optional columns that are not there) of a file under a map."""
    sparse = table is not None and table.sparse
    if table is None:
        how = merged(mapping.reading, reading)
        first = [str(cell) for cell in first_record(path, _delimited(path, how))]
        found = set(how.header) if how.header and len(first) == len(how.header) else set(first)
    else:
        found = set(table.columns)
    absent, unknown = mapping.amiss(found, sparse=sparse)
    return len(absent) + len(unknown), len(mapping.lines.keys() - found)


def _delimited(path: Path, how: Reading) -> Reading:
    return replace(how, delimiter=how.delimiter or SUFFIXES[plain_suffix(path)])


def _no_layout(form: Format, path: Path, opened: Opened, maps: dict[str, Mapping]) -> DatasetError:
    absent, unknown = opened.mapping.amiss(opened.table.columns, sparse=opened.table.sparse)
    problems = [
        Problem(f"{len(names):,} columns {what}: {_some(names)}", hint, path.name)
        for names, what, hint in (
            (absent, "are not there", "fetch the whole file, or copy the map and mark them optional:"),
            (unknown, "are unknown", "copy the map, and map or ignore them"),
        )
        if names
    ]
    told = f"{path.name} fits no layout of {form.name} ({', '.join(maps)}); '{opened.layout}' comes closest"
    return DatasetError(told, problems=problems)


def _some(names: list[str]) -> str:
    return ", ".join(f"'{name[:60]}'" for name in names[:6]) + (" …" if len(names) > 6 else "")
