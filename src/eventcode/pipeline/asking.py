"""Which rules of a codebook are asked: all of them, but for those that make no sense for what a map made of a file."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.checks.engine import Checker
from eventcode.errors import EventcodeError
from eventcode.model import Codebook, Rule

if TYPE_CHECKING:
    from eventcode.formats.mapping import Mapping as Map

ORIGIN, MAP = "import.yaml", "map.yaml"  # what an imported folder says of itself
NO_COLUMN = "no column of the file fills the field"
WANTING = ("-required", "-required-by-code", "-value-or-reason")  # generated rules that ask for a value


@lru_cache(maxsize=16)
def checker_of(codebook: Codebook, without: frozenset[str] = frozenset()) -> Checker:
    """The compiled checks of a codebook but for some rules, kept for the next time."""
    if not without:
        return Checker(codebook)
    rules = checker_of(codebook).plan.rules
    return Checker(codebook, only=sorted({rule.id for rule in rules} - without))


def left_out(codebook: Codebook, map_: Map, coders: Collection[str] | None = None) -> dict[str, str]:
    """The rules that are not asked of what a map made, each with the reason; none where others than the map's coder read, too.

    They are those that the map names under `not_asked:`, and those that ask for a value of a field that it never fills.
    """
    if coders is not None and {*coders} != {map_.coder}:
        return {}
    return {rule.id: why for rule in checker_of(codebook).plan.rules if (why := _reason(rule, map_))}


def _reason(rule: Rule, map_: Map) -> str | None:
    for pattern, why in map_.not_asked.items():
        if fnmatch.fnmatchcase(rule.id, pattern):
            return why
    wanting = rule.generated and rule.id.endswith(WANTING) and rule.field not in (None, "participants")
    return NO_COLUMN if wanting and (rule.table, rule.field) not in map_.filled else None


def of_folder(target: Any, codebook: Codebook) -> dict[str, str]:
    """The rules that are not asked of a folder that `import --to` made under this codebook; none for anything else."""
    if not isinstance(target, str | Path):
        return {}
    folder = Path(target)
    readings = folder / "readings.parquet"
    if not all(path.is_file() for path in (folder / ORIGIN, folder / MAP, readings)):
        return {}
    from eventcode import yamlfile
    from eventcode.formats.mapping import read_map

    try:
        told: Mapping[str, Any] = yamlfile.read(folder / ORIGIN, ORIGIN).data
        if str(told.get("codebook")).partition("@")[0] != codebook.id:
            return {}
        map_ = read_map(folder / MAP, codebook)
    except EventcodeError:  # a map that does not fit this codebook says nothing of its rules
        return {}
    return left_out(codebook, map_, _coders(readings))


def _coders(path: Path) -> set[str]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        return {
            str(coder)
            for batch in file.iter_batches(columns=["coder_id"])
            for coder in batch.column(0).unique().to_pylist()
        }
