"""The documentation as a site: `python -m eventcode.cli.site FOLDER`, run by `make docs` after the reference is written."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from eventcode.errors import EventcodeError


def main(arguments: Sequence[str]) -> None:
    """Write the site of the repository in the working folder into the folder that is named."""
    from eventcode.pipeline import docs_site

    if len(arguments) != 1:
        raise SystemExit("usage: python -m eventcode.cli.site FOLDER")
    try:
        count, left_out = docs_site.write(Path.cwd(), Path(arguments[0]))
    except EventcodeError as error:
        raise SystemExit(f"error: {error}") from error
    for name, why in left_out.items():
        click.echo(f"the codebook {name} is left out: {why}", err=True)
    click.echo(f"{arguments[0]}/index.html ({count} pages)")


if __name__ == "__main__":
    main(sys.argv[1:])
