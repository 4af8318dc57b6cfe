"""Exports that are folders: CSV with its types beside it, and what plain great_expectations needs to run a dataset's suites."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from eventcode.checks.frames import per_group, rule_summary, summary_of
from eventcode.checks.suite import RULES
from eventcode.errors import DatasetError
from eventcode.formats import files, parquet
from eventcode.formats.export import csv_tables
from eventcode.formats.export.losses import Losses
from eventcode.formats.hashes import file_hash
from eventcode.model import Codebook, RuleCount
from eventcode.shape import did_you_mean

IMPORT = "import.yaml"  # in the folder of tables that an import wrote
PACKAGE, EXPECTATIONS = "datapackage.json", "expectations.json"
HOW = """\
# Expectations of a dataset

`expectations.json` holds one suite of great_expectations 1.x for each table in this folder. This runs them:

```python
import json
from pathlib import Path

import great_expectations as gx
import pandas as pd

suites = json.loads(Path("expectations.json").read_text("utf-8"))["suites"]
source = gx.get_context(mode="ephemeral").data_sources.add_pandas("dataset")
for table, suite in suites.items():
    batches = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe("whole")
    batch = batches.get_batch({"dataframe": pd.read_parquet(f"{table}.parquet")})
    result = batch.validate(gx.ExpectationSuite(**suite))
    print(table, "holds" if result.success else "does not hold")
```

`rule_summary` has a row per rule of the codebook: how many rows broke it (`failed`), how many of them are accepted on record (`waived`),
and how many are not (`open`). A table `<table>_per_<column>` counts the rows of each group.
"""


def csv(
    folder: Path, path: Path, codebook: Codebook, table: str | None, lost: Losses, replace_it: bool
) -> int:
    """Every table (or one) as CSV, and `datapackage.json` with the types; returns how many rows there are."""
    there = sorted(one.stem for one in folder.glob("*.parquet"))
    if table is not None and table not in there:
        raise DatasetError(f"there is no table '{table}' in {folder.name}", did_you_mean(table, there))
    names = [table] if table else there
    _free(path, {PACKAGE, *(f"{name}.csv" for name in [*there, *names])}, PACKAGE, replace_it)
    alone = (folder / IMPORT).is_file() and not (folder / PACKAGE).exists()
    package: dict[str, Any] = (
        {"name": folder.name.lower(), "resources": []} if alone else _read(folder, PACKAGE)
    )
    known = {one["name"]: one for one in package["resources"]}
    counted = []

    def make(new: Path) -> None:
        resources = []
        for name in names:
            data = parquet.read(folder / f"{name}.parquet")
            csv_tables.write(new / f"{name}.csv", data)
            counted.append(data.num_rows)
            described = csv_tables.resource(known.get(name, {"name": name, "type": "table"}), data.schema)
            resources.append(described | _facts(new / f"{name}.csv") | {"rows": data.num_rows})
        whole = {**package, "resources": [_inside(one, names) for one in resources]}
        (new / PACKAGE).write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", "utf-8")

    files.put_folder(path, make)
    return sum(counted)


def _read(folder: Path, name: str) -> dict[str, Any]:
    """A JSON file that a build or release has; DatasetError where it is not there, or is not whole."""
    try:
        found: dict[str, Any] = json.loads((folder / name).read_text("utf-8"))
    except FileNotFoundError as error:
        raise DatasetError(
            f"{folder} has no {name}", "name a build or a release; an import has tables alone"
        ) from error
    except (OSError, ValueError) as error:
        raise DatasetError(f"{folder / name} cannot be read: {error}", "build the dataset again") from error
    return found


def _facts(path: Path) -> dict[str, Any]:
    return {"path": path.name, "bytes": path.stat().st_size, "hash": file_hash(path)}


def _inside(resource: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """A resource without the foreign keys that lead out of the folder."""
    schema = dict(resource["schema"])
    keys = [key for key in schema.pop("foreignKeys", ()) if key["reference"]["resource"] in names]
    return {**resource, "schema": {**schema, **({"foreignKeys": keys} if keys else {})}}


def read_csv(folder: Path, table: str) -> Any:
    """A table of a CSV export as Arrow, as it was; DatasetError where the folder has no such table, or the file is not what it was."""
    try:
        package = json.loads((folder / PACKAGE).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DatasetError(
            f"{folder} is no CSV export: {PACKAGE} cannot be read", "export it again"
        ) from error
    known = {one["name"]: one for one in package["resources"]}
    if table not in known:
        raise DatasetError(f"there is no table '{table}' in {folder}", did_you_mean(table, [*known]))
    return csv_tables.read(folder / known[table]["path"], csv_tables.schema_of(known[table]))


def expectations(
    folder: Path, path: Path, codebook: Codebook, table: str | None, lost: Losses, replace_it: bool
) -> int:
    """The suites, the tables that they are about, and a page that says how to run them; returns how many expectations there are."""
    whole = _read(folder, EXPECTATIONS)
    content = (folder / EXPECTATIONS).read_bytes()
    suites = whole.get("suites", {})
    tables = {name: found for name in suites if (found := _asked(folder, name, codebook)) is not None}
    for name in suites.keys() - tables.keys():
        lost.tell(name, "a release has no counts of rules: export the build to run this suite")
    _free(
        path,
        {EXPECTATIONS, "README.md", *(f"{name}.parquet" for name in suites)},
        EXPECTATIONS,
        replace_it,
    )
    if tables.keys() != suites.keys():
        whole["suites"] = {name: suite for name, suite in suites.items() if name in tables}
        content = (json.dumps(whole, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()

    def make(new: Path) -> None:
        files.fill(new, {EXPECTATIONS: content, "README.md": HOW.encode()})
        for name, data in tables.items():
            parquet.write(new / f"{name}.parquet", data, ())

    files.put_folder(path, make)
    return sum(len(suites[name]["expectations"]) for name in tables)


def _asked(folder: Path, name: str, codebook: Codebook) -> Any:
    """A table that a suite is about, made of those of the dataset; None where they are not there."""
    summary = summary_of(name, codebook)
    source = folder / f"{'rule_counts' if name == RULES else summary.table if summary else name}.parquet"
    if not source.is_file():
        return None
    data = parquet.read(source)
    if name == RULES:
        return rule_summary([RuleCount(**row) for row in data.to_pylist()])
    return per_group(data, summary) if summary else data


def _free(path: Path, own: Collection[str], mark: str, replace_it: bool) -> None:
    """DatasetError where the target is there, unless it is to be replaced and holds an earlier export and nothing else."""
    target = path.absolute()
    if target == Path.cwd() or target in Path.cwd().parents:
        raise DatasetError(f"{path} is the working folder or above it", "name a folder of its own with -o")
    if not path.exists():
        return
    names = {entry.name for entry in path.iterdir() if not files.is_clutter(entry)} if path.is_dir() else {""}
    if names and (mark not in names or not names <= set(own)):
        raise DatasetError(f"{path} holds something other than this export", "choose another name with -o")
    if names and not replace_it:
        raise DatasetError(
            f"{path} is there already", "choose another name with -o, or replace it with --replace"
        )
