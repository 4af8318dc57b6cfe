"""`eventcode doctor`."""

from __future__ import annotations

import platform

import click

from eventcode.cli import output

NEEDED = (
    "pandas",
    "pyarrow",
    "duckdb",
    "sqlglot",
    "jsonschema",
    "great-expectations",
    "openpyxl",
    "PyYAML",
    "filelock",
    "rfc8785",
)
EXTRAS = {
    "polars": "load tables with polars",
    "pyspark": "checks with --engine spark, on one machine or a cluster",
    "pyreadstat": "Stata and SPSS files",
    "altair": "pages with charts: eventcode check --report",
    "vl-convert-python": "pages with charts: eventcode check --report",
}


@click.command("doctor")
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", show_default=True)
@click.pass_context
def command(ctx: click.Context, form: str) -> None:
    """Tell what is installed and what is missing, and where eventcode looks for things."""
    rows = [{"what": "Python", "state": platform.python_version(), "for": "everything (3.10 or newer)"}]
    rows += [{"what": name, "state": _version(name), "for": "everything"} for name in NEEDED]
    rows += [
        {"what": name, "state": _version(name), "for": f"optional: {use}"} for name, use in EXTRAS.items()
    ]
    rows.append({"what": "Java", "state": _java(), "for": "optional: checks with --engine spark"})
    rows += _places()
    output.rows(rows, form, ("what", "state", "for"))
    ctx.exit(int(any(row["state"] == "missing" and row["for"] == "everything" for row in rows)))


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _java() -> str:
    """The Java that Spark would start, as it tells its version."""
    import subprocess

    from eventcode.checks.spark.session import java

    found = java()
    if found is None:
        return "missing"
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False)
    first = (told.stderr or told.stdout).splitlines() or ["installed"]
    return first[0].replace('"', "")


def _places() -> list[dict[str, str]]:
    from eventcode.errors import EventcodeError
    from eventcode.project import find

    try:
        project = find()
    except EventcodeError:
        return [{"what": "project", "state": "none here", "for": "commands that take a dataset by name"}]
    store = str(project.store or "not set")
    return [
        {
            "what": "project",
            "state": project.root.name,
            "for": f"datasets: {', '.join(project.dataset_names()) or 'none'}",
        },
        {
            "what": "codebooks",
            "state": ", ".join(project.codebook_names()),
            "for": "the project's own come before the bundled ones",
        },
        {
            "what": "private store",
            "state": store,
            "for": "raw files that may not be passed on (EVENTCODE_STORE)",
        },
    ]
