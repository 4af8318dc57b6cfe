"""Fuzz the readers of foreign files: `python tests/fuzz_readers.py --minutes 10 ucdp`, or `all`, or a kind of file such as csv.

Valid samples are damaged at random, and everything that comes of it must be rows and findings, or an error that says what to do. Each
failure is written beside the working folder with its seed. Not collected by pytest.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from eventcode.codebook.load import load
from eventcode.errors import EventcodeError
from eventcode.formats.foreign import registry
from eventcode.formats.mapping import Run, fit
from eventcode.formats.mapping.marks import marker
from eventcode.formats.tabular.opening import open_table
from eventcode.formats.tabular.spool import spool
from eventcode.model import Codebook
from eventcode.pipeline.foreign_tables import Tables
from foreign_cases import ACLED, OLD_ACLED, OLD_UCDP, UCDP, put

KINDS = ("csv", "tsv", "json", "jsonl", "parquet", "csv.gz")
BITS = [
    b'"',
    b"\0",
    b"\n",
    b"\r\n",
    b";",
    b",",
    b"\t",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"{",
    b"]",
    b"1e999",
    b"-99",
    b"NaN",
    b"\\ud800",
    "Ã©".encode(),
]


def samples(form: str, folder: Path) -> list[tuple[Path, bytes]]:
    """Valid files of a format, as bytes: invented rows in every layout and kind of file."""
    rows = {"ucdp": [UCDP, OLD_UCDP], "acled": [ACLED, OLD_ACLED]}.get(form) or _blank(form)
    found = []
    for i, row in enumerate(rows):
        for kind in KINDS:
            plain = put(folder, f"{form}{i}.{kind.removesuffix('.gz')}", [row, row])
            data = plain.read_bytes()
            found.append(
                (plain.with_name(f"{form}{i}.{kind}"), gzip.compress(data) if kind.endswith(".gz") else data)
            )
    return found


def _blank(form: str) -> list[dict[str, str]]:
    """A row of ones for every layout of a format for which no row has been invented."""
    book = load(registry.FORMATS[form].codebook)
    maps = [registry.read_map_once(path, book) for path in registry.FORMATS[form].layouts.values()]
    return [dict.fromkeys(mapping.columns, "1") for mapping in maps]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A few bytes of a file changed, taken out, put in, or said twice."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(made) + 1), chance.randint(0, 12)
        bit = chance.choice([*BITS, bytes([chance.randrange(256)]), made[at : at + length] * 2, b""])
        made[at : at + chance.choice([0, 1, length])] = bit
    return bytes(made[: chance.randrange(len(made) + 1)] if chance.random() < 0.1 else made)


def swapped(data: bytes, chance: random.Random) -> bytes:
    """A cell of a table replaced by something that does not belong there."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode())))
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = chance.choice(
            ["", "-99", "0", "abc", "9" * 30, "2024-13-45", "é;;", "\u00a0", "1e400"]
        )
    except (UnicodeDecodeError, csv.Error, IndexError):
        return damaged(data, chance)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def taken(form: str, path: Path, book: Codebook) -> None:
    """Read, map and write a file as an import does, but for the checks."""
    opened = registry.open_as(registry.FORMATS[form], path, book)
    fit(opened.mapping, opened.table.columns, opened.table.file, sparse=opened.table.sparse)
    with tempfile.TemporaryDirectory() as folder:
        columns = opened.table.columns
        spooled = spool(opened.table, Path(folder), marker(opened.mapping, columns))
        run = Run(opened.mapping, book, opened.table.file, columns, whole=False, twice=spooled.twice())
        tables = Tables(Path(folder), book, {}, frozenset(opened.mapping.numbers))
        for batch in spooled.documents():
            run.rows(batch)
            tables.add(run.take())
        tables.close()


def fuzz(
    name: str, take: Callable[[Path], None], files: list[tuple[Path, bytes]], seconds: float, seed: int
) -> tuple[int, int, int]:
    """(runs, refused, failed) of a reader in a time."""
    chance, end = random.Random(seed), time.monotonic() + seconds
    runs = refused = failed = 0
    while time.monotonic() < end:
        path, data = chance.choice(files)
        content = (swapped if path.suffix == ".csv" and chance.random() < 0.5 else damaged)(data, chance)
        path.write_bytes(content)
        runs += 1
        try:
            take(path)
        except EventcodeError:
            refused += 1
        except Exception:
            failed += 1
            kept = Path(f"fuzz-{name}-{seed}-{runs}{''.join(path.suffixes)}")
            kept.write_bytes(content)
            print(f"{name}: {kept}", file=sys.stderr)
            traceback.print_exc()
    return runs, refused, failed


def main() -> int:
    """Fuzz what is named for so many minutes each; the exit code is 1 where anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="+", help=f"{', '.join(registry.FORMATS)}, plain, or all")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    names = [*registry.FORMATS, "plain"] if given.readers == ["all"] else given.readers
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            form = "ucdp" if name == "plain" else name
            book = load(registry.FORMATS[form].codebook)
            files = samples(form, Path(folder))

            def take(path: Path, name: str = name, form: str = form, book: Codebook = book) -> None:
                if name == "plain":
                    for _ in open_table(path).batches():
                        pass
                else:
                    taken(form, path, book)

            runs, refused, failed = fuzz(name, take, files, given.minutes * 60, seed)
            print(f"{name}: {runs:,} files, {refused:,} refused, {failed:,} failed (seed {seed})")
            bad += failed
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
